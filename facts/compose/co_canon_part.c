/* SPDX-License-Identifier: Apache-2.0
 *
 * co_canon_part.c - short texts that stand for mappings: build, env_file, devices, secrets, gpus;
 * and the old way to name external resources.
 */
#include "facts/compose/co_canon_forms.h"

#include "facts/compose/co_edit.h"
#include "facts/compose/co_piece.h"

/* {key: text} for a text. */
static const struct tree_node *map_of_one(struct co_run *run, const struct tree_node *node,
                                          struct str key)
{
    struct tree_gather map = {0};
    struct tree_node *value = tree_copy(run->arena, node);
    if (value != NULL) {
        value->over = NULL; /* stays with the mapping */
    }
    co_put(&map, run->arena, key, value);
    return co_map_from(run->arena, node, &map);
}

const struct tree_node *co_form_build(struct co_run *run, const struct tree_node *node)
{
    return node->kind == TREE_STRING ? map_of_one(run, node, STR("context")) : node;
}

const struct tree_node *co_form_file_use(struct co_run *run, const struct tree_node *node)
{
    return node->kind == TREE_STRING ? map_of_one(run, node, STR("source")) : node;
}

static const struct tree_node *env_file(struct co_run *run, const struct tree_node *node)
{
    const struct tree_node *map =
        node->kind == TREE_STRING ? map_of_one(run, node, STR("path")) : node;
    if (map == NULL || map->kind != TREE_MAP || tree_get(map, STR("required")) != NULL) {
        return map;
    }
    struct co_edit edit = co_edit(run->arena, map);
    co_edit_set(&edit, STR("required"), co_bool_at(run->arena, node, true, TREE_DEFAULT));
    return co_edit_done(&edit);
}

const struct tree_node *co_form_env_files(struct co_run *run, const struct tree_node *node)
{
    if (node->kind == TREE_STRING) {
        struct tree_gather list = {0};
        co_put(&list, run->arena, STR(""), env_file(run, node));
        return co_list_from(run->arena, node, &list);
    }
    if (node->kind != TREE_LIST) {
        return node;
    }
    struct co_edit edit = co_edit(run->arena, node);
    for (size_t i = 0; i < node->u.list.count; i++) {
        co_edit_replace(&edit, i, env_file(run, node->u.list.items[i]));
    }
    return co_edit_done(&edit);
}

/* SOURCE[:TARGET[:PERMISSIONS]]; what looks like permissions in the second place is a target. */
const struct tree_node *co_form_device(struct co_run *run, const struct tree_node *node)
{
    enum { PARTS = 3 };
    if (node->kind != TREE_STRING) {
        return node;
    }
    struct co_pieces pieces;
    co_pieces_init(&pieces, run->arena, run->sources, node);
    const struct tree_node *parts[PARTS] = {NULL};
    struct str text = node->text;
    size_t count = 0;
    for (size_t from = 0; from <= text.len; count++) {
        if (count == PARTS) {
            co_refuse(run, DIAG_compose_value, node->span,
                      "device `%.*s` has more than source, target and permissions", STR_FMT(text));
            return NULL;
        }
        size_t to = str_find_char(text, ':', from);
        parts[count] = co_piece(&pieces, from, to);
        from = to + 1;
    }
    bool has_target = parts[1] != NULL && parts[1]->text.len > 0;
    const struct tree_node *permissions = parts[2];
    if (permissions == NULL) {
        permissions = co_text_at(run->arena, node, STR("rwm"), TREE_DEFAULT);
    }
    struct tree_gather map = {0};
    co_put(&map, run->arena, STR("source"), parts[0]);
    co_put(&map, run->arena, STR("target"), has_target ? parts[1] : parts[0]);
    co_put(&map, run->arena, STR("permissions"), permissions);
    return co_map_from(run->arena, node, &map);
}

const struct tree_node *co_form_gpus(struct co_run *run, const struct tree_node *node)
{
    if (node->kind != TREE_STRING) {
        return node;
    }
    struct tree_gather request = {0};
    co_put(&request, run->arena, STR("count"), co_int_at(run->arena, node, -1, 0));
    struct tree_gather list = {0};
    co_put(&list, run->arena, STR(""), tree_gather_map(&request, run->arena, node->span));
    return co_list_from(run->arena, node, &list);
}

const struct tree_node *co_form_resource(struct co_run *run, const struct tree_node *node)
{
    const struct tree_node *external = tree_get(node, STR("external"));
    if (!tree_is(external, TREE_MAP)) {
        return node;
    }
    const struct tree_node *old_name = tree_get(external, STR("name"));
    const struct tree_node *name = tree_get(node, STR("name"));
    struct co_edit edit = co_edit(run->arena, node);
    co_edit_set(&edit, STR("external"), co_bool_at(run->arena, external, true, 0));
    if (old_name != NULL) {
        struct diag *diag = diag_report(run->diags, DIAG_compose_deprecated, external->span,
                                        "`external.name` is deprecated");
        diag_add_note(run->diags, diag, "write `external: true` and `name:` beside it");
        if (name == NULL) {
            co_edit_set(&edit, STR("name"), old_name);
        } else if (!tree_has_holes(name) && !tree_has_holes(old_name) &&
                   !str_eq(name->text, old_name->text)) {
            diag = co_refuse(run, DIAG_compose_conflict, old_name->span,
                             "`external.name` and `name` name different resources");
            diag_add_label(run->diags, diag, name->span, "the other name");
        }
    }
    return co_edit_done(&edit);
}
