/* SPDX-License-Identifier: Apache-2.0
 *
 * lower_guard.c - finds what must hold of the judged row before a unit can have any outcome, so
 * that the scheduler need not enter the unit for other rows; and what must hold of an element of a
 * list before a loop can learn anything from it, so that the loop goes on to the next one.
 *
 * A guard follows the conditions of `where` and the arms, or that of a quantifier or filter, as far
 * as they ask fields of the subject or element or of a row that it refers to; what it does not
 * follow may hold. Sound because an `and` with a false side is false whatever the other side is,
 * and because a test of a guard says no only where the condition is certainly false. An `each` ends
 * the search: its list may be unknown, which is an outcome; an empty list leaves nothing to say.
 * Thread rule: one thread at a time.
 */
#include <string.h>

#include "compiler/lower.h"

#include "compiler/scope.h"

enum { MAX_VISITS = 1024 }; /* expressions looked at for one guard: helpers may multiply */

/* Arguments of the helpers that the search is inside of. */
struct frame {
    const struct symbol *helper;
    const struct typed *call;
    const struct frame *outer;
};

struct search {
    struct lower *lower;
    const struct local *root; /* the element that is asked; NULL: the subject */
    struct lower_guard *guard;
    unsigned visits;
    unsigned depth;
};

/* An expression, where its names are bound, and the truth it is asked for. */
struct question {
    const struct typed *expr;
    const struct frame *frame;
    bool truth;
};

/* A field of the subject or element, or of the row in its field `via`. */
struct place {
    const struct typed *field;
    uint8_t via;
};

static bool add_one(struct search *s, struct question q);

/* What a name or a negation stands for, as far as that is an expression. */
static struct question resolve(struct question q)
{
    for (;;) {
        if (q.expr->kind == TYPED_NOT) {
            q.expr = q.expr->left;
            q.truth = !q.truth;
            continue;
        }
        const struct local *local = q.expr->kind == TYPED_LOCAL ? q.expr->local : NULL;
        if (local == NULL || (local->kind != LOCAL_LET && local->kind != LOCAL_ARGUMENT)) {
            return q;
        }
        if (local->kind == LOCAL_LET) {
            q.expr = local->value;
            continue;
        }
        const struct frame *frame = q.frame;
        size_t i = 0;
        while (frame != NULL && i < frame->call->count && frame->helper->arguments[i] != local) {
            i++;
        }
        if (frame == NULL || i == frame->call->count) {
            return q;
        }
        q.expr = frame->call->items[i];
        q.frame = frame->outer;
    }
}

static bool is_root(const struct search *s, struct question q)
{
    q = resolve(q);
    return q.expr->kind == TYPED_LOCAL &&
           (s->root != NULL ? q.expr->local == s->root : q.expr->local->kind == LOCAL_SUBJECT);
}

/* Whether an expression, a field or the test for one, is about a place guards can name. */
static bool find_place(const struct search *s, struct place *out, struct question q)
{
    *out = (struct place){.field = q.expr, .via = PROGRAM_NO_VIA};
    if (q.expr->kind != TYPED_FIELD && q.expr->kind != TYPED_HAS) {
        return false;
    }
    struct question row = {.expr = q.expr->left, .frame = q.frame};
    if (is_root(s, row)) {
        return true;
    }
    row = resolve(row);
    out->via = row.expr->field;
    return row.expr->kind == TYPED_FIELD && row.expr->field != PROGRAM_NO_VIA &&
           is_root(s, (struct question){.expr = row.expr->left, .frame = row.frame});
}

static bool add_node(struct search *s, enum program_test test, struct place place, uint32_t operand)
{
    struct lower_guard *guard = s->guard;
    if (guard->count == PROGRAM_MAX_GUARD) {
        return false;
    }
    guard->nodes[guard->count++] = (struct program_guard){
        .test = (uint8_t)test, .via = place.via, .field = place.field->field, .operand = operand};
    return true;
}

static bool is_text_or_enum(struct type type)
{
    return type_is(type_present(type), TYPE_STRING) || type_is(type_present(type), TYPE_ENUM);
}

