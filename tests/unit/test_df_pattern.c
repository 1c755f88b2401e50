/* SPDX-License-Identifier: Apache-2.0
 *
 * test_df_pattern.c - trimming and replacing by pattern, templates, and the work limit.
 */
#include "facts/dockerfile/df_pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void trimming_takes_the_shortest_or_longest(void **state)
{
    static const struct {
        const char *value;
        const char *pattern;
        bool suffix;
        bool longest;
        const char *out;
    } cases[] = {
        {"a/b/c", "*/", false, false, "b/c"}, {"a/b/c", "*/", false, true, "c"},
        {"a/b/c", "/*", true, false, "a/b"},  {"a/b/c", "/*", true, true, "a"},
        {"abc", "?", false, false, "bc"},     {"abc", "??", true, false, "a"},
        {"abc", "x", false, false, "abc"},    {"abc", "", true, true, "abc"},
        {"abc", "*", false, false, "abc"},    {"abc", "*", false, true, ""},
        {"a*c", "a\\*", false, false, "c"},   {"a\nb", "*b", false, true, "a\nb"},
        {"a\nb", "*\n", false, true, "b"},    {"\xC3\xA9x", "?", false, false, "x"},
        {"x\xC3\xA9", "?", true, false, "x"}, {"x\xC3\xA9", "\xC3\xA9", true, false, "x"},
        {"x\xA9", "?", true, false, "x"},     {"aab", "a*b", true, false, "a"},
        {"aab", "a*b", true, true, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena;
        size_t used = 0;
        struct str out = STR("?");
        arena_init(&arena, NULL, 0);
        struct df_pattern_work work = {.arena = &arena, .used = &used, .limit = 1000};
        assert_int_equal(df_pattern_trim(&work, &out, str_from_cstr(cases[i].pattern),
                                         str_from_cstr(cases[i].value), cases[i].suffix,
                                         cases[i].longest),
                         DF_PATTERN_OK);
        assert_true(str_eq(out, str_from_cstr(cases[i].out)));
        arena_release(&arena);
    }
}

static void replacing_follows_the_reference(void **state)
{
    static const struct {
        const char *value;
        const char *pattern;
        const char *replacement;
        bool all;
        const char *out;
    } cases[] = {
        {"abcabc", "b", "x", false, "axcabc"},
        {"abcabc", "b", "x", true, "axcaxc"},
        {"abcabc", "", "x", true, "xaxbxcxaxbxcx"},
        {"abc", "", "x", false, "xabc"},
        {"", "", "x", true, "x"},
        {"abcabc", "a*c", "x", false, "x"},
        {"abc", "z", "x", true, "abc"},
        {"abc", "b", "<$0>", true, "a<b>c"},
        {"abc", "b", "<${0}>", true, "a<b>c"},
        {"abc", "b", "<$0>", false, "a<$0>c"},
        {"abc", "b", "$$", true, "a$c"},
        {"abc", "b", "$1x-", true, "a-c"},
        {"abc", "b", "$", true, "a$c"},
        {"abc", "b", "${0", true, "a${0c"},
        {"abc", "b", "$.", true, "a$.c"},
        {"\xC3\xA9\xC3\xA9", "?", "x", true, "xx"},
        {"aXbX", "X*", "-", true, "a-"},
        {"ab", "*", "x", true, "x"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena;
        struct buf out;
        size_t used = 0;
        arena_init(&arena, NULL, 0);
        buf_init(&out, NULL, 1000);
        struct df_pattern_work work = {.arena = &arena, .used = &used, .limit = 10000};
        assert_int_equal(df_pattern_replace(&work, &out, str_from_cstr(cases[i].pattern),
                                            str_from_cstr(cases[i].value),
                                            str_from_cstr(cases[i].replacement), cases[i].all),
                         DF_PATTERN_OK);
        assert_true(str_eq(buf_view(&out), str_from_cstr(cases[i].out)));
        buf_release(&out);
        arena_release(&arena);
    }
}

static void bad_and_costly_patterns_end(void **state)
{
    struct arena arena;
    struct buf out;
    size_t used = 0;
    struct str rest = STR("?");
    (void)state;
    arena_init(&arena, NULL, 0);
    buf_init(&out, NULL, 1000);
    struct df_pattern_work work = {.arena = &arena, .used = &used, .limit = 100};
    assert_int_equal(df_pattern_trim(&work, &rest, STR("\\a"), STR("x"), false, false),
                     DF_PATTERN_INVALID);
    assert_int_equal(df_pattern_trim(&work, &rest, STR("a\\"), STR("x"), true, false),
                     DF_PATTERN_INVALID);
    assert_int_equal(df_pattern_replace(&work, &out, STR("*a*a*a*b"),
                                        STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), STR(""), true),
                     DF_PATTERN_BUDGET);
    assert_true(str_eq(rest, STR("?")));
    buf_release(&out);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trimming_takes_the_shortest_or_longest),
        cmocka_unit_test(replacing_follows_the_reference),
        cmocka_unit_test(bad_and_costly_patterns_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
