/* SPDX-License-Identifier: Apache-2.0
 *
 * pathname.c - see pathname.h.
 *
 * The matcher keeps the reference's shape, because which malformed patterns it notices depends on
 * how far it reads: a pattern is cut at its stars into chunks; each chunk is tried at the earliest
 * place and never moved again, which is enough since a later star can only need more room.
 */
#include "facts/pathname.h"

#include "core/utf8.h"

/* Writes one ".." at `len`, or takes the last element away. `floor` is the length below which
 * nothing can be taken away; it moves when ".." has to stay. Returns the new length. */
static size_t clean_parent(char *out, size_t len, bool rooted, size_t *floor)
{
    if (len > *floor) {
        len--;
        while (len > *floor && out[len] != '/') {
            len--;
        }
        return len;
    }
    if (!rooted) {
        if (len > 0) {
            out[len++] = '/';
        }
        out[len++] = '.';
        out[len++] = '.';
        *floor = len;
    }
    return len;
}

size_t pathname_clean(char *out, struct str path)
{
    bool rooted = path.len > 0 && path.ptr[0] == '/';
    size_t len = 0;
    if (rooted) {
        out[len++] = '/';
    }
    size_t floor = len;
    for (size_t at = len; at < path.len;) {
        size_t end = str_find_char(path, '/', at);
        struct str element = str_slice(path, at, end);
        at = end + 1;
        if (element.len == 0 || str_eq(element, STR("."))) {
            continue;
        }
        if (str_eq(element, STR(".."))) {
            len = clean_parent(out, len, rooted, &floor);
            continue;
        }
        if (len > (rooted ? 1u : 0u)) {
            out[len++] = '/';
        }
        memcpy(out + len, element.ptr, element.len);
        len += element.len;
    }
    if (len == 0) {
        out[len++] = '.';
    }
    return len;
}

/* A pattern or name that is being read from the front. */
static char take_byte(struct str *text)
{
    char c = text->ptr[0];
    *text = str_slice(*text, 1, text->len);
    return c;
}

/* Next character; an invalid byte counts as U+FFFD, and `*valid` tells. */
static uint32_t take_rune(struct str *text, bool *valid)
{
    size_t at = 0;
    uint32_t rune = utf8_next(*text, &at);
    *text = str_slice(*text, at, text->len);
    *valid = rune != UTF8_INVALID;
    return *valid ? rune : 0xFFFD;
}

/* One end of a class range. False when malformed; something must follow it. */
static bool take_class_end(struct str *chunk, uint32_t *rune)
{
    if (chunk->len == 0 || chunk->ptr[0] == '-' || chunk->ptr[0] == ']') {
        return false;
    }
    if (chunk->ptr[0] == '\\') {
        (void)take_byte(chunk);
        if (chunk->len == 0) {
            return false;
        }
    }
    bool valid = false;
    *rune = take_rune(chunk, &valid);
    return valid && chunk->len > 0;
}

/* Reads a class behind its "[" and tells whether it holds `rune`. False when malformed. */
static bool take_class(struct str *chunk, uint32_t rune, bool *holds)
{
    bool negated = chunk->len > 0 && chunk->ptr[0] == '^';
    if (negated) {
        (void)take_byte(chunk);
    }
    bool found = false;
    for (size_t ranges = 0;; ranges++) {
        if (chunk->len > 0 && chunk->ptr[0] == ']' && ranges > 0) {
            (void)take_byte(chunk);
            *holds = found != negated;
            return true;
        }
        uint32_t low = 0;
        if (!take_class_end(chunk, &low)) {
            return false;
        }
        uint32_t high = low;
        if (chunk->ptr[0] == '-') {
            (void)take_byte(chunk);
            if (!take_class_end(chunk, &high)) {
                return false;
            }
        }
        found |= low <= rune && rune <= high;
    }
}

enum chunk_result { CHUNK_NO, CHUNK_YES, CHUNK_MALFORMED };

/* Matches a chunk without stars at the start of `*name` and takes that part off. After a mismatch
 * the rest of the chunk is still read for its form. */
static enum chunk_result match_chunk(struct str chunk, struct str *name)
{
    struct str rest = *name;
    bool failed = false;
    bool valid = false;
    while (chunk.len > 0) {
        failed |= rest.len == 0;
        char c = take_byte(&chunk);
        if (c == '[') {
            bool holds = false;
            uint32_t rune = failed ? 0 : take_rune(&rest, &valid);
            if (!take_class(&chunk, rune, &holds)) {
                return CHUNK_MALFORMED;
            }
            failed |= !holds;
            continue;
        }
        if (c == '\\' && chunk.len == 0) {
            return CHUNK_MALFORMED;
        }
        bool any = c == '?';
        c = c == '\\' ? take_byte(&chunk) : c;
        if (failed) {
            continue;
        }
        if (any) {
            failed = rest.ptr[0] == '/';
            (void)take_rune(&rest, &valid);
        } else {
            failed = take_byte(&rest) != c;
        }
    }
    if (failed) {
        return CHUNK_NO;
    }
    *name = rest;
    return CHUNK_YES;
}

/* Takes leading stars and the text up to the next star off the pattern. */
static struct str take_chunk(struct str *pattern, bool *star)
{
    *star = false;
    while (pattern->len > 0 && pattern->ptr[0] == '*') {
        (void)take_byte(pattern);
        *star = true;
    }
    bool in_class = false;
    size_t at = 0;
    for (; at < pattern->len; at++) {
        char c = pattern->ptr[at];
        if (c == '*' && !in_class) {
            break;
        }
        if (c == '\\' && at + 1 < pattern->len) {
            at++;
        } else if (c == '[' || c == ']') {
            in_class = c == '[';
        }
    }
    struct str chunk = str_slice(*pattern, 0, at);
    *pattern = str_slice(*pattern, at, pattern->len);
    return chunk;
}

/* Tries the chunk behind a star at every later place up to the next slash. */
static enum chunk_result match_behind_star(struct str chunk, struct str *name, bool last)
{
    for (size_t skip = 0; skip < name->len && name->ptr[skip] != '/'; skip++) {
        struct str rest = str_slice(*name, skip + 1, name->len);
        enum chunk_result result = match_chunk(chunk, &rest);
        if (result == CHUNK_MALFORMED) {
            return result;
        }
        if (result == CHUNK_YES && (!last || rest.len == 0)) {
            *name = rest;
            return result;
        }
    }
    return CHUNK_NO;
}

plim_status pathname_match(bool *out, struct str pattern, struct str name)
{
    while (pattern.len > 0) {
        bool star = false;
        struct str chunk = take_chunk(&pattern, &star);
        if (star && chunk.len == 0) {
            *out = str_find_char(name, '/', 0) == name.len;
            return PLIM_STATUS_OK;
        }
        struct str rest = name;
        enum chunk_result result = match_chunk(chunk, &rest);
        if (result == CHUNK_YES && (rest.len == 0 || pattern.len > 0)) {
            name = rest;
            continue;
        }
        if (result != CHUNK_MALFORMED && star) {
            result = match_behind_star(chunk, &name, pattern.len == 0);
            if (result == CHUNK_YES) {
                continue;
            }
        }
        if (result == CHUNK_MALFORMED) {
            return PLIM_STATUS_INPUT;
        }
        *out = false;
        return PLIM_STATUS_OK;
    }
    *out = name.len == 0;
    return PLIM_STATUS_OK;
}
