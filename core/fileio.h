/* SPDX-License-Identifier: Apache-2.0
 *
 * fileio.h - bounded reading of regular files, and writing that leaves no half file behind.
 *
 * Opening never blocks (FIFOs and devices are refused after fstat), a file that grows or shrinks
 * while read is an error, EINTR is retried. Writing goes to a temporary name in the same directory
 * and is renamed when complete. Errors carry errno text. SIGPIPE is the program's business: it
 * ignores the signal and gets the error. Thread rule: pure.
 */
#ifndef CORE_FILEIO_H
#define CORE_FILEIO_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/status.h>

#include "core/buf.h"
#include "core/str.h"

/* Why a read or write failed; filled only on failure. */
struct fileio_error {
    plim_status status;
    int saved_errno; /* 0 when the system call was not what failed */
    char text[160];  /* one line without the path, e.g. "cannot open: Permission denied" */
};

/* Opens a regular file for reading without blocking. The caller closes `*out_fd`. `*out_size` is
 * its size now. NOT_FOUND, INPUT (not a regular file, path not allowed) or IO. */
plim_status fileio_open(int *out_fd, size_t *out_size, int directory_fd, const char *path,
                        bool beneath, struct fileio_error *error) PLIM_MUST_CHECK;

/* Appends the whole file to `out`. `directory_fd` AT_FDCWD or an open directory; `beneath` refuses
 * absolute paths, "..", and symbolic links that leave that directory (openat2; on a kernel without
 * it, all symbolic links). LIMIT when it is larger than the buffer may hold; nothing is appended on
 * failure, but the buffer's own failure stays sticky. */
plim_status fileio_read(struct buf *out, int directory_fd, const char *path, bool beneath,
                        struct fileio_error *error) PLIM_MUST_CHECK;

/* Appends everything up to end of file from an open descriptor (standard input). */
plim_status fileio_read_fd(struct buf *out, int fd, struct fileio_error *error) PLIM_MUST_CHECK;

/* Writes all bytes to an open descriptor; a closed pipe or a full disk is an error, never ignored.
 */
plim_status fileio_write_fd(int fd, struct str bytes, struct fileio_error *error) PLIM_MUST_CHECK;

/* Replaces `path` with `bytes` through a temporary file and rename; a symbolic link is followed and
 * stays, a device or FIFO is written to directly. The mode of an existing file is kept. */
plim_status fileio_replace(const char *path, struct str bytes,
                           struct fileio_error *error) PLIM_MUST_CHECK;

#endif
