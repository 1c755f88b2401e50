/* SPDX-License-Identifier: Apache-2.0
 *
 * co_keys.c - keys as they were written. Recursion is as deep as the document, whose depth the YAML
 * reader bounds.
 */
#include "facts/compose/co_keys.h"

#include "facts/compose/co_edit.h"
#include "facts/yaml/yaml_scalar.h"

static void check_key(struct co_run *run, const struct tree_entry *entry)
{
    const struct source *source = source_get(run->sources, entry->key_span.source);
    struct str raw = source != NULL
                         ? str_slice(source->text, entry->key_span.start, entry->key_span.end)
                         : entry->key;
    struct tree_node key = {.kind = TREE_STRING, .text = raw};
    if (!str_eq(raw, entry->key) || !yaml_resolve(&key, YAML_TAG_NONE) || key.kind == TREE_STRING) {
        return; /* in quotes, or a text */
    }
    struct diag *diag =
        co_refuse(run, DIAG_compose_key, entry->key_span, "the key `%.*s` is %s, not a text",
                  STR_FMT(raw), tree_kind_text(key.kind));
    diag_add_note(run->diags, diag, "put it in quotes: `\"%.*s\":`", STR_FMT(raw));
}

void co_keys_check(struct co_run *run, const struct tree_node *node)
{
    if (node->kind == TREE_LIST && co_visit(run, node->u.list.count)) {
        for (size_t i = 0; i < node->u.list.count && co_alive(run); i++) {
            co_keys_check(run, node->u.list.items[i]);
        }
    } else if (node->kind == TREE_MAP && co_visit(run, node->u.map.count)) {
        for (size_t i = 0; i < node->u.map.count && co_alive(run); i++) {
            check_key(run, &node->u.map.entries[i]);
            co_keys_check(run, node->u.map.entries[i].value);
        }
    }
}

const struct tree_node *co_keys_without_version(struct co_run *run, const struct tree_node *all)
{
    ptrdiff_t found = tree_find(all, STR("version"));
    if (found < 0) {
        return all;
    }
    struct diag *diag =
        diag_report(run->diags, DIAG_compose_version, all->u.map.entries[found].key_span,
                    "`version` is obsolete and ignored");
    diag_add_note(run->diags, diag, "remove the line");
    struct co_edit edit = co_edit(run->arena, all);
    co_edit_replace(&edit, (size_t)found, NULL);
    return co_edit_done(&edit);
}
