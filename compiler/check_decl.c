/* SPDX-License-Identifier: Apache-2.0
 *
 * check_decl.c - params, lists and helpers. Definitions are checked when first needed, each once,
 * in the scope of their own module; a helper that is needed while it is being checked is recursive.
 */
#include "compiler/check.h"

#include "compiler/fold.h"
#include "compiler/resolve.h"

/* The type as written, or TYPE_ERROR after E0203. */
static struct type declared_type(struct check *check, const struct ast_type *ast)
{
    struct type type;
    if (type_from_name(&type, ast->name.text)) {
        return ast->is_list ? type_list(type) : type;
    }
    struct guess guess = check_guess(check, ast->name.text);
    for (int i = FACT_BOOL; i < FACT_ENUM; i++) {
        guess_consider(&guess, str_from_cstr(schema_type_name((enum fact_type)i)));
    }
    for (int i = 0; i < FACT_ENUM_COUNT; i++) {
        guess_consider(&guess, schema_enum((enum fact_enum)i)->name);
    }
    resolve_consider_kinds(&guess);
    struct diag *diag = diag_report(check->diags, DIAG_unknown_kind, ast->name.span,
                                    "no type is named `%.*s`", STR_FMT(ast->name.text));
    if (guess.best.len > 0) {
        diag_set_caret(check->diags, diag, "did you mean `%.*s`?", STR_FMT(guess.best));
    }
    return type_of(TYPE_ERROR);
}

static struct typed *check_constant(struct check *check, const struct ast_expr *ast,
                                    const struct type *expected)
{
    struct typed *value =
        expected != NULL ? check_as(check, ast, *expected) : check_expr(check, ast, NULL);
    if (!type_is_error(value->type) && value->kind != TYPED_CONST && value->kind != TYPED_SET) {
        diag_report(check->diags, DIAG_not_constant, ast->span, "only a literal can stand here");
        return check_error(check, ast->span);
    }
    return value;
}

struct typed *check_set(struct check *check, const struct ast_expr *ast, const struct type *element)
{
    size_t count = 0;
    for (const struct ast_expr_node *i = ast->items; i != NULL; i = i->next) {
        count++;
    }
    struct typed *set = check_node(check, TYPED_SET, type_set(type_of(TYPE_NOTHING)), ast->span);
    set->items = ARENA_ARRAY(check->arena, struct typed *, count + 1);
    if (set->items == NULL || count > CHECK_MAX_SET) {
        if (count > CHECK_MAX_SET) {
            diag_report(check->diags, DIAG_too_large, ast->span, "a list holds at most %d elements",
                        CHECK_MAX_SET);
        }
        return check_error(check, ast->span);
    }
    struct type known = element != NULL ? type_element(*element) : type_of(TYPE_ERROR);
    bool good = true;
    for (const struct ast_expr_node *i = ast->items; i != NULL; i = i->next) {
        struct typed *item = check_constant(check, i->expr, type_is_error(known) ? NULL : &known);
        if (!type_is_error(item->type) && item->kind != TYPED_CONST) {
            diag_report(check->diags, DIAG_not_constant, i->expr->span,
                        "a list holds single values, no other lists");
        }
        if (type_is_error(item->type) || item->kind != TYPED_CONST) {
            good = false;
            continue;
        }
        known = type_is_error(known) ? item->type : known;
        set->items[set->count++] = item;
    }
    set->type = type_set(count == 0 && element == NULL ? type_of(TYPE_NOTHING) : known);
    return good ? set : check_error(check, ast->span);
}

/* Bounds of a range; both literals of the parameter's type. */
static void check_range(struct check *check, struct symbol *symbol)
{
    const struct ast_param *param = symbol->param;
    if (param->range_low == NULL || param->range_high == NULL) {
        return;
    }
    if (!type_is_ordered(symbol->type) || symbol->type.base == TYPE_VERSION) {
        struct str type = type_text(check->arena, symbol->type);
        diag_report(check->diags, DIAG_param_value, param->range_low->span, "%.*s has no range",
                    STR_FMT(type));
        return;
    }
    struct typed *low = check_constant(check, param->range_low, &symbol->type);
    struct typed *high = check_constant(check, param->range_high, &symbol->type);
    if (type_is_error(low->type) || type_is_error(high->type)) {
        return;
    }
    if (low->number > high->number) {
        diag_report(check->diags, DIAG_param_value, param->range_high->span,
                    "the range is empty: its end lies before its start");
        return;
    }
    symbol->low = low->number;
    symbol->high = high->number;
}

struct typed *check_param_value(struct check *check, const struct symbol *param,
                                const struct ast_expr *value)
{
    if (type_is_error(param->type)) {
        return check_error(check, value->span);
    }
    struct typed *constant = check_constant(check, value, &param->type);
    bool ranged = param->param->range_low != NULL && param->low <= param->high;
    if (type_is_error(constant->type) || !ranged || !type_is_single(param->type)) {
        return constant;
    }
    if (constant->number < param->low || constant->number > param->high) {
        struct diag *diag =
            diag_report(check->diags, DIAG_param_value, value->span,
                        "the value lies outside the range of `%.*s`", STR_FMT(param->name));
        diag_add_label(check->diags, diag, param->param->range_low->span, "the range");
        return check_error(check, value->span);
    }
    return constant;
}

static bool is_param_type(struct type type)
{
    return type.base != TYPE_ROW && !(type.set && type.base == TYPE_BOOL);
}

