/* SPDX-License-Identifier: Apache-2.0
 *
 * jsonw.h - streaming JSON writer over a buffer.
 *
 * Commas, indentation and escaping are its business; invalid UTF-8 becomes U+FFFD. Nesting is
 * tracked up to 128 levels; deeper or unbalanced use is an internal error found by tests. Reading
 * JSON is jansson's business, in facts/. Thread rule: one thread at a time.
 */
#ifndef CORE_JSONW_H
#define CORE_JSONW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"

enum { JSONW_MAX_DEPTH = 128 };

struct jsonw {
    struct buf *out;
    bool pretty; /* two-space indentation; else one line */
    bool has_items[JSONW_MAX_DEPTH];
    bool after_key;
    size_t depth;
};

/* Prepares a writer that appends to `out`, whose status tells whether all went well. */
void jsonw_init(struct jsonw *writer, struct buf *out, bool pretty);

/* Open and close an object or array; as member values they follow jsonw_key. */
void jsonw_object_begin(struct jsonw *writer);
void jsonw_object_end(struct jsonw *writer);
void jsonw_array_begin(struct jsonw *writer);
void jsonw_array_end(struct jsonw *writer);

/* Name of the next member of an object; a literal or any valid text. */
void jsonw_key(struct jsonw *writer, const char *key);
void jsonw_key_str(struct jsonw *writer, struct str key);

/* One value each. */
void jsonw_string(struct jsonw *writer, struct str value);
void jsonw_cstr(struct jsonw *writer, const char *value);
void jsonw_int(struct jsonw *writer, int64_t value);
void jsonw_uint(struct jsonw *writer, uint64_t value);
void jsonw_bool(struct jsonw *writer, bool value);

/* A number that the caller has put into JSON's words already. */
void jsonw_number(struct jsonw *writer, struct str digits);
void jsonw_null(struct jsonw *writer);

#endif
