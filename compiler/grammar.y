/* SPDX-License-Identifier: Apache-2.0
 *
 * grammar.y - the productions of policy text; actions build the tree (ast_build.h) and recover.
 *
 * No precedence declarations and no conflicts: levels are nonterminals, loosest first. A body of
 * any/all/no/one/filter extends as far to the right as it can, so such an expression may end an
 * operand of `not`, `and`, `or` but not begin one (the *_open nonterminals).
 * Recovery: `error` stands where a declaration, clause, part of an arm, step of a test or list
 * element may; RESYNC skips to the next place to go on. Its rules consist of `error` alone, so
 * bison reduces them at once, with the offending token still unread.
 * Memory: everything in the arena of struct parse; the parser's stack is fixed and never grows.
 */
%require "3.8"
%define api.pure full
%define api.prefix {grammar_}
%define api.token.prefix {TOKEN_}
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%param {struct parse *p}

%code requires {
#include "compiler/ast.h"
#include "core/source.h"
#include "core/str.h"

struct parse;

/* Lists under construction, in order. */
struct ast_exprs {
    struct ast_expr_node *first, *last;
};
struct ast_names {
    struct ast_name_node *first, *last;
};
}

%union {
    struct str text;
    int64_t number;
    struct ast_expr *expr;
    struct ast_exprs exprs;
    struct ast_names names;
    struct ast_type *type;
    struct ast_template *template;
    struct ast_fix *fix;
}

%code {
#include "compiler/ast_build.h"
#include "compiler/parse_state.h"

/* Deep enough for PARSE_MAX_DEPTH brackets with every operator between them; it never grows, so
 * bison allocates nothing. */
#define YYINITDEPTH 2000
#define YYMAXDEPTH YYINITDEPTH
#define YYMALLOC(size) NULL
#define YYFREE(ptr) ((void)(ptr))

#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
    ((current) = (struct span){.source = YYRHSLOC(rhs, (n) > 0).source,                            \
                               .start = (n) > 0 ? YYRHSLOC(rhs, 1).start : YYRHSLOC(rhs, 0).end,   \
                               .end = YYRHSLOC(rhs, n).end})

#define NO_NAMES ((struct ast_names){.first = NULL})
#define NO_EXPRS ((struct ast_exprs){.first = NULL})

#define RESYNC(mode)                                                                               \
    do {                                                                                           \
        YY_LAC_DISCARD("resync");                                                                  \
        parse_resync(p, mode, &yychar, &yylval, &yylloc);                                          \
        yyerrok;                                                                                   \
    } while (0)

static void yyerror(const struct span *span, struct parse *p, const char *message);
}

%initial-action { @$ = (struct span){.source = p->id}; }

%token END 0 "end of file"
%token START_MODULE START_EXPR "start"
%token BAD "unreadable text"
%token <text> NAME "name" STRING "string" BLOCK "text" VERSION "version" PATH "module path"
%token <number> INT "number" DURATION "duration" SIZE "size"
%token DOTS ".." EQ "==" NE "!=" LE "<=" GE ">=" NOT_IN "not in" IS_NOT "is not"
%token <text> IMPORT "import" PARAM "param" LIST "list" DEF "def" RULE "rule" TEST "test"
%token <text> RANGE "range" EXTENDABLE "extendable" LOCKED "locked"
%token <text> ID "id" TITLE "title" WHY "why" REMEDY "remedy" SEVERITY "severity"
%token <text> SECTION "section" COVERS "covers" SINCE "since" UNKNOWN "unknown"
%token <text> FOR "for" EACH "each" WHERE "where" LET "let" DENY "deny"
%token <text> WHEN "when" AT "at" ALSO "also" MESSAGE "message" FIX "fix"
%token <text> SAFE "safe" UNSAFE "unsafe" REPLACE "replace" INSERT "insert" AFTER "after"
%token <text> BEFORE "before" DELETE "delete"
%token <text> OR "or" AND "and" NOT "not" IN "in" IS "is" LIKE "like" MATCHES "matches"
%token <text> DEFAULT "default" HAS "has" ANY "any" ALL "all" NO "no" ONE "one" FILTER "filter"
%token <text> TRUE "true" FALSE "false"
%token <text> GIVEN "given" NOW "now" WITH "with" EXPECT "expect" FINDING "finding"
%token <text> FINDINGS "findings" LINE "line" DOCKERFILE "dockerfile" COMPOSE "compose"
%token <text> IMAGE "image" CONTAINER "container" SCAN "scan" FILE "file"

