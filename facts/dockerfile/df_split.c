/* SPDX-License-Identifier: Apache-2.0
 *
 * df_split.c - the word splitters of the frontend. See df_split.h.
 */
#include "facts/dockerfile/df_split.h"

#include <string.h>

#include "facts/dockerfile/df_lex.h"

/* Doubles a scratch array; NULL after a failure. */
static void *grow(struct arena *arena, void *items, size_t *capacity, size_t item_size)
{
    size_t wanted = *capacity > 0 ? *capacity * 2 : 16;
    void *grown = arena_alloc_array(arena, wanted, item_size);
    if (grown == NULL) {
        return NULL;
    }
    if (*capacity > 0) {
        memcpy(grown, items, *capacity * item_size);
    }
    *capacity = wanted;
    return grown;
}

static void push_word(struct df_splitter *splitter, struct df_word word)
{
    if (splitter->word_count == splitter->word_capacity) {
        struct df_word *words =
            grow(splitter->arena, splitter->words, &splitter->word_capacity, sizeof *words);
        if (words == NULL) {
            return;
        }
        splitter->words = words;
    }
    splitter->words[splitter->word_count++] = word;
}

/* Moves the gathered words to the arguments of `out`. */
static void take_words(struct df_splitter *splitter, struct df_instruction *out)
{
    if (splitter->word_count == 0) {
        return;
    }
    struct df_word *args = ARENA_ARRAY(splitter->arena, struct df_word, splitter->word_count);
    if (args == NULL) {
        return;
    }
    memcpy(args, splitter->words, splitter->word_count * sizeof *args);
    out->args = args;
    out->arg_count = (uint32_t)splitter->word_count;
}

struct df_word df_split_slice(const struct df_line *line, struct str slice)
{
    const struct sh_text *text = &line->text;
    if (text->bytes.len == 0) {
        return (struct df_word){.text = slice, .start = line->start, .end = line->start};
    }
    uint32_t from = (uint32_t)(slice.ptr - text->bytes.ptr);
    uint32_t to = from + (uint32_t)slice.len;
    uint32_t start = sh_text_locate(text, from);
    return (struct df_word){
        .text = slice, .start = start, .end = slice.len > 0 ? sh_text_locate_end(text, to) : start};
}

void df_split_whole(struct df_splitter *splitter, struct str text, struct df_instruction *out)
{
    splitter->word_count = 0;
    if (text.len > 0) {
        push_word(splitter, df_split_slice(splitter->line, text));
    }
    take_words(splitter, out);
}

void df_split_blanks(struct df_splitter *splitter, struct str text, struct df_instruction *out)
{
    splitter->word_count = 0;
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        while (at < text.len && !df_is_blank(text.ptr[at])) {
            at++;
        }
        push_word(splitter, df_split_slice(splitter->line, str_slice(text, from, at)));
        while (at < text.len && df_is_blank(text.ptr[at])) {
            at++;
        }
    }
    take_words(splitter, out);
}

/* Finds the end of the quoted word that starts at `from`. `*text_end` excludes an escape character
 * at the very end of the text, which the frontend drops. */
static size_t quoted_word_end(const struct df_splitter *splitter, struct str text, size_t from,
                              size_t *text_end)
{
    char quote = '\0';
    size_t at = from;
    while (at < text.len) {
        char c = text.ptr[at];
        if ((unsigned char)(c - '#') < 'z' - '#' + 1 && c != '\'' && c != splitter->escape) {
            at++; /* neither blank nor quote */
            continue;
        }
        if (quote == '\0' && df_space_length(text, at) > 0) {
            break;
        }
        if (c == splitter->escape && quote != '\'') {
            if (at + 1 == text.len) {
                *text_end = at;
                return text.len;
            }
            at += 2;
            continue;
        }
        if (quote == '\0' && (c == '\'' || c == '"')) {
            quote = c;
        } else if (c == quote) {
            quote = '\0';
        }
        at++;
    }
    *text_end = at;
    return at;
}

void df_split_quoted(struct df_splitter *splitter, struct str text, struct df_instruction *out)
{
    splitter->word_count = 0;
    for (size_t at = 0; at < text.len;) {
        size_t space = df_space_length(text, at);
        if (space > 0) {
            at += space;
            continue;
        }
        size_t end = at;
        size_t next = quoted_word_end(splitter, text, at, &end);
        if (end > at) {
            push_word(splitter, df_split_slice(splitter->line, str_slice(text, at, end)));
        }
        at = next;
    }
    take_words(splitter, out);
}

