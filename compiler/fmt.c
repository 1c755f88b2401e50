/* SPDX-License-Identifier: Apache-2.0
 *
 * fmt.c - see fmt.h. One pass over the tokens decides, for each, whether it begins a line (a
 * declaration, property, clause, part or test statement), stays on the line its writer gave it, or
 * is joined; what stands between two tokens is blanks, line breaks and comments only. Tokens are
 * never changed and the grammar does not look at line ends, so the tree cannot change. The guess
 * whether a word like `id` is a property or a name decides layout only.
 */
#include "compiler/fmt.h"

#include "compiler/fmt_line.h"
#include "compiler/lexer.h"
#include "compiler/parse.h"
#include "core/arena.h"

enum fmt_block { BLOCK_NONE, BLOCK_RULE, BLOCK_TEST };

/* Columns. Values of properties stand in one column, which the longest word sets. */
enum {
    INDENT_CLAUSE = 2,
    INDENT_PART = 4,
    HANG = 4,
    HANG_PARAM = 6,
    HANG_PROPERTY = sizeof "severity" - 1 + 1
};

struct fmt {
    struct buf *out;
    struct fmt_line line;
    struct str text;
    enum fmt_block block;
    unsigned brackets;
    unsigned base;       /* indentation of the line that the current clause began */
    unsigned hang;       /* and of its further lines, relative to it */
    unsigned padding;    /* column of the value of a property: blanks still to come */
    bool declares_list;  /* in a declaration whose value is a list */
    bool in_type;        /* between the < > of a type */
    bool in_arm_head;    /* between deny and when */
    int previous;        /* token; TOKEN_END before the first */
    bool after_operand;  /* the previous token can end an expression */
    bool after_property; /* the previous token is the word of a property */
    uint32_t end;        /* of the previous token */
    bool head_open;      /* a rule's or test's { was not met yet */
};

static bool is_opening(int token)
{
    return token == '(' || token == '[';
}

static bool is_closing(int token)
{
    return token == ')' || token == ']';
}

/* Whether the token begins a line of the canonical layout. */
static bool begins_line(const struct fmt *fmt, int token)
{
    if (token == '}') {
        return true;
    }
    if (fmt->brackets > 0 || fmt->head_open) {
        return false;
    }
    switch (lexer_keyword_category(token)) {
    case LEXER_ITEM:
        return fmt->block == BLOCK_NONE && fmt->previous != ':';
    case LEXER_META:
        return fmt->block == BLOCK_RULE && !fmt->in_arm_head &&
               (fmt->after_operand || fmt->previous == '{');
    case LEXER_CLAUSE:
        return fmt->block == BLOCK_RULE && !fmt->after_property;
    case LEXER_PART:
        return fmt->block == BLOCK_RULE && token != TOKEN_WHEN && fmt->previous != TOKEN_ALSO;
    case LEXER_STEP:
        return fmt->block == BLOCK_TEST && (fmt->after_operand || fmt->previous == '{');
    case LEXER_WORD:
    case LEXER_OPERATOR:
    case LEXER_START:
    case LEXER_NO_KEYWORD:
        break;
    }
    return false;
}

/* Indentation of a token that begins a line, by layout or because its writer broke there. */
static unsigned indentation(const struct fmt *fmt, int token, bool begins)
{
    enum lexer_category category = lexer_keyword_category(token);
    if (begins) {
        bool inside = fmt->block != BLOCK_NONE && token != '}';
        return !inside ? 0 : category == LEXER_PART ? INDENT_PART : INDENT_CLAUSE;
    }
    if (fmt->hang == HANG_PROPERTY) {
        return fmt->base + fmt->hang;
    }
    /* A list that is declared begins at the margin: its elements need no further indentation. */
    unsigned brackets = fmt->brackets - (unsigned)(is_closing(token) && fmt->brackets > 0);
    if (fmt->declares_list && fmt->brackets > 0) {
        return fmt->base + 2 * brackets;
    }
    return fmt->base + fmt->hang + 2 * brackets;
}

static void put_indentation(struct fmt *fmt, unsigned columns)
{
    for (unsigned i = 0; i < columns; i++) {
        buf_append_char(fmt->out, ' ');
    }
}

static void new_line(struct fmt *fmt, bool blank, unsigned columns)
{
    fmt_line_end(&fmt->line);
    if (fmt->previous != TOKEN_END || fmt->out->len > 0) {
        buf_append_cstr(fmt->out, blank ? "\n\n" : "\n");
    }
    fmt->line.start = fmt->out->len;
    put_indentation(fmt, columns);
}

