/* SPDX-License-Identifier: Apache-2.0
 *
 * lower_list.c - loops, quantifiers and filters. A quantifier starts from "unknown when the list
 * is", adds the verdict on each element and leaves the loop when the answer is certain. `one`
 * counts a filter, because only counts tell certain from possible elements. Loops over constants
 * are unrolled.
 */
#include "compiler/lower.h"

/* Has the loop leave out the elements that a guard rules out. */
static void lower_skip(struct lower *lower, const struct lower_loop *loop,
                       struct program_type element, const struct lower_guard *guard,
                       struct program_span span)
{
    struct program_guard all = {
        .test = PROGRAM_ALL, .via = PROGRAM_NO_VIA, .operand = guard->count};
    uint32_t number = EMIT_COUNT(lower->emit, guards, struct program_guard);
    if (element.base != PROGRAM_ROW || guard->count == 0 || guard->count == PROGRAM_MAX_GUARD ||
        number > UINT16_MAX) {
        return;
    }
    EMIT_RECORD(lower->emit, guards, all);
    for (uint32_t i = 0; i < guard->count; i++) {
        EMIT_RECORD(lower->emit, guards, guard->nodes[i]);
    }
    emit_ai(lower->emit, OP_SKIP, loop->iterator, number, span);
}

void lower_loop_open(struct lower *lower, struct lower_loop *loop, unsigned list,
                     struct local *local, const struct lower_guard *guard, struct span span)
{
    struct program_type element = lower->types[list];
    element.list = 0;
    struct program_type iterator = element;
    iterator.iter = 1;
    const struct program_type types[] = {iterator, element, lower_type(PROGRAM_LOC),
                                         lower_type(PROGRAM_BOOL)};
    *loop = (struct lower_loop){0};
    if (++lower->loops > PROGRAM_MAX_LOOPS) {
        lower_fail(lower, span, "nests loops more than 8 deep");
    }
    loop->iterator = lower_take_row(lower, types, 4);
    for (unsigned i = 0; i < 4 && !lower->failed; i++) {
        lower_keep(lower, loop->iterator + i);
    }
    local->reg = loop->iterator + 1;
    local->loc_reg = loop->iterator + 2;
    struct program_span place = lower_span(lower, span);
    emit_abc(lower->emit, OP_ITER, loop->iterator, list, 0, place);
    loop->start = emit_here(lower->emit);
    emit_jump(lower->emit, OP_FOR, loop->iterator, &loop->leave, place);
    lower_skip(lower, loop, element, guard, place);
}

void lower_loop_close(struct lower *lower, struct lower_loop *loop, struct span span)
{
    emit_bind(lower->emit, &loop->skip);
    emit_loop(lower->emit, loop->start, lower_span(lower, span));
    emit_bind(lower->emit, &loop->leave);
    lower->loops--;
    for (unsigned i = 0; i < 4 && !lower->failed; i++) {
        lower_unkeep(lower, loop->iterator + i);
        lower_drop(lower, loop->iterator + i);
    }
}

bool lower_is_uncertain(const struct typed *list)
{
    while (list->kind == TYPED_LOCAL && list->local->kind == LOCAL_LET) {
        list = list->local->value;
    }
    return list->kind != TYPED_FIELD;
}

/* Takes the verdict on one element in and leaves when the answer is certain. The jump has the span
 * of the condition on the element: that is what a reader of a trace wants to see there. */
static void lower_take_in(struct lower *lower, const struct typed *expr, unsigned reg,
                          unsigned verdict, struct emit_label *leave)
{
    bool all = expr->quantifier == AST_ALL;
    emit_abc(lower->emit, all ? OP_AND3 : OP_OR3, reg, reg, verdict, lower_span(lower, expr->span));
    emit_jump(lower->emit, all ? OP_JF : OP_JT, reg, leave, lower_span(lower, expr->right->span));
    lower_drop(lower, verdict);
}

/* `any x in ["a", "b"]: c` as c(a) or c(b), `all` as c(a) and c(b), `no` as not any. */
static void lower_unrolled(struct lower *lower, const struct typed *expr, unsigned reg)
{
    struct emit_label end = {0};
    emit_ai(lower->emit, OP_KBOOL, reg, expr->quantifier == AST_ALL, lower_span(lower, expr->span));
    for (size_t i = 0; i < expr->left->count && !lower->failed; i++) {
        expr->local->constant = expr->left->items[i];
        unsigned verdict = lower_expr(lower, expr->right, LOWER_ANY);
        lower_take_in(lower, expr, reg, verdict, &end);
    }
    emit_bind(lower->emit, &end);
}