%type <text> name word head string prose unknown_value arm_name arm_severity doc arm at_file
%type <number> flag duration quantifier compare safety given_kind line
%type <names> names strings
%type <exprs> items arguments elements
%type <expr> expr or_expr or_open and_expr and_open not_expr not_open negation
%type <expr> open_negation quantified
%type <expr> relation relation_full operand postfix primary literal list_literal element
%type <expr> range_low range_high
%type <fix> fix
%type <type> type
%type <template> template label

%start start

%%

start:
    START_MODULE module
  | START_EXPR expr                 { p->expr = $expr; }
  ;

module:
    %empty
  | module item
  ;

item:
    IMPORT PATH                     { ast_add_import(p, $PATH, @PATH, @$); }
  | param
  | LIST name '=' list_literal      { ast_add_list(p, name_at($name, @name), $list_literal, @$); }
  | def
  | rule
  | test
  | error                           { RESYNC(SYNC_ITEM); }
  ;

/* ---- declarations --------------------------------------------------------------------------- */

param:
    PARAM name ':' type '=' postfix
                                    { ast_begin_param(p, name_at($name, @name), $type, $postfix); }
    range flag doc                  { ast_end_param(p, (int)$flag, $doc, @$); }
  ;

range:
    %empty
  | RANGE range_low DOTS range_high { ast_set_range(p, $range_low, $range_high); }
  ;

range_low: postfix ;
range_high: postfix ;

flag:
    %empty                          { $$ = PARAM_PLAIN; }
  | EXTENDABLE                      { $$ = PARAM_EXTENDABLE; }
  | LOCKED                          { $$ = PARAM_LOCKED; }
  ;

doc:
    %empty                          { $$ = STR(""); }
  | prose
  ;

type:
    name                            { $$ = ast_new_type(p, name_at($name, @name), false, @$); }
  | LIST '<' name '>'               { $$ = ast_new_type(p, name_at($name, @name), true, @$); }
  ;

def:
    DEF name                        { ast_begin_def(p, name_at($name, @name)); }
    def_params '=' expr             { ast_end_def(p, $expr, @$); }
  ;

def_params:
    %empty
  | '(' ')'
  | '(' def_param_list ')'
  ;

def_param_list:
    def_param
  | def_param_list ',' def_param
  ;

def_param:
    name ':' type                   { ast_add_def_param(p, name_at($name, @name), $type); }
  ;

/* ---- rules ---------------------------------------------------------------------------------- */

rule:
    RULE head                       { ast_begin_rule(p, name_at($head, @head)); }
    opening clauses '}'             { parse_end_arm(p); ast_end_rule(p, @$); }
  ;

head:
    name
  | error                           { $$ = STR(""); RESYNC(SYNC_HEAD); }
  ;

opening:
    '{'                             { parse_open_block(p, @1); }
  | error                           { RESYNC(SYNC_OPENING); }
  ;

clauses:
    %empty
  | clauses clause
  ;

clause:
    property                        { parse_end_arm(p); }
  | binding                         { parse_end_arm(p); }
  | DENY arm_name arm_severity WHEN { parse_begin_arm(p, name_at($2, @2), name_at($3, @3), @1); }
    expr                            { ast_set_condition(p, $expr, @expr); }
  | part
  | error                           { parse_break_arm(p); RESYNC(SYNC_CLAUSE); }
  ;

property:
    ID string                       { ast_add_text(p, AST_META_ID, $string, @string, @$); }
  | TITLE string                    { ast_add_text(p, AST_META_TITLE, $string, @string, @$); }
  | WHY prose                       { ast_add_text(p, AST_META_WHY, $prose, @prose, @$); }
  | REMEDY prose                    { ast_add_text(p, AST_META_REMEDY, $prose, @prose, @$); }
  | SEVERITY name                   { ast_add_text(p, AST_META_SEVERITY, $name, @name, @$); }
  | SECTION name                    { ast_add_text(p, AST_META_SECTION, $name, @name, @$); }
  | COVERS strings                  { ast_add_meta(p, AST_META_COVERS, $strings, @$); }
  | SINCE string                    { ast_add_text(p, AST_META_SINCE, $string, @string, @$); }
  | UNKNOWN unknown_value           { ast_add_text(p, AST_META_UNKNOWN, $2, @2, @$); }
  ;

