/* SPDX-License-Identifier: Apache-2.0
 *
 * co_edit.h - making nodes from nodes: mappings with entries set, added or left out, lists with
 * items replaced, texts at the place of another value.
 *
 * Nodes are immutable, so an edit gathers what the new one holds and gives back the old node when
 * nothing changed. No attribute is known here. Memory: everything is in the arena of the edit.
 * Thread rule: pure but for the arena.
 */
#ifndef FACTS_COMPOSE_CO_EDIT_H
#define FACTS_COMPOSE_CO_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/source.h"
#include "core/str.h"
#include "facts/tree/tree.h"

struct co_edit {
    struct arena *arena;
    const struct tree_node *node; /* a list or mapping */
    struct tree_gather parts;     /* copied with the first change; NULL: left out */
    bool changed;
};

/* Starts to edit a list or mapping. */
struct co_edit co_edit(struct arena *arena, const struct tree_node *node);

/* Puts a value at the position of an old entry or item; NULL leaves it out. The same value as
 * before is no change. */
void co_edit_replace(struct co_edit *edit, size_t position, const struct tree_node *value);

/* Sets a key of a mapping, old or new, unless `value` is NULL, as it is when memory ran out. A new
 * entry's key has the place of the value. Takes as many steps as keys were added before. */
void co_edit_set(struct co_edit *edit, struct str key, const struct tree_node *value);

/* The value that a key has now, or NULL. */
const struct tree_node *co_edit_get(const struct co_edit *edit, struct str key);

/* The node as edited: the old one when nothing changed. After a failure of the arena the old one or
 * NULL. */
const struct tree_node *co_edit_done(struct co_edit *edit);

/* A string at the place of `at`, with its variables left behind; `flags` of enum tree_flag. NULL
 * after a failure of the arena. */
struct tree_node *co_text_at(struct arena *arena, const struct tree_node *at, struct str text,
                             unsigned flags);

/* A boolean, a whole number, an empty mapping, nothing: as co_text_at. */
struct tree_node *co_bool_at(struct arena *arena, const struct tree_node *at, bool value,
                             unsigned flags);
struct tree_node *co_int_at(struct arena *arena, const struct tree_node *at, int64_t value,
                            unsigned flags);
struct tree_node *co_null_at(struct arena *arena, const struct tree_node *at, unsigned flags);

/* Adds an entry or, with an empty key, an item; nothing when `value` is NULL. */
void co_put(struct tree_gather *gather, struct arena *arena, struct str key,
            const struct tree_node *value);

/* A mapping made from `from` in another form: its place and what it replaced are kept. Of equal
 * keys the last stays, where the first stood. NULL after a failure of the arena. */
const struct tree_node *co_map_from(struct arena *arena, const struct tree_node *from,
                                    struct tree_gather *gather);

/* A list, likewise; every item stays. */
const struct tree_node *co_list_from(struct arena *arena, const struct tree_node *from,
                                     const struct tree_gather *gather);

#endif
