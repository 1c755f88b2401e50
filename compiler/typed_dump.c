/* SPDX-License-Identifier: Apache-2.0
 *
 * typed_dump.c - checked trees as S-expressions, one clause or arm per line. For golden tests: the
 * form is stable and shows types where they are not plain.
 */
#include "compiler/resolve.h"
#include "compiler/scope.h"
#include "compiler/typed.h"

static void write_text(struct buf *out, struct str text)
{
    buf_append_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') {
            buf_append_char(out, '\\');
            buf_append_char(out, (char)c);
        } else if (c < ' ' || c == 127) {
            buf_printf(out, "\\x%02x", c);
        } else {
            buf_append_char(out, (char)c);
        }
    }
    buf_append_char(out, '"');
}

static void write_const(struct buf *out, const struct typed *expr)
{
    switch (expr->type.base) {
    case TYPE_BOOL:
        buf_append_cstr(out, expr->number != 0 ? "true" : "false");
        break;
    case TYPE_ENUM:
        buf_append(out, schema_enum(expr->type.member_of)->members[expr->number]);
        break;
    case TYPE_STRING:
        write_text(out, expr->text);
        break;
    case TYPE_VERSION:
        buf_append_cstr(out, "version ");
        write_text(out, expr->text);
        break;
    case TYPE_DURATION:
    case TYPE_SIZE:
    case TYPE_TIME:
        type_write(out, expr->type);
        buf_append_char(out, ' ');
        buf_append_i64(out, expr->number);
        break;
    case TYPE_ERROR:
    case TYPE_INT:
    case TYPE_ROW:
    case TYPE_COUNT:
    case TYPE_NOTHING:
        buf_append_i64(out, expr->number);
        break;
    }
}

static struct str field_name(const struct typed *expr)
{
    enum fact_kind kind = type_kind(expr->left->type);
    return kind == FACT_KIND_none ? expr->text : schema_kind(kind)->fields[expr->field].name;
}

static void write_items(struct buf *out, const struct typed *expr)
{
    for (size_t i = 0; i < expr->count; i++) {
        buf_append_char(out, ' ');
        typed_dump(out, expr->items[i]);
    }
}

static void write_children(struct buf *out, const struct typed *expr)
{
    const struct typed *children[] = {expr->left, expr->right};
    for (size_t i = 0; i < 2; i++) {
        if (children[i] != NULL) {
            buf_append_char(out, ' ');
            typed_dump(out, children[i]);
        }
    }
}

static void write_loop(struct buf *out, const struct typed *expr)
{
    static const char *const names[] = {
        [AST_ANY] = "any", [AST_ALL] = "all", [AST_NO] = "no", [AST_ONE] = "one"};
    buf_append_cstr(out, expr->kind == TYPED_FILTER ? "filter" : names[expr->quantifier]);
    buf_append_char(out, ' ');
    buf_append(out, expr->local->name);
    write_children(out, expr);
}

static const char *head_of(const struct typed *expr)
{
    static const char *const heads[] = {[TYPED_ERROR] = "error",     [TYPED_NOT] = "not",
                                        [TYPED_AND] = "and",         [TYPED_OR] = "or",
                                        [TYPED_IN_SET] = "in",       [TYPED_IN_LIST] = "in-list",
                                        [TYPED_DEFAULT] = "default", [TYPED_COUNT] = "count",
                                        [TYPED_FIRST] = "first",     [TYPED_TO_COUNT] = "to-count",
                                        [TYPED_TO_INT] = "to-int",   [TYPED_PRESENT] = "present",
                                        [TYPED_INLINE] = NULL};
    return heads[expr->kind];
}

/* What stands behind the opening bracket. */
static void write_node(struct buf *out, const struct typed *expr)
{
    static const char *const compare[] = {[AST_EQ] = "==", [AST_NE] = "!=", [AST_LT] = "<",
                                          [AST_LE] = "<=", [AST_GT] = ">",  [AST_GE] = ">="};
    switch ((int)expr->kind) {
    case TYPED_SET:
        buf_append_cstr(out, "set");
        write_items(out, expr);
        break;
    case TYPED_FIELD:
    case TYPED_HAS:
    case TYPED_UNION:
        buf_append_cstr(out, expr->kind == TYPED_HAS     ? "has ."
                             : expr->kind == TYPED_FIELD ? "."
                                                         : "union .");
        buf_append(out, field_name(expr));
        write_children(out, expr);
        break;
    case TYPED_COMPARE:
        buf_append_cstr(out, compare[expr->compare]);
        write_children(out, expr);
        break;
    case TYPED_MATCH:
        buf_append_cstr(out, expr->number == PROGRAM_GLOB ? "like" : "matches");
        write_children(out, expr);
        buf_append_char(out, ' ');
        write_text(out, expr->text);
        break;
    case TYPED_QUANTIFIED:
    case TYPED_FILTER:
        write_loop(out, expr);
        break;
    case TYPED_CALL:
        buf_append_cstr(out, resolve_builtin_name((int)expr->number));
        write_items(out, expr);
        break;
    case TYPED_INLINE:
        buf_append(out, expr->symbol->name);
        write_items(out, expr);
        break;
    default:
        buf_append_cstr(out, head_of(expr));
        write_children(out, expr);
        break;
    }
}

