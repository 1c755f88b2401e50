/* SPDX-License-Identifier: Apache-2.0
 *
 * co_form.h - the forms of texts and keys that attributes.def names, as small matchers.
 *
 * Owns nothing. Thread rule: pure.
 */
#ifndef FACTS_COMPOSE_CO_FORM_H
#define FACTS_COMPOSE_CO_FORM_H

#include <stdbool.h>

#include "core/str.h"
#include "facts/compose/co_type.h"

/* Whether a text has the form. Texts with unknown parts are the caller's business. */
bool co_form_matches(enum co_pattern pattern, struct str text);

/* What the form allows, as a sentence for messages. Static text. */
const char *co_form_allowed(enum co_pattern pattern);

#endif
