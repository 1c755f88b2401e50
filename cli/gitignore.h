/* SPDX-License-Identifier: Apache-2.0
 *
 * gitignore.h - .gitignore files met on a walk.
 *
 * Understood: comments, `!`, a trailing `/`, anchoring by `/`, `*`, `?`, `[...]`, `**`, backslash.
 * Not consulted: files above the directory where the walk starts, .git/info/exclude, global ones.
 * The texts come from the tree that is judged, so they are hostile: size, count and the work of
 * all matches together are bounded. When the bound is reached nothing is excluded any more: more
 * is judged then, never less. Thread rule: one thread.
 */
#ifndef CLI_GITIGNORE_H
#define CLI_GITIGNORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gitignore_pattern {
    const char *text; /* without `!`, leading and trailing slash */
    size_t size;
    size_t level; /* length of the path of its directory, slash included */
    bool negated;
    bool anchored; /* it holds a slash: matches from its directory on */
    bool only_directories;
};

/* The patterns in force, innermost last. Zero-initialise. */
struct gitignore {
    struct gitignore_pattern *items;
    size_t count;
    size_t capacity;
    uint64_t steps; /* of the matcher so far */
};

/* Adds the patterns of one file, which lies in the directory whose path (slash included) is the
 * first `level` bytes of the paths below it. `text` is borrowed while they are in force. */
void gitignore_add(struct gitignore *ignore, const char *text, size_t size, size_t level);

/* Forgets the patterns added since there were `count`. */
void gitignore_truncate(struct gitignore *ignore, size_t count);

/* Whether a path is excluded; its parents are known not to be. */
bool gitignore_match(struct gitignore *ignore, const char *path, size_t size, bool directory);

#endif
