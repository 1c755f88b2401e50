/* SPDX-License-Identifier: Apache-2.0
 *
 * check_rule.c - the shape of a rule: what it ranges over, the order of its clauses, its arms with
 * their places and messages. Runs one pass over the union of everything the rule ranges over, and,
 * when that found no error, one pass per kind or view whose result is lowered.
 */
#include "compiler/check.h"

#include "compiler/resolve.h"

enum { WARN_LOOPS = 3 };

/* What one pass needs besides the checker's state. */
struct rule_pass {
    struct check *check;
    const struct ast_rule *ast;
    struct checked_unit *unit;
    struct resolved_target target; /* kind FACT_KIND_none in the pass over a union */
    uint64_t kinds;
    bool warn; /* first pass: warnings are due */
    bool has_where;
    unsigned loops;
};

static bool names_local(const struct typed *expr)
{
    if (expr == NULL) {
        return false;
    }
    if (expr->kind == TYPED_LOCAL || names_local(expr->left) || names_local(expr->right)) {
        return true;
    }
    for (size_t i = 0; i < expr->count; i++) {
        if (expr->items != NULL && names_local(expr->items[i])) {
            return true;
        }
    }
    return false;
}

/* Loops inside an expression, one within the other. */
static unsigned loop_depth(const struct typed *expr)
{
    if (expr == NULL) {
        return 0;
    }
    bool loop = expr->kind == TYPED_FILTER ||
                (expr->kind == TYPED_QUANTIFIED && expr->local->kind == LOCAL_ELEMENT);
    unsigned left = loop_depth(expr->left);
    unsigned right = loop_depth(expr->right) + (loop ? 1 : 0);
    unsigned deepest = left > right ? left : right;
    for (size_t i = 0; expr->kind == TYPED_CALL && i < expr->count; i++) {
        unsigned item = loop_depth(expr->items[i]);
        deepest = item > deepest ? item : deepest;
    }
    return deepest;
}

static void note_loops(struct rule_pass *pass, const struct typed *expr, struct span span)
{
    if (!pass->warn || arena_status(pass->check->arena) != PLIM_STATUS_OK) {
        return;
    }
    unsigned depth = pass->loops + loop_depth(expr);
    if (depth >= WARN_LOOPS) {
        diag_report(pass->check->diags, DIAG_deep_loops, span,
                    "this loops %u deep: its cost grows with the power of the facts", depth);
    }
}

/* ---- places and texts ---- */

/* A path whose place a finding can point at. */
static struct typed *check_place(struct check *check, const struct ast_expr *ast)
{
    struct typed *path = check_maybe(check, ast, NULL, false);
    if (type_is_error(path->type)) {
        return path;
    }
    bool good = path->kind == TYPED_FIELD || path->kind == TYPED_UNION ||
                (path->kind == TYPED_LOCAL && path->local->kind != LOCAL_CONSTANT) ||
                (path->kind == TYPED_FIRST && path->type.base == TYPE_ROW);
    if (path->kind == TYPED_LOCAL && path->local->kind == LOCAL_LET) {
        const struct typed *value = path->local->value;
        good = value->kind == TYPED_FIELD || value->kind == TYPED_UNION ||
               type_is(path->type, TYPE_ROW);
    }
    if (!good) {
        diag_report(check->diags, DIAG_not_located, ast->span,
                    "only a path to a fact has a place in a file");
        return check_error(check, ast->span);
    }
    return path;
}

static struct checked_part *check_template(struct check *check, const struct ast_template *ast)
{
    struct checked_part *first = NULL;
    struct checked_part **end = &first;
    for (const struct ast_template_part *p = ast->parts; p != NULL; p = p->next) {
        struct checked_part *part = ARENA_NEW(check->arena, struct checked_part);
        if (part == NULL) {
            break;
        }
        part->text = p->text;
        part->expr = p->expr == NULL ? NULL : check_maybe(check, p->expr, NULL, true);
        part->span = p->span;
        *end = part;
        end = &part->next;
    }
    return first;
}

static void warn_message(struct rule_pass *pass, const struct ast_arm *ast,
                         const struct checked_part *message)
{
    if (!pass->warn || pass->check->partial || arena_status(pass->check->arena) != PLIM_STATUS_OK) {
        return;
    }
    for (; message != NULL; message = message->next) {
        if (message->expr != NULL &&
            (type_is_error(message->expr->type) || names_local(message->expr))) {
            return;
        }
    }
    diag_report(pass->check->diags, DIAG_message_without_subject, ast->message.span,
                "the message does not say which subject it is about");
}

