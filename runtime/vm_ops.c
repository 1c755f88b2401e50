/* SPDX-License-Identifier: Apache-2.0
 *
 * vm_ops.c - operations on sets, lists, patterns, places and outcomes, called by both loops. Texts
 * are in vm_text.c, the loop itself in vm_loop.inc.
 */
#include <string.h>

#include "runtime/bytecode.h"
#include "runtime/guard.h"
#include "runtime/version_order.h"
#include "runtime/vm.h"

static const char *const cause_texts[VM_CAUSE_COUNT] = {[VM_CAUSE_NO_TIME] =
                                                            "the time of the check was not given"};

struct str vm_cause_text(const struct facts *facts, fact_cause cause)
{
    if (cause < facts->cause_count) {
        return intern_view(&facts->strings, facts->causes[cause].text);
    }
    fact_cause own = cause - facts->cause_count;
    return str_from_cstr(own < VM_CAUSE_COUNT ? cause_texts[own] : "not known");
}

fact_loc vm_cause_loc(const struct facts *facts, fact_cause cause)
{
    return cause < facts->cause_count ? facts->causes[cause].loc : FACT_NO_LOC;
}

struct value vm_in_set(const struct vm *vm, struct value value, struct value set)
{
    if (!value_is_present(value) || !value_is_present(set)) {
        return value_doubt2(value, set);
    }
    return value_bool(link_set_has(vm->link, (uint32_t)set.bits, value.bits));
}

struct fact_cell vm_list_at(const struct vm *vm, struct value list, uint32_t index,
                            fact_cause *doubt)
{
    uint32_t at = fact_list_first(list.bits) + index;
    if (list.aux == 0) {
        const struct fact_list_pool *pool = &vm->facts->lists;
        *doubt = VM_CERTAIN;
        return pool->cells[at];
    }
    const struct vm_filter *filter = vm->filters[list.aux - 1];
    *doubt = filter->doubts[at];
    return filter->cells[at];
}

uint32_t vm_list_length(const struct vm *vm, struct value list)
{
    return list.aux == 0 ? fact_list_count(list.bits) : vm->filters[list.aux - 1]->count;
}

struct value vm_in_list(const struct vm *vm, struct value value, struct value list)
{
    if (list.state == FACT_ABSENT) {
        return value_bool(false);
    }
    if (!value_is_present(value) || !value_is_present(list)) {
        return value_doubt2(value, list);
    }
    struct value result = value_bool(false);
    uint32_t length = vm_list_length(vm, list);
    for (uint32_t i = 0; i < length; i++) {
        fact_cause doubt;
        struct fact_cell cell = vm_list_at(vm, list, i, &doubt);
        bool same = cell.state == FACT_PRESENT && cell.value == value.bits;
        if (same && doubt == VM_CERTAIN) {
            return value_bool(true);
        }
        if (value_is_present(result) && (same || cell.state != FACT_PRESENT)) {
            fact_cause cause = cell.state == FACT_UNKNOWN ? (fact_cause)cell.value : 0;
            result = value_unknown(same ? doubt : cause);
        }
    }
    return result;
}

struct value vm_count(const struct vm *vm, struct value list)
{
    if (list.state == FACT_UNKNOWN) {
        return value_doubt(list);
    }
    if (list.state == FACT_ABSENT) {
        return value_count(0, 0, 0);
    }
    if (list.aux == 0) {
        uint32_t count = fact_list_count(list.bits);
        return value_count(count, count, 0);
    }
    const struct vm_filter *filter = vm->filters[list.aux - 1];
    return value_count(filter->certain, filter->count, filter->doubt);
}

struct value vm_first(const struct vm *vm, struct value list)
{
    if (list.state == FACT_UNKNOWN) {
        return value_doubt(list);
    }
    if (list.state == FACT_ABSENT || vm_list_length(vm, list) == 0) {
        return value_absent();
    }
    fact_cause doubt;
    struct fact_cell cell = vm_list_at(vm, list, 0, &doubt);
    if (doubt != VM_CERTAIN) {
        return value_unknown(doubt);
    }
    return (struct value){.bits = cell.value, .state = (uint32_t)cell.state};
}

