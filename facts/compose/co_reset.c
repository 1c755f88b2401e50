/* SPDX-License-Identifier: Apache-2.0
 *
 * co_reset.c - walks a tree, or two side by side; what does not change is shared.
 *
 * Recursion is as deep as the documents, whose depth the YAML reader bounds.
 */
#include "facts/compose/co_reset.h"

#include <string.h>

/* Entries of a map while it is rewritten: borrowed until the first change. */
struct rewrite {
    const struct tree_node *map;
    struct tree_entry *entries; /* NULL: nothing changed so far */
    size_t count;
};

/* Takes the next entry `i` with a new value, or drops it (NULL). */
static void put(struct rewrite *to, struct arena *arena, size_t i, const struct tree_node *value)
{
    const struct tree_entry *old = &to->map->u.map.entries[i];
    if (to->entries == NULL) {
        if (value == old->value) {
            to->count++;
            return;
        }
        to->entries = ARENA_ARRAY(arena, struct tree_entry, to->map->u.map.count);
        if (to->entries == NULL) {
            return;
        }
        memcpy(to->entries, to->map->u.map.entries, i * sizeof *to->entries);
    }
    if (value != NULL) {
        to->entries[to->count] = *old;
        to->entries[to->count].value = value;
        to->count++;
    }
}

/* The rewritten map; a node of its own place, flags and chain. */
static const struct tree_node *finish(const struct rewrite *from, struct arena *arena)
{
    if (from->entries == NULL) {
        return from->map;
    }
    struct tree_node *node = tree_new_map(arena, from->map->span, from->entries, from->count);
    if (node == NULL) {
        return from->map;
    }
    node->flags = from->map->flags;
    node->over = from->map->over;
    return node;
}

const struct tree_node *co_reset_apply(struct co_run *run, const struct tree_node *earlier,
                                       const struct tree_node *later)
{
    if (!tree_is(earlier, TREE_MAP) || !tree_is(later, TREE_MAP) ||
        !co_visit(run, earlier->u.map.count)) {
        return earlier;
    }
    struct rewrite to = {.map = earlier};
    for (size_t i = 0; i < earlier->u.map.count && co_alive(run); i++) {
        const struct tree_entry *entry = &earlier->u.map.entries[i];
        const struct tree_node *said = tree_get(later, entry->key);
        const struct tree_node *value = entry->value;
        if (said != NULL) {
            bool reset = (said->flags & TREE_RESET) != 0;
            value = reset ? NULL : co_reset_apply(run, value, said);
        }
        put(&to, run->arena, i, value);
    }
    return finish(&to, run->arena);
}

/* What becomes of one node of a walk, before its children: itself, another one, or NULL: gone. */
typedef const struct tree_node *change_fn(struct co_run *run, const struct tree_node *node);

static const struct tree_node *walk(struct co_run *run, const struct tree_node *node,
                                    change_fn *change);

static const struct tree_node *walk_list(struct co_run *run, const struct tree_node *node,
                                         change_fn *change)
{
    struct tree_gather gather = {0};
    bool changed = false;
    for (size_t i = 0; i < node->u.list.count && co_alive(run); i++) {
        const struct tree_node *old = node->u.list.items[i];
        const struct tree_node *item = walk(run, old, change);
        if (item != old && !changed) {
            changed = true;
            for (size_t j = 0; j < i; j++) {
                tree_gather_add(&gather, run->arena,
                                (struct tree_entry){.value = node->u.list.items[j]});
            }
        }
        if (changed && item != NULL) {
            tree_gather_add(&gather, run->arena, (struct tree_entry){.value = item});
        }
    }
    if (!changed || !co_alive(run)) {
        return node;
    }
    struct tree_node *list = tree_gather_list(&gather, run->arena, node->span);
    if (list == NULL) {
        return node;
    }
    list->flags = node->flags;
    list->over = node->over;
    return list;
}

static const struct tree_node *walk(struct co_run *run, const struct tree_node *node,
                                    change_fn *change)
{
    node = change(run, node);
    if (tree_is(node, TREE_LIST) && co_visit(run, node->u.list.count)) {
        return walk_list(run, node, change);
    }
    if (!tree_is(node, TREE_MAP) || !co_visit(run, node->u.map.count)) {
        return node;
    }
    struct rewrite to = {.map = node};
    for (size_t i = 0; i < node->u.map.count && co_alive(run); i++) {
        put(&to, run->arena, i, walk(run, node->u.map.entries[i].value, change));
    }
    return finish(&to, run->arena);
}

static const struct tree_node *without_reset(struct co_run *run, const struct tree_node *node)
{
    (void)run;
    return (node->flags & TREE_RESET) != 0 ? NULL : node;
}

const struct tree_node *co_reset_strip(struct co_run *run, const struct tree_node *node)
{
    return walk(run, node, without_reset);
}

static const struct tree_node *without_value(struct co_run *run, const struct tree_node *node)
{
    if ((node->flags & TREE_RESET) == 0) {
        return node;
    }
    struct tree_node *mark = tree_new(run->arena, TREE_NULL, node->span, STR(""));
    if (mark == NULL) {
        return node;
    }
    mark->flags = TREE_RESET;
    return mark;
}

const struct tree_node *co_reset_empty(struct co_run *run, const struct tree_node *node)
{
    return walk(run, node, without_value);
}

static const struct tree_node *without_mark(struct co_run *run, const struct tree_node *node)
{
    if ((node->flags & TREE_OVERRIDE) == 0) {
        return node;
    }
    struct tree_node *plain = tree_copy(run->arena, node);
    if (plain == NULL) {
        return node;
    }
    plain->flags &= ~(unsigned)TREE_OVERRIDE;
    return plain;
}

const struct tree_node *co_reset_settle(struct co_run *run, const struct tree_node *node)
{
    return walk(run, node, without_mark);
}
