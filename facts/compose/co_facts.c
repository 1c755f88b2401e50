/* SPDX-License-Identifier: Apache-2.0
 *
 * co_facts.c - drives the writing of rows for one project; writes the rows of the project itself,
 * its files and problems. See co_facts.h.
 */
#include "facts/compose/co_facts.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "facts/compose/co_rows.h"

enum {
    TEXT_MAX = 16 << 20,  /* a label put together */
    ARENA_MAX = 512 << 20 /* lists of one project */
};

plim_status co_facts_init(struct co_facts *reader, struct facts *facts,
                          struct df_facts *dockerfiles, const plim_allocator *allocator)
{
    const plim_allocator *used = alloc_or_default(allocator);
    *reader = (struct co_facts){.facts = facts, .dockerfiles = dockerfiles};
    arena_init(&reader->arena, used, ARENA_MAX);
    buf_init(&reader->text, used, TEXT_MAX);
    plim_status status = intern_init(&reader->paths, used, ARENA_MAX, facts->strings.seed);
    return status == PLIM_STATUS_OK ? sh_facts_init(&reader->shell, facts, allocator) : status;
}

void co_facts_clear(struct co_facts *reader)
{
    sh_facts_clear(&reader->shell);
}

void co_facts_release(struct co_facts *reader)
{
    sh_facts_release(&reader->shell);
    intern_release(&reader->paths);
    buf_release(&reader->text);
    arena_release(&reader->arena);
}

/* ---- project and files ------------------------------------------------------------------- */

/* The first line of a file. */
static fact_loc file_loc(struct co_writer *writer, source_id source)
{
    const struct source *file = source_get(&writer->facts->sources, source);
    if (file == NULL) {
        return FACT_NO_LOC;
    }
    uint32_t end = (uint32_t)str_find_char(file->text, '\n', 0);
    return co_loc(writer, (struct span){.source = source, .start = 0, .end = end});
}

/* A project in the current directory has a name that only the caller could tell. */
static void write_project_name(struct co_writer *writer, fact_row row, fact_loc loc)
{
    enum fact_kind kind = FACT_KIND_compose_project;
    struct facts *facts = writer->facts;
    struct str name = writer->project->name;
    buf_clear(writer->text);
    if (str_find_char(name, TREE_HOLE, 0) < name.len) {
        fact_cause cause =
            facts_add_cause(facts, STR("the name of the directory was not given"), loc);
        buf_append_cstr(writer->text, "the project");
        facts_set_unknown(facts, kind, row, FIELD_compose_project_name, cause, loc);
    } else {
        buf_printf(writer->text, "project %.*s", STR_FMT(name));
        facts_set_str(facts, kind, row, FIELD_compose_project_name, name, loc);
    }
    co_set_text(writer, CO_CELL(compose_project, row, label), buf_view(writer->text), NULL);
}

static void write_project(struct co_writer *writer)
{
    enum fact_kind kind = FACT_KIND_compose_project;
    const struct co_project *project = writer->project;
    struct facts *facts = writer->facts;
    fact_loc loc =
        project->document_count > 0 ? file_loc(writer, project->documents[0].source) : FACT_NO_LOC;
    fact_row row = facts_add_row(facts, kind, loc);
    const struct co_options *options = writer->run->options;
    fact_loc name = co_loc(writer, project->name_span);
    bool named = name != FACT_NO_LOC || (options != NULL && options->name.len > 0);
    writer->project_row = row;
    write_project_name(writer, row, name);
    facts_set_bool(facts, kind, row, FIELD_compose_project_sets_name, named, name);
    co_set_text(writer, CO_CELL(compose_project, row, directory), project->directory, NULL);
    co_set_flag(writer, CO_CELL(compose_project, row, refused),
                project->refused || writer->run->refused, NULL);
}

/* The obsolete attribute, which loading leaves out: a line of the text that begins with it. */
static bool find_version(struct co_writer *writer, source_id source, struct span *key,
                         struct span *value)
{
    struct str name = STR("version:");
    const struct source *file = source_get(&writer->facts->sources, source);
    struct str text = file != NULL ? file->text : STR("");
    const char *end = text.ptr + text.len;
    for (const char *hit = text.ptr; text.len > 0; hit += name.len) {
        hit = memmem(hit, (size_t)(end - hit), name.ptr, name.len);
        if (hit == NULL) {
            return false;
        }
        if (hit == text.ptr || hit[-1] == '\n') {
            size_t at = (size_t)(hit - text.ptr);
            struct str line = str_slice(text, at, str_find_char(text, '\n', at));
            struct str rest = str_slice(line, name.len, line.len);
            struct str word = str_trim(str_slice(rest, 0, str_find(rest, STR(" #"))));
            uint32_t start = (uint32_t)(word.len > 0 ? (size_t)(word.ptr - text.ptr) : at);
            *key = (struct span){source, (uint32_t)at, (uint32_t)(at + name.len - 1)};
            *value = (struct span){source, start, start + (uint32_t)word.len};
            return true;
        }
    }
    return false;
}

