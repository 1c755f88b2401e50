/* SPDX-License-Identifier: Apache-2.0
 *
 * parse.c - runs one parse: tokens from the lexer to the parser, brackets counted, two-word
 * operators joined; see parse.h. The nesting of brackets is bounded here, before the parser's stack
 * is; everything else that nests is bounded by the tree's depth (ast_build.c) and by the stack.
 */
#include "compiler/parse.h"

#include "compiler/ast_build.h"
#include "compiler/lex_token.h"
#include "compiler/parse_state.h"

void parse_push(struct parse *p, int token, const GRAMMAR_STYPE *value, struct span span)
{
    p->pushed[p->pushed_count++] =
        (struct parse_token){.token = token, .value = *value, .span = span};
}

static int next_raw(struct parse *p, GRAMMAR_STYPE *value, struct span *span)
{
    if (p->pushed_count > 0) {
        const struct parse_token *pushed = &p->pushed[--p->pushed_count];
        *value = pushed->value;
        *span = pushed->span;
        return pushed->token;
    }
    if (arena_status(p->arena) != PLIM_STATUS_OK) {
        return lex_end(&p->lexer, span);
    }
    return lexer_next(&p->lexer, value, span);
}

/* `first second` is one token when nothing but blanks and comments stands between them. */
static int join_words(struct parse *p, int first, int second, int joined, struct span *span)
{
    GRAMMAR_STYPE value;
    struct span next;
    int token = next_raw(p, &value, &next);
    if (token == second) {
        span->end = next.end;
        return joined;
    }
    parse_push(p, token, &value, next);
    return first;
}

static bool ends_nesting(int token)
{
    enum lexer_category category = lexer_keyword_category(token);
    return token == TOKEN_END || token == '{' || token == '}' || category == LEXER_ITEM ||
           category == LEXER_CLAUSE || category == LEXER_PART;
}

/* The bracket at `*span` is one too many: reports it and skips what it encloses. */
static int refuse_nesting(struct parse *p, struct span *span)
{
    parse_report_depth(p, *span);
    unsigned open = 1;
    GRAMMAR_STYPE value;
    struct span next = *span;
    int token = TOKEN_END;
    while (open > 0) {
        token = next_raw(p, &value, &next);
        if (ends_nesting(token)) {
            p->quiet_at = next.start;
            p->depth = 0;
            parse_push(p, token, &value, next);
            return TOKEN_BAD;
        }
        open += (unsigned)(token == '(' || token == '[');
        open -= (unsigned)(token == ')' || token == ']');
        span->end = next.end;
    }
    return TOKEN_BAD;
}

int grammar_lex(GRAMMAR_STYPE *value, struct span *span, struct parse *p)
{
    int token = next_raw(p, value, span);
    switch (token) {
    case TOKEN_NOT:
        token = join_words(p, TOKEN_NOT, TOKEN_IN, TOKEN_NOT_IN, span);
        break;
    case TOKEN_IS:
        token = join_words(p, TOKEN_IS, TOKEN_NOT, TOKEN_IS_NOT, span);
        break;
    case '(':
    case '[':
        if (p->depth == PARSE_MAX_DEPTH) {
            token = refuse_nesting(p, span);
        } else {
            p->brackets[p->depth++] = span->start;
        }
        break;
    case ')':
    case ']':
        p->depth -= (unsigned)(p->depth > 0);
        break;
    default:
        break;
    }
    p->last_end = span->end;
    return token;
}

void parse_open_block(struct parse *p, struct span span)
{
    p->block = span.start;
}

plim_status parse_start(struct parse *p, int start_token, struct span range)
{
    plim_status status =
        lexer_init(&p->lexer, p->arena, &p->source, p->id, range, p->keywords, p->diags);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    p->quiet_at = PARSE_NOWHERE;
    p->stopped_at = PARSE_NOWHERE;
    p->block = PARSE_NOWHERE;
    GRAMMAR_STYPE none = {.number = 0};
    parse_push(p, start_token, &none, (struct span){range.source, range.start, range.start});
    (void)grammar_parse(p); /* its errors are in the diagnostics; its stack cannot grow */
    return arena_status(p->arena);
}

static bool is_too_large(struct diag_list *diags, const struct source *source, source_id id)
{
    if (source->text.len <= PARSE_MAX_BYTES) {
        return false;
    }
    diag_report(diags, DIAG_module_limit, (struct span){.source = id, .end = 1},
                "a policy file of %zu bytes is too large: at most %d are allowed", source->text.len,
                PARSE_MAX_BYTES);
    return true;
}

plim_status parse_module(struct ast_module **out, struct arena *arena, struct source_set *sources,
                         source_id id, struct diag_list *diags)
{
    const struct source *source = source_get(sources, id);
    if (source == NULL) {
        return PLIM_STATUS_INTERNAL;
    }
    struct lexer_keywords keywords;
    lexer_keywords_init(&keywords);
    struct parse state = {
        .arena = arena, .diags = diags, .keywords = &keywords, .source = *source, .id = id};
    struct parse *p = &state;
    ast_begin_module(p);
    struct span whole = {.source = id, .end = (uint32_t)source->text.len};
    if (is_too_large(diags, source, id)) {
        whole.end = 0;
    }
    plim_status status = parse_start(p, TOKEN_START_MODULE, whole);
    if (status == PLIM_STATUS_OK) {
        *out = p->module;
    }
    return status;
}
