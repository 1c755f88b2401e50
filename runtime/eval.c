/* SPDX-License-Identifier: Apache-2.0
 *
 * eval.c - meets rows with units kind by kind, counts, and sees to budgets. See eval.h.
 */
#include "runtime/eval.h"

#include <stdio.h>

#include "core/alloc.h"
#include "runtime/link.h"
#include "runtime/plan.h"
#include "runtime/vm.h"

struct rule_state {
    uint64_t used; /* fuel */
    bool stopped;
    bool told; /* an error outcome says so */
};

struct eval {
    const plim_allocator *allocator;
    struct eval_options options;
    const struct program *program;
    const struct facts *facts;
    struct report *report;
    struct rule_state *rules;
    uint64_t rule_share;
    bool linked;                         /* a step was begun: link and vm are set up */
    enum vm_exit ended;                  /* VM_DONE, or why nothing runs any more */
    plim_status status;                  /* OK, LIMIT, STOPPED, NOMEM */
    plim_status failed;                  /* OK, or why a step could not be done to its end */
    struct plan *plans[FACT_KIND_COUNT]; /* in the link's memory; NULL: not made, or no units */
    bool planned[FACT_KIND_COUNT];
    uint64_t *dead_from; /* by unit of the plan: 1 + rows met when it was stopped; 0: it runs */
    struct link link;
    struct vm vm;
};

static const char *exit_text(enum vm_exit exit)
{
    switch (exit) {
    case VM_RULE_FUEL:
        return "the rule used up its share of the fuel budget";
    case VM_FUEL:
        return "the fuel budget ran out";
    case VM_DEADLINE:
        return "the deadline passed";
    case VM_CANCELLED:
        return "stopped by the caller";
    case VM_PATTERN:
        return "a pattern exceeded its match limit";
    case VM_TEXT:
        return "a text grew beyond 1 MiB";
    case VM_MEMORY:
        return "the memory budget ran out";
    case VM_DONE:
    case VM_NOMEM:
        break;
    }
    return "a limit was reached";
}

static void add_error(struct eval *eval, const struct program_unit *unit, fact_row row,
                      enum vm_exit exit)
{
    struct outcome outcome = {.kind = OUTCOME_ERROR,
                              .rule = unit->rule,
                              .arm = OUTCOME_NO_ARM,
                              .subject_kind = (enum fact_kind)unit->kind,
                              .subject = row,
                              .loc = facts_row_loc(eval->facts, (enum fact_kind)unit->kind, row),
                              .message = str_from_cstr(exit_text(exit))};
    report_add(eval->report, &outcome);
    eval->rules[unit->rule].told = true;
}

/* Takes the units of stopped rules out of the plan. */
static void bury(struct eval *eval, struct plan *plan)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct program_unit *unit = &eval->program->units[plan->units[i]];
        bool stopped = eval->ended != VM_DONE || eval->rules[unit->rule].stopped;
        if (stopped && eval->dead_from[i] == 0) {
            eval->dead_from[i] = 1 + plan->groups[plan->group_of[i]].rows;
            plan->live[i / 64] &= ~(UINT64_C(1) << i % 64);
        }
    }
}

/* What a unit that could not finish means for its rule and for the run. */
static void handle_exit(struct eval *eval, struct plan *plan, const struct program_unit *unit,
                        fact_row row, enum vm_exit exit)
{
    if (exit == VM_NOMEM) {
        eval->ended = exit;
        eval->status = PLIM_STATUS_NOMEM;
        return;
    }
    eval->report->rules[unit->rule].errors++;
    add_error(eval, unit, row, exit);
    if (exit == VM_CANCELLED) {
        eval->status = PLIM_STATUS_STOPPED;
    } else if (eval->status == PLIM_STATUS_OK) {
        eval->status = PLIM_STATUS_LIMIT;
    }
    if (exit == VM_FUEL || exit == VM_DEADLINE || exit == VM_CANCELLED) {
        eval->ended = exit;
    } else if (exit == VM_RULE_FUEL || exit == VM_MEMORY) {
        eval->rules[unit->rule].stopped = true;
    } else {
        return; /* of this subject only */
    }
    bury(eval, plan);
}

