/* SPDX-License-Identifier: Apache-2.0
 *
 * walk.h - finding files below directories, in an order that depends on names only.
 *
 * The cost is that of listing the directories: entries are judged by name and kind as listed, and
 * only files of interest are passed on. Symbolic links to directories are not followed, so there
 * are no cycles; depth and path length are bounded. Thread rule: one thread.
 */
#ifndef CLI_WALK_H
#define CLI_WALK_H

#include <stdbool.h>
#include <stddef.h>

struct walk_file {
    int directory;    /* open, for openat */
    const char *name; /* within it */
    const char *path; /* as shown to people */
    bool regular;     /* the listing says so; else it may be anything a link points to */
};

struct walk {
    /* Whether an entry with this name is a file of interest. */
    bool (*wanted)(void *user, const char *name, size_t size);
    /* Called for each; false ends the walk. */
    bool (*file)(void *user, const struct walk_file *file);
    /* Called for a directory that could not be listed; `problem` is one line. */
    void (*problem)(void *user, const char *path, const char *problem);
    void *user;
    bool honour_ignore; /* .gitignore */
    size_t ignored;     /* out: wanted files and directories left out because of it */
};

/* Walks below `path`, a directory. False when a callback ended it. */
bool walk_directory(struct walk *walk, const char *path);

#endif
