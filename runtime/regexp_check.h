/* SPDX-License-Identifier: Apache-2.0
 *
 * regexp_check.h - constructs that are refused before the matcher sees a pattern.
 *
 * Works on the pattern text, without the matcher's types. Thread rule: pure.
 */
#ifndef RUNTIME_REGEXP_CHECK_H
#define RUNTIME_REGEXP_CHECK_H

#include <stdbool.h>

#include "core/str.h"
#include "runtime/regexp.h"

/* False with a reason for back-references, recursion, and repeats over the limits. */
bool regexp_check_syntax(struct str pattern, struct regexp_error *error);

#endif
