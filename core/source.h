/* SPDX-License-Identifier: Apache-2.0
 *
 * source.h - the texts that spans point into: policies and judged files alike.
 *
 * Owns names, texts (copied or borrowed) and lazily built line indexes. LF, CRLF and a lone CR end
 * a line. Offsets are bytes from the start of the text; texts are below 4 GiB. No meaning of the
 * text is known here.
 * Thread rule: one thread at a time (the line index is built on demand).
 */
#ifndef CORE_SOURCE_H
#define CORE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"

typedef uint32_t source_id;
#define SOURCE_NONE UINT32_MAX

/* Half-open byte range of one source. */
struct span {
    source_id source;
    uint32_t start;
    uint32_t end;
};

struct source_position {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in code points; an invalid byte counts as one */
};

struct source {
    struct str name; /* as shown to people, never resolved */
    struct str text;
    uint32_t *line_starts; /* NULL until a position was asked for */
    uint32_t line_count;
    uint32_t near_offset; /* a place whose column is known: searches further on resume there */
    uint32_t near_column; /* 0: none yet */
};

struct source_set {
    struct arena arena;
    struct source *items;
    size_t count;
    size_t capacity;
};

/* Prepares an empty set; allocates nothing. */
void source_set_init(struct source_set *set, const plim_allocator *allocator);

/* Frees everything. Safe on a zeroed struct and twice. */
void source_set_release(struct source_set *set);

/* Forgets all sources but keeps memory for reuse; ids start from 0 again. */
void source_set_clear(struct source_set *set);

/* OK, or NOMEM when a text or a line index could not be allocated: positions reported since then
 * may read 1:1. */
plim_status source_set_status(const struct source_set *set);

/* Adds a text and returns its id in `*out`. Name and text are copied; LIMIT from 4 GiB up. */
plim_status source_add(struct source_set *set, source_id *out, struct str name,
                       struct str text) PLIM_MUST_CHECK;

/* Like source_add, but the text is borrowed and must outlive the set. The name is copied. */
plim_status source_add_view(struct source_set *set, source_id *out, struct str name,
                            struct str text) PLIM_MUST_CHECK;

/* The source with this id, or NULL. Valid until the next add. */
const struct source *source_get(const struct source_set *set, source_id id);

/* Line and column of an offset (clamped to the text); {1,1} for an unknown source or when the
 * line index cannot be allocated. */
struct source_position source_locate(struct source_set *set, source_id id, uint32_t offset);

/* Line of an offset alone: cheap where source_locate would count the columns of a long line. */
uint32_t source_line_number(struct source_set *set, source_id id, uint32_t offset);

/* Bytes of line `line` without its line end; empty when there is no such line. `*start` (may be
 * NULL) receives the offset of its first byte. */
struct str source_line(struct source_set *set, source_id id, uint32_t line, uint32_t *start);

#endif