binding:
    FOR name IN names               { ast_add_for(p, name_at($name, @name), $names, @$); }
  | EACH name IN expr               { ast_add_clause(p, AST_CLAUSE_EACH, name_at($name, @name),
                                                     $expr, @$); }
  | WHERE expr                      { ast_add_clause(p, AST_CLAUSE_WHERE, name_at(STR(""), @1),
                                                     $expr, @$); }
  | LET name '=' expr               { ast_add_clause(p, AST_CLAUSE_LET, name_at($name, @name),
                                                     $expr, @$); }
  ;

unknown_value:
    name
  | DENY
  ;

arm_name:
    %empty                          { $$ = STR(""); }
  | word
  ;

arm_severity:
    %empty                          { $$ = STR(""); }
  | SEVERITY name                   { $$ = $name; @$ = @name; }
  ;

/* Parts of the arm begun last, flat, so that an error in one leaves the others readable;
 * parse_arm.c sees to their order. */
part:
    AT                              { parse_part(p, PART_AT, @1); }
    postfix                         { ast_set_at(p, $postfix, @$); }
  | ALSO                            { parse_part(p, PART_ALSO, @1); }
    AT postfix label                { ast_add_also(p, $postfix, $label, @$); }
  | MESSAGE                         { parse_part(p, PART_MESSAGE, @1); }
    template                        { ast_set_message(p, $template, @$); }
  | FIX                             { parse_part(p, PART_FIX, @1); }
    fix                             { ast_add_fix(p, $fix, @$); }
  ;

label:
    %empty                          { $$ = NULL; }
  | template
  ;

fix:
    safety REPLACE postfix WITH template
                                    { $$ = ast_new_fix(p, AST_FIX_REPLACE, $safety != 0, $postfix,
                                                       $template); }
  | safety INSERT AFTER postfix template
                                    { $$ = ast_new_fix(p, AST_FIX_INSERT_AFTER, $safety != 0,
                                                       $postfix, $template); }
  | safety INSERT BEFORE postfix template
                                    { $$ = ast_new_fix(p, AST_FIX_INSERT_BEFORE, $safety != 0,
                                                       $postfix, $template); }
  | safety DELETE postfix           { $$ = ast_new_fix(p, AST_FIX_DELETE, $safety != 0, $postfix,
                                                       NULL); }
  ;

safety:
    SAFE                            { $$ = 1; }
  | UNSAFE                          { $$ = 0; }
  ;

/* ---- tests ---------------------------------------------------------------------------------- */

test:
    TEST test_head opening steps '}'
                                    { ast_end_test(p, @$); }
  ;

test_head:
    string                          { ast_begin_test(p, $string, NO_NAMES); }
  | string FOR names                { ast_begin_test(p, $string, $names); }
  | error                           { ast_begin_test(p, STR(""), NO_NAMES);
                                      RESYNC(SYNC_HEAD); }
  ;

steps:
    %empty
  | steps step
  ;

step:
    GIVEN given_kind string string  { ast_add_given(p, (enum ast_given_kind)$given_kind, $3, $4,
                                                    @4, @$); }
  | NOW string                      { ast_set_now(p, $string, @string); }
  | WITH name '=' postfix           { ast_add_with(p, name_at($name, @name), $postfix, @$); }
  | EXPECT FINDING name arm at_file line
                                    { ast_add_expect(p, (struct ast_expect){
                                          .kind = AST_EXPECT_FINDING,
                                          .rule = name_at($name, @name),
                                          .arm = name_at($arm, @arm),
                                          .file = $at_file, .number = $line, .span = @$}); }
  | EXPECT UNKNOWN name             { ast_add_expect(p, (struct ast_expect){
                                          .kind = AST_EXPECT_UNKNOWN,
                                          .rule = name_at($name, @name), .span = @$}); }
  | EXPECT INT finding_word         { ast_add_expect(p, (struct ast_expect){
                                          .kind = AST_EXPECT_COUNT, .number = $INT,
                                          .span = @$}); }
  | EXPECT NO finding_word          { ast_add_expect(p, (struct ast_expect){
                                          .kind = AST_EXPECT_NONE, .span = @$}); }
  | EXPECT MESSAGE LIKE string      { ast_add_expect(p, (struct ast_expect){
                                          .kind = AST_EXPECT_MESSAGE, .pattern = $string,
                                          .span = @$}); }
  | error                           { RESYNC(SYNC_STEP); }
  ;

