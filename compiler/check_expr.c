/* SPDX-License-Identifier: Apache-2.0
 *
 * check_expr.c - dispatch over expressions, logic with narrowing, literals, conversions, and the
 * makers of nodes. Recursion is bounded by the parser: no tree is deeper than PARSE_MAX_DEPTH.
 */
#include "compiler/check.h"

#include "compiler/fold.h"

enum { MAX_QUOTE = 100 };

struct typed *check_made(struct check *check, struct typed *node)
{
    if (node != NULL) {
        return node;
    }
    *check->scope->spare = (struct typed){.kind = TYPED_ERROR, .type = type_of(TYPE_ERROR)};
    return check->scope->spare;
}

struct typed *check_node(struct check *check, enum typed_kind kind, struct type type,
                         struct span span)
{
    struct typed *node = check_made(check, ARENA_NEW(check->arena, struct typed));
    node->kind = kind;
    node->type = type;
    node->span = span;
    return node;
}

struct typed *check_error(struct check *check, struct span span)
{
    return check_node(check, TYPED_ERROR, type_of(TYPE_ERROR), span);
}

struct typed *check_bool(struct check *check, bool value, struct span span)
{
    return check_made(check, fold_bool(check->arena, value, span));
}

struct guess check_guess(const struct check *check, struct str name)
{
    struct guess guess = guess_start(name);
    if (check->diags->errors > DIAG_MAX_SHOWN) {
        guess.distance = 0;
    }
    return guess;
}

struct str check_text(const struct check *check, struct span span)
{
    const struct source *source = source_get(check->sources, span.source);
    if (source == NULL) {
        return STR("");
    }
    struct str text = str_slice(source->text, span.start, span.end);
    return text.len <= MAX_QUOTE ? text : STR("...");
}

/* Literal to write behind `default` for a type, or NULL. */
static const char *empty_literal(struct type type)
{
    if (type.list) {
        return "[]";
    }
    return type.base == TYPE_STRING ? "\"\""
           : type.base == TYPE_INT  ? "0"
           : type.base == TYPE_BOOL ? "false"
                                    : NULL;
}

void check_report_absent(struct check *check, const struct ast_expr *path, struct type type)
{
    if (check->partial) {
        return;
    }
    struct str text = check_text(check, path->span);
    struct diag *diag = diag_report(check->diags, DIAG_maybe_absent, path->span,
                                    "`%.*s` may be absent here", STR_FMT(text));
    if (!narrow_is_path(path)) {
        diag_set_caret(check->diags, diag, "bind it with `let` and test that with `has`");
        return;
    }
    struct str around = check->around == NULL ? STR("...") : check_text(check, check->around->span);
    const char *literal = empty_literal(type);
    if (literal == NULL) {
        diag_set_caret(check->diags, diag, "write `has %.*s and %.*s`", STR_FMT(text),
                       STR_FMT(around));
    } else {
        diag_set_caret(check->diags, diag, "write `has %.*s and %.*s` or `%.*s default %s`",
                       STR_FMT(text), STR_FMT(around), STR_FMT(text), literal);
    }
}

static struct typed *check_literal(struct check *check, const struct ast_expr *ast,
                                   const struct type *expected)
{
    static const enum type_base bases[] = {
        [AST_STRING] = TYPE_STRING, [AST_INT] = TYPE_INT,         [AST_DURATION] = TYPE_DURATION,
        [AST_SIZE] = TYPE_SIZE,     [AST_VERSION] = TYPE_VERSION, [AST_BOOL] = TYPE_BOOL};
    enum type_base base = bases[ast->kind];
    if (base == TYPE_STRING && expected != NULL && type_is(*expected, TYPE_VERSION)) {
        base = TYPE_VERSION;
    }
    struct typed *node = check_node(check, TYPED_CONST, type_of(base), ast->span);
    node->number = ast->number;
    node->text = ast->text;
    return node;
}

/* Both sides of `and` and `or`; the right one knows what the left one leaves open. */
static struct typed *check_logic(struct check *check, const struct ast_expr *ast)
{
    bool is_and = ast->kind == AST_AND;
    struct typed *left = check_condition(check, ast->left);
    if (check->per_kind && typed_is_bool(left, !is_and)) {
        return left;
    }
    struct narrow *guards = check->guards;
    narrow_assume(check, ast->left, is_and);
    struct typed *right = check_condition(check, ast->right);
    check->guards = guards;
    if (type_is_error(left->type) || type_is_error(right->type)) {
        return check_error(check, ast->span);
    }
    return check_made(check, is_and ? fold_and(check->arena, left, right, ast->span)
                                    : fold_or(check->arena, left, right, ast->span));
}

