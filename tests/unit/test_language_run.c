/* SPDX-License-Identifier: Apache-2.0
 *
 * test_language_run.c - what rules mean: each case compiles a rule, runs it on a Dockerfile and
 * compares every outcome. Covers the compiler and the virtual machine together: Kleene logic,
 * quantifiers over unknown lists and filters, unions, views, absence, helpers, params, places.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/dockerfile/df_facts.h"
#include "runtime/eval.h"
#include "tests/unit/compile_help.h"

/* $BASE and $CMD have no value; line 1 is ARG. */
static const char dockerfile[] = "ARG BASE\n"
                                 "FROM alpine:3.20 AS build\n"
                                 "RUN make && make install\n"
                                 "COPY --link a /a\n"
                                 "FROM $BASE AS mid\n"
                                 "RUN $CMD x\n"
                                 "FROM build\n"
                                 "USER app\n"
                                 "COPY --from=build /a /a\n"
                                 "RUN true\n";

struct run_case {
    const char *rule;     /* what follows `for` */
    const char *outcomes; /* "LINE message;" for findings, "LINE ?;" for undecided ones */
};

static void write_outcomes(struct buf *out, struct report *report, struct facts *facts)
{
    buf_clear(out);
    buf_append_cstr(out, "");
    for (size_t i = 0; i < report->count; i++) {
        const struct outcome *o = &report->items[i];
        unsigned line = source_line_number(&facts->sources, o->span.source, o->span.start);
        buf_printf(out, "%u %.*s;", line,
                   STR_FMT(o->kind == OUTCOME_DENIED      ? o->message
                           : o->kind == OUTCOME_UNDECIDED ? STR("?")
                                                          : STR("error")));
    }
}

static struct facts *read_facts(void)
{
    struct facts *facts = NULL;
    struct df_facts reader;
    source_id source;
    fact_row row;
    assert_int_equal(facts_new(&facts, NULL, 0, 1), PLIM_STATUS_OK);
    assert_int_equal(df_facts_init(&reader, facts, NULL, NULL), PLIM_STATUS_OK);
    assert_int_equal(
        source_add(&facts->sources, &source, STR("Dockerfile"), str_from_cstr(dockerfile)),
        PLIM_STATUS_OK);
    assert_int_equal(df_facts_add(&reader, source, NULL, &row), PLIM_STATUS_OK);
    df_facts_release(&reader);
    assert_int_equal(facts_freeze(facts), PLIM_STATUS_OK);
    return facts;
}

static void check_runs(const struct run_case *cases, size_t count)
{
    struct facts *facts = read_facts();
    struct buf text;
    buf_init(&text, NULL, 1 << 16);
    for (size_t i = 0; i < count; i++) {
        buf_clear(&text);
        buf_printf(&text,
                   "param tools : list<string> = [\"make\", \"cc\"]\nparam most : int = 2\n"
                   "list names = [\"make\"]\n"
                   "def is-tool(n: string) = n in tools\n"
                   "def both(a: bool, b: bool) = a and b\n%sfor %s\n}\n",
                   COMPILE_HEAD, cases[i].rule);
        struct compile_help help;
        compile_help_init(&help, NULL, text.data);
        if (help.compiled == NULL) {
            fail_msg("%s\n%s", cases[i].rule, help.summary.data);
        }
        struct report *report = NULL;
        const struct eval_options options = {0};
        assert_int_equal(eval_run(&report, help.compiled->program, facts, &options, NULL),
                         PLIM_STATUS_OK);
        write_outcomes(&text, report, facts);
        if (strcmp(text.data, cases[i].outcomes) != 0) {
            fail_msg("for %s\nexpected %s\nfound    %s", cases[i].rule, cases[i].outcomes,
                     text.data);
        }
        report_free(report);
        compile_help_release(&help);
    }
    buf_release(&text);
    facts_free(facts);
}

#define CHECK(cases) check_runs(cases, sizeof cases / sizeof cases[0])

