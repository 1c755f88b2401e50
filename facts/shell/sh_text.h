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

#include <stdbool.h>
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

/* The segment that holds an offset; the text must have segments. */
static inline size_t sh_text_segment(const struct sh_text *text, uint32_t offset)
{
    size_t low = 0;
    size_t high = text->segment_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (text->segments[middle].joined <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* File offset of a byte of the text. */
static inline uint32_t sh_text_locate(const struct sh_text *text, uint32_t offset)
{
    if (text->segment_count == 0) {
        return text->base + offset;
    }
    const struct sh_segment *segment = &text->segments[sh_text_segment(text, offset)];
    return segment->source + (offset - segment->joined);
}

/* File offset just behind the byte before `offset`: the right end for a half-open span, so that a
 * span ending at a join does not reach into the next line. */
static inline uint32_t sh_text_locate_end(const struct sh_text *text, uint32_t offset)
{
    return offset > 0 ? sh_text_locate(text, offset - 1) + 1 : sh_text_locate(text, 0);
}

/* Whether a segment holds an offset. */
static inline bool sh_text_in_segment(const struct sh_text *text, size_t segment, uint32_t offset)
{
    return offset >= text->segments[segment].joined &&
           (segment + 1 == text->segment_count || offset < text->segments[segment + 1].joined);
}

/* File range of [start, end). `*near` is the segment of the last answer, 0 at first: places asked
 * for one after the other stand in the same segment or in the next, mostly. */
static inline void sh_text_locate_range(const struct sh_text *text, uint32_t start, uint32_t end,
                                        uint32_t *file_start, uint32_t *file_end, size_t *near)
{
    if (text->segment_count == 0) {
        *file_start = text->base + start;
        *file_end = text->base + (end > start ? end : start);
        return;
    }
    if (*near + 1 < text->segment_count && !sh_text_in_segment(text, *near, start)) {
        (*near)++;
    }
    if (!sh_text_in_segment(text, *near, start)) {
        *near = sh_text_segment(text, start);
    }
    const struct sh_segment *segment = &text->segments[*near];
    *file_start = segment->source + (start - segment->joined);
    if (end <= start) {
        *file_end = *file_start;
    } else if (sh_text_in_segment(text, *near, end - 1)) {
        *file_end = *file_start + (end - start);
    } else {
        *file_end = sh_text_locate_end(text, end);
    }
}

#endif
