/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_scalar.c - the resolution of scalars. Most plain scalars are strings that their first byte
 * tells apart, so that is looked at first.
 */
#include "facts/yaml/yaml_scalar.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Digits beyond these cannot change the nearest double, except by not being zero. */
    SIGNIFICANT_DIGITS = 800,
    /* Exponents beyond this are infinite or zero with any mantissa that fits in memory. */
    EXPONENT_CAP = 100000000
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum yaml_tag yaml_tag_of(struct str tag)
{
    static const struct {
        const char *name;
        enum yaml_tag tag;
    } core_tags[] = {
        {"str", YAML_TAG_STR},       {"bool", YAML_TAG_BOOL},   {"int", YAML_TAG_INT},
        {"float", YAML_TAG_FLOAT},   {"null", YAML_TAG_NULL},   {"timestamp", YAML_TAG_TIME},
        {"binary", YAML_TAG_BINARY}, {"merge", YAML_TAG_MERGE},
    };
    struct str prefix = STR("tag:yaml.org,2002:");
    if (tag.len == 0 || str_eq(tag, STR("!"))) {
        return YAML_TAG_NONE;
    }
    if (str_eq(tag, STR("!reset"))) {
        return YAML_TAG_RESET;
    }
    if (str_eq(tag, STR("!override"))) {
        return YAML_TAG_OVERRIDE;
    }
    /* `!<!!int>` writes the short form out. */
    size_t skip = str_starts_with(tag, STR("!!")) ? 2 : prefix.len;
    if (skip == 2 || str_starts_with(tag, prefix)) {
        struct str name = str_slice(tag, skip, tag.len);
        for (size_t i = 0; i < sizeof core_tags / sizeof core_tags[0]; i++) {
            if (str_eq(name, str_from_cstr(core_tags[i].name))) {
                return core_tags[i].tag;
            }
        }
    }
    return YAML_TAG_OTHER;
}

static void set_float(struct tree_node *node, double value)
{
    node->kind = TREE_FLOAT;
    node->u.real = value;
}

/* The words that are no strings. */
static bool resolve_word(struct tree_node *node)
{
    static const struct {
        const char *text;
        enum tree_kind kind;
        double value;
    } words[] = {
        {"true", TREE_BOOL, 1},
        {"True", TREE_BOOL, 1},
        {"TRUE", TREE_BOOL, 1},
        {"false", TREE_BOOL, 0},
        {"False", TREE_BOOL, 0},
        {"FALSE", TREE_BOOL, 0},
        {"~", TREE_NULL, 0},
        {"null", TREE_NULL, 0},
        {"Null", TREE_NULL, 0},
        {"NULL", TREE_NULL, 0},
        {".nan", TREE_FLOAT, (double)NAN},
        {".NaN", TREE_FLOAT, (double)NAN},
        {".NAN", TREE_FLOAT, (double)NAN},
        {".inf", TREE_FLOAT, (double)INFINITY},
        {".Inf", TREE_FLOAT, (double)INFINITY},
        {".INF", TREE_FLOAT, (double)INFINITY},
    };
    struct str text = node->text;
    bool negative = text.len > 0 && text.ptr[0] == '-';
    if (negative || (text.len > 0 && text.ptr[0] == '+')) {
        text = str_slice(text, 1, text.len);
        if (text.len != 4 || text.ptr[0] != '.' || str_lower_char(text.ptr[1]) != 'i') {
            return false;
        }
    }
    for (size_t i = 0; text.len <= 5 && i < sizeof words / sizeof words[0]; i++) {
        if (str_eq(text, str_from_cstr(words[i].text))) {
            node->kind = words[i].kind;
            if (words[i].kind == TREE_BOOL) {
                node->u.boolean = words[i].value != 0;
            } else if (words[i].kind == TREE_FLOAT) {
                node->u.real = negative ? -words[i].value : words[i].value;
            }
            return true;
        }
    }
    return false;
}

static unsigned digit_value(char c)
{
    char lower = str_lower_char(c);
    return is_digit(c)                    ? (unsigned)(c - '0')
           : lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a') + 10
                                          : 16;
}

/* Digits of a base; underscores count nothing. False without digits, on another byte, or above
 * UINT64_MAX. */
