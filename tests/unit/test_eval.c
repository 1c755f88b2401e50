/* SPDX-License-Identifier: Apache-2.0
 *
 * test_eval.c - whole evaluations of programs assembled by hand: findings, doubts, views, guards,
 * loops, filters, budgets.
 */
#include "runtime/eval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/assembler.h"
#include "tests/unit/fault_alloc.h"

/* ---- facts --------------------------------------------------------------------------------- */

struct world {
    struct facts *facts;
    fact_row stages[3];
    fact_row user;
    fact_cause cause;
    source_id source;
};

/* Stages "base" (index 0), "build" (1), "app" (2, final); the last runs as root. */
static plim_status make_world(struct world *world, const plim_allocator *allocator)
{
    static const char *const labels[] = {"stage base", "stage build", "stage app"};
    struct facts *facts = NULL;
    plim_status status = facts_new(&facts, allocator, 0, 7);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    status = source_add(&facts->sources, &world->source, STR("Dockerfile"),
                        STR("FROM a\nFROM b\nFROM c\nUSER root\nRUN x\n"));
    struct arena scratch;
    arena_init(&scratch, allocator, 0);
    world->facts = facts;
    for (unsigned i = 0; i < 3 && status == PLIM_STATUS_OK; i++) {
        fact_loc loc = facts_add_loc(
            facts, (struct span){.source = world->source, .start = 7 * i, .end = 7 * i + 6});
        fact_row row = facts_add_row(facts, FACT_KIND_stage, loc);
        facts_set_str(facts, FACT_KIND_stage, row, FIELD_stage_label, str_from_cstr(labels[i]),
                      FACT_NO_LOC);
        facts_set_int(facts, FACT_KIND_stage, row, FIELD_stage_index, i, FACT_NO_LOC);
        facts_set_bool(facts, FACT_KIND_stage, row, FIELD_stage_is_final, i == 2, FACT_NO_LOC);
        struct fact_items shell = {0};
        for (unsigned k = 0; k <= i; k++) {
            static const char *const words[] = {"/bin/sh", "-c", "-e"};
            fact_items_add_str(&shell, &scratch, facts, str_from_cstr(words[k]), loc);
        }
        facts_set_list(facts, FACT_KIND_stage, row, FIELD_stage_shell, &shell, loc);
        world->stages[i] = row;
    }
    fact_loc place =
        facts_add_loc(facts, (struct span){.source = world->source, .start = 21, .end = 30});
    world->user = facts_add_row(facts, FACT_KIND_user, place);
    facts_set_int(facts, FACT_KIND_user, world->user, FIELD_user_uid, 0, FACT_NO_LOC);
    facts_set_row(facts, FACT_KIND_stage, world->stages[2], FIELD_stage_user, world->user, place);
    world->cause = facts_add_cause(facts, STR("U has no default"), place);
    facts_set_unknown(facts, FACT_KIND_stage, world->stages[1], FIELD_stage_user, world->cause,
                      FACT_NO_LOC);
    status = status == PLIM_STATUS_OK ? arena_status(&scratch) : status;
    status = status == PLIM_STATUS_OK ? facts_freeze(facts) : status;
    arena_release(&scratch);
    return status;
}

static struct world new_world(void)
{
    struct world world;
    assert_int_equal(make_world(&world, NULL), PLIM_STATUS_OK);
    return world;
}

/* ---- programs ------------------------------------------------------------------------------ */

