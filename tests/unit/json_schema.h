/* SPDX-License-Identifier: Apache-2.0
 *
 * json_schema.h - checks JSON texts against the schemas that ship, for tests.
 *
 * Knows the keywords those schemas use: type, const, enum, required, properties,
 * additionalProperties false, items, minimum, minLength, anyOf, pattern (ignored), $ref into $defs.
 * Another keyword is a failure, so that none is taken for checked. Thread rule: one thread.
 */
#ifndef TESTS_UNIT_JSON_SCHEMA_H
#define TESTS_UNIT_JSON_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the `size` bytes of JSON at `text` fit the schema; else says where not on standard
 * error. `schema_file` is relative to the top of the tree. */
bool json_schema_check_file(const char *schema_file, const char *text, size_t size);

/* The same with a schema in memory. */
bool json_schema_check(const char *schema, size_t schema_size, const char *text, size_t size);

#endif
