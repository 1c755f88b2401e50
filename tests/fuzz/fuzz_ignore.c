/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_ignore.c - a .dockerignore file and a path, parted by the first NUL byte. The matcher that
 * sees all parent directories in one pass must agree with one run for each of them.
 */
#include <stdint.h>
#include <stdlib.h>

#include "facts/context/ignore.h"
#include "facts/context/ignore_glob.h"
#include "facts/context/ignore_read.h"
#include "facts/pathname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20 };

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

/* Compares one pass over the path with one run for each part of it. */
static void check_parents(struct arena *arena, struct str pattern, struct str path)
{
    struct ignore_glob glob = {0};
    if (path.len > 64 || ignore_glob_compile(&glob, arena, pattern) != PLIM_STATUS_OK) {
        return;
    }
    bool expected = ignore_glob_matches(&glob, path, false);
    for (size_t at = str_find_char(path, '/', 0); at < path.len;
         at = str_find_char(path, '/', at + 1)) {
        expected |= ignore_glob_matches(&glob, str_slice(path, 0, at), false);
    }
    require(ignore_glob_matches(&glob, path, true) == expected);
}

static void run_patterns(struct arena *arena, const struct ignore_lines *lines, struct str path)
{
    struct str *patterns = ARENA_ARRAY(arena, struct str, lines->count + 1);
    if (patterns == NULL) {
        return;
    }
    for (size_t i = 0; i < lines->count; i++) {
        bool matched = false;
        patterns[i] = lines->items[i].pattern;
        require(patterns[i].len > 0 && lines->items[i].line > 0);
        check_parents(arena, patterns[i], path);
        plim_status status = pathname_match(&matched, patterns[i], path);
        require(status == PLIM_STATUS_OK || status == PLIM_STATUS_INPUT);
    }
    struct ignore_set set = {0};
    struct ignore_fault fault = {0};
    bool ignored = false;
    plim_status status = ignore_compile(&set, arena, patterns, lines->count, &fault);
    if (status == PLIM_STATUS_OK) {
        status = ignore_match(&ignored, &set, path, &fault);
    }
    require(status != PLIM_STATUS_INPUT || (fault.index < lines->count && fault.text.len > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str input = str_make((const char *)data, size);
    size_t nul = str_find_char(input, '\0', 0);
    struct arena arena;
    arena_init(&arena, NULL, ARENA_BYTES);
    struct ignore_lines lines = {0};
    plim_status status = ignore_read(&lines, &arena, str_slice(input, 0, nul));
    if (status == PLIM_STATUS_OK) {
        run_patterns(&arena, &lines, str_slice(input, nul + 1, size));
    }
    arena_release(&arena);
    return 0;
}
