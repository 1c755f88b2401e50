/* SPDX-License-Identifier: Apache-2.0
 *
 * check_call.c - functions, helpers, quantifiers and filters. Builtin signatures come from
 * runtime/builtins.def; count and first work on every list and are instructions.
 */
#include "compiler/check.h"

#include "compiler/resolve.h"

struct builtin_signature {
    enum type_base result;
    const char *arguments; /* a letter each, see builtins.def */
};

#define BUILTIN_RESULT_BOOL TYPE_BOOL
#define BUILTIN_RESULT_INT TYPE_INT
#define BUILTIN_RESULT_STR TYPE_STRING
#define BUILTIN_RESULT_DURATION TYPE_DURATION

static const struct builtin_signature signatures[] = {
#define BUILTIN(id, name, result, arguments, cost, doc) {BUILTIN_RESULT_##result, arguments},
#include "runtime/builtins.def"
#undef BUILTIN
};

static struct type type_of_letter(char letter)
{
    switch (letter) {
    case 'i':
        return type_of(TYPE_INT);
    case 't':
        return type_of(TYPE_TIME);
    case 'd':
        return type_of(TYPE_DURATION);
    case 'v':
        return type_of(TYPE_VERSION);
    case 'l':
        return type_list(type_of(TYPE_STRING));
    case 'p':
        return type_set(type_of(TYPE_STRING));
    default:
        return type_of(TYPE_STRING);
    }
}

static size_t count_arguments(const struct ast_expr_node *arguments)
{
    size_t count = 0;
    for (; arguments != NULL; arguments = arguments->next) {
        count++;
    }
    return count;
}

static bool check_count(struct check *check, struct str name, struct span span, size_t want,
                        size_t got)
{
    if (want == got) {
        return true;
    }
    diag_report(check->diags, DIAG_bad_arguments, span, "`%.*s` takes %zu argument%s, not %zu",
                STR_FMT(name), want, want == 1 ? "" : "s", got);
    return false;
}

static struct typed **new_items(struct check *check, size_t count)
{
    return ARENA_ARRAY(check->arena, struct typed *, count + 1);
}

static struct typed *check_builtin(struct check *check, const struct ast_expr *ast, int builtin)
{
    const struct builtin_signature *signature = &signatures[builtin];
    size_t want = strlen(signature->arguments);
    struct typed *node = check_node(check, TYPED_CALL, type_of(signature->result), ast->span);
    node->number = builtin;
    node->items = new_items(check, want);
    if (!check_count(check, ast->name.text, ast->span, want, count_arguments(ast->items)) ||
        node->items == NULL) {
        return check_error(check, ast->span);
    }
    bool good = true;
    for (const struct ast_expr_node *a = ast->items; a != NULL; a = a->next) {
        struct type type = type_of_letter(signature->arguments[node->count]);
        struct typed *item = check_as(check, a->expr, type);
        good = good && !type_is_error(item->type);
        node->items[node->count++] = item;
    }
    /* Numbers out of text: the one function whose result may be missing. */
    node->type.optional = str_eq(ast->name.text, STR("to-int"));
    return good ? node : check_error(check, ast->span);
}

/* count(list) and first(list). */
static struct typed *check_list_call(struct check *check, const struct ast_expr *ast, bool first)
{
    if (!check_count(check, ast->name.text, ast->span, 1, count_arguments(ast->items))) {
        return check_error(check, ast->span);
    }
    struct typed *list = check_expr(check, ast->items->expr, NULL);
    if (type_is_error(list->type)) {
        return list;
    }
    if (type_is_single(list->type) || (first && list->type.set)) {
        struct str text = type_text(check->arena, list->type);
        diag_report(check->diags, DIAG_bad_arguments, list->span,
                    "`%.*s` takes a list of facts; this is %.*s", STR_FMT(ast->name.text),
                    STR_FMT(text));
        return check_error(check, ast->span);
    }
    struct type type = first ? type_optional(type_element(list->type)) : type_of(TYPE_COUNT);
    struct typed *node = check_node(check, first ? TYPED_FIRST : TYPED_COUNT, type, ast->span);
    node->left = list;
    return node;
}

struct typed *check_helper(struct check *check, struct symbol *symbol,
                           const struct ast_expr_node *arguments, struct span span)
{
    symbol->used = true;
    check_symbol(check, symbol);
    struct typed *node = check_node(check, TYPED_INLINE, symbol->type, span);
    node->symbol = symbol;
    node->items = new_items(check, symbol->argument_count);
    if (!check_count(check, symbol->name, span, symbol->argument_count,
                     count_arguments(arguments)) ||
        node->items == NULL) {
        return check_error(check, span);
    }
    bool good = !type_is_error(symbol->type);
    for (; arguments != NULL; arguments = arguments->next) {
        struct typed *item = check_as(check, arguments->expr, symbol->arguments[node->count]->type);
        good = good && !type_is_error(item->type);
        node->items[node->count++] = item;
    }
    return good ? node : check_error(check, span);
}

