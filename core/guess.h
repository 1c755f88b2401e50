/* SPDX-License-Identifier: Apache-2.0
 *
 * guess.h - "did you mean": the one of several names that is most like a misspelt one.
 *
 * Knows letters only; which names may be meant is the caller's business. Owns nothing: names are
 * borrowed. Thread rule: pure.
 */
#ifndef CORE_GUESS_H
#define CORE_GUESS_H

#include <stddef.h>

#include "core/str.h"

/* Longer texts count as far apart, in bytes: names are short, and hostile ones must not cost more
 * than a table of fixed size. */
enum { GUESS_MAX_NAME = 64 };

/* The best candidate so far for a misspelt name. Initialise with guess_start. */
struct guess {
    struct str name;
    struct str best; /* empty: nothing is near enough */
    size_t distance;
};

/* Starts a search for names like `name`. */
struct guess guess_start(struct str name);

/* Considers a candidate. */
void guess_consider(struct guess *guess, struct str candidate);

/* Edits (insert, delete, replace, swap of neighbours) between two texts, at most `limit` + 1. */
size_t guess_distance(struct str a, struct str b, size_t limit);

#endif
