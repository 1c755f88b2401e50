/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_parse.c - drives sh_grammar.y over the tokens of sh_lex.c and turns whatever happens into a
 * tree. The parser's stack is on the C stack up to 64 symbols and in the arena beyond.
 *
 * Most commands are simple and joined by && or ||. They are joined here, in a loop, and given to
 * the grammar as one token SH_TOK_COMMANDS; what is part of a pipeline, stands behind ! or has
 * substitutions is left to the grammar, token by token.
 */
#include "facts/shell/sh_parse.h"

#include "core/alloc.h"
#include "facts/shell/sh_build.h"
#include "facts/shell/sh_grammar.tab.h"
#include "facts/shell/sh_lex.h"

/* The next token, one read ahead or a new one. */
static int next_token(struct sh_parse *parse, struct sh_token *token)
{
    if (parse->ahead_next < parse->ahead_count) {
        const struct sh_ahead *ahead = &parse->ahead[parse->ahead_next++];
        *token = ahead->token;
        return ahead->kind;
    }
    int kind = sh_lexer_next(parse->lexer);
    *token = parse->lexer->token;
    return kind;
}

/* Puts a token behind those that are to be handed out next. */
static void put_back(struct sh_parse *parse, int kind, const struct sh_token *token)
{
    if (parse->ahead_next == parse->ahead_count) {
        parse->ahead_next = parse->ahead_count = 0;
    }
    parse->ahead[parse->ahead_count++] = (struct sh_ahead){.token = *token, .kind = kind};
}

/* Joins the simple command of `token` with those that follow it by && and ||. SIMPLE when it is
 * part of a pipeline. What was read too far is put back. */
static int join_commands(struct sh_parse *parse, const struct sh_token *token,
                         struct sh_chain *chain)
{
    struct sh_token command = *token;
    struct sh_token operator= {0};
    int joined_by = 0;
    *chain = (struct sh_chain){0};
    for (;;) {
        struct sh_token next;
        int kind = next_token(parse, &next);
        if (kind == SH_TOK_PIPE || kind == SH_TOK_PIPE_BOTH) {
            if (joined_by == 0) {
                put_back(parse, kind, &next);
                return SH_TOK_SIMPLE;
            }
            put_back(parse, joined_by, &operator);
            put_back(parse, SH_TOK_SIMPLE, &command);
            put_back(parse, kind, &next);
            return SH_TOK_COMMANDS;
        }
        struct sh_chain one =
            sh_build_chain(sh_build_simple(parse, SH_NODE_SIMPLE, command.simple));
        *chain =
            joined_by == 0
                ? one
                : sh_build_join(*chain, joined_by == SH_TOK_AND_IF ? SH_OP_AND : SH_OP_OR, one);
        if (kind != SH_TOK_AND_IF && kind != SH_TOK_OR_IF) {
            put_back(parse, kind, &next);
            return SH_TOK_COMMANDS;
        }
        joined_by = kind;
        operator= next;
        do {
            kind = next_token(parse, &command);
        } while (kind == SH_TOK_NEWLINE);
        if (kind != SH_TOK_SIMPLE) {
            put_back(parse, joined_by, &operator);
            put_back(parse, kind, &command);
            return SH_TOK_COMMANDS;
        }
    }
}

int sh_yylex(SH_YYSTYPE *value, SH_YYLTYPE *range, struct sh_parse *parse)
{
    struct sh_token token;
    bool fresh = parse->ahead_next == parse->ahead_count;
    int kind = next_token(parse, &token);
    range->start = token.start;
    range->end = token.end;
    if (token.subst != NULL) {
        value->subst = token.subst;
    } else {
        value->simple = token.simple;
    }
    if (kind == SH_TOK_SIMPLE && fresh && !parse->single) {
        struct sh_chain chain;
        kind = join_commands(parse, &token, &chain);
        if (kind == SH_TOK_COMMANDS) {
            value->chain = chain;
        }
    }
    if (kind != SH_TOK_NEWLINE) {
        parse->single = kind == SH_TOK_PIPE || kind == SH_TOK_PIPE_BOTH || kind == SH_TOK_BANG ||
                        kind == SH_TOK_TIME || kind == SH_TOK_SUBST_CLOSE;
    }
    return kind;
}

void sh_yyerror(const SH_YYLTYPE *range, struct sh_parse *parse, const char *message)
{
    (void)message;
    sh_lexer_gap(parse->lexer, SH_GAP_SYNTAX, range->start, range->end);
}

plim_status sh_parser_init(struct sh_parser *parser, const plim_allocator *allocator)
{
    parser->allocator = alloc_or_default(allocator);
    parser->lexer = alloc_resize(parser->allocator, NULL, 0, sizeof *parser->lexer);
    if (parser->lexer == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    sh_lexer_init(parser->lexer, parser->allocator);
    return PLIM_STATUS_OK;
}

void sh_parser_free(struct sh_parser *parser)
{
    if (parser->lexer != NULL) {
        sh_lexer_release(parser->lexer);
        alloc_free(parser->allocator, parser->lexer, sizeof *parser->lexer);
        parser->lexer = NULL;
    }
}

/* Runs the grammar over a started lexer. */
static plim_status run(struct sh_parser *parser, struct sh_tree *out, struct arena *arena)
{
    struct sh_lexer *lexer = parser->lexer;
    struct sh_parse parse = {.lexer = lexer, .arena = arena};
    int outcome = sh_yyparse(&parse);
    if (parse.root == NULL) {
        /* The grammar gave up; what it held went to the salvage. */
        enum sh_gap gap = outcome == 2 ? SH_GAP_TOO_DEEP : SH_GAP_SYNTAX;
        sh_lexer_gap(lexer, gap, 0, lexer->len);
        struct sh_range whole = {.start = 0, .end = lexer->len};
        parse.root = sh_build_broken(&parse, sh_build_list(&parse, 0), whole);
    }
    if (sh_lexer_status(lexer) != PLIM_STATUS_OK) {
        return sh_lexer_status(lexer);
    }
    *out = (struct sh_tree){.root = parse.root,
                            .gap_start = lexer->gap_start,
                            .gap_end = lexer->gap_end,
                            .gap = lexer->gap};
    return PLIM_STATUS_OK;
}

plim_status sh_parse_script(struct sh_parser *parser, struct sh_tree *out, struct arena *arena,
                            struct str text)
{
    if (text.len >= UINT32_MAX) {
        return PLIM_STATUS_LIMIT;
    }
    sh_lexer_start(parser->lexer, arena, text);
    return run(parser, out, arena);
}

plim_status sh_parse_body(struct sh_parser *parser, struct sh_tree *out, struct arena *arena,
                          struct str text)
{
    if (text.len >= UINT32_MAX) {
        return PLIM_STATUS_LIMIT;
    }
    sh_lexer_start_body(parser->lexer, arena, text);
    return run(parser, out, arena);
}

const char *sh_gap_text(enum sh_gap gap)
{
    switch (gap) {
    case SH_GAP_NONE:
        return "complete";
    case SH_GAP_SYNTAX:
        return "no shell construct fits here";
    case SH_GAP_UNTERMINATED:
        return "quote or bracket is never closed";
    case SH_GAP_HEREDOC:
        return "here-document has no end";
    case SH_GAP_TOO_DEEP:
        return "nesting is deeper than 200";
    case SH_GAP_TOO_LARGE:
        return "text is too large to analyse";
    }
    return "";
}
