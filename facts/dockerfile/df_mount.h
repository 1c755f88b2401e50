/* SPDX-License-Identifier: Apache-2.0
 *
 * df_mount.h - the keys of RUN --mount, with the builder's defaults.
 *
 * Keys and values are judged where the builder judges them: when the stage is built. Which stage
 * or image `from` names is df_stage.c's business. Thread rule: one thread.
 */
#ifndef FACTS_DOCKERFILE_DF_MOUNT_H
#define FACTS_DOCKERFILE_DF_MOUNT_H

#include "facts/dockerfile/df_env.h"
#include "facts/dockerfile/df_model.h"

/* Reads the value of one --mount flag in the environment's current scope. Problems of the DISPATCH
 * layer are added; what could be read is set. */
void df_mount_read(struct df_env *env, const struct df_flag *flag, struct df_mount *out);

#endif
