/* SPDX-License-Identifier: Apache-2.0
 *
 * df_facts.h - a Dockerfile into the fact store.
 *
 *     struct df_facts reader;
 *     df_facts_init(&reader, facts, allocator, &options);     once per run
 *     df_facts_add(&reader, source, diags, &row);             per file
 *     df_facts_release(&reader);
 *
 * Fills the kinds dockerfile, problem, comment, stage, instruction and its members, variable,
 * label, port, volume, image-ref; facts/shell fills command and what hangs below it. Memory: trees
 * live in an arena that is cleared per file. Thread rule: as the store while it is built.
 */
#ifndef FACTS_DOCKERFILE_DF_FACTS_H
#define FACTS_DOCKERFILE_DF_FACTS_H

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/diag.h"
#include "core/source.h"
#include "facts/dockerfile/df_model.h"
#include "facts/shell/sh_facts.h"
#include "facts/store.h"

struct df_writer_ids;

struct df_facts {
    struct facts *facts;
    struct df_build_options options;
    struct arena arena; /* tree, model and lists of the current file */
    struct buf text;    /* scratch */
    struct sh_facts shell;
    struct df_writer_ids *ids;
};

/* Prepares a reader. `facts` and what `options` (may be NULL) refers to must outlive it. NOMEM. */
plim_status df_facts_init(struct df_facts *reader, struct facts *facts,
                          const plim_allocator *allocator,
                          const struct df_build_options *options) PLIM_MUST_CHECK;

/* Forgets what it remembers of the store; to be called after facts_clear. Keeps its memory. */
void df_facts_clear(struct df_facts *reader);

/* Safe on a zeroed struct. */
void df_facts_release(struct df_facts *reader);

/* Adds the facts of one source of the store and the row of its dockerfile in `*row`. Problems
 * become rows and, when `diags` is not NULL, diagnostics. INPUT when no instruction of it is known,
 * so that nothing could be used (the rows are there all the same); LIMIT, NOMEM, after which the
 * store can only be freed. */
plim_status df_facts_add(struct df_facts *reader, source_id source, struct diag_list *diags,
                         fact_row *row) PLIM_MUST_CHECK;

#endif
