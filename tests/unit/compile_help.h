/* SPDX-License-Identifier: Apache-2.0
 *
 * compile_help.h - compiles a text within a test and says what came of it in one string.
 *
 * Used by the tests of the compiler's back half. A summary has one line per message, sorted,
 * without W0103: `E0301 2:9 message | caret text`. Thread rule: one thread at a time.
 */
#ifndef TESTS_UNIT_COMPILE_HELP_H
#define TESTS_UNIT_COMPILE_HELP_H

#include <stddef.h>

#include "compiler/compile.h"

/* All properties a rule needs, on the first line; the body begins on line 2. */
#define COMPILE_HEAD                                                                               \
    "rule r { id \"PL6001\" title \"t\" why \"w\" remedy \"m\" severity low section style since "  \
    "\"1.0.0\"\n"
#define COMPILE_RULE(body) COMPILE_HEAD body "\n}\n"

struct compile_case {
    const char *text;
    const char *summary;
};

struct compile_help {
    struct source_set sources;
    struct diag_list diags;
    struct compiled *compiled; /* NULL unless the status is OK */
    plim_status status;
    struct buf summary;
};

/* Compiles one text as module t. Release with compile_help_release. */
void compile_help_init(struct compile_help *help, const plim_allocator *allocator,
                       const char *text);
void compile_help_release(struct compile_help *help);

/* Compiles each text and asserts its summary. */
void compile_help_check(const struct compile_case *cases, size_t count);

/* Names of the opcodes of the first unit, separated by blanks; in `out`. Asserts that the text
 * compiles. */
void compile_help_code(struct buf *out, const char *text);

#endif
