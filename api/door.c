/* SPDX-License-Identifier: Apache-2.0
 *
 * door.c - what every public function does with its arguments, and texts for the caller.
 */
#include "api/api.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "core/sanitize.h"

plim_status door_options(void *copy, size_t known, const void *given)
{
    if (given == NULL) {
        return PLIM_STATUS_OK;
    }
    size_t size;
    memcpy(&size, given, sizeof size);
    if (size < sizeof size || size > known + 4096) {
        return PLIM_STATUS_USAGE;
    }
    const unsigned char *bytes = given;
    for (size_t i = known; i < size; i++) {
        if (bytes[i] != 0) {
            return PLIM_STATUS_USAGE;
        }
    }
    memcpy(copy, given, size < known ? size : known);
    return PLIM_STATUS_OK;
}

void door_fill(void *out, const void *value, size_t known)
{
    size_t size;
    memcpy(&size, out, sizeof size);
    if (size < sizeof size) {
        return;
    }
    memcpy((char *)out + sizeof size, (const char *)value + sizeof size,
           (size < known ? size : known) - sizeof size);
}

plim_status door_fail(plim_error *error, plim_status status, const char *format, ...)
{
    if (error == NULL) {
        return status;
    }
    char raw[DIAG_MAX_TEXT];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    size_t length = written < 0 ? 0 : (size_t)written;
    struct str text = str_make(raw, length < sizeof raw ? length : sizeof raw - 1);
    size_t size = 0;
    size_t at = 0;
    unsigned combining = 0;
    while (at < text.len) {
        struct sanitize_cell cell = sanitize_next(text, &at, &combining);
        if (size + cell.len >= sizeof error->message) {
            break;
        }
        memcpy(error->message + size, cell.bytes, cell.len);
        size += cell.len;
    }
    error->status = status;
    error->message[size] = '\0';
    return status;
}

void door_append_safe(struct buf *out, struct str lines)
{
    for (size_t at = 0; at < lines.len;) {
        size_t end = at;
        while (end < lines.len && lines.ptr[end] != '\n' && lines.ptr[end] != '\t') {
            end++;
        }
        bool starts = at == 0 || lines.ptr[at - 1] == '\n';
        struct str part = str_slice(lines, at, end);
        if (starts) {
            sanitize_append_line_start(out, part, 0);
        } else {
            sanitize_append(out, part, 0);
        }
        if (end < lines.len) {
            buf_append_char(out, lines.ptr[end]);
        }
        at = end + 1;
    }
}

plim_status door_status(plim_error *error, plim_status status)
{
    return status == PLIM_STATUS_OK ? status
                                    : door_fail(error, status, "%s", plim_status_text(status));
}

plim_status door_take(plim_text *out, struct buf *buf)
{
    plim_status status = buf_status(buf);
    char *data = NULL;
    if (status == PLIM_STATUS_OK) {
        data = alloc_resize(buf->allocator, buf->data, buf->capacity, buf->len + 1);
        status = data != NULL ? PLIM_STATUS_OK : PLIM_STATUS_NOMEM;
    }
    if (status != PLIM_STATUS_OK) {
        buf_release(buf);
        return status;
    }
    data[buf->len] = '\0';
    plim_text_release(out);
    *out = (plim_text){.data = data, .size = buf->len, .allocator = buf->allocator};
    *buf = (struct buf){0};
    return PLIM_STATUS_OK;
}

void plim_text_release(plim_text *text)
{
    if (text != NULL) {
        if (text->data != NULL) {
            alloc_free(alloc_or_default(text->allocator), text->data, text->size + 1);
        }
        *text = (plim_text)PLIM_TEXT_INIT;
    }
}

plim_status plim_text_set(plim_text *text, const char *data, size_t size)
{
    if (text == NULL || (data == NULL && size > 0)) {
        return PLIM_STATUS_USAGE;
    }
    struct buf buf;
    buf_init(&buf, alloc_or_default(text->allocator), API_MAX_TEXT);
    buf_append(&buf, str_make(data, size));
    return door_take(text, &buf);
}

plim_status plim_text_safe(plim_text *text, const char *data, size_t size)
{
    if (text == NULL || (data == NULL && size > 0)) {
        return PLIM_STATUS_USAGE;
    }
    struct buf buf;
    buf_init(&buf, alloc_or_default(text->allocator), API_MAX_TEXT);
    sanitize_append_line_start(&buf, str_make(data, size), 0);
    return door_take(text, &buf);
}

const char *plim_version(void)
{
    return PLIM_VERSION;
}

const char *severity_name(plim_severity severity)
{
    static const char *const names[PLIM_SEVERITY_COUNT] = {"info", "low", "medium", "high",
                                                           "critical"};
    size_t index = (size_t)severity;
    return index < PLIM_SEVERITY_COUNT ? names[index] : "unknown";
}
