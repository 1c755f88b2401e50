/* SPDX-License-Identifier: Apache-2.0
 *
 * input.h - documents (bytes, name, kind) to facts.
 *
 * Add documents, freeze, then evaluate or print. No file is opened here: the caller reads, and
 * answers questions about files beside a document (plim_files). Every call answers USAGE when a
 * required argument is NULL, or a call comes in the wrong order.
 */
#ifndef PLIMSOLL_INPUT_H
#define PLIMSOLL_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include <plimsoll/budget.h>
#include <plimsoll/diag.h>
#include <plimsoll/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plim_facts plim_facts;

typedef enum plim_input_kind {
    PLIM_INPUT_AUTO, /* by name, then by content */
    PLIM_INPUT_DOCKERFILE,
    PLIM_INPUT_UNKNOWN, /* result of plim_input_kind_of only */
    PLIM_INPUT_COMPOSE
} plim_input_kind;

typedef enum plim_file_kind {
    PLIM_FILE_REGULAR,
    PLIM_FILE_DIRECTORY,
    PLIM_FILE_LINK,
    PLIM_FILE_OTHER
} plim_file_kind;

typedef struct plim_file_status {
    plim_file_kind kind;
    unsigned mode; /* permission bits */
    uint64_t size; /* bytes */
} plim_file_status;

/* Takes one entry of a directory; `name` need not outlive the call. 0 ends the listing. */
typedef int plim_file_entry(void *entry_user, const char *name, plim_file_kind kind);

/* Files beside the documents: build contexts, ignore files, env files, included files. Which paths
 * may be opened is the caller's decision; paths come from untrusted documents. Each function
 * answers OK, NOT_FOUND, INPUT when a file cannot be read or is out of bounds, LIMIT when it is too
 * large, or NOMEM. One that is NULL counts as NOT_FOUND. */
typedef struct plim_files {
    size_t struct_size;
    void *user;
    /* Bytes of a regular file; they live until the call of this library that asked returns. */
    plim_status (*read)(void *user, const char *path, const char **data, size_t *size);
    /* At most `size` first bytes of a regular file into `buffer`, their number to `*got`. */
    plim_status (*head)(void *user, const char *path, char *buffer, size_t size, size_t *got);
    /* Calls `entry` for each entry of a directory but "." and "..", in any order. */
    plim_status (*list)(void *user, const char *path, plim_file_entry *entry, void *entry_user);
    /* What a path is; links are not followed. */
    plim_status (*inspect)(void *user, const char *path, plim_file_status *status);
} plim_files;

#define PLIM_FILES_INIT                                                                            \
    {                                                                                              \
        .struct_size = sizeof(plim_files)                                                          \
    }

typedef struct plim_facts_options {
    size_t struct_size;
    const plim_allocator *allocator; /* NULL: the C library's; must outlive the facts */
    const plim_budget *budget;       /* memory_bytes and file_bytes count here */
    const char *const *defines;      /* "NAME=VALUE" build arguments; copied */
    size_t define_count;
    const char *target; /* build target stage; NULL: the last; copied */
    uint64_t seed;      /* of hash tables; 0: a fixed one */
    /* NULL: nothing is known of files beside the documents. Copied; `user` must outlive building.
     */
    const plim_files *files;
    /* Build context of every Dockerfile; NULL: the directory of each, where that fits. Copied. */
    const char *context;
} plim_facts_options;

#define PLIM_FACTS_OPTIONS_INIT                                                                    \
    {                                                                                              \
        .struct_size = sizeof(plim_facts_options)                                                  \
    }

/* Kind of a document judged by its path (last component) and, when that does not tell, by its
 * first bytes; `data` may be NULL with size 0. Pure. */
PLIM_API plim_input_kind plim_input_kind_of(const char *path, const char *data, size_t size);

/* Starts an empty collection of facts, freed by the caller. `options` and `error` may be NULL.
 * USAGE for a define without `=`, NOMEM. One thread at a time until frozen. */
