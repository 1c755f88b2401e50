/* SPDX-License-Identifier: Apache-2.0
 *
 * test_check_call.c - functions, helpers, quantifiers: compiler/check_call.c, check_decl.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/compile_help.h"

static const struct compile_case functions_check_their_arguments_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when starts-with(s.label, \"a\") and length(lower(s.label)) > 3 at s "
                  "message \"{join(s.shell, s.label)}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when starts-with(s.label) at s message \"{s.label}\""),
     "E0303 3:11 `starts-with` takes 2 arguments, not 1\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when length(s.index) == 1 at s message \"{s.label}\""),
     "E0301 3:18 expected string, found int\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when strats-with(s.label, \"a\") at s message \"{s.label}\""),
     "E0202 3:11 no function or helper is named `strats-with` | did you mean "
     "`starts-with`?\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when any-within(s.label, [\"/a\", \"/b\"]) at s message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when any-within(s.label, s.shell) at s message \"{s.label}\""),
     "E0301 3:31 expected constant list<string>, found list<string>\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when count(s.label) > 3 at s message \"{s.label}\""),
     "E0303 3:17 `count` takes a list of facts; this is string\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when count() > 3 or count(s.runs, s.runs) > 1 at s message \"{s.label}\""),
     "E0303 3:11 `count` takes 1 argument, not 0\n"
     "E0303 3:26 `count` takes 1 argument, not 2\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when first([\"a\"]) == \"a\" at s message \"{s.label}\""),
     "E0303 3:17 `first` takes a list of facts; this is constant list<string>\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when to-int(s.label) > 3 at s message \"{s.label}\""),
     "E0302 3:11 `to-int(s.label)` may be absent here | bind it with `let` and test "
     "that with `has`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when (to-int(s.label) default 0) > 3 at s message \"{s.label} "
                  "{to-int(s.label)}\""),
     ""},
};

static void functions_check_their_arguments(void **state)
{
    (void)state;
    compile_help_check(functions_check_their_arguments_cases,
                       sizeof functions_check_their_arguments_cases /
                           sizeof functions_check_their_arguments_cases[0]);
}

static const struct compile_case quantifiers_bind_elements_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when any r in s.runs: r.posix and all c in r.commands: c.negated at s "
                  "message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when no r in s.runs: r.posx at s message \"{s.label}\""),
     "E0201 3:29 `run` has no field `posx` | did you mean `posix`?\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when any s in s.runs: s.posix at s message \"{s.label}\""),
     "E0204 3:15 `s` is bound already\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when any r in s.label: r == \"x\" at s message \"{s.label}\""),
     "E0301 3:20 this ranges over a list, not over string\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when any r in s.runs: r.label at s message \"{s.label}\""),
     "E0301 3:28 expected bool, found string\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when any w in [\"a\", \"b\"]: starts-with(s.label, w) at s message "
                  "\"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when one w in [\"a\", \"b\"]: starts-with(s.label, w) at s message "
                  "\"{s.label}\""),
     "E0301 3:20 constants can be ranged over only with any, all and no, in lists of "
     "at most 64 that are no param | use `in`, `any-within` or `word-in`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when count(filter r in s.runs: r.posix) > 2 at s message \"{first(filter r "
                  "in s.runs: r.posix)}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when any r in (filter c in s.runs: c.posix): r.parsed at s message "
                  "\"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when (any r in s.runs: has r.network and r.network == \"host\") and "
                  "s.is-final at s message \"{s.label}\""),
     ""},
};

static void quantifiers_bind_elements(void **state)
{
    (void)state;
    compile_help_check(quantifiers_bind_elements_cases,
                       sizeof quantifiers_bind_elements_cases /
                           sizeof quantifiers_bind_elements_cases[0]);
}

static const struct compile_case helpers_are_typed_cases[] = {
    {"def low(n: string) = lower(n) == \"x\"\n"
     "rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for s in stage deny when low(s.label) at s message \"{s.label}\" }\n",
     ""},
    {"def low(n: string) = lower(n) == \"x\"\n"
     "rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for s in stage deny when low(s.index) or low() or low(\"x\", \"y\") or "
     "low(s.name) at s message \"{s.label}\" }\n",
     "E0301 3:30 expected string, found int\n"
     "E0303 3:42 `low` takes 1 argument, not 0\n"
     "E0303 3:51 `low` takes 1 argument, not 2\n"
     "E0302 3:72 `s.name` may be absent here | write `has s.name and ...` or `s.name "
     "default \"\"`\n"},
    {"def shell(s: stage) = count(s.shell) > 0 and s.is-final\n"
     "def both(s: stage, n: int) = shell(s) and s.index == n\n"
     "rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for s in final-stage deny when both(s, count(s.runs)) at s message "
     "\"{s.label}\" }\n",
     ""},
    {"def a(n: int) = b(n)\n"
     "def b(n: int) = c(n)\n"
     "def c(n: int) = a(n)\n",
     "E0205 1:5 helper `a` calls itself\n"},
    {"def a(n: int) = a(n)\n", "E0205 1:5 helper `a` calls itself\n"},
    {"def a(n: intt) = n == 3\n", "W0101 1:5 helper `a` is never used\n"
                                  "E0203 1:10 no type is named `intt` | did you mean `int`?\n"},
    {"def a(n: int, n: int) = n == 3\n", "W0101 1:5 helper `a` is never used\n"
                                         "E0204 1:15 `n` is bound already\n"},
    {"def x = 3\n"
     "def y = z\n"
     "rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for s in stage deny when s.index == x at s message \"{s.label}\" }\n",
     "W0101 2:5 helper `y` is never used\n"
     "E0202 2:9 nothing is named `z`\n"},
    {"def name-of(s: stage) = s.name\n",
     "W0101 1:5 helper `name-of` is never used\n"
     "E0302 1:25 `s.name` may be absent here | write `has s.name and ...` or `s.name "
     "default \"\"`\n"},
};

static void helpers_are_typed(void **state)
{
    (void)state;
    compile_help_check(helpers_are_typed_cases,
                       sizeof helpers_are_typed_cases / sizeof helpers_are_typed_cases[0]);
}

static const struct compile_case params_and_lists_are_constants_cases[] = {
    {"param a : list<string> = [\"x\"] extendable \"doc\"\n"
     "param b : int = 3 range 1 .. 5 \"doc\"\n"
     "param c : severity = high locked \"doc\"\n"
     "param d : duration = 7d \"doc\"\n"
     "list e = [\"x\", \"y\"]\n"
     "rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for s in stage deny when s.label in a and s.index < b and c > low and 1d < d "
     "and s.label in e at s message \"{a} {b} {c} {d} {e}\" }\n",
     "W0104 7:108 the message does not say which subject it is about\n"},
    {"param a : list<string> = [\"x\", 3]\n"
     "param b : int = 30 range 1 .. 5\n"
     "param c : severity = hihg\n"
     "param d : duration = 7\n"
     "param e : stage = 3\n"
     "param f : int = 3 extendable\n"
     "param g : string = \"x\" range \"a\" .. \"b\"\n"
     "param h : int = 3 range 5 .. 1\n"
     "param i : wrong = 3\n"
     "param j : int = b\n"
     "param k : list<int> = []\n"
     "list l = [\"x\", 3]\n"
     "list m = [cache]\n"
     "param a : int = 3\n",
     "E0301 1:32 expected string, found int\n"
     "E0405 2:17 the value lies outside the range of `b`\n"
     "E0206 3:22 `hihg` is no member of `severity` | did you mean `high`?\n"
     "E0301 4:22 expected duration, found int\n"
     "E0405 5:11 a param holds a value that people can write, not rows of facts\n"
     "E0405 6:1 only a list is extendable\n"
     "E0405 7:30 string has no range\n"
     "E0405 8:30 the range is empty: its end lies before its start\n"
     "E0203 9:11 no type is named `wrong`\n"
     "E0307 10:17 only a literal can stand here\n"
     "E0301 12:16 expected string, found int\n"
     "E0202 13:11 nothing is named `cache`\n"
     "E0204 14:7 `a` is defined twice\n"},
};

static void params_and_lists_are_constants(void **state)
{
    (void)state;
    compile_help_check(params_and_lists_are_constants_cases,
                       sizeof params_and_lists_are_constants_cases /
                           sizeof params_and_lists_are_constants_cases[0]);
}

static const struct compile_case symbols_are_found_or_guessed_cases[] = {
    {"list tools = [\"x\"]\n"
     "rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for s in stage deny when s.label in tolos at s message \"{s.label}\" }\n",
     "W0101 1:6 list `tools` is never used\n"
     "E0202 3:37 nothing is named `tolos` | did you mean `tools`?\n"},
    {"list tools = [\"x\"]\n"
     "rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for s in stage deny when s.label == tools or tools.x == 3 or tools(\"x\") at s "
     "message \"{s.label}\" }\n",
     "E0301 3:37 expected string, found constant list<string>\n"
     "E0201 3:52 constant list<string> has no field `x`\n"
     "E0202 3:62 no function or helper is named `tools`\n"},
};

static void symbols_are_found_or_guessed(void **state)
{
    (void)state;
    compile_help_check(symbols_are_found_or_guessed_cases,
                       sizeof symbols_are_found_or_guessed_cases /
                           sizeof symbols_are_found_or_guessed_cases[0]);
}

static const struct compile_case bodies_depend_on_their_element_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when no r in s.runs: r.posix and any c in s.copies: c.link at s message "
                  "\"{s.label}\""),
     "W0108 3:39 this does not depend on `r` | a body reaches as far as it can; end "
     "it with brackets\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when any r in s.runs: s.is-final at s message \"{s.label}\""),
     "W0108 3:28 this does not depend on `r` | a body reaches as far as it can; end "
     "it with brackets\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when (no r in s.runs: r.posix) and any c in s.copies: c.link or c.index > "
                  "1 at s message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when any r in s.runs: r.posix or (r.parsed and s.is-final) at s message "
                  "\"{s.label}\""),
     ""},
};

static void bodies_depend_on_their_element(void **state)
{
    (void)state;
    compile_help_check(bodies_depend_on_their_element_cases,
                       sizeof bodies_depend_on_their_element_cases /
                           sizeof bodies_depend_on_their_element_cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_check_their_arguments),
        cmocka_unit_test(quantifiers_bind_elements),
        cmocka_unit_test(helpers_are_typed),
        cmocka_unit_test(params_and_lists_are_constants),
        cmocka_unit_test(symbols_are_found_or_guessed),
        cmocka_unit_test(bodies_depend_on_their_element),
    };
    return cmocka_run_group_tests_name("check_call", tests, NULL, NULL);
}
