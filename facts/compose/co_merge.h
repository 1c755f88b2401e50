/* SPDX-License-Identifier: Apache-2.0
 *
 * co_merge.h - a later value over an earlier one: override files, extends and include.
 *
 * Which rule an attribute follows stands in its type. A value that replaced another keeps it in
 * `over`; whole lists and mappings keep the place of the earlier one, their parts have their own.
 * Environments, labels and the like become mappings, so one rule serves both ways to write them.
 * Equal list items are co_unique.h's, `!reset` is co_reset.h's. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_MERGE_H
#define FACTS_COMPOSE_CO_MERGE_H

#include "core/str.h"
#include "facts/compose/co_run.h"
#include "facts/compose/co_type.h"
#include "facts/tree/tree.h"

/* `later` over `earlier`, both values of an attribute `name` of `type` (NULL: a type nobody knows).
 * Either may be NULL: the other one is the result. What cannot be merged is reported and stays as
 * it was earlier. A `later` with TREE_OVERRIDE replaces as a whole. */
const struct tree_node *co_merge(struct co_run *run, const struct co_type *type, struct str name,
                                 const struct tree_node *earlier, const struct tree_node *later);

/* `later` as the value that replaced `earlier`, behind whatever it replaced before. */
const struct tree_node *co_over(struct co_run *run, const struct tree_node *later,
                                const struct tree_node *earlier);

#endif
