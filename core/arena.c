/* SPDX-License-Identifier: Apache-2.0
 *
 * arena.c - chained blocks, each twice the last up to 1 MiB; a large request gets a block of its
 * own size. See arena.h for the contract.
 */
#include "core/arena.h"

#include <stdbool.h>

#include "core/alloc.h"

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

#if defined(__SANITIZE_ADDRESS__)
static const bool one_block_each = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
static const bool one_block_each = true;
#else
static const bool one_block_each = false;
#endif
#else
static const bool one_block_each = false;
#endif

struct arena_block {
    struct arena_block *previous;
    size_t size; /* of the whole block, header included */
    alignas(max_align_t) char data[];
};

void arena_init(struct arena *arena, const plim_allocator *allocator, size_t max_bytes)
{
    *arena = (struct arena){.allocator = alloc_or_default(allocator),
                            .max = max_bytes > 0 ? max_bytes : SIZE_MAX};
}

static void free_block(struct arena *arena)
{
    struct arena_block *block = arena->head;
    arena->head = block->previous;
    arena->used -= block->size;
    alloc_free(arena->allocator, block, block->size);
}

void arena_release(struct arena *arena)
{
    while (arena->head != NULL) {
        free_block(arena);
    }
    arena->next = NULL;
    arena->left = 0;
}

/* What is free of the newest block from `next` on. An arena that failed has nothing to give. */
static size_t room_behind(const struct arena *arena)
{
    if (arena->head == NULL || one_block_each || arena->status != PLIM_STATUS_OK) {
        return 0;
    }
    return (size_t)((char *)arena->head + arena->head->size - arena->next);
}

void *arena_fail(struct arena *arena, plim_status status)
{
    arena->status = arena->status == PLIM_STATUS_OK ? status : arena->status;
    arena->left = arena->status == PLIM_STATUS_OK ? arena->left : 0;
    return NULL;
}

void arena_clear(struct arena *arena)
{
    /* The newest block is the largest: keeping it lets a run over many files settle on one block.
     */
    struct arena_block *kept = one_block_each ? NULL : arena->head;
    if (kept != NULL) {
        arena->head = kept->previous;
    }
    while (arena->head != NULL) {
        free_block(arena);
    }
    if (kept != NULL) {
        kept->previous = NULL;
    }
    arena->head = kept;
    arena->next = kept != NULL ? kept->data : NULL;
    arena->status = PLIM_STATUS_OK;
    arena->left = room_behind(arena);
}

static bool add_block(struct arena *arena, size_t need)
{
    size_t size = FIRST_BLOCK;
    if (arena->head != NULL) {
        size = arena->head->size < LARGEST_BLOCK ? arena->head->size * 2 : LARGEST_BLOCK;
    }
    size_t header = sizeof(struct arena_block);
    if (one_block_each || size < need + header) {
        size = need + header;
    }
    if (size > arena->max - arena->used) {
        size = need + header; /* the cap counts what is needed, not what would be convenient */
    }
    if (size > arena->max - arena->used) {
        (void)arena_fail(arena, PLIM_STATUS_LIMIT);
        return false;
    }
    struct arena_block *block = alloc_resize(arena->allocator, NULL, 0, size);
    if (block == NULL) {
        (void)arena_fail(arena, PLIM_STATUS_NOMEM);
        return false;
    }
    block->previous = arena->head;
    block->size = size;
    arena->head = block;
    arena->used += size;
    arena->next = block->data;
    arena->left = size - header;
    return true;
}

void *arena_take_slow(struct arena *arena, size_t size)
{
    if (arena->status != PLIM_STATUS_OK) {
        return NULL;
    }
    if (size > SIZE_MAX / 4) {
        return arena_fail(arena, PLIM_STATUS_LIMIT);
    }
    if (!add_block(arena, size)) {
        return NULL;
    }
    char *ptr = arena->next;
    arena->next += size;
    arena->left = room_behind(arena);
    return ptr;
}

void *arena_take_array(struct arena *arena, size_t count, size_t item_size)
{
    if (item_size > 0 && count > SIZE_MAX / 4 / item_size) {
        return arena_fail(arena, PLIM_STATUS_LIMIT);
    }
    return arena_take(arena, count * item_size);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t item_size)
{
    void *items = arena_take_array(arena, count, item_size);
    if (items != NULL) {
        memset(items, 0, count * item_size);
    }
    return items;
}

struct str arena_copy_str(struct arena *arena, struct str text)
{
    /* Texts need no alignment and lie side by side. */
    char *copy = arena->next;
    if (arena->left > text.len) {
        arena->next += text.len + 1;
        arena->left -= text.len + 1;
    } else {
        copy = text.len < SIZE_MAX ? arena_take_slow(arena, text.len + 1) : NULL;
    }
    if (copy == NULL) {
        return STR("");
    }
    if (text.len > 0) {
        memcpy(copy, text.ptr, text.len);
    }
    copy[text.len] = '\0';
    return str_make(copy, text.len);
}

plim_status arena_status(const struct arena *arena)
{
    return arena->status;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){.head = arena->head, .next = arena->next};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->head != mark.head) {
        free_block(arena);
    }
    arena->next = mark.next;
    arena->left = room_behind(arena);
}
