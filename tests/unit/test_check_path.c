/* SPDX-License-Identifier: Apache-2.0
 *
 * test_check_path.c - fields, unions, narrowing and has/is/default: compiler/check_path.c,
 * narrow.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/compile_help.h"

static const struct compile_case unknown_fields_are_named_with_a_guess_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.volumns == \"x\" at s message \"{s.label}\""),
     "E0201 3:13 `stage` has no field `volumns` | did you mean `volumes`?\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.base-text == \"x\" and s.zzzzzz at s message \"{s.label}\""),
     "E0201 3:36 `stage` has no field `zzzzzz`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label.len == 3 at s message \"{s.label}\""),
     "E0201 3:19 string has no field `len`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.runs.label == \"x\" at s message \"{s.label}\""),
     "E0201 3:18 list<run> has no field `label` | look at its elements with `any`, "
     "`all` or `each`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when x.label == \"x\" at s message \"{s.label}\""),
     "E0202 3:11 nothing is named `x`\n"},
    {COMPILE_RULE("for stage in stage\n"
                  "deny when stag.label == \"x\" at stage message \"{stage.label}\""),
     "E0202 3:11 nothing is named `stag` | did you mean `stage`?\n"},
};

static void unknown_fields_are_named_with_a_guess(void **state)
{
    (void)state;
    compile_help_check(unknown_fields_are_named_with_a_guess_cases,
                       sizeof unknown_fields_are_named_with_a_guess_cases /
                           sizeof unknown_fields_are_named_with_a_guess_cases[0]);
}

static const struct compile_case absent_values_need_a_guard_cases[] = {
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.name == \"x\" at s message \"{s.label}\""),
     "E0302 3:11 `s.name` may be absent here | write `has s.name and s.name == \"x\"` "
     "or `s.name default \"\"`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.base-image.valid at s message \"{s.label}\""),
     "E0302 3:11 `s.base-image` may be absent here | write `has s.base-image and "
     "...`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when has s.name and s.name == \"x\" at s.name message \"{s.name}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when not has s.name or s.name == \"x\" at s message \"{s.name}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.name == \"x\" and has s.name at s message \"{s.label}\""),
     "E0302 3:11 `s.name` may be absent here | write `has s.name and s.name == \"x\"` "
     "or `s.name default \"\"`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "where has s.base-image.tag\n"
                  "deny when s.base-image.tag == \"latest\" and s.base-image.valid at "
                  "s.base-image.tag message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "where not (not has s.name or s.label == \"x\")\n"
                  "deny when s.name == \"y\" at s message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when (s.name default \"\") == \"x\" at s message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when (s.base-image.tag default \"latest\") == \"latest\" at s message "
                  "\"{s.label} {s.base-image.tag}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when (s.name default s.label) == \"x\" at s message \"{s.label}\""),
     "E0307 3:27 `default` takes a literal or a param\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when (s.name default 3) == \"x\" at s message \"{s.label}\""),
     "E0301 3:27 expected string, found int\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when has s.runs at s message \"{s.label}\""),
     "E0301 3:15 a list is always there, it may be empty | write `count(s.runs) > 0`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when has first(s.runs) at s message \"{s.label}\""),
     "E0301 3:15 `has` takes a path such as `image.scan`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "let n = s.name\n"
                  "deny when n == \"x\" at n message \"{n}\""),
     "E0302 4:11 `n` may be absent here | write `has n and n == \"x\"` or `n default "
     "\"\"`\n"},
    {COMPILE_RULE("for s in stage\n"
                  "let n = s.name\n"
                  "where has n\n"
                  "deny when n == \"x\" at n message \"{n}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "let known = has s.name and s.name != \"\"\n"
                  "where known\n"
                  "deny when s.name == \"x\" at s message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "let r = first(s.runs)\n"
                  "deny when has r and r.posix at r message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when first(s.runs).posix at s message \"{s.label}\""),
     "E0302 3:11 `first(s.runs)` may be absent here | bind it with `let` and test "
     "that with `has`\n"},
};

static void absent_values_need_a_guard(void **state)
{
    (void)state;
    compile_help_check(absent_values_need_a_guard_cases,
                       sizeof absent_values_need_a_guard_cases /
                           sizeof absent_values_need_a_guard_cases[0]);
}

static const struct compile_case unions_share_what_all_members_have_cases[] = {
    {COMPILE_RULE("for w in run, copy\n"
                  "deny when w.label == \"x\" and w.index > 3 at w message \"{w.label}\""),
     ""},
    {COMPILE_RULE("for w in run, copy\n"
                  "deny when w.posix at w message \"{w.label}\""),
     "E0304 3:13 `posix` belongs to run only | write `w is run and ...`\n"},
    {COMPILE_RULE("for w in run, copy\n"
                  "deny when w is run and w.posix or w is copy and w.link at w message "
                  "\"{w.label}\""),
     ""},
    {COMPILE_RULE("for w in run, copy\n"
                  "where w is run\n"
                  "deny when w.posix at w message \"{w.label}\""),
     ""},
    {COMPILE_RULE("for w in run, copy\n"
                  "deny when w is not run or w.posix at w message \"{w.label}\""),
     ""},
    {COMPILE_RULE("for w in run, copy\n"
                  "deny when w is not run and w.posix at w message \"{w.label}\""),
     "E0201 3:30 `copy` has no field `posix`\n"},
    {COMPILE_RULE("for w in stage, copy\n"
                  "deny when w is run at w message \"{w.label}\""),
     "E0301 3:11 stage or copy is never a `run`\n"},
    {COMPILE_RULE("for w in workload\n"
                  "deny when w is service and w.privileged or has w.user and w.user.is-root "
                  "at w message \"{w.label}\""),
     ""},
    {COMPILE_RULE("for w in workload\n"
                  "deny when w.privileged at w message \"{w.label}\""),
     "E0304 3:13 `privileged` belongs to service only | write `w is service and ...`\n"},
    {COMPILE_RULE("for w in copy, add\n"
                  "deny when any s in w.sources: s.kind == url at w message \"{w.destination}\""),
     ""},
    {COMPILE_RULE("for w in copy, run\n"
                  "deny when w.zzz at w message \"{w.label}\""),
     "E0201 3:13 `run or copy` has no field `zzz`\n"},
    {COMPILE_RULE("for w in copy, run-mount\n"
                  "deny when w.from == \"x\" at w message \"{w.target}\""),
     "E0302 3:11 `w.from` may be absent here | write `has w.from and w.from == \"x\"` "
     "or `w.from default \"\"`\n"
     "E0304 3:42 `target` belongs to run-mount only | write `w is run-mount and ...`\n"},
    {COMPILE_RULE("for w in from, copy\n"
                  "deny when w.undeclared at w message \"{w.label}\""),
     "E0304 3:13 `undeclared` belongs to from only | write `w is from and ...`\n"},
    {COMPILE_RULE("for w in run, run\n"
                  "deny when true at w message \"{w.label}\""),
     "E0204 2:15 rows of `run` are in this union already\n"
     "W0102 3:11 this always holds, so the arm fires for every subject\n"},
    {COMPILE_RULE("for w in stge\n"
                  "deny when true at w message \"x\""),
     "E0203 2:10 no kind or view is named `stge` | did you mean `stage`?\n"},
    {COMPILE_RULE("for w in final-stage\n"
                  "deny when w is final-stage at w message \"{w.label}\""),
     "W0102 3:11 this always holds, so the arm fires for every subject\n"},
};

static void unions_share_what_all_members_have(void **state)
{
    (void)state;
    compile_help_check(unions_share_what_all_members_have_cases,
                       sizeof unions_share_what_all_members_have_cases /
                           sizeof unions_share_what_all_members_have_cases[0]);
}

static const struct compile_case members_narrow_their_parent_cases[] = {
    {COMPILE_RULE("for i in instruction\n"
                  "deny when i is run and i.posix at i message \"{i.label}\""),
     ""},
    {COMPILE_RULE("for i in instruction\n"
                  "deny when i.posix at i message \"{i.label}\""),
     "E0304 3:13 `posix` belongs to run only | write `i is run and ...`\n"},
    {COMPILE_RULE("for i in instruction\n"
                  "where i is copy\n"
                  "deny when i.from-index == 3 at i message \"{i.label}\""),
     "E0302 4:11 `i.from-index` may be absent here | write `has i.from-index and "
     "i.from-index == 3` or `i.from-index default 0`\n"},
    {COMPILE_RULE("for i in instruction\n"
                  "where i is copy\n"
                  "deny when has i.from-index and i.from-index == 3 at i.from-index message "
                  "\"{i.label}\""),
     ""},
    {COMPILE_RULE("for r in run\n"
                  "deny when r is instruction and r.keyword == \"RUN\" at r message \"{r.label}\""),
     ""},
    {COMPILE_RULE("for o in onbuild\n"
                  "deny when o.triggered is run and o.triggered.posix at o message \"{o.label}\""),
     ""},
    {COMPILE_RULE("for o in onbuild\n"
                  "deny when o.triggered is runn at o message \"{o.label}\""),
     "E0203 3:26 no kind or view is named `runn` | did you mean `run`?\n"},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s is final-stage at s message \"{s.label}\""),
     ""},
    {COMPILE_RULE("for s in stage\n"
                  "deny when s.label is run at s message \"{s.label}\""),
     "E0301 3:11 string is never a `run`\n"},
    {"rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for w in stage, final-stage deny when w.sets-user at w message \"{w.label}\" }\n",
     "E0204 2:17 rows of `final-stage` are in this union already\n"},
    {"rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section "
     "style since \"1.0.0\"\n"
     "for w in workload, shipped-stage, stage deny when w.sets-user at w message "
     "\"{w.label}\" }\n",
     "E0204 2:35 rows of `stage` are in this union already\n"},
};

static void members_narrow_their_parent(void **state)
{
    (void)state;
    compile_help_check(members_narrow_their_parent_cases,
                       sizeof members_narrow_their_parent_cases /
                           sizeof members_narrow_their_parent_cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_fields_are_named_with_a_guess),
        cmocka_unit_test(absent_values_need_a_guard),
        cmocka_unit_test(unions_share_what_all_members_have),
        cmocka_unit_test(members_narrow_their_parent),
    };
    return cmocka_run_group_tests_name("check_path", tests, NULL, NULL);
}
