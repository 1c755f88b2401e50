/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_lex.c - tokens of shell text: operators, reserved words, redirections, here-documents, and
 * the frames that say which closer is expected. Closers that fit no open frame become
 * SH_TOK_BAD, so the grammar loses only the command they stand in. Words are scanned in sh_word.c;
 * what a command means belongs to sh_command.c. Thread rule: as the lexer.
 */
#include "facts/shell/sh_lex.h"

#include <string.h>

#include "core/alloc.h"
#include "facts/shell/sh_grammar.tab.h"

enum { NO_TOKEN = -1 };

static char peek(const struct sh_lexer *lx, uint32_t ahead)
{
    return lx->len - lx->at > ahead ? lx->text[lx->at + ahead] : '\0';
}

void sh_lexer_init(struct sh_lexer *lx, const plim_allocator *allocator)
{
    /* The frames are left alone: each is set when pushed, and clearing 30 KiB per text would show.
     */
    memset(lx, 0, offsetof(struct sh_lexer, frames));
    lx->allocator = alloc_or_default(allocator);
}

void sh_lexer_release(struct sh_lexer *lx)
{
    if (lx->allocator == NULL) {
        return;
    }
    alloc_free(lx->allocator, lx->words, lx->word_capacity * sizeof *lx->words);
    alloc_free(lx->allocator, lx->redirs, lx->redir_capacity * sizeof(void *));
    alloc_free(lx->allocator, lx->chars, lx->char_capacity);
    lx->words = NULL;
    lx->redirs = NULL;
    lx->chars = NULL;
    lx->word_capacity = lx->redir_capacity = lx->char_capacity = 0;
}

void sh_lexer_start(struct sh_lexer *lx, struct arena *arena, struct str text)
{
    lx->arena = arena;
    lx->text = text.ptr;
    lx->len = (uint32_t)text.len;
    lx->at = 0;
    lx->word_count = lx->redir_count = lx->char_count = 0;
    lx->heredocs = lx->last_heredoc = NULL;
    lx->word = (struct sh_word_state){0};
    lx->build = (struct sh_build){0};
    lx->depth = lx->open_parens = 0;
    lx->io_number = -1;
    lx->in_subst = 0;
    lx->unclosed_arith = false;
    lx->gap = SH_GAP_NONE;
    lx->gap_start = lx->gap_end = 0;
    lx->status = PLIM_STATUS_OK;
}

void sh_lexer_start_body(struct sh_lexer *lx, struct arena *arena, struct str text)
{
    sh_lexer_start(lx, arena, text);
    lx->build.open = true;
    sh_word_begin(lx);
    lx->word.copied = true;
    struct sh_frame *frame = sh_lexer_push(lx, SH_FRAME_DQUOTE, 0);
    if (frame != NULL) {
        frame->parens = 1; /* a body is not closed by a quote */
    }
}

plim_status sh_lexer_status(const struct sh_lexer *lx)
{
    return lx->status != PLIM_STATUS_OK ? lx->status : arena_status(lx->arena);
}

void sh_lexer_gap(struct sh_lexer *lx, enum sh_gap gap, uint32_t start, uint32_t end)
{
    if (lx->gap == SH_GAP_NONE) {
        lx->gap = (uint8_t)gap;
        lx->gap_start = start;
        lx->gap_end = end;
    }
}

struct sh_frame *sh_lexer_push(struct sh_lexer *lx, enum sh_frame_kind kind, uint32_t start)
{
    if (lx->depth == SH_MAX_DEPTH) {
        sh_lexer_gap(lx, SH_GAP_TOO_DEEP, start, start < lx->len ? start + 1 : start);
        lx->at = lx->len;
        return NULL;
    }
    struct sh_frame *frame = &lx->frames[lx->depth++];
    frame->kind = (uint8_t)kind;
    frame->start = start;
    frame->parens = 0;
    frame->part = NULL;
    frame->outer_subst = lx->in_subst;
    if (kind == SH_FRAME_SUBST || kind == SH_FRAME_PROCESS || kind == SH_FRAME_PAREN) {
        lx->open_parens++;
    }
    return frame;
}

