/* SPDX-License-Identifier: Apache-2.0
 *
 * ignore_read.h - the lines of a .dockerignore file.
 *
 * Gives the patterns in the form the reference reader hands to its matcher: comments and blanks
 * gone, paths cleaned and made relative, "!" kept in front. What a pattern means, and whether it is
 * well formed, belongs in ignore.h. The arena owns the result. Thread rule: pure.
 */
#ifndef FACTS_CONTEXT_IGNORE_READ_H
#define FACTS_CONTEXT_IGNORE_READ_H

#include <stddef.h>
#include <stdint.h>

#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"

/* The reference reads through a 64 KiB window and refuses a longer line; the count is ours. */
enum { IGNORE_MAX_LINE = 65535, IGNORE_MAX_PATTERNS = 65536 };

/* One pattern and the line it stands on. */
struct ignore_line {
    struct str pattern;
    uint32_t line; /* from 1 */
};

struct ignore_lines {
    const struct ignore_line *items;
    size_t count;
    uint32_t last_line; /* the last line that was read; the offending one after LIMIT */
};

/* Cuts Unicode White_Space at both ends. */
struct str ignore_trim(struct str text);

/* Reads the whole file text. LIMIT for a line above IGNORE_MAX_LINE bytes (the reference refuses
 * the build) or too many patterns: `out` then holds what was read before. NOMEM otherwise. */
plim_status ignore_read(struct ignore_lines *out, struct arena *arena,
                        struct str file) PLIM_MUST_CHECK;

#endif
