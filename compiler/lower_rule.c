/* SPDX-License-Identifier: Apache-2.0
 *
 * lower_rule.c - units: clauses in order, then the arms, inside the loops the clauses opened.
 *
 * The register `certain` holds the conjunction of all that is not sure to hold so far: conditions
 * of `where` and membership in filters. It is true or unknown, never false, because false has
 * jumped away. An arm fires when it and its own condition are true; when that is unknown the arm is
 * undecided.
 */
#include "compiler/lower.h"

#include "compiler/scope.h"

struct unit_state {
    struct lower *lower;
    const struct checked_arm *arms;
    struct lower_loop loops[PROGRAM_MAX_LOOPS];
    unsigned depth;
    bool owns_certain;      /* `certain` is no register of a local */
    unsigned certain_depth; /* loops that were open when it was made */
    struct emit_label end;
};

/* Where a false condition leads: to the next element, or out of the unit. */
static struct emit_label *next_round(struct unit_state *state)
{
    return state->depth > 0 ? &state->loops[state->depth - 1].skip : &state->end;
}

/* Takes one more condition into `certain`. A register made for it in the same loop is written
 * again; one from further out must be there for the next round. */
static void add_certainty(struct unit_state *state, unsigned reg, struct span span)
{
    struct lower *lower = state->lower;
    if (lower->certain == LOWER_ANY) {
        lower_keep(lower, reg);
        lower->certain = reg;
        return;
    }
    lower_drop(lower, reg);
    unsigned both = lower->certain;
    if (!state->owns_certain || state->certain_depth != state->depth) {
        both = lower_take(lower, lower_type(PROGRAM_BOOL));
    }
    emit_abc(lower->emit, OP_AND3, both, lower->certain, reg, lower_span(lower, span));
    lower_keep(lower, both);
    lower->certain = both;
    state->owns_certain = true;
    state->certain_depth = state->depth;
}

/* An unknown list is an undecided outcome of the rule, at the list. */
static void lower_unknown_list(struct lower *lower, const struct typed *list, unsigned reg)
{
    struct program_span span = lower_span(lower, list->span);
    struct emit_label known = {0};
    unsigned unknown = lower_take(lower, lower_type(PROGRAM_BOOL));
    emit_abc(lower->emit, OP_ISUNK, unknown, reg, 0, span);
    emit_jump(lower->emit, OP_JF, unknown, &known, span);
    unsigned place = 0;
    if (list->kind == TYPED_FIELD) {
        place = lower_place(lower, list);
    } else {
        place = lower_take(lower, lower_type(PROGRAM_LOC));
        emit_abc(lower->emit, OP_ROWLOC, place, 0, 0, span);
    }
    emit_abc(lower->emit, OP_AT, place, 0, 0, span);
    emit_ai(lower->emit, OP_UNDEC, unknown, PROGRAM_ANY_ARM, span);
    emit_bind(lower->emit, &known);
    lower_drop(lower, unknown);
    lower_drop(lower, place);
}

static void lower_each(struct unit_state *state, const struct checked_clause *clause)
{
    struct lower *lower = state->lower;
    if (state->depth == PROGRAM_MAX_LOOPS) {
        lower_fail(lower, clause->span, "nests loops more than 8 deep");
        return;
    }
    unsigned list = lower_expr(lower, clause->expr, LOWER_ANY);
    lower_unknown_list(lower, clause->expr, list);
    struct lower_loop *loop = &state->loops[state->depth++];
    struct lower_guard guard;
    lower_skip_clauses(lower, clause->local, clause->next, state->arms, &guard);
    lower_loop_open(lower, loop, list, clause->local, &guard, clause->span);
    lower_drop(lower, list);
    if (lower_is_uncertain(clause->expr)) {
        add_certainty(state, loop->iterator + 3, clause->span);
    }
}

static void lower_let(struct lower *lower, const struct checked_clause *clause)
{
    unsigned reg = lower_take(lower, type_program(clause->expr->type));
    (void)lower_expr(lower, clause->expr, reg);
    lower_keep(lower, reg);
    clause->local->reg = reg;
}

static void lower_where(struct unit_state *state, const struct checked_clause *clause)
{
    if (!typed_is_bool(clause->expr, true)) {
        unsigned reg = lower_condition(state->lower, clause->expr, next_round(state));
        add_certainty(state, reg, clause->span);
    }
}

/* ---- arms ---- */

