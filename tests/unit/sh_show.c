/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_show.c - see sh_show.h.
 */
#include "tests/unit/sh_show.h"

#include "facts/schema.h"

static void show_member(struct buf *out, enum fact_enum id, unsigned member)
{
    buf_append(out, schema_enum(id)->members[member]);
}

void sh_show_package(struct buf *out, const struct sh_package *package)
{
    static const char *const pins[] = {"no", "pinned", "?"};
    buf_append_char(out, '{');
    buf_append(out, package->name);
    if (package->version.len > 0) {
        buf_append_cstr(out, " @");
        buf_append(out, package->version);
    }
    buf_append_char(out, ' ');
    show_member(out, FACT_ENUM_package_source, package->source);
    buf_append_char(out, ' ');
    buf_append_cstr(out, pins[package->pin]);
    buf_append_char(out, '}');
}

static void show_flags(struct buf *out, uint32_t flags)
{
    static const char *const names[] = {
        "negated",       "subshell", "conditional", "condition", "substitution", "pipefail",
        "errexit",       "xtrace",   "function",    "unparsed",  "unknown-name", "yes",
        "no-recommends", "no-cache", "unverified",  "global",    "cut",          "inline"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((flags >> i & 1U) != 0) {
            buf_append_char(out, ' ');
            buf_append_cstr(out, names[i]);
        }
    }
}

static void show_words(struct buf *out, const struct sh_script *script,
                       const struct sh_command *command)
{
    for (uint32_t i = 0; i < command->assign_count; i++) {
        buf_append_cstr(out, " =");
        buf_append(out, command->assigns[i].text);
    }
    for (uint32_t i = 0; i < command->option_count; i++) {
        const struct sh_option *option = &script->options[command->option_first + i];
        buf_append_char(out, ' ');
        buf_append(out, option->name);
        if (option->value_word != NULL) {
            buf_append_cstr(out, "=<");
            buf_append(out, option->value);
            buf_append_char(out, '>');
        }
    }
    buf_append_cstr(out, " |");
    for (uint32_t i = 0; i < command->operand_count; i++) {
        buf_append_char(out, ' ');
        buf_append(out, script->operands[command->operand_first + i]->text);
    }
}

static void show_command(struct buf *out, const struct sh_script *script,
                         const struct sh_command *command)
{
    buf_append(out, command->name);
    show_words(out, script, command);
    buf_append_cstr(out, " | ");
    show_member(out, FACT_ENUM_list_operator, command->before);
    buf_append_cstr(out, "..");
    show_member(out, FACT_ENUM_list_operator, command->after);
    show_flags(out, command->flags);
    if (command->wrapper != SH_NO_COMMAND) {
        buf_printf(out, " via:%u", command->wrapper);
    }
    if (command->pipe_from != SH_NO_COMMAND) {
        buf_printf(out, " <%u", command->pipe_from);
    }
    if (command->pipe_to != SH_NO_COMMAND) {
        buf_printf(out, " >%u", command->pipe_to);
    }
    if (command->feeds != SH_NO_COMMAND) {
        buf_printf(out, " ^%u", command->feeds);
    }
    if (command->manager >= 0) {
        buf_append_cstr(out, " [");
        show_member(out, FACT_ENUM_package_manager, (unsigned)command->manager);
        buf_append_char(out, ' ');
        show_member(out, FACT_ENUM_package_action, (unsigned)command->action);
        buf_append_char(out, ']');
    }
    for (uint32_t i = 0; i < command->package_count; i++) {
        buf_append_char(out, ' ');
        sh_show_package(out, &script->packages[command->package_first + i]);
    }
    buf_append_char(out, '\n');
}

void sh_show_script(struct buf *out, const struct sh_script *script)
{
    for (size_t i = 0; i < script->command_count; i++) {
        show_command(out, script, &script->commands[i]);
    }
    for (size_t i = 0; i < script->assignment_count; i++) {
        buf_append_char(out, '=');
        buf_append(out, script->assignments[i].word->text);
        buf_append_char(out, '\n');
    }
    if (script->gap != SH_GAP_NONE) {
        buf_printf(out, "!%s @%u-%u\n", sh_gap_text(script->gap), script->gap_start,
                   script->gap_end);
    }
}
