/* SPDX-License-Identifier: Apache-2.0
 *
 * params.h - values that a consumer gives for parameters: parsing and checking.
 *
 * The text form is "NAME=VALUE", or "NAME+=VALUE" to add to an extendable list. Values are written
 * as in the language: strings bare or in double quotes, integers, durations (7d 12h), sizes
 * (512MiB), booleans, enumeration members, lists in brackets. Checked against type, range, locked
 * and extendable here and nowhere else. Thread rule: pure apart from the arena.
 */
#ifndef RUNTIME_PARAMS_H
#define RUNTIME_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include <plimsoll/error.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"
#include "runtime/program.h"

/* One value: `number` for everything but strings and versions. */
struct param_item {
    int64_t number;
    struct str text;
};

struct param_value {
    uint32_t param;                 /* index into program->params */
    bool extend;                    /* add to the default elements instead of replacing them */
    const struct param_item *items; /* one, or the elements of a list */
    size_t count;
};

/* Parses and checks one setting. USAGE with a message for an unknown name, a value that does not
 * fit, a locked parameter; NOMEM. Texts may point into `setting`. */
plim_status params_parse(struct param_value *out, const struct program *program, struct str setting,
                         struct arena *arena, plim_error *error) PLIM_MUST_CHECK;

/* Checks a typed value against its declaration. USAGE with a message. */
plim_status params_check(const struct program *program, const struct param_value *value,
                         plim_error *error) PLIM_MUST_CHECK;

#endif
