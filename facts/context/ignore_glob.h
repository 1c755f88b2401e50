/* SPDX-License-Identifier: Apache-2.0
 *
 * ignore_glob.h - one wildcard line of a .dockerignore file as a chain of states.
 *
 * The reference builder translates such a line to a regular expression and leaves the rest to Go's
 * regexp package, so "\d", "^" and "[[:alpha:]]" mean there what they mean in regular expressions.
 * The same translation is done here; what it can produce is a straight chain (literals, classes,
 * stars over one of them, optional directory parts), which runs in bounded time and without
 * allocation. Lines without wildcards never come here. The arena owns what is compiled.
 * Thread rule: a compiled glob is immutable and may be shared.
 */
#ifndef FACTS_CONTEXT_IGNORE_GLOB_H
#define FACTS_CONTEXT_IGNORE_GLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"

/* States of one glob: four times the longest path name Linux has. It bounds the memory a match
 * needs on the stack and, with the length of the path, its time. */
enum { IGNORE_GLOB_MAX_STATES = 16384 };

struct ignore_glob_item;
struct ignore_glob_range;

/* A compiled line: one alternative, and the next one where the line has a "|". */
struct ignore_glob {
    const struct ignore_glob *next;
    const struct ignore_glob_item *items;
    const struct ignore_glob_range *ranges;
    uint32_t count;
    bool open_start; /* may begin anywhere in the path: what stands behind a "|" */
    bool open_end;   /* may end anywhere: before a "|", or a line that ends in a lone backslash */
};

/* Compiles a cleaned line without its "!". INPUT when the translation is no regular expression,
 * LIMIT when it is longer than IGNORE_GLOB_MAX_STATES, NOMEM; `out` is set only on OK. */
plim_status ignore_glob_compile(struct ignore_glob *out, struct arena *arena,
                                struct str line) PLIM_MUST_CHECK;

/* Whether the glob matches all of `path` or, with `parents`, one of the parts of it that end before
 * a slash. Time is at most states times path bytes. */
bool ignore_glob_matches(const struct ignore_glob *glob, struct str path, bool parents);

#endif
