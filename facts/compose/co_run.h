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
#include "facts/compose/co_template.h"
#include "facts/files.h"
#include "facts/tree/tree.h"

struct co_options {
    enum co_unset unset;        /* what a variable without a value becomes */
    struct str directory;       /* --project-directory; empty: that of the first file */
    struct str name;            /* --project-name; empty: found as Compose finds it */
    const struct str *profiles; /* active profiles; facts only, every service is read */
    size_t profile_count;
    const struct str *env_files; /* --env-file, paths as joined by the caller; none: .env */
    size_t env_file_count;
    bool without_dotenv;    /* no .env file is read */
    bool without_paths;     /* relative paths stay as written */
    bool without_env_files; /* env_file and label_file of services are not read */
};

struct co_run {
    struct arena *arena; /* of the project: nodes, texts */
    struct source_set *sources;
    struct diag_list *diags;
    const struct facts_files *files; /* override files, include, extends, env files */
    const struct co_options *options;
    size_t visits; /* nodes looked at so far, shared ones each time */
    bool refused;  /* Compose would refuse the project */
};

/* Entries of mappings, items of lists and pieces of texts that the steps may look at for one
 * project, shared ones each time: what anchors, extends and many files multiply ends here. */
enum { CO_MAX_VISITS = 10000000 };

/* Counts `nodes` more. False, after a diagnostic, once CO_MAX_VISITS is exceeded. */
bool co_visit(struct co_run *run, size_t nodes);

/* Reports that a limit is exceeded, and ends the run: the arena's status is LIMIT from now on. */
void co_limit(struct co_run *run, struct span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Place of what stands nowhere. */
static inline struct span co_nowhere(void)
{
    return (struct span){.source = SOURCE_NONE, .start = 0, .end = 0};
}

/* Whether the run may go on: false after a failure of the arena. */
static inline bool co_alive(const struct co_run *run)
{
    return arena_status(run->arena) == PLIM_STATUS_OK;
}

/* Reports what makes Compose refuse the project. As diag_report, and marks the run. */
struct diag *co_refuse(struct co_run *run, enum diag_id id, struct span span, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

#endif
