/* SPDX-License-Identifier: Apache-2.0
 *
 * regexp_literal.h - what can be told of a pattern from its text alone.
 *
 * Finds constructs that are refused, and a literal that every match contains. Works on the pattern
 * text, without the matcher's types. Thread rule: pure.
 */
#ifndef RUNTIME_REGEXP_LITERAL_H
#define RUNTIME_REGEXP_LITERAL_H

#include <stdbool.h>

#include "core/str.h"
#include "runtime/regexp.h"

enum { REGEXP_MAX_LITERAL = 64 };

/* A byte string every match contains; length 0 when none was found. */
struct regexp_literal {
    char text[REGEXP_MAX_LITERAL];
    size_t length;
};

/* False with a reason for back-references, recursion, and repeats over the limits. */
bool regexp_literal_check(struct str pattern, struct regexp_error *error);

/* The longest such literal outside groups, classes and alternatives; none when the pattern switches
 * options (such as (?i)) on. */
struct regexp_literal regexp_literal_find(struct str pattern);

#endif