static bool parse_digits(uint64_t *out, struct str digits, unsigned base)
{
    uint64_t value = 0;
    bool any = false;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] == '_') {
            continue;
        }
        unsigned digit = digit_value(digits.ptr[i]);
        if (digit >= base || __builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, digit, &value)) {
            return false;
        }
        any = true;
    }
    *out = value;
    return any;
}

/* Splits "0x1F" into base and digits; a leading 0 alone means octal. Underscores may stand anywhere
 * between, since the reference drops them first. */
static struct str split_base(struct str text, unsigned *base)
{
    *base = 10;
    size_t zero = 0;
    while (zero < text.len && text.ptr[zero] == '_') {
        zero++;
    }
    if (zero == text.len || text.ptr[zero] != '0') {
        return text;
    }
    size_t next = zero + 1;
    while (next < text.len && text.ptr[next] == '_') {
        next++;
    }
    if (next == text.len) {
        return text;
    }
    char letter = str_lower_char(text.ptr[next]);
    *base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    bool prefixed = letter == 'x' || letter == 'b' || letter == 'o';
    return str_slice(text, prefixed ? next + 1 : next, text.len);
}

static bool resolve_integer(struct tree_node *node)
{
    struct str text = node->text;
    bool negative = text.ptr[0] == '-';
    bool has_sign = negative || text.ptr[0] == '+';
    unsigned base;
    uint64_t value;
    struct str digits = split_base(str_slice(text, has_sign ? 1 : 0, text.len), &base);
    if (!parse_digits(&value, digits, base)) {
        return false;
    }
    if (value <= INT64_MAX || (negative && value == (uint64_t)INT64_MAX + 1)) {
        node->kind = TREE_INT;
        node->u.integer = negative ? (int64_t)(0 - value) : (int64_t)value;
        return true;
    }
    if (has_sign) {
        return false;
    }
    node->kind = TREE_UINT;
    node->u.natural = value;
    return true;
}

/* A decimal number taken apart. */
struct decimal {
    char digits[SIGNIFICANT_DIGITS + 2]; /* significant ones, NUL at the end */
    size_t count;
    bool more;        /* a digit that is not 0 was cut off */
    int64_t exponent; /* of ten, for the digits taken as an integer */
};

static void add_digit(struct decimal *decimal, char digit, bool after_point)
{
    if (decimal->count == 0 && digit == '0') {
        decimal->exponent -= after_point;
        return;
    }
    if (decimal->count < SIGNIFICANT_DIGITS) {
        decimal->digits[decimal->count++] = digit;
        decimal->exponent -= after_point;
    } else {
        decimal->more |= digit != '0';
        decimal->exponent += !after_point;
    }
}

/* Reads digits and at most one point; false when the form is wrong. */
static bool read_mantissa(struct decimal *decimal, struct str text, size_t *at,
                          bool skip_underscore)
{
    size_t before = 0;
    size_t after = 0;
    bool point = false;
    for (; *at < text.len; ++*at) {
        char c = text.ptr[*at];
        if (is_digit(c)) {
            add_digit(decimal, c, point);
            before += !point;
            after += point;
        } else if (c == '.' && !point) {
            point = true;
        } else if (c != '_' || !skip_underscore) {
            break;
        }
    }
    return before + after > 0;
}

static bool read_exponent(struct decimal *decimal, struct str text, size_t at, bool skip_underscore)
{
    int64_t value = 0;
    bool negative = false;
    bool any = false;
    bool sign_allowed = true;
    for (; at < text.len; at++) {
        char c = text.ptr[at];
        if (is_digit(c)) {
            value = value < EXPONENT_CAP ? value * 10 + (c - '0') : value;
            any = true;
            sign_allowed = false;
        } else if (sign_allowed && (c == '-' || c == '+')) {
            negative = c == '-';
            sign_allowed = false;
        } else if (c != '_' || !skip_underscore) {
            return false;
        }
    }
    decimal->exponent += negative ? -value : value;
    return any;
}

