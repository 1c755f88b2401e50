/* SPDX-License-Identifier: Apache-2.0
 *
 * co_words.c - see co_words.h. The rules are those of mattn/go-shellwords without its expansions:
 * $(...) and `...` keep their text together, a number before ">" is dropped with what follows, and
 * \t and \n are a tab and a line break.
 */
#include "facts/compose/co_words.h"

#include "facts/tree/tree.h"

struct splitter {
    struct arena *arena;
    struct str text;
    char *bytes; /* room for all words; never longer than the text */
    size_t length;
    size_t word; /* where the present word begins in `bytes` */
    bool started;
    struct str *items;
    size_t count;
    size_t capacity;
    size_t sure;
    bool holes;
    size_t opened_at; /* of the last quote or parenthesis that was opened */
    bool escaped;
    bool single_quoted;
    bool double_quoted;
    bool back_quoted;
    bool parenthesis;
};

static bool end_word(struct splitter *s)
{
    if (!s->started) {
        return true;
    }
    if (s->count == s->capacity) {
        size_t capacity = s->capacity > 0 ? s->capacity * 2 : 8;
        struct str *items = ARENA_ARRAY(s->arena, struct str, capacity);
        if (items == NULL) {
            return false;
        }
        if (s->count > 0) {
            memcpy(items, s->items, s->count * sizeof *items);
        }
        s->items = items;
        s->capacity = capacity;
    }
    s->items[s->count++] = str_make(s->bytes + s->word, s->length - s->word);
    s->word = s->length;
    s->started = false;
    if (!s->holes) {
        s->sure = s->count;
    }
    return true;
}

static void add(struct splitter *s, char c)
{
    s->bytes[s->length++] = c;
}

static bool is_quoted(const struct splitter *s)
{
    return s->single_quoted || s->double_quoted || s->back_quoted || s->parenthesis;
}

enum step {
    STEP_CHARACTER, /* part of the word */
    STEP_DONE,      /* was dealt with */
    STEP_END,       /* the command ends here */
    STEP_FAULT
};

static void toggle(struct splitter *s, bool *quote, size_t at)
{
    if (!*quote) {
        s->opened_at = at;
    }
    *quote = !*quote;
}

static enum step quote(struct splitter *s, bool *quoted, size_t at)
{
    s->started |= *quoted;
    toggle(s, quoted, at);
    return STEP_DONE;
}

static enum step open_parenthesis(struct splitter *s, size_t at)
{
    bool dollar = s->length > s->word && s->bytes[s->length - 1] == '$';
    if (s->parenthesis || !dollar) {
        s->opened_at = at;
        return STEP_FAULT;
    }
    toggle(s, &s->parenthesis, at);
    add(s, '(');
    return STEP_DONE;
}

/* An operator of shells; the number before ">" goes with it. */
static enum step end_command(struct splitter *s, char c)
{
    char first = s->length > s->word ? s->bytes[s->word] : '\0';
    if (c == '>' && first >= '0' && first <= '9') {
        s->started = false;
    }
    return STEP_END;
}

/* What a character outside escapes and white space does. */
static enum step special(struct splitter *s, char c, size_t at)
{
    switch (c) {
    case '`':
        if (!s->single_quoted && !s->double_quoted && !s->parenthesis) {
            toggle(s, &s->back_quoted, at);
        }
        return STEP_CHARACTER;
    case ')':
        if (!s->single_quoted && !s->double_quoted && !s->back_quoted) {
            toggle(s, &s->parenthesis, at);
        }
        return STEP_CHARACTER;
    case '(':
        return !s->single_quoted && !s->double_quoted && !s->back_quoted ? open_parenthesis(s, at)
                                                                         : STEP_CHARACTER;
    case '"':
        return !s->single_quoted && !s->parenthesis ? quote(s, &s->double_quoted, at)
                                                    : STEP_CHARACTER;
    case '\'':
        return !s->double_quoted && !s->parenthesis ? quote(s, &s->single_quoted, at)
                                                    : STEP_CHARACTER;
    default:
        return memchr(";&|<>", c, 5) != NULL && !is_quoted(s) ? end_command(s, c) : STEP_CHARACTER;
    }
}

static enum step take(struct splitter *s, size_t at)
{
    char c = s->text.ptr[at];
    s->holes |= c == TREE_HOLE;
    if (s->escaped) {
        s->escaped = false;
        s->started = true;
        add(s, c == 't' ? '\t' : c == 'n' ? '\n' : c);
        return STEP_DONE;
    }
    if (c == '\\' && !s->single_quoted) {
        s->escaped = true;
        s->opened_at = at;
        return STEP_DONE;
    }
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        if (is_quoted(s)) {
            add(s, c);
            return STEP_DONE;
        }
        return end_word(s) ? STEP_DONE : STEP_FAULT;
    }
    enum step step = c == '\\' ? STEP_CHARACTER : special(s, c, at);
    if (step == STEP_CHARACTER) {
        s->started |= c != '\\';
        add(s, c);
    }
    return step;
}

/* Why the command cannot be split. */
static bool refuse(const struct splitter *s, struct co_words *out, struct co_fault *fault)
{
    if (co_has_hole(s->text)) {
        *out = (struct co_words){.items = s->items, .count = s->sure, .sure = s->sure};
        return true;
    }
    char c = s->text.ptr[s->opened_at];
    struct str message = STR("the quotation mark is never closed");
    if (c == '(' || c == ')') {
        message = STR("a parenthesis must be quoted here: the command is not run by a shell");
    } else if (c == '\\') {
        message = STR("there is nothing behind the backslash");
    }
    *fault = (struct co_fault){.message = message, .start = s->opened_at, .end = s->opened_at + 1};
    return false;
}

bool co_words_split(struct arena *arena, struct str text, struct co_words *out,
                    struct co_fault *fault)
{
    struct splitter s = {.arena = arena, .text = text};
    *fault = (struct co_fault){.start = 0};
    s.bytes = arena_alloc(arena, text.len + 1);
    if (s.bytes == NULL) {
        return false;
    }
    enum step step = STEP_DONE;
    size_t at = 0;
    while (at < text.len && (step == STEP_DONE || step == STEP_CHARACTER)) {
        step = take(&s, at++);
    }
    if (step != STEP_FAULT && !end_word(&s)) {
        step = STEP_FAULT;
    }
    if (arena_status(arena) != PLIM_STATUS_OK) {
        return false;
    }
    if (step == STEP_FAULT || s.escaped || is_quoted(&s)) {
        return refuse(&s, out, fault);
    }
    *out = (struct co_words){
        .items = s.items,
        .count = s.count,
        .sure = s.sure,
        .lost = step == STEP_END,
        .lost_at = step == STEP_END ? at - 1 : 0,
    };
    return true;
}
