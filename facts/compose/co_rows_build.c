/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_build.c - image and build of a service, and the Dockerfile and stage behind them.
 */
#include "facts/compose/co_rows.h"

#include <stdlib.h>
#include <string.h>

#include "facts/context/context_facts.h"
#include "facts/pathname.h"
#include "facts/shared_rows.h"

enum { PATH_MAX_BYTES = 4096 };

/* ---- paths and Dockerfiles of the store
 * ------------------------------------------------------------ */

fact_row *co_rows_slot(struct co_writer *writer, struct str path)
{
    struct co_facts *reader = writer->reader;
    intern_id id = intern_add(&reader->paths, path);
    if (id == INTERN_NONE) {
        return NULL;
    }
    while (id >= reader->row_capacity) {
        size_t capacity = reader->row_capacity > 0 ? reader->row_capacity * 2 : 64;
        fact_row *rows = ARENA_ARRAY(writer->arena, fact_row, capacity);
        if (rows == NULL) {
            return NULL;
        }
        for (size_t i = 0; i < capacity; i++) {
            rows[i] = i < reader->row_capacity ? reader->rows[i] : CO_NOT_ASKED;
        }
        reader->rows = rows;
        reader->row_capacity = capacity;
    }
    return &reader->rows[id];
}

plim_status co_rows_read(struct co_writer *writer, struct str path, struct str *text)
{
    if (writer->run->files == NULL || writer->run->files->read == NULL) {
        return PLIM_STATUS_NOT_FOUND;
    }
    return writer->run->files->read(writer->run->files->user, path, text);
}

/* A path without ".", ".." and doubled slashes; empty when it is too long. */
static struct str clean(struct co_writer *writer, struct str path)
{
    char out[PATH_MAX_BYTES];
    if (path.len + 1 > sizeof out) {
        return STR("");
    }
    return arena_copy_str(writer->arena, str_make(out, pathname_clean(out, path)));
}

fact_row co_facts_dockerfile(const struct facts *facts, struct str path)
{
    char wanted[PATH_MAX_BYTES];
    char found[PATH_MAX_BYTES];
    const struct fact_table *table = &facts->tables[FACT_KIND_dockerfile];
    size_t length = path.len < sizeof wanted ? pathname_clean(wanted, path) : 0;
    for (fact_row row = 0; length > 0 && row < table->count; row++) {
        struct str other = facts_get_str(facts, FACT_KIND_dockerfile, row, FIELD_dockerfile_path);
        if (other.len < sizeof found &&
            str_eq(str_make(found, pathname_clean(found, other)), str_make(wanted, length))) {
            return row;
        }
    }
    return FACT_NO_ROW;
}

plim_status co_rows_build_begin(struct co_writer *writer)
{
    const struct fact_table *table = &writer->facts->tables[FACT_KIND_dockerfile];
    for (fact_row row = 0; row < table->count; row++) {
        struct str path = clean(
            writer, facts_get_str(writer->facts, FACT_KIND_dockerfile, row, FIELD_dockerfile_path));
        fact_row *slot = co_rows_slot(writer, path);
        if (slot == NULL) {
            return PLIM_STATUS_NOMEM;
        }
        *slot = *slot == CO_NOT_ASKED ? row : *slot;
    }
    return arena_status(writer->arena);
}

/* ---- reading ----------------------------------------------------------------------------- */

/* Arguments of the build with known values, as the Dockerfile reader takes them. */
static struct df_build_options build_options(struct co_writer *writer, const struct tree_node *node,
                                             const struct df_build_options *given)
{
    const struct tree_node *args = co_get(node, "args");
    const struct tree_node *target = co_get(node, "target");
    struct df_build_options options = *given;
    struct df_build_arg *list =
        ARENA_ARRAY(writer->arena, struct df_build_arg, given->arg_count + co_count(args) + 1);
    if (list == NULL) {
        return options;
    }
    size_t count = 0;
    for (size_t i = 0; i < co_count(args); i++) {
        struct co_pair pair = co_pair_at(writer, args, i);
        if (pair.value != NULL && !tree_has_holes(pair.value) && pair.name.len > 0) {
            list[count++] = (struct df_build_arg){.name = pair.name, .value = co_text(pair.value)};
        }
    }
    for (size_t i = 0; i < given->arg_count; i++) { /* what the user gives comes last and wins */
        list[count++] = given->args[i];
    }
    options.args = list;
    options.arg_count = count;
    if (target != NULL && !tree_has_holes(target)) {
        options.target = co_text(target);
    }
    return options;
}

