/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_override.c - values that replaced earlier ones, found in the tree of a service.
 */
#include "facts/compose/co_rows.h"

enum { OVERRIDE_DEPTH = 32 /* attributes of Compose nest less deeply */ };

/* File of a span among those of the project, or FACT_NO_ROW. */
static fact_row file_of(const struct co_writer *writer, struct span span)
{
    for (size_t i = 0; i < writer->project->document_count; i++) {
        if (writer->project->documents[i].source == span.source) {
            return writer->files[i];
        }
    }
    return FACT_NO_ROW;
}

static void write_override(struct co_writer *writer, struct co_service *service,
                           const struct tree_node *node, struct str attribute)
{
    enum fact_kind kind = FACT_KIND_override;
    struct facts *facts = writer->facts;
    fact_row row = co_add_row(writer, kind, node);
    co_set_text(writer, CO_CELL(override, row, label), attribute, NULL);
    facts_set_row(facts, kind, row, FIELD_override_project, writer->project_row, FACT_NO_LOC);
    facts_set_row(facts, kind, row, FIELD_override_service, service->row, FACT_NO_LOC);
    co_set_text(writer, CO_CELL(override, row, attribute), attribute, NULL);
    co_set_str(writer, CO_CELL(override, row, value), node);
    co_set_str(writer, CO_CELL(override, row, earlier), node->over);
    facts_set_row(facts, kind, row, FIELD_override_file, file_of(writer, node->span), FACT_NO_LOC);
    facts_set_row(facts, kind, row, FIELD_override_earlier_file, file_of(writer, node->over->span),
                  FACT_NO_LOC);
    fact_items_add_row(&service->overrides, writer->arena, row, FACT_NO_LOC);
    fact_items_add_row(&writer->overrides, writer->arena, row, FACT_NO_LOC);
}

/* `path` is that of `node`, in the arena. */
static void walk(struct co_writer *writer, struct co_service *service, const struct tree_node *node,
                 struct str path, unsigned depth)
{
    if (node->over != NULL && path.len > 0) {
        write_override(writer, service, node, path);
    }
    if (node->kind != TREE_MAP || depth == OVERRIDE_DEPTH) {
        return; /* items of lists are added, not replaced */
    }
    for (size_t i = 0; i < node->u.map.count; i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        buf_clear(writer->text);
        buf_append(writer->text, path);
        buf_append_cstr(writer->text, path.len > 0 ? "." : "");
        buf_append(writer->text, entry->key);
        struct str inner = buf_view(writer->text);
        if (entry->value->over != NULL || entry->value->kind == TREE_MAP) {
            inner = arena_copy_str(writer->arena, inner);
            walk(writer, service, entry->value, inner, depth + 1);
        }
    }
}

void co_rows_overrides(struct co_writer *writer, struct co_service *service)
{
    walk(writer, service, service->node, STR(""), 0);
    co_set_rows(writer, CO_CELL(service, service->row, overrides), &service->overrides);
}
