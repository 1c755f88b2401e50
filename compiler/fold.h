/* SPDX-License-Identifier: Apache-2.0
 *
 * fold.h - makers of typed nodes that compute what is constant on the way.
 *
 * The results are those the VM would compute: Kleene logic, integer and enumeration order, version
 * order by the VM's own function. Each returns a node of the arena, one of its operands, or NULL
 * when the arena is full. Thread rule: one thread at a time per arena.
 */
#ifndef COMPILER_FOLD_H
#define COMPILER_FOLD_H

#include "compiler/typed.h"
#include "core/arena.h"

/* A constant, and the three operators of logic. */
struct typed *fold_bool(struct arena *arena, bool value, struct span span);
struct typed *fold_not(struct arena *arena, struct typed *expr, struct span span);
struct typed *fold_and(struct arena *arena, struct typed *left, struct typed *right,
                       struct span span);
struct typed *fold_or(struct arena *arena, struct typed *left, struct typed *right,
                      struct span span);

/* Any comparison, reduced to ==, < and <= by turning sides and negating. */
struct typed *fold_compare(struct arena *arena, enum ast_compare compare, struct typed *left,
                           struct typed *right, struct span span);

/* `value in set`; the set is a TYPED_SET or TYPED_PARAM. */
struct typed *fold_in_set(struct arena *arena, struct typed *value, struct typed *set,
                          struct span span);

/* Whether two constants of one type are the same value. */
bool fold_same(const struct typed *a, const struct typed *b);

#endif
