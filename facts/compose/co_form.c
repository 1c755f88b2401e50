/* SPDX-License-Identifier: Apache-2.0
 *
 * co_form.c - see co_form.h. Each matcher takes linear time. Where the schema's pattern has no
 * anchors it is enough that some part of the text fits.
 */
#include "facts/compose/co_form.h"

#include <stddef.h>

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_name_char(char c)
{
    return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
}

static bool is_name(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_name_char(text.ptr[i])) {
            return false;
        }
    }
    return text.len > 0;
}

/* [a-zA-Z0-9][a-zA-Z0-9_.-]+ */
static bool has_container_name(struct str text)
{
    for (size_t i = 1; i < text.len; i++) {
        if (is_letter_or_digit(text.ptr[i - 1]) && is_name_char(text.ptr[i])) {
            return true;
        }
    }
    return false;
}

/* every_ and at least one number with a unit of wdhms behind it. */
static bool has_every(struct str text)
{
    struct str every = STR("every_");
    for (size_t at = str_find(text, every); at < text.len;) {
        size_t digits = at + every.len;
        size_t unit = digits;
        while (unit < text.len && text.ptr[unit] >= '0' && text.ptr[unit] <= '9') {
            unit++;
        }
        if (unit > digits && unit < text.len &&
            str_find_char(STR("wdhms"), text.ptr[unit], 0) < 5) {
            return true;
        }
        at = unit + str_find(str_slice(text, unit, text.len), every);
    }
    return false;
}

static bool has_pull_policy(struct str text)
{
    static const struct str words[] = {{"always", 6},  {"never", 5},           {"build", 5},
                                       {"missing", 7}, {"if_not_present", 14}, {"refresh", 7},
                                       {"daily", 5},   {"weekly", 6}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_find(text, words[i]) < text.len) {
            return true;
        }
    }
    return has_every(text);
}

bool co_form_matches(enum co_pattern pattern, struct str text)
{
    switch (pattern) {
    case CO_PATTERN_NONE:
        return true;
    case CO_PATTERN_NOT_EMPTY:
        return text.len > 0;
    case CO_PATTERN_NAME:
        return is_name(text);
    case CO_PATTERN_CONTAINER_NAME:
        return has_container_name(text);
    case CO_PATTERN_PULL_POLICY:
        return has_pull_policy(text);
    }
    return false;
}

const char *co_form_allowed(enum co_pattern pattern)
{
    switch (pattern) {
    case CO_PATTERN_NONE:
        break;
    case CO_PATTERN_NOT_EMPTY:
        return "it must have at least one character";
    case CO_PATTERN_NAME:
        return "it may hold letters, digits, `.`, `_` and `-` only";
    case CO_PATTERN_CONTAINER_NAME:
        return "it must have two or more letters, digits, `.`, `_` or `-`, the first one a letter "
               "or digit";
    case CO_PATTERN_PULL_POLICY:
        return "it is always, never, missing, if_not_present, build, refresh, daily, weekly or a "
               "time "
               "such as every_12h";
    }
    return "it may be any text";
}
