/* SPDX-License-Identifier: Apache-2.0
 *
 * check_path.c - names and chains of fields, and what asks about them: has, is, default. A field is
 * looked for in the row itself, in the member kind the path was narrowed to, and in the parent;
 * over a union it must exist in every kind.
 */
#include "compiler/check.h"

#include "compiler/fold.h"
#include "compiler/resolve.h"

struct local *check_find_local(const struct check *check, struct str name)
{
    struct local *local = check->locals;
    while (local != NULL && !str_eq(local->name, name)) {
        local = local->outer;
    }
    return local;
}

struct local *check_bind(struct check *check, enum local_kind kind, const struct ast_name *name,
                         struct type type)
{
    struct local *twin = check_find_local(check, name->text);
    if (twin != NULL) {
        struct diag *diag = diag_report(check->diags, DIAG_duplicate_name, name->span,
                                        "`%.*s` is bound already", STR_FMT(name->text));
        diag_add_label(check->diags, diag, twin->span, "bound here");
    }
    struct local *local = ARENA_NEW(check->arena, struct local);
    if (local == NULL) {
        return NULL;
    }
    *local = (struct local){.kind = kind,
                            .name = name->text,
                            .span = name->span,
                            .type = type,
                            .view = FACT_VIEW_none,
                            .outer = check->locals};
    check->locals = local;
    return local;
}

bool check_is_bare(const struct check *check, const struct ast_expr *ast)
{
    return ast->kind == AST_NAME && check_find_local(check, ast->name.text) == NULL &&
           scope_find(check->scope, check->module, ast->name.text) == NULL;
}

static struct diag *report_guess(struct check *check, enum diag_id id, struct span span,
                                 const char *what, const struct guess *guess)
{
    struct diag *diag =
        diag_report(check->diags, id, span, "%s `%.*s`", what, STR_FMT(guess->name));
    if (guess->best.len > 0) {
        diag_set_caret(check->diags, diag, "did you mean `%.*s`?", STR_FMT(guess->best));
    }
    return diag;
}

static void report_unknown_name(struct check *check, const struct ast_expr *ast,
                                const struct type *expected)
{
    struct guess guess = check_guess(check, ast->name.text);
    if (expected != NULL && expected->base == TYPE_ENUM) {
        resolve_consider_members(&guess, expected->member_of);
        struct str name = schema_enum(expected->member_of)->name;
        struct diag *diag =
            diag_report(check->diags, DIAG_unknown_member, ast->span,
                        "`%.*s` is no member of `%.*s`", STR_FMT(ast->name.text), STR_FMT(name));
        if (guess.best.len > 0) {
            diag_set_caret(check->diags, diag, "did you mean `%.*s`?", STR_FMT(guess.best));
        }
        return;
    }
    for (const struct local *l = check->locals; l != NULL; l = l->outer) {
        guess_consider(&guess, l->name);
    }
    for (const struct symbol *s = check->scope->symbols; s != NULL; s = s->next) {
        if (scope_sees(check->module, s->module)) {
            guess_consider(&guess, s->name);
        }
    }
    struct diag *diag =
        report_guess(check, DIAG_unknown_name, ast->span, "nothing is named", &guess);
    if (guess.best.len == 0 && expected != NULL && expected->base == TYPE_STRING) {
        diag_set_caret(check->diags, diag, "a text stands in quotes");
    }
}

/* What a path is known to be: present, of fewer kinds. */
static struct typed *apply_guards(struct check *check, const struct ast_expr *ast,
                                  struct typed *node)
{
    if (node->type.optional && narrow_present(check, ast)) {
        node->type.optional = false;
    }
    if (node->type.base == TYPE_ROW && type_is_single(node->type)) {
        uint64_t kinds = narrow_kinds(check, ast, node->type.kinds);
        node->type.kinds = kinds != 0 ? kinds : node->type.kinds;
    }
    return node;
}

static struct typed *check_symbol_use(struct check *check, struct symbol *symbol, struct span span)
{
    if (symbol->kind == SYMBOL_DEF) {
        return check_helper(check, symbol, NULL, span);
    }
    symbol->used = true;
    check_symbol(check, symbol);
    if (type_is_error(symbol->type)) {
        return check_error(check, span);
    }
    if (symbol->kind == SYMBOL_LIST) {
        struct typed *set = check_node(check, TYPED_SET, symbol->type, span);
        set->items = symbol->value->items;
        set->count = symbol->value->count;
        set->symbol = symbol;
        return set;
    }
    struct typed *node = check_node(check, TYPED_PARAM, symbol->type, span);
    node->symbol = symbol;
    return node;
}

