/* SPDX-License-Identifier: Apache-2.0
 *
 * co_merge.c - the rules of merging. What brings both sides to one form stands in co_convert.c.
 *
 * Recursion is as deep as the documents, whose depth the YAML reader bounds.
 */
#include "facts/compose/co_merge.h"

#include <string.h>

#include "facts/compose/co_convert.h"
#include "facts/compose/co_unique.h"

const struct tree_node *co_over(struct co_run *run, const struct tree_node *later,
                                const struct tree_node *earlier)
{
    if (later == earlier) {
        return later;
    }
    struct tree_node *first = tree_copy(run->arena, later);
    struct tree_node *last = first;
    while (last != NULL && last->over != NULL && co_visit(run, 1)) {
        struct tree_node *next = tree_copy(run->arena, last->over);
        last->over = next;
        last = next;
    }
    if (last == NULL) {
        return later;
    }
    last->over = earlier;
    return first;
}

static const struct tree_node *refuse_merge(struct co_run *run, struct str name,
                                            const struct tree_node *earlier,
                                            const struct tree_node *later)
{
    struct diag *diag = co_refuse(run, DIAG_compose_merge, later->span,
                                  "`%.*s` is %s here and cannot be merged with %s", STR_FMT(name),
                                  tree_kind_text(later->kind), tree_kind_text(earlier->kind));
    diag_add_label(run->diags, diag, earlier->span, "%s here", tree_kind_text(earlier->kind));
    diag_add_note(run->diags, diag,
                  "write it as %s, or replace the earlier value: `%.*s: !override`",
                  tree_kind_text(earlier->kind), STR_FMT(name));
    return earlier;
}

static const struct co_type *type_of(const struct co_type *type, struct str key)
{
    if (type == NULL) {
        return NULL;
    }
    return type->merge == CO_MERGE_IPAM_CONFIG ? type->item : co_type_of_key(type, key);
}

/* By key: what only one side has stays, the rest is merged. */
static const struct tree_node *merge_maps(struct co_run *run, const struct co_type *type,
                                          const struct tree_node *earlier,
                                          const struct tree_node *later)
{
    size_t count = earlier->u.map.count;
    if (later->u.map.count == 0 || !co_visit(run, count + later->u.map.count)) {
        return earlier;
    }
    struct tree_entry *entries =
        ARENA_ARRAY(run->arena, struct tree_entry, count + later->u.map.count);
    if (entries == NULL) {
        return earlier;
    }
    if (count > 0) {
        memcpy(entries, earlier->u.map.entries, count * sizeof *entries);
    }
    for (size_t i = 0; i < later->u.map.count && co_alive(run); i++) {
        const struct tree_entry *entry = &later->u.map.entries[i];
        ptrdiff_t found = tree_find(earlier, entry->key);
        if (found < 0) {
            entries[count++] = *entry;
        } else if ((entry->value->flags & TREE_RESET) == 0) {
            entries[found].value = co_merge(run, type_of(type, entry->key), entry->key,
                                            entries[found].value, entry->value);
        }
    }
    struct tree_node *map = tree_new_map(run->arena, earlier->span, entries, count);
    if (map == NULL) {
        return earlier;
    }
    map->flags = earlier->flags;
    map->over = earlier->over;
    return map;
}

/* One list behind the other. */
static const struct tree_node *append(struct co_run *run, const struct tree_node *earlier,
                                      const struct tree_node *later)
{
    size_t count = earlier->u.list.count + later->u.list.count;
    if (later->u.list.count == 0 || !co_visit(run, count)) {
        return earlier;
    }
    const struct tree_node **items = ARENA_ARRAY(run->arena, const struct tree_node *, count);
    if (items == NULL) {
        return earlier;
    }
    if (earlier->u.list.count > 0) {
        memcpy(items, earlier->u.list.items, earlier->u.list.count * sizeof *items);
    }
    memcpy(items + earlier->u.list.count, later->u.list.items, later->u.list.count * sizeof *items);
    struct tree_node *list = tree_new_list(run->arena, earlier->span, items, count);
    if (list == NULL) {
        return earlier;
    }
    list->flags = earlier->flags;
    list->over = earlier->over;
    return list;
}

static const struct tree_node *merge_plain(struct co_run *run, const struct co_type *type,
                                           struct str name, const struct tree_node *earlier,
                                           const struct tree_node *later)
{
    if (earlier->kind == TREE_NULL || later->kind == TREE_NULL) {
        return later->kind == TREE_NULL ? earlier : later;
    }
    if (earlier->kind != TREE_MAP && earlier->kind != TREE_LIST) {
        return co_over(run, later, earlier);
    }
    if (earlier->kind != later->kind) {
        return refuse_merge(run, name, earlier, later);
    }
    return earlier->kind == TREE_MAP ? merge_maps(run, type, earlier, later)
                                     : append(run, earlier, later);
}

