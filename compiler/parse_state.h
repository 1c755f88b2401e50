/* SPDX-License-Identifier: Apache-2.0
 *
 * parse_state.h - the state of one parse, shared by grammar.y and the files around it.
 *
 * parse.c feeds tokens and owns the run, parse_recover.c skips after errors, parse_report.c words
 * them, template.c cuts messages, ast_build.c makes nodes. Nobody else includes this. Lives on the
 * stack of parse_module (or of parse_template for an interpolation). Thread rule: one thread.
 */
#ifndef COMPILER_PARSE_STATE_H
#define COMPILER_PARSE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler/ast.h"
#include "compiler/grammar.tab.h"
#include "compiler/lexer.h"
#include "compiler/literal.h"
#include "compiler/parse.h"

#define PARSE_NOWHERE UINT32_MAX /* no offset */

struct parse_token {
    GRAMMAR_STYPE value;
    struct span span;
    int token;
};

/* Ends of the lists under construction. */
struct parse_tails {
    struct ast_import **imports;
    struct ast_param **params;
    struct ast_list **lists;
    struct ast_def **defs;
    struct ast_rule **rules;
    struct ast_test **tests;
    struct ast_def_param **def_params;
    struct ast_meta **meta;
    struct ast_clause **clauses;
    struct ast_arm **arms;
    struct ast_also **also;
    struct ast_fix **fixes;
    struct ast_given **givens;
    struct ast_with **withs;
    struct ast_expect **expects;
};

struct parse {
    struct arena *arena;
    struct diag_list *diags;
    const struct lexer_keywords *keywords;
    struct source source; /* a copy: the set may move its own */
    source_id id;
    struct lexer lexer;
    struct parse_token pushed[4]; /* read before the lexer is asked, last in first out */
    unsigned pushed_count;
    uint32_t last_end;                  /* of the token given last */
    uint32_t brackets[PARSE_MAX_DEPTH]; /* offsets of open ( and [ */
    unsigned depth;                     /* how many are open */
    uint32_t block;                     /* offset of the open {, or PARSE_NOWHERE */
    uint32_t quiet_at;   /* an error at this token is a consequence of one that was reported */
    uint32_t stopped_at; /* where recovery stopped last */
    unsigned stops_here; /* and how often running */

    struct ast_module *module; /* result of START_MODULE; NULL in an interpolation */
    struct ast_expr *expr;     /* result of START_EXPR */
    struct ast_param *param;   /* the parts under construction */
    struct ast_def *def;
    struct ast_rule *rule;
    struct ast_arm *arm; /* never NULL once a rule has begun: see parse_arm.c */
    unsigned arm_parts;  /* bit set of enum parse_part seen in it */
    bool arm_open;
    bool arm_broken; /* an error was reported in it: nothing is said to be missing */
    struct ast_test *test;
    struct parse_tails tails;
    /* What nodes are made of when the arena fails: building goes on harmlessly to the next token,
     * which then is the end of the file. */
    _Alignas(16) char spare[512];
};

/* Where recovery goes on; see parse_recover.c. */
enum parse_sync {
    SYNC_ITEM,    /* next declaration */
    SYNC_HEAD,    /* { of a rule or test, or what its block may begin with */
    SYNC_OPENING, /* the same, and the { is taken */
    SYNC_CLAUSE,  /* next clause of a rule or part of an arm, or the end of the rule */
    SYNC_STEP,    /* next statement of a test, or its end */
    SYNC_ELEMENT  /* next , or ] of a list */
};

/* parse.c */
int grammar_lex(GRAMMAR_STYPE *value, struct span *span, struct parse *p);
void parse_push(struct parse *p, int token, const GRAMMAR_STYPE *value, struct span span);
void parse_open_block(struct parse *p, struct span span);
plim_status parse_start(struct parse *p, int start_token, struct span range) PLIM_MUST_CHECK;

/* Name of a grammar symbol as users type it, by its number; NULL beyond the last one. For the test
 * that compares keywords.def with the grammar. Static. */
const char *parse_token_name(int symbol);

/* The same by token as the lexer gives it. Static. */
const char *parse_token_text(int token);

/* parse_recover.c: skips from the offending token in `*token` to the place `mode` names. An end of
 * block that is missing there is put in. */
void parse_resync(struct parse *p, enum parse_sync mode, int *token, GRAMMAR_STYPE *value,
                  struct span *span);

/* parse_arm.c: parts of a deny arm, in their order. `keyword` is the word that begins the part. */
enum parse_part { PART_AT, PART_ALSO, PART_MESSAGE, PART_FIX, PART_COUNT };
void parse_begin_arm(struct parse *p, struct ast_name name, struct ast_name severity,
                     struct span span);
void parse_part(struct parse *p, enum parse_part part, struct span keyword);
void parse_break_arm(struct parse *p);
void parse_end_arm(struct parse *p);
/* The first required part that the open arm still lacks, or NULL. Static. */
const char *parse_missing_part(const struct parse *p);

/* parse_report.c */
void parse_report_syntax(struct parse *p, struct span span, const char *found,
                         const char *const *expected, size_t count);
void parse_report_depth(struct parse *p, struct span span);
void parse_report_assignment(struct parse *p, struct span span);
/* `a < b < c`: reports and returns an AST_ERROR. */
struct ast_expr *parse_report_chain(struct parse *p, const struct ast_expr *left,
                                    const struct ast_expr *right, struct span left_span,
                                    struct span operator_span, struct span span);
/* `7d 12h`: the sum; reports parts in the wrong order. */
int64_t parse_join_duration(struct parse *p, int64_t left, int64_t right, struct span left_span,
                            struct span right_span);

/* template.c: cuts the body of a string at its {interpolations}. */
struct ast_template *parse_template(struct parse *p, struct str body, bool block, struct span span);

/* Text of the source under a span. */
static inline struct str parse_text(const struct parse *p, struct span span)
{
    return str_slice(p->source.text, span.start, span.end);
}

#endif
