/* SPDX-License-Identifier: Apache-2.0
 *
 * co_item.h - what identifies one item of a list, short or long: the port, the target of a mount.
 *
 * Only as much of the short forms is read as their identity needs; reading them whole belongs to
 * the step that makes long forms. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_ITEM_H
#define FACTS_COMPOSE_CO_ITEM_H

#include <stdbool.h>

#include "core/str.h"
#include "facts/compose/co_run.h"
#include "facts/compose/co_type.h"
#include "facts/tree/tree.h"

/* Key of an item in a list of this uniqueness, in the run's arena or a view of the item. False when
 * it has none: what a long form lacks is reported, what has a wrong kind is left to the schema. */
bool co_item_key(struct co_run *run, enum co_unique unique, const struct tree_node *item,
                 struct str *key);

#endif