/* deny when s.user.uid == 0 at s.user "{s.label} is root", over a view of stage. */
static void assemble_user_root(struct assembler *as, enum fact_view view)
{
    assembler_rule(as, "user-root");
    assembler_unit(as, FACT_KIND_stage, view);
    unsigned user = assembler_row(as, FACT_KIND_user);
    unsigned uid = assembler_base(as, PROGRAM_INT);
    unsigned zero = assembler_base(as, PROGRAM_INT);
    unsigned has = assembler_base(as, PROGRAM_BOOL);
    unsigned root = assembler_base(as, PROGRAM_BOOL);
    unsigned loc = assembler_base(as, PROGRAM_LOC);
    unsigned label = assembler_base(as, PROGRAM_STR);
    assembler_abc(as, OP_HAS, has, 0, FIELD_stage_user);
    uint32_t none = assembler_ai(as, OP_JF, has, 0);
    assembler_abc(as, OP_FIELD, user, 0, FIELD_stage_user);
    assembler_abc(as, OP_FIELD, uid, user, FIELD_user_uid);
    assembler_ai(as, OP_KINT, zero, assembler_int(as, 0));
    assembler_abc(as, OP_EQI, root, uid, zero);
    assembler_abc(as, OP_AND3, root, has, root);
    uint32_t no = assembler_ai(as, OP_JF, root, 0);
    assembler_abc(as, OP_FIELDLOC, loc, 0, FIELD_stage_user);
    assembler_abc(as, OP_AT, loc, 0, 0);
    assembler_ai(as, OP_UNDEC, root, 0);
    uint32_t doubt = assembler_ai(as, OP_JNT, root, 0);
    assembler_ai(as, OP_TEXT, 0, 0);
    assembler_abc(as, OP_FIELD, label, 0, FIELD_stage_label);
    assembler_abc(as, OP_PUT, label, 0, 0);
    assembler_ai(as, OP_PUTK, 0, assembler_string(as, " is root"));
    assembler_ai(as, OP_ALSO, loc, assembler_string(as, "here"));
    assembler_ai(as, OP_FIX, loc, 4);
    assembler_ai(as, OP_EMIT, 0, 0);
    assembler_land(as, none);
    assembler_land(as, no);
    assembler_land(as, doubt);
    assembler_abc(as, OP_END, 0, 0, 0);
}

/* Four nested loops over the shells of all stages, which only burn fuel. */
static void assemble_burner(struct assembler *as, unsigned depth)
{
    assembler_rule(as, "burner");
    assembler_unit(as, FACT_KIND_stage, FACT_VIEW_none);
    unsigned list = assembler_register(as, (struct program_type){.base = PROGRAM_STR, .list = 1});
    uint32_t loops[8];
    assembler_abc(as, OP_FIELD, list, 0, FIELD_stage_shell);
    for (unsigned i = 0; i < depth; i++) {
        unsigned iterator = assembler_iterator(as, PROGRAM_STR, 0);
        assembler_abc(as, OP_ITER, iterator, list, 0);
        loops[i] = assembler_ai(as, OP_FOR, iterator, 0);
    }
    for (unsigned i = depth; i > 0; i--) {
        assembler_loop(as, loops[i - 1]);
    }
    assembler_abc(as, OP_END, 0, 0, 0);
}

static struct report *run(const struct program *program, const struct facts *facts,
                          const struct eval_options *options, plim_status expected)
{
    struct report *report = NULL;
    plim_error error = {.message = ""};
    plim_status status = eval_run(&report, program, facts, options, &error);
    if (status != expected) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, expected);
    assert_non_null(report);
    return report;
}

static void assert_message(const struct outcome *outcome, const char *expected)
{
    assert_int_equal(outcome->message.len, strlen(expected));
    assert_memory_equal(outcome->message.ptr, expected, outcome->message.len);
}

/* ---- tests --------------------------------------------------------------------------------- */

