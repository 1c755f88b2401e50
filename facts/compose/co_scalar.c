/* SPDX-License-Identifier: Apache-2.0
 *
 * co_scalar.c - numbers, dates and durations in Go's words. The library's own formatting gives the
 * digits, shortest first; where they stand is decided here, since C and Go differ in that.
 */
#include "facts/compose/co_scalar.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 17, SMALLEST_PLAIN = -4, LARGEST_PLAIN = 20 };

/* Digits of a positive value without point, and the power of ten of the first one. */
struct decimal {
    char digits[DIGITS_MAX + 1];
    int count;
    int exponent;
};

/* A locale may have another point than `.`: every byte that is no digit is one. */
static struct decimal take_apart(double value)
{
    char text[40] = "";
    for (int precision = 0; precision < DIGITS_MAX; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    struct decimal out = {.count = 0};
    const char *at = text;
    for (; *at != 'e' && *at != '\0'; at++) {
        if (*at >= '0' && *at <= '9' && out.count < DIGITS_MAX) {
            out.digits[out.count] = *at;
            out.count++;
        }
    }
    out.exponent = *at == 'e' ? (int)strtol(at + 1, NULL, 10) : 0;
    return out;
}

static size_t put_zeroes(char *out, int count)
{
    for (int i = 0; i < count; i++) {
        out[i] = '0';
    }
    return count > 0 ? (size_t)count : 0;
}

static size_t put_plain(char *out, const struct decimal *number)
{
    size_t len = 0;
    if (number->exponent < 0) {
        out[len++] = '0';
        out[len++] = '.';
        len += put_zeroes(out + len, -number->exponent - 1);
    }
    for (int i = 0; i < number->count; i++) {
        out[len++] = number->digits[i];
        if (i == number->exponent && i + 1 < number->count) {
            out[len++] = '.';
        }
    }
    return len + put_zeroes(out + len, number->exponent + 1 - number->count);
}

static size_t put_exponent(char *out, const struct decimal *number)
{
    size_t len = 0;
    out[len++] = number->digits[0];
    if (number->count > 1) {
        out[len++] = '.';
        memcpy(out + len, number->digits + 1, (size_t)number->count - 1);
        len += (size_t)number->count - 1;
    }
    int written = snprintf(out + len, CO_NUMBER_MAX - len, "e%c%02d",
                           number->exponent < 0 ? '-' : '+', abs(number->exponent));
    return len + (written > 0 ? (size_t)written : 0);
}

static size_t put_word(char *out, const char *word)
{
    size_t len = strlen(word);
    memcpy(out, word, len);
    return len;
}

size_t co_real_text(char *out, double value)
{
    if (isnan(value)) {
        return put_word(out, "NaN");
    }
    if (isinf(value)) {
        return put_word(out, value > 0 ? "+Inf" : "-Inf");
    }
    size_t len = 0;
    if (signbit(value)) {
        out[len++] = '-';
        value = -value;
    }
    struct decimal number = take_apart(value);
    if (number.exponent < SMALLEST_PLAIN || number.exponent > LARGEST_PLAIN) {
        return len + put_exponent(out + len, &number);
    }
    return len + put_plain(out + len, &number);
}

/* Digits at `*at`, at most `most`, put in `out` with at least `least`; -1 when there are none. */
static int take_digits(struct str text, size_t *at, int least, int most, char *out)
{
    size_t start = *at;
    while (*at < text.len && *at - start < (size_t)most && text.ptr[*at] >= '0' &&
           text.ptr[*at] <= '9') {
        (*at)++;
    }
    int count = (int)(*at - start);
    if (count == 0) {
        return -1;
    }
    int zeroes = count < least ? least - count : 0;
    put_zeroes(out, zeroes);
    memcpy(out + zeroes, text.ptr + start, (size_t)count);
    return zeroes + count;
}

static bool skip_one(struct str text, size_t *at, const char *any)
{
    if (*at < text.len && text.ptr[*at] != '\0' && strchr(any, text.ptr[*at]) != NULL) {
        (*at)++;
        return true;
    }
    return false;
}

/* Two-digit parts joined by `mark`; the number of bytes, or -1. */
static int take_parts(struct str text, size_t *at, int first, char mark, char *out)
{
    const char marks[2] = {mark, '\0'};
    int len = 0;
    for (int i = 0; i < 3; i++) {
        if (i > 0) {
            if (!skip_one(text, at, marks)) {
                return -1;
            }
            out[len++] = mark;
        }
        int more = take_digits(text, at, i == 0 ? first : 2, i == 0 ? first : 2, out + len);
        if (more < 0) {
            return -1;
        }
        len += more;
    }
    return len;
}

/* Zone at the end of a date with time: "Z", "+01:00", or nothing. */
static int take_zone(struct str text, size_t at, char *out)
{
    if (text.len - at < 5) {
        memcpy(out, "+0000 UTC", 9);
        return 9;
    }
    char zone[5] = {text.ptr[at]};
    size_t from = at + 1;
    take_digits(text, &from, 2, 2, zone + 1);
    skip_one(text, &from, ":");
    take_digits(text, &from, 2, 2, zone + 3);
    if (memcmp(zone + 1, "0000", 4) == 0) {
        memcpy(out, "+0000 UTC", 9);
        return 9;
    }
    memcpy(out, zone, 5);
    out[5] = ' ';
    memcpy(out + 6, zone, 5);
    return 11;
}

/* A date or date with time in the words of Go's Time.String; the text itself when it has another
 * form than the reader of YAML lets through. */
static struct str time_text(struct arena *arena, struct str text)
{
    char out[80];
    size_t at = 0;
    int len = take_parts(text, &at, 4, '-', out);
    if (len < 0) {
        return text;
    }
    out[len++] = ' ';
    if (at == text.len) {
        len += (int)put_word(out + len, "00:00:00 +0000 UTC");
        return arena_copy_str(arena, str_make(out, (size_t)len));
    }
    skip_one(text, &at, "Tt ");
    int clock = take_parts(text, &at, 2, ':', out + len);
    if (clock < 0) {
        return text;
    }
    len += clock;
    if (skip_one(text, &at, ".")) {
        char fraction[9];
        int digits = take_digits(text, &at, 1, 9, fraction);
        while (digits > 0 && fraction[digits - 1] == '0') {
            digits--;
        }
        if (digits > 0) {
            out[len++] = '.';
            memcpy(out + len, fraction, (size_t)digits);
            len += digits;
        }
    }
    out[len++] = ' ';
    len += take_zone(text, at, out + len);
    return arena_copy_str(arena, str_make(out, (size_t)len));
}

struct str co_scalar_text(struct arena *arena, const struct tree_node *node)
{
    char out[CO_NUMBER_MAX];
    int len = 0;
    switch (node->kind) {
    case TREE_STRING:
        return node->text;
    case TREE_BOOL:
        return node->u.boolean ? STR("true") : STR("false");
    case TREE_INT:
        len = snprintf(out, sizeof out, "%" PRId64, node->u.integer);
        break;
    case TREE_UINT:
        len = snprintf(out, sizeof out, "%" PRIu64, node->u.natural);
        break;
    case TREE_FLOAT:
        len = (int)co_real_text(out, node->u.real);
        break;
    case TREE_TIME:
        return time_text(arena, node->text);
    case TREE_NULL:
    case TREE_LIST:
    case TREE_MAP:
        return STR("");
    }
    return arena_copy_str(arena, str_make(out, len > 0 ? (size_t)len : 0));
}

const struct tree_node *co_scalar_string(struct arena *arena, const struct tree_node *node)
{
    if (node->kind == TREE_STRING) {
        return node;
    }
    if (node->kind == TREE_LIST || node->kind == TREE_MAP) {
        return NULL;
    }
    struct tree_node *copy = tree_copy(arena, node);
    if (copy != NULL) {
        copy->kind = TREE_STRING;
        copy->text = co_scalar_text(arena, node);
    }
    return copy;
}

/* Value of `unit` parts with up to nine digits behind the point, zeroes cut. */
static size_t put_fraction(char *out, uint64_t whole, uint64_t rest, uint64_t unit)
{
    size_t len = 0;
    int written = snprintf(out, CO_NUMBER_MAX, "%" PRIu64, whole);
    len += written > 0 ? (size_t)written : 0;
    if (rest == 0) {
        return len;
    }
    out[len++] = '.';
    for (uint64_t part = unit / 10; part > 0 && rest > 0; part /= 10) {
        out[len++] = (char)('0' + rest / part);
        rest %= part;
    }
    return len;
}

struct str co_duration_text(struct arena *arena, int64_t nanoseconds)
{
    enum { MICRO = 1000, MILLI = 1000 * MICRO, SECOND = 1000 * MILLI };
    char out[2 * CO_NUMBER_MAX];
    size_t len = 0;
    uint64_t value = nanoseconds < 0 ? 0 - (uint64_t)nanoseconds : (uint64_t)nanoseconds;
    if (nanoseconds < 0) {
        out[len++] = '-';
    }
    if (value == 0) {
        return STR("0s");
    }
    if (value < SECOND) {
        uint64_t unit = value < MICRO ? 1 : value < MILLI ? MICRO : MILLI;
        len += put_fraction(out + len, value / unit, value % unit, unit);
        len += put_word(out + len, unit == 1 ? "ns" : unit == MICRO ? "\xc2\xb5s" : "ms");
        return arena_copy_str(arena, str_make(out, len));
    }
    uint64_t seconds = value / SECOND;
    int written = 0;
    if (seconds >= 3600) {
        written = snprintf(out + len, CO_NUMBER_MAX, "%" PRIu64 "h", seconds / 3600);
        len += written > 0 ? (size_t)written : 0;
    }
    if (seconds >= 60) {
        written = snprintf(out + len, CO_NUMBER_MAX, "%" PRIu64 "m", seconds % 3600 / 60);
        len += written > 0 ? (size_t)written : 0;
    }
    len += put_fraction(out + len, seconds % 60, value % SECOND, SECOND);
    out[len++] = 's';
    return arena_copy_str(arena, str_make(out, len));
}
