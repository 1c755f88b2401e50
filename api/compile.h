/* SPDX-License-Identifier: Apache-2.0
 *
 * compile.h - from the public form of policy sources to a compiled pack.
 *
 * Thread rule: one thread at a time per compilation.
 */
#ifndef API_COMPILE_H
#define API_COMPILE_H

#include "api/api.h"
#include "compiler/compile.h"

/* A pack with the texts its tests and messages point into. Zero-initialise. */
struct compilation {
    const plim_allocator *allocator;
    struct source_set sources;
    struct compiled *pack;
};

/* Checks options and sources, compiles, and hands diagnostics to `diags` (may be NULL). Statuses of
 * plim_policy_compile. The caller releases in any case. */
plim_status compilation_run(struct compilation *compilation, const plim_source *sources,
                            size_t count, const plim_compile_options *options, plim_diags *diags,
                            plim_error *error) PLIM_MUST_CHECK;

/* Frees pack and texts. Safe on a zeroed struct. */
void compilation_release(struct compilation *compilation);

#endif