static int top_kind(const struct sh_lexer *lx)
{
    return lx->depth > 0 ? (int)lx->frames[lx->depth - 1].kind : -1;
}

/* Sets the token that sh_lexer_next hands out. Steps return its kind alone: returning the struct
 * from one to the next cost a third of the whole analysis. */
static int make_token(struct sh_lexer *lx, int kind, uint32_t start, uint32_t end)
{
    lx->token.start = start;
    lx->token.end = end;
    lx->token.simple = NULL;
    lx->token.subst = NULL;
    return kind;
}

/* An operator of `n` bytes at the current offset. */
static int take(struct sh_lexer *lx, int kind, uint32_t n)
{
    uint32_t start = lx->at;
    lx->at += n;
    lx->build.after_compound = false;
    return make_token(lx, kind, start, lx->at);
}

static int take_bad(struct sh_lexer *lx, uint32_t n)
{
    sh_lexer_gap(lx, SH_GAP_SYNTAX, lx->at, lx->at + n);
    return take(lx, SH_TOK_BAD, n);
}

/* The command under construction is empty again. */
static void reset_build(struct sh_lexer *lx)
{
    lx->word_count = lx->build.words_at;
    lx->redir_count = lx->build.redirs_at;
    lx->build = (struct sh_build){.words_at = lx->word_count, .redirs_at = lx->redir_count};
}

void sh_lexer_open_build(struct sh_lexer *lx, uint32_t start)
{
    if (!lx->build.open) {
        lx->build.open = true;
        lx->build.start = start;
        lx->build.end = start;
    }
}

/* Takes the word in the free slot of the stack (see sh_word_finish) into the command. */
static void push_word(struct sh_lexer *lx)
{
    struct sh_build *build = &lx->build;
    const struct sh_word *word = &lx->words[lx->word_count];
    sh_lexer_open_build(lx, word->start);
    build->end = word->end;
    if (build->kind == SH_BUILD_SIMPLE && (word->flags & SH_WORD_ASSIGN) != 0 &&
        lx->word_count - build->words_at == build->assigns) {
        build->assigns++;
    }
    lx->word_count++;
}

static struct sh_simple *copy_build(struct sh_lexer *lx)
{
    const struct sh_build *build = &lx->build;
    size_t words = lx->word_count - build->words_at;
    size_t redirs = lx->redir_count - build->redirs_at;
    struct sh_simple *simple = ARENA_NEW(lx->arena, struct sh_simple);
    struct sh_word *word_copy = words > 0 ? ARENA_ARRAY(lx->arena, struct sh_word, words) : NULL;
    struct sh_redir **redir_copy =
        redirs > 0 ? ARENA_ARRAY(lx->arena, struct sh_redir *, redirs) : NULL;
    if (sh_lexer_status(lx) != PLIM_STATUS_OK) {
        return NULL;
    }
    if (word_copy != NULL) {
        memcpy(word_copy, lx->words + build->words_at, words * sizeof *word_copy);
        simple->assigns = word_copy;
        simple->words = word_copy + build->assigns;
    }
    if (redir_copy != NULL) {
        memcpy(redir_copy, lx->redirs + build->redirs_at, redirs * sizeof(void *));
    }
    simple->redirs = redir_copy;
    simple->assign_count = build->assigns;
    simple->word_count = (uint32_t)words - build->assigns;
    simple->redir_count = (uint32_t)redirs;
    simple->substs = build->substs;
    simple->start = build->start;
    simple->end = build->end;
    return simple;
}

