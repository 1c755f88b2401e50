/* SPDX-License-Identifier: Apache-2.0
 *
 * ast_build.h - what grammar actions call: each makes one node and hangs it in its place.
 *
 * No function fails: when the arena is exhausted nodes come from a spare that is thrown away, and
 * the parse ends at the next token. Only grammar.y and template.c include this. An expression whose
 * tree would exceed PARSE_MAX_DEPTH becomes AST_ERROR with E0102. Thread rule: one thread.
 */
#ifndef COMPILER_AST_BUILD_H
#define COMPILER_AST_BUILD_H

#include "compiler/parse_state.h"

enum { PARAM_PLAIN, PARAM_EXTENDABLE, PARAM_LOCKED };

static inline struct ast_name name_at(struct str text, struct span span)
{
    return (struct ast_name){.text = text, .span = span};
}

static inline struct span span_join(struct span first, struct span last)
{
    first.end = last.end;
    return first;
}

/* A zeroed node of `size` bytes; never NULL. */
void *ast_node(struct parse *p, size_t size);
#define AST_NEW(p, type) ((type *)ast_node((p), sizeof(type)))

/* Expressions. */
struct ast_expr *ast_leaf(struct parse *p, enum ast_expr_kind kind, struct span span);
struct ast_expr *ast_new_name(struct parse *p, struct ast_name name);
struct ast_expr *ast_text(struct parse *p, enum ast_expr_kind kind, struct str text,
                          struct span span);
struct ast_expr *ast_number(struct parse *p, enum ast_expr_kind kind, int64_t number,
                            struct span span);
struct ast_expr *ast_unary(struct parse *p, enum ast_expr_kind kind, struct ast_expr *left,
                           struct span span);
struct ast_expr *ast_binary(struct parse *p, enum ast_expr_kind kind, struct ast_expr *left,
                            struct ast_expr *right, struct span span);
struct ast_expr *ast_negatable(struct parse *p, enum ast_expr_kind kind, bool negated,
                               struct ast_expr *left, struct ast_expr *right, struct span span);
struct ast_expr *ast_compare(struct parse *p, enum ast_compare compare, struct ast_expr *left,
                             struct ast_expr *right, struct span span);
struct ast_expr *ast_is(struct parse *p, bool negated, struct ast_expr *left, struct ast_name kind,
                        struct span span);
struct ast_expr *ast_field(struct parse *p, struct ast_expr *left, struct ast_name field,
                           struct span span);
struct ast_expr *ast_quantified(struct parse *p, enum ast_quantifier quantifier,
                                struct ast_name name, struct ast_expr *list, struct ast_expr *body,
                                struct span span);
struct ast_expr *ast_filter(struct parse *p, struct ast_name name, struct ast_expr *list,
                            struct ast_expr *body, struct span span);
struct ast_expr *ast_list(struct parse *p, struct ast_exprs items, struct span span);
struct ast_expr *ast_call(struct parse *p, struct ast_name name, struct ast_exprs items,
                          struct span span);

/* Lists under construction. */
struct ast_exprs ast_append_expr(struct parse *p, struct ast_exprs list, struct ast_expr *expr);
struct ast_names ast_append_name(struct parse *p, struct ast_names list, struct ast_name name);

/* Declarations. What begins is hung into the module at once, so that a later error keeps it. */
void ast_begin_module(struct parse *p);
void ast_add_import(struct parse *p, struct str path, struct span path_span, struct span span);
void ast_add_list(struct parse *p, struct ast_name name, struct ast_expr *value, struct span span);
struct ast_type *ast_new_type(struct parse *p, struct ast_name name, bool is_list,
                              struct span span);
void ast_begin_param(struct parse *p, struct ast_name name, const struct ast_type *type,
                     struct ast_expr *value);
void ast_set_range(struct parse *p, struct ast_expr *low, struct ast_expr *high);
void ast_end_param(struct parse *p, int flag, struct str doc, struct span span);
void ast_begin_def(struct parse *p, struct ast_name name);
void ast_add_def_param(struct parse *p, struct ast_name name, const struct ast_type *type);
void ast_end_def(struct parse *p, struct ast_expr *body, struct span span);

/* Rules. */
void ast_begin_rule(struct parse *p, struct ast_name name);
void ast_end_rule(struct parse *p, struct span span);
void ast_add_meta(struct parse *p, enum ast_meta_key key, struct ast_names values,
                  struct span span);
void ast_add_text(struct parse *p, enum ast_meta_key key, struct str text, struct span text_span,
                  struct span span);
void ast_add_for(struct parse *p, struct ast_name name, struct ast_names kinds, struct span span);
void ast_add_clause(struct parse *p, enum ast_clause_kind kind, struct ast_name name,
                    struct ast_expr *expr, struct span span);
struct ast_arm *ast_add_arm(struct parse *p, struct ast_name name, struct ast_name severity,
                            struct span span);
/* Each also extends the arm's span to the end of `span`. */
void ast_set_condition(struct parse *p, struct ast_expr *condition, struct span span);
void ast_set_at(struct parse *p, struct ast_expr *path, struct span span);
void ast_add_also(struct parse *p, struct ast_expr *path, const struct ast_template *label,
                  struct span span);
void ast_set_message(struct parse *p, const struct ast_template *message, struct span span);
struct ast_fix *ast_new_fix(struct parse *p, enum ast_fix_kind kind, bool safe,
                            struct ast_expr *path, const struct ast_template *text);
void ast_add_fix(struct parse *p, struct ast_fix *fix, struct span span);

/* Tests. */
void ast_begin_test(struct parse *p, struct str title, struct ast_names rules);
void ast_end_test(struct parse *p, struct span span);
void ast_add_given(struct parse *p, enum ast_given_kind kind, struct str name, struct str text,
                   struct span text_span, struct span span);
void ast_set_now(struct parse *p, struct str now, struct span span);
void ast_add_with(struct parse *p, struct ast_name name, struct ast_expr *value, struct span span);
void ast_add_expect(struct parse *p, struct ast_expect expect);

#endif
