/* SPDX-License-Identifier: Apache-2.0
 *
 * bytecode.h - instruction words and what is known of each opcode.
 *
 * Everything here is generated from opcodes.def: the enum, names, operand kinds and fuel costs.
 * A word is op8 a8 b8 c8 or op8 a8 imm16, opcode in the low byte. Thread rule: pure.
 */
#ifndef RUNTIME_BYTECODE_H
#define RUNTIME_BYTECODE_H

#include <stdbool.h>
#include <stdint.h>

enum opcode {
#define OP(name, format, a, b, c, cost, doc) OP_##name,
#include "runtime/opcodes.def"
#undef OP
    OPCODE_COUNT
};

enum op_format { OP_FORMAT_ABC, OP_FORMAT_AI, OP_FORMAT_I, OP_FORMAT_N };

/* What an operand must be; see the head of opcodes.def. w: written, r: read. */
enum operand {
    OPERAND_none,
    OPERAND_wbool,
    OPERAND_wint,
    OPERAND_wstr,
    OPERAND_wenum,
    OPERAND_wset,
    OPERAND_wpat,
    OPERAND_wany,
    OPERAND_wcell,
    OPERAND_wloc,
    OPERAND_wcount,
    OPERAND_witer,
    OPERAND_wlist,
    OPERAND_rbool,
    OPERAND_rint,
    OPERAND_rstr,
    OPERAND_rrow,
    OPERAND_rany,
    OPERAND_rlist,
    OPERAND_rset,
    OPERAND_rpat,
    OPERAND_rcount,
    OPERAND_riter,
    OPERAND_rloc,
    OPERAND_kINT,
    OPERAND_kSTR,
    OPERAND_kSET,
    OPERAND_kPAT,
    OPERAND_kPARAM,
    OPERAND_field,
    OPERAND_call,
    OPERAND_arm,
    OPERAND_label,
    OPERAND_enum,
    OPERAND_guard,
    OPERAND_bool,
    OPERAND_fix,
    OPERAND_fwd,
    OPERAND_back
};

struct op_info {
    const char *name;
    enum op_format format;
    enum operand a, b, c; /* c is the imm16 operand of AI and I */
    unsigned cost;
    const char *doc;
};

/* By opcode. */
extern const struct op_info bytecode_infos[OPCODE_COUNT];

/* Facts of an opcode below OPCODE_COUNT. */
static inline const struct op_info *bytecode_info(enum opcode op)
{
    return &bytecode_infos[op];
}

static inline uint32_t bytecode_abc(enum opcode op, unsigned a, unsigned b, unsigned c)
{
    return (uint32_t)op | (uint32_t)(a & 0xFF) << 8 | (uint32_t)(b & 0xFF) << 16 |
           (uint32_t)(c & 0xFF) << 24;
}

static inline uint32_t bytecode_ai(enum opcode op, unsigned a, unsigned imm)
{
    return (uint32_t)op | (uint32_t)(a & 0xFF) << 8 | (uint32_t)(imm & 0xFFFF) << 16;
}

static inline unsigned bytecode_op(uint32_t word)
{
    return word & 0xFF;
}

static inline unsigned bytecode_a(uint32_t word)
{
    return word >> 8 & 0xFF;
}

static inline unsigned bytecode_b(uint32_t word)
{
    return word >> 16 & 0xFF;
}

static inline unsigned bytecode_c(uint32_t word)
{
    return word >> 24;
}

static inline unsigned bytecode_imm(uint32_t word)
{
    return word >> 16;
}

#endif