/* Ends the command under construction and makes its token. */
static int flush(struct sh_lexer *lx)
{
    static const int16_t kinds[] = {
        [SH_BUILD_SIMPLE] = SH_TOK_SIMPLE,     [SH_BUILD_TEST] = SH_TOK_TEST,
        [SH_BUILD_TEST_END] = SH_TOK_TEST,     [SH_BUILD_ARITH] = SH_TOK_ARITH,
        [SH_BUILD_FOR] = SH_TOK_FOR,           [SH_BUILD_CASE] = SH_TOK_BAD,
        [SH_BUILD_CASE_IN] = SH_TOK_CASE,      [SH_BUILD_PATTERN] = SH_TOK_PATTERN,
        [SH_BUILD_FUNCTION] = SH_TOK_FUNCTION,
    };
    struct sh_build *build = &lx->build;
    if (build->pending != NULL) {
        sh_lexer_gap(lx, SH_GAP_SYNTAX, build->pending->start, build->pending->end);
    }
    int kind = make_token(lx, kinds[build->kind], build->start, build->end);
    lx->token.simple = copy_build(lx);
    if (kind == SH_TOK_SIMPLE && build->after_compound && lx->word_count == build->words_at) {
        kind = SH_TOK_REDIRS;
    }
    if (kind == SH_TOK_BAD || build->kind == SH_BUILD_TEST) {
        sh_lexer_gap(lx, SH_GAP_SYNTAX, build->start, build->end);
    }
    reset_build(lx);
    return kind;
}

/* Pops the frame on top and makes the closer's token. */
static int close_compound(struct sh_lexer *lx, int kind, uint32_t start)
{
    lx->depth--;
    lx->build.after_compound = true;
    return make_token(lx, kind, start, lx->at);
}

static int open_compound(struct sh_lexer *lx, int kind, enum sh_frame_kind frame, uint32_t start)
{
    uint32_t end = lx->at;
    lx->build.after_compound = false;
    return sh_lexer_push(lx, frame, start) != NULL ? make_token(lx, kind, start, end) : NO_TOKEN;
}

struct keyword {
    const char *text;
    int16_t token;
    int8_t frame;  /* frame it opens, or must stand in */
    int8_t closes; /* 1: pops that frame; 0: opens; -1: must be on top, stays */
    uint8_t build; /* what its words are collected for */
};

static const struct keyword keywords[] = {
    {"if", SH_TOK_IF, SH_FRAME_IF, 0, 0},
    {"then", SH_TOK_THEN, SH_FRAME_IF, -1, 0},
    {"elif", SH_TOK_ELIF, SH_FRAME_IF, -1, 0},
    {"else", SH_TOK_ELSE, SH_FRAME_IF, -1, 0},
    {"fi", SH_TOK_FI, SH_FRAME_IF, 1, 0},
    {"do", SH_TOK_DO, SH_FRAME_LOOP, -1, 0},
    {"done", SH_TOK_DONE, SH_FRAME_LOOP, 1, 0},
    {"while", SH_TOK_WHILE, SH_FRAME_LOOP, 0, 0},
    {"until", SH_TOK_UNTIL, SH_FRAME_LOOP, 0, 0},
    {"for", NO_TOKEN, SH_FRAME_LOOP, 0, SH_BUILD_FOR},
    {"select", NO_TOKEN, SH_FRAME_LOOP, 0, SH_BUILD_FOR},
    {"case", NO_TOKEN, SH_FRAME_CASE, 0, SH_BUILD_CASE},
    {"esac", SH_TOK_ESAC, SH_FRAME_CASE, 1, 0},
    {"{", SH_TOK_LBRACE, SH_FRAME_GROUP, 0, 0},
    {"}", SH_TOK_RBRACE, SH_FRAME_GROUP, 1, 0},
};

/* The reserved word `text`, or NULL. Most words fail on the first two bytes' worth of tests. */
static const struct keyword *find_keyword(struct str text)
{
    if (text.len > 6 || text.len == 0 || strchr("itefdwuscs{}", text.ptr[0]) == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (keywords[i].text[0] == text.ptr[0] && str_eq(str_from_cstr(keywords[i].text), text)) {
            return &keywords[i];
        }
    }
    return NULL;
}

