/* SPDX-License-Identifier: Apache-2.0
 *
 * check.h - the type checker's state and the parts its files call of each other.
 *
 * A rule over a union is checked once against the union, where everything wrong is reported, and
 * then once per kind and view it ranges over; those later passes decide `is` tests, leave dead
 * branches out, and yield trees that can be lowered. Files: check_expr (dispatch, logic, literals),
 * check_path (names, fields, has, is, default), check_compare (comparison, in, like, matches),
 * check_call (functions, helpers, quantifiers), check_decl (params, lists, helpers), check_meta and
 * check_rule. Objects live in the arena. Thread rule: one thread at a time.
 */
#ifndef COMPILER_CHECK_H
#define COMPILER_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler/ast.h"
#include "compiler/narrow.h"
#include "compiler/resolve.h"
#include "compiler/scope.h"
#include "compiler/typed.h"
#include "compiler/types.h"
#include "core/arena.h"
#include "core/diag.h"
#include "core/source.h"

enum {
    CHECK_MAX_HELPERS = 32, /* helpers that use helpers: bounds inlining and recursion */
    CHECK_MAX_ARGUMENTS = 16,
    CHECK_MAX_ARMS = 64,
    CHECK_MAX_CLAUSES = 256,
    CHECK_MAX_GUARDS = 1024, /* in force at one place: bounds the search for one */
    CHECK_MAX_UNROLL = 64,   /* elements of a constant list that a quantifier may range over */
    CHECK_MAX_SET = 65535    /* elements of one constant list */
};

struct check {
    struct arena *arena;
    struct diag_list *diags;
    const struct source_set *sources;
    struct scope *scope;
    const struct scope_module *module; /* whose definitions are visible */
    struct local *locals;              /* innermost first */
    struct narrow *guards;             /* what is known to hold here, latest first */
    const struct ast_expr *around;     /* comparison an operand stands in, for suggestions */
    const struct check *caller;        /* the check that needed this helper, or NULL */
    struct symbol *helper;             /* helper being checked, or NULL */
    unsigned helper_depth;
    bool partial;  /* the parser left things out: guards may be missing */
    bool per_kind; /* a later pass: `is` is decided, errors are not expected */
};

/* ---- expressions (check_expr.c) ---- */

/* Checks an expression whose value must be there; `expected` (may be NULL) resolves enum members
 * and version literals but is not enforced. Never NULL: TYPED_ERROR after a report. */
struct typed *check_expr(struct check *check, const struct ast_expr *ast,
                         const struct type *expected);

/* The same, but the value may be absent; with `loose` also because a row on the way is absent. */
struct typed *check_maybe(struct check *check, const struct ast_expr *ast,
                          const struct type *expected, bool loose);

/* check_expr that enforces a type (E0301), with the conversions of literals and counts. */
struct typed *check_as(struct check *check, const struct ast_expr *ast, struct type type);

/* check_as for bool. */
struct typed *check_condition(struct check *check, const struct ast_expr *ast);

/* Converts a checked value to a type, or reports E0301. */
struct typed *check_coerce(struct check *check, struct typed *expr, struct type type);

/* New nodes. When the arena is full all get the same spare node: do not walk trees before a look at
 * the arena's status. check_made turns the NULL of fold.h into it. */
struct typed *check_made(struct check *check, struct typed *node);
struct typed *check_node(struct check *check, enum typed_kind kind, struct type type,
                         struct span span);
struct typed *check_error(struct check *check, struct span span);
struct typed *check_bool(struct check *check, bool value, struct span span);

/* Starts the search for a name like a wrong one; a search that finds nothing when there are more
 * errors already than are shown, since each costs a look at every candidate. */
struct guess check_guess(const struct check *check, struct str name);

/* Source text of a span, cut to what a message can hold. */
struct str check_text(const struct check *check, struct span span);

/* E0302 for a path. */
void check_report_absent(struct check *check, const struct ast_expr *path, struct type type);

/* ---- names and paths (check_path.c) ---- */

/* A name or a chain of fields; see check_maybe. */
struct typed *check_path(struct check *check, const struct ast_expr *ast,
                         const struct type *expected, bool loose);
/* has PATH, VALUE is KIND, PATH default LITERAL. */
struct typed *check_has(struct check *check, const struct ast_expr *ast);
struct typed *check_is(struct check *check, const struct ast_expr *ast);
struct typed *check_default(struct check *check, const struct ast_expr *ast,
                            const struct type *expected);

/* Whether a name means nothing by itself here: it can only be an enum member. */
bool check_is_bare(const struct check *check, const struct ast_expr *ast);

/* Enters a local; E0204 when the name is taken by another local. Restore check->locals after. */
struct local *check_bind(struct check *check, enum local_kind kind, const struct ast_name *name,
                         struct type type);

/* Local of this name, or NULL. */
struct local *check_find_local(const struct check *check, struct str name);

/* ---- operators (check_compare.c) ---- */

/* == != < <= > >=, in and not in, like and matches. */
struct typed *check_compare(struct check *check, const struct ast_expr *ast);
struct typed *check_in(struct check *check, const struct ast_expr *ast);
struct typed *check_match(struct check *check, const struct ast_expr *ast);

/* ---- functions and loops (check_call.c) ---- */

/* Functions and helpers; any, all, no, one and filter. */
struct typed *check_call(struct check *check, const struct ast_expr *ast);
struct typed *check_loop(struct check *check, const struct ast_expr *ast);

/* Use of a helper: arguments are checked against its parameters. */
struct typed *check_helper(struct check *check, struct symbol *symbol,
                           const struct ast_expr_node *arguments, struct span span);

/* ---- declarations (check_decl.c) ---- */

/* Checks a definition when it was not yet; E0205 when it leads back to itself. */
void check_symbol(struct check *check, struct symbol *symbol);

/* Literal list as a set of constants; `element` may be NULL. */
struct typed *check_set(struct check *check, const struct ast_expr *ast,
                        const struct type *element);

/* Literal value of a parameter's type: defaults, ranges and `with` of tests. TYPED_ERROR after
 * E0301, E0307 or E0405 (outside the range). */
struct typed *check_param_value(struct check *check, const struct symbol *param,
                                const struct ast_expr *value);

/* ---- rules (check_meta.c, check_rule.c) ---- */

/* Fills id, title, severity, section ... from the metadata; E0401, E0402, E0403. */
void check_meta(struct check *check, struct checked_rule *rule);

/* Clauses, arms and units of a rule. False when one of its errors forbids lowering. */
bool check_rule(struct check *check, struct checked_rule *rule);

#endif