static void findings_have_places_and_texts(void **state)
{
    (void)state;
    struct world world = new_world();
    struct assembler as;
    assembler_init(&as, "");
    assemble_user_root(&as, FACT_VIEW_none);
    struct program *program = assembler_verified(&as);
    struct report *report = run(program, world.facts, NULL, PLIM_STATUS_OK);
    assert_int_equal(report->count, 2);
    const struct outcome *doubt = &report->items[0];
    assert_int_equal(doubt->kind, OUTCOME_UNDECIDED);
    assert_int_equal(doubt->subject, world.stages[1]);
    assert_int_equal(doubt->span.start, 7);
    assert_message(doubt, "U has no default");
    assert_int_equal(doubt->related_count, 1);
    const struct outcome *denied = &report->items[1];
    assert_int_equal(denied->kind, OUTCOME_DENIED);
    assert_int_equal(denied->span.start, 21);
    assert_message(denied, "stage app is root");
    assert_int_equal(denied->related_count, 1);
    assert_true(str_eq(denied->related[0].label, STR("here")));
    assert_int_equal(denied->fix_count, 1);
    assert_true(denied->fixes[0].safe);
    assert_int_equal(report->rules[0].judged, 3);
    assert_int_equal(report->rules[0].denied, 1);
    assert_int_equal(report->rules[0].undecided, 1);
    assert_int_equal(report->findings_by_severity[MEMBER_severity_high], 1);
    assert_int_equal(report->subjects, 3);
    char first[33];
    char second[33];
    report_fingerprint(report, denied, first);
    report_fingerprint(report, doubt, second);
    assert_int_equal(strlen(first), 32);
    assert_string_not_equal(first, second);
    report_free(report);
    program_release(program);
    facts_free(world.facts);
}

static void views_choose_rows(void **state)
{
    (void)state;
    struct world world = new_world();
    struct assembler as;
    assembler_init(&as, "");
    assemble_user_root(&as, FACT_VIEW_final_stage);
    struct program *program = assembler_verified(&as);
    struct report *report = run(program, world.facts, NULL, PLIM_STATUS_OK);
    assert_int_equal(report->count, 1);
    assert_int_equal(report->rules[0].judged, 1);
    assert_int_equal(report->subjects, 1);
    report_free(report);
    uint8_t none[] = {0};
    struct eval_options options = {.selected = none};
    report = run(program, world.facts, &options, PLIM_STATUS_OK);
    assert_int_equal(report->count, 0);
    assert_int_equal(report->selected_rules, 0);
    assert_int_equal(report->subjects, 0);
    report_free(report);
    program_release(program);
    facts_free(world.facts);
}

static void unknown_may_pass_or_deny(void **state)
{
    (void)state;
    struct world world = new_world();
    struct assembler as;
    assembler_init(&as, "");
    assemble_user_root(&as, FACT_VIEW_none);
    as.rules[0].unknown = PROGRAM_UNKNOWN_PASS;
    struct program *program = assembler_verified(&as);
    struct report *report = run(program, world.facts, NULL, PLIM_STATUS_OK);
    assert_int_equal(report->count, 1);
    assert_int_equal(report->rules[0].undecided, 0);
    report_free(report);
    program_release(program);
    as.rules[0].unknown = PROGRAM_UNKNOWN_DENY;
    program = assembler_verified(&as);
    report = run(program, world.facts, NULL, PLIM_STATUS_OK);
    assert_int_equal(report->count, 2);
    assert_int_equal(report->undecided_as_deny, 1);
    report_free(report);
    program_release(program);
    facts_free(world.facts);
}

/* deny always, guarded by the label. */
static void guards_skip_rows(void **state)
{
    (void)state;
    static const char *const wanted[] = {"stage base", "stage app", "no such stage", NULL};
    struct world world = new_world();
    struct assembler as;
    assembler_init(&as, "");
    unsigned set = assembler_set(&as, wanted);
    assembler_rule(&as, "guarded");
    assembler_unit(&as, FACT_KIND_stage, FACT_VIEW_none);
    assembler_guard(&as, PROGRAM_IN, FIELD_stage_label, set);
    unsigned loc = assembler_base(&as, PROGRAM_LOC);
    assembler_abc(&as, OP_ROWLOC, loc, 0, 0);
    assembler_abc(&as, OP_AT, loc, 0, 0);
    assembler_ai(&as, OP_TEXT, 0, 0);
    assembler_ai(&as, OP_EMIT, 0, 0);
    assembler_abc(&as, OP_END, 0, 0, 0);
    struct program *program = assembler_verified(&as);
    struct report *report = run(program, world.facts, NULL, PLIM_STATUS_OK);
    assert_int_equal(report->count, 2);
    assert_int_equal(report->items[0].subject, world.stages[0]);
    assert_int_equal(report->items[1].subject, world.stages[2]);
    assert_int_equal(report->rules[0].judged, 3);
    report_free(report);
    program_release(program);
    facts_free(world.facts);
}

