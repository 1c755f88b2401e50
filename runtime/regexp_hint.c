/* SPDX-License-Identifier: Apache-2.0
 *
 * regexp_hint.c - see regexp_hint.h. A walk down the pattern's structure: an alternative needs a
 * literal in each branch, a sequence takes the best of its parts, what may be left out gives
 * nothing. Only syntax whose meaning is certain is followed.
 */
#include "runtime/regexp_hint.h"

#include <string.h>

/* Literals of which one must be there: offsets into the builder's bytes. */
struct choice {
    uint8_t count; /* 0: nothing is known */
    uint8_t from[REGEXP_HINT_LITERALS];
    uint8_t length[REGEXP_HINT_LITERALS];
};

struct builder {
    struct str pattern;
    size_t at;
    bool fold;
    bool failed; /* something unclear: give up */
    unsigned depth;
    char bytes[REGEXP_HINT_BYTES];
    size_t used;
};

static struct choice read_alternatives(struct builder *b);

static size_t shortest(const struct choice *c)
{
    size_t length = c->count > 0 ? SIZE_MAX : 0;
    for (unsigned i = 0; i < c->count; i++) {
        length = c->length[i] < length ? c->length[i] : length;
    }
    return length;
}

/* Longer literals are rarer; of equals, fewer are cheaper. */
static bool is_better(const struct choice *a, const struct choice *b)
{
    size_t a_length = shortest(a);
    size_t b_length = shortest(b);
    return a_length > b_length || (a_length == b_length && a->count < b->count);
}

static char peek(const struct builder *b)
{
    return b->at < b->pattern.len ? b->pattern.ptr[b->at] : '\0';
}