/* ---- arms ---- */

static struct checked_also *check_also(struct check *check, const struct ast_also *ast)
{
    struct checked_also *first = NULL;
    struct checked_also **end = &first;
    for (; ast != NULL; ast = ast->next) {
        struct checked_also *also = ARENA_NEW(check->arena, struct checked_also);
        if (also == NULL) {
            break;
        }
        also->path = check_place(check, ast->path);
        also->label = check_template(check, &ast->label);
        also->span = ast->span;
        *end = also;
        end = &also->next;
    }
    return first;
}

static struct checked_fix *check_fixes(struct check *check, const struct ast_fix *ast)
{
    struct checked_fix *first = NULL;
    struct checked_fix **end = &first;
    for (; ast != NULL; ast = ast->next) {
        struct checked_fix *fix = ARENA_NEW(check->arena, struct checked_fix);
        if (fix == NULL) {
            break;
        }
        fix->kind = ast->kind;
        fix->safe = ast->safe;
        fix->path = check_place(check, ast->path);
        fix->text = check_template(check, &ast->text);
        fix->span = ast->span;
        *end = fix;
        end = &fix->next;
    }
    return first;
}

static void warn_constant(struct rule_pass *pass, const struct ast_expr *ast,
                          const struct typed *condition)
{
    bool never = typed_is_bool(condition, false);
    bool always = typed_is_bool(condition, true) && !pass->has_where;
    if (pass->warn && (never || always)) {
        diag_report(pass->check->diags, DIAG_constant_arm, ast->span,
                    never ? "this never holds, so the arm can never fire"
                          : "this always holds, so the arm fires for every subject");
    }
}

static struct checked_arm *check_arm(struct rule_pass *pass, const struct ast_arm *ast,
                                     unsigned index)
{
    struct check *check = pass->check;
    struct checked_arm *arm = ARENA_NEW(check->arena, struct checked_arm);
    if (arm == NULL) {
        return NULL;
    }
    arm->index = index;
    arm->span = ast->span;
    arm->condition = check_condition(check, ast->condition);
    warn_constant(pass, ast->condition, arm->condition);
    note_loops(pass, arm->condition, ast->condition->span);
    if (check->per_kind && typed_is_bool(arm->condition, false)) {
        return NULL;
    }
    struct narrow *guards = check->guards;
    narrow_assume(check, ast->condition, true);
    arm->at = check_place(check, ast->at);
    arm->also = check_also(check, ast->also);
    arm->message = check_template(check, &ast->message);
    arm->fixes = check_fixes(check, ast->fixes);
    check->guards = guards;
    warn_message(pass, ast, arm->message);
    return arm;
}

static void check_arms(struct rule_pass *pass)
{
    struct checked_arm **end = &pass->unit->arms;
    unsigned index = 0;
    for (const struct ast_arm *a = pass->ast->arms; a != NULL; a = a->next) {
        struct checked_arm *arm = check_arm(pass, a, index++);
        if (arm != NULL) {
            *end = arm;
            end = &arm->next;
        }
    }
}

/* ---- clauses ---- */

static void check_each(struct rule_pass *pass, const struct ast_clause *ast,
                       struct checked_clause *clause)
{
    struct check *check = pass->check;
    clause->expr = check_expr(check, ast->expr, NULL);
    note_loops(pass, clause->expr, ast->span);
    pass->loops++;
    struct type type = clause->expr->type;
    if (!type_is_error(type) && !type.list) {
        struct str text = type_text(check->arena, type);
        diag_report(check->diags, DIAG_type_mismatch, ast->expr->span,
                    "`each` ranges over a list of facts, not over %.*s", STR_FMT(text));
        type = type_of(TYPE_ERROR);
    }
    clause->local = check_bind(check, LOCAL_ELEMENT, &ast->name, type_element(type));
}

static void check_let(struct rule_pass *pass, const struct ast_clause *ast,
                      struct checked_clause *clause)
{
    struct check *check = pass->check;
    clause->expr = check_maybe(check, ast->expr, NULL, false);
    note_loops(pass, clause->expr, ast->span);
    if (clause->expr->type.set || clause->expr->type.base == TYPE_NOTHING) {
        diag_report(check->diags, DIAG_type_mismatch, ast->expr->span,
                    "a constant list is declared with `list` outside of rules");
        clause->expr = check_error(check, ast->expr->span);
    }
    clause->local = check_bind(check, LOCAL_LET, &ast->name, clause->expr->type);
    if (clause->local != NULL) {
        clause->local->value = clause->expr;
        clause->local->written = ast->expr;
    }
}

