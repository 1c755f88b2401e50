/* SPDX-License-Identifier: Apache-2.0
 *
 * types.h - the types of the rule language as small values: base, list or set, optional, kinds.
 *
 * A row type holds the set of kinds the row may be of: one bit is a plain row, several are a union.
 * Knows the schema and the register types of programs; knows neither syntax nor messages beyond
 * spelling a type. Thread rule: pure.
 */
#ifndef COMPILER_TYPES_H
#define COMPILER_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/str.h"
#include "facts/schema.h"
#include "runtime/program.h"

enum type_base {
    TYPE_ERROR, /* already reported: fits everything */
    TYPE_BOOL,
    TYPE_INT,
    TYPE_STRING,
    TYPE_DURATION,
    TYPE_SIZE,
    TYPE_VERSION,
    TYPE_TIME,
    TYPE_ENUM,
    TYPE_ROW,
    TYPE_COUNT,  /* number of elements as (certain, possible) */
    TYPE_NOTHING /* element of [] */
};

/* Sets of kinds are words. */
_Static_assert(FACT_KIND_COUNT <= 64, "a set of kinds fits one word");

struct type {
    enum type_base base;      /* of the elements when list or set */
    enum fact_enum member_of; /* for TYPE_ENUM */
    uint64_t kinds;           /* for TYPE_ROW: bit per kind */
    bool list;                /* facts or a filter of them */
    bool set;                 /* constants */
    bool optional;            /* T?: may be absent */
};

/* The set of one kind. */
static inline uint64_t type_kind_bit(enum fact_kind kind)
{
    return (uint64_t)1 << (unsigned)kind;
}

/* Constructors. */
struct type type_of(enum type_base base);
struct type type_enum(enum fact_enum id);
struct type type_rows(uint64_t kinds);
struct type type_of_field(const struct fact_field_info *field);

/* The same type, wrapped or unwrapped. */
struct type type_element(struct type type);
struct type type_list(struct type element);
struct type type_set(struct type element);
struct type type_present(struct type type);
struct type type_optional(struct type type);

/* The one kind of a row type, or FACT_KIND_none for a union and for other types. */
enum fact_kind type_kind(struct type type);

static inline bool type_is_error(struct type type)
{
    return type.base == TYPE_ERROR;
}

/* One value, no list and no set. */
static inline bool type_is_single(struct type type)
{
    return !type.list && !type.set;
}

/* One value of this base. */
static inline bool type_is(struct type type, enum type_base base)
{
    return type_is_single(type) && type.base == base;
}

/* Equality without regard to `optional`; rows fit when they can be of a common kind. */
bool type_same(struct type a, struct type b);

/* Whether < and > have a meaning. */
bool type_is_ordered(struct type type);

/* The type a field has over a union: kinds unite, optional when either is; false when they differ
 * otherwise. */
bool type_join(struct type *out, struct type a, struct type b);

/* Type by its written name: string, int, ..., an enumeration, a kind or a view. */
bool type_from_name(struct type *out, struct str name);

/* Register type of a value; unions must have been resolved. */
struct program_type type_program(struct type type);

/* Appends the type as rules spell it: `list<string>`, `severity`, `stage or image`. */
void type_write(struct buf *out, struct type type);

/* The same as text in `arena`; empty after a failure. */
struct str type_text(struct arena *arena, struct type type);

#endif
