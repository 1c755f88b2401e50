/* SPDX-License-Identifier: Apache-2.0
 *
 * test_emit.c - labels, pools, limits and the finished tables of compiler/emit.c.
 */
#include "compiler/emit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

static const struct program_span nowhere = {.file = UINT32_MAX};

static uint32_t word_at(const struct emit *emit, size_t index)
{
    uint32_t word;
    memcpy(&word, emit->code.data + index * sizeof word, sizeof word);
    return word;
}

static void labels_patch_all_their_jumps(void **state)
{
    (void)state;
    struct emit emit;
    struct emit_label label = {0};
    struct emit_label leave = {0};
    assert_int_equal(emit_init(&emit, NULL, 1), PLIM_STATUS_OK);
    emit_abc(&emit, OP_END, 0, 0, 0, nowhere);
    emit.unit_start = 1; /* positions count from here */
    emit_jump(&emit, OP_JF, 3, &label, nowhere);
    emit_abc(&emit, OP_NOT3, 1, 2, 0, nowhere);
    emit_jump(&emit, OP_JMP, 0, &label, nowhere);
    emit_jump(&emit, OP_FOR, 4, &leave, nowhere);
    emit_bind(&emit, &label);
    emit_loop(&emit, 3, nowhere);
    emit_bind(&emit, &leave);
    emit_bind(&emit, &leave); /* nothing waits any more */
    assert_int_equal(word_at(&emit, 1), bytecode_ai(OP_JF, 3, 3));
    assert_int_equal(word_at(&emit, 3), bytecode_ai(OP_JMP, 0, 1));
    assert_int_equal(word_at(&emit, 4), bytecode_ai(OP_FOR, 4, 1));
    assert_int_equal(word_at(&emit, 5), bytecode_ai(OP_LOOP, 0, 1));
    assert_int_equal(emit_status(&emit), PLIM_STATUS_OK);
    emit_release(&emit);
}

static void constants_are_pooled(void **state)
{
    (void)state;
    struct emit emit;
    struct program *program = NULL;
    assert_int_equal(emit_init(&emit, NULL, 1), PLIM_STATUS_OK);
    unsigned a = emit_text(&emit, STR("a\0b"));
    assert_int_equal(emit_text(&emit, STR("a\0b")), a);
    assert_int_not_equal(emit_text(&emit, STR("a")), a);
    unsigned least = emit_int(&emit, INT64_MIN);
    assert_int_equal(emit_int(&emit, INT64_MIN), least);
    unsigned zero = emit_int(&emit, 0);
    assert_int_not_equal(zero, least);
    unsigned regex = emit_pattern(&emit, PROGRAM_REGEX, STR("x"));
    unsigned glob = emit_pattern(&emit, PROGRAM_GLOB, STR("x"));
    assert_int_not_equal(regex, glob);
    assert_int_equal(emit_pattern(&emit, PROGRAM_GLOB, STR("x")), glob);
    unsigned set = emit_set_begin(&emit, (struct program_type){.base = PROGRAM_INT}, 2, UINT32_MAX);
    emit_set_item(&emit, 7);
    emit_set_item(&emit, -7);
    struct program_text text = emit_string(&emit, STR("table"));
    assert_int_equal(emit_finish(&emit, &program), PLIM_STATUS_OK);
    assert_true(str_eq(program_str(program, program->texts[a]), STR("a\0b")));
    assert_true(program->ints[least] == INT64_MIN && program->ints[zero] == 0);
    assert_int_equal(program->patterns[glob].kind, PROGRAM_GLOB);
    assert_true(str_eq(program_str(program, program->patterns[regex].text), STR("x")));
    assert_int_equal(program->sets[set].count, 2);
    assert_true(program->set_items[program->sets[set].first + 1] == -7);
    assert_true(str_eq(program_str(program, text), STR("table")));
    assert_false(program->verified);
    program_release(program);
    emit_release(&emit);
}

static void pools_and_units_have_limits(void **state)
{
    (void)state;
    struct emit emit;
    assert_int_equal(emit_init(&emit, NULL, 1), PLIM_STATUS_OK);
    for (int64_t i = 0; i < 65533; i++) {
        (void)emit_int(&emit, i);
    }
    assert_int_equal(emit_status(&emit), PLIM_STATUS_OK);
    (void)emit_int(&emit, 65533);
    assert_int_equal(emit_status(&emit), PLIM_STATUS_LIMIT);
    emit_release(&emit);
    assert_int_equal(emit_init(&emit, NULL, 1), PLIM_STATUS_OK);
    for (int i = 0; i < PROGRAM_MAX_UNIT; i++) {
        emit_abc(&emit, OP_END, 0, 0, 0, nowhere);
    }
    assert_int_equal(emit_status(&emit), PLIM_STATUS_OK);
    emit_abc(&emit, OP_END, 0, 0, 0, nowhere);
    assert_int_equal(emit_status(&emit), PLIM_STATUS_LIMIT);
    struct program *program = NULL;
    assert_int_equal(emit_finish(&emit, &program), PLIM_STATUS_LIMIT);
    assert_null(program);
    emit_release(&emit);
}

static plim_status build_program(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct emit emit;
    struct program *program = NULL;
    plim_status status = emit_init(&emit, allocator, 1);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    for (int i = 0; i < 40; i++) {
        (void)emit_int(&emit, i);
        (void)emit_pattern(&emit, PROGRAM_GLOB, STR("a*"));
        emit_ai(&emit, OP_KINT, 1, emit_text(&emit, STR("text")), nowhere);
    }
    status = emit_finish(&emit, &program);
    program_release(program);
    emit_release(&emit);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(build_program, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_patch_all_their_jumps),
        cmocka_unit_test(constants_are_pooled),
        cmocka_unit_test(pools_and_units_have_limits),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("emit", tests, NULL, NULL);
}
