/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_compose_schema.c - which documents of compose_load and compose_multifile the schema refuses,
 * and where. Only the schema is judged here: of projects that the reference refuses elsewhere
 * nothing is expected, and neither include nor extends is followed.
 */
#include "conformance.h"

#include "core/alloc.h"
#include "facts/compose/co_interpolate.h"
#include "facts/compose/co_merge.h"
#include "facts/compose/co_reset.h"
#include "facts/compose/co_schema.h"
#include "facts/compose/co_unique.h"
#include "facts/yaml/yaml_read.h"

struct bench {
    struct arena arena;
    struct source_set sources;
    struct diag_list diags;
    struct co_template template;
    struct co_run run;
    const struct tree_node *whole; /* the documents so far */
};

static void bench_init(struct bench *bench)
{
    *bench = (struct bench){.whole = NULL};
    arena_init(&bench->arena, alloc_or_default(NULL), 0);
    source_set_init(&bench->sources, alloc_or_default(NULL));
    diag_list_init(&bench->diags, alloc_or_default(NULL));
    co_template_init(&bench->template, &bench->arena, CO_UNSET_HOLE);
    bench->run =
        (struct co_run){.arena = &bench->arena, .sources = &bench->sources, .diags = &bench->diags};
}

static void bench_release(struct bench *bench)
{
    co_template_release(&bench->template);
    diag_list_release(&bench->diags);
    source_set_release(&bench->sources);
    arena_release(&bench->arena);
}

/* Lays the documents of a text over the earlier ones and checks the whole after each. */
static void add_text(struct bench *bench, struct str text)
{
    struct co_run *run = &bench->run;
    struct yaml_documents documents = {0};
    source_id source = SOURCE_NONE;
    if (source_add(&bench->sources, &source, STR("compose.yaml"), text) != PLIM_STATUS_OK ||
        yaml_read(&documents, &bench->arena, source, text, &bench->diags) != PLIM_STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < documents.count && co_alive(run); i++) {
        const struct co_type *type = co_type_root();
        const struct tree_node *root =
            co_interpolate(run, documents.items[i], type, &bench->template, NULL);
        const struct tree_node *earlier = co_reset_apply(run, bench->whole, root);
        root = co_merge(run, type, STR(""), earlier, co_reset_strip(run, root));
        bench->whole = co_unique(run, type, root);
        co_schema_check(run, bench->whole);
    }
}

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

/* `path` is where the schema of the reference refuses; .ptr NULL: it does not. */
static void judge(struct conf_row *row, const struct bench *bench, struct str path)
{
    struct buf places;
    buf_init(&places, alloc_or_default(NULL), 1 << 20);
    bool expected = path.ptr != NULL;
    bool found = refused_at(&bench->diags, path, &places);
    if (expected && !found) {
        conf_differ(row, STR("the schema does not refuse "));
        conf_differ(row, path.len > 0 ? path : STR("the top level"));
    } else if (expected && !bench->run.refused) {
        conf_differ(row, STR("the run is not marked as refused"));
    } else if (!expected && found && conf_has(row, "project")) {
        conf_differ(row, STR("the schema refuses "));
        conf_differ(row, buf_view(&places));
    }
    buf_release(&places);
}

void conf_compose_load_schema(struct conf_row *row)
{
    struct bench bench;
    bench_init(&bench);
    add_text(&bench, conf_text(row, "yaml"));
    struct str path = {.ptr = NULL, .len = 0};
    if (conf_has(row, "schema_error_at")) {
        path = conf_text(row, "schema_error_at");
        path = str_slice(path, 0, str_find_char(path, ' ', 0));
    }
    judge(row, &bench, path);
    bench_release(&bench);
}

void conf_compose_multifile_schema(struct conf_row *row)
{
    struct bench bench;
    bench_init(&bench);
    const json_t *contents = json_object_get(row->json, "contents");
    const json_t *files = json_object_get(row->json, "files");
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *text = json_object_get(contents, json_string_value(json_array_get(files, i)));
        add_text(&bench, str_make(json_string_value(text), json_string_length(text)));
    }
    struct str path = {.ptr = NULL, .len = 0};
    const json_t *error = json_object_get(row->json, "schema_error");
    if (error != NULL) {
        const json_t *where = json_object_get(error, "path");
        path = str_make(json_string_value(where), json_string_length(where));
    }
    judge(row, &bench, path);
    bench_release(&bench);
}
