/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_word.c - one shell word: quotes, escapes, expansions.
 *
 * The text of a word is what a command would get, with expansions kept as written. Most words are
 * plain, so their text is a slice of the input; the first quote makes the word gather its text in
 * the lexer's working bytes, and only text that is no longer contiguous is copied to the arena.
 * A command substitution interrupts the word: its state moves into the frame and comes back at the
 * closing bracket. Tokens and operators belong to sh_lex.c. Thread rule: as the lexer.
 */
#include "facts/shell/sh_lex.h"

#include <string.h>

#include "core/alloc.h"

/* Bytes that end a run of plain text outside quotes. */
enum { STOP = 1, BLANK_STOP = 2 };

static const unsigned char plain_class[256] = {
    ['\t'] = BLANK_STOP, ['\n'] = BLANK_STOP, [' '] = BLANK_STOP, ['\r'] = STOP, [';'] = STOP,
    ['&'] = STOP,        ['|'] = STOP,        ['<'] = STOP,       ['>'] = STOP,  ['('] = STOP,
    [')'] = STOP,        ['$'] = STOP,        ['`'] = STOP,       ['\\'] = STOP, ['\''] = STOP,
    ['"'] = STOP,        ['*'] = STOP,        ['?'] = STOP,       ['['] = STOP,  ['~'] = STOP,
    ['{'] = STOP,        ['='] = STOP,
};

/* What a byte is to a word that has nothing to interpret: part of it, its end, or a reason to read
 * it with all care. */
enum { SIMPLE_END = 1, SIMPLE_NOT = 2, SIMPLE_EQUALS = 3 };

static const unsigned char simple_class[256] = {
    ['\t'] = SIMPLE_END, [' '] = SIMPLE_END,    ['\n'] = SIMPLE_END, [';'] = SIMPLE_END,
    ['&'] = SIMPLE_END,  ['|'] = SIMPLE_END,    [')'] = SIMPLE_END,  ['\r'] = SIMPLE_NOT,
    ['<'] = SIMPLE_NOT,  ['>'] = SIMPLE_NOT,    ['('] = SIMPLE_NOT,  ['$'] = SIMPLE_NOT,
    ['`'] = SIMPLE_NOT,  ['\\'] = SIMPLE_NOT,   ['\''] = SIMPLE_NOT, ['"'] = SIMPLE_NOT,
    ['*'] = SIMPLE_NOT,  ['?'] = SIMPLE_NOT,    ['['] = SIMPLE_NOT,  ['~'] = SIMPLE_NOT,
    ['{'] = SIMPLE_NOT,  ['='] = SIMPLE_EQUALS,
};

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Byte `ahead` bytes on, or NUL behind the end. */
static char peek(const struct sh_lexer *lx, uint32_t ahead)
{
    return lx->len - lx->at > ahead ? lx->text[lx->at + ahead] : '\0';
}

/* Adds input bytes [from, from + n) to the text of a gathering word. */
static void append(struct sh_lexer *lx, uint32_t from, uint32_t n)
{
    struct sh_word_state *word = &lx->word;
    if (!word->copied || word->raw_depth > 0 || n == 0) {
        return;
    }
    size_t have = lx->char_count - word->chars_at;
    if (have == 0) {
        word->text_start = from;
    } else if (word->text_start + have != from) {
        word->broken = true;
    }
    if (lx->char_capacity - lx->char_count < n) {
        void *chars = lx->chars;
        if (!alloc_grow(lx->allocator, &chars, &lx->char_capacity, lx->char_count + n, 1)) {
            lx->status = PLIM_STATUS_NOMEM;
            return;
        }
        lx->chars = chars;
    }
    memcpy(lx->chars + lx->char_count, lx->text + from, n);
    lx->char_count += n;
}

/* A byte that does not stand in the input as it is ($'\n'). */
static void append_char(struct sh_lexer *lx, char c, uint32_t at)
{
    size_t before = lx->char_count;
    append(lx, at, 1);
    if (lx->char_count > before) {
        lx->chars[before] = c;
        lx->word.broken = true;
    }
}

/* From here on the text differs from the input. */
static void start_copy(struct sh_lexer *lx)
{
    if (!lx->word.copied && lx->word.raw_depth == 0) {
        lx->word.copied = true;
        append(lx, lx->word.start, lx->at - lx->word.start);
    }
}

