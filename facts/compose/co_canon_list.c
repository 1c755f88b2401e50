/* SPDX-License-Identifier: Apache-2.0
 *
 * co_canon_list.c - lists and mappings of texts: environment, labels, hosts, names.
 */
#include "facts/compose/co_canon_forms.h"

#include <stdlib.h>

#include "facts/compose/co_edit.h"
#include "facts/compose/co_piece.h"
#include "facts/compose/co_scalar.h"

const struct tree_node *co_form_text(struct co_run *run, const struct tree_node *node)
{
    if (node->kind == TREE_NULL || node->kind == TREE_LIST || node->kind == TREE_MAP) {
        return node;
    }
    return co_scalar_string(run->arena, node);
}

static const struct tree_node *list_of_one(struct co_run *run, const struct tree_node *node)
{
    struct tree_gather items = {0};
    co_put(&items, run->arena, STR(""), co_scalar_string(run->arena, node));
    return co_list_from(run->arena, node, &items);
}

const struct tree_node *co_form_texts(struct co_run *run, const struct tree_node *node)
{
    return node->kind == TREE_STRING ? list_of_one(run, node) : node;
}

const struct tree_node *co_form_servers(struct co_run *run, const struct tree_node *node)
{
    const struct tree_node *list = co_form_texts(run, node);
    if (!tree_is(list, TREE_LIST)) {
        return list;
    }
    struct co_edit edit = co_edit(run->arena, list);
    for (size_t i = 0; i < list->u.list.count; i++) {
        const struct tree_node *item = list->u.list.items[i];
        bool empty = item->kind == TREE_NULL || (item->kind == TREE_STRING && item->text.len == 0);
        co_edit_replace(&edit, i, empty ? NULL : item);
    }
    return co_edit_done(&edit);
}

const struct tree_node *co_form_option_texts(struct co_run *run, const struct tree_node *node)
{
    if (node->kind == TREE_NULL || node->kind == TREE_MAP) {
        return node;
    }
    if (node->kind != TREE_LIST) {
        return list_of_one(run, node);
    }
    struct co_edit edit = co_edit(run->arena, node);
    for (size_t i = 0; i < node->u.list.count; i++) {
        co_edit_replace(&edit, i, co_form_text(run, node->u.list.items[i]));
    }
    return co_edit_done(&edit);
}

/* What stands for a text without `=` in a list. */
enum missing { MISSING_IS_EMPTY, MISSING_IS_NULL, MISSING_IS_WRONG, MISSING_IS_DEFAULT_ONLY };

