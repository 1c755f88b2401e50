/* SPDX-License-Identifier: Apache-2.0
 *
 * guard.h - whether the guard of a unit lets a row pass: entering the others would be in vain.
 *
 * The tests are those of enum program_test; each says no only where that is certain, so that a
 * guard never hides an outcome. Fields of texts and members of enumerations have keys and can be
 * asked on their own: whether a guard may hold when the field has a key, whatever the rest of the
 * row holds. The plan is indexed by such keys; what they leave open is prepared as a list of tests
 * that are done row by row. Thread rule: one thread for a link.
 */
#ifndef RUNTIME_GUARD_H
#define RUNTIME_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/link.h"
#include "runtime/program.h"

/* How a test looks at a value. */
enum guard_look {
    GUARD_RANGE, /* (value & mask) from `low` to `low` + `span` */
    GUARD_CLASS, /* the class of a text is `low` */
    GUARD_SET,   /* the value is in set `low` */
    GUARD_SCAN   /* the scanner finds one of the bits of `low` in a text */
};

/* A node that is no group, with its constants resolved; groups have become the order of tests. What
 * most tests ask is put as a range, so that doing them takes the same few steps each time. */
struct guard_test {
    uint8_t look; /* enum guard_look */
    uint8_t via;  /* field of the judged row with the row that is asked; PROGRAM_NO_VIA */
    uint8_t field;
    uint8_t yes, no; /* what comes after it: the number of a test, GUARD_PASS or GUARD_STOP */
    bool wanted;     /* the answer that passes */
    bool absent;     /* an absent cell passes; an unknown one always does */
    uint64_t mask, low, span;
    const struct fact_table *table; /* of the row that is asked */
};

enum { GUARD_PASS = 0xFE, GUARD_STOP = 0xFF };

/* Tests, done from the first one on; without any all rows pass. */
struct guard {
    const struct guard_test *tests;
    uint32_t count;
};

/* Key of an absent cell; that of a present one is the class of its text or its member, plus 1. */
enum { GUARD_KEY_ABSENT };

/* Whether a node asks the judged row itself about a field that has keys. */
bool guard_is_keyed(const struct program_guard *node, enum fact_kind kind);

/* Number of keys of a field that has keys. */
uint32_t guard_key_count(const struct link *link, enum fact_kind kind, unsigned field);

/* Key of a value of a field that has keys. */
static inline uint32_t guard_key(struct link *link, bool text, uint64_t value)
{
    return 1 + (text ? link_class(link, (intern_id)value) : (uint32_t)value);
}

/* Whether the guard of a unit may hold for rows whose field `field` has this key. */
bool guard_allows_key(const struct link *link, const struct program_unit *unit, unsigned field,
                      uint32_t key);

/* Prepares what keys leave open of the guard of a unit. False when memory ends. */
bool guard_prepare(struct guard *out, struct link *link, const struct program_unit *unit);

/* Prepares nodes about rows of a kind. False when memory ends. */
bool guard_prepare_nodes(struct guard *out, struct link *link, enum fact_kind kind,
                         const struct program_guard *nodes, uint32_t count);

/* Whether a prepared guard may hold for a row, given by its cells. */
bool guard_allows_row(struct link *link, const struct guard *guard, const struct fact_cell *cells);

#endif
