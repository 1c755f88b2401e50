/* SPDX-License-Identifier: Apache-2.0
 *
 * assembler.c - see assembler.h. Plain arrays that are copied into the program at the end.
 */
#include "tests/unit/assembler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/verify.h"

void assembler_init(struct assembler *as, const char *source)
{
    memset(as, 0, sizeof *as);
    as->files[0].path = assembler_text(as, "test.plim");
    as->files[0].source = assembler_text(as, source);
    as->file_count = 1;
}

struct program_text assembler_text(struct assembler *as, const char *text)
{
    uint32_t length = (uint32_t)strlen(text);
    assert_true(as->strings_size + length + 1 <= ASSEMBLER_MAX_STRINGS);
    struct program_text result = {.offset = as->strings_size, .length = length};
    memcpy(as->strings + as->strings_size, text, length + 1);
    as->strings_size += length + 1;
    return result;
}

unsigned assembler_string(struct assembler *as, const char *text)
{
    assert_true(as->text_count < ASSEMBLER_MAX);
    as->texts[as->text_count] = assembler_text(as, text);
    return as->text_count++;
}

unsigned assembler_int(struct assembler *as, int64_t value)
{
    assert_true(as->int_count < ASSEMBLER_MAX);
    as->ints[as->int_count] = value;
    return as->int_count++;
}

unsigned assembler_pattern(struct assembler *as, enum program_pattern_kind kind, const char *text)
{
    assert_true(as->pattern_count < ASSEMBLER_MAX);
    as->patterns[as->pattern_count] =
        (struct program_pattern){.kind = kind, .text = assembler_text(as, text)};
    return as->pattern_count++;
}

unsigned assembler_number_set(struct assembler *as, struct program_type type, const int64_t *items,
                              uint32_t count)
{
    assert_true(as->set_count < ASSEMBLER_MAX && as->set_item_count + count <= ASSEMBLER_MAX);
    as->sets[as->set_count] = (struct program_set){
        .type = type, .first = as->set_item_count, .count = count, .param = UINT32_MAX};
    for (uint32_t i = 0; i < count; i++) {
        as->set_items[as->set_item_count++] = items[i];
    }
    return as->set_count++;
}

unsigned assembler_set(struct assembler *as, const char *const *items)
{
    int64_t numbers[ASSEMBLER_MAX];
    uint32_t count = 0;
    for (; items[count] != NULL; count++) {
        assert_true(count < ASSEMBLER_MAX);
        numbers[count] = assembler_string(as, items[count]);
    }
    return assembler_number_set(as, (struct program_type){.base = PROGRAM_STR}, numbers, count);
}

uint32_t assembler_rule(struct assembler *as, const char *name)
{
    assert_true(as->rule_count < ASSEMBLER_MAX);
    struct program_rule *rule = &as->rules[as->rule_count];
    rule->name = assembler_text(as, name);
    rule->title = rule->name;
    rule->severity = MEMBER_severity_high;
    rule->unknown = PROGRAM_UNKNOWN_REPORT;
    rule->first_arm = as->arm_count;
    rule->first_unit = as->unit_count;
    rule->first_cover = as->cover_count;
    rule->span = (struct program_span){.file = 0};
    as->rule_count++;
    assembler_arm(as, "", MEMBER_severity_high);
    return as->rule_count - 1;
}

void assembler_arm(struct assembler *as, const char *name, unsigned severity)
{
    assert_true(as->arm_count < ASSEMBLER_MAX);
    as->arms[as->arm_count++] =
        (struct program_arm){.name = assembler_text(as, name), .severity = severity};
    as->rules[as->rule_count - 1].arm_count++;
}

struct program_unit *assembler_unit(struct assembler *as, enum fact_kind kind, enum fact_view view)
{
    assert_true(as->unit_count < ASSEMBLER_MAX);
    struct program_unit *unit = &as->units[as->unit_count++];
    unit->rule = as->rule_count - 1;
    unit->kind = (uint32_t)kind;
    unit->view = (uint32_t)view;
    unit->first_code = as->code_count;
    unit->first_register = as->type_count;
    unit->first_guard = as->guard_count;
    as->rules[unit->rule].unit_count++;
    assembler_row(as, kind);
    return unit;
}

struct program_guard *assembler_guard(struct assembler *as, enum program_test test, unsigned field,
                                      uint32_t operand)
{
    assert_true(as->guard_count < ASSEMBLER_MAX);
    struct program_guard *node = &as->guards[as->guard_count++];
    *node = (struct program_guard){
        .test = (uint8_t)test, .via = PROGRAM_NO_VIA, .field = (uint8_t)field, .operand = operand};
    as->units[as->unit_count - 1].guard_count++;
    return node;
}

