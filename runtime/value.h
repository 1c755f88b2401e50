/* SPDX-License-Identifier: Apache-2.0
 *
 * value.h - what a register holds, and Kleene logic on it.
 *
 * `bits` by type: as in a fact cell (store.h); COUNT certain << 32 | possible; LOC a fact_loc; a
 * list first << 32 | count, with `aux` 0 for the store's list pool or 1 + the number of a filter
 * list; ITER the same with the elements still to come; SET and PATTERN their index; UNKNOWN, of any
 * type, the index of the cause. `aux` of a COUNT that is a range is the cause of the doubt.
 * No pointers. Thread rule: pure.
 */
#ifndef RUNTIME_VALUE_H
#define RUNTIME_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "facts/store.h"

struct value {
    uint64_t bits;
    uint32_t state; /* enum fact_state */
    uint32_t aux;
};

static inline struct value value_present(uint64_t bits)
{
    return (struct value){.bits = bits, .state = FACT_PRESENT};
}

static inline struct value value_bool(bool truth)
{
    return value_present(truth ? 1 : 0);
}

static inline struct value value_absent(void)
{
    return (struct value){.state = FACT_ABSENT};
}

static inline struct value value_unknown(fact_cause cause)
{
    return (struct value){.bits = cause, .state = FACT_UNKNOWN};
}

static inline bool value_is_present(struct value v)
{
    return v.state == FACT_PRESENT;
}

static inline bool value_is_true(struct value v)
{
    return v.state == FACT_PRESENT && v.bits != 0;
}

static inline bool value_is_false(struct value v)
{
    return v.state == FACT_PRESENT && v.bits == 0;
}

/* Unknown because of `v`, which is not present: its cause, or 0 when it is absent. */
static inline struct value value_doubt(struct value v)
{
    return value_unknown(v.state == FACT_UNKNOWN ? (fact_cause)v.bits : 0);
}

/* Unknown because of the first of two operands that is not present. */
static inline struct value value_doubt2(struct value a, struct value b)
{
    return value_doubt(value_is_present(a) ? b : a);
}

static inline struct value value_not(struct value v)
{
    return value_is_present(v) ? value_bool(v.bits == 0) : value_doubt(v);
}

static inline struct value value_and(struct value a, struct value b)
{
    if (value_is_false(a) || value_is_false(b)) {
        return value_bool(false);
    }
    return value_is_true(a) && value_is_true(b) ? value_bool(true) : value_doubt2(a, b);
}

static inline struct value value_or(struct value a, struct value b)
{
    if (value_is_true(a) || value_is_true(b)) {
        return value_bool(true);
    }
    return value_is_false(a) && value_is_false(b) ? value_bool(false) : value_doubt2(a, b);
}

/* A count between `certain` and `possible`. */
static inline struct value value_count(uint32_t certain, uint32_t possible, fact_cause cause)
{
    return (struct value){.bits = (uint64_t)certain << 32 | possible,
                          .state = FACT_PRESENT,
                          .aux = certain == possible ? 0 : cause};
}

static inline uint32_t value_certain(struct value count)
{
    return (uint32_t)(count.bits >> 32);
}

static inline uint32_t value_possible(struct value count)
{
    return (uint32_t)count.bits;
}

/* Truth of a relation of two counts that holds always, never, or may hold. */
static inline struct value value_interval(bool always, bool never, struct value a, struct value b)
{
    if (always || never) {
        return value_bool(always);
    }
    return value_unknown(value_certain(a) != value_possible(a) ? a.aux : b.aux);
}

/* Relations of two counts; unknown when one is not present. */
struct value value_count_equal(struct value a, struct value b);
struct value value_count_less(struct value a, struct value b);
struct value value_count_less_equal(struct value a, struct value b);

#endif
