/* SPDX-License-Identifier: Apache-2.0
 *
 * glob.c - see glob.h. The pattern is compiled on the stack to at most GLOB_MAX_ELEMENTS elements;
 * a text is then matched by stepping the set of all reachable elements, one bit each, over its
 * bytes. That costs text length times pattern length in the worst case and never backtracks.
 * Thread rule: pure.
 */
#include "core/glob.h"

#include <stdint.h>

enum element_kind { LITERAL, ANY_BYTE, CLASS, STAR, DOUBLE_STAR };

struct element {
    enum element_kind kind;
    unsigned char literal;
    uint16_t class_start; /* of the text between the brackets */
    uint16_t class_end;
    bool negated;
};

enum { WORD_BITS = 64, WORDS = GLOB_MAX_ELEMENTS / WORD_BITS + 1 };

struct glob {
    struct str pattern;
    struct element elements[GLOB_MAX_ELEMENTS];
    size_t count;
};

/* Reads one possibly escaped byte of a class at `*at`; false at the end of the pattern. */
static bool read_class_byte(struct str pattern, size_t *at, unsigned char *out)
{
    if (*at < pattern.len && pattern.ptr[*at] == '\\') {
        (*at)++;
    }
    if (*at >= pattern.len) {
        return false;
    }
    *out = (unsigned char)pattern.ptr[(*at)++];
    return true;
}

/* Reads the range or single byte at `*at`; false when the class is malformed. */
static bool read_class_range(struct str pattern, size_t *at, unsigned char *low,
                             unsigned char *high)
{
    if (!read_class_byte(pattern, at, low)) {
        return false;
    }
    *high = *low;
    if (*at + 1 < pattern.len && pattern.ptr[*at] == '-' && pattern.ptr[*at + 1] != ']') {
        (*at)++;
        return read_class_byte(pattern, at, high) && *low <= *high;
    }
    return true;
}

/* Parses the class whose '[' is before `*at`; false when it is malformed. */
static bool parse_class(struct str pattern, size_t *at, struct element *out)
{
    out->kind = CLASS;
    if (*at < pattern.len && (pattern.ptr[*at] == '!' || pattern.ptr[*at] == '^')) {
        out->negated = true;
        (*at)++;
    }
    out->class_start = (uint16_t)*at;
    do { /* a ']' that stands first is a member, so the body is read at least once */
        unsigned char low;
        unsigned char high;
        if (!read_class_range(pattern, at, &low, &high)) {
            return false;
        }
    } while (*at < pattern.len && pattern.ptr[*at] != ']');
    if (*at >= pattern.len) {
        return false;
    }
    out->class_end = (uint16_t)*at;
    (*at)++;
    return true;
}

static bool parse_element(struct str pattern, size_t *at, struct element *out)
{
    char c = pattern.ptr[(*at)++];
    *out = (struct element){.kind = LITERAL, .literal = (unsigned char)c};
    switch (c) {
    case '*':
        out->kind = STAR;
        while (*at < pattern.len && pattern.ptr[*at] == '*') {
            out->kind = DOUBLE_STAR;
            (*at)++;
        }
        return true;
    case '?':
        out->kind = ANY_BYTE;
        return true;
    case '[':
        return parse_class(pattern, at, out);
    case '\\':
        if (*at >= pattern.len) {
            return false;
        }
        out->literal = (unsigned char)pattern.ptr[(*at)++];
        return true;
    default:
        return true;
    }
}

static bool parse_glob(struct glob *glob, struct str pattern)
{
    if (pattern.len > GLOB_MAX_ELEMENTS) {
        return false;
    }
    glob->pattern = pattern;
    glob->count = 0;
    for (size_t at = 0; at < pattern.len;) {
        if (!parse_element(pattern, &at, &glob->elements[glob->count])) {
            return false;
        }
        glob->count++;
    }
    return true;
}