void sh_word_begin(struct sh_lexer *lx)
{
    lx->word = (struct sh_word_state){
        .active = true, .start = lx->at, .text_start = lx->at, .chars_at = lx->char_count};
}

static struct sh_part *add_part(struct sh_lexer *lx, enum sh_part_kind kind, uint32_t start)
{
    struct sh_part *part = ARENA_NEW(lx->arena, struct sh_part);
    if (part == NULL) {
        return NULL;
    }
    part->kind = (uint8_t)kind;
    part->start = start;
    for (uint32_t i = lx->depth; i > 0 && lx->frames[i - 1].kind < SH_FRAME_SUBST; i--) {
        part->quoted = part->quoted || lx->frames[i - 1].kind == SH_FRAME_DQUOTE;
    }
    if (lx->word.last_part != NULL) {
        lx->word.last_part->next = part;
    } else {
        lx->word.first_part = part;
    }
    lx->word.last_part = part;
    lx->word.flags |= part->quoted ? 0U : (unsigned)SH_WORD_UNQUOTED_EXPANSION;
    return part;
}

bool sh_word_open_subst(struct sh_lexer *lx, enum sh_frame_kind kind, uint32_t start,
                        uint32_t inside)
{
    bool process = kind == SH_FRAME_PROCESS;
    struct sh_part *part = add_part(lx, process ? SH_PART_PROCESS : SH_PART_COMMAND, start);
    struct sh_subst *subst = ARENA_NEW(lx->arena, struct sh_subst);
    struct sh_frame *frame = sh_lexer_push(lx, kind, start);
    if (part == NULL || subst == NULL || frame == NULL) {
        lx->at = lx->len;
        return false;
    }
    subst->start = start;
    subst->process = process;
    part->subst = subst;
    lx->word.flags |= SH_WORD_COMMAND;
    if (lx->build.last_subst != NULL) {
        lx->build.last_subst->next = subst;
    } else {
        lx->build.substs = subst;
    }
    lx->build.last_subst = subst;
    frame->word = lx->word;
    frame->build = lx->build;
    frame->subst = subst;
    frame->part = part;
    lx->word = (struct sh_word_state){.chars_at = lx->char_count};
    lx->build = (struct sh_build){.words_at = lx->word_count, .redirs_at = lx->redir_count};
    lx->in_subst = (uint8_t)kind;
    lx->at = inside;
    return true;
}

void sh_word_close_subst(struct sh_lexer *lx, const struct sh_frame *frame)
{
    lx->char_count = lx->word.chars_at;
    lx->word = frame->word;
    lx->build = frame->build;
    frame->subst->end = lx->at;
    frame->part->end = lx->at;
    append(lx, frame->start, lx->at - frame->start);
}

uint32_t sh_word_find_arith_end(struct sh_lexer *lx, uint32_t from)
{
    if (lx->unclosed_arith) {
        return 0;
    }
    uint32_t open = 2;
    for (uint32_t i = from; i < lx->len; i++) {
        char c = lx->text[i];
        if (c == '(') {
            open++;
        } else if (c == ')' && --open == 1) {
            bool adjacent = lx->len - i > 1 && lx->text[i + 1] == ')';
            return adjacent ? i + 2 : 0;
        }
    }
    lx->unclosed_arith = true;
    return 0;
}

/* Opens a frame whose text is taken as written. */
static void push_raw(struct sh_lexer *lx, enum sh_frame_kind kind, uint32_t start, uint32_t skip)
{
    struct sh_frame *frame = sh_lexer_push(lx, kind, start);
    if (frame == NULL) {
        return;
    }
    frame->parens = 0;
    lx->word.raw_depth++;
    lx->at = start + skip;
}

/* Closes the raw frame on top; the offset already stands behind its end. */
static void pop_raw(struct sh_lexer *lx)
{
    const struct sh_frame *frame = &lx->frames[--lx->depth];
    lx->word.raw_depth--;
    if (frame->part != NULL) {
        frame->part->end = lx->at;
    }
    append(lx, frame->start, lx->at - frame->start);
}

