/* SPDX-License-Identifier: Apache-2.0
 *
 * lower_expr.c - values and conditions. `and` and `or` leave as soon as the result is certain;
 * unknown never is, so it travels on and is combined. Recursion follows trees that the parser keeps
 * below its depth; helpers are inlined at most CHECK_MAX_HELPERS deep, and what that multiplies
 * ends at the size limit of a unit, after which nothing is emitted and nothing recurses.
 */
#include "compiler/lower.h"

#include "compiler/check.h"
#include "compiler/scope.h"

static unsigned result(struct lower *lower, const struct typed *expr, uint32_t want)
{
    return want == LOWER_ANY ? lower_take(lower, type_program(expr->type)) : want;
}

int64_t lower_constant(struct lower *lower, const struct typed *value)
{
    bool text = value->type.base == TYPE_STRING || value->type.base == TYPE_VERSION;
    return text ? (int64_t)emit_text(lower->emit, value->text) : value->number;
}

unsigned lower_set(struct lower *lower, const struct typed *set)
{
    if (set->symbol != NULL && set->symbol->index != 0) {
        return set->symbol->index - 1;
    }
    unsigned index = emit_set_begin(lower->emit, type_program(type_element(set->type)),
                                    (uint32_t)set->count, UINT32_MAX);
    for (size_t i = 0; i < set->count; i++) {
        emit_set_item(lower->emit, lower_constant(lower, set->items[i]));
    }
    if (set->symbol != NULL) {
        set->symbol->index = index + 1;
    }
    return index;
}

static unsigned lower_const(struct lower *lower, const struct typed *expr, uint32_t want)
{
    unsigned reg = result(lower, expr, want);
    struct program_span span = lower_span(lower, expr->span);
    switch (expr->type.base) {
    case TYPE_BOOL:
        emit_ai(lower->emit, OP_KBOOL, reg, expr->number != 0, span);
        break;
    case TYPE_ENUM:
        emit_ai(lower->emit, OP_KENUM, reg, (unsigned)expr->number, span);
        break;
    case TYPE_STRING:
    case TYPE_VERSION:
        emit_ai(lower->emit, OP_KSTR, reg, emit_text(lower->emit, expr->text), span);
        break;
    case TYPE_ERROR:
    case TYPE_INT:
    case TYPE_DURATION:
    case TYPE_SIZE:
    case TYPE_TIME:
    case TYPE_ROW:
    case TYPE_COUNT:
    case TYPE_NOTHING:
        emit_ai(lower->emit, OP_KINT, reg, emit_int(lower->emit, expr->number), span);
        break;
    }
    return reg;
}

static unsigned lower_local(struct lower *lower, const struct typed *expr, uint32_t want)
{
    const struct local *local = expr->local;
    if (local->kind == LOCAL_CONSTANT) {
        return lower_const(lower, local->constant, want);
    }
    if (want == LOWER_ANY || want == local->reg) {
        return local->reg;
    }
    emit_abc(lower->emit, OP_MOVE, want, local->reg, 0, lower_span(lower, expr->span));
    return want;
}

/* op result, left */
static unsigned lower_unary(struct lower *lower, enum opcode op, const struct typed *expr,
                            uint32_t want)
{
    unsigned left = lower_expr(lower, expr->left, LOWER_ANY);
    lower_drop(lower, left);
    unsigned reg = result(lower, expr, want);
    emit_abc(lower->emit, op, reg, left, 0, lower_span(lower, expr->span));
    return reg;
}

/* op result, row, field */
static unsigned lower_field(struct lower *lower, enum opcode op, const struct typed *expr,
                            uint32_t want)
{
    unsigned row = lower_expr(lower, expr->left, LOWER_ANY);
    lower_drop(lower, row);
    unsigned reg = result(lower, expr, want);
    emit_abc(lower->emit, op, reg, row, expr->field, lower_span(lower, expr->span));
    return reg;
}

/* op result, left, right */
static unsigned lower_binary(struct lower *lower, enum opcode op, const struct typed *expr,
                             uint32_t want)
{
    unsigned left = lower_expr(lower, expr->left, LOWER_ANY);
    unsigned right = lower_expr(lower, expr->right, LOWER_ANY);
    lower_drop(lower, left);
    lower_drop(lower, right);
    unsigned reg = result(lower, expr, want);
    emit_abc(lower->emit, op, reg, left, right, lower_span(lower, expr->span));
    return reg;
}

