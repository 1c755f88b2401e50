/* SPDX-License-Identifier: Apache-2.0
 *
 * input.h - documents (bytes, name, kind) to facts.
 *
 * Add documents, freeze, then evaluate or print. No file is opened here: the caller reads.
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
    PLIM_INPUT_AUTO,       /* by name, then by content */
    PLIM_INPUT_DOCKERFILE,
    PLIM_INPUT_UNKNOWN     /* result of plim_input_kind_of only */
} plim_input_kind;

typedef struct plim_facts_options {
    size_t struct_size;
    const plim_allocator *allocator;
    const plim_budget *budget;
    const char *const *defines; /* "NAME=VALUE" build arguments */
    size_t define_count;
    const char *target;         /* build target stage; NULL: the last */
    uint64_t seed;              /* of hash tables; 0: a fixed one */
} plim_facts_options;

#define PLIM_FACTS_OPTIONS_INIT                                                                    \
    {                                                                                              \
        .struct_size = sizeof(plim_facts_options)                                                  \
    }

/* Kind of a document judged by its path (and, for AUTO, by its first bytes). Pure. */
PLIM_API plim_input_kind plim_input_kind_of(const char *path, const char *data, size_t size);

PLIM_API plim_status plim_facts_new(plim_facts **out, const plim_facts_options *options,
                                    plim_error *error) PLIM_MUST_CHECK;

/* Adds one document; bytes are copied. Problems of the document go to `diags` (may be NULL).
 * INPUT when nothing of it could be used; LIMIT over a budget; other documents stay usable. */
PLIM_API plim_status plim_facts_add(plim_facts *facts, plim_input_kind kind, const char *name,
                                    const char *data, size_t size, plim_diags *diags,
                                    plim_error *error) PLIM_MUST_CHECK;

/* Ends building; then the facts are immutable and may be evaluated. */
PLIM_API plim_status plim_facts_freeze(plim_facts *facts, plim_error *error) PLIM_MUST_CHECK;

PLIM_API void plim_facts_free(plim_facts *facts);

/* All facts as JSON ("plimsoll.facts/1"). */
PLIM_API plim_status plim_facts_json(const plim_facts *facts, plim_text *out) PLIM_MUST_CHECK;

/* The schema: as text for people, as JSON, as JSON Schema of plim_facts_json. */
typedef enum plim_schema_format {
    PLIM_SCHEMA_TEXT,
    PLIM_SCHEMA_JSON,
    PLIM_SCHEMA_JSON_SCHEMA,
    PLIM_SCHEMA_MARKDOWN
} plim_schema_format;

PLIM_API plim_status plim_schema(plim_schema_format format, plim_text *out) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