/* Behind `${`: an optional # or !, the name, and the operator that follows it. */
static void scan_brace_name(struct sh_lexer *lx, struct sh_part *part)
{
    char c = peek(lx, 0);
    if ((c == '#' || c == '!') && peek(lx, 1) != '}') {
        part->op = c;
        lx->at++;
        c = peek(lx, 0);
    }
    uint32_t from = lx->at;
    if (is_name_start(c)) {
        while (is_name_start(peek(lx, 0)) || is_digit(peek(lx, 0))) {
            lx->at++;
        }
    } else if (is_digit(c)) {
        while (is_digit(peek(lx, 0))) {
            lx->at++;
        }
    } else if (c != '\0' && strchr("@*#?-$!", c) != NULL) {
        lx->at++;
    }
    part->name = str_make(lx->text + from, lx->at - from);
    c = peek(lx, 0);
    if (part->op == 0 && c != '}') {
        part->op = c;
    }
}

static void scan_brace_open(struct sh_lexer *lx)
{
    uint32_t start = lx->at;
    struct sh_part *part = add_part(lx, SH_PART_VARIABLE, start);
    push_raw(lx, SH_FRAME_BRACE, start, 2);
    lx->word.flags |= SH_WORD_VARIABLE;
    if (part == NULL || lx->at >= lx->len) {
        return;
    }
    lx->frames[lx->depth - 1].part = part;
    scan_brace_name(lx, part);
}

/* $'...': the usual C escapes; the others stay as written. */
static void scan_ansi_quote(struct sh_lexer *lx)
{
    uint32_t start = lx->at;
    start_copy(lx);
    lx->word.flags |= SH_WORD_QUOTED;
    lx->at += 2;
    while (lx->at < lx->len && lx->text[lx->at] != '\'') {
        char c = lx->text[lx->at];
        char next = peek(lx, 1);
        if (c != '\\' || next == '\0') {
            append(lx, lx->at++, 1);
            continue;
        }
        static const char from[] = "ntr\\'\"";
        static const char to[] = "\n\t\r\\'\"";
        const char *hit = strchr(from, next);
        if (hit != NULL) {
            append_char(lx, to[hit - from], lx->at);
        } else {
            append(lx, lx->at, 2);
        }
        lx->at += 2;
    }
    if (lx->at >= lx->len) {
        sh_lexer_gap(lx, SH_GAP_UNTERMINATED, start, lx->len);
        return;
    }
    lx->at++;
}

/* At a `$`. True when a substitution with commands was opened. */
static bool scan_dollar(struct sh_lexer *lx, bool quoted)
{
    uint32_t start = lx->at;
    char c = peek(lx, 1);
    if (c == '(') {
        if (peek(lx, 2) != '(' ||
            (sh_word_find_arith_end(lx, start + 3) == 0 && !lx->unclosed_arith)) {
            return sh_word_open_subst(lx, SH_FRAME_SUBST, start, start + 2);
        }
        struct sh_part *part = add_part(lx, SH_PART_ARITH, start);
        lx->word.flags |= SH_WORD_ARITH;
        push_raw(lx, SH_FRAME_ARITH, start, 3);
        if (lx->at < lx->len) {
            lx->frames[lx->depth - 1].part = part;
        }
        return false;
    }
    if (c == '{') {
        scan_brace_open(lx);
        return false;
    }
    if (!quoted && c == '\'') {
        scan_ansi_quote(lx);
        return false;
    }
    uint32_t n = 0;
    if (is_name_start(c)) {
        while (is_name_start(peek(lx, n + 1)) || is_digit(peek(lx, n + 1))) {
            n++;
        }
    } else if (is_digit(c) || (c != '\0' && strchr("@*#?-$!", c) != NULL)) {
        n = 1;
    }
    if (!quoted && c == '"') {
        start_copy(lx); /* $"...": a translated string; the $ itself is no text */
        lx->at++;
        return false;
    }
    if (n > 0) {
        struct sh_part *part = add_part(lx, SH_PART_VARIABLE, start);
        lx->word.flags |= SH_WORD_VARIABLE;
        if (part != NULL) {
            part->name = str_make(lx->text + start + 1, n);
            part->end = start + 1 + n;
        }
    }
    append(lx, start, n + 1);
    lx->at += n + 1;
    return false;
}

/* At a backtick or, inside `...`, at an escaped one, that opens a substitution. */
static bool scan_backtick(struct sh_lexer *lx)
{
    bool escaped = lx->text[lx->at] == '\\';
    return sh_word_open_subst(lx, escaped ? SH_FRAME_BACKTICK_ESC : SH_FRAME_BACKTICK, lx->at,
                              lx->at + (escaped ? 2 : 1));
}

