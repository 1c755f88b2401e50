/* SPDX-License-Identifier: Apache-2.0
 *
 * co_service_env.h - contents of `env_file` and `label_file`, below `environment` and `labels`.
 *
 * Later files win over earlier ones, and what the service itself says over all of them, a name
 * without value included. Every value has its place in the file. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_SERVICE_ENV_H
#define FACTS_COMPOSE_CO_SERVICE_ENV_H

#include "facts/compose/co_load.h"
#include "facts/tree/tree.h"

/* The project, in its long form, with the variables and labels of its files in place. NULL after a
 * failure of the arena. Paths are taken as they stand when the run moved them, else from the
 * level's directory. */
const struct tree_node *co_service_env(const struct co_level *level, const struct tree_node *root);

#endif
