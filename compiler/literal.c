/* SPDX-License-Identifier: Apache-2.0
 *
 * literal.c - see literal.h. Escapes: \n \t \r \\ \" and \u{X...} with one to six hexadecimal
 * digits of a Unicode scalar value. Everything is bounded by the token caps of the lexer.
 */
#include "compiler/literal.h"

struct unit {
    struct str name;
    enum literal_kind kind;
    int64_t factor;
};

#define SECOND INT64_C(1000000000)

/* Durations from the largest unit down: parts of one literal must descend. */
static const struct unit units[] = {
    {{"w", 1}, LITERAL_DURATION, 604800 * SECOND},
    {{"d", 1}, LITERAL_DURATION, 86400 * SECOND},
    {{"h", 1}, LITERAL_DURATION, 3600 * SECOND},
    {{"m", 1}, LITERAL_DURATION, 60 * SECOND},
    {{"s", 1}, LITERAL_DURATION, SECOND},
    {{"ms", 2}, LITERAL_DURATION, SECOND / 1000},
    {{"B", 1}, LITERAL_SIZE, 1},
    {{"kB", 2}, LITERAL_SIZE, 1000},
    {{"MB", 2}, LITERAL_SIZE, 1000000},
    {{"GB", 2}, LITERAL_SIZE, 1000000000},
    {{"TB", 2}, LITERAL_SIZE, INT64_C(1000000000000)},
    {{"KiB", 3}, LITERAL_SIZE, 1 << 10},
    {{"MiB", 3}, LITERAL_SIZE, 1 << 20},
    {{"GiB", 3}, LITERAL_SIZE, 1 << 30},
    {{"TiB", 3}, LITERAL_SIZE, INT64_C(1) << 40},
};

static const char too_large[] = "the number is too large";

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const struct unit *find_unit(struct str name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (str_eq(units[i].name, name)) {
            return &units[i];
        }
    }
    return NULL;
}

/* One `12d`: number and unit from `*at` on. */
static const char *read_part(struct str text, size_t *at, int64_t *number, const struct unit **unit)
{
    size_t from = *at;
    size_t to = from;
    while (to < text.len && is_digit(text.ptr[to])) {
        to++;
    }
    unsigned long long value = 0;
    if (!str_to_u64(str_slice(text, from, to), &value) || value > INT64_MAX) {
        return to == from ? "a unit must follow a number" : too_large;
    }
    size_t end = to;
    while (end < text.len && !is_digit(text.ptr[end])) {
        end++;
    }
    *number = (int64_t)value;
    *unit = NULL;
    if (end > to) {
        *unit = find_unit(str_slice(text, to, end));
        if (*unit == NULL) {
            return "no such unit: durations take w d h m s ms, sizes B kB MB GB TB KiB MiB GiB TiB";
        }
    }
    *at = end;
    return NULL;
}

const char *literal_number(struct str text, enum literal_kind *kind, int64_t *value)
{
    size_t at = 0;
    int64_t sum = 0;
    int64_t smallest = INT64_MAX;
    *kind = LITERAL_INT;
    do {
        int64_t number = 0;
        const struct unit *unit = NULL;
        const char *wrong = read_part(text, &at, &number, &unit);
        if (wrong != NULL) {
            return wrong;
        }
        bool first = smallest == INT64_MAX;
        if (unit == NULL) {
            if (!first) {
                return "a unit is missing";
            }
            *value = number;
            return NULL;
        }
        if (!first && (*kind != LITERAL_DURATION || unit->kind != LITERAL_DURATION)) {
            return "only durations have several parts";
        }
        if (unit->factor >= smallest) {
            return "the parts of a duration must go from larger to smaller units";
        }
        smallest = unit->factor;
        *kind = unit->kind;
        if (__builtin_mul_overflow(number, unit->factor, &number) ||
            __builtin_add_overflow(sum, number, &sum)) {
            return too_large;
        }
    } while (at < text.len);
    *value = sum;
    return NULL;
}

