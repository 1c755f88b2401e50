/* SPDX-License-Identifier: Apache-2.0
 *
 * df_model.c - runs the evaluation over a whole file: global ARGs, then stage by stage.
 */
#include "facts/dockerfile/df_model.h"

#include "facts/dockerfile/df_env.h"
#include "facts/dockerfile/df_eval.h"
#include "facts/dockerfile/df_stage.h"

static void evaluate_stage(struct df_env *env, struct df_stage *stage)
{
    env->stage = NULL;
    df_stage_resolve(env, stage);
    df_eval_begin(env, stage);
    const struct df_instruction *end = stage->last != NULL ? stage->last->next : NULL;
    for (const struct df_instruction *at = stage->from->next; at != NULL && at != end;
         at = at->next) {
        df_eval_instruction(env, at);
    }
}

plim_status df_model_build(struct df_model *out, struct arena *arena, struct df_file *file,
                           const struct df_build_options *options)
{
    struct df_env env;
    *out = (struct df_model){.file = file, .options = options};
    df_env_init(&env, out, arena);
    df_stage_list(&env);
    if (arena_status(arena) == PLIM_STATUS_OK) {
        df_stage_target(&env);
        df_stage_globals(&env);
    }
    for (uint32_t i = 0; i < out->stage_count && arena_status(arena) == PLIM_STATUS_OK; i++) {
        evaluate_stage(&env, &out->stages[i]);
    }
    if (arena_status(arena) == PLIM_STATUS_OK) {
        df_stage_connect(&env);
    }
    df_env_release(&env);
    return arena_status(arena);
}
