/* SPDX-License-Identifier: Apache-2.0
 *
 * check_compare.c - comparison, membership and patterns. The side that knows its type is checked
 * first, so that the other may be a bare enumeration member or a version literal. Patterns are
 * judged here, by the VM's own engine, and never at run time.
 */
#include "compiler/check.h"

#include "compiler/fold.h"
#include "core/glob.h"
#include "runtime/regexp.h"

enum { MAX_GLOB = 1024 };

/* Whether an operand needs the other one to know its type. */
static bool is_flexible(const struct check *check, const struct ast_expr *ast)
{
    return check_is_bare(check, ast) || ast->kind == AST_STRING || ast->kind == AST_INT ||
           ast->kind == AST_VERSION || (ast->kind == AST_LIST && ast->items != NULL);
}

static void check_pair(struct check *check, const struct ast_expr *ast, struct typed **left,
                       struct typed **right)
{
    const struct ast_expr *around = check->around;
    check->around = ast;
    bool turned = is_flexible(check, ast->left) && !is_flexible(check, ast->right);
    struct typed *first = check_expr(check, turned ? ast->right : ast->left, NULL);
    struct type known = type_present(first->type);
    const struct type *expected = type_is_error(first->type) ? NULL : &known;
    const struct ast_expr *other = turned ? ast->left : ast->right;
    /* Nothing to say about a bare word whose partner is wrong already. */
    struct typed *second = expected == NULL && check_is_bare(check, other)
                               ? check_error(check, other->span)
                               : check_expr(check, other, expected);
    *left = turned ? second : first;
    *right = turned ? first : second;
    check->around = around;
}

/* Makes both sides of one type: literals follow the other side, counts draw integers along. */
static bool unify(struct check *check, struct typed **left, struct typed **right)
{
    struct typed *l = *left;
    struct typed *r = *right;
    if (type_is_error(l->type) || type_is_error(r->type)) {
        return false;
    }
    bool version = l->type.base == TYPE_VERSION || r->type.base == TYPE_VERSION;
    bool literal = (l->kind == TYPED_CONST && l->type.base == TYPE_VERSION) ||
                   (r->kind == TYPED_CONST && r->type.base == TYPE_VERSION);
    bool texts = type_is_single(l->type) && type_is_single(r->type) &&
                 (l->type.base == TYPE_STRING || r->type.base == TYPE_STRING);
    if (version && literal && texts) {
        return true; /* a text beside a version literal is read as a version */
    }
    bool to_left =
        type_is(l->type, TYPE_COUNT) || r->kind == TYPED_CONST || !type_is(r->type, TYPE_COUNT);
    if (l->kind == TYPED_CONST && type_is(l->type, TYPE_STRING) && r->kind != TYPED_CONST) {
        to_left = false;
    }
    if (to_left) {
        *right = check_coerce(check, r, type_present(l->type));
    } else {
        *left = check_coerce(check, l, type_present(r->type));
    }
    return !type_is_error((*left)->type) && !type_is_error((*right)->type);
}

struct typed *check_compare(struct check *check, const struct ast_expr *ast)
{
    struct typed *left = NULL;
    struct typed *right = NULL;
    check_pair(check, ast, &left, &right);
    if (!unify(check, &left, &right)) {
        return check_error(check, ast->span);
    }
    bool equality = ast->compare == AST_EQ || ast->compare == AST_NE;
    bool version = left->type.base == TYPE_VERSION || right->type.base == TYPE_VERSION;
    if (!type_is_single(left->type) || (!equality && !version && !type_is_ordered(left->type))) {
        struct str type = type_text(check->arena, left->type);
        struct diag *diag = diag_report(check->diags, DIAG_type_mismatch, ast->span,
                                        "%.*s cannot be compared so", STR_FMT(type));
        diag_set_caret(check->diags, diag,
                       type_is_single(left->type) ? "it has no order; use `==` or `!=`"
                                                  : "use `in`, `any` or `all`");
        return check_error(check, ast->span);
    }
    if (left->kind == TYPED_UNION || right->kind == TYPED_UNION) {
        struct typed *node = check_node(check, TYPED_COMPARE, type_of(TYPE_BOOL), ast->span);
        node->left = left;
        node->right = right;
        node->compare = ast->compare;
        return node;
    }
    return check_made(check, fold_compare(check->arena, ast->compare, left, right, ast->span));
}

