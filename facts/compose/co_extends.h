/* SPDX-License-Identifier: Apache-2.0
 *
 * co_extends.h - `extends`: services below services, of the same document or of another file.
 *
 * A base of another file comes in its long form with its paths moved to where they start; what else
 * that file has stays there. Services that extend each other in a circle are reported with the
 * circle. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_EXTENDS_H
#define FACTS_COMPOSE_CO_EXTENDS_H

#include "facts/compose/co_load.h"
#include "facts/tree/tree.h"

/* The document with all its services extended; the same node when none extends another. */
const struct tree_node *co_extends(const struct co_level *level, const struct tree_node *document);

#endif
