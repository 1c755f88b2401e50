/* SPDX-License-Identifier: Apache-2.0
 *
 * inputs.h - reading files into one reused buffer.
 *
 * Only regular files and standard input are read; opening never blocks. A file larger than the
 * limit, one that changes while it is read, and anything that is no file is an error with a text.
 * Thread rule: one thread.
 */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/mem.h"

enum { INPUT_MAX_BYTES = 16 << 20 };

/* The content of the file read last is data.data[0, data.size). Zero-initialise. */
struct input {
    struct bytes data;
    char problem[160]; /* why the last read failed, one line without the path */
    bool too_large;    /* that is why */
    bool missing;      /* there is no such file */
    bool directory;    /* it is a directory */
};

/* Reads a file by name relative to a directory (AT_FDCWD: the current one). False: see problem.
 * `known_regular` spares asking for the kind of a file that a directory listing told. */
bool input_read(struct input *input, int directory, const char *name, bool known_regular);

/* The same for a name from a policy: absolute names, `..` and links that leave the directory are
 * refused. */
bool input_read_beneath(struct input *input, int directory, const char *name);

/* Opens a name below a directory for the access in `flags` (O_RDONLY, O_PATH, ...): absolute names,
 * `..` and links that lead out of the directory are refused. -1 with errno. */
int input_open_beneath(int directory, const char *name, int flags);

/* Reads and closes an open file, a negative one with errno included. */
bool input_read_opened(struct input *input, int file);

/* Closes a descriptor that was read from. */
void input_close(int descriptor);

/* Reads standard input to its end. */
bool input_read_stdin(struct input *input);

#endif
