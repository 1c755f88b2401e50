/* SPDX-License-Identifier: Apache-2.0
 *
 * co_cast.c - see co_cast.h. The words are those of Compose, the numbers those of Go's strconv:
 * base ten, no blanks, no underscores.
 */
#include "facts/compose/co_cast.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "facts/yaml/yaml_scalar.h"

struct word {
    struct str text;
    bool value;
    bool old;
};

static const struct word words[] = {
    {{"true", 4}, true, false}, {{"false", 5}, false, false}, {{"y", 1}, true, true},
    {{"yes", 3}, true, true},   {{"on", 2}, true, true},      {{"n", 1}, false, true},
    {{"no", 2}, false, true},   {{"off", 3}, false, true},
};

static const struct word *find_word(struct str text)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq_nocase(text, words[i].text)) {
            return &words[i];
        }
    }
    return NULL;
}

bool co_cast_old_word(struct str text)
{
    const struct word *word = find_word(text);
    return word != NULL && word->old;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_sign(struct str text)
{
    return text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+') ? 1 : 0;
}

static bool to_integer(struct str text, int64_t *out)
{
    size_t sign = skip_sign(text);
    bool negative = sign > 0 && text.ptr[0] == '-';
    unsigned long long value = 0;
    if (!str_to_u64(str_slice(text, sign, text.len), &value) ||
        value > (unsigned long long)INT64_MAX + (negative ? 1 : 0)) {
        return false;
    }
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

static size_t skip_digits(struct str text, size_t at)
{
    while (at < text.len && is_digit(text.ptr[at])) {
        at++;
    }
    return at;
}

/* digits [. digits] [e digits], the point anywhere, with at least one digit. */
static bool is_decimal(struct str text)
{
    size_t start = skip_sign(text);
    size_t at = skip_digits(text, start);
    size_t digits = at - start;
    if (at < text.len && text.ptr[at] == '.') {
        size_t behind = skip_digits(text, at + 1);
        digits += behind - at - 1;
        at = behind;
    }
    if (digits > 0 && at < text.len && str_lower_char(text.ptr[at]) == 'e') {
        size_t exponent = at + 1 + skip_sign(str_slice(text, at + 1, text.len));
        at = skip_digits(text, exponent);
        return at > exponent && at == text.len;
    }
    return digits > 0 && at == text.len;
}

/* inf, infinity, nan with a sign. */
static bool is_not_finite(struct str text, double *out)
{
    struct str word = str_slice(text, skip_sign(text), text.len);
    if (str_eq_nocase(word, STR("inf")) || str_eq_nocase(word, STR("infinity"))) {
        *out = text.ptr[0] == '-' ? -(double)INFINITY : (double)INFINITY;
        return true;
    }
    if (str_eq_nocase(text, STR("nan"))) {
        *out = (double)NAN;
        return true;
    }
    return false;
}

/* The reader of YAML finds the nearest number without the help of the locale; a sign, a zero and an
 * exponent keep it from seeing an octal number in 010. */
static bool to_real(struct arena *arena, struct str text, double *out)
{
    if (is_not_finite(text, out)) {
        return true;
    }
    if (!is_decimal(text)) {
        return false;
    }
    size_t sign = skip_sign(text);
    bool exponent =
        str_find_char(text, 'e', 0) < text.len || str_find_char(text, 'E', 0) < text.len;
    struct arena_mark mark = arena_mark(arena);
    char *copy = arena_alloc(arena, text.len + 3);
    bool ok = false;
    if (copy != NULL) {
        size_t length = 0;
        copy[length++] = '0';
        memcpy(copy + length, text.ptr + sign, text.len - sign);
        length += text.len - sign;
        if (!exponent) {
            memcpy(copy + length, "e0", 2);
            length += 2;
        }
        struct tree_node number = {.text = str_make(copy, length)};
        ok = yaml_resolve(&number, YAML_TAG_FLOAT);
        *out = sign > 0 && text.ptr[0] == '-' ? -number.u.real : number.u.real;
    }
    arena_rewind(arena, mark);
    return ok;
}

bool co_cast_text(struct arena *arena, struct tree_node *node, enum co_cast cast)
{
    int64_t integer = 0;
    double real = 0;
    const struct word *word;
    switch (cast) {
    case CO_CAST_NONE:
        return true;
    case CO_CAST_BOOL:
        word = find_word(node->text);
        if (word != NULL) {
            node->kind = TREE_BOOL;
            node->u.boolean = word->value;
        }
        return word != NULL;
    case CO_CAST_INT:
        if (!to_integer(node->text, &integer)) {
            return false;
        }
        node->kind = TREE_INT;
        node->u.integer = integer;
        return true;
    case CO_CAST_FLOAT:
        if (!to_real(arena, node->text, &real)) {
            return false;
        }
        node->kind = TREE_FLOAT;
        node->u.real = real;
        return true;
    }
    return false;
}

const char *co_cast_called(enum co_cast cast)
{
    switch (cast) {
    case CO_CAST_BOOL:
        return "a boolean";
    case CO_CAST_INT:
        return "a whole number";
    case CO_CAST_FLOAT:
        return "a number";
    case CO_CAST_NONE:
        break;
    }
    return "a text";
}
