/* SPDX-License-Identifier: Apache-2.0
 *
 * buf.h - growable bytes with a mandatory maximum and a sticky failure.
 *
 * A writer appends freely and is checked once: after the first failure appends do nothing and
 * buf_status() says why (NOMEM or LIMIT). The content is always NUL-terminated for convenience but
 * may hold NUL bytes. Formatting is bounded; no other file formats into raw memory.
 * Thread rule: one thread at a time. The owner calls buf_release.
 */
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/str.h"

struct buf {
    const plim_allocator *allocator;
    char *data;
    size_t len;
    size_t capacity;
    size_t max;
    plim_status status;
};

/* Prepares an empty buffer; allocates nothing. `max` is the most bytes it may ever hold. */
void buf_init(struct buf *buf, const plim_allocator *allocator, size_t max);

/* Frees the content. Safe on a zeroed struct and twice. */
void buf_release(struct buf *buf);

/* Empties, keeps the memory, clears a sticky failure. */
void buf_clear(struct buf *buf);

/* Append bytes, a C string, one byte, one byte several times, or a number in decimal. */
void buf_append(struct buf *buf, struct str text);
void buf_append_cstr(struct buf *buf, const char *text);
void buf_append_char(struct buf *buf, char c);
void buf_append_repeated(struct buf *buf, char c, size_t count);
void buf_append_u64(struct buf *buf, uint64_t value);
void buf_append_i64(struct buf *buf, int64_t value);

/* UTF-8 form of a code point; values that are no scalar value become U+FFFD. */
void buf_append_utf8(struct buf *buf, uint32_t code_point);

/* printf; only for formats that are literals. */
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Same with a va_list, which is consumed. */
void buf_vprintf(struct buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Room for `more` bytes behind the content, to be filled by the caller (a read, for example) and
 * confirmed with buf_commit; NULL after a failure. Valid until the next call on the buffer. */
char *buf_reserve(struct buf *buf, size_t more) PLIM_MUST_CHECK;

/* Takes the first `added` bytes of the room last reserved into the content. */
void buf_commit(struct buf *buf, size_t added);

/* The content; valid until the next append, clear or release. */
struct str buf_view(const struct buf *buf);

/* OK, or the first failure. */
plim_status buf_status(const struct buf *buf);

#endif