/* Reserved words that open no frame. */
static int scan_prefix_word(struct sh_lexer *lx, const struct sh_word *word, bool *reserved)
{
    struct str text = word->text;
    *reserved = true;
    if (text.len == 1 && text.ptr[0] == '!') {
        return make_token(lx, SH_TOK_BANG, word->start, word->end);
    }
    if (str_eq(text, STR("[[")) || str_eq(text, STR("function"))) {
        sh_lexer_open_build(lx, word->start);
        lx->build.end = word->end;
        lx->build.kind = text.ptr[0] == '[' ? SH_BUILD_TEST : SH_BUILD_FUNCTION;
        return NO_TOKEN;
    }
    if (str_eq(text, STR("time")) && !(peek(lx, 0) == ' ' && peek(lx, 1) == '-')) {
        return make_token(lx, SH_TOK_TIME, word->start, word->end);
    }
    *reserved = false;
    return NO_TOKEN;
}

/* A word in command position: reserved or not. */
static int scan_command_word(struct sh_lexer *lx, const struct sh_word *word, bool *reserved)
{
    *reserved = false;
    if ((word->flags & ~(unsigned)SH_WORD_GLOB & ~(unsigned)SH_WORD_CONTIGUOUS) != 0) {
        return NO_TOKEN;
    }
    const struct keyword *key = find_keyword(word->text);
    if (key == NULL) {
        return scan_prefix_word(lx, word, reserved);
    }
    *reserved = true;
    if (key->closes == 0) {
        if (key->build != 0) {
            sh_lexer_open_build(lx, word->start);
            lx->build.end = word->end;
            lx->build.kind = key->build;
        }
        return open_compound(lx, key->token, (enum sh_frame_kind)key->frame, word->start);
    }
    if (top_kind(lx) != key->frame) {
        sh_lexer_gap(lx, SH_GAP_SYNTAX, word->start, word->end);
        return make_token(lx, SH_TOK_BAD, word->start, word->end);
    }
    if (key->closes == 1) {
        return close_compound(lx, key->token, word->start);
    }
    lx->build.after_compound = false;
    return make_token(lx, key->token, word->start, word->end);
}

static void skip_blanks(struct sh_lexer *lx)
{
    while (lx->at < lx->len) {
        char c = lx->text[lx->at];
        if (c == '\\' && peek(lx, 1) == '\n') {
            lx->at += 2;
        } else if (c == '\r' && (lx->at + 1 == lx->len || peek(lx, 1) == '\n')) {
            lx->at++;
        } else if (c == ' ' || c == '\t') {
            lx->at++;
        } else {
            return;
        }
    }
}

static bool is_bare(const struct sh_word *word, struct str text)
{
    return (word->flags & SH_WORD_QUOTED) == 0 && str_eq(word->text, text);
}

/* The name behind `function`, with its optional (). */
static int take_function(struct sh_lexer *lx)
{
    push_word(lx);
    skip_blanks(lx);
    if (peek(lx, 0) == '(') {
        lx->at++;
        skip_blanks(lx);
        lx->at += peek(lx, 0) == ')' ? 1 : 0;
    }
    return flush(lx);
}

/* A word behind `case`: the subject, or the `in` that ends the header. */
static int take_case_word(struct sh_lexer *lx, const struct sh_word *word, size_t have)
{
    if (have != 1 || !is_bare(word, STR("in"))) {
        push_word(lx);
        return NO_TOKEN;
    }
    lx->build.end = word->end;
    lx->build.kind = SH_BUILD_CASE_IN;
    int token = flush(lx);
    lx->build.expect_pattern = true;
    return token;
}

