/* SPDX-License-Identifier: Apache-2.0
 *
 * utf8.h - decode, validate, display width, and the classes that deceive readers.
 *
 * Strict UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). Tables are compact ranges;
 * no locale is consulted. Thread rule: pure.
 */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

#define UTF8_INVALID UINT32_MAX

/* Decodes at `*at` (must be below text.len) and advances it; an invalid byte advances by one and
 * yields UTF8_INVALID. */
uint32_t utf8_next(struct str text, size_t *at);

/* Offset of the first invalid byte, or text.len. */
size_t utf8_first_invalid(struct str text);

/* Terminal columns of a code point: 0, 1 or 2. Control characters count 0. */
unsigned utf8_width(uint32_t code_point);

/* C0 (but not tab), DEL, C1. */
bool utf8_is_control(uint32_t code_point);

/* Bidirectional controls, zero-width and other invisible format characters, and U+FEFF. */
bool utf8_is_deceptive(uint32_t code_point);

/* Unicode White_Space. */
bool utf8_is_space(uint32_t code_point);

/* Unicode letter (general category L*). */
bool utf8_is_letter(uint32_t code_point);

/* Unicode number of any kind (general category N*). */
bool utf8_is_number(uint32_t code_point);

#endif
