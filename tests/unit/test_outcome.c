/* SPDX-License-Identifier: Apache-2.0
 *
 * test_outcome.c - order, repeats, caps and names of outcomes; failing memory.
 */
#include "runtime/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/assembler.h"
#include "tests/unit/fault_alloc.h"

enum { PLACES = 6 };

struct fixture {
    struct program *program;
    struct facts *facts;
    fact_loc locs[PLACES]; /* in files b, a, b, a, ... at falling offsets */
};

static void open_fixture(struct fixture *f)
{
    struct assembler as;
    source_id sources[2];
    assembler_init(&as, "");
    for (unsigned i = 0; i < 2; i++) {
        assembler_rule(&as, i == 0 ? "zebra" : "ant");
        assembler_arm(&as, "second", MEMBER_severity_low);
        assembler_unit(&as, FACT_KIND_stage, FACT_VIEW_none);
        assembler_abc(&as, OP_END, 0, 0, 0);
    }
    as.rules[1].unknown = PROGRAM_UNKNOWN_DENY;
    f->program = assembler_verified(&as);
    assert_int_equal(facts_new(&f->facts, NULL, 0, 1), PLIM_STATUS_OK);
    assert_int_equal(source_add(&f->facts->sources, &sources[0], STR("b"), STR("xxxxxxxxx")),
                     PLIM_STATUS_OK);
    assert_int_equal(source_add(&f->facts->sources, &sources[1], STR("a"), STR("xxxxxxxxx")),
                     PLIM_STATUS_OK);
    for (unsigned i = 0; i < PLACES; i++) {
        f->locs[i] = facts_add_loc(
            f->facts,
            (struct span){.source = sources[i % 2], .start = PLACES - i, .end = PLACES - i + 1});
        fact_row row = facts_add_row(f->facts, FACT_KIND_stage, f->locs[i]);
        facts_set_str(f->facts, FACT_KIND_stage, row, FIELD_stage_label, STR("stage x"), 0);
    }
    assert_int_equal(facts_freeze(f->facts), PLIM_STATUS_OK);
}

static void close_fixture(struct fixture *f)
{
    facts_free(f->facts);
    program_release(f->program);
}

static struct outcome denied(const struct fixture *f, unsigned place, uint32_t rule, uint32_t arm)
{
    return (struct outcome){.kind = OUTCOME_DENIED,
                            .rule = rule,
                            .arm = f->program->rules[rule].first_arm + arm,
                            .subject_kind = FACT_KIND_stage,
                            .subject = place,
                            .loc = f->locs[place],
                            .message = STR("m")};
}

static void add_all(const struct fixture *f, struct report *report)
{
    for (unsigned i = 0; i < PLACES; i++) {
        for (uint32_t rule = 0; rule < 2; rule++) {
            for (uint32_t arm = 2; arm > 0; arm--) {
                struct outcome outcome = denied(f, i, rule, arm - 1);
                report_add(report, &outcome);
            }
        }
    }
}

static void order_is_path_offset_rule_arm(void **state)
{
    (void)state;
    struct fixture f;
    struct report *report = NULL;
    open_fixture(&f);
    assert_int_equal(report_new(&report, NULL, f.program, f.facts, 0, 0), PLIM_STATUS_OK);
    add_all(&f, report);
    assert_int_equal(report_finish(report), PLIM_STATUS_OK);
    assert_int_equal(report->count, PLACES * 4);
    for (size_t i = 0; i < report->count; i++) {
        const struct outcome *o = &report->items[i];
        size_t half = report->count / 2;
        assert_int_equal(o->span.source, i < half ? 1 : 0); /* "a" was added second */
        uint32_t step = (uint32_t)(i % half / 4);
        assert_int_equal(o->span.start, 2 * step + (i < half ? 1 : 2));
        assert_int_equal(o->rule, i % 4 < 2 ? 1 : 0); /* "ant" before "zebra" */
        assert_int_equal(o->arm, f.program->rules[o->rule].first_arm + i % 2);
    }
    assert_int_equal(report->findings_by_severity[MEMBER_severity_high], PLACES * 2);
    assert_int_equal(report->findings_by_severity[MEMBER_severity_low], PLACES * 2);
    report_free(report);
    close_fixture(&f);
}

static void repeated_doubts_are_dropped(void **state)
{
    (void)state;
    struct fixture f;
    struct report *report = NULL;
    open_fixture(&f);
    assert_int_equal(report_new(&report, NULL, f.program, f.facts, 0, 0), PLIM_STATUS_OK);
    struct outcome doubt = denied(&f, 0, 1, 0);
    struct outcome other = denied(&f, 1, 1, 0);
    doubt.kind = OUTCOME_UNDECIDED;
    other.kind = OUTCOME_UNDECIDED;
    for (unsigned i = 0; i < 3; i++) {
        report_add(report, &doubt);
        report_add(report, &doubt);
        report_add(report, &other);
    }
    struct outcome finding = denied(&f, 0, 1, 0);
    report_add(report, &finding);
    report_add(report, &finding); /* findings are never dropped */
    assert_int_equal(report_finish(report), PLIM_STATUS_OK);
    assert_int_equal(report->count, 4);
    report_free(report);
    close_fixture(&f);
}