static bool opens_nested_backtick(const struct sh_lexer *lx)
{
    return lx->in_subst == SH_FRAME_BACKTICK && peek(lx, 1) == '`';
}

static void scan_single_quote(struct sh_lexer *lx)
{
    start_copy(lx);
    lx->word.flags |= SH_WORD_QUOTED;
    uint32_t from = lx->at + 1;
    const char *end = memchr(lx->text + lx->at + 1, '\'', lx->len - from);
    if (end == NULL) {
        sh_lexer_gap(lx, SH_GAP_UNTERMINATED, lx->at, lx->len);
        append(lx, from, lx->len - from);
        lx->at = lx->len;
        return;
    }
    uint32_t to = (uint32_t)(end - lx->text);
    append(lx, from, to - from);
    lx->at = to + 1;
}

/* A backslash outside quotes. */
static void scan_escape(struct sh_lexer *lx)
{
    start_copy(lx);
    char next = peek(lx, 1);
    if (lx->len - lx->at < 2) {
        append(lx, lx->at, 1); /* a lone backslash at the end stays */
        lx->at++;
    } else if (next == '\n') {
        lx->at += 2;
    } else {
        lx->word.flags |= SH_WORD_QUOTED;
        append(lx, lx->at + 1, 1);
        lx->at += 2;
    }
}

/* At `=`: the first one behind a valid name makes an assignment. */
static void note_equals(struct sh_lexer *lx)
{
    struct sh_word_state *word = &lx->word;
    if (word->equals > 0 || word->copied || word->flags != 0 || lx->at == word->start) {
        return;
    }
    uint32_t end = lx->text[lx->at - 1] == '+' ? lx->at - 1 : lx->at;
    bool name = end > word->start && is_name_start(lx->text[word->start]);
    for (uint32_t i = word->start; name && i < end; i++) {
        name = is_name_start(lx->text[i]) || is_digit(lx->text[i]);
    }
    if (name) {
        word->equals = lx->at - word->start;
        word->flags |= SH_WORD_ASSIGN;
    }
}

/* {a,b} or {1..9} ahead? Looks only a little: this is a hint for readers, not an expansion. */
static void note_brace(struct sh_lexer *lx)
{
    uint32_t limit = lx->len - lx->at < 256 ? lx->len - lx->at : 256;
    bool several = false;
    for (uint32_t i = 1; i < limit; i++) {
        char c = lx->text[lx->at + i];
        if (c == '}') {
            lx->word.flags |= several ? (unsigned)SH_WORD_BRACE : 0U;
            return;
        }
        if (plain_class[(unsigned char)c] == BLANK_STOP) {
            return;
        }
        several = several || c == ',' || (c == '.' && lx->text[lx->at + i - 1] == '.');
    }
}

/* At `(` inside a word: an array, a bash pattern list, or the end of the word. */
static bool scan_word_paren(struct sh_lexer *lx)
{
    struct sh_word_state *word = &lx->word;
    if (lx->at == word->start || word->copied) {
        return false;
    }
    char before = lx->text[lx->at - 1];
    if (word->equals > 0 && lx->at == word->start + word->equals + 1) {
        word->flags |= SH_WORD_ARRAY;
        push_raw(lx, SH_FRAME_ARRAY, lx->at, 1);
        return true;
    }
    if (strchr("?*+@!", before) != NULL && before != '\0') {
        word->flags |= SH_WORD_GLOB;
        push_raw(lx, SH_FRAME_EXTGLOB, lx->at, 1);
        return true;
    }
    return false;
}

enum step { STEP_ON, STEP_END, STEP_SUBST };

/* At a special byte outside quotes that may be part of the word. */
static enum step scan_special(struct sh_lexer *lx, char c)
{
    switch (c) {
    case '$':
        return scan_dollar(lx, false) ? STEP_SUBST : STEP_ON;
    case '`':
        if (sh_word_at_backtick_close(lx)) {
            return STEP_END;
        }
        return scan_backtick(lx) ? STEP_SUBST : STEP_ON;
    case '\\':
        if (sh_word_at_backtick_close(lx)) {
            return STEP_END;
        }
        if (opens_nested_backtick(lx)) {
            return scan_backtick(lx) ? STEP_SUBST : STEP_ON;
        }
        scan_escape(lx);
        return STEP_ON;
    case '\'':
        scan_single_quote(lx);
        return STEP_ON;
    case '"': {
        start_copy(lx);
        lx->word.flags |= SH_WORD_QUOTED;
        if (sh_lexer_push(lx, SH_FRAME_DQUOTE, lx->at) != NULL) {
            lx->at++;
        }
        return STEP_ON;
    }
    default:
        return STEP_END;
    }
}

