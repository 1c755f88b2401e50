/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_parse.c - drives sh_grammar.y over the tokens of sh_lex.c and turns whatever happens into a
 * tree. The parser's stack is on the C stack up to 200 symbols and in the arena beyond.
 */
#include "facts/shell/sh_parse.h"

#include "core/alloc.h"
#include "facts/shell/sh_build.h"
#include "facts/shell/sh_grammar.tab.h"
#include "facts/shell/sh_lex.h"

int sh_yylex(SH_YYSTYPE *value, SH_YYLTYPE *range, struct sh_parse *parse)
{
    int kind = sh_lexer_next(parse->lexer);
    const struct sh_token *token = &parse->lexer->token;
    if (token->subst != NULL) {
        value->subst = token->subst;
    } else {
        value->simple = token->simple;
    }
    range->start = token->start;
    range->end = token->end;
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