static int compare_keys(const void *a, const void *b)
{
    const struct tree_entry *left = a;
    const struct tree_entry *right = b;
    return left->key_span.start < right->key_span.start
               ? -1
               : left->key_span.start > right->key_span.start;
}

/* Top-level attributes that the merged project has from this file, and its version. */
static void write_file_keys(struct co_writer *writer, fact_row row, source_id source)
{
    struct fact_items items = {0};
    struct tree_gather keys = {0};
    struct span key;
    struct span value;
    const struct tree_node *root = writer->project->root;
    for (size_t i = 0; tree_is(root, TREE_MAP) && i < co_count(root); i++) {
        const struct tree_entry *entry = &root->u.map.entries[i];
        if (entry->key_span.source == source && (entry->value->flags & TREE_DEFAULT) == 0) {
            tree_gather_add(&keys, writer->arena, *entry);
        }
    }
    if (find_version(writer, source, &key, &value)) {
        struct str text = str_trim(co_raw(writer, value));
        bool quoted = text.len >= 2 && (text.ptr[0] == '"' || text.ptr[0] == '\'');
        facts_set_str(writer->facts, FACT_KIND_compose_file, row, FIELD_compose_file_version,
                      quoted ? str_slice(text, 1, text.len - 1) : text, co_loc(writer, value));
        tree_gather_add(&keys, writer->arena,
                        (struct tree_entry){.key = STR("version"), .key_span = key});
    }
    if (keys.count > 0) {
        qsort(keys.entries, keys.count, sizeof *keys.entries, compare_keys);
    }
    for (size_t i = 0; i < keys.count; i++) {
        fact_items_add_str(&items, writer->arena, writer->facts, keys.entries[i].key,
                           co_loc(writer, keys.entries[i].key_span));
    }
    co_set_rows(writer, CO_CELL(compose_file, row, keys), &items);
}

static void write_files(struct co_writer *writer)
{
    static const uint8_t roles[] = {MEMBER_file_role_base, MEMBER_file_role_overriding,
                                    MEMBER_file_role_included, MEMBER_file_role_extended,
                                    MEMBER_file_role_environment};
    enum fact_kind kind = FACT_KIND_compose_file;
    const struct co_project *project = writer->project;
    struct fact_items items = {0};
    writer->files = ARENA_ARRAY(writer->arena, fact_row, project->document_count + 1);
    for (size_t i = 0; writer->files != NULL && i < project->document_count; i++) {
        const struct co_document *document = &project->documents[i];
        fact_row row = facts_add_row(writer->facts, kind, file_loc(writer, document->source));
        co_set_text(writer, CO_CELL(compose_file, row, label), document->path, NULL);
        facts_set_row(writer->facts, kind, row, FIELD_compose_file_project, writer->project_row,
                      FACT_NO_LOC);
        co_set_text(writer, CO_CELL(compose_file, row, path), document->path, NULL);
        facts_set_enum(writer->facts, kind, row, FIELD_compose_file_role, roles[document->role],
                       co_loc(writer, document->asked_for));
        write_file_keys(writer, row, document->source);
        writer->files[i] = row;
        fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
    }
    co_set_rows(writer, CO_CELL(compose_project, writer->project_row, files), &items);
}

/* ---- problems ---------------------------------------------------------------------------- */

static fact_row write_problem(struct co_writer *writer, const struct diag *diag, fact_row file)
{
    fact_row row = facts_add_row(writer->facts, FACT_KIND_problem, co_loc(writer, diag->span));
    co_set_text(writer, CO_CELL(problem, row, label), diag->message, NULL);
    co_set_text(writer, CO_CELL(problem, row, code), str_from_cstr(diag_code(diag->id)), NULL);
    co_set_text(writer, CO_CELL(problem, row, message), diag->message, NULL);
    co_set_flag(writer, CO_CELL(problem, row, fatal), diag->severity == DIAG_ERROR, NULL);
    facts_set_row(writer->facts, FACT_KIND_problem, row, FIELD_problem_file, file, FACT_NO_LOC);
    return row;
}

