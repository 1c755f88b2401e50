/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - the conformance runner: reads the tables, counts equal rows, prints the rest.
 *
 * Usage: conformance [-v] [TABLE...]. Rows come from the reference directory (PLIM_REFERENCE, else
 * ../shared/reference) where that exists, and always from tests/conformance/data; a table may also
 * be the file of its name among the real files (corpus) of the reference. A row that differs fails
 * the run unless expected_differences.txt names it; a named row that has become equal fails it too,
 * so that the list stays true. A row is named by the FNV-1a hash of its line, which is the same in
 * both places. How rows are judged belongs in conf_*.c.
 */
#include "conformance.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/alloc.h"

enum { MAX_FILE = 64 << 20, MAX_NAMED = 256 };

struct table {
    const char *name;
    const char *file; /* without its ending */
    conf_table_fn *run;
};

static const struct table tables[] = {
#define CONF_TABLE(name, function) {#name, #name, function},
#define CONF_PART(name, file, function) {#name, #file, function},
#include "tables.def"
#undef CONF_TABLE
#undef CONF_PART
    {NULL, NULL, NULL},
};

/* A row that is known to differ. */
struct named {
    struct str table;
    uint64_t hash;
};

struct totals {
    size_t passed;
    size_t failed;
    size_t named;
};

struct runner {
    bool verbose;
    struct buf expected; /* text of expected_differences.txt */
    struct named named[MAX_NAMED];
    size_t named_count;
    struct totals totals;
};

static uint64_t hash_line(struct str line)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < line.len; i++) {
        hash = (hash ^ (unsigned char)line.ptr[i]) * 0x100000001b3u;
    }
    return hash;
}

/* Appends a whole file, unpacked when it is packed; false when it cannot be read. */
static bool read_file(const char *path, struct buf *out)
{
    gzFile file = gzopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    char chunk[65536];
    int len = gzread(file, chunk, sizeof(chunk));
    for (; len > 0; len = gzread(file, chunk, sizeof(chunk))) {
        buf_append(out, str_make(chunk, (size_t)len));
    }
    return gzclose(file) == Z_OK && len == 0 && buf_status(out) == PLIM_STATUS_OK;
}

/* Cuts the first line off `rest`. */
static struct str take_line(struct str *rest)
{
    size_t end = str_find_char(*rest, '\n', 0);
    struct str line = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->len);
    return line;
}

/* Lines are "TABLE HASH reason..."; '#' starts a comment line. */
static bool load_expected(struct runner *runner, const char *path)
{
    if (!read_file(path, &runner->expected)) {
        fprintf(stderr, "cannot read %s\n", path);
        return false;
    }
    struct str rest = buf_view(&runner->expected);
    while (rest.len > 0) {
        struct str line = take_line(&rest);
        if (line.len == 0 || line.ptr[0] == '#') {
            continue;
        }
        size_t blank = str_find_char(line, ' ', 0);
        char digits[17] = {0};
        struct str hash = str_slice(line, blank + 1, blank + 17);
        if (hash.len != 16 || runner->named_count == MAX_NAMED) {
            fprintf(stderr, "%s: malformed line or too many lines: %.*s\n", path, STR_FMT(line));
            return false;
        }
        memcpy(digits, hash.ptr, hash.len);
        runner->named[runner->named_count++] =
            (struct named){.table = str_slice(line, 0, blank), .hash = strtoull(digits, NULL, 16)};
    }
    return true;
}

static bool is_named(const struct runner *runner, const char *table, uint64_t hash)
{
    for (size_t i = 0; i < runner->named_count; i++) {
        if (runner->named[i].hash == hash && str_eq(runner->named[i].table, str_from_cstr(table))) {
            return true;
        }
    }
    return false;
}

