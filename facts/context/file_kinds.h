/* SPDX-License-Identifier: Apache-2.0
 *
 * file_kinds.h - what a file of a build context is, judged by its name and first bytes.
 *
 * The table is file_kinds.def. Reading files belongs to the caller. Thread rule: pure.
 */
#ifndef FACTS_CONTEXT_FILE_KINDS_H
#define FACTS_CONTEXT_FILE_KINDS_H

#include <stdbool.h>

#include "core/str.h"

/* First bytes of a file that are searched for the words that prove its kind. */
enum { FILE_KIND_HEAD = 16 << 10 };

struct file_kind {
    struct str what; /* "an env file" */
    struct str pattern;
    struct str needles; /* of which the head must hold one, separated by "|"; empty: none needed */
    unsigned member;    /* of the enumeration context-file-kind */
    bool secret;        /* it should not reach an image */
};

/* The rows a path may belong to, the first that fits: call with `*next` 0, and again with what it
 * left there when the head did not hold the needles. NULL: no more. */
const struct file_kind *file_kind_of(struct str path, size_t *next);

/* Whether the head of a file proves the kind. */
bool file_kind_proved(const struct file_kind *kind, struct str head);

/* Kind of a directory that counts as a whole, or NULL. */
const struct file_kind *file_kind_of_directory(struct str name);

#endif
