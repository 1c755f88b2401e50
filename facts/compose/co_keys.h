/* SPDX-License-Identifier: Apache-2.0
 *
 * co_keys.h - keys that may not be, or mean nothing: a document is refused for `1:` or `true:`, and
 * `version:` is ignored.
 *
 * Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_KEYS_H
#define FACTS_COMPOSE_CO_KEYS_H

#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

/* Reports every key of the document that YAML reads as a number, a boolean, a date or nothing. */
void co_keys_check(struct co_run *run, const struct tree_node *node);

/* The document without `version`, which is a warning. NULL after a failure of the arena. */
const struct tree_node *co_keys_without_version(struct co_run *run, const struct tree_node *all);

#endif
