/* SPDX-License-Identifier: Apache-2.0
 *
 * gitignore.c - patterns of .gitignore: the last one that matches decides.
 *
 * The matcher never backtracks further than the last `*` and the last `**`, so one match costs at
 * most pattern length times path length squared; both are capped, and so is the sum of all.
 */
#include "cli/gitignore.h"

#include <stdint.h>
#include <string.h>

#include "cli/mem.h"

enum { LONGEST_PATTERN = 512, MOST_PATTERNS = 10000 };

/* A second or so of matching; a large honest tree needs a hundredth of it. */
static const uint64_t most_steps = UINT64_C(200000000);

/* A text being matched from its start on. */
struct match {
    const char *pattern;
    size_t pattern_size;
    const char *text;
    size_t text_size;
};

/* Adds one line of a file; blank lines and comments add nothing. */
static void add_line(struct gitignore *ignore, const char *line, size_t size, size_t level)
{
    struct gitignore_pattern pattern = {.level = level};
    if (size > 0 && line[size - 1] == '\r') {
        size--;
    }
    while (size > 0 && line[size - 1] == ' ' && !(size > 1 && line[size - 2] == '\\')) {
        size--;
    }
    if (size == 0 || line[0] == '#' || size > LONGEST_PATTERN || ignore->count >= MOST_PATTERNS) {
        return;
    }
    if (line[0] == '!') {
        pattern.negated = true;
        line++;
        size--;
    }
    if (size > 0 && line[size - 1] == '/') {
        pattern.only_directories = true;
        size--;
    }
    if (size > 0 && line[0] == '/') {
        pattern.anchored = true;
        line++;
        size--;
    }
    if (size == 0) {
        return;
    }
    pattern.anchored = pattern.anchored || memchr(line, '/', size) != NULL;
    pattern.text = line;
    pattern.size = size;
    ignore->items =
        mem_grow(ignore->items, &ignore->capacity, ignore->count + 1, sizeof *ignore->items);
    ignore->items[ignore->count] = pattern;
    ignore->count++;
}

void gitignore_add(struct gitignore *ignore, const char *text, size_t size, size_t level)
{
    size_t at = 0;
    while (at < size) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end != NULL ? (size_t)(end - (text + at)) : size - at;
        add_line(ignore, text + at, length, level);
        at += length + 1;
    }
}

void gitignore_truncate(struct gitignore *ignore, size_t count)
{
    ignore->count = count;
}

/* Whether the class that opens at pattern[*at] holds `c`; advances behind it. An open class is the
 * letter itself. */
static bool match_class(const char *pattern, size_t size, size_t *at, char c)
{
    size_t i = *at + 1;
    bool negated = i < size && (pattern[i] == '!' || pattern[i] == '^');
    i += negated;
    bool found = false;
    bool first = true;
    while (i < size && (pattern[i] != ']' || first)) {
        first = false;
        if (pattern[i] == '\\' && i + 1 < size) {
            i++;
        }
        char low = pattern[i];
        char high = low;
        if (i + 2 < size && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
            high = pattern[i + 2];
            i += 2;
        }
        found = found ||
                ((unsigned char)c >= (unsigned char)low && (unsigned char)c <= (unsigned char)high);
        i++;
    }
    if (i >= size) {
        (*at)++;
        return c == '[';
    }
    *at = i + 1;
    return found != negated && c != '/';
}

/* Matches one element that stands for exactly one byte; advances the pattern. */
static bool match_one(const struct match *m, size_t *p, char c)
{
    char wanted = m->pattern[*p];
    if (wanted == '?') {
        (*p)++;
        return c != '/';
    }
    if (wanted == '[') {
        return match_class(m->pattern, m->pattern_size, p, c);
    }
    if (wanted == '\\' && *p + 1 < m->pattern_size) {
        (*p)++;
        wanted = m->pattern[*p];
    }
    (*p)++;
    return wanted == c;
}

/* Whether the whole text matches; `*` stops at a slash, `**` does not. */
static bool match_whole(const struct match *m, uint64_t *steps)
{
    size_t p = 0;
    size_t t = 0;
    size_t star = SIZE_MAX;
    size_t star_text = 0;
    size_t deep = SIZE_MAX;
    size_t deep_text = 0;
    while (*steps < most_steps) {
        (*steps)++;
        if (p < m->pattern_size && m->pattern[p] == '*') {
            if (p + 1 < m->pattern_size && m->pattern[p + 1] == '*') {
                p += 2;
                /* "a/(**)/b" also matches "a/b". */
                p += p < m->pattern_size && m->pattern[p] == '/';
                deep = p;
                deep_text = t;
                star = SIZE_MAX;
            } else {
                p++;
                star = p;
                star_text = t;
            }
            continue;
        }
        if (t < m->text_size && p < m->pattern_size && match_one(m, &p, m->text[t])) {
            t++;
            continue;
        }
        if (t == m->text_size && p == m->pattern_size) {
            return true;
        }
        if (star != SIZE_MAX && star_text < m->text_size && m->text[star_text] != '/') {
            star_text++;
            t = star_text;
            p = star;
        } else if (deep != SIZE_MAX && deep_text < m->text_size) {
            deep_text++;
            t = deep_text;
            p = deep;
            star = SIZE_MAX;
        } else {
            return false;
        }
    }
    return false;
}

bool gitignore_match(struct gitignore *ignore, const char *path, size_t size, bool directory)
{
    const char *slash = memrchr(path, '/', size);
    const char *base = slash != NULL ? slash + 1 : path;
    for (size_t i = ignore->count; i > 0; i--) {
        const struct gitignore_pattern *pattern = &ignore->items[i - 1];
        if (pattern->only_directories && !directory) {
            continue;
        }
        const char *text = pattern->anchored ? path + pattern->level : base;
        struct match match = {.pattern = pattern->text,
                              .pattern_size = pattern->size,
                              .text = text,
                              .text_size = (size_t)(path + size - text)};
        if (match_whole(&match, &ignore->steps)) {
            return !pattern->negated;
        }
    }
    return false;
}
