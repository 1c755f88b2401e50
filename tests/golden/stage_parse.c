/* SPDX-License-Identifier: Apache-2.0
 *
 * stage_parse.c - golden stages of the compiler's front half: tokens, ast, syntax, fmt.
 */
#include "compiler/ast.h"
#include "compiler/fmt.h"
#include "compiler/lexer.h"
#include "compiler/parse.h"
#include "compiler/parse_state.h"
#include "tests/golden/golden.h"

struct input {
    struct source_set sources;
    struct diag_list diags;
    struct arena arena;
    source_id id;
};

static void open_input(struct input *input, struct str name, struct str text)
{
    source_set_init(&input->sources, NULL);
    diag_list_init(&input->diags, NULL);
    diag_list_set_sources(&input->diags, &input->sources);
    arena_init(&input->arena, NULL, 0);
    input->id = SOURCE_NONE;
    if (source_add_view(&input->sources, &input->id, name, text) != PLIM_STATUS_OK) {
        input->id = SOURCE_NONE;
    }
}

static void close_input(struct input *input)
{
    arena_release(&input->arena);
    diag_list_release(&input->diags);
    source_set_release(&input->sources);
}

static void put_failure(struct buf *out, plim_status status)
{
    if (status != PLIM_STATUS_OK) {
        buf_printf(out, "status %s\n", plim_status_name(status));
    }
}

void golden_tokens(struct buf *out, struct str name, struct str text)
{
    struct input input;
    open_input(&input, name, text);
    struct lexer_keywords keywords;
    lexer_keywords_init(&keywords);
    struct lexer lexer;
    struct span span = {.source = input.id, .end = (uint32_t)text.len};
    plim_status status = lexer_init(&lexer, &input.arena, source_get(&input.sources, input.id),
                                    input.id, span, &keywords, &input.diags);
    put_failure(out, status);
    GRAMMAR_STYPE value;
    int token = TOKEN_END;
    do {
        token = lexer_next(&lexer, &value, &span);
        struct source_position at = source_locate(&input.sources, input.id, span.start);
        buf_printf(out, "%u:%u %s", (unsigned)at.line, (unsigned)at.column,
                   parse_token_text(token));
        if (token == TOKEN_INT || token == TOKEN_DURATION || token == TOKEN_SIZE) {
            buf_printf(out, " %lld", (long long)value.number);
        } else if (token == TOKEN_NAME || token == TOKEN_STRING || token == TOKEN_BLOCK ||
                   token == TOKEN_VERSION || token == TOKEN_PATH) {
            buf_printf(out, " [%.*s]", STR_FMT(value.text));
        }
        buf_append_char(out, '\n');
    } while (token != TOKEN_END);
    golden_put_diags(out, &input.sources, &input.diags);
    close_input(&input);
}

static void parse_and(struct buf *out, struct str name, struct str text, bool dump)
{
    struct input input;
    open_input(&input, name, text);
    struct ast_module *module = NULL;
    plim_status status =
        parse_module(&module, &input.arena, &input.sources, input.id, &input.diags);
    put_failure(out, status);
    if (status == PLIM_STATUS_OK && dump) {
        ast_dump(out, module, true);
    }
    golden_put_diags(out, &input.sources, &input.diags);
    close_input(&input);
}

void golden_ast(struct buf *out, struct str name, struct str text)
{
    parse_and(out, name, text, true);
}

void golden_syntax(struct buf *out, struct str name, struct str text)
{
    parse_and(out, name, text, false);
}

/* The tree without spans: what must not change. */
static void put_tree(struct buf *out, struct str name, struct str text)
{
    struct input input;
    open_input(&input, name, text);
    struct ast_module *module = NULL;
    if (parse_module(&module, &input.arena, &input.sources, input.id, &input.diags) ==
        PLIM_STATUS_OK) {
        ast_dump(out, module, false);
    }
    close_input(&input);
}

static bool format_once(struct buf *out, struct str name, struct str text)
{
    struct input input;
    open_input(&input, name, text);
    plim_status status = format_module(out, &input.sources, input.id, &input.diags);
    put_failure(out, status);
    golden_put_diags(out, &input.sources, &input.diags);
    close_input(&input);
    return status == PLIM_STATUS_OK;
}

void golden_fmt(struct buf *out, struct str name, struct str text)
{
    struct buf twice;
    struct buf before;
    struct buf after;
    buf_init(&twice, NULL, out->max);
    buf_init(&before, NULL, out->max);
    buf_init(&after, NULL, out->max);
    if (!format_once(out, name, text)) {
        return;
    }
    struct str once = buf_view(out);
    bool stable = format_once(&twice, name, once) && str_eq(once, buf_view(&twice));
    put_tree(&before, name, text);
    put_tree(&after, name, once);
    bool same = str_eq(buf_view(&before), buf_view(&after));
    if (!stable) {
        buf_append_cstr(out, "NOT IDEMPOTENT\n");
    }
    if (!same) {
        buf_append_cstr(out, "TREE CHANGED\n");
    }
    buf_release(&twice);
    buf_release(&before);
    buf_release(&after);
}
