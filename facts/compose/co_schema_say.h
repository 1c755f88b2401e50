/* SPDX-License-Identifier: Apache-2.0
 *
 * co_schema_say.h - what co_schema.c finds, in words that a person can act on.
 *
 * Each function reports one mistake with its path, what stands there, what may stand there and,
 * where one can be seen, the remedy. Which mistakes there are is decided by co_schema.c.
 * Memory: scratch of the run's arena, given back. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_SCHEMA_SAY_H
#define FACTS_COMPOSE_CO_SCHEMA_SAY_H

#include <stddef.h>

#include "facts/compose/co_path.h"
#include "facts/compose/co_run.h"
#include "facts/compose/co_type.h"
#include "facts/tree/tree.h"

/* A value on the way down, with what it is to be. */
struct co_spot {
    const struct co_spot *up; /* the mapping or list it stands in; NULL for the file */
    const struct co_path *path;
    const struct co_type *type;
    const struct tree_node *node;
    const struct tree_entry *entry; /* NULL for the file and for items of lists */
};

/* The value is of a kind that its type does not accept. */
void co_say_kind(struct co_run *run, const struct co_spot *spot);

/* The mapping at `spot` may not have this key. */
void co_say_unknown_key(struct co_run *run, const struct co_spot *spot,
                        const struct tree_entry *entry);

/* The file has services at its top level, `entry` being the first. */
void co_say_first_format(struct co_run *run, const struct tree_entry *entry);

/* The mapping at `spot` lacks a key. */
void co_say_missing_key(struct co_run *run, const struct co_spot *spot, struct str key);

/* The key of this entry has not the form of names. */
void co_say_name(struct co_run *run, const struct co_spot *spot, const struct tree_entry *entry);

/* The text is none of the words of its type, has not its form, or the number is out of range. */
void co_say_word(struct co_run *run, const struct co_spot *spot);
void co_say_form(struct co_run *run, const struct co_spot *spot);
void co_say_range(struct co_run *run, const struct co_spot *spot);

/* Two items of the list are equal. */
void co_say_repeated(struct co_run *run, const struct co_spot *spot, size_t first, size_t second);

#endif
