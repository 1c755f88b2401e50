/* SPDX-License-Identifier: Apache-2.0
 *
 * plan.h - which units could say something about a row: the index that keeps cost near rows x
 * (units still alive).
 *
 * Units of a kind are numbered; sets of them are bitmasks of `words` words. A row's view fields
 * give the units that apply to it. For each field that guards ask, the key of the row's cell gives
 * the units that it lets through; these masks are computed once per key (guard.h). A plan lives in
 * the link's arena for what does not depend on the content of the store. Thread rule: one thread.
 */
#ifndef RUNTIME_PLAN_H
#define RUNTIME_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/guard.h"
#include "runtime/link.h"
#include "runtime/program.h"

/* Units that see all rows, or the rows of one view (also those that may be in it). */
struct plan_group {
    enum fact_view view; /* FACT_VIEW_none: all rows */
    uint64_t *units;
    uint64_t rows;      /* met since plan_begin */
    fact_row first_row; /* the first of them */
};

/* A field whose key decides about units. */
struct plan_field {
    unsigned field;
    bool text;
    uint64_t *asking;   /* units whose guards ask it */
    uint64_t **passing; /* by key: units that it lets through; NULL: not computed */
};

struct plan {
    enum fact_kind kind;
    const uint32_t *units; /* index into program->units by number within the plan */
    uint32_t count;
    uint32_t words;
    struct plan_group *groups;
    uint32_t group_count;
    uint32_t *group_of; /* by unit number */
    struct plan_field *fields;
    uint32_t field_count;
    struct guard *guards; /* by unit number: what the keys leave open; prepared when first asked */
    uint64_t *live;       /* units that still run: cleared when a rule is stopped */
    uint64_t *alive;      /* result of plan_row */
};

/* Plan of a kind for the selected rules (NULL: all), or NULL when none ranges over it; NULL with a
 * status in the link's arena when memory ends. */
struct plan *plan_make(struct link *link, enum fact_kind kind, const uint8_t *selected);

/* Forgets the rows of the content that was judged before. */
void plan_begin(struct plan *plan);

/* Computes `plan->alive` for a row and counts it in its groups; false when no unit applies. Of the
 * units that are alive, those need not be entered whose guard does not allow the row. */
bool plan_row(struct plan *plan, struct link *link, fact_row row);

/* Prepares the guard of a unit. False when memory ends. */
bool plan_prepare(struct plan *plan, struct link *link, uint32_t number);

/* Whether the guard of a unit allows the row of these cells; when memory ends it does: entering a
 * unit in vain is always right. */
static inline bool plan_allows(struct plan *plan, struct link *link, uint32_t number,
                               const struct fact_cell *cells)
{
    struct guard *guard = &plan->guards[number];
    if (guard->tests == NULL && !plan_prepare(plan, link, number)) {
        return true;
    }
    return guard_allows_row(link, guard, cells);
}

#endif
