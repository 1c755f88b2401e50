/* SPDX-License-Identifier: Apache-2.0
 *
 * plan.c - see plan.h. Hot part: plan_row, a few loads and masks per row.
 */
#include "runtime/plan.h"

_Static_assert(FACT_VIEW_COUNT < 32, "the groups of a row fit 32 bits");

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
        group->units = ARENA_ARRAY(&link->kept, uint64_t, plan->words);
        if (group->units == NULL) {
            return false;
        }
    }
    group->units[number / 64] |= bit_of(number);
    plan->group_of[number] = (uint32_t)(group - plan->groups);
    return true;
}

static struct plan_field *find_field(struct plan *plan, struct link *link, unsigned field)
{
    for (uint32_t i = 0; i < plan->field_count; i++) {
        if (plan->fields[i].field == field) {
            return &plan->fields[i];
        }
    }
    struct plan_field *added = &plan->fields[plan->field_count++];
    *added = (struct plan_field){
        .field = field,
        .text = schema_kind(plan->kind)->fields[field].type == FACT_STR,
        .asking = ARENA_ARRAY(&link->kept, uint64_t, plan->words),
        .passing = ARENA_ARRAY(&link->kept, uint64_t *, guard_key_count(link, plan->kind, field))};
    return added;
}

/* Enters the fields with keys that the guard of a unit asks. */
static bool add_fields(struct plan *plan, struct link *link, uint32_t number,
                       const struct program_unit *unit)
{
    for (uint32_t i = 0; i < unit->guard_count; i++) {
        const struct program_guard *node = &link->program->guards[unit->first_guard + i];
        if (!guard_is_keyed(node, plan->kind)) {
            continue;
        }
        struct plan_field *field = find_field(plan, link, node->field);
        if (field->asking == NULL || field->passing == NULL) {
            return false;
        }
        field->asking[number / 64] |= bit_of(number);
    }
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
            !add_fields(plan, link, i, unit)) {
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
    struct arena *arena = &link->kept;
    struct plan *plan = ARENA_NEW(arena, struct plan);
    uint32_t *units = ARENA_ARRAY(arena, uint32_t, count);
    uint32_t words = (count + 63) / 64;
    uint32_t *group_of = ARENA_ARRAY(arena, uint32_t, count);
    struct plan_group *groups = ARENA_ARRAY(arena, struct plan_group, FACT_VIEW_COUNT + 1);
    struct plan_field *fields =
        ARENA_ARRAY(arena, struct plan_field, schema_kind(kind)->field_count);
    struct guard *guards = ARENA_ARRAY(arena, struct guard, count);
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
                          .fields = fields,
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

void plan_begin(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->group_count; i++) {
        plan->groups[i].rows = 0;
    }
}

/* Units that a key lets through; computed once per key. NULL when memory ends: entering a unit in
 * vain is always right. */
static const uint64_t *passing_units(const struct plan *plan, struct link *link,
                                     struct plan_field *field, uint32_t key)
{
    uint64_t *mask = field->passing[key];
    if (mask != NULL) {
        return mask;
    }
    mask = ARENA_ARRAY(&link->kept, uint64_t, plan->words);
    for (uint32_t i = 0; mask != NULL && i < plan->count; i++) {
        const struct program_unit *unit = &link->program->units[plan->units[i]];
        bool asks = (field->asking[i / 64] & bit_of(i)) != 0;
        bool passes = !asks || guard_allows_key(link, unit, field->field, key);
        mask[i / 64] |= passes ? bit_of(i) : 0;
    }
    field->passing[key] = mask;
    return mask;
}

/* Whether a unit that is alive asks the field. */
static bool is_asked(const struct plan *plan, const struct plan_field *field)
{
    uint64_t asking = 0;
    for (uint32_t w = 0; w < plan->words; w++) {
        asking |= plan->alive[w] & field->asking[w];
    }
    return asking != 0;
}

static void apply_field(struct plan *plan, struct link *link, struct plan_field *field,
                        const struct fact_cell *cell)
{
    if (cell->state == FACT_UNKNOWN) {
        return;
    }
    uint32_t key =
        cell->state == FACT_PRESENT ? guard_key(link, field->text, cell->value) : GUARD_KEY_ABSENT;
    const uint64_t *passing = passing_units(plan, link, field, key);
    for (uint32_t w = 0; passing != NULL && w < plan->words; w++) {
        plan->alive[w] &= passing[w];
    }
}

/* Groups that a row belongs to, as bits; counts it there. */
static uint32_t groups_of(struct plan *plan, const struct fact_cell *cells, fact_row row)
{
    uint32_t found = 0;
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
        found |= UINT32_C(1) << i;
    }
    return found;
}

bool plan_row(struct plan *plan, struct link *link, fact_row row)
{
    const struct fact_table *table = &link->facts->tables[plan->kind];
    const struct fact_cell *cells = table->cells + (size_t)row * table->field_count;
    uint32_t groups = groups_of(plan, cells, row);
    for (uint32_t w = 0; w < plan->words; w++) {
        uint64_t units = 0;
        for (uint32_t left = groups; left != 0; left &= left - 1) {
            units |= plan->groups[__builtin_ctz(left)].units[w];
        }
        plan->alive[w] = units & plan->live[w];
    }
    for (uint32_t i = 0; groups != 0 && i < plan->field_count; i++) {
        if (is_asked(plan, &plan->fields[i])) {
            apply_field(plan, link, &plan->fields[i], &cells[plan->fields[i].field]);
        }
    }
    return groups != 0;
}

bool plan_prepare(struct plan *plan, struct link *link, uint32_t number)
{
    return guard_prepare(&plan->guards[number], link, &link->program->units[plan->units[number]]);
}
