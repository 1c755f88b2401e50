/* SPDX-License-Identifier: Apache-2.0
 *
 * co_check.h - what must hold between the parts of a project in its long form: references, values
 * that contradict each other, dependencies in a circle.
 *
 * Kinds, keys and words of single values belong in co_schema.h. What Compose would refuse is an
 * error and marks the run; in a service that no active profile switches on it is a warning, since
 * Compose does not look there. Unknown values are never mistakes. Memory: diagnostics, and scratch
 * in the arena of the run. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_CHECK_H
#define FACTS_COMPOSE_CO_CHECK_H

#include <stdbool.h>

#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

/* Names that are considered for "did you mean": in larger projects nothing is suggested. */
enum { CO_CHECK_MAX_NAMES = 1000 };

/* Checks a project with its defaults. */
void co_check(struct co_run *run, const struct tree_node *root);

/* Whether a service has no profiles, or one of the options'; `*` is all of them. A profile that is
 * unknown may be on. */
bool co_service_is_on(const struct co_options *options, const struct tree_node *service);

#endif
