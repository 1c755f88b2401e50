/* SPDX-License-Identifier: Apache-2.0
 *
 * projects.h - which compose files form a project, as `docker compose` chooses them.
 *
 * The compose files of one directory are one project: the first default name, and the first name of
 * an override file. What else lies there is no part of it and is told so; without a default name
 * each file is a project of its own. Reading them belongs to the library. Thread rule: one thread.
 */
#ifndef CLI_PROJECTS_H
#define CLI_PROJECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/mem.h"

struct projects_handler {
    /* One project: its files in order. False ends it. */
    bool (*project)(void *user, const char *const *files, size_t count);
    /* A file beside a project that is no part of it; `base` is the project's first file. */
    bool (*other)(void *user, const char *path, const char *base);
    void *user;
};

/* Calls the handler for each project, in the order of the directories; sorts `paths`. `named`: the
 * paths were named by the user, so each of them is wanted: what is no part of another project is
 * one. False when the handler ended it. */
bool projects_each(struct names *paths, bool named, const struct projects_handler *handler);

#endif
