/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_grammar.y - lists, pipelines and compound commands of a shell.
 *
 * Words, redirections and simple commands arrive as finished tokens (see sh_lex.h for why); simple
 * commands joined by && and || arrive as one (see sh_parse.c), since most texts are little else.
 * Command substitutions stand in front of the token they belong to. Closers arrive only when their
 * opener is open, so a stray one is SH_TOK_BAD and costs no more than its own command. What error
 * recovery throws away goes to `salvage` and is kept below an SH_NODE_UNPARSED node: commands in a
 * broken compound are still commands. Actions only build the tree of sh_ast.h.
 * Default reductions are off where a choice exists, so that an error is seen before the list it
 * stands in is reduced away; the `error` behind a whole block is for the closers that LALR's
 * merged look-aheads let through.
 */
%require "3.8"
%define api.pure full
%define api.prefix {sh_yy}
%define api.token.prefix {SH_TOK_}
%define api.location.type {struct sh_range}
%define lr.default-reduction consistent
%locations
%expect 0
%param {struct sh_parse *parse}

%code requires {
#include "facts/shell/sh_ast.h"

struct sh_parse;

struct sh_range {
    uint32_t start;
    uint32_t end;
};

/* Siblings under construction. */
struct sh_chain {
    struct sh_node *first;
    struct sh_node *last;
};
}

%union {
    struct sh_simple *simple;
    struct sh_subst *subst;
    struct sh_node *node;
    struct sh_chain chain;
    unsigned flags;
}

%code provides {
/* Called by the parser; sh_parse.c has them. */
int sh_yylex(SH_YYSTYPE *value, SH_YYLTYPE *range, struct sh_parse *parse);
void sh_yyerror(const SH_YYLTYPE *range, struct sh_parse *parse, const char *message);
}

%code {
#include "facts/shell/sh_build.h"

#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
    do {                                                                                           \
        if (n) {                                                                                   \
            (current).start = YYRHSLOC(rhs, 1).start;                                              \
            (current).end = YYRHSLOC(rhs, n).end;                                                  \
        } else {                                                                                   \
            (current).start = (current).end = YYRHSLOC(rhs, 0).end;                                \
        }                                                                                          \
    } while (0)

/* Depth comes from nesting alone (lists are left-recursive): SH_MAX_DEPTH levels of at most a
 * dozen symbols. The stack grows in the arena, never by malloc. */
#define YYMAXDEPTH 4000
#define YYINITDEPTH 64
#define YYSTACK_ALLOC(size) sh_build_stack(parse, size)
#define YYSTACK_ALLOC_MAXIMUM (1 << 20)
}

%token END 0 "end"
%token <simple> SIMPLE "command"
%token <chain> COMMANDS "commands"
%token <simple> TEST "[[ ]]"
%token <simple> ARITH "(( ))"
%token <simple> FOR "for"
%token <simple> CASE "case"
%token <simple> PATTERN "pattern"
%token <simple> FUNCTION "function"
%token <simple> REDIRS "redirection"
%token <subst> SUBST_OPEN "$("
%token SUBST_CLOSE ")$"
%token NEWLINE SEMI ";" AMP "&" AND_IF "&&" OR_IF "||" PIPE "|" PIPE_BOTH "|&"
%token BANG "!" TIME "time"
%token LPAREN "(" RPAREN ")" LBRACE "{" RBRACE "}"
%token IF "if" THEN "then" ELIF "elif" ELSE "else" FI "fi"
%token WHILE "while" UNTIL "until" DO "do" DONE "done" ESAC "esac" DSEMI ";;"
%token BAD "bad token"

/* Where both fit, an error belongs to the innermost list. */
%precedence OUTER
%precedence error

%type <node> chunks block head command compound do_group branches else_part case_items
%type <chain> and_or pipeline pipe_seq
%type <flags> prefixes pipe

%destructor { sh_build_salvage(parse, $$); } <node>
%destructor { sh_build_salvage_chain(parse, $$); } <chain>
%destructor { sh_build_salvage_simple(parse, $$); } SIMPLE TEST ARITH
%destructor { sh_build_salvage_commands(parse, $$); } COMMANDS

%%

script: chunks END { sh_build_root(parse, $chunks); }
      | chunks error END { sh_build_root(parse, sh_build_broken(parse, $chunks, @error)); }
      ;

chunks: block
      | chunks error sep block
        { $$ = sh_build_concat(sh_build_broken(parse, $1, @error), $block); yyerrok; }
      ;

/* A list; the last command may lack its separator. */
block: head %prec OUTER
     | head and_or { $$ = sh_build_append(parse, $head, $and_or); }
     | head error { $$ = sh_build_broken(parse, $head, @error); yyerrok; }
     ;

/* A list whose every command is ended. */
head: %empty { $$ = sh_build_list(parse, @$.start); }
    | head sep
    | head AMP
    | head and_or sep { $$ = sh_build_append(parse, $1, $and_or); }
    | head and_or AMP { $$ = sh_build_background(parse, $1, $and_or); }
    | head error sep { $$ = sh_build_broken(parse, $1, @error); yyerrok; }
    | head error AMP { $$ = sh_build_broken(parse, $1, @error); yyerrok; }
    ;

