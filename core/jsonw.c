/* SPDX-License-Identifier: Apache-2.0
 *
 * jsonw.c - see jsonw.h. Misuse (unbalanced ends, nesting beyond the cap) makes the buffer fail
 * with INTERNAL, so a broken report is never taken for a whole one. Thread rule: one thread at a
 * time.
 */
#include "core/jsonw.h"

#include "core/utf8.h"

void jsonw_init(struct jsonw *writer, struct buf *out, bool pretty)
{
    *writer = (struct jsonw){.out = out, .pretty = pretty};
}

static void new_line(struct jsonw *writer)
{
    buf_append_char(writer->out, '\n');
    buf_append_repeated(writer->out, ' ', 2 * writer->depth);
}

/* Comma and line break before a value or key, as its place demands. */
static void begin_item(struct jsonw *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->depth == 0) {
        return;
    }
    if (writer->has_items[writer->depth - 1]) {
        buf_append_char(writer->out, ',');
    }
    writer->has_items[writer->depth - 1] = true;
    if (writer->pretty) {
        new_line(writer);
    }
}

static void fail_internal(struct jsonw *writer)
{
    if (writer->out->status == PLIM_STATUS_OK) {
        writer->out->status = PLIM_STATUS_INTERNAL;
    }
}

static void begin_nested(struct jsonw *writer, char open)
{
    begin_item(writer);
    if (writer->depth >= JSONW_MAX_DEPTH) {
        fail_internal(writer);
        return;
    }
    buf_append_char(writer->out, open);
    writer->has_items[writer->depth++] = false;
}

static void end_nested(struct jsonw *writer, char close)
{
    if (writer->depth == 0 || writer->after_key) {
        fail_internal(writer);
        return;
    }
    writer->depth--;
    if (writer->pretty && writer->has_items[writer->depth]) {
        new_line(writer);
    }
    buf_append_char(writer->out, close);
}

void jsonw_object_begin(struct jsonw *writer)
{
    begin_nested(writer, '{');
}

void jsonw_object_end(struct jsonw *writer)
{
    end_nested(writer, '}');
}

void jsonw_array_begin(struct jsonw *writer)
{
    begin_nested(writer, '[');
}

void jsonw_array_end(struct jsonw *writer)
{
    end_nested(writer, ']');
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

/* \u and four digits. */
static void write_unit(struct buf *out, uint32_t unit)
{
    static const char hex_digits[] = "0123456789abcdef";
    const char escape[6] = {'\\',
                            'u',
                            hex_digits[unit >> 12 & 15],
                            hex_digits[unit >> 8 & 15],
                            hex_digits[unit >> 4 & 15],
                            hex_digits[unit & 15]};
    buf_append(out, str_make(escape, sizeof escape));
}

static void write_escape(struct buf *out, uint32_t code_point)
{
    switch (code_point) {
    case '"':
        buf_append(out, STR("\\\""));
        return;
    case '\\':
        buf_append(out, STR("\\\\"));
        return;
    case '\n':
        buf_append(out, STR("\\n"));
        return;
    case '\r':
        buf_append(out, STR("\\r"));
        return;
    case '\t':
        buf_append(out, STR("\\t"));
        return;
    default:
        if (code_point > 0xFFFF) { /* as a pair of surrogates */
            write_unit(out, 0xD7C0 + (code_point >> 10));
            code_point = 0xDC00 | (code_point & 0x3FF);
        }
        write_unit(out, code_point);
        return;
    }
}

/* The text in quotes. Control characters, also C1 and the line separators, are escaped so that the
 * report can be shown on a terminal and embedded in a script. */
static void write_quoted(struct buf *out, struct str text)
{
    buf_append_char(out, '"');
    size_t at = 0;
    while (at < text.len) {
        size_t run = at;
        while (run < text.len && is_plain((unsigned char)text.ptr[run])) {
            run++;
        }
        buf_append(out, str_slice(text, at, run));
        at = run;
        if (at == text.len) {
            break;
        }
        uint32_t code_point = utf8_next(text, &at);
        if (code_point == UTF8_INVALID) {
            buf_append_utf8(out, 0xFFFD);
        } else if (code_point < 0xA0 || utf8_is_deceptive(code_point)) {
            write_escape(out, code_point);
        } else {
            buf_append_utf8(out, code_point);
        }
    }
    buf_append_char(out, '"');
}

void jsonw_key_str(struct jsonw *writer, struct str key)
{
    if (writer->after_key) {
        fail_internal(writer);
        return;
    }
    begin_item(writer);
    write_quoted(writer->out, key);
    buf_append(writer->out, writer->pretty ? STR(": ") : STR(":"));
    writer->after_key = true;
}

void jsonw_key(struct jsonw *writer, const char *key)
{
    jsonw_key_str(writer, str_from_cstr(key));
}

void jsonw_number(struct jsonw *writer, struct str digits)
{
    begin_item(writer);
    buf_append(writer->out, digits);
}

void jsonw_string(struct jsonw *writer, struct str value)
{
    begin_item(writer);
    write_quoted(writer->out, value);
}

void jsonw_cstr(struct jsonw *writer, const char *value)
{
    jsonw_string(writer, str_from_cstr(value));
}

void jsonw_int(struct jsonw *writer, int64_t value)
{
    begin_item(writer);
    buf_append_i64(writer->out, value);
}

void jsonw_uint(struct jsonw *writer, uint64_t value)
{
    begin_item(writer);
    buf_append_u64(writer->out, value);
}

void jsonw_bool(struct jsonw *writer, bool value)
{
    begin_item(writer);
    buf_append(writer->out, value ? STR("true") : STR("false"));
}

void jsonw_null(struct jsonw *writer)
{
    begin_item(writer);
    buf_append(writer->out, STR("null"));
}
