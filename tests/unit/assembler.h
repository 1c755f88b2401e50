/* SPDX-License-Identifier: Apache-2.0
 *
 * assembler.h - programs by hand, for tests of the runtime that must not depend on the compiler.
 *
 * Calls append rules, arms, units, registers, constants and instructions in order; assembler_build
 * makes an unverified program of them. Capacities are small and checked by assertion. Thread rule:
 * one thread.
 */
#ifndef TESTS_UNIT_ASSEMBLER_H
#define TESTS_UNIT_ASSEMBLER_H

#include <stdint.h>

#include "runtime/bytecode.h"
#include "runtime/program.h"

enum { ASSEMBLER_MAX = 256, ASSEMBLER_MAX_CODE = 4096, ASSEMBLER_MAX_STRINGS = 8192 };

struct assembler {
    char strings[ASSEMBLER_MAX_STRINGS];
    int64_t ints[ASSEMBLER_MAX];
    struct program_text texts[ASSEMBLER_MAX];
    struct program_set sets[ASSEMBLER_MAX];
    int64_t set_items[ASSEMBLER_MAX];
    struct program_pattern patterns[ASSEMBLER_MAX];
    struct program_param params[ASSEMBLER_MAX];
    struct program_text covers[ASSEMBLER_MAX];
    struct program_arm arms[ASSEMBLER_MAX];
    struct program_rule rules[ASSEMBLER_MAX];
    struct program_unit units[ASSEMBLER_MAX];
    struct program_type types[ASSEMBLER_MAX];
    uint32_t code[ASSEMBLER_MAX_CODE];
    struct program_span source_map[ASSEMBLER_MAX_CODE];
    struct program_file files[ASSEMBLER_MAX];
    struct program_guard guards[ASSEMBLER_MAX];
    uint32_t strings_size, int_count, text_count, set_count, set_item_count, pattern_count;
    uint32_t param_count, cover_count, arm_count, rule_count, unit_count, type_count;
    uint32_t code_count, file_count, guard_count;
    uint32_t span_start, span_end; /* given to the instructions that follow */
};

/* Starts with one file, whose text is `source`. */
void assembler_init(struct assembler *as, const char *source);

/* Text in the blob; constants by value; each returns the index. */
struct program_text assembler_text(struct assembler *as, const char *text);
unsigned assembler_string(struct assembler *as, const char *text);
unsigned assembler_int(struct assembler *as, int64_t value);
unsigned assembler_pattern(struct assembler *as, enum program_pattern_kind kind, const char *text);

/* Set of strings, ended by NULL; or of numbers. */
unsigned assembler_set(struct assembler *as, const char *const *items);
unsigned assembler_number_set(struct assembler *as, struct program_type type, const int64_t *items,
                              uint32_t count);

/* A rule with one unnamed arm; its units follow. */
uint32_t assembler_rule(struct assembler *as, const char *name);
void assembler_arm(struct assembler *as, const char *name, unsigned severity);

/* A unit of the last rule; register 0 is made. */
struct program_unit *assembler_unit(struct assembler *as, enum fact_kind kind, enum fact_view view);

/* Another node of the guard of the last unit; about the judged row. */
struct program_guard *assembler_guard(struct assembler *as, enum program_test test, unsigned field,
                                      uint32_t operand);

/* Registers of the last unit. */
unsigned assembler_register(struct assembler *as, struct program_type type);
unsigned assembler_base(struct assembler *as, enum program_base base);
unsigned assembler_row(struct assembler *as, enum fact_kind kind);

/* The three registers behind an iterator over rows of a kind or values of a base; returns the
 * iterator. */
unsigned assembler_iterator(struct assembler *as, enum program_base base, unsigned argument);

/* Instructions; each returns its index within the unit. */
uint32_t assembler_abc(struct assembler *as, enum opcode op, unsigned a, unsigned b, unsigned c);
uint32_t assembler_ai(struct assembler *as, enum opcode op, unsigned a, unsigned imm);

/* Lets the jump or FOR at `at` go to the next instruction to come. */
void assembler_land(struct assembler *as, uint32_t at);

/* LOOP that closes the FOR at `at`, which is let land behind it. */
void assembler_loop(struct assembler *as, uint32_t at);

/* Spans of `needle` in the source for the instructions that follow. */
void assembler_span(struct assembler *as, const char *needle);

/* The program, not verified. NOMEM when memory fails. */
plim_status assembler_build(const struct assembler *as, struct program **out,
                            const plim_allocator *allocator) PLIM_MUST_CHECK;

/* The verified program; asserts. */
struct program *assembler_verified(const struct assembler *as);

#endif
