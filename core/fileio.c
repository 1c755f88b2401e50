/* SPDX-License-Identifier: Apache-2.0
 *
 * fileio.c - see fileio.h. The one file of the library that opens files. A file is read with a
 * single read() of its size plus one byte: the odd byte tells a file that grew, a short count one
 * that shrank. Thread rule: pure.
 */
#include "core/fileio.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
    TEMPORARY_TRIES = 100,
    FIRST_STREAM_READ = 16384,
    LARGEST_STREAM_READ = 1 << 20,
};

/* Fills the error; `number` 0 leaves the errno text out. Returns the status. */
__attribute__((format(printf, 4, 5))) static plim_status
set_error(struct fileio_error *error, plim_status status, int number, const char *format, ...)
{
    error->status = status;
    error->saved_errno = number;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    if (number != 0 && length >= 0 && (size_t)length < sizeof error->text) {
        char storage[100];
        snprintf(error->text + length, sizeof error->text - (size_t)length, ": %s",
                 strerror_r(number, storage, sizeof storage));
    }
    return status;
}

static plim_status errno_status(int number)
{
    if (number == ENOENT || number == ENOTDIR) {
        return PLIM_STATUS_NOT_FOUND;
    }
    return number == ENOMEM ? PLIM_STATUS_NOMEM : PLIM_STATUS_IO;
}

/* Whether `path` is relative and has no ".." component. */
static bool stays_beneath(const char *path)
{
    if (path[0] == '/' || path[0] == '\0') {
        return false;
    }
    for (const char *at = path; at != NULL; at = strchr(at, '/')) {
        at += *at == '/';
        if (at[0] == '.' && at[1] == '.' && (at[2] == '/' || at[2] == '\0')) {
            return false;
        }
    }
    return true;
}

/* Opens component by component and refuses every symbolic link. -1 and errno on failure. */
static int open_walking(int directory_fd, const char *path)
{
    int fd = directory_fd;
    const char *at = path;
    for (;;) {
        size_t length = strcspn(at, "/");
        char name[NAME_MAX + 1];
        int next = -1;
        int saved = ENAMETOOLONG;
        bool last = at[length] == '\0';
        if (length < sizeof name) {
            memcpy(name, at, length);
            name[length] = '\0';
            int flags = last ? OPEN_FLAGS : O_PATH | O_DIRECTORY | O_CLOEXEC;
            next = openat(fd, length > 0 ? name : ".", flags | O_NOFOLLOW);
            saved = errno;
        }
        if (fd != directory_fd) {
            close(fd);
        }
        if (next < 0 || last) {
            errno = saved;
            return next;
        }
        fd = next;
        at += length + 1;
    }
}

static int open_beneath(int directory_fd, const char *path)
{
    struct open_how how = {
        .flags = (uint64_t)OPEN_FLAGS,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };
    long fd = -1;
    /* EAGAIN: a rename raced with the walk. */
    for (int tries = 0; tries < 16; tries++) {
        fd = syscall(SYS_openat2, directory_fd, path, &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) {
            break;
        }
    }
    if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == E2BIG)) {
        return open_walking(directory_fd, path);
    }
    return (int)fd;
}

