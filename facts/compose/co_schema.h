/* SPDX-License-Identifier: Apache-2.0
 *
 * co_schema.h - kinds, keys, words, forms and ranges of a merged document, by attributes.def.
 *
 * Looks at the tree before anything is brought into its long form, as Compose does; what attributes
 * mean together is co_check.h's. Nothing is changed. Texts with unknown parts are accepted wherever
 * a text may stand. Memory: scratch of the run's arena only. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_SCHEMA_H
#define FACTS_COMPOSE_CO_SCHEMA_H

#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

/* Looks for all that Compose's schema refuses in a whole file and reports it. An attribute that no
 * table knows and that resembles none is a warning only, since it may be newer than the table; the
 * run is marked refused all the same. The arena's status is LIMIT beyond CO_MAX_VISITS. */
void co_schema_check(struct co_run *run, const struct tree_node *root);

#endif