/* deny when count(filter x in s.shell: x in {...}) > 1, message lists them. */
static void filters_count_and_list(void **state)
{
    (void)state;
    static const char *const wanted[] = {"/bin/sh", "-e", NULL};
    struct world world = new_world();
    struct assembler as;
    assembler_init(&as, "");
    unsigned set = assembler_set(&as, wanted);
    assembler_rule(&as, "filter");
    assembler_unit(&as, FACT_KIND_stage, FACT_VIEW_none);
    struct program_type strings = {.base = PROGRAM_STR, .list = 1};
    unsigned all = assembler_register(&as, strings);
    unsigned kept = assembler_register(&as, strings);
    unsigned iterator = assembler_iterator(&as, PROGRAM_STR, 0);
    unsigned set_register = assembler_register(
        &as, (struct program_type){.base = PROGRAM_SET, .argument = PROGRAM_STR});
    unsigned in = assembler_base(&as, PROGRAM_BOOL);
    unsigned count = assembler_base(&as, PROGRAM_COUNT);
    unsigned one = assembler_base(&as, PROGRAM_INT);
    unsigned one_count = assembler_base(&as, PROGRAM_COUNT);
    unsigned loc = assembler_base(&as, PROGRAM_LOC);
    assembler_abc(&as, OP_FIELD, all, 0, FIELD_stage_shell);
    assembler_abc(&as, OP_NEWLIST, kept, all, 0);
    assembler_abc(&as, OP_ITER, iterator, all, 0);
    uint32_t loop = assembler_ai(&as, OP_FOR, iterator, 0);
    assembler_ai(&as, OP_KSET, set_register, set);
    assembler_abc(&as, OP_INSET, in, iterator + 1, set_register);
    assembler_abc(&as, OP_AND3, in, in, iterator + 3);
    assembler_abc(&as, OP_PUSH, kept, iterator, in);
    assembler_loop(&as, loop);
    assembler_abc(&as, OP_COUNT, count, kept, 0);
    assembler_ai(&as, OP_KINT, one, assembler_int(&as, 1));
    assembler_abc(&as, OP_I2C, one_count, one, 0);
    assembler_abc(&as, OP_LTC, in, one_count, count);
    uint32_t no = assembler_ai(&as, OP_JNT, in, 0);
    assembler_abc(&as, OP_ROWLOC, loc, 0, 0);
    assembler_abc(&as, OP_AT, loc, 0, 0);
    assembler_ai(&as, OP_TEXT, 0, 0);
    assembler_abc(&as, OP_PUT, count, 0, 0);
    assembler_ai(&as, OP_PUTK, 0, assembler_string(&as, ": "));
    assembler_abc(&as, OP_PUT, kept, 0, 0);
    assembler_ai(&as, OP_EMIT, 0, 0);
    assembler_land(&as, no);
    assembler_abc(&as, OP_END, 0, 0, 0);
    struct program *program = assembler_verified(&as);
    struct report *report = run(program, world.facts, NULL, PLIM_STATUS_OK);
    assert_int_equal(report->count, 1);
    assert_message(&report->items[0], "2: /bin/sh, -e");
    report_free(report);
    program_release(program);
    facts_free(world.facts);
}

