/* SPDX-License-Identifier: Apache-2.0
 *
 * emit.h - a program under construction: code with labels, constant pools, tables.
 *
 * Lowering appends; emit_finish copies everything into one immutable struct program. Failures are
 * sticky: NOMEM, or LIMIT when a pool outgrows what an instruction can name. Knows instructions and
 * tables, no expressions. Who frees: emit_release. Thread rule: one thread at a time.
 */
#ifndef COMPILER_EMIT_H
#define COMPILER_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/buf.h"
#include "core/intern.h"
#include "core/source.h"
#include "core/str.h"
#include "runtime/bytecode.h"
#include "runtime/program.h"

/* A place jumped to before it is known. Zero-initialise; the jumps wait in a chain through their
 * own operands. */
struct emit_label {
    uint32_t last; /* position of the newest waiting jump within the unit, plus 1 */
};

struct emit {
    const plim_allocator *allocator;
    plim_status status;
    struct buf strings; /* texts of tables; string constants are added at the end */
    struct buf code, source_map, sets, set_items, params, covers, arms, rules, units;
    struct buf register_types, files, guards;
    struct interner texts;    /* string constants: id is index */
    struct interner ints;     /* eight bytes each: id - 1 is index */
    struct interner patterns; /* kind byte and text: id - 1 is index */
    struct buf key;
    uint32_t unit_start; /* first instruction of the open unit */
    uint32_t set_item_count;
};

/* Prepares; NOMEM. `seed` randomises the tables of constants. */
plim_status emit_init(struct emit *emit, const plim_allocator *allocator,
                      uint64_t seed) PLIM_MUST_CHECK;

/* Frees everything. Safe on a zeroed struct. */
void emit_release(struct emit *emit);

/* OK, or the first failure: NOMEM or LIMIT. */
plim_status emit_status(const struct emit *emit);

/* Appends an instruction of the format ABC, AI, I or N. */
void emit_abc(struct emit *emit, enum opcode op, unsigned a, unsigned b, unsigned c,
              struct program_span span);
void emit_ai(struct emit *emit, enum opcode op, unsigned a, unsigned imm, struct program_span span);

/* Appends a forward jump (or FOR) to a label, and puts a label here. */
void emit_jump(struct emit *emit, enum opcode op, unsigned a, struct emit_label *label,
               struct program_span span);
void emit_bind(struct emit *emit, struct emit_label *label);

/* LOOP back to the FOR at `target`, a position within the unit. */
void emit_loop(struct emit *emit, uint32_t target, struct program_span span);

/* Position of the next instruction within the open unit. */
uint32_t emit_here(const struct emit *emit);

/* Constants: the index an instruction names. 0 after a failure. */
unsigned emit_text(struct emit *emit, struct str text);
unsigned emit_int(struct emit *emit, int64_t value);
unsigned emit_pattern(struct emit *emit, enum program_pattern_kind kind, struct str text);

/* A set in three steps; items are string constants, integers or members. */
unsigned emit_set_begin(struct emit *emit, struct program_type element, uint32_t count,
                        uint32_t param);
void emit_set_item(struct emit *emit, int64_t item);

/* Text for a table (not a constant of code). */
struct program_text emit_string(struct emit *emit, struct str text);

/* Appends one record to a table. */
void emit_record(struct emit *emit, struct buf *table, const void *record, size_t size);
#define EMIT_RECORD(emit, table, record)                                                           \
    emit_record((emit), &(emit)->table, &(record), sizeof(record))

/* Number of records in a table. */
#define EMIT_COUNT(emit, table, type) ((uint32_t)((emit)->table.len / sizeof(type)))

/* The program, unverified, with one reference. NOMEM or LIMIT. */
plim_status emit_finish(struct emit *emit, struct program **out) PLIM_MUST_CHECK;

#endif
