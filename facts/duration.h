/* SPDX-License-Identifier: Apache-2.0
 *
 * duration.h - durations as Go's time.ParseDuration reads them: 1h2m3.5s, units ns us ms s m h; and
 * as Compose does, with d and w in addition.
 *
 * No bare numbers except 0. Thread rule: pure.
 */
#ifndef FACTS_DURATION_H
#define FACTS_DURATION_H

#include <stdint.h>

#include "core/str.h"

/* Why a text is no duration. X(name, text) */
#define DURATION_ERROR_LIST(X)                                                                     \
    X(NONE, "")                                                                                    \
    X(INVALID, "invalid duration")                                                                 \
    X(NO_UNIT, "missing unit in duration")                                                         \
    X(UNIT, "unknown unit in duration")                                                            \
    X(RANGE, "duration is out of range")

enum duration_error {
#define DURATION_ERROR_ENUM(name, text) DURATION_ERROR_##name,
    DURATION_ERROR_LIST(DURATION_ERROR_ENUM)
#undef DURATION_ERROR_ENUM
};

/* Parses `text` to nanoseconds; `*out` is untouched unless the result is DURATION_ERROR_NONE. */
enum duration_error duration_parse(struct str text, int64_t *out);

/* Same with the units of Compose: d is 24 hours, w is 7 days. */
enum duration_error duration_parse_days(struct str text, int64_t *out);

/* Static text of an error. */
struct str duration_error_text(enum duration_error error);

#endif
