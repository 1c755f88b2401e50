/* SPDX-License-Identifier: Apache-2.0
 *
 * ast_build.c - see ast_build.h. Lists are appended to through the tails of struct parse, so that
 * building is linear and order is source order.
 */
#include "compiler/ast_build.h"

#include <string.h>

/* Depth of the AST_ERROR that stands for a tree that was too deep: its parents stay silent. */
#define TOO_DEEP UINT16_MAX

_Static_assert(sizeof(struct ast_rule) <= sizeof(((struct parse *)NULL)->spare) &&
                   sizeof(struct ast_arm) <= sizeof(((struct parse *)NULL)->spare) &&
                   sizeof(struct ast_expr) <= sizeof(((struct parse *)NULL)->spare) &&
                   sizeof(struct ast_expect) <= sizeof(((struct parse *)NULL)->spare),
               "spare too small");

/* Appends a node to the list that ends at `tail`. */
#define APPEND(tail, node)                                                                         \
    do {                                                                                           \
        *(tail) = (node);                                                                          \
        (tail) = &(node)->next;                                                                    \
    } while (0)

void *ast_node(struct parse *p, size_t size)
{
    void *node = arena_alloc(p->arena, size);
    if (node == NULL) {
        memset(p->spare, 0, sizeof p->spare);
        node = p->spare;
    }
    return node;
}

/* ---- expressions --------------------------------------------------------------------------- */

struct ast_expr *ast_leaf(struct parse *p, enum ast_expr_kind kind, struct span span)
{
    struct ast_expr *expr = AST_NEW(p, struct ast_expr);
    expr->kind = kind;
    expr->span = span;
    return expr;
}

static unsigned deeper(unsigned depth, const struct ast_expr *child)
{
    return child != NULL && child->depth > depth ? child->depth : depth;
}

/* A node over its children, or an error when that is too deep. */
static struct ast_expr *new_parent(struct parse *p, enum ast_expr_kind kind, struct span span,
                                   struct ast_expr *left, struct ast_expr *right,
                                   struct ast_expr_node *items)
{
    unsigned depth = deeper(deeper(0, left), right);
    for (const struct ast_expr_node *item = items; item != NULL; item = item->next) {
        depth = deeper(depth, item->expr);
    }
    if (depth >= PARSE_MAX_DEPTH) {
        if (depth != TOO_DEEP) {
            parse_report_depth(p, span);
        }
        struct ast_expr *error = ast_leaf(p, AST_ERROR, span);
        error->depth = TOO_DEEP;
        return error;
    }
    struct ast_expr *expr = ast_leaf(p, kind, span);
    expr->left = left;
    expr->right = right;
    expr->items = items;
    expr->depth = (uint16_t)(depth + 1);
    return expr;
}

struct ast_expr *ast_new_name(struct parse *p, struct ast_name name)
{
    struct ast_expr *expr = ast_leaf(p, AST_NAME, name.span);
    expr->name = name;
    return expr;
}

struct ast_expr *ast_text(struct parse *p, enum ast_expr_kind kind, struct str text,
                          struct span span)
{
    struct ast_expr *expr = ast_leaf(p, kind, span);
    expr->text = text;
    return expr;
}

struct ast_expr *ast_number(struct parse *p, enum ast_expr_kind kind, int64_t number,
                            struct span span)
{
    struct ast_expr *expr = ast_leaf(p, kind, span);
    expr->number = number;
    return expr;
}

struct ast_expr *ast_unary(struct parse *p, enum ast_expr_kind kind, struct ast_expr *left,
                           struct span span)
{
    return new_parent(p, kind, span, left, NULL, NULL);
}

struct ast_expr *ast_binary(struct parse *p, enum ast_expr_kind kind, struct ast_expr *left,
                            struct ast_expr *right, struct span span)
{
    return new_parent(p, kind, span, left, right, NULL);
}

