/* SPDX-License-Identifier: Apache-2.0
 *
 * ast.h - the syntax tree of a policy file: what was written, with spans, nothing resolved.
 *
 * Grammar actions build it and do nothing else; names, types and defaults are the business of the
 * later passes, which write their findings into side tables or into the fields marked "set by".
 * All nodes live in the arena of one compilation and die with it; texts are slices of the source
 * or copies in the arena; lists are singly linked in source order. No expression tree is deeper
 * than PARSE_MAX_DEPTH, so passes may recurse. Thread rule: one thread at a time.
 */
#ifndef COMPILER_AST_H
#define COMPILER_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/source.h"
#include "core/str.h"

struct ast_expr;

/* An identifier or keyword used as a name, with its place. */
struct ast_name {
    struct str text;
    struct span span;
};

struct ast_name_node {
    struct ast_name name;
    struct ast_name_node *next;
};

struct ast_expr_node {
    struct ast_expr *expr;
    struct ast_expr_node *next;
};

/* Text with {path} interpolations: parts in order, either text or an expression. */
struct ast_template_part {
    struct str text;       /* escapes resolved; used when expr is NULL */
    struct ast_expr *expr; /* or an interpolated expression */
    struct span span;
    struct ast_template_part *next;
};

struct ast_template {
    struct ast_template_part *parts;
    struct span span;
};

enum ast_compare { AST_EQ, AST_NE, AST_LT, AST_LE, AST_GT, AST_GE };
enum ast_quantifier { AST_ANY, AST_ALL, AST_NO, AST_ONE };

enum ast_expr_kind {
    AST_ERROR,      /* what the parser could not read; later passes say nothing more about it */
    AST_NAME,       /* name: variable, param, list, def without parameters, or enum member */
    AST_FIELD,      /* left.name */
    AST_STRING,     /* text */
    AST_INT,        /* number */
    AST_DURATION,   /* number, nanoseconds */
    AST_SIZE,       /* number, bytes */
    AST_VERSION,    /* text, e.g. v1.2.3 */
    AST_BOOL,       /* number 0 or 1 */
    AST_LIST,       /* items */
    AST_NOT,        /* left */
    AST_AND,        /* left right */
    AST_OR,         /* left right */
    AST_COMPARE,    /* left compare right */
    AST_IN,         /* left in right; negated for `not in` */
    AST_IS,         /* left is name (a kind); negated for `is not` */
    AST_HAS,        /* has left (a path) */
    AST_LIKE,       /* left like right (string literal or param; the checker says so) */
    AST_MATCHES,    /* left matches right (string literal; the checker says so) */
    AST_DEFAULT,    /* left default right (should be a literal; the checker says so) */
    AST_QUANTIFIED, /* quantifier name in left: right */
    AST_FILTER,     /* filter name in left: right */
    AST_CALL        /* name(items): builtin or def; count, first, age, ... */
};

struct ast_expr {
    enum ast_expr_kind kind;
    struct span span;
    struct ast_name name;
    struct ast_expr *left;
    struct ast_expr *right;
    struct ast_expr_node *items;
    struct str text;
    int64_t number;
    enum ast_compare compare;
    enum ast_quantifier quantifier;
    uint16_t depth; /* of the tree below, 0 for a leaf */
    bool negated;
};

/* A written type: `string`, `severity`, `list<string>`. */
struct ast_type {
    struct ast_name name; /* element type for a list */
    bool is_list;
    struct span span;
};

struct ast_module;

struct ast_import {
    struct str path; /* "text/secrets", as written */
    struct span path_span;
    struct ast_module *target; /* set by module_load; NULL when it could not be had */
    struct span span;
    struct ast_import *next;
};

/* param NAME : TYPE = VALUE [range A .. B] [extendable | locked] ["doc"] */
struct ast_param {
    struct ast_name name;
    struct ast_type type;
    struct ast_expr *value;
    struct ast_expr *range_low; /* NULL without a range */
    struct ast_expr *range_high;
    bool extendable;
    bool locked;
    struct str doc;
    struct span span;
    struct ast_param *next;
};

/* list NAME = [ ... ] */
struct ast_list {
    struct ast_name name;
    struct ast_expr *value;
    struct span span;
    struct ast_list *next;
};

struct ast_def_param {
    struct ast_name name;
    struct ast_type type;
    struct ast_def_param *next;
};

/* def NAME(a: TYPE, ...) = EXPR */
struct ast_def {
    struct ast_name name;
    struct ast_def_param *params;
    struct ast_expr *body;
    struct span span;
    struct ast_def *next;
};