/* Stage mid has an unknown base image and root image. */
static const struct run_case kleene_cases[] = {
    {"s in stage deny when has s.root-image at s message \"{s.index}\"", "2 0;5 ?;7 2;"},
    {"s in stage deny when has s.root-image and s.index == 1 at s message \"x\"", "5 ?;"},
    {"s in stage deny when has s.root-image and s.index == 9 at s message \"x\"", ""},
    {"s in stage deny when s.index == 1 or has s.root-image at s message \"{s.index}\"",
     "2 0;5 1;7 2;"},
    {"s in stage deny when not has s.root-image at s message \"x\"", "5 ?;"},
    {"s in stage where has s.root-image deny when s.index >= 1 at s message \"{s.index}\"",
     "5 ?;7 2;"},
    {"s in stage where has s.root-image deny when s.index == 0 at s message \"x\"", "2 x;"},
    {"s in stage where s.index == 1 deny when has s.root-image and s.root-image.name == \"a\" at s "
     "message \"x\"",
     "5 ?;"},
    {"s in stage deny when both(has s.root-image, s.index == 1) at s message \"x\"", "5 ?;"},
    {"s in stage let r = has s.root-image deny when r and s.index < 2 at s message \"{r}\"",
     "2 true;5 ?;"},
};

static void unknown_is_neither_true_nor_false(void **state)
{
    (void)state;
    CHECK(kleene_cases);
}

/* The command of line 6 has an unknown name. */
static const struct run_case quantifier_cases[] = {
    {"s in stage deny when any c in s.commands: c.name == \"make\" at s message \"any\"",
     "2 any;5 ?;"},
    {"s in stage deny when all c in s.commands: c.name == \"make\" at s message \"all\"",
     "2 all;5 ?;"},
    {"s in stage deny when no c in s.commands: c.name == \"make\" at s message \"no\"",
     "5 ?;7 no;"},
    {"s in stage deny when one c in s.commands: c.name == \"make\" at s message \"one\"", "5 ?;"},
    {"s in stage deny when one c in s.commands: c.name == \"true\" at s message \"one\"",
     "5 ?;7 one;"},
    {"s in stage let m = filter c in s.commands: c.name == \"make\" deny when count(m) >= 2 at s "
     "message \"{count(m)}\"",
     "2 2;"},
    {"s in stage let m = filter c in s.commands: c.name == \"make\" deny when count(m) <= 1 at s "
     "message \"{count(m)}\"",
     "5 0 to 1;7 0;"},
    {"s in stage deny when any c in (filter d in s.commands: d.name == \"make\"): c.index >= 0 at "
     "s "
     "message \"x\"",
     "2 x;5 ?;"},
    {"s in stage deny when all c in (filter d in s.commands: d.name == \"make\"): c.index < 0 at s "
     "message \"x\"",
     "5 ?;7 x;"},
    {"s in stage each c in (filter d in s.commands: d.name == \"make\") deny when c.index >= 0 at "
     "c "
     "message \"{c.name}\"",
     "3 make;3 make;6 ?;"},
    {"s in stage let first-run = first(s.runs) where has first-run deny when first-run.posix at "
     "first-run message \"{s.index}\"",
     "3 0;6 1;10 2;"},
    {"s in stage deny when any n in [\"0\", \"a\", \"b\"]: s.label == n or "
     "starts-with(s.base-text, "
     "n) at s message \"{s.index}\"",
     "2 0;7 2;"},
    {"s in stage deny when all n in [\"a\", \"al\"]: starts-with(s.base-text, n) at s message "
     "\"{s.index}\"",
     "2 0;"},
    {"s in stage deny when no n in [\"a\", \"b\"]: starts-with(s.base-text, n) at s message "
     "\"{s.index}\"",
     "5 1;"},
    {"s in stage deny when no r in s.runs: all c in r.commands: c.name != \"make\" at s message "
     "\"{s.index}\"",
     "2 0;5 ?;"},
};

static void quantifiers_count_what_is_certain(void **state)
{
    (void)state;
    CHECK(quantifier_cases);
}

static const struct run_case shape_cases[] = {
    {"w in run, copy deny when w.index > 3 at w message \"{w.keyword}\"", "6 RUN;9 COPY;10 RUN;"},
    {"w in run, copy deny when w is copy and w.link at w message \"{w.destination} {w.from}\"",
     "4 /a (absent);"},
    {"i in instruction where i is copy deny when has i.from at i.from message \"{i.from}\"",
     "9 build;"},
    {"i in instruction deny when i is run and count(i.commands) > 1 at i message \"{i.label}\"",
     "3 RUN;"},
    {"s in final-stage deny when true at s message \"{s.index}\"", "7 2;"},
    {"s in stage deny when s is final-stage at s.runs message \"{s.index}\"", "7 2;"},
    {"s in stage deny when s.index != 1 and (s.name default \"none\") == \"none\" at s.name "
     "message "
     "\"{s.name}\"",
     "7 (absent);"},
    {"s in stage each r in s.runs each c in r.commands where is-tool(c.name) deny when c.index <= "
     "most at c message \"{c.index}\"",
     "3 0;3 1;6 ?;"},
    {"s in stage where has s.base-stage deny a when s.base-stage.name default \"\" == \"build\" at "
     "s also at s.base-stage \"base\" message \"a\" deny b when s.base-stage == s at s message "
     "\"b\"",
     "7 a;"},
    {"c in command where c.name in names deny when count(tools) == 2 at c message \"{tools}\"",
     "3 make, cc;3 make, cc;6 ?;"},
    {"c in command deny when c.name == \"make\" and c.path != \"cc\" at c message \"{c.index}\"",
     "3 0;3 1;6 ?;"},
};