struct value vm_compare_versions(const struct vm *vm, struct value a, struct value b,
                                 unsigned opcode)
{
    if (!value_is_present(a) || !value_is_present(b)) {
        return value_doubt2(a, b);
    }
    int order = a.bits == b.bits ? 0
                                 : version_order(link_text(vm->link, (intern_id)a.bits),
                                                 link_text(vm->link, (intern_id)b.bits));
    return value_bool(opcode == OP_EQV ? order == 0 : opcode == OP_LTV ? order < 0 : order <= 0);
}

enum vm_exit vm_match(struct vm *vm, struct value *out, struct value text, struct value pattern)
{
    if (!value_is_present(text) || !value_is_present(pattern)) {
        *out = value_doubt2(text, pattern);
        return VM_DONE;
    }
    size_t length = link_text(vm->link, (intern_id)text.bits).len;
    switch (link_pattern_match(vm->link, (uint32_t)pattern.bits, (intern_id)text.bits)) {
    case LINK_MATCH:
        *out = value_bool(true);
        break;
    case LINK_NO_MATCH:
        *out = value_bool(false);
        break;
    case LINK_MATCH_LIMIT:
        return VM_PATTERN;
    case LINK_MATCH_NOMEM:
        return arena_status(&vm->link->arena) == PLIM_STATUS_LIMIT ? VM_MEMORY : VM_NOMEM;
    }
    vm->fuel -= (int64_t)(length / VM_MATCH_FUEL_BYTES);
    return VM_DONE;
}

void vm_filter_element(const struct vm *vm, struct value *iterator, uint32_t index)
{
    const struct vm_filter *filter = vm->filters[iterator->aux - 1];
    struct fact_cell cell = filter->cells[index];
    iterator[1] = (struct value){.bits = cell.value, .state = (uint32_t)cell.state};
    iterator[2] = value_present(cell.loc);
    iterator[3] = filter->doubts[index] == VM_CERTAIN ? value_bool(true)
                                                      : value_unknown(filter->doubts[index]);
}

static enum vm_exit arena_exit(const struct arena *arena)
{
    return arena_status(arena) == PLIM_STATUS_NOMEM ? VM_NOMEM : VM_MEMORY;
}

/* The guard at a node, prepared; NULL when memory ends. */
static const struct guard *skip_guard(struct vm *vm, enum fact_kind kind, unsigned number)
{
    struct link *link = vm->link;
    const struct program_guard *node = &link->program->guards[number];
    if (vm->skips == NULL) {
        vm->skips = ARENA_ARRAY(&link->kept, struct guard, link->program->guard_count);
    }
    if (vm->skips == NULL ||
        (vm->skips[number].tests == NULL &&
         !guard_prepare_nodes(&vm->skips[number], link, kind, node + 1, node->operand))) {
        return NULL;
    }
    return &vm->skips[number];
}

enum vm_exit vm_skip(struct vm *vm, struct value *iterator, unsigned number, bool *more)
{
    enum fact_kind kind = (enum fact_kind)vm->types[iterator - vm->r].argument;
    const struct guard *guard = skip_guard(vm, kind, number);
    if (guard == NULL) {
        return arena_exit(&vm->link->kept);
    }
    const struct vm_table *table = &vm->tables[kind];
    const struct fact_cell *cells = vm->facts->lists.cells;
    uint32_t first = (uint32_t)(iterator->bits >> 32); /* behind the element that is loaded */
    uint32_t end = first + (uint32_t)iterator->bits;
    uint32_t next = first;
    const struct fact_cell *cell = &cells[next - 1];
    while (cell->state == FACT_PRESENT && cell->value < table->rows &&
           !guard_allows_row(vm->link, guard, &table->cells[cell->value * table->fields])) {
        if (next == end) {
            *more = false;
            break;
        }
        cell = &cells[next++];
    }
    vm->fuel -= (int64_t)(next - first);
    iterator[0].bits = (uint64_t)next << 32 | (end - next);
    iterator[1] = (struct value){.bits = cell->value, .state = cell->state};
    iterator[2].bits = cell->loc;
    return VM_DONE;
}

