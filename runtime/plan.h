/* SPDX-License-Identifier: Apache-2.0
 *
 * plan.h - which units could say something about a row: the index that keeps cost near rows x
 * (units still alive).
 *
 * Units of a kind are numbered; sets of them are bitmasks of `words` words. A row's view fields
 * give the units that apply to it, its guard fields those among them that need not be entered.
 * Guard masks are computed once per class of string or enumeration member. Lives in the link's
 * arena. Thread rule: one thread.
 */
#ifndef RUNTIME_PLAN_H
#define RUNTIME_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/link.h"
#include "runtime/program.h"

/* Units that see all rows, or the rows of one view (also those that may be in it). */
struct plan_group {
    enum fact_view view; /* FACT_VIEW_none: all rows */
    uint64_t *units;
    uint64_t rows;      /* met so far */
    fact_row first_row; /* the first of them */
};

/* One guard field of a kind. */
struct plan_guard {
    unsigned field;
    bool strings;
    uint64_t *guarded;  /* units with a guard on this field */
    uint64_t **passing; /* by class or member: units whose guard it passes; NULL: not computed */
    uint32_t values;    /* length of `passing` */
};

struct plan {
    enum fact_kind kind;
    const uint32_t *units; /* index into program->units by number within the plan */
    uint32_t count;
    uint32_t words;
    struct plan_group *groups;
    uint32_t group_count;
    uint32_t *group_of; /* by unit number */
    struct plan_guard *guards;
    uint32_t guard_count;
    uint64_t *live;  /* units that still run: cleared when a rule is stopped */
    uint64_t *alive; /* result of plan_row */
};

/* Plan of a kind for the selected rules (NULL: all), or NULL when none ranges over it; NULL with a
 * status in the link's arena when memory ends. */
struct plan *plan_make(struct link *link, enum fact_kind kind, const uint8_t *selected);

/* Computes `plan->alive` for a row and counts it in its groups; false when no unit applies. */
bool plan_row(struct plan *plan, struct link *link, fact_row row);

#endif
