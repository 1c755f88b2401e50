/* SPDX-License-Identifier: Apache-2.0
 *
 * utf8.c - see utf8.h. Large classes come from unicode.def and are searched by halving; the small
 * ones that are a matter of judgement (what deceives a reader) stand here. Thread rule: pure.
 */
#include "core/utf8.h"

struct range {
    uint32_t first;
    uint32_t last;
};

#define RANGE(first, last) {first, last},
#define NO_RANGE(first, last)

static const struct range letters[] = {
#define UNICODE_LETTER RANGE
#define UNICODE_NUMBER NO_RANGE
#define UNICODE_ZERO NO_RANGE
#define UNICODE_WIDE NO_RANGE
#include "core/unicode.def"
#undef UNICODE_LETTER
#undef UNICODE_NUMBER
#undef UNICODE_ZERO
#undef UNICODE_WIDE
};

static const struct range numbers[] = {
#define UNICODE_LETTER NO_RANGE
#define UNICODE_NUMBER RANGE
#define UNICODE_ZERO NO_RANGE
#define UNICODE_WIDE NO_RANGE
#include "core/unicode.def"
#undef UNICODE_LETTER
#undef UNICODE_NUMBER
#undef UNICODE_ZERO
#undef UNICODE_WIDE
};

static const struct range zero_width[] = {
#define UNICODE_LETTER NO_RANGE
#define UNICODE_NUMBER NO_RANGE
#define UNICODE_ZERO RANGE
#define UNICODE_WIDE NO_RANGE
#include "core/unicode.def"
#undef UNICODE_LETTER
#undef UNICODE_NUMBER
#undef UNICODE_ZERO
#undef UNICODE_WIDE
};

static const struct range double_width[] = {
#define UNICODE_LETTER NO_RANGE
#define UNICODE_NUMBER NO_RANGE
#define UNICODE_ZERO NO_RANGE
#define UNICODE_WIDE RANGE
#include "core/unicode.def"
#undef UNICODE_LETTER
#undef UNICODE_NUMBER
#undef UNICODE_ZERO
#undef UNICODE_WIDE
};

/* Invisible, or changes the order in which other characters are shown. U+FE0E and U+FE0F are left
 * out: they stand behind common symbols to choose their text or emoji form. */
static const struct range deceptive[] = {
    {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x061C, 0x061C}, {0x115F, 0x1160}, {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFE00, 0xFE0D},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

static const struct range spaces[] = {
    {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0}, {0x1680, 0x1680},
    {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
};

static bool is_in(const struct range *ranges, size_t count, uint32_t code_point)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code_point > ranges[middle].last) {
            low = middle + 1;
        } else if (code_point < ranges[middle].first) {
            high = middle;
        } else {
            return true;
        }
    }
    return false;
}

#define IS_IN(ranges, code_point) is_in((ranges), sizeof(ranges) / sizeof((ranges)[0]), code_point)

/* Bytes of the sequence that `first` opens and the smallest value it may encode; 0 when it opens
 * none. */
static size_t sequence_length(unsigned char first, uint32_t *bits, uint32_t *smallest)
{
    if (first >= 0xC2 && first <= 0xDF) {
        *bits = first & 0x1F;
        *smallest = 0x80;
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        *bits = first & 0x0F;
        *smallest = 0x800;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        *bits = first & 0x07;
        *smallest = 0x10000;
        return 4;
    }
    return 0;
}

uint32_t utf8_next(struct str text, size_t *at)
{
    size_t start = *at;
    unsigned char first = (unsigned char)text.ptr[start];
    *at = start + 1;
    if (first < 0x80) {
        return first;
    }
    uint32_t value = 0;
    uint32_t smallest = 0;
    size_t length = sequence_length(first, &value, &smallest);
    if (length == 0 || length > text.len - start) {
        return UTF8_INVALID;
    }
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)text.ptr[start + i];
        if ((next & 0xC0) != 0x80) {
            return UTF8_INVALID;
        }
        value = value << 6 | (next & 0x3F);
    }
    if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return UTF8_INVALID;
    }
    *at = start + length;
    return value;
}

size_t utf8_first_invalid(struct str text)
{
    size_t at = 0;
    while (at < text.len) {
        uint64_t word;
        while (text.len - at >= sizeof word) {
            memcpy(&word, text.ptr + at, sizeof word);
            if ((word & UINT64_C(0x8080808080808080)) != 0) {
                break;
            }
            at += sizeof word;
        }
        if (at == text.len) {
            break;
        }
        size_t next = at;
        if (utf8_next(text, &next) == UTF8_INVALID) {
            return at;
        }
        at = next;
    }
    return text.len;
}

unsigned utf8_width(uint32_t code_point)
{
    if (code_point < 0x300) {
        return utf8_is_control(code_point) || code_point == '\t' ? 0 : 1;
    }
    if (IS_IN(zero_width, code_point)) {
        return 0;
    }
    return IS_IN(double_width, code_point) ? 2 : 1;
}

bool utf8_is_control(uint32_t code_point)
{
    return (code_point < 0x20 && code_point != '\t') || (code_point >= 0x7F && code_point < 0xA0);
}

bool utf8_is_deceptive(uint32_t code_point)
{
    return code_point >= 0xAD && IS_IN(deceptive, code_point);
}

bool utf8_is_space(uint32_t code_point)
{
    return IS_IN(spaces, code_point);
}

bool utf8_is_letter(uint32_t code_point)
{
    if (code_point < 0x80) {
        return (code_point | 0x20) >= 'a' && (code_point | 0x20) <= 'z';
    }
    return IS_IN(letters, code_point);
}

bool utf8_is_number(uint32_t code_point)
{
    if (code_point < 0x80) {
        return code_point >= '0' && code_point <= '9';
    }
    return IS_IN(numbers, code_point);
}