/* A finding shows what its value replaced, and what that had replaced, up to a bound. */
static void earlier_places_are_shown(void **state)
{
    (void)state;
    for (uint32_t chain = OUTCOME_MAX_EARLIER - 1; chain <= OUTCOME_MAX_EARLIER + 1; chain++) {
        struct fixture f;
        struct report *report = NULL;
        open_fixture(&f);
        struct outcome outcome = denied(&f, 1, 0, 0);
        for (uint32_t i = 0; i < chain; i++) {
            struct span span = {.source = 0, .start = i, .end = i + 1};
            outcome.loc = facts_add_loc_over(f.facts, span, outcome.loc);
        }
        struct outcome_place own = {.loc = f.locs[0], .label = STR("mine")};
        outcome.related = &own;
        outcome.related_count = 1;
        assert_int_equal(report_new(&report, NULL, f.program, f.facts, 0, 0), PLIM_STATUS_OK);
        report_add(report, &outcome);
        outcome.kind = OUTCOME_UNDECIDED;
        report_add(report, &outcome);
        assert_int_equal(report_settle(report), PLIM_STATUS_OK);
        uint32_t shown = chain < OUTCOME_MAX_EARLIER ? chain : OUTCOME_MAX_EARLIER;
        assert_int_equal(report->items[0].related_count, 1 + shown);
        assert_true(str_eq(report->items[0].related[0].label, STR("mine")));
        assert_int_equal(report->items[0].related[1].span.start, chain - 2);
        assert_true(
            str_eq(report->items[0].related[shown].label, STR("overrides the value set here")));
        assert_int_equal(report->items[1].related_count, 1);
        report_free(report);
        close_fixture(&f);
    }
}

static void more_than_the_cap_is_counted(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    for (size_t most = PLACES * 4 - 1; most <= PLACES * 4 + 1; most++) {
        struct report *report = NULL;
        assert_int_equal(report_new(&report, NULL, f.program, f.facts, most, 0), PLIM_STATUS_OK);
        add_all(&f, report);
        assert_int_equal(report_finish(report), PLIM_STATUS_OK);
        size_t kept = most < PLACES * 4 ? most : PLACES * 4;
        assert_int_equal(report->count, kept);
        assert_int_equal(report->not_shown, PLACES * 4 - kept);
        assert_int_equal(report->rules[0].findings, PLACES * 2);
        assert_int_equal(report_totals(report).findings, PLACES * 4);
        report_free(report);
    }
    close_fixture(&f);
}

static void fingerprints_name_what_matters(void **state)
{
    (void)state;
    struct fixture f;
    struct report *report = NULL;
    char base[33];
    char other[33];
    open_fixture(&f);
    assert_int_equal(report_new(&report, NULL, f.program, f.facts, 0, 0), PLIM_STATUS_OK);
    struct outcome first = denied(&f, 0, 0, 0);
    first.span = facts_span(f.facts, first.loc);
    report_fingerprint(report, &first, base);
    struct outcome moved = denied(&f, 2, 0, 0); /* another line of the same file */
    moved.span = facts_span(f.facts, moved.loc);
    report_fingerprint(report, &moved, other);
    assert_string_equal(base, other);
    struct outcome changes[4] = {denied(&f, 1, 0, 0), denied(&f, 0, 1, 0), denied(&f, 0, 0, 1),
                                 denied(&f, 0, 0, 0)};
    changes[3].message = STR("n");
    for (unsigned i = 0; i < 4; i++) {
        changes[i].span = facts_span(f.facts, changes[i].loc);
        report_fingerprint(report, &changes[i], other);
        assert_string_not_equal(base, other);
    }
    assert_true(str_eq(report_subject(report, &first), STR("stage x")));
    first.subject = FACT_NO_ROW;
    assert_int_equal(report_subject(report, &first).len, 0);
    report_free(report);
    close_fixture(&f);
}

static plim_status report_with(const plim_allocator *allocator, void *user)
{
    const struct fixture *f = user;
    struct report *report = NULL;
    plim_status status = report_new(&report, allocator, f->program, f->facts, 0, 0);
    if (status == PLIM_STATUS_OK) {
        add_all(f, report);
        status = report_finish(report);
    }
    if (status == PLIM_STATUS_OK) {
        assert_int_equal(report->count, PLACES * 4);
    }
    report_free(report);
    return status;
}

static void failing_memory_is_told(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    fault_alloc_run(report_with, &f);
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_path_offset_rule_arm),
        cmocka_unit_test(repeated_doubts_are_dropped),
        cmocka_unit_test(earlier_places_are_shown),
        cmocka_unit_test(more_than_the_cap_is_counted),
        cmocka_unit_test(fingerprints_name_what_matters),
        cmocka_unit_test(failing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
