/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_merge.c - all candidates in order of precedence, then each key's first one.
 */
#include "facts/yaml/yaml_merge.h"

#include <stdint.h>
#include <stdlib.h>

bool yaml_can_merge(const struct tree_node *value)
{
    if (tree_is(value, TREE_MAP)) {
        return true;
    }
    if (!tree_is(value, TREE_LIST)) {
        return false;
    }
    for (size_t i = 0; i < value->u.list.count; i++) {
        if (!tree_is(value->u.list.items[i], TREE_MAP)) {
            return false;
        }
    }
    return true;
}

size_t yaml_merged_count(const struct tree_node *value)
{
    if (tree_is(value, TREE_MAP)) {
        return value->u.map.count;
    }
    size_t count = 0;
    for (size_t i = 0; i < value->u.list.count; i++) {
        count += value->u.list.items[i]->u.map.count;
    }
    return count;
}

static size_t add_entries(struct tree_entry *entries, size_t count, const struct tree_node *map)
{
    if (map->u.map.count > 0) {
        memcpy(entries + count, map->u.map.entries, map->u.map.count * sizeof *entries);
    }
    return count + map->u.map.count;
}

static int compare_positions(const void *a, const void *b, void *user)
{
    const struct tree_entry *entries = user;
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    int order = str_compare(entries[left].key, entries[right].key);
    return order != 0 ? order : (left > right) - (left < right);
}

/* Marks entries that repeat an earlier key by a value of NULL. */
static bool mark_repeated(struct arena *arena, struct tree_entry *entries, size_t count)
{
    struct arena_mark mark = arena_mark(arena);
    uint32_t *sorted = ARENA_ARRAY(arena, uint32_t, count);
    if (sorted == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (uint32_t)i;
    }
    qsort_r(sorted, count, sizeof *sorted, compare_positions, entries);
    for (size_t i = 1; i < count; i++) {
        if (str_eq(entries[sorted[i]].key, entries[sorted[i - 1]].key)) {
            entries[sorted[i]].value = NULL;
        }
    }
    arena_rewind(arena, mark);
    return true;
}

const struct tree_entry *yaml_merge(struct arena *arena, const struct tree_entry *own,
                                    size_t own_count, const struct tree_node *value, size_t *count)
{
    size_t capacity = own_count + yaml_merged_count(value);
    struct tree_entry *entries = ARENA_ARRAY(arena, struct tree_entry, capacity + 1);
    *count = 0;
    if (entries == NULL) {
        return NULL;
    }
    if (own_count > 0) {
        memcpy(entries, own, own_count * sizeof *entries);
    }
    size_t gathered = own_count;
    if (tree_is(value, TREE_MAP)) {
        gathered = add_entries(entries, gathered, value);
    } else {
        for (size_t i = 0; i < value->u.list.count; i++) {
            gathered = add_entries(entries, gathered, value->u.list.items[i]);
        }
    }
    if (!mark_repeated(arena, entries, gathered)) {
        return NULL;
    }
    for (size_t i = 0; i < gathered; i++) {
        if (entries[i].value != NULL) {
            entries[*count] = entries[i];
            ++*count;
        }
    }
    return entries;
}