static int hex_value(char c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    char lower = str_lower_char(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Length of the escape at body.ptr[at] == '\\', and its code point; 0 when it is none. */
static size_t read_escape(struct str body, size_t at, uint32_t *code_point)
{
    static const char simple[] = "n\nt\tr\r\\\\\"\"";
    if (at + 1 >= body.len) {
        return 0;
    }
    char c = body.ptr[at + 1];
    for (size_t i = 0; i + 1 < sizeof simple; i += 2) {
        if (simple[i] == c) {
            *code_point = (unsigned char)simple[i + 1];
            return 2;
        }
    }
    if (c != 'u' || at + 2 >= body.len || body.ptr[at + 2] != '{') {
        return 0;
    }
    uint32_t value = 0;
    size_t digits = at + 3;
    size_t end = digits;
    while (end < body.len && end - digits < 6 && hex_value(body.ptr[end]) >= 0) {
        value = value * 16 + (uint32_t)hex_value(body.ptr[end]);
        end++;
    }
    bool scalar = value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
    if (end == digits || end >= body.len || body.ptr[end] != '}' || !scalar) {
        return 0;
    }
    *code_point = value;
    return end + 1 - at;
}

size_t literal_bad_escape(struct str body, size_t *length)
{
    size_t at = str_find_char(body, '\\', 0);
    while (at < body.len) {
        uint32_t code_point = 0;
        size_t covered = read_escape(body, at, &code_point);
        if (covered == 0) {
            *length = at + 1 < body.len ? 2 : 1;
            return at;
        }
        at = str_find_char(body, '\\', at + covered);
    }
    return body.len;
}

void literal_put_escape(struct buf *out, struct str body, size_t *at)
{
    uint32_t code_point = 0;
    size_t covered = read_escape(body, *at, &code_point);
    if (covered == 0) {
        covered = *at + 1 < body.len ? 2 : 1;
        buf_append(out, str_slice(body, *at, *at + covered));
    } else {
        buf_append_utf8(out, code_point);
    }
    *at += covered;
}

struct str literal_string(struct arena *arena, struct str body)
{
    size_t at = str_find_char(body, '\\', 0);
    if (at == body.len) {
        return body;
    }
    /* An escape is never shorter than what it stands for, so the body's length is enough. */
    struct buf out;
    buf_init(&out, arena->allocator, body.len);
    size_t done = 0;
    while (at < body.len) {
        buf_append(&out, str_slice(body, done, at));
        literal_put_escape(&out, body, &at);
        done = at;
        at = str_find_char(body, '\\', at);
    }
    buf_append(&out, str_slice(body, done, body.len));
    (void)arena_fail(arena, buf_status(&out));
    struct str text = arena_copy_str(arena, buf_view(&out));
    buf_release(&out);
    return text;
}

struct str literal_block(struct str body)
{
    size_t skip = str_starts_with(body, STR("\r\n")) ? 2 : str_starts_with(body, STR("\n")) ? 1 : 0;
    return str_slice(body, skip, body.len);
}

/* Length of the line that starts at `from`, line end included. */
static size_t line_length(struct str text, size_t from)
{
    size_t end = str_find_char(text, '\n', from);
    return (end < text.len ? end + 1 : end) - from;
}

static size_t indentation(struct str line)
{
    size_t at = 0;
    while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '\t')) {
        at++;
    }
    return at;
}

struct str literal_prose(struct arena *arena, struct str body)
{
    struct str text = str_trim(body);
    if (str_find_char(text, '\n', 0) == text.len) {
        return text;
    }
    size_t common = SIZE_MAX;
    size_t first = line_length(text, 0);
    for (size_t at = first; at < text.len; at += line_length(text, at)) {
        struct str line = str_slice(text, at, at + line_length(text, at));
        size_t blanks = indentation(line);
        if (str_trim(line).len > 0 && blanks < common) {
            common = blanks;
        }
    }
    char *copy = arena_alloc(arena, text.len + 1);
    if (copy == NULL) {
        return text;
    }
    size_t length = 0;
    for (size_t at = 0; at < text.len;) {
        struct str line = str_slice(text, at, at + line_length(text, at));
        size_t blanks = at == 0 ? 0 : indentation(line);
        size_t skip = blanks < common ? blanks : common;
        memcpy(copy + length, line.ptr + skip, line.len - skip);
        length += line.len - skip;
        at += line.len;
    }
    return str_make(copy, length);
}
