/* SPDX-License-Identifier: Apache-2.0
 *
 * reads.c - see reads.h. Fields that reports show (labels) are not looked for: builders always fill
 * them.
 */
#include "runtime/reads.h"

#include "runtime/bytecode.h"

void reads_add(struct fact_fields *fields, const struct program *program)
{
    for (uint32_t i = 0; i < program->unit_count; i++) {
        const struct program_unit *unit = &program->units[i];
        const struct program_type *types = program->register_types + unit->first_register;
        const uint32_t *code = program->code + unit->first_code;
        fact_fields_add(fields, (enum fact_kind)unit->kind, 0);
        for (uint32_t at = 0; at < unit->code_count; at++) {
            if (bytecode_info((enum opcode)bytecode_op(code[at]))->c == OPERAND_field) {
                uint8_t kind = types[bytecode_b(code[at])].argument;
                fact_fields_add(fields, (enum fact_kind)kind, bytecode_c(code[at]));
            }
        }
    }
}
