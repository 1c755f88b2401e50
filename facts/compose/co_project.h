/* SPDX-License-Identifier: Apache-2.0
 *
 * co_project.h - one compose project: its files in order, to one tree in long form.
 *
 * What is in the tree afterwards, and how it came there, stands in docs/compose.md. Turning it into
 * rows of the fact store belongs in co_facts.h. Memory: everything of a project lives in the arena
 * of the run. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_PROJECT_H
#define FACTS_COMPOSE_CO_PROJECT_H

#include "core/source.h"
#include "core/str.h"
#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

/* How a file came into the project. */
enum co_role { CO_BASE, CO_OVERRIDE, CO_INCLUDED, CO_EXTENDED, CO_ENVIRONMENT };

struct co_env; /* co_env.h */

struct co_document {
    source_id source;
    struct str path;
    enum co_role role;
    struct span asked_for; /* the include or extends that names it; SOURCE_NONE for the others */
};

struct co_project {
    struct str name;
    struct span name_span;        /* `name:` that decided; SOURCE_NONE for others */
    struct str directory;         /* relative paths start here */
    const struct tree_node *root; /* long form: services, networks, volumes, secrets, configs */
    const struct co_document *documents;
    size_t document_count;
    struct co_env *environment;
    bool refused; /* Compose would refuse it: the facts are what could be read all the same */
};

/* A file of the project, in the order of -f. */
struct co_file {
    struct str path;
    struct str text;
};

/* Reads a project. INPUT when nothing of it could be used; LIMIT, NOMEM. Problems go to the run's
 * diagnostics. The environment is completed by the project's .env files. */
plim_status co_project_load(struct co_project *out, struct co_run *run, const struct co_file *files,
                            size_t count, struct co_env *environment) PLIM_MUST_CHECK;

#endif
