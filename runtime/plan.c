/* SPDX-License-Identifier: Apache-2.0
 *
 * plan.c - see plan.h. Hot part: plan_row, a few loads and masks per row.
 */
#include "runtime/plan.h"

static uint64_t bit_of(uint32_t number)
{
    return UINT64_C(1) << number % 64;
}

static struct plan_group *find_group(struct plan *plan, enum fact_view view)
{
    for (uint32_t i = 0; i < plan->group_count; i++) {
        if (plan->groups[i].view == view) {
            return &plan->groups[i];
        }
    }
    return NULL;
}

static bool add_to_group(struct plan *plan, struct link *link, uint32_t number, enum fact_view view)
{
    struct plan_group *group = find_group(plan, view);
    if (group == NULL) {
        group = &plan->groups[plan->group_count++];
        group->view = view;
        group->units = ARENA_ARRAY(&link->arena, uint64_t, plan->words);
        if (group->units == NULL) {
            return false;
        }
    }
    group->units[number / 64] |= bit_of(number);
    plan->group_of[number] = (uint32_t)(group - plan->groups);
    return true;
}

static struct plan_guard *find_guard(struct plan *plan, unsigned field)
{
    for (uint32_t i = 0; i < plan->guard_count; i++) {
        if (plan->guards[i].field == field) {
            return &plan->guards[i];
        }
    }
    return NULL;
}

static bool add_to_guard(struct plan *plan, struct link *link, uint32_t number, unsigned field)
{
    struct plan_guard *guard = find_guard(plan, field);
    if (guard == NULL) {
        const struct fact_field_info *info = &schema_kind(plan->kind)->fields[field];
        guard = &plan->guards[plan->guard_count++];
        guard->field = field;
        guard->strings = info->type == FACT_STR;
        guard->values = guard->strings ? link->class_count
                                       : schema_enum((enum fact_enum)info->argument)->member_count;
        guard->guarded = ARENA_ARRAY(&link->arena, uint64_t, plan->words);
        guard->passing = ARENA_ARRAY(&link->arena, uint64_t *, guard->values);
        if (guard->guarded == NULL || guard->passing == NULL) {
            return false;
        }
    }
    guard->guarded[number / 64] |= bit_of(number);
    return true;
}

static bool is_selected(const struct program_unit *unit, enum fact_kind kind,
                        const uint8_t *selected)
{
    return unit->kind == (uint32_t)kind && (selected == NULL || selected[unit->rule] != 0);
}

static bool add_units(struct plan *plan, struct link *link)
{
    const struct program *program = link->program;
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct program_unit *unit = &program->units[plan->units[i]];
        plan->live[i / 64] |= bit_of(i);
        if (!add_to_group(plan, link, i, (enum fact_view)unit->view) ||
            (unit->guard_field != UINT32_MAX && !add_to_guard(plan, link, i, unit->guard_field))) {
            return false;
        }
    }
    return true;
}

struct plan *plan_make(struct link *link, enum fact_kind kind, const uint8_t *selected)
{
    const struct program *program = link->program;
    uint32_t count = 0;
    for (uint32_t i = 0; i < program->unit_count; i++) {
        count += is_selected(&program->units[i], kind, selected) ? 1 : 0;
    }
    if (count == 0) {
        return NULL;
    }
    struct arena *arena = &link->arena;
    struct plan *plan = ARENA_NEW(arena, struct plan);
    uint32_t *units = ARENA_ARRAY(arena, uint32_t, count);
    uint32_t words = (count + 63) / 64;
    uint32_t *group_of = ARENA_ARRAY(arena, uint32_t, count);
    struct plan_group *groups = ARENA_ARRAY(arena, struct plan_group, FACT_VIEW_COUNT + 1);
    struct plan_guard *guards =
        ARENA_ARRAY(arena, struct plan_guard, schema_kind(kind)->field_count);
    uint64_t *live = ARENA_ARRAY(arena, uint64_t, words);
    uint64_t *alive = ARENA_ARRAY(arena, uint64_t, words);
    if (arena_status(arena) != PLIM_STATUS_OK) {
        return NULL;
    }
    *plan = (struct plan){.kind = kind,
                          .units = units,
                          .words = words,
                          .group_of = group_of,
                          .groups = groups,
                          .guards = guards,
                          .live = live,
                          .alive = alive};
    for (uint32_t i = 0; i < program->unit_count; i++) {
        if (is_selected(&program->units[i], kind, selected)) {
            units[plan->count++] = i;
        }
    }
    return add_units(plan, link) ? plan : NULL;
}

/* Units of a guard field that a value lets through; computed once per value. */
static const uint64_t *passing_units(struct plan *plan, struct link *link, struct plan_guard *guard,
                                     uint32_t key, uint64_t value)
{
    if (guard->passing[key] != NULL) {
        return guard->passing[key];
    }
    uint64_t *mask = ARENA_ARRAY(&link->arena, uint64_t, plan->words);
    if (mask == NULL) {
        return guard->guarded; /* entering a unit in vain is always right */
    }
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct program_unit *unit = &link->program->units[plan->units[i]];
        if (unit->guard_field == guard->field && link_set_has(link, unit->guard_set, value)) {
            mask[i / 64] |= bit_of(i);
        }
    }
    guard->passing[key] = mask;
    return mask;
}

static void apply_guard(struct plan *plan, struct link *link, struct plan_guard *guard,
                        const struct fact_cell *cell)
{
    const uint64_t *passing = NULL;
    if (cell->state == FACT_UNKNOWN) {
        return;
    }
    if (cell->state == FACT_PRESENT) {
        uint64_t value = cell->value;
        uint64_t key = guard->strings ? link_class(link, (intern_id)value) : value;
        if (key < guard->values) {
            passing = passing_units(plan, link, guard, (uint32_t)key, value);
        }
    }
    for (uint32_t w = 0; w < plan->words; w++) {
        plan->alive[w] &= ~guard->guarded[w] | (passing != NULL ? passing[w] : 0);
    }
}

bool plan_row(struct plan *plan, struct link *link, fact_row row)
{
    const struct fact_table *table = &link->facts->tables[plan->kind];
    const struct fact_cell *cells = table->cells + (size_t)row * table->field_count;
    bool any = false;
    for (uint32_t w = 0; w < plan->words; w++) {
        plan->alive[w] = 0;
    }
    for (uint32_t i = 0; i < plan->group_count; i++) {
        struct plan_group *group = &plan->groups[i];
        if (group->view != FACT_VIEW_none) {
            const struct fact_cell *cell = &cells[schema_view(group->view)->field];
            if (cell->state == FACT_ABSENT || (cell->state == FACT_PRESENT && cell->value == 0)) {
                continue;
            }
        }
        group->first_row = group->rows == 0 ? row : group->first_row;
        group->rows++;
        any = true;
        for (uint32_t w = 0; w < plan->words; w++) {
            plan->alive[w] |= group->units[w] & plan->live[w];
        }
    }
    for (uint32_t i = 0; any && i < plan->guard_count; i++) {
        apply_guard(plan, link, &plan->guards[i], &cells[plan->guards[i].field]);
    }
    return any;
}
