/* SPDX-License-Identifier: Apache-2.0
 *
 * co_part.h - the part of a project that a document changed, and putting it back.
 *
 * Nodes are shared, so what a document left alone is the same node as before. Checks and long forms
 * of a document need only look at the rest: a project of many files would be slow otherwise.
 * Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_PART_H
#define FACTS_COMPOSE_CO_PART_H

#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

/* `all` without the services, networks and other entries two levels down that are in `before`
 * (may be NULL) already. */
const struct tree_node *co_part(struct co_run *run, const struct tree_node *all,
                                const struct tree_node *before);

/* `all` with what became of its part: replaced, or left out where `part`, made from `whole_part`,
 * lost it. */
const struct tree_node *co_part_back(struct co_run *run, const struct tree_node *all,
                                     const struct tree_node *whole_part,
                                     const struct tree_node *part);

#endif
