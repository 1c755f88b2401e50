/* SPDX-License-Identifier: Apache-2.0
 *
 * test.c - runs the tests of a compiled pack: facts from what is given, an evaluation of the rules
 * under test, expectations against its outcomes. A failing expectation is shown at its place with
 * what happened instead, and with the values of the conditions that decided it.
 */
#include "api/compile.h"
#include "api/test_given.h"

#include "core/alloc.h"
#include "core/diag_text.h"
#include "core/glob.h"
#include "core/sanitize.h"
#include "runtime/trace.h"

enum { SHOWN_FINDINGS = 5, SHOWN_TRACES = 3 };

/* A run over all tests. */
struct test_run {
    struct compilation c;
    plim_test_options options;
    struct trace_count *counts; /* one per instruction, when coverage is asked for */
    plim_test_summary sum;
    struct buf out;
    struct diag_list failures; /* of the current test */
};

/* One test being run. */
struct test_case {
    struct test_run *run;
    const struct compiled_test *test;
    struct facts *facts;
    struct eval_options eval;
    struct arena arena;
    struct report *report;
    bool failed;
};

static struct str rule_name(const struct test_run *run, uint32_t rule)
{
    const struct program *program = run->c.pack->program;
    return program_str(program, program->rules[rule].name);
}

/* Facts of what the test gives; what cannot be read yet fails the test instead of being ignored. */
static plim_status build_facts(struct test_case *t)
{
    const plim_budget *budget = t->run->options.budget;
    plim_status status =
        facts_new(&t->facts, t->run->c.allocator, budget != NULL ? budget->memory_bytes : 0, 0);
    if (status == PLIM_STATUS_OK) {
        status = test_given_read(t->facts, t->test->givens, &t->run->failures, &t->failed);
    }
    return status == PLIM_STATUS_OK ? facts_freeze(t->facts) : status;
}

static plim_status evaluate(struct test_case *t, plim_error *error)
{
    const struct compiled_test *test = t->test;
    const struct program *program = t->run->c.pack->program;
    uint8_t *selected = ARENA_ARRAY(&t->arena, uint8_t, (size_t)program->rule_count + 1);
    if (selected == NULL) {
        return door_status(error, PLIM_STATUS_NOMEM);
    }
    for (size_t i = 0; i < test->rule_count; i++) {
        selected[test->rules[i]] = 1;
    }
    t->eval = (struct eval_options){
        .allocator = t->run->c.allocator,
        .params = test->params,
        .param_count = test->param_count,
        .selected = selected,
        .now_ns = test->has_now ? test->now_ns : 0,
    };
    plim_status status = eval_run(&t->report, program, t->facts, &t->eval, error);
    if (status == PLIM_STATUS_OK && t->run->counts != NULL) {
        status = trace_coverage(t->run->counts, program, t->facts, &t->eval, error);
    }
    return status == PLIM_STATUS_LIMIT && t->report != NULL ? PLIM_STATUS_OK : status;
}

static bool fits_place(const struct test_case *t, const struct compiled_expect *expect,
                       const struct outcome *outcome)
{
    const struct source *source = source_get(&t->facts->sources, outcome->span.source);
    if (expect->file.len > 0 && (source == NULL || !str_eq(source->name, expect->file))) {
        return false;
    }
    return expect->line == 0 ||
           (source != NULL && source_line_number(&t->facts->sources, outcome->span.source,
                                                 outcome->span.start) == expect->line);
}

static bool fits(const struct test_case *t, const struct compiled_expect *expect,
                 const struct outcome *outcome)
{
    const struct program *program = t->report->program;
    if (expect->kind == AST_EXPECT_MESSAGE) {
        return outcome->kind == OUTCOME_DENIED && glob_match(expect->pattern, outcome->message);
    }
    if (expect->kind == AST_EXPECT_UNKNOWN) {
        return outcome->kind == OUTCOME_UNDECIDED && outcome->rule == expect->rule;
    }
    if (outcome->kind != OUTCOME_DENIED) {
        return false;
    }
    if (expect->kind != AST_EXPECT_FINDING) {
        return true;
    }
    return outcome->rule == expect->rule &&
           (expect->arm == COMPILE_ANY ||
            outcome->arm == program->rules[expect->rule].first_arm + expect->arm) &&
           fits_place(t, expect, outcome);
}

