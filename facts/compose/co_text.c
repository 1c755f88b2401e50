/* SPDX-License-Identifier: Apache-2.0
 *
 * co_text.c - see co_text.h.
 */
#include "facts/compose/co_text.h"

#include <string.h>

#include "core/buf.h"
#include "facts/tree/tree.h"

/* Appends at most CO_QUOTE_MAX bytes, whole characters only. */
static void append_cut(struct buf *out, struct str text)
{
    size_t end = text.len;
    if (end > CO_QUOTE_MAX) {
        end = CO_QUOTE_MAX;
        while (end > 0 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) {
            end--;
        }
    }
    for (size_t at = 0; at < end; at++) {
        if (text.ptr[at] == TREE_HOLE) {
            buf_append_cstr(out, "${...}");
        } else {
            buf_append_char(out, text.ptr[at]);
        }
    }
    if (end < text.len) {
        buf_append_cstr(out, "...");
    }
}

struct str co_quote(struct arena *arena, const char *before, struct str quoted, const char *after)
{
    struct buf text;
    buf_init(&text, arena->allocator, 4096);
    buf_append_cstr(&text, before);
    buf_append_char(&text, '"');
    append_cut(&text, quoted);
    buf_append_char(&text, '"');
    buf_append_cstr(&text, after);
    struct str out = STR("");
    if (buf_status(&text) == PLIM_STATUS_OK) {
        out = arena_copy_str(arena, buf_view(&text));
    } else if (arena->status == PLIM_STATUS_OK) {
        arena->status = buf_status(&text);
    }
    buf_release(&text);
    return out;
}

bool co_has_hole(struct str text)
{
    return text.len > 0 && memchr(text.ptr, TREE_HOLE, text.len) != NULL;
}

/* Offset of the text in what was written, or -1: plain at 0, quoted at 1. */
static ptrdiff_t verbatim_at(struct str raw, struct str text)
{
    if (text.len == 0) {
        return -1;
    }
    for (size_t at = 0; at < 2; at++) {
        if (raw.len >= at + text.len && memcmp(raw.ptr + at, text.ptr, text.len) == 0) {
            return (ptrdiff_t)at;
        }
    }
    return -1;
}

static struct span part_of(struct span span, size_t from, size_t to)
{
    size_t length = span.end - span.start;
    from = from < length ? from : length;
    to = to < length ? to : length;
    return (struct span){span.source, span.start + (uint32_t)from, span.start + (uint32_t)to};
}

struct span co_written_part(const struct co_written *written, struct str text, size_t from,
                            size_t to)
{
    ptrdiff_t at = verbatim_at(written->raw, text);
    return at < 0 ? written->span : part_of(written->span, (size_t)at + from, (size_t)at + to);
}

static size_t count_dollars(struct str text)
{
    size_t count = 0;
    for (size_t at = str_find_char(text, '$', 0); at < text.len;
         at = str_find_char(text, '$', at + 1)) {
        count++;
    }
    return count;
}

void co_dollars_init(struct co_dollars *dollars, const struct co_written *written, struct str text)
{
    *dollars = (struct co_dollars){
        .written = *written,
        .text = text,
        .counted = written->raw.len > 0 && count_dollars(written->raw) == count_dollars(text),
    };
}

struct span co_dollars_place(struct co_dollars *dollars, size_t from, size_t to)
{
    struct str raw = dollars->written.raw;
    struct str text = dollars->text;
    if (!dollars->counted) {
        return dollars->written.span;
    }
    size_t raw_at = str_find_char(raw, '$', dollars->raw_at);
    for (size_t at = str_find_char(text, '$', dollars->text_at); at < from;
         at = str_find_char(text, '$', at + 1)) {
        raw_at = str_find_char(raw, '$', raw_at + 1);
    }
    dollars->text_at = from;
    dollars->raw_at = raw_at;
    size_t length = 0;
    while (from + length < to && raw_at + length < raw.len &&
           raw.ptr[raw_at + length] == text.ptr[from + length]) {
        length++;
    }
    return part_of(dollars->written.span, raw_at, raw_at + length);
}
