/* SPDX-License-Identifier: Apache-2.0
 *
 * lexer.c - setting up a scanner, the keyword table, and flex's memory; see lexer.h.
 *
 * Flex asks for three small objects per scanner (state, buffer stack, buffer); they come from a
 * slab inside struct lexer, so that flex never meets a failed allocation, which it would answer by
 * ending the process. The text it scans is copied once because flex writes into its buffer.
 */
#include "compiler/lexer.h"

#include <string.h>

#include "compiler/lex_token.h"

/* The types flex's header leaves to the parser. */
#define YYSTYPE GRAMMAR_STYPE
#define YYLTYPE struct span
#include "compiler/lexer.lex.h"

struct keyword_row {
    struct str text;
    int token;
    enum lexer_category category;
};

static const struct keyword_row keyword_rows[] = {
#define KEYWORD(token, text, category) {{text, sizeof(text) - 1}, TOKEN_##token, LEXER_##category},
#include "compiler/keywords.def"
#undef KEYWORD
};

enum { KEYWORD_COUNT = sizeof keyword_rows / sizeof *keyword_rows };
_Static_assert(KEYWORD_COUNT < LEXER_KEYWORD_SLOTS / 2, "keyword table too small");

static size_t hash_word(struct str text)
{
    size_t first = (unsigned char)text.ptr[0];
    size_t last = (unsigned char)text.ptr[text.len - 1];
    return (first * 31 + last * 7 + text.len * 3) & (LEXER_KEYWORD_SLOTS - 1);
}

void lexer_keywords_init(struct lexer_keywords *keywords)
{
    *keywords = (struct lexer_keywords){.slots = {0}};
    for (size_t i = 0; i < KEYWORD_COUNT; i++) {
        size_t at = hash_word(keyword_rows[i].text);
        while (keywords->slots[at] != 0) {
            at = (at + 1) & (LEXER_KEYWORD_SLOTS - 1);
        }
        keywords->slots[at] = (uint8_t)(i + 1);
    }
}

int lex_keyword(const struct lexer *lexer, struct str text)
{
    size_t at = hash_word(text);
    while (lexer->keywords->slots[at] != 0) {
        const struct keyword_row *row = &keyword_rows[lexer->keywords->slots[at] - 1];
        if (str_eq(row->text, text)) {
            return row->token;
        }
        at = (at + 1) & (LEXER_KEYWORD_SLOTS - 1);
    }
    return TOKEN_NAME;
}

static const struct keyword_row *find_row(int token)
{
    for (size_t i = 0; i < KEYWORD_COUNT; i++) {
        if (keyword_rows[i].token == token) {
            return &keyword_rows[i];
        }
    }
    return NULL;
}

const char *lexer_keyword_text(int token)
{
    const struct keyword_row *row = find_row(token);
    return row != NULL ? row->text.ptr : NULL;
}

enum lexer_category lexer_keyword_category(int token)
{
    const struct keyword_row *row = find_row(token);
    return row != NULL ? row->category : LEXER_NO_KEYWORD;
}

/* Whether every byte is printable ASCII, tab or line feed. No early exit: so it is vectorised. */
static bool is_plain(struct str text)
{
    unsigned odd = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        odd |= (unsigned)((c < 0x20 && c != '\n' && c != '\t') || c >= 0x7f);
    }
    return odd == 0;
}

plim_status lexer_init(struct lexer *lexer, struct arena *arena, const struct source *source,
                       source_id id, struct span range, const struct lexer_keywords *keywords,
                       struct diag_list *diags)
{
    uint32_t start = range.start;
    struct str text = str_slice(source->text, start, range.end);
    if (start == 0 && str_starts_with(text, STR("\xEF\xBB\xBF"))) {
        start = 3; /* a byte order mark at the very start is harmless */
        text = str_slice(text, 3, text.len);
    }
    char *copy = arena_alloc(arena, text.len + 2); /* flex wants two NUL bytes behind the text */
    if (copy == NULL) {
        return arena_status(arena);
    }
    if (text.len > 0) {
        memcpy(copy, text.ptr, text.len);
    }
    *lexer = (struct lexer){.diags = diags,
                            .keywords = keywords,
                            .text = source->text,
                            .copy = copy,
                            .base = start,
                            .end = start + (uint32_t)text.len,
                            .source = id,
                            .plain = is_plain(text)};
    yyscan_t scanner = NULL;
    if (lexer_yylex_init_extra(lexer, &scanner) != 0 ||
        lexer_yy_scan_buffer(copy, text.len + 2, scanner) == NULL) {
        return PLIM_STATUS_INTERNAL;
    }
    lexer->scanner = scanner;
    return PLIM_STATUS_OK;
}

int lexer_next(struct lexer *lexer, GRAMMAR_STYPE *value, struct span *span)
{
    return lexer_yylex(value, span, lexer->scanner);
}

void *lexer_yyalloc(size_t size, yyscan_t scanner)
{
    struct lexer *lexer = lexer_yyget_extra(scanner);
    size_t bytes = (size + 15) & ~(size_t)15;
    if (bytes > sizeof lexer->slab - lexer->slab_used) {
        return NULL; /* not reached: flex asks for about 300 bytes */
    }
    void *ptr = lexer->slab + lexer->slab_used;
    lexer->slab_used += bytes;
    return ptr;
}

void *lexer_yyrealloc(void *ptr, size_t size, yyscan_t scanner)
{
    (void)ptr; /* only a buffer stack or an input buffer would grow; both are fixed here */
    return lexer_yyalloc(size, scanner);
}

void lexer_yyfree(void *ptr, yyscan_t scanner)
{
    (void)ptr;
    (void)scanner;
}
