/* SPDX-License-Identifier: Apache-2.0
 *
 * parse_recover.c - where the parser goes on after a syntax error.
 *
 * Words that begin declarations, clauses and parts are reserved, so they are trusted as anchors
 * wherever they stand; the words of properties and test statements may also be names and are
 * trusted only at the start of a line. When a block meets the next declaration or the end of the
 * file, its missing `}` is put in. The token recovery stops at causes no error of its own
 * (quiet_at): it would be the same mistake again. Every call either consumes a token, or stops at
 * one its caller can use, or puts in a `}`, or is one of the few that may repeat at a place: the
 * parser always gets on.
 */
#include "compiler/parse_state.h"

/* Whether only blanks stand before `offset` on its line. */
static bool begins_line(const struct parse *p, uint32_t offset)
{
    const char *text = p->source.text.ptr;
    while (offset > 0 && (text[offset - 1] == ' ' || text[offset - 1] == '\t')) {
        offset--;
    }
    return offset == 0 || text[offset - 1] == '\n' || text[offset - 1] == '\r';
}

static bool is_end(int token)
{
    return token == TOKEN_END || lexer_keyword_category(token) == LEXER_ITEM;
}

static bool begins_clause(const struct parse *p, int token, struct span span)
{
    enum lexer_category category = lexer_keyword_category(token);
    return category == LEXER_CLAUSE || (category == LEXER_META && begins_line(p, span.start));
}

static bool begins_step(const struct parse *p, int token, struct span span)
{
    return token == TOKEN_GIVEN || token == TOKEN_EXPECT ||
           (lexer_keyword_category(token) == LEXER_STEP && begins_line(p, span.start));
}

/* A line that begins with a name begins something misspelled: an error of its own. */
static bool begins_unknown(const struct parse *p, int token, struct span span)
{
    return token == TOKEN_NAME && begins_line(p, span.start);
}

static bool stops(const struct parse *p, enum parse_sync mode, int token, struct span span)
{
    if (is_end(token)) {
        return true;
    }
    switch (mode) {
    case SYNC_ITEM:
        return false;
    case SYNC_HEAD:
    case SYNC_OPENING:
        return token == '{' || token == '}' || begins_clause(p, token, span) ||
               begins_step(p, token, span);
    case SYNC_CLAUSE:
        return token == '}' || begins_clause(p, token, span) ||
               lexer_keyword_category(token) == LEXER_PART || begins_unknown(p, token, span);
    case SYNC_STEP:
        return token == '}' || begins_step(p, token, span) || begins_unknown(p, token, span);
    case SYNC_ELEMENT:
        return token == '}' || token == '{' || lexer_keyword_category(token) == LEXER_CLAUSE ||
               lexer_keyword_category(token) == LEXER_PART;
    }
    return true;
}

/* Skips the rest of a list element: to the , or ] that ends it. Brackets opened behind `depth` are
 * closed on the way; the anchors of `stops` end the list. */
static int skip_element(struct parse *p, int token, GRAMMAR_STYPE *value, struct span *span)
{
    unsigned open = 0;
    while (!stops(p, SYNC_ELEMENT, token, *span)) {
        bool closes = token == ']' || token == ')';
        if (open == 0 && (token == ',' || token == ']')) {
            return token;
        }
        open += (unsigned)(token == '(' || token == '[');
        open -= (unsigned)(closes && open > 0);
        token = grammar_lex(value, span, p);
    }
    parse_push(p, token, value, *span);
    span->end = span->start;
    return ']';
}

/* The head and the brace of a block may both be missing at the same token; a token that nobody
 * takes after that must not stop recovery for ever. */
static bool is_stuck(struct parse *p, uint32_t at)
{
    enum { MISSING_PARTS = 2 };
    p->stops_here = at == p->stopped_at ? p->stops_here + 1 : 0;
    return p->stops_here > MISSING_PARTS;
}

void parse_resync(struct parse *p, enum parse_sync mode, int *token, GRAMMAR_STYPE *value,
                  struct span *span)
{
    bool unknown = *token == TOKEN_NAME && span->start == p->stopped_at;
    bool stuck = is_stuck(p, span->start);
    if (*token == TOKEN_GRAMMAR_EMPTY || unknown || (stuck && !is_end(*token))) {
        *token = grammar_lex(value, span, p);
    }
    if (mode == SYNC_ELEMENT) {
        *token = skip_element(p, *token, value, span);
        p->quiet_at = span->start;
        return;
    }
    while (!stops(p, mode, *token, *span)) {
        *token = grammar_lex(value, span, p);
    }
    p->depth = 0;
    p->stopped_at = span->start;
    p->quiet_at = *token == TOKEN_NAME ? PARSE_NOWHERE : span->start;
    bool in_block = mode == SYNC_CLAUSE || mode == SYNC_STEP;
    if (is_end(*token) && in_block) {
        parse_push(p, *token, value, *span);
        span->end = span->start;
        *token = '}';
    } else if (mode == SYNC_OPENING && *token == '{') {
        parse_open_block(p, *span);
        *token = TOKEN_GRAMMAR_EMPTY;
    }
}
