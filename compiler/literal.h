/* SPDX-License-Identifier: Apache-2.0
 *
 * literal.h - values of literals: numbers with units, string escapes.
 *
 * Pure functions over slices; what is wrong is told to the caller, who knows the place. The lexer
 * checks with these, the parser takes the values. Templates are cut in template.c because their
 * parts are expressions. Thread rule: pure (string_value uses its arena only).
 */
#ifndef COMPILER_LITERAL_H
#define COMPILER_LITERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/str.h"

enum literal_kind { LITERAL_INT, LITERAL_DURATION, LITERAL_SIZE };

/* Reads `12`, `7d`, `7d12h` (units w d h m s ms, each smaller than the one before) or `512MiB`
 * (B, kB MB GB TB, KiB MiB GiB TiB): the number, nanoseconds or bytes. NULL when it is well
 * formed, else a static text that says what is wrong. */
const char *literal_number(struct str text, enum literal_kind *kind, int64_t *value);

/* Offset of the first escape of a "..." body that is no escape of the language, or text.len;
 * `*length` receives how many bytes it covers. */
size_t literal_bad_escape(struct str body, size_t *length);

/* Text of a "..." body with escapes resolved: the body itself when it has none, else a copy in the
 * arena. Bad escapes stand for themselves: they were reported. */
struct str literal_string(struct arena *arena, struct str body);

/* Appends one escape that starts at body.ptr[*at] == '\\' and advances `*at` behind it. */
void literal_put_escape(struct buf *out, struct str body, size_t *at);

/* Text of a triple-quoted body: verbatim, but for a line break right behind the opening quotes. */
struct str literal_block(struct str body);

/* Text of a triple-quoted body for people: trimmed, and without the indentation that all lines
 * behind the first have in common. A copy in the arena when lines are changed. */
struct str literal_prose(struct arena *arena, struct str body);

#endif
