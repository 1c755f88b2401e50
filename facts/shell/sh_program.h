/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_program.h - what the name of a program says, looked up once per name.
 *
 * Build files run the same few programs again and again; a small direct-mapped cache spares the
 * searches through the tables of tools, managers and wrappers. Entries are overwritten: a pointer
 * is valid until the next look-up. Thread rule: one thread per cache.
 */
#ifndef FACTS_SHELL_SH_PROGRAM_H
#define FACTS_SHELL_SH_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

struct sh_tool;

/* How a program runs others; SH_RUNS_WORDS have a row in the table of sh_wrap.c. */
enum sh_runs {
    SH_RUNS_NOTHING,
    SH_RUNS_SHELL, /* sh, bash, ... */
    SH_RUNS_SU,    /* su, runuser */
    SH_RUNS_EVAL,
    SH_RUNS_FIND,
    SH_RUNS_PYTHON, /* python -m pip */
    SH_RUNS_UV,     /* uv pip */
    SH_RUNS_WORDS,  /* sudo, env, ... */
};

/* Programs that are no package managers but have options with a meaning in sh_packages.c; they
 * follow the managers in the same bit set. */
enum sh_program_bit { SH_PROGRAM_CURL = 28, SH_PROGRAM_WGET, SH_PROGRAM_GIT };

enum { SH_PROGRAM_NAME = 24, SH_PROGRAM_SLOTS = 256 };

struct sh_program {
    char name[SH_PROGRAM_NAME];
    uint8_t name_len;           /* 0: free slot, or a name too long to keep */
    uint8_t runs;               /* enum sh_runs */
    int8_t wrapper;             /* row of sh_wrap.c's table, -1: none */
    int8_t manager;             /* MEMBER_package_manager_..., -1: none */
    int8_t bit;                 /* manager or enum sh_program_bit, -1: none */
    bool is_set;                /* the builtin `set` */
    const struct sh_tool *tool; /* row without subcommand; NULL: unknown */
};

/* What is known of `name`. Zero-initialise the slots. */
const struct sh_program *sh_program_find(struct sh_program slots[SH_PROGRAM_SLOTS],
                                         struct str name);

#endif
