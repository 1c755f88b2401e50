/* SPDX-License-Identifier: Apache-2.0
 *
 * df_pattern.h - the patterns of ${NAME#p}, ${NAME%p} and ${NAME/p/r}.
 *
 * Only `*` and `?` are special; neither matches a line feed. Matching simulates all possibilities
 * at once, so a pattern costs at most its length times the value's length per starting point; the
 * caller's work counter bounds the rest. Memory: scratch and results in the arena.
 * Thread rule: one thread at a time.
 */
#ifndef FACTS_DOCKERFILE_DF_PATTERN_H
#define FACTS_DOCKERFILE_DF_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/str.h"

enum df_pattern_status {
    DF_PATTERN_OK,
    DF_PATTERN_INVALID, /* a backslash in front of an ordinary character or at the end */
    DF_PATTERN_BUDGET   /* *work reached its limit */
};

struct df_pattern_work {
    struct arena *arena;
    size_t *used;
    size_t limit;
};

/* Cuts the shortest (or longest) prefix or suffix of `value` that matches. `*out` is a view of
 * `value`; untouched on failure. */
enum df_pattern_status df_pattern_trim(struct df_pattern_work *work, struct str *out,
                                       struct str pattern, struct str value, bool suffix,
                                       bool longest);

/* Appends `value` with its first match replaced, or all of them. The replacement of all matches is
 * read as a template of Go's regexp package ($0, ${0}, $$; other names are empty), that of the
 * first one is not. */
enum df_pattern_status df_pattern_replace(struct df_pattern_work *work, struct buf *out,
                                          struct str pattern, struct str value,
                                          struct str replacement, bool all);

#endif
