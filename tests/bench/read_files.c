/* SPDX-License-Identifier: Apache-2.0
 *
 * read_files.c - the yardstick of `make bench`: opens, reads and closes the files of a list and
 * does nothing else.
 *
 * Usage: read_files LIST. No directory is walked and nothing is printed but a failure.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = 4096 };

static int read_file(const char *path)
{
    static char chunk[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    ssize_t got = 1;
    while (got > 0) {
        got = read(fd, chunk, sizeof(chunk));
    }
    return close(fd) != 0 || got < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
    FILE *list = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (list == NULL) {
        fprintf(stderr, "usage: read_files LIST\n");
        return 2;
    }
    char path[LINE_BYTES];
    int failures = 0;
    while (fgets(path, sizeof(path), list) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        failures += read_file(path) != 0;
    }
    fclose(list);
    if (failures > 0) {
        fprintf(stderr, "%d files could not be read\n", failures);
    }
    return failures > 0;
}
