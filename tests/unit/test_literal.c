/* SPDX-License-Identifier: Apache-2.0
 *
 * test_literal.c - numbers with units, escapes and indentation of compiler/literal.c.
 */
#include "compiler/literal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct number_row {
    const char *text;
    enum literal_kind kind;
    int64_t value;
};

static const struct number_row numbers[] = {
    {"0", LITERAL_INT, 0},
    {"9223372036854775807", LITERAL_INT, INT64_MAX},
    {"1ms", LITERAL_DURATION, 1000000},
    {"90s", LITERAL_DURATION, INT64_C(90000000000)},
    {"1m", LITERAL_DURATION, INT64_C(60000000000)},
    {"7d12h", LITERAL_DURATION, INT64_C(648000000000000)},
    {"1w1d1h1m1s1ms", LITERAL_DURATION, INT64_C(694861001000000)},
    {"1B", LITERAL_SIZE, 1},
    {"1kB", LITERAL_SIZE, 1000},
    {"512MiB", LITERAL_SIZE, 536870912},
    {"2TiB", LITERAL_SIZE, INT64_C(2199023255552)},
};

static void numbers_have_units(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        enum literal_kind kind = LITERAL_INT;
        int64_t value = -1;
        assert_null(literal_number(str_from_cstr(numbers[i].text), &kind, &value));
        assert_int_equal(kind, numbers[i].kind);
        assert_int_equal(value, numbers[i].value);
    }
}

static void malformed_numbers_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"9223372036854775808",
                                      "1x",
                                      "12h7d",
                                      "7d7d",
                                      "1d2",
                                      "1MiB2KiB",
                                      "1d2MB",
                                      "1_000",
                                      "0x10",
                                      "1D",
                                      "99999999999999999w",
                                      "1h1w",
                                      "1mib",
                                      "1MiB2",
                                      "",
                                      "18446744073709551616"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        enum literal_kind kind = LITERAL_INT;
        int64_t value = -1;
        assert_non_null(literal_number(str_from_cstr(bad[i]), &kind, &value));
    }
}

struct text_row {
    struct str body;
    struct str value;
    size_t bad; /* offset of the first bad escape, or SIZE_MAX */
};

static const struct text_row texts[] = {
    {{"plain", 5}, {"plain", 5}, SIZE_MAX},
    {{"\\n\\t\\r\\\"\\\\", 10}, {"\n\t\r\"\\", 5}, SIZE_MAX},
    {{"a\\u{e9}b", 8},
     {"a\xC3\xA9"
      "b",
      4},
     SIZE_MAX},
    {{"\\u{10FFFF}", 10}, {"\xF4\x8F\xBF\xBF", 4}, SIZE_MAX},
    {{"\\u{0}", 5}, {"\0", 1}, SIZE_MAX},
    {{"x\\d", 3}, {"x\\d", 3}, 1},
    {{"\\u{110000}", 10}, {"\\u{110000}", 10}, 0},
    {{"\\u{D800}", 8}, {"\\u{D800}", 8}, 0},
    {{"\\u{}", 4}, {"\\u{}", 4}, 0},
    {{"\\u{1234567}", 11}, {"\\u{1234567}", 11}, 0},
    {{"\\u41", 4}, {"\\u41", 4}, 0},
    {{"end\\", 4}, {"end\\", 4}, 3},
};

static void escapes_are_resolved(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str value = literal_string(&arena, texts[i].body);
        assert_true(str_eq(value, texts[i].value));
        size_t length = 0;
        size_t bad = literal_bad_escape(texts[i].body, &length);
        assert_int_equal(bad, texts[i].bad == SIZE_MAX ? texts[i].body.len : texts[i].bad);
    }
    arena_release(&arena);
}

static void blocks_are_verbatim(void **state)
{
    (void)state;
    assert_true(str_eq(literal_block(STR("\n a\\n\n")), STR(" a\\n\n")));
    assert_true(str_eq(literal_block(STR("\r\na")), STR("a")));
    assert_true(str_eq(literal_block(STR("a\n")), STR("a\n")));
    assert_true(str_eq(literal_block(STR("\n\na")), STR("\na")));
    assert_true(str_eq(literal_block(STR("")), STR("")));
}

static void prose_loses_common_indentation(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    assert_true(str_eq(literal_prose(&arena, STR("  one line \n")), STR("one line")));
    assert_true(
        str_eq(literal_prose(&arena, STR("\n    a\n      b\n\n    c\n  ")), STR("a\n  b\n\nc")));
    assert_true(str_eq(literal_prose(&arena, STR("a\n  b\n c")), STR("a\n b\nc")));
    assert_true(str_eq(literal_prose(&arena, STR("")), STR("")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_units),
        cmocka_unit_test(malformed_numbers_are_refused),
        cmocka_unit_test(escapes_are_resolved),
        cmocka_unit_test(blocks_are_verbatim),
        cmocka_unit_test(prose_loses_common_indentation),
    };
    return cmocka_run_group_tests_name("literal", tests, NULL, NULL);
}
