/* SPDX-License-Identifier: Apache-2.0
 *
 * vm.h - one unit on one row: registers, filter lists, the outcome being built, fuel.
 *
 * A struct vm is set up once per evaluation and reused for every unit and row. vm_run assumes a
 * verified program and checks nothing the verifier has checked. The operations that are not worth
 * inlining are in vm_ops.c, texts in vm_text.c. Who frees: vm_release. Thread rule: one thread.
 */
#ifndef RUNTIME_VM_H
#define RUNTIME_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "facts/store.h"
#include "runtime/builtins.h"
#include "runtime/eval.h"
#include "runtime/link.h"
#include "runtime/outcome.h"
#include "runtime/program.h"
#include "runtime/value.h"

enum vm_exit {
    VM_DONE,
    VM_RULE_FUEL, /* the rule used up its share */
    VM_FUEL,      /* the evaluation used up its fuel */
    VM_DEADLINE,
    VM_CANCELLED,
    VM_PATTERN, /* a pattern exceeded its match limit */
    VM_TEXT,    /* a text grew too long */
    VM_MEMORY,  /* the memory budget ran out */
    VM_NOMEM
};

enum {
    VM_SLICE = 1024,       /* units of fuel between looks at deadline and cancellation */
    VM_RULE_SHARE = 4,     /* one rule may use 1/4 of the fuel: others still run */
    VM_MAX_MESSAGE = 4096, /* bytes; messages are one line for people */
    VM_MAX_PIECE = 512,    /* bytes of one value in a message */
    VM_MAX_TEXT = 1 << 20, /* bytes of a text a builtin makes */
    VM_MAX_PLACES = 16,    /* further places of an outcome */
    VM_MAX_FIXES = 8,
    VM_MAX_SHOWN_ITEMS = 10, /* of a list in a message */
    VM_MATCH_FUEL_BYTES = 4  /* bytes of text a pattern may look at per unit of fuel */
};

/* Cells of a kind as the loop wants them. */
struct vm_table {
    const struct fact_cell *cells;
    uint32_t rows;
    uint32_t fields;
};

/* Elements kept by `filter`, with the doubt about each (VM_CERTAIN: none). */
struct vm_filter {
    struct fact_cell *cells;
    fact_cause *doubts;
    uint32_t count;
    uint32_t capacity;
    uint32_t certain; /* elements without doubt */
    fact_cause doubt; /* of the first doubtful element */
};

#define VM_CERTAIN UINT32_MAX

/* Causes beyond those of the store. */
enum vm_cause { VM_CAUSE_NO_TIME, VM_CAUSE_COUNT };

struct guard;

struct vm {
    struct link *link;
    const struct facts *facts;
    struct report *report;
    const struct eval_options *options;

    const struct program_unit *unit;
    const struct program_rule *rule;
    const struct program_type *types; /* of the registers of the unit */
    fact_row row;

    int64_t fuel;        /* left of the present slice */
    uint64_t granted;    /* slices begun during this unit */
    uint64_t total_left; /* not yet granted */
    uint64_t rule_left;  /* of the rule's share when the unit was entered */
    uint64_t deadline;   /* by options->clock_ns; 0: none */

    fact_loc at; /* place of the next outcome; FACT_NO_LOC: the row's */
    struct outcome_place places[VM_MAX_PLACES];
    uint32_t place_count;
    struct outcome_fix fixes[VM_MAX_FIXES];
    uint32_t fix_count;
    struct buf text;
    bool text_cut;
    bool denied; /* outcomes of this unit and row so far */
    bool undecided;

    struct arena scratch; /* filter lists of this unit and row */
    struct vm_filter **filters;
    uint32_t filter_count;
    uint32_t filter_capacity;
    struct buf made; /* text a builtin makes */

    struct guard *skips; /* of SKIP, by index into the program's guards; made when first needed */
    struct vm_table tables[FACT_KIND_COUNT];
    struct value r[PROGRAM_MAX_REGISTERS];
};

/* Prepares for any number of units; link and report are borrowed. */
void vm_init(struct vm *vm, struct link *link, struct report *report,
             const struct eval_options *options);

/* Meets the new content of the facts, after link_again: budgets go on, but the default of fuel is
 * granted anew. */
