/* SPDX-License-Identifier: Apache-2.0
 *
 * co_help.h - what tests of compose projects share: a run over files in memory, trees as one line.
 *
 * Memory: everything lives until co_help_release. Thread rule: one thread.
 */
#ifndef TESTS_UNIT_CO_HELP_H
#define TESTS_UNIT_CO_HELP_H

#include <stddef.h>

#include "core/arena.h"
#include "core/diag.h"
#include "core/source.h"
#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"
#include "fake_files.h"

struct co_help {
    struct arena arena;
    struct source_set sources;
    struct diag_list diags;
    struct fake_files files;
    struct co_options options;
    struct co_run run;
};

/* Prepares a run over `count` files. `help` must not move afterwards. */
void co_help_init(struct co_help *help, const plim_allocator *allocator,
                  const struct fake_file *files, size_t count);

/* Frees everything. */
void co_help_release(struct co_help *help);

/* First document of a YAML text as a source named `name`; NULL after a failure. */
const struct tree_node *co_help_read(struct co_help *help, const char *name, const char *text);

/* A tree as one line such as {a: 1, b: [x, null]}; holes as <?>, values replaced as "x<y". */
const char *co_help_show(struct co_help *help, const struct tree_node *node);

/* All diagnostics as lines "CODE line:column message", sorted. */
const char *co_help_diags(struct co_help *help);

#endif
