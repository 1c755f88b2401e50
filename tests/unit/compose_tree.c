/* SPDX-License-Identifier: Apache-2.0
 *
 * compose_tree.c - the reader, the expander and a printer put together for tests.
 */
#include "compose_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "facts/compose/co_edit.h"
#include "facts/compose/co_template.h"
#include "facts/yaml/yaml_read.h"

void compose_tree_init(struct compose_tree *tree, const plim_allocator *allocator)
{
    *tree = (struct compose_tree){.options = {.unset = CO_UNSET_HOLE}};
    arena_init(&tree->arena, allocator, 0);
    source_set_init(&tree->sources, allocator);
    diag_list_init(&tree->diags, allocator);
    tree->run = (struct co_run){.arena = &tree->arena,
                                .sources = &tree->sources,
                                .diags = &tree->diags,
                                .options = &tree->options};
}

void compose_tree_release(struct compose_tree *tree)
{
    diag_list_release(&tree->diags);
    source_set_release(&tree->sources);
    arena_release(&tree->arena);
}

static const struct tree_node *expand(struct compose_tree *tree, struct co_template *state,
                                      const struct tree_node *node)
{
    if (node->kind == TREE_LIST || node->kind == TREE_MAP) {
        struct co_edit edit = co_edit(&tree->arena, node);
        size_t count = node->kind == TREE_LIST ? node->u.list.count : node->u.map.count;
        for (size_t i = 0; i < count; i++) {
            const struct tree_node *part =
                node->kind == TREE_LIST ? node->u.list.items[i] : node->u.map.entries[i].value;
            co_edit_replace(&edit, i, expand(tree, state, part));
        }
        return co_edit_done(&edit);
    }
    if (node->kind != TREE_STRING) {
        return node;
    }
    struct co_written written = {.span = node->span,
                                 .raw = str_slice(tree->text, node->span.start, node->span.end)};
    struct co_expansion expansion = {.error = CO_TEMPLATE_NONE};
    co_template_expand(state, &expansion, node->text, &written, NULL);
    struct tree_node *copy = tree_copy(&tree->arena, node);
    if (copy != NULL) {
        copy->text = expansion.text;
        copy->flags |= expansion.holes ? TREE_HOLES : 0;
        copy->variables = expansion.variables;
    }
    return copy;
}

const struct tree_node *compose_tree_read(struct compose_tree *tree, const char *yaml)
{
    source_id id = 0;
    if (source_add(&tree->sources, &id, STR("compose.yaml"), str_from_cstr(yaml)) !=
        PLIM_STATUS_OK) {
        tree->arena.status = PLIM_STATUS_NOMEM;
        return NULL;
    }
    tree->text = source_get(&tree->sources, id)->text;
    struct yaml_documents documents = {.count = 0};
    plim_status status = yaml_read(&documents, &tree->arena, id, tree->text, &tree->diags);
    if (status == PLIM_STATUS_NOMEM) {
        tree->arena.status = PLIM_STATUS_NOMEM;
        return NULL;
    }
    assert_int_equal(status, PLIM_STATUS_OK);
    struct co_template state;
    co_template_init(&state, &tree->arena, CO_UNSET_HOLE);
    const struct tree_node *root = expand(tree, &state, documents.items[0]);
    co_template_release(&state);
    return root;
}

static void show_text(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        buf_append_char(out, text.ptr[i] == TREE_HOLE ? '?' : text.ptr[i]);
    }
}

static void show_map(struct buf *out, const struct tree_node *node)
{
    buf_append_char(out, '{');
    for (size_t i = 0; i < node->u.map.count; i++) {
        buf_append_cstr(out, i > 0 ? ", " : "");
        show_text(out, node->u.map.entries[i].key);
        buf_append_cstr(out, ": ");
        compose_tree_show(out, node->u.map.entries[i].value);
    }
    buf_append_char(out, '}');
}

void compose_tree_show(struct buf *out, const struct tree_node *node)
{
    if (node == NULL) {
        buf_append_cstr(out, "nothing");
        return;
    }
    switch (node->kind) {
    case TREE_LIST:
        buf_append_char(out, '[');
        for (size_t i = 0; i < node->u.list.count; i++) {
            buf_append_cstr(out, i > 0 ? ", " : "");
            compose_tree_show(out, node->u.list.items[i]);
        }
        buf_append_char(out, ']');
        break;
    case TREE_MAP:
        show_map(out, node);
        break;
    case TREE_STRING:
        buf_append_char(out, '\'');
        show_text(out, node->text);
        buf_append_char(out, '\'');
        break;
    case TREE_NULL:
        buf_append_char(out, '~');
        break;
    case TREE_BOOL:
        buf_append_cstr(out, node->u.boolean ? "true" : "false");
        break;
    case TREE_INT:
        buf_append_i64(out, node->u.integer);
        break;
    case TREE_UINT:
    case TREE_FLOAT:
    case TREE_TIME:
        buf_append(out, node->text);
        break;
    }
    buf_append_cstr(out, (node->flags & TREE_DEFAULT) != 0 ? "*" : "");
}

static void expect(struct buf *found, const char *expected)
{
    assert_int_equal(buf_status(found), PLIM_STATUS_OK);
    buf_append_char(found, '\0');
    assert_string_equal(found->data, expected);
    buf_release(found);
}

void compose_tree_expect(const struct tree_node *node, const char *expected)
{
    struct buf found;
    buf_init(&found, NULL, 1 << 20);
    compose_tree_show(&found, node);
    expect(&found, expected);
}

void compose_tree_expect_place(const struct compose_tree *tree, const struct tree_node *node,
                               const char *expected)
{
    assert_non_null(node);
    struct buf found;
    buf_init(&found, NULL, 1 << 20);
    buf_append(&found, str_slice(tree->text, node->span.start, node->span.end));
    expect(&found, expected);
}

const struct tree_node *compose_tree_at(const struct tree_node *root, const char *path)
{
    struct str rest = str_from_cstr(path);
    const struct tree_node *node = root;
    while (rest.len > 0 && node != NULL) {
        size_t dot = str_find_char(rest, '.', 0);
        struct str part = str_slice(rest, 0, dot);
        rest = str_slice(rest, dot + 1, rest.len);
        unsigned long long position = 0;
        if (node->kind == TREE_LIST && str_to_u64(part, &position)) {
            node = position < node->u.list.count ? node->u.list.items[position] : NULL;
        } else {
            node = tree_get(node, part);
        }
    }
    return node;
}

void compose_tree_expect_diags(struct compose_tree *tree, const char *expected)
{
    struct buf found;
    buf_init(&found, NULL, 1 << 20);
    diag_list_sort(&tree->diags);
    for (size_t i = 0; i < tree->diags.count; i++) {
        buf_append_cstr(&found, diag_code(tree->diags.items[i]->id));
        buf_append_char(&found, ' ');
        buf_append(&found, tree->diags.items[i]->message);
        buf_append_char(&found, '\n');
    }
    expect(&found, expected);
}
