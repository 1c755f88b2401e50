/* SPDX-License-Identifier: Apache-2.0
 *
 * seen.c - a set of paths by open addressing. The hash is not seeded: whoever chooses names that
 * collide slows down the search of his own tree only, and by no more than a scan of the names.
 */
#include "cli/seen.h"

#include <string.h>

static uint64_t hash_path(const char *path)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *path != '\0'; path++) {
        hash = (hash ^ (unsigned char)*path) * UINT64_C(1099511628211);
    }
    return hash ^ hash >> 32;
}

/* The slot that holds a path, or the free one where it belongs. */
static uint32_t *find_slot(const struct seen *seen, const char *path)
{
    size_t mask = seen->slot_count - 1;
    size_t at = (size_t)hash_path(path) & mask;
    while (seen->slots[at] != 0 && strcmp(seen->copies.items[seen->slots[at] - 1], path) != 0) {
        at = (at + 1) & mask;
    }
    return &seen->slots[at];
}

/* Keeps at least half of the slots free. */
static void make_room(struct seen *seen)
{
    if (seen->copies.count * 2 < seen->slot_count) {
        return;
    }
    size_t count = seen->slot_count == 0 ? 64 : seen->slot_count * 2;
    size_t capacity = 0;
    mem_free(seen->slots);
    seen->slots = mem_grow(NULL, &capacity, count, sizeof *seen->slots);
    memset(seen->slots, 0, count * sizeof *seen->slots);
    seen->slot_count = count;
    for (size_t i = 0; i < seen->copies.count; i++) {
        *find_slot(seen, seen->copies.items[i]) = (uint32_t)i + 1;
    }
}

bool seen_add(struct seen *seen, const char *path)
{
    while (path[0] == '.' && path[1] == '/') {
        path += 2;
    }
    make_room(seen);
    uint32_t *slot = find_slot(seen, path);
    if (*slot != 0) {
        return false;
    }
    (void)names_add_copy(&seen->copies, path, strlen(path));
    *slot = (uint32_t)seen->copies.count;
    return true;
}

void seen_release(struct seen *seen)
{
    names_release_copies(&seen->copies);
    mem_free(seen->slots);
    *seen = (struct seen){0};
}
