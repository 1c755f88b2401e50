/* SPDX-License-Identifier: Apache-2.0
 *
 * store.c - growth, setters and getters of the fact store. See store.h for the layout. Every array
 * grows by doubling under one byte budget, so that a hostile document ends in LIMIT, not in swap.
 */
#include "facts/store.h"

#include <string.h>

#include "core/alloc.h"

static const size_t default_max_bytes = (size_t)512 << 20;

static void fail(struct facts *facts, plim_status status)
{
    if (facts->status == PLIM_STATUS_OK) {
        facts->status = status;
    }
}

/* One of several arrays that grow in step. */
struct column {
    void **items;
    size_t item_size; /* bytes per counted item */
};

/* Grows arrays in step from `before` to `after` items; all of them or none. New space is left as it
 * is: pages nobody writes to are never touched. */
static bool grow_columns(struct facts *facts, const struct column *columns, size_t column_count,
                         size_t before, size_t after)
{
    enum { MAX_COLUMNS = 4 };
    void *grown[MAX_COLUMNS] = {NULL};
    size_t added = 0;
    for (size_t i = 0; i < column_count; i++) {
        added += (after - before) * columns[i].item_size;
    }
    if (added > facts->max_bytes - facts->bytes) {
        fail(facts, PLIM_STATUS_LIMIT);
        return false;
    }
    for (size_t i = 0; i < column_count; i++) {
        grown[i] = alloc_resize(facts->allocator, NULL, 0, after * columns[i].item_size);
        if (grown[i] == NULL) {
            for (size_t k = 0; k < i; k++) {
                alloc_free(facts->allocator, grown[k], after * columns[k].item_size);
            }
            fail(facts, PLIM_STATUS_NOMEM);
            return false;
        }
    }
    for (size_t i = 0; i < column_count; i++) {
        size_t old_size = before * columns[i].item_size;
        if (old_size > 0) {
            memcpy(grown[i], *columns[i].items, old_size);
        }
        alloc_free(facts->allocator, *columns[i].items, old_size);
        *columns[i].items = grown[i];
    }
    facts->bytes += added;
    return true;
}

/* Next capacity for 32-bit counted arrays; fails with LIMIT (0) when the count would not fit. */
static uint32_t next_capacity(struct facts *facts, uint32_t capacity, uint64_t need)
{
    uint64_t wanted = capacity > 0 ? capacity : 64;
    while (wanted < need) {
        wanted *= wanted < 65536 ? 4 : 2; /* space nobody writes to costs no memory */
    }
    if (wanted < UINT32_MAX) {
        return (uint32_t)wanted;
    }
    fail(facts, PLIM_STATUS_LIMIT);
    return 0;
}

static bool grow_table(struct facts *facts, struct fact_table *table)
{
    uint32_t capacity = next_capacity(facts, table->capacity, (uint64_t)table->count + 1);
    size_t fields = table->field_count;
    void *values = table->values;
    void *states = table->states;
    void *locs = table->locs;
    void *row_locs = table->row_locs;
    const struct column columns[] = {{&values, fields * sizeof *table->values},
                                     {&states, fields * sizeof *table->states},
                                     {&locs, fields * sizeof *table->locs},
                                     {&row_locs, sizeof *table->row_locs}};
    if (capacity == 0 || !grow_columns(facts, columns, 4, table->capacity, capacity)) {
        return false;
    }
    table->values = values;
    table->states = states;
    table->locs = locs;
    table->row_locs = row_locs;
    table->capacity = capacity;
    return true;
}

static bool grow_lists(struct facts *facts, uint64_t need)
{
    struct fact_list_pool *pool = &facts->lists;
    uint32_t capacity = next_capacity(facts, pool->capacity, need);
    void *values = pool->values;
    void *states = pool->states;
    void *locs = pool->locs;
    const struct column columns[] = {{&values, sizeof *pool->values},
                                     {&states, sizeof *pool->states},
                                     {&locs, sizeof *pool->locs}};
    if (capacity == 0 || !grow_columns(facts, columns, 3, pool->capacity, capacity)) {
        return false;
    }
    pool->values = values;
    pool->states = states;
    pool->locs = locs;
    pool->capacity = capacity;
    return true;
}