/* Adds a Dockerfile to the store. */
static plim_status read_dockerfile(struct co_writer *writer, struct str name, struct str text,
                                   const struct tree_node *build, fact_row *row)
{
    struct df_facts *dockerfiles = writer->reader->dockerfiles;
    const struct df_build_options given = dockerfiles->options;
    source_id source;
    plim_status status = source_add(&writer->facts->sources, &source, name, text);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    dockerfiles->options = build_options(writer, build, &given);
    status = df_facts_add(dockerfiles, source, writer->run->diags, row);
    dockerfiles->options = given;
    return status == PLIM_STATUS_INPUT ? PLIM_STATUS_OK : status;
}

/* The Dockerfile of a path: of the store, or read; FACT_NO_ROW when there is none. */
static plim_status find_dockerfile(struct co_writer *writer, struct str path,
                                   const struct tree_node *build, fact_row *row)
{
    fact_row *slot = co_rows_slot(writer, path);
    if (slot == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    if (*slot == CO_NOT_ASKED) {
        struct str text;
        fact_row read = FACT_NO_ROW;
        plim_status status = co_rows_read(writer, path, &text);
        if (status == PLIM_STATUS_NOMEM) {
            return status;
        }
        if (status == PLIM_STATUS_OK) {
            status = read_dockerfile(writer, path, text, build, &read);
            if (status != PLIM_STATUS_OK) {
                return status;
            }
        }
        *slot = read;
    }
    *row = *slot;
    return PLIM_STATUS_OK;
}

/* ---- the stage --------------------------------------------------------------------------- */

/* Notes that `user` belongs into the list of row `of`. */
static void add_link(struct co_writer *writer, struct co_links *links, fact_row of, fact_row user)
{
    if (links->count == links->capacity) {
        size_t capacity = links->capacity > 0 ? links->capacity * 2 : 16;
        struct co_link *grown = ARENA_ARRAY(writer->arena, struct co_link, capacity);
        if (grown == NULL) {
            return; /* the arena's status tells */
        }
        if (links->count > 0) {
            memcpy(grown, links->items, links->count * sizeof *grown);
        }
        links->items = grown;
        links->capacity = capacity;
    }
    links->items[links->count] = (struct co_link){.of = of, .user = user, .order = links->count};
    links->count++;
}

static int compare_links(const void *a, const void *b)
{
    const struct co_link *left = a;
    const struct co_link *right = b;
    if (left->of != right->of) {
        return left->of < right->of ? -1 : 1;
    }
    return left->order < right->order ? -1 : left->order > right->order;
}

/* Stores the lists, behind what earlier projects put there. */
static void store_links(struct co_writer *writer, struct co_links *links, struct co_cell cell)
{
    if (links->count > 0) {
        qsort(links->items, links->count, sizeof *links->items, compare_links);
    }
    for (size_t i = 0; i < links->count;) {
        struct fact_items items = {0};
        cell.row = links->items[i].of;
        struct fact_cell list = facts_get(writer->facts, cell.kind, cell.row, cell.field);
        for (uint32_t k = 0; list.state == FACT_PRESENT && k < fact_list_count(list.value); k++) {
            fact_items_add(&items, writer->arena, facts_list_at(writer->facts, list.value, k));
        }
        for (; i < links->count && links->items[i].of == cell.row; i++) {
            fact_items_add_row(&items, writer->arena, links->items[i].user, FACT_NO_LOC);
        }
        co_set_rows(writer, cell, &items);
    }
}

void co_rows_build_links(struct co_writer *writer)
{
    store_links(writer, &writer->built, CO_CELL(stage, 0, services));
    store_links(writer, &writer->used, CO_CELL(dockerfile, 0, builds));
}

/* The stage a target names, by name in any case or by number; FACT_NO_ROW when there is none. */
static fact_row find_stage(const struct co_writer *writer, fact_row dockerfile, struct str target)
{
    const struct facts *facts = writer->facts;
    struct fact_cell list =
        facts_get(facts, FACT_KIND_dockerfile, dockerfile, FIELD_dockerfile_stages);
    unsigned long long number = 0;
    bool is_number = str_to_u64(target, &number);
    uint32_t count = list.state == FACT_PRESENT ? fact_list_count(list.value) : 0;
    for (uint32_t i = 0; i < count; i++) {
        fact_row stage = (fact_row)facts_list_at(facts, list.value, i).value;
        struct str name = facts_get_str(facts, FACT_KIND_stage, stage, FIELD_stage_name);
        if ((name.len > 0 && str_eq_nocase(name, target)) || (is_number && number == i)) {
            return stage;
        }
    }
    if (target.len > 0 || count == 0) {
        return FACT_NO_ROW;
    }
    return (fact_row)facts_list_at(facts, list.value, count - 1).value;
}

static void write_stage(struct co_writer *writer, struct co_service *service, fact_row row,
                        fact_row dockerfile, const struct tree_node *target)
{
    struct facts *facts = writer->facts;
    if (target != NULL && tree_has_holes(target)) {
        co_set_unknown(writer, CO_CELL(build, row, stage), target);
        service->cause = co_cause(writer, target);
        return;
    }
    fact_row stage = find_stage(writer, dockerfile, co_text(target));
    if (stage == FACT_NO_ROW) {
        service->cause = facts_add_cause(facts, STR("the Dockerfile has no such stage"),
                                         co_node_loc(writer, target));
        return;
    }
    fact_loc loc = co_node_loc(writer, target);
    facts_set_row(facts, FACT_KIND_build, row, FIELD_build_stage, stage, loc);
    service->stage = stage;
    add_link(writer, &writer->built, stage, service->row);
}

/* ---- build ------------------------------------------------------------------------------- */

static bool starts_with_any(struct str text, const char *const *prefixes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_starts_with(text, str_from_cstr(prefixes[i]))) {
            return true;
        }
    }
    return false;
}

