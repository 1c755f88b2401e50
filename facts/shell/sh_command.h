/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_command.h - the commands of a shell text as flat rows: what runs, how it is joined, through
 * what it is run, its options, and what it asks of a package manager.
 *
 * Rows come in order of appearance. A command that runs another one (sudo, env, sh -c, xargs, ...)
 * is a row, and the command it runs is a row behind it that names it in `wrapper`. Commands in
 * $(...) follow the command that holds them. Enumerations are those of facts/schema.def.
 * Memory: rows and lists live in the script's own arrays, kept and reused; words and texts live in
 * the arena and the text given. The owner calls sh_script_release.
 * Thread rule: one thread at a time.
 */
#ifndef FACTS_SHELL_SH_COMMAND_H
#define FACTS_SHELL_SH_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>
#include <plimsoll/version.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/shell/sh_ast.h"
#include "facts/shell/sh_parse.h"
#include "facts/shell/sh_program.h"
#include "facts/shell/sh_text.h"

#define SH_NO_COMMAND UINT32_MAX

enum sh_command_flag {
    SH_CMD_NEGATED = 1 << 0,       /* behind ! */
    SH_CMD_SUBSHELL = 1 << 1,      /* in ( ), a substitution or a pipeline's compound part */
    SH_CMD_CONDITIONAL = 1 << 2,   /* only when an if, case, loop, function call or || lets it */
    SH_CMD_CONDITION = 1 << 3,     /* is the condition of an if, while or until */
    SH_CMD_SUBSTITUTION = 1 << 4,  /* in $(...), `...` or <(...) */
    SH_CMD_PIPEFAIL = 1 << 5,      /* set -o pipefail is in force */
    SH_CMD_ERREXIT = 1 << 6,       /* set -e is in force */
    SH_CMD_XTRACE = 1 << 7,        /* set -x is in force */
    SH_CMD_FUNCTION = 1 << 8,      /* in the body of a function */
    SH_CMD_UNPARSED = 1 << 9,      /* saved from a part no rule fits */
    SH_CMD_NAME_UNKNOWN = 1 << 10, /* an expansion decides the name */
    SH_CMD_ASSUME_YES = 1 << 11,   /* package view: it will not ask */
    SH_CMD_NO_RECOMMENDS = 1 << 12,
    SH_CMD_NO_CACHE = 1 << 13,    /* keeps no cache, by option or assignment */
    SH_CMD_UNVERIFIED = 1 << 14,  /* signature or certificate checks switched off */
    SH_CMD_GLOBAL = 1 << 15,      /* npm -g and the like */
    SH_CMD_OPTIONS_CUT = 1 << 16, /* an expansion stands where options are expected */
    SH_CMD_INLINE = 1 << 17,      /* its words are arguments of `wrapper` */
};

/* Where offsets of a row lead: the text itself, or a part of it that was parsed again. */
struct sh_origin {
    const struct sh_text *text;
    struct str bytes;     /* what offsets of rows index: the text or the inner text */
    uint32_t shift;       /* to add to an offset */
    bool clamped;         /* bytes do not match the file: everything stands at [start, end) */
    uint32_t clamp_start; /* offsets of `text` */
    uint32_t clamp_end;
};

struct sh_option {
    struct str name; /* with its dashes: -y, --no-cache */
    struct str value;
    const struct sh_word *word;       /* where it stands */
    const struct sh_word *value_word; /* where its value stands; NULL: none */
};

enum sh_pin { SH_PIN_NO, SH_PIN_YES, SH_PIN_UNKNOWN };

struct sh_package {
    struct str name;
    struct str version; /* as given; ptr NULL: none */
    const struct sh_word *word;
    uint8_t source; /* MEMBER_package_source_... */
    uint8_t pin;    /* enum sh_pin */
};

