/* SPDX-License-Identifier: Apache-2.0
 *
 * co_paths.h - relative paths of a project in its long form, joined to the directory they start at.
 *
 * Which attributes hold paths: build contexts and ssh keys, env_file, label_file, extends.file,
 * watched paths, sources of bind mounts and of local volumes that are binds, files of secrets and
 * configs. Remote contexts, Windows paths, paths below `~` (nobody knows the home of those who will
 * run it) and paths that begin with an unknown part stay as they are. The file system is never
 * asked. Memory: nodes are in the arena of the run. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_PATHS_H
#define FACTS_COMPOSE_CO_PATHS_H

#include "core/str.h"
#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

/* `path` below `base` as filepath.Join of Go: clean, absolute when `base` is. An empty base is the
 * current directory, so the path is only made clean. */
struct str co_path_join(struct arena *arena, struct str base, struct str path);

/* A project with its paths joined to `base`. NULL after a failure of the arena. */
const struct tree_node *co_paths(struct co_run *run, const struct tree_node *root, struct str base);

/* One service, likewise: `extends` moves those of other files. */
const struct tree_node *co_paths_of_service(struct co_run *run, const struct tree_node *service,
                                            struct str base);

#endif