static void fuel_of_one_rule_leaves_others_alone(void **state)
{
    (void)state;
    struct world world = new_world();
    struct assembler as;
    assembler_init(&as, "");
    assemble_burner(&as, 8);
    assemble_user_root(&as, FACT_VIEW_none);
    struct program *program = assembler_verified(&as);
    struct eval_options options = {.fuel = 20000};
    struct report *report = run(program, world.facts, &options, PLIM_STATUS_LIMIT);
    assert_int_equal(report->count, 3);
    size_t errors = 0;
    for (size_t i = 0; i < report->count; i++) {
        errors += report->items[i].kind == OUTCOME_ERROR;
    }
    assert_int_equal(errors, 1);
    assert_int_equal(report->rules[0].errors, 1); /* the last stage, 3^8 turns */
    assert_int_equal(report->rules[0].judged, 3);
    assert_int_equal(report->rules[1].denied, 1);
    report_free(report);
    options.fuel = 100;
    report = run(program, world.facts, &options, PLIM_STATUS_LIMIT);
    assert_int_equal(report->rules[0].judged, 3);
    assert_int_equal(report->rules[1].judged, 3);
    assert_true(report->rules[1].errors > 0);
    report_free(report);
    report = run(program, world.facts, NULL, PLIM_STATUS_OK);
    assert_true(report->fuel > 6561);
    report_free(report);
    program_release(program);
    facts_free(world.facts);
}

static int cancel_at_once(void *user)
{
    (void)user;
    return 1;
}

static uint64_t passing_clock(void *user)
{
    uint64_t *now = user;
    return *now += 1000;
}

static void callers_can_stop_it(void **state)
{
    (void)state;
    struct world world = new_world();
    struct assembler as;
    assembler_init(&as, "");
    assemble_burner(&as, 8);
    struct program *program = assembler_verified(&as);
    struct eval_options options = {.cancelled = cancel_at_once};
    struct report *report = run(program, world.facts, &options, PLIM_STATUS_STOPPED);
    assert_int_equal(report->rules[0].errors, 3);
    assert_int_equal(report->count, 1);
    report_free(report);
    uint64_t now = 5;
    options = (struct eval_options){.deadline_ns = 2500, .clock_ns = passing_clock, .user = &now};
    report = run(program, world.facts, &options, PLIM_STATUS_LIMIT);
    assert_true(report->rules[0].errors > 0);
    report_free(report);
    program_release(program);
    facts_free(world.facts);
}

static void findings_are_capped(void **state)
{
    (void)state;
    struct world world = new_world();
    struct assembler as;
    assembler_init(&as, "");
    assemble_user_root(&as, FACT_VIEW_none);
    struct program *program = assembler_verified(&as);
    for (size_t most = 1; most <= 3; most++) {
        struct eval_options options = {.max_outcomes = most};
        struct report *report = run(program, world.facts, &options, PLIM_STATUS_OK);
        assert_int_equal(report->count, most < 2 ? most : 2);
        assert_int_equal(report->not_shown, most < 2 ? 2 - most : 0);
        assert_int_equal(report->findings_by_severity[MEMBER_severity_high], 1);
        report_free(report);
    }
    program_release(program);
    facts_free(world.facts);
}

static plim_status evaluate_with(const plim_allocator *allocator, void *user)
{
    struct assembler *as = user;
    struct world world = {.facts = NULL};
    struct program *program = NULL;
    struct report *report = NULL;
    plim_status status = make_world(&world, allocator);
    if (status == PLIM_STATUS_OK) {
        status = assembler_build(as, &program, allocator);
    }
    if (status == PLIM_STATUS_OK) {
        program->verified = true;
        struct eval_options options = {.allocator = allocator};
        status = eval_run(&report, program, world.facts, &options, NULL);
    }
    if (status == PLIM_STATUS_OK) {
        assert_int_equal(report->count, 2);
    }
    report_free(status == PLIM_STATUS_OK ? report : NULL);
    program_release(program);
    facts_free(world.facts);
    return status;
}

static void failing_memory_is_told(void **state)
{
    (void)state;
    struct assembler as;
    assembler_init(&as, "");
    assemble_user_root(&as, FACT_VIEW_none);
    fault_alloc_run(evaluate_with, &as);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_have_places_and_texts),
        cmocka_unit_test(views_choose_rows),
        cmocka_unit_test(unknown_may_pass_or_deny),
        cmocka_unit_test(guards_skip_rows),
        cmocka_unit_test(filters_count_and_list),
        cmocka_unit_test(fuel_of_one_rule_leaves_others_alone),
        cmocka_unit_test(callers_can_stop_it),
        cmocka_unit_test(findings_are_capped),
        cmocka_unit_test(failing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
