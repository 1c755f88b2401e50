/* SPDX-License-Identifier: Apache-2.0
 *
 * test_status.c - names, texts and exit codes of core/status.c.
 */
#include <plimsoll/status.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_status_is_described(void **state)
{
    (void)state;
    assert_string_equal(plim_status_name(PLIM_STATUS_OK), "OK");
    assert_string_equal(plim_status_name(PLIM_STATUS_NOMEM), "NOMEM");
    assert_string_equal(plim_status_text(PLIM_STATUS_LIMIT), "a budget was exceeded");
    assert_int_equal(plim_status_exit_code(PLIM_STATUS_OK), 0);
    assert_int_equal(plim_status_exit_code(PLIM_STATUS_USAGE), 2);
    assert_int_equal(plim_status_exit_code(PLIM_STATUS_POLICY), 3);
    assert_int_equal(plim_status_exit_code(PLIM_STATUS_INPUT), 4);
    assert_int_equal(plim_status_exit_code(PLIM_STATUS_LIMIT), 5);
    assert_int_equal(plim_status_exit_code(PLIM_STATUS_INTERNAL), 70);
}

static void foreign_values_are_answered(void **state)
{
    (void)state;
    plim_status foreign = (plim_status)(PLIM_STATUS_INTERNAL + 1);
    assert_string_equal(plim_status_name(foreign), "UNKNOWN");
    assert_non_null(plim_status_text(foreign));
    assert_int_equal(plim_status_exit_code(foreign), 70);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_is_described),
        cmocka_unit_test(foreign_values_are_answered),
    };
    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
