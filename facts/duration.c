/* SPDX-License-Identifier: Apache-2.0
 *
 * duration.c - see duration.h. Integer arithmetic only, so the result does not depend on rounding
 * modes; fractions below a nanosecond are cut as Go cuts them.
 */
#include "facts/duration.h"

#include <stdbool.h>

struct unit {
    struct str name;
    int64_t nanoseconds;
};

/* U+00B5 and U+03BC are both used for micro. The units of Compose alone stand last. */
static const struct unit units[] = {
    {{"ns", 2}, 1},
    {{"us", 2}, 1000},
    {{"\xC2\xB5s", 3}, 1000},
    {{"\xCE\xBCs", 3}, 1000},
    {{"ms", 2}, 1000000},
    {{"s", 1}, 1000000000},
    {{"m", 1}, 60000000000},
    {{"h", 1}, 3600000000000},
    {{"d", 1}, 86400000000000},
    {{"w", 1}, 604800000000000},
};

enum { ALL_UNITS = sizeof units / sizeof units[0], GO_UNITS = ALL_UNITS - 2 };

struct str duration_error_text(enum duration_error error)
{
    static const struct str texts[] = {
#define DURATION_ERROR_TEXT(name, text) {"" text "", sizeof(text) - 1},
        DURATION_ERROR_LIST(DURATION_ERROR_TEXT)
#undef DURATION_ERROR_TEXT
    };
    return (size_t)error < sizeof texts / sizeof texts[0] ? texts[error] : STR("");
}

static bool is_digit(struct str text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* One `12.5m`: whole part, fraction and unit from `*at` on, added to `*total`. */
static enum duration_error parse_part(struct str text, size_t *at, size_t unit_count,
                                      int64_t *total)
{
    int64_t whole = 0;
    int64_t fraction = 0;
    int64_t scale = 1;
    size_t from = *at;
    for (; is_digit(text, *at); (*at)++) {
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, text.ptr[*at] - '0', &whole)) {
            return DURATION_ERROR_RANGE;
        }
    }
    bool digits = *at > from;
    if (*at < text.len && text.ptr[*at] == '.') {
        (*at)++;
        for (; is_digit(text, *at); (*at)++) {
            digits = true;
            if (scale <= 100000000000000) {
                fraction = fraction * 10 + (text.ptr[*at] - '0');
                scale *= 10;
            }
        }
    }
    if (!digits) {
        return DURATION_ERROR_INVALID;
    }
    size_t unit_start = *at;
    while (*at < text.len && text.ptr[*at] != '.' && !is_digit(text, *at)) {
        (*at)++;
    }
    struct str name = str_slice(text, unit_start, *at);
    if (name.len == 0) {
        return DURATION_ERROR_NO_UNIT;
    }
    for (size_t i = 0; i < unit_count; i++) {
        if (str_eq(units[i].name, name)) {
            int64_t value = 0;
            int64_t part =
                (int64_t)((__extension__(__int128) fraction) * units[i].nanoseconds / scale);
            bool over = __builtin_mul_overflow(whole, units[i].nanoseconds, &value) ||
                        __builtin_add_overflow(value, part, &value) ||
                        __builtin_add_overflow(*total, value, total);
            return over ? DURATION_ERROR_RANGE : DURATION_ERROR_NONE;
        }
    }
    return DURATION_ERROR_UNIT;
}

static enum duration_error parse(struct str text, size_t unit_count, int64_t *out)
{
    size_t at = 0;
    bool negative = text.len > 0 && text.ptr[0] == '-';
    if (text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+')) {
        at = 1;
    }
    if (str_eq(str_slice(text, at, text.len), STR("0"))) {
        *out = 0;
        return DURATION_ERROR_NONE;
    }
    if (at == text.len) {
        return DURATION_ERROR_INVALID;
    }
    int64_t total = 0;
    while (at < text.len) {
        enum duration_error error = parse_part(text, &at, unit_count, &total);
        if (error != DURATION_ERROR_NONE) {
            return error;
        }
    }
    *out = negative ? -total : total;
    return DURATION_ERROR_NONE;
}

enum duration_error duration_parse(struct str text, int64_t *out)
{
    return parse(text, GO_UNITS, out);
}

enum duration_error duration_parse_days(struct str text, int64_t *out)
{
    return parse(text, ALL_UNITS, out);
}
