/* SPDX-License-Identifier: Apache-2.0
 *
 * co_check_parts.h - what the files behind co_check.h share. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_CHECK_PARTS_H
#define FACTS_COMPOSE_CO_CHECK_PARTS_H

#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

struct co_checker {
    struct co_run *run;
    const struct tree_node *root;
    const struct tree_node *services; /* a mapping, or NULL */
    struct str service;               /* name of the one that is looked at */
    bool on;                          /* it is switched on */
};

/* Reports a mistake in the service: an error, or a warning when it is off. As diag_report. */
struct diag *co_complain(struct co_checker *c, enum diag_id id, struct span span,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The text of a key's value; empty when it is no string or has a part that is unknown. */
struct str co_text_of(const struct tree_node *map, const char *key);

/* A mapping or list behind a key; NULL when it is of another kind or absent. */
const struct tree_node *co_map_of(const struct tree_node *map, const char *key);
const struct tree_node *co_list_of(const struct tree_node *map, const char *key);

/* co_check_refs.c: names of networks, volumes, services ... that must be defined. */
void co_check_references(struct co_checker *c, const struct tree_node *service);

/* co_check_refs.c: services that wait for each other. */
void co_check_cycles(struct co_checker *c);

/* co_check_limits.c: `cpus`, `mem_limit` ... against `deploy`, scale against names. */
void co_check_limits(struct co_checker *c, const struct tree_node *service);

#endif