/* The value of an entry whose text has no `=`. */
static const struct tree_node *missing_value(struct co_run *run, const struct tree_node *item,
                                             enum missing missing)
{
    bool holes = tree_has_holes(item);
    if (missing == MISSING_IS_EMPTY && !holes) {
        return co_text_at(run->arena, item, STR(""), 0);
    }
    bool is_default = missing == MISSING_IS_DEFAULT_ONLY && str_eq(item->text, STR("default"));
    if (missing == MISSING_IS_NULL || is_default || holes) {
        return co_null_at(run->arena, item, 0);
    }
    co_refuse(run, DIAG_compose_value, item->span, "`%.*s` lacks the `=` between name and value",
              STR_FMT(item->text));
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Adds the entry that a text of a list stands for. */
static void add_pair(struct co_run *run, struct tree_gather *map, const struct tree_node *item,
                     enum missing missing)
{
    size_t equals = str_find_char(item->text, '=', 0);
    struct str key = str_slice(item->text, 0, equals);
    if (missing == MISSING_IS_NULL && key.len > 0 && is_blank(key.ptr[key.len - 1])) {
        struct diag *diag =
            co_refuse(run, DIAG_compose_value, item->span,
                      "name of the variable `%.*s` ends with a blank", STR_FMT(str_trim(key)));
        diag_add_note(run->diags, diag, "write `NAME=value` without blanks around the `=`");
        return;
    }
    struct co_pieces pieces;
    co_pieces_init(&pieces, run->arena, run->sources, item);
    const struct tree_node *value = NULL;
    if (equals < item->text.len) {
        value = co_piece(&pieces, equals + 1, item->text.len);
    } else {
        value = missing_value(run, item, missing);
    }
    const struct tree_node *name = co_piece(&pieces, 0, equals);
    if (value != NULL && name != NULL) {
        struct tree_entry entry = {.key = key, .key_span = name->span, .value = value};
        tree_gather_add(map, run->arena, entry);
    }
}

static const struct tree_node *pairs_of_list(struct co_run *run, const struct tree_node *node,
                                             enum missing missing)
{
    struct tree_gather map = {0};
    for (size_t i = 0; i < node->u.list.count; i++) {
        const struct tree_node *item = co_scalar_string(run->arena, node->u.list.items[i]);
        if (item != NULL) { /* lists and mappings are the schema's business */
            add_pair(run, &map, item, missing);
        }
    }
    return co_map_from(run->arena, node, &map);
}

static const struct tree_node *pairs(struct co_run *run, const struct tree_node *node,
                                     enum missing missing)
{
    if (node->kind == TREE_LIST) {
        return pairs_of_list(run, node, missing);
    }
    if (node->kind != TREE_MAP) {
        return node;
    }
    struct co_edit edit = co_edit(run->arena, node);
    for (size_t i = 0; i < node->u.map.count; i++) {
        const struct tree_node *value = node->u.map.entries[i].value;
        bool empty = value->kind == TREE_NULL && missing != MISSING_IS_EMPTY;
        if (!empty && value->kind != TREE_LIST && value->kind != TREE_MAP) {
            co_edit_replace(&edit, i, co_scalar_string(run->arena, value));
        }
    }
    return co_edit_done(&edit);
}

const struct tree_node *co_form_pairs(struct co_run *run, const struct tree_node *node)
{
    return pairs(run, node, MISSING_IS_EMPTY);
}

const struct tree_node *co_form_variables(struct co_run *run, const struct tree_node *node)
{
    return pairs(run, node, MISSING_IS_NULL);
}

const struct tree_node *co_form_contexts(struct co_run *run, const struct tree_node *node)
{
    return pairs(run, node, MISSING_IS_WRONG);
}

const struct tree_node *co_form_ssh(struct co_run *run, const struct tree_node *node)
{
    return pairs(run, node, MISSING_IS_DEFAULT_ONLY);
}

/* Adds the addresses of text[from, ...) behind those that a host has already. */
static void add_addresses(struct co_run *run, struct tree_gather *list,
                          const struct co_pieces *pieces, size_t from)
{
    struct str text = pieces->node->text;
    while (from <= text.len) {
        size_t to = str_find_char(text, ',', from);
        size_t start = from;
        size_t end = to;
        if (end - start > 2 && text.ptr[start] == '[' && text.ptr[end - 1] == ']') {
            start++;
            end--;
        }
        co_put(list, run->arena, STR(""), co_piece(pieces, start, end));
        from = to + 1;
    }
}

static bool host_is_right(struct co_run *run, struct str host, struct span span)
{
    bool bad = host.len == 0 || str_find_char(host, ':', 0) < host.len ||
               str_find_char(host, '=', 0) < host.len;
    if (bad) {
        co_refuse(run, DIAG_compose_value, span, "`%.*s` is no host name", STR_FMT(host));
    }
    return !bad;
}

/* Puts the addresses of one text into the mapping of hosts, where entries of one host stand apart
 * until all are gathered. */
static void add_host(struct co_run *run, struct tree_gather *map, const struct tree_node *item)
{
    struct str text = item->text;
    size_t cut = str_find_char(text, '=', 0);
    if (cut == text.len) {
        cut = str_find_char(text, ':', 0);
    }
    if (cut == text.len && !tree_has_holes(item)) {
        struct diag *diag = co_refuse(run, DIAG_compose_value, item->span,
                                      "`%.*s` lacks the address of the host", STR_FMT(text));
        diag_add_note(run->diags, diag, "write `%.*s=ADDRESS`", STR_FMT(text));
        return;
    }
    struct str host = str_slice(text, 0, cut);
    struct co_pieces pieces;
    co_pieces_init(&pieces, run->arena, run->sources, item);
    if (!host_is_right(run, host, item->span)) {
        return;
    }
    struct tree_gather list = {0};
    add_addresses(run, &list, &pieces, cut < text.len ? cut + 1 : 0);
    struct tree_entry entry = {.key = host,
                               .key_span = item->span,
                               .value = tree_gather_list(&list, run->arena, item->span)};
    if (entry.value != NULL) {
        tree_gather_add(map, run->arena, entry);
    }
}

static int compare_hosts(const void *a, const void *b)
{
    const struct tree_entry *left = a;
    const struct tree_entry *right = b;
    int order = str_compare(left->key, right->key);
    uint32_t first = left->key_span.start;
    uint32_t second = right->key_span.start;
    return order != 0 ? order : (first > second) - (first < second);
}

/* One entry for each host, with all its addresses. */
static void join_hosts(struct co_run *run, struct tree_gather *map)
{
    if (map->count > 1) {
        qsort(map->entries, map->count, sizeof *map->entries, compare_hosts);
    }
    size_t kept = 0;
    for (size_t i = 0; i < map->count;) {
        struct tree_gather all = {0};
        size_t first = i;
        for (; i < map->count && str_eq(map->entries[i].key, map->entries[first].key); i++) {
            const struct tree_node *list = map->entries[i].value;
            for (size_t j = 0; j < list->u.list.count; j++) {
                co_put(&all, run->arena, STR(""), list->u.list.items[j]);
            }
        }
        struct tree_entry entry = map->entries[first];
        if (i > first + 1) {
            entry.value = tree_gather_list(&all, run->arena, entry.key_span);
        }
        if (entry.value != NULL) {
            map->entries[kept] = entry;
            kept++;
        }
    }
    map->count = kept;
}

/* Addresses of one host in a mapping. */
static const struct tree_node *addresses(struct co_run *run, const struct tree_node *value)
{
    if (value->kind == TREE_MAP) {
        return value;
    }
    const struct tree_node *list = value->kind == TREE_LIST ? value : list_of_one(run, value);
    if (list == NULL) {
        return NULL;
    }
    struct co_edit edit = co_edit(run->arena, list);
    for (size_t i = 0; i < list->u.list.count; i++) {
        const struct tree_node *item = co_form_text(run, list->u.list.items[i]);
        struct str text = item != NULL ? item->text : STR("");
        if (item != NULL && item->kind == TREE_STRING && text.len > 2 && text.ptr[0] == '[' &&
            text.ptr[text.len - 1] == ']') {
            struct co_pieces pieces;
            co_pieces_init(&pieces, run->arena, run->sources, item);
            item = co_piece(&pieces, 1, text.len - 1);
        }
        if (item != NULL) {
            co_edit_replace(&edit, i, item);
        }
    }
    return co_edit_done(&edit);
}

const struct tree_node *co_form_hosts(struct co_run *run, const struct tree_node *node)
{
    if (node->kind == TREE_MAP) {
        struct co_edit edit = co_edit(run->arena, node);
        for (size_t i = 0; i < node->u.map.count; i++) {
            const struct tree_entry *entry = &node->u.map.entries[i];
            bool right = host_is_right(run, entry->key, entry->key_span);
            co_edit_replace(&edit, i, right ? addresses(run, entry->value) : NULL);
        }
        return co_edit_done(&edit);
    }
    if (node->kind != TREE_LIST) {
        return node;
    }
    struct tree_gather map = {0};
    for (size_t i = 0; i < node->u.list.count; i++) {
        const struct tree_node *item = co_scalar_string(run->arena, node->u.list.items[i]);
        if (item != NULL) {
            add_host(run, &map, item);
        }
    }
    join_hosts(run, &map);
    return co_map_from(run->arena, node, &map);
}

const struct tree_node *co_form_names(struct co_run *run, const struct tree_node *node)
{
    if (node->kind != TREE_LIST) {
        return node;
    }
    struct tree_gather map = {0};
    for (size_t i = 0; i < node->u.list.count; i++) {
        const struct tree_node *item = node->u.list.items[i];
        if (item->kind == TREE_STRING) {
            co_put(&map, run->arena, item->text, co_null_at(run->arena, item, 0));
        }
    }
    return co_map_from(run->arena, node, &map);
}

/* What a dependency lacks. */
static const struct tree_node *dependency(struct co_run *run, const struct tree_node *node)
{
    struct co_edit edit = co_edit(run->arena, node);
    if (tree_get(node, STR("condition")) == NULL) {
        co_edit_set(&edit, STR("condition"),
                    co_text_at(run->arena, node, STR("service_started"), TREE_DEFAULT));
    }
    if (tree_get(node, STR("required")) == NULL) {
        co_edit_set(&edit, STR("required"), co_bool_at(run->arena, node, true, TREE_DEFAULT));
    }
    return co_edit_done(&edit);
}

const struct tree_node *co_form_depends_on(struct co_run *run, const struct tree_node *node)
{
    if (node->kind == TREE_MAP) {
        struct co_edit edit = co_edit(run->arena, node);
        for (size_t i = 0; i < node->u.map.count; i++) {
            const struct tree_node *value = node->u.map.entries[i].value;
            if (value->kind == TREE_MAP) {
                const struct tree_node *whole = dependency(run, value);
                co_edit_replace(&edit, i, whole != NULL ? whole : value);
            }
        }
        return co_edit_done(&edit);
    }
    if (node->kind != TREE_LIST) {
        return node;
    }
    struct tree_gather map = {0};
    for (size_t i = 0; i < node->u.list.count; i++) {
        const struct tree_node *item = node->u.list.items[i];
        struct tree_node *empty =
            item->kind == TREE_STRING ? tree_new_map(run->arena, item->span, NULL, 0) : NULL;
        if (empty != NULL) {
            co_put(&map, run->arena, item->text, dependency(run, empty));
        }
    }
    return co_map_from(run->arena, node, &map);
}
