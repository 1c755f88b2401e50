/* SPDX-License-Identifier: Apache-2.0
 *
 * out.c - writing. A report that was cut short must not look complete: text reports end with a
 * summary, JSON with its closing brace, files appear by rename, and a failed write is exit code 4.
 */
#include "cli/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/mem.h"

/* Writes all bytes; false with errno set when that is not possible. */
static bool write_all(int descriptor, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t done = write(descriptor, data, size);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            errno = done == 0 ? EIO : errno;
            return false;
        }
        data += done;
        size -= (size_t)done;
    }
    return true;
}

void out_say(const char *format, ...)
{
    struct bytes line = {0};
    va_list args;
    va_start(args, format);
    bytes_vprintf(&line, format, args);
    va_end(args);
    plim_text safe = PLIM_TEXT_INIT;
    struct bytes out = {0};
    bytes_add_text(&out, "plimsoll: ");
    if (plim_text_safe(&safe, line.data, line.size) == PLIM_STATUS_OK) {
        bytes_add(&out, safe.data, safe.size);
    } else {
        bytes_add_text(&out, "a message that cannot be shown");
    }
    bytes_add_text(&out, "\n");
    out_stderr(out.data, out.size);
    plim_text_release(&safe);
    bytes_release(&line);
    bytes_release(&out);
}

int out_fail(plim_status status, const plim_error *error)
{
    const char *message = error != NULL ? error->message : "";
    out_say("%s", message[0] != '\0' ? message : plim_status_text(status));
    return plim_status_exit_code(status);
}

int out_stdout(const char *data, size_t size)
{
    if (!write_all(STDOUT_FILENO, data, size)) {
        out_say("cannot write standard output: %s", strerrordesc_np(errno));
        return plim_status_exit_code(PLIM_STATUS_IO);
    }
    return 0;
}

void out_stderr(const char *data, size_t size)
{
    if (!write_all(STDERR_FILENO, data, size)) {
        return;
    }
}

int out_text(plim_text *text)
{
    int code = out_stdout(text->data, text->size);
    plim_text_release(text);
    return code;
}

/* Opens a new file beside `path`, with its name in `name`; -1 on failure. */
static int open_beside(const char *path, mode_t mode, struct bytes *name)
{
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        name->size = 0;
        bytes_printf(name, "%s.%ld-%u.tmp", path, (long)getpid(), attempt);
        int file = open(name->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (file >= 0 || errno != EEXIST) {
            return file;
        }
    }
    return -1;
}

static bool replace_file(const char *path, mode_t mode, const char *data, size_t size)
{
    struct bytes name = {0};
    int file = open_beside(path, mode, &name);
    bool good = file >= 0 && write_all(file, data, size);
    int reason = errno;
    if (file >= 0) {
        if (close(file) != 0 && good) {
            good = false;
            reason = errno;
        }
        if (good && rename(name.data, path) != 0) {
            good = false;
            reason = errno;
        }
        if (!good) {
            (void)unlink(name.data);
        }
    }
    bytes_release(&name);
    errno = reason;
    return good;
}

/* A device or FIFO cannot be replaced, only written to. */
static bool write_special(const char *path, const char *data, size_t size)
{
    int file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    bool good = file >= 0 && write_all(file, data, size);
    int reason = errno;
    if (file >= 0 && close(file) != 0 && good) {
        good = false;
        reason = errno;
    }
    errno = reason;
    return good;
}

int out_file(const char *path, const char *data, size_t size)
{
    if (strcmp(path, "-") == 0) {
        return out_stdout(data, size);
    }
    struct stat info;
    bool exists = stat(path, &info) == 0;
    bool good = false;
    char *target = NULL;
    if (exists && !S_ISREG(info.st_mode)) {
        good = write_special(path, data, size);
    } else {
        /* A symbolic link stays one: what it points to is replaced. */
        target = exists ? realpath(path, NULL) : NULL;
        good = replace_file(target != NULL ? target : path, exists ? info.st_mode & 0777 : 0666,
                            data, size);
    }
    int reason = errno;
    mem_free(target);
    if (!good) {
        out_say("%s: cannot write: %s", path, strerrordesc_np(reason));
        return plim_status_exit_code(PLIM_STATUS_IO);
    }
    return 0;
}

bool out_color(const char *when, int descriptor)
{
    if (strcmp(when, "always") == 0) {
        return true;
    }
    if (strcmp(when, "never") == 0) {
        return false;
    }
    const char *none = getenv("NO_COLOR");
    if (none != NULL && none[0] != '\0') {
        return false;
    }
    const char *force = getenv("CLICOLOR_FORCE");
    if (force != NULL && force[0] != '\0' && strcmp(force, "0") != 0) {
        return true;
    }
    const char *terminal = getenv("TERM");
    return isatty(descriptor) && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

size_t out_width(int descriptor)
{
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col < 40) {
        return 0;
    }
    return size.ws_col;
}
