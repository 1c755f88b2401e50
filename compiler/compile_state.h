/* SPDX-License-Identifier: Apache-2.0
 *
 * compile_state.h - what the files of the driver share while one pack is compiled.
 *
 * compile.c runs the phases; compile_test.c turns `test` blocks into compiled tests. Everything
 * lives in `arena` unless it is part of the result. Thread rule: one thread at a time.
 */
#ifndef COMPILER_COMPILE_STATE_H
#define COMPILER_COMPILE_STATE_H

#include "compiler/check.h"
#include "compiler/compile.h"
#include "compiler/scope.h"

struct compile {
    const struct compile_request *request;
    const plim_allocator *allocator;
    struct compiled *result;
    struct arena arena; /* trees, symbols, typed trees */
    struct scope scope;
    struct check check;
    struct ast_module *modules;
    struct checked_rule *rules;
    uint32_t rule_count;
    size_t errors_before; /* of the list when the pack began */
};

/* Checks the tests of all modules and puts them into the result; marks the rules they name.
 * E0202, E0405, E0601. */
void compile_tests(struct compile *compile);

/* Time of "2026-01-31" or "2026-01-31T12:00:00Z" in nanoseconds since 1970; false when it is none.
 * Years 1970 to 2261. */
bool compile_parse_time(struct str text, int64_t *out);

#endif