given_kind:
    DOCKERFILE                      { $$ = AST_GIVEN_DOCKERFILE; }
  | COMPOSE                         { $$ = AST_GIVEN_COMPOSE; }
  | IMAGE                           { $$ = AST_GIVEN_IMAGE; }
  | CONTAINER                       { $$ = AST_GIVEN_CONTAINER; }
  | SCAN                            { $$ = AST_GIVEN_SCAN; }
  | FILE                            { $$ = AST_GIVEN_FILE; }
  ;

arm:
    %empty                          { $$ = STR(""); }
  | '/' name                        { $$ = $name; @$ = @name; }
  ;

at_file:
    %empty                          { $$ = STR(""); }
  | AT string                       { $$ = $string; }
  ;

line:
    %empty                          { $$ = 0; }
  | LINE INT                        { $$ = $INT; }
  ;

finding_word: FINDING {} | FINDINGS {} ;

/* ---- expressions, loosest first ------------------------------------------------------------- */

expr: or_expr | or_open ;

or_expr:
    and_expr
  | or_expr OR and_expr             { $$ = ast_binary(p, AST_OR, $1, $3, @$); }
  ;

or_open:
    and_open
  | or_expr OR and_open             { $$ = ast_binary(p, AST_OR, $1, $3, @$); }
  ;

and_expr:
    not_expr
  | and_expr AND not_expr           { $$ = ast_binary(p, AST_AND, $1, $3, @$); }
  ;

and_open:
    not_open
  | and_expr AND not_open           { $$ = ast_binary(p, AST_AND, $1, $3, @$); }
  ;

not_expr: relation | negation ;

negation: NOT not_expr              { $$ = ast_unary(p, AST_NOT, $2, @$); } ;

not_open: quantified | open_negation ;

open_negation: NOT not_open         { $$ = ast_unary(p, AST_NOT, $2, @$); } ;

quantified:
    quantifier name IN operand ':' expr
                                    { $$ = ast_quantified(p, (enum ast_quantifier)$quantifier,
                                                          name_at($name, @name), $operand, $expr,
                                                          @$); }
  | FILTER name IN operand ':' expr { $$ = ast_filter(p, name_at($name, @name), $operand, $expr,
                                                      @$); }
  ;

quantifier:
    ANY                             { $$ = AST_ANY; }
  | ALL                             { $$ = AST_ALL; }
  | NO                              { $$ = AST_NO; }
  | ONE                             { $$ = AST_ONE; }
  ;

relation:
    operand
  | relation_full
  | HAS postfix                     { $$ = ast_unary(p, AST_HAS, $2, @$); }
  ;

/* The second half refuses what does not chain, with the words to write instead. */
relation_full:
    operand compare operand         { $$ = ast_compare(p, (enum ast_compare)$2, $1, $3, @$); }
  | operand IN operand              { $$ = ast_negatable(p, AST_IN, false, $1, $3, @$); }
  | operand NOT_IN operand          { $$ = ast_negatable(p, AST_IN, true, $1, $3, @$); }
  | operand LIKE operand            { $$ = ast_binary(p, AST_LIKE, $1, $3, @$); }
  | operand MATCHES operand         { $$ = ast_binary(p, AST_MATCHES, $1, $3, @$); }
  | operand IS name                 { $$ = ast_is(p, false, $1, name_at($3, @3), @$); }
  | operand IS_NOT name             { $$ = ast_is(p, true, $1, name_at($3, @3), @$); }
  | operand '=' operand             { parse_report_assignment(p, @2);
                                      $$ = ast_compare(p, AST_EQ, $1, $3, @$); }
  | relation_full chained operand   { $$ = parse_report_chain(p, $1, $3, @1, @2, @$); }
  ;

compare:
    EQ                              { $$ = AST_EQ; }
  | NE                              { $$ = AST_NE; }
  | '<'                             { $$ = AST_LT; }
  | LE                              { $$ = AST_LE; }
  | '>'                             { $$ = AST_GT; }
  | GE                              { $$ = AST_GE; }
  ;

chained: compare {} | IN {} | NOT_IN | LIKE {} | MATCHES {} | '=' ;

operand:
    postfix
  | operand DEFAULT postfix         { $$ = ast_binary(p, AST_DEFAULT, $1, $3, @$); }
  ;

postfix:
    primary
  | postfix '.' NAME                { $$ = ast_field(p, $1, name_at($3, @3), @$); }
  ;

primary:
    name                            { $$ = ast_new_name(p, name_at($name, @name)); }
  | name '(' arguments ')'          { $$ = ast_call(p, name_at($name, @name), $arguments, @$); }
  | literal
  | list_literal
  | '(' expr ')'                    { $$ = $expr; }
  | BAD                             { $$ = ast_leaf(p, AST_ERROR, @$); }
  ;