PLIM_API plim_status plim_facts_new(plim_facts **out, const plim_facts_options *options,
                                    plim_error *error) PLIM_MUST_CHECK;

/* Adds one document; name and bytes are copied. Problems of the document go to `diags` (may be
 * NULL). INPUT when nothing of it could be used, LIMIT when it is larger than budget.file_bytes:
 * then the facts stay usable without it. LIMIT over budget.memory_bytes and NOMEM leave facts that
 * can only be freed. One thread at a time. */
PLIM_API plim_status plim_facts_add(plim_facts *facts, plim_input_kind kind, const char *name,
                                    const char *data, size_t size, plim_diags *diags,
                                    plim_error *error) PLIM_MUST_CHECK;

/* A compose project. Everything is copied. */
typedef struct plim_compose_options {
    size_t struct_size;
    const char *const *files; /* in the order of `docker compose -f`; read through plim_files */
    size_t file_count;
    const char *directory; /* where relative paths start; NULL: the directory of the first file */
    const char *name;      /* of the project; NULL: found as Compose finds it */
    const char *const *profiles; /* that are on */
    size_t profile_count;
    const char *const *env; /* "NAME=VALUE" */
    size_t env_count;
    const char *const *env_files; /* instead of .env; read through plim_files */
    size_t env_file_count;
    const char *const *process_env; /* "NAME=VALUE", weaker than `env`; NULL: no such values */
    size_t process_env_count;
    int unset_is_empty; /* a variable without value is "", as Compose takes it; 0: it is unknown */
} plim_compose_options;

#define PLIM_COMPOSE_OPTIONS_INIT                                                                  \
    {                                                                                              \
        .struct_size = sizeof(plim_compose_options)                                                \
    }

/* Adds a compose project and the Dockerfiles its services build; all files are read through the
 * plim_files of the facts. Problems go to `diags` (may be NULL). USAGE without a file, without
 * plim_files.read, or for a variable without `=`; INPUT when nothing could be used; otherwise as
 * plim_facts_add. */
PLIM_API plim_status plim_facts_add_compose(plim_facts *facts, const plim_compose_options *options,
                                            plim_diags *diags, plim_error *error) PLIM_MUST_CHECK;

/* Whether a compose project has already read this file, a Dockerfile it builds or a file it
 * includes: then it need not be added again. */
PLIM_API int plim_facts_knows(const plim_facts *facts, const char *path);

/* Ends building; then the facts are immutable and may be evaluated. NOMEM, LIMIT. USAGE also for
 * documents that were added for a step (plim_eval_begin): they have only what its rules read. */
PLIM_API plim_status plim_facts_freeze(plim_facts *facts, plim_error *error) PLIM_MUST_CHECK;

/* Frees; NULL is fine. Results made from the facts must be freed before. */
PLIM_API void plim_facts_free(plim_facts *facts);

/* Number of documents added with success; 0 for NULL. */
PLIM_API size_t plim_facts_documents(const plim_facts *facts);

/* All facts of frozen `facts` as one JSON object ("plimsoll.facts/1"). NOMEM, LIMIT. One thread at
 * a time per facts: places are located on demand. */
PLIM_API plim_status plim_facts_json(plim_facts *facts, plim_text *out) PLIM_MUST_CHECK;

/* The schema: as text for people, as JSON, as JSON Schema of plim_facts_json, as Markdown. */
typedef enum plim_schema_format {
    PLIM_SCHEMA_TEXT,
    PLIM_SCHEMA_JSON,
    PLIM_SCHEMA_JSON_SCHEMA,
    PLIM_SCHEMA_MARKDOWN
} plim_schema_format;

/* Writes the fact schema. USAGE for an unknown format, NOMEM. Pure. */
PLIM_API plim_status plim_schema(plim_schema_format format, plim_text *out) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
