/* SPDX-License-Identifier: Apache-2.0
 *
 * pathname.h - slash-separated path names by the rules of Go's path/filepath on Linux, which are
 * the rules of .dockerignore files, of WORKDIR and of wildcards in COPY and ADD sources.
 *
 * Pure text: the file system is never asked. The wildcards of .dockerignore lines differ once more
 * and live in facts/context/. Thread rule: pure.
 */
#ifndef FACTS_PATHNAME_H
#define FACTS_PATHNAME_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/status.h>
#include <plimsoll/version.h>

#include "core/str.h"

/* Writes the shortest equivalent of `path` (filepath.Clean): no ".", no doubled or trailing slash,
 * ".." resolved by text; an empty path becomes ".". `out` holds at least path.len + 1 bytes and
 * must not overlap `path`. Returns the bytes written; no NUL is added. */
size_t pathname_clean(char *out, struct str path);

/* Whether the whole `name` matches the wildcard `pattern` (filepath.Match): "*" and "?" stop at
 * "/",
 * "[a-z]" and "[^a]" are classes, "\x" is x. INPUT when the part of the pattern that had to be read
 * is malformed; `out` is then untouched. Time is at most pattern times name. */
plim_status pathname_match(bool *out, struct str pattern, struct str name) PLIM_MUST_CHECK;

#endif