static int open_plain(int directory_fd, const char *path)
{
    int fd;
    do {
        fd = openat(directory_fd, path, OPEN_FLAGS);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

plim_status fileio_open(int *out_fd, size_t *out_size, int directory_fd, const char *path,
                        bool beneath, struct fileio_error *error)
{
    if (beneath && !stays_beneath(path)) {
        return set_error(error, PLIM_STATUS_INPUT, 0, "path leaves its directory");
    }
    int fd = beneath ? open_beneath(directory_fd, path) : open_plain(directory_fd, path);
    if (fd < 0 && beneath && (errno == EXDEV || errno == ELOOP)) {
        return set_error(error, PLIM_STATUS_INPUT, errno, "path leaves its directory");
    }
    if (fd < 0) {
        return set_error(error, errno_status(errno), errno, "cannot open");
    }
    struct stat info;
    if (fstat(fd, &info) != 0) {
        set_error(error, PLIM_STATUS_IO, errno, "cannot examine");
        close(fd);
        return error->status;
    }
    if (!S_ISREG(info.st_mode)) {
        close(fd);
        return set_error(error, PLIM_STATUS_INPUT, 0, "%s",
                         S_ISDIR(info.st_mode) ? "is a directory" : "not a regular file");
    }
    *out_fd = fd;
    *out_size = (size_t)info.st_size;
    return PLIM_STATUS_OK;
}

/* read() that goes on after signals and, for a non-blocking standard input, waits. */
static ssize_t read_some(int fd, char *into, size_t size)
{
    for (;;) {
        ssize_t got = read(fd, into, size);
        if (got >= 0) {
            return got;
        }
        if (errno == EAGAIN) {
            struct pollfd wait = {.fd = fd, .events = POLLIN};
            if (poll(&wait, 1, -1) < 0 && errno != EINTR) {
                return -1;
            }
        } else if (errno != EINTR) {
            return -1;
        }
    }
}

static plim_status buffer_error(const struct buf *buf, struct fileio_error *error)
{
    if (buf_status(buf) == PLIM_STATUS_LIMIT) {
        return set_error(error, PLIM_STATUS_LIMIT, 0, "larger than the limit of %zu bytes",
                         buf->max);
    }
    return set_error(error, buf_status(buf), 0, "%s", plim_status_text(buf_status(buf)));
}

/* Reads exactly `size` bytes that must be all there is. */
static plim_status read_exactly(struct buf *out, int fd, size_t size, struct fileio_error *error)
{
    /* The buffer keeps a byte for its final NUL; the byte that shows growth is read into it. */
    char *room = buf_reserve(out, size);
    if (room == NULL) {
        return buffer_error(out, error);
    }
    size_t have = 0;
    while (have <= size) {
        ssize_t got = read_some(fd, room + have, size + 1 - have);
        if (got < 0) {
            int saved = errno;
            room[0] = '\0';
            return set_error(error, PLIM_STATUS_IO, saved, "cannot read");
        }
        have += (size_t)got;
        if (got == 0 || have == size) {
            break; /* a short count on a regular file is its end */
        }
    }
    if (have != size) {
        room[0] = '\0';
        return set_error(error, PLIM_STATUS_IO, 0, "file changed while it was read");
    }
    buf_commit(out, size);
    return PLIM_STATUS_OK;
}

plim_status fileio_read(struct buf *out, int directory_fd, const char *path, bool beneath,
                        struct fileio_error *error)
{
    int fd;
    size_t size;
    plim_status status = fileio_open(&fd, &size, directory_fd, path, beneath, error);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    status = read_exactly(out, fd, size, error);
    close(fd);
    return status;
}

/* Whether the stream is at its end now that the buffer is full. */
static plim_status expect_end(struct buf *out, int fd, struct fileio_error *error)
{
    char probe;
    ssize_t got = read_some(fd, &probe, 1);
    if (got < 0) {
        return set_error(error, PLIM_STATUS_IO, errno, "cannot read");
    }
    if (got > 0) {
        out->status = PLIM_STATUS_LIMIT;
        return buffer_error(out, error);
    }
    return PLIM_STATUS_OK;
}

static plim_status read_to_end(struct buf *out, int fd, struct fileio_error *error)
{
    size_t step = FIRST_STREAM_READ;
    while (out->len < out->max) {
        size_t room = out->max - out->len;
        size_t wanted = step < room ? step : room;
        char *into = buf_reserve(out, wanted);
        if (into == NULL) {
            return buffer_error(out, error);
        }
        ssize_t got = read_some(fd, into, wanted);
        if (got < 0) {
            return set_error(error, PLIM_STATUS_IO, errno, "cannot read");
        }
        if (got == 0) {
            return PLIM_STATUS_OK;
        }
        buf_commit(out, (size_t)got);
        step *= step < LARGEST_STREAM_READ ? 2 : 1;
    }
    return expect_end(out, fd, error);
}

plim_status fileio_read_fd(struct buf *out, int fd, struct fileio_error *error)
{
    size_t before = out->len;
    plim_status status = read_to_end(out, fd, error);
    if (out->data != NULL) {
        out->len = status == PLIM_STATUS_OK ? out->len : before;
        out->data[out->len] = '\0';
    }
    return status;
}

plim_status fileio_write_fd(int fd, struct str bytes, struct fileio_error *error)
{
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t wrote = write(fd, bytes.ptr + done, bytes.len - done);
        if (wrote > 0) {
            done += (size_t)wrote;
        } else if (wrote < 0 && errno == EAGAIN) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            if (poll(&wait, 1, -1) < 0 && errno != EINTR) {
                return set_error(error, PLIM_STATUS_IO, errno, "cannot write");
            }
        } else if (wrote == 0 || errno != EINTR) {
            return set_error(error, PLIM_STATUS_IO, wrote < 0 ? errno : ENOSPC, "cannot write");
        }
    }
    return PLIM_STATUS_OK;
}

