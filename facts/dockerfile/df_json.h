/* SPDX-License-Identifier: Apache-2.0
 *
 * df_json.h - the JSON arrays of exec forms.
 *
 * An own scanner and not the JSON library, for three reasons: it runs for every CMD, COPY and RUN
 * that starts with a bracket and must not allocate a tree; the answer needed is "array of strings,
 * other array, or no JSON at all", with the offset of each string; and what is no JSON for Go's
 * encoding/json must be none here, lone surrogates (which become U+FFFD) included.
 * Thread rule: pure, apart from the arena.
 */
#ifndef FACTS_DOCKERFILE_DF_JSON_H
#define FACTS_DOCKERFILE_DF_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/str.h"

/* Nesting at which Go's decoder gives up, so that the text is no JSON. */
enum { DF_JSON_MAX_DEPTH = 10000 };

enum df_json_kind {
    DF_JSON_STRINGS, /* valid array of strings only */
    DF_JSON_MIXED,   /* valid array with another element: an error of the PARSE layer */
    DF_JSON_NONE     /* not a JSON array: shell form */
};

/* Called for each string element in order: the raw text between the quotes. */
typedef void df_json_string_fn(void *user, struct str raw, bool escaped);

/* Scans a whole text that starts with `[`. Strings are reported while scanning, so the caller must
 * forget them unless the result is DF_JSON_STRINGS. Linear in the text. */
enum df_json_kind df_json_scan(struct str text, df_json_string_fn *emit, void *user);

/* Replaces the escapes of a raw string that df_json_scan accepted. An empty view after a failure
 * of the arena. */
struct str df_json_decode(struct arena *arena, struct str raw);

#endif