unsigned assembler_register(struct assembler *as, struct program_type type)
{
    assert_true(as->type_count < ASSEMBLER_MAX);
    as->types[as->type_count++] = type;
    return as->units[as->unit_count - 1].register_count++;
}

unsigned assembler_base(struct assembler *as, enum program_base base)
{
    return assembler_register(as, (struct program_type){.base = (uint8_t)base});
}

unsigned assembler_row(struct assembler *as, enum fact_kind kind)
{
    return assembler_register(
        as, (struct program_type){.base = PROGRAM_ROW, .argument = (uint8_t)kind});
}

unsigned assembler_iterator(struct assembler *as, enum program_base base, unsigned argument)
{
    struct program_type type = {.base = (uint8_t)base, .argument = (uint8_t)argument, .iter = 1};
    unsigned iterator = assembler_register(as, type);
    type.iter = 0;
    assembler_register(as, type);
    assembler_base(as, PROGRAM_LOC);
    assembler_base(as, PROGRAM_BOOL);
    return iterator;
}

static uint32_t append(struct assembler *as, uint32_t word)
{
    assert_true(as->code_count < ASSEMBLER_MAX_CODE);
    struct program_unit *unit = &as->units[as->unit_count - 1];
    as->source_map[as->code_count] =
        (struct program_span){.file = 0, .start = as->span_start, .end = as->span_end};
    as->code[as->code_count++] = word;
    return unit->code_count++;
}

uint32_t assembler_abc(struct assembler *as, enum opcode op, unsigned a, unsigned b, unsigned c)
{
    return append(as, bytecode_abc(op, a, b, c));
}

uint32_t assembler_ai(struct assembler *as, enum opcode op, unsigned a, unsigned imm)
{
    return append(as, bytecode_ai(op, a, imm));
}

void assembler_land(struct assembler *as, uint32_t at)
{
    const struct program_unit *unit = &as->units[as->unit_count - 1];
    uint32_t *word = &as->code[unit->first_code + at];
    *word = (*word & 0xFFFF) | (unit->code_count - at - 1) << 16;
}

void assembler_loop(struct assembler *as, uint32_t at)
{
    const struct program_unit *unit = &as->units[as->unit_count - 1];
    assembler_ai(as, OP_LOOP, 0, unit->code_count - at);
    assembler_land(as, at);
}

void assembler_span(struct assembler *as, const char *needle)
{
    const char *source = as->strings + as->files[0].source.offset;
    const char *found = strstr(source, needle);
    assert_non_null(found);
    as->span_start = (uint32_t)(found - source);
    as->span_end = as->span_start + (uint32_t)strlen(needle);
}

static const void *keep(struct program *program, const void *items, size_t size)
{
    void *copy = arena_alloc(&program->arena, size);
    if (copy != NULL && size > 0) {
        memcpy(copy, items, size);
    }
    return copy;
}

plim_status assembler_build(const struct assembler *as, struct program **out,
                            const plim_allocator *allocator)
{
    struct program *p = NULL;
    plim_status status = program_new(&p, allocator);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
#define KEEP(table, from, count_field, number)                                                     \
    p->table = keep(p, as->from, (number) * sizeof *as->from);                                     \
    p->count_field = (number);
    KEEP(strings, strings, strings_size, as->strings_size)
    KEEP(ints, ints, int_count, as->int_count)
    KEEP(texts, texts, text_count, as->text_count)
    KEEP(sets, sets, set_count, as->set_count)
    KEEP(set_items, set_items, set_item_count, as->set_item_count)
    KEEP(patterns, patterns, pattern_count, as->pattern_count)
    KEEP(params, params, param_count, as->param_count)
    KEEP(covers, covers, cover_count, as->cover_count)
    KEEP(arms, arms, arm_count, as->arm_count)
    KEEP(rules, rules, rule_count, as->rule_count)
    KEEP(units, units, unit_count, as->unit_count)
    KEEP(register_types, types, register_type_count, as->type_count)
    KEEP(code, code, code_count, as->code_count)
    KEEP(source_map, source_map, source_map_count, as->code_count)
    KEEP(files, files, file_count, as->file_count)
    KEEP(guards, guards, guard_count, as->guard_count)
#undef KEEP
    status = arena_status(&p->arena);
    if (status != PLIM_STATUS_OK) {
        program_release(p);
        return status;
    }
    *out = p;
    return PLIM_STATUS_OK;
}

struct program *assembler_verified(const struct assembler *as)
{
    struct program *program = NULL;
    struct verify_error error;
    assert_int_equal(assembler_build(as, &program, NULL), PLIM_STATUS_OK);
    plim_status status = verify_program(program, &error);
    if (status != PLIM_STATUS_OK) {
        print_error("instruction %u: %s\n", error.offset, error.text);
    }
    assert_int_equal(status, PLIM_STATUS_OK);
    return program;
}