static bool holds(const struct test_case *t, const struct compiled_expect *expect, uint64_t *found)
{
    *found = 0;
    for (size_t i = 0; i < t->report->count; i++) {
        *found += fits(t, expect, &t->report->items[i]);
    }
    if (expect->kind == AST_EXPECT_COUNT) {
        return (uint64_t)expect->count == *found;
    }
    return expect->kind == AST_EXPECT_NONE ? *found == 0 : *found > 0;
}

/* What came out instead, as notes. */
static void note_outcomes(struct test_case *t, struct diag *diag)
{
    struct diag_list *list = &t->run->failures;
    for (size_t i = 0; i < t->report->count && i < SHOWN_FINDINGS; i++) {
        const struct outcome *outcome = &t->report->items[i];
        const struct source *source = source_get(&t->facts->sources, outcome->span.source);
        struct str path = source != NULL ? source->name : STR("");
        uint32_t line =
            source != NULL
                ? source_line_number(&t->facts->sources, outcome->span.source, outcome->span.start)
                : 0;
        const char *what = outcome->kind == OUTCOME_DENIED      ? "finding"
                           : outcome->kind == OUTCOME_UNDECIDED ? "unknown"
                                                                : "not evaluated";
        struct str arm =
            outcome->arm < t->report->program->arm_count
                ? program_str(t->report->program, t->report->program->arms[outcome->arm].name)
                : STR("");
        diag_add_note(list, diag, "got %s %.*s%s%.*s at \"%.*s\" line %u: %.*s", what,
                      STR_FMT(rule_name(t->run, outcome->rule)), arm.len > 0 ? "/" : "",
                      STR_FMT(arm), STR_FMT(path), (unsigned)line, STR_FMT(outcome->message));
    }
    if (t->report->count == 0) {
        diag_add_note(list, diag, "got nothing: no finding, nothing unknown");
    } else if (t->report->count > SHOWN_FINDINGS) {
        diag_add_note(list, diag, "and %zu more", t->report->count - SHOWN_FINDINGS);
    }
}

static void report_failure(struct test_case *t, const struct compiled_expect *expect,
                           uint64_t found)
{
    t->failed = true;
    struct diag *diag = diag_report(&t->run->failures, DIAG_test_failed, expect->span,
                                    "test \"%.*s\" fails here", STR_FMT(t->test->title));
    if (expect->kind == AST_EXPECT_COUNT || expect->kind == AST_EXPECT_NONE) {
        diag_set_caret(&t->run->failures, diag, "there %s %llu", found == 1 ? "is" : "are",
                       (unsigned long long)found);
    } else {
        diag_set_caret(&t->run->failures, diag, "there is none");
    }
    note_outcomes(t, diag);
}

/* The conditions of the rule an expectation is about, or of those under test. */
static void trace_failure(struct test_case *t, const struct compiled_expect *expect)
{
    bool named = expect->kind == AST_EXPECT_FINDING || expect->kind == AST_EXPECT_UNKNOWN;
    size_t count = named ? 1 : t->test->rule_count;
    for (size_t i = 0; i < count && i < SHOWN_TRACES; i++) {
        uint32_t rule = named ? expect->rule : t->test->rules[i];
        plim_error ignored = PLIM_ERROR_INIT;
        struct buf text;
        buf_init(&text, t->run->c.allocator, 1 << 20);
        plim_status status =
            trace_rule(&text, t->report->program, t->facts, rule, STR(""), 0, &t->eval, &ignored);
        if (status == PLIM_STATUS_OK) {
            door_append_safe(&t->run->out, buf_view(&text));
        } else if (status == PLIM_STATUS_NOT_FOUND) {
            buf_printf(&t->run->out, "  %.*s: no subject in what is given\n",
                       STR_FMT(rule_name(t->run, rule)));
        }
        buf_release(&text);
    }
}

/* Moves what the current test reported to the output. */
static void show_failures(struct test_case *t)
{
    struct diag_list *list = &t->run->failures;
    struct diag_style style = {.color = t->run->options.color != 0};
    diag_list_sort(list);
    diag_text_write_list(&t->run->out, &t->run->c.sources, list, style);
    diag_list_clear(list);
}

