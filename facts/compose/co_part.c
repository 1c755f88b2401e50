/* SPDX-License-Identifier: Apache-2.0
 *
 * co_part.c - see co_part.h.
 */
#include "facts/compose/co_part.h"

/* A map like `like` of what was gathered. */
static const struct tree_node *map_like(struct co_run *run, const struct tree_gather *gather,
                                        const struct tree_node *like)
{
    struct tree_node *map = co_alive(run) ? tree_gather_map(gather, run->arena, like->span) : NULL;
    if (map == NULL) {
        return like;
    }
    map->flags = like->flags;
    map->over = like->over;
    return map;
}

/* The entries of a section that are not those of before. */
static const struct tree_node *changed(struct co_run *run, const struct tree_node *section,
                                       const struct tree_node *before)
{
    struct tree_gather gather = {0};
    for (size_t i = 0; i < section->u.map.count; i++) {
        const struct tree_entry *entry = &section->u.map.entries[i];
        if (tree_get(before, entry->key) != entry->value) {
            tree_gather_add(&gather, run->arena, *entry);
        }
    }
    return gather.count == section->u.map.count ? section : map_like(run, &gather, section);
}

const struct tree_node *co_part(struct co_run *run, const struct tree_node *all,
                                const struct tree_node *before)
{
    if (!tree_is(all, TREE_MAP) || before == NULL) {
        return all;
    }
    struct tree_gather gather = {0};
    for (size_t i = 0; i < all->u.map.count; i++) {
        struct tree_entry entry = all->u.map.entries[i];
        const struct tree_node *old = tree_get(before, entry.key);
        if (tree_is(entry.value, TREE_MAP) && tree_is(old, TREE_MAP)) {
            entry.value = changed(run, entry.value, old);
        }
        tree_gather_add(&gather, run->arena, entry);
    }
    return map_like(run, &gather, all);
}

/* Entries of `all` that `from` has as well become those of `to`, or go. */
static const struct tree_node *put_back(struct co_run *run, const struct tree_node *all,
                                        const struct tree_node *from, const struct tree_node *to)
{
    struct tree_gather gather = {0};
    for (size_t i = 0; i < all->u.map.count; i++) {
        struct tree_entry entry = all->u.map.entries[i];
        if (tree_find(from, entry.key) >= 0) {
            entry.value = tree_get(to, entry.key);
        }
        if (entry.value != NULL) {
            tree_gather_add(&gather, run->arena, entry);
        }
    }
    return map_like(run, &gather, all);
}

const struct tree_node *co_part_back(struct co_run *run, const struct tree_node *all,
                                     const struct tree_node *whole_part,
                                     const struct tree_node *part)
{
    if (whole_part == all || !tree_is(all, TREE_MAP)) {
        return part;
    }
    struct tree_gather gather = {0};
    for (size_t i = 0; i < all->u.map.count && co_alive(run); i++) {
        struct tree_entry entry = all->u.map.entries[i];
        const struct tree_node *from = tree_get(whole_part, entry.key);
        const struct tree_node *to = tree_get(part, entry.key);
        bool partial = from != entry.value && tree_is(to, TREE_MAP);
        entry.value = partial ? put_back(run, entry.value, from, to) : to;
        if (entry.value != NULL) {
            tree_gather_add(&gather, run->arena, entry);
        }
    }
    return map_like(run, &gather, all);
}
