/* SPDX-License-Identifier: Apache-2.0
 *
 * golden.h - stages of the golden tests: each turns one input file into text.
 *
 * tests/golden/STAGE/NAME is an input, tests/golden/STAGE/NAME.expected what the stage must make of
 * it. To add a stage write a function and a row in stages.def. Thread rule: one thread.
 */
#ifndef TESTS_GOLDEN_GOLDEN_H
#define TESTS_GOLDEN_GOLDEN_H

#include "core/buf.h"
#include "core/diag.h"
#include "core/source.h"
#include "core/str.h"

/* Appends what the stage makes of the input to `out`. `name` is the file's name without folder, so
 * that output does not depend on where the tree lies. Errors of the input are output too. */
typedef void golden_stage(struct buf *out, struct str name, struct str text);

#define STAGE(name) golden_stage golden_##name;
#include "tests/golden/stages.def"
#undef STAGE

/* Sorts the list and appends it as people see it. For stages. */
void golden_put_diags(struct buf *out, struct source_set *sources, struct diag_list *diags);

#endif
