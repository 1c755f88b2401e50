/* SPDX-License-Identifier: Apache-2.0
 *
 * co_cast.h - texts as booleans and numbers, the way Compose casts them after interpolation.
 *
 * Which attributes are cast stands in attributes.def. YAML has its own rules: what it read as a
 * number or boolean never comes here. Thread rule: pure but for the arena.
 */
#ifndef FACTS_COMPOSE_CO_CAST_H
#define FACTS_COMPOSE_CO_CAST_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/compose/co_type.h"
#include "facts/tree/tree.h"

/* Gives a string node the kind and value of its text. False, and the node is as before, when the
 * text has none or after a failure of the arena, which lends memory. */
bool co_cast_text(struct arena *arena, struct tree_node *node, enum co_cast cast);

/* Whether a text is one of the words for booleans that YAML 1.2 gave up: y yes on n no off. Compose
 * warns of them. */
bool co_cast_old_word(struct str text);

/* "a boolean", "a whole number", "a number": for messages. Static text. */
const char *co_cast_called(enum co_cast cast);

#endif