enum vm_exit vm_new_list(struct vm *vm, struct value *out, struct value source)
{
    if (source.state == FACT_UNKNOWN) {
        *out = value_doubt(source);
        return VM_DONE;
    }
    if (vm->filter_count == vm->filter_capacity) {
        uint32_t capacity = vm->filter_capacity > 0 ? vm->filter_capacity * 2 : 8;
        struct vm_filter **grown = ARENA_ARRAY(&vm->scratch, struct vm_filter *, capacity);
        if (grown == NULL) {
            return arena_exit(&vm->scratch);
        }
        if (vm->filter_count > 0) {
            memcpy(grown, vm->filters, vm->filter_count * sizeof *grown);
        }
        vm->filters = grown;
        vm->filter_capacity = capacity;
    }
    struct vm_filter *filter = ARENA_NEW(&vm->scratch, struct vm_filter);
    if (filter == NULL) {
        return arena_exit(&vm->scratch);
    }
    vm->filters[vm->filter_count++] = filter;
    *out = (struct value){.state = FACT_PRESENT, .aux = vm->filter_count};
    return VM_DONE;
}

static bool grow_filter(struct vm *vm, struct vm_filter *filter)
{
    uint32_t capacity = filter->capacity > 0 ? filter->capacity * 2 : 8;
    struct fact_cell *cells = ARENA_ARRAY(&vm->scratch, struct fact_cell, capacity);
    fact_cause *doubts = ARENA_ARRAY(&vm->scratch, fact_cause, capacity);
    if (cells == NULL || doubts == NULL) {
        return false;
    }
    if (filter->count > 0) {
        memcpy(cells, filter->cells, filter->count * sizeof *cells);
        memcpy(doubts, filter->doubts, filter->count * sizeof *doubts);
    }
    filter->cells = cells;
    filter->doubts = doubts;
    filter->capacity = capacity;
    return true;
}

enum vm_exit vm_push(struct vm *vm, struct value list, struct value iterator, struct value certain)
{
    if (!value_is_present(list) || list.aux == 0 || value_is_false(certain)) {
        return VM_DONE;
    }
    struct vm_filter *filter = vm->filters[list.aux - 1];
    if (filter->count == filter->capacity && !grow_filter(vm, filter)) {
        return arena_exit(&vm->scratch);
    }
    /* The iterator has moved on to the next element; the present one may itself be doubtful. */
    fact_cause doubt;
    struct value source = {.aux = iterator.aux};
    uint32_t index = fact_list_first(iterator.bits) - 1;
    struct fact_cell cell = vm_list_at(vm, source, index, &doubt);
    if (!value_is_present(certain)) {
        doubt = (fact_cause)value_doubt(certain).bits;
    }
    filter->cells[filter->count] = cell;
    filter->doubts[filter->count] = doubt;
    filter->count++;
    if (doubt == VM_CERTAIN) {
        filter->certain++;
    } else if (filter->count - filter->certain == 1) {
        filter->doubt = doubt;
    }
    return VM_DONE;
}

struct value vm_row_loc(const struct vm *vm, struct value row, unsigned kind)
{
    if (!value_is_present(row)) {
        return row.state == FACT_UNKNOWN ? value_doubt(row) : value_absent();
    }
    return value_present(facts_row_loc(vm->facts, (enum fact_kind)kind, (fact_row)row.bits));
}

struct value vm_field_loc(const struct vm *vm, struct value row, unsigned kind, unsigned field)
{
    if (!value_is_present(row)) {
        return row.state == FACT_UNKNOWN ? value_doubt(row) : value_absent();
    }
    struct fact_cell cell = facts_get(vm->facts, (enum fact_kind)kind, (fact_row)row.bits, field);
    const struct fact_field_info *info = &schema_kind((enum fact_kind)kind)->fields[field];
    bool refers =
        cell.state == FACT_PRESENT && info->type == FACT_ROW && info->cardinality != FACT_LIST;
    fact_loc row_loc = facts_row_loc(vm->facts, (enum fact_kind)kind, (fact_row)row.bits);
    if (refers && cell.loc == row_loc) { /* no place of its own: that of what it refers to */
        return value_present(
            facts_row_loc(vm->facts, (enum fact_kind)info->argument, (fact_row)cell.value));
    }
    return value_present(cell.loc);
}

static fact_loc row_place(const struct vm *vm)
{
    return facts_row_loc(vm->facts, (enum fact_kind)vm->unit->kind, vm->row);
}