static struct typed *check_name(struct check *check, const struct ast_expr *ast,
                                const struct type *expected)
{
    bool want_member = expected != NULL && expected->base == TYPE_ENUM;
    int member = want_member ? schema_find_member(expected->member_of, ast->name.text) : -1;
    struct local *local = check_find_local(check, ast->name.text);
    if (local != NULL && (member < 0 || type_same(local->type, *expected))) {
        local->used = true;
        struct typed *node = check_node(check, TYPED_LOCAL, local->type, ast->span);
        node->local = local;
        return apply_guards(check, ast, node);
    }
    if (member >= 0) {
        struct typed *node =
            check_node(check, TYPED_CONST, type_enum(expected->member_of), ast->span);
        node->number = member;
        return node;
    }
    struct symbol *symbol = scope_find(check->scope, check->module, ast->name.text);
    if (symbol != NULL) {
        return check_symbol_use(check, symbol, ast->span);
    }
    report_unknown_name(check, ast, expected);
    return check_error(check, ast->span);
}

static struct typed *field_node(struct check *check, struct typed *row, enum fact_kind kind,
                                unsigned field, struct span span)
{
    struct type type = type_of_field(&schema_kind(kind)->fields[field]);
    struct typed *node = check_node(check, TYPED_FIELD, type, span);
    node->left = row;
    node->field = (uint8_t)field;
    return node;
}

/* The field of a row of one kind, through parents when needed. */
static struct typed *field_of_kind(struct check *check, struct typed *row, enum fact_kind kind,
                                   struct resolved_field found, struct span span)
{
    for (unsigned i = 0; i < found.hops; i++) {
        row = field_node(check, row, kind, 0, row->span);
        kind = schema_kind(kind)->parent;
    }
    return field_node(check, row, kind, (unsigned)found.field, span);
}

/* The field by way of a member kind the path was narrowed to; NULL when none has it. */
static struct typed *field_of_member(struct check *check, const struct ast_expr *ast,
                                     struct typed *row, enum fact_kind kind)
{
    for (const struct narrow *g = narrow_member(check, ast->left, NULL); g != NULL;
         g = narrow_member(check, ast->left, g)) {
        int via = schema_member_field(kind, g->member);
        int field = via < 0 ? -1 : schema_find_field(g->member, ast->name.text);
        if (field >= 0) {
            struct typed *member = field_node(check, row, kind, (unsigned)via, row->span);
            member->type.optional = false;
            return field_node(check, member, g->member, (unsigned)field, ast->span);
        }
    }
    return NULL;
}

static void report_no_field(struct check *check, const struct ast_expr *ast, uint64_t kinds)
{
    struct str name = ast->name.text;
    struct str base = check_text(check, ast->left->span);
    uint64_t some = resolve_kinds_with(kinds, name) | resolve_members_with(kinds, name);
    if (some != 0 && check->partial) {
        return;
    }
    if (some != 0) {
        struct str owners = type_text(check->arena, type_rows(some));
        struct diag *diag =
            diag_report(check->diags, DIAG_not_narrowed, ast->name.span,
                        "`%.*s` belongs to %.*s only", STR_FMT(name), STR_FMT(owners));
        struct str first = schema_kind((enum fact_kind)__builtin_ctzll(some))->name;
        diag_set_caret(check->diags, diag, "write `%.*s is %.*s and ...`", STR_FMT(base),
                       STR_FMT(first));
        return;
    }
    struct guess guess = check_guess(check, name);
    resolve_consider_fields(&guess, kinds);
    struct str owners = type_text(check->arena, type_rows(kinds));
    struct diag *diag = diag_report(check->diags, DIAG_unknown_field, ast->name.span,
                                    "`%.*s` has no field `%.*s`", STR_FMT(owners), STR_FMT(name));
    if (guess.best.len > 0) {
        diag_set_caret(check->diags, diag, "did you mean `%.*s`?", STR_FMT(guess.best));
    }
}

