/* SPDX-License-Identifier: Apache-2.0
 *
 * test_run.c - the limits of what one outcome may hold, and of policies in one evaluation: each one
 * below, at, and one above.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <plimsoll/plimsoll.h>

#include "api/select.h"
#include "facts/dockerfile/df_facts.h"
#include "runtime/eval.h"
#include "runtime/vm.h"
#include "tests/unit/compile_help.h"

/* What the only outcome of a run held. */
struct seen {
    enum outcome_kind kind;
    size_t message_length;
    bool message_has_more;
    size_t places;
    size_t fixes;
};

static struct facts *read_facts(const char *dockerfile)
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

/* Runs one rule on a Dockerfile; it must have exactly one outcome. */
static struct seen run(const char *rule, const char *dockerfile)
{
    struct compile_help help;
    compile_help_init(&help, NULL, rule);
    if (help.compiled == NULL) {
        fail_msg("%s", help.summary.data);
    }
    struct facts *facts = read_facts(dockerfile);
    struct report *report = NULL;
    const struct eval_options options = {0};
    plim_status status = eval_run(&report, help.compiled->program, facts, &options, NULL);
    assert_true(status == PLIM_STATUS_OK || status == PLIM_STATUS_LIMIT);
    assert_int_equal(report->count, 1);
    const struct outcome *outcome = &report->items[0];
    struct seen seen = {.kind = outcome->kind,
                        .message_length = outcome->message.len,
                        .message_has_more =
                            str_find(outcome->message, STR(" more")) < outcome->message.len,
                        .places = outcome->related_count,
                        .fixes = outcome->fix_count};
    report_free(report);
    facts_free(facts);
    compile_help_release(&help);
    return seen;
}

static const char one_stage[] = "FROM alpine:3.20\n";

/* Appends `count` times `text`. */
static void repeat(struct buf *out, const char *text, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        buf_append_cstr(out, text);
    }
}

static struct seen run_with(const char *front, const char *text, unsigned count, const char *end)
{
    struct buf rule;
    buf_init(&rule, NULL, 1 << 20);
    buf_append_cstr(&rule, front);
    repeat(&rule, text, count);
    buf_append_cstr(&rule, end);
    struct seen seen = run(rule.data, one_stage);
    buf_release(&rule);
    return seen;
}

#define DENY "for s in stage\ndeny when s.index == 0\nat s\n"

static void further_places(void **state)
{
    (void)state;
    for (unsigned n = VM_MAX_PLACES - 1; n <= VM_MAX_PLACES + 1; n++) {
        struct seen seen =
            run_with(COMPILE_HEAD DENY, "also at s\n", n, "message \"{s.label}\"\n}\n");
        assert_int_equal(seen.places, n < VM_MAX_PLACES ? n : VM_MAX_PLACES);
    }
}

static void fixes(void **state)
{
    (void)state;
    for (unsigned n = VM_MAX_FIXES - 1; n <= VM_MAX_FIXES + 1; n++) {
        struct seen seen =
            run_with(COMPILE_HEAD DENY "message \"{s.label}\"\n", "fix safe delete s\n", n, "}\n");
        assert_int_equal(seen.fixes, n < VM_MAX_FIXES ? n : VM_MAX_FIXES);
    }
}

/* The message is made of pieces; the first one that does not fit is left out whole. */
static void message_bytes(void **state)
{
    (void)state;
    for (unsigned n = VM_MAX_MESSAGE - 1; n <= VM_MAX_MESSAGE + 1; n++) {
        struct seen seen = run_with(COMPILE_HEAD DENY "message \"{s.index}", "x", n - 1, "\"\n}\n");
        assert_int_equal(seen.message_length, n <= VM_MAX_MESSAGE ? n : 1);
    }
}

static void bytes_of_one_value(void **state)
{
    (void)state;
    for (unsigned n = VM_MAX_PIECE - 1; n <= VM_MAX_PIECE + 1; n++) {
        struct buf dockerfile;
        buf_init(&dockerfile, NULL, 1 << 16);
        buf_append_cstr(&dockerfile, "FROM alpine:3.20\nENV A=");
        repeat(&dockerfile, "x", n);
        buf_append_cstr(&dockerfile, "\n");
        struct seen seen = run(COMPILE_RULE("for v in variable\nlet text = v.value default \"\"\n"
                                            "deny when has v.value\nat v\n"
                                            "message \"{text}\""),
                               dockerfile.data);
        size_t expected = n <= VM_MAX_PIECE ? n : VM_MAX_PIECE + strlen("...");
        assert_int_equal(seen.message_length, expected);
        buf_release(&dockerfile);
    }
}

