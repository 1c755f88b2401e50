/* SPDX-License-Identifier: Apache-2.0
 *
 * co_include.h - `include`: other projects below a document.
 *
 * An included project has its own directory and .env file, but sees the including one's environment
 * first. Its services, networks, volumes, secrets, configs and models come below the document's
 * own. Remote projects are reported, never fetched. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_INCLUDE_H
#define FACTS_COMPOSE_CO_INCLUDE_H

#include "facts/compose/co_load.h"
#include "facts/tree/tree.h"

/* The document with what it includes, without `include`; the same node when it includes nothing. */
const struct tree_node *co_include(const struct co_level *level, const struct tree_node *document);

#endif