/* The field over a union: every kind must have it, with one type. */
static struct typed *field_of_union(struct check *check, const struct ast_expr *ast,
                                    struct typed *row)
{
    uint64_t kinds = row->type.kinds;
    struct type joined = type_of(TYPE_ERROR);
    if (resolve_kinds_with(kinds, ast->name.text) != kinds) {
        report_no_field(check, ast, kinds);
        return check_error(check, ast->span);
    }
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        if ((kinds & type_kind_bit((enum fact_kind)i)) == 0) {
            continue;
        }
        struct resolved_field found = resolve_field((enum fact_kind)i, ast->name.text);
        struct type type = type_of_field(&schema_kind(found.kind)->fields[found.field]);
        struct type before = joined;
        if (!type_join(&joined, before, type)) {
            struct str a = type_text(check->arena, before);
            struct str b = type_text(check->arena, type);
            diag_report(check->diags, DIAG_not_narrowed, ast->name.span,
                        "`%.*s` is %.*s in some members of the union and %.*s in others",
                        STR_FMT(ast->name.text), STR_FMT(a), STR_FMT(b));
            return check_error(check, ast->span);
        }
    }
    struct typed *node = check_node(check, TYPED_UNION, joined, ast->span);
    node->left = row;
    node->text = ast->name.text;
    return node;
}

static struct typed *check_field(struct check *check, const struct ast_expr *ast, bool loose)
{
    struct typed *row = check_maybe(check, ast->left, NULL, loose);
    if (type_is_error(row->type)) {
        return check_error(check, ast->span);
    }
    if (!type_is(row->type, TYPE_ROW)) {
        struct str type = type_text(check->arena, type_present(row->type));
        struct diag *diag =
            diag_report(check->diags, DIAG_unknown_field, ast->name.span,
                        "%.*s has no field `%.*s`", STR_FMT(type), STR_FMT(ast->name.text));
        if (row->type.list) {
            diag_set_caret(check->diags, diag, "look at its elements with `any`, `all` or `each`");
        }
        return check_error(check, ast->span);
    }
    if (row->type.optional && !loose) {
        check_report_absent(check, ast->left, row->type);
        return check_error(check, ast->span);
    }
    enum fact_kind kind = type_kind(row->type);
    struct typed *node = NULL;
    if (kind == FACT_KIND_none) {
        node = field_of_union(check, ast, row);
    } else {
        struct resolved_field found = resolve_field(kind, ast->name.text);
        node = field_of_member(check, ast, row, kind);
        if (node == NULL && found.field < 0) {
            report_no_field(check, ast, row->type.kinds);
            return check_error(check, ast->span);
        }
        node = node != NULL ? node : field_of_kind(check, row, kind, found, ast->span);
    }
    node->type.optional = node->type.optional || (row->type.optional && !node->type.list);
    return apply_guards(check, ast, node);
}

struct typed *check_path(struct check *check, const struct ast_expr *ast,
                         const struct type *expected, bool loose)
{
    return ast->kind == AST_NAME ? check_name(check, ast, expected)
                                 : check_field(check, ast, loose);
}

struct typed *check_has(struct check *check, const struct ast_expr *ast)
{
    if (!narrow_is_path(ast->left)) {
        diag_report(check->diags, DIAG_type_mismatch, ast->left->span,
                    "`has` takes a path such as `image.scan`");
        return check_error(check, ast->span);
    }
    struct typed *path = check_maybe(check, ast->left, NULL, true);
    if (type_is_error(path->type)) {
        return check_error(check, ast->span);
    }
    if (!type_is_single(path->type)) {
        struct str text = check_text(check, ast->left->span);
        struct diag *diag = diag_report(check->diags, DIAG_type_mismatch, ast->left->span,
                                        "a list is always there, it may be empty");
        diag_set_caret(check->diags, diag, "write `count(%.*s) > 0`", STR_FMT(text));
        return check_error(check, ast->span);
    }
    enum typed_kind kind = path->kind == TYPED_UNION   ? TYPED_UNION
                           : path->kind == TYPED_FIELD ? TYPED_HAS
                                                       : TYPED_PRESENT;
    struct typed *node = check_node(check, kind, type_of(TYPE_BOOL), ast->span);
    node->left = kind == TYPED_PRESENT ? path : path->left;
    node->field = path->field;
    node->text = path->text;
    return node;
}

