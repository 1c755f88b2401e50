/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_options.h - arguments of a command as options with values and operands, by sh_tools.def.
 *
 * Thread rule: as the script.
 */
#ifndef FACTS_SHELL_SH_OPTIONS_H
#define FACTS_SHELL_SH_OPTIONS_H

#include "facts/shell/sh_command.h"

enum sh_style {
    SH_STYLE_SUB = 1 << 0,      /* the first operand is a subcommand */
    SH_STYLE_STOP = 1 << 1,     /* options end at the first operand */
    SH_STYLE_LONG = 1 << 2,     /* single dash, whole word */
    SH_STYLE_DASHLESS = 1 << 3, /* the first word may be a cluster without a dash */
    SH_STYLE_PAIR = 1 << 4,     /* -nX is one option (wget) */
};

/* One row of sh_tools.def. */
struct sh_tool {
    struct str name;
    struct str sub;
    struct str shorts;
    struct str longs;
    unsigned style;
};

/* The row of a tool, aliases and version suffixes (python3.11, pip3) followed; NULL: unknown.
 * Pure. */
const struct sh_tool *sh_tool_find(struct str name, struct str sub);

/* Row `index` of the table, or NULL behind its end: for the test of its order. Pure. */
const struct sh_tool *sh_tool_at(size_t index);

/* Canonical spelling of a tool: `bash` is "sh", `pip3.11` is "pip"; the name itself when there is
 * no other. Pure. */
struct str sh_tool_canonical(struct str name);

/* Sorts the arguments of the command into options and operands of the script, as `tool` (NULL:
 * unknown) reads them; returns how many
 * arguments were consumed in front of what belongs to another command (all of them unless the tool
 * has SH_STYLE_STOP). */
uint32_t sh_options_read(struct sh_script *script, struct sh_command *command,
                         const struct sh_tool *tool);

#endif
