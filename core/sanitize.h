/* SPDX-License-Identifier: Apache-2.0
 *
 * sanitize.h - untrusted text to terminal-safe text: one line stays one line.
 *
 * Control bytes, invalid UTF-8, bidi and invisible characters become visible escapes such as \x1b
 * and \u{202e}; runs of combining marks are cut; long texts are cut with "...". Workflow commands
 * of CI systems (a line starting with "::" or "##[") are broken up. Thread rule: pure.
 */
#ifndef CORE_SANITIZE_H
#define CORE_SANITIZE_H

#include <stddef.h>

#include "core/buf.h"
#include "core/str.h"

enum { SANITIZE_MAX_COMBINING = 4 };

/* What to print for one character of untrusted text, and how many columns that takes. */
struct sanitize_cell {
    char bytes[12]; /* no NUL behind them */
    unsigned len;   /* 0: print nothing (a combining mark too many) */
    unsigned width;
};

/* The cell of the character at `*at` (must be below text.len), which is advanced. `*combining`
 * counts marks in a row; the caller starts it with 0 and leaves it alone. A tab becomes \t: callers
 * that expand tabs handle them first. */
struct sanitize_cell sanitize_next(struct str text, size_t *at, unsigned *combining);

/* Offset behind the printable ASCII bytes that begin at `at`: each is a column wide and safe as it
 * is. Callers take such runs whole instead of cell by cell. */
size_t sanitize_plain_run(struct str text, size_t at);

/* Appends `text` made safe; at most `max_columns` display columns (0: no cut). */
void sanitize_append(struct buf *out, struct str text, size_t max_columns);

/* Same for text that begins a line of output: also neutralises CI workflow commands. */
void sanitize_append_line_start(struct buf *out, struct str text, size_t max_columns);

#endif