/* `row is target` for a row of one kind; NULL when it can never hold. */
static struct typed *is_of_kind(struct check *check, struct typed *row, enum fact_kind kind,
                                const struct resolved_target *target, struct span span)
{
    enum fact_kind parent = schema_kind(kind)->parent;
    if (target->kind == kind && target->view != FACT_VIEW_none) {
        const struct local *local = row->kind == TYPED_LOCAL ? row->local : NULL;
        if (local != NULL && local->view == target->view) {
            return check_bool(check, true, span);
        }
        return field_node(check, row, kind, schema_view(target->view)->field, span);
    }
    if (target->view != FACT_VIEW_none) {
        return NULL;
    }
    if (target->kind == kind || (parent != FACT_KIND_none && target->kind == parent)) {
        return check_bool(check, true, span);
    }
    int member = schema_member_field(kind, target->kind);
    if (member < 0) {
        return NULL;
    }
    struct typed *node = check_node(check, TYPED_HAS, type_of(TYPE_BOOL), span);
    node->left = row;
    node->field = (uint8_t)member;
    return node;
}

/* Whether a row of one kind is any of the targets; NULL when it never is. */
static struct typed *is_any(struct check *check, struct typed *row, enum fact_kind kind,
                            const struct resolved_target *targets, size_t count, struct span span)
{
    struct typed *result = NULL;
    for (size_t i = 0; i < count; i++) {
        struct typed *one = is_of_kind(check, row, kind, &targets[i], span);
        if (one != NULL && result != NULL) {
            result = check_made(check, fold_or(check->arena, result, one, span));
        } else if (one != NULL) {
            result = one;
        }
    }
    return result;
}

struct typed *check_is(struct check *check, const struct ast_expr *ast)
{
    struct typed *row = check_expr(check, ast->left, NULL);
    struct resolved_target targets[RESOLVE_MAX_TARGETS];
    size_t count = resolve_targets(targets, ast->name.text);
    if (count == 0) {
        struct guess guess = check_guess(check, ast->name.text);
        resolve_consider_kinds(&guess);
        report_guess(check, DIAG_unknown_kind, ast->name.span, "no kind or view is named", &guess);
    }
    if (count == 0 || type_is_error(row->type)) {
        return check_error(check, ast->span);
    }
    unsigned always = 0;
    unsigned never = 0;
    unsigned kinds = 0;
    struct typed *last = NULL;
    for (int i = 0; type_is(row->type, TYPE_ROW) && i < FACT_KIND_COUNT; i++) {
        if ((row->type.kinds & type_kind_bit((enum fact_kind)i)) != 0) {
            last = is_any(check, row, (enum fact_kind)i, targets, count, ast->span);
            always += last != NULL && typed_is_bool(last, true);
            never += last == NULL;
            kinds++;
        }
    }
    if (never == kinds && !check->per_kind) {
        struct str type = type_text(check->arena, row->type);
        diag_report(check->diags, DIAG_type_mismatch, ast->span, "%.*s is never a `%.*s`",
                    STR_FMT(type), STR_FMT(ast->name.text));
        return check_error(check, ast->span);
    }
    struct typed *result = last;
    if (never == kinds || always == kinds) {
        result = check_bool(check, always == kinds, ast->span);
    } else if (kinds > 1) {
        result = check_node(check, TYPED_UNION, type_of(TYPE_BOOL), ast->span);
        result->left = row;
        result->text = ast->name.text;
    }
    return ast->negated ? check_made(check, fold_not(check->arena, result, ast->span)) : result;
}

struct typed *check_default(struct check *check, const struct ast_expr *ast,
                            const struct type *expected)
{
    struct typed *value = check_maybe(check, ast->left, expected, true);
    if (type_is_error(value->type)) {
        return check_error(check, ast->span);
    }
    if (value->type.list) {
        if (ast->right->kind != AST_LIST || ast->right->items != NULL) {
            diag_report(check->diags, DIAG_not_constant, ast->right->span,
                        "a list defaults to `[]` only");
            return check_error(check, ast->span);
        }
        value->type.optional = false;
        return value;
    }
    struct typed *fallback = check_as(check, ast->right, type_present(value->type));
    if (type_is_error(fallback->type)) {
        return check_error(check, ast->span);
    }
    if (fallback->kind != TYPED_CONST && fallback->kind != TYPED_PARAM) {
        diag_report(check->diags, DIAG_not_constant, ast->right->span,
                    "`default` takes a literal or a param");
        return check_error(check, ast->span);
    }
    if (!value->type.optional) {
        return value;
    }
    struct typed *node = check_node(check, TYPED_DEFAULT, type_present(value->type), ast->span);
    node->left = value;
    node->right = fallback;
    return node;
}