static unsigned lower_logic(struct lower *lower, const struct typed *expr, uint32_t want)
{
    bool is_and = expr->kind == TYPED_AND;
    struct emit_label end = {0};
    unsigned reg = lower_expr(lower, expr->left, result(lower, expr, want));
    struct program_span span = lower_span(lower, expr->span);
    emit_jump(lower->emit, is_and ? OP_JF : OP_JT, reg, &end, lower_span(lower, expr->left->span));
    unsigned right = lower_expr(lower, expr->right, LOWER_ANY);
    emit_abc(lower->emit, is_and ? OP_AND3 : OP_OR3, reg, reg, right, span);
    lower_drop(lower, right);
    emit_bind(lower->emit, &end);
    return reg;
}

static enum opcode compare_op(const struct typed *expr)
{
    enum type_base left = expr->left->type.base;
    bool version = left == TYPE_VERSION || expr->right->type.base == TYPE_VERSION;
    bool equal = expr->compare == AST_EQ;
    bool less = expr->compare == AST_LT;
    if (version) {
        return equal ? OP_EQV : less ? OP_LTV : OP_LEV;
    }
    if (left == TYPE_COUNT) {
        return equal ? OP_EQC : less ? OP_LTC : OP_LEC;
    }
    if (!equal) {
        return less ? OP_LTI : OP_LEI;
    }
    bool number =
        left == TYPE_INT || left == TYPE_DURATION || left == TYPE_SIZE || left == TYPE_TIME;
    return number ? OP_EQI : OP_EQ;
}

static unsigned lower_match(struct lower *lower, const struct typed *expr, uint32_t want)
{
    struct program_span span = lower_span(lower, expr->span);
    unsigned left = lower_expr(lower, expr->left, LOWER_ANY);
    unsigned pattern = lower_take(lower, lower_type(PROGRAM_PATTERN));
    unsigned index = emit_pattern(lower->emit, (enum program_pattern_kind)expr->number, expr->text);
    emit_ai(lower->emit, OP_KPAT, pattern, index, span);
    lower_drop(lower, left);
    lower_drop(lower, pattern);
    unsigned reg = result(lower, expr, want);
    emit_abc(lower->emit, OP_MATCH, reg, left, pattern, span);
    return reg;
}

static unsigned lower_call(struct lower *lower, const struct typed *expr, uint32_t want)
{
    struct program_type types[8] = {{0}};
    unsigned count = expr->count < 8 ? (unsigned)expr->count : 8;
    for (unsigned i = 0; i < count; i++) {
        types[i] = type_program(expr->items[i]->type);
    }
    unsigned first = lower_take_row(lower, types, count);
    for (unsigned i = 0; i < count; i++) {
        (void)lower_expr(lower, expr->items[i], first + i);
    }
    for (unsigned i = 0; i < count; i++) {
        lower_drop(lower, first + i);
    }
    unsigned reg = result(lower, expr, want);
    emit_abc(lower->emit, OP_CALL, reg, first, (unsigned)expr->number,
             lower_span(lower, expr->span));
    return reg;
}

/* The body of a helper with its arguments in registers. */
static unsigned lower_inline(struct lower *lower, const struct typed *expr, uint32_t want)
{
    const struct symbol *helper = expr->symbol;
    unsigned regs[CHECK_MAX_ARGUMENTS] = {0};
    bool kept[CHECK_MAX_ARGUMENTS] = {false};
    for (size_t i = 0; i < expr->count; i++) {
        regs[i] = lower_expr(lower, expr->items[i], LOWER_ANY);
        kept[i] = lower->use[regs[i]] == LOWER_TEMPORARY;
        lower_keep(lower, regs[i]);
    }
    /* Only now: an argument may have called the same helper. */
    for (size_t i = 0; i < expr->count; i++) {
        helper->arguments[i]->reg = regs[i];
    }
    /* Into a register of its own: the body may be an argument, which is about to be given back. */
    unsigned reg = lower_expr(lower, helper->value, result(lower, expr, want));
    for (size_t i = 0; i < expr->count; i++) {
        if (kept[i]) {
            lower_unkeep(lower, regs[i]);
            lower_drop(lower, regs[i]);
        }
    }
    return reg;
}

static unsigned lower_operand_set(struct lower *lower, const struct typed *expr, uint32_t want)
{
    unsigned reg = result(lower, expr, want);
    emit_ai(lower->emit, OP_KSET, reg, lower_set(lower, expr), lower_span(lower, expr->span));
    return reg;
}

static unsigned lower_param_use(struct lower *lower, const struct typed *expr, uint32_t want)
{
    unsigned reg = result(lower, expr, want);
    emit_ai(lower->emit, OP_KPARAM, reg, expr->symbol->index, lower_span(lower, expr->span));
    return reg;
}

