/* SPDX-License-Identifier: Apache-2.0
 *
 * facts.c - gathering documents into the fact store: kinds, budgets, and where problems go. What a
 * document means is decided by its reader in facts/.
 */
#include "api/api.h"

#include "core/alloc.h"
#include "facts/context/context_facts.h"

enum { DEFAULT_FILE_BYTES = 16 << 20 };

/* Build options with texts of their own. */
static plim_status copy_options(plim_facts *facts, struct df_build_options *build,
                                const plim_facts_options *options, plim_error *error)
{
    struct df_build_arg *args =
        ARENA_ARRAY(&facts->arena, struct df_build_arg, options->define_count + 1);
    if (args == NULL) {
        return door_status(error, PLIM_STATUS_NOMEM);
    }
    for (size_t i = 0; i < options->define_count; i++) {
        struct str text = arena_copy_str(&facts->arena, str_from_cstr(options->defines[i]));
        size_t equals = str_find_char(text, '=', 0);
        if (arena_status(&facts->arena) != PLIM_STATUS_OK) {
            return door_status(error, arena_status(&facts->arena));
        }
        if (equals == 0 || equals == text.len) {
            return door_fail(error, PLIM_STATUS_USAGE, "build argument `%s` is not NAME=VALUE",
                             options->defines[i]);
        }
        args[i].name = str_slice(text, 0, equals);
        args[i].value = str_slice(text, equals + 1, text.len);
    }
    *build = (struct df_build_options){.args = args, .arg_count = options->define_count};
    if (options->target != NULL) {
        build->target = arena_copy_str(&facts->arena, str_from_cstr(options->target));
    }
    return door_status(error, arena_status(&facts->arena));
}

static plim_status start(plim_facts *facts, const plim_facts_options *options, plim_error *error)
{
    const plim_budget *budget = options->budget;
    size_t memory = budget != NULL ? budget->memory_bytes : 0;
    facts->file_bytes =
        budget != NULL && budget->file_bytes != 0 ? budget->file_bytes : (size_t)DEFAULT_FILE_BYTES;
    struct df_build_options build;
    plim_status status = copy_options(facts, &build, options, error);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    if (options->context != NULL) {
        facts->context = arena_copy_str(&facts->arena, str_from_cstr(options->context));
    }
    plim_files none = PLIM_FILES_INIT;
    facts->outside = none;
    status = arena_status(&facts->arena);
    if (status == PLIM_STATUS_OK) {
        status = door_options(&facts->outside, sizeof facts->outside, options->files);
    }
    if (status != PLIM_STATUS_OK) {
        return door_status(error, status);
    }
    files_open(facts);
    status = facts_new(&facts->store, facts->allocator, memory, options->seed);
    if (status == PLIM_STATUS_OK) {
        status = df_facts_init(&facts->dockerfiles, facts->store, facts->allocator, &build);
    }
    if (status == PLIM_STATUS_OK) {
        status =
            co_facts_init(&facts->compose, facts->store, &facts->dockerfiles, facts->allocator);
    }
    facts->seed = options->seed;
    if (status == PLIM_STATUS_OK) {
        status = intern_init(&facts->linked, facts->allocator, 0, options->seed);
    }
    return door_status(error, status);
}

plim_status plim_facts_new(plim_facts **out, const plim_facts_options *options, plim_error *error)
{
    plim_facts_options chosen = PLIM_FACTS_OPTIONS_INIT;
    if (out == NULL || door_options(&chosen, sizeof chosen, options) != PLIM_STATUS_OK) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    const plim_allocator *allocator = alloc_or_default(chosen.allocator);
    plim_facts *facts = alloc_zeroed(allocator, sizeof *facts);
    if (facts == NULL) {
        return door_status(error, PLIM_STATUS_NOMEM);
    }
    facts->allocator = allocator;
    arena_init(&facts->arena, allocator, 0);
    arena_init(&facts->scratch, allocator, 0);
    plim_status status = start(facts, &chosen, error);
    if (status != PLIM_STATUS_OK) {
        plim_facts_free(facts);
        return status;
    }
    *out = facts;
    return PLIM_STATUS_OK;
}

