/* SPDX-License-Identifier: Apache-2.0
 *
 * verify.h - the only door to a runnable program.
 *
 * Checks every table and every instruction of a program, compiled or loaded, in one linear pass:
 * references between tables, operand ranges, register types, jump targets, loop nesting, definite
 * assignment, and that every path ends. What it accepts the VM runs without further checks; nothing
 * skips it. Thread rule: one thread at a time per program.
 */
#ifndef RUNTIME_VERIFY_H
#define RUNTIME_VERIFY_H

#include <stdint.h>

#include <plimsoll/status.h>

#include "runtime/program.h"

#define VERIFY_NO_PLACE UINT32_MAX

/* Why a program was refused. */
struct verify_error {
    uint32_t unit;   /* index of the unit, or VERIFY_NO_PLACE when a table is wrong */
    uint32_t offset; /* index of the instruction in `code`, or of the record in its table */
    char text[120];  /* the reason, without place */
};

/* Sets `program->verified`. POLICY with the first reason in `*error`; NOMEM. */
plim_status verify_program(struct program *program, struct verify_error *error) PLIM_MUST_CHECK;

#endif
