/* SPDX-License-Identifier: Apache-2.0
 *
 * co_help.c - see co_help.h.
 */
#include "co_help.h"

#include <string.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "facts/yaml/yaml_read.h"

void co_help_init(struct co_help *help, const plim_allocator *allocator,
                  const struct fake_file *files, size_t count)
{
    memset(help, 0, sizeof *help);
    const plim_allocator *used = alloc_or_default(allocator);
    arena_init(&help->arena, used, 0);
    source_set_init(&help->sources, used);
    diag_list_init(&help->diags, used);
    fake_files_init(&help->files, files, count);
    help->run = (struct co_run){.arena = &help->arena,
                                .sources = &help->sources,
                                .diags = &help->diags,
                                .files = &help->files.files,
                                .options = &help->options};
}

void co_help_release(struct co_help *help)
{
    diag_list_release(&help->diags);
    source_set_release(&help->sources);
    arena_release(&help->arena);
}

const struct tree_node *co_help_read(struct co_help *help, const char *name, const char *text)
{
    source_id source;
    struct yaml_documents documents;
    if (source_add_view(&help->sources, &source, str_from_cstr(name), str_from_cstr(text)) !=
            PLIM_STATUS_OK ||
        yaml_read(&documents, &help->arena, source, str_from_cstr(text), &help->diags) !=
            PLIM_STATUS_OK ||
        documents.count == 0) {
        return NULL;
    }
    return documents.items[0];
}

static void show(struct buf *out, const struct tree_node *node);

static void show_text(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == TREE_HOLE) {
            buf_append_cstr(out, "<?>");
        } else {
            buf_append_char(out, text.ptr[i]);
        }
    }
}

static void show_list(struct buf *out, const struct tree_node *node)
{
    buf_append_char(out, '[');
    for (size_t i = 0; i < node->u.list.count; i++) {
        buf_append_cstr(out, i > 0 ? ", " : "");
        show(out, node->u.list.items[i]);
    }
    buf_append_char(out, ']');
}

static void show_map(struct buf *out, const struct tree_node *node)
{
    buf_append_char(out, '{');
    for (size_t i = 0; i < node->u.map.count; i++) {
        buf_append_cstr(out, i > 0 ? ", " : "");
        show_text(out, node->u.map.entries[i].key);
        buf_append_cstr(out, ": ");
        show(out, node->u.map.entries[i].value);
    }
    buf_append_char(out, '}');
}

static void show(struct buf *out, const struct tree_node *node)
{
    if (node == NULL) {
        buf_append_cstr(out, "(none)");
        return;
    }
    if (node->kind == TREE_LIST) {
        show_list(out, node);
    } else if (node->kind == TREE_MAP) {
        show_map(out, node);
    } else if (node->kind == TREE_NULL) {
        buf_append_cstr(out, "null");
    } else {
        show_text(out, node->text);
    }
    if (node->over != NULL) {
        buf_append_char(out, '<');
        show(out, node->over);
    }
}

static const char *finish(struct co_help *help, struct buf *text)
{
    struct str copy = arena_copy_str(&help->arena, buf_view(text));
    buf_release(text);
    return copy.ptr != NULL ? copy.ptr : "";
}

const char *co_help_show(struct co_help *help, const struct tree_node *node)
{
    struct buf text;
    buf_init(&text, help->arena.allocator, 1 << 24);
    show(&text, node);
    return finish(help, &text);
}

const char *co_help_diags(struct co_help *help)
{
    diag_list_sort(&help->diags);
    struct buf text;
    buf_init(&text, help->arena.allocator, 1 << 20);
    for (size_t i = 0; i < help->diags.count; i++) {
        const struct diag *diag = help->diags.items[i];
        struct source_position at =
            source_locate(&help->sources, diag->span.source, diag->span.start);
        buf_printf(&text, "%s %u:%u %.*s\n", diag_code(diag->id), at.line, at.column,
                   STR_FMT(diag->message));
    }
    return finish(help, &text);
}
