/* SPDX-License-Identifier: Apache-2.0
 *
 * ulimit.c - see ulimit.h.
 */
#include "facts/ulimit.h"

#include <stddef.h>

struct str ulimit_error_text(enum ulimit_error error)
{
    static const struct str texts[] = {
#define ULIMIT_ERROR_TEXT(name, text) {"" text "", sizeof(text) - 1},
        ULIMIT_ERROR_LIST(ULIMIT_ERROR_TEXT)
#undef ULIMIT_ERROR_TEXT
    };
    return (size_t)error < sizeof texts / sizeof texts[0] ? texts[error] : STR("");
}

bool ulimit_is_name(struct str name)
{
    static const struct str names[] = {
#define ULIMIT_NAME(text) {"" text "", sizeof(text) - 1},
        ULIMIT_NAME_LIST(ULIMIT_NAME)
#undef ULIMIT_NAME
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_eq(names[i], name)) {
            return true;
        }
    }
    return false;
}

enum ulimit_error ulimit_parse(struct str text, struct ulimit *out)
{
    size_t equals = str_find_char(text, '=', 0);
    struct str limits = str_slice(text, equals + 1, text.len);
    size_t colon = str_find_char(limits, ':', 0);
    struct ulimit limit = {.name = str_slice(text, 0, equals)};
    if (equals == text.len || str_find_char(limits, ':', colon + 1) < limits.len) {
        return ULIMIT_ERROR_FORM;
    }
    if (!ulimit_is_name(limit.name)) {
        return ULIMIT_ERROR_NAME;
    }
    if (!str_to_i64(str_slice(limits, 0, colon), &limit.soft)) {
        return ULIMIT_ERROR_NUMBER;
    }
    limit.hard = limit.soft;
    if (colon < limits.len && !str_to_i64(str_slice(limits, colon + 1, limits.len), &limit.hard)) {
        return ULIMIT_ERROR_NUMBER;
    }
    if (limit.hard != -1 && (limit.soft == -1 || limit.soft > limit.hard)) {
        return ULIMIT_ERROR_ORDER;
    }
    *out = limit;
    return ULIMIT_ERROR_NONE;
}