/* Whether `(` follows a name that it calls or declares. */
static bool is_call(const struct fmt *fmt, int token)
{
    return token == '(' && fmt->after_operand && fmt->previous != ')' && fmt->previous != ']';
}

static bool needs_space(const struct fmt *fmt, int token)
{
    if (fmt->previous == TOKEN_END || fmt->previous == '.' || token == '.' ||
        fmt->previous == '/' || token == '/' || is_opening(fmt->previous) || is_closing(token)) {
        return false;
    }
    bool declares = token == ':' && fmt->hang == HANG_PARAM && fmt->brackets == 0;
    if (token == ',' || (token == ':' && !declares) || is_call(fmt, token)) {
        return false;
    }
    bool type = (token == '<' && fmt->previous == TOKEN_LIST) ||
                (fmt->in_type && (token == '>' || fmt->previous == '<'));
    return !type;
}

/* What lies between two tokens. */
struct gap {
    unsigned breaks; /* line breaks since the last comment or token */
    bool comments;   /* there was a comment: a line break must follow */
    bool own_line;   /* one of them stood on a line of its own */
};

/* Writes the comments of text[fmt->end, to) and tells about the rest. */
static struct gap put_comments(struct fmt *fmt, uint32_t to, unsigned columns, bool apart)
{
    struct gap gap = {.breaks = 0};
    uint32_t at = fmt->end;
    while (at < to) {
        char c = fmt->text.ptr[at];
        if (c != '#') {
            gap.breaks += (unsigned)(c == '\n');
            at++;
            continue;
        }
        uint32_t end = at;
        while (end < to && fmt->text.ptr[end] != '\n') {
            end++;
        }
        bool first = fmt->previous == TOKEN_END && !gap.comments;
        if (gap.breaks > 0 || first || gap.comments) {
            bool blank = gap.breaks > 1 && fmt->previous != '{';
            bool after_head = gap.comments && gap.breaks > 1;
            bool after_item = apart && !gap.own_line;
            new_line(fmt, !first && (blank || after_head || after_item), columns);
            gap.own_line = true;
        } else {
            buf_append_cstr(fmt->out, "  ");
        }
        buf_append(fmt->out, str_trim(str_slice(fmt->text, at, end)));
        gap.comments = true;
        gap.breaks = 0;
        at = end;
    }
    return gap;
}

/* Whether a line that is too long may be broken before the token. */
static bool may_break(const struct fmt *fmt, int token)
{
    bool doc = fmt->hang == HANG_PARAM && fmt->brackets == 0 && fmt->previous != '=' &&
               (token == TOKEN_STRING || token == TOKEN_BLOCK);
    return token == TOKEN_AND || token == TOKEN_OR || fmt->previous == ',' || doc;
}

/* Blanks, line breaks and comments before a token. */
static void put_gap(struct fmt *fmt, int token, struct span span, bool begins)
{
    unsigned columns = indentation(fmt, token, begins);
    bool top = begins && fmt->block == BLOCK_NONE;
    bool apart = top && fmt->previous == '}';
    unsigned comment_columns = columns;
    if (token == '}' && fmt->block != BLOCK_NONE) {
        comment_columns = INDENT_CLAUSE;
    } else if (is_closing(token)) {
        comment_columns = indentation(fmt, TOKEN_NAME, false);
    }
    struct gap gap = put_comments(fmt, span.start, comment_columns, apart);
    bool breaks = begins || gap.comments || (gap.breaks > 0 && token != '{');
    if (breaks && (fmt->previous != TOKEN_END || gap.comments)) {
        bool block = token == TOKEN_RULE || token == TOKEN_TEST;
        bool forced = !gap.own_line && (apart || (top && block));
        bool kept =
            gap.breaks > 1 && begins && token != '}' && (fmt->previous != '{' || gap.own_line);
        new_line(fmt, forced || kept, columns);
    } else if (fmt->padding > 0) {
        put_indentation(fmt, fmt->padding);
    } else if (needs_space(fmt, token)) {
        buf_append_char(fmt->out, ' ');
        if (may_break(fmt, token)) {
            fmt_line_may_break(&fmt->line, columns, fmt->brackets);
        }
    }
    fmt->padding = 0;
}