void typed_dump(struct buf *out, const struct typed *expr)
{
    if (expr->kind == TYPED_CONST) {
        write_const(out, expr);
        return;
    }
    if (expr->kind == TYPED_LOCAL || expr->kind == TYPED_PARAM) {
        buf_append(out, expr->kind == TYPED_LOCAL ? expr->local->name : expr->symbol->name);
        return;
    }
    buf_append_char(out, '(');
    write_node(out, expr);
    if (expr->type.base != TYPE_BOOL || expr->type.optional) {
        buf_append_cstr(out, " : ");
        type_write(out, expr->type);
    }
    buf_append_char(out, ')');
}

static void write_parts(struct buf *out, const struct checked_part *part)
{
    for (; part != NULL; part = part->next) {
        buf_append_char(out, ' ');
        if (part->expr != NULL) {
            typed_dump(out, part->expr);
        } else {
            write_text(out, part->text);
        }
    }
}

static void write_line(struct buf *out, const char *head, const struct typed *expr)
{
    buf_append_cstr(out, head);
    typed_dump(out, expr);
}

static void dump_arm(struct buf *out, const struct checked_arm *arm)
{
    static const char *const fixes[] = {[AST_FIX_REPLACE] = "replace",
                                        [AST_FIX_INSERT_AFTER] = "insert-after",
                                        [AST_FIX_INSERT_BEFORE] = "insert-before",
                                        [AST_FIX_DELETE] = "delete"};
    buf_printf(out, "    (arm %u", arm->index);
    write_line(out, "\n      (when ", arm->condition);
    write_line(out, ")\n      (at ", arm->at);
    for (const struct checked_also *a = arm->also; a != NULL; a = a->next) {
        write_line(out, ")\n      (also ", a->path);
        write_parts(out, a->label);
    }
    buf_append_cstr(out, ")\n      (message");
    write_parts(out, arm->message);
    for (const struct checked_fix *f = arm->fixes; f != NULL; f = f->next) {
        buf_printf(out, ")\n      (%s %s ", fixes[f->kind], f->safe ? "safe" : "unsafe");
        typed_dump(out, f->path);
        write_parts(out, f->text);
    }
    buf_append_cstr(out, "))\n");
}

static void dump_unit(struct buf *out, const struct checked_unit *unit)
{
    static const char *const clauses[] = {[AST_CLAUSE_FOR] = "for",
                                          [AST_CLAUSE_EACH] = "each",
                                          [AST_CLAUSE_WHERE] = "where",
                                          [AST_CLAUSE_LET] = "let"};
    struct str target = unit->view == FACT_VIEW_none ? schema_kind(unit->kind)->name
                                                     : schema_view(unit->view)->name;
    buf_printf(out, "  (for %.*s %.*s\n", STR_FMT(unit->subject->name), STR_FMT(target));
    for (const struct checked_clause *c = unit->clauses; c != NULL; c = c->next) {
        buf_printf(out, "    (%s ", clauses[c->kind]);
        if (c->local != NULL) {
            buf_append(out, c->local->name);
            buf_append_char(out, ' ');
        }
        write_line(out, "", c->expr);
        buf_append_cstr(out, ")\n");
    }
    for (const struct checked_arm *a = unit->arms; a != NULL; a = a->next) {
        dump_arm(out, a);
    }
    buf_append_cstr(out, "  )\n");
}

void typed_dump_rule(struct buf *out, const struct checked_rule *rule)
{
    buf_printf(out, "(rule %.*s\n", STR_FMT(rule->ast->name.text));
    for (const struct checked_unit *u = rule->units; u != NULL; u = u->next) {
        dump_unit(out, u);
    }
    buf_append_cstr(out, ")\n");
}
