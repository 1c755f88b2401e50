/* SPDX-License-Identifier: Apache-2.0
 *
 * compose_project.h - a compose project of a row, read from files in memory and printed as JSON.
 *
 * Thread rule: one thread.
 */
#ifndef TESTS_COMPOSE_PROJECT_H
#define TESTS_COMPOSE_PROJECT_H

#include <jansson.h>
#include <stdbool.h>

#include "core/buf.h"

/* What became of a project. */
struct compose_result {
    bool refused;      /* Compose would refuse it */
    json_t *project;   /* as `docker compose config --format json`; NULL when refused */
    struct buf errors; /* our messages, one a line */
};

/* Reads a project named "proj" with every profile on, unset variables empty and paths as they are
 * written, as the reference did for its tables. `names` is the list of -f, `contents` maps names to
 * texts, `env` names to values (may be NULL). */
void compose_read(struct compose_result *out, const json_t *names, const json_t *contents,
                  const json_t *env);

/* Frees the result. */
void compose_release(struct compose_result *result);

#endif
