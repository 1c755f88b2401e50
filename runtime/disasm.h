/* SPDX-License-Identifier: Apache-2.0
 *
 * disasm.h - code in readable form, under the source lines it came from.
 *
 * Operands are resolved: field names, constants, parameters, jump targets. Meant for people and
 * golden tests; nothing reads it back. Thread rule: pure for shared programs.
 */
#ifndef RUNTIME_DISASM_H
#define RUNTIME_DISASM_H

#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"
#include "runtime/program.h"

#define DISASM_ALL_RULES UINT32_MAX

/* Appends rule `rule` (or all), each unit with its registers and code. The program need not be
 * verified: anything out of range is shown as such. Failures show in the buffer. */
void disasm_program(struct buf *out, const struct program *program, uint32_t rule);

/* Appends one instruction without its source line or a line end: "  12 FIELD r3 r0 .user". */
void disasm_instruction(struct buf *out, const struct program *program,
                        const struct program_unit *unit, uint32_t at);

/* Text of a source span when the program keeps its sources; else empty. */
struct str disasm_source(const struct program *program, struct program_span span);

/* Line from 1 and column in bytes from 1 of a span's start; 0:0 when sources are not kept. */
void disasm_locate(const struct program *program, struct program_span span, uint32_t *line,
                   uint32_t *column);

/* Type of a register as rules spell it: "list<string>", "stage". */
void disasm_type(struct buf *out, struct program_type type);

#endif
