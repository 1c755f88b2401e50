/* SPDX-License-Identifier: Apache-2.0
 *
 * fault_alloc.h - an allocator that fails on request and counts what is alive.
 *
 * Every parser and builder runs its scenarios through fault_alloc_run: once without a fault, then
 * with the 1st, 2nd, 3rd ... allocation failing, once only and from then on, until a run meets no
 * fault any more. Leaks, frees with a wrong size, and statuses other than OK or NOMEM fail the
 * calling cmocka test. Blocks are filled with 0xA5 when new and 0x5A when freed, so that reads of
 * memory nobody wrote show up. Thread rule: one thread at a time.
 */
#ifndef TESTS_UNIT_FAULT_ALLOC_H
#define TESTS_UNIT_FAULT_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

struct fault_alloc {
    plim_allocator allocator; /* hand &fault.allocator to the code under test */
    size_t calls;             /* allocations and growths so far; frees are not counted */
    size_t fail_at;           /* number of the call that fails, from 1; 0: none */
    bool sticky;              /* all calls from fail_at on fail */
    size_t failures;
    size_t live_blocks;
    size_t live_bytes;
    size_t peak_bytes;
    size_t size_errors; /* frees or growths that told a wrong old size */
};

/* Prepares the allocator. `fault` must not move afterwards. */
void fault_alloc_init(struct fault_alloc *fault, size_t fail_at, bool sticky);

/* One run of the code under test with this allocator; it frees all it allocated. It may assert. It
 * returns OK, or NOMEM when it met a failure; any other status fails the test. */
typedef plim_status fault_scenario(const plim_allocator *allocator, void *user);

/* Runs the scenario with every allocation failing in turn, one-shot and sticky, at most `max_calls`
 * of them (0: all). A run with a failure may still end OK when the code can do without; a run
 * without one must. Asserts through cmocka. */
void fault_alloc_run_max(fault_scenario *scenario, void *user, size_t max_calls);

/* fault_alloc_run_max without a limit. */
void fault_alloc_run(fault_scenario *scenario, void *user);

#endif
