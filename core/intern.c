/* SPDX-License-Identifier: Apache-2.0
 *
 * intern.c - open-addressing table over an arena. The hash reads eight bytes at a time and mixes
 * with a seeded 64x64 multiply; the stored 32 bits are compared before the text is.
 */
#include "core/intern.h"

#include <string.h>

#include "core/alloc.h"

enum { FIRST_SLOTS = 256 };

static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint32_t hash_text(uint64_t seed, struct str text)
{
    const uint64_t k0 = UINT64_C(0x9E3779B97F4A7C15);
    const uint64_t k1 = UINT64_C(0xD6E8FEB86659FD93);
    uint64_t h = seed ^ mix(text.len ^ k0, k1);
    size_t at = 0;
    for (; text.len - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, text.ptr + at, 8);
        h = mix(h ^ word, k0 ^ seed);
    }
    uint64_t tail = 0;
    if (at < text.len) {
        memcpy(&tail, text.ptr + at, text.len - at);
    }
    h = mix(h ^ tail, k1 ^ seed);
    return (uint32_t)(h ^ h >> 32);
}

plim_status intern_init(struct interner *table, const plim_allocator *allocator, size_t max_bytes,
                        uint64_t seed)
{
    *table = (struct interner){.seed = seed};
    arena_init(&table->bytes, allocator, max_bytes);
    table->slots = alloc_zeroed(table->bytes.allocator, FIRST_SLOTS * sizeof *table->slots);
    if (table->slots == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    table->slot_count = FIRST_SLOTS;
    if (intern_add(table, STR("")) != INTERN_EMPTY) {
        plim_status status = table->status;
        intern_release(table);
        return status;
    }
    return PLIM_STATUS_OK;
}

void intern_release(struct interner *table)
{
    const plim_allocator *allocator = table->bytes.allocator;
    if (allocator == NULL) {
        return;
    }
    alloc_free(allocator, table->slots, table->slot_count * sizeof *table->slots);
    alloc_free(allocator, table->views, table->views_capacity * sizeof *table->views);
    alloc_free(allocator, table->hashes, table->hashes_capacity * sizeof *table->hashes);
    arena_release(&table->bytes);
    *table = (struct interner){.status = PLIM_STATUS_OK};
}

/* Slot that holds `text`, or the free slot where it belongs. */
static size_t find_slot(const struct interner *table, struct str text, uint32_t hash)
{
    size_t mask = table->slot_count - 1;
    size_t at = hash & mask;
    while (table->slots[at] != 0) {
        uint32_t id = table->slots[at] - 1;
        if (table->hashes[id] == hash && str_eq(table->views[id], text)) {
            break;
        }
        at = (at + 1) & mask;
    }
    return at;
}

static bool grow_slots(struct interner *table)
{
    size_t count = table->slot_count * 2;
    uint32_t *slots = alloc_zeroed(table->bytes.allocator, count * sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (uint32_t id = 0; id < table->count; id++) {
        size_t at = table->hashes[id] & (count - 1);
        while (slots[at] != 0) {
            at = (at + 1) & (count - 1);
        }
        slots[at] = id + 1;
    }
    alloc_free(table->bytes.allocator, table->slots, table->slot_count * sizeof *slots);
    table->slots = slots;
    table->slot_count = count;
    return true;
}

static bool grow_rows(struct interner *table)
{
    void *views = table->views;
    void *hashes = table->hashes;
    const plim_allocator *allocator = table->bytes.allocator;
    size_t need = (size_t)table->count + 1;
    bool grown = alloc_grow(allocator, &views, &table->views_capacity, need, sizeof *table->views);
    table->views = views;
    grown = grown &&
            alloc_grow(allocator, &hashes, &table->hashes_capacity, need, sizeof *table->hashes);
    table->hashes = hashes;
    return grown;
}

static intern_id fail(struct interner *table, plim_status status)
{
    table->status = table->status == PLIM_STATUS_OK ? status : table->status;
    return INTERN_NONE;
}

intern_id intern_add(struct interner *table, struct str text)
{
    if (table->status != PLIM_STATUS_OK) {
        return INTERN_NONE;
    }
    uint32_t hash = hash_text(table->seed, text);
    size_t at = find_slot(table, text, hash);
    if (table->slots[at] != 0) {
        return table->slots[at] - 1;
    }
    if (table->count >= INTERN_NONE - 1) {
        return fail(table, PLIM_STATUS_LIMIT);
    }
    if ((size_t)table->count * 2 >= table->slot_count) {
        if (!grow_slots(table)) {
            return fail(table, PLIM_STATUS_NOMEM);
        }
        at = find_slot(table, text, hash);
    }
    if (!grow_rows(table)) {
        return fail(table, PLIM_STATUS_NOMEM);
    }
    struct str copy = arena_copy_str(&table->bytes, text);
    if (arena_status(&table->bytes) != PLIM_STATUS_OK) {
        return fail(table, arena_status(&table->bytes));
    }
    table->views[table->count] = copy;
    table->hashes[table->count] = hash;
    table->slots[at] = table->count + 1;
    return table->count++;
}

intern_id intern_find(const struct interner *table, struct str text)
{
    size_t at = find_slot(table, text, hash_text(table->seed, text));
    return table->slots[at] != 0 ? table->slots[at] - 1 : INTERN_NONE;
}

plim_status intern_status(const struct interner *table)
{
    return table->status;
}
