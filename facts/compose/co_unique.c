/* SPDX-License-Identifier: Apache-2.0
 *
 * co_unique.c - keys of items, and keeping the last of each. Long lists are sorted by key, so that
 * a hostile file cannot make them slow.
 */
#include "facts/compose/co_unique.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "facts/compose/co_item.h"
#include "facts/compose/co_merge.h"

static int compare_positions(const void *a, const void *b, void *user)
{
    const struct tree_entry *entries = user;
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    int order = str_compare(entries[left].key, entries[right].key);
    return order != 0 ? order : (left > right) - (left < right);
}

static bool has_hole(struct str text)
{
    return str_find_char(text, TREE_HOLE, 0) < text.len;
}

/* Gives in `first` for each entry the position of the first one with its key. False after a
 * failure of the arena. */
static bool find_firsts(struct arena *arena, struct tree_entry *entries, uint32_t *first,
                        size_t count)
{
    uint32_t *sorted = ARENA_ARRAY(arena, uint32_t, count);
    if (sorted == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (uint32_t)i;
    }
    qsort_r(sorted, count, sizeof *sorted, compare_positions, entries);
    for (size_t i = 0; i < count; i++) {
        uint32_t at = sorted[i];
        bool equal = i > 0 && str_eq(entries[at].key, entries[sorted[i - 1]].key) &&
                     !has_hole(entries[at].key);
        first[at] = equal ? first[sorted[i - 1]] : at;
    }
    return true;
}

size_t co_keep_last(struct co_run *run, struct tree_entry *entries, size_t count)
{
    if (count < 2 || !co_visit(run, count)) {
        return count;
    }
    uint32_t *first = ARENA_ARRAY(run->arena, uint32_t, count);
    if (first == NULL || !find_firsts(run->arena, entries, first, count)) {
        return count;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (first[i] == i) {
            entries[kept] = entries[i];
            first[i] = (uint32_t)kept;
            kept++;
            continue;
        }
        /* What was first has moved to the front; its number there stands in its own place. */
        struct tree_entry *to = &entries[first[first[i]]];
        to->key_span = entries[i].key_span;
        to->value = co_over(run, entries[i].value, to->value);
    }
    return kept;
}

static const struct tree_node *unique_list(struct co_run *run, const struct co_type *type,
                                           const struct tree_node *list)
{
    size_t count = list->u.list.count;
    if (count < 2 || !co_visit(run, count)) {
        return list;
    }
    struct arena_mark mark = arena_mark(run->arena);
    struct tree_entry *entries = ARENA_ARRAY(run->arena, struct tree_entry, count);
    for (size_t i = 0; entries != NULL && i < count; i++) {
        const struct tree_node *item = list->u.list.items[i];
        struct str key = STR("");
        if (!co_item_key(run, type->unique, item, &key)) {
            key = STR("\xff"); /* TREE_HOLE: equal to no other */
        }
        entries[i] = (struct tree_entry){.key = key, .value = item};
    }
    size_t kept = entries != NULL ? co_keep_last(run, entries, count) : count;
    if (!co_alive(run)) {
        return list;
    }
    if (kept == count) {
        arena_rewind(run->arena, mark);
        return list;
    }
    struct tree_gather gather = {.entries = entries, .count = kept, .capacity = count};
    struct tree_node *result = tree_gather_list(&gather, run->arena, list->span);
    if (result == NULL) {
        return list;
    }
    result->flags = list->flags;
    result->over = list->over;
    return result;
}

static const struct tree_node *unique_map(struct co_run *run, const struct co_type *type,
                                          const struct tree_node *map)
{
    size_t count = map->u.map.count;
    if (!co_visit(run, count)) {
        return map;
    }
    struct tree_entry *entries = NULL;
    for (size_t i = 0; i < count && co_alive(run); i++) {
        const struct tree_entry *old = &map->u.map.entries[i];
        const struct tree_node *value = co_unique(run, co_type_of_key(type, old->key), old->value);
        if (value == old->value) {
            continue;
        }
        if (entries == NULL) {
            entries = ARENA_ARRAY(run->arena, struct tree_entry, count);
            if (entries == NULL) {
                return map;
            }
            memcpy(entries, map->u.map.entries, count * sizeof *entries);
        }
        entries[i].value = value;
    }
    struct tree_node *result = entries != NULL ? tree_copy(run->arena, map) : NULL;
    if (result == NULL) {
        return map;
    }
    result->u.map.entries = entries; /* the keys stay, and with them their order */
    return result;
}

const struct tree_node *co_unique(struct co_run *run, const struct co_type *type,
                                  const struct tree_node *node)
{
    if (type == NULL || node == NULL) {
        return node;
    }
    if (node->kind == TREE_MAP) {
        bool typed = type->key_count > 0 || type->rest != NULL;
        return typed ? unique_map(run, type, node) : node;
    }
    if (node->kind == TREE_LIST && type->unique != CO_UNIQUE_NONE) {
        return unique_list(run, type, node);
    }
    return node;
}
