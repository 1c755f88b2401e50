/* SPDX-License-Identifier: Apache-2.0
 *
 * compile_test.c - `test` blocks to what a runner needs: numbers of rules and arms, typed parameter
 * values, the time of the check. Inputs are not read here; their texts are passed on.
 */
#include "compiler/compile_state.h"

#include "compiler/resolve.h"
#include "core/glob.h"

/* ---- time ---- */

static bool digits(struct str text, size_t at, size_t count, int64_t *out)
{
    int64_t value = 0;
    for (size_t i = at; i < at + count; i++) {
        if (i >= text.len || text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        value = value * 10 + (text.ptr[i] - '0');
    }
    *out = value;
    return true;
}

static int64_t days_of_month(int64_t year, int64_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (leap && month == 2 ? 1 : 0);
}

/* Days from 1970-01-01 to a date; counting years and months is short enough. */
static int64_t days_until(int64_t year, int64_t month, int64_t day)
{
    int64_t days = day - 1;
    for (int64_t y = 1970; y < year; y++) {
        days += days_of_month(y, 2) + 337;
    }
    for (int64_t m = 1; m < month; m++) {
        days += days_of_month(year, m);
    }
    return days;
}

bool compile_parse_time(struct str text, int64_t *out)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    bool date = digits(text, 0, 4, &year) && digits(text, 5, 2, &month) &&
                digits(text, 8, 2, &day) && text.ptr[4] == '-' && text.ptr[7] == '-';
    if (!date || year < 1970 || year > 2261 || month < 1 || month > 12 || day < 1 ||
        day > days_of_month(year, month)) {
        return false;
    }
    if (text.len != 10) {
        bool time = text.len == 20 && digits(text, 11, 2, &hour) && digits(text, 14, 2, &minute) &&
                    digits(text, 17, 2, &second) && text.ptr[10] == 'T' && text.ptr[13] == ':' &&
                    text.ptr[16] == ':' && text.ptr[19] == 'Z';
        if (!time || hour > 23 || minute > 59 || second > 59) {
            return false;
        }
    }
    int64_t seconds = days_until(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    *out = seconds * 1000000000;
    return true;
}

/* ---- names ---- */

static struct checked_rule *find_rule(struct compile *compile, const struct ast_name *name)
{
    struct checked_rule *rule = scope_value(&compile->scope, SCOPE_RULES, name->text);
    if (rule != NULL) {
        rule->tested = true;
        return rule;
    }
    struct guess guess = check_guess(&compile->check, name->text);
    for (const struct checked_rule *r = compile->rules; r != NULL; r = r->next) {
        guess_consider(&guess, r->ast->name.text);
    }
    struct diag *diag = diag_report(compile->request->diags, DIAG_unknown_name, name->span,
                                    "no rule is named `%.*s`", STR_FMT(name->text));
    if (guess.best.len > 0) {
        diag_set_caret(compile->request->diags, diag, "did you mean `%.*s`?", STR_FMT(guess.best));
    }
    return NULL;
}

static uint32_t find_arm(struct compile *compile, const struct checked_rule *rule,
                         const struct ast_name *name)
{
    uint32_t index = 0;
    struct guess guess = check_guess(&compile->check, name->text);
    for (const struct ast_arm *a = rule->ast->arms; a != NULL; a = a->next) {
        if (str_eq(a->name.text, name->text)) {
            return index;
        }
        guess_consider(&guess, a->name.text);
        index++;
    }
    struct diag *diag = diag_report(compile->request->diags, DIAG_unknown_name, name->span,
                                    "rule `%.*s` has no arm `%.*s`", STR_FMT(rule->ast->name.text),
                                    STR_FMT(name->text));
    if (guess.best.len > 0) {
        diag_set_caret(compile->request->diags, diag, "did you mean `%.*s`?", STR_FMT(guess.best));
    }
    return COMPILE_ANY;
}

/* ---- one test ---- */

struct rule_list {
    const uint32_t *rules;
    size_t count;
};

static bool given_has_name(const struct ast_test *ast, struct str file)
{
    for (const struct ast_given *g = ast->givens; g != NULL; g = g->next) {
        if (str_eq(g->name, file)) {
            return true;
        }
    }
    return false;
}

static void compile_expect(struct compile *compile, const struct ast_test *ast,
                           const struct ast_expect *expect, struct compiled_expect *out)
{
    struct diag_list *diags = compile->request->diags;
    struct arena *arena = &compile->result->arena;
    *out = (struct compiled_expect){.kind = expect->kind,
                                    .rule = COMPILE_ANY,
                                    .arm = COMPILE_ANY,
                                    .file = arena_copy_str(arena, expect->file),
                                    .pattern = arena_copy_str(arena, expect->pattern),
                                    .span = expect->span};
    bool named = expect->kind == AST_EXPECT_FINDING || expect->kind == AST_EXPECT_UNKNOWN;
    struct checked_rule *rule = named ? find_rule(compile, &expect->rule) : NULL;
    if (rule != NULL) {
        out->rule = rule->index;
        out->arm = expect->arm.text.len > 0 ? find_arm(compile, rule, &expect->arm) : COMPILE_ANY;
    }
    if (expect->kind == AST_EXPECT_FINDING) {
        out->line = expect->number;
    } else {
        out->count = expect->number;
    }
    if (expect->file.len > 0 && !given_has_name(ast, expect->file)) {
        diag_report(diags, DIAG_bad_test, expect->span, "no `given` is named \"%.*s\"",
                    STR_FMT(expect->file));
    }
    if (expect->kind == AST_EXPECT_MESSAGE && !glob_is_valid(expect->pattern)) {
        diag_report(diags, DIAG_bad_test, expect->span, "the wildcards are malformed");
    }
}

static void compile_expects(struct compile *compile, const struct ast_test *ast,
                            struct compiled_test *test)
{
    size_t count = 0;
    for (const struct ast_expect *e = ast->expects; e != NULL; e = e->next) {
        count++;
    }
    struct compiled_expect *expects =
        ARENA_ARRAY(&compile->result->arena, struct compiled_expect, count + 1);
    if (expects == NULL) {
        return;
    }
    for (const struct ast_expect *e = ast->expects; e != NULL; e = e->next) {
        compile_expect(compile, ast, e, &expects[test->expect_count++]);
    }
    test->expects = expects;
}

static void compile_items(struct compile *compile, const struct typed *value,
                          struct param_value *out)
{
    bool set = value->kind == TYPED_SET;
    out->count = set ? value->count : 1;
    struct param_item *items =
        ARENA_ARRAY(&compile->result->arena, struct param_item, out->count + 1);
    for (size_t i = 0; items != NULL && i < out->count; i++) {
        const struct typed *item = set ? value->items[i] : value;
        items[i].number = item->number;
        items[i].text = arena_copy_str(&compile->result->arena, item->text);
    }
    out->items = items;
}

static void compile_withs(struct compile *compile, const struct ast_test *ast,
                          struct compiled_test *test)
{
    size_t count = 0;
    for (const struct ast_with *w = ast->withs; w != NULL; w = w->next) {
        count++;
    }
    struct param_value *values =
        ARENA_ARRAY(&compile->result->arena, struct param_value, count + 1);
    test->params = values;
    struct check *check = &compile->check;
    for (const struct ast_with *w = ast->withs; values != NULL && w != NULL; w = w->next) {
        struct symbol *param = scope_find(check->scope, check->module, w->name.text);
        if (param == NULL || param->kind != SYMBOL_PARAM) {
            diag_report(check->diags, DIAG_unknown_name, w->name.span, "no param is named `%.*s`",
                        STR_FMT(w->name.text));
            continue;
        }
        if (param->param->locked) {
            diag_report(check->diags, DIAG_param_value, w->name.span, "param `%.*s` is locked",
                        STR_FMT(w->name.text));
        }
        struct typed *value = check_param_value(check, param, w->value);
        if (type_is_error(value->type)) {
            continue;
        }
        struct param_value *out = &values[test->param_count++];
        out->param = param->index;
        compile_items(compile, value, out);
    }
}

/* Rules a test runs: those it names, else all of its module. */
static void compile_rule_list(struct compile *compile, const struct ast_test *ast,
                              const struct rule_list *all, struct compiled_test *test)
{
    if (ast->rules == NULL) {
        test->rules = all->rules;
        test->rule_count = all->count;
        return;
    }
    size_t count = 0;
    for (const struct ast_name_node *n = ast->rules; n != NULL; n = n->next) {
        count++;
    }
    uint32_t *rules = ARENA_ARRAY(&compile->result->arena, uint32_t, count + 1);
    for (const struct ast_name_node *n = ast->rules; rules != NULL && n != NULL; n = n->next) {
        const struct checked_rule *rule = find_rule(compile, &n->name);
        if (rule != NULL) {
            rules[test->rule_count++] = rule->index;
        }
    }
    test->rules = rules;
}

/* All rules of a module; shared by its tests that name none. */
static struct rule_list all_rules(struct compile *compile, const struct ast_module *module)
{
    struct rule_list all = {0};
    size_t count = 0;
    for (const struct ast_rule *r = module->rules; r != NULL; r = r->next) {
        count++;
    }
    uint32_t *rules = ARENA_ARRAY(&compile->result->arena, uint32_t, count + 1);
    for (const struct ast_rule *r = module->rules; rules != NULL && r != NULL; r = r->next) {
        const struct checked_rule *rule = scope_value(&compile->scope, SCOPE_RULES, r->name.text);
        if (rule != NULL) {
            rules[all.count++] = rule->index;
        }
    }
    all.rules = rules;
    return all;
}

static const struct ast_given *copy_givens(struct arena *arena, const struct ast_given *ast)
{
    struct ast_given *first = NULL;
    struct ast_given **end = &first;
    for (; ast != NULL; ast = ast->next) {
        struct ast_given *given = ARENA_NEW(arena, struct ast_given);
        if (given == NULL) {
            break;
        }
        *given = *ast;
        given->name = arena_copy_str(arena, ast->name);
        given->text = arena_copy_str(arena, ast->text);
        given->next = NULL;
        *end = given;
        end = &given->next;
    }
    return first;
}

static void compile_one(struct compile *compile, const struct ast_test *ast,
                        const struct rule_list *all, struct compiled_test *test)
{
    struct diag_list *diags = compile->request->diags;
    test->title = arena_copy_str(&compile->result->arena, ast->title);
    test->span = ast->span;
    compile_rule_list(compile, ast, all, test);
    test->givens = copy_givens(&compile->result->arena, ast->givens);
    if (ast->now.len > 0) {
        test->has_now = compile_parse_time(ast->now, &test->now_ns);
        if (!test->has_now) {
            diag_report(diags, DIAG_bad_test, ast->now_span,
                        "a date is written 2026-01-31 or 2026-01-31T12:00:00Z");
        }
    }
    compile_withs(compile, ast, test);
    compile_expects(compile, ast, test);
    if (ast->givens == NULL || ast->expects == NULL) {
        diag_report(diags, DIAG_bad_test, ast->span, "a test needs a `given` and an `expect`");
    }
}

void compile_tests(struct compile *compile)
{
    size_t count = 0;
    for (const struct ast_module *m = compile->modules; m != NULL; m = m->next) {
        for (const struct ast_test *t = m->tests; t != NULL; t = t->next) {
            count++;
        }
    }
    struct compiled_test *tests =
        ARENA_ARRAY(&compile->result->arena, struct compiled_test, count + 1);
    if (tests == NULL) {
        return;
    }
    for (const struct scope_module *m = compile->scope.modules; m != NULL; m = m->next) {
        compile->check.module = m;
        struct rule_list all = all_rules(compile, m->ast);
        for (const struct ast_test *t = m->ast->tests; t != NULL; t = t->next) {
            compile_one(compile, t, &all, &tests[compile->result->test_count++]);
        }
    }
    compile->result->tests = tests;
}
