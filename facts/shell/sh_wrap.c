/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_wrap.c - see sh_wrap.h.
 */
#include "facts/shell/sh_wrap.h"

/* Wrappers whose inner command stands behind their options, `operands` words and, where `assigns`,
 * NAME=value words. Sorted by name. */
static const struct wrapper {
    struct str name;
    uint8_t operands;
    bool assigns;
} wrappers[] = {
    {{"builtin", 7}, 0, false},  {{"busybox", 7}, 0, false},   {{"chpst", 5}, 0, false},
    {{"chroot", 6}, 1, false},   {{"chronic", 7}, 0, false},   {{"command", 7}, 0, false},
    {{"doas", 4}, 0, false},     {{"dumb-init", 9}, 0, false}, {{"eatmydata", 9}, 0, false},
    {{"env", 3}, 0, true},       {{"exec", 4}, 0, false},      {{"fakeroot", 8}, 0, false},
    {{"flock", 5}, 1, false},    {{"gosu", 4}, 1, false},      {{"ionice", 6}, 0, false},
    {{"linux32", 7}, 0, false},  {{"nice", 4}, 0, false},      {{"nohup", 5}, 0, false},
    {{"setarch", 7}, 1, false},  {{"setpriv", 7}, 0, false},   {{"setsid", 6}, 0, false},
    {{"stdbuf", 6}, 0, false},   {{"su-exec", 7}, 1, false},   {{"sudo", 4}, 0, true},
    {{"time", 4}, 0, false},     {{"timeout", 7}, 1, false},   {{"tini", 4}, 0, false},
    {{"unbuffer", 8}, 0, false}, {{"xargs", 5}, 0, false},     {{"xvfb-run", 8}, 0, false},
};

