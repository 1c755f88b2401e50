/* SPDX-License-Identifier: Apache-2.0
 *
 * lexer.h - policy text to tokens with exact spans; tokens are those of grammar.y.
 *
 * Owns the flex scanner of one text. Bad bytes, unclosed strings and malformed numbers are reported
 * here, once, and scanning goes on with the nearest sensible token, so that the parser does not
 * complain again. No token is copied: values are slices of the source text.
 * Memory: one copy of the text for flex in the arena given; nothing to free. Thread rule: one
 * thread at a time per lexer; no globals.
 */
#ifndef COMPILER_LEXER_H
#define COMPILER_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/status.h>

#include "compiler/grammar.tab.h"
#include "core/arena.h"
#include "core/diag.h"
#include "core/source.h"
#include "core/str.h"

enum {
    LEXER_MAX_WORD = 255,         /* bytes of a name or number; a longer one is E0008 */
    LEXER_MAX_STRING = 256 << 10, /* bytes of a string */
    LEXER_KEYWORD_SLOTS = 256,
    LEXER_SLAB = 1024
};

/* Hash table from text to keyword; made once per file. */
struct lexer_keywords {
    uint8_t slots[LEXER_KEYWORD_SLOTS]; /* row of keywords.def + 1; 0: free */
};

struct lexer {
    struct diag_list *diags;
    const struct lexer_keywords *keywords;
    struct str text;  /* of the whole source */
    const char *copy; /* flex's buffer; copy[i] is text.ptr[base + i] */
    uint32_t base;
    uint32_t end; /* offset behind the text to scan */
    source_id source;
    bool plain;     /* the text is printable ASCII: no byte needs a closer look */
    bool after_dot; /* the next word is a field name */
    bool unclosed;  /* a text runs to the end: that other things are missing follows from it */
    void *scanner;
    size_t slab_used;
    _Alignas(16) char slab[LEXER_SLAB]; /* flex's own few objects: they can never fail */
};

/* Fills the table; cheap enough to be done for every file. */
void lexer_keywords_init(struct lexer_keywords *keywords);

/* Prepares to scan text[from, to) of source `id`. The keywords are borrowed. NOMEM or LIMIT when
 * the arena has no room for the copy. */
plim_status lexer_init(struct lexer *lexer, struct arena *arena, const struct source *source,
                       source_id id, struct span range, const struct lexer_keywords *keywords,
                       struct diag_list *diags) PLIM_MUST_CHECK;

/* Next token, TOKEN_END (again and again) at the end. Reports what is wrong with it. */
int lexer_next(struct lexer *lexer, GRAMMAR_STYPE *value, struct span *span);

/* Text of a keyword token ("rule"), or NULL for other tokens. Static. Pure. */
const char *lexer_keyword_text(int token);

/* Category of a keyword token; LEXER_NO_KEYWORD for other tokens. Pure. */
enum lexer_category {
    LEXER_ITEM,
    LEXER_META,
    LEXER_CLAUSE,
    LEXER_PART,
    LEXER_STEP,
    LEXER_WORD,
    LEXER_OPERATOR,
    LEXER_START,
    LEXER_NO_KEYWORD
};
enum lexer_category lexer_keyword_category(int token);

#endif
