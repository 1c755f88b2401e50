/* SPDX-License-Identifier: Apache-2.0
 *
 * fileio.h - bounded reading of regular files, and writing that leaves no half file behind.
 *
 * Opening never blocks (FIFOs and devices are refused after fstat), a file that grows or shrinks
 * while read is an error, EINTR is retried. Writing goes to a temporary name in the same directory
 * and is renamed when complete. Errors carry errno text. Thread rule: pure.
 */
#ifndef CORE_FILEIO_H
#define CORE_FILEIO_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/status.h>

#include "core/buf.h"
#include "core/str.h"

/* Why a read or write failed. `text` is static or points into `storage`. */
struct fileio_error {
    plim_status status;
    int saved_errno;
    char text[160];
};

/* Appends the whole file to `out`. `directory_fd` AT_FDCWD or an open directory; `beneath` refuses
 * absolute paths, "..", and symbolic links that leave that directory (openat2, with a checked
 * fallback). LIMIT when it is larger than the buffer may hold; nothing is appended on failure. */
plim_status fileio_read(struct buf *out, int directory_fd, const char *path, bool beneath,
                        struct fileio_error *error) PLIM_MUST_CHECK;

/* Appends everything up to end of file from an open descriptor (standard input). */
plim_status fileio_read_fd(struct buf *out, int fd, struct fileio_error *error) PLIM_MUST_CHECK;

/* Writes all bytes to an open descriptor; a closed pipe or a full disk is an error, never ignored.
 */
plim_status fileio_write_fd(int fd, struct str bytes, struct fileio_error *error) PLIM_MUST_CHECK;

/* Replaces `path` with `bytes` through a temporary file and rename. */
plim_status fileio_replace(const char *path, struct str bytes,
                           struct fileio_error *error) PLIM_MUST_CHECK;

#endif
