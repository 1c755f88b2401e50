/* SPDX-License-Identifier: Apache-2.0
 *
 * buf.c - see buf.h. Growth doubles, capped by the buffer's maximum.
 */
#include "core/buf.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"

void buf_init(struct buf *buf, const plim_allocator *allocator, size_t max)
{
    *buf = (struct buf){.allocator = alloc_or_default(allocator), .max = max};
}

void buf_release(struct buf *buf)
{
    if (buf->allocator != NULL) {
        alloc_free(buf->allocator, buf->data, buf->capacity);
    }
    buf->data = NULL;
    buf->len = 0;
    buf->capacity = 0;
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->status = PLIM_STATUS_OK;
    if (buf->data != NULL) {
        buf->data[0] = '\0';
    }
}

/* Room for `more` bytes and the NUL behind them. */
static bool reserve(struct buf *buf, size_t more)
{
    if (buf->status != PLIM_STATUS_OK) {
        return false;
    }
    if (more > buf->max - buf->len) {
        buf->status = PLIM_STATUS_LIMIT;
        return false;
    }
    if (more < buf->capacity - buf->len) {
        return true;
    }
    size_t capacity = buf->capacity;
    void *data = buf->data;
    if (!alloc_grow(buf->allocator, &data, &capacity, buf->len + more + 1, 1)) {
        buf->status = PLIM_STATUS_NOMEM;
        return false;
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

void buf_append(struct buf *buf, struct str text)
{
    if (!reserve(buf, text.len)) {
        return;
    }
    if (text.len > 0) {
        memcpy(buf->data + buf->len, text.ptr, text.len);
    }
    buf->len += text.len;
    buf->data[buf->len] = '\0';
}

void buf_append_cstr(struct buf *buf, const char *text)
{
    buf_append(buf, str_from_cstr(text));
}

void buf_append_char(struct buf *buf, char c)
{
    if (reserve(buf, 1)) {
        buf->data[buf->len] = c;
        buf->len++;
        buf->data[buf->len] = '\0';
    }
}

void buf_append_repeated(struct buf *buf, char c, size_t count)
{
    if (reserve(buf, count)) {
        memset(buf->data + buf->len, c, count);
        buf->len += count;
        buf->data[buf->len] = '\0';
    }
}

void buf_append_u64(struct buf *buf, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    buf_append(buf, str_make(digits + at, sizeof digits - at));
}

void buf_append_i64(struct buf *buf, int64_t value)
{
    if (value < 0) {
        buf_append_char(buf, '-');
        buf_append_u64(buf, (uint64_t) - (value + 1) + 1);
        return;
    }
    buf_append_u64(buf, (uint64_t)value);
}

void buf_append_utf8(struct buf *buf, uint32_t code_point)
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        code_point = 0xFFFD;
    }
    char bytes[4];
    size_t count = 0;
    if (code_point < 0x80) {
        bytes[count++] = (char)code_point;
    } else if (code_point < 0x800) {
        bytes[count++] = (char)(0xC0 | code_point >> 6);
        bytes[count++] = (char)(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        bytes[count++] = (char)(0xE0 | code_point >> 12);
        bytes[count++] = (char)(0x80 | (code_point >> 6 & 0x3F));
        bytes[count++] = (char)(0x80 | (code_point & 0x3F));
    } else {
        bytes[count++] = (char)(0xF0 | code_point >> 18);
        bytes[count++] = (char)(0x80 | (code_point >> 12 & 0x3F));
        bytes[count++] = (char)(0x80 | (code_point >> 6 & 0x3F));
        bytes[count++] = (char)(0x80 | (code_point & 0x3F));
    }
    buf_append(buf, str_make(bytes, count));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}

void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
    va_list measured;
    va_copy(measured, args);
    int wanted = vsnprintf(NULL, 0, format, measured);
    va_end(measured);
    if (wanted >= 0 && reserve(buf, (size_t)wanted)) {
        buf->len += (size_t)vsnprintf(buf->data + buf->len, (size_t)wanted + 1, format, args);
    }
}

char *buf_reserve(struct buf *buf, size_t more)
{
    return reserve(buf, more) ? buf->data + buf->len : NULL;
}

void buf_commit(struct buf *buf, size_t added)
{
    buf->len += added;
    buf->data[buf->len] = '\0';
}

struct str buf_view(const struct buf *buf)
{
    return str_make(buf->data != NULL ? buf->data : "", buf->len);
}

plim_status buf_status(const struct buf *buf)
{
    return buf->status;
}
