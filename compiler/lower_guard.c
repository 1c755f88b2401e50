/* SPDX-License-Identifier: Apache-2.0
 *
 * lower_guard.c - finds `subject.field == constant` or `subject.field in set` that must hold before
 * a unit can have any outcome, so that the scheduler skips rows by one look-up. Sound because an
 * `and` with a false side is false whatever the other side is, and because rows whose field is
 * unknown are never skipped. A loop ends the search: its list may be unknown, which is an outcome.
 */
#include "compiler/lower.h"

#include "compiler/scope.h"

enum { MAX_VALUES = 64 };

/* Values that one field of the subject may have. */
struct values {
    uint32_t field;
    struct type type;
    const struct typed *set; /* a TYPED_PARAM or large TYPED_SET taken whole, or NULL */
    const struct typed *items[MAX_VALUES];
    size_t count;
};

static bool is_subject_field(const struct typed *expr)
{
    return expr->kind == TYPED_FIELD && expr->left->kind == TYPED_LOCAL &&
           expr->left->local->kind == LOCAL_SUBJECT &&
           (type_is(type_present(expr->type), TYPE_STRING) ||
            type_is(type_present(expr->type), TYPE_ENUM));
}

static bool of_compare(struct values *out, const struct typed *expr)
{
    const struct typed *field = expr->left;
    const struct typed *value = expr->right;
    if (field->kind == TYPED_CONST) {
        field = expr->right;
        value = expr->left;
    }
    bool same = value->kind == TYPED_CONST && value->type.base == field->type.base;
    if (expr->compare != AST_EQ || !same || !is_subject_field(field)) {
        return false;
    }
    *out = (struct values){.field = field->field, .type = type_present(field->type), .count = 1};
    out->items[0] = value;
    return true;
}

static bool of_set(struct values *out, const struct typed *expr)
{
    if (!is_subject_field(expr->left)) {
        return false;
    }
    *out = (struct values){.field = expr->left->field, .type = type_present(expr->left->type)};
    const struct typed *set = expr->right;
    if (set->kind == TYPED_PARAM || set->count > MAX_VALUES) {
        out->set = set;
        return true;
    }
    for (size_t i = 0; i < set->count; i++) {
        out->items[out->count++] = set->items[i];
    }
    return true;
}

/* Adds the values of `more`; false when both cannot be one set. */
static bool unite(struct values *all, const struct values *more)
{
    if (all->field != more->field || all->set != NULL || more->set != NULL ||
        all->count + more->count > MAX_VALUES) {
        return false;
    }
    for (size_t i = 0; i < more->count; i++) {
        all->items[all->count++] = more->items[i];
    }
    return true;
}

static bool values_of(struct values *out, const struct typed *expr)
{
    struct values other;
    switch ((int)expr->kind) {
    case TYPED_COMPARE:
        return of_compare(out, expr);
    case TYPED_IN_SET:
        return of_set(out, expr);
    case TYPED_AND:
        return values_of(out, expr->left) || values_of(out, expr->right);
    case TYPED_OR:
        return values_of(out, expr->left) && values_of(&other, expr->right) && unite(out, &other);
    default:
        return false;
    }
}

/* From the arms: each must be bound to the same field. */
static bool values_of_arms(struct values *out, const struct checked_arm *arms)
{
    if (!values_of(out, arms->condition)) {
        return false;
    }
    for (const struct checked_arm *a = arms->next; a != NULL; a = a->next) {
        struct values other;
        if (!values_of(&other, a->condition) || !unite(out, &other)) {
            return false;
        }
    }
    return true;
}

static bool find_values(struct values *out, const struct checked_unit *unit)
{
    for (const struct checked_clause *c = unit->clauses; c != NULL; c = c->next) {
        if (c->kind == AST_CLAUSE_EACH) {
            return false;
        }
        if (c->kind == AST_CLAUSE_WHERE && values_of(out, c->expr)) {
            return true;
        }
    }
    return values_of_arms(out, unit->arms);
}

struct lower_guard lower_guard_of(struct lower *lower, const struct checked_unit *unit)
{
    struct lower_guard guard = {.field = UINT32_MAX, .set = UINT32_MAX};
    struct values values;
    if (!find_values(&values, unit)) {
        return guard;
    }
    guard.field = values.field;
    if (values.set != NULL && values.set->kind == TYPED_PARAM) {
        guard.set = values.set->symbol->set;
        return guard;
    }
    if (values.set != NULL) {
        guard.set = lower_set(lower, values.set);
        return guard;
    }
    guard.set =
        emit_set_begin(lower->emit, type_program(values.type), (uint32_t)values.count, UINT32_MAX);
    for (size_t i = 0; i < values.count; i++) {
        emit_set_item(lower->emit, lower_constant(lower, values.items[i]));
    }
    return guard;
}
