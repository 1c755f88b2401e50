/* SPDX-License-Identifier: Apache-2.0
 *
 * source.c - see source.h. A line index is two passes over the text (count, then fill), made when
 * the first position of that source is asked for; most inputs have no finding and never need one.
 * Texts, names and indexes live in the set's arena; the item array is grown apart from it because
 * it moves. Thread rule: one thread at a time.
 */
#include "core/source.h"

#include "core/alloc.h"
#include "core/utf8.h"

#include <string.h>

/* Places asked for one after another are this near to each other, mostly. */
enum { NEAR_LAG = 4096 };

void source_set_init(struct source_set *set, const plim_allocator *allocator)
{
    *set = (struct source_set){.count = 0};
    arena_init(&set->arena, allocator, 0);
}

void source_set_release(struct source_set *set)
{
    if (set->items != NULL) {
        alloc_free(set->arena.allocator, set->items, set->capacity * sizeof *set->items);
    }
    set->items = NULL;
    set->count = 0;
    set->capacity = 0;
    arena_release(&set->arena);
}

void source_set_clear(struct source_set *set)
{
    set->count = 0;
    arena_clear(&set->arena);
}

plim_status source_set_status(const struct source_set *set)
{
    return arena_status(&set->arena);
}

plim_status source_add_view(struct source_set *set, source_id *out, struct str name,
                            struct str text)
{
    if (text.len >= UINT32_MAX || set->count >= SOURCE_NONE) {
        return PLIM_STATUS_LIMIT;
    }
    void *items = set->items;
    if (!alloc_grow(set->arena.allocator, &items, &set->capacity, set->count + 1,
                    sizeof *set->items)) {
        return PLIM_STATUS_NOMEM;
    }
    set->items = items;
    struct str name_copy = arena_copy_str(&set->arena, name);
    if (arena_status(&set->arena) != PLIM_STATUS_OK) {
        return arena_status(&set->arena);
    }
    set->items[set->count] = (struct source){.name = name_copy, .text = text};
    *out = (source_id)set->count++;
    return PLIM_STATUS_OK;
}

plim_status source_add(struct source_set *set, source_id *out, struct str name, struct str text)
{
    if (text.len >= UINT32_MAX) {
        return PLIM_STATUS_LIMIT;
    }
    struct str copy = arena_copy_str(&set->arena, text);
    if (arena_status(&set->arena) != PLIM_STATUS_OK) {
        return arena_status(&set->arena);
    }
    return source_add_view(set, out, name, copy);
}

const struct source *source_get(const struct source_set *set, source_id id)
{
    return id < set->count ? &set->items[id] : NULL;
}

/* Offset behind the line end at `at`, or `at` itself when there is none. */
static size_t skip_line_end(struct str text, size_t at)
{
    if (text.ptr[at] == '\n') {
        return at + 1;
    }
    if (text.ptr[at] == '\r') {
        return at + 1 < text.len && text.ptr[at + 1] == '\n' ? at + 2 : at + 1;
    }
    return at;
}

/* As scan_lines, for a text without carriage returns, which most are. */
static uint32_t scan_plain_lines(struct str text, uint32_t *starts)
{
    uint32_t count = 1;
    const char *at = text.ptr;
    const char *end = text.ptr + text.len;
    const char *found;
    if (starts != NULL) {
        starts[0] = 0;
    }
    while (at < end && (found = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at = found + 1;
        if (starts != NULL) {
            starts[count] = (uint32_t)(at - text.ptr);
        }
        count++;
    }
    return count;
}

/* Counts lines; stores their starts when `starts` is given. */
static uint32_t scan_lines(struct str text, uint32_t *starts)
{
    if (text.len == 0 || memchr(text.ptr, '\r', text.len) == NULL) {
        return scan_plain_lines(text, starts);
    }
    uint32_t count = 0;
    if (starts != NULL) {
        starts[0] = 0;
    }
    count++;
    size_t at = 0;
    while (at < text.len) {
        size_t next = skip_line_end(text, at);
        if (next == at) {
            at++;
            continue;
        }
        at = next;
        if (starts != NULL) {
            starts[count] = (uint32_t)at;
        }
        count++;
    }
    return count;
}

/* The source with its line index built, or NULL. */
static struct source *indexed_source(struct source_set *set, source_id id)
{
    if (id >= set->count) {
        return NULL;
    }
    struct source *source = &set->items[id];
    if (source->line_starts == NULL) {
        uint32_t count = scan_lines(source->text, NULL);
        uint32_t *starts = ARENA_ARRAY(&set->arena, uint32_t, count);
        if (starts == NULL) {
            return NULL;
        }
        scan_lines(source->text, starts);
        source->line_starts = starts;
        source->line_count = count;
    }
    return source;
}

/* Index of the last line that starts at or before `offset`. */
static uint32_t find_line(const struct source *source, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Column of `offset` in the line that starts at `line_start`. Resumes from a remembered position of
 * the same line that lies NEAR_LAG before the last answer, so that a run of roughly sorted places
 * on one very long line is not quadratic. */
static uint32_t count_column(struct source *source, uint32_t line_start, uint32_t offset)
{
    size_t at = line_start;
    uint32_t column = 1;
    if (source->near_column > 0 && source->near_offset >= line_start &&
        source->near_offset <= offset) {
        at = source->near_offset;
        column = source->near_column;
    }
    while (at < offset) {
        size_t next = at + 1;
        if ((unsigned char)source->text.ptr[at] >= 0x80) {
            next = at;
            utf8_next(source->text, &next);
        }
        if (next > offset) {
            break; /* the offset is inside a character: its column is the character's */
        }
        at = next;
        column++;
        if (offset - at >= NEAR_LAG) {
            source->near_offset = (uint32_t)at;
            source->near_column = column;
        }
    }
    return column;
}

struct source_position source_locate(struct source_set *set, source_id id, uint32_t offset)
{
    struct source *source = indexed_source(set, id);
    if (source == NULL) {
        return (struct source_position){.line = 1, .column = 1};
    }
    if (offset > source->text.len) {
        offset = (uint32_t)source->text.len;
    }
    uint32_t line = find_line(source, offset);
    uint32_t column = count_column(source, source->line_starts[line], offset);
    return (struct source_position){.line = line + 1, .column = column};
}

uint32_t source_line_number(struct source_set *set, source_id id, uint32_t offset)
{
    const struct source *source = indexed_source(set, id);
    return source != NULL ? find_line(source, offset) + 1 : 1;
}

struct str source_line(struct source_set *set, source_id id, uint32_t line, uint32_t *start)
{
    struct source *source = indexed_source(set, id);
    if (source == NULL || line == 0 || line > source->line_count) {
        return STR("");
    }
    size_t from = source->line_starts[line - 1];
    size_t to = line < source->line_count ? source->line_starts[line] : source->text.len;
    if (line < source->line_count) {
        to--;
        if (to > from && source->text.ptr[to] == '\n' && source->text.ptr[to - 1] == '\r') {
            to--;
        }
    }
    if (start != NULL) {
        *start = (uint32_t)from;
    }
    return str_slice(source->text, from, to);
}
