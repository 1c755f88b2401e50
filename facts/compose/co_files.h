/* SPDX-License-Identifier: Apache-2.0
 *
 * co_files.h - which files form a project, where it is, and what it is called.
 *
 * Pure logic on names; nothing is opened or listed here. Thread rule: pure but for the arena.
 */
#ifndef FACTS_COMPOSE_CO_FILES_H
#define FACTS_COMPOSE_CO_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/str.h"

/* Names of the files that make a project, and of those laid over them, in the order in which
 * Compose looks for them. Static texts. */
enum { CO_FILES_NAMES = 4 };
extern const char *const co_files_base_names[CO_FILES_NAMES];
extern const char *const co_files_override_names[CO_FILES_NAMES];

/* Which of the names in a directory make a project when no -f names any. */
struct co_found {
    ptrdiff_t base;     /* position of the file that is read; -1: none, look in the parent */
    ptrdiff_t override; /* of the one laid over it; -1: none */
    ptrdiff_t ignored;  /* of another base file, which is not read: worth a warning; -1: none */
};

/* Looks at the names of a directory, in any order. */
struct co_found co_files_find(const struct str *names, size_t count);

/* Pieces of COMPOSE_FILE: position `*at` moves behind the next one. False at the end. */
bool co_files_next(struct str list, char separator, size_t *at, struct str *piece);

/* Directory part of a path, without the last slash unless it is the root; empty when the path has
 * none, which is the current directory. A view. */
struct str co_files_directory(struct str path);

/* Last part of a directory's path: what a project is called after; empty when the path does not
 * tell, as for ".", "" and "/". A view. */
struct str co_files_base(struct str directory);

/* A name as Compose makes it of any text: lower case, letters, digits, "_" and "-" only, no "_" or
 * "-" in front. A part that nobody knows (TREE_HOLE) stays. Empty when nothing is left, or after a
 * failure of the arena. */
struct str co_files_project_name(struct arena *arena, struct str text);

#endif