/* Grows a plain array of `item_size` items by one step. */
static bool grow_array(struct facts *facts, void **items, uint32_t *capacity, uint32_t count,
                       size_t item_size)
{
    uint32_t wanted = next_capacity(facts, *capacity, (uint64_t)count + 1);
    const struct column column = {items, item_size};
    if (wanted == 0 || !grow_columns(facts, &column, 1, *capacity, wanted)) {
        return false;
    }
    *capacity = wanted;
    return true;
}

/* What every store begins with: no place, no cause, the project. */
static void add_first_rows(struct facts *facts)
{
    facts_add_loc(facts, (struct span){.source = SOURCE_NONE});
    facts_add_cause(facts, STR("not known"), FACT_NO_LOC);
    fact_row project = facts_add_row(facts, FACT_KIND_project, FACT_NO_LOC);
    facts_set_str(facts, FACT_KIND_project, project, FIELD_project_label, STR("project"),
                  FACT_NO_LOC);
}

plim_status facts_new(struct facts **out, const plim_allocator *allocator, size_t max_bytes,
                      uint64_t seed)
{
    const plim_allocator *used = alloc_or_default(allocator);
    struct facts *facts = alloc_zeroed(used, sizeof *facts);
    if (facts == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    facts->allocator = used;
    facts->max_bytes = max_bytes > 0 ? max_bytes : default_max_bytes;
    source_set_init(&facts->sources, used);
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        facts->tables[i].field_count = schema_kind((enum fact_kind)i)->field_count;
    }
    plim_status status = intern_init(&facts->strings, used, facts->max_bytes, seed);
    if (status == PLIM_STATUS_OK) {
        add_first_rows(facts);
        status = facts_status(facts);
    }
    if (status != PLIM_STATUS_OK) {
        facts_free(facts);
        return status;
    }
    *out = facts;
    return PLIM_STATUS_OK;
}

void facts_free(struct facts *facts)
{
    if (facts == NULL) {
        return;
    }
    const plim_allocator *allocator = facts->allocator;
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        struct fact_table *table = &facts->tables[i];
        size_t cells = (size_t)table->capacity * table->field_count;
        alloc_free(allocator, table->values, cells * sizeof *table->values);
        alloc_free(allocator, table->states, cells * sizeof *table->states);
        alloc_free(allocator, table->locs, cells * sizeof *table->locs);
        alloc_free(allocator, table->row_locs, table->capacity * sizeof *table->row_locs);
    }
    struct fact_list_pool *pool = &facts->lists;
    alloc_free(allocator, pool->values, pool->capacity * sizeof *pool->values);
    alloc_free(allocator, pool->states, pool->capacity * sizeof *pool->states);
    alloc_free(allocator, pool->locs, pool->capacity * sizeof *pool->locs);
    alloc_free(allocator, facts->locs, facts->loc_capacity * sizeof *facts->locs);
    alloc_free(allocator, facts->causes, facts->cause_capacity * sizeof *facts->causes);
    intern_release(&facts->strings);
    source_set_release(&facts->sources);
    alloc_free(allocator, facts, sizeof *facts);
}

void facts_clear(struct facts *facts)
{
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        facts->tables[i].count = 0;
    }
    facts->lists.count = 0;
    facts->loc_count = 0;
    facts->cause_count = 0;
    facts->frozen = false;
    intern_clear(&facts->strings);
    add_first_rows(facts);
}

plim_status facts_status(const struct facts *facts)
{
    return facts->status != PLIM_STATUS_OK ? facts->status : intern_status(&facts->strings);
}

/* The rows of one kind, in order, as a list of the project. */
static void set_project_list(struct facts *facts, unsigned field, enum fact_kind kind)
{
    struct arena scratch;
    arena_init(&scratch, facts->allocator, facts->max_bytes);
    struct fact_items items = {0};
    for (fact_row row = 0; row < facts->tables[kind].count; row++) {
        fact_items_add_row(&items, &scratch, row, FACT_NO_LOC);
    }
    facts_set_list(facts, FACT_KIND_project, 0, field, &items, FACT_NO_LOC);
    fail(facts, arena_status(&scratch));
    arena_release(&scratch);
}

