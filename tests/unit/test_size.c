/* SPDX-License-Identifier: Apache-2.0
 *
 * test_size.c - amounts of bytes. The whole grammar is compared by the conformance table sizes.
 */
#include "facts/size.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void sizes_are_read_to_bytes(void **state)
{
    static const struct {
        const char *in;
        int64_t binary;
        int64_t decimal;
    } cases[] = {
        {"0", 0, 0},
        {"42b", 42, 42},
        {"1k", 1024, 1000},
        {"1 KiB", 1024, 1000},
        {"1.5Gb", 1610612736, 1500000000},
        {"32.3 mb", 33869004, 32299999},
        {".5k", 512, 500},
        {"5.k", 5120, 5000},
        {"1e3k", 1024000, 1000000},
        {"25e-1k", 2560, 2500},
        {"1_000", 1000, 1000},
        {"1e0_3", 1000, 1000},
        {"0e99999", 0, 0},
        {"5e-99999k", 0, 0},
        {"-0", 0, 0},
        {"+2P", 2251799813685248, 2000000000000000},
        {"9007199254740993", 9007199254740992, 9007199254740992},
        {"10000000000g", INT64_MIN, INT64_MIN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str text = str_from_cstr(cases[i].in);
        int64_t out = 77;
        assert_int_equal(size_parse(text, SIZE_STEP_1024, &out), SIZE_ERROR_NONE);
        assert_true(out == cases[i].binary);
        assert_int_equal(size_parse(text, SIZE_STEP_1000, &out), SIZE_ERROR_NONE);
        assert_true(out == cases[i].decimal);
    }
}

static void other_texts_are_refused(void **state)
{
    static const struct {
        const char *in;
        enum size_error error;
    } cases[] = {
        {"", SIZE_ERROR_NUMBER},        {" ", SIZE_ERROR_NUMBER},     {".", SIZE_ERROR_NUMBER},
        {"m", SIZE_ERROR_NUMBER},       {" 5m", SIZE_ERROR_NUMBER},   {"5  m", SIZE_ERROR_NUMBER},
        {"5m ", SIZE_ERROR_NUMBER},     {"1__0", SIZE_ERROR_NUMBER},  {"_10", SIZE_ERROR_NUMBER},
        {"1_.5", SIZE_ERROR_NUMBER},    {"1,5g", SIZE_ERROR_NUMBER},  {"1e999", SIZE_ERROR_NUMBER},
        {"1e99999", SIZE_ERROR_NUMBER}, {"1e5.", SIZE_ERROR_NUMBER},  {"1e_5", SIZE_ERROR_NUMBER},
        {"e5", SIZE_ERROR_NUMBER},      {"1e-k0", SIZE_ERROR_NUMBER}, {"0x10", SIZE_ERROR_NUMBER},
        {"-1", SIZE_ERROR_NEGATIVE},    {"-1k", SIZE_ERROR_NEGATIVE}, {"1ki", SIZE_ERROR_UNIT},
        {"1kibi", SIZE_ERROR_UNIT},     {"1e", SIZE_ERROR_UNIT},      {"1bb", SIZE_ERROR_UNIT},
        {"1x", SIZE_ERROR_UNIT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t out = 77;
        assert_int_equal(size_parse(str_from_cstr(cases[i].in), SIZE_STEP_1024, &out),
                         cases[i].error);
        assert_int_equal(out, 77);
        assert_true(size_error_text(cases[i].error).len > 0);
    }
}

static void numbers_longer_than_any_double_are_refused(void **state)
{
    (void)state;
    char digits[200];
    memset(digits, '0', sizeof digits);
    int64_t out = 77;
    assert_int_equal(size_parse(str_make(digits, 120), SIZE_STEP_1024, &out), SIZE_ERROR_NONE);
    assert_int_equal(out, 0);
    assert_int_equal(size_parse(str_make(digits, 121), SIZE_STEP_1024, &out), SIZE_ERROR_NUMBER);
}

static void compose_takes_whole_numbers_as_they_are(void **state)
{
    (void)state;
    int64_t out = 77;
    assert_int_equal(size_parse_compose(STR("-1"), &out), SIZE_ERROR_NONE);
    assert_int_equal(out, -1);
    assert_int_equal(size_parse_compose(STR("9223372036854775807"), &out), SIZE_ERROR_NONE);
    assert_true(out == INT64_MAX);
    assert_int_equal(size_parse_compose(STR("1g"), &out), SIZE_ERROR_NONE);
    assert_int_equal(out, 1073741824);
    assert_int_equal(size_parse_compose(STR("-1g"), &out), SIZE_ERROR_NEGATIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_read_to_bytes),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(numbers_longer_than_any_double_are_refused),
        cmocka_unit_test(compose_takes_whole_numbers_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
