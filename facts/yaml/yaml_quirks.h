/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_quirks.h - what the parser library accepts and the reference refuses or reads otherwise.
 *
 * Such texts are refused: guessing would judge another document than the one that is deployed. What
 * only the library refuses cannot be helped here. Owns nothing. Thread rule: pure.
 */
#ifndef FACTS_YAML_YAML_QUIRKS_H
#define FACTS_YAML_YAML_QUIRKS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"
#include "facts/yaml/yaml_events.h"

struct yaml_quirk {
    uint32_t at; /* offset in the source */
    const char *message;
    const char *hint;
};

/* Looks at one scalar, alias, or start of a list or mapping as it stands in the source. `start` is
 * where its properties begin, `end` where it or, without content, its last property ends; `flow`
 * tells whether it stands in brackets or braces. */
bool yaml_find_quirk(struct yaml_quirk *out, struct str source, const struct yaml_step *step,
                     uint32_t start, uint32_t end, bool flow);

#endif
