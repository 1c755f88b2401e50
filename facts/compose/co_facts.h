/* SPDX-License-Identifier: Apache-2.0
 *
 * co_facts.h - a compose project in long form into the fact store.
 *
 *     struct co_facts reader;
 *     co_facts_init(&reader, facts, dockerfiles, allocator);   once per run
 *     co_facts_add(&reader, &run, &project, &row);             per project
 *     co_facts_release(&reader);
 *
 * Fills the kinds of schema_compose.def, and the rows that services share with Dockerfiles: user,
 * variable, label, port, healthcheck, entrypoint, cmd, image-ref, command. A Dockerfile that a
 * service builds is looked for in the store by its path; when it is not there, it is read through
 * the run's files and added with its context, and with the arguments and target of the first build
 * that names it. So Dockerfiles that are given anyway are best added after the projects, unless
 * co_facts_dockerfile finds them.
 *
 * Memory: what is needed per project lives in an arena that is cleared per project. Thread rule:
 * as the store while it is built.
 */
#ifndef FACTS_COMPOSE_CO_FACTS_H
#define FACTS_COMPOSE_CO_FACTS_H

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/intern.h"
#include "facts/compose/co_project.h"
#include "facts/dockerfile/df_facts.h"
#include "facts/shell/sh_facts.h"
#include "facts/store.h"

struct co_facts {
    struct facts *facts;
    struct df_facts *dockerfiles;
    struct arena arena; /* of the current project */
    struct buf text;    /* scratch */
    struct sh_facts shell;
    /* Dockerfiles by path: rows[number of the path in `paths`]. */
    struct interner paths;
    fact_row *rows;
    size_t row_capacity;
};

/* In `rows`: nobody asked for the path yet. FACT_NO_ROW: there is no such file. */
#define CO_NOT_ASKED (UINT32_MAX - 1)

/* Prepares a reader. `facts` and `dockerfiles`, the reader of the same store, must outlive it.
 * NOMEM. */
plim_status co_facts_init(struct co_facts *reader, struct facts *facts,
                          struct df_facts *dockerfiles,
                          const plim_allocator *allocator) PLIM_MUST_CHECK;

/* Forgets what it remembers of the store; to be called after facts_clear. */
void co_facts_clear(struct co_facts *reader);

/* Safe on a zeroed struct. */
void co_facts_release(struct co_facts *reader);

/* Row of the Dockerfile that was read under a path, however the path is written; FACT_NO_ROW when
 * there is none. */
fact_row co_facts_dockerfile(const struct facts *facts, struct str path);

/* Adds the facts of a loaded project and its row in `*row`. The run's sources must be those of the
 * store; its diagnostics so far become problem rows, and those of Dockerfiles read here are added
 * to them. LIMIT, NOMEM, after which the store can only be freed. */
plim_status co_facts_add(struct co_facts *reader, const struct co_run *run,
                         const struct co_project *project, fact_row *row) PLIM_MUST_CHECK;

#endif
