/* SPDX-License-Identifier: Apache-2.0
 *
 * budget.h - resource limits of one run. Exceeding one is an outcome of its own, never a pass.
 */
#ifndef PLIMSOLL_BUDGET_H
#define PLIMSOLL_BUDGET_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Set struct_size with PLIM_BUDGET_INIT; a zero field means the default in parentheses. */
typedef struct plim_budget {
    size_t struct_size;
    uint64_t fuel;        /* instructions and builtin costs of one evaluation (50,000,000) */
    size_t memory_bytes;  /* facts, and again evaluation (512 MiB) */
    size_t file_bytes;    /* one input (16 MiB) */
    size_t policy_bytes;  /* one policy file (1 MiB) */
    size_t findings;      /* kept findings; more are counted (10,000) */
    uint64_t deadline_ns; /* wall clock of one evaluation; 0: none. Needs plim_io.clock_ns */
} plim_budget;

#define PLIM_BUDGET_INIT                                                                           \
    {                                                                                              \
        .struct_size = sizeof(plim_budget)                                                         \
    }

#ifdef __cplusplus
}
#endif
#endif