struct typed *check_in(struct check *check, const struct ast_expr *ast)
{
    struct typed *value = NULL;
    struct typed *list = NULL;
    if (check_is_bare(check, ast->left)) {
        list = check_expr(check, ast->right, NULL);
        struct type element = type_element(list->type);
        value = type_is_error(list->type) ? check_error(check, ast->left->span)
                                          : check_expr(check, ast->left, &element);
    } else {
        const struct ast_expr *around = check->around;
        check->around = ast;
        value = check_expr(check, ast->left, NULL);
        check->around = around;
        struct type known = type_present(value->type);
        /* Nothing to say about bare words whose partner is wrong already. */
        list = type_is_error(known) ? check_error(check, ast->right->span)
                                    : check_expr(check, ast->right, &known);
    }
    if (type_is_error(value->type) || type_is_error(list->type)) {
        return check_error(check, ast->span);
    }
    if (type_is_single(list->type) || !type_is_single(value->type)) {
        struct str type =
            type_text(check->arena, type_is_single(list->type) ? list->type : value->type);
        diag_report(check->diags, DIAG_type_mismatch,
                    type_is_single(list->type) ? list->span : value->span,
                    "`in` asks whether a value is in a list; this is %.*s", STR_FMT(type));
        return check_error(check, ast->span);
    }
    if (list->type.base != TYPE_NOTHING) {
        value = check_coerce(check, value, type_element(list->type));
    }
    if (type_is_error(value->type)) {
        return check_error(check, ast->span);
    }
    struct typed *node = NULL;
    if (list->type.set) {
        node = check_made(check, fold_in_set(check->arena, value, list, ast->span));
    } else {
        node = check_node(check, TYPED_IN_LIST, type_of(TYPE_BOOL), ast->span);
        node->left = value;
        node->right = list;
    }
    return ast->negated ? check_made(check, fold_not(check->arena, node, ast->span)) : node;
}

/* E0305 or W0105 for a pattern; false when it cannot be used. */
static bool check_pattern(struct check *check, const struct ast_expr *ast, bool glob)
{
    struct str text = ast->text;
    struct regexp_error error = {0};
    if (glob && text.len > MAX_GLOB) {
        diag_report(check->diags, DIAG_bad_pattern, ast->span,
                    "the pattern is longer than %d bytes", MAX_GLOB);
        return false;
    }
    if (glob && !glob_is_valid(text)) {
        diag_report(check->diags, DIAG_bad_pattern, ast->span, "the wildcards are malformed");
        return false;
    }
    if (!glob && !regexp_check(text, &error)) {
        struct diag *diag =
            diag_report(check->diags, DIAG_bad_pattern, ast->span, "%s", error.text);
        diag_set_caret(check->diags, diag, "at byte %zu of the pattern", error.offset + 1);
        return false;
    }
    bool all = glob ? text.len > 0 && text.ptr[0] == '*' : regexp_matches_everything(text);
    for (size_t i = 0; glob && all && i < text.len; i++) {
        all = text.ptr[i] == '*';
    }
    if (all) {
        diag_report(check->diags, DIAG_pattern_matches_all, ast->span,
                    "this pattern matches every text");
    }
    return true;
}

struct typed *check_match(struct check *check, const struct ast_expr *ast)
{
    const struct ast_expr *around = check->around;
    check->around = ast;
    struct typed *value = check_as(check, ast->left, type_of(TYPE_STRING));
    check->around = around;
    bool glob = ast->kind == AST_LIKE;
    if (ast->right->kind != AST_STRING) {
        if (ast->right->kind != AST_ERROR) {
            diag_report(check->diags, DIAG_not_constant, ast->right->span,
                        "a pattern is a text literal, so that it is checked before it runs");
        }
        return check_error(check, ast->span);
    }
    /* The text was judged in the pass over the union. */
    if ((!check->per_kind && !check_pattern(check, ast->right, glob)) ||
        type_is_error(value->type)) {
        return check_error(check, ast->span);
    }
    struct typed *node = check_node(check, TYPED_MATCH, type_of(TYPE_BOOL), ast->span);
    node->left = value;
    node->text = ast->right->text;
    node->number = glob ? PROGRAM_GLOB : PROGRAM_REGEX;
    return node;
}