static void shapes_and_places(void **state)
{
    (void)state;
    CHECK(shape_cases);
}

/* Two ways to say the same; `for s in stage` stands before both. */
static const struct {
    const char *one;
    const char *other;
} equals[] = {
    {"deny when any c in s.commands: c.name == \"make\"",
     "deny when not (all c in s.commands: c.name != \"make\")"},
    {"deny when no c in s.commands: c.name == \"make\"",
     "deny when all c in s.commands: not (c.name == \"make\")"},
    {"deny when one c in s.commands: c.name == \"true\"",
     "deny when count(filter c in s.commands: c.name == \"true\") == 1"},
    {"deny when has s.root-image and s.index < 2",
     "deny when not (not has s.root-image or s.index >= 2)"},
    {"where has s.root-image deny when s.index < 2", "deny when has s.root-image and s.index < 2"},
    {"where has s.name and s.name == \"build\" deny when s.index == 0",
     "where not (not has s.name or s.name != \"build\") deny when s.index == 0"},
    {"where s.base-text in [\"build\", \"alpine:3.20\"] deny when true",
     "where not (s.base-text not in [\"build\", \"alpine:3.20\"]) deny when true"},
    {"deny when any c in (filter d in s.commands: d.name == \"make\"): c.index >= 0",
     "deny when any c in s.commands: c.name == \"make\" and c.index >= 0"},
    {"deny when all c in (filter d in s.commands: d.name == \"make\"): c.index < 0",
     "deny when all c in s.commands: c.name != \"make\" or c.index < 0"},
    {"deny when both(s.is-final, has s.root-image)", "deny when s.is-final and has s.root-image"},
    {"let f = has s.root-image where not f deny when true",
     "where not has s.root-image deny when true"},
    {"deny when (s.name default \"none\") == \"none\"",
     "deny when not has s.name or s.name == \"none\""},
};

static void same_outcomes(struct facts *facts, struct buf *out, const char *body)
{
    struct buf text;
    struct compile_help help;
    struct report *report = NULL;
    const struct eval_options options = {0};
    buf_init(&text, NULL, 1 << 16);
    buf_printf(&text,
               "def both(a: bool, b: bool) = a and b\n%sfor s in stage %s at s message "
               "\"{s}\" }\n",
               COMPILE_HEAD, body);
    compile_help_init(&help, NULL, text.data);
    if (help.compiled == NULL) {
        fail_msg("%s\n%s", body, help.summary.data);
    }
    assert_int_equal(eval_run(&report, help.compiled->program, facts, &options, NULL),
                     PLIM_STATUS_OK);
    write_outcomes(out, report, facts);
    report_free(report);
    compile_help_release(&help);
    buf_release(&text);
}

static void two_ways_to_say_it_are_one(void **state)
{
    (void)state;
    struct facts *facts = read_facts();
    struct buf one;
    struct buf other;
    buf_init(&one, NULL, 1 << 16);
    buf_init(&other, NULL, 1 << 16);
    for (size_t i = 0; i < sizeof equals / sizeof equals[0]; i++) {
        same_outcomes(facts, &one, equals[i].one);
        same_outcomes(facts, &other, equals[i].other);
        if (strcmp(one.data, other.data) != 0) {
            fail_msg("%s: %s\n%s: %s", equals[i].one, one.data, equals[i].other, other.data);
        }
    }
    buf_release(&one);
    buf_release(&other);
    facts_free(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_is_neither_true_nor_false),
        cmocka_unit_test(quantifiers_count_what_is_certain),
        cmocka_unit_test(shapes_and_places),
        cmocka_unit_test(two_ways_to_say_it_are_one),
    };
    return cmocka_run_group_tests_name("language_run", tests, NULL, NULL);
}
