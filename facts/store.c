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
    enum { MAX_COLUMNS = 2 };
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
    void *cells = table->cells;
    void *row_locs = table->row_locs;
    const struct column columns[] = {{&cells, table->field_count * sizeof *table->cells},
                                     {&row_locs, sizeof *table->row_locs}};
    if (capacity == 0 || !grow_columns(facts, columns, 2, table->capacity, capacity)) {
        return false;
    }
    table->cells = cells;
    table->row_locs = row_locs;
    table->capacity = capacity;
    return true;
}

static bool grow_lists(struct facts *facts, uint64_t need)
{
    struct fact_list_pool *pool = &facts->lists;
    uint32_t capacity = next_capacity(facts, pool->capacity, need);
    void *cells = pool->cells;
    const struct column column = {&cells, sizeof *pool->cells};
    if (capacity == 0 || !grow_columns(facts, &column, 1, pool->capacity, capacity)) {
        return false;
    }
    pool->cells = cells;
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

void facts_read_only(struct facts *facts, const struct fact_fields *fields)
{
    facts->read = *fields;
}

void facts_read_all(struct facts *facts)
{
    memset(&facts->read, 0xFF, sizeof facts->read);
}

bool facts_reads_kind(const struct facts *facts, enum fact_kind kind)
{
    bool any = false;
    for (size_t i = 0; i < SCHEMA_FIELD_ROOM / 64; i++) {
        any = any || facts->read.bits[kind][i] != 0;
    }
    return any;
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
    facts_read_all(facts);
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
        alloc_free(allocator, table->cells, cells * sizeof *table->cells);
        alloc_free(allocator, table->row_locs, table->capacity * sizeof *table->row_locs);
    }
    struct fact_list_pool *pool = &facts->lists;
    alloc_free(allocator, pool->cells, pool->capacity * sizeof *pool->cells);
    alloc_free(allocator, facts->locs, facts->loc_capacity * sizeof *facts->locs);
    alloc_free(allocator, facts->overs, facts->over_capacity * sizeof *facts->overs);
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
    facts->over_count = 0;
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

fact_loc facts_add_loc_slow(struct facts *facts, struct span span)
{
    void *locs = facts->locs;
    if (!grow_array(facts, &locs, &facts->loc_capacity, facts->loc_count, sizeof span)) {
        return FACT_NO_LOC;
    }
    facts->locs = locs;
    facts->locs[facts->loc_count] = span;
    return facts->loc_count++;
}

fact_loc facts_add_loc_over(struct facts *facts, struct span span, fact_loc earlier)
{
    if (earlier != FACT_NO_LOC && facts->over_count == facts->over_capacity) {
        void *overs = facts->overs;
        if (!grow_array(facts, &overs, &facts->over_capacity, facts->over_count,
                        sizeof *facts->overs)) {
            return FACT_NO_LOC;
        }
        facts->overs = overs;
    }
    fact_loc loc = facts_add_loc(facts, span);
    if (loc != FACT_NO_LOC && earlier != FACT_NO_LOC) {
        facts->overs[facts->over_count++] = (struct fact_over){.loc = loc, .earlier = earlier};
    }
    return loc;
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
    memset(table->cells + first, 0, table->field_count * sizeof *table->cells); /* absent */
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

bool fact_items_grow(struct fact_items *items, struct arena *scratch)
{
    size_t capacity = items->capacity > 0 ? items->capacity * 2 : 8;
    struct fact_cell *grown = ARENA_ARRAY(scratch, struct fact_cell, capacity);
    if (grown == NULL) {
        return false;
    }
    if (items->count > 0) {
        memcpy(grown, items->items, items->count * sizeof *grown);
    }
    items->items = grown;
    items->capacity = capacity;
    return true;
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

struct fact_cell *facts_new_list(struct facts *facts, size_t count, struct fact_cell *list)
{
    struct fact_list_pool *pool = &facts->lists;
    uint64_t need = (uint64_t)pool->count + count;
    *list = fact_cell_present(fact_list_value(pool->count, 0), FACT_NO_LOC);
    if (count == 0 || facts->status != PLIM_STATUS_OK ||
        (need > pool->capacity && !grow_lists(facts, need))) {
        return NULL;
    }
    struct fact_cell *cells = pool->cells + pool->count;
    list->value |= count;
    pool->count = (uint32_t)need;
    return cells;
}

void facts_set_items(struct facts *facts, enum fact_kind kind, fact_row row, unsigned field,
                     const struct fact_items *items, fact_loc loc)
{
    struct fact_cell list;
    struct fact_cell *cells = facts_new_list(facts, items->count, &list);
    for (size_t i = 0; cells != NULL && i < items->count; i++) {
        cells[i] = items->items[i];
        cells[i].loc = element_loc(facts, kind, row, field, items->items[i]);
    }
    list.loc = loc;
    facts_set_cell(facts, kind, row, field, list);
}

struct fact_cell facts_get(const struct facts *facts, enum fact_kind kind, fact_row row,
                           unsigned field)
{
    const struct fact_table *table = &facts->tables[kind];
    if (row >= table->count || field >= table->field_count) {
        return (struct fact_cell){.state = FACT_ABSENT};
    }
    struct fact_cell cell = table->cells[(size_t)row * table->field_count + field];
    cell.loc = cell.loc != FACT_NO_LOC ? cell.loc : table->row_locs[row];
    return cell;
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

fact_loc facts_earlier_loc(const struct facts *facts, fact_loc loc)
{
    uint32_t low = 0;
    uint32_t high = facts->over_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (facts->overs[middle].loc < loc) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < facts->over_count && facts->overs[low].loc == loc ? facts->overs[low].earlier
                                                                   : FACT_NO_LOC;
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
    return pool->cells[at];
}
