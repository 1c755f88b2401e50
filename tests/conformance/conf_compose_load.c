/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_compose_load.c - the tables compose_merge and compose_multifile.
 */
#include "compose_project.h"
#include "conformance.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/diag.h"
#include "core/source.h"
#include "facts/compose/co_merge.h"
#include "facts/compose/co_run.h"
#include "facts/compose/co_type.h"
#include "facts/compose/co_unique.h"
#include "facts/yaml/yaml_read.h"

/* A run over documents in memory. */
struct bench {
    struct arena arena;
    struct source_set sources;
    struct diag_list diags;
    struct co_options options;
    struct co_run run;
};

static void bench_init(struct bench *bench)
{
    *bench = (struct bench){.run = {.visits = 0}};
    arena_init(&bench->arena, NULL, 0);
    source_set_init(&bench->sources, NULL);
    diag_list_init(&bench->diags, NULL);
    bench->run = (struct co_run){.arena = &bench->arena,
                                 .sources = &bench->sources,
                                 .diags = &bench->diags,
                                 .options = &bench->options};
}

static void bench_release(struct bench *bench)
{
    diag_list_release(&bench->diags);
    source_set_release(&bench->sources);
    arena_release(&bench->arena);
}

static const struct tree_node *read_one(struct bench *bench, struct str name, struct str text)
{
    source_id source = SOURCE_NONE;
    struct yaml_documents documents = {0};
    if (source_add_view(&bench->sources, &source, name, text) != PLIM_STATUS_OK ||
        yaml_read(&documents, &bench->arena, source, text, &bench->diags) != PLIM_STATUS_OK ||
        documents.count == 0) {
        return NULL;
    }
    return documents.items[0];
}

static json_t *tree_json(const struct co_type *type, const struct tree_node *node);

/* Compose keeps merged pairs as a list of `key=value`, we as a mapping. */
static json_t *pairs_json(const struct tree_node *node)
{
    json_t *list = json_array();
    for (size_t i = 0; i < node->u.map.count; i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        struct buf text;
        buf_init(&text, NULL, 1 << 20);
        buf_append(&text, entry->key);
        if (entry->value->kind != TREE_NULL) {
            buf_append_char(&text, '=');
            buf_append(&text, entry->value->text);
        }
        (void)json_array_append_new(list, conf_string(buf_view(&text)));
        buf_release(&text);
    }
    return list;
}

static json_t *map_json(const struct co_type *type, const struct tree_node *node)
{
    json_t *object = json_object();
    for (size_t i = 0; i < node->u.map.count; i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        const struct co_type *child = type != NULL ? co_type_of_key(type, entry->key) : NULL;
        (void)json_object_setn_new(object, entry->key.ptr, entry->key.len,
                                   tree_json(child, entry->value));
    }
    return object;
}

static json_t *tree_json(const struct co_type *type, const struct tree_node *node)
{
    switch (node->kind) {
    case TREE_NULL:
        return json_null();
    case TREE_BOOL:
        return json_boolean(node->u.boolean);
    case TREE_INT:
        return json_integer(node->u.integer);
    case TREE_FLOAT:
        return json_real(node->u.real);
    case TREE_MAP:
        return type != NULL && type->merge == CO_MERGE_PAIRS ? pairs_json(node)
                                                             : map_json(type, node);
    case TREE_LIST: {
        json_t *list = json_array();
        for (size_t i = 0; i < node->u.list.count; i++) {
            const struct co_type *item = type != NULL ? type->item : NULL;
            (void)json_array_append_new(list, tree_json(item, node->u.list.items[i]));
        }
        return list;
    }
    case TREE_UINT:
    case TREE_TIME:
    case TREE_STRING:
        break;
    }
    return conf_string(node->text);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(json_string_value(*(json_t *const *)a), json_string_value(*(json_t *const *)b));
}

/* Sorts the lists of texts whose order means nothing: the reference sorts when it makes a list of a
 * mapping. */
static void sort_free_lists(json_t *json, const struct co_type *type)
{
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        sort_free_lists(value, type != NULL ? co_type_of_key(type, str_from_cstr(key)) : NULL);
    }
    size_t count = json_array_size(json);
    bool is_free =
        type != NULL && (type->merge == CO_MERGE_PAIRS || type->merge == CO_MERGE_EXTRA_HOSTS);
    json_t *items[100];
    for (size_t i = 0; is_free && i < count && count <= 100; i++) {
        items[i] = json_incref(json_array_get(json, i));
    }
    if (is_free && count > 0 && count <= 100) {
        qsort(items, count, sizeof items[0], compare_texts);
        (void)json_array_clear(json);
        for (size_t i = 0; i < count; i++) {
            (void)json_array_append_new(json, items[i]);
        }
    }
}

void conf_compose_merge(struct conf_row *row)
{
    struct bench bench;
    bench_init(&bench);
    const struct tree_node *base = read_one(&bench, STR("base"), conf_text(row, "base"));
    const struct tree_node *over = read_one(&bench, STR("override"), conf_text(row, "override"));
    const struct tree_node *all = base != NULL && over != NULL
                                      ? co_merge(&bench.run, co_type_root(), STR(""), base, over)
                                      : NULL;
    all = co_unique(&bench.run, co_type_root(), all);
    bool refused = all == NULL || bench.run.refused;
    if (conf_expect_refusal(row, "error", refused, STR("refused")) && !refused) {
        json_t *expected = json_deep_copy(row->json);
        json_t *actual = tree_json(co_type_root(), all);
        sort_free_lists(json_object_get(expected, "out"), co_type_root());
        sort_free_lists(actual, co_type_root());
        struct conf_row sorted = {.json = expected, .difference = row->difference};
        conf_expect(&sorted, "out", actual);
        json_decref(expected);
    }
    bench_release(&bench);
}

void conf_compose_multifile(struct conf_row *row)
{
    struct compose_result result;
    compose_read(&result, json_object_get(row->json, "files"),
                 json_object_get(row->json, "contents"), json_object_get(row->json, "env"));
    bool wanted = conf_has(row, "error") || conf_has(row, "schema_error");
    if (wanted != result.refused) {
        conf_differ(row, wanted ? STR("refused by the reference, not here") : STR("refused: "));
        conf_differ(row, buf_view(&result.errors));
    } else if (!wanted) {
        conf_expect(row, "project", json_incref(result.project));
    }
    compose_release(&result);
}
