/* SPDX-License-Identifier: Apache-2.0
 *
 * test_yaml_scalar.c - what scalars mean, with and without tags; dates; base64.
 */
#include "facts/yaml/yaml_scalar.h"

#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct tree_node resolve(const char *text)
{
    struct tree_node node = {.text = str_from_cstr(text)};
    assert_true(yaml_resolve(&node, YAML_TAG_NONE));
    return node;
}

/* Texts by the kind they resolve to. */
static const struct {
    enum tree_kind kind;
    const char *texts[24];
} kind_cases[] = {
    {TREE_NULL, {"", "~", "null", "Null", "NULL"}},
    {TREE_BOOL, {"true", "True", "TRUE", "false", "False", "FALSE"}},
    {TREE_FLOAT,
     {"-0",
      "-0.0",
      "08",
      "-08",
      "1.",
      "+.5",
      "1e3",
      "1_0.5",
      "1._5",
      "1e_3",
      "3.10",
      "+9223372036854775808",
      "-9223372036854775809",
      ".inf",
      "-.INF",
      "+.Inf",
      ".nan",
      "1e-400",
      "18446744073709551616",
      "0e1"}},
    {TREE_INT,
     {"0",
      "-1",
      "+1",
      "00",
      "-00",
      "0644",
      "0o644",
      "0O17",
      "0x1F",
      "-0x1f",
      "0b101",
      "0B1",
      "1_000",
      "1__0_",
      "0_7",
      "0_x_1",
      "9223372036854775807",
      "-9223372036854775808",
      "20240101",
      "-0x8000000000000000"}},
    {TREE_UINT, {"9223372036854775808", "18446744073709551615", "0xffffffffffffffff"}},
    {TREE_TIME,
     {"2024-01-01", "2024-1-2", "2024-02-29", "2024-1-1T1:2:3Z", "2024-01-01t10:00:00Z",
      "2024-01-01T10:00:00.5+02:00", "2024-01-01 10:00:00", "2024-01-01   1:2:3.25",
      "2024-01-01T10:00:00-24:60"}},
    {TREE_STRING, {"yes",   "no",   "on",    "y",     "tRUE", "nULL",  "nil",   "_1",
                   "0x",    "0b2",  "0o8",   "1e",    "e3",   "1e400", "0x1p3", "1 000",
                   "22:22", "1:20", "1.2.3", "1,000", ".5_5", "+.nan", "inf",   "--1"}},
    {TREE_STRING,
     {"2024-13-01",
      "2023-02-29",
      "2024-00-01",
      "2024-01-32",
      "2024-01-01T24:00:00Z",
      "2024-01-01T10:00:00",
      "2024-01-01T10:60:00Z",
      "2024-01-01 10:00:60",
      "2024-01-01T10:00:00+2:00",
      "2024-01-01T10:00:00+25:00",
      "2024-01-01T1:2:3Zx",
      "2024-01-01x",
      "2024-1",
      "-",
      "+",
      ".",
      "-.",
      "..",
      ".e1",
      "1e+",
      "1e1.5",
      "<<",
      "="}},
};

static void test_kinds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kind_cases / sizeof kind_cases[0]; i++) {
        for (size_t j = 0; j < 24 && kind_cases[i].texts[j] != NULL; j++) {
            if (resolve(kind_cases[i].texts[j]).kind != kind_cases[i].kind) {
                fail_msg("`%s` is no %s", kind_cases[i].texts[j],
                         tree_kind_text(kind_cases[i].kind));
            }
        }
    }
}

static void test_integers(void **state)
{
    (void)state;
    assert_int_equal(resolve("0644").u.integer, 420);
    assert_int_equal(resolve("-0x1f").u.integer, -31);
    assert_int_equal(resolve("0b1_01").u.integer, 5);
    assert_int_equal(resolve("0_x_1").u.integer, 1);
    assert_true(resolve("-9223372036854775808").u.integer == INT64_MIN);
    assert_true(resolve("9223372036854775807").u.integer == INT64_MAX);
    assert_true(resolve("18446744073709551615").u.natural == UINT64_MAX);
    assert_true(resolve("TRUE").u.boolean);
    assert_false(resolve("false").u.boolean);
}

static void expect_real(const char *text, double value)
{
    double actual = resolve(text).u.real;
    if (memcmp(&actual, &value, sizeof value) != 0) {
        fail_msg("`%s` is %a, not %a", text, actual, value);
    }
}

static void test_floats(void **state)
{
    (void)state;
    expect_real("-0", -0.0);
    expect_real("0.1", 0.1);
    expect_real("3.10", 3.1);
    expect_real("-.5e-3", -0.0005);
    expect_real("08", 8);
    expect_real("00000000000000000000000.00000000000000000000000125e24", 1.25);
    expect_real("1.7976931348623157e308", 1.7976931348623157e308);
    expect_real("4.9e-324", 4.9e-324);
    expect_real("1e-99999999999999999999", 0);
    expect_real("0e99999999999999999999", 0);
    expect_real(".inf", (double)INFINITY);
    expect_real("-.inf", -(double)INFINITY);
    assert_true(isnan(resolve(".NaN").u.real));
    /* halfway between two doubles, but for a digit far behind */
    char text[1200];
    memset(text, '0', sizeof text);
    memcpy(text, "9007199254740993.", 17);
    text[1100] = '\0';
    expect_real(text, 9007199254740992.0);
    text[1099] = '1';
    expect_real(text, 9007199254740994.0);
    memset(text, '1', 1000);
    text[1000] = '\0';
    assert_int_equal(resolve(text).kind, TREE_STRING); /* beyond all doubles */
}

