/* SPDX-License-Identifier: Apache-2.0
 *
 * co_load.h - what the files of co_project.c share: reading files, and documents in their order.
 *
 * A level is a set of files with a directory of its own: the project, or what it includes. Not for
 * use outside of facts/compose. Memory: all in the arena of the run; environments of included files
 * are released with the loader. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_LOAD_H
#define FACTS_COMPOSE_CO_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "facts/compose/co_env.h"
#include "facts/compose/co_project.h"
#include "facts/compose/co_run.h"
#include "facts/compose/co_template.h"
#include "facts/tree/tree.h"
#include "facts/yaml/yaml_read.h"

/* Bounds on what files pull in. */
enum {
    CO_MAX_FILES = 2000,        /* compose files and env files of one project */
    CO_MAX_INCLUDE_DEPTH = 30,  /* includes inside each other */
    CO_MAX_EXTENDS_DEPTH = 100, /* services that extend each other */
    CO_MAX_ENVIRONMENTS = 1000  /* environments of included projects */
};

struct co_extended_file;

struct co_loader {
    struct co_run *run;
    struct co_template template;
    struct co_document *documents;
    size_t document_count;
    size_t document_capacity;
    struct co_env *environments; /* CO_MAX_ENVIRONMENTS places, made with the first include */
    size_t environment_count;
    uint64_t seed;
    struct co_extended_file *extended; /* files that services were extended from */
};

struct co_level {
    struct co_loader *loader;
    const struct co_level *up;    /* the one that includes this, or NULL */
    struct str path;              /* of its first file, as it was asked for */
    struct str directory;         /* its relative paths start here */
    const struct co_scope *scope; /* what its variables see */
    size_t depth;                 /* levels above */
};

/* How documents of a file are taken. */
enum co_taking {
    CO_TAKE_ALL,
    CO_TAKE_BASE /* of extended services: no include, no extends, not checked alone */
};

/* Reads a file beside the project; an env file that was read before is the same document again.
 * NOT_FOUND, INPUT are the caller's to report, others were. */
plim_status co_load_text(struct co_loader *loader, struct str path, enum co_role role,
                         struct span asked_for, struct co_document *out,
                         struct str *text) PLIM_MUST_CHECK;

/* Adds a text to the documents of the project. LIMIT beyond CO_MAX_FILES, reported; NOMEM. */
plim_status co_load_add(struct co_loader *loader, struct str path, struct str text,
                        enum co_role role, struct span asked_for,
                        struct co_document *out) PLIM_MUST_CHECK;

/* Reports that a file that must be there is not. */
void co_load_missing(struct co_loader *loader, plim_status status, struct str path,
                     struct span asked_for);

/* Lays the documents of a text over `earlier` (may be NULL) and gives the new whole; `earlier` when
 * nothing of it can be used. */
const struct tree_node *co_load_documents(const struct co_level *level,
                                          const struct tree_node *earlier, source_id source,
                                          struct str text, enum co_taking taking);

/* The same for documents that were read before. */
const struct tree_node *co_load_trees(const struct co_level *level, const struct tree_node *earlier,
                                      const struct yaml_documents *documents,
                                      enum co_taking taking);

/* Reads an env file of Compose's format, or raw, into `env`; mistakes are reported. As
 * co_load_text. */
plim_status co_load_env(struct co_loader *loader, struct str path, struct span asked_for, bool raw,
                        struct co_env *env, const struct co_scope *scope,
                        enum co_rank rank) PLIM_MUST_CHECK;

#endif