static bool add_compare(struct search *s, struct question q)
{
    struct question field = {.expr = q.expr->left, .frame = q.frame};
    struct question value = {.expr = q.expr->right, .frame = q.frame};
    if (resolve(field).expr->kind == TYPED_CONST) {
        field.expr = q.expr->right;
        value.expr = q.expr->left;
    }
    field = resolve(field);
    value = resolve(value);
    bool text = type_is(type_present(field.expr->type), TYPE_STRING);
    enum program_test test =
        q.truth ? (text ? PROGRAM_SAME : PROGRAM_IS) : (text ? PROGRAM_OTHER : PROGRAM_IS_NOT);
    struct place place;
    return q.expr->compare == AST_EQ && value.expr->kind == TYPED_CONST &&
           is_text_or_enum(field.expr->type) && value.expr->type.base == field.expr->type.base &&
           find_place(s, &place, field) &&
           add_node(s, test, place, (uint32_t)lower_constant(s->lower, value.expr));
}

static bool add_in_set(struct search *s, struct question q)
{
    const struct typed *set = q.expr->right;
    struct question field = resolve((struct question){.expr = q.expr->left, .frame = q.frame});
    struct place place;
    return is_text_or_enum(field.expr->type) && find_place(s, &place, field) &&
           (set->kind == TYPED_PARAM || set->kind == TYPED_SET) &&
           add_node(s, q.truth ? PROGRAM_IN : PROGRAM_NOT_IN, place,
                    set->kind == TYPED_PARAM ? set->symbol->set : lower_set(s->lower, set));
}

static bool add_match(struct search *s, struct question q)
{
    struct question field = resolve((struct question){.expr = q.expr->left, .frame = q.frame});
    struct place place;
    return q.truth && type_is(type_present(field.expr->type), TYPE_STRING) &&
           find_place(s, &place, field) &&
           add_node(s, PROGRAM_LIKE, place,
                    emit_pattern(s->lower->emit, (enum program_pattern_kind)q.expr->number,
                                 q.expr->text));
}

/* The list has elements: what `any`, `one` and what is not `no` or `all` need. */
static bool add_some(struct search *s, struct question q)
{
    q = resolve(q);
    while (q.expr->kind == TYPED_FILTER) {
        q.expr = q.expr->left;
        q = resolve(q);
    }
    struct place place;
    return find_place(s, &place, q) && q.expr->type.list && add_node(s, PROGRAM_SOME, place, 0);
}

static bool add_quantified(struct search *s, struct question q)
{
    bool positive = q.expr->quantifier == AST_ANY || q.expr->quantifier == AST_ONE;
    bool some = q.expr->quantifier == AST_ONE ? q.truth : q.truth == positive;
    return some && add_some(s, (struct question){.expr = q.expr->left, .frame = q.frame});
}

static bool add_field(struct search *s, struct question q, enum program_test test)
{
    struct place place;
    return find_place(s, &place, q) && add_node(s, test, place, 0);
}

/* Whether the parts of a condition must all hold, or one of them. */
static bool is_group(struct question q, bool all)
{
    return q.expr->kind == (q.truth == all ? TYPED_AND : TYPED_OR);
}

/* Adds the members of a conjunction that are understood; false when none is. */
static bool add_all(struct search *s, struct question q)
{
    q = resolve(q);
    if (!is_group(q, true)) {
        return add_one(s, q);
    }
    struct question right = q;
    right.expr = q.expr->right;
    q.expr = q.expr->left;
    bool left_known = add_all(s, q);
    return add_all(s, right) || left_known;
}

/* Adds the members of a disjunction; false unless all are understood. */
static bool add_any(struct search *s, struct question q)
{
    q = resolve(q);
    if (!is_group(q, false)) {
        return add_one(s, q);
    }
    struct question right = q;
    right.expr = q.expr->right;
    q.expr = q.expr->left;
    return add_any(s, q) && add_any(s, right);
}

/* A group of one member is that member. */
static void close_group(struct lower_guard *guard, uint32_t start)
{
    struct program_guard *group = &guard->nodes[start];
    uint32_t inside = guard->count - start - 1;
    uint32_t first = group[1].test <= PROGRAM_ANY ? 1 + group[1].operand : 1;
    if (first == inside) {
        memmove(group, group + 1, inside * sizeof *group);
        guard->count--;
    } else {
        group->operand = inside;
    }
}