static void test_tags(void **state)
{
    (void)state;
    static const struct {
        enum yaml_tag tag;
        const char *text;
        bool fits;
        enum tree_kind kind;
    } cases[] = {
        {YAML_TAG_STR, "1", true, TREE_STRING},
        {YAML_TAG_OTHER, "1", true, TREE_STRING},
        {YAML_TAG_RESET, "null", true, TREE_STRING},
        {YAML_TAG_BINARY, "1", true, TREE_STRING},
        {YAML_TAG_MERGE, "1", true, TREE_STRING},
        {YAML_TAG_INT, "3", true, TREE_INT},
        {YAML_TAG_INT, "18446744073709551615", true, TREE_UINT},
        {YAML_TAG_INT, "3.0", false, TREE_FLOAT},
        {YAML_TAG_FLOAT, "3", true, TREE_FLOAT},
        {YAML_TAG_FLOAT, "18446744073709551615", false, TREE_UINT},
        {YAML_TAG_FLOAT, "x", false, TREE_STRING},
        {YAML_TAG_BOOL, "true", true, TREE_BOOL},
        {YAML_TAG_BOOL, "yes", false, TREE_STRING},
        {YAML_TAG_NULL, "", true, TREE_NULL},
        {YAML_TAG_NULL, "x", false, TREE_STRING},
        {YAML_TAG_TIME, "2024-01-01", true, TREE_TIME},
        {YAML_TAG_TIME, "x", false, TREE_STRING},
        {YAML_TAG_INT, "2024-01-01", false, TREE_STRING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tree_node node = {.text = str_from_cstr(cases[i].text)};
        assert_int_equal(yaml_resolve(&node, cases[i].tag), cases[i].fits);
        assert_int_equal(node.kind, cases[i].kind);
    }
    struct tree_node three = {.text = STR("3")};
    assert_true(yaml_resolve(&three, YAML_TAG_FLOAT));
    assert_true(three.u.real > 2.9 && three.u.real < 3.1);
}

static void test_names_of_tags(void **state)
{
    (void)state;
    assert_int_equal(yaml_tag_of(STR("")), YAML_TAG_NONE);
    assert_int_equal(yaml_tag_of(STR("!")), YAML_TAG_NONE);
    assert_int_equal(yaml_tag_of(STR("tag:yaml.org,2002:int")), YAML_TAG_INT);
    assert_int_equal(yaml_tag_of(STR("tag:yaml.org,2002:timestamp")), YAML_TAG_TIME);
    assert_int_equal(yaml_tag_of(STR("tag:yaml.org,2002:set")), YAML_TAG_OTHER);
    assert_int_equal(yaml_tag_of(STR("!reset")), YAML_TAG_RESET);
    assert_int_equal(yaml_tag_of(STR("!override")), YAML_TAG_OVERRIDE);
    assert_int_equal(yaml_tag_of(STR("!int")), YAML_TAG_OTHER);
}

static void test_parts_of_dates(void **state)
{
    (void)state;
    struct yaml_time time;
    assert_true(yaml_parse_time(&time, STR("2001-12-14t21:59:43.10-05:30")));
    assert_int_equal(time.year, 2001);
    assert_int_equal(time.month, 12);
    assert_int_equal(time.day, 14);
    assert_int_equal(time.hour, 21);
    assert_int_equal(time.minute, 59);
    assert_int_equal(time.second, 43);
    assert_int_equal(time.nanosecond, 100000000);
    assert_int_equal(time.offset, -19800);
    assert_true(yaml_parse_time(&time, STR("2001-1-2 3:4:5,1234567899")));
    assert_int_equal(time.nanosecond, 123456789);
    assert_int_equal(time.offset, 0);
}

static void test_base64(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *decoded; /* NULL: malformed */
    } cases[] = {
        {"", ""},       {"aGk=", "hi"}, {"aGkx", "hi1"}, {"aG\nk\r\n=", "hi"},
        {"aA==", "h"},  {"aA=", NULL},  {"a", NULL},     {"aA==aA==", NULL},
        {"====", NULL}, {"a===", NULL}, {"aG k=", NULL}, {"aGk", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena;
        struct str decoded;
        arena_init(&arena, NULL, 0);
        bool fits = yaml_decode_binary(&decoded, &arena, str_from_cstr(cases[i].text));
        assert_int_equal(fits, cases[i].decoded != NULL);
        assert_true(!fits || str_eq(decoded, str_from_cstr(cases[i].decoded)));
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),         cmocka_unit_test(test_integers),
        cmocka_unit_test(test_floats),        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_names_of_tags), cmocka_unit_test(test_parts_of_dates),
        cmocka_unit_test(test_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
