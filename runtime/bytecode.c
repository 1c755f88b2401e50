/* SPDX-License-Identifier: Apache-2.0
 *
 * bytecode.c - the opcode table, expanded from opcodes.def.
 */
#include "runtime/bytecode.h"

const struct op_info bytecode_infos[OPCODE_COUNT] = {
#define OP(name_, format_, a_, b_, c_, cost_, doc_)                                                \
    [OP_##name_] = {.name = #name_,                                                                \
                    .format = OP_FORMAT_##format_,                                                 \
                    .a = OPERAND_##a_,                                                             \
                    .b = OPERAND_##b_,                                                             \
                    .c = OPERAND_##c_,                                                             \
                    .cost = cost_,                                                                 \
                    .doc = doc_},
#include "runtime/opcodes.def"
#undef OP
};

_Static_assert(OPCODE_COUNT <= 256, "an opcode fits one byte");
