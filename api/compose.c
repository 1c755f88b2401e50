/* SPDX-License-Identifier: Apache-2.0
 *
 * compose.c - a compose project into the facts: the caller's options as those of the reader, and
 * which Dockerfiles the project has read. What files mean is decided in facts/compose.
 */
#include "api/api.h"

#include <string.h>

#include "facts/compose/co_env.h"
#include "facts/compose/co_project.h"
#include "facts/pathname.h"

/* What one project needs while it is read. */
struct reading {
    plim_facts *facts;
    const plim_compose_options *given;
    plim_error *error;
    struct co_options options;
    struct co_env env;
    struct co_file *files;
    struct diag_list diags;
};

static const struct str *texts_of(struct reading *r, const char *const *given, size_t count)
{
    struct str *texts = ARENA_ARRAY(&r->facts->scratch, struct str, count + 1);
    for (size_t i = 0; texts != NULL && i < count; i++) {
        texts[i] = str_from_cstr(given[i]);
    }
    return texts;
}

static struct str text_or_empty(const char *text)
{
    return text != NULL ? str_from_cstr(text) : STR("");
}

static plim_status take_options(struct reading *r)
{
    const plim_compose_options *given = r->given;
    r->options = (struct co_options){
        .unset = given->unset_is_empty != 0 ? CO_UNSET_EMPTY : CO_UNSET_HOLE,
        .directory = text_or_empty(given->directory),
        .name = text_or_empty(given->name),
        .profiles = texts_of(r, given->profiles, given->profile_count),
        .profile_count = given->profile_count,
        .env_files = texts_of(r, given->env_files, given->env_file_count),
        .env_file_count = given->env_file_count,
    };
    return arena_status(&r->facts->scratch);
}

/* Puts "NAME=VALUE" texts; `strict`: one without a name or `=` is the caller's mistake. */
static plim_status put_values(struct reading *r, const char *const *given, size_t count,
                              enum co_rank rank, bool strict)
{
    const struct span nowhere = {.source = SOURCE_NONE};
    for (size_t i = 0; i < count; i++) {
        struct str text = str_from_cstr(given[i]);
        size_t equals = str_find_char(text, '=', 0);
        if (equals == 0 || equals == text.len) {
            if (strict) {
                return door_fail(r->error, PLIM_STATUS_USAGE, "variable `%s` is not NAME=VALUE",
                                 given[i]);
            }
            continue;
        }
        struct co_variable variable = {.name = str_slice(text, 0, equals),
                                       .value = str_slice(text, equals + 1, text.len),
                                       .set = nowhere,
                                       .value_at = nowhere,
                                       .rank = rank};
        co_env_put(&r->env, &variable);
    }
    return co_env_status(&r->env);
}

