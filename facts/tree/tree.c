/* SPDX-License-Identifier: Apache-2.0
 *
 * tree.c - making nodes and finding entries. Large maps carry their entries' positions in the order
 * of the keys, made once.
 */
#include "facts/tree/tree.h"

#include <stdlib.h>
#include <string.h>

struct tree_node *tree_new(struct arena *arena, enum tree_kind kind, struct span span,
                           struct str text)
{
    struct tree_node *node = ARENA_NEW(arena, struct tree_node);
    if (node != NULL) {
        *node = (struct tree_node){.kind = kind, .span = span, .text = text};
    }
    return node;
}

struct tree_node *tree_copy(struct arena *arena, const struct tree_node *node)
{
    struct tree_node *copy = ARENA_NEW(arena, struct tree_node);
    if (copy != NULL) {
        *copy = *node;
    }
    return copy;
}

struct tree_node *tree_new_list(struct arena *arena, struct span span,
                                const struct tree_node *const *items, size_t count)
{
    struct tree_node *node = tree_new(arena, TREE_LIST, span, STR(""));
    if (node != NULL) {
        node->u.list.items = items;
        node->u.list.count = count;
    }
    return node;
}

static int compare_positions(const void *a, const void *b, void *user)
{
    const struct tree_entry *entries = user;
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    int order = str_compare(entries[left].key, entries[right].key);
    return order != 0 ? order : (left > right) - (left < right);
}

/* Positions of the entries by key, equal keys by position; NULL after a failure. */
static uint32_t *sort_keys(struct arena *arena, const struct tree_entry *entries, size_t count)
{
    uint32_t *sorted = ARENA_ARRAY(arena, uint32_t, count);
    if (sorted == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (uint32_t)i;
    }
    qsort_r(sorted, count, sizeof *sorted, compare_positions, (void *)(uintptr_t)entries);
    return sorted;
}

struct tree_node *tree_new_map(struct arena *arena, struct span span,
                               const struct tree_entry *entries, size_t count)
{
    struct tree_node *node = tree_new(arena, TREE_MAP, span, STR(""));
    if (node == NULL) {
        return NULL;
    }
    node->u.map.entries = entries;
    node->u.map.count = count;
    if (count > TREE_SORTED) {
        node->u.map.sorted = sort_keys(arena, entries, count);
        return node->u.map.sorted != NULL ? node : NULL;
    }
    return node;
}

void tree_gather_add(struct tree_gather *gather, struct arena *arena, struct tree_entry entry)
{
    if (gather->count == gather->capacity) {
        size_t capacity = gather->capacity == 0 ? 8 : gather->capacity * 2;
        struct tree_entry *entries = ARENA_ARRAY(arena, struct tree_entry, capacity);
        if (entries == NULL) {
            return;
        }
        if (gather->count > 0) {
            memcpy(entries, gather->entries, gather->count * sizeof *entries);
        }
        gather->entries = entries;
        gather->capacity = capacity;
    }
    gather->entries[gather->count] = entry;
    gather->count++;
}

struct tree_node *tree_gather_list(const struct tree_gather *gather, struct arena *arena,
                                   struct span span)
{
    const struct tree_node **items =
        ARENA_ARRAY(arena, const struct tree_node *, gather->count + 1);
    if (items == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < gather->count; i++) {
        items[i] = gather->entries[i].value;
    }
    return tree_new_list(arena, span, items, gather->count);
}

struct tree_node *tree_gather_map(const struct tree_gather *gather, struct arena *arena,
                                  struct span span)
{
    return tree_new_map(arena, span, gather->entries, gather->count);
}

static ptrdiff_t repeated_in_few(const struct tree_entry *entries, size_t count, size_t *first)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (str_eq(entries[i].key, entries[j].key)) {
                *first = j;
                return (ptrdiff_t)i;
            }
        }
    }
    return -1;
}

ptrdiff_t tree_repeated_key(struct arena *arena, const struct tree_entry *entries, size_t count,
                            size_t *first)
{
    if (count <= TREE_SORTED) {
        return repeated_in_few(entries, count, first);
    }
    struct arena_mark mark = arena_mark(arena);
    const uint32_t *sorted = sort_keys(arena, entries, count);
    ptrdiff_t found = -1;
    for (size_t i = 1; sorted != NULL && i < count; i++) {
        bool repeated = str_eq(entries[sorted[i]].key, entries[sorted[i - 1]].key);
        bool again = i > 1 && str_eq(entries[sorted[i]].key, entries[sorted[i - 2]].key);
        if (repeated && !again && (found < 0 || sorted[i] < (size_t)found)) {
            found = sorted[i];
            *first = sorted[i - 1];
        }
    }
    arena_rewind(arena, mark);
    return found;
}

static ptrdiff_t find_sorted(const struct tree_node *map, struct str key)
{
    size_t low = 0;
    size_t high = map->u.map.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t position = map->u.map.sorted[middle];
        int order = str_compare(map->u.map.entries[position].key, key);
        if (order == 0) {
            return (ptrdiff_t)position;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return -1;
}

ptrdiff_t tree_find(const struct tree_node *map, struct str key)
{
    if (!tree_is(map, TREE_MAP)) {
        return -1;
    }
    if (map->u.map.sorted != NULL) {
        return find_sorted(map, key);
    }
    for (size_t i = 0; i < map->u.map.count; i++) {
        if (str_eq(map->u.map.entries[i].key, key)) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

const struct tree_node *tree_get(const struct tree_node *map, struct str key)
{
    ptrdiff_t found = tree_find(map, key);
    return found >= 0 ? map->u.map.entries[found].value : NULL;
}

const char *tree_kind_text(enum tree_kind kind)
{
    switch (kind) {
    case TREE_NULL:
        return "nothing";
    case TREE_BOOL:
        return "a boolean";
    case TREE_INT:
    case TREE_UINT:
    case TREE_FLOAT:
        return "a number";
    case TREE_TIME:
        return "a date";
    case TREE_LIST:
        return "a list";
    case TREE_MAP:
        return "a mapping";
    case TREE_STRING:
        break;
    }
    return "a string";
}
