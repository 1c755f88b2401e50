/* SPDX-License-Identifier: Apache-2.0
 *
 * regexp_hint.h - what every match of a pattern must contain, found from the pattern's text.
 *
 * A short list of literals one of which stands in every match, or one literal every match begins
 * with at the start of the text. Looking for them costs a pass over the bytes, so that most texts
 * never reach the matcher. No hint is always right; an unclear construct gives none. Case is
 * folded for ASCII after a leading (?i). Thread rule: immutable once made, shareable.
 */
#ifndef RUNTIME_REGEXP_HINT_H
#define RUNTIME_REGEXP_HINT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

enum { REGEXP_HINT_LITERALS = 16, REGEXP_HINT_BYTES = 192, REGEXP_HINT_DEPTH = 16 };

struct regexp_hint {
    uint8_t count; /* literals; 0: every text may match */
    bool anchored; /* the only literal stands at the start of the text */
    bool fold;     /* literals are in lower case; so must the text be compared */
    uint8_t ends[REGEXP_HINT_LITERALS]; /* in `bytes`, one behind the other */
    char bytes[REGEXP_HINT_BYTES];
    uint64_t first[4]; /* bitmap of their first bytes */
};

/* Hint of a pattern that regexp_check accepts; of any other text an arbitrary one. */
void regexp_hint_find(struct regexp_hint *hint, struct str pattern);

/* False when no match is possible. */
bool regexp_hint_allows(const struct regexp_hint *hint, struct str text);

#endif