static void run_one(struct eval *eval, struct plan *plan, uint32_t number, fact_row row)
{
    const struct program_unit *unit = &eval->program->units[plan->units[number]];
    struct rule_state *rule = &eval->rules[unit->rule];
    uint64_t used = 0;
    uint64_t left = eval->rule_share > rule->used ? eval->rule_share - rule->used : 0;
    enum vm_exit exit = vm_run(&eval->vm, unit, row, left, &used);
    rule->used += used;
    eval->report->fuel += used;
    if (exit != VM_DONE) {
        handle_exit(eval, plan, unit, row, exit);
    } else if (eval->vm.denied) {
        eval->report->rules[unit->rule].denied++;
    } else if (eval->vm.undecided) {
        eval->report->rules[unit->rule].undecided++;
    }
}

/* Units of this row that were still to come when everything ended. */
static void skip_row_rest(struct eval *eval, const struct plan *plan, uint32_t from)
{
    for (uint32_t i = from; i < plan->count; i++) {
        if ((plan->alive[i / 64] >> i % 64 & 1) != 0) {
            eval->report->rules[eval->program->units[plan->units[i]].rule].errors++;
        }
    }
}

static void run_row(struct eval *eval, struct plan *plan, fact_row row)
{
    const struct fact_table *table = &eval->facts->tables[plan->kind];
    const struct fact_cell *cells = table->cells + (size_t)row * table->field_count;
    for (uint32_t w = 0; w < plan->words; w++) {
        uint64_t alive = plan->alive[w];
        while (alive != 0) {
            uint32_t number = w * 64 + (uint32_t)__builtin_ctzll(alive);
            alive &= alive - 1;
            if (!plan_allows(plan, &eval->link, number, cells)) {
                continue;
            }
            run_one(eval, plan, number, row);
            if (eval->ended != VM_DONE) {
                skip_row_rest(eval, plan, number + 1);
                return;
            }
            alive &= plan->live[w];
        }
    }
}

/* Adds the rows of a finished plan to the rules' counts. */
static void count_plan(struct eval *eval, const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct program_unit *unit = &eval->program->units[plan->units[i]];
        const struct plan_group *group = &plan->groups[plan->group_of[i]];
        struct rule_counts *counts = &eval->report->rules[unit->rule];
        counts->judged += group->rows;
        if (eval->dead_from[i] == 0) {
            continue;
        }
        counts->errors += group->rows - (eval->dead_from[i] - 1);
        if (group->rows > 0 && !eval->rules[unit->rule].told) {
            add_error(eval, unit, group->first_row, eval->ended);
        }
    }
}

static plim_status run_kind(struct eval *eval, enum fact_kind kind, const uint8_t *selected)
{
    uint32_t rows = eval->facts->tables[kind].count;
    if (rows > 0 && !eval->planned[kind]) {
        eval->plans[kind] = plan_make(&eval->link, kind, selected);
        eval->planned[kind] = true;
    }
    struct plan *plan = rows > 0 ? eval->plans[kind] : NULL;
    if (plan == NULL) {
        return arena_status(&eval->link.kept);
    }
    plan_begin(plan);
    eval->dead_from = ARENA_ARRAY(&eval->link.arena, uint64_t, plan->count);
    if (eval->dead_from == NULL) {
        return arena_status(&eval->link.arena);
    }
    bury(eval, plan);
    for (fact_row row = 0; row < rows; row++) {
        if (plan_row(plan, &eval->link, row)) {
            eval->report->subjects++;
            run_row(eval, plan, row);
        }
    }
    count_plan(eval, plan);
    return PLIM_STATUS_OK;
}

static void count_selected(struct eval *eval, const uint8_t *selected)
{
    for (uint32_t i = 0; i < eval->program->rule_count; i++) {
        eval->report->selected_rules += selected == NULL || selected[i] != 0 ? 1 : 0;
    }
}

/* Resolves the program against what is in the store now. */
static plim_status prepare_step(struct eval *eval, plim_error *error)
{
    const struct eval_options *options = &eval->options;
    if (eval->linked) {
        plim_status status = link_again(&eval->link, options);
        vm_again(&eval->vm);
        for (uint32_t i = 0; options->fuel == 0 && i < eval->program->rule_count; i++) {
            eval->rules[i].used = 0;
        }
        return status;
    }
    plim_status status = link_init(&eval->link, eval->program, eval->facts, options, error);
    if (status != PLIM_STATUS_OK) {
        link_release(&eval->link);
        return status;
    }
    vm_init(&eval->vm, &eval->link, eval->report, options);
    eval->linked = true;
    return PLIM_STATUS_OK;
}

