/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_compose_schema.c - which documents of compose_load the schema refuses, and where. Only the
 * schema is judged here: of documents that the reference refuses elsewhere nothing is expected.
 */
#include "conformance.h"

#include "core/alloc.h"
#include "facts/compose/co_interpolate.h"
#include "facts/compose/co_schema.h"
#include "facts/yaml/yaml_read.h"

/* Appends a path as the reference writes it: services.web.ports.1 for services.web.ports[1]. */
static void put_path(struct buf *out, struct str message)
{
    for (size_t i = 0; i < message.len; i++) {
        char c = message.ptr[i];
        if (c == ' ' || c == ':') {
            return;
        }
        if (c != ']') {
            buf_append_char(out, c == '[' ? '.' : c);
        }
    }
}

/* Whether a diagnostic of the schema is about a place at or below `path`. */
static bool refused_at(const struct diag_list *diags, struct str path, struct buf *places)
{
    bool found = false;
    for (size_t i = 0; i < diags->count; i++) {
        if (!str_starts_with(str_from_cstr(diag_code(diags->items[i]->id)), STR("C03"))) {
            continue;
        }
        size_t start = places->len;
        put_path(places, diags->items[i]->message);
        struct str place = str_slice(buf_view(places), start, places->len);
        found |= str_starts_with(place, path);
        buf_append_char(places, ' ');
    }
    return found;
}

void conf_compose_schema(struct conf_row *row)
{
    struct arena arena;
    struct source_set sources;
    struct diag_list diags;
    struct yaml_documents documents = {0};
    struct co_template template;
    source_id source = SOURCE_NONE;
    struct str text = conf_text(row, "yaml");
    struct str expected = conf_text(row, "schema_error_at");
    arena_init(&arena, alloc_or_default(NULL), 0);
    source_set_init(&sources, alloc_or_default(NULL));
    diag_list_init(&diags, alloc_or_default(NULL));
    struct co_run run = {.arena = &arena, .sources = &sources, .diags = &diags};
    co_template_init(&template, &arena, CO_UNSET_EMPTY);
    if (source_add(&sources, &source, STR("compose.yaml"), text) == PLIM_STATUS_OK &&
        yaml_read(&documents, &arena, source, text, &diags) == PLIM_STATUS_OK &&
        documents.count == 1) {
        const struct tree_node *root =
            co_interpolate(&run, documents.items[0], co_type_root(), &template, NULL);
        if (root != NULL) {
            co_schema_check(&run, root);
        }
    }
    struct buf places;
    buf_init(&places, alloc_or_default(NULL), 1 << 20);
    struct str path = str_slice(expected, 0, str_find_char(expected, ' ', 0));
    bool found = refused_at(&diags, path, &places);
    if (conf_has(row, "schema_error_at") && !found) {
        conf_differ(row, STR("the schema does not refuse "));
        conf_differ(row, expected);
    } else if (conf_has(row, "project") && !conf_has(row, "schema_error_at") && found) {
        conf_differ(row, STR("the schema refuses "));
        conf_differ(row, buf_view(&places));
    }
    buf_release(&places);
    co_template_release(&template);
    diag_list_release(&diags);
    source_set_release(&sources);
    arena_release(&arena);
}