/* A token that begins a line sets the indentation of what follows it. */
static void begin_clause(struct fmt *fmt, int token, struct span span)
{
    bool property = lexer_keyword_category(token) == LEXER_META;
    fmt->base = indentation(fmt, token, true);
    fmt->hang = property ? HANG_PROPERTY : token == TOKEN_PARAM ? HANG_PARAM : HANG;
    fmt->padding = property ? HANG_PROPERTY - (span.end - span.start) : 0;
    fmt->declares_list = token == TOKEN_LIST || token == TOKEN_PARAM;
    fmt->in_arm_head = token == TOKEN_DENY;
    if (token == TOKEN_RULE || token == TOKEN_TEST) {
        fmt->block = token == TOKEN_RULE ? BLOCK_RULE : BLOCK_TEST;
        fmt->head_open = true;
    } else if (token == '}') {
        fmt->block = BLOCK_NONE;
    }
}

/* Whether the token can end an expression: a name, a literal, a closing bracket. */
static bool is_operand(int token, bool begins)
{
    enum lexer_category category = lexer_keyword_category(token);
    bool word = category == LEXER_META || category == LEXER_STEP || category == LEXER_WORD;
    return (word && !begins) || token == TOKEN_NAME || token == TOKEN_STRING ||
           token == TOKEN_BLOCK || token == TOKEN_VERSION || token == TOKEN_INT ||
           token == TOKEN_DURATION || token == TOKEN_SIZE || token == TOKEN_TRUE ||
           token == TOKEN_FALSE || token == TOKEN_DENY || is_closing(token);
}

static void put_token(struct fmt *fmt, int token, struct span span)
{
    bool begins = begins_line(fmt, token);
    put_gap(fmt, token, span, begins);
    buf_append(fmt->out, str_slice(fmt->text, span.start, span.end));
    if (begins) {
        begin_clause(fmt, token, span);
    }
    fmt->in_type = (fmt->in_type && token != '>') || (token == '<' && fmt->previous == TOKEN_LIST);
    fmt->in_arm_head = fmt->in_arm_head && token != TOKEN_WHEN;
    fmt->head_open = fmt->head_open && token != '{';
    fmt->brackets += (unsigned)is_opening(token);
    fmt->brackets -= (unsigned)(is_closing(token) && fmt->brackets > 0);
    fmt->after_operand = is_operand(token, begins);
    fmt->after_property = begins && lexer_keyword_category(token) == LEXER_META;
    fmt->previous = token;
    fmt->end = span.end;
}

static plim_status format_tokens(struct buf *out, struct arena *arena, const struct source *source,
                                 source_id id, struct diag_list *diags)
{
    struct lexer_keywords keywords;
    lexer_keywords_init(&keywords);
    struct lexer lexer;
    struct span whole = {.source = id, .end = (uint32_t)source->text.len};
    plim_status status = lexer_init(&lexer, arena, source, id, whole, &keywords, diags);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    struct fmt fmt = {.out = out, .text = source->text, .previous = TOKEN_END, .end = lexer.base};
    fmt_line_init(&fmt.line, out);
    GRAMMAR_STYPE value;
    struct span span;
    int token = lexer_next(&lexer, &value, &span);
    while (token != TOKEN_END) {
        put_token(&fmt, token, span);
        token = lexer_next(&lexer, &value, &span);
    }
    put_comments(&fmt, span.start, 0, fmt.previous == '}');
    fmt_line_end(&fmt.line);
    fmt_line_release(&fmt.line);
    if (out->len > 0) {
        buf_append_char(out, '\n');
    }
    return buf_status(out);
}

plim_status format_module(struct buf *out, struct source_set *sources, source_id id,
                          struct diag_list *diags)
{
    struct arena arena;
    struct buf text;
    const plim_allocator *allocator = out->allocator;
    arena_init(&arena, allocator, 0);
    buf_init(&text, allocator, out->max);
    struct ast_module *module = NULL;
    size_t errors = diags->errors;
    plim_status status = parse_module(&module, &arena, sources, id, diags);
    if (status == PLIM_STATUS_OK && diags->errors > errors) {
        status = PLIM_STATUS_POLICY;
    }
    if (status == PLIM_STATUS_OK) {
        status = format_tokens(&text, &arena, source_get(sources, id), id, diags);
    }
    if (status == PLIM_STATUS_OK) {
        buf_append(out, buf_view(&text));
        status = buf_status(out);
    }
    buf_release(&text);
    arena_release(&arena);
    return status;
}