static bool class_has(struct str pattern, const struct element *element, unsigned char byte)
{
    bool found = false;
    for (size_t at = element->class_start; at < element->class_end && !found;) {
        unsigned char low = 0;
        unsigned char high = 0;
        if (!read_class_range(pattern, &at, &low, &high)) {
            break;
        }
        found = byte >= low && byte <= high;
    }
    return found != element->negated && byte != '/';
}

static bool is_star(const struct element *element)
{
    return element->kind == STAR || element->kind == DOUBLE_STAR;
}

/* Whether an element takes `byte`; a star stays where it is, the others step on. */
static bool takes(const struct glob *glob, const struct element *element, unsigned char byte)
{
    switch (element->kind) {
    case LITERAL:
        return element->literal == byte;
    case ANY_BYTE:
    case STAR:
        return byte != '/';
    case DOUBLE_STAR:
        return true;
    case CLASS:
        return class_has(glob->pattern, element, byte);
    }
    return false;
}

/* Adds element `at` and what stars behind it can be skipped to. */
static void reach(const struct glob *glob, uint64_t *set, size_t at)
{
    for (;; at++) {
        set[at / WORD_BITS] |= UINT64_C(1) << at % WORD_BITS;
        if (at == glob->count || !is_star(&glob->elements[at])) {
            return;
        }
    }
}

static bool match_parsed(const struct glob *glob, struct str text)
{
    size_t words = glob->count / WORD_BITS + 1;
    uint64_t now[WORDS] = {0};
    reach(glob, now, 0);
    for (size_t i = 0; i < text.len; i++) {
        uint64_t next[WORDS] = {0};
        bool alive = false;
        for (size_t w = 0; w < words; w++) {
            for (uint64_t bits = now[w]; bits != 0; bits &= bits - 1) {
                size_t at = w * WORD_BITS + (size_t)__builtin_ctzll(bits);
                if (at < glob->count &&
                    takes(glob, &glob->elements[at], (unsigned char)text.ptr[i])) {
                    reach(glob, next, is_star(&glob->elements[at]) ? at : at + 1);
                    alive = true;
                }
            }
        }
        if (!alive) {
            return false;
        }
        memcpy(now, next, words * sizeof now[0]);
    }
    return (now[glob->count / WORD_BITS] >> glob->count % WORD_BITS & 1) != 0;
}

bool glob_is_valid(struct str pattern)
{
    struct glob glob;
    return parse_glob(&glob, pattern);
}

/* Length of the run of stars that a pattern begins with. */
static size_t leading_stars(struct str pattern)
{
    size_t count = 0;
    while (count < pattern.len && pattern.ptr[count] == '*') {
        count++;
    }
    return count;
}

/* `**text**` and `*text*` are what most patterns are: a search instead of a walk. False when the
 * pattern has another form. */
static bool match_contained(struct str pattern, struct str text, bool *matches)
{
    size_t head = leading_stars(pattern);
    struct str middle = str_slice(pattern, head, pattern.len);
    size_t tail = 0;
    while (tail < middle.len && middle.ptr[middle.len - tail - 1] == '*') {
        tail++;
    }
    middle = str_slice(middle, 0, middle.len - tail);
    if (head == 0 || tail == 0 || (head > 1) != (tail > 1) || middle.len == 0) {
        return false;
    }
    for (size_t i = 0; i < middle.len; i++) {
        if (middle.ptr[i] == '*' || middle.ptr[i] == '?' || middle.ptr[i] == '[' ||
            middle.ptr[i] == '\\' || (head == 1 && middle.ptr[i] == '/')) {
            return false;
        }
    }
    *matches =
        str_find(text, middle) < text.len && (head > 1 || str_find_char(text, '/', 0) == text.len);
    return true;
}

bool glob_match(struct str pattern, struct str text)
{
    struct glob glob;
    bool matches;
    if (pattern.len <= GLOB_MAX_ELEMENTS && match_contained(pattern, text, &matches)) {
        return matches;
    }
    return parse_glob(&glob, pattern) && match_parsed(&glob, text);
}