/* A word of a header, a test or a pattern. */
static int take_special_word(struct sh_lexer *lx, const struct sh_word *word)
{
    struct sh_build *build = &lx->build;
    size_t have = lx->word_count - build->words_at;
    switch ((enum sh_build_kind)build->kind) {
    case SH_BUILD_TEST:
        if (is_bare(word, STR("]]"))) {
            build->kind = SH_BUILD_TEST_END;
            build->end = word->end;
            return NO_TOKEN;
        }
        break;
    case SH_BUILD_FOR:
        if (have == 1 && is_bare(word, STR("do"))) {
            lx->at = word->start;
            return flush(lx);
        }
        break;
    case SH_BUILD_CASE:
        return take_case_word(lx, word, have);
    case SH_BUILD_PATTERN:
        if (have == 0 && !build->paren && is_bare(word, STR("esac"))) {
            uint32_t start = word->start;
            reset_build(lx);
            return close_compound(lx, SH_TOK_ESAC, start);
        }
        break;
    case SH_BUILD_FUNCTION:
        return take_function(lx);
    case SH_BUILD_CASE_IN:
    case SH_BUILD_TEST_END:
        sh_lexer_gap(lx, SH_GAP_SYNTAX, word->start, word->end);
        return NO_TOKEN;
    case SH_BUILD_SIMPLE:
    case SH_BUILD_ARITH:
        break;
    }
    push_word(lx);
    return NO_TOKEN;
}

/* Puts a finished word where it belongs; NULL: there was no memory for it. */
static int take_word(struct sh_lexer *lx, const struct sh_word *word)
{
    struct sh_build *build = &lx->build;
    if (word == NULL) {
        return NO_TOKEN;
    }
    if (build->pending != NULL) {
        sh_redir_take_target(lx, word);
        return NO_TOKEN;
    }
    if (build->kind != SH_BUILD_TEST && sh_redir_take_number(lx, word)) {
        sh_lexer_open_build(lx, word->start);
        return NO_TOKEN;
    }
    if (build->kind != SH_BUILD_SIMPLE) {
        return take_special_word(lx, word);
    }
    if (!build->open) {
        bool reserved = false;
        int token = scan_command_word(lx, word, &reserved);
        if (reserved) {
            return token;
        }
    }
    push_word(lx);
    return NO_TOKEN;
}

/* Depth of the frame that a closer may close: the innermost one of the wanted sort with only
 * compound commands above it. */
static bool find_closable(const struct sh_lexer *lx, bool backtick, uint32_t *depth)
{
    for (uint32_t i = lx->depth; i > 0; i--) {
        uint8_t kind = lx->frames[i - 1].kind;
        bool is_tick = kind == SH_FRAME_BACKTICK || kind == SH_FRAME_BACKTICK_ESC;
        bool is_paren =
            kind == SH_FRAME_SUBST || kind == SH_FRAME_PROCESS || kind == SH_FRAME_PAREN;
        if (backtick ? is_tick : is_paren) {
            *depth = i - 1;
            return true;
        }
        if (is_tick || (backtick && is_paren && kind != SH_FRAME_PAREN)) {
            return false;
        }
    }
    return false;
}

/* Closes the frame at `depth` and all above it; the offset stands behind the closer. */
static int close_frame(struct sh_lexer *lx, uint32_t depth, uint32_t start)
{
    const struct sh_frame *frame = &lx->frames[depth];
    for (uint32_t i = depth; i < lx->depth; i++) {
        uint8_t kind = lx->frames[i].kind;
        lx->open_parens -=
            kind == SH_FRAME_SUBST || kind == SH_FRAME_PROCESS || kind == SH_FRAME_PAREN;
    }
    lx->depth = depth;
    if (frame->kind == SH_FRAME_PAREN) {
        lx->build.expect_pattern = false;
        lx->build.after_compound = true;
        return make_token(lx, SH_TOK_RPAREN, start, lx->at);
    }
    lx->in_subst = frame->outer_subst;
    reset_build(lx);
    sh_word_close_subst(lx, frame);
    return make_token(lx, SH_TOK_SUBST_CLOSE, start, lx->at);
}

static int scan_close(struct sh_lexer *lx, bool backtick, uint32_t n)
{
    uint32_t depth;
    if ((!backtick && lx->open_parens == 0) || !find_closable(lx, backtick, &depth)) {
        return take_bad(lx, n);
    }
    uint32_t start = lx->at;
    lx->at += n;
    return close_frame(lx, depth, start);
}

