/* SPDX-License-Identifier: Apache-2.0
 *
 * co_run.h - what every step of reading one compose project needs: memory, sources, files,
 * diagnostics, options. The steps and their order stand in docs/compose.md.
 *
 * The run borrows all of it. Steps take nodes and give nodes; a step that fails reports a
 * diagnostic and goes on with what it has, so that one run tells all that is wrong. Failures that
 * end the run (NOMEM, LIMIT) stick in the arena. Thread rule: one thread.
 */
#ifndef FACTS_COMPOSE_CO_RUN_H
#define FACTS_COMPOSE_CO_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/diag.h"
#include "core/source.h"
#include "core/str.h"
#include "facts/tree/tree.h"

/* How the reader gets at other files: override files, include, extends, env files, Dockerfiles. */
struct co_files {
    void *user;
    /* Text of the file `path` (as joined by the reader, not resolved). The text lives at least as
     * long as the run. NOT_FOUND when there is none, INPUT when it cannot be read, LIMIT when it is
     * too large, NOMEM. */
    plim_status (*read)(void *user, struct str path, struct str *text);
};

/* What a variable without a value becomes. */
enum co_unset {
    CO_UNSET_UNKNOWN, /* a part of the text that nobody knows */
    CO_UNSET_EMPTY    /* the empty string, with a warning, as Compose does */
};

struct co_options {
    enum co_unset unset;
    struct str directory;       /* --project-directory; empty: that of the first file */
    struct str name;            /* --project-name; empty: found as Compose finds it */
    const struct str *profiles; /* active profiles; facts only, every service is read */
    size_t profile_count;
    bool without_paths; /* relative paths stay as written */
};

struct co_run {
    struct arena *arena; /* of the project: nodes, texts */
    struct source_set *sources;
    struct diag_list *diags;
    const struct co_files *files;
    const struct co_options *options;
    size_t visits; /* nodes looked at so far, shared ones each time */
    bool refused;  /* Compose would refuse the project */
};

/* Reports what makes Compose refuse the project. As diag_report, and marks the run. */
struct diag *co_refuse(struct co_run *run, enum diag_id id, struct span span, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

#endif