static void tell(plim_error *error, plim_status status)
{
    if (error != NULL) {
        error->status = status;
        snprintf(error->message, sizeof error->message, "evaluation: %s", plim_status_text(status));
    }
}

plim_status eval_begin(struct eval **out, const struct program *program, const struct facts *facts,
                       const struct eval_options *options, plim_error *error)
{
    if (!program->verified) {
        tell(error, PLIM_STATUS_INTERNAL);
        return PLIM_STATUS_INTERNAL;
    }
    const plim_allocator *allocator = alloc_or_default(options != NULL ? options->allocator : NULL);
    struct eval *eval = alloc_zeroed(allocator, sizeof *eval);
    if (eval == NULL) {
        tell(error, PLIM_STATUS_NOMEM);
        return PLIM_STATUS_NOMEM;
    }
    eval->allocator = allocator;
    eval->program = program;
    eval->facts = facts;
    if (options != NULL) {
        eval->options = *options;
    }
    plim_status status = report_new(&eval->report, allocator, program, facts,
                                    eval->options.max_outcomes, eval->options.memory_bytes);
    if (status == PLIM_STATUS_OK) {
        eval->rules = ARENA_ARRAY(&eval->report->arena, struct rule_state, program->rule_count);
        status = arena_status(&eval->report->arena);
    }
    if (status != PLIM_STATUS_OK) {
        (void)eval_end(eval, NULL);
        tell(error, status);
        return status;
    }
    count_selected(eval, eval->options.selected);
    *out = eval;
    return PLIM_STATUS_OK;
}

plim_status eval_step(struct eval *eval, plim_error *error)
{
    plim_status status = prepare_step(eval, error);
    if (status == PLIM_STATUS_OK) {
        eval->rule_share = eval->rule_share > 0 && eval->options.fuel > 0
                               ? eval->rule_share
                               : eval->vm.total_left / VM_RULE_SHARE;
        for (int kind = 0; kind < FACT_KIND_COUNT && status == PLIM_STATUS_OK; kind++) {
            status = run_kind(eval, (enum fact_kind)kind, eval->options.selected);
        }
    }
    if ((status == PLIM_STATUS_OK || status == PLIM_STATUS_LIMIT) &&
        eval->status != PLIM_STATUS_NOMEM) {
        plim_status settled = report_settle(eval->report);
        status = status != PLIM_STATUS_OK ? status : settled;
    }
    eval->failed = eval->failed != PLIM_STATUS_OK ? eval->failed : status;
    status = status != PLIM_STATUS_OK ? status : eval->status;
    if (status != PLIM_STATUS_OK && status != PLIM_STATUS_USAGE) {
        tell(error, status);
    }
    return status;
}

plim_status eval_end(struct eval *eval, struct report **out)
{
    if (eval == NULL) {
        return PLIM_STATUS_OK;
    }
    plim_status status = eval->failed;
    if (status == PLIM_STATUS_OK && out != NULL && eval->status != PLIM_STATUS_NOMEM) {
        status = report_finish(eval->report);
    }
    status = status != PLIM_STATUS_OK ? status : eval->status;
    bool complete = status == PLIM_STATUS_OK || status == PLIM_STATUS_STOPPED ||
                    (status == PLIM_STATUS_LIMIT && eval->linked);
    if (out != NULL && complete) {
        *out = eval->report;
        eval->report = NULL;
    }
    report_free(eval->report);
    if (eval->linked) {
        vm_release(&eval->vm);
        link_release(&eval->link);
    }
    alloc_free(eval->allocator, eval, sizeof *eval);
    return status;
}

plim_status eval_run(struct report **out, const struct program *program, const struct facts *facts,
                     const struct eval_options *options, plim_error *error)
{
    struct eval *eval;
    plim_status status = eval_begin(&eval, program, facts, options, error);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    status = eval_step(eval, error);
    plim_status ended = eval_end(eval, out);
    return status != PLIM_STATUS_OK ? status : ended;
}