struct ast_expr *ast_negatable(struct parse *p, enum ast_expr_kind kind, bool negated,
                               struct ast_expr *left, struct ast_expr *right, struct span span)
{
    struct ast_expr *expr = new_parent(p, kind, span, left, right, NULL);
    expr->negated = negated;
    return expr;
}

struct ast_expr *ast_compare(struct parse *p, enum ast_compare compare, struct ast_expr *left,
                             struct ast_expr *right, struct span span)
{
    struct ast_expr *expr = new_parent(p, AST_COMPARE, span, left, right, NULL);
    expr->compare = compare;
    return expr;
}

struct ast_expr *ast_is(struct parse *p, bool negated, struct ast_expr *left, struct ast_name kind,
                        struct span span)
{
    struct ast_expr *expr = ast_negatable(p, AST_IS, negated, left, NULL, span);
    expr->name = kind;
    return expr;
}

struct ast_expr *ast_field(struct parse *p, struct ast_expr *left, struct ast_name field,
                           struct span span)
{
    struct ast_expr *expr = new_parent(p, AST_FIELD, span, left, NULL, NULL);
    expr->name = field;
    return expr;
}

struct ast_expr *ast_quantified(struct parse *p, enum ast_quantifier quantifier,
                                struct ast_name name, struct ast_expr *list, struct ast_expr *body,
                                struct span span)
{
    struct ast_expr *expr = new_parent(p, AST_QUANTIFIED, span, list, body, NULL);
    expr->quantifier = quantifier;
    expr->name = name;
    return expr;
}

struct ast_expr *ast_filter(struct parse *p, struct ast_name name, struct ast_expr *list,
                            struct ast_expr *body, struct span span)
{
    struct ast_expr *expr = new_parent(p, AST_FILTER, span, list, body, NULL);
    expr->name = name;
    return expr;
}

struct ast_expr *ast_list(struct parse *p, struct ast_exprs items, struct span span)
{
    return new_parent(p, AST_LIST, span, NULL, NULL, items.first);
}

struct ast_expr *ast_call(struct parse *p, struct ast_name name, struct ast_exprs items,
                          struct span span)
{
    struct ast_expr *expr = new_parent(p, AST_CALL, span, NULL, NULL, items.first);
    expr->name = name;
    return expr;
}

struct ast_exprs ast_append_expr(struct parse *p, struct ast_exprs list, struct ast_expr *expr)
{
    struct ast_expr_node *node = AST_NEW(p, struct ast_expr_node);
    node->expr = expr;
    if (arena_status(p->arena) != PLIM_STATUS_OK) {
        return list; /* the spare must not be linked to itself: new_parent walks this list */
    }
    if (list.last == NULL) {
        return (struct ast_exprs){.first = node, .last = node};
    }
    list.last->next = node;
    list.last = node;
    return list;
}

struct ast_names ast_append_name(struct parse *p, struct ast_names list, struct ast_name name)
{
    struct ast_name_node *node = AST_NEW(p, struct ast_name_node);
    node->name = name;
    if (list.last == NULL) {
        return (struct ast_names){.first = node, .last = node};
    }
    list.last->next = node;
    list.last = node;
    return list;
}

/* ---- declarations -------------------------------------------------------------------------- */

void ast_begin_module(struct parse *p)
{
    p->module = AST_NEW(p, struct ast_module);
    p->module->source = p->id;
    p->module->span = (struct span){.source = p->id, .end = (uint32_t)p->source.text.len};
    p->tails.imports = &p->module->imports;
    p->tails.params = &p->module->params;
    p->tails.lists = &p->module->lists;
    p->tails.defs = &p->module->defs;
    p->tails.rules = &p->module->rules;
    p->tails.tests = &p->module->tests;
}

void ast_add_import(struct parse *p, struct str path, struct span path_span, struct span span)
{
    struct ast_import *import = AST_NEW(p, struct ast_import);
    import->path = path;
    import->path_span = path_span;
    import->span = span;
    APPEND(p->tails.imports, import);
}

