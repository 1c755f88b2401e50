/* SPDX-License-Identifier: Apache-2.0
 *
 * test_given.c - see test_given.h. Compose projects are read first, with the Dockerfiles they
 * build; Dockerfiles that nobody built stand alone.
 */
#include "api/test_given.h"

#include <string.h>

#include "facts/compose/co_env.h"
#include "facts/compose/co_facts.h"
#include "facts/compose/co_files.h"
#include "facts/compose/co_project.h"
#include "facts/context/context_facts.h"
#include "facts/dockerfile/df_facts.h"
#include "facts/pathname.h"

enum { GIVEN_NAME_MAX = 1024 };

struct given_file {
    const struct ast_given *given;
    struct str path; /* clean */
    bool taken;      /* a compose file that some project has */
};

struct reading {
    struct facts *facts;
    struct arena arena; /* of the test */
    struct given_file *files;
    size_t count;
    struct facts_files outside; /* the same for the readers */
    struct df_facts dockerfiles;
    struct co_facts compose;
};

/* ---- given texts as files ---------------------------------------------------------------- */

static const struct given_file *find(const struct reading *r, struct str path)
{
    for (size_t i = 0; i < r->count; i++) {
        if (str_eq(r->files[i].path, path)) {
            return &r->files[i];
        }
    }
    return NULL;
}

/* A path as the files have theirs. */
static struct str clean(char out[GIVEN_NAME_MAX], struct str path)
{
    return path.len + 1 < GIVEN_NAME_MAX ? str_make(out, pathname_clean(out, path)) : STR("");
}

static plim_status read_text(void *user, struct str path, struct str *text)
{
    char buffer[GIVEN_NAME_MAX];
    const struct given_file *file = find(user, clean(buffer, path));
    if (file == NULL) {
        return PLIM_STATUS_NOT_FOUND;
    }
    *text = file->given->text;
    return PLIM_STATUS_OK;
}

static plim_status read_head(void *user, struct str path, char *buffer, size_t size, size_t *got)
{
    struct str text;
    plim_status status = read_text(user, path, &text);
    if (status == PLIM_STATUS_OK) {
        *got = text.len < size ? text.len : size;
        memcpy(buffer, text.ptr, *got);
    }
    return status;
}

/* The entry of `directory` that leads to a file; empty when the file is not below it. */
static struct str entry_of(struct str path, struct str directory, bool *more)
{
    if (!str_eq(directory, STR("."))) {
        if (!str_starts_with(path, directory) || path.len <= directory.len ||
            path.ptr[directory.len] != '/') {
            return STR("");
        }
        path = str_slice(path, directory.len + 1, path.len);
    }
    size_t slash = str_find_char(path, '/', 0);
    *more = slash < path.len;
    return str_slice(path, 0, slash);
}

static plim_status list_entries(void *user, struct str path, files_entry_fn *entry,
                                void *entry_user)
{
    const struct reading *r = user;
    char buffer[GIVEN_NAME_MAX];
    struct str directory = clean(buffer, path);
    bool any = false;
    for (size_t i = 0; i < r->count; i++) {
        bool more = false;
        bool other = false;
        bool told = false;
        struct str name = entry_of(r->files[i].path, directory, &more);
        for (size_t j = 0; j < i && !told; j++) {
            told = str_eq(entry_of(r->files[j].path, directory, &other), name);
        }
        any = any || name.len > 0;
        if (name.len > 0 && !told &&
            !entry(entry_user, name, more ? FILES_DIRECTORY : FILES_REGULAR)) {
            return PLIM_STATUS_OK;
        }
    }
    return any ? PLIM_STATUS_OK : PLIM_STATUS_NOT_FOUND;
}