/* The nearest double. No decimal point is shown to strtod, so the locale does not matter. */
static double decimal_value(struct decimal *decimal)
{
    char text[SIGNIFICANT_DIGITS + 40];
    if (decimal->more) {
        decimal->digits[decimal->count++] = '1';
        decimal->exponent--;
    }
    decimal->digits[decimal->count] = '\0';
    int64_t exponent = decimal->exponent > EXPONENT_CAP    ? EXPONENT_CAP
                       : decimal->exponent < -EXPONENT_CAP ? -EXPONENT_CAP
                                                           : decimal->exponent;
    if (decimal->count == 0) {
        return 0;
    }
    snprintf(text, sizeof text, "%se%lld", decimal->digits, (long long)exponent);
    return strtod(text, NULL);
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?; false when too large, too. */
static bool resolve_float(struct tree_node *node, bool skip_underscore)
{
    struct str text = node->text;
    struct decimal decimal = {.count = 0};
    bool negative = text.ptr[0] == '-';
    size_t at = negative || text.ptr[0] == '+' ? 1 : 0;
    if (!read_mantissa(&decimal, text, &at, skip_underscore)) {
        return false;
    }
    if (at < text.len) {
        if (str_lower_char(text.ptr[at]) != 'e' ||
            !read_exponent(&decimal, text, at + 1, skip_underscore)) {
            return false;
        }
    }
    double value = decimal_value(&decimal);
    if (isinf(value)) {
        return false;
    }
    set_float(node, negative ? -value : value);
    return true;
}

static bool starts_like_time(struct str text)
{
    return text.len > 4 && text.ptr[4] == '-' && is_digit(text.ptr[0]) && is_digit(text.ptr[1]) &&
           is_digit(text.ptr[2]) && is_digit(text.ptr[3]);
}

static bool resolve_number(struct tree_node *node, enum yaml_tag tag)
{
    struct str text = node->text;
    struct yaml_time time;
    if (str_eq(text, STR("-0")) || str_eq(text, STR("-0.0"))) {
        set_float(node, -0.0);
        return true;
    }
    if ((tag == YAML_TAG_NONE || tag == YAML_TAG_TIME) && starts_like_time(text) &&
        yaml_parse_time(&time, text)) {
        node->kind = TREE_TIME;
        return true;
    }
    return resolve_integer(node) || resolve_float(node, true);
}

/* What the text means by itself. */
static void resolve_plain(struct tree_node *node, enum yaml_tag tag)
{
    struct str text = node->text;
    node->kind = TREE_STRING;
    if (text.len == 0) {
        node->kind = TREE_NULL;
        return;
    }
    switch (text.ptr[0]) {
    case 't':
    case 'T':
    case 'f':
    case 'F':
    case 'n':
    case 'N':
    case '~':
        (void)resolve_word(node);
        return;
    case '.':
        (void)(resolve_word(node) || resolve_float(node, false));
        return;
    case '+':
    case '-':
        (void)(resolve_word(node) || resolve_number(node, tag));
        return;
    default:
        if (is_digit(text.ptr[0])) {
            (void)resolve_number(node, tag);
        }
        return;
    }
}

bool yaml_resolve(struct tree_node *node, enum yaml_tag tag)
{
    switch (tag) {
    case YAML_TAG_NONE:
        resolve_plain(node, tag);
        return true;
    case YAML_TAG_BOOL:
        resolve_plain(node, tag);
        return node->kind == TREE_BOOL;
    case YAML_TAG_INT:
        resolve_plain(node, tag);
        return node->kind == TREE_INT || node->kind == TREE_UINT;
    case YAML_TAG_FLOAT:
        resolve_plain(node, tag);
        if (node->kind == TREE_INT) {
            set_float(node, (double)node->u.integer);
        }
        return node->kind == TREE_FLOAT;
    case YAML_TAG_NULL:
        resolve_plain(node, tag);
        return node->kind == TREE_NULL;
    case YAML_TAG_TIME:
        resolve_plain(node, tag);
        return node->kind == TREE_TIME;
    case YAML_TAG_STR:
    case YAML_TAG_BINARY:
    case YAML_TAG_MERGE:
    case YAML_TAG_RESET:
    case YAML_TAG_OVERRIDE:
    case YAML_TAG_OTHER:
        break;
    }
    node->kind = TREE_STRING;
    return true;
}

/* ---- dates -------------------------------------------------------------------------------------
 */

/* One or two digits; false when there is none. */
static bool take_number(int *out, struct str *text)
{
    if (text->len == 0 || !is_digit(text->ptr[0])) {
        return false;
    }
    size_t count = text->len > 1 && is_digit(text->ptr[1]) ? 2 : 1;
    *out = text->ptr[0] - '0';
    if (count == 2) {
        *out = *out * 10 + (text->ptr[1] - '0');
    }
    *text = str_slice(*text, count, text->len);
    return true;
}

static bool take_char(struct str *text, char c)
{
    bool found = text->len > 0 && text->ptr[0] == c;
    *text = str_slice(*text, found ? 1 : 0, text->len);
    return found;
}

static int days_in(int month, int year)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* "2006-1-2" */
static bool take_date(struct yaml_time *time, struct str *text)
{
    if (!starts_like_time(*text)) {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        time->year = time->year * 10 + (text->ptr[i] - '0');
    }
    *text = str_slice(*text, 5, text->len);
    return take_number(&time->month, text) && take_char(text, '-') &&
           take_number(&time->day, text) && time->month >= 1 && time->month <= 12 &&
           time->day >= 1 && time->day <= days_in(time->month, time->year);
}

/* "15:4:5.999999999"; digits of the fraction beyond nine are dropped. */
static bool take_clock(struct yaml_time *time, struct str *text)
{
    if (!take_number(&time->hour, text) || time->hour >= 24 || !take_char(text, ':') ||
        !take_number(&time->minute, text) || time->minute >= 60 || !take_char(text, ':') ||
        !take_number(&time->second, text) || time->second >= 60) {
        return false;
    }
    bool point = text->len > 1 && (text->ptr[0] == '.' || text->ptr[0] == ',');
    if (point && is_digit(text->ptr[1])) {
        size_t at = 1;
        for (int unit = 100000000; at < text->len && is_digit(text->ptr[at]); at++, unit /= 10) {
            time->nanosecond += unit * (text->ptr[at] - '0');
        }
        *text = str_slice(*text, at, text->len);
    }
    return true;
}

/* "Z", "+07:00"; an offset of 24 hours or 60 minutes is still one. */
static bool take_zone(struct yaml_time *time, struct str *text)
{
    if (take_char(text, 'Z')) {
        return true;
    }
    bool negative = take_char(text, '-');
    if (!negative && !take_char(text, '+')) {
        return false;
    }
    if (text->len < 5 || !is_digit(text->ptr[1]) || !is_digit(text->ptr[4])) {
        return false;
    }
    int hours;
    int minutes;
    if (!take_number(&hours, text) || !take_char(text, ':') || !take_number(&minutes, text) ||
        hours > 24 || minutes > 60) {
        return false;
    }
    time->offset = (hours * 60 + minutes) * 60 * (negative ? -1 : 1);
    return true;
}

bool yaml_parse_time(struct yaml_time *out, struct str text)
{
    *out = (struct yaml_time){.year = 0};
    if (!take_date(out, &text)) {
        return false;
    }
    if (text.len == 0) {
        return true;
    }
    if (take_char(&text, 'T') || take_char(&text, 't')) {
        return take_clock(out, &text) && take_zone(out, &text) && text.len == 0;
    }
    bool blank = false;
    while (take_char(&text, ' ')) {
        blank = true;
    }
    return blank && take_clock(out, &text) && text.len == 0;
}

/* ---- base64 ------------------------------------------------------------------------------------
 */

static int sextet(char c)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c != '\0' ? strchr(letters, c) : NULL;
    return at != NULL ? (int)(at - letters) : -1;
}

bool yaml_decode_binary(struct str *out, struct arena *arena, struct str text)
{
    *out = STR("");
    char *bytes = arena_alloc(arena, text.len / 4 * 3 + 3);
    size_t len = 0;
    size_t count = 0; /* letters and `=` so far */
    size_t padding = 0;
    unsigned bits = 0;
    for (size_t i = 0; bytes != NULL && i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n' || c == '\r') {
            continue;
        }
        int value = c == '=' ? 0 : sextet(c);
        padding += c == '=';
        if (value < 0 || (padding > 0 && c != '=') || padding > 2) {
            return false;
        }
        bits = bits << 6 | (unsigned)value;
        count++;
        if (count % 4 == 0) {
            bytes[len] = (char)(bits >> 16);
            bytes[len + 1] = (char)(bits >> 8);
            bytes[len + 2] = (char)bits;
            len += 3;
        }
    }
    if (count % 4 != 0) {
        return false;
    }
    if (bytes != NULL) {
        *out = str_make(bytes, len - padding);
    }
    return true;
}
