/* SPDX-License-Identifier: Apache-2.0
 *
 * test.h - run the tests that stand beside rules in policy files.
 */
#ifndef PLIMSOLL_TEST_H
#define PLIMSOLL_TEST_H

#include <stddef.h>

#include <plimsoll/budget.h>
#include <plimsoll/diag.h>
#include <plimsoll/error.h>
#include <plimsoll/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plim_test_summary {
    size_t struct_size; /* set by the caller: only that much is filled */
    size_t passed, failed;
} plim_test_summary;

#define PLIM_TEST_SUMMARY_INIT                                                                     \
    {                                                                                              \
        .struct_size = sizeof(plim_test_summary)                                                   \
    }

typedef struct plim_test_options {
    size_t struct_size;
    const plim_allocator *allocator;
    const plim_budget *budget;
    const char *const *rules; /* names, ids or wildcards: only tests of these; none: all */
    size_t rule_count;
    int coverage; /* append how often each condition was true, false and unknown */
    int verbose;  /* a line for each passing test, too */
    int color;
} plim_test_options;

#define PLIM_TEST_OPTIONS_INIT                                                                     \
    {                                                                                              \
        .struct_size = sizeof(plim_test_options)                                                   \
    }

/* Compiles the sources and runs every `test` in them. `*out` receives the failures with place,
 * expectation and the values of the operands, then a line with the counts; `*summary` the counts.
 * OK also when tests fail. POLICY with diagnostics when the sources do not compile or a test is
 * malformed; LIMIT; NOMEM. `compile`, `options`, `diags`, `error` may be NULL. Thread-safe. */
PLIM_API plim_status plim_test(const plim_source *sources, size_t count,
                               const plim_compile_options *compile,
                               const plim_test_options *options, plim_diags *diags,
                               plim_test_summary *summary, plim_text *out,
                               plim_error *error) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
