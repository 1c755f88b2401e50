/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_scalar.c - numbers, dates and durations as the texts that Go prints.
 */
#include "facts/compose/co_scalar.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fault_alloc.h"

static const struct {
    double value;
    const char *text;
} reals[] = {{1.0, "1"},
             {0.0, "0"},
             {-0.0, "-0"},
             {2.5, "2.5"},
             {3.10, "3.1"},
             {0.1, "0.1"},
             {1e3, "1000"},
             {-12.25, "-12.25"},
             {0.0001, "0.0001"},
             {0.00012, "0.00012"},
             {0.00001, "1e-05"},
             {1e20, "100000000000000000000"},
             {1e21, "1e+21"},
             {1.5e300, "1.5e+300"},
             {123456789.125, "123456789.125"},
             {1.7976931348623157e308, "1.7976931348623157e+308"},
             {5e-324, "5e-324"},
             {INFINITY, "+Inf"},
             {-INFINITY, "-Inf"},
             {NAN, "NaN"}};

static void reals_are_shortest(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        char out[CO_NUMBER_MAX + 1] = "";
        size_t len = co_real_text(out, reals[i].value);
        assert_true(len <= CO_NUMBER_MAX);
        out[len] = '\0';
        assert_string_equal(out, reals[i].text);
    }
}

static const struct {
    const char *written;
    const char *text;
} times[] = {{"2024-01-01", "2024-01-01 00:00:00 +0000 UTC"},
             {"2024-1-2", "2024-01-02 00:00:00 +0000 UTC"},
             {"2024-01-01T10:20:30Z", "2024-01-01 10:20:30 +0000 UTC"},
             {"2024-01-01t1:2:3Z", "2024-01-01 01:02:03 +0000 UTC"},
             {"2024-01-01 10:20:30", "2024-01-01 10:20:30 +0000 UTC"},
             {"2024-01-01 10:20:30.500", "2024-01-01 10:20:30.5 +0000 UTC"},
             {"2024-01-01T10:20:30.10-05:00", "2024-01-01 10:20:30.1 -0500 -0500"},
             {"2024-01-01T10:20:30+00:00", "2024-01-01 10:20:30 +0000 UTC"},
             {"20240101", "20240101"},
             {"2024-01-01T10:20", "2024-01-01T10:20"}};

static void scalars_become_texts(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct span span = {.source = 1, .start = 2, .end = 3};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct tree_node *time = tree_new(&arena, TREE_TIME, span, str_from_cstr(times[i].written));
        struct str text = co_scalar_text(&arena, time);
        assert_int_equal(text.len, strlen(times[i].text));
        assert_memory_equal(text.ptr, times[i].text, text.len);
    }
    struct tree_node *node = tree_new(&arena, TREE_INT, span, STR("0x1F"));
    node->u.integer = 31;
    const struct tree_node *string = co_scalar_string(&arena, node);
    assert_true(string != node && string->kind == TREE_STRING);
    assert_true(str_eq(string->text, STR("31")));
    assert_int_equal(string->span.start, 2);
    assert_true(co_scalar_string(&arena, string) == string);
    node->kind = TREE_UINT;
    node->u.natural = UINT64_MAX;
    assert_true(str_eq(co_scalar_text(&arena, node), STR("18446744073709551615")));
    node->kind = TREE_BOOL;
    node->u.boolean = true;
    assert_true(str_eq(co_scalar_text(&arena, node), STR("true")));
    node->kind = TREE_NULL;
    assert_true(str_eq(co_scalar_string(&arena, node)->text, STR("")));
    assert_null(co_scalar_string(&arena, tree_new_list(&arena, span, NULL, 0)));
    assert_null(co_scalar_string(&arena, tree_new_map(&arena, span, NULL, 0)));
    arena_release(&arena);
}

static const struct {
    int64_t nanoseconds;
    const char *text;
} durations[] = {{0, "0s"},
                 {1, "1ns"},
                 {1100, "1.1\xc2\xb5s"},
                 {2200000, "2.2ms"},
                 {3300000000, "3.3s"},
                 {90000000000, "1m30s"},
                 {3600000000000, "1h0m0s"},
                 {172800000000000, "48h0m0s"},
                 {-1500000000, "-1.5s"},
                 {INT64_MAX, "2562047h47m16.854775807s"},
                 {INT64_MIN, "-2562047h47m16.854775808s"}};

static void durations_are_printed(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
        struct str text = co_duration_text(&arena, durations[i].nanoseconds);
        assert_int_equal(text.len, strlen(durations[i].text));
        assert_memory_equal(text.ptr, durations[i].text, text.len);
    }
    arena_release(&arena);
}

static plim_status print_all(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct arena arena;
    arena_init(&arena, allocator, 0);
    struct span span = {.source = SOURCE_NONE};
    struct tree_node *node = tree_new(&arena, TREE_TIME, span, STR("2024-01-01"));
    const struct tree_node *string = node != NULL ? co_scalar_string(&arena, node) : NULL;
    if (arena_status(&arena) == PLIM_STATUS_OK) {
        assert_int_equal(string->text.len, 29);
        struct str text = co_duration_text(&arena, 1);
        assert_int_equal(text.len > 0, arena_status(&arena) == PLIM_STATUS_OK);
    }
    plim_status status = arena_status(&arena);
    arena_release(&arena);
    return status;
}

static void allocations_may_fail(void **state)
{
    (void)state;
    fault_alloc_run(print_all, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reals_are_shortest),
        cmocka_unit_test(scalars_become_texts),
        cmocka_unit_test(durations_are_printed),
        cmocka_unit_test(allocations_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
