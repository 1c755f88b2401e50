/* SPDX-License-Identifier: Apache-2.0
 *
 * verify_tables.h - the part of the verifier that checks records, not instructions.
 *
 * After it every index from one table into another is in range, every text lies in the blob, and
 * every type is well-formed, so that verify.c may follow references. Thread rule: pure.
 */
#ifndef RUNTIME_VERIFY_TABLES_H
#define RUNTIME_VERIFY_TABLES_H

#include <stdbool.h>

#include "runtime/program.h"
#include "runtime/verify.h"

/* Checks all tables except the code; false with a reason. Linear in the size of the tables. */
bool verify_tables(const struct program *program, struct verify_error *error);

/* Fills `error` and returns false. */
bool verify_refuse(struct verify_error *error, uint32_t unit, uint32_t offset, const char *reason);

/* Whether nodes of the guards are in their table and fit rows of a kind. */
bool verify_guard(const struct program *program, enum fact_kind kind, uint32_t first,
                  uint32_t count);

#endif
