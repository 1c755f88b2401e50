/* SPDX-License-Identifier: Apache-2.0
 *
 * read_all.c - the yardstick: finds the files below a directory and opens, reads and closes each.
 *
 * It does what any checker must do at least, with no more system calls than that; the benchmark
 * divides by its time. Prints how many bytes it read, so that nothing can be optimised away.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 20, MAX_DEPTH = 32 };

struct reader {
    size_t files;
    size_t bytes;
    uint8_t *buffer;
};

static void read_file(struct reader *reader, int directory, const char *name)
{
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    ssize_t got;
    while ((got = read(fd, reader->buffer, BUFFER_BYTES)) > 0) {
        reader->bytes += (size_t)got;
    }
    close(fd);
    reader->files++;
}

static void read_directory(struct reader *reader, int directory, int depth)
{
    DIR *entries = fdopendir(directory);
    if (entries == NULL) {
        close(directory);
        return;
    }
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        if (entry->d_type == DT_REG) {
            read_file(reader, dirfd(entries), entry->d_name);
        } else if (entry->d_type == DT_DIR && depth < MAX_DEPTH) {
            int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
            int child = openat(dirfd(entries), entry->d_name, flags);
            if (child >= 0) {
                read_directory(reader, child, depth + 1);
            }
        }
    }
    closedir(entries);
}

int main(int argc, char **argv)
{
    static uint8_t buffer[BUFFER_BYTES];
    struct reader reader = {.buffer = buffer};
    int root = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (root < 0) {
        fprintf(stderr, "usage: read_all DIRECTORY\n");
        return 2;
    }
    read_directory(&reader, root, 0);
    printf("%zu files, %zu bytes\n", reader.files, reader.bytes);
    return 0;
}
