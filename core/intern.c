/* SPDX-License-Identifier: Apache-2.0
 *
 * intern.c - open-addressing table over an arena. The hash reads eight bytes at a time and mixes
 * with a seeded 64x64 multiply; its 32 bits stand in the slot, so that most other texts are told
 * apart without touching them.
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

static uint64_t load64(const char *ptr)
{
    uint64_t word;
    memcpy(&word, ptr, 8);
    return word;
}

static uint64_t load32(const char *ptr)
{
    uint32_t word;
    memcpy(&word, ptr, 4);
    return word;
}

/* The last 1 to 7 bytes of a text as a number; loads may overlap. */
static uint64_t load_tail(const char *ptr, size_t len)
{
    if (len >= 4) {
        return load32(ptr) | load32(ptr + len - 4) << 32;
    }
    uint64_t first = (unsigned char)ptr[0];
    uint64_t middle = (unsigned char)ptr[len / 2];
    uint64_t last = (unsigned char)ptr[len - 1];
    return first | middle << 8 | last << 16;
}

/* Only constants and the seed are factors: a factor taken from the text could be made zero. Long
 * texts run through two lanes, since a multiplication waits for the one before it. */
static inline uint32_t hash_text(uint64_t seed, struct str text)
{
    const uint64_t k0 = UINT64_C(0x9E3779B97F4A7C15) ^ seed;
    const uint64_t k1 = UINT64_C(0xD6E8FEB86659FD93) ^ seed;
    uint64_t h = seed ^ (text.len * UINT64_C(0x9E3779B97F4A7C15));
    const char *at = text.ptr;
    size_t left = text.len;
    if (left > 32) {
        uint64_t second = ~h;
        for (; left > 16; at += 16, left -= 16) {
            h = mix(h ^ load64(at), k0);
            second = mix(second ^ load64(at + 8), k1);
        }
        h ^= second;
    }
    for (; left > 8; at += 8, left -= 8) {
        h = mix(h ^ load64(at), k0);
    }
    uint64_t tail = 0;
    if (text.len >= 8) {
        tail = load64(at + left - 8);
    } else if (text.len > 0) {
        tail = load_tail(at, left);
    }
    h = mix(h ^ tail, k1);
    return (uint32_t)(h ^ h >> 32);
}

/* Equality of two texts of one length without a call for short ones, which most are. */
static inline bool same_bytes(const char *a, const char *b, size_t len)
{
    if (len < 8) {
        return len == 0 || load_tail(a, len) == load_tail(b, len);
    }
    if (len <= 16) {
        return load64(a) == load64(b) && load64(a + len - 8) == load64(b + len - 8);
    }
    return memcmp(a, b, len) == 0;
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
    arena_release(&table->bytes);
    *table = (struct interner){.status = PLIM_STATUS_OK};
}

void intern_clear(struct interner *table)
{
    memset(table->slots, 0, table->slot_count * sizeof *table->slots);
    arena_clear(&table->bytes);
    table->count = 0;
    table->status = PLIM_STATUS_OK;
    (void)intern_add(table, STR("")); /* a failure shows in the status */
}

/* Slot that holds `text`, or the free slot where it belongs. */
static inline size_t find_slot(const struct interner *table, struct str text, uint32_t hash)
{
    size_t mask = table->slot_count - 1;
    size_t at = hash & mask;
    for (; table->slots[at].id_plus_one != 0; at = (at + 1) & mask) {
        if (table->slots[at].hash != hash) {
            continue;
        }
        struct str view = table->views[table->slots[at].id_plus_one - 1];
        if (view.len == text.len && same_bytes(view.ptr, text.ptr, text.len)) {
            break;
        }
    }
    return at;
}

static bool grow_slots(struct interner *table)
{
    size_t count = table->slot_count * 2;
    struct intern_slot *slots = alloc_zeroed(table->bytes.allocator, count * sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i].id_plus_one == 0) {
            continue;
        }
        size_t at = table->slots[i].hash & (count - 1);
        while (slots[at].id_plus_one != 0) {
            at = (at + 1) & (count - 1);
        }
        slots[at] = table->slots[i];
    }
    alloc_free(table->bytes.allocator, table->slots, table->slot_count * sizeof *slots);
    table->slots = slots;
    table->slot_count = count;
    return true;
}

static bool grow_views(struct interner *table)
{
    void *views = table->views;
    bool grown = alloc_grow(table->bytes.allocator, &views, &table->views_capacity,
                            (size_t)table->count + 1, sizeof *table->views);
    table->views = views;
    return grown;
}

static intern_id fail(struct interner *table, plim_status status)
{
    table->status = table->status == PLIM_STATUS_OK ? status : table->status;
    return INTERN_NONE;
}

/* Adds a text that is not there yet; `at` is the free slot for it. */
static intern_id add_new(struct interner *table, struct str text, uint32_t hash, size_t at)
{
    if (table->count >= INTERN_NONE - 1) {
        return fail(table, PLIM_STATUS_LIMIT);
    }
    if (table->count >= table->slot_count / 4 * 3) {
        if (!grow_slots(table)) {
            return fail(table, PLIM_STATUS_NOMEM);
        }
        at = find_slot(table, text, hash);
    }
    if (table->count == table->views_capacity && !grow_views(table)) {
        return fail(table, PLIM_STATUS_NOMEM);
    }
    struct str copy = arena_copy_str(&table->bytes, text);
    if (arena_status(&table->bytes) != PLIM_STATUS_OK) {
        return fail(table, arena_status(&table->bytes));
    }
    table->views[table->count] = copy;
    table->slots[at] = (struct intern_slot){.hash = hash, .id_plus_one = table->count + 1};
    return table->count++;
}

intern_id intern_add(struct interner *table, struct str text)
{
    if (table->status != PLIM_STATUS_OK) {
        return INTERN_NONE;
    }
    uint32_t hash = hash_text(table->seed, text);
    size_t at = find_slot(table, text, hash);
    if (table->slots[at].id_plus_one != 0) {
        return table->slots[at].id_plus_one - 1;
    }
    return add_new(table, text, hash, at);
}

intern_id intern_find(const struct interner *table, struct str text)
{
    size_t at = find_slot(table, text, hash_text(table->seed, text));
    uint32_t id_plus_one = table->slots[at].id_plus_one;
    return id_plus_one != 0 ? id_plus_one - 1 : INTERN_NONE;
}

plim_status intern_status(const struct interner *table)
{
    return table->status;
}
