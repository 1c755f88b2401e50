/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_text.h - one shell text as the readers hand it over, and the way back to the file.
 *
 * A Dockerfile joins physical lines before a shell sees them, so offsets in the shell text are not
 * offsets in the file. A reader describes the text by segments: from `joined` on, the bytes stand
 * in the file from `source` on, until the next segment begins. Here-document bodies follow the
 * line behind a line feed, as a shell reads them. Owns nothing. Thread rule: pure.
 */
#ifndef FACTS_SHELL_SH_TEXT_H
#define FACTS_SHELL_SH_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

struct sh_segment {
    uint32_t joined; /* offset in the shell text; strictly rising, the first is 0 */
    uint32_t source; /* offset of the same byte in the file */
};

struct sh_text {
    struct str bytes;
    const struct sh_segment *segments; /* borrowed; NULL: offset 0 is `base`, contiguous */
    size_t segment_count;
    uint32_t base;
};

/* File offset of a byte of the text. */
static inline uint32_t sh_text_locate(const struct sh_text *text, uint32_t offset)
{
    size_t low = 0;
    size_t high = text->segment_count;
    if (high == 0) {
        return text->base + offset;
    }
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (text->segments[middle].joined <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return text->segments[low].source + (offset - text->segments[low].joined);
}

/* File offset just behind the byte before `offset`: the right end for a half-open span, so that a
 * span ending at a join does not reach into the next line. */
static inline uint32_t sh_text_locate_end(const struct sh_text *text, uint32_t offset)
{
    return offset > 0 ? sh_text_locate(text, offset - 1) + 1 : sh_text_locate(text, 0);
}

#endif
