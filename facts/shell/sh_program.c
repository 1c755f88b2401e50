/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_program.c - see sh_program.h.
 */
#include "facts/shell/sh_program.h"

#include "facts/shell/sh_options.h"
#include "facts/shell/sh_packages.h"
#include "facts/shell/sh_wrap.h"

static enum sh_runs find_runs(struct str name, int wrapper)
{
    static const struct {
        struct str name;
        uint8_t runs;
    } rows[] = {
        {{"sh", 2}, SH_RUNS_SHELL},  {{"su", 2}, SH_RUNS_SU},     {{"runuser", 7}, SH_RUNS_SU},
        {{"eval", 4}, SH_RUNS_EVAL}, {{"find", 4}, SH_RUNS_FIND}, {{"python", 6}, SH_RUNS_PYTHON},
        {{"uv", 2}, SH_RUNS_UV},
    };
    struct str canonical = sh_tool_canonical(name);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_eq(rows[i].name, canonical)) {
            return (enum sh_runs)rows[i].runs;
        }
    }
    return wrapper >= 0 ? SH_RUNS_WORDS : SH_RUNS_NOTHING;
}

static int find_bit(struct str name, int manager)
{
    if (str_eq(name, STR("curl"))) {
        return SH_PROGRAM_CURL;
    }
    if (str_eq(name, STR("wget"))) {
        return SH_PROGRAM_WGET;
    }
    return str_eq(name, STR("git")) ? (int)SH_PROGRAM_GIT : manager;
}

const struct sh_program *sh_program_find(struct sh_program slots[SH_PROGRAM_SLOTS], struct str name)
{
    unsigned hash = (unsigned)name.len;
    for (size_t i = 0; i < name.len && i < SH_PROGRAM_NAME; i++) {
        hash = hash * 33U + (unsigned char)name.ptr[i];
    }
    struct sh_program *program = &slots[(hash ^ hash >> 8) % SH_PROGRAM_SLOTS];
    if (name.len > 0 && program->name_len == name.len &&
        memcmp(program->name, name.ptr, name.len) == 0) {
        return program;
    }
    bool keep = name.len > 0 && name.len <= SH_PROGRAM_NAME;
    int wrapper = sh_wrap_row(name);
    int manager = sh_packages_manager(name);
    *program = (struct sh_program){
        .name_len = keep ? (uint8_t)name.len : 0,
        .runs = (uint8_t)find_runs(name, wrapper),
        .wrapper = (int8_t)wrapper,
        .manager = (int8_t)manager,
        .bit = (int8_t)find_bit(name, manager),
        .is_set = str_eq(name, STR("set")),
        .tool = sh_tool_find(name, STR("")),
    };
    if (keep) {
        memcpy(program->name, name.ptr, name.len);
    }
    return program;
}
