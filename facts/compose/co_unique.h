/* SPDX-License-Identifier: Apache-2.0
 *
 * co_unique.h - of equal items of a list the last one stays, at the place of the first.
 *
 * What makes items equal stands in the type of the list. An item whose key has a part that nobody
 * knows equals no other. The item that went is kept in `over` of the one that stays.
 * Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_UNIQUE_H
#define FACTS_COMPOSE_CO_UNIQUE_H

#include <stddef.h>

#include "facts/compose/co_run.h"
#include "facts/compose/co_type.h"
#include "facts/tree/tree.h"

/* The tree of `type` without repeated items; the same node when there are none. Items that lack
 * what identifies them are reported and stay. */
const struct tree_node *co_unique(struct co_run *run, const struct co_type *type,
                                  const struct tree_node *node);

/* Compacts entries of equal keys, the last one going to the place of the first; returns how many
 * are left. Keys with holes equal no other. */
size_t co_keep_last(struct co_run *run, struct tree_entry *entries, size_t count);

#endif
