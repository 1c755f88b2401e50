/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_merge.h - the merge key `<<`.
 *
 * Knows how entries of several mappings become those of one; where they come from is the reader's.
 * Memory: the new array is in the arena, everything else is shared. Thread rule: pure but for the
 * arena.
 */
#ifndef FACTS_YAML_YAML_MERGE_H
#define FACTS_YAML_YAML_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "facts/tree/tree.h"

/* Whether a value may stand behind `<<`: a mapping or a list of mappings. */
bool yaml_can_merge(const struct tree_node *value);

/* Number of entries that a value would bring in. */
size_t yaml_merged_count(const struct tree_node *value);

/* Entries of a mapping whose own ones are `own`, its `<<` left out, and of what it merges. Of equal
 * keys the first stays: own before merged, earlier in a list before later. `*count` receives their
 * number. NULL after a failure of the arena. */
const struct tree_entry *yaml_merge(struct arena *arena, const struct tree_entry *own,
                                    size_t own_count, const struct tree_node *value, size_t *count);

#endif
