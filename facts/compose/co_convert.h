/* SPDX-License-Identifier: Apache-2.0
 *
 * co_convert.h - the ways to write one attribute brought to one form before they are merged:
 * `key=value` lists as mappings, names as mappings, texts as lists.
 *
 * Only as far as merging needs it; long forms of items belong to a later step. A part of a text has
 * its own place. Values of a wrong kind vanish where they vanish in Compose, others are reported.
 * Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_CONVERT_H
#define FACTS_COMPOSE_CO_CONVERT_H

#include <stdbool.h>

#include "core/str.h"
#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

/* Appends the pairs of a mapping or of a list of `key=value`, repeated keys included. A key without
 * value gets a null. */
void co_pairs(struct co_run *run, struct tree_gather *out, const struct tree_node *node);

/* A text as a list of it; a list as it is; else an empty list, or the mapping itself. */
const struct tree_node *co_list_of_one(struct co_run *run, const struct tree_node *node);

/* A list of `host=ip` from either form. Never NULL; an empty list after a failure of the arena. */
const struct tree_node *co_list_of_hosts(struct co_run *run, const struct tree_node *node);

/* A text as {context: text}; everything else as it is. */
const struct tree_node *co_build_map(struct co_run *run, const struct tree_node *node);

/* A list of names as a mapping of them to null, or to what `depends_on` means by a name; everything
 * else as it is. `name` is the attribute's. */
const struct tree_node *co_names_map(struct co_run *run, struct str name,
                                     const struct tree_node *node, bool depends_on);

/* Items by their subnet; NULL when one of them is no mapping, or two have the same subnet. */
const struct tree_node *co_map_by_subnet(struct co_run *run, const struct tree_node *node);

#endif