static void check_param(struct check *check, struct symbol *symbol)
{
    const struct ast_param *param = symbol->param;
    struct type type = declared_type(check, &param->type);
    if (type.list) {
        type.list = false;
        type.set = true;
    }
    if (!type_is_error(type) && !is_param_type(type)) {
        diag_report(check->diags, DIAG_param_value, param->type.span,
                    "a param holds a value that people can write, not rows of facts");
        type = type_of(TYPE_ERROR);
    }
    if (param->extendable && !type_is_error(type) && !type.set) {
        diag_report(check->diags, DIAG_param_value, param->span, "only a list is extendable");
    }
    symbol->type = type;
    symbol->low = 1; /* low above high: no range */
    if (!type_is_error(type)) {
        check_range(check, symbol);
    }
    symbol->value = check_param_value(check, symbol, param->value);
}

static void check_list(struct check *check, struct symbol *symbol)
{
    const struct ast_expr *value = symbol->list->value;
    if (value->kind != AST_LIST) {
        if (value->kind != AST_ERROR) {
            diag_report(check->diags, DIAG_not_constant, value->span, "a list is written as [...]");
        }
        return;
    }
    symbol->value = check_set(check, value, NULL);
    symbol->type = symbol->value->type;
}

static void bind_arguments(struct check *check, struct symbol *symbol)
{
    size_t count = 0;
    for (const struct ast_def_param *p = symbol->def->params; p != NULL; p = p->next) {
        count++;
    }
    struct local **arguments = ARENA_ARRAY(check->arena, struct local *, count + 1);
    if (arguments == NULL || count > CHECK_MAX_ARGUMENTS) {
        if (count > CHECK_MAX_ARGUMENTS) {
            diag_report(check->diags, DIAG_too_large, symbol->span,
                        "a helper takes at most %d arguments", CHECK_MAX_ARGUMENTS);
        }
        return;
    }
    symbol->arguments = arguments;
    for (const struct ast_def_param *p = symbol->def->params; p != NULL; p = p->next) {
        struct type type = declared_type(check, &p->type);
        struct local *local = check_bind(check, LOCAL_ARGUMENT, &p->name, type);
        if (local == NULL) {
            return;
        }
        arguments[symbol->argument_count++] = local;
    }
}

/* The helper keeps its error value; as its height is 0, those that use it are not reported, too. */
static void report_helper_depth(struct check *check, struct symbol *symbol)
{
    symbol->helper_height = 0;
    diag_report(check->diags, DIAG_too_large, symbol->span,
                "helpers use each other more than %d deep", CHECK_MAX_HELPERS);
}

/* A helper is higher than the helpers it uses, in whatever order they were checked. */
static void raise_helper(struct symbol *helper, const struct symbol *used)
{
    if (helper != NULL && used->kind == SYMBOL_DEF &&
        used->helper_height >= helper->helper_height) {
        helper->helper_height = used->helper_height + 1;
    }
}

static void check_def(struct check *check, struct symbol *symbol)
{
    struct check inner = {.arena = check->arena,
                          .diags = check->diags,
                          .sources = check->sources,
                          .scope = check->scope,
                          .module = symbol->module,
                          .caller = check,
                          .partial = check->partial,
                          .helper = symbol,
                          .helper_depth = check->helper_depth + 1};
    bind_arguments(&inner, symbol);
    if (inner.helper_depth > CHECK_MAX_HELPERS) {
        report_helper_depth(check, symbol);
        return;
    }
    symbol->helper_height = 1;
    struct typed *body = check_maybe(&inner, symbol->def->body, NULL, false);
    if (symbol->helper_height > CHECK_MAX_HELPERS) {
        report_helper_depth(check, symbol);
        return;
    }
    if (body->type.optional) {
        check_report_absent(&inner, symbol->def->body, body->type);
        return;
    }
    symbol->value = body;
    symbol->type = body->type;
}

/* E0205 with the way round. */
static void report_recursion(struct check *check, struct symbol *symbol)
{
    struct diag *diag = diag_report(check->diags, DIAG_recursive_def, symbol->span,
                                    "helper `%.*s` calls itself", STR_FMT(symbol->name));
    for (const struct check *c = check; c != NULL && c->helper != NULL; c = c->caller) {
        if (c->helper == symbol) {
            break;
        }
        diag_add_label(check->diags, diag, c->helper->span, "by way of `%.*s`",
                       STR_FMT(c->helper->name));
    }
}

void check_symbol(struct check *check, struct symbol *symbol)
{
    if (symbol->state == SYMBOL_CHECKED) {
        raise_helper(check->helper, symbol);
        return;
    }
    if (symbol->state == SYMBOL_CHECKING) {
        report_recursion(check, symbol);
        return;
    }
    symbol->state = SYMBOL_CHECKING;
    symbol->type = type_of(TYPE_ERROR);
    symbol->value = check_error(check, symbol->span);
    /* Literals see no locals: the names of a rule must not leak into a definition. */
    struct check outside = *check;
    outside.locals = NULL;
    outside.guards = NULL;
    outside.around = NULL;
    outside.module = symbol->module;
    if (symbol->kind == SYMBOL_PARAM) {
        check_param(&outside, symbol);
    } else if (symbol->kind == SYMBOL_LIST) {
        check_list(&outside, symbol);
    } else {
        check_def(check, symbol);
    }
    symbol->state = SYMBOL_CHECKED;
    raise_helper(check->helper, symbol);
}
