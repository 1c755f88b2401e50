/* SPDX-License-Identifier: Apache-2.0
 *
 * intern.h - each distinct string once, named by a 32-bit id.
 *
 * Ids count from 0 in insertion order; id 0 is always the empty string. Equal text has equal ids,
 * so comparison is an integer compare. The hash is seeded per table: crafted inputs cannot collide
 * it. Bytes live in an arena of the table's own until intern_release.
 * Thread rule: one thread while strings are added; immutable and shareable afterwards.
 */
#ifndef CORE_INTERN_H
#define CORE_INTERN_H

#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"

typedef uint32_t intern_id;

enum { INTERN_EMPTY = 0 };
#define INTERN_NONE UINT32_MAX /* no such string, or a failed insertion */

/* A place of the hash table; id_plus_one 0 is free. */
struct intern_slot {
    uint32_t hash;
    uint32_t id_plus_one;
};

struct interner {
    struct arena bytes;
    struct str *views; /* by id */
    size_t views_capacity;
    uint32_t count;
    struct intern_slot *slots; /* open addressing; power-of-two size */
    size_t slot_count;
    uint64_t seed;
    plim_status status;
};

/* Prepares a table that holds at most `max_bytes` of text (0: no cap). Fails with NOMEM. */
plim_status intern_init(struct interner *table, const plim_allocator *allocator, size_t max_bytes,
                        uint64_t seed) PLIM_MUST_CHECK;

/* Frees everything. Safe on a zeroed struct and twice. */
void intern_release(struct interner *table);

/* Forgets all strings but the empty one and keeps the memory for the next ones: all ids and views
 * become invalid. */
void intern_clear(struct interner *table);

/* Id of `text`, added (copied) when new; INTERN_NONE after a failure, which is sticky. */
intern_id intern_add(struct interner *table, struct str text);

/* Id of `text` when it is present, else INTERN_NONE. Does not change the table. */
intern_id intern_find(const struct interner *table, struct str text);

/* Text of an id; the empty view for ids out of range. Lives as long as the table. */
static inline struct str intern_view(const struct interner *table, intern_id id)
{
    return id < table->count ? table->views[id] : STR("");
}

/* OK, or the first failure: NOMEM or LIMIT. */
plim_status intern_status(const struct interner *table);

#endif