enum ast_meta_key {
    AST_META_ID,
    AST_META_TITLE,
    AST_META_WHY,
    AST_META_REMEDY,
    AST_META_SEVERITY,
    AST_META_SECTION,
    AST_META_COVERS,
    AST_META_SINCE,
    AST_META_UNKNOWN,
    AST_META_COUNT
};

struct ast_meta {
    enum ast_meta_key key;
    struct ast_name_node *values; /* strings without quotes, or a bare name */
    struct span span;
    struct ast_meta *next;
};

enum ast_clause_kind { AST_CLAUSE_FOR, AST_CLAUSE_EACH, AST_CLAUSE_WHERE, AST_CLAUSE_LET };

struct ast_clause {
    enum ast_clause_kind kind;
    struct ast_name name;        /* FOR, EACH, LET: the bound name */
    struct ast_name_node *kinds; /* FOR: kinds, views and groups */
    struct ast_expr *expr;       /* EACH: the list; WHERE: the condition; LET: the value */
    struct span span;
    struct ast_clause *next;
};

struct ast_also {
    struct ast_expr *path;
    struct ast_template label; /* no parts when not given */
    struct span span;
    struct ast_also *next;
};

enum ast_fix_kind { AST_FIX_REPLACE, AST_FIX_INSERT_AFTER, AST_FIX_INSERT_BEFORE, AST_FIX_DELETE };

struct ast_fix {
    enum ast_fix_kind kind;
    bool safe;
    struct ast_expr *path;
    struct ast_template text; /* no parts for delete */
    struct span span;
    struct ast_fix *next;
};

/* deny [NAME] [severity S] when COND at PATH (also at PATH ["label"])* message "..." fix* */
struct ast_arm {
    struct ast_name name;     /* empty text when not named */
    struct ast_name severity; /* empty text when the rule's applies */
    struct ast_expr *condition;
    struct ast_expr *at;
    struct ast_also *also;
    struct ast_template message;
    struct ast_fix *fixes;
    struct span span;
    struct ast_arm *next;
};

struct ast_rule {
    struct ast_name name;
    struct ast_meta *meta;
    struct ast_clause *clauses; /* in source order; order is checked later */
    struct ast_arm *arms;
    struct span span;
    struct ast_rule *next;
};

enum ast_given_kind {
    AST_GIVEN_DOCKERFILE,
    AST_GIVEN_COMPOSE,
    AST_GIVEN_IMAGE,
    AST_GIVEN_CONTAINER,
    AST_GIVEN_SCAN,
    AST_GIVEN_FILE
};

struct ast_given {
    enum ast_given_kind kind;
    struct str name; /* file name */
    struct str text; /* content, first line break behind the opening quotes removed */
    struct span span;
    struct span text_span;
    struct ast_given *next;
};

/* with NAME = LITERAL */
struct ast_with {
    struct ast_name name;
    struct ast_expr *value;
    struct span span;
    struct ast_with *next;
};

enum ast_expect_kind {
    AST_EXPECT_FINDING,
    AST_EXPECT_UNKNOWN,
    AST_EXPECT_COUNT,
    AST_EXPECT_NONE,
    AST_EXPECT_MESSAGE
};

struct ast_expect {
    enum ast_expect_kind kind;
    struct ast_name rule; /* FINDING, UNKNOWN */
    struct ast_name arm;  /* FINDING: empty text for any */
    struct str file;      /* FINDING: empty when not given */
    int64_t number;       /* FINDING: line, 0 when not given; COUNT: how many */
    struct str pattern;   /* MESSAGE: glob */
    struct span span;
    struct ast_expect *next;
};

struct ast_test {
    struct str title;
    struct ast_name_node *rules; /* `for` list; empty: all rules of the module */
    struct ast_given *givens;
    struct str now; /* RFC 3339, empty when not given */
    struct span now_span;
    struct ast_with *withs;
    struct ast_expect *expects;
    struct span span;
    struct ast_test *next;
};

/* One file. The lists keep source order within their sort; fmt uses spans for the whole order. */
struct ast_module {
    source_id source;
    struct str path;  /* module path within the pack, "secrets/env"; set by module_load */
    struct span span; /* the whole file */
    struct ast_import *imports;
    struct ast_param *params;
    struct ast_list *lists;
    struct ast_def *defs;
    struct ast_rule *rules;
    struct ast_test *tests;
    struct ast_module *next;
};

/* Appends a stable S-expression of the module, with the spans of its nodes when asked for. */
struct buf;
void ast_dump(struct buf *out, const struct ast_module *module, bool spans);

#endif