/* Outside quotes, up to the next byte that is not plain. */
static enum step scan_plain(struct sh_lexer *lx)
{
    uint32_t from = lx->at;
    while (lx->at < lx->len && plain_class[(unsigned char)lx->text[lx->at]] == 0) {
        lx->at++;
    }
    append(lx, from, lx->at - from);
    if (lx->at >= lx->len) {
        return STEP_ON;
    }
    char c = lx->text[lx->at];
    bool test = lx->build.kind == SH_BUILD_TEST;
    switch (c) {
    case '*':
    case '?':
    case '[':
        lx->word.flags |= SH_WORD_GLOB;
        break;
    case '~':
        lx->word.flags |= lx->at == lx->word.start ? (unsigned)SH_WORD_TILDE : 0U;
        break;
    case '{':
        note_brace(lx);
        break;
    case '=':
        note_equals(lx);
        break;
    case '\r':
        if (lx->at + 1 == lx->len || lx->text[lx->at + 1] == '\n') {
            return STEP_END;
        }
        break;
    case '(':
        if (!test) {
            return scan_word_paren(lx) ? STEP_ON : STEP_END;
        }
        break;
    case ')':
    case '|':
    case '<':
    case '>':
    case '&':
        if (!test) {
            return STEP_END;
        }
        break;
    default:
        return scan_special(lx, c);
    }
    append(lx, lx->at, 1);
    lx->at++;
    return STEP_ON;
}

/* Between double quotes, or in the body of a here-document (a quote frame at the very bottom that
 * only the end of the text closes). */
static enum step scan_dquote(struct sh_lexer *lx)
{
    bool body = lx->frames[lx->depth - 1].parens > 0;
    uint32_t from = lx->at;
    while (lx->at < lx->len) {
        char c = lx->text[lx->at];
        if (c == '$' || c == '`' || c == '\\' || (c == '"' && !body)) {
            break;
        }
        lx->at++;
    }
    append(lx, from, lx->at - from);
    if (lx->at >= lx->len) {
        return STEP_ON;
    }
    switch (lx->text[lx->at]) {
    case '"':
        lx->depth--;
        lx->at++;
        return STEP_ON;
    case '$':
        return scan_dollar(lx, true) ? STEP_SUBST : STEP_ON;
    case '`':
        return scan_backtick(lx) ? STEP_SUBST : STEP_ON;
    default:
        break;
    }
    char next = peek(lx, 1);
    if (next == '\n') {
        lx->at += 2;
    } else if (next == '"' || next == '\\' || next == '$' || next == '`') {
        append(lx, lx->at + 1, 1);
        lx->at += 2;
    } else {
        append(lx, lx->at, 1);
        lx->at++;
    }
    return STEP_ON;
}

/* One byte of ${...}, $((...)), name=(...) or @(...), taken as written. */
static enum step scan_raw(struct sh_lexer *lx)
{
    struct sh_frame *frame = &lx->frames[lx->depth - 1];
    bool in_quotes = lx->depth > 1 && lx->frames[lx->depth - 2].kind == SH_FRAME_DQUOTE;
    char c = lx->text[lx->at];
    switch (c) {
    case '\\':
        lx->at += lx->len - lx->at > 1 ? 2 : 1;
        return STEP_ON;
    case '$':
        return scan_dollar(lx, in_quotes) ? STEP_SUBST : STEP_ON;
    case '`':
        return scan_backtick(lx) ? STEP_SUBST : STEP_ON;
    case '"':
        if (sh_lexer_push(lx, SH_FRAME_DQUOTE, lx->at) != NULL) {
            lx->at++;
        }
        return STEP_ON;
    case '\'':
        if (!in_quotes && frame->kind != SH_FRAME_ARITH) {
            scan_single_quote(lx);
            return STEP_ON;
        }
        break;
    case '}':
        if (frame->kind == SH_FRAME_BRACE) {
            lx->at++;
            pop_raw(lx);
            return STEP_ON;
        }
        break;
    case '(':
        frame->parens++;
        break;
    case ')':
        if (frame->kind == SH_FRAME_BRACE) {
            break;
        }
        if (frame->parens > 0) {
            frame->parens--;
            break;
        }
        lx->at += frame->kind == SH_FRAME_ARITH && peek(lx, 1) == ')' ? 2 : 1;
        pop_raw(lx);
        return STEP_ON;
    default:
        break;
    }
    lx->at++;
    return STEP_ON;
}

