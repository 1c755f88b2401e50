/* SPDX-License-Identifier: Apache-2.0
 *
 * template.c - messages: text with {expression}s, cut into parts.
 *
 * An interpolation is parsed by the same grammar over its slice of the source, so every span in it
 * is exact. `{{` and `}}` are braces. In "..." strings no expression can hold a quote; in triple
 * quotes it may hold strings, whose braces do not count. Memory: parts in the arena.
 */
#include "compiler/ast_build.h"
#include "compiler/parse_state.h"
#include "core/buf.h"

struct cutter {
    struct parse *p;
    struct str body;
    uint32_t offset; /* of the body in the source */
    bool block;
    size_t at;
    struct ast_template_part **tail;
    struct buf text;
    size_t text_start;
};

static struct span place(const struct cutter *cutter, size_t from, size_t to)
{
    return (struct span){.source = cutter->p->id,
                         .start = cutter->offset + (uint32_t)from,
                         .end = cutter->offset + (uint32_t)to};
}

static struct ast_template_part *add_part(struct cutter *cutter, struct span span)
{
    struct ast_template_part *part = AST_NEW(cutter->p, struct ast_template_part);
    part->span = span;
    *cutter->tail = part;
    cutter->tail = &part->next;
    return part;
}

/* Ends the text part that was gathered up to `end`. */
static void end_text(struct cutter *cutter, size_t end)
{
    if (cutter->text.len > 0) {
        struct str text = arena_copy_str(cutter->p->arena, buf_view(&cutter->text));
        add_part(cutter, place(cutter, cutter->text_start, end))->text = text;
    }
    /* Clearing forgets a failure, so it is handed on first: a text must not lose a part. */
    struct arena *arena = cutter->p->arena;
    (void)arena_fail(arena, buf_status(&cutter->text));
    buf_clear(&cutter->text);
}

/* Offset of the } that ends the interpolation opened before `from`, or the body's length. */
static size_t find_close(const struct cutter *cutter, size_t from)
{
    bool quoted = false;
    for (size_t i = from; i < cutter->body.len; i++) {
        char c = cutter->body.ptr[i];
        if (c == '\\' && quoted) {
            i++;
        } else if (c == '"' && cutter->block) {
            quoted = !quoted;
        } else if (c == '\n' && quoted) {
            quoted = false;
        } else if (c == '}' && !quoted) {
            return i;
        }
    }
    return cutter->body.len;
}

static struct ast_expr *parse_interpolation(struct cutter *cutter, size_t from, size_t to)
{
    const struct parse *outer = cutter->p;
    struct parse inner = {.arena = outer->arena,
                          .diags = outer->diags,
                          .keywords = outer->keywords,
                          .source = outer->source,
                          .id = outer->id};
    plim_status status = parse_start(&inner, TOKEN_START_EXPR, place(cutter, from, to));
    if (status == PLIM_STATUS_OK && inner.expr != NULL) {
        return inner.expr;
    }
    return ast_leaf(cutter->p, AST_ERROR, place(cutter, from, to));
}

/* The { at cutter->at begins an expression. */
static void cut_interpolation(struct cutter *cutter)
{
    struct diag_list *diags = cutter->p->diags;
    size_t open = cutter->at;
    size_t close = find_close(cutter, open + 1);
    end_text(cutter, open);
    if (close == cutter->body.len) {
        struct diag *diag = diag_report(diags, DIAG_bad_interpolation,
                                        place(cutter, open, open + 1), "this `{` is not closed");
        diag_set_caret(diags, diag, "for a brace write `{{`");
        if (!cutter->block) {
            diag_add_note(diags, diag,
                          "a string inside `{}` is possible in a message in `\"\"\"` only");
        }
        cutter->at = close;
    } else if (str_trim(str_slice(cutter->body, open + 1, close)).len == 0) {
        struct diag *diag = diag_report(diags, DIAG_bad_interpolation,
                                        place(cutter, open, close + 1), "nothing stands in `{}`");
        diag_set_caret(diags, diag, "for braces write `{{}}`");
        cutter->at = close + 1;
    } else {
        struct ast_template_part *part = add_part(cutter, place(cutter, open, close + 1));
        part->expr = parse_interpolation(cutter, open + 1, close);
        cutter->at = close + 1;
    }
    cutter->text_start = cutter->at;
}

static void cut_next(struct cutter *cutter)
{
    char c = cutter->body.ptr[cutter->at];
    bool doubled = cutter->at + 1 < cutter->body.len && cutter->body.ptr[cutter->at + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
        buf_append_char(&cutter->text, c);
        cutter->at += 2;
    } else if (c == '{') {
        cut_interpolation(cutter);
    } else if (c == '}') {
        struct diag_list *diags = cutter->p->diags;
        struct diag *diag =
            diag_report(diags, DIAG_bad_interpolation, place(cutter, cutter->at, cutter->at + 1),
                        "this `}` closes nothing");
        diag_set_caret(diags, diag, "for a brace write `}}`");
        cutter->at++;
    } else if (c == '\\' && !cutter->block) {
        literal_put_escape(&cutter->text, cutter->body, &cutter->at);
    } else {
        buf_append_char(&cutter->text, c);
        cutter->at++;
    }
}

struct ast_template *parse_template(struct parse *p, struct str body, bool block, struct span span)
{
    struct ast_template *template = AST_NEW(p, struct ast_template);
    struct ast_template_part *parts = NULL;
    if (block) {
        body = literal_block(body);
    }
    struct cutter cutter = {.p = p,
                            .body = body,
                            .offset = (uint32_t)(body.ptr - p->source.text.ptr),
                            .block = block,
                            .tail = &parts};
    buf_init(&cutter.text, p->arena->allocator, body.len);
    while (cutter.at < body.len && arena_status(p->arena) == PLIM_STATUS_OK) {
        cut_next(&cutter);
    }
    end_text(&cutter, cutter.at);
    buf_release(&cutter.text);
    template->parts = parts;
    template->span = span;
    return template;
}