plim_status facts_freeze(struct facts *facts)
{
    set_project_list(facts, FIELD_project_dockerfiles, FACT_KIND_dockerfile);
    set_project_list(facts, FIELD_project_compose_projects, FACT_KIND_compose_project);
    set_project_list(facts, FIELD_project_services, FACT_KIND_service);
    facts->frozen = true;
    return facts_status(facts);
}

fact_loc facts_add_loc(struct facts *facts, struct span span)
{
    if (facts->loc_count == facts->loc_capacity) {
        void *locs = facts->locs;
        if (!grow_array(facts, &locs, &facts->loc_capacity, facts->loc_count, sizeof span)) {
            return FACT_NO_LOC;
        }
        facts->locs = locs;
    }
    facts->locs[facts->loc_count] = span;
    return facts->loc_count++;
}

fact_row facts_add_row(struct facts *facts, enum fact_kind kind, fact_loc loc)
{
    struct fact_table *table = &facts->tables[kind];
    if (facts->frozen) {
        fail(facts, PLIM_STATUS_INTERNAL);
    }
    if (facts->status != PLIM_STATUS_OK ||
        (table->count == table->capacity && !grow_table(facts, table))) {
        return FACT_NO_ROW;
    }
    size_t first = (size_t)table->count * table->field_count;
    memset(table->values + first, 0, table->field_count * sizeof *table->values);
    memset(table->states + first, FACT_ABSENT, table->field_count * sizeof *table->states);
    memset(table->locs + first, 0, table->field_count * sizeof *table->locs);
    table->row_locs[table->count] = loc;
    return table->count++;
}

fact_cause facts_add_cause(struct facts *facts, struct str text, fact_loc loc)
{
    if (facts->cause_count == facts->cause_capacity) {
        void *causes = facts->causes;
        if (!grow_array(facts, &causes, &facts->cause_capacity, facts->cause_count,
                        sizeof *facts->causes)) {
            return 0;
        }
        facts->causes = causes;
    }
    facts->causes[facts->cause_count] =
        (struct fact_cause_info){.text = facts_intern(facts, text), .loc = loc};
    return facts->cause_count++;
}

intern_id facts_intern(struct facts *facts, struct str text)
{
    intern_id id = intern_add(&facts->strings, text);
    return id != INTERN_NONE ? id : INTERN_EMPTY;
}

void facts_set_cell(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                    struct fact_cell cell)
{
    struct fact_table *table = &facts->tables[kind];
    if (row >= table->count || field >= table->field_count) {
        return; /* the row could not be added: the sticky status tells */
    }
    size_t at = (size_t)row * table->field_count + field;
    table->values[at] = cell.value;
    table->states[at] = (uint8_t)cell.state;
    table->locs[at] = cell.loc;
}

static void set_present(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                        uint64_t value, fact_loc loc)
{
    facts_set_cell(facts, kind, row, field,
                   (struct fact_cell){.value = value, .loc = loc, .state = FACT_PRESENT});
}

void facts_set_bool(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                    bool value, fact_loc loc)
{
    set_present(facts, kind, row, field, value ? 1 : 0, loc);
}

void facts_set_int(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                   int64_t value, fact_loc loc)
{
    set_present(facts, kind, row, field, (uint64_t)value, loc);
}

void facts_set_str(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                   struct str value, fact_loc loc)
{
    set_present(facts, kind, row, field, facts_intern(facts, value), loc);
}

void facts_set_enum(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                    unsigned member, fact_loc loc)
{
    set_present(facts, kind, row, field, member, loc);
}

void facts_set_row(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                   fact_row value, fact_loc loc)
{
    if (value != FACT_NO_ROW) {
        set_present(facts, kind, row, field, value, loc);
    }
}

void facts_set_unknown(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                       fact_cause cause, fact_loc loc)
{
    facts_set_cell(facts, kind, row, field,
                   (struct fact_cell){.value = cause, .loc = loc, .state = FACT_UNKNOWN});
}

