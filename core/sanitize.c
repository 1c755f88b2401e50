/* SPDX-License-Identifier: Apache-2.0
 *
 * sanitize.c - see sanitize.h. Everything untrusted that reaches a terminal goes through
 * sanitize_next, so the rule of what is safe stands in one place. Thread rule: pure.
 */
#include "core/sanitize.h"

#include <stdint.h>
#include <string.h>

#include "core/utf8.h"

static const char hex_digits[] = "0123456789abcdef";

static void put(struct sanitize_cell *cell, char c)
{
    cell->bytes[cell->len++] = c;
    cell->width++;
}

/* \n, \r, \t or \x1b */
static void put_byte_escape(struct sanitize_cell *cell, unsigned char byte)
{
    put(cell, '\\');
    if (byte == '\n' || byte == '\r' || byte == '\t') {
        put(cell, byte == '\n' ? 'n' : byte == '\r' ? 'r' : 't');
        return;
    }
    put(cell, 'x');
    put(cell, hex_digits[byte >> 4]);
    put(cell, hex_digits[byte & 15]);
}

/* \u{202e} */
static void put_code_point_escape(struct sanitize_cell *cell, uint32_t code_point)
{
    put(cell, '\\');
    put(cell, 'u');
    put(cell, '{');
    unsigned shift = 20;
    while (shift > 4 && code_point >> shift == 0) {
        shift -= 4;
    }
    for (;; shift -= 4) {
        put(cell, hex_digits[code_point >> shift & 15]);
        if (shift == 0) {
            break;
        }
    }
    put(cell, '}');
}

struct sanitize_cell sanitize_next(struct str text, size_t *at, unsigned *combining)
{
    struct sanitize_cell cell = {.len = 0};
    size_t start = *at;
    uint32_t code_point = utf8_next(text, at);
    if (code_point >= 0x20 && code_point < 0x7F) {
        *combining = 0;
        put(&cell, (char)code_point);
        return cell;
    }
    if (code_point == UTF8_INVALID || code_point < 0x80) {
        *combining = 0;
        put_byte_escape(&cell, (unsigned char)text.ptr[start]);
        return cell;
    }
    if (utf8_is_control(code_point) || utf8_is_deceptive(code_point)) {
        *combining = 0;
        put_code_point_escape(&cell, code_point);
        return cell;
    }
    unsigned width = utf8_width(code_point);
    *combining = width == 0 ? *combining + 1 : 0;
    if (*combining > SANITIZE_MAX_COMBINING) {
        return cell;
    }
    for (size_t i = start; i < *at; i++) {
        cell.bytes[cell.len++] = text.ptr[i];
    }
    cell.width = width;
    return cell;
}

/* Whether eight bytes are all printable ASCII: each below 0x7F and not below 0x20. */
static bool all_plain(uint64_t bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t high = ones * 0x80;
    uint64_t not_small = (bytes | high) - ones * 0x20;
    return ((bytes | (bytes + ones) | ~not_small) & high) == 0;
}

size_t sanitize_plain_run(struct str text, size_t at)
{
    for (uint64_t bytes; at + sizeof bytes <= text.len; at += sizeof bytes) {
        memcpy(&bytes, text.ptr + at, sizeof bytes);
        if (!all_plain(bytes)) {
            break;
        }
    }
    while (at < text.len && text.ptr[at] >= 0x20 && text.ptr[at] < 0x7F) {
        at++;
    }
    return at;
}

/* Whether `text` fits into `max` columns; reads no more than it must. */
static bool fits(struct str text, size_t max)
{
    size_t columns = 0;
    unsigned combining = 0;
    for (size_t at = 0; at < text.len && columns <= max;) {
        size_t end = sanitize_plain_run(str_slice(text, 0, at + max - columns + 1), at);
        columns += end - at;
        if (end > at) {
            at = end;
            combining = 0;
        } else {
            columns += sanitize_next(text, &at, &combining).width;
        }
    }
    return columns <= max;
}

void sanitize_append(struct buf *out, struct str text, size_t max_columns)
{
    const struct str dots = STR("...");
    if ((max_columns == 0 || text.len <= max_columns) && sanitize_plain_run(text, 0) == text.len) {
        buf_append(out, text); /* as most texts are */
        return;
    }
    bool cut = max_columns > 0 && !fits(text, max_columns);
    size_t room = cut ? (max_columns > dots.len ? max_columns - dots.len : 0) : SIZE_MAX;
    unsigned combining = 0;
    for (size_t at = 0; at < text.len;) {
        size_t end = sanitize_plain_run(text, at);
        if (end > at) {
            size_t taken = end - at < room ? end - at : room;
            buf_append(out, str_slice(text, at, at + taken));
            room -= taken;
            combining = 0;
            if (taken < end - at) {
                break;
            }
            at = end;
            continue;
        }
        struct sanitize_cell cell = sanitize_next(text, &at, &combining);
        if (cell.width > room) {
            break;
        }
        room -= cell.width;
        buf_append(out, str_make(cell.bytes, cell.len));
    }
    if (cut) {
        buf_append(out, dots);
    }
}

void sanitize_append_line_start(struct buf *out, struct str text, size_t max_columns)
{
    /* Runners skip leading blanks before they look for a command. */
    struct str word = str_trim(text);
    if (str_starts_with(word, STR("::")) || str_starts_with(word, STR("##"))) {
        buf_append_char(out, '\\');
        max_columns = max_columns > 1 ? max_columns - 1 : max_columns;
    }
    sanitize_append(out, text, max_columns);
}
