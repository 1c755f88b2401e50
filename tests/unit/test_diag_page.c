/* SPDX-License-Identifier: Apache-2.0
 *
 * test_diag_page.c - every diagnostic has an embedded page that opens with its code and title.
 */
#include "core/diag_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/buf.h"
#include "core/diag.h"

static void every_diagnostic_has_its_page(void **state)
{
    (void)state;
    struct buf title;
    buf_init(&title, NULL, 1000);
    for (size_t i = 0; i < DIAG_ID_COUNT; i++) {
        enum diag_id id = (enum diag_id)i;
        buf_clear(&title);
        buf_printf(&title, "# %s: %s\n", diag_code(id), diag_title(id));
        struct str page;
        if (!diag_page_find(str_from_cstr(diag_code(id)), &page) ||
            !str_starts_with(page, buf_view(&title))) {
            fail_msg("page of %s is missing or has another title", diag_code(id));
        }
    }
    buf_release(&title);
}

static void unknown_codes_have_none(void **state)
{
    (void)state;
    struct str page = STR("untouched");
    assert_false(diag_page_find(STR("E9999"), &page));
    assert_false(diag_page_find(STR(""), &page));
    assert_true(str_eq(page, STR("untouched")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_diagnostic_has_its_page),
        cmocka_unit_test(unknown_codes_have_none),
    };
    return cmocka_run_group_tests_name("diag_page", tests, NULL, NULL);
}
