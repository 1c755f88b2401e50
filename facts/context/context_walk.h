/* SPDX-License-Identifier: Apache-2.0
 *
 * context_walk.h - the files of a build context that rules ask for and that an ignore file leaves.
 *
 * Lists directories through the caller's files, in the order of their names, below the given roots
 * only; a directory that is ignored as a whole and one that counts as a whole (.git, node_modules)
 * are not entered. Entries, depth and results are bounded; over a bound the walk stops and says so.
 * Rows of the store are made in context_facts.h. Memory: the caller's arena. Thread rule: one
 * thread.
 */
#ifndef FACTS_CONTEXT_CONTEXT_WALK_H
#define FACTS_CONTEXT_CONTEXT_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/context/file_kinds.h"
#include "facts/context/ignore.h"
#include "facts/files.h"

enum {
    CONTEXT_MAX_ENTRIES = 100000, /* looked at, over all directories */
    CONTEXT_MAX_DEPTH = 64,
    CONTEXT_MAX_FILES = 2000 /* found */
};

struct context_found {
    struct str path; /* in the context, slashes, no leading one */
    const struct file_kind *kind;
    struct files_status status; /* size and mode; zero for directories */
    bool directory;
};

/* Part of the context that is copied: everything at or below `path` ("" is all of it). */
struct context_root {
    struct str path;
};

struct context_walk {
    const struct facts_files *files;
    struct str directory; /* of the context, as the files know it */
    const struct ignore_set *ignore;
    const struct context_root *roots;
    size_t root_count;
};

struct context_walked {
    const struct context_found *found; /* by path */
    size_t count;
    size_t entries; /* looked at */
    bool truncated; /* a bound ended it: there may be more */
};

/* NOT_FOUND or INPUT when the context itself cannot be listed; NOMEM. A directory below it that
 * cannot be listed counts as truncated. */
plim_status context_walk(struct context_walked *out, struct arena *arena,
                         const struct context_walk *walk) PLIM_MUST_CHECK;

/* `directory` and `path` joined by a slash; "." is left out. */
struct str context_join(struct arena *arena, struct str directory, struct str path);

#endif
