/* SPDX-License-Identifier: Apache-2.0
 *
 * co_interpolate.h - the variables of a whole document, and casts to the types of attributes.
 *
 * Every text that is a value goes through co_template.h, keys do not. Texts whose attribute has a
 * cast become booleans and numbers, as Compose has it before anything else is looked at. What has
 * neither variables nor a cast is shared with the tree that came in.
 * Memory: new nodes are in the run's arena. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_INTERPOLATE_H
#define FACTS_COMPOSE_CO_INTERPOLATE_H

#include "facts/compose/co_run.h"
#include "facts/compose/co_template.h"
#include "facts/compose/co_type.h"
#include "facts/tree/tree.h"

/* A document as interpolation leaves it. `type` is that of its root. Mistakes are diagnostics;
 * their texts become one hole, a value nobody knows. NULL after a failure of the run's arena:
 * NOMEM, or LIMIT when CO_MAX_VISITS or a limit of co_template.h is exceeded. */
const struct tree_node *co_interpolate(struct co_run *run, const struct tree_node *root,
                                       const struct co_type *type, struct co_template *template,
                                       const struct co_scope *scope);

#endif
