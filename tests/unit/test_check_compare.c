/* SPDX-License-Identifier: Apache-2.0
 *
 * test_check_compare.c - comparison, membership, patterns and literals: compiler/check_compare.c,
 * check_expr.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/compile_help.h"

static const struct compile_case both_sides_have_one_type_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label == 3 at s message \"{s.label}\""),
     "E0301 3:22 expected string, found int\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when 3 == s.label at s message \"{s.label}\""),
     "E0301 3:16 expected int, found string\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.index == \"3\" at s message \"{s.label}\""),
     "E0301 3:22 expected int, found string\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label < \"x\" at s message \"{s.label}\""),
     "E0301 3:11 string cannot be compared so | it has no order; use `==` or `!=`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final < true at s message \"{s.label}\""),
     "E0301 3:11 bool cannot be compared so | it has no order; use `==` or `!=`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.runs == s.runs at s message \"{s.label}\""),
     "E0301 3:11 list<run> cannot be compared so | use `in`, `any` or `all`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.index and s.is-final at s message \"{s.label}\""),
     "E0301 3:11 expected bool, found int\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.runs at s message \"{s.label}\""),
     "E0301 3:11 expected bool, found list<run> | use `any`, `all`, `no` or `count`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when not s.label at s message \"{s.label}\""),
     "E0301 3:15 expected bool, found string\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.index >= 1 and 2 > s.index and s.index != 7 at s message "
                  "\"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when 1 < s.index < 3 at s message \"{s.label}\""),
     "E0103 3:23 comparisons do not chain | write `1 < s.index and s.index < 3`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label = \"x\" at s message \"{s.label}\""),
     "E0104 3:19 `=` does not compare | did you mean `==`?\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when count(s.runs) > s.index and count(s.runs) == count(s.copies) and 3 < "
                  "count(s.runs) at s message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for h in healthcheck\n"
                  "deny when has h.interval and h.interval > 30s at h message \"{h.interval}\""),
     ""},
    {COMPILE_RULE("for h in healthcheck\n"
                  "deny when has h.interval and h.interval > 30 at h message \"{h.interval}\""),
     "E0301 3:43 expected duration, found int\n"},
    {COMPILE_RULE("for s in stage\n"
                  "where has s.base-stage\n"
                  "deny when s.base-stage == s and s.dockerfile == s.base-stage.dockerfile at s "
                  "message \"{s}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s == s.dockerfile at s message \"{s}\""),
     "E0301 3:16 expected stage, found dockerfile\n"},
};

static void both_sides_have_one_type(void **state)
{
    (void)state;
    compile_help_check(both_sides_have_one_type_cases,
                       sizeof both_sides_have_one_type_cases /
                           sizeof both_sides_have_one_type_cases[0]);
}

static const struct compile_case enumeration_members_follow_the_other_side_cases[] = {
    {COMPILE_RULE("for m in run-mount\n"
                  "deny when m.type == cache at m message \"{m.type}\""),
     ""},
    {COMPILE_RULE("for m in run-mount\n"
                  "deny when cache != m.type at m message \"{m.type}\""),
     ""},
    {COMPILE_RULE("for m in run-mount\n"
                  "deny when m.type == cach at m message \"{m.type}\""),
     "E0206 3:21 `cach` is no member of `mount-type` | did you mean `cache`?\n"},
    {COMPILE_RULE("for m in run-mount\n"
                  "deny when m.type == \"cache\" at m message \"{m.type}\""),
     "E0301 3:21 expected mount-type, found string | members stand without quotes\n"},
    {COMPILE_RULE("for m in run-mount\n"
                  "deny when m.type in [cache, tmpfs] and m.type not in [ssh] at m message "
                  "\"{m.type}\""),
     ""},
    {COMPILE_RULE("for m in run-mount\n"
                  "deny when m.type in [cache, wrong, \"x\"] at m message \"{m.type}\""),
     "E0206 3:29 `wrong` is no member of `mount-type`\n"
     "E0301 3:36 expected mount-type, found string | members stand without quotes\n"},
    {COMPILE_RULE("for m in run-mount\n"
                  "deny when m.type < secret at m message \"{m.type}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label == cache at s message \"{s.label}\""),
     "E0202 3:22 nothing is named `cache` | a text stands in quotes\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when cache == tmpfs at s message \"{s.label}\""),
     "E0202 3:11 nothing is named `cache`\n"},
};

static void enumeration_members_follow_the_other_side(void **state)
{
    (void)state;
    compile_help_check(enumeration_members_follow_the_other_side_cases,
                       sizeof enumeration_members_follow_the_other_side_cases /
                           sizeof enumeration_members_follow_the_other_side_cases[0]);
}

static const struct compile_case membership_asks_lists_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label in [\"a\", \"b\"] and s.index in [1, 2] at s message "
                  "\"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label in [\"a\", 2] at s message \"{s.label}\""),
     "E0301 3:28 expected string, found int\n"},
    {COMPILE_RULE(
         "for s in stage\n"
         "deny when s.label in s.shell and \"x\" not in s.shell at s message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.index in s.shell at s message \"{s.label}\""),
     "E0301 3:11 expected string, found int\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label in s.label at s message \"{s.label}\""),
     "E0301 3:22 `in` asks whether a value is in a list; this is string\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.runs in s.runs at s message \"{s.label}\""),
     "E0301 3:11 `in` asks whether a value is in a list; this is list<run>\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label in [s.label] at s message \"{s.label}\""),
     "E0307 3:23 only a literal can stand here\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label in [] at s message \"{s.label}\""),
     "W0102 3:11 this never holds, so the arm can never fire\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.name in [\"x\"] at s message \"{s.label}\""),
     "E0302 3:11 `s.name` may be absent here | write `has s.name and s.name in "
     "[\"x\"]` or `s.name default \"\"`\n"},
};

static void membership_asks_lists(void **state)
{
    (void)state;
    compile_help_check(membership_asks_lists_cases,
                       sizeof membership_asks_lists_cases / sizeof membership_asks_lists_cases[0]);
}

static const struct compile_case patterns_are_checked_literals_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label matches \"^a[0-9]+$\" and s.label like \"a*b\" at s message "
                  "\"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label matches \"(a\" at s message \"{s.label}\""),
     "E0305 3:27 missing closing parenthesis | at byte 3 of the pattern\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label matches \"(a)\\\\1\" at s message \"{s.label}\""),
     "E0305 3:27 back-references are not allowed: their cost has no bound | at byte 4 "
     "of the pattern\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label matches s.label at s message \"{s.label}\""),
     "E0307 3:27 a pattern is a text literal, so that it is checked before it runs\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.index matches \"a\" at s message \"{s.label}\""),
     "E0301 3:11 expected string, found int\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.name like \"a\" at s message \"{s.label}\""),
     "E0302 3:11 `s.name` may be absent here | write `has s.name and s.name like "
     "\"a\"` or `s.name default \"\"`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label matches \"a*\" or s.label like \"**\" at s message "
                  "\"{s.label}\""),
     "W0105 3:27 this pattern matches every text\n"
     "W0105 3:48 this pattern matches every text\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label like \"[a\" at s message \"{s.label}\""),
     "E0305 3:24 the wildcards are malformed\n"},
};

static void patterns_are_checked_literals(void **state)
{
    (void)state;
    compile_help_check(patterns_are_checked_literals_cases,
                       sizeof patterns_are_checked_literals_cases /
                           sizeof patterns_are_checked_literals_cases[0]);
}

static const struct compile_case versions_and_texts_cases[] = {
    {COMPILE_RULE("for p in package\n"
                  "deny when has p.version and p.version < v1.2.3 at p message \"{p.label}\""),
     ""},
    {COMPILE_RULE("for p in package\n"
                  "deny when has p.version and v2.0.0 <= p.version and p.version == v1.0.0 at p "
                  "message \"{p.label}\""),
     ""},
    {COMPILE_RULE("for p in package\n"
                  "deny when p.index < v1.2.3 at p message \"{p.label}\""),
     "E0201 3:13 `package` has no field `index`\n"},
    {COMPILE_RULE("for p in package\n"
                  "deny when p.pinned == v1.2.3 at p message \"{p.label}\""),
     "E0301 3:23 expected bool, found version\n"},
};

static void versions_and_texts(void **state)
{
    (void)state;
    compile_help_check(versions_and_texts_cases,
                       sizeof versions_and_texts_cases / sizeof versions_and_texts_cases[0]);
}

static const struct compile_case constants_are_folded_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when 1 < 2 at s message \"{s.label}\""),
     "W0102 3:11 this always holds, so the arm fires for every subject\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when \"a\" == \"b\" or v1.10.0 < v1.9.0 or 3 in [1, 2] at s message "
                  "\"{s.label}\""),
     "W0102 3:11 this never holds, so the arm can never fire\n"},
    {COMPILE_RULE("for s in stage\n"
                  "where 7d > 30d\n"
                  "deny when s.is-final at s message \"{s.label}\""),
     "W0102 3:7 this never holds, so no arm can fire\n"},
    {COMPILE_RULE("for s in stage\n"
                  "where s.is-final\n"
                  "deny when true at s message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final and false at s message \"{s.label}\""),
     "W0102 3:11 this never holds, so the arm can never fire\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when not (s.is-final and 1 == 2) at s message \"{s.label}\""),
     "W0102 3:11 this always holds, so the arm fires for every subject\n"},
};

static void constants_are_folded(void **state)
{
    (void)state;
    compile_help_check(constants_are_folded_cases,
                       sizeof constants_are_folded_cases / sizeof constants_are_folded_cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_have_one_type),
        cmocka_unit_test(enumeration_members_follow_the_other_side),
        cmocka_unit_test(membership_asks_lists),
        cmocka_unit_test(patterns_are_checked_literals),
        cmocka_unit_test(versions_and_texts),
        cmocka_unit_test(constants_are_folded),
    };
    return cmocka_run_group_tests_name("check_compare", tests, NULL, NULL);
}
