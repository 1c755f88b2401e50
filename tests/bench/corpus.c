/* SPDX-License-Identifier: Apache-2.0
 *
 * corpus.c - lays out the files that the benchmark reads: corpus OUTPUT NAME [TEXTS.jsonl.gz].
 *
 * With the reference corpus each of its texts becomes OUTPUT/NNNN/NAME; without it, or when it
 * cannot be read, 800 files of realistic size are generated, always the same ones: compose files
 * for the name compose.yaml, else Dockerfiles. Prints what was made. No library code is used: the
 * benchmark must not depend on what it measures.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { LINE_MAX_BYTES = 1 << 20, PATH_BYTES = 4096, GENERATED_FILES = 800 };

struct output {
    const char *root;
    const char *name;
    size_t files;
    size_t bytes;
};

static bool write_text(struct output *output, const char *text, size_t size)
{
    char path[PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s/%04zu", output->root, output->files);
    if (length < 0 || (size_t)length + strlen(output->name) + sizeof "/" > sizeof path) {
        return false;
    }
    mkdir(path, 0777);
    snprintf(path + length, sizeof path - (size_t)length, "/%s", output->name);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return false;
    }
    bool written = fwrite(text, 1, size, file) == size;
    written = fclose(file) == 0 && written;
    output->files++;
    output->bytes += size;
    return written;
}

static bool unpack(struct output *output, const char *archive)
{
    gzFile file = gzopen(archive, "rb");
    char *line = malloc(LINE_MAX_BYTES);
    bool complete = file != NULL && line != NULL;
    while (complete && gzgets(file, line, LINE_MAX_BYTES) != NULL) {
        json_t *row = json_loads(line, JSON_ALLOW_NUL, NULL);
        const json_t *text = json_object_get(row, "text");
        complete = json_is_string(text) &&
                   write_text(output, json_string_value(text), json_string_length(text));
        json_decref(row);
    }
    free(line);
    if (file != NULL) {
        gzclose(file);
    }
    return complete && output->files > 0;
}

/* A plain stage of a service: the usual instructions, with packages and paths drawn by `seed`. */
static size_t generate_text(char *text, size_t capacity, uint32_t seed)
{
    static const char *const packages[] = {"curl", "git", "ca-certificates", "make", "libpq-dev"};
    static const char *const bases[] = {"debian:12", "python", "node:20-slim", "alpine:latest"};
    size_t length = 0;
    int wrote = snprintf(text, capacity,
                         "FROM %s AS build\nWORKDIR /src\nENV LANG=C.UTF-8 APP_HOME=/srv/app%u\n",
                         bases[seed % 4], (unsigned)seed);
    length += (size_t)wrote;
    for (uint32_t i = 0; i < 4 + seed % 17; i++) {
        wrote = snprintf(text + length, capacity - length,
                         "# step %u\nRUN apt-get update && \\\n    apt-get install -y %s %s && \\\n"
                         "    rm -rf /var/lib/apt/lists/*\nCOPY part%u/ /src/part%u/\n",
                         (unsigned)i, packages[(seed + i) % 5], packages[(seed * 7 + i) % 5],
                         (unsigned)i, (unsigned)i);
        length += (size_t)wrote;
    }
    wrote = snprintf(text + length, capacity - length,
                     "FROM debian:12-slim\nCOPY --from=build /src /srv/app\nEXPOSE 8080\n%s"
                     "CMD [\"/srv/app/start\", \"--port\", \"8080\"]\n",
                     seed % 3 == 0 ? "USER 1000\n" : "");
    return length + (size_t)wrote;
}

/* A project of some services with what they usually have. */
static size_t generate_compose(char *text, size_t capacity, uint32_t seed)
{
    static const char *const images[] = {"nginx:1.27", "postgres:16", "redis", "ghcr.io/a/b:v1"};
    int wrote = snprintf(text, capacity,
                         "# project %u\nx-common: &common\n  restart: unless-stopped\n"
                         "  logging: {driver: json-file, options: {max-size: \"10m\"}}\n"
                         "services:\n",
                         (unsigned)seed);
    size_t length = (size_t)wrote;
    for (uint32_t i = 0; i < 2 + seed % 13; i++) {
        wrote = snprintf(text + length, capacity - length,
                         "  service%u:\n    <<: *common\n    image: %s\n    ports:\n"
                         "      - \"%u:80\"\n    environment:\n      - LANG=C.UTF-8\n"
                         "      - DATABASE_URL=postgres://db/app%u\n    volumes:\n"
                         "      - ./data%u:/var/lib/data:ro\n",
                         (unsigned)i, images[(seed + i) % 4], 8000U + (unsigned)i, (unsigned)seed,
                         (unsigned)i);
        length += (size_t)wrote;
    }
    wrote = snprintf(text + length, capacity - length, "volumes:\n  data: {}\n");
    return length + (size_t)wrote;
}

static bool generate(struct output *output)
{
    char text[16384];
    bool compose = strcmp(output->name, "compose.yaml") == 0;
    for (uint32_t i = 0; i < GENERATED_FILES; i++) {
        uint32_t seed = i * 2654435761U >> 20;
        size_t size = compose ? generate_compose(text, sizeof text, seed)
                              : generate_text(text, sizeof text, seed);
        if (!write_text(output, text, size)) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: corpus OUTPUT NAME [TEXTS.jsonl.gz]\n");
        return 2;
    }
    struct output output = {.root = argv[1], .name = argv[2]};
    mkdir(argv[1], 0777);
    const char *kind = "real";
    if (argc < 4 || !unpack(&output, argv[3])) {
        output.files = 0;
        output.bytes = 0;
        kind = "generated";
        if (!generate(&output)) {
            fprintf(stderr, "cannot write below %s\n", argv[1]);
            return 1;
        }
    }
    printf("corpus: %zu %s files named %s, %zu bytes\n", output.files, kind, output.name,
           output.bytes);
    return 0;
}
