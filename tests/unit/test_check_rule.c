/* SPDX-License-Identifier: Apache-2.0
 *
 * test_check_rule.c - clauses, arms, places, messages and properties: compiler/check_rule.c,
 * check_meta.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/compile_help.h"

static const struct compile_case clauses_have_an_order_cases[] = {
    {COMPILE_RULE("where 1 == 1\n"
                  "for s in stage\n"
                  "deny when s.is-final at s message \"{s.label}\""),
     "E0404 3:1 `for` comes first: clauses run in the order they are written\n"},
    {COMPILE_RULE("for s in stage\n"
                  "for r in run\n"
                  "deny when s.is-final at s message \"{s.label}\""),
     "E0404 3:1 a rule has one `for`; inner lists are walked with `each`\n"},
    {COMPILE_RULE("deny when true at s message \"x\""),
     "E0404 1:6 rule `r` has no `for`: say which facts it judges\n"},
    {COMPILE_RULE("for s in stage"), "E0401 1:6 rule `r` has no `deny` arm\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at s message \"{s.label}\"\n"
                  "where s.reachable"),
     "E0404 4:1 clauses come before the first `deny`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "let n = count(s.runs)\n"
                  "each r in s.runs\n"
                  "where r.posix\n"
                  "each c in r.commands\n"
                  "let m = count(r.commands)\n"
                  "deny when n > 3 and m > 2 and c.negated at c message \"{c.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "each r in s.label\n"
                  "deny when s.is-final at s message \"{s.label}\""),
     "E0301 3:11 `each` ranges over a list of facts, not over string\n"},
    {COMPILE_RULE("for s in stage\n"
                  "each s in s.runs\n"
                  "deny when s.posix at s message \"x {s}\""),
     "E0204 3:6 `s` is bound already\n"},
    {COMPILE_RULE("for s in stage\n"
                  "let unused = 3\n"
                  "deny when s.is-final at s message \"{s.label}\""),
     "W0101 3:5 `unused` is never used\n"},
    {COMPILE_RULE("for s in stage\n"
                  "let l = [\"x\"]\n"
                  "deny when s.label in l at s message \"{s.label}\""),
     "E0301 3:9 a constant list is declared with `list` outside of rules\n"},
    {COMPILE_RULE("for s in stage\n"
                  "each r in s.runs\n"
                  "each c in r.commands\n"
                  "deny when any o in c.options: o.name == \"x\" at c message \"{c.label}\""),
     "W0107 5:11 this loops 3 deep: its cost grows with the power of the facts\n"},
};

static void clauses_have_an_order(void **state)
{
    (void)state;
    compile_help_check(clauses_have_an_order_cases,
                       sizeof clauses_have_an_order_cases / sizeof clauses_have_an_order_cases[0]);
}

static const struct compile_case arms_are_told_apart_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny a when s.is-final at s message \"{s.label}\"\n"
                  "deny a when s.reachable at s message \"{s.label}\""),
     "E0204 4:6 two arms are named `a`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at s message \"{s.label}\"\n"
                  "deny b severity hgih when s.reachable at s message \"{s.label}\""),
     "E0401 3:1 an arm beside others needs a name: `deny NAME when ...`\n"
     "E0403 4:17 `hgih` is no severity | did you mean `high`?\n"},
};

static void arms_are_told_apart(void **state)
{
    (void)state;
    compile_help_check(arms_are_told_apart_cases,
                       sizeof arms_are_told_apart_cases / sizeof arms_are_told_apart_cases[0]);
}

static const struct compile_case places_are_paths_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at s.base-image message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at s.base-image.tag message \"{s.label}\""),
     "E0302 3:25 `s.base-image` may be absent here | write `has s.base-image and "
     "...`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at \"x\" message \"{s.label}\""),
     "E0306 3:25 only a path to a fact has a place in a file\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at count(s.runs) message \"{s.label}\""),
     "E0306 3:25 only a path to a fact has a place in a file\n"},
    {COMPILE_RULE("for s in stage\n"
                  "let n = count(s.runs)\n"
                  "let b = s.base-image\n"
                  "let c = s\n"
                  "deny when n > 1 at n also at b also at c \"x {s.label}\" message \"{s.label}\""),
     "E0306 6:20 only a path to a fact has a place in a file\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at first(s.runs) message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at s.runs message \"{s.label}\" fix safe delete s fix "
                  "unsafe replace s.base-text with \"x{s.label}\" fix safe insert after s \"x\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when has s.base-image and s.is-final at s.base-image.tag message "
                  "\"{s.label}\""),
     ""},
};

static void places_are_paths(void **state)
{
    (void)state;
    compile_help_check(places_are_paths_cases,
                       sizeof places_are_paths_cases / sizeof places_are_paths_cases[0]);
}

static const struct compile_case messages_name_the_subject_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at s message \"fixed text\""),
     "W0104 3:35 the message does not say which subject it is about\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at s message \"{s} {s.runs} {s.user.uid} {count(s.runs)} "
                  "{s.is-final} {s.env}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.is-final at s message \"{s.zzzz}\""),
     "E0201 3:39 `stage` has no field `zzzz`\n"},
};

static void messages_name_the_subject(void **state)
{
    (void)state;
    compile_help_check(messages_name_the_subject_cases,
                       sizeof messages_name_the_subject_cases /
                           sizeof messages_name_the_subject_cases[0]);
}

static const struct compile_case properties_are_required_cases[] = {
    {"rule r {\n"
     "for s in stage\n"
     "deny when s.is-final at s message \"{s.label}\" }\n",
     "E0401 1:6 rule `r` lacks id, title, why, remedy, severity, section, since\n"},
    {"rule r { id \"PL6001\" id \"PL6001\" title \"\" why \"w\" remedy \"m\" severity "
     "hihg section stile covers \"hadolint\", \"x:y\", \":\" since \"1.0\" unknown "
     "maybe\n"
     "for s in stage\n"
     "deny when s.is-final at s message \"{s.label}\" }\n",
     "E0402 1:22 id stands twice\n"
     "E0403 1:34 title is empty\n"
     "E0403 1:71 `hihg` is no severity | did you mean `high`?\n"
     "E0403 1:84 `stile` is no section | did you mean `style`?\n"
     "E0403 1:97 covers names rules of other tools as \"tool:ID\"\n"
     "E0403 1:116 covers names rules of other tools as \"tool:ID\"\n"
     "E0403 1:126 since is a version such as \"1.0.0\"\n"
     "E0403 1:140 `maybe` is no outcome; write pass, report or deny\n"},
    {"rule r { id \"PL5001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for s in stage\n"
     "deny when s.is-final at s message \"{s.label}\" }\n",
     "E0403 1:13 ids of section style begin with PL6\n"},
    {"rule r { id \"P5001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\" unknown deny\n"
     "for s in stage\n"
     "deny when s.is-final at s message \"{s.label}\" }\n",
     "E0403 1:13 an id is PL and four digits, for example PL5001\n"},
    {"rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for s in stage\n"
     "deny when s.is-final at s message \"{s.label}\" }\n"
     "rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for s in stage\n"
     "deny when s.is-final at s message \"{s.label}\" }\n",
     "E0204 4:6 two rules are named `r`\n"
     "E0204 4:13 id `PL6001` is taken\n"},
};

static void properties_are_required(void **state)
{
    (void)state;
    compile_help_check(properties_are_required_cases, sizeof properties_are_required_cases /
                                                          sizeof properties_are_required_cases[0]);
}

static const struct compile_case syntax_errors_hide_what_follows_from_them_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "where has s.name an s.is-final\n"
                  "deny when s.name == \"x\" at s message \"x\""),
     "E0101 3:18 expected a property, a clause or `}`, found `an`\n"},
};

static void syntax_errors_hide_what_follows_from_them(void **state)
{
    (void)state;
    compile_help_check(syntax_errors_hide_what_follows_from_them_cases,
                       sizeof syntax_errors_hide_what_follows_from_them_cases /
                           sizeof syntax_errors_hide_what_follows_from_them_cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clauses_have_an_order),
        cmocka_unit_test(arms_are_told_apart),
        cmocka_unit_test(places_are_paths),
        cmocka_unit_test(messages_name_the_subject),
        cmocka_unit_test(properties_are_required),
        cmocka_unit_test(syntax_errors_hide_what_follows_from_them),
    };
    return cmocka_run_group_tests_name("check_rule", tests, NULL, NULL);
}
