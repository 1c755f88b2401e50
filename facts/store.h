/* SPDX-License-Identifier: Apache-2.0
 *
 * store.h - the fact store: one table per kind, built once, then read by many.
 *
 * A row is a fixed run of cells. A cell has a value (64 bits), a state and a place; the three lie
 * together, since whoever reads or writes one mostly needs another. Rows of one kind lie one behind
 * the other, field by field within the row, because one row is read by many rules in turn; access
 * is `row * fields + field`, both known when a rule is compiled.
 *
 *     cells   [ row 0: f0 f1 f2 | row 1: f0 f1 f2 | ... ]   struct fact_cell, 16 bytes; loc 0 means
 *                                                           the row's own place
 *     row_loc [ row 0 | row 1 | ...                     ]   fact_loc
 *
 * Value by type: BOOL 0 or 1; INT, DURATION, SIZE, TIME int64_t; STR, VERSION an intern_id; ENUM a
 * member index; ROW a row number; a list packs (first << 32 | count) into the list pool; an UNKNOWN
 * cell holds the index of its cause.
 *
 * The store owns sources, strings, places and rows; facts_free frees all. Failures are sticky:
 * builders write on and check facts_status() once. Readers of inputs (facts/dockerfile, ...) fill
 * it; nothing here knows their formats. A long run fills, reads and clears the store again and
 * again (facts_clear): what was touched once is in the cache, and memory does not grow with the
 * run. Thread rule: one thread while it is built; after facts_freeze everything except `sources`
 * (lazy line index) is immutable and shareable.
 */
#ifndef FACTS_STORE_H
#define FACTS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/intern.h"
#include "core/source.h"
#include "core/str.h"
#include "facts/schema.h"

typedef uint32_t fact_row;
typedef uint32_t fact_loc;
typedef uint32_t fact_cause;

#define FACT_NO_ROW UINT32_MAX
enum { FACT_NO_LOC = 0 };

enum fact_state { FACT_ABSENT = 0, FACT_PRESENT = 1, FACT_UNKNOWN = 2 };

struct fact_cell {
    uint64_t value;
    fact_loc loc; /* never FACT_NO_LOC when it comes from facts_get and the row has a place */
    enum fact_state state;
};

struct fact_table {
    struct fact_cell *cells;
    fact_loc *row_locs;
    uint32_t count;
    uint32_t capacity;
    uint32_t field_count;
};

/* Why a value is not known, for people: "APP_USER has no default" and where that was decided. */
struct fact_cause_info {
    intern_id text;
    fact_loc loc;
};

/* What stands at `loc` replaced what stands at `earlier`. */
struct fact_over {
    fact_loc loc;
    fact_loc earlier;
};

/* Elements of all lists, addressed by (first, count). */
struct fact_list_pool {
    struct fact_cell *cells;
    uint32_t count;
    uint32_t capacity;
};

/* A set of fields, by kind. */
struct fact_fields {
    uint64_t bits[FACT_KIND_COUNT][SCHEMA_FIELD_ROOM / 64];
};

struct facts {
    const plim_allocator *allocator;
    struct source_set sources;
    struct interner strings;
    struct fact_table tables[FACT_KIND_COUNT];
    struct fact_list_pool lists;
    struct span *locs; /* [0] is no place */
    uint32_t loc_count;
    uint32_t loc_capacity;
    struct fact_over *overs; /* by rising loc */
    uint32_t over_count;
    uint32_t over_capacity;
    struct fact_cause_info *causes; /* [0] is "not known" without a place */
    uint32_t cause_count;
    uint32_t cause_capacity;
    size_t bytes;            /* of tables, lists, places and causes */
    size_t max_bytes;        /* cap on `bytes`, and on the string arena */
    struct fact_fields read; /* that somebody will ask for; see facts_read_only */
    plim_status status;
    bool frozen;
    struct fact_cell sink[SCHEMA_FIELD_ROOM]; /* written instead of a row that could not be added */
};

/* Creates an empty store with its `project` row (row 0). `max_bytes` 0 means 512 MiB; `seed`
 * randomises the string table. Fails with NOMEM. */
plim_status facts_new(struct facts **out, const plim_allocator *allocator, size_t max_bytes,
                      uint64_t seed) PLIM_MUST_CHECK;

/* Frees a store; NULL is fine. */
void facts_free(struct facts *facts);

/* OK, or the first failure: NOMEM or LIMIT. */
plim_status facts_status(const struct facts *facts);

