/* SPDX-License-Identifier: Apache-2.0
 *
 * lower.h - checked rules to register code.
 *
 * lower_regs hands out registers, lower_expr makes values, lower_list loops over lists, lower_rule
 * makes units and the tables of rules. A register has one type for its whole unit. Temporaries are
 * given back as soon as they were read; registers of locals are kept until the unit ends. Running
 * out of anything is reported once (E0406) and makes the rest of the unit a no-op.
 * Thread rule: one thread at a time.
 */
#ifndef COMPILER_LOWER_H
#define COMPILER_LOWER_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler/emit.h"
#include "compiler/typed.h"
#include "core/arena.h"
#include "core/diag.h"
#include "runtime/program.h"

#define LOWER_ANY UINT32_MAX /* no wish where the result goes */

enum lower_use { LOWER_FREE, LOWER_TEMPORARY, LOWER_KEPT };

struct lower {
    struct emit *emit;
    struct arena *arena;
    struct diag_list *diags;
    const uint32_t *file_of; /* by source id: number in the program's files */
    size_t file_of_count;
    const struct checked_rule *rule;
    struct program_type types[PROGRAM_MAX_REGISTERS];
    uint8_t use[PROGRAM_MAX_REGISTERS]; /* enum lower_use */
    unsigned register_count;
    unsigned loops;   /* open ones */
    uint32_t certain; /* register: all conditions so far; LOWER_ANY when none was needed yet */
    bool failed;      /* the unit exceeded a limit: stop */
};

/* ---- lower_regs.c ---- */

/* Forgets all registers but 0, the row of this kind. */
void lower_regs_reset(struct lower *lower, enum fact_kind kind);

/* A free register of a type; `count` ones in a row for lower_regs_take_row. */
unsigned lower_take(struct lower *lower, struct program_type type);
unsigned lower_take_row(struct lower *lower, const struct program_type *types, unsigned count);

/* Gives a temporary back; kept registers stay. */
void lower_drop(struct lower *lower, unsigned reg);

/* Protects a register until the unit ends, or makes it a temporary again. */
void lower_keep(struct lower *lower, unsigned reg);
void lower_unkeep(struct lower *lower, unsigned reg);

/* E0406 once per unit. */
void lower_fail(struct lower *lower, struct span span, const char *reason);

/* Frequent types. */
struct program_type lower_type(enum program_base base);

/* The span as programs store it; file UINT32_MAX when its source is no policy. */
struct program_span lower_span(const struct lower *lower, struct span span);

/* ---- lower_expr.c ---- */

/* Code for a value; in register `want` when that is not LOWER_ANY. The last instruction that writes
 * the result has the span of the expression. Returns the register. */
unsigned lower_expr(struct lower *lower, const struct typed *expr, uint32_t want);

/* Code for a condition that jumps to `otherwise` when it is false; the register then holds true or
 * unknown. */
unsigned lower_condition(struct lower *lower, const struct typed *expr,
                         struct emit_label *otherwise);

/* Code for the place of a path. */
unsigned lower_place(struct lower *lower, const struct typed *path);

/* Number of the set of a TYPED_SET. */
unsigned lower_set(struct lower *lower, const struct typed *set);

/* A constant as it stands in tables of sets and parameters. */
int64_t lower_constant(struct lower *lower, const struct typed *value);

/* ---- lower_guard.c ---- */

/* What must hold of a row: a list as of PROGRAM_ALL. */
struct lower_guard {
    struct program_guard nodes[PROGRAM_MAX_GUARD];
    uint32_t count;
};

/* Finds what must hold of the judged row for a unit to have any outcome; adds constants to the
 * program, but not the nodes. */
void lower_guard_of(struct lower *lower, const struct checked_unit *unit,
                    struct lower_guard *guard);

/* The same of an element of a list: for a condition on it to have this truth, or for the clauses
 * behind its `each` and the arms to have any outcome. */
void lower_skip_condition(struct lower *lower, const struct local *element,
                          const struct typed *condition, bool truth, struct lower_guard *guard);
void lower_skip_clauses(struct lower *lower, const struct local *element,
                        const struct checked_clause *clauses, const struct checked_arm *arms,
                        struct lower_guard *guard);

/* ---- lower_list.c ---- */

/* An open loop. */
struct lower_loop {
    uint32_t start;          /* its FOR */
    unsigned iterator;       /* with element, place and certainty behind it */
    struct emit_label skip;  /* to the next element */
    struct emit_label leave; /* behind the loop */
};

/* Opens a loop over the list in a register; `local` gets the element's registers. Elements that the
 * guard rules out are left out. */
void lower_loop_open(struct lower *lower, struct lower_loop *loop, unsigned list,
                     struct local *local, const struct lower_guard *guard, struct span span);
/* Closes it and frees its registers. */
void lower_loop_close(struct lower *lower, struct lower_loop *loop, struct span span);

/* Whether elements of a list may be there or not: filters, in contrast to facts. */
bool lower_is_uncertain(const struct typed *list);

/* Code for any, all, no and one, and for a filter; as lower_expr. */
unsigned lower_quantified(struct lower *lower, const struct typed *expr, uint32_t want);
unsigned lower_filter(struct lower *lower, const struct typed *expr, uint32_t want);

/* ---- lower_rule.c ---- */

/* Tables and units of a rule. */
void lower_rule(struct lower *lower, const struct checked_rule *rule);

/* Entry of a parameter; in order of their numbers. */
struct symbol;
void lower_param(struct lower *lower, const struct symbol *param);

#endif