/* Kinds that are one instruction over their operands; OPCODE_COUNT for all others. */
static enum opcode simple_op(const struct typed *expr)
{
    static const uint8_t ops[] = {
        [TYPED_PRESENT] = OP_ISSET,  [TYPED_NOT] = OP_NOT3,        [TYPED_FIRST] = OP_FIRST,
        [TYPED_TO_INT] = OP_C2I,     [TYPED_TO_COUNT] = OP_I2C,    [TYPED_IN_SET] = OP_INSET,
        [TYPED_IN_LIST] = OP_INLIST, [TYPED_DEFAULT] = OP_DEFAULT, [TYPED_INLINE] = 0};
    if (expr->kind == TYPED_COUNT) {
        return expr->left->type.set ? OP_SETSIZE : OP_COUNT;
    }
    if (expr->kind == TYPED_COMPARE) {
        return compare_op(expr);
    }
    /* The first opcode is a constant's, which is not simple: 0 can mean none. */
    return ops[expr->kind] != 0 ? (enum opcode)ops[expr->kind] : OPCODE_COUNT;
}

static unsigned lower_other(struct lower *lower, const struct typed *expr, uint32_t want)
{
    switch ((int)expr->kind) {
    case TYPED_CONST:
        return lower_const(lower, expr, want);
    case TYPED_SET:
        return lower_operand_set(lower, expr, want);
    case TYPED_LOCAL:
        return lower_local(lower, expr, want);
    case TYPED_PARAM:
        return lower_param_use(lower, expr, want);
    case TYPED_FIELD:
        return lower_field(lower, OP_FIELD, expr, want);
    case TYPED_HAS:
        return lower_field(lower, OP_HAS, expr, want);
    case TYPED_AND:
    case TYPED_OR:
        return lower_logic(lower, expr, want);
    case TYPED_MATCH:
        return lower_match(lower, expr, want);
    case TYPED_QUANTIFIED:
        return lower_quantified(lower, expr, want);
    case TYPED_FILTER:
        return lower_filter(lower, expr, want);
    case TYPED_CALL:
        return lower_call(lower, expr, want);
    case TYPED_INLINE:
        return lower_inline(lower, expr, want);
    default:
        lower_fail(lower, expr->span,
                   "could not be lowered: an unresolved expression was left over");
        return 0;
    }
}

static unsigned lower_any(struct lower *lower, const struct typed *expr, uint32_t want)
{
    enum opcode op = simple_op(expr);
    if (op == OPCODE_COUNT) {
        return lower_other(lower, expr, want);
    }
    return expr->right == NULL ? lower_unary(lower, op, expr, want)
                               : lower_binary(lower, op, expr, want);
}

unsigned lower_expr(struct lower *lower, const struct typed *expr, uint32_t want)
{
    if (emit_status(lower->emit) == PLIM_STATUS_LIMIT) {
        lower_fail(lower, lower->rule->ast->name.span, "needs too much code or too many constants");
    }
    if (lower->failed || emit_status(lower->emit) != PLIM_STATUS_OK) {
        return want == LOWER_ANY ? 0 : want;
    }
    return lower_any(lower, expr, want);
}

unsigned lower_condition(struct lower *lower, const struct typed *expr,
                         struct emit_label *otherwise)
{
    struct program_span span = lower_span(lower, expr->span);
    if (expr->kind != TYPED_AND) {
        unsigned reg = lower_expr(lower, expr, LOWER_ANY);
        emit_jump(lower->emit, OP_JF, reg, otherwise, span);
        return reg;
    }
    unsigned left = lower_condition(lower, expr->left, otherwise);
    unsigned right = lower_condition(lower, expr->right, otherwise);
    lower_drop(lower, left);
    lower_drop(lower, right);
    unsigned reg = lower_take(lower, lower_type(PROGRAM_BOOL));
    emit_abc(lower->emit, OP_AND3, reg, left, right, span);
    return reg;
}

unsigned lower_place(struct lower *lower, const struct typed *path)
{
    struct program_span span = lower_span(lower, path->span);
    const struct local *local = path->kind == TYPED_LOCAL ? path->local : NULL;
    if (local != NULL && local->kind == LOCAL_ELEMENT) {
        return local->loc_reg;
    }
    bool alias = local != NULL && local->kind == LOCAL_LET &&
                 (local->value->kind == TYPED_FIELD || local->value->kind == TYPED_LOCAL);
    if (alias) {
        return lower_place(lower, local->value);
    }
    bool field = path->kind == TYPED_FIELD;
    unsigned row = lower_expr(lower, field ? path->left : path, LOWER_ANY);
    lower_drop(lower, row);
    unsigned reg = lower_take(lower, lower_type(PROGRAM_LOC));
    if (field) {
        emit_abc(lower->emit, OP_FIELDLOC, reg, row, path->field, span);
    } else {
        emit_abc(lower->emit, OP_ROWLOC, reg, row, 0, span);
    }
    return reg;
}