static bool at_end(const struct builder *b)
{
    return b->at >= b->pattern.len;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether a quantifier follows; then it is skipped. `*optional`: it allows none at all. */
static bool skip_quantifier(struct builder *b, bool *optional)
{
    char c = peek(b);
    size_t end = b->at + 1;
    if (c == '{') {
        if (!is_digit(end < b->pattern.len ? b->pattern.ptr[end] : '\0')) {
            b->failed = true; /* a literal brace, perhaps: unclear */
            return false;
        }
        *optional = b->pattern.ptr[end] == '0';
        end = str_find_char(b->pattern, '}', end) + 1;
    } else if (c == '*' || c == '?' || c == '+') {
        *optional = c != '+';
    } else {
        return false;
    }
    if (at_end(b) || end > b->pattern.len) {
        b->failed = true;
        return false;
    }
    b->at = end;
    if (peek(b) == '?' || peek(b) == '+') { /* lazy or possessive */
        b->at++;
    }
    return true;
}

/* Skips a class; it gives no literal. */
static void skip_class(struct builder *b)
{
    size_t i = b->at + 1;
    struct str p = b->pattern;
    i += i < p.len && p.ptr[i] == '^';
    i += i < p.len && p.ptr[i] == ']';
    while (i < p.len && p.ptr[i] != ']') {
        if (p.ptr[i] == '[') {
            b->failed = b->failed || (i + 1 < p.len && p.ptr[i + 1] == ':');
        }
        i += p.ptr[i] == '\\' ? 2 : 1;
    }
    b->at = i + 1;
    b->failed = b->failed || b->at > p.len;
}

/* A group: its content's choice, none for look-around. */
static struct choice read_group(struct builder *b)
{
    struct choice none = {.count = 0};
    bool look = false;
    b->at++;
    if (peek(b) == '?') {
        char kind = b->at + 1 < b->pattern.len ? b->pattern.ptr[b->at + 1] : '\0';
        look = kind == '=' || kind == '!';
        b->failed = b->failed || (kind != ':' && !look);
        b->at += 2;
    }
    b->failed = b->failed || peek(b) == '*' || ++b->depth > REGEXP_HINT_DEPTH;
    struct choice inside = b->failed ? none : read_alternatives(b);
    b->depth--;
    b->failed = b->failed || peek(b) != ')';
    b->at++;
    return look ? none : inside;
}

/* Literal byte of an escape; false for those with another meaning. */
static bool read_escape(struct builder *b, char *out)
{
    char c = b->at + 1 < b->pattern.len ? b->pattern.ptr[b->at + 1] : '\0';
    b->at += 2;
    if (!is_letter(c) && !is_digit(c)) {
        *out = c;
        return true;
    }
    /* Classes and assertions whose length is these two bytes; all others are unclear. */
    b->failed = b->failed || strchr("bBdDsSwWAzZhHvVR", c) == NULL || c == '\0';
    return false;
}

/* Run of literals that stands in every match of the sequence. */
struct run {
    size_t from;
    size_t length;
};

static void take_run(struct builder *b, struct run *run, struct choice *best)
{
    struct choice one = {.count = 1};
    if (run->length > 0) {
        one.from[0] = (uint8_t)run->from;
        one.length[0] = (uint8_t)run->length;
        if (is_better(&one, best)) {
            *best = one;
        }
    }
    *run = (struct run){.from = b->used};
}

static void add_literal(struct builder *b, struct run *run, char c)
{
    if (b->used == REGEXP_HINT_BYTES) {
        b->failed = true;
        return;
    }
    b->bytes[b->used++] = b->fold ? str_lower_char(c) : c;
    run->length++;
}

/* A literal byte and what quantifies it. */
static void read_literal(struct builder *b, struct run *run, struct choice *best, char c)
{
    bool optional = false;
    size_t before = b->at;
    bool quantified = skip_quantifier(b, &optional);
    if (quantified && optional) {
        take_run(b, run, best);
        return;
    }
    add_literal(b, run, c);
    if (quantified || b->at != before) {
        take_run(b, run, best);
    }
}

/* Something that is no literal byte: class, group, assertion, any byte. */
static void read_other(struct builder *b, struct choice *best)
{
    struct choice inside = {.count = 0};
    bool optional = false;
    if (peek(b) == '(') {
        inside = read_group(b);
    } else if (peek(b) == '[') {
        skip_class(b);
    } else {
        b->at++;
    }
    (void)skip_quantifier(b, &optional);
    if (!optional && inside.count > 0 && is_better(&inside, best)) {
        *best = inside;
    }
}

static struct choice read_sequence(struct builder *b)
{
    struct choice best = {.count = 0};
    struct run run = {.from = b->used};
    while (!at_end(b) && !b->failed && peek(b) != '|' && peek(b) != ')') {
        char c = peek(b);
        bool literal = strchr("\\([.^$*+?{", c) == NULL || c == '\0';
        if (c == '\\') {
            bool unused;
            literal = read_escape(b, &c);
            if (!literal) {
                take_run(b, &run, &best);
                (void)skip_quantifier(b, &unused);
                continue;
            }
        } else if (literal) {
            b->at++;
        }
        if (literal) {
            read_literal(b, &run, &best, c);
        } else {
            take_run(b, &run, &best);
            read_other(b, &best);
            run = (struct run){.from = b->used};
        }
    }
    take_run(b, &run, &best);
    return best;
}

static struct choice read_alternatives(struct builder *b)
{
    struct choice all = read_sequence(b);
    while (!at_end(b) && !b->failed && peek(b) == '|') {
        b->at++;
        struct choice next = read_sequence(b);
        if (all.count == 0 || next.count == 0 || all.count + next.count > REGEXP_HINT_LITERALS) {
            all.count = 0;
            continue;
        }
        memcpy(all.from + all.count, next.from, next.count);
        memcpy(all.length + all.count, next.length, next.count);
        all.count = (uint8_t)(all.count + next.count);
    }
    return all;
}

/* Whether the pattern is ^ and then the choice's only literal, letter by letter. */
static bool is_prefix(struct str pattern, const char *bytes, const struct choice *choice)
{
    struct str literal = str_make(bytes + choice->from[0], choice->length[0]);
    return choice->count == 1 && pattern.len > literal.len && pattern.ptr[0] == '^' &&
           str_eq_nocase(str_slice(pattern, 1, literal.len + 1), literal);
}

static void add_first(struct regexp_hint *hint, unsigned char c)
{
    hint->first[c / 64] |= UINT64_C(1) << c % 64;
}

void regexp_hint_find(struct regexp_hint *hint, struct str pattern)
{
    struct builder b = {.pattern = pattern};
    *hint = (struct regexp_hint){.count = 0};
    if (str_starts_with(pattern, STR("(?i)"))) {
        b.fold = true;
        b.pattern = str_slice(pattern, 4, pattern.len);
    }
    struct choice choice = read_alternatives(&b);
    if (b.failed || !at_end(&b) || choice.count == 0) {
        return;
    }
    size_t used = 0;
    for (unsigned i = 0; i < choice.count; i++) {
        if (used + choice.length[i] > REGEXP_HINT_BYTES) {
            return;
        }
        memcpy(hint->bytes + used, b.bytes + choice.from[i], choice.length[i]);
        unsigned char first = (unsigned char)hint->bytes[used];
        add_first(hint, first);
        if (b.fold && first >= 'a' && first <= 'z') {
            add_first(hint, (unsigned char)(first - ('a' - 'A')));
        }
        used += choice.length[i];
        hint->ends[i] = (uint8_t)used;
    }
    hint->count = choice.count;
    hint->fold = b.fold;
    hint->anchored = is_prefix(b.pattern, b.bytes, &choice);
}

static bool stands_at(const struct regexp_hint *hint, struct str literal, struct str text,
                      size_t at)
{
    struct str part = str_slice(text, at, at + literal.len);
    return hint->fold ? str_eq_nocase(part, literal) : str_eq(part, literal);
}

bool regexp_hint_allows(const struct regexp_hint *hint, struct str text)
{
    if (hint->count == 0) {
        return true;
    }
    struct str only = str_make(hint->bytes, hint->ends[0]);
    if (hint->anchored) {
        return stands_at(hint, only, text, 0);
    }
    if (hint->count == 1 && !hint->fold) {
        return memmem(text.ptr, text.len, only.ptr, only.len) != NULL;
    }
    for (size_t at = 0; at < text.len; at++) {
        unsigned char c = (unsigned char)text.ptr[at];
        if ((hint->first[c / 64] >> c % 64 & 1) == 0) {
            continue;
        }
        size_t from = 0;
        for (unsigned i = 0; i < hint->count; i++) {
            struct str literal = str_make(hint->bytes + from, hint->ends[i] - from);
            from = hint->ends[i];
            if (stands_at(hint, literal, text, at)) {
                return true;
            }
        }
    }
    return false;
}
