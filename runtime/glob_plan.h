/* SPDX-License-Identifier: Apache-2.0
 *
 * glob_plan.h - wildcards with the literal parts looked for first.
 *
 * Most texts fail at the first bytes, the last bytes or at a literal in between; only what is left
 * goes to the matcher of core/glob, and patterns like `**part**` never do. Borrows the pattern.
 * Thread rule: immutable once made, shareable.
 */
#ifndef RUNTIME_GLOB_PLAN_H
#define RUNTIME_GLOB_PLAN_H

#include <stdbool.h>

#include "core/str.h"

struct glob_plan {
    struct str glob;
    struct str prefix; /* every match begins with it */
    struct str suffix; /* ends with it */
    struct str inner;  /* and has this between the two; empty when there is none */
    bool decided;      /* what has all three matches */
};

/* Plan of a pattern that glob_is_valid accepts. */
struct glob_plan glob_plan_make(struct str glob);

/* Same answer as glob_match on the pattern. */
bool glob_plan_match(const struct glob_plan *plan, struct str text);

#endif
