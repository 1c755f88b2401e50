/* SPDX-License-Identifier: Apache-2.0
 *
 * golden.c - the one golden runner: every input of every stage against its expected file.
 *
 * Run from the top of the tree. `golden [--bless] [PART]` takes only inputs whose path holds PART;
 * --bless rewrites expected files instead of comparing. Prints the first differing line of each
 * failure and closes with the count. Thread rule: one thread.
 */
#include "tests/golden/golden.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/diag_text.h"

enum { MOST_BYTES = 8 << 20 };

struct run {
    bool bless;
    const char *part;
    unsigned passed;
    unsigned failed;
};

struct stage_row {
    const char *name;
    golden_stage *stage;
};

static const struct stage_row stages[] = {
#define STAGE(name) {#name, golden_##name},
#include "tests/golden/stages.def"
#undef STAGE
};

void golden_put_diags(struct buf *out, struct source_set *sources, struct diag_list *diags)
{
    diag_list_sort(diags);
    diag_text_write_list(out, sources, diags, (struct diag_style){.color = false});
}

static bool read_file(struct buf *out, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    char chunk[4096];
    size_t got = fread(chunk, 1, sizeof chunk, file);
    while (got > 0) {
        buf_append(out, str_make(chunk, got));
        got = fread(chunk, 1, sizeof chunk, file);
    }
    bool ok = ferror(file) == 0 && buf_status(out) == PLIM_STATUS_OK;
    return fclose(file) == 0 && ok;
}

static bool write_file(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return false;
    }
    bool ok = fwrite(text.ptr, 1, text.len, file) == text.len;
    return fclose(file) == 0 && ok;
}

static struct str next_line(struct str text, size_t *at)
{
    size_t from = *at;
    size_t end = str_find_char(text, '\n', from);
    *at = end < text.len ? end + 1 : end;
    return str_slice(text, from, end);
}

static void show_difference(const char *path, struct str expected, struct str actual)
{
    size_t a = 0;
    size_t b = 0;
    unsigned line = 0;
    struct str wanted;
    struct str found;
    do {
        line++;
        wanted = next_line(expected, &a);
        found = next_line(actual, &b);
    } while (str_eq(wanted, found) && (a < expected.len || b < actual.len));
    printf("%s:%u: differs\n  expected: %.*s\n  actual:   %.*s\n", path, line, STR_FMT(wanted),
           STR_FMT(found));
}

static void run_input(struct run *run, const struct stage_row *row, const char *name)
{
    char path[512];
    char expected_path[600];
    snprintf(path, sizeof path, "tests/golden/%s/%s", row->name, name);
    snprintf(expected_path, sizeof expected_path, "%s.expected", path);
    if (run->part != NULL && strstr(path, run->part) == NULL) {
        return;
    }
    struct buf input;
    struct buf actual;
    struct buf expected;
    buf_init(&input, NULL, MOST_BYTES);
    buf_init(&actual, NULL, MOST_BYTES);
    buf_init(&expected, NULL, MOST_BYTES);
    bool ok = read_file(&input, path);
    row->stage(&actual, str_from_cstr(name), buf_view(&input));
    if (run->bless) {
        ok = ok && write_file(expected_path, buf_view(&actual));
    } else if (!ok || !read_file(&expected, expected_path)) {
        printf("%s: cannot be read, or has no expected file\n", path);
        ok = false;
    } else if (!str_eq(buf_view(&expected), buf_view(&actual))) {
        show_difference(expected_path, buf_view(&expected), buf_view(&actual));
        ok = false;
    }
    run->passed += ok;
    run->failed += !ok;
    buf_release(&input);
    buf_release(&actual);
    buf_release(&expected);
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.' &&
           !str_ends_with(str_from_cstr(entry->d_name), STR(".expected"));
}

static void run_stage(struct run *run, const struct stage_row *row)
{
    char folder[512];
    snprintf(folder, sizeof folder, "tests/golden/%s", row->name);
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_input, alphasort);
    if (count < 0) {
        printf("%s: cannot be read\n", folder);
        run->failed++;
        return;
    }
    for (int i = 0; i < count; i++) {
        run_input(run, row, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    struct run run = {.passed = 0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--bless") == 0) {
            run.bless = true;
        } else {
            run.part = argv[i];
        }
    }
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        run_stage(&run, &stages[i]);
    }
    printf("%u passed, %u failed\n", run.passed, run.failed);
    return run.failed > 0;
}
