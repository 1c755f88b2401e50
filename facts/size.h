/* SPDX-License-Identifier: Apache-2.0
 *
 * size.h - amounts of bytes as docker/go-units and Compose read them: 512m, 1.5 GiB, 64K.
 *
 * A number, at most one blank, and k m g t p in any case with "b" or "ib" behind it, or "b" alone.
 * How it is spelled decides nothing about the step: `k`, `kb` and `kib` are equal. Thread rule:
 * pure.
 */
#ifndef FACTS_SIZE_H
#define FACTS_SIZE_H

#include <stdint.h>

#include "core/str.h"

/* Why a text is no size. X(name, text) */
#define SIZE_ERROR_LIST(X)                                                                         \
    X(NONE, "")                                                                                    \
    X(NUMBER, "a size begins with a number")                                                       \
    X(NEGATIVE, "a size cannot be negative")                                                       \
    X(UNIT, "the unit of a size is one of b, k, m, g, t, p, with b or ib behind it")

enum size_error {
#define SIZE_ERROR_ENUM(name, text) SIZE_ERROR_##name,
    SIZE_ERROR_LIST(SIZE_ERROR_ENUM)
#undef SIZE_ERROR_ENUM
};

/* What a k is. */
enum size_step { SIZE_STEP_1024, SIZE_STEP_1000 };

/* Parses `text` to bytes, parts of a byte cut. What does not fit becomes INT64_MIN, as it does in
 * the reference. `*out` is untouched unless the result is SIZE_ERROR_NONE. */
enum size_error size_parse(struct str text, enum size_step step, int64_t *out);

/* Same for attributes of Compose: steps of 1024, and whole numbers may be negative (-1). */
enum size_error size_parse_compose(struct str text, int64_t *out);

/* Static text of an error. */
struct str size_error_text(enum size_error error);

#endif
