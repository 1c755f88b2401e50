/* SPDX-License-Identifier: Apache-2.0
 *
 * commands.h - the commands, one per file cmd_<name>.c, and what they share.
 *
 * Each gets the parsed command line and returns the exit code. Thread rule: one thread.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/plimsoll.h>

#include "cli/beside.h"
#include "cli/opt.h"

/* Exit codes that are no plim_status (docs/cli.md lists all). */
enum { EXIT_FINDINGS = 1, EXIT_USAGE = 2, EXIT_POLICY = 3, EXIT_INPUT = 4, EXIT_LIMIT = 5 };

/* The commands. Exit code. */
int cmd_check(const struct options *options);
int cmd_test(const struct options *options);
int cmd_fmt(const struct options *options);
int cmd_explain(const struct options *options);
int cmd_rules(const struct options *options);
int cmd_facts(const struct options *options);
int cmd_compile(const struct options *options);
int cmd_disasm(const struct options *options);
int cmd_version(const struct options *options);
int cmd_help(const struct options *options);
int cmd_completions(const struct options *options);

/* ---- policies (policies.c) --------------------------------------------------------------- */

/* Policy texts read from files; zero-initialise. */
struct policy_files {
    plim_source *items;
    size_t count;
    size_t capacity;
    struct names copies; /* names and texts */
};

/* Policies to judge by; zero-initialise. */
struct policies {
    plim_policy **items;
    size_t count;
    size_t capacity;
};

/* Reads files and, recursively, directories of .plim files. Exit code; a message was given. */
int policy_files_read(struct policy_files *files, const char *path);

/* Reads all paths up to the first that fails. Exit code; `when_none` when no file was found. */
int policy_files_gather(struct policy_files *files, const struct names *paths, int when_none);
void policy_files_release(struct policy_files *files);

/* Options to compile with: imports are read below the directories of `roots`. */
plim_compile_options policy_compile_options(const struct names *roots);

/* Loads the built-in policies (unless --no-builtin) and those of --policy. Exit code; diagnostics
 * and messages were given. */
int policies_load(struct policies *policies, const struct options *options);
void policies_release(struct policies *policies);

/* Prints diagnostics to standard error, if there are any. */
void show_diags(plim_diags *diags, const char *color);

/* ---- documents (documents.c) ------------------------------------------------------------- */

/* What a search of the given paths put into facts. Zero-initialise, with `options`. */
struct documents {
    plim_facts *facts;
    plim_diags *diags;
    struct beside beside; /* files that documents refer to */
    const struct options *options;
    size_t count;   /* documents in facts */
    size_t failed;  /* that could not be read or used at all */
    size_t limited; /* of `failed`: over a budget */
    size_t skipped; /* templates */
    size_t ignored; /* by .gitignore */
    size_t batch;   /* bytes in facts since the last call of `full` */
    bool (*full)(struct documents *documents, void *user); /* NULL: all facts stay; called when
                                                            * enough is gathered; false: see code */
    void *user;
    int code; /* of a failure that ends everything, else 0 */
};

/* Makes `facts` and `diags` by the options. False after a message: see code. The struct must not
 * move from now on. */
bool documents_open(struct documents *documents);

/* Reads the PATH arguments (none: the current directory) into facts. False: see code. */
bool documents_read(struct documents *documents);

/* Frees all. Results made from the facts must be freed before. */
void documents_close(struct documents *documents);

#endif