/* A file that was named but cannot be read ends the project: what it would say is not known. */
static plim_status read_files(struct reading *r)
{
    plim_facts *facts = r->facts;
    r->files = ARENA_ARRAY(&facts->scratch, struct co_file, r->given->file_count);
    if (r->files == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    for (size_t i = 0; i < r->given->file_count; i++) {
        struct co_file *file = &r->files[i];
        file->path = str_from_cstr(r->given->files[i]);
        plim_status status = facts->files.read(facts->files.user, file->path, &file->text);
        if (status == PLIM_STATUS_NOT_FOUND || status == PLIM_STATUS_INPUT ||
            status == PLIM_STATUS_LIMIT) {
            bool large = status == PLIM_STATUS_LIMIT;
            source_id source;
            plim_status told = source_add(&facts->store->sources, &source, file->path, STR(""));
            if (told != PLIM_STATUS_OK) {
                return told;
            }
            (void)diag_report(&r->diags, large ? DIAG_input_too_large : DIAG_input_unreadable,
                              (struct span){source, 0, 0}, "%s",
                              large ? "the file is larger than the budget allows"
                              : status == PLIM_STATUS_NOT_FOUND
                                  ? "there is no such file"
                                  : "cannot be read, or lies outside of what is checked");
            return large ? status : PLIM_STATUS_INPUT;
        }
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    return PLIM_STATUS_OK;
}

static plim_status remember(plim_facts *facts, struct str path)
{
    char *cleaned = ARENA_ARRAY(&facts->scratch, char, path.len + 2);
    if (cleaned == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    (void)intern_add(&facts->linked, str_make(cleaned, pathname_clean(cleaned, path)));
    return intern_status(&facts->linked);
}

/* Remembers the Dockerfiles that were read beyond `first`, and all files of the project. */
static plim_status remember_files(plim_facts *facts, const struct co_project *project,
                                  uint32_t first)
{
    plim_status status = PLIM_STATUS_OK;
    uint32_t end = facts->store->tables[FACT_KIND_dockerfile].count;
    for (fact_row row = first; row < end && status == PLIM_STATUS_OK; row++) {
        status = remember(
            facts, facts_get_str(facts->store, FACT_KIND_dockerfile, row, FIELD_dockerfile_path));
        facts->documents++;
    }
    for (size_t i = 0; i < project->document_count && status == PLIM_STATUS_OK; i++) {
        status = remember(facts, project->documents[i].path);
    }
    return status;
}

static plim_status load(struct reading *r)
{
    plim_facts *facts = r->facts;
    struct co_run run = {.arena = &facts->scratch,
                         .sources = &facts->store->sources,
                         .diags = &r->diags,
                         .files = &facts->files,
                         .options = &r->options};
    struct co_project project = {0};
    fact_row row;
    uint32_t first = facts->store->tables[FACT_KIND_dockerfile].count;
    plim_status status = co_project_load(&project, &run, r->files, r->given->file_count, &r->env);
    if (status != PLIM_STATUS_OK && status != PLIM_STATUS_INPUT) {
        return status;
    }
    /* Of a project that cannot be used at all the problems are facts, too. */
    plim_status added = co_facts_add(&facts->compose, &run, &project, &row);
    if (added == PLIM_STATUS_OK && status == PLIM_STATUS_OK) {
        facts->documents += r->given->file_count;
    }
    if (added == PLIM_STATUS_OK) {
        added = remember_files(facts, &project, first);
    }
    added = added != PLIM_STATUS_OK ? added : facts_status(facts->store);
    return added != PLIM_STATUS_OK ? added : status;
}

static plim_status read_project(struct reading *r)
{
    plim_status status = take_options(r);
    if (status == PLIM_STATUS_OK) {
        status = put_values(r, r->given->process_env, r->given->process_env_count, CO_RANK_PROCESS,
                            false);
    }
    if (status == PLIM_STATUS_OK) {
        status = put_values(r, r->given->env, r->given->env_count, CO_RANK_GIVEN, true);
    }
    if (status == PLIM_STATUS_OK) {
        status = read_files(r);
    }
    return status == PLIM_STATUS_OK ? load(r) : status;
}

plim_status plim_facts_add_compose(plim_facts *facts, const plim_compose_options *options,
                                   plim_diags *diags, plim_error *error)
{
    plim_compose_options chosen = PLIM_COMPOSE_OPTIONS_INIT;
    if (facts == NULL || door_options(&chosen, sizeof chosen, options) != PLIM_STATUS_OK ||
        chosen.files == NULL || chosen.file_count == 0 || facts->files.read == NULL ||
        facts->store->frozen) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    struct reading r = {.facts = facts, .given = &chosen, .error = error};
    plim_status status = co_env_init(&r.env, facts->allocator, facts->seed);
    if (status != PLIM_STATUS_OK) {
        return door_status(error, status);
    }
    diag_list_init(&r.diags, facts->allocator);
    status = read_project(&r);
    plim_status told = diags_take(diags, &r.diags, &facts->store->sources);
    co_env_release(&r.env);
    arena_clear(&facts->scratch);
    status = status != PLIM_STATUS_OK ? status : told;
    if (status == PLIM_STATUS_OK || status == PLIM_STATUS_USAGE) {
        return status;
    }
    return door_fail(error, status, "%s: %s", chosen.files[0], plim_status_text(status));
}

int plim_facts_knows(const plim_facts *facts, const char *path)
{
    char cleaned[FILES_MAX_PATH + 2];
    if (facts == NULL || path == NULL || strlen(path) > FILES_MAX_PATH) {
        return 0;
    }
    struct str name = str_make(cleaned, pathname_clean(cleaned, str_from_cstr(path)));
    return intern_find(&facts->linked, name) != INTERN_NONE;
}