void fact_items_add(struct fact_items *items, struct arena *scratch, struct fact_cell cell)
{
    if (items->count == items->capacity) {
        size_t capacity = items->capacity > 0 ? items->capacity * 2 : 8;
        struct fact_cell *grown = ARENA_ARRAY(scratch, struct fact_cell, capacity);
        if (grown == NULL) {
            return;
        }
        if (items->count > 0) {
            memcpy(grown, items->items, items->count * sizeof *grown);
        }
        items->items = grown;
        items->capacity = capacity;
    }
    items->items[items->count++] = cell;
}

void fact_items_add_row(struct fact_items *items, struct arena *scratch, fact_row row, fact_loc loc)
{
    if (row != FACT_NO_ROW) {
        fact_items_add(items, scratch,
                       (struct fact_cell){.value = row, .loc = loc, .state = FACT_PRESENT});
    }
}

void fact_items_add_str(struct fact_items *items, struct arena *scratch, struct facts *facts,
                        struct str text, fact_loc loc)
{
    intern_id id = facts_intern(facts, text);
    fact_items_add(items, scratch,
                   (struct fact_cell){.value = id, .loc = loc, .state = FACT_PRESENT});
}

/* Place of a list element that has none of its own. */
static fact_loc element_loc(const struct facts *facts, enum fact_kind kind, fact_row row,
                            unsigned field, struct fact_cell cell)
{
    const struct fact_field_info *info = &schema_kind(kind)->fields[field];
    if (cell.loc != FACT_NO_LOC) {
        return cell.loc;
    }
    if (info->type == FACT_ROW) {
        return facts_row_loc(facts, (enum fact_kind)info->argument, (fact_row)cell.value);
    }
    return facts_row_loc(facts, kind, row);
}

void facts_set_list(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                    const struct fact_items *items, fact_loc loc)
{
    struct fact_list_pool *pool = &facts->lists;
    uint64_t need = (uint64_t)pool->count + items->count;
    if (facts->status != PLIM_STATUS_OK || (need > pool->capacity && !grow_lists(facts, need))) {
        return;
    }
    uint32_t first = pool->count;
    for (size_t i = 0; i < items->count; i++) {
        struct fact_cell cell = items->items[i];
        pool->values[first + i] = cell.value;
        pool->states[first + i] = (uint8_t)cell.state;
        pool->locs[first + i] = element_loc(facts, kind, row, field, cell);
    }
    pool->count = (uint32_t)need;
    set_present(facts, kind, row, field, (uint64_t)first << 32 | (uint32_t)items->count, loc);
}

struct fact_cell facts_get(const struct facts *facts, enum fact_kind kind, fact_row row,
                           unsigned field)
{
    const struct fact_table *table = &facts->tables[kind];
    if (row >= table->count || field >= table->field_count) {
        return (struct fact_cell){.state = FACT_ABSENT};
    }
    size_t at = (size_t)row * table->field_count + field;
    fact_loc loc = table->locs[at] != FACT_NO_LOC ? table->locs[at] : table->row_locs[row];
    return (struct fact_cell){
        .value = table->values[at], .loc = loc, .state = (enum fact_state)table->states[at]};
}

struct str facts_get_str(const struct facts *facts, enum fact_kind kind, fact_row row,
                         unsigned field)
{
    struct fact_cell cell = facts_get(facts, kind, row, field);
    return cell.state == FACT_PRESENT ? intern_view(&facts->strings, (intern_id)cell.value)
                                      : STR("");
}

fact_loc facts_row_loc(const struct facts *facts, enum fact_kind kind, fact_row row)
{
    const struct fact_table *table = &facts->tables[kind];
    return row < table->count ? table->row_locs[row] : FACT_NO_LOC;
}

struct span facts_span(const struct facts *facts, fact_loc loc)
{
    return loc < facts->loc_count ? facts->locs[loc] : (struct span){.source = SOURCE_NONE};
}

struct fact_cell facts_list_at(const struct facts *facts, uint64_t list, uint32_t index)
{
    const struct fact_list_pool *pool = &facts->lists;
    uint64_t at = (uint64_t)fact_list_first(list) + index;
    if (index >= fact_list_count(list) || at >= pool->count) {
        return (struct fact_cell){.state = FACT_ABSENT};
    }
    return (struct fact_cell){.value = pool->values[at],
                              .loc = pool->locs[at],
                              .state = (enum fact_state)pool->states[at]};
}