/* Both as mappings of `key=value`; the later value of a key wins, even when it is null. */
static const struct tree_node *merge_pairs(struct co_run *run, const struct tree_node *earlier,
                                           const struct tree_node *later)
{
    struct tree_gather gather = {0};
    co_pairs(run, &gather, earlier);
    co_pairs(run, &gather, later);
    if (!co_alive(run)) {
        return earlier;
    }
    gather.count = co_keep_last(run, gather.entries, gather.count);
    struct tree_node *map = tree_gather_map(&gather, run->arena, earlier->span);
    return map != NULL ? map : earlier;
}

/* Equal drivers share their options; another driver starts anew. */
static bool same_driver(const struct tree_node *earlier, const struct tree_node *later)
{
    const struct tree_node *before = tree_get(earlier, STR("driver"));
    const struct tree_node *after = tree_get(later, STR("driver"));
    if (before == NULL || after == NULL || tree_has_holes(before) || tree_has_holes(after)) {
        return true;
    }
    return before->kind == after->kind && str_eq(before->text, after->text);
}

/* Appends only what is not there yet. */
static const struct tree_node *merge_hosts(struct co_run *run, const struct tree_node *earlier,
                                           const struct tree_node *later)
{
    const struct tree_node *first = co_list_of_hosts(run, earlier);
    const struct tree_node *second = co_list_of_hosts(run, later);
    struct tree_gather known = {0};
    for (size_t i = 0; i < first->u.list.count && co_alive(run); i++) {
        const struct tree_node *item = first->u.list.items[i];
        tree_gather_add(&known, run->arena, (struct tree_entry){.key = item->text, .value = item});
    }
    const struct tree_node *map =
        co_alive(run) ? tree_gather_map(&known, run->arena, earlier->span) : NULL;
    struct tree_gather fresh = {0};
    for (size_t i = 0; i < second->u.list.count && co_alive(run); i++) {
        const struct tree_node *item = second->u.list.items[i];
        if (tree_find(map, item->text) < 0 || tree_has_holes(item)) {
            tree_gather_add(&fresh, run->arena, (struct tree_entry){.value = item});
        }
    }
    const struct tree_node *list =
        co_alive(run) ? tree_gather_list(&fresh, run->arena, later->span) : NULL;
    return list != NULL ? append(run, first, list) : earlier;
}

static const struct tree_node *merge_ipam(struct co_run *run, const struct co_type *type,
                                          struct str name, const struct tree_node *earlier,
                                          const struct tree_node *later)
{
    const struct tree_node *before = co_map_by_subnet(run, earlier);
    const struct tree_node *after = co_map_by_subnet(run, later);
    if (before == NULL || after == NULL) {
        return merge_plain(run, type, name, earlier, later);
    }
    const struct tree_node *merged = merge_maps(run, type, before, after);
    struct tree_gather gather = {.entries = (struct tree_entry *)(uintptr_t)merged->u.map.entries,
                                 .count = merged->u.map.count,
                                 .capacity = merged->u.map.count};
    struct tree_node *list = tree_gather_list(&gather, run->arena, earlier->span);
    return list != NULL ? list : earlier;
}

const struct tree_node *co_merge(struct co_run *run, const struct co_type *type, struct str name,
                                 const struct tree_node *earlier, const struct tree_node *later)
{
    if (earlier == NULL || later == NULL) {
        return earlier == NULL ? later : earlier;
    }
    if ((later->flags & TREE_OVERRIDE) != 0) {
        return co_over(run, later, earlier);
    }
    if (type == NULL) {
        return merge_plain(run, type, name, earlier, later);
    }
    if (type->merge == CO_MERGE_REPLACE || type->merge == CO_MERGE_ULIMIT) {
        return co_over(run, later, earlier);
    }
    if (later->kind == TREE_NULL || earlier->kind == TREE_NULL) {
        return merge_plain(run, type, name, earlier, later);
    }
    switch (type->merge) {
    case CO_MERGE_PAIRS:
        return merge_pairs(run, earlier, later);
    case CO_MERGE_EXTRA_HOSTS:
        return merge_hosts(run, earlier, later);
    case CO_MERGE_IPAM_CONFIG:
        return merge_ipam(run, type, name, earlier, later);
    case CO_MERGE_LOGGING:
        if (!same_driver(earlier, later)) {
            return co_over(run, later, earlier);
        }
        break;
    case CO_MERGE_TO_LIST:
    case CO_MERGE_ENV_FILE:
        return merge_plain(run, type, name, co_list_of_one(run, earlier),
                           co_list_of_one(run, later));
    case CO_MERGE_BUILD:
        return merge_plain(run, type, name, co_build_map(run, earlier), co_build_map(run, later));
    case CO_MERGE_NAMES:
    case CO_MERGE_DEPENDS_ON: {
        bool depends_on = type->merge == CO_MERGE_DEPENDS_ON;
        return merge_plain(run, type, name, co_names_map(run, name, earlier, depends_on),
                           co_names_map(run, name, later, depends_on));
    }
    case CO_MERGE_PLAIN:
    case CO_MERGE_REPLACE:
    case CO_MERGE_ULIMIT:
        break;
    }
    return merge_plain(run, type, name, earlier, later);
}
