/* SPDX-License-Identifier: Apache-2.0
 *
 * out.h - what leaves the program: whole or not at all, safe for terminals.
 *
 * Results are written in one go when they are complete; files through a temporary name in the same
 * directory. Messages go to standard error as one safe line each. Thread rule: one thread.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/plimsoll.h>

/* "plimsoll: ..." on standard error; every untrusted byte is made visible. */
void out_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says why a library call failed and returns the exit code for it. */
int out_fail(plim_status status, const plim_error *error);

/* Writes to standard output. Returns the exit code: 0, or 4 when not all could be written. */
int out_stdout(const char *data, size_t size);

/* Writes to standard error; failures are of no consequence there. */
void out_stderr(const char *data, size_t size);

/* Writes a text of the library to standard output and releases it. Exit code as out_stdout. */
int out_text(plim_text *text);

/* Replaces a file; "-" is standard output. Exit code 0, or 4 with a message, and then the file is
 * as it was. */
int out_file(const char *path, const char *data, size_t size);

/* Whether the descriptor gets colours: `when` is "auto", "always" or "never". */
bool out_color(const char *when, int descriptor);

/* Columns of the terminal behind the descriptor; 0 when it is none. */
size_t out_width(int descriptor);

#endif