static void lower_parts(struct lower *lower, const struct checked_part *part, struct span span)
{
    emit_abc(lower->emit, OP_TEXT, 0, 0, 0, lower_span(lower, span));
    for (; part != NULL; part = part->next) {
        struct program_span place = lower_span(lower, part->span);
        if (part->expr == NULL) {
            emit_ai(lower->emit, OP_PUTK, 0, emit_text(lower->emit, part->text), place);
            continue;
        }
        unsigned reg = lower_expr(lower, part->expr, LOWER_ANY);
        emit_abc(lower->emit, OP_PUT, reg, 0, 0, place);
        lower_drop(lower, reg);
    }
}

static void lower_also(struct lower *lower, const struct checked_also *also)
{
    const struct checked_part *label = also->label;
    unsigned index = PROGRAM_NO_LABEL;
    if (label != NULL && label->next == NULL && label->expr == NULL) {
        index = emit_text(lower->emit, label->text);
    } else if (label != NULL) {
        lower_parts(lower, label, also->span);
        index = PROGRAM_TEXT_LABEL;
    }
    unsigned place = lower_place(lower, also->path);
    emit_ai(lower->emit, OP_ALSO, place, index, lower_span(lower, also->span));
    lower_drop(lower, place);
}

static void lower_fix(struct lower *lower, const struct checked_fix *fix)
{
    _Static_assert(AST_FIX_REPLACE == 0 && AST_FIX_INSERT_AFTER == 1 &&
                       AST_FIX_INSERT_BEFORE == 2 && AST_FIX_DELETE == 3,
                   "bits 0-1 of FIX are the kind");
    lower_parts(lower, fix->text, fix->span);
    unsigned place = lower_place(lower, fix->path);
    emit_ai(lower->emit, OP_FIX, place, (unsigned)fix->kind | (fix->safe ? 4 : 0),
            lower_span(lower, fix->span));
    lower_drop(lower, place);
}

/* The arm's verdict: its condition and all before it. LOWER_ANY when nothing can be unknown. */
static uint32_t lower_verdict_of(struct lower *lower, const struct checked_arm *arm,
                                 struct emit_label *next)
{
    if (typed_is_bool(arm->condition, true)) {
        return lower->certain;
    }
    unsigned reg = lower_condition(lower, arm->condition, next);
    if (lower->certain == LOWER_ANY) {
        return reg;
    }
    lower_drop(lower, reg);
    unsigned both = lower_take(lower, lower_type(PROGRAM_BOOL));
    emit_abc(lower->emit, OP_AND3, both, lower->certain, reg,
             lower_span(lower, arm->condition->span));
    return both;
}

static void lower_arm(struct lower *lower, const struct checked_arm *arm)
{
    struct program_span span = lower_span(lower, arm->span);
    struct emit_label next = {0};
    if (typed_is_bool(arm->condition, false)) {
        return;
    }
    uint32_t verdict = lower_verdict_of(lower, arm, &next);
    unsigned place = lower_place(lower, arm->at);
    emit_abc(lower->emit, OP_AT, place, 0, 0, lower_span(lower, arm->at->span));
    lower_drop(lower, place);
    if (verdict != LOWER_ANY) {
        emit_ai(lower->emit, OP_UNDEC, verdict, arm->index, span);
        emit_jump(lower->emit, OP_JNT, verdict, &next, span);
        lower_drop(lower, verdict);
    }
    for (const struct checked_also *a = arm->also; a != NULL; a = a->next) {
        lower_also(lower, a);
    }
    for (const struct checked_fix *f = arm->fixes; f != NULL; f = f->next) {
        lower_fix(lower, f);
    }
    lower_parts(lower, arm->message, arm->span);
    emit_ai(lower->emit, OP_EMIT, 0, arm->index, span);
    emit_bind(lower->emit, &next);
}

/* ---- units and rules ---- */

static void lower_body(struct unit_state *state, const struct checked_unit *unit)
{
    struct lower *lower = state->lower;
    struct span span = lower->rule->ast->span;
    for (const struct checked_clause *c = unit->clauses; c != NULL && !lower->failed; c = c->next) {
        if (c->kind == AST_CLAUSE_EACH) {
            lower_each(state, c);
        } else if (c->kind == AST_CLAUSE_LET) {
            lower_let(lower, c);
        } else {
            lower_where(state, c);
        }
    }
    for (const struct checked_arm *a = unit->arms; a != NULL && !lower->failed; a = a->next) {
        lower_arm(lower, a);
    }
    while (state->depth > 0) {
        lower_loop_close(lower, &state->loops[--state->depth], span);
    }
    emit_bind(lower->emit, &state->end);
    emit_abc(lower->emit, OP_END, 0, 0, 0, lower_span(lower, span));
}

