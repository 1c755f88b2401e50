/* SPDX-License-Identifier: Apache-2.0
 *
 * co_json.h - a project as JSON, in the words of `docker compose config --format json`.
 *
 * Prints what co_project.h leaves, with ranges of ports one by one and without values that Compose
 * leaves out: zeroes, empty texts, lists and mappings, extensions inside. Unknown parts of texts
 * are shown as `${NAME}`. Keys stand in the order of the files. Thread rule: as jsonw.h.
 */
#ifndef FACTS_COMPOSE_CO_JSON_H
#define FACTS_COMPOSE_CO_JSON_H

#include "core/jsonw.h"
#include "core/str.h"
#include "facts/tree/tree.h"

/* Writes the object of a project whose tree has all its defaults. */
void co_json_project(struct jsonw *writer, const struct tree_node *root, struct str name);

#endif
