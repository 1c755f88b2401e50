/* SPDX-License-Identifier: Apache-2.0
 *
 * regexp.h - regular expressions with hard limits: the one door to PCRE2.
 *
 * Patterns come from policies and are literals; subjects come from hostile documents. Constructs
 * whose cost cannot be bounded (back-references, recursion, large or nested counted repeats) are
 * refused when a policy is compiled; what is left runs under a match limit, and exceeding it is an
 * error outcome of the rule, never a verdict. No just-in-time code: it needs writable executable
 * memory. Callers look for literals first (regexp_hint.h). Who frees: regexp_free. Thread rule: a
 * struct regexp serves one thread at a time.
 */
#ifndef RUNTIME_REGEXP_H
#define RUNTIME_REGEXP_H

#include <stdbool.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/buf.h"
#include "core/str.h"

enum {
    REGEXP_MAX_PATTERN = 1024,  /* bytes: patterns are read by people */
    REGEXP_MAX_REPEAT = 1000,   /* of one counted repeat */
    REGEXP_MAX_PRODUCT = 10000, /* of counted repeats inside each other */
    REGEXP_MAX_SUBJECT = 1 << 20
};

struct regexp;

/* Why a pattern is refused. */
struct regexp_error {
    size_t offset; /* into the pattern */
    char text[160];
};

/* Checks a pattern without keeping it. False with a reason when it is malformed or unsafe. */
bool regexp_check(struct str pattern, struct regexp_error *error);

/* Whether every text matches (the pattern matches the empty text and is not anchored at both
 * ends). The pattern must have passed regexp_check. */
bool regexp_matches_everything(struct str pattern);

/* Compiles. POLICY with a reason when regexp_check would refuse it; NOMEM. */
plim_status regexp_new(struct regexp **out, const plim_allocator *allocator, struct str pattern,
                       struct regexp_error *error) PLIM_MUST_CHECK;

/* Frees; NULL is fine. */
void regexp_free(struct regexp *regex);

enum regexp_result { REGEXP_NO_MATCH, REGEXP_MATCH, REGEXP_LIMIT };

/* Searches `subject`; REGEXP_LIMIT when the match or memory limit ended the search, or the subject
 * is longer than REGEXP_MAX_SUBJECT. */
enum regexp_result regexp_match(struct regexp *regex, struct str subject);

/* Appends name and version of the library in use and a line end. */
void regexp_describe_library(struct buf *out);

#endif
