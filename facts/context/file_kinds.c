/* SPDX-License-Identifier: Apache-2.0
 *
 * file_kinds.c - look-ups in the table of file kinds.
 */
#include "facts/context/file_kinds.h"

#include "core/glob.h"
#include "facts/schema.h"

static const struct file_kind kinds[] = {
#define FILE_SAMPLE(pattern)
#define FILE_KIND(kind, what, secret, pattern, needles)                                            \
    {{what, sizeof(what) - 1},                                                                     \
     {pattern, sizeof(pattern) - 1},                                                               \
     {needles, sizeof(needles) - 1},                                                               \
     MEMBER_context_file_kind_##kind,                                                              \
     secret},
#define FILE_DIRECTORY(kind, what, name)
#include "facts/context/file_kinds.def"
};

static const struct file_kind directories[] = {
#define FILE_SAMPLE(pattern)
#define FILE_KIND(kind, what, secret, pattern, needles)
#define FILE_DIRECTORY(kind, what, name)                                                           \
    {{what, sizeof(what) - 1},                                                                     \
     {name, sizeof(name) - 1},                                                                     \
     {"", 0},                                                                                      \
     MEMBER_context_file_kind_##kind,                                                              \
     false},
#include "facts/context/file_kinds.def"
};

static const struct str samples[] = {
#define FILE_SAMPLE(pattern) {pattern, sizeof(pattern) - 1},
#define FILE_KIND(kind, what, secret, pattern, needles)
#define FILE_DIRECTORY(kind, what, name)
#include "facts/context/file_kinds.def"
};

/* The last components of `path`, as many as `pattern` has; empty when there are not so many. */
static struct str tail_for(struct str path, struct str pattern)
{
    size_t slashes = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        slashes += pattern.ptr[i] == '/';
    }
    for (size_t i = path.len; i > 0; i--) {
        if (path.ptr[i - 1] == '/' && slashes-- == 0) {
            return str_slice(path, i, path.len);
        }
    }
    return slashes == 0 ? path : STR("");
}

/* As glob_match; most patterns are a plain name or "*" and an ending, and every file meets all. */
static bool fits(struct str pattern, struct str name)
{
    size_t star = str_find_char(pattern, '*', 0);
    if (star == pattern.len) {
        return str_eq(pattern, name);
    }
    if (star == 0 && str_find_char(pattern, '*', 1) == pattern.len) {
        return str_ends_with(name, str_slice(pattern, 1, pattern.len));
    }
    return glob_match(pattern, name);
}

static bool is_sample(struct str path)
{
    struct str name = tail_for(path, STR(""));
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        if (fits(samples[i], name)) {
            return true;
        }
    }
    return false;
}

const struct file_kind *file_kind_of(struct str path, size_t *next)
{
    if (*next == 0 && is_sample(path)) {
        *next = sizeof kinds / sizeof kinds[0];
    }
    while (*next < sizeof kinds / sizeof kinds[0]) {
        const struct file_kind *kind = &kinds[*next];
        (*next)++;
        if (fits(kind->pattern, tail_for(path, kind->pattern))) {
            return kind;
        }
    }
    return NULL;
}

bool file_kind_proved(const struct file_kind *kind, struct str head)
{
    struct str rest = kind->needles;
    bool proved = rest.len == 0;
    while (rest.len > 0 && !proved) {
        size_t bar = str_find_char(rest, '|', 0);
        proved = str_find(head, str_slice(rest, 0, bar)) < head.len;
        rest = str_slice(rest, bar + 1, rest.len);
    }
    return proved;
}

const struct file_kind *file_kind_of_directory(struct str name)
{
    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++) {
        if (str_eq(directories[i].pattern, name)) {
            return &directories[i];
        }
    }
    return NULL;
}
