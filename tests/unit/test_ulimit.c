/* SPDX-License-Identifier: Apache-2.0
 *
 * test_ulimit.c - limits of resources in the form name=soft:hard.
 */
#include "facts/ulimit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void limits_are_read(void **state)
{
    (void)state;
    struct ulimit limit;
    assert_int_equal(ulimit_parse(STR("nofile=1024:2048"), &limit), ULIMIT_ERROR_NONE);
    assert_true(str_eq(limit.name, STR("nofile")));
    assert_int_equal(limit.soft, 1024);
    assert_int_equal(limit.hard, 2048);
    assert_int_equal(ulimit_parse(STR("core=0"), &limit), ULIMIT_ERROR_NONE);
    assert_int_equal(limit.hard, 0);
    assert_int_equal(ulimit_parse(STR("nproc=5:-1"), &limit), ULIMIT_ERROR_NONE);
    assert_int_equal(limit.hard, -1);
}

static void other_texts_are_refused(void **state)
{
    static const struct {
        const char *in;
        enum ulimit_error error;
    } cases[] = {
        {"", ULIMIT_ERROR_FORM},
        {"nofile", ULIMIT_ERROR_FORM},
        {"nofile=1:2:3", ULIMIT_ERROR_FORM},
        {"NOFILE=1", ULIMIT_ERROR_NAME},
        {"as=1", ULIMIT_ERROR_NAME},
        {"nofile=", ULIMIT_ERROR_NUMBER},
        {"nofile=a", ULIMIT_ERROR_NUMBER},
        {"nofile=1:", ULIMIT_ERROR_NUMBER},
        {"nofile=2048:1024", ULIMIT_ERROR_ORDER},
        {"nofile=-1:5", ULIMIT_ERROR_ORDER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ulimit limit = {.soft = 77};
        assert_int_equal(ulimit_parse(str_from_cstr(cases[i].in), &limit), cases[i].error);
        assert_int_equal(limit.soft, 77);
        assert_true(ulimit_error_text(cases[i].error).len > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_read),
        cmocka_unit_test(other_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
