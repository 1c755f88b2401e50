/* SPDX-License-Identifier: Apache-2.0
 *
 * inputs.c - open, read, close and nothing more for the usual small file: what the speed of a run
 * over thousands of files is made of.
 */
#include "cli/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST_READ = 64 << 10 };

static bool fail(struct input *input, const char *what, int reason)
{
    (void)snprintf(input->problem, sizeof input->problem, "%s: %s", what, strerrordesc_np(reason));
    return false;
}

static bool fail_text(struct input *input, const char *what)
{
    (void)snprintf(input->problem, sizeof input->problem, "%s", what);
    return false;
}

/* Refuses what is no regular file; `*size` is the size of one. */
static bool check_regular(struct input *input, int file, size_t *size)
{
    struct stat info;
    if (fstat(file, &info) != 0) {
        return fail(input, "cannot read", errno);
    }
    if (S_ISDIR(info.st_mode)) {
        input->directory = true;
        return fail_text(input, "is a directory");
    }
    if (!S_ISREG(info.st_mode)) {
        return fail_text(input, "is no regular file");
    }
    *size = (size_t)info.st_size;
    return true;
}

/* Reads to the end of file, which a read of nothing says, or the size it is known to have (0: not
 * known); `*reads` counts those with data. */
static bool read_to_end(struct input *input, int file, size_t size, size_t *reads)
{
    struct bytes *data = &input->data;
    data->size = 0;
    for (;;) {
        char *room = bytes_reserve(data, FIRST_READ);
        ssize_t got = read(file, room, FIRST_READ);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return fail(input, "cannot read", errno);
        }
        if (got == 0) {
            data->data[data->size] = '\0';
            return true;
        }
        (*reads)++;
        data->size += (size_t)got;
        if (*reads == 1 && data->size == size) {
            data->data[size] = '\0';
            return true;
        }
        if (data->size > INPUT_MAX_BYTES) {
            input->too_large = true;
            return fail_text(input, "is larger than 16 MiB");
        }
    }
}

/* A file of several reads may have been rewritten between them: its size must be what was read. */
static bool check_size(struct input *input, int file)
{
    struct stat info;
    if (fstat(file, &info) != 0) {
        return fail(input, "cannot read", errno);
    }
    if ((uintmax_t)info.st_size != input->data.size) {
        return fail_text(input, "changed while it was read");
    }
    return true;
}

/* Reads and closes an open file. */
static bool read_opened(struct input *input, int file, bool known_regular)
{
    input->too_large = false;
    input->directory = false;
    input->missing = file < 0 && (errno == ENOENT || errno == ENOTDIR);
    if (file < 0) {
        return fail(input, "cannot open", errno);
    }
    size_t reads = 0;
    size_t size = 0;
    bool good = (known_regular || check_regular(input, file, &size)) &&
                read_to_end(input, file, size, &reads) && (reads <= 1 || check_size(input, file));
    if (close(file) != 0 && good) {
        good = fail(input, "cannot read", errno);
    }
    return good;
}

bool input_read(struct input *input, int directory, const char *name, bool known_regular)
{
    int file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    return read_opened(input, file, known_regular);
}

/* Kernels without openat2: no link at all may be the last component. */
static int open_without_links(int directory, const char *name, int flags)
{
    for (const char *at = name; *at != '\0'; at += strcspn(at, "/"), at += *at == '/') {
        size_t size = strcspn(at, "/");
        if (size == 0 || (size == 2 && at[0] == '.' && at[1] == '.')) {
            errno = EXDEV;
            return -1;
        }
    }
    return openat(directory, name, flags | O_NOFOLLOW);
}

int input_open_beneath(int directory, const char *name, int flags)
{
    int all = flags | O_CLOEXEC | ((flags & O_PATH) != 0 ? 0 : O_NONBLOCK | O_NOCTTY);
    struct open_how how = {.flags = (unsigned)all,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    int file = (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
    if (file < 0 && (errno == ENOSYS || errno == EPERM)) {
        file = open_without_links(directory, name, all);
    }
    return file;
}

bool input_read_beneath(struct input *input, int directory, const char *name)
{
    return read_opened(input, input_open_beneath(directory, name, O_RDONLY), false);
}

bool input_read_opened(struct input *input, int file)
{
    return read_opened(input, file, false);
}

void input_close(int descriptor)
{
    (void)close(descriptor);
}

bool input_read_stdin(struct input *input)
{
    input->too_large = false;
    struct stat info;
    if (fstat(STDIN_FILENO, &info) == 0 && S_ISDIR(info.st_mode)) {
        return fail_text(input, "is a directory");
    }
    size_t reads = 0;
    return read_to_end(input, STDIN_FILENO, 0, &reads);
}