void plim_facts_free(plim_facts *facts)
{
    if (facts != NULL) {
        const plim_allocator *allocator = facts->allocator;
        co_facts_release(&facts->compose);
        df_facts_release(&facts->dockerfiles);
        intern_release(&facts->linked);
        facts_free(facts->store);
        arena_release(&facts->arena);
        arena_release(&facts->scratch);
        alloc_free(allocator, facts, sizeof *facts);
    }
}

/* A document that no reader wants: one diagnostic, no facts. */
static plim_status refuse(plim_diags *diags, const char *name, const char *code,
                          const char *message, plim_status status)
{
    if (diags != NULL) {
        plim_status told = plim_diags_add(diags, code, name, message);
        if (told != PLIM_STATUS_OK) {
            return told;
        }
    }
    return status;
}

/* The build context of a Dockerfile: what the caller named, else the directory of the file when it
 * has one. */
static plim_status read_context(plim_facts *facts, struct str name, fact_row row)
{
    struct context_request request = {
        .files = &facts->files, .dockerfile = row, .directory = facts->context};
    if (facts->files.inspect == NULL || facts->files.list == NULL ||
        !context_facts_read(facts->store)) {
        return PLIM_STATUS_OK;
    }
    if (request.directory.len == 0) {
        if (str_eq(name, STR("-"))) {
            return PLIM_STATUS_OK;
        }
        size_t end = name.len;
        while (end > 0 && name.ptr[end - 1] != '/') {
            end--;
        }
        request.directory = end > 1 ? str_slice(name, 0, end - 1) : str_slice(name, 0, end);
        request.directory = request.directory.len > 0 ? request.directory : STR(".");
        request.assumed = true;
    }
    plim_status status = context_facts_add(facts->store, &facts->scratch, &request);
    arena_clear(&facts->scratch);
    return status;
}

static plim_status read_dockerfile(plim_facts *facts, struct str name, struct str text,
                                   plim_diags *diags)
{
    source_id source;
    plim_status status = source_add(&facts->store->sources, &source, name, text);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    struct diag_list list;
    diag_list_init(&list, facts->allocator);
    fact_row row;
    status = df_facts_add(&facts->dockerfiles, source, diags != NULL ? &list : NULL, &row);
    if (status == PLIM_STATUS_OK) {
        status = read_context(facts, name, row);
    }
    if (status == PLIM_STATUS_OK) {
        status = facts_status(facts->store);
    }
    plim_status told = diags_take(diags, &list, &facts->store->sources);
    return status != PLIM_STATUS_OK ? status : told;
}

plim_status plim_facts_add(plim_facts *facts, plim_input_kind kind, const char *name,
                           const char *data, size_t size, plim_diags *diags, plim_error *error)
{
    if (facts == NULL || name == NULL || (data == NULL && size > 0) || facts->store->frozen) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    if (kind == PLIM_INPUT_AUTO) {
        kind = plim_input_kind_of(name, data, size);
    }
    plim_status status;
    if (kind != PLIM_INPUT_DOCKERFILE) {
        status = refuse(diags, name, "I0102", "this is no kind of file that rules can judge",
                        PLIM_STATUS_INPUT);
    } else if (size > facts->file_bytes) {
        status = refuse(diags, name, "I0103", "the file is larger than the budget allows",
                        PLIM_STATUS_LIMIT);
    } else {
        facts->partial = facts->partial || facts->stepping;
        status = read_dockerfile(facts, str_from_cstr(name), str_make(data, size), diags);
    }
    if (status != PLIM_STATUS_OK) {
        return door_fail(error, status, "%s: %s", name, plim_status_text(status));
    }
    facts->documents++;
    return PLIM_STATUS_OK;
}

plim_status plim_facts_freeze(plim_facts *facts, plim_error *error)
{
    if (facts == NULL || facts->store->frozen || facts->partial) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    co_facts_release(&facts->compose);
    facts->compose = (struct co_facts){0};
    df_facts_release(&facts->dockerfiles);
    facts->dockerfiles = (struct df_facts){0};
    return door_status(error, facts_freeze(facts->store));
}

void facts_reopen(plim_facts *facts)
{
    facts_clear(facts->store);
    df_facts_clear(&facts->dockerfiles);
    co_facts_clear(&facts->compose);
    facts->partial = false;
}

size_t plim_facts_documents(const plim_facts *facts)
{
    return facts != NULL ? facts->documents : 0;
}
