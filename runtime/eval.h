/* SPDX-License-Identifier: Apache-2.0
 *
 * eval.h - runs the rules of a program on a fact store.
 *
 * For each kind with rows, each row meets the units that could say something about it: a view and a
 * guard are tested before a unit is entered. Budgets: fuel per instruction and builtin cost (of
 * the run, and a quarter of it for any one rule), memory, deadline. A rule that exceeds its share
 * ends with an error outcome and the others go on. Thread rule: pure for shared program and facts;
 * any number of threads may evaluate them at a time.
 */
#ifndef RUNTIME_EVAL_H
#define RUNTIME_EVAL_H

#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/error.h>
#include <plimsoll/status.h>

#include "facts/store.h"
#include "runtime/outcome.h"
#include "runtime/params.h"
#include "runtime/program.h"

/* What a caller may choose; zero-initialise for the defaults in parentheses. */
struct eval_options {
    const plim_allocator *allocator;
    uint64_t fuel;        /* (50 million, or 5,000 per row of the store if that is more) */
    size_t memory_bytes;  /* of texts and lists made while evaluating (512 MiB) */
    size_t max_outcomes;  /* kept; more are counted (10,000) */
    uint64_t deadline_ns; /* from the start of the call by clock_ns (none) */
    const struct param_value *params;
    size_t param_count;
    const uint8_t *selected; /* per rule of the program, non-zero: run it (all) */
    int64_t now_ns;          /* time of the check; 0: unknown, so age() is unknown */
    uint64_t (*clock_ns)(void *user);
    int (*cancelled)(void *user); /* asked every 1,024 units of fuel */
    void *user;
};

struct eval;

/* Begins an evaluation in steps: fill the store, freeze it, eval_step, clear it, fill it again, and
 * at last eval_end. Budgets hold for all steps together; only the default of `fuel` is granted for
 * each. All arguments but `error` are borrowed until eval_end. USAGE for a bad parameter, NOMEM,
 * INTERNAL (program not verified). */
plim_status eval_begin(struct eval **out, const struct program *program, const struct facts *facts,
                       const struct eval_options *options, plim_error *error) PLIM_MUST_CHECK;

/* Judges the rows that are in the store now. OK; LIMIT when a budget ran out somewhere and STOPPED
 * when the caller cancelled: the evaluation may go on. NOMEM: it can only be ended. */
plim_status eval_step(struct eval *eval, plim_error *error) PLIM_MUST_CHECK;

/* Ends an evaluation and frees it; NULL is fine. `out` not NULL: receives the finished report, or
 * stays untouched when there is none, with the status that says why. Otherwise OK or the first
 * LIMIT or STOPPED of the steps. */
plim_status eval_end(struct eval *eval, struct report **out);

/* Evaluates in one step. OK; LIMIT when a budget ran out somewhere and STOPPED when the caller
 * cancelled, both with a complete report of what was done; USAGE for a bad parameter, NOMEM,
 * INTERNAL (program not verified) without one. `error` may be NULL. */
plim_status eval_run(struct report **out, const struct program *program, const struct facts *facts,
                     const struct eval_options *options, plim_error *error) PLIM_MUST_CHECK;

#endif
