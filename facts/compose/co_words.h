/* SPDX-License-Identifier: Apache-2.0
 *
 * co_words.h - command: and entrypoint: written as one text, split into words as Compose does.
 *
 * That is no shell: nothing is expanded, and an unquoted ; & | < > silently ends the command. What
 * the words mean belongs to facts/shell.
 * Memory: words live in the caller's arena. Thread rule: pure but for the arena.
 */
#ifndef FACTS_COMPOSE_CO_WORDS_H
#define FACTS_COMPOSE_CO_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/version.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/compose/co_text.h"

struct co_words {
    const struct str *items;
    size_t count;
    size_t sure;    /* so many words stand before the first hole; behind it there may be others */
    bool lost;      /* text from lost_at on is dropped by Compose */
    size_t lost_at; /* of the character that ended the command */
};

/* Splits `text`. False with a fault when Compose would refuse it: an open quote or an unquoted
 * parenthesis; also after a failure of the arena, whose status tells. A text with holes is never
 * refused: only its sure words are given then. */
bool co_words_split(struct arena *arena, struct str text, struct co_words *out,
                    struct co_fault *fault) PLIM_MUST_CHECK;

#endif