/* Nodes of a group, behind a node of its own. */
static bool add_group(struct search *s, struct question q)
{
    static const struct typed none = {.field = 0};
    bool all = is_group(q, true);
    uint32_t start = s->guard->count;
    if (s->depth == PROGRAM_MAX_GUARD_DEPTH ||
        !add_node(s, all ? PROGRAM_ALL : PROGRAM_ANY,
                  (struct place){.field = &none, .via = PROGRAM_NO_VIA}, 0)) {
        return false;
    }
    s->depth++;
    bool known = all ? add_all(s, q) : add_any(s, q);
    s->depth--;
    if (known) {
        close_group(s->guard, start);
    }
    return known;
}

static bool add_known(struct search *s, struct question q)
{
    switch ((int)q.expr->kind) {
    case TYPED_AND:
    case TYPED_OR:
        return add_group(s, q);
    case TYPED_HAS:
        return add_field(s, q, q.truth ? PROGRAM_HAS : PROGRAM_LACKS);
    case TYPED_PRESENT:
        return add_field(s, resolve((struct question){.expr = q.expr->left, .frame = q.frame}),
                         q.truth ? PROGRAM_HAS : PROGRAM_LACKS);
    case TYPED_FIELD:
        return add_field(s, q, q.truth ? PROGRAM_TRUE : PROGRAM_FALSE);
    case TYPED_COMPARE:
        return add_compare(s, q);
    case TYPED_IN_SET:
        return add_in_set(s, q);
    case TYPED_MATCH:
        return add_match(s, q);
    case TYPED_QUANTIFIED:
        return add_quantified(s, q);
    case TYPED_INLINE: {
        struct frame frame = {.helper = q.expr->symbol, .call = q.expr, .outer = q.frame};
        return add_one(
            s, (struct question){.expr = q.expr->symbol->value, .frame = &frame, .truth = q.truth});
    }
    default:
        return false;
    }
}

/* Adds the nodes of a condition; adds nothing and returns false when it is not understood. */
static bool add_one(struct search *s, struct question q)
{
    uint32_t start = s->guard->count;
    q = resolve(q);
    if (s->visits < MAX_VISITS) {
        s->visits++;
        if (add_known(s, q)) {
            return true;
        }
    }
    s->guard->count = start;
    return false;
}

/* One of the arms: all of them must be understood. */
static void add_arms(struct search *s, const struct checked_arm *arms)
{
    static const struct typed none = {.field = 0};
    struct place nowhere = {.field = &none, .via = PROGRAM_NO_VIA};
    uint32_t start = s->guard->count;
    if (arms->next == NULL) {
        (void)add_all(s, (struct question){.expr = arms->condition, .truth = true});
        return;
    }
    bool known = add_node(s, PROGRAM_ANY, nowhere, 0);
    s->depth++;
    for (const struct checked_arm *a = arms; a != NULL && known; a = a->next) {
        known = typed_is_bool(a->condition, false) ||
                add_any(s, (struct question){.expr = a->condition, .truth = true});
    }
    s->depth--;
    if (known && s->guard->count > start + 1) {
        close_group(s->guard, start);
    } else {
        s->guard->count = start;
    }
}

/* What must hold from a clause on, up to the next list. */
static void add_clauses(struct search *s, const struct checked_clause *clauses,
                        const struct checked_arm *arms)
{
    for (const struct checked_clause *c = clauses; c != NULL; c = c->next) {
        struct question q = {.expr = c->expr, .truth = true};
        if (c->kind == AST_CLAUSE_EACH) {
            (void)add_some(s, q);
            return;
        }
        if (c->kind == AST_CLAUSE_WHERE) {
            (void)add_all(s, q);
        }
    }
    add_arms(s, arms);
}

void lower_guard_of(struct lower *lower, const struct checked_unit *unit, struct lower_guard *guard)
{
    struct search s = {.lower = lower, .guard = guard};
    guard->count = 0;
    add_clauses(&s, unit->clauses, unit->arms);
}

void lower_skip_condition(struct lower *lower, const struct local *element,
                          const struct typed *condition, bool truth, struct lower_guard *guard)
{
    struct search s = {.lower = lower, .root = element, .guard = guard};
    guard->count = 0;
    (void)add_all(&s, (struct question){.expr = condition, .truth = truth});
}

void lower_skip_clauses(struct lower *lower, const struct local *element,
                        const struct checked_clause *clauses, const struct checked_arm *arms,
                        struct lower_guard *guard)
{
    struct search s = {.lower = lower, .root = element, .guard = guard};
    guard->count = 0;
    add_clauses(&s, clauses, arms);
}