/* Verdict on one element. One that is possibly in the list only can decide nothing: its verdict is
 * at most unknown, and for `all`, which a missing element does not harm, at least. */
static unsigned lower_verdict(struct lower *lower, const struct typed *expr,
                              const struct lower_loop *loop)
{
    struct program_span span = lower_span(lower, expr->right->span);
    unsigned one = lower_expr(lower, expr->right, LOWER_ANY);
    if (!lower_is_uncertain(expr->left)) {
        return one;
    }
    bool all = expr->kind == TYPED_QUANTIFIED && expr->quantifier == AST_ALL;
    unsigned certain = loop->iterator + 3;
    unsigned reg = lower_take(lower, lower_type(PROGRAM_BOOL));
    if (all) {
        emit_abc(lower->emit, OP_NOT3, reg, certain, 0, span);
        certain = reg;
    }
    emit_abc(lower->emit, all ? OP_OR3 : OP_AND3, reg, one, certain, span);
    lower_drop(lower, one);
    return reg;
}

/* Exactly one: the count of those that hold equals 1. */
static unsigned lower_one(struct lower *lower, const struct typed *expr, unsigned reg)
{
    struct program_span span = lower_span(lower, expr->span);
    struct program_type count = lower_type(PROGRAM_COUNT);
    unsigned list = lower_filter(lower, expr, LOWER_ANY);
    unsigned number = lower_take(lower, lower_type(PROGRAM_INT));
    unsigned found = lower_take(lower, count);
    unsigned wanted = lower_take(lower, count);
    emit_abc(lower->emit, OP_COUNT, found, list, 0, span);
    emit_ai(lower->emit, OP_KINT, number, emit_int(lower->emit, 1), span);
    emit_abc(lower->emit, OP_I2C, wanted, number, 0, span);
    emit_abc(lower->emit, OP_EQC, reg, found, wanted, span);
    lower_drop(lower, list);
    lower_drop(lower, number);
    lower_drop(lower, found);
    lower_drop(lower, wanted);
    return reg;
}

static void lower_looped(struct lower *lower, const struct typed *expr, unsigned reg)
{
    struct program_span span = lower_span(lower, expr->span);
    unsigned list = lower_expr(lower, expr->left, LOWER_ANY);
    emit_abc(lower->emit, OP_ISUNK, reg, list, 0, span);
    if (expr->quantifier == AST_ALL) {
        emit_abc(lower->emit, OP_NOT3, reg, reg, 0, span);
    }
    struct lower_loop loop;
    struct lower_guard guard;
    lower_skip_condition(lower, expr->local, expr->right, expr->quantifier != AST_ALL, &guard);
    lower_loop_open(lower, &loop, list, expr->local, &guard, expr->span);
    lower_drop(lower, list);
    unsigned verdict = lower_verdict(lower, expr, &loop);
    lower_take_in(lower, expr, reg, verdict, &loop.leave);
    lower_loop_close(lower, &loop, expr->span);
}

unsigned lower_quantified(struct lower *lower, const struct typed *expr, uint32_t want)
{
    unsigned reg = want == LOWER_ANY ? lower_take(lower, lower_type(PROGRAM_BOOL)) : want;
    if (expr->local->kind != LOCAL_CONSTANT && expr->quantifier == AST_ONE) {
        return lower_one(lower, expr, reg);
    }
    if (expr->local->kind == LOCAL_CONSTANT) {
        lower_unrolled(lower, expr, reg);
    } else {
        lower_looped(lower, expr, reg);
    }
    if (expr->quantifier == AST_NO) {
        emit_abc(lower->emit, OP_NOT3, reg, reg, 0, lower_span(lower, expr->span));
    }
    return reg;
}

unsigned lower_filter(struct lower *lower, const struct typed *expr, uint32_t want)
{
    struct program_span span = lower_span(lower, expr->span);
    unsigned list = lower_expr(lower, expr->left, LOWER_ANY);
    unsigned reg = want == LOWER_ANY ? lower_take(lower, lower->types[list]) : want;
    emit_abc(lower->emit, OP_NEWLIST, reg, list, 0, span);
    struct lower_loop loop;
    struct lower_guard guard;
    lower_skip_condition(lower, expr->local, expr->right, true, &guard);
    lower_loop_open(lower, &loop, list, expr->local, &guard, expr->span);
    lower_drop(lower, list);
    unsigned verdict = lower_verdict(lower, expr, &loop);
    emit_abc(lower->emit, OP_PUSH, reg, loop.iterator, verdict, span);
    lower_drop(lower, verdict);
    lower_loop_close(lower, &loop, expr->span);
    return reg;
}
