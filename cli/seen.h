/* SPDX-License-Identifier: Apache-2.0
 *
 * seen.h - which paths were met already, so that a file named twice is judged once.
 *
 * Paths are compared as written, without leading "./": two names of one file stay two. Thread rule:
 * one thread.
 */
#ifndef CLI_SEEN_H
#define CLI_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/mem.h"

/* A set of paths; zero-initialise. */
struct seen {
    struct names copies;
    uint32_t *slots; /* open addressing: index into copies + 1; a power of two of them */
    size_t slot_count;
};

/* Adds a path; false when it was there. */
bool seen_add(struct seen *seen, const char *path);

/* Frees the set. */
void seen_release(struct seen *seen);

#endif
