/* SPDX-License-Identifier: Apache-2.0
 *
 * fmt_line.h - breaks lines of formatted text that are too long.
 *
 * The formatter writes a line and notes where it may be broken and how far the rest would be
 * indented; at its end the line is laid out again, broken where the fewest brackets are open. A
 * line that was broken so stays as it is the next time. Owns the list of places. Thread rule: one
 * thread at a time.
 */
#ifndef COMPILER_FMT_LINE_H
#define COMPILER_FMT_LINE_H

#include <stddef.h>

#include "core/buf.h"

enum { FMT_LINE_COLUMNS = 100 };

/* A place where the line may be broken: before the token at this offset of `out`. */
struct fmt_break {
    size_t offset;
    unsigned columns; /* indentation behind the break */
    unsigned depth;   /* open brackets */
};

struct fmt_line {
    struct buf *out;
    size_t start; /* of the line in `out` */
    struct fmt_break *breaks;
    size_t count;
    size_t capacity;
};

/* Begins a line where `out`, which is borrowed, ends; allocates nothing. */
void fmt_line_init(struct fmt_line *line, struct buf *out);

/* Frees the list of places. */
void fmt_line_release(struct fmt_line *line);

/* The next token, which is about to be written behind a blank, may begin a line. */
void fmt_line_may_break(struct fmt_line *line, unsigned columns, unsigned depth);

/* The line is complete: breaks it when it is too long, and begins the next one where `out` ends.
 * A failure is sticky in `out`. */
void fmt_line_end(struct fmt_line *line);

#endif