static void check_expectations(struct test_case *t)
{
    for (size_t i = 0; i < t->test->expect_count; i++) {
        const struct compiled_expect *expect = &t->test->expects[i];
        uint64_t found;
        if (!holds(t, expect, &found)) {
            report_failure(t, expect, found);
            show_failures(t);
            trace_failure(t, expect);
        }
    }
    for (size_t i = 0; i < t->report->count; i++) {
        const struct outcome *outcome = &t->report->items[i];
        if (outcome->kind == OUTCOME_ERROR) {
            t->failed = true;
            (void)diag_report(&t->run->failures, DIAG_test_failed, t->test->span,
                              "rule `%.*s` was not evaluated: %.*s",
                              STR_FMT(rule_name(t->run, outcome->rule)), STR_FMT(outcome->message));
        }
    }
}

static plim_status run_test(struct test_run *run, const struct compiled_test *test,
                            plim_error *error)
{
    struct test_case t = {.run = run, .test = test};
    arena_init(&t.arena, run->c.allocator, 0);
    plim_status status = door_status(error, build_facts(&t));
    if (status == PLIM_STATUS_OK) {
        status = evaluate(&t, error);
    }
    if (status == PLIM_STATUS_OK) {
        check_expectations(&t);
        show_failures(&t);
        /* Lines are looked up on demand; without memory for that a test has not been judged. */
        status = door_status(error, source_set_status(&t.facts->sources));
    }
    if (status == PLIM_STATUS_OK) {
        run->sum.passed += !t.failed;
        run->sum.failed += t.failed;
        if (run->options.verbose != 0 || t.failed) {
            buf_append_cstr(&run->out, t.failed ? "FAIL: " : "ok: ");
            sanitize_append(&run->out, test->title, 200);
            buf_append_char(&run->out, '\n');
        }
    }
    report_free(t.report);
    facts_free(t.facts);
    arena_release(&t.arena);
    return status;
}

static bool is_wanted(const struct test_run *run, const struct compiled_test *test)
{
    for (size_t i = 0; i < run->options.rule_count; i++) {
        for (size_t r = 0; r < test->rule_count; r++) {
            if (policy_selector_fits(run->c.pack->program, test->rules[r],
                                     str_from_cstr(run->options.rules[i]))) {
                return true;
            }
        }
    }
    return run->options.rule_count == 0;
}

static plim_status run_all(struct test_run *run, plim_error *error)
{
    const struct compiled *pack = run->c.pack;
    size_t code_bytes = ((size_t)pack->program->code_count + 1) * sizeof *run->counts;
    if (run->options.coverage != 0) {
        run->counts = alloc_zeroed(run->c.allocator, code_bytes);
        if (run->counts == NULL) {
            return door_status(error, PLIM_STATUS_NOMEM);
        }
    }
    plim_status status = PLIM_STATUS_OK;
    for (size_t i = 0; i < pack->test_count && status == PLIM_STATUS_OK; i++) {
        if (is_wanted(run, &pack->tests[i])) {
            status = run_test(run, &pack->tests[i], error);
        }
    }
    if (run->counts != NULL) {
        if (status == PLIM_STATUS_OK) {
            trace_print_coverage(&run->out, pack->program, run->counts, NULL);
        }
        alloc_free(run->c.allocator, run->counts, code_bytes);
    }
    buf_printf(&run->out, "%zu passed, %zu failed\n", run->sum.passed, run->sum.failed);
    return status;
}

plim_status plim_test(const plim_source *sources, size_t count, const plim_compile_options *compile,
                      const plim_test_options *options, plim_diags *diags,
                      plim_test_summary *summary, plim_text *out, plim_error *error)
{
    struct test_run run = {.options = PLIM_TEST_OPTIONS_INIT, .sum = PLIM_TEST_SUMMARY_INIT};
    if (summary == NULL || out == NULL ||
        door_options(&run.options, sizeof run.options, options) != PLIM_STATUS_OK) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    plim_status status = compilation_run(&run.c, sources, count, compile, diags, error);
    if (status == PLIM_STATUS_OK) {
        buf_init(&run.out, run.c.allocator, API_MAX_TEXT);
        diag_list_init(&run.failures, run.c.allocator);
        status = run_all(&run, error);
        diag_list_release(&run.failures);
        if (status == PLIM_STATUS_OK) {
            status = door_status(error, door_take(out, &run.out));
        }
        buf_release(&run.out);
    }
    if (status == PLIM_STATUS_OK) {
        door_fill(summary, &run.sum, sizeof run.sum);
    }
    compilation_release(&run.c);
    return status;
}