bool sh_word_scan(struct sh_lexer *lx)
{
    enum step step = STEP_ON;
    while (lx->at < lx->len && step == STEP_ON) {
        uint8_t kind = lx->depth > 0 ? lx->frames[lx->depth - 1].kind : SH_FRAME_SUBST;
        if (kind == SH_FRAME_DQUOTE) {
            step = scan_dquote(lx);
        } else if (kind < SH_FRAME_SUBST) {
            step = scan_raw(lx);
        } else {
            step = scan_plain(lx);
        }
    }
    if (step == STEP_SUBST) {
        return true;
    }
    while (lx->depth > 0 && lx->frames[lx->depth - 1].kind < SH_FRAME_SUBST) {
        const struct sh_frame *frame = &lx->frames[lx->depth - 1];
        if (frame->kind != SH_FRAME_DQUOTE) {
            pop_raw(lx);
            sh_lexer_gap(lx, SH_GAP_UNTERMINATED, frame->start, lx->len);
        } else {
            lx->depth--;
            if (frame->parens == 0) {
                sh_lexer_gap(lx, SH_GAP_UNTERMINATED, frame->start, lx->len);
            }
        }
    }
    return false;
}

/* Room for one more word on the working stack. */
static bool reserve_word(struct sh_lexer *lx)
{
    if (lx->word_count < lx->word_capacity) {
        return true;
    }
    void *words = lx->words;
    if (!alloc_grow(lx->allocator, &words, &lx->word_capacity, lx->word_count + 1,
                    sizeof *lx->words)) {
        lx->status = PLIM_STATUS_NOMEM;
        return false;
    }
    lx->words = words;
    return true;
}

const struct sh_word *sh_word_simple(struct sh_lexer *lx)
{
    const char *text = lx->text;
    uint32_t from = lx->at;
    uint32_t at = from;
    unsigned char class = 0;
    while (at < lx->len) {
        class = simple_class[(unsigned char)text[at]];
        if (class == SIMPLE_EQUALS && !is_name_start(text[from])) {
            class = 0; /* no assignment: --prefix=/usr */
        }
        if (class != 0) {
            break;
        }
        at++;
    }
    if ((at < lx->len && class != SIMPLE_END) || lx->build.kind == SH_BUILD_TEST ||
        !reserve_word(lx)) {
        return NULL;
    }
    lx->at = at;
    struct sh_word *word = &lx->words[lx->word_count];
    *word = (struct sh_word){.text = {.ptr = text + from, .len = at - from},
                             .start = from,
                             .end = at,
                             .text_start = from,
                             .flags = SH_WORD_CONTIGUOUS};
    return word;
}

static struct str finish_text(struct sh_lexer *lx, uint32_t *flags)
{
    const struct sh_word_state *state = &lx->word;
    size_t n = lx->char_count - state->chars_at;
    if (!state->copied) {
        *flags |= SH_WORD_CONTIGUOUS;
        return str_make(lx->text + state->start, lx->at - state->start);
    }
    if (!state->broken && lx->status == PLIM_STATUS_OK) {
        *flags |= SH_WORD_CONTIGUOUS;
        return str_make(lx->text + state->text_start, n);
    }
    return n > 0 ? arena_copy_str(lx->arena, str_make(lx->chars + state->chars_at, n)) : STR("");
}

const struct sh_word *sh_word_finish(struct sh_lexer *lx)
{
    struct sh_word_state *state = &lx->word;
    state->active = false;
    if (!reserve_word(lx)) {
        return NULL;
    }
    struct sh_word *word = &lx->words[lx->word_count];
    word->parts = state->first_part;
    word->start = state->start;
    word->end = lx->at;
    word->text_start = state->text_start;
    word->equals = state->equals;
    word->flags = state->flags;
    word->text = finish_text(lx, &word->flags);
    lx->char_count = state->chars_at;
    return word;
}
