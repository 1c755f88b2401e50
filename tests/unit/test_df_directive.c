/* SPDX-License-Identifier: Apache-2.0
 *
 * test_df_directive.c - the separate pass that finds syntax and check directives.
 */
#include "facts/dockerfile/df_directive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void values_are_found_in_the_directive_block(void **state)
{
    static const struct {
        const char *text;
        const char *value; /* NULL: none */
    } cases[] = {
        {"# syntax=a", "a"},
        {"#syntax = a b \r\nFROM x", "a b"},
        {"# SYNTAX=a", "a"},
        {"# escape=`\n# syntax=a\n", "a"},
        {"#!/bin/x\n# syntax=a\n", "a"},
        {"// syntax=a\n", "a"},
        {"\xEF\xBB\xBF# syntax=a\n", "a"},
        {"  # syntax=a\n", "a"},
        {"# syntax=\n", NULL},
        {"\n# syntax=a\n", NULL},
        {"# hello\n# syntax=a\n", NULL},
        {"# foo=b\n# syntax=a\n", NULL},
        {"FROM x\n# syntax=a\n", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct df_word value = {0};
        struct str text = str_from_cstr(cases[i].text);
        bool found = df_directive_find(text, STR("syntax"), &value);
        assert_int_equal(found, cases[i].value != NULL);
        if (found) {
            assert_true(str_eq(value.text, str_from_cstr(cases[i].value)));
            assert_true(str_eq(str_slice(text, value.start, value.end), value.text));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_found_in_the_directive_block)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
