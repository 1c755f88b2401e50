/* SPDX-License-Identifier: Apache-2.0
 *
 * co_files.c - see co_files.h.
 */
#include "facts/compose/co_files.h"

#include "facts/tree/tree.h"

const char *const co_files_base_names[CO_FILES_NAMES] = {
    "compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"};
const char *const co_files_override_names[CO_FILES_NAMES] = {
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml",
    "docker-compose.override.yaml"};

/* Position of the first name at or behind `*from` that the directory has, or -1. */
static ptrdiff_t find_first(const char *const *wanted, size_t *from, const struct str *names,
                            size_t count)
{
    for (; *from < CO_FILES_NAMES; ++*from) {
        for (size_t i = 0; i < count; i++) {
            if (str_eq(names[i], str_from_cstr(wanted[*from]))) {
                return (ptrdiff_t)i;
            }
        }
    }
    return -1;
}

struct co_found co_files_find(const struct str *names, size_t count)
{
    struct co_found found = {.base = -1, .override = -1, .ignored = -1};
    size_t at = 0;
    found.base = find_first(co_files_base_names, &at, names, count);
    if (found.base >= 0) {
        at++;
        found.ignored = find_first(co_files_base_names, &at, names, count);
        size_t from = 0;
        found.override = find_first(co_files_override_names, &from, names, count);
    }
    return found;
}

bool co_files_next(struct str list, char separator, size_t *at, struct str *piece)
{
    while (*at < list.len) {
        size_t end = str_find_char(list, separator, *at);
        *piece = str_slice(list, *at, end);
        *at = end + 1;
        if (piece->len > 0) {
            return true;
        }
    }
    return false;
}

struct str co_files_directory(struct str path)
{
    size_t end = path.len;
    while (end > 0 && path.ptr[end - 1] != '/') {
        end--;
    }
    return str_slice(path, 0, end > 1 ? end - 1 : end);
}

struct str co_files_base(struct str directory)
{
    size_t end = directory.len;
    while (end > 0 && directory.ptr[end - 1] == '/') {
        end--;
    }
    size_t start = end;
    while (start > 0 && directory.ptr[start - 1] != '/') {
        start--;
    }
    struct str base = str_slice(directory, start, end);
    bool tells = !str_eq(base, STR(".")) && !str_eq(base, STR(".."));
    return tells ? base : STR("");
}

struct str co_files_project_name(struct arena *arena, struct str text)
{
    char *name = ARENA_ARRAY(arena, char, text.len + 1);
    if (name == NULL) {
        return STR("");
    }
    size_t length = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = str_lower_char(text.ptr[i]);
        bool first = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == TREE_HOLE;
        if (first || (length > 0 && (c == '_' || c == '-'))) {
            name[length++] = c;
        }
    }
    return str_make(name, length);
}