static plim_status inspect(void *user, struct str path, struct files_status *status)
{
    const struct reading *r = user;
    char buffer[GIVEN_NAME_MAX];
    struct str name = clean(buffer, path);
    const struct given_file *file = find(r, name);
    if (file != NULL) {
        *status = (struct files_status){
            .kind = FILES_REGULAR, .mode = 0644, .size = file->given->text.len};
        return PLIM_STATUS_OK;
    }
    for (size_t i = 0; i < r->count; i++) {
        bool more = false;
        if (entry_of(r->files[i].path, name, &more).len > 0) {
            *status = (struct files_status){.kind = FILES_DIRECTORY, .mode = 0755};
            return PLIM_STATUS_OK;
        }
    }
    return PLIM_STATUS_NOT_FOUND;
}

/* ---- projects ---------------------------------------------------------------------------- */

/* Loads a project of one or two files, and adds its facts. */
static plim_status read_project(struct reading *r, const struct co_file *files, size_t count)
{
    struct diag_list diags;
    struct arena arena;
    struct co_env environment;
    struct co_project project = {0};
    const struct co_options options = {0};
    fact_row row;
    const plim_allocator *allocator = r->facts->allocator;
    diag_list_init(&diags, allocator);
    arena_init(&arena, allocator, 0);
    struct co_run run = {.arena = &arena,
                         .sources = &r->facts->sources,
                         .diags = &diags,
                         .files = &r->outside,
                         .options = &options};
    plim_status status = co_env_init(&environment, allocator, 0);
    if (status == PLIM_STATUS_OK) {
        status = co_project_load(&project, &run, files, count, &environment);
    }
    if (status == PLIM_STATUS_OK || status == PLIM_STATUS_INPUT) {
        status = co_facts_add(&r->compose, &run, &project, &row);
    }
    for (size_t d = 0; d < project.document_count; d++) {
        for (size_t i = 0; i < r->count; i++) {
            char buffer[GIVEN_NAME_MAX];
            r->files[i].taken = r->files[i].taken ||
                                str_eq(r->files[i].path, clean(buffer, project.documents[d].path));
        }
    }
    co_env_release(&environment);
    arena_release(&arena);
    diag_list_release(&diags);
    return status;
}

/* The project in the directory of a compose file: that of the standard names with its override, or
 * of that file alone. */
static plim_status read_project_of(struct reading *r, const struct given_file *file)
{
    struct str directory = co_files_directory(file->path);
    const struct given_file **here = ARENA_ARRAY(&r->arena, const struct given_file *, r->count);
    struct str *names = ARENA_ARRAY(&r->arena, struct str, r->count);
    size_t count = 0;
    if (here == NULL || names == NULL) {
        return arena_status(&r->arena);
    }
    for (size_t i = 0; i < r->count; i++) {
        struct str path = r->files[i].path;
        if (r->files[i].given->kind == AST_GIVEN_COMPOSE &&
            str_eq(co_files_directory(path), directory)) {
            here[count] = &r->files[i];
            names[count++] = str_slice(path, directory.len > 0 ? directory.len + 1 : 0, path.len);
        }
    }
    struct co_found found = co_files_find(names, count);
    struct co_file files[2] = {{.path = file->given->name, .text = file->given->text}};
    size_t used = 1;
    if (found.base >= 0) {
        files[0] = (struct co_file){.path = here[found.base]->given->name,
                                    .text = here[found.base]->given->text};
        if (found.override >= 0) {
            files[used++] = (struct co_file){.path = here[found.override]->given->name,
                                             .text = here[found.override]->given->text};
        }
    }
    return read_project(r, files, used);
}

/* Every directory with a compose file of a standard name is a project, unless another one includes
 * it; when there is none, the first compose file is one. */
