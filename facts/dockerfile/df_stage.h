/* SPDX-License-Identifier: Apache-2.0
 *
 * df_stage.h - the graph of stages: bases, --from, reachability, cycles.
 *
 * Everything here is checked for every stage, built or not. What instructions do to a stage is
 * df_eval.c's business. Thread rule: one thread.
 */
#ifndef FACTS_DOCKERFILE_DF_STAGE_H
#define FACTS_DOCKERFILE_DF_STAGE_H

#include "facts/dockerfile/df_env.h"
#include "facts/dockerfile/df_model.h"

/* Evaluates the ARGs before the first FROM. */
void df_stage_globals(struct df_env *env);

/* Finds the stages of the file and allocates results; bases are not resolved yet. */
void df_stage_list(struct df_env *env);

/* Chooses the final stage: the last one, or the one the caller names. */
void df_stage_target(struct df_env *env);

/* Expands base and platform of one stage and resolves them against the stages before it. */
void df_stage_resolve(struct df_env *env, struct df_stage *stage);

/* Resolves what --from= of a COPY (indices allowed) or from= of a mount names, seen from the
 * environment's stage, and notes that the stage needs it. */
void df_stage_source(struct df_env *env, struct df_source *source, struct df_word word,
                     bool indices);

/* Marks reachable and shipped stages and reports cycles; after all stages are evaluated. */
void df_stage_connect(struct df_env *env);

#endif
