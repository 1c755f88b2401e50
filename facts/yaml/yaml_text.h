/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_text.h - what must hold for the bytes of a YAML text before it is parsed.
 *
 * Encoding and characters only; what they mean is not known here. Owns nothing. Thread rule: pure
 * but for the diagnostics.
 */
#ifndef FACTS_YAML_YAML_TEXT_H
#define FACTS_YAML_YAML_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/status.h>

#include "core/diag.h"
#include "core/source.h"
#include "core/str.h"

struct yaml_text {
    struct str body;  /* without byte order mark */
    uint32_t body_at; /* offset of `body` in the source */
    bool ascii;       /* characters are bytes */
    size_t at_char;   /* a place of `body` whose offset is known: searches start there */
    size_t at_byte;
};

/* Looks at every byte once. INPUT for another encoding than UTF-8 and for control characters, LIMIT
 * for too many %TAG lines; both with a diagnostic. */
plim_status yaml_text_check(struct yaml_text *out, source_id source, struct str text,
                            struct diag_list *diags) PLIM_MUST_CHECK;

/* Offset in the source of the character with this index in the body. Takes as many steps as there
 * are characters between it and the one asked for before. */
uint32_t yaml_text_offset(struct yaml_text *text, size_t index);

#endif
