/* SPDX-License-Identifier: Apache-2.0
 *
 * df_eval.h - what the instructions of a stage do to it, one after the other.
 *
 * Expands arguments in the state the stage has at that point and keeps the results; checks what the
 * builder checks when it builds the stage. Thread rule: one thread.
 */
#ifndef FACTS_DOCKERFILE_DF_EVAL_H
#define FACTS_DOCKERFILE_DF_EVAL_H

#include "facts/dockerfile/df_env.h"
#include "facts/dockerfile/df_model.h"

/* Starts a stage from its base: inherited state, then the triggers of a base stage. */
void df_eval_begin(struct df_env *env, struct df_stage *stage);

/* Evaluates one instruction in the environment's stage. */
void df_eval_instruction(struct df_env *env, const struct df_instruction *instruction);

#endif