void vm_again(struct vm *vm);

/* Frees what the vm owns; link and report stay. */
void vm_release(struct vm *vm);

/* Runs a unit on a row with at most `rule_left` units of fuel; outcomes go to the report. `*used`
 * receives the fuel it took. */
enum vm_exit vm_run(struct vm *vm, const struct program_unit *unit, fact_row row,
                    uint64_t rule_left, uint64_t *used);

/* Sets registers and outcome state up for a unit and row, as vm_run does first. */
void vm_enter(struct vm *vm, const struct program_unit *unit, fact_row row, uint64_t rule_left);

/* ---- operations: see opcodes.def for what each must do ------------------------------------- */

/* More fuel, after `vm->fuel` went below 0; VM_DONE to go on. */
enum vm_exit vm_refuel(struct vm *vm);

/* Iterator over a list. */
static inline struct value vm_iterate(const struct vm *vm, struct value list)
{
    if (!value_is_present(list)) {
        return value_present(0);
    }
    list.bits = list.aux == 0 ? list.bits : vm->filters[list.aux - 1]->count;
    return list;
}

/* Membership in a set constant or parameter, or in a list. */
struct value vm_in_set(const struct vm *vm, struct value value, struct value set);
struct value vm_in_list(const struct vm *vm, struct value value, struct value list);
/* Number of elements, and the first one, of a list that may be absent or uncertain. */
struct value vm_count(const struct vm *vm, struct value list);
struct value vm_first(const struct vm *vm, struct value list);
/* Comparison `opcode` of two version texts. */
struct value vm_compare_versions(const struct vm *vm, struct value a, struct value b,
                                 unsigned opcode);
/* Whether a pattern matches a text, from the memo when it was asked before. */
enum vm_exit vm_match(struct vm *vm, struct value *out, struct value text, struct value pattern);

/* Loads element `index` of filter list `iterator->aux` into the three registers behind it. */
void vm_filter_element(const struct vm *vm, struct value *iterator, uint32_t index);

/* Moves the iterator of a loop over rows on, from the element it has loaded to the first one that
 * the guard does not rule out; `*more` is false when there is none. */
enum vm_exit vm_skip(struct vm *vm, struct value *iterator, unsigned guard, bool *more);

/* Begin a filter list over `source`, and add the iterator's element to one. */
enum vm_exit vm_new_list(struct vm *vm, struct value *out, struct value source);
enum vm_exit vm_push(struct vm *vm, struct value list, struct value iterator, struct value certain);

/* Calls a builtin and charges its cost. */
enum vm_exit vm_call(struct vm *vm, struct value *out, enum builtin builtin,
                     const struct value *arguments);

/* Place of a field of a row, and of the row. */
struct value vm_field_loc(const struct vm *vm, struct value row, unsigned kind, unsigned field);
struct value vm_row_loc(const struct vm *vm, struct value row, unsigned kind);

/* Parts of the outcome being built: places, message text, fix. */
void vm_at(struct vm *vm, struct value loc);
void vm_also(struct vm *vm, struct value loc, unsigned label);
void vm_text_clear(struct vm *vm);
void vm_text_constant(struct vm *vm, unsigned constant);
void vm_text_value(struct vm *vm, struct program_type type, struct value value);
void vm_fix(struct vm *vm, struct value loc, unsigned what);

/* Hand an outcome of an arm to the report: undecided for `doubt`, or denied with what was built. */
void vm_undecided(struct vm *vm, unsigned arm, struct value doubt);
enum vm_exit vm_emit(struct vm *vm, unsigned arm);

/* Elements of a present list; of a filter those kept so far. */
uint32_t vm_list_length(const struct vm *vm, struct value list);

/* Element `index` of a list, of the store or a filter; `*doubt` receives VM_CERTAIN or a cause. */
struct fact_cell vm_list_at(const struct vm *vm, struct value list, uint32_t index,
                            fact_cause *doubt);

/* Text and place of a cause, those of the VM included. */
struct str vm_cause_text(const struct facts *facts, fact_cause cause);
fact_loc vm_cause_loc(const struct facts *facts, fact_cause cause);

/* Appends a value as people write it. */
void vm_print(const struct vm *vm, struct buf *out, struct program_type type, struct value value);

#endif