static void lower_unit(struct lower *lower, const struct checked_unit *unit)
{
    struct emit *emit = lower->emit;
    struct unit_state state = {.lower = lower, .arms = unit->arms};
    lower_regs_reset(lower, unit->kind);
    unit->subject->reg = 0;
    emit->unit_start = EMIT_COUNT(emit, code, uint32_t);
    lower_body(&state, unit);
    struct lower_guard guard;
    lower_guard_of(lower, unit, &guard);
    struct program_unit record = {.rule = lower->rule->index,
                                  .kind = (uint32_t)unit->kind,
                                  .view = (uint32_t)unit->view,
                                  .first_code = emit->unit_start,
                                  .code_count = emit_here(emit),
                                  .first_register =
                                      EMIT_COUNT(emit, register_types, struct program_type),
                                  .register_count = lower->register_count,
                                  .first_guard = EMIT_COUNT(emit, guards, struct program_guard),
                                  .guard_count = guard.count};
    for (unsigned i = 0; i < lower->register_count; i++) {
        EMIT_RECORD(emit, register_types, lower->types[i]);
    }
    for (uint32_t i = 0; i < guard.count; i++) {
        EMIT_RECORD(emit, guards, guard.nodes[i]);
    }
    EMIT_RECORD(emit, units, record);
}

static void lower_arm_records(struct lower *lower, const struct checked_rule *rule)
{
    unsigned index = 0;
    for (const struct ast_arm *a = rule->ast->arms; a != NULL; a = a->next) {
        struct program_arm record = {.name = emit_string(lower->emit, a->name.text),
                                     .severity = rule->arm_severities[index++],
                                     .span = lower_span(lower, a->span)};
        EMIT_RECORD(lower->emit, arms, record);
    }
}

static uint32_t lower_cover_records(struct lower *lower, const struct checked_rule *rule)
{
    uint32_t count = 0;
    for (const struct ast_name_node *c = rule->covers; c != NULL; c = c->next) {
        struct program_text text = emit_string(lower->emit, c->name.text);
        EMIT_RECORD(lower->emit, covers, text);
        count++;
    }
    return count;
}

void lower_rule(struct lower *lower, const struct checked_rule *rule)
{
    struct emit *emit = lower->emit;
    lower->rule = rule;
    struct program_rule record = {.name = emit_string(emit, rule->ast->name.text),
                                  .id = emit_string(emit, rule->id),
                                  .title = emit_string(emit, rule->title),
                                  .why = emit_string(emit, rule->why),
                                  .remedy = emit_string(emit, rule->remedy),
                                  .since = emit_string(emit, rule->since),
                                  .severity = rule->severity,
                                  .section = (uint32_t)rule->section,
                                  .unknown = (uint32_t)rule->unknown,
                                  .first_cover = EMIT_COUNT(emit, covers, struct program_text),
                                  .first_arm = EMIT_COUNT(emit, arms, struct program_arm),
                                  .arm_count = rule->arm_count,
                                  .first_unit = EMIT_COUNT(emit, units, struct program_unit),
                                  .span = lower_span(lower, rule->ast->name.span)};
    record.cover_count = lower_cover_records(lower, rule);
    lower_arm_records(lower, rule);
    for (const struct checked_unit *u = rule->units; u != NULL; u = u->next) {
        lower_unit(lower, u);
        record.unit_count++;
    }
    EMIT_RECORD(emit, rules, record);
}

void lower_param(struct lower *lower, const struct symbol *param)
{
    struct emit *emit = lower->emit;
    const struct ast_param *ast = param->param;
    struct program_param record = {.name = emit_string(emit, param->name),
                                   .doc = emit_string(emit, ast->doc),
                                   .type = type_program(type_element(param->type)),
                                   .set = param->set};
    record.flags |= ast->extendable ? PROGRAM_PARAM_EXTENDABLE : 0u;
    record.flags |= ast->locked ? PROGRAM_PARAM_LOCKED : 0u;
    if (param->low <= param->high) {
        record.flags |= PROGRAM_PARAM_RANGE;
        record.low = param->low;
        record.high = param->high;
    }
    if (param->type.set) {
        struct program_type element = record.type;
        record.type.list = 1;
        (void)emit_set_begin(emit, element, (uint32_t)param->value->count, param->index);
        for (size_t i = 0; i < param->value->count; i++) {
            emit_set_item(emit, lower_constant(lower, param->value->items[i]));
        }
    } else {
        record.value = lower_constant(lower, param->value);
    }
    EMIT_RECORD(emit, params, record);
}
