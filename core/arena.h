/* SPDX-License-Identifier: Apache-2.0
 *
 * arena.h - region allocation with a byte cap and a sticky failure.
 *
 * A phase allocates freely and is checked once at its end: after the first failure every call
 * returns NULL and arena_status() says why (NOMEM or LIMIT). Nothing is freed singly; an arena is
 * cleared for reuse or released whole. Memory is zero-filled. Under AddressSanitizer each
 * allocation is a block of its own, so that overruns are seen.
 * Thread rule: one thread at a time.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stddef.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/str.h"

struct arena_block;

struct arena {
    const plim_allocator *allocator;
    struct arena_block *head; /* newest block */
    char *next;               /* first free byte in head */
    char *end;
    size_t used; /* bytes of all blocks */
    size_t max;  /* cap on `used` */
    plim_status status;
};

/* Position to return to with arena_rewind. */
struct arena_mark {
    struct arena_block *head;
    char *next;
};

/* Prepares an empty arena; allocates nothing. `max_bytes` 0 means no cap. */
void arena_init(struct arena *arena, const plim_allocator *allocator, size_t max_bytes);

/* Frees everything; the arena may be initialised again. Safe on a zeroed struct. */
void arena_release(struct arena *arena);

/* Forgets everything but keeps one block for reuse; clears a sticky failure. */
void arena_clear(struct arena *arena);

/* Zero-filled memory aligned for any type, or NULL after a failure. */
void *arena_alloc(struct arena *arena, size_t size) PLIM_MUST_CHECK;

/* Zero-filled array, overflow-checked. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t item_size) PLIM_MUST_CHECK;

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* Copy of `text` in the arena, NUL added behind it; an empty view after a failure. */
struct str arena_copy_str(struct arena *arena, struct str text);

/* OK, or the first failure: NOMEM or LIMIT. */
plim_status arena_status(const struct arena *arena);

/* The present position. */
struct arena_mark arena_mark(const struct arena *arena);

/* Frees all that was allocated since the mark; a sticky failure stays. */
void arena_rewind(struct arena *arena, struct arena_mark mark);

#endif
