/* SPDX-License-Identifier: Apache-2.0
 *
 * trace.h - why a rule fired or did not: re-runs it clause by clause; and coverage of conditions.
 *
 * A second execution loop that steps one instruction at a time over the same operations as the VM;
 * the hot loop has no hooks. Thread rule: as eval.h; a coverage object serves one thread.
 */
#ifndef RUNTIME_TRACE_H
#define RUNTIME_TRACE_H

#include <stdint.h>

#include <plimsoll/error.h>
#include <plimsoll/status.h>

#include "core/buf.h"
#include "core/source.h"
#include "core/str.h"
#include "facts/store.h"
#include "runtime/eval.h"
#include "runtime/program.h"

/* Runs rule `rule` on its subjects whose place begins in `path` at `line` (0: any line; an empty
 * path: any file) and appends each clause with source text, result and operand values, and the
 * clause that stopped it. NOT_FOUND when the rule has no subject there; LIMIT, NOMEM. Lines are
 * counted here, because the store's line index may not be built by shared readers. */
plim_status trace_rule(struct buf *out, const struct program *program, const struct facts *facts,
                       uint32_t rule, struct str path, uint32_t line,
                       const struct eval_options *options, plim_error *error) PLIM_MUST_CHECK;

/* How often each conditional jump saw true, false and unknown, by index of its instruction. */
struct trace_count {
    uint64_t yes;
    uint64_t no;
    uint64_t unknown;
};

/* Runs all selected rules on all rows and adds to `counts`, which has program->code_count zeroed or
 * earlier filled items. */
plim_status trace_coverage(struct trace_count *counts, const struct program *program,
                           const struct facts *facts, const struct eval_options *options,
                           plim_error *error) PLIM_MUST_CHECK;

/* Appends a line per condition of the rules in `selected` (NULL: all): place, source text, counts,
 * and a mark on those that never saw both true and false. */
void trace_print_coverage(struct buf *out, const struct program *program,
                          const struct trace_count *counts, const uint8_t *selected);

#endif
