/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_shell.c - any bytes as shell text. Whatever comes out must lie inside the text: nodes, words
 * and rows; links between rows must be rows. The first byte chooses how the text is read.
 */
#include <stdint.h>
#include <stdlib.h>

#include "facts/shell/sh_command.h"
#include "facts/shell/sh_dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_link(const struct sh_script *script, uint32_t row)
{
    require(row == SH_NO_COMMAND || row < script->command_count);
}

static void check_rows(const struct sh_script *script, size_t size)
{
    size_t near = 0;
    for (size_t i = 0; i < script->command_count; i++) {
        const struct sh_command *command = &script->commands[i];
        uint32_t start;
        uint32_t end;
        sh_origin_locate(command->origin, command->start, command->end, &start, &end, &near);
        require(start <= end && end <= size);
        require(command->start <= command->end && command->end <= command->origin->bytes.len);
        require(command->option_first + command->option_count <= script->option_count);
        require(command->operand_first + command->operand_count <= script->operand_count);
        require(command->package_first + command->package_count <= script->package_count);
        require(command->wrapper == SH_NO_COMMAND || command->wrapper < i);
        check_link(script, command->pipe_from);
        check_link(script, command->pipe_to);
    }
    require(script->gap_start <= script->gap_end && script->gap_end <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    struct sh_text text = {.bytes = str_make((const char *)data + 1, size - 1)};
    struct sh_shell shell = {.dialect = SH_DIALECT_POSIX, .pipefail = (data[0] & 1) != 0};
    struct sh_script script;
    struct arena arena;
    require(sh_script_init(&script, NULL) == PLIM_STATUS_OK);
    arena_init(&arena, NULL, (size_t)256 << 20);
    plim_status status = sh_script_read(&script, &arena, &text, shell);
    require(status == PLIM_STATUS_OK || status == PLIM_STATUS_LIMIT);
    if (status == PLIM_STATUS_OK) {
        check_rows(&script, size - 1);
    }
    if ((data[0] & 2) != 0) {
        struct sh_tree tree;
        struct buf out;
        buf_init(&out, NULL, 1 << 20);
        if (sh_parse_body(&script.tools->parser, &tree, &arena, text.bytes) == PLIM_STATUS_OK) {
            sh_dump_tree(&out, &tree);
        }
        if (sh_parse_script(&script.tools->parser, &tree, &arena, text.bytes) == PLIM_STATUS_OK) {
            sh_dump_tree(&out, &tree);
        }
        buf_release(&out);
    }
    arena_release(&arena);
    sh_script_release(&script);
    return 0;
}
