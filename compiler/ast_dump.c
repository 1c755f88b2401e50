/* SPDX-License-Identifier: Apache-2.0
 *
 * ast_dump.c - the tree as S-expressions: one declaration, clause or part per line, expressions
 * inline, spans as @start-end behind the head when asked for. Stable: golden tests compare it, and
 * without spans two texts with the same dump mean the same. Recursion is bounded by the depth of
 * expressions (PARSE_MAX_DEPTH). Thread rule: pure but for the buffer.
 */
#include "compiler/ast.h"

#include "core/buf.h"

struct dump {
    struct buf *out;
    bool spans;
    unsigned indent;
};

static void put_quoted(struct dump *dump, struct str text)
{
    buf_append_char(dump->out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '\n') {
            buf_append_cstr(dump->out, "\\n");
        } else if (c == '"' || c == '\\') {
            buf_append_char(dump->out, '\\');
            buf_append_char(dump->out, (char)c);
        } else if (c < 0x20 || c == 0x7f) {
            buf_printf(dump->out, "\\x%02X", (unsigned)c);
        } else {
            buf_append_char(dump->out, (char)c);
        }
    }
    buf_append_char(dump->out, '"');
}

static void open_inline(struct dump *dump, const char *head, struct span span)
{
    buf_append_char(dump->out, '(');
    buf_append_cstr(dump->out, head);
    if (dump->spans) {
        buf_printf(dump->out, "@%u-%u", (unsigned)span.start, (unsigned)span.end);
    }
}

static void open_line(struct dump *dump, const char *head, struct span span)
{
    buf_append_char(dump->out, '\n');
    for (unsigned i = 0; i < dump->indent; i++) {
        buf_append_cstr(dump->out, "  ");
    }
    open_inline(dump, head, span);
    dump->indent++;
}

static void close_line(struct dump *dump)
{
    dump->indent--;
    buf_append_char(dump->out, ')');
}

static void put_name(struct dump *dump, const struct ast_name *name)
{
    buf_append_char(dump->out, ' ');
    buf_append(dump->out, name->text);
}

static const char *compare_text(enum ast_compare compare)
{
    static const char *const texts[] = {"==", "!=", "<", "<=", ">", ">="};
    return texts[compare];
}

static const char *quantifier_text(enum ast_quantifier quantifier)
{
    static const char *const texts[] = {"any", "all", "no", "one"};
    return texts[quantifier];
}

/* Head of the parenthesis of an expression. */
static const char *expr_head(const struct ast_expr *expr)
{
    static const char *const heads[] = {
        [AST_ERROR] = "error",     [AST_NAME] = "name",       [AST_FIELD] = ".",
        [AST_STRING] = "string",   [AST_INT] = "int",         [AST_DURATION] = "duration",
        [AST_SIZE] = "size",       [AST_VERSION] = "version", [AST_BOOL] = "bool",
        [AST_LIST] = "list",       [AST_NOT] = "not",         [AST_AND] = "and",
        [AST_OR] = "or",           [AST_COMPARE] = "compare", [AST_IN] = "in",
        [AST_IS] = "is",           [AST_HAS] = "has",         [AST_LIKE] = "like",
        [AST_MATCHES] = "matches", [AST_DEFAULT] = "default", [AST_QUANTIFIED] = "quantified",
        [AST_FILTER] = "filter",   [AST_CALL] = "call"};
    if (expr->kind == AST_COMPARE) {
        return compare_text(expr->compare);
    }
    if (expr->kind == AST_QUANTIFIED) {
        return quantifier_text(expr->quantifier);
    }
    if (expr->negated) {
        return expr->kind == AST_IN ? "not-in" : "is-not";
    }
    return heads[expr->kind];
}

static void put_expr(struct dump *dump, const struct ast_expr *expr)
{
    buf_append_char(dump->out, ' ');
    open_inline(dump, expr_head(expr), expr->span);
    if (expr->kind == AST_QUANTIFIED || expr->kind == AST_FILTER || expr->kind == AST_CALL ||
        expr->kind == AST_NAME) {
        put_name(dump, &expr->name);
    }
    if (expr->kind == AST_STRING || expr->kind == AST_VERSION) {
        buf_append_char(dump->out, ' ');
        put_quoted(dump, expr->text);
    }
    if (expr->kind == AST_INT || expr->kind == AST_DURATION || expr->kind == AST_SIZE ||
        expr->kind == AST_BOOL) {
        buf_append_char(dump->out, ' ');
        buf_append_i64(dump->out, expr->number);
    }
    if (expr->left != NULL) {
        put_expr(dump, expr->left);
    }
    if (expr->kind == AST_FIELD || expr->kind == AST_IS) {
        put_name(dump, &expr->name);
    }
    if (expr->right != NULL) {
        put_expr(dump, expr->right);
    }
    for (const struct ast_expr_node *item = expr->items; item != NULL; item = item->next) {
        put_expr(dump, item->expr);
    }
    buf_append_char(dump->out, ')');
}

