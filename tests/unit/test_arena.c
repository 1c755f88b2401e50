/* SPDX-License-Identifier: Apache-2.0
 *
 * test_arena.c - growth, caps, marks and the sticky failure of core/arena.c.
 */
#include "core/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    for (size_t size = 1; size < 9000; size = size * 3 + 1) {
        unsigned char *bytes = arena_alloc(&arena, size);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(bytes[i], 0);
        }
        bytes[size - 1] = 0xFF;
    }
    arena_release(&arena);
    arena_release(&arena);
}

static void cap_is_a_sticky_limit(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 10000);
    assert_non_null(arena_alloc(&arena, 5000));
    assert_null(arena_alloc(&arena, 6000));
    assert_int_equal(arena_status(&arena), PLIM_STATUS_LIMIT);
    assert_null(arena_alloc(&arena, 1));
    assert_int_equal(arena_copy_str(&arena, STR("text")).len, 0);
    assert_true(arena.used <= 10000);
    arena_clear(&arena);
    assert_int_equal(arena_status(&arena), PLIM_STATUS_OK);
    assert_non_null(arena_alloc(&arena, 100));
    arena_release(&arena);
}

static void overflowing_arrays_are_refused(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    assert_null(arena_alloc_array(&arena, SIZE_MAX / 2, 16));
    assert_int_equal(arena_status(&arena), PLIM_STATUS_LIMIT);
    arena_release(&arena);
}

static void rewind_frees_what_came_after_the_mark(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct str kept = arena_copy_str(&arena, STR("kept"));
    struct arena_mark mark = arena_mark(&arena);
    size_t used = arena.used;
    for (int i = 0; i < 100; i++) {
        assert_non_null(arena_alloc(&arena, 1000));
    }
    arena_rewind(&arena, mark);
    assert_int_equal(arena.used, used);
    assert_true(str_eq(kept, STR("kept")));
    unsigned char *again = arena_alloc(&arena, 64);
    assert_int_equal(again[0] | again[63], 0);
    arena_release(&arena);
}

static void strings_keep_nul_bytes_and_are_terminated(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct str copy = arena_copy_str(&arena, STR("a\0b"));
    assert_int_equal(copy.len, 3);
    assert_memory_equal(copy.ptr, "a\0b", 4);
    struct str empty = arena_copy_str(&arena, str_make(NULL, 0));
    assert_int_equal(empty.len, 0);
    assert_int_equal(empty.ptr[0], 0);
    arena_release(&arena);
}

static plim_status build_things(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct arena arena;
    arena_init(&arena, allocator, 0);
    for (size_t i = 1; i <= 40; i++) {
        struct arena_mark mark = arena_mark(&arena);
        uint64_t *numbers = ARENA_ARRAY(&arena, uint64_t, i * 20);
        if (numbers != NULL) {
            numbers[i * 20 - 1] = i;
        }
        if (i % 7 == 0) {
            arena_rewind(&arena, mark);
        }
        if (i % 19 == 0 && arena_status(&arena) == PLIM_STATUS_OK) {
            arena_clear(&arena);
        }
    }
    plim_status status = arena_status(&arena);
    arena_release(&arena);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(build_things, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(cap_is_a_sticky_limit),
        cmocka_unit_test(overflowing_arrays_are_refused),
        cmocka_unit_test(rewind_frees_what_came_after_the_mark),
        cmocka_unit_test(strings_keep_nul_bytes_and_are_terminated),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
