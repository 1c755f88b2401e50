/* SPDX-License-Identifier: Apache-2.0
 *
 * text_pairs.h - which pairs of neighbouring bytes may stand in a text.
 *
 * A rule with twenty patterns asks the same text twenty times. One pass over the text fills a small
 * bitmap of its pairs; a literal with a pair that is not in it cannot stand in the text. Letters
 * are folded (ASCII), so one bitmap serves patterns with and without (?i). It may only say
 * "perhaps" too often, never too rarely. Thread rule: pure.
 */
#ifndef RUNTIME_TEXT_PAIRS_H
#define RUNTIME_TEXT_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

enum { TEXT_PAIRS_WORDS = 32 }; /* 2,048 bits: a line of a build file sets a tenth of them */

struct text_pairs {
    uint64_t bits[TEXT_PAIRS_WORDS];
};

/* Fills the bitmap from a text. */
void text_pairs_fill(struct text_pairs *pairs, struct str text);

/* False when `literal` cannot stand in the text. */
bool text_pairs_allow(const struct text_pairs *pairs, struct str literal);

#endif
