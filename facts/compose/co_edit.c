/* SPDX-License-Identifier: Apache-2.0
 *
 * co_edit.c - copying with changes, and equal keys made one.
 */
#include "facts/compose/co_edit.h"

#include <stdlib.h>
#include <string.h>

struct co_edit co_edit(struct arena *arena, const struct tree_node *node)
{
    return (struct co_edit){.arena = arena, .node = node};
}

static size_t old_count(const struct co_edit *edit)
{
    const struct tree_node *node = edit->node;
    return node->kind == TREE_LIST ? node->u.list.count : node->u.map.count;
}

static const struct tree_node *old_value(const struct co_edit *edit, size_t position)
{
    const struct tree_node *node = edit->node;
    return node->kind == TREE_LIST ? node->u.list.items[position]
                                   : node->u.map.entries[position].value;
}

static void begin_change(struct co_edit *edit)
{
    if (edit->changed) {
        return;
    }
    edit->changed = true;
    for (size_t i = 0; i < old_count(edit); i++) {
        struct tree_entry entry = {.value = old_value(edit, i)};
        if (edit->node->kind == TREE_MAP) {
            entry = edit->node->u.map.entries[i];
        }
        tree_gather_add(&edit->parts, edit->arena, entry);
    }
}

void co_edit_replace(struct co_edit *edit, size_t position, const struct tree_node *value)
{
    if (!edit->changed && old_value(edit, position) == value) {
        return;
    }
    begin_change(edit);
    if (position < edit->parts.count) { /* else memory ran out */
        edit->parts.entries[position].value = value;
    }
}

void co_edit_set(struct co_edit *edit, struct str key, const struct tree_node *value)
{
    if (value == NULL) {
        return;
    }
    ptrdiff_t old = tree_find(edit->node, key);
    if (old >= 0) {
        co_edit_replace(edit, (size_t)old, value);
        return;
    }
    begin_change(edit);
    for (size_t i = old_count(edit); i < edit->parts.count; i++) {
        if (str_eq(edit->parts.entries[i].key, key)) {
            edit->parts.entries[i].value = value;
            return;
        }
    }
    struct tree_entry entry = {.key = key, .key_span = value->span, .value = value};
    tree_gather_add(&edit->parts, edit->arena, entry);
}

const struct tree_node *co_edit_get(const struct co_edit *edit, struct str key)
{
    ptrdiff_t old = tree_find(edit->node, key);
    if (old >= 0) {
        bool copied = edit->changed && (size_t)old < edit->parts.count;
        return copied ? edit->parts.entries[old].value : old_value(edit, (size_t)old);
    }
    for (size_t i = old_count(edit); i < edit->parts.count; i++) {
        if (str_eq(edit->parts.entries[i].key, key)) {
            return edit->parts.entries[i].value;
        }
    }
    return NULL;
}

const struct tree_node *co_edit_done(struct co_edit *edit)
{
    if (!edit->changed) {
        return edit->node;
    }
    size_t kept = 0;
    for (size_t i = 0; i < edit->parts.count; i++) {
        if (edit->parts.entries[i].value != NULL) {
            edit->parts.entries[kept] = edit->parts.entries[i];
            kept++;
        }
    }
    edit->parts.count = kept;
    struct tree_node *node = edit->node->kind == TREE_LIST
                                 ? tree_gather_list(&edit->parts, edit->arena, edit->node->span)
                                 : tree_gather_map(&edit->parts, edit->arena, edit->node->span);
    if (node != NULL) {
        node->flags = edit->node->flags;
        node->over = edit->node->over;
    }
    return node;
}

struct tree_node *co_text_at(struct arena *arena, const struct tree_node *at, struct str text,
                             unsigned flags)
{
    struct tree_node *node = tree_new(arena, TREE_STRING, at->span, text);
    if (node != NULL) {
        node->flags = flags;
    }
    return node;
}

struct tree_node *co_bool_at(struct arena *arena, const struct tree_node *at, bool value,
                             unsigned flags)
{
    struct tree_node *node =
        tree_new(arena, TREE_BOOL, at->span, value ? STR("true") : STR("false"));
    if (node != NULL) {
        node->flags = flags;
        node->u.boolean = value;
    }
    return node;
}

struct tree_node *co_int_at(struct arena *arena, const struct tree_node *at, int64_t value,
                            unsigned flags)
{
    struct tree_node *node = tree_new(arena, TREE_INT, at->span, STR(""));
    if (node != NULL) {
        node->flags = flags;
        node->u.integer = value;
    }
    return node;
}

struct tree_node *co_null_at(struct arena *arena, const struct tree_node *at, unsigned flags)
{
    struct tree_node *node = tree_new(arena, TREE_NULL, at->span, STR(""));
    if (node != NULL) {
        node->flags = flags;
    }
    return node;
}

void co_put(struct tree_gather *gather, struct arena *arena, struct str key,
            const struct tree_node *value)
{
    if (value != NULL) {
        struct tree_entry entry = {.key = key, .key_span = value->span, .value = value};
        tree_gather_add(gather, arena, entry);
    }
}

static int compare_entries(const void *a, const void *b, void *user)
{
    const struct tree_entry *entries = user;
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    int order = str_compare(entries[left].key, entries[right].key);
    return order != 0 ? order : (left > right) - (left < right);
}

/* Gives the first of equal keys the last one's value, and the others none. */
static void join_equal_keys(struct arena *arena, struct tree_gather *gather)
{
    struct arena_mark mark = arena_mark(arena);
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, gather->count + 1);
    if (order == NULL) {
        return;
    }
    for (size_t i = 0; i < gather->count; i++) {
        order[i] = (uint32_t)i;
    }
    qsort_r(order, gather->count, sizeof *order, compare_entries, gather->entries);
    size_t first = 0;
    for (size_t i = 1; i < gather->count; i++) {
        if (!str_eq(gather->entries[order[i]].key, gather->entries[order[first]].key)) {
            first = i;
            continue;
        }
        struct tree_entry *kept = &gather->entries[order[first]];
        kept->value = gather->entries[order[i]].value;
        kept->key_span = gather->entries[order[i]].key_span;
        gather->entries[order[i]].value = NULL;
    }
    arena_rewind(arena, mark);
    size_t kept = 0;
    for (size_t i = 0; i < gather->count; i++) {
        if (gather->entries[i].value != NULL) {
            gather->entries[kept] = gather->entries[i];
            kept++;
        }
    }
    gather->count = kept;
}

const struct tree_node *co_map_from(struct arena *arena, const struct tree_node *from,
                                    struct tree_gather *gather)
{
    size_t first = 0;
    if (tree_repeated_key(arena, gather->entries, gather->count, &first) >= 0) {
        join_equal_keys(arena, gather);
    }
    struct tree_node *map = tree_gather_map(gather, arena, from->span);
    if (map != NULL) {
        map->flags = from->flags & ~(unsigned)(TREE_HOLES | TREE_QUOTED | TREE_BLOCK);
        map->over = from->over;
    }
    return map;
}

const struct tree_node *co_list_from(struct arena *arena, const struct tree_node *from,
                                     const struct tree_gather *gather)
{
    struct tree_node *list = tree_gather_list(gather, arena, from->span);
    if (list != NULL) {
        list->flags = from->flags & ~(unsigned)(TREE_HOLES | TREE_QUOTED | TREE_BLOCK);
        list->over = from->over;
    }
    return list;
}
