/* SPDX-License-Identifier: Apache-2.0
 *
 * ignore.h - which paths of a build context a .dockerignore file takes away.
 *
 * Matching is that of moby/patternmatcher (MatchesOrParentMatches): patterns in order, the last one
 * that changes the state wins, a path counts as matched when a directory above it is. Reading the
 * file belongs in ignore_read.h. The arena given to ignore_compile owns the set, which also points
 * into the texts of the patterns. Thread rule: a compiled set is immutable and may be shared.
 */
#ifndef FACTS_CONTEXT_IGNORE_H
#define FACTS_CONTEXT_IGNORE_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"

/* Longest path that is judged; Linux has none that is longer. */
enum { IGNORE_MAX_PATH = 4096 };

struct ignore_pattern;

struct ignore_set {
    const struct ignore_pattern *patterns;
    size_t count;
    bool has_exclusions; /* some pattern begins with "!" */
};

/* Where and why a pattern was refused. */
struct ignore_fault {
    size_t index; /* of the pattern in the array that was given */
    struct str text;
};

/* Compiles patterns in the form ignore_read gives. INPUT for a pattern the reference refuses before
 * it matches anything, LIMIT for one with too many wildcards, with `fault` filled; NOMEM. `out` and
 * `fault` are untouched otherwise. */
plim_status ignore_compile(struct ignore_set *out, struct arena *arena, const struct str *patterns,
                           size_t count, struct ignore_fault *fault) PLIM_MUST_CHECK;

/* Whether `path` (relative to the context root, slashes) is ignored. INPUT with `fault` filled when
 * a malformed pattern had to be tried, at which the reference stops the build; LIMIT for a path
 * above IGNORE_MAX_PATH. Allocates nothing; time is at most the patterns' length times the path's.
 */
plim_status ignore_match(bool *ignored, const struct ignore_set *set, struct str path,
                         struct ignore_fault *fault) PLIM_MUST_CHECK;

#endif
