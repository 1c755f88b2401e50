/* SPDX-License-Identifier: Apache-2.0
 *
 * files.h - how readers get at files beside the one they were given: build contexts, env files,
 * included files. The caller implements it; nothing in facts/ opens anything by itself.
 *
 * Paths are as joined by the reader, slashes, not resolved. Thread rule: called by the thread that
 * builds the facts.
 */
#ifndef FACTS_FILES_H
#define FACTS_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/status.h>

#include "core/str.h"

enum files_kind { FILES_REGULAR, FILES_DIRECTORY, FILES_LINK, FILES_OTHER };

struct files_status {
    enum files_kind kind;
    uint32_t mode; /* permission bits */
    uint64_t size; /* bytes */
};

/* One entry of a directory; `name` lives only during the call. False ends the listing. */
typedef bool files_entry_fn(void *user, struct str name, enum files_kind kind);

/* Every function answers NOT_FOUND when there is no such file or directory, INPUT when it cannot
 * be read, LIMIT when it is too large, NOMEM. A member that is NULL answers NOT_FOUND. */
struct facts_files {
    void *user;
    /* Text of a regular file; it lives as long as the caller's facts are built. */
    plim_status (*read)(void *user, struct str path, struct str *text);
    /* The first `size` bytes of a regular file, into `buffer`; the number of bytes in `*got`. */
    plim_status (*head)(void *user, struct str path, char *buffer, size_t size, size_t *got);
    /* Calls `entry` for each entry of a directory but "." and "..", in any order. */
    plim_status (*list)(void *user, struct str path, files_entry_fn *entry, void *entry_user);
    /* What a file is; links are not followed. */
    plim_status (*inspect)(void *user, struct str path, struct files_status *status);
};

#endif
