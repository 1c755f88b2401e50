/* SPDX-License-Identifier: Apache-2.0
 *
 * arena.h - region allocation with a byte cap and a sticky failure.
 *
 * A phase allocates freely and is checked once at its end: after the first failure every call
 * returns NULL and arena_status() says why (NOMEM or LIMIT). Nothing is freed singly; an arena is
 * cleared for reuse or released whole. Memory is zero-filled unless the name says otherwise. Under
 * AddressSanitizer each allocation is a block of its own, so that overruns are seen. Taking memory
 * from the present block is inline: parsers do it for every few bytes they read.
 * Thread rule: one thread at a time.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/str.h"

struct arena_block;

struct arena {
    const plim_allocator *allocator;
    struct arena_block *head; /* newest block */
    char *next;               /* first free byte in head */
    size_t left;              /* bytes free from `next` on; 0 after a failure */
    size_t used;              /* bytes of all blocks */
    size_t max;               /* cap on `used` */
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

/* arena_take where the present block has no room for `size` bytes. For arena.h only. */
void *arena_take_slow(struct arena *arena, size_t size) PLIM_MUST_CHECK;

/* Memory as it comes, aligned for any type, or NULL after a failure: for what is written at once.
 */
static inline void *arena_take(struct arena *arena, size_t size)
{
    size_t bytes = size > 0 ? size : 1;
    size_t pad = -(uintptr_t)arena->next & (alignof(max_align_t) - 1);
    if (arena->left < pad || arena->left - pad < bytes) {
        return arena_take_slow(arena, bytes);
    }
    char *ptr = arena->next + pad;
    arena->next = ptr + bytes;
    arena->left -= pad + bytes;
    return ptr;
}

/* Zero-filled memory aligned for any type, or NULL after a failure. */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
    void *ptr = arena_take(arena, size);
    if (ptr != NULL) {
        memset(ptr, 0, size);
    }
    return ptr;
}

/* Zero-filled array, overflow-checked. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t item_size) PLIM_MUST_CHECK;

/* The same as it comes. */
void *arena_take_array(struct arena *arena, size_t count, size_t item_size) PLIM_MUST_CHECK;

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))
#define ARENA_ROOM(arena, type, count) ((type *)arena_take_array((arena), (count), sizeof(type)))

/* Copy of `text` in the arena, NUL added behind it; an empty view after a failure. */
struct str arena_copy_str(struct arena *arena, struct str text);

/* Records a failure of something that is built together with what the arena holds, unless it failed
 * before; `status` OK changes nothing. Always NULL. */
void *arena_fail(struct arena *arena, plim_status status);

/* OK, or the first failure: NOMEM or LIMIT. */
plim_status arena_status(const struct arena *arena);

/* The present position. */
struct arena_mark arena_mark(const struct arena *arena);

/* Frees all that was allocated since the mark; a sticky failure stays. */
void arena_rewind(struct arena *arena, struct arena_mark mark);

#endif
