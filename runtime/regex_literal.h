/* SPDX-License-Identifier: Apache-2.0
 *
 * regex_literal.h - what can be told of a pattern from its text alone.
 *
 * Finds constructs that are refused, and a literal that every match contains. Works on the pattern
 * text, without the matcher's types. Thread rule: pure.
 */
#ifndef RUNTIME_REGEX_LITERAL_H
#define RUNTIME_REGEX_LITERAL_H

#include <stdbool.h>

#include "core/str.h"
#include "runtime/regex.h"

enum { REGEX_MAX_LITERAL = 64 };

/* A byte string every match contains; length 0 when none was found. */
struct regex_literal {
    char text[REGEX_MAX_LITERAL];
    size_t length;
};

/* False with a reason for back-references, recursion, and repeats over the limits. */
bool regex_literal_check(struct str pattern, struct regex_error *error);

/* The longest such literal outside groups, classes and alternatives; none when the pattern switches
 * options (such as (?i)) on. */
struct regex_literal regex_literal_find(struct str pattern);

#endif
