/* SPDX-License-Identifier: Apache-2.0
 *
 * test_str.c - comparison, search, trimming and numbers of core/str.c, with NUL bytes inside.
 */
#include "core/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void slices_are_clamped(void **state)
{
    (void)state;
    struct str s = STR("abcdef");
    assert_true(str_eq(str_slice(s, 1, 3), STR("bc")));
    assert_true(str_eq(str_slice(s, 4, 99), STR("ef")));
    assert_int_equal(str_slice(s, 5, 2).len, 0);
    assert_int_equal(str_slice(str_make(NULL, 0), 0, 3).len, 0);
}

static void equality_counts_nul_bytes(void **state)
{
    (void)state;
    assert_true(str_eq(STR("a\0b"), STR("a\0b")));
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_false(str_eq(STR("a"), STR("a\0")));
    assert_true(str_eq(str_make(NULL, 0), STR("")));
    assert_true(str_eq_nocase(STR("FROM"), STR("from")));
    assert_false(str_eq_nocase(STR("\xC3\x84"), STR("\xC3\xA4"))); /* ASCII only */
    assert_true(str_starts_with(STR("abc"), STR("ab")));
    assert_true(str_ends_with(STR("abc"), STR("bc")));
    assert_false(str_ends_with(STR("c"), STR("bc")));
}

static void order_is_by_bytes_then_length(void **state)
{
    (void)state;
    assert_true(str_compare(STR("a"), STR("b")) < 0);
    assert_true(str_compare(STR("a"), STR("aa")) < 0);
    assert_true(str_compare(STR("\xFF"), STR("a")) > 0);
    assert_int_equal(str_compare(STR(""), STR("")), 0);
}

static void search_finds_the_first(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *needle;
        size_t at;
    } rows[] = {
        {"abcabc", "bc", 1}, {"abc", "", 0},  {"abc", "abcd", 3}, {"aab", "ab", 1},
        {"", "a", 0},        {"abc", "x", 3}, {"abc", "c", 2},    {"aaaa", "aab", 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str text = str_from_cstr(rows[i].text);
        assert_int_equal(str_find(text, str_from_cstr(rows[i].needle)), rows[i].at);
    }
    assert_int_equal(str_find(STR("a\0bc"), STR("\0b")), 1);
    assert_int_equal(str_find_char(STR("a\0b"), 'b', 0), 2);
    assert_int_equal(str_find_char(STR("aba"), 'a', 1), 2);
    assert_int_equal(str_find_char(STR("aba"), 'a', 7), 3);
}

static void trim_cuts_both_ends(void **state)
{
    (void)state;
    assert_true(str_eq(str_trim(STR(" \t\r\n\v\f a b \n")), STR("a b")));
    assert_int_equal(str_trim(STR(" \t ")).len, 0);
    assert_int_equal(str_trim(STR("")).len, 0);
}

static void numbers_are_strict(void **state)
{
    (void)state;
    unsigned long long value = 7;
    assert_true(str_to_u64(STR("18446744073709551615"), &value));
    assert_true(value == UINT64_MAX);
    assert_true(str_to_u64(STR("007"), &value));
    assert_true(value == 7);
    static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "18446744073709551616", "0x1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(str_to_u64(str_from_cstr(bad[i]), &value));
    }
    assert_true(value == 7);
}

static void signed_numbers_are_strict(void **state)
{
    static const char *const bad[] = {"",
                                      "+",
                                      "-",
                                      "--1",
                                      "+-1",
                                      "1 ",
                                      " 1",
                                      "0x1",
                                      "1_0",
                                      "9223372036854775808",
                                      "-9223372036854775809"};
    (void)state;
    int64_t value = 0;
    assert_true(str_to_i64(STR("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    assert_true(str_to_i64(STR("+9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
    assert_true(str_to_i64(STR("-007"), &value));
    assert_int_equal(value, -7);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(str_to_i64(str_from_cstr(bad[i]), &value));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_are_clamped),
        cmocka_unit_test(equality_counts_nul_bytes),
        cmocka_unit_test(order_is_by_bytes_then_length),
        cmocka_unit_test(search_finds_the_first),
        cmocka_unit_test(trim_cuts_both_ends),
        cmocka_unit_test(numbers_are_strict),
        cmocka_unit_test(signed_numbers_are_strict),
    };
    return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
