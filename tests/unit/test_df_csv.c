/* SPDX-License-Identifier: Apache-2.0
 *
 * test_df_csv.c - fields of one record.
 */
#include "facts/dockerfile/df_csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/buf.h"

static void records_are_split(void **state)
{
    static const struct {
        const char *in;
        const char *out; /* every field ends with | */
        bool bad;
    } cases[] = {
        {"", "", false},
        {"a", "a|", false},
        {"a,b", "a|b|", false},
        {"a,", "a||", false},
        {",", "||", false},
        {"\"a,b\",c", "a,b|c|", false},
        {"\"a\"\"b\"", "a\"b|", false},
        {"\"\"", "|", false},
        {"a\"b", "", true},
        {"\"a", "", true},
        {"\"a\"b", "", true},
        {"x,\"a\"\"", "x|", true},
        {" a , b ", " a | b |", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena;
        struct buf text;
        struct str field;
        arena_init(&arena, NULL, 0);
        buf_init(&text, NULL, 1000);
        struct df_csv csv = {.text = str_from_cstr(cases[i].in), .arena = &arena};
        while (df_csv_next(&csv, &field)) {
            buf_append(&text, field);
            buf_append_char(&text, '|');
        }
        assert_true(str_eq(buf_view(&text), str_from_cstr(cases[i].out)));
        assert_int_equal(csv.bad, cases[i].bad);
        buf_release(&text);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(records_are_split)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
