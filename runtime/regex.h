/* SPDX-License-Identifier: Apache-2.0
 *
 * regex.h - regular expressions with hard limits: the one door to PCRE2.
 *
 * Patterns come from policies and are literals; subjects come from hostile documents. Constructs
 * whose cost cannot be bounded (back-references, recursion, large or nested counted repeats) are
 * refused when a policy is compiled; what is left runs under a match limit, and exceeding it is an
 * error outcome of the rule, never a verdict. No just-in-time code: it needs writable executable
 * memory. A literal that every match must contain is looked for first, so that most subjects never
 * reach the matcher. Who frees: regex_free. Thread rule: a struct regex serves one thread at a
 * time.
 */
#ifndef RUNTIME_REGEX_H
#define RUNTIME_REGEX_H

#include <stdbool.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/str.h"

enum {
    REGEX_MAX_PATTERN = 1024,  /* bytes: patterns are read by people */
    REGEX_MAX_REPEAT = 1000,   /* of one counted repeat */
    REGEX_MAX_PRODUCT = 10000, /* of counted repeats inside each other */
    REGEX_MAX_SUBJECT = 1 << 20
};

struct regex;

/* Why a pattern is refused. */
struct regex_error {
    size_t offset; /* into the pattern */
    char text[160];
};

/* Checks a pattern without keeping it. False with a reason when it is malformed or unsafe. */
bool regex_check(struct str pattern, struct regex_error *error);

/* Whether every text matches (the pattern matches the empty text and is not anchored at both
 * ends). The pattern must have passed regex_check. */
bool regex_matches_everything(struct str pattern);

/* Compiles. POLICY with a reason when regex_check would refuse it; NOMEM. */
plim_status regex_new(struct regex **out, const plim_allocator *allocator, struct str pattern,
                      struct regex_error *error) PLIM_MUST_CHECK;

void regex_free(struct regex *regex);

enum regex_result { REGEX_NO_MATCH, REGEX_MATCH, REGEX_LIMIT };

/* Searches `subject`; REGEX_LIMIT when the match or memory limit ended the search, or the subject
 * is longer than REGEX_MAX_SUBJECT. */
enum regex_result regex_match(struct regex *regex, struct str subject);

#endif