sep: SEMI | NEWLINE

newlines: %empty | newlines NEWLINE

and_or: pipeline
      | COMMANDS
      | and_or AND_IF newlines pipeline { $$ = sh_build_join($1, SH_OP_AND, $pipeline); }
      | and_or OR_IF newlines pipeline { $$ = sh_build_join($1, SH_OP_OR, $pipeline); }
      | and_or AND_IF newlines COMMANDS { $$ = sh_build_join($1, SH_OP_AND, $COMMANDS); }
      | and_or OR_IF newlines COMMANDS { $$ = sh_build_join($1, SH_OP_OR, $COMMANDS); }
      ;

pipeline: pipe_seq { $$ = sh_build_pipeline(parse, $pipe_seq, 0); }
        | prefixes pipe_seq { $$ = sh_build_pipeline(parse, $pipe_seq, $prefixes); }
        ;

prefixes: BANG { $$ = SH_NODE_NEGATED; }
        | TIME { $$ = SH_NODE_TIMED; }
        | prefixes BANG { $$ = $1 ^ SH_NODE_NEGATED; }
        | prefixes TIME { $$ = $1 | SH_NODE_TIMED; }
        ;

pipe: PIPE { $$ = 0; } | PIPE_BOTH { $$ = SH_NODE_PIPE_STDERR; }

pipe_seq: command { $$ = sh_build_chain($command); }
        | pipe_seq pipe newlines command { $$ = sh_build_pipe($1, $pipe, $command); }
        ;

command: substs SIMPLE { $$ = sh_build_simple(parse, SH_NODE_SIMPLE, $SIMPLE); }
       | substs TEST { $$ = sh_build_simple(parse, SH_NODE_TEST, $TEST); }
       | substs ARITH { $$ = sh_build_simple(parse, SH_NODE_ARITH, $ARITH); }
       | compound
       | compound substs REDIRS { $$ = sh_build_trailer($compound, $REDIRS); }
       | FUNCTION newlines compound
         { $$ = sh_build_compound(parse, SH_NODE_FUNCTION, @$, $FUNCTION, $compound); }
       | FUNCTION newlines compound substs REDIRS
         { $$ = sh_build_compound(parse, SH_NODE_FUNCTION, @$, $FUNCTION,
                                  sh_build_trailer($compound, $REDIRS)); }
       ;

substs: %empty
      | substs SUBST_OPEN block SUBST_CLOSE { sh_build_subst($SUBST_OPEN, $block); }
      | substs SUBST_OPEN block error SUBST_CLOSE
        { sh_build_subst($SUBST_OPEN, sh_build_broken(parse, $block, @error)); yyerrok; }
      ;

compound: LPAREN block RPAREN
          { $$ = sh_build_compound(parse, SH_NODE_SUBSHELL, @$, NULL, $block); }
        | LPAREN block error RPAREN
          { $$ = sh_build_compound(parse, SH_NODE_SUBSHELL, @$, NULL,
                                   sh_build_broken(parse, $block, @error)); yyerrok; }
        | LBRACE block RBRACE
          { $$ = sh_build_compound(parse, SH_NODE_GROUP, @$, NULL, $block); }
        | IF branches else_part FI { $$ = sh_build_if($branches, $else_part, @$); }
        | WHILE block[test] do_group
          { $$ = sh_build_loop(parse, @$, $test, $do_group); }
        | UNTIL block[test] do_group
          { $$ = sh_build_loop(parse, @$, $test, $do_group); }
        | substs FOR seps do_group
          { $$ = sh_build_compound(parse, SH_NODE_FOR, @$, $FOR, $do_group); }
        | substs FOR seps LBRACE block RBRACE
          { $$ = sh_build_compound(parse, SH_NODE_FOR, @$, $FOR, $block); }
        | substs CASE case_items ESAC { $$ = sh_build_case($case_items, $CASE, @$); }
        | substs CASE case_items substs PATTERN block ESAC
          { $$ = sh_build_case(sh_build_arm($case_items, $PATTERN, $block), $CASE, @$); }
        ;

seps: %empty | seps sep

branches: block[test] THEN block[body]
          { $$ = sh_build_branch(sh_build_compound(parse, SH_NODE_IF, @$, NULL, NULL), $test,
                                 $body); }
        | branches ELIF block[test] THEN block[body]
          { $$ = sh_build_branch($1, $test, $body); }
        ;

else_part: %empty { $$ = NULL; } | ELSE block { $$ = $block; }

do_group: DO block DONE { $$ = $block; }

case_items: %empty { $$ = sh_build_compound(parse, SH_NODE_CASE, @$, NULL, NULL); }
          | case_items substs PATTERN block DSEMI
            { $$ = sh_build_arm($1, $PATTERN, $block); }
          ;

%%