/* Judges one line and counts it in `counts`. */
static void run_row(const struct runner *runner, const struct table *table, struct str line,
                    size_t number, struct totals *counts)
{
    struct buf difference;
    buf_init(&difference, NULL, 1 << 20);
    struct conf_row row = {.json = NULL, .difference = &difference};
    json_error_t error;
    json_t *json = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, &error);
    if (json == NULL) { /* integers beyond 64 bits */
        json = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    }
    row.json = json;
    if (json == NULL) {
        conf_differ(&row, str_from_cstr(error.text));
    } else {
        table->run(&row);
    }
    bool equal = difference.len == 0 && buf_status(&difference) == PLIM_STATUS_OK;
    uint64_t hash = hash_line(line);
    bool named = is_named(runner, table->name, hash);
    if (equal && named) {
        conf_differ(&row, STR("equal now: take it off expected_differences.txt"));
    }
    size_t *counter = named && !equal   ? &counts->named
                      : equal && !named ? &counts->passed
                                        : &counts->failed;
    ++*counter;
    if (counter == &counts->failed || (runner->verbose && counter == &counts->named)) {
        struct str text = buf_view(&difference);
        printf("  %s:%zu %016" PRIx64 "%s: %.*s\n", table->name, number, hash,
               named && !equal ? " (named)" : "", STR_FMT(text));
        if (runner->verbose) {
            printf("    %.*s\n", line.len > 600 ? 600 : (int)line.len, line.ptr);
        }
    }
    json_decref(json);
    buf_release(&difference);
}

/* Runs all rows of one file; a missing file is not an error here. */
static void run_file(struct runner *runner, const struct table *table, const char *directory,
                     const char *note)
{
    struct buf path;
    struct buf text;
    buf_init(&path, NULL, 4096);
    buf_init(&text, NULL, MAX_FILE);
    buf_printf(&path, "%s/%s.jsonl", directory, table->file);
    bool found = read_file(path.data, &text);
    if (!found) {
        buf_clear(&path);
        buf_printf(&path, "%s/../corpus/%s.jsonl.gz", directory, table->file);
        found = read_file(path.data, &text);
    }
    if (found) {
        struct totals counts = {0};
        struct str rest = buf_view(&text);
        for (size_t number = 1; rest.len > 0; number++) {
            struct str line = take_line(&rest);
            if (line.len > 0 && line.ptr[0] != '#') {
                run_row(runner, table, line, number, &counts);
            }
        }
        size_t total = counts.passed + counts.failed + counts.named;
        printf("%s%s: %zu/%zu", table->name, note, counts.passed, total);
        printf(counts.named > 0 ? " (%zu named differences)\n" : "\n", counts.named);
        runner->totals.passed += counts.passed;
        runner->totals.failed += counts.failed;
        runner->totals.named += counts.named;
    }
    buf_release(&text);
    buf_release(&path);
}

static bool is_wanted(const char *name, int count, char *const *names)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return count == 0;
}

int main(int argc, char **argv)
{
    struct runner runner = {0};
    int first = 1;
    if (argc > 1 && strcmp(argv[1], "-v") == 0) {
        runner.verbose = true;
        first = 2;
    }
    buf_init(&runner.expected, NULL, MAX_FILE);
    if (!load_expected(&runner, "tests/conformance/expected_differences.txt")) {
        buf_release(&runner.expected);
        return 2;
    }
    const char *given = getenv("PLIM_REFERENCE");
    struct buf reference;
    buf_init(&reference, NULL, 4096);
    buf_printf(&reference, "%s/conformance", given != NULL ? given : "../shared/reference");
    bool have_reference = false;
    for (const struct table *table = tables; table->name != NULL; table++) {
        if (is_wanted(table->name, argc - first, argv + first)) {
            size_t before = runner.totals.passed + runner.totals.failed + runner.totals.named;
            run_file(&runner, table, reference.data, "");
            have_reference |=
                runner.totals.passed + runner.totals.failed + runner.totals.named > before;
            run_file(&runner, table, "tests/conformance/data", " (authored copy)");
        }
    }
    if (!have_reference) {
        printf("skipped: no ../shared (only the authored copies were run)\n");
    }
    if (runner.totals.named > 0) {
        printf("%zu differences are named in docs/conformance.md\n", runner.totals.named);
    }
    printf("%zu passed, %zu failed\n", runner.totals.passed, runner.totals.failed);
    buf_release(&reference);
    buf_release(&runner.expected);
    return runner.totals.failed == 0 ? 0 : 1;
}