/* False when the clause makes the rest of the unit dead. */
static bool check_where(struct rule_pass *pass, const struct ast_clause *ast,
                        struct checked_clause *clause)
{
    struct check *check = pass->check;
    clause->expr = check_condition(check, ast->expr);
    note_loops(pass, clause->expr, ast->span);
    pass->has_where = true;
    narrow_assume(check, ast->expr, true);
    bool dead = typed_is_bool(clause->expr, false);
    if (dead && pass->warn) {
        diag_report(check->diags, DIAG_constant_arm, ast->expr->span,
                    "this never holds, so no arm can fire");
    }
    return !dead || !check->per_kind;
}

/* False when a `where` is constantly false for this kind. */
static bool check_clauses(struct rule_pass *pass)
{
    struct checked_clause **end = &pass->unit->clauses;
    for (const struct ast_clause *c = pass->ast->clauses; c != NULL; c = c->next) {
        if (c->kind == AST_CLAUSE_FOR) {
            continue;
        }
        struct checked_clause *clause = ARENA_NEW(pass->check->arena, struct checked_clause);
        if (clause == NULL) {
            return false;
        }
        clause->kind = c->kind;
        clause->span = c->span;
        if (c->kind == AST_CLAUSE_EACH) {
            check_each(pass, c, clause);
        } else if (c->kind == AST_CLAUSE_LET) {
            check_let(pass, c, clause);
        } else if (!check_where(pass, c, clause)) {
            return false;
        }
        *end = clause;
        end = &clause->next;
    }
    return true;
}

static void warn_unused(struct rule_pass *pass)
{
    for (const struct local *l = pass->check->locals;
         pass->warn && !pass->check->partial && l != NULL; l = l->outer) {
        if (l->kind == LOCAL_LET && !l->used) {
            diag_report(pass->check->diags, DIAG_unused_definition, l->span, "`%.*s` is never used",
                        STR_FMT(l->name));
        }
    }
}

/* One pass; NULL when the rule has nothing to do for this kind. */
static struct checked_unit *run_pass(struct rule_pass *pass, const struct ast_clause *range)
{
    struct check *check = pass->check;
    struct checked_unit *unit = ARENA_NEW(check->arena, struct checked_unit);
    check->locals = NULL;
    check->guards = NULL;
    struct local *subject = check_bind(check, LOCAL_SUBJECT, &range->name, type_rows(pass->kinds));
    if (unit == NULL || subject == NULL) {
        return NULL;
    }
    pass->unit = unit;
    subject->view = pass->target.view;
    *unit = (struct checked_unit){
        .kind = pass->target.kind, .view = pass->target.view, .subject = subject};
    if (!check_clauses(pass)) {
        return NULL;
    }
    check_arms(pass);
    warn_unused(pass);
    return unit->arms == NULL ? NULL : unit;
}

/* ---- the whole ---- */

/* The `for` clause; E0404 for a missing, second or late one and for clauses behind arms. */
static const struct ast_clause *check_order(struct check *check, const struct ast_rule *ast)
{
    const struct ast_clause *range = NULL;
    unsigned count = 0;
    for (const struct ast_clause *c = ast->clauses; c != NULL; c = c->next) {
        if (++count > CHECK_MAX_CLAUSES) {
            diag_report(check->diags, DIAG_too_large, c->span, "a rule has at most %d clauses",
                        CHECK_MAX_CLAUSES);
            return NULL;
        }
        if (c->kind == AST_CLAUSE_FOR && range != NULL) {
            diag_report(check->diags, DIAG_clause_order, c->span,
                        "a rule has one `for`; inner lists are walked with `each`");
        } else if (c->kind == AST_CLAUSE_FOR && c != ast->clauses) {
            diag_report(check->diags, DIAG_clause_order, c->span,
                        "`for` comes first: clauses run in the order they are written");
            range = c;
        } else if (c->kind == AST_CLAUSE_FOR) {
            range = c;
        }
        if (ast->arms != NULL && c->span.start > ast->arms->span.start) {
            diag_report(check->diags, DIAG_clause_order, c->span,
                        "clauses come before the first `deny`");
        }
    }
    /* After a syntax error they may be there and just not readable. */
    if (range == NULL && !check->partial) {
        diag_report(check->diags, DIAG_clause_order, ast->name.span,
                    "rule `%.*s` has no `for`: say which facts it judges", STR_FMT(ast->name.text));
    }
    if (ast->arms == NULL && !check->partial) {
        diag_report(check->diags, DIAG_missing_metadata, ast->name.span,
                    "rule `%.*s` has no `deny` arm", STR_FMT(ast->name.text));
    }
    return range;
}

