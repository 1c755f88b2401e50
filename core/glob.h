/* SPDX-License-Identifier: Apache-2.0
 *
 * glob.h - wildcards without backtracking, for `like` patterns and suppression globs.
 *
 * `*` any run without '/', `**` any run, `?` one byte except '/', `[a-z]` `[!a-z]` classes (never
 * '/'; a ']' that stands first is a member), `\x` literal. Matches whole texts, byte by byte, in at
 * most text length times pattern length steps. The .dockerignore dialect is different and lives in
 * facts/context/. Thread rule: pure.
 */
#ifndef CORE_GLOB_H
#define CORE_GLOB_H

#include <stdbool.h>

#include "core/str.h"

/* Longest pattern in bytes: the matcher's state lives on the stack (16 KiB at this size). */
enum { GLOB_MAX_ELEMENTS = 1024 };

/* False when the pattern is malformed (open class, descending range, trailing backslash) or too
 * long. */
bool glob_is_valid(struct str pattern);

/* Whether the whole `text` matches; a malformed pattern matches nothing. */
bool glob_match(struct str pattern, struct str text);

#endif
