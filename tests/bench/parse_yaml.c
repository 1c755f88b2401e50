/* SPDX-License-Identifier: Apache-2.0
 *
 * parse_yaml.c - the yardstick for YAML: the events of libyaml alone against document trees.
 *
 * Usage: parse_yaml LIST            reads each file of the list and takes its events, nothing else
 *        parse_yaml RUNS LIST       times events and trees of all files inside one process
 * The first form is a command for compare; the second prints medians of processor time.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <yaml.h>

#include "core/arena.h"
#include "core/diag.h"
#include "facts/yaml/yaml_read.h"

enum { MAX_FILES = 65536, MAX_RUNS = 1000, PATH_BYTES = 4096, CHUNK_BYTES = 65536 };

struct files {
    struct arena arena;
    struct str *texts;
    size_t count;
    size_t bytes;
};

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static struct str read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    char *text = NULL;
    size_t size = 0;
    size_t capacity = 0;
    for (size_t got = 1; got > 0; size += got) {
        if (capacity - size < CHUNK_BYTES) {
            char *grown = arena_alloc(arena, 2 * capacity + CHUNK_BYTES);
            if (grown == NULL) {
                exit(1);
            }
            if (size > 0) {
                memcpy(grown, text, size);
            }
            text = grown;
            capacity = 2 * capacity + CHUNK_BYTES;
        }
        got = fread(text + size, 1, capacity - size, file);
    }
    fclose(file);
    return str_make(text, size);
}

/* Number of events up to the end or the first mistake. */
static size_t take_events(struct str text)
{
    yaml_parser_t parser;
    size_t count = 0;
    if (yaml_parser_initialize(&parser) == 0) {
        return 0;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.len);
    for (bool more = true; more; count++) {
        yaml_event_t event;
        more = yaml_parser_parse(&parser, &event) != 0 && event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return count;
}

static size_t events_of_all(struct files *files)
{
    size_t count = 0;
    for (size_t i = 0; i < files->count; i++) {
        count += take_events(files->texts[i]);
    }
    return count;
}

/* Number of texts that were refused. */
static size_t trees_of_all(struct files *files)
{
    size_t refused = 0;
    struct arena arena;
    struct diag_list diags;
    arena_init(&arena, NULL, 0);
    diag_list_init(&diags, NULL);
    for (size_t i = 0; i < files->count; i++) {
        struct yaml_documents documents;
        refused += yaml_read(&documents, &arena, 0, files->texts[i], &diags) != PLIM_STATUS_OK;
        arena_clear(&arena);
        diag_list_clear(&diags);
    }
    diag_list_release(&diags);
    arena_release(&arena);
    return refused;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    return values[count / 2];
}

/* Both kinds take turns, so that a machine that changes its speed changes it for both. */
static void measure(struct files *files, int runs)
{
    static double events_ms[MAX_RUNS];
    static double trees_ms[MAX_RUNS];
    static double ratios[MAX_RUNS];
    size_t events = 0;
    size_t refused = 0;
    for (int run = 0; run < runs; run++) {
        double start = now_ms();
        events = events_of_all(files);
        double middle = now_ms();
        refused = trees_of_all(files);
        events_ms[run] = middle - start;
        trees_ms[run] = now_ms() - middle;
        ratios[run] = trees_ms[run] / events_ms[run];
    }
    double bare = median(events_ms, runs);
    double trees = median(trees_ms, runs);
    printf("%9.3f ms  yaml events of %zu files (%zu bytes, %zu events): %.0f MB/s\n", bare,
           files->count, files->bytes, events, (double)files->bytes / bare / 1e3);
    printf("%9.3f ms  yaml trees: %.0f MB/s, %.2fx (%zu files refused)\n", trees,
           (double)files->bytes / trees / 1e3, median(ratios, runs), refused);
}

int main(int argc, char **argv)
{
    int runs = argc == 3 ? atoi(argv[1]) : 0;
    FILE *list = argc == 2 || argc == 3 ? fopen(argv[argc - 1], "r") : NULL;
    if (list == NULL || runs < 0 || runs > MAX_RUNS || (argc == 3 && runs == 0)) {
        fprintf(stderr, "usage: parse_yaml [RUNS] LIST\n");
        return 2;
    }
    struct files files = {.count = 0};
    arena_init(&files.arena, NULL, 0);
    files.texts = ARENA_ARRAY(&files.arena, struct str, MAX_FILES);
    char path[PATH_BYTES];
    while (files.texts != NULL && files.count < MAX_FILES && fgets(path, sizeof path, list)) {
        path[strcspn(path, "\n")] = '\0';
        struct arena_mark mark = arena_mark(&files.arena);
        struct str text = read_file(&files.arena, path);
        files.bytes += text.len;
        if (runs == 0) {
            (void)take_events(text);
            arena_rewind(&files.arena, mark);
        } else {
            files.texts[files.count] = text;
        }
        files.count++;
    }
    fclose(list);
    if (runs > 0) {
        measure(&files, runs);
    }
    arena_release(&files.arena);
    return 0;
}
