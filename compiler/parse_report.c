/* SPDX-License-Identifier: Apache-2.0
 *
 * parse_report.c - the words of syntax errors: what was found, what could stand there instead (at
 * most four things, as users type them), and what was probably meant.
 *
 * The parser offers every token it would accept; a person wants to hear the few that matter. So
 * operators are left out when anything else fits, the many ways to begin an expression are one
 * thing, and long choices are summed up by category (keywords.def).
 */
#include "compiler/ast_build.h"
#include "compiler/lex_token.h"
#include "compiler/parse_state.h"
#include "core/buf.h"

#include <string.h>

enum { MOST_NAMED = 4, MOST_QUOTED = 40 };

struct choice {
    const char *texts[64]; /* tokens or categories, without doubles */
    size_t count;
};

/* Token number of a keyword by its text, or -1. */
static int keyword_of(const struct parse *p, const char *text)
{
    struct str word = str_from_cstr(text);
    int token = word.len > 0 ? lex_keyword(&p->lexer, word) : TOKEN_NAME;
    return token == TOKEN_NAME ? -1 : token;
}

static bool is_word(const char *text)
{
    return (*text >= 'a' && *text <= 'z');
}

static bool contains(const char *const *expected, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(expected[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static void add_choice(struct choice *choice, const char *text)
{
    if (choice->count < sizeof choice->texts / sizeof *choice->texts &&
        !contains(choice->texts, choice->count, text)) {
        choice->texts[choice->count++] = text;
    }
}

static bool is_operator(const struct parse *p, const char *text)
{
    static const char *const operators[] = {
        "==", "!=", "<=", "'<'", "'>'", ">=", "'='", "not in", "is not", "'.'", "'('", "duration"};
    if (contains(operators, sizeof operators / sizeof *operators, text)) {
        return true;
    }
    int token = keyword_of(p, text);
    return token >= 0 && lexer_keyword_category(token) == LEXER_OPERATOR;
}

static const char *category_text(enum lexer_category category)
{
    switch (category) {
    case LEXER_ITEM:
        return "a declaration";
    case LEXER_META:
        return "a property";
    case LEXER_CLAUSE:
        return "a clause";
    case LEXER_STEP:
        return "a test statement";
    case LEXER_PART:
    case LEXER_WORD:
    case LEXER_OPERATOR:
    case LEXER_START:
    case LEXER_NO_KEYWORD:
        break;
    }
    return NULL;
}

/* How much of what the parser accepts is told. */
enum detail {
    DETAIL_ALL,   /* operators too: there is nothing else */
    DETAIL_WORDS, /* no operators */
    DETAIL_BRIEF  /* keywords summed up by category */
};

/* Whether a token adds nothing to a choice in which an expression or a name stands already. */
static bool is_covered(const struct parse *p, const char *text, bool expression, bool name)
{
    static const char *const silent[] = {"text", "name", "unreadable text", "end of file"};
    if (contains(silent, sizeof silent / sizeof *silent, text)) {
        return true;
    }
    int token = is_word(text) ? keyword_of(p, text) : -1;
    enum lexer_category category = token >= 0 ? lexer_keyword_category(token) : LEXER_NO_KEYWORD;
    bool literal = token < 0 && is_word(text);
    bool maybe_name = category == LEXER_START || category == LEXER_WORD || category == LEXER_META ||
                      category == LEXER_STEP;
    return (expression && (literal || maybe_name || strcmp(text, "'['") == 0)) ||
           (name && (maybe_name || literal));
}

/* Collects the choices. */
static void collect(const struct parse *p, const char *const *expected, size_t count,
                    enum detail detail, struct choice *choice)
{
    bool expression = contains(expected, count, "string") && contains(expected, count, "'('");
    bool name = contains(expected, count, "name");
    choice->count = 0;
    if (expression) {
        add_choice(choice, "an expression");
    } else if (name) {
        add_choice(choice, "a name");
    }
    for (size_t i = 0; i < count; i++) {
        const char *text = expected[i];
        int token = is_word(text) ? keyword_of(p, text) : -1;
        enum lexer_category category =
            token >= 0 ? lexer_keyword_category(token) : LEXER_NO_KEYWORD;
        bool left_out = (detail != DETAIL_ALL && is_operator(p, text)) ||
                        (detail == DETAIL_BRIEF && category == LEXER_PART);
        if (!left_out && !is_covered(p, text, expression, name)) {
            const char *summary = detail == DETAIL_BRIEF ? category_text(category) : NULL;
            add_choice(choice, summary != NULL ? summary : text);
        }
    }
}

/* Whether the found token can only mean that a block should have been closed before it. */
static bool ends_block(const struct parse *p, const char *found)
{
    int token = keyword_of(p, found);
    return strcmp(found, "end of file") == 0 ||
           (token >= 0 && lexer_keyword_category(token) == LEXER_ITEM);
}

/* The few things to name for a long list of accepted tokens. */
static void choose(const struct parse *p, const char *found, const char *const *expected,
                   size_t count, struct choice *choice)
{
    const char *part = parse_missing_part(p);
    bool inner_end = p->module == NULL && contains(expected, count, "end of file");
    if (inner_end || (ends_block(p, found) && contains(expected, count, "'}'"))) {
        choice->count = 0;
        add_choice(choice, "'}'");
        return;
    }
    if (part != NULL && contains(expected, count, part)) {
        choice->count = 0;
        add_choice(choice, part); /* between parts of an arm: what comes next by rights */
        return;
    }
    collect(p, expected, count, DETAIL_WORDS, choice);
    if (choice->count > MOST_NAMED) {
        collect(p, expected, count, DETAIL_BRIEF, choice);
    } else if (choice->count == 0) {
        collect(p, expected, count, DETAIL_ALL, choice);
    }
}

/* How a choice or a found token is shown: keywords and marks in backquotes, sorts of token not. */
static void put_token(struct buf *out, const struct parse *p, const char *text)
{
    size_t length = strlen(text);
    if (length == 3 && text[0] == '\'') {
        buf_printf(out, "`%c`", text[1]);
    } else if (is_word(text) && (strchr(text, ' ') != NULL || keyword_of(p, text) < 0) &&
               strcmp(text, "not in") != 0 && strcmp(text, "is not") != 0) {
        bool article = strncmp(text, "a ", 2) != 0 && strncmp(text, "an ", 3) != 0 &&
                       strcmp(text, "end of file") != 0;
        buf_printf(out, "%s%s", article ? (*text == 'i' ? "an " : "a ") : "",
                   strcmp(text, "end of file") == 0 ? "the end of the file" : text);
    } else {
        buf_printf(out, "`%s`", text);
    }
}

static void put_choices(struct buf *out, const struct parse *p, const struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        if (i > 0) {
            buf_append_cstr(out, i + 1 == choice->count ? " or " : ", ");
        }
        put_token(out, p, choice->texts[i]);
    }
}

static void put_found(struct buf *out, const struct parse *p, struct span span, const char *found)
{
    struct str text = parse_text(p, span);
    if (p->module == NULL && strcmp(found, "end of file") == 0) {
        buf_append_cstr(out, "`}`"); /* of an interpolation, which ends there */
    } else if (strcmp(found, "name") == 0 || keyword_of(p, found) >= 0) {
        buf_printf(out, "`%.*s`", STR_FMT(str_slice(text, 0, MOST_QUOTED)));
    } else {
        put_token(out, p, found);
    }
}

/* Edit distance of two short words, neighbours swapped counting once; capped at `most` + 1. */
static size_t distance(struct str a, struct str b, size_t most)
{
    enum { LONGEST = 12 };
    size_t rows[3][LONGEST + 1];
    if (a.len > LONGEST || b.len > LONGEST || a.len > b.len + most || b.len > a.len + most) {
        return most + 1;
    }
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = j;
        rows[2][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t *now = rows[i % 3];
        const size_t *up = rows[(i + 2) % 3];
        const size_t *up2 = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t best = up[j - 1] + (size_t)(a.ptr[i - 1] != b.ptr[j - 1]);
            best = up[j] + 1 < best ? up[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1] &&
                up2[j - 2] + 1 < best) {
                best = up2[j - 2] + 1;
            }
            now[j] = best;
        }
    }
    return rows[a.len % 3][b.len];
}

