/* SPDX-License-Identifier: Apache-2.0
 *
 * size.c - see size.h. The reference computes in double precision and so do we, roundings included:
 * 32.3 mb in steps of 1000 are 32299999 bytes. Hexadecimal floats, "inf " and "nan ", which it also
 * takes, are refused.
 */
#include "facts/size.h"

#include <stdbool.h>
#include <stdlib.h>

/* Longest number that is read: more digits than a double has. And more tens than it has. */
enum { NUMBER_BYTES = 120, EXPONENT_LIMIT = 9999 };

struct str size_error_text(enum size_error error)
{
    static const struct str texts[] = {
#define SIZE_ERROR_TEXT(name, text) {"" text "", sizeof(text) - 1},
        SIZE_ERROR_LIST(SIZE_ERROR_TEXT)
#undef SIZE_ERROR_TEXT
    };
    return (size_t)error < sizeof texts / sizeof texts[0] ? texts[error] : STR("");
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Copies the digits from `*at` on without the underscores between them; false when an underscore
 * stands elsewhere. `previous` tells whether a digit stands before. */
static bool copy_digits(struct str text, size_t *at, char *out, size_t *length)
{
    bool digit = false;
    for (; *at < text.len && (is_digit(text.ptr[*at]) || text.ptr[*at] == '_'); (*at)++) {
        if (text.ptr[*at] == '_') {
            bool between = digit && *at + 1 < text.len && is_digit(text.ptr[*at + 1]);
            if (!between) {
                return false;
            }
            digit = false;
            continue;
        }
        digit = true;
        out[(*length)++] = text.ptr[*at];
    }
    return true;
}

/* The digits behind "e" and a sign; what is beyond any double is cut to EXPONENT_LIMIT. */
static bool read_exponent(struct str text, size_t *at, int64_t *out)
{
    char digits[NUMBER_BYTES];
    size_t length = 0;
    bool negative = *at < text.len && text.ptr[*at] == '-';
    *at += negative || (*at < text.len && text.ptr[*at] == '+') ? 1 : 0;
    if (!copy_digits(text, at, digits, &length) || length == 0) {
        return false;
    }
    int64_t value = 0;
    for (size_t i = 0; i < length && value < EXPONENT_LIMIT; i++) {
        value = value * 10 + (digits[i] - '0');
    }
    value = value < EXPONENT_LIMIT ? value : EXPONENT_LIMIT;
    *out = negative ? -value : value;
    return true;
}

/* A decimal number. It is handed to strtod without a decimal point, whose form would depend on the
 * locale: "32.3" as "323e-1". */
static bool read_number(struct str text, double *out)
{
    char digits[NUMBER_BYTES + 32];
    size_t length = 0;
    size_t at = 0;
    if (text.len > NUMBER_BYTES) {
        return false;
    }
    if (text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+')) {
        digits[length++] = text.ptr[at++];
    }
    size_t sign = length;
    if (!copy_digits(text, &at, digits, &length)) {
        return false;
    }
    size_t whole = length;
    if (at < text.len && text.ptr[at] == '.') {
        at++;
        if (!copy_digits(text, &at, digits, &length)) {
            return false;
        }
    }
    int64_t exponent = 0;
    if (length == sign) {
        return false;
    }
    if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
        at++;
        if (!read_exponent(text, &at, &exponent)) {
            return false;
        }
    }
    exponent -= (int64_t)(length - whole);
    digits[length++] = 'e';
    digits[length++] = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    for (int64_t unit = 10000; unit > 0; unit /= 10) {
        digits[length++] = (char)('0' + exponent / unit % 10);
    }
    digits[length] = '\0';
    *out = strtod(digits, NULL);
    return at == text.len && *out <= 1.7976931348623157e308 && *out >= -1.7976931348623157e308;
}

/* Bytes of one unit, 1 when there is none, 0 when it is no unit. */
static double unit_bytes(struct str unit, double step)
{
    static const char letters[] = "kmgtp";
    if (unit.len == 0 || str_eq_nocase(unit, STR("b"))) {
        return 1;
    }
    const char *letter = unit.ptr[0] != '\0' ? strchr(letters, str_lower_char(unit.ptr[0])) : NULL;
    struct str rest = str_slice(unit, 1, unit.len);
    bool ends = rest.len == 0 || str_eq_nocase(rest, STR("b")) || str_eq_nocase(rest, STR("ib"));
    if (letter == NULL || !ends) {
        return 0;
    }
    double bytes = step;
    for (const char *smaller = letters; smaller < letter; smaller++) {
        bytes *= step;
    }
    return bytes;
}

enum size_error size_parse(struct str text, enum size_step step, int64_t *out)
{
    size_t end = text.len;
    while (end > 0 && !is_digit(text.ptr[end - 1]) && text.ptr[end - 1] != '.' &&
           text.ptr[end - 1] != ' ') {
        end--;
    }
    struct str unit = str_slice(text, end, text.len);
    size_t number_end = end > 0 && text.ptr[end - 1] == ' ' ? end - 1 : end;
    double number = 0;
    if (!read_number(str_slice(text, 0, number_end), &number)) {
        return SIZE_ERROR_NUMBER;
    }
    if (number < 0) {
        return SIZE_ERROR_NEGATIVE;
    }
    double bytes = unit_bytes(unit, step == SIZE_STEP_1000 ? 1000 : 1024);
    if (bytes < 1) {
        return SIZE_ERROR_UNIT;
    }
    number *= bytes;
    *out = number < 9223372036854775808.0 ? (int64_t)number : INT64_MIN;
    return SIZE_ERROR_NONE;
}

enum size_error size_parse_compose(struct str text, int64_t *out)
{
    return str_to_i64(text, out) ? SIZE_ERROR_NONE : size_parse(text, SIZE_STEP_1024, out);
}