static plim_status read_projects(struct reading *r)
{
    plim_status status = PLIM_STATUS_OK;
    const struct given_file *first = NULL;
    bool any = false;
    for (size_t i = 0; i < r->count && status == PLIM_STATUS_OK; i++) {
        const struct given_file *file = &r->files[i];
        if (file->given->kind != AST_GIVEN_COMPOSE) {
            continue;
        }
        first = first == NULL ? file : first;
        struct str directory = co_files_directory(file->path);
        struct str name =
            str_slice(file->path, directory.len > 0 ? directory.len + 1 : 0, file->path.len);
        if (co_files_find(&name, 1).base >= 0 && !file->taken) {
            any = true;
            status = read_project_of(r, file);
        }
    }
    return status == PLIM_STATUS_OK && !any && first != NULL ? read_project_of(r, first) : status;
}

/* ---- Dockerfiles ------------------------------------------------------------------------- */

static plim_status read_dockerfile(struct reading *r, const struct given_file *file)
{
    source_id source;
    fact_row row;
    if (co_facts_dockerfile(r->facts, file->path) != FACT_NO_ROW) {
        return PLIM_STATUS_OK;
    }
    plim_status status =
        source_add(&r->facts->sources, &source, file->given->name, file->given->text);
    if (status == PLIM_STATUS_OK) {
        status = df_facts_add(&r->dockerfiles, source, NULL, &row);
    }
    if (status == PLIM_STATUS_OK) {
        struct str directory = co_files_directory(file->path);
        const struct context_request request = {.files = &r->outside,
                                                .dockerfile = row,
                                                .directory =
                                                    directory.len > 0 ? directory : STR("."),
                                                .assumed = true};
        status = context_facts_add(r->facts, &r->arena, &request);
    }
    return status == PLIM_STATUS_INPUT ? PLIM_STATUS_OK : status;
}

static const char *given_name(enum ast_given_kind kind)
{
    static const char *const names[] = {"dockerfile", "compose", "image",
                                        "container",  "scan",    "file"};
    return names[kind];
}

static plim_status prepare(struct reading *r, const struct ast_given *givens)
{
    for (const struct ast_given *given = givens; given != NULL; given = given->next) {
        r->count++;
    }
    r->files = ARENA_ARRAY(&r->arena, struct given_file, r->count + 1);
    if (r->files == NULL) {
        return arena_status(&r->arena);
    }
    size_t at = 0;
    for (const struct ast_given *given = givens; given != NULL; given = given->next) {
        char buffer[GIVEN_NAME_MAX];
        r->files[at++] = (struct given_file){
            .given = given, .path = arena_copy_str(&r->arena, clean(buffer, given->name))};
    }
    r->outside = (struct facts_files){
        .user = r, .read = read_text, .head = read_head, .list = list_entries, .inspect = inspect};
    plim_status status = df_facts_init(&r->dockerfiles, r->facts, r->facts->allocator, NULL);
    if (status == PLIM_STATUS_OK) {
        status = co_facts_init(&r->compose, r->facts, &r->dockerfiles, r->facts->allocator);
    }
    return status == PLIM_STATUS_OK ? arena_status(&r->arena) : status;
}

plim_status test_given_read(struct facts *facts, const struct ast_given *givens,
                            struct diag_list *failures, bool *failed)
{
    struct reading r = {.facts = facts};
    arena_init(&r.arena, facts->allocator, 0);
    plim_status status = prepare(&r, givens);
    if (status == PLIM_STATUS_OK) {
        status = read_projects(&r);
    }
    for (size_t i = 0; i < r.count && status == PLIM_STATUS_OK; i++) {
        enum ast_given_kind kind = r.files[i].given->kind;
        if (kind == AST_GIVEN_DOCKERFILE) {
            status = read_dockerfile(&r, &r.files[i]);
        } else if (kind != AST_GIVEN_COMPOSE && kind != AST_GIVEN_FILE) {
            (void)diag_report(failures, DIAG_test_failed, r.files[i].given->span,
                              "this version cannot read `given %s`", given_name(kind));
            *failed = true;
        }
    }
    co_facts_release(&r.compose);
    df_facts_release(&r.dockerfiles);
    arena_release(&r.arena);
    return status;
}