/* What a function may make: here of the body of a heredoc, whose last byte is its line end. */
static void bytes_of_a_made_text(void **state)
{
    (void)state;
    for (unsigned n = VM_MAX_TEXT - 1; n <= VM_MAX_TEXT + 1; n++) {
        struct buf dockerfile;
        buf_init(&dockerfile, NULL, VM_MAX_TEXT * 2);
        buf_append_cstr(&dockerfile, "FROM alpine:3.20\nRUN <<E\n");
        for (unsigned left = n; left > 0;) {
            unsigned line = left > 1000 ? 1000 : left;
            buf_append_repeated(&dockerfile, 'X', line - 1);
            buf_append_char(&dockerfile, '\n');
            left -= line;
        }
        buf_append_cstr(&dockerfile, "E\n");
        struct seen seen = run(COMPILE_RULE("for h in heredoc\ndeny when lower(h.body) != \"\"\n"
                                            "at h\nmessage \"{h.name}\""),
                               dockerfile.data);
        assert_int_equal(seen.kind, n <= VM_MAX_TEXT ? OUTCOME_DENIED : OUTCOME_ERROR);
        buf_release(&dockerfile);
    }
}

static void items_of_a_list_in_a_message(void **state)
{
    (void)state;
    for (unsigned n = VM_MAX_SHOWN_ITEMS - 1; n <= VM_MAX_SHOWN_ITEMS + 1; n++) {
        struct buf dockerfile;
        buf_init(&dockerfile, NULL, 1 << 16);
        buf_append_cstr(&dockerfile, "FROM alpine:3.20\n");
        repeat(&dockerfile, "RUN true\n", n);
        struct seen seen = run(COMPILE_RULE("for s in stage\ndeny when s.index == 0\nat s\n"
                                            "message \"{s.runs}\""),
                               dockerfile.data);
        assert_int_equal(seen.message_has_more, n > VM_MAX_SHOWN_ITEMS);
        buf_release(&dockerfile);
    }
}

/* A policy of one rule whose name and id hold `number`. */
static plim_policy *make_policy(unsigned number)
{
    struct buf text;
    buf_init(&text, NULL, 1000);
    buf_printf(&text,
               "rule r%u {\nid \"PL6%03u\"\ntitle \"t\"\nwhy \"w\"\nremedy \"m\"\nseverity low\n"
               "section style\nsince \"1.0.0\"\n" DENY "message \"{s.label}\"\n}\n",
               number, number);
    plim_source source = {"r.plim", text.data, text.len};
    plim_policy *policy = NULL;
    assert_int_equal(plim_policy_compile(&policy, &source, 1, NULL, NULL, NULL), PLIM_STATUS_OK);
    buf_release(&text);
    return policy;
}

static void policies_of_one_evaluation(void **state)
{
    (void)state;
    plim_policy *policies[SELECT_MAX_POLICIES + 1];
    for (unsigned i = 0; i <= SELECT_MAX_POLICIES; i++) {
        policies[i] = make_policy(i);
    }
    plim_facts *facts = NULL;
    assert_int_equal(plim_facts_new(&facts, NULL, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "Dockerfile", one_stage,
                                    strlen(one_stage), NULL, NULL),
                     PLIM_STATUS_OK);
    assert_int_equal(plim_facts_freeze(facts, NULL), PLIM_STATUS_OK);
    for (size_t n = SELECT_MAX_POLICIES - 1; n <= SELECT_MAX_POLICIES + 1; n++) {
        plim_result *result = NULL;
        plim_status status = plim_eval(&result, policies, n, facts, NULL, NULL);
        bool allowed = n <= SELECT_MAX_POLICIES;
        assert_int_equal(status, allowed ? PLIM_STATUS_OK : PLIM_STATUS_USAGE);
        assert_int_equal(plim_result_count(result), allowed ? n : 0);
        plim_result_free(result);
    }
    plim_facts_free(facts);
    for (size_t i = 0; i <= SELECT_MAX_POLICIES; i++) {
        plim_policy_release(policies[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(further_places),
        cmocka_unit_test(fixes),
        cmocka_unit_test(message_bytes),
        cmocka_unit_test(bytes_of_one_value),
        cmocka_unit_test(bytes_of_a_made_text),
        cmocka_unit_test(items_of_a_list_in_a_message),
        cmocka_unit_test(policies_of_one_evaluation),
    };
    return cmocka_run_group_tests_name("limits of a run", tests, NULL, NULL);
}