/* The expected keyword that the found word resembles most, or NULL. */
static const char *resembling(const struct parse *p, struct str found, const char *const *expected,
                              size_t count)
{
    const char *best = NULL;
    if (found.len < 3) {
        return NULL; /* everything short resembles everything else */
    }
    size_t closest = found.len > 4 ? 3 : 2;
    for (size_t i = 0; i < count; i++) {
        if (!is_word(expected[i]) || keyword_of(p, expected[i]) < 0) {
            continue;
        }
        size_t apart = distance(found, str_from_cstr(expected[i]), closest);
        if (apart < closest) {
            closest = apart;
            best = expected[i];
        }
    }
    return best;
}

/* Says where the bracket or block was opened that should be closed here. */
static void add_opening(struct parse *p, struct diag *diag, const char *found,
                        const char *const *expected, size_t count)
{

    uint32_t at = PARSE_NOWHERE;
    if (p->depth > 0 && (contains(expected, count, "')'") || contains(expected, count, "']'"))) {
        at = p->brackets[p->depth - 1];
    } else if (ends_block(p, found) && contains(expected, count, "'}'")) {
        at = p->block;
    }
    if (at != PARSE_NOWHERE) {
        struct span span = {.source = p->id, .start = at, .end = at + 1};
        diag_add_label(p->diags, diag, span, "`%c` was opened here", p->source.text.ptr[at]);
    }
}