/* The (( ... )) at the offset as one word, when its end is there. */
static bool take_arith(struct sh_lexer *lx)
{
    uint32_t end = peek(lx, 1) == '(' ? sh_word_find_arith_end(lx, lx->at + 2) : 0;
    if (end == 0) {
        return false;
    }
    sh_word_begin(lx);
    lx->word.flags = SH_WORD_ARITH;
    lx->at = end;
    if (sh_word_finish(lx) != NULL) {
        push_word(lx);
    }
    return true;
}

static int scan_open_paren(struct sh_lexer *lx)
{
    struct sh_build *build = &lx->build;
    size_t have = lx->word_count - build->words_at;
    if (build->kind == SH_BUILD_FOR && have == 0 && take_arith(lx)) {
        return NO_TOKEN;
    }
    if (!build->open) {
        if (take_arith(lx)) {
            build->kind = SH_BUILD_ARITH;
            return NO_TOKEN;
        }
        uint32_t start = lx->at++;
        return open_compound(lx, SH_TOK_LPAREN, SH_FRAME_PAREN, start);
    }
    bool name = build->kind == SH_BUILD_SIMPLE && have == 1 && build->assigns == 0 &&
                lx->redir_count == build->redirs_at && build->pending == NULL;
    if (name) {
        uint32_t saved = lx->at++;
        skip_blanks(lx);
        if (peek(lx, 0) == ')') {
            lx->at++;
            build->kind = SH_BUILD_FUNCTION;
            return flush(lx);
        }
        lx->at = saved;
    }
    return flush(lx);
}

static int scan_newline(struct sh_lexer *lx)
{
    if (lx->build.kind == SH_BUILD_CASE || lx->build.kind == SH_BUILD_TEST) {
        lx->at++;
        return NO_TOKEN;
    }
    if (lx->build.open) {
        return flush(lx);
    }
    int token = take(lx, SH_TOK_NEWLINE, 1);
    if (lx->heredocs != NULL) {
        sh_redir_read_bodies(lx);
    }
    return token;
}

static int scan_semicolon(struct sh_lexer *lx)
{
    if (lx->build.open) {
        return flush(lx);
    }
    if (peek(lx, 1) != ';' && peek(lx, 1) != '&') {
        return take(lx, SH_TOK_SEMI, 1);
    }
    uint32_t n = peek(lx, 1) == ';' && peek(lx, 2) == '&' ? 3 : 2;
    if (top_kind(lx) != SH_FRAME_CASE) {
        return take_bad(lx, n);
    }
    int token = take(lx, SH_TOK_DSEMI, n);
    lx->build.expect_pattern = true;
    return token;
}

/* & and | and what begins with them. */
static int scan_join(struct sh_lexer *lx, char c)
{
    char next = peek(lx, 1);
    if (c == '&' && next == '>') {
        sh_redir_scan(lx);
        return NO_TOKEN;
    }
    if (lx->build.open) {
        return flush(lx);
    }
    if (c == '&') {
        return next == '&' ? take(lx, SH_TOK_AND_IF, 2) : take(lx, SH_TOK_AMP, 1);
    }
    if (next == '|') {
        return take(lx, SH_TOK_OR_IF, 2);
    }
    return next == '&' ? take(lx, SH_TOK_PIPE_BOTH, 2) : take(lx, SH_TOK_PIPE, 1);
}

static int open_token(struct sh_lexer *lx)
{
    const struct sh_frame *frame = &lx->frames[lx->depth - 1];
    int token = make_token(lx, SH_TOK_SUBST_OPEN, frame->start, lx->at);
    lx->token.subst = frame->subst;
    return token;
}

/* < and >: process substitution or redirection. */
static int scan_angle(struct sh_lexer *lx)
{
    if (peek(lx, 1) != '(' || lx->io_number >= 0) {
        sh_redir_scan(lx);
        return NO_TOKEN;
    }
    sh_lexer_open_build(lx, lx->at);
    sh_word_begin(lx);
    return sh_word_open_subst(lx, SH_FRAME_PROCESS, lx->at, lx->at + 2) ? open_token(lx) : NO_TOKEN;
}

