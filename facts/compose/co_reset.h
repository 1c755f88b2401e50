/* SPDX-License-Identifier: Apache-2.0
 *
 * co_reset.h - `!reset` and `!override` across documents.
 *
 * Knows nothing of attributes: a tagged value meets what stands at the same keys in an earlier
 * tree.
 * `!override` replaces while merging (co_merge.h). Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_RESET_H
#define FACTS_COMPOSE_CO_RESET_H

#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

/* The earlier tree without what `later` resets; the same node when that is nothing. NULL for
 * NULL. Values inside lists reset nothing, as in Compose. */
const struct tree_node *co_reset_apply(struct co_run *run, const struct tree_node *earlier,
                                       const struct tree_node *later);

/* The tree with nothing behind its `!reset` tags, since what stands there means nothing. */
const struct tree_node *co_reset_empty(struct co_run *run, const struct tree_node *node);

/* The tree without its `!reset` values: what a document itself says. */
const struct tree_node *co_reset_strip(struct co_run *run, const struct tree_node *node);

/* The tree without `!override` marks, so that they do not act on another project. */
const struct tree_node *co_reset_settle(struct co_run *run, const struct tree_node *node);

#endif
