/* SPDX-License-Identifier: Apache-2.0
 *
 * fold.c - constant folding. Only total operations on present constants are folded, so nothing can
 * fail here; what the VM decides at run time (patterns, builtins) is left to it.
 */
#include "compiler/fold.h"

#include "runtime/version_order.h"

static struct typed *make(struct arena *arena, enum typed_kind kind, struct span span)
{
    struct typed *node = ARENA_NEW(arena, struct typed);
    if (node != NULL) {
        node->kind = kind;
        node->type = type_of(TYPE_BOOL);
        node->span = span;
    }
    return node;
}

static struct typed *make_pair(struct arena *arena, enum typed_kind kind, struct typed *left,
                               struct typed *right, struct span span)
{
    struct typed *node = make(arena, kind, span);
    if (node != NULL) {
        node->left = left;
        node->right = right;
    }
    return node;
}

struct typed *fold_bool(struct arena *arena, bool value, struct span span)
{
    struct typed *node = make(arena, TYPED_CONST, span);
    if (node != NULL) {
        node->number = value ? 1 : 0;
    }
    return node;
}

struct typed *fold_not(struct arena *arena, struct typed *expr, struct span span)
{
    if (expr->kind == TYPED_CONST) {
        return fold_bool(arena, expr->number == 0, span);
    }
    return make_pair(arena, TYPED_NOT, expr, NULL, span);
}

struct typed *fold_and(struct arena *arena, struct typed *left, struct typed *right,
                       struct span span)
{
    if (typed_is_bool(left, false) || typed_is_bool(right, false)) {
        return fold_bool(arena, false, span);
    }
    if (typed_is_bool(left, true)) {
        return right;
    }
    if (typed_is_bool(right, true)) {
        return left;
    }
    return make_pair(arena, TYPED_AND, left, right, span);
}

struct typed *fold_or(struct arena *arena, struct typed *left, struct typed *right,
                      struct span span)
{
    if (typed_is_bool(left, true) || typed_is_bool(right, true)) {
        return fold_bool(arena, true, span);
    }
    if (typed_is_bool(left, false)) {
        return right;
    }
    if (typed_is_bool(right, false)) {
        return left;
    }
    return make_pair(arena, TYPED_OR, left, right, span);
}

static int order(const struct typed *a, const struct typed *b)
{
    if (a->type.base == TYPE_VERSION) {
        return version_order(a->text, b->text);
    }
    if (a->type.base == TYPE_STRING) {
        return str_compare(a->text, b->text);
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

bool fold_same(const struct typed *a, const struct typed *b)
{
    return order(a, b) == 0;
}

struct typed *fold_compare(struct arena *arena, enum ast_compare compare, struct typed *left,
                           struct typed *right, struct span span)
{
    if (compare == AST_NE) {
        struct typed *equal = fold_compare(arena, AST_EQ, left, right, span);
        return equal == NULL ? NULL : fold_not(arena, equal, span);
    }
    if (compare == AST_GT || compare == AST_GE) {
        return fold_compare(arena, compare == AST_GT ? AST_LT : AST_LE, right, left, span);
    }
    if (left->kind == TYPED_CONST && right->kind == TYPED_CONST) {
        int result = order(left, right);
        bool holds = compare == AST_EQ ? result == 0 : compare == AST_LT ? result < 0 : result <= 0;
        return fold_bool(arena, holds, span);
    }
    struct typed *node = make_pair(arena, TYPED_COMPARE, left, right, span);
    if (node != NULL) {
        node->compare = compare;
    }
    return node;
}

struct typed *fold_in_set(struct arena *arena, struct typed *value, struct typed *set,
                          struct span span)
{
    bool known = set->kind == TYPED_SET && value->kind == TYPED_CONST;
    if (set->kind == TYPED_SET && set->count == 0) {
        return fold_bool(arena, false, span);
    }
    for (size_t i = 0; known && i < set->count; i++) {
        if (fold_same(value, set->items[i])) {
            return fold_bool(arena, true, span);
        }
    }
    return known ? fold_bool(arena, false, span) : make_pair(arena, TYPED_IN_SET, value, set, span);
}