void parse_report_syntax(struct parse *p, struct span span, const char *found,
                         const char *const *expected, size_t count)
{
    bool at_end = strcmp(found, "end of file") == 0;
    if (span.start == p->quiet_at || strcmp(found, "unreadable text") == 0 ||
        (at_end && p->lexer.unclosed) || arena_status(p->arena) != PLIM_STATUS_OK) {
        return;
    }
    struct choice choice = {.count = 0};
    choose(p, found, expected, count, &choice);
    struct buf text;
    buf_init(&text, p->diags->arena.allocator, DIAG_MAX_TEXT);
    if (choice.count > 0 && choice.count <= MOST_NAMED) {
        buf_append_cstr(&text, "expected ");
        put_choices(&text, p, &choice);
        buf_append_cstr(&text, ", found ");
    } else {
        buf_append_cstr(&text, "unexpected ");
    }
    put_found(&text, p, span, found);
    struct str message =
        buf_status(&text) == PLIM_STATUS_OK ? buf_view(&text) : STR("syntax error");
    if (at_end && p->module == NULL) {
        span.end++; /* the } of the interpolation */
    } else if (at_end && span.start > 0) {
        span.start--; /* a caret needs a character */
    }
    struct diag *diag = diag_report(p->diags, DIAG_syntax, span, "%.*s", STR_FMT(message));
    buf_release(&text);
    bool word = strcmp(found, "name") == 0 || keyword_of(p, found) >= 0;
    const char *meant = word ? resembling(p, parse_text(p, span), expected, count) : NULL;
    if (meant != NULL) {
        diag_set_caret(p->diags, diag, "did you mean `%s`?", meant);
    }
    add_opening(p, diag, found, expected, count);
}

void parse_report_depth(struct parse *p, struct span span)
{
    if (span.end > span.start) {
        span.end = span.start + 1;
    }
    diag_report(p->diags, DIAG_too_deep, span, "nesting deeper than %d", PARSE_MAX_DEPTH);
}

void parse_report_assignment(struct parse *p, struct span span)
{
    struct diag *diag =
        diag_report(p->diags, DIAG_assignment_in_expr, span, "`=` does not compare");
    diag_set_caret(p->diags, diag, "did you mean `==`?");
}

struct ast_expr *parse_report_chain(struct parse *p, const struct ast_expr *left,
                                    const struct ast_expr *right, struct span left_span,
                                    struct span operator_span, struct span span)
{
    struct ast_expr *error = ast_leaf(p, AST_ERROR, span);
    if (left->kind == AST_ERROR) {
        return error; /* a longer chain: said once */
    }
    struct diag *diag =
        diag_report(p->diags, DIAG_chained_comparison, operator_span, "comparisons do not chain");
    if (left->right != NULL) {
        struct str first = parse_text(p, left_span);
        struct str middle = parse_text(p, left->right->span);
        struct str rest = parse_text(p, span_join(operator_span, right->span));
        diag_set_caret(p->diags, diag, "write `%.*s and %.*s %.*s`", STR_FMT(first),
                       STR_FMT(middle), STR_FMT(rest));
    }
    return error;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int64_t parse_join_duration(struct parse *p, int64_t left, int64_t right, struct span left_span,
                            struct span right_span)
{
    /* Last unit of the left and first of the right text, judged as one small literal. */
    struct str first = parse_text(p, left_span);
    struct str second = parse_text(p, right_span);
    size_t from = first.len;
    while (from > 0 && !is_digit(first.ptr[from - 1])) {
        from--;
    }
    size_t start = 0;
    while (start < second.len && is_digit(second.ptr[start])) {
        start++;
    }
    size_t end = start;
    while (end < second.len && !is_digit(second.ptr[end])) {
        end++;
    }
    struct buf joined;
    buf_init(&joined, p->arena->allocator, 2 * LEXER_MAX_WORD);
    buf_printf(&joined, "1%.*s1%.*s", STR_FMT(str_slice(first, from, first.len)),
               STR_FMT(str_slice(second, start, end)));
    enum literal_kind kind = LITERAL_INT;
    int64_t sum = 0;
    const char *wrong = buf_status(&joined) == PLIM_STATUS_OK
                            ? literal_number(buf_view(&joined), &kind, &sum)
                            : NULL;
    if (wrong == NULL && __builtin_add_overflow(left, right, &sum)) {
        wrong = "the number is too large";
    }
    buf_release(&joined);
    if (wrong != NULL) {
        diag_report(p->diags, DIAG_bad_number, right_span, "`%.*s`: %s", STR_FMT(second), wrong);
        return left;
    }
    return sum;
}
