/* SPDX-License-Identifier: Apache-2.0
 *
 * df_lex.h - bytes to physical and logical lines (byte order mark, CR, continuations, comments).
 *
 * Owns the line rules of the frontend only; what a line means is df_parse.c's business. A logical
 * line that needs no joining is a view of the file and costs nothing; a joined one is copied to
 * the arena together with its segments. Release with df_lexer_release. Thread rule: one thread.
 */
#ifndef FACTS_DOCKERFILE_DF_LEX_H
#define FACTS_DOCKERFILE_DF_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/str.h"
#include "facts/dockerfile/df_ast.h"

/* Longest physical line the frontend reads, without its line feed. */
enum { DF_LINE_MAX = 65535 };

/* One physical line, as offsets of the text. */
struct df_physical {
    uint32_t start;
    uint32_t end;    /* CR and LF at the end left out */
    uint32_t next;   /* first byte of the next line */
    uint32_t number; /* from 1 */
    bool too_long;
};

struct df_lexer {
    struct str text;
    struct arena *arena;
    uint32_t at;   /* first byte of the next physical line */
    uint32_t line; /* physical lines read so far */
    char escape;
    struct buf joined;           /* scratch of the line that is being joined */
    struct sh_segment *segments; /* scratch, in the arena */
    size_t segment_count;
    size_t segment_capacity;
};

/* Called for comment lines inside a continuation; `start` is the offset of the #. */
typedef void df_comment_fn(void *user, const struct df_physical *line, uint32_t start);

/* Prepares a lexer behind an optional byte order mark. The text must be below 4 GiB. */
void df_lexer_init(struct df_lexer *lexer, struct arena *arena, struct str text);
void df_lexer_release(struct df_lexer *lexer);

/* Reads one physical line; false at the end of the text. */
bool df_lexer_physical(struct df_lexer *lexer, struct df_physical *out);

/* Offset of the first byte in [from, to) that is no white space of Unicode; `to` if there is none.
 * The frontend cuts such blanks in front of the first line of an instruction. */
uint32_t df_lexer_skip_space(struct str text, uint32_t from, uint32_t to);

/* Completes the logical line that begins at offset `start` of physical line `first`, reading
 * further lines as long as it continues. `*too_long` tells that one of them was too long. The
 * arena's status tells of failures; `out` is usable (maybe cut) in any case. */
void df_lexer_logical(struct df_lexer *lexer, struct df_line *out, const struct df_physical *first,
                      uint32_t start, bool *too_long, df_comment_fn *comment, void *user);

/* df_space_length for a byte that is not ASCII. */
size_t df_space_length_wide(struct str text, size_t at);

/* Byte length of the white space character (Unicode White_Space) at text[at], 0 when it is none. */
static inline size_t df_space_length(struct str text, size_t at)
{
    unsigned char c = (unsigned char)text.ptr[at];
    if (c < 0x80) {
        return c == ' ' || (c >= '\t' && c <= '\r') ? 1 : 0;
    }
    return df_space_length_wide(text, at);
}

/* Blanks that separate words: space, tab, VT, FF, CR. */
static inline bool df_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* Cuts Unicode white space at both ends. */
struct str df_trim(struct str text);

#endif