void ast_add_list(struct parse *p, struct ast_name name, struct ast_expr *value, struct span span)
{
    struct ast_list *list = AST_NEW(p, struct ast_list);
    list->name = name;
    list->value = value;
    list->span = span;
    APPEND(p->tails.lists, list);
}

struct ast_type *ast_new_type(struct parse *p, struct ast_name name, bool is_list, struct span span)
{
    struct ast_type *type = AST_NEW(p, struct ast_type);
    *type = (struct ast_type){.name = name, .is_list = is_list, .span = span};
    return type;
}

void ast_begin_param(struct parse *p, struct ast_name name, const struct ast_type *type,
                     struct ast_expr *value)
{
    struct ast_type written = *type;
    p->param = AST_NEW(p, struct ast_param);
    p->param->name = name;
    p->param->type = written;
    p->param->value = value;
}

void ast_set_range(struct parse *p, struct ast_expr *low, struct ast_expr *high)
{
    p->param->range_low = low;
    p->param->range_high = high;
}

void ast_end_param(struct parse *p, int flag, struct str doc, struct span span)
{
    p->param->extendable = flag == PARAM_EXTENDABLE;
    p->param->locked = flag == PARAM_LOCKED;
    p->param->doc = doc;
    p->param->span = span;
    APPEND(p->tails.params, p->param);
}

void ast_begin_def(struct parse *p, struct ast_name name)
{
    p->def = AST_NEW(p, struct ast_def);
    p->def->name = name;
    p->tails.def_params = &p->def->params;
}

void ast_add_def_param(struct parse *p, struct ast_name name, const struct ast_type *type)
{
    struct ast_type written = *type;
    struct ast_def_param *param = AST_NEW(p, struct ast_def_param);
    param->name = name;
    param->type = written;
    APPEND(p->tails.def_params, param);
}

void ast_end_def(struct parse *p, struct ast_expr *body, struct span span)
{
    p->def->body = body;
    p->def->span = span;
    APPEND(p->tails.defs, p->def);
}

/* ---- rules ---------------------------------------------------------------------------------- */

void ast_begin_rule(struct parse *p, struct ast_name name)
{
    p->rule = AST_NEW(p, struct ast_rule);
    p->rule->name = name;
    p->tails.meta = &p->rule->meta;
    p->tails.clauses = &p->rule->clauses;
    p->tails.arms = &p->rule->arms;
}

void ast_end_rule(struct parse *p, struct span span)
{
    p->rule->span = span;
    p->block = PARSE_NOWHERE;
    APPEND(p->tails.rules, p->rule);
}

void ast_add_meta(struct parse *p, enum ast_meta_key key, struct ast_names values, struct span span)
{
    struct ast_meta *meta = AST_NEW(p, struct ast_meta);
    meta->key = key;
    meta->values = values.first;
    meta->span = span;
    APPEND(p->tails.meta, meta);
}

void ast_add_text(struct parse *p, enum ast_meta_key key, struct str text, struct span text_span,
                  struct span span)
{
    struct ast_names values =
        ast_append_name(p, (struct ast_names){.first = NULL}, name_at(text, text_span));
    ast_add_meta(p, key, values, span);
}

static struct ast_clause *add_clause(struct parse *p, enum ast_clause_kind kind, struct span span)
{
    struct ast_clause *clause = AST_NEW(p, struct ast_clause);
    clause->kind = kind;
    clause->span = span;
    APPEND(p->tails.clauses, clause);
    return clause;
}

void ast_add_for(struct parse *p, struct ast_name name, struct ast_names kinds, struct span span)
{
    struct ast_clause *clause = add_clause(p, AST_CLAUSE_FOR, span);
    clause->name = name;
    clause->kinds = kinds.first;
}

