/* SPDX-License-Identifier: Apache-2.0
 *
 * co_defaults.h - what Compose adds to a project in its long form: values that nobody wrote, and
 * what follows from values that somebody did.
 *
 * Everything added has the flag TREE_DEFAULT and the place of what lacks it. Checks belong in
 * co_check.h. Memory: nodes are in the arena of the run. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_DEFAULTS_H
#define FACTS_COMPOSE_CO_DEFAULTS_H

#include "core/str.h"
#include "facts/compose/co_env.h"
#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

/* The long form with its defaults: build context and Dockerfile, protocol and mode of ports,
 * targets of secrets, numbers of devices, `create_host_path`, clean targets of mounts, the default
 * network, names of networks, volumes, secrets and configs, images of hooks, and dependencies that
 * follow from links, namespaces and volumes of other services. Names without value in `environment`
 * and build `args` get that of `environment` (may be NULL); arguments without one are left out
 * unless unset variables are unknown. NULL after a failure of the arena. */
const struct tree_node *co_defaults(struct co_run *run, const struct tree_node *root,
                                    struct str project_name, const struct co_env *environment);

#endif
