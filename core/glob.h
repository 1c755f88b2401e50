/* SPDX-License-Identifier: Apache-2.0
 *
 * glob.h - linear-time wildcards for `like` patterns and suppression globs.
 *
 * `*` any run without '/', `**` any run, `?` one byte except '/', `[a-z]` `[!a-z]` classes, `\x`
 * literal. Matches whole texts. The .dockerignore dialect is different and lives in
 * facts/context/. Thread rule: pure.
 */
#ifndef CORE_GLOB_H
#define CORE_GLOB_H

#include <stdbool.h>

#include "core/str.h"

/* False when the pattern is malformed (open class, trailing backslash). */
bool glob_is_valid(struct str pattern);

/* Whether the whole `text` matches; a malformed pattern matches nothing. */
bool glob_match(struct str pattern, struct str text);

#endif
