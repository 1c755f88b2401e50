/* SPDX-License-Identifier: Apache-2.0
 *
 * typed.h - expressions and rules after checking: names are bound, types are known, unions are
 * resolved to one kind per unit, constants are folded.
 *
 * The checker makes these trees, lowering reads them; nothing refers back to the syntax except
 * spans. Locals carry the registers lowering gives them. Everything lives in the arena of one
 * compilation. Thread rule: one thread at a time.
 */
#ifndef COMPILER_TYPED_H
#define COMPILER_TYPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler/ast.h"
#include "compiler/types.h"
#include "core/buf.h"
#include "core/source.h"
#include "core/str.h"
#include "facts/schema.h"
#include "runtime/program.h"

struct symbol;
struct typed;

enum local_kind {
    LOCAL_SUBJECT,  /* bound by `for` */
    LOCAL_ELEMENT,  /* bound by `each`, a quantifier or a filter */
    LOCAL_LET,      /* bound by `let` */
    LOCAL_ARGUMENT, /* parameter of a helper */
    LOCAL_CONSTANT  /* element of a constant list: its loop is unrolled */
};

/* A bound name. */
struct local {
    enum local_kind kind;
    struct str name;
    struct span span;
    struct type type;
    enum fact_view view;            /* SUBJECT: the view the unit ranges over */
    const struct typed *value;      /* LET: what it is bound to */
    const struct ast_expr *written; /* LET: the same as written, for narrowing */
    bool used;
    struct local *outer; /* next visible one */
    /* set by lowering */
    unsigned reg;
    unsigned loc_reg;             /* ELEMENT */
    const struct typed *constant; /* CONSTANT: element of this round */
};

enum typed_kind {
    TYPED_ERROR,      /* reported; never reaches lowering */
    TYPED_CONST,      /* number or text by type */
    TYPED_SET,        /* items: constants */
    TYPED_LOCAL,      /* local */
    TYPED_PARAM,      /* symbol */
    TYPED_FIELD,      /* field `field` of row `left` */
    TYPED_UNION,      /* anything that differs per member of a union; never reaches lowering */
    TYPED_HAS,        /* field `field` of row `left` is present */
    TYPED_PRESENT,    /* left is present */
    TYPED_NOT,        /* left */
    TYPED_AND,        /* left, right */
    TYPED_OR,         /* left, right */
    TYPED_COMPARE,    /* left compare right: AST_EQ, AST_LT or AST_LE */
    TYPED_IN_SET,     /* left in set right (SET or PARAM) */
    TYPED_IN_LIST,    /* left in list right */
    TYPED_MATCH,      /* left matches pattern text; number is enum program_pattern_kind */
    TYPED_DEFAULT,    /* left, or right when left is absent */
    TYPED_QUANTIFIED, /* quantifier local in left: right */
    TYPED_FILTER,     /* those of list left for which right holds */
    TYPED_COUNT,      /* elements of left */
    TYPED_FIRST,      /* first element of left */
    TYPED_TO_COUNT,   /* int left as a count */
    TYPED_TO_INT,     /* count left as an int */
    TYPED_CALL,       /* builtin `number` of items */
    TYPED_INLINE      /* helper `symbol` of items */
};

struct typed {
    enum typed_kind kind;
    struct type type;
    struct span span;
    struct typed *left;
    struct typed *right;
    struct typed **items;
    size_t count;
    struct local *local;
    struct symbol *symbol;
    int64_t number;
    struct str text;
    uint8_t field;
    enum ast_compare compare;
    enum ast_quantifier quantifier;
};

/* Text with values in it; expr NULL for literal text. */
struct checked_part {
    struct str text;
    struct typed *expr;
    struct span span;
    struct checked_part *next;
};

struct checked_also {
    struct typed *path;
    struct checked_part *label;
    struct span span;
    struct checked_also *next;
};

struct checked_fix {
    enum ast_fix_kind kind;
    bool safe;
    struct typed *path;
    struct checked_part *text;
    struct span span;
    struct checked_fix *next;
};

struct checked_arm {
    unsigned index; /* within the rule */
    struct typed *condition;
    struct typed *at;
    struct checked_also *also;
    struct checked_part *message;
    struct checked_fix *fixes;
    struct span span;
    struct checked_arm *next;
};

struct checked_clause {
    enum ast_clause_kind kind; /* EACH, WHERE or LET */
    struct local *local;       /* EACH, LET */
    struct typed *expr;
    struct span span;
    struct checked_clause *next;
};

/* A rule for one kind or view. */
struct checked_unit {
    enum fact_kind kind;
    enum fact_view view;
    struct local *subject;
    struct checked_clause *clauses;
    struct checked_arm *arms;
    struct checked_unit *next;
};

struct checked_rule {
    const struct ast_rule *ast;
    struct str id, title, why, remedy, since;
    unsigned severity;
    enum program_section section;
    enum program_unknown unknown;
    const struct ast_name_node *covers;
    unsigned *arm_severities;
    unsigned arm_count;
    uint32_t index; /* among all rules of the program */
    bool tested;
    struct checked_unit *units;
    struct checked_rule *next;
};

/* Whether a condition is a constant of this truth. */
static inline bool typed_is_bool(const struct typed *expr, bool truth)
{
    return expr->kind == TYPED_CONST && type_is(expr->type, TYPE_BOOL) &&
           (expr->number != 0) == truth;
}

/* Stable S-expressions of an expression and of a rule with its units, for golden tests. */
void typed_dump(struct buf *out, const struct typed *expr);
void typed_dump_rule(struct buf *out, const struct checked_rule *rule);

#endif
