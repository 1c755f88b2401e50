/* SPDX-License-Identifier: Apache-2.0
 *
 * beside.h - files beside those that are checked, for the library: build contexts, ignore files,
 * env files, included compose files.
 *
 * The paths come from documents nobody trusts, so nothing outside the checked tree is opened: the
 * tree is the repository around the current directory (or that directory itself), and the
 * directories named as arguments. Links may not lead out of it. Only regular files are read. Thread
 * rule: one thread.
 */
#ifndef CLI_BESIDE_H
#define CLI_BESIDE_H

#include <stddef.h>

#include <plimsoll/input.h>

#include "cli/inputs.h"
#include "cli/mem.h"

/* Directories that enclose the current one and are searched for a repository. */
enum { BESIDE_MAX_UP = 64 };

/* Directories of arguments that are open at a time: there may be thousands of arguments. */
enum { BESIDE_OPEN_ROOTS = 16 };

/* A directory below which files may be opened. */
struct beside_root {
    char *prefix;     /* paths that begin with it belong here; the rest is opened below it */
    int directory;    /* -1: not open now */
    bool is_argument; /* as it was given: it may be a file, and then its directory is meant */
};

struct beside {
    plim_files files; /* hand this to the library */
    struct beside_root *roots;
    size_t root_count;
    size_t root_capacity;
    size_t near;                      /* root of the last path: the next one is not far */
    size_t opened[BESIDE_OPEN_ROOTS]; /* roots that are open, a ring */
    size_t opened_count;              /* so far */
    char *inside;      /* path of the current directory in the repository, "" or with a slash */
    int top;           /* the repository or the current directory; -1: not opened yet */
    struct bytes path; /* scratch */
    const char *given_path; /* a path whose text was handed over: standard input */
    struct bytes given;     /* borrowed */
    struct input *texts;
    size_t text_count;
    size_t text_capacity;
};

/* Prepares; `beside` must not move afterwards. Opens nothing yet. */
void beside_init(struct beside *beside);

/* Allows files below a directory that was named as an argument, or beside a file that was. Opens
 * nothing yet. */
void beside_allow(struct beside *beside, const char *argument);

/* Makes `path` a file with this text, borrowed, until the next call; NULL: none any more. */
void beside_give(struct beside *beside, const char *path, char *data, size_t size);

/* Bytes of the texts that were read since the last beside_forget. */
size_t beside_bytes(const struct beside *beside);

/* Frees the texts that were read; to be called after each document. */
void beside_forget(struct beside *beside);

/* Closes and frees all. Safe on a struct that beside_init prepared, and twice. */
void beside_release(struct beside *beside);

#endif
