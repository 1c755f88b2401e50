/* SPDX-License-Identifier: Apache-2.0
 *
 * df_directive.c - see df_directive.h.
 */
#include "facts/dockerfile/df_directive.h"

#include "facts/dockerfile/df_lex.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* `\s` of the frontend's regular expression. */
static bool is_regex_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\n';
}

bool df_directive_split(struct str text, uint32_t start, uint32_t end, struct df_directive *out)
{
    uint32_t at = df_lexer_skip_space(text, start, end);
    uint32_t name = at;
    while (at < end &&
           (is_letter(text.ptr[at]) || (at > name && text.ptr[at] >= '0' && text.ptr[at] <= '9'))) {
        at++;
    }
    uint32_t name_end = at;
    while (at < end && is_regex_space(text.ptr[at])) {
        at++;
    }
    if (name_end == name || at == end || text.ptr[at] != '=') {
        return false;
    }
    at++;
    while (at < end && is_regex_space(text.ptr[at])) {
        at++;
    }
    while (end > at && is_regex_space(text.ptr[end - 1])) {
        end--;
    }
    if (at == end) {
        return false;
    }
    *out = (struct df_directive){
        .name = {.text = str_slice(text, name, name_end), .start = name, .end = name_end},
        .value = {.text = str_slice(text, at, end), .start = at, .end = end}};
    return true;
}

enum df_directive_result df_directives_read(struct df_directives *block, struct str text,
                                            uint32_t start, uint32_t end, struct df_directive *out)
{
    static const struct str names[] = {{"syntax", 6}, {"escape", 6}, {"check", 5}};
    enum { NAME_ESCAPE = 1, NAME_COUNT = 3 };
    unsigned name = NAME_COUNT;
    if (!block->done && df_directive_split(text, start + 1, end, out)) {
        name = 0;
        while (name < NAME_COUNT && !str_eq_nocase(names[name], out->name.text)) {
            name++;
        }
    }
    if (name == NAME_COUNT) {
        block->done = true;
        return DF_DIRECTIVE_NONE;
    }
    if ((block->seen >> name & 1U) != 0) {
        return DF_DIRECTIVE_REPEATED;
    }
    block->seen |= 1U << name;
    if (name == NAME_ESCAPE) {
        if (out->value.text.len != 1 ||
            (out->value.text.ptr[0] != '\\' && out->value.text.ptr[0] != '`')) {
            return DF_DIRECTIVE_BAD_ESCAPE;
        }
        block->escape = out->value.text.ptr[0];
    }
    return DF_DIRECTIVE_OK;
}

/* Searches the directive block whose comments start with `sign`. */
static bool find_with_sign(struct str text, uint32_t at, struct str sign, struct str name,
                           struct df_word *value)
{
    static const struct str names[] = {{"syntax", 6}, {"escape", 6}, {"check", 5}};
    while (at < text.len) {
        uint32_t end = (uint32_t)str_find_char(text, '\n', at);
        uint32_t next = end < text.len ? end + 1 : end;
        struct df_directive directive;
        at = df_lexer_skip_space(text, at, end);
        if (!str_starts_with(str_slice(text, at, end), sign) ||
            !df_directive_split(text, at + (uint32_t)sign.len, end, &directive)) {
            return false;
        }
        if (str_eq_nocase(directive.name.text, name)) {
            *value = directive.value;
            return true;
        }
        bool known = false;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            known = known || str_eq_nocase(directive.name.text, names[i]);
        }
        if (!known) {
            return false;
        }
        at = next;
    }
    return false;
}

bool df_directive_find(struct str text, struct str name, struct df_word *value)
{
    uint32_t at = str_starts_with(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    if (str_starts_with(str_slice(text, at, text.len), STR("#!"))) {
        size_t feed = str_find_char(text, '\n', at);
        at = (uint32_t)(feed < text.len ? feed + 1 : feed);
    }
    return find_with_sign(text, at, STR("#"), name, value) ||
           find_with_sign(text, at, STR("//"), name, value);
}
