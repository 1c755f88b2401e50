/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_envfile.c - env_file of a service: its rows, and which variables come from which file.
 *
 * The project was loaded with the contents of its env files below `environment`, so a variable
 * belongs to the file its place is in.
 */
#include "facts/compose/co_rows.h"

/* A path as a key that no Dockerfile has. */
static struct str key_of(struct co_writer *writer, struct str path)
{
    buf_clear(writer->text);
    buf_append_cstr(writer->text, "env:");
    buf_append(writer->text, path);
    return buf_view(writer->text);
}

plim_status co_rows_env_begin(struct co_writer *writer)
{
    const struct co_project *project = writer->project;
    size_t sources = writer->facts->sources.count;
    writer->env_of_source = ARENA_ARRAY(writer->arena, struct co_env_source, sources + 1);
    if (writer->env_of_source == NULL) {
        return arena_status(writer->arena);
    }
    for (size_t i = 0; i <= sources; i++) {
        writer->env_of_source[i] = (struct co_env_source){.row = FACT_NO_ROW};
    }
    writer->env_source_count = sources;
    for (size_t i = 0; i < project->document_count; i++) {
        const struct co_document *document = &project->documents[i];
        if (document->role != CO_ENVIRONMENT || document->source >= sources) {
            continue;
        }
        writer->env_of_source[document->source].is_file = true;
        fact_row *slot = co_rows_slot(writer, key_of(writer, document->path));
        if (slot == NULL) {
            return PLIM_STATUS_NOMEM;
        }
        *slot = document->source;
    }
    return PLIM_STATUS_OK;
}

struct co_env_source *co_rows_env_source(struct co_writer *writer, const struct tree_node *value)
{
    if (value == NULL || value->span.source >= writer->env_source_count ||
        !writer->env_of_source[value->span.source].is_file) {
        return NULL;
    }
    return &writer->env_of_source[value->span.source];
}

/* One entry of env_file; its source in `*source`, or SOURCE_NONE. */
static plim_status write_file(struct co_writer *writer, fact_row service,
                              const struct tree_node *item, fact_row row, source_id *source)
{
    const struct tree_node *path = tree_is(item, TREE_MAP) ? co_get(item, "path") : item;
    *source = SOURCE_NONE;
    co_set_text(writer, CO_CELL(env_file, row, label), STR("env_file"), NULL);
    co_set_str(writer, CO_CELL(env_file, row, label), path);
    facts_set_row(writer->facts, FACT_KIND_env_file, row, FIELD_env_file_service, service,
                  FACT_NO_LOC);
    co_set_text(writer, CO_CELL(env_file, row, path), STR(""), NULL);
    co_set_str(writer, CO_CELL(env_file, row, path), path);
    co_set_bool(writer, CO_CELL(env_file, row, required), co_get(item, "required"), true);
    co_set_str(writer, CO_CELL(env_file, row, format), co_get(item, "format"));
    if (co_text(path).len > 0 && !tree_has_holes(path)) {
        fact_row *slot = co_rows_slot(writer, key_of(writer, co_text(path)));
        if (slot == NULL) {
            return PLIM_STATUS_NOMEM;
        }
        *source = *slot != CO_NOT_ASKED ? *slot : SOURCE_NONE;
    }
    co_set_flag(writer, CO_CELL(env_file, row, given), *source != SOURCE_NONE, NULL);
    return PLIM_STATUS_OK;
}

plim_status co_rows_env_files(struct co_writer *writer, struct co_service *service)
{
    struct fact_items items = {0};
    const struct tree_node *list = co_get(service->node, "env_file");
    plim_status status = PLIM_STATUS_OK;
    for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
        source_id source;
        fact_row row = co_add_row(writer, FACT_KIND_env_file, co_item(list, i));
        status = write_file(writer, service->row, co_item(list, i), row, &source);
        if (status != PLIM_STATUS_OK) {
            return status;
        }
        if (source != SOURCE_NONE) {
            writer->env_of_source[source].row = row;
            writer->env_of_source[source].variables = (struct fact_items){0};
        }
        fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
    }
    co_set_rows(writer, CO_CELL(service, service->row, env_files), &items);
    return status;
}

void co_rows_env_lists(struct co_writer *writer, struct co_service *service)
{
    static const struct fact_items none;
    const struct tree_node *list = co_get(service->node, "env_file");
    struct fact_cell files =
        facts_get(writer->facts, FACT_KIND_service, service->row, FIELD_service_env_files);
    for (uint32_t i = 0; files.state == FACT_PRESENT && i < fact_list_count(files.value); i++) {
        fact_row row = (fact_row)facts_list_at(writer->facts, files.value, i).value;
        const struct tree_node *item = co_item(list, i);
        const struct tree_node *path = tree_is(item, TREE_MAP) ? co_get(item, "path") : item;
        fact_row *slot = co_rows_slot(writer, key_of(writer, co_text(path)));
        bool known =
            slot != NULL && *slot != CO_NOT_ASKED && writer->env_of_source[*slot].row == row;
        co_set_rows(writer, CO_CELL(env_file, row, variables),
                    known ? &writer->env_of_source[*slot].variables : &none);
    }
}