static struct typed *check_not(struct check *check, const struct ast_expr *ast)
{
    struct typed *left = check_condition(check, ast->left);
    if (type_is_error(left->type)) {
        return left;
    }
    return check_made(check, fold_not(check->arena, left, ast->span));
}

struct typed *check_maybe(struct check *check, const struct ast_expr *ast,
                          const struct type *expected, bool loose)
{
    switch (ast->kind) {
    case AST_ERROR:
        break;
    case AST_NAME:
    case AST_FIELD:
        return check_path(check, ast, expected, loose);
    case AST_STRING:
    case AST_INT:
    case AST_DURATION:
    case AST_SIZE:
    case AST_VERSION:
    case AST_BOOL:
        return check_literal(check, ast, expected);
    case AST_LIST:
        return check_set(check, ast, expected);
    case AST_NOT:
        return check_not(check, ast);
    case AST_AND:
    case AST_OR:
        return check_logic(check, ast);
    case AST_COMPARE:
        return check_compare(check, ast);
    case AST_IN:
        return check_in(check, ast);
    case AST_IS:
        return check_is(check, ast);
    case AST_HAS:
        return check_has(check, ast);
    case AST_LIKE:
    case AST_MATCHES:
        return check_match(check, ast);
    case AST_DEFAULT:
        return check_default(check, ast, expected);
    case AST_QUANTIFIED:
    case AST_FILTER:
        return check_loop(check, ast);
    case AST_CALL:
        return check_call(check, ast);
    }
    return check_error(check, ast->span);
}

struct typed *check_expr(struct check *check, const struct ast_expr *ast,
                         const struct type *expected)
{
    struct typed *expr = check_maybe(check, ast, expected, false);
    if (expr->type.optional) {
        check_report_absent(check, ast, expr->type);
        return check_error(check, ast->span);
    }
    return expr;
}

static struct typed *convert(struct check *check, struct typed *expr, enum typed_kind kind,
                             enum type_base base)
{
    struct typed *node = check_node(check, kind, type_of(base), expr->span);
    node->left = expr;
    return node;
}

/* Members of an enumeration for a message, at most a line of them. */
static void note_members(struct check *check, struct diag *diag, enum fact_enum id)
{
    const struct fact_enum_info *info = schema_enum(id);
    struct buf text;
    buf_init(&text, check->arena->allocator, 600);
    for (unsigned i = 0; i < info->member_count; i++) {
        buf_append_cstr(&text, i == 0 ? "" : ", ");
        buf_append(&text, info->members[i]);
    }
    diag_add_note(check->diags, diag, "members of `%.*s`: %.*s", STR_FMT(info->name),
                  STR_FMT(buf_view(&text)));
    buf_release(&text);
}

struct typed *check_coerce(struct check *check, struct typed *expr, struct type type)
{
    if (type_same(expr->type, type)) {
        return expr;
    }
    if (type_is(type, TYPE_COUNT) && type_is(expr->type, TYPE_INT)) {
        return convert(check, expr, TYPED_TO_COUNT, TYPE_COUNT);
    }
    if (type_is(type, TYPE_INT) && type_is(expr->type, TYPE_COUNT)) {
        return convert(check, expr, TYPED_TO_INT, TYPE_INT);
    }
    bool text = type_is(expr->type, TYPE_STRING);
    if (type_is(type, TYPE_VERSION) && text && expr->kind == TYPED_CONST) {
        expr->type = type_of(TYPE_VERSION);
        return expr;
    }
    struct str want = type_text(check->arena, type);
    struct str got = type_text(check->arena, type_present(expr->type));
    struct diag *diag = diag_report(check->diags, DIAG_type_mismatch, expr->span,
                                    "expected %.*s, found %.*s", STR_FMT(want), STR_FMT(got));
    if (type_is(type, TYPE_ENUM) && text) {
        diag_set_caret(check->diags, diag, "members stand without quotes");
        note_members(check, diag, type.member_of);
    } else if (type_is(type, TYPE_BOOL) && (expr->type.list || expr->type.set)) {
        diag_set_caret(check->diags, diag, "use `any`, `all`, `no` or `count`");
    } else if (type.list && type_is_single(expr->type)) {
        diag_set_caret(check->diags, diag, "ask a list with `in`, `any`, `all` or `count`");
    }
    return check_error(check, expr->span);
}

struct typed *check_as(struct check *check, const struct ast_expr *ast, struct type type)
{
    struct typed *expr = check_expr(check, ast, &type);
    return type_is_error(expr->type) ? expr : check_coerce(check, expr, type);
}

struct typed *check_condition(struct check *check, const struct ast_expr *ast)
{
    return check_as(check, ast, type_of(TYPE_BOOL));
}
