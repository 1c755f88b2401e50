/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_wrap.h - programs that run another command: where the inner command stands.
 *
 * Pure table work on one row; sh_command.c makes the inner rows. Thread rule: as the script.
 */
#ifndef FACTS_SHELL_SH_WRAP_H
#define FACTS_SHELL_SH_WRAP_H

#include "facts/shell/sh_command.h"

enum sh_wrap_kind {
    SH_WRAP_NONE,
    SH_WRAP_WORDS,  /* args from `first` on are another command */
    SH_WRAP_SCRIPT, /* the word `script` is shell text */
    SH_WRAP_STDIN,  /* a here-document or here-string is shell text */
    SH_WRAP_FIND,   /* find: commands behind -exec and its kin, from `first` on */
};

struct sh_wrap {
    enum sh_wrap_kind kind;
    uint32_t first;
    uint32_t count; /* SH_WRAP_WORDS: number of words */
    const struct sh_word *script;
    struct sh_shell shell; /* options the inner shell starts with */
    struct str name;       /* SH_WRAP_WORDS: name to use in place of the first word */
};

/* What the command runs. `consumed` is what sh_options_read returned for it. */
struct sh_wrap sh_wrap_find(const struct sh_script *script, const struct sh_command *command,
                            const struct sh_program *program, uint32_t consumed);

/* Row of the table of simple wrappers for sh_program.runs SH_RUNS_WORDS, or -1. Pure. */
int sh_wrap_row(struct str name);

/* The next command of `find` from argument `from` on: its words in first and count; kind NONE when
 * there is no further one. */
struct sh_wrap sh_wrap_next_exec(const struct sh_command *command, uint32_t from);

#endif