struct typed *check_call(struct check *check, const struct ast_expr *ast)
{
    struct symbol *symbol = scope_find(check->scope, check->module, ast->name.text);
    if (symbol != NULL && symbol->kind == SYMBOL_DEF) {
        return check_helper(check, symbol, ast->items, ast->span);
    }
    if (str_eq(ast->name.text, STR("count"))) {
        return check_list_call(check, ast, false);
    }
    if (str_eq(ast->name.text, STR("first"))) {
        return check_list_call(check, ast, true);
    }
    int builtin = resolve_builtin(ast->name.text);
    if (builtin >= 0) {
        return check_builtin(check, ast, builtin);
    }
    struct guess guess = check_guess(check, ast->name.text);
    resolve_consider_builtins(&guess);
    for (const struct symbol *s = check->scope->symbols; s != NULL; s = s->next) {
        if (s->kind == SYMBOL_DEF && scope_sees(check->module, s->module)) {
            guess_consider(&guess, s->name);
        }
    }
    struct diag *diag =
        diag_report(check->diags, DIAG_unknown_name, ast->name.span,
                    "no function or helper is named `%.*s`", STR_FMT(ast->name.text));
    if (guess.best.len > 0) {
        diag_set_caret(check->diags, diag, "did you mean `%.*s`?", STR_FMT(guess.best));
    }
    return check_error(check, ast->span);
}

/* Whether a quantifier may range over this; reports when not. */
static bool check_domain(struct check *check, const struct ast_expr *ast, struct typed *list)
{
    if (list->type.list) {
        return true;
    }
    if (!list->type.set) {
        struct str type = type_text(check->arena, list->type);
        diag_report(check->diags, DIAG_type_mismatch, list->span,
                    "this ranges over a list, not over %.*s", STR_FMT(type));
        return false;
    }
    bool fixed = list->kind == TYPED_SET && ast->kind == AST_QUANTIFIED &&
                 ast->quantifier != AST_ONE && list->count <= CHECK_MAX_UNROLL;
    if (!fixed) {
        struct diag *diag = diag_report(check->diags, DIAG_type_mismatch, list->span,
                                        "constants can be ranged over only with any, all and no, "
                                        "in lists of at most %d that are no param",
                                        CHECK_MAX_UNROLL);
        diag_set_caret(check->diags, diag, "use `in`, `any-within` or `word-in`");
    }
    return fixed;
}

static bool mentions(const struct typed *expr, const struct local *local)
{
    if (expr == NULL) {
        return false;
    }
    if ((expr->kind == TYPED_LOCAL && expr->local == local) || mentions(expr->left, local) ||
        mentions(expr->right, local)) {
        return true;
    }
    for (size_t i = 0; i < expr->count; i++) {
        if (mentions(expr->items[i], local)) {
            return true;
        }
    }
    return false;
}

/* W0108 for what stands in a body only because bodies reach as far right as they can: operands of
 * its outermost `and` or `or`. Deeper ones may have to stand where they are. */
static void warn_independent(struct check *check, const struct typed *part, enum typed_kind outer,
                             const struct local *local)
{
    if ((part->kind == TYPED_AND || part->kind == TYPED_OR) && part->kind == outer) {
        warn_independent(check, part->left, outer, local);
        warn_independent(check, part->right, outer, local);
    } else if (part->kind != TYPED_CONST && !mentions(part, local)) {
        struct diag *diag = diag_report(check->diags, DIAG_independent_part, part->span,
                                        "this does not depend on `%.*s`", STR_FMT(local->name));
        diag_set_caret(check->diags, diag, "a body reaches as far as it can; end it with brackets");
    }
}

struct typed *check_loop(struct check *check, const struct ast_expr *ast)
{
    struct typed *list = check_expr(check, ast->left, NULL);
    bool good = !type_is_error(list->type) && check_domain(check, ast, list);
    struct local *outer = check->locals;
    struct narrow *guards = check->guards;
    struct type element = good ? type_element(list->type) : type_of(TYPE_ERROR);
    struct local *local =
        check_bind(check, list->type.set ? LOCAL_CONSTANT : LOCAL_ELEMENT, &ast->name, element);
    struct typed *body = check_condition(check, ast->right);
    check->locals = outer;
    check->guards = guards;
    if (!good || local == NULL || type_is_error(body->type)) {
        return check_error(check, ast->span);
    }
    if (!check->per_kind && arena_status(check->arena) == PLIM_STATUS_OK) {
        warn_independent(check, body, body->kind, local);
    }
    bool filter = ast->kind == AST_FILTER;
    struct type type = filter ? type_present(list->type) : type_of(TYPE_BOOL);
    struct typed *node =
        check_node(check, filter ? TYPED_FILTER : TYPED_QUANTIFIED, type, ast->span);
    node->left = list;
    node->right = body;
    node->local = local;
    node->quantifier = ast->quantifier;
    return node;
}