/* One step inside the patterns of a `case`. */
static int scan_pattern(struct sh_lexer *lx, char c)
{
    struct sh_build *build = &lx->build;
    switch (c) {
    case '\n':
        lx->at++;
        return NO_TOKEN;
    case '(':
        if (!build->open) {
            sh_lexer_open_build(lx, lx->at);
            build->kind = SH_BUILD_PATTERN;
            build->paren = true;
            lx->at++;
            return NO_TOKEN;
        }
        break;
    case '|':
        lx->at++;
        return NO_TOKEN;
    case ')':
        if (build->open) {
            build->end = ++lx->at;
            return flush(lx);
        }
        break;
    case ';':
    case '&':
    case '<':
    case '>':
        break;
    default:
        sh_lexer_open_build(lx, lx->at);
        build->kind = SH_BUILD_PATTERN;
        sh_word_begin(lx);
        return NO_TOKEN;
    }
    reset_build(lx);
    return take_bad(lx, 1);
}

/* What begins at a byte that is no blank. */
static int scan_at(struct sh_lexer *lx, char c)
{
    if (sh_word_at_backtick_close(lx)) {
        return lx->build.open ? flush(lx) : scan_close(lx, true, c == '`' ? 1 : 2);
    }
    if (c == '#') {
        const char *end = memchr(lx->text + lx->at, '\n', lx->len - lx->at);
        lx->at = end != NULL ? (uint32_t)(end - lx->text) : lx->len;
        return NO_TOKEN;
    }
    if (lx->build.expect_pattern) {
        return scan_pattern(lx, c);
    }
    bool test = lx->build.kind == SH_BUILD_TEST;
    switch (c) {
    case '\n':
        return scan_newline(lx);
    case ';':
        return scan_semicolon(lx);
    case '&':
    case '|':
        if (!test) {
            return scan_join(lx, c);
        }
        break;
    case '<':
    case '>':
        if (!test) {
            return scan_angle(lx);
        }
        break;
    case '(':
        if (!test) {
            return scan_open_paren(lx);
        }
        break;
    case ')':
        if (!test) {
            return lx->build.open ? flush(lx) : scan_close(lx, false, 1);
        }
        break;
    default:
        break;
    }
    const struct sh_word *word = sh_word_simple(lx);
    if (word != NULL) {
        return take_word(lx, word);
    }
    sh_word_begin(lx);
    return NO_TOKEN;
}

/* The text is over: what is open is closed here, so the grammar always sees brackets in pairs. */
static int scan_end(struct sh_lexer *lx)
{
    if (lx->build.open) {
        return flush(lx);
    }
    while (lx->depth > 0) {
        uint32_t top = lx->depth - 1;
        if (lx->frames[top].kind <= SH_FRAME_PAREN) {
            sh_lexer_gap(lx, SH_GAP_UNTERMINATED, lx->frames[top].start, lx->len);
            return close_frame(lx, top, lx->len);
        }
        lx->depth--;
    }
    if (lx->heredocs != NULL) {
        sh_lexer_gap(lx, SH_GAP_HEREDOC, lx->heredocs->start, lx->heredocs->end);
    }
    return make_token(lx, 0, lx->len, lx->len);
}

int sh_lexer_next(struct sh_lexer *lx)
{
    while (lx->status == PLIM_STATUS_OK && lx->arena->status == PLIM_STATUS_OK) {
        int token;
        if (lx->word.active) {
            token = sh_word_scan(lx) ? open_token(lx) : take_word(lx, sh_word_finish(lx));
        } else {
            skip_blanks(lx);
            token = lx->at < lx->len ? scan_at(lx, lx->text[lx->at]) : scan_end(lx);
        }
        if (token != NO_TOKEN) {
            return token;
        }
    }
    return make_token(lx, 0, lx->len, lx->len);
}