static unsigned context_kind(struct str context)
{
    static const char *const git[] = {"git@", "git://", "ssh://", "github.com/"};
    static const char *const url[] = {"http://", "https://"};
    if (starts_with_any(context, git, sizeof git / sizeof git[0])) {
        return MEMBER_source_kind_git;
    }
    if (starts_with_any(context, url, sizeof url / sizeof url[0])) {
        bool repository =
            str_ends_with(str_slice(context, 0, str_find_char(context, '#', 0)), STR(".git"));
        return repository ? MEMBER_source_kind_git : MEMBER_source_kind_url;
    }
    return MEMBER_source_kind_path;
}

/* Path of the Dockerfile, joined to the context unless it is absolute. */
static struct str dockerfile_path(struct co_writer *writer, struct str context, struct str name)
{
    name = name.len > 0 ? name : STR("Dockerfile");
    buf_clear(writer->text);
    if (name.ptr[0] != '/') {
        buf_append(writer->text, context.len > 0 ? context : STR("."));
        buf_append_char(writer->text, '/');
    }
    buf_append(writer->text, name);
    struct str joined = arena_copy_str(writer->arena, buf_view(writer->text));
    return clean(writer, joined);
}

/* Nobody knows the Dockerfile, and so the stage. */
static void set_missing(struct co_writer *writer, struct co_service *service, fact_row row,
                        fact_cause cause)
{
    service->cause = cause;
    facts_set_unknown(writer->facts, FACT_KIND_build, row, FIELD_build_dockerfile, cause,
                      FACT_NO_LOC);
    facts_set_unknown(writer->facts, FACT_KIND_build, row, FIELD_build_stage, cause, FACT_NO_LOC);
}

/* A Dockerfile in the compose file: a source of its own, under the name of the service. */
static plim_status read_inline(struct co_writer *writer, const struct co_service *service,
                               const struct tree_node *build, const struct tree_node *text,
                               fact_row *row)
{
    const struct source *source = source_get(&writer->facts->sources, text->span.source);
    buf_clear(writer->text);
    buf_append(writer->text, source != NULL ? source->name : STR("compose"));
    buf_printf(writer->text, " (dockerfile_inline of %.*s)", STR_FMT(service->name));
    struct str name = arena_copy_str(writer->arena, buf_view(writer->text));
    return read_dockerfile(writer, name, text->text, build, row);
}

