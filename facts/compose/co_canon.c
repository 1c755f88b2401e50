/* SPDX-License-Identifier: Apache-2.0
 *
 * co_canon.c - walks a tree and its types side by side and gives every value the form of its type.
 */
#include "facts/compose/co_canon.h"

#include "facts/compose/co_canon_forms.h"
#include "facts/compose/co_edit.h"

static co_form_fn *const forms[] = {
#define CO_FORM(name, function) [CO_FORM_##name] = co_form_##function,
    CO_FORM_LIST(CO_FORM)
#undef CO_FORM
};

static const struct tree_node *walk(struct co_run *run, const struct co_type *type,
                                    const struct tree_node *node);

static const struct tree_node *walk_list(struct co_run *run, const struct co_type *type,
                                         const struct tree_node *node)
{
    if (type->item == NULL) {
        return node;
    }
    struct co_edit edit = co_edit(run->arena, node);
    for (size_t i = 0; i < node->u.list.count; i++) {
        co_edit_replace(&edit, i, walk(run, type->item, node->u.list.items[i]));
    }
    return co_edit_done(&edit);
}

static const struct tree_node *walk_map(struct co_run *run, const struct co_type *type,
                                        const struct tree_node *node)
{
    struct co_edit edit = co_edit(run->arena, node);
    for (size_t i = 0; i < node->u.map.count; i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        const struct co_type *inner = co_type_of_key(type, entry->key);
        if (inner != NULL) { /* else the schema says so */
            co_edit_replace(&edit, i, walk(run, inner, entry->value));
        }
    }
    return co_edit_done(&edit);
}

/* As deep as the types are: those that accept everything have no types inside. */
static const struct tree_node *walk(struct co_run *run, const struct co_type *type,
                                    const struct tree_node *node)
{
    if (!co_visit(run, 1)) {
        return NULL;
    }
    if (type->form != CO_FORM_NONE) {
        node = forms[type->form](run, node);
    }
    if (tree_is(node, TREE_LIST)) {
        return walk_list(run, type, node);
    }
    return tree_is(node, TREE_MAP) ? walk_map(run, type, node) : node;
}

const struct tree_node *co_canon_value(struct co_run *run, const struct co_type *type,
                                       const struct tree_node *node)
{
    return walk(run, type, node);
}

const struct tree_node *co_canon(struct co_run *run, const struct tree_node *root)
{
    return walk(run, co_type_root(), root);
}
