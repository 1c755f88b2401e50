/* SPDX-License-Identifier: Apache-2.0
 *
 * compile.h - policy texts to a verified program and runnable tests: the door of the compiler.
 *
 * load (module.h), declare (scope.h), check (check.h), lower (lower.h), finish (emit.h), verify
 * (runtime/verify.h). Only a pack without errors is lowered. Who frees: compiled_free, or
 * compiled_take_program and compiled_free. Thread rule: one thread at a time per request.
 */
#ifndef COMPILER_COMPILE_H
#define COMPILER_COMPILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "compiler/ast.h"
#include "compiler/module.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/diag.h"
#include "core/source.h"
#include "runtime/params.h"
#include "runtime/program.h"

#define COMPILE_ANY UINT32_MAX /* any rule or arm */

struct compile_request {
    const plim_allocator *allocator; /* NULL: the default */
    struct source_set *sources;      /* texts are added; must outlive the tests and the messages */
    struct diag_list *diags;
    const struct module_input *inputs;
    size_t input_count;
    module_read *read; /* NULL: imports see the inputs only */
    void *user;
    bool keep_source; /* policy texts go into the program, for disasm and trace */
    uint64_t seed;    /* randomises the compiler's tables */
};

/* One `expect`, with names turned into numbers of the program. */
struct compiled_expect {
    enum ast_expect_kind kind;
    uint32_t rule;      /* FINDING, UNKNOWN */
    uint32_t arm;       /* FINDING: within the rule, or COMPILE_ANY */
    struct str file;    /* FINDING: empty for any */
    int64_t line;       /* FINDING: 0 for any */
    int64_t count;      /* COUNT */
    struct str pattern; /* MESSAGE: glob */
    struct span span;
};

struct compiled_test {
    struct str title;
    const uint32_t *rules; /* those to run */
    size_t rule_count;
    const struct ast_given *givens;
    bool has_now;
    int64_t now_ns; /* nanoseconds since 1970-01-01T00:00:00Z */
    const struct param_value *params;
    size_t param_count;
    const struct compiled_expect *expects;
    size_t expect_count;
    struct span span;
};

struct compiled {
    struct arena arena; /* of the tests; texts may lie in the sources */
    struct program *program;
    const struct compiled_test *tests;
    size_t test_count;
    uint32_t rule_count;
    uint32_t subject_count; /* units: rule and kind pairs */
};

/* Compiles all inputs and what they import as one pack. POLICY when there are errors, which are in
 * the diagnostics; NOMEM, LIMIT, INTERNAL (the program does not verify; the reason is in the
 * diagnostics). `*out` is untouched unless OK. */
plim_status compile_pack(struct compiled **out,
                         const struct compile_request *request) PLIM_MUST_CHECK;

/* Frees; NULL is fine. */
void compiled_free(struct compiled *compiled);

/* The program, now the caller's reference. */
struct program *compiled_take_program(struct compiled *compiled);

/* S-expressions of all checked rules with their units, for golden tests. Same statuses as
 * compile_pack; nothing is lowered. */
plim_status compile_dump_types(struct buf *out,
                               const struct compile_request *request) PLIM_MUST_CHECK;

#endif