struct sh_command {
    struct str name;                 /* without directory; "[[" and "((" for these commands */
    const struct sh_word *name_word; /* NULL: only redirections, [[ or (( */
    const struct sh_word *args;
    const struct sh_word *assigns;
    struct sh_redir *const *redirs;
    const struct sh_origin *origin;
    uint32_t arg_count;
    uint32_t assign_count;
    uint32_t redir_count;
    uint32_t start; /* offsets in the text of `origin` */
    uint32_t end;
    uint32_t flags;     /* enum sh_command_flag */
    uint32_t wrapper;   /* row it is run through, or SH_NO_COMMAND */
    uint32_t feeds;     /* row whose words hold the substitution it stands in */
    uint32_t pipe_from; /* row whose output it reads, or SH_NO_COMMAND */
    uint32_t pipe_to;
    uint32_t option_first; /* in sh_script.options */
    uint32_t option_count;
    uint32_t operand_first; /* in sh_script.operands */
    uint32_t operand_count;
    uint32_t package_first; /* in sh_script.packages */
    uint32_t package_count;
    uint8_t before; /* MEMBER_list_operator_... */
    uint8_t after;
    int8_t manager;   /* MEMBER_package_manager_..., -1: none */
    int8_t action;    /* MEMBER_package_action_..., -1: none */
    bool subcommands; /* its first operand is a subcommand */
};

/* NAME=value that stands without a command. */
struct sh_assignment {
    const struct sh_word *word;
    const struct sh_origin *origin;
};

/* What reading needs and several collectors can share. */
struct sh_script_tools {
    struct sh_parser parser;
    struct sh_program programs[SH_PROGRAM_SLOTS]; /* cache */
};

struct sh_script {
    const plim_allocator *allocator;
    struct sh_script_tools *tools;
    bool tools_borrowed;
    struct arena *arena; /* of the current text */

    struct sh_command *commands;
    struct sh_option *options;
    const struct sh_word **operands;
    struct sh_package *packages;
    struct sh_assignment *assignments;
    size_t command_count;
    size_t command_capacity;
    size_t option_count;
    size_t option_capacity;
    size_t operand_count;
    size_t operand_capacity;
    size_t package_count;
    size_t package_capacity;
    size_t assignment_count;
    size_t assignment_capacity;

    size_t nested_bytes; /* that texts inside the text may still have */
    enum sh_gap gap;     /* first part that is not understood, nested texts included */
    uint32_t gap_start;  /* file offsets */
    uint32_t gap_end;
    plim_status status;
};

/* What reads a text. */
enum sh_dialect {
    SH_DIALECT_POSIX, /* sh, bash, dash, ash, zsh, ksh */
    SH_DIALECT_OTHER, /* PowerShell, cmd, python, ...: not analysed */
};

struct sh_shell {
    enum sh_dialect dialect;
    bool errexit;
    bool pipefail;
    bool xtrace;
};

/* Prepares an empty collector. NOMEM. */
plim_status sh_script_init(struct sh_script *script,
                           const plim_allocator *allocator) PLIM_MUST_CHECK;

/* Prepares an empty collector that uses the tools of another one, which must outlive it. */
void sh_script_init_shared(struct sh_script *script, const struct sh_script *other);

/* Safe on a zeroed struct. */
void sh_script_release(struct sh_script *script);

/* The shell that an argument vector such as ["/bin/bash", "-o", "pipefail", "-c"] starts; an empty
 * one is /bin/sh. Pure. */
struct sh_shell sh_shell_of(const struct str *argv, size_t count);

/* The interpreter of a script that begins with #!; a script without one is for `fallback`. Pure. */
struct sh_shell sh_shell_of_script(struct str script, struct sh_shell fallback);

/* Replaces the rows by those of `text`, which `shell` reads. `text` (the struct and its bytes) and
 * `arena` must outlive the rows. A text for another dialect gives no rows. Bad text is no failure:
 * see `gap`. NOMEM or LIMIT. */
plim_status sh_script_read(struct sh_script *script, struct arena *arena,
                           const struct sh_text *text, struct sh_shell shell) PLIM_MUST_CHECK;

/* The same for an exec form: one command from finished words. `words` must outlive the rows; their
 * offsets are offsets of `text`. */
plim_status sh_script_read_exec(struct sh_script *script, struct arena *arena,
                                const struct sh_text *text, const struct sh_word *words,
                                size_t count) PLIM_MUST_CHECK;

/* File range of [start, end) of a row's text; `*near` as for sh_text_locate_range. */
void sh_origin_locate(const struct sh_origin *origin, uint32_t start, uint32_t end,
                      uint32_t *file_start, uint32_t *file_end, size_t *near);

/* The option of this exact name (first one), or NULL. */
const struct sh_option *sh_command_option(const struct sh_script *script,
                                          const struct sh_command *command, struct str name);

/* Operand `index`, or an empty view. */
struct str sh_command_operand(const struct sh_script *script, const struct sh_command *command,
                              size_t index);

#endif
