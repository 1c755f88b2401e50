/* SPDX-License-Identifier: Apache-2.0
 *
 * narrow.c - from conditions to guards. `and` that holds makes both sides hold, `or` that does not
 * hold makes neither hold, `not` turns; a `let` of a condition stands for the condition. All else
 * tells nothing.
 */
#include "compiler/narrow.h"

#include "compiler/check.h"
#include "compiler/resolve.h"

bool narrow_is_path(const struct ast_expr *ast)
{
    while (ast->kind == AST_FIELD) {
        ast = ast->left;
    }
    return ast->kind == AST_NAME;
}

static const struct local *root_of(const struct check *check, const struct ast_expr *path)
{
    while (path->kind == AST_FIELD) {
        path = path->left;
    }
    return path->kind == AST_NAME ? check_find_local(check, path->name.text) : NULL;
}

/* The same fields from the same name; the caller compares the locals the names mean. */
static bool same_path(const struct ast_expr *a, const struct ast_expr *b)
{
    while (a->kind == AST_FIELD && b->kind == AST_FIELD) {
        if (!str_eq(a->name.text, b->name.text)) {
            return false;
        }
        a = a->left;
        b = b->left;
    }
    return a->kind == AST_NAME && b->kind == AST_NAME && str_eq(a->name.text, b->name.text);
}

static void push(struct check *check, enum narrow_kind kind, const struct ast_expr *path,
                 uint64_t kinds, enum fact_kind member)
{
    const struct local *root = root_of(check, path);
    unsigned depth = check->guards == NULL ? 0 : check->guards->depth + 1;
    if (root == NULL || (kind == NARROW_PRESENT && narrow_present(check, path))) {
        return;
    }
    if (depth >= CHECK_MAX_GUARDS) {
        diag_report(check->diags, DIAG_too_large, root->span,
                    "more than %d conditions about presence and kind hold at one place",
                    CHECK_MAX_GUARDS);
        return;
    }
    struct narrow *guard = ARENA_NEW(check->arena, struct narrow);
    if (guard != NULL) {
        *guard = (struct narrow){.kind = kind,
                                 .root = root,
                                 .path = path,
                                 .kinds = kinds,
                                 .member = member,
                                 .depth = depth,
                                 .outer = check->guards};
        check->guards = guard;
    }
}

/* Kinds that count as `kind`: itself and its members. */
static uint64_t kind_and_members(enum fact_kind kind)
{
    uint64_t kinds = type_kind_bit(kind);
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        if (schema_kind((enum fact_kind)i)->parent == kind) {
            kinds |= type_kind_bit((enum fact_kind)i);
        }
    }
    return kinds;
}

static void assume_is(struct check *check, const struct ast_expr *test, bool truth)
{
    struct resolved_target targets[RESOLVE_MAX_TARGETS];
    size_t count = resolve_targets(targets, test->name.text);
    uint64_t may = 0;
    uint64_t must = 0;
    for (size_t i = 0; i < count; i++) {
        enum fact_kind parent = schema_kind(targets[i].kind)->parent;
        may |= kind_and_members(targets[i].kind);
        may |= parent == FACT_KIND_none ? 0 : type_kind_bit(parent);
        must |= targets[i].view == FACT_VIEW_none ? kind_and_members(targets[i].kind) : 0;
    }
    if (!truth) {
        push(check, NARROW_KINDS, test->left, ~must, FACT_KIND_none);
        return;
    }
    if (count == 1 && schema_kind(targets[0].kind)->parent != FACT_KIND_none) {
        push(check, NARROW_MEMBER, test->left, 0, targets[0].kind);
    }
    if (count > 0) {
        push(check, NARROW_KINDS, test->left, may, FACT_KIND_none);
    }
}

static void assume_has(struct check *check, const struct ast_expr *path)
{
    for (; path->kind == AST_FIELD; path = path->left) {
        push(check, NARROW_PRESENT, path, 0, FACT_KIND_none);
    }
    if (path->kind == AST_NAME) {
        push(check, NARROW_PRESENT, path, 0, FACT_KIND_none);
    }
}

/* `through_let`: whether a name may be replaced by its condition; once only, since a chain of
 * doubling lets would double the work with each. */
static void assume(struct check *check, const struct ast_expr *condition, bool truth,
                   bool through_let)
{
    while (condition->kind == AST_NOT) {
        condition = condition->left;
        truth = !truth;
    }
    if ((condition->kind == AST_AND && truth) || (condition->kind == AST_OR && !truth)) {
        assume(check, condition->left, truth, through_let);
        assume(check, condition->right, truth, through_let);
    } else if (condition->kind == AST_HAS && truth) {
        assume_has(check, condition->left);
    } else if (condition->kind == AST_IS && narrow_is_path(condition->left)) {
        assume_is(check, condition, truth != condition->negated);
    } else if (condition->kind == AST_NAME && through_let) {
        const struct local *local = check_find_local(check, condition->name.text);
        if (local != NULL && local->kind == LOCAL_LET) {
            assume(check, local->written, truth, false);
        }
    }
}

void narrow_assume(struct check *check, const struct ast_expr *condition, bool truth)
{
    assume(check, condition, truth, true);
}

bool narrow_present(const struct check *check, const struct ast_expr *path)
{
    const struct local *root = root_of(check, path);
    for (const struct narrow *g = check->guards; root != NULL && g != NULL; g = g->outer) {
        if (g->kind == NARROW_PRESENT && g->root == root && same_path(g->path, path)) {
            return true;
        }
    }
    return false;
}

uint64_t narrow_kinds(const struct check *check, const struct ast_expr *path, uint64_t kinds)
{
    const struct local *root = root_of(check, path);
    for (const struct narrow *g = check->guards; root != NULL && g != NULL; g = g->outer) {
        if (g->kind == NARROW_KINDS && g->root == root && same_path(g->path, path)) {
            kinds &= g->kinds;
        }
    }
    return kinds;
}

const struct narrow *narrow_member(const struct check *check, const struct ast_expr *path,
                                   const struct narrow *after)
{
    const struct local *root = root_of(check, path);
    const struct narrow *g = after == NULL ? check->guards : after->outer;
    while (root != NULL && g != NULL &&
           !(g->kind == NARROW_MEMBER && g->root == root && same_path(g->path, path))) {
        g = g->outer;
    }
    return root == NULL ? NULL : g;
}
