/* SPDX-License-Identifier: Apache-2.0
 *
 * opt_docs.h - everything that is said about the command line, made from options.def.
 *
 * Thread rule: pure apart from the output.
 */
#ifndef CLI_OPT_DOCS_H
#define CLI_OPT_DOCS_H

#include <stdbool.h>

#include "cli/mem.h"
#include "cli/opt.h"

/* Help for people: of one command, or of the program for COMMAND_COUNT. */
void opt_docs_help(struct bytes *out, enum opt_command command);

/* The manual page plimsoll.1 (man macros). */
void opt_docs_man(struct bytes *out);

/* docs/cli.md. */
void opt_docs_markdown(struct bytes *out);

/* Completion script for "bash", "zsh" or "fish"; false for another shell. */
bool opt_docs_completion(struct bytes *out, const char *shell);

#endif
