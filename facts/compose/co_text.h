/* SPDX-License-Identifier: Apache-2.0
 *
 * co_text.h - what all readers of small texts in compose files share: messages with offsets, and
 * the way from a text as decoded back to the place where it was written.
 *
 * No syntax of any attribute belongs here. Memory: messages live in the caller's arena.
 * Thread rule: pure but for the arena.
 */
#ifndef FACTS_COMPOSE_CO_TEXT_H
#define FACTS_COMPOSE_CO_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/source.h"
#include "core/str.h"

/* What is known of a piece of a text. */
enum co_state {
    CO_ABSENT, /* it is not there */
    CO_KNOWN,
    CO_UNKNOWN /* it has a hole, or may be there behind one */
};

/* What is wrong with a text: a sentence without a full stop, such as `"80800" is not a port`, and
 * the bytes of the text it speaks of. */
struct co_fault {
    struct str message; /* empty: nothing is wrong */
    size_t start;
    size_t end;
};

/* Longest quotation of foreign text in a message, in bytes; what is longer is cut with "...". */
enum { CO_QUOTE_MAX = 80 };

/* A message made of `before`, the quoted text and `after`. Parts whose value is unknown are shown
 * as "${...}". Empty after a failure of the arena. */
struct str co_quote(struct arena *arena, const char *before, struct str quoted, const char *after);

/* Whether a text has a part that nobody knows (TREE_HOLE). */
bool co_has_hole(struct str text);

/* A scalar of a file: its place, and the bytes that stand there. */
struct co_written {
    struct span span;
    struct str raw; /* the file's text from span.start to span.end; empty when it is not at hand */
};

/* Place of the bytes [from, to) of the decoded `text`: their own place where the text stands in the
 * file as it is, with or without quotes around it; else the place of the whole scalar. */
struct span co_written_part(const struct co_written *written, struct str text, size_t from,
                            size_t to);

/* Finds places one after the other in a text that was decoded from escapes, folded or indented
 * lines: every "$" of the text stands in the file, so counting them leads from one to the other. */
struct co_dollars {
    struct co_written written;
    struct str text;
    size_t text_at; /* how far both were read */
    size_t raw_at;
    bool counted; /* raw and text have the same number of "$" */
};

/* Prepares. Time is linear in both texts for all calls of co_dollars_place together. */
void co_dollars_init(struct co_dollars *dollars, const struct co_written *written, struct str text);

/* Place of text[from, to), where text[from] is a "$"; `from` grows from call to call. */
struct span co_dollars_place(struct co_dollars *dollars, size_t from, size_t to);

#endif