static void put_template(struct dump *dump, const struct ast_template *template)
{
    for (const struct ast_template_part *part = template->parts; part != NULL; part = part->next) {
        if (part->expr != NULL) {
            put_expr(dump, part->expr);
        } else {
            buf_append_char(dump->out, ' ');
            put_quoted(dump, part->text);
        }
    }
}

static void put_names(struct dump *dump, const struct ast_name_node *names)
{
    for (; names != NULL; names = names->next) {
        put_name(dump, &names->name);
    }
}

static void put_type(struct dump *dump, const struct ast_type *type)
{
    buf_printf(dump->out, type->is_list ? " list<%.*s>" : " %.*s", STR_FMT(type->name.text));
}

static void dump_param(struct dump *dump, const struct ast_param *param)
{
    open_line(dump, "param", param->span);
    put_name(dump, &param->name);
    put_type(dump, &param->type);
    put_expr(dump, param->value);
    if (param->range_low != NULL) {
        buf_append_cstr(dump->out, " range");
        put_expr(dump, param->range_low);
        put_expr(dump, param->range_high);
    }
    buf_append_cstr(dump->out, param->extendable ? " extendable" : param->locked ? " locked" : "");
    if (param->doc.len > 0) {
        buf_append_char(dump->out, ' ');
        put_quoted(dump, param->doc);
    }
    close_line(dump);
}

static void dump_def(struct dump *dump, const struct ast_def *def)
{
    open_line(dump, "def", def->span);
    put_name(dump, &def->name);
    buf_append_cstr(dump->out, " (");
    for (const struct ast_def_param *param = def->params; param != NULL; param = param->next) {
        buf_append(dump->out, param->name.text);
        put_type(dump, &param->type);
        buf_append_cstr(dump->out, param->next != NULL ? ", " : "");
    }
    buf_append_char(dump->out, ')');
    put_expr(dump, def->body);
    close_line(dump);
}

static void dump_meta(struct dump *dump, const struct ast_meta *meta)
{
    static const char *const heads[AST_META_COUNT] = {
        "id", "title", "why", "remedy", "severity", "section", "covers", "since", "unknown"};
    open_line(dump, heads[meta->key], meta->span);
    for (const struct ast_name_node *value = meta->values; value != NULL; value = value->next) {
        buf_append_char(dump->out, ' ');
        put_quoted(dump, value->name.text);
    }
    close_line(dump);
}

static void dump_clause(struct dump *dump, const struct ast_clause *clause)
{
    static const char *const heads[] = {"for", "each", "where", "let"};
    open_line(dump, heads[clause->kind], clause->span);
    if (clause->name.text.len > 0) {
        put_name(dump, &clause->name);
    }
    put_names(dump, clause->kinds);
    if (clause->expr != NULL) {
        put_expr(dump, clause->expr);
    }
    close_line(dump);
}

static void dump_fix(struct dump *dump, const struct ast_fix *fix)
{
    static const char *const heads[] = {"replace", "insert-after", "insert-before", "delete"};
    open_line(dump, heads[fix->kind], fix->span);
    buf_append_cstr(dump->out, fix->safe ? " safe" : " unsafe");
    put_expr(dump, fix->path);
    put_template(dump, &fix->text);
    close_line(dump);
}

static void dump_arm(struct dump *dump, const struct ast_arm *arm)
{
    open_line(dump, "deny", arm->span);
    if (arm->name.text.len > 0) {
        put_name(dump, &arm->name);
    }
    if (arm->severity.text.len > 0) {
        buf_append_cstr(dump->out, " severity");
        put_name(dump, &arm->severity);
    }
    open_line(dump, "when", arm->condition->span);
    put_expr(dump, arm->condition);
    close_line(dump);
    open_line(dump, "at", arm->at->span);
    put_expr(dump, arm->at);
    close_line(dump);
    for (const struct ast_also *also = arm->also; also != NULL; also = also->next) {
        open_line(dump, "also", also->span);
        put_expr(dump, also->path);
        put_template(dump, &also->label);
        close_line(dump);
    }
    open_line(dump, "message", arm->message.span);
    put_template(dump, &arm->message);
    close_line(dump);
    for (const struct ast_fix *fix = arm->fixes; fix != NULL; fix = fix->next) {
        dump_fix(dump, fix);
    }
    close_line(dump);
}

