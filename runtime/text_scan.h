/* SPDX-License-Identifier: Apache-2.0
 *
 * text_scan.h - which of many patterns a text may match, in one pass over its bytes.
 *
 * Patterns are numbered as they are added and described by literals of which one must stand in a
 * match. The scanner looks at each three neighbouring bytes, letters folded, in a bitmap that few
 * of them hit, and compares literals only there. Work is linear in the text, whatever the number
 * of patterns. Memory belongs to the arena given to text_scan_new. Thread rule: immutable once all
 * patterns are added, shareable.
 */
#ifndef RUNTIME_TEXT_SCAN_H
#define RUNTIME_TEXT_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"

enum {
    TEXT_SCAN_MAX = 63, /* patterns: a set of them fits 64 bits and leaves one over */
    TEXT_SCAN_MIN = 3   /* bytes of a literal */
};

struct text_scan;

/* An empty scanner; NULL when memory ends. */
struct text_scan *text_scan_new(struct arena *arena);

/* Adds a literal of pattern `number`; `fold`: letters of both cases, the literal in lower case. The
 * text must live as long as the scanner. False when it is too short or memory ends: the pattern
 * cannot be scanned for then. */
bool text_scan_add(struct text_scan *scan, struct arena *arena, unsigned number, struct str literal,
                   bool fold);

/* Bits of the patterns one of whose literals stands in the text. */
uint64_t text_scan_find(const struct text_scan *scan, struct str text);

#endif
