/* SPDX-License-Identifier: Apache-2.0
 *
 * vm.c - the hot loop and what surrounds one run of it. See vm.h and vm_loop.inc.
 */
#include "runtime/vm.h"

#include "core/alloc.h"
#include "runtime/bytecode.h"

#define VM_LOOP_NAME run_unit
#define VM_HOOK(pc) ((void)0)
#define VM_SKIPS true
#include "runtime/vm_loop.inc"
#undef VM_LOOP_NAME
#undef VM_HOOK
#undef VM_SKIPS

static uint64_t default_fuel(const struct facts *facts)
{
    const uint64_t least = 50000000;
    const uint64_t per_row = 5000;
    uint64_t rows = 0;
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        rows += facts->tables[kind].count;
    }
    return rows * per_row > least ? rows * per_row : least;
}

void vm_init(struct vm *vm, struct link *link, struct report *report,
             const struct eval_options *options)
{
    const struct facts *facts = link->facts;
    *vm = (struct vm){.link = link, .facts = facts, .report = report, .options = options};
    vm->total_left = options->fuel;
    if (options->deadline_ns > 0 && options->clock_ns != NULL) {
        uint64_t now = options->clock_ns(options->user);
        vm->deadline = options->deadline_ns < UINT64_MAX - now ? now + options->deadline_ns : 0;
    }
    buf_init(&vm->text, link->allocator, VM_MAX_MESSAGE);
    buf_init(&vm->made, link->allocator, VM_MAX_TEXT);
    arena_init(&vm->scratch, link->allocator, link->arena.max);
    vm_again(vm);
}

void vm_again(struct vm *vm)
{
    const struct facts *facts = vm->facts;
    if (vm->options->fuel == 0) {
        vm->total_left = default_fuel(facts);
    }
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        const struct fact_table *table = &facts->tables[kind];
        vm->tables[kind] = (struct vm_table){
            .cells = table->cells, .rows = table->count, .fields = table->field_count};
    }
}

void vm_release(struct vm *vm)
{
    buf_release(&vm->text);
    buf_release(&vm->made);
    arena_release(&vm->scratch);
}

void vm_enter(struct vm *vm, const struct program_unit *unit, fact_row row, uint64_t rule_left)
{
    const struct program *program = vm->link->program;
    vm->unit = unit;
    vm->rule = &program->rules[unit->rule];
    vm->types = program->register_types + unit->first_register;
    vm->row = row;
    vm->rule_left = rule_left;
    vm->granted = 0;
    vm->at = FACT_NO_LOC;
    vm->place_count = 0;
    vm->fix_count = 0;
    vm->denied = false;
    vm->undecided = false;
    vm->r[0] = value_present(row);
    if (vm->filter_capacity > 0) {
        arena_clear(&vm->scratch);
        vm->filters = NULL;
        vm->filter_count = 0;
        vm->filter_capacity = 0;
    }
}

enum vm_exit vm_refuel(struct vm *vm)
{
    const struct eval_options *options = vm->options;
    if (vm->fuel >= 0) {
        return VM_DONE;
    }
    uint64_t need = (uint64_t)-vm->fuel + VM_SLICE;
    if (vm->granted > vm->rule_left) {
        return VM_RULE_FUEL;
    }
    if (vm->total_left < need) {
        return VM_FUEL;
    }
    if (options->cancelled != NULL && options->cancelled(options->user) != 0) {
        return VM_CANCELLED;
    }
    if (vm->deadline > 0 && options->clock_ns(options->user) > vm->deadline) {
        return VM_DEADLINE;
    }
    vm->total_left -= need;
    vm->granted += need;
    vm->fuel += (int64_t)need;
    return VM_DONE;
}

enum vm_exit vm_run(struct vm *vm, const struct program_unit *unit, fact_row row,
                    uint64_t rule_left, uint64_t *used)
{
    int64_t before = vm->fuel;
    vm_enter(vm, unit, row, rule_left);
    enum vm_exit exit = run_unit(vm);
    *used = (uint64_t)(before - vm->fuel) + vm->granted;
    return exit;
}
