/* SPDX-License-Identifier: Apache-2.0
 *
 * projects.c - see projects.h.
 */
#include "cli/projects.h"

#include <stdlib.h>
#include <string.h>

static const char *const default_names[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                            "docker-compose.yaml"};
static const char *const override_names[] = {"compose.override.yml", "compose.override.yaml",
                                             "docker-compose.override.yml",
                                             "docker-compose.override.yaml"};

enum { NAMES = sizeof default_names / sizeof default_names[0] };

/* Length of the directory part with its slash. */
static size_t directory_size(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

static bool same_directory(const char *a, const char *b)
{
    size_t size = directory_size(a);
    return size == directory_size(b) && memcmp(a, b, size) == 0;
}

/* By directory, then by name. */
static int compare_paths(const void *a, const void *b)
{
    const char *left = *(const char *const *)a;
    const char *right = *(const char *const *)b;
    size_t left_size = directory_size(left);
    size_t right_size = directory_size(right);
    int order = memcmp(left, right, left_size < right_size ? left_size : right_size);
    if (order == 0 && left_size != right_size) {
        order = left_size < right_size ? -1 : 1;
    }
    return order != 0 ? order : strcmp(left + left_size, right + right_size);
}

/* The first of the names that one of the paths, all of one directory, has: in the order of names.
 */
static const char *find_first(const char *const *paths, size_t count,
                              const char *const names[NAMES])
{
    for (size_t n = 0; n < NAMES; n++) {
        for (size_t i = 0; i < count; i++) {
            if (strcmp(paths[i] + directory_size(paths[i]), names[n]) == 0) {
                return paths[i];
            }
        }
    }
    return NULL;
}

static bool handle_directory(const char *const *paths, size_t count, bool named,
                             const struct projects_handler *handler)
{
    const char *files[2] = {find_first(paths, count, default_names), NULL};
    bool more = true;
    if (files[0] != NULL) {
        files[1] = find_first(paths, count, override_names);
        more = handler->project(handler->user, files, files[1] != NULL ? 2 : 1);
    }
    for (size_t i = 0; i < count && more; i++) {
        if (paths[i] != files[0] && paths[i] != files[1]) {
            more = files[0] != NULL && !named ? handler->other(handler->user, paths[i], files[0])
                                              : handler->project(handler->user, &paths[i], 1);
        }
    }
    return more;
}

bool projects_each(struct names *paths, bool named, const struct projects_handler *handler)
{
    if (paths->count == 0) {
        return true;
    }
    qsort(paths->items, paths->count, sizeof *paths->items, compare_paths);
    bool more = true;
    for (size_t i = 0; i < paths->count && more;) {
        size_t end = i + 1;
        while (end < paths->count && same_directory(paths->items[i], paths->items[end])) {
            end++;
        }
        more = handle_directory(paths->items + i, end - i, named, handler);
        i = end;
    }
    return more;
}