/* The build context of a Dockerfile, unless it is known. */
static plim_status add_context(struct co_writer *writer, fact_row dockerfile, struct str directory)
{
    const struct facts_files *files = writer->run->files;
    struct fact_cell known =
        facts_get(writer->facts, FACT_KIND_dockerfile, dockerfile, FIELD_dockerfile_context);
    if (files == NULL || files->inspect == NULL || files->list == NULL ||
        known.state == FACT_PRESENT || context_kind(directory) != MEMBER_source_kind_path) {
        return PLIM_STATUS_OK;
    }
    struct context_request request = {.files = files,
                                      .dockerfile = dockerfile,
                                      .directory = directory.len > 0 ? directory : STR(".")};
    return context_facts_add(writer->facts, writer->arena, &request);
}

static plim_status write_dockerfile(struct co_writer *writer, struct co_service *service,
                                    const struct tree_node *node, fact_row row)
{
    const struct tree_node *text = co_get(node, "dockerfile_inline");
    const struct tree_node *context = co_get(node, "context");
    const struct tree_node *name = co_get(node, "dockerfile");
    const struct tree_node *hole = context != NULL && tree_has_holes(context) ? context
                                   : name != NULL && tree_has_holes(name)     ? name
                                   : text != NULL && tree_has_holes(text)     ? text
                                                                              : NULL;
    fact_row dockerfile = FACT_NO_ROW;
    plim_status status = PLIM_STATUS_OK;
    struct str path = STR("");
    if (hole != NULL) {
        set_missing(writer, service, row, co_cause(writer, hole));
        return PLIM_STATUS_OK;
    }
    if (text != NULL) {
        status = read_inline(writer, service, node, text, &dockerfile);
    } else if (context_kind(co_text(context)) == MEMBER_source_kind_path) {
        path = dockerfile_path(writer, co_text(context), co_text(name));
        co_set_text(writer, CO_CELL(build, row, dockerfile_path), path, name);
        status = find_dockerfile(writer, path, node, &dockerfile);
    }
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    if (dockerfile == FACT_NO_ROW) {
        buf_clear(writer->text);
        buf_printf(writer->text, "%.*s was not given",
                   STR_FMT(path.len > 0 ? path : co_text(context)));
        set_missing(
            writer, service, row,
            facts_add_cause(writer->facts, buf_view(writer->text), co_node_loc(writer, node)));
        return PLIM_STATUS_OK;
    }
    facts_set_row(writer->facts, FACT_KIND_build, row, FIELD_build_dockerfile, dockerfile,
                  co_node_loc(writer, name != NULL ? name : text));
    status = add_context(writer, dockerfile, co_text(context));
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    add_link(writer, &writer->used, dockerfile, row);
    write_stage(writer, service, row, dockerfile, co_get(node, "target"));
    return PLIM_STATUS_OK;
}

static void write_inputs(struct co_writer *writer, struct co_service *service,
                         const struct tree_node *node, fact_row row)
{
    struct fact_items args = {0};
    struct fact_items labels = {0};
    co_rows_variables(writer, &args, service->row, co_get(node, "args"),
                      MEMBER_variable_origin_build_arg);
    co_set_rows(writer, CO_CELL(build, row, args), &args);
    co_add_labels(writer, &labels, service->row, co_get(node, "labels"));
    co_set_rows(writer, CO_CELL(build, row, labels), &labels);
    co_rows_secret_uses(writer, CO_CELL(build, row, secrets), service->row, co_get(node, "secrets"),
                        true);
    co_set_settings(writer, CO_CELL(build, row, ssh), service->row, co_get(node, "ssh"));
    co_set_settings(writer, CO_CELL(build, row, additional_contexts), service->row,
                    co_get(node, "additional_contexts"));
    co_rows_hosts(writer, CO_CELL(build, row, extra_hosts), service->row,
                  co_get(node, "extra_hosts"));
    co_rows_ulimits(writer, CO_CELL(build, row, ulimits), service->row, co_get(node, "ulimits"));
}

/* An image reference, or why nobody knows it. */
static void write_image(struct co_writer *writer, struct co_cell cell, const struct tree_node *node)
{
    if (node == NULL || co_text(node).len == 0) {
        return;
    }
    if (tree_has_holes(node)) {
        co_set_unknown(writer, cell, node);
        return;
    }
    fact_loc loc = co_node_loc(writer, node);
    facts_set_row(
        writer->facts, cell.kind, cell.row, cell.field,
        shared_rows_image(writer->facts, writer->text, co_text(node), node->variables != NULL, loc),
        loc);
}

