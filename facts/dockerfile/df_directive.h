/* SPDX-License-Identifier: Apache-2.0
 *
 * df_directive.h - parser directives: `# escape=`, `# syntax=`, `# check=` at the top of a file.
 *
 * Knows the grammar and when the directive block ends. Owns nothing. Thread rule: pure.
 */
#ifndef FACTS_DOCKERFILE_DF_DIRECTIVE_H
#define FACTS_DOCKERFILE_DF_DIRECTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"
#include "facts/dockerfile/df_ast.h"

/* State of the directive block. Zero-initialise, with `escape` set to a backslash. */
struct df_directives {
    char escape;
    bool done; /* no directive can follow */
    unsigned seen;
};

enum df_directive_result {
    DF_DIRECTIVE_NONE, /* an ordinary comment; the block ends */
    DF_DIRECTIVE_OK,
    DF_DIRECTIVE_REPEATED,  /* the same name again: an error */
    DF_DIRECTIVE_BAD_ESCAPE /* neither backslash nor backtick: an error */
};

/* Reads the comment in text[start, end), whose # is at `start`. `out` is set unless the result is
 * DF_DIRECTIVE_NONE. */
enum df_directive_result df_directives_read(struct df_directives *block, struct str text,
                                            uint32_t start, uint32_t end, struct df_directive *out);

/* Splits `name = value` in text[start, end); false when it has not this shape. */
bool df_directive_split(struct str text, uint32_t start, uint32_t end, struct df_directive *out);

/* Value of a directive as the frontend's separate pass over the first lines finds it: also behind a
 * `#!` line and with `//` as comment sign. `name` in lower case. False when there is none. */
bool df_directive_find(struct str text, struct str name, struct df_word *value);

#endif
