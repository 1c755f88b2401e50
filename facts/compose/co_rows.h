/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows.h - the parts of a service and of a project, each written by one file co_rows_*.c.
 *
 * What they share stands in co_writer.h. Thread rule: one thread.
 */
#ifndef FACTS_COMPOSE_CO_ROWS_H
#define FACTS_COMPOSE_CO_ROWS_H

#include <plimsoll/status.h>

#include "facts/compose/co_writer.h"

/* Fills the row of one service. NOMEM, LIMIT. */
plim_status co_rows_service(struct co_writer *writer, struct co_service *service) PLIM_MUST_CHECK;

/* What is known of a path of the project: see co_facts.rows. NULL after a failure of memory. */
fact_row *co_rows_slot(struct co_writer *writer, struct str path);

/* Reads a file through the run's callback; NOT_FOUND when there is no callback. */
plim_status co_rows_read(struct co_writer *writer, struct str path,
                         struct str *text) PLIM_MUST_CHECK;

/* image, build: their rows, the Dockerfile and the stage; decides service->stage and ->cause.
 * NOMEM, LIMIT. */
plim_status co_rows_build(struct co_writer *writer, struct co_service *service) PLIM_MUST_CHECK;

/* Makes known which Dockerfiles the store has. NOMEM, LIMIT. */
plim_status co_rows_build_begin(struct co_writer *writer) PLIM_MUST_CHECK;

/* Fills stage.services and dockerfile.builds. */
void co_rows_build_links(struct co_writer *writer);

/* environment, env_file, labels. NOMEM, LIMIT. */
plim_status co_rows_env(struct co_writer *writer, struct co_service *service) PLIM_MUST_CHECK;

/* Makes known which sources are env files. NOMEM, LIMIT. */
plim_status co_rows_env_begin(struct co_writer *writer) PLIM_MUST_CHECK;

/* The env file a value stands in, or NULL. */
struct co_env_source *co_rows_env_source(struct co_writer *writer, const struct tree_node *value);

/* env_file: rows of the files. NOMEM, LIMIT. */
plim_status co_rows_env_files(struct co_writer *writer, struct co_service *service) PLIM_MUST_CHECK;

/* Lists of the variables of these files, once they were gathered. */
void co_rows_env_lists(struct co_writer *writer, struct co_service *service);

/* Sets a field of the service to that of the stage it builds; unknown when nobody knows the stage.
 */
void co_rows_inherit(struct co_writer *writer, struct co_service *service, unsigned own,
                     unsigned built);

/* New variable row. */
fact_row co_rows_variable(struct co_writer *writer, fact_row service, struct co_pair pair,
                          unsigned origin);

/* New variable rows of a mapping or list, appended to `items`. */
void co_rows_variables(struct co_writer *writer, struct fact_items *items, fact_row service,
                       const struct tree_node *pairs, unsigned origin);

/* entrypoint, command, healthcheck and hooks. NOMEM, LIMIT. */
plim_status co_rows_run(struct co_writer *writer, struct co_service *service) PLIM_MUST_CHECK;

/* Rights: capabilities, security options, namespaces, devices. */
void co_rows_rights(struct co_writer *writer, struct co_service *service);

/* A namespace mode from its text. */
void co_rows_namespace(struct co_writer *writer, struct co_cell cell, const struct tree_node *node);

/* Limits of memory, CPU and processes; restart, logging. */
void co_rows_limits(struct co_writer *writer, struct co_service *service);

/* ulimits of a service or build into the list `cell`. */
void co_rows_ulimits(struct co_writer *writer, struct co_cell cell, fact_row service,
                     const struct tree_node *ulimits);

/* volumes, tmpfs, volumes_from, devices. */
void co_rows_mounts(struct co_writer *writer, struct co_service *service);

/* ports, networks, hosts, name servers, depends_on. */
void co_rows_net(struct co_writer *writer, struct co_service *service);

/* extra_hosts of a service or build into the list `cell`. */
void co_rows_hosts(struct co_writer *writer, struct co_cell cell, fact_row service,
                   const struct tree_node *hosts);

/* secrets and configs of a service. */
void co_rows_secrets(struct co_writer *writer, struct co_service *service);

/* secret-use rows of a list into the list `cell`; `build`: targets are ids, not paths. */
void co_rows_secret_uses(struct co_writer *writer, struct co_cell cell, fact_row service,
                         const struct tree_node *list, bool build);

/* What overriding, including and extending files replaced in a service. */
void co_rows_overrides(struct co_writer *writer, struct co_service *service);

/* Fills the rows of networks, volumes, secrets and configs; their users come later. */
void co_rows_top(struct co_writer *writer);

/* Lists of what uses them. */
void co_rows_top_uses(struct co_writer *writer);

/* user row of a text, for `what` ("user"). */
fact_row co_rows_user(struct co_writer *writer, fact_row service, struct str owner,
                      const struct tree_node *node);

/* A short form as it stands in the file, without quotes; empty for a long form. `quoted` tells
 * whether quotes stand around it. */
struct str co_short_text(const struct co_writer *writer, const struct tree_node *node,
                         bool *quoted);

/* Sets a path of the host: an absolute one in its shortest form, since rules compare them. */
void co_set_host_path(struct co_writer *writer, struct co_cell cell, const struct tree_node *node);

/* Bytes of a span as they stand in the file. */
struct str co_raw(const struct co_writer *writer, struct span span);

#endif
