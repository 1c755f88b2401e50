/* SPDX-License-Identifier: Apache-2.0
 *
 * df_check.h - the INSTRUCTION layer: what each instruction must look like, whatever it expands to.
 *
 * Marks flags as known and instructions as refused, and adds the problems the frontend would refuse
 * the file for. Nothing that depends on variables or on other stages belongs here (df_stage.h).
 * Thread rule: one thread per file.
 */
#ifndef FACTS_DOCKERFILE_DF_CHECK_H
#define FACTS_DOCKERFILE_DF_CHECK_H

#include "core/arena.h"
#include "facts/dockerfile/df_ast.h"

/* Checks every instruction of a parsed file, in order. */
void df_check_file(struct df_file *file, struct arena *arena);

/* Checks one instruction; also for the content of ONBUILD once it is triggered. */
void df_check_instruction(struct df_file *file, struct arena *arena,
                          struct df_instruction *instruction);

/* Whether a lower-case name may name a stage: ^[a-z][a-z0-9-_.]*$. Pure. */
bool df_stage_name_valid(struct str name);

#endif
