/* SPDX-License-Identifier: Apache-2.0
 *
 * co_load_file.c - the files of a project: counted, read, and reported when they are missing.
 */
#include <string.h>

#include "facts/compose/co_dotenv.h"
#include "facts/compose/co_load.h"

/* An env file is read once more for each service that uses it: its size counts as work. */
enum { BYTES_OF_A_VISIT = 16 };

plim_status co_load_add(struct co_loader *loader, struct str path, struct str text,
                        enum co_role role, struct span asked_for, struct co_document *out)
{
    struct co_run *run = loader->run;
    if (loader->document_count >= CO_MAX_FILES) {
        co_limit(run, asked_for, "the project has more than %d files", CO_MAX_FILES);
        return PLIM_STATUS_LIMIT;
    }
    if (loader->document_count == loader->document_capacity) {
        size_t capacity = loader->document_capacity == 0 ? 8 : loader->document_capacity * 2;
        struct co_document *documents = ARENA_ARRAY(run->arena, struct co_document, capacity);
        if (documents == NULL) {
            return arena_status(run->arena);
        }
        if (loader->document_count > 0) {
            memcpy(documents, loader->documents, loader->document_count * sizeof *documents);
        }
        loader->documents = documents;
        loader->document_capacity = capacity;
    }
    *out = (struct co_document){.path = path, .role = role, .asked_for = asked_for};
    plim_status status = source_add_view(run->sources, &out->source, path, text);
    if (status == PLIM_STATUS_OK) {
        loader->documents[loader->document_count++] = *out;
    }
    return status;
}

/* An env file that was read before: services share them, and each has one source. */
static bool find_again(const struct co_loader *loader, struct str path, enum co_role role,
                       struct co_document *out, struct str *text)
{
    for (size_t i = 0; role == CO_ENVIRONMENT && i < loader->document_count; i++) {
        const struct co_document *document = &loader->documents[i];
        if (document->role == role && str_eq(document->path, path)) {
            *out = *document;
            *text = source_get(loader->run->sources, document->source)->text;
            return true;
        }
    }
    return false;
}

plim_status co_load_text(struct co_loader *loader, struct str path, enum co_role role,
                         struct span asked_for, struct co_document *out, struct str *text)
{
    struct co_run *run = loader->run;
    if (run->files == NULL || run->files->read == NULL) {
        return PLIM_STATUS_NOT_FOUND;
    }
    if (find_again(loader, path, role, out, text)) {
        return PLIM_STATUS_OK;
    }
    plim_status status = run->files->read(run->files->user, path, text);
    if (status == PLIM_STATUS_LIMIT) {
        co_limit(run, asked_for, "the file %.*s is too large", STR_FMT(path));
    }
    return status == PLIM_STATUS_OK ? co_load_add(loader, path, *text, role, asked_for, out)
                                    : status;
}

void co_load_missing(struct co_loader *loader, plim_status status, struct str path,
                     struct span asked_for)
{
    struct co_run *run = loader->run;
    if (status != PLIM_STATUS_NOT_FOUND && status != PLIM_STATUS_INPUT) {
        return; /* out of memory, or a limit that was reported */
    }
    struct diag *diag =
        co_refuse(run, DIAG_compose_file, asked_for, "%.*s %s", STR_FMT(path),
                  status == PLIM_STATUS_NOT_FOUND ? "does not exist" : "cannot be read");
    diag_add_note(run->diags, diag, "correct the path, or add the file");
}

plim_status co_load_env(struct co_loader *loader, struct str path, struct span asked_for, bool raw,
                        struct co_env *env, const struct co_scope *scope, enum co_rank rank)
{
    struct co_run *run = loader->run;
    struct co_document document;
    struct str text;
    plim_status status = co_load_text(loader, path, CO_ENVIRONMENT, asked_for, &document, &text);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    struct co_dotenv reader = {
        .state = &loader->template, .env = env, .scope = scope, .rank = rank};
    if (!co_visit(run, text.len / BYTES_OF_A_VISIT + 1)) {
        return arena_status(run->arena);
    }
    if (raw) {
        co_dotenv_read_raw(&reader, document.source, text);
    } else {
        co_dotenv_read(&reader, document.source, text);
    }
    for (size_t i = 0; i < reader.problem_count; i++) {
        const struct co_dotenv_problem *problem = &reader.problems[i];
        if (problem->limit) {
            co_limit(run, problem->place, "%.*s", STR_FMT(problem->message));
        } else {
            (void)co_refuse(run, DIAG_compose_env_file, problem->place, "%.*s",
                            STR_FMT(problem->message));
        }
    }
    return arena_status(run->arena) != PLIM_STATUS_OK ? arena_status(run->arena)
                                                      : co_env_status(env);
}
