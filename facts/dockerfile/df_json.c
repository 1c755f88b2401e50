/* SPDX-License-Identifier: Apache-2.0
 *
 * df_json.c - a strict JSON recogniser without recursion: one bit per open bracket says whether it
 * is an object. See df_json.h for why it exists.
 */
#include "facts/dockerfile/df_json.h"

#include <stdint.h>
#include <string.h>

struct scanner {
    struct str text;
    size_t at;
    size_t depth;
    unsigned char objects[DF_JSON_MAX_DEPTH / 8 + 1]; /* bit d: level d is an object */
};

static void skip_blanks(struct scanner *scanner)
{
    while (scanner->at < scanner->text.len) {
        char c = scanner->text.ptr[scanner->at];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            return;
        }
        scanner->at++;
    }
}

/* The next byte, or NUL at the end (a NUL in the text is no JSON either). */
static char peek(const struct scanner *scanner)
{
    return scanner->at < scanner->text.len ? scanner->text.ptr[scanner->at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Scans behind a backslash. */
static bool scan_escape(struct scanner *scanner)
{
    char c = peek(scanner);
    scanner->at++;
    if (c != 'u') {
        return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
    }
    for (int i = 0; i < 4; i++, scanner->at++) {
        if (!is_hex(peek(scanner))) {
            return false;
        }
    }
    return true;
}

/* Scans a string whose opening quote is next. */
static bool scan_string(struct scanner *scanner, struct str *raw, bool *escaped)
{
    size_t from = ++scanner->at;
    *escaped = false;
    while (scanner->at < scanner->text.len) {
        unsigned char c = (unsigned char)scanner->text.ptr[scanner->at++];
        if (c == '"') {
            *raw = str_slice(scanner->text, from, scanner->at - 1);
            return true;
        }
        if (c < 0x20) {
            return false;
        }
        if (c == '\\') {
            *escaped = true;
            if (!scan_escape(scanner)) {
                return false;
            }
        }
    }
    return false;
}

static bool scan_digits(struct scanner *scanner)
{
    size_t from = scanner->at;
    while (is_digit(peek(scanner))) {
        scanner->at++;
    }
    return scanner->at > from;
}

static bool scan_number(struct scanner *scanner)
{
    if (peek(scanner) == '-') {
        scanner->at++;
    }
    if (peek(scanner) == '0') {
        scanner->at++;
    } else if (!scan_digits(scanner)) {
        return false;
    }
    if (peek(scanner) == '.') {
        scanner->at++;
        if (!scan_digits(scanner)) {
            return false;
        }
    }
    if (peek(scanner) == 'e' || peek(scanner) == 'E') {
        scanner->at++;
        if (peek(scanner) == '+' || peek(scanner) == '-') {
            scanner->at++;
        }
        return scan_digits(scanner);
    }
    return true;
}

static bool scan_literal(struct scanner *scanner)
{
    static const struct str literals[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    struct str rest = str_slice(scanner->text, scanner->at, scanner->text.len);
    for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++) {
        if (str_starts_with(rest, literals[i])) {
            scanner->at += literals[i].len;
            return true;
        }
    }
    return scan_number(scanner);
}

static bool in_object(const struct scanner *scanner)
{
    return (scanner->objects[scanner->depth / 8] >> (scanner->depth % 8) & 1) != 0;
}

static bool open_level(struct scanner *scanner, bool object)
{
    if (scanner->depth == DF_JSON_MAX_DEPTH) {
        return false;
    }
    scanner->depth++;
    unsigned char bit = (unsigned char)(1U << (scanner->depth % 8));
    unsigned char *byte = &scanner->objects[scanner->depth / 8];
    *byte = (unsigned char)(object ? *byte | bit : *byte & ~bit);
    scanner->at++;
    return true;
}

/* Scans `"key" :` when inside an object. */
static bool scan_key(struct scanner *scanner)
{
    struct str raw;
    bool escaped = false;
    if (!in_object(scanner)) {
        return true;
    }
    if (peek(scanner) != '"' || !scan_string(scanner, &raw, &escaped)) {
        return false;
    }
    skip_blanks(scanner);
    if (peek(scanner) != ':') {
        return false;
    }
    scanner->at++;
    skip_blanks(scanner);
    return true;
}

enum item { ITEM_BAD, ITEM_DONE, ITEM_OPENED };

/* Scans one element: a scalar completely, of a container only its bracket. */
static enum item scan_item(struct scanner *scanner, bool *mixed, df_json_string_fn *emit,
                           void *user)
{
    bool outer = scanner->depth == 1;
    if (!scan_key(scanner)) {
        return ITEM_BAD;
    }
    char c = peek(scanner);
    if (c == '"') {
        struct str raw = STR("");
        bool escaped = false;
        if (!scan_string(scanner, &raw, &escaped)) {
            return ITEM_BAD;
        }
        if (outer) {
            emit(user, raw, escaped);
        }
        return ITEM_DONE;
    }
    *mixed = *mixed || outer;
    if (c == '[' || c == '{') {
        return open_level(scanner, c == '{') ? ITEM_OPENED : ITEM_BAD;
    }
    return scan_literal(scanner) ? ITEM_DONE : ITEM_BAD;
}

enum df_json_kind df_json_scan(struct str text, df_json_string_fn *emit, void *user)
{
    struct scanner scanner = {.text = text};
    bool mixed = false;
    if (peek(&scanner) != '[' || !open_level(&scanner, false)) {
        return DF_JSON_NONE;
    }
    enum { FIRST, NEXT, AFTER } expect = FIRST;
    while (scanner.depth > 0) {
        skip_blanks(&scanner);
        char close = in_object(&scanner) ? '}' : ']';
        if (expect != NEXT && peek(&scanner) == close) {
            scanner.at++;
            scanner.depth--;
            expect = AFTER;
        } else if (expect == AFTER) {
            if (peek(&scanner) != ',') {
                return DF_JSON_NONE;
            }
            scanner.at++;
            expect = NEXT;
        } else {
            enum item item = scan_item(&scanner, &mixed, emit, user);
            if (item == ITEM_BAD) {
                return DF_JSON_NONE;
            }
            expect = item == ITEM_OPENED ? FIRST : AFTER;
        }
    }
    skip_blanks(&scanner);
    if (scanner.at != text.len) {
        return DF_JSON_NONE;
    }
    return mixed ? DF_JSON_MIXED : DF_JSON_STRINGS;
}

static uint32_t hex_value(struct str raw, size_t at)
{
    uint32_t value = 0;
    for (size_t i = at; i < at + 4 && i < raw.len; i++) {
        char c = raw.ptr[i];
        unsigned digit =
            is_digit(c) ? (unsigned)(c - '0') : (unsigned)(str_lower_char(c) - 'a') + 10;
        value = value << 4 | digit;
    }
    return value;
}

/* Decodes \uXXXX (a surrogate pair as one) whose digits start at `*at`, as Go does: a surrogate
 * without its partner becomes U+FFFD and the partner is read on its own. */
static uint32_t decode_unicode(struct str raw, size_t *at)
{
    uint32_t code = hex_value(raw, *at);
    *at += 4;
    if (code < 0xD800 || code > 0xDFFF) {
        return code;
    }
    if (code < 0xDC00 && *at + 6 <= raw.len && raw.ptr[*at] == '\\' && raw.ptr[*at + 1] == 'u') {
        uint32_t low = hex_value(raw, *at + 2);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *at += 6;
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    return 0xFFFD;
}

/* UTF-8 of a scalar value; at most three bytes for six of input, four for twelve, so a decoded
 * string is never longer than its raw form. */
static size_t put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

static char unescape_char(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

struct str df_json_decode(struct arena *arena, struct str raw)
{
    char *out = arena_alloc(arena, raw.len + 1);
    if (out == NULL) {
        return STR("");
    }
    size_t length = 0;
    for (size_t at = 0; at < raw.len;) {
        char c = raw.ptr[at++];
        if (c != '\\' || at == raw.len) {
            out[length++] = c;
        } else if (raw.ptr[at] == 'u') {
            at++;
            length += put_utf8(out + length, decode_unicode(raw, &at));
        } else {
            out[length++] = unescape_char(raw.ptr[at++]);
        }
    }
    return str_make(out, length);
}