/* Ends building: fills the project's lists. Later additions are an internal error. */
plim_status facts_freeze(struct facts *facts) PLIM_MUST_CHECK;

/* Forgets rows, lists, places, causes and strings and opens the store for building again, with a
 * new `project` row. Sources stay, so spans stay valid; so does the memory. A failure shows in the
 * status. */
void facts_clear(struct facts *facts);

/* Tells builders which fields will be read: lists of others may stay empty, and rows that stand in
 * such lists alone may be missing. A kind with no field in the set is not read at all. */
void facts_read_only(struct facts *facts, const struct fact_fields *fields);

/* Everything will be read, as it is from the beginning. */
void facts_read_all(struct facts *facts);

static inline void fact_fields_add(struct fact_fields *fields, enum fact_kind kind, unsigned field)
{
    fields->bits[kind][field / 64] |= UINT64_C(1) << field % 64;
}

/* Whether a field will be read. */
static inline bool facts_reads(const struct facts *facts, enum fact_kind kind, unsigned field)
{
    return (facts->read.bits[kind][field / 64] >> field % 64 & 1) != 0;
}

/* Whether any field of a kind will be read. */
bool facts_reads_kind(const struct facts *facts, enum fact_kind kind);

/* ---- building ---------------------------------------------------------------------------- */

/* facts_add_loc where the array of places is full. */
fact_loc facts_add_loc_slow(struct facts *facts, struct span span);

/* New place; FACT_NO_LOC after a failure. */
static inline fact_loc facts_add_loc(struct facts *facts, struct span span)
{
    if (facts->loc_count == facts->loc_capacity) {
        return facts_add_loc_slow(facts, span);
    }
    facts->locs[facts->loc_count] = span;
    return facts->loc_count++;
}

/* New place of a value that replaced the one at `earlier`, which may itself have replaced another:
 * findings that point at it show what it overrides. As facts_add_loc for FACT_NO_LOC. */
fact_loc facts_add_loc_over(struct facts *facts, struct span span, fact_loc earlier);

/* New row with all cells absent; FACT_NO_ROW after a failure (setters accept it and do nothing). */
fact_row facts_add_row(struct facts *facts, enum fact_kind kind, fact_loc loc);

/* Cells of a row, by field, for a builder that sets many; valid until the next row of the kind is
 * added. For a row that could not be added they are cells nobody reads. */
static inline struct fact_cell *facts_cells(struct facts *facts, enum fact_kind kind, fact_row row)
{
    struct fact_table *table = &facts->tables[kind];
    return row < table->count ? table->cells + (size_t)row * table->field_count : facts->sink;
}

/* New cause of an unknown value. The text is copied. */
fact_cause facts_add_cause(struct facts *facts, struct str text, fact_loc loc);

/* Id of a string; INTERN_EMPTY after a failure. */
intern_id facts_intern(struct facts *facts, struct str text);

/* Sets or copies a cell, place included: how inherited values keep the place that decided them. */
static inline void facts_set_cell(struct facts *facts, enum fact_kind kind, fact_row row,
                                  unsigned field, struct fact_cell cell)
{
    struct fact_table *table = &facts->tables[kind];
    if (row < table->count && field < table->field_count) { /* else the sticky status tells */
        table->cells[(size_t)row * table->field_count + field] = cell;
    }
}

/* A cell that is there. `loc` may be FACT_NO_LOC: the row's place. */
static inline struct fact_cell fact_cell_present(uint64_t value, fact_loc loc)
{
    return (struct fact_cell){.value = value, .loc = loc, .state = FACT_PRESENT};
}

static inline struct fact_cell fact_cell_bool(bool value)
{
    return fact_cell_present(value ? 1 : 0, FACT_NO_LOC);
}

static inline struct fact_cell fact_cell_unknown(fact_cause cause, fact_loc loc)
{
    return (struct fact_cell){.value = cause, .loc = loc, .state = FACT_UNKNOWN};
}

/* Setters: the field must have the matching type. `loc` may be FACT_NO_LOC: the row's place. */
static inline void facts_set_bool(struct facts *facts, enum fact_kind kind, fact_row row,
                                  unsigned field, bool value, fact_loc loc)
{
    facts_set_cell(facts, kind, row, field, fact_cell_present(value ? 1 : 0, loc));
}

static inline void facts_set_int(struct facts *facts, enum fact_kind kind, fact_row row,
                                 unsigned field, int64_t value, fact_loc loc)
{
    facts_set_cell(facts, kind, row, field, fact_cell_present((uint64_t)value, loc));
}

