/* SPDX-License-Identifier: Apache-2.0
 *
 * replay.c - main() for a fuzz target without a fuzzer: runs it over the files given, or over the
 * committed corpus of its name (replay_X reads tests/fuzz/corpus/X). Every input counts as a passed
 * test when the target returns; a crash or a sanitizer report ends the program.
 * Each input is copied to a block of exactly its size, so that reads past the end are seen.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATH_MAX_BYTES = 4096, FILE_MAX_BYTES = 64 << 20 };

struct counts {
    size_t passed;
    size_t failed;
};

static bool run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat info;
    if (file == NULL || fstat(fileno(file), &info) != 0 || info.st_size > FILE_MAX_BYTES) {
        if (file != NULL) {
            fclose(file);
        }
        return false;
    }
    size_t size = (size_t)info.st_size;
    uint8_t *data = malloc(size > 0 ? size : 1);
    bool complete = data != NULL && fread(data, 1, size, file) == size;
    fclose(file);
    if (complete) {
        LLVMFuzzerTestOneInput(data, size);
    }
    free(data);
    return complete;
}

static void count_file(struct counts *counts, const char *path)
{
    if (run_file(path)) {
        counts->passed++;
    } else {
        printf("cannot read %s\n", path);
        counts->failed++;
    }
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void run_directory(struct counts *counts, const char *path)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_visible, compare_names);
    for (int i = 0; i < count; i++) {
        char file[PATH_MAX_BYTES];
        int length = snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        if (length > 0 && (size_t)length < sizeof file) {
            count_file(counts, file);
        }
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    struct counts counts = {.passed = 1}; /* the empty input */
    if (argc == 1) {
        const char *name = strstr(argv[0], "replay_");
        char path[PATH_MAX_BYTES];
        snprintf(path, sizeof path, "tests/fuzz/corpus/%s",
                 name != NULL ? name + strlen("replay_") : "none");
        run_directory(&counts, path);
    }
    for (int i = 1; i < argc; i++) {
        struct stat info;
        if (stat(argv[i], &info) == 0 && S_ISDIR(info.st_mode)) {
            run_directory(&counts, argv[i]);
        } else {
            count_file(&counts, argv[i]);
        }
    }
    printf("%zu passed, %zu failed\n", counts.passed, counts.failed);
    return counts.failed > 0;
}