/* Whether two targets share rows: a kind and itself or one of its views. Two different views of a
 * kind are apart as far as the schema tells. */
static bool shares_rows(struct resolved_target a, struct resolved_target b)
{
    return a.kind == b.kind &&
           (a.view == b.view || a.view == FACT_VIEW_none || b.view == FACT_VIEW_none);
}

/* Adds a target; E0204 when its rows would be judged twice. */
static size_t add_target(struct check *check, const struct ast_name *name,
                         struct resolved_target *targets, size_t count,
                         struct resolved_target target)
{
    for (size_t i = 0; i < count; i++) {
        if (shares_rows(targets[i], target)) {
            diag_report(check->diags, DIAG_duplicate_name, name->span,
                        "rows of `%.*s` are in this union already", STR_FMT(name->text));
            return count;
        }
    }
    targets[count] = target;
    return count + 1;
}

/* Everything the rule ranges over, each once; `targets` has room for RESOLVE_MAX_TARGETS. */
static size_t gather_targets(struct check *check, const struct ast_clause *range,
                             struct resolved_target *targets)
{
    size_t count = 0;
    for (const struct ast_name_node *k = range->kinds; k != NULL; k = k->next) {
        struct resolved_target found[RESOLVE_MAX_TARGETS];
        size_t found_count = resolve_targets(found, k->name.text);
        if (found_count == 0) {
            struct guess guess = check_guess(check, k->name.text);
            resolve_consider_kinds(&guess);
            struct diag *diag =
                diag_report(check->diags, DIAG_unknown_kind, k->name.span,
                            "no kind or view is named `%.*s`", STR_FMT(k->name.text));
            if (guess.best.len > 0) {
                diag_set_caret(check->diags, diag, "did you mean `%.*s`?", STR_FMT(guess.best));
            }
        }
        for (size_t i = 0; i < found_count && count < RESOLVE_MAX_TARGETS; i++) {
            count = add_target(check, &k->name, targets, count, found[i]);
        }
    }
    return count;
}

static bool check_units(struct check *check, struct checked_rule *rule,
                        const struct ast_clause *range, const struct resolved_target *targets,
                        size_t count)
{
    size_t errors = check->diags->errors;
    struct checked_unit **end = &rule->units;
    for (size_t i = 0; i < count; i++) {
        struct rule_pass pass = {.check = check,
                                 .ast = rule->ast,
                                 .target = targets[i],
                                 .kinds = type_kind_bit(targets[i].kind)};
        check->per_kind = true;
        struct checked_unit *unit = run_pass(&pass, range);
        check->per_kind = false;
        if (unit != NULL) {
            *end = unit;
            end = &unit->next;
        }
    }
    return check->diags->errors == errors;
}

bool check_rule(struct check *check, struct checked_rule *rule)
{
    size_t errors = check->diags->errors;
    check_meta(check, rule);
    const struct ast_clause *range = check_order(check, rule->ast);
    struct resolved_target targets[RESOLVE_MAX_TARGETS];
    size_t count = range == NULL ? 0 : gather_targets(check, range, targets);
    if (count == 0) {
        return false;
    }
    struct rule_pass pass = {.check = check, .ast = rule->ast, .warn = true};
    for (size_t i = 0; i < count; i++) {
        pass.kinds |= type_kind_bit(targets[i].kind);
    }
    pass.target =
        count == 1 ? targets[0] : (struct resolved_target){FACT_KIND_none, FACT_VIEW_none};
    struct checked_unit *unit = run_pass(&pass, range);
    if (check->diags->errors != errors || arena_status(check->arena) != PLIM_STATUS_OK) {
        return false;
    }
    if (count == 1) {
        rule->units = unit;
        return true;
    }
    return check_units(check, rule, range, targets, count);
}
