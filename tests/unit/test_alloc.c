/* SPDX-License-Identifier: Apache-2.0
 *
 * test_alloc.c - growth and overflow checks of core/alloc.c.
 */
#include "core/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

static void zeroed_memory_is_zero_even_when_empty(void **state)
{
    (void)state;
    unsigned char *bytes = alloc_zeroed(alloc_default(), 0);
    assert_non_null(bytes);
    assert_int_equal(bytes[0], 0);
    alloc_free(alloc_default(), bytes, 1);
    alloc_free(alloc_default(), NULL, 10);
    assert_ptr_equal(alloc_or_default(NULL), alloc_default());
}

static void growth_doubles_from_eight(void **state)
{
    (void)state;
    struct fault_alloc fault;
    fault_alloc_init(&fault, 0, false);
    void *items = NULL;
    size_t capacity = 0;
    assert_true(alloc_grow(&fault.allocator, &items, &capacity, 1, 4));
    assert_int_equal(capacity, 8);
    assert_true(alloc_grow(&fault.allocator, &items, &capacity, 8, 4));
    assert_int_equal(fault.calls, 1);
    assert_true(alloc_grow(&fault.allocator, &items, &capacity, 33, 4));
    assert_int_equal(capacity, 64);
    alloc_free(&fault.allocator, items, capacity * 4);
    assert_int_equal(fault.live_blocks, 0);
    assert_int_equal(fault.size_errors, 0);
}

static void overflow_and_failure_change_nothing(void **state)
{
    (void)state;
    struct fault_alloc fault;
    fault_alloc_init(&fault, 2, true);
    void *items = NULL;
    size_t capacity = 0;
    assert_true(alloc_grow(&fault.allocator, &items, &capacity, 8, 16));
    void *before = items;
    assert_false(alloc_grow(&fault.allocator, &items, &capacity, SIZE_MAX, 16));
    assert_false(alloc_grow(&fault.allocator, &items, &capacity, SIZE_MAX / 16 + 1, 16));
    assert_int_equal(fault.calls, 1);
    assert_false(alloc_grow(&fault.allocator, &items, &capacity, 9, 16));
    assert_ptr_equal(items, before);
    assert_int_equal(capacity, 8);
    alloc_free(&fault.allocator, items, capacity * 16);
    assert_int_equal(fault.live_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroed_memory_is_zero_even_when_empty),
        cmocka_unit_test(growth_doubles_from_eight),
        cmocka_unit_test(overflow_and_failure_change_nothing),
    };
    return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}