/* Adds a flag whose raw text is `raw` and whose text without quotes is `text`. */
static void push_flag(struct df_splitter *splitter, struct str raw, struct str text)
{
    if (splitter->flag_count == splitter->flag_capacity) {
        struct df_flag *flags =
            grow(splitter->arena, splitter->flags, &splitter->flag_capacity, sizeof *flags);
        if (flags == NULL) {
            return;
        }
        splitter->flags = flags;
    }
    size_t equals = str_find_char(text, '=', 0);
    size_t raw_equals = str_find_char(raw, '=', 0);
    struct df_flag *flag = &splitter->flags[splitter->flag_count++];
    flag->has_value = equals < text.len;
    flag->known = false;
    flag->name = df_split_slice(splitter->line, str_slice(raw, 0, raw_equals));
    flag->name.text = str_slice(text, 2, equals);
    flag->value = df_split_slice(splitter->line, str_slice(raw, raw_equals + 1, raw.len));
    flag->value.text = str_slice(text, equals + 1, text.len);
}

/* Scans one flag token from `*at` on and returns its text: a view of the line unless quotes or
 * backslashes had to be removed. `*done` tells that the text ended inside an open quote. */
static struct str flag_token(struct df_splitter *splitter, struct str text, size_t *at)
{
    size_t from = *at;
    size_t i = from;
    while (i < text.len && df_space_length(text, i) == 0 && text.ptr[i] != '\'' &&
           text.ptr[i] != '"' && text.ptr[i] != '\\') {
        i++;
    }
    if (i == text.len || df_space_length(text, i) > 0) {
        *at = i;
        return str_slice(text, from, i);
    }
    char *out = arena_alloc(splitter->arena, text.len - from + 1);
    size_t length = 0;
    char quote = '\0';
    for (i = from; i < text.len; i++) {
        char c = text.ptr[i];
        if (quote == '\0' && df_space_length(text, i) > 0) {
            break;
        }
        if (quote == '\0' && (c == '\'' || c == '"')) {
            quote = c;
            continue;
        }
        if (c == quote && quote != '\0') {
            quote = '\0';
            continue;
        }
        if (c == '\\') {
            if (++i == text.len) {
                break;
            }
            c = text.ptr[i];
        }
        if (out != NULL) {
            out[length++] = c;
        }
    }
    *at = i < text.len ? i : text.len;
    return out != NULL ? str_make(out, length) : STR("--");
}

struct str df_split_flags(struct df_splitter *splitter, struct str text, struct df_instruction *out)
{
    splitter->flag_count = 0;
    size_t at = 0;
    while (at < text.len) {
        size_t space = df_space_length(text, at);
        if (space > 0) {
            at += space;
            continue;
        }
        if (text.ptr[at] != '-' || at + 1 == text.len || text.ptr[at + 1] != '-') {
            break;
        }
        size_t from = at;
        struct str token = flag_token(splitter, text, &at);
        if (str_eq(token, STR("--"))) {
            break;
        }
        push_flag(splitter, str_slice(text, from, at), token);
    }
    if (splitter->flag_count > 0) {
        struct df_flag *flags = ARENA_ARRAY(splitter->arena, struct df_flag, splitter->flag_count);
        if (flags != NULL) {
            memcpy(flags, splitter->flags, splitter->flag_count * sizeof *flags);
            out->flags = flags;
            out->flag_count = (uint32_t)splitter->flag_count;
        }
    }
    return str_slice(text, at, text.len);
}

static void push_json_string(void *user, struct str raw, bool escaped)
{
    struct df_splitter *splitter = user;
    struct df_word word = df_split_slice(splitter->line, raw);
    if (escaped) {
        word.text = df_json_decode(splitter->arena, raw);
    }
    push_word(splitter, word);
}

enum df_json_kind df_split_json(struct df_splitter *splitter, struct str text,
                                struct df_instruction *out)
{
    struct str trimmed = df_trim(text);
    if (trimmed.len == 0 || trimmed.ptr[0] != '[') {
        return DF_JSON_NONE;
    }
    splitter->word_count = 0;
    for (uint32_t i = 0; i < out->arg_count; i++) {
        push_word(splitter, out->args[i]);
    }
    enum df_json_kind kind = df_json_scan(trimmed, push_json_string, splitter);
    if (kind == DF_JSON_STRINGS) {
        take_words(splitter, out);
        out->json = true;
    } else {
        size_t quote = 1;
        while (quote < trimmed.len && df_is_blank(trimmed.ptr[quote])) {
            quote++;
        }
        out->malformed =
            quote < trimmed.len && (trimmed.ptr[quote] == '"' || trimmed.ptr[quote] == '\'');
    }
    return kind;
}