literal:
    string                          { $$ = ast_text(p, AST_STRING, $string, @$); }
  | VERSION                         { $$ = ast_text(p, AST_VERSION, $VERSION, @$); }
  | INT                             { $$ = ast_number(p, AST_INT, $INT, @$); }
  | duration                        { $$ = ast_number(p, AST_DURATION, $duration, @$); }
  | SIZE                            { $$ = ast_number(p, AST_SIZE, $SIZE, @$); }
  | TRUE                            { $$ = ast_number(p, AST_BOOL, 1, @$); }
  | FALSE                           { $$ = ast_number(p, AST_BOOL, 0, @$); }
  ;

duration:
    DURATION
  | duration DURATION               { $$ = parse_join_duration(p, $1, $2, @1, @2); }
  ;

list_literal:
    '[' ']'                         { $$ = ast_list(p, NO_EXPRS, @$); }
  | '[' elements ']'                { $$ = ast_list(p, $elements, @$); }
  | '[' elements ',' ']'            { $$ = ast_list(p, $elements, @$); }
  ;

elements:
    element                         { $$ = ast_append_expr(p, NO_EXPRS,
                                                           $1); }
  | elements ',' element            { $$ = ast_append_expr(p, $1, $3); }
  ;

element:
    expr
  | error                           { $$ = ast_leaf(p, AST_ERROR, @$); RESYNC(SYNC_ELEMENT); }
  ;

arguments:
    %empty                          { $$ = NO_EXPRS; }
  | items
  ;

items:
    expr                            { $$ = ast_append_expr(p, NO_EXPRS,
                                                           $1); }
  | items ',' expr                  { $$ = ast_append_expr(p, $1, $3); }
  ;

/* ---- words and texts ------------------------------------------------------------------------ */

names:
    name                            { $$ = ast_append_name(p, NO_NAMES,
                                                           name_at($1, @1)); }
  | names ',' name                  { $$ = ast_append_name(p, $1, name_at($3, @3)); }
  ;

strings:
    string                          { $$ = ast_append_name(p, NO_NAMES,
                                                           name_at($1, @1)); }
  | strings ',' string              { $$ = ast_append_name(p, $1, name_at($3, @3)); }
  ;

string:
    STRING                          { $$ = literal_string(p->arena, $1); }
  | BLOCK                           { $$ = literal_block($1); }
  ;

/* Text for people: the indentation of a block does not count. */
prose:
    STRING                          { $$ = literal_string(p->arena, $1); }
  | BLOCK                           { $$ = literal_prose(p->arena, $1); }
  ;

/* Text with {expression}s in it. */
template:
    STRING                          { $$ = parse_template(p, $1, false, @$); }
  | BLOCK                           { $$ = parse_template(p, $1, true, @$); }
  ;

name: word | SEVERITY ;

/* What may be a name although it has a meaning elsewhere. */
word:
    NAME | RANGE | EXTENDABLE | LOCKED | ID | TITLE | WHY | REMEDY | SECTION | COVERS | SINCE
  | UNKNOWN | SAFE | UNSAFE | REPLACE | INSERT | AFTER | BEFORE | DELETE | NOW | WITH | FINDING
  | FINDINGS | LINE | DOCKERFILE | COMPOSE | IMAGE | CONTAINER | SCAN | FILE
  ;

%%

static void yyerror(const struct span *span, struct parse *p, const char *message)
{
    (void)message; /* only "memory exhausted": the fixed stack is full */
    parse_report_depth(p, *span);
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parse *p)
{
    enum { MOST = YYNTOKENS };
    yysymbol_kind_t kinds[MOST];
    const char *expected[MOST];
    int count = yypcontext_expected_tokens(context, kinds, MOST);
    if (count < 0) {
        count = 0;
    }
    for (int i = 0; i < count; i++) {
        expected[i] = yysymbol_name(kinds[i]);
    }
    yysymbol_kind_t found = yypcontext_token(context);
    parse_report_syntax(p, *yypcontext_location(context),
                        found == YYSYMBOL_YYEMPTY ? "" : yysymbol_name(found), expected,
                        (size_t)count);
    return 0;
}

const char *parse_token_name(int symbol)
{
    return symbol >= 0 && symbol < YYNTOKENS ? yysymbol_name((yysymbol_kind_t)symbol) : NULL;
}

const char *parse_token_text(int token)
{
    return yysymbol_name(YYTRANSLATE(token));
}
