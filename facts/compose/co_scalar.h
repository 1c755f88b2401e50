/* SPDX-License-Identifier: Apache-2.0
 *
 * co_scalar.h - scalars as the texts that Compose makes of them.
 *
 * Where Compose wants a text and a file has a number, a boolean or a date, it prints the value the
 * way Go does: 1e3 is "1000", 0x1F is "31", 2024-01-01 is "2024-01-01 00:00:00 +0000 UTC". No
 * attribute is known here. Memory: texts are in the caller's arena or borrowed from the node.
 * Thread rule: pure but for the arena.
 */
#ifndef FACTS_COMPOSE_CO_SCALAR_H
#define FACTS_COMPOSE_CO_SCALAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/tree/tree.h"

/* Room for any number: sign, 21 digits before the point or 17 behind zeroes, exponent. */
enum { CO_NUMBER_MAX = 48 };

/* Shortest decimal text that reads back as `value`: %v of Go. Exponents from 1e21 up and below
 * 1e-4; NaN, +Inf, -Inf otherwise. `out` holds CO_NUMBER_MAX bytes. Returns their number. */
size_t co_real_text(char *out, double value);

/* Text of a scalar as Compose prints it; empty for null, lists and mappings, and after a failure of
 * the arena. */
struct str co_scalar_text(struct arena *arena, const struct tree_node *node);

/* The scalar as a string node: itself when it is one, else a new one at its place. NULL for lists
 * and mappings, and after a failure of the arena. Null becomes the empty string. */
const struct tree_node *co_scalar_string(struct arena *arena, const struct tree_node *node);

/* Nanoseconds as Go prints a duration: "1m30s", "1.5s", "2ms", "0s". */
struct str co_duration_text(struct arena *arena, int64_t nanoseconds);

#endif