static void write_rest(struct co_writer *writer, const struct tree_node *node, fact_row row)
{
    struct fact_items tags = {0};
    const struct tree_node *list = co_get(node, "tags");
    co_set_str(writer, CO_CELL(build, row, target), co_get(node, "target"));
    co_rows_namespace(writer, CO_CELL(build, row, network_mode), co_get(node, "network"));
    co_set_bool(writer, CO_CELL(build, row, privileged), co_get(node, "privileged"), false);
    co_set_list(writer, CO_CELL(build, row, entitlements), co_get(node, "entitlements"));
    co_set_list(writer, CO_CELL(build, row, cache_from), co_get(node, "cache_from"));
    co_set_list(writer, CO_CELL(build, row, cache_to), co_get(node, "cache_to"));
    co_set_list(writer, CO_CELL(build, row, platforms), co_get(node, "platforms"));
    for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
        const struct tree_node *item = co_item(list, i);
        if (co_text(item).len > 0 && !tree_has_holes(item)) {
            fact_loc loc = co_node_loc(writer, item);
            fact_items_add_row(&tags, writer->arena,
                               shared_rows_image(writer->facts, writer->text, co_text(item),
                                                 item->variables != NULL, loc),
                               loc);
        }
    }
    co_set_rows(writer, CO_CELL(build, row, tags), &tags);
    co_set_bool(writer, CO_CELL(build, row, pull), co_get(node, "pull"), false);
    co_set_bool(writer, CO_CELL(build, row, no_cache), co_get(node, "no_cache"), false);
    co_set_size(writer, CO_CELL(build, row, shm_size), co_get(node, "shm_size"));
    co_set_str(writer, CO_CELL(build, row, provenance), co_get(node, "provenance"));
    co_set_str(writer, CO_CELL(build, row, sbom), co_get(node, "sbom"));
}

static plim_status write_build(struct co_writer *writer, struct co_service *service,
                               const struct tree_node *node)
{
    struct facts *facts = writer->facts;
    const struct tree_node *context = co_get(node, "context");
    fact_row row = co_add_row(writer, FACT_KIND_build, node);
    buf_clear(writer->text);
    buf_printf(writer->text, "build of %.*s", STR_FMT(service->name));
    co_set_text(writer, CO_CELL(build, row, label), buf_view(writer->text), NULL);
    facts_set_row(facts, FACT_KIND_build, row, FIELD_build_service, service->row, FACT_NO_LOC);
    co_set_text(writer, CO_CELL(build, row, context), STR("."), NULL);
    co_set_str(writer, CO_CELL(build, row, context), context);
    facts_set_enum(facts, FACT_KIND_build, row, FIELD_build_context_kind,
                   context_kind(co_text(context)), co_node_loc(writer, context));
    co_set_flag(writer, CO_CELL(build, row, is_inline), co_get(node, "dockerfile_inline") != NULL,
                co_get(node, "dockerfile_inline"));
    facts_set_row(facts, FACT_KIND_service, service->row, FIELD_service_build, row,
                  co_node_loc(writer, node));
    write_inputs(writer, service, node, row);
    write_rest(writer, node, row);
    return write_dockerfile(writer, service, node, row);
}

plim_status co_rows_build(struct co_writer *writer, struct co_service *service)
{
    struct facts *facts = writer->facts;
    const struct tree_node *image = co_get(service->node, "image");
    const struct tree_node *build = co_get(service->node, "build");
    struct co_cell stage = CO_CELL(service, service->row, stage);
    plim_status status = PLIM_STATUS_OK;
    service->stage = FACT_NO_ROW;
    write_image(writer, CO_CELL(service, service->row, image), image);
    if (tree_is(build, TREE_MAP)) {
        status = write_build(writer, service, build);
        if (service->stage == FACT_NO_ROW) {
            facts_set_unknown(facts, stage.kind, stage.row, stage.field, service->cause,
                              FACT_NO_LOC);
        } else {
            facts_set_row(facts, stage.kind, stage.row, stage.field, service->stage,
                          co_node_loc(writer, build));
        }
    } else if (image != NULL && tree_has_holes(image)) {
        service->cause = co_cause(writer, image);
    } else {
        buf_clear(writer->text);
        buf_printf(writer->text, "image %.*s was not given", STR_FMT(co_text(image)));
        service->cause = facts_add_cause(
            facts, image != NULL ? buf_view(writer->text) : STR("the service names no image"),
            co_node_loc(writer, image));
    }
    co_set_flag(writer, CO_CELL(service, service->row, is_built), service->stage != FACT_NO_ROW,
                build);
    return status;
}