static inline void facts_set_str(struct facts *facts, enum fact_kind kind, fact_row row,
                                 unsigned field, struct str value, fact_loc loc)
{
    facts_set_cell(facts, kind, row, field, fact_cell_present(facts_intern(facts, value), loc));
}

static inline void facts_set_enum(struct facts *facts, enum fact_kind kind, fact_row row,
                                  unsigned field, unsigned member, fact_loc loc)
{
    facts_set_cell(facts, kind, row, field, fact_cell_present(member, loc));
}

static inline void facts_set_row(struct facts *facts, enum fact_kind kind, fact_row row,
                                 unsigned field, fact_row value, fact_loc loc)
{
    if (value != FACT_NO_ROW) {
        facts_set_cell(facts, kind, row, field, fact_cell_present(value, loc));
    }
}

static inline void facts_set_unknown(struct facts *facts, enum fact_kind kind, fact_row row,
                                     unsigned field, fact_cause cause, fact_loc loc)
{
    facts_set_cell(facts, kind, row, field, fact_cell_unknown(cause, loc));
}

/* Elements of one list while it is gathered. Zero-initialise; memory comes from `scratch`. */
struct fact_items {
    struct fact_cell *items;
    size_t count;
    size_t capacity;
};

/* Doubles the room; false after a failure, which shows in the arena's status. */
bool fact_items_grow(struct fact_items *items, struct arena *scratch);

/* Appends an element; a failure shows in the arena's status. */
static inline void fact_items_add(struct fact_items *items, struct arena *scratch,
                                  struct fact_cell cell)
{
    if (items->count < items->capacity || fact_items_grow(items, scratch)) {
        items->items[items->count++] = cell;
    }
}

static inline void fact_items_add_row(struct fact_items *items, struct arena *scratch, fact_row row,
                                      fact_loc loc)
{
    if (row != FACT_NO_ROW) {
        fact_items_add(items, scratch, fact_cell_present(row, loc));
    }
}

static inline void fact_items_add_str(struct fact_items *items, struct arena *scratch,
                                      struct facts *facts, struct str text, fact_loc loc)
{
    fact_items_add(items, scratch, fact_cell_present(facts_intern(facts, text), loc));
}

/* Value of a list that begins at element `first` of the pool. */
static inline uint64_t fact_list_value(uint32_t first, uint32_t count)
{
    return (uint64_t)first << 32 | count;
}

/* A new list of `count` elements, whose cells the caller sets at once, places included, before the
 * next list is made; NULL for none and after a failure. `*list` becomes the cell of the list. */
struct fact_cell *facts_new_list(struct facts *facts, size_t count, struct fact_cell *list);

/* facts_set_list for a list with elements. */
void facts_set_items(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                     const struct fact_items *items, fact_loc loc);

/* Stores a gathered list in a LIST field. Row elements without a place get their row's place. */
static inline void facts_set_list(struct facts *facts, enum fact_kind kind, fact_row row,
                                  unsigned field, const struct fact_items *items, fact_loc loc)
{
    if (items->count > 0) {
        facts_set_items(facts, kind, row, field, items, loc);
    } else {
        facts_set_cell(facts, kind, row, field,
                       fact_cell_present(fact_list_value(facts->lists.count, 0), loc));
    }
}

/* ---- reading ----------------------------------------------------------------------------- */

/* A cell; its loc falls back to the row's place. Out-of-range arguments give an absent cell. */
struct fact_cell facts_get(const struct facts *facts, enum fact_kind kind, fact_row row,
                           unsigned field);

/* Text of a STR cell; empty unless present. */
struct str facts_get_str(const struct facts *facts, enum fact_kind kind, fact_row row,
                         unsigned field);

/* Place of a row. */
fact_loc facts_row_loc(const struct facts *facts, enum fact_kind kind, fact_row row);

/* Place of the value that the one at `loc` replaced; FACT_NO_LOC when there was none. */
fact_loc facts_earlier_loc(const struct facts *facts, fact_loc loc);

/* Span of a place; .source is SOURCE_NONE for FACT_NO_LOC. */
struct span facts_span(const struct facts *facts, fact_loc loc);

static inline uint32_t fact_list_first(uint64_t value)
{
    return (uint32_t)(value >> 32);
}

static inline uint32_t fact_list_count(uint64_t value)
{
    return (uint32_t)value;
}

/* Element `index` of a list value. Rows and strings as in fact_cell. */
struct fact_cell facts_list_at(const struct facts *facts, uint64_t list, uint32_t index);

#endif