int sh_wrap_row(struct str name)
{
    for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++) {
        if (str_eq(wrappers[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

static bool has_option(const struct sh_script *script, const struct sh_command *command,
                       struct str name)
{
    return sh_command_option(script, command, name) != NULL;
}

/* sh -c TEXT, bash -euo pipefail -c TEXT, sh <<EOF. */
static struct sh_wrap wrap_shell(const struct sh_script *script, const struct sh_command *command,
                                 uint32_t consumed)
{
    struct sh_wrap wrap = {.kind = SH_WRAP_NONE};
    wrap.shell.errexit = has_option(script, command, STR("-e"));
    wrap.shell.xtrace = has_option(script, command, STR("-x"));
    for (uint32_t i = 0; i < command->option_count; i++) {
        const struct sh_option *option = &script->options[command->option_first + i];
        if (str_eq(option->name, STR("-o"))) {
            wrap.shell.pipefail = wrap.shell.pipefail || str_eq(option->value, STR("pipefail"));
            wrap.shell.errexit = wrap.shell.errexit || str_eq(option->value, STR("errexit"));
        }
    }
    if (has_option(script, command, STR("-c"))) {
        if (consumed < command->arg_count) {
            wrap.kind = SH_WRAP_SCRIPT;
            wrap.script = &command->args[consumed];
        }
    } else if (consumed == command->arg_count || has_option(script, command, STR("-s"))) {
        wrap.kind = SH_WRAP_STDIN;
    }
    return wrap;
}

/* su [-] USER -c TEXT, runuser -c TEXT or runuser -u USER -- COMMAND. */
static struct sh_wrap wrap_su(const struct sh_script *script, const struct sh_command *command,
                              uint32_t consumed)
{
    struct sh_wrap wrap = {.kind = SH_WRAP_NONE};
    const struct sh_option *text = sh_command_option(script, command, STR("-c"));
    text = text != NULL ? text : sh_command_option(script, command, STR("--command"));
    if (text != NULL && text->value_word != NULL) {
        wrap.kind = SH_WRAP_SCRIPT;
        wrap.script = text->value_word;
    } else if (sh_command_option(script, command, STR("-u")) != NULL &&
               command->operand_count > 0) {
        wrap.kind = SH_WRAP_WORDS;
        wrap.first = consumed - command->operand_count;
        wrap.count = command->operand_count;
    }
    return wrap;
}

/* python -m pip ARGS, uv pip ARGS: a pip command that begins at `word`. */
static struct sh_wrap wrap_pip(const struct sh_command *command, const struct sh_word *word)
{
    struct sh_wrap wrap = {.kind = SH_WRAP_WORDS, .name = STR("pip")};
    wrap.first = (uint32_t)(word - command->args);
    wrap.count = command->arg_count - wrap.first;
    return wrap;
}

struct sh_wrap sh_wrap_next_exec(const struct sh_command *command, uint32_t from)
{
    static const struct str starts[] = {{"-exec", 5}, {"-execdir", 8}, {"-ok", 3}, {"-okdir", 6}};
    struct sh_wrap wrap = {.kind = SH_WRAP_NONE};
    for (uint32_t i = from; i < command->arg_count; i++) {
        bool begins = false;
        for (size_t k = 0; k < sizeof starts / sizeof starts[0]; k++) {
            begins = begins || str_eq(command->args[i].text, starts[k]);
        }
        if (!begins) {
            continue;
        }
        uint32_t end = i + 1;
        while (end < command->arg_count && !str_eq(command->args[end].text, STR(";")) &&
               !str_eq(command->args[end].text, STR("+"))) {
            end++;
        }
        if (end > i + 1) {
            wrap.kind = SH_WRAP_FIND;
            wrap.first = i + 1;
            wrap.count = end - i - 1;
            return wrap;
        }
    }
    return wrap;
}

/* sudo, env, timeout 5, ... */
static struct sh_wrap wrap_words(const struct sh_script *script, const struct sh_command *command,
                                 const struct wrapper *wrapper, uint32_t consumed)
{
    struct sh_wrap wrap = {.kind = SH_WRAP_NONE};
    bool asks = str_eq(command->name, STR("command")) &&
                (has_option(script, command, STR("-v")) || has_option(script, command, STR("-V")));
    uint32_t at = consumed + wrapper->operands;
    while (wrapper->assigns && at < command->arg_count &&
           (command->args[at].flags & SH_WORD_ASSIGN) != 0) {
        at++;
    }
    if (!asks && at < command->arg_count) {
        wrap.kind = SH_WRAP_WORDS;
        wrap.first = at;
        wrap.count = command->arg_count - at;
    }
    return wrap;
}

/* Texts of several arguments are joined by the caller: no script word then. */
static struct sh_wrap wrap_eval(const struct sh_command *command)
{
    struct sh_wrap wrap = {.kind = command->arg_count > 0 ? SH_WRAP_SCRIPT : SH_WRAP_NONE};
    wrap.script = command->arg_count == 1 ? &command->args[0] : NULL;
    return wrap;
}

static struct sh_wrap wrap_python(const struct sh_script *script, const struct sh_command *command)
{
    const struct sh_option *module = sh_command_option(script, command, STR("-m"));
    bool pip = module != NULL && module->value_word != NULL && str_eq(module->value, STR("pip"));
    return pip ? wrap_pip(command, module->value_word) : (struct sh_wrap){.kind = SH_WRAP_NONE};
}

static struct sh_wrap wrap_uv(const struct sh_script *script, const struct sh_command *command)
{
    bool pip = str_eq(sh_command_operand(script, command, 0), STR("pip"));
    return pip ? wrap_pip(command, script->operands[command->operand_first])
               : (struct sh_wrap){.kind = SH_WRAP_NONE};
}

struct sh_wrap sh_wrap_find(const struct sh_script *script, const struct sh_command *command,
                            const struct sh_program *program, uint32_t consumed)
{
    switch ((enum sh_runs)program->runs) {
    case SH_RUNS_SHELL:
        return wrap_shell(script, command, consumed);
    case SH_RUNS_SU:
        return wrap_su(script, command, consumed);
    case SH_RUNS_EVAL:
        return wrap_eval(command);
    case SH_RUNS_FIND:
        return sh_wrap_next_exec(command, 0);
    case SH_RUNS_PYTHON:
        return wrap_python(script, command);
    case SH_RUNS_UV:
        return wrap_uv(script, command);
    case SH_RUNS_WORDS:
        return wrap_words(script, command, &wrappers[program->wrapper], consumed);
    case SH_RUNS_NOTHING:
        break;
    }
    return (struct sh_wrap){.kind = SH_WRAP_NONE};
}
