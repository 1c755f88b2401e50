/* SPDX-License-Identifier: Apache-2.0
 *
 * co_canon.h - from every way to write an attribute to the one way that the readers of facts know.
 *
 * Which attribute takes which form stands in attributes.def (enum co_form). The forms, with the
 * kinds of their values:
 *
 *   build               mapping with at least `context`
 *   command, entrypoint list of texts; null when the image decides
 *   healthcheck.test    list of texts
 *   environment, args   mapping of a name to a text, or to null: handed through or unset
 *   labels, sysctls, annotations, options ...   mapping of a name to a text
 *   networks, models    mapping of a name to null or a mapping
 *   depends_on          mapping of a name to a mapping
 *   ports               list of mappings; `target` is a whole number or the text of a range such as
 *                       "8080-8082", `published` a text; one entry stands for the whole range
 *   volumes             list of mappings with `type`, `source`, `target`, ...
 *   devices, secrets, configs, gpus, env_file   list of mappings
 *   dns, tmpfs, label_file, expose, group_add ...   list of texts
 *   extra_hosts         mapping of a host to a list of addresses
 *   ssh                 mapping of an id to a text or null
 *   ulimits             mapping of a name to a whole number or {soft, hard}
 *   sizes               text of a whole number of bytes
 *   durations           text as Go prints it: 1m30s
 *   modes               text of an octal number: 0440
 *   external            boolean
 *
 * A text of which a part is unknown is taken apart as far as its known parts tell; what needs the
 * unknown part stays a string with TREE_HOLES. That holds for every kind above: who reads a whole
 * number may find such a string. A mapping's key may hold a hole as well. What cannot be read is
 * reported and left out.
 *
 * Memory: nodes are in the arena of the run; what is in its long form already is shared. Thread
 * rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_CANON_H
#define FACTS_COMPOSE_CO_CANON_H

#include "facts/compose/co_run.h"
#include "facts/compose/co_type.h"
#include "facts/tree/tree.h"

/* The long form of a file or of what files were merged to. Doing it again changes nothing. NULL
 * only after a failure of the arena. */
const struct tree_node *co_canon(struct co_run *run, const struct tree_node *root);

/* The long form of a value of a type, such as one service; NULL when nothing of it can be used, or
 * after a failure of the arena. */
const struct tree_node *co_canon_value(struct co_run *run, const struct co_type *type,
                                       const struct tree_node *node);

#endif