/* Closes a descriptor that was written to: some file systems report a full disk only here. */
static plim_status close_written(int fd, plim_status status, struct fileio_error *error)
{
    if (close(fd) != 0 && errno != EINTR && status == PLIM_STATUS_OK) {
        return set_error(error, PLIM_STATUS_IO, errno, "cannot write");
    }
    return status;
}

/* Writes to a device, FIFO or the like, which must not be replaced by a file. */
static plim_status write_directly(const char *path, struct str bytes, struct fileio_error *error)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return set_error(error, errno_status(errno), errno, "cannot open");
    }
    return close_written(fd, fileio_write_fd(fd, bytes, error), error);
}

/* Creates a new file beside `path` and leaves its name in `name`. -1 and errno on failure. */
static int create_temporary(const char *path, char name[PATH_MAX])
{
    for (int tries = 0; tries < TEMPORARY_TRIES; tries++) {
        uint32_t number = (uint32_t)tries;
        if (getrandom(&number, sizeof number, GRND_NONBLOCK) != (ssize_t)sizeof number) {
            number = (uint32_t)getpid() * TEMPORARY_TRIES + (uint32_t)tries;
        }
        int length = snprintf(name, PATH_MAX, "%s.%08x.tmp", path, (unsigned)number);
        if (length < 0 || length >= PATH_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd >= 0 || (errno != EEXIST && errno != EINTR)) {
            return fd;
        }
    }
    return -1;
}

/* Writes the temporary file and gives it its name; on failure it is removed. */
static plim_status write_and_rename(const char *target, struct str bytes, const mode_t *mode,
                                    struct fileio_error *error)
{
    char temporary[PATH_MAX];
    int fd = create_temporary(target, temporary);
    if (fd < 0) {
        return set_error(error, errno_status(errno), errno, "cannot create");
    }
    plim_status status = PLIM_STATUS_OK;
    if (mode != NULL && fchmod(fd, *mode) != 0) {
        status = set_error(error, PLIM_STATUS_IO, errno, "cannot set the mode");
    }
    if (status == PLIM_STATUS_OK) {
        status = fileio_write_fd(fd, bytes, error);
    }
    if (status == PLIM_STATUS_OK && fsync(fd) != 0 && errno != EINVAL && errno != EROFS) {
        status = set_error(error, PLIM_STATUS_IO, errno, "cannot write");
    }
    status = close_written(fd, status, error);
    if (status == PLIM_STATUS_OK && rename(temporary, target) != 0) {
        status = set_error(error, PLIM_STATUS_IO, errno, "cannot rename");
    }
    if (status != PLIM_STATUS_OK) {
        unlink(temporary);
    }
    return status;
}

plim_status fileio_replace(const char *path, struct str bytes, struct fileio_error *error)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        if (errno != ENOENT) {
            return set_error(error, errno_status(errno), errno, "cannot examine");
        }
        return write_and_rename(path, bytes, NULL, error);
    }
    if (S_ISDIR(info.st_mode)) {
        return set_error(error, PLIM_STATUS_IO, 0, "is a directory");
    }
    if (!S_ISREG(info.st_mode)) {
        return write_directly(path, bytes, error);
    }
    char target[PATH_MAX];
    if (realpath(path, target) == NULL) {
        return set_error(error, errno_status(errno), errno, "cannot resolve");
    }
    mode_t mode = info.st_mode & 07777;
    return write_and_rename(target, bytes, &mode, error);
}