/* What was reported while the project's files were read. */
static void write_problems(struct co_writer *writer)
{
    const struct co_project *project = writer->project;
    const struct diag_list *diags = writer->run->diags;
    struct fact_items all = {0};
    for (size_t f = 0; f < project->document_count; f++) {
        struct fact_items own = {0};
        for (size_t i = 0; diags != NULL && i < diags->count; i++) {
            if (diags->items[i]->span.source == project->documents[f].source) {
                fact_row row = write_problem(writer, diags->items[i], writer->files[f]);
                fact_items_add_row(&own, writer->arena, row, FACT_NO_LOC);
                fact_items_add_row(&all, writer->arena, row, FACT_NO_LOC);
            }
        }
        co_set_rows(writer, CO_CELL(compose_file, writer->files[f], problems), &own);
    }
    co_set_rows(writer, CO_CELL(compose_project, writer->project_row, problems), &all);
}

/* ---- sections ---------------------------------------------------------------------------- */

/* Makes the rows of services and top-level names. */
static void make_rows(struct co_writer *writer)
{
    static const struct {
        const char *key;
        enum fact_kind kind;
        unsigned field;
    } sections[CO_SECTION_COUNT] = {
        [CO_SERVICES] = {"services", FACT_KIND_service, FIELD_compose_project_services},
        [CO_NETWORKS] = {"networks", FACT_KIND_network, FIELD_compose_project_networks},
        [CO_VOLUMES] = {"volumes", FACT_KIND_volume, FIELD_compose_project_volumes},
        [CO_SECRETS] = {"secrets", FACT_KIND_secret, FIELD_compose_project_secrets},
        [CO_CONFIGS] = {"configs", FACT_KIND_config, FIELD_compose_project_configs},
    };
    for (int s = 0; s < CO_SECTION_COUNT; s++) {
        struct co_rows *rows = &writer->sections[s];
        const struct tree_node *map = co_get(writer->project->root, sections[s].key);
        struct fact_items items = {0};
        size_t count = tree_is(map, TREE_MAP) ? co_count(map) : 0;
        rows->rows = ARENA_ARRAY(writer->arena, fact_row, count + 1);
        rows->uses = ARENA_ARRAY(writer->arena, struct fact_items, count + 1);
        if (rows->rows == NULL || rows->uses == NULL) {
            return;
        }
        rows->map = count > 0 ? map : NULL;
        for (size_t i = 0; i < count; i++) {
            rows->uses[i] = (struct fact_items){0};
            rows->rows[i] = facts_add_row(writer->facts, sections[s].kind,
                                          co_loc(writer, map->u.map.entries[i].key_span));
            fact_items_add_row(&items, writer->arena, rows->rows[i], FACT_NO_LOC);
        }
        facts_set_list(writer->facts, FACT_KIND_compose_project, writer->project_row,
                       sections[s].field, &items, FACT_NO_LOC);
    }
}

static plim_status write_services(struct co_writer *writer)
{
    const struct co_rows *rows = &writer->sections[CO_SERVICES];
    for (size_t i = 0; i < co_count(rows->map); i++) {
        const struct tree_entry *entry = &rows->map->u.map.entries[i];
        const struct tree_node *node = entry->value;
        if (node->kind != TREE_MAP) { /* refused, but the row is there all the same */
            node = tree_new_map(writer->arena, node->span, NULL, 0);
        }
        if (node == NULL) {
            return arena_status(writer->arena);
        }
        struct co_service service = {
            .node = node, .name = entry->key, .row = rows->rows[i], .stage = FACT_NO_ROW};
        plim_status status = co_rows_service(writer, &service);
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    return PLIM_STATUS_OK;
}

static plim_status write_all(struct co_writer *writer)
{
    write_project(writer);
    write_files(writer);
    make_rows(writer);
    plim_status status = arena_status(writer->arena);
    if (status == PLIM_STATUS_OK) {
        write_problems(writer);
        status = co_rows_build_begin(writer);
    }
    if (status == PLIM_STATUS_OK) {
        status = co_rows_env_begin(writer);
    }
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    co_rows_top(writer);
    status = write_services(writer);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    co_rows_top_uses(writer);
    co_rows_build_links(writer);
    co_set_rows(writer, CO_CELL(compose_project, writer->project_row, overrides),
                &writer->overrides);
    return arena_status(writer->arena);
}

plim_status co_facts_add(struct co_facts *reader, const struct co_run *run,
                         const struct co_project *project, fact_row *row)
{
    struct co_writer writer = {.reader = reader,
                               .facts = reader->facts,
                               .arena = &reader->arena,
                               .text = &reader->text,
                               .run = run,
                               .project = project};
    arena_clear(&reader->arena);
    buf_clear(&reader->text);
    intern_clear(&reader->paths);
    reader->rows = NULL;
    reader->row_capacity = 0;
    sh_facts_begin_file(&reader->shell);
    plim_status status = write_all(&writer);
    if (status == PLIM_STATUS_OK) {
        status = buf_status(&reader->text);
    }
    if (status == PLIM_STATUS_OK) {
        status = facts_status(reader->facts);
    }
    *row = writer.project_row;
    return status;
}