void ast_add_clause(struct parse *p, enum ast_clause_kind kind, struct ast_name name,
                    struct ast_expr *expr, struct span span)
{
    struct ast_clause *clause = add_clause(p, kind, span);
    clause->name = name;
    clause->expr = expr;
}

/* Parts that an error keeps from being read stay AST_ERROR. */
struct ast_arm *ast_add_arm(struct parse *p, struct ast_name name, struct ast_name severity,
                            struct span span)
{
    struct ast_expr *error = ast_leaf(p, AST_ERROR, span);
    struct ast_arm *arm = AST_NEW(p, struct ast_arm);
    arm->name = name;
    arm->severity = severity;
    arm->condition = error;
    arm->at = error;
    arm->span = span;
    p->tails.also = &arm->also;
    p->tails.fixes = &arm->fixes;
    APPEND(p->tails.arms, arm);
    return arm;
}

void ast_set_condition(struct parse *p, struct ast_expr *condition, struct span span)
{
    p->arm->span.end = span.end;
    p->arm->condition = condition;
}

void ast_set_at(struct parse *p, struct ast_expr *path, struct span span)
{
    p->arm->span.end = span.end;
    p->arm->at = path;
}

void ast_add_also(struct parse *p, struct ast_expr *path, const struct ast_template *label,
                  struct span span)
{
    struct ast_template written = label != NULL ? *label : (struct ast_template){.parts = NULL};
    struct ast_also *also = AST_NEW(p, struct ast_also);
    also->path = path;
    also->label = written;
    also->span = span;
    p->arm->span.end = span.end;
    APPEND(p->tails.also, also);
}

void ast_set_message(struct parse *p, const struct ast_template *message, struct span span)
{
    p->arm->span.end = span.end;
    p->arm->message = *message;
}

struct ast_fix *ast_new_fix(struct parse *p, enum ast_fix_kind kind, bool safe,
                            struct ast_expr *path, const struct ast_template *text)
{
    struct ast_template written = text != NULL ? *text : (struct ast_template){.parts = NULL};
    struct ast_fix *fix = AST_NEW(p, struct ast_fix);
    fix->kind = kind;
    fix->safe = safe;
    fix->path = path;
    fix->text = written;
    return fix;
}

void ast_add_fix(struct parse *p, struct ast_fix *fix, struct span span)
{
    fix->span = span;
    p->arm->span.end = span.end;
    APPEND(p->tails.fixes, fix);
}

/* ---- tests ---------------------------------------------------------------------------------- */

void ast_begin_test(struct parse *p, struct str title, struct ast_names rules)
{
    p->test = AST_NEW(p, struct ast_test);
    p->test->title = title;
    p->test->rules = rules.first;
    p->tails.givens = &p->test->givens;
    p->tails.withs = &p->test->withs;
    p->tails.expects = &p->test->expects;
}

void ast_end_test(struct parse *p, struct span span)
{
    p->test->span = span;
    p->block = PARSE_NOWHERE;
    APPEND(p->tails.tests, p->test);
}

void ast_add_given(struct parse *p, enum ast_given_kind kind, struct str name, struct str text,
                   struct span text_span, struct span span)
{
    struct ast_given *given = AST_NEW(p, struct ast_given);
    *given = (struct ast_given){
        .kind = kind, .name = name, .text = text, .text_span = text_span, .span = span};
    APPEND(p->tails.givens, given);
}

void ast_set_now(struct parse *p, struct str now, struct span span)
{
    p->test->now = now;
    p->test->now_span = span;
}

void ast_add_with(struct parse *p, struct ast_name name, struct ast_expr *value, struct span span)
{
    struct ast_with *with = AST_NEW(p, struct ast_with);
    *with = (struct ast_with){.name = name, .value = value, .span = span};
    APPEND(p->tails.withs, with);
}

void ast_add_expect(struct parse *p, struct ast_expect expect)
{
    struct ast_expect *node = AST_NEW(p, struct ast_expect);
    *node = expect;
    APPEND(p->tails.expects, node);
}