static void dump_rule(struct dump *dump, const struct ast_rule *rule)
{
    open_line(dump, "rule", rule->span);
    put_name(dump, &rule->name);
    for (const struct ast_meta *meta = rule->meta; meta != NULL; meta = meta->next) {
        dump_meta(dump, meta);
    }
    for (const struct ast_clause *clause = rule->clauses; clause != NULL; clause = clause->next) {
        dump_clause(dump, clause);
    }
    for (const struct ast_arm *arm = rule->arms; arm != NULL; arm = arm->next) {
        dump_arm(dump, arm);
    }
    close_line(dump);
}

static void dump_expect(struct dump *dump, const struct ast_expect *expect)
{
    static const char *const heads[] = {"expect-finding", "expect-unknown", "expect-count",
                                        "expect-none", "expect-message"};
    open_line(dump, heads[expect->kind], expect->span);
    if (expect->rule.text.len > 0) {
        put_name(dump, &expect->rule);
    }
    if (expect->arm.text.len > 0) {
        buf_append_cstr(dump->out, " /");
        put_name(dump, &expect->arm);
    }
    if (expect->file.len > 0) {
        buf_append_cstr(dump->out, " at ");
        put_quoted(dump, expect->file);
    }
    if (expect->number > 0 || expect->kind == AST_EXPECT_COUNT) {
        buf_append_char(dump->out, ' ');
        buf_append_i64(dump->out, expect->number);
    }
    if (expect->kind == AST_EXPECT_MESSAGE) {
        buf_append_char(dump->out, ' ');
        put_quoted(dump, expect->pattern);
    }
    close_line(dump);
}

static void dump_test(struct dump *dump, const struct ast_test *test)
{
    static const char *const kinds[] = {"given-dockerfile", "given-compose", "given-image",
                                        "given-container",  "given-scan",    "given-file"};
    open_line(dump, "test", test->span);
    buf_append_char(dump->out, ' ');
    put_quoted(dump, test->title);
    put_names(dump, test->rules);
    for (const struct ast_given *given = test->givens; given != NULL; given = given->next) {
        open_line(dump, kinds[given->kind], given->span);
        buf_append_char(dump->out, ' ');
        put_quoted(dump, given->name);
        buf_append_char(dump->out, ' ');
        put_quoted(dump, given->text);
        close_line(dump);
    }
    if (test->now.len > 0) {
        open_line(dump, "now", test->now_span);
        buf_append_char(dump->out, ' ');
        put_quoted(dump, test->now);
        close_line(dump);
    }
    for (const struct ast_with *with = test->withs; with != NULL; with = with->next) {
        open_line(dump, "with", with->span);
        put_name(dump, &with->name);
        put_expr(dump, with->value);
        close_line(dump);
    }
    for (const struct ast_expect *expect = test->expects; expect != NULL; expect = expect->next) {
        dump_expect(dump, expect);
    }
    close_line(dump);
}

void ast_dump(struct buf *out, const struct ast_module *module, bool spans)
{
    struct dump dump = {.out = out, .spans = spans, .indent = 1};
    open_inline(&dump, "module", module->span);
    for (const struct ast_import *import = module->imports; import != NULL; import = import->next) {
        open_line(&dump, "import", import->span);
        buf_append_char(out, ' ');
        put_quoted(&dump, import->path);
        close_line(&dump);
    }
    for (const struct ast_param *param = module->params; param != NULL; param = param->next) {
        dump_param(&dump, param);
    }
    for (const struct ast_list *list = module->lists; list != NULL; list = list->next) {
        open_line(&dump, "list", list->span);
        put_name(&dump, &list->name);
        put_expr(&dump, list->value);
        close_line(&dump);
    }
    for (const struct ast_def *def = module->defs; def != NULL; def = def->next) {
        dump_def(&dump, def);
    }
    for (const struct ast_rule *rule = module->rules; rule != NULL; rule = rule->next) {
        dump_rule(&dump, rule);
    }
    for (const struct ast_test *test = module->tests; test != NULL; test = test->next) {
        dump_test(&dump, test);
    }
    buf_append_cstr(out, ")\n");
}