void vm_at(struct vm *vm, struct value loc)
{
    vm->at = value_is_present(loc) ? (fact_loc)loc.bits : FACT_NO_LOC;
    vm->place_count = 0;
    vm->fix_count = 0;
}

/* The text built so far, in the report's memory. */
static struct str keep_text(struct vm *vm)
{
    return arena_copy_str(&vm->report->arena, buf_view(&vm->text));
}

void vm_also(struct vm *vm, struct value loc, unsigned label)
{
    const struct program *program = vm->link->program;
    if (!value_is_present(loc) || vm->place_count == VM_MAX_PLACES ||
        !report_has_room(vm->report)) {
        return;
    }
    struct str text = STR("");
    if (label == PROGRAM_TEXT_LABEL) {
        text = keep_text(vm);
    } else if (label != PROGRAM_NO_LABEL) {
        text = program_str(program, program->texts[label]);
    }
    vm->places[vm->place_count++] =
        (struct outcome_place){.loc = (fact_loc)loc.bits, .label = text};
}

void vm_fix(struct vm *vm, struct value loc, unsigned what)
{
    /* Half a replacement would be worse than none. */
    if (!value_is_present(loc) || vm->text_cut || vm->fix_count == VM_MAX_FIXES ||
        !report_has_room(vm->report)) {
        return;
    }
    vm->fixes[vm->fix_count++] = (struct outcome_fix){.edit = (enum outcome_edit)(what & 3),
                                                      .safe = (what & 4) != 0,
                                                      .loc = (fact_loc)loc.bits,
                                                      .text = keep_text(vm)};
}

static struct outcome start_outcome(const struct vm *vm, enum outcome_kind kind, unsigned arm)
{
    return (struct outcome){.kind = kind,
                            .rule = vm->unit->rule,
                            .arm =
                                arm == PROGRAM_ANY_ARM ? OUTCOME_NO_ARM : vm->rule->first_arm + arm,
                            .subject_kind = (enum fact_kind)vm->unit->kind,
                            .subject = vm->row,
                            .loc = vm->at != FACT_NO_LOC ? vm->at : row_place(vm)};
}

void vm_undecided(struct vm *vm, unsigned arm, struct value doubt)
{
    if (vm->rule->unknown == PROGRAM_UNKNOWN_PASS) {
        return;
    }
    vm->undecided = true;
    struct outcome outcome = start_outcome(vm, OUTCOME_UNDECIDED, arm);
    fact_cause cause = (fact_cause)value_doubt(doubt).bits;
    fact_loc loc = vm_cause_loc(vm->facts, cause);
    outcome.message = vm_cause_text(vm->facts, cause);
    if (loc != FACT_NO_LOC && loc != outcome.loc && report_has_room(vm->report)) {
        struct outcome_place *place = ARENA_NEW(&vm->report->arena, struct outcome_place);
        if (place != NULL) {
            *place = (struct outcome_place){.loc = loc, .label = STR("decided here")};
            outcome.related = place;
            outcome.related_count = 1;
        }
    }
    report_add(vm->report, &outcome);
}

enum vm_exit vm_emit(struct vm *vm, unsigned arm)
{
    struct arena *arena = &vm->report->arena;
    struct outcome outcome = start_outcome(vm, OUTCOME_DENIED, arm);
    vm->denied = true;
    if (buf_status(&vm->text) == PLIM_STATUS_NOMEM) {
        return VM_NOMEM;
    }
    if (report_has_room(vm->report)) {
        outcome.message = keep_text(vm);
        struct outcome_place *places = ARENA_ARRAY(arena, struct outcome_place, vm->place_count);
        struct outcome_fix *fixes = ARENA_ARRAY(arena, struct outcome_fix, vm->fix_count);
        if (places == NULL || fixes == NULL) {
            return arena_exit(arena);
        }
        memcpy(places, vm->places, vm->place_count * sizeof *places);
        memcpy(fixes, vm->fixes, vm->fix_count * sizeof *fixes);
        outcome.related = places;
        outcome.related_count = vm->place_count;
        outcome.fixes = fixes;
        outcome.fix_count = vm->fix_count;
    }
    report_add(vm->report, &outcome);
    vm->at = FACT_NO_LOC;
    vm->place_count = 0;
    vm->fix_count = 0;
    return VM_DONE;
}
