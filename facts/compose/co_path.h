/* SPDX-License-Identifier: Apache-2.0
 *
 * co_path.h - where in a document a step stands, for messages: services.web.ports[1].
 *
 * Steps that walk a tree chain the parts on their stack, so that a path costs nothing until a
 * message needs its text. Thread rule: pure but for the arena.
 */
#ifndef FACTS_COMPOSE_CO_PATH_H
#define FACTS_COMPOSE_CO_PATH_H

#include <stddef.h>

#include "core/arena.h"
#include "core/str.h"

/* Levels that a walk over a document goes down: more than any reader makes, few enough for any
 * stack. */
enum { CO_PATH_MAX_DEPTH = 128 };

/* Longest text of a path, in bytes: beyond, its front is left out. */
enum { CO_PATH_MAX_TEXT = 200 };

/* One part of a path and those above it. */
struct co_path {
    const struct co_path *up; /* NULL: the part stands at the top level */
    struct str key;           /* .ptr NULL: item `index` of a list */
    size_t index;
};

/* Text of a path, keys shortened where they are long; "the file" for NULL. In the arena or static;
 * empty after a failure. */
struct str co_path_text(struct arena *arena, const struct co_path *path);

#endif
