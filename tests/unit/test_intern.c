/* SPDX-License-Identifier: Apache-2.0
 *
 * test_intern.c - identity, growth, limits and allocation failures of core/intern.c.
 */
#include "core/intern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

/* Adds "name0" .. "name<count-1>" and asserts that ids count up; false after a failure. */
static bool add_names(struct interner *table, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        char text[24] = "name";
        size_t len = 4;
        for (uint32_t rest = i; rest > 0 || len == 4; rest /= 10) {
            text[len++] = (char)('0' + rest % 10);
        }
        intern_id id = intern_add(table, str_make(text, len));
        if (id == INTERN_NONE) {
            return false;
        }
        assert_true(str_eq(intern_view(table, id), str_make(text, len)));
    }
    return true;
}

static void equal_text_has_one_id(void **state)
{
    (void)state;
    struct interner table;
    assert_int_equal(intern_init(&table, NULL, 0, 1), PLIM_STATUS_OK);
    assert_int_equal(intern_add(&table, STR("")), INTERN_EMPTY);
    intern_id a = intern_add(&table, STR("a"));
    intern_id nul = intern_add(&table, STR("a\0b"));
    assert_int_equal(a, 1);
    assert_int_equal(nul, 2);
    assert_int_equal(intern_add(&table, STR("a")), a);
    assert_int_equal(intern_find(&table, STR("a\0b")), nul);
    assert_true(intern_find(&table, STR("a\0c")) == INTERN_NONE);
    assert_int_equal(intern_view(&table, 99).len, 0);
    intern_release(&table);
    intern_release(&table);
}

static void thousands_survive_growth(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3; seed++) {
        struct interner table;
        assert_int_equal(intern_init(&table, NULL, 0, seed * 77), PLIM_STATUS_OK);
        assert_true(add_names(&table, 5000));
        uint32_t count = table.count;
        assert_true(add_names(&table, 5000));
        assert_int_equal(table.count, count);
        intern_release(&table);
    }
}

static void lengths_around_the_word_size_differ(void **state)
{
    (void)state;
    struct interner table;
    assert_int_equal(intern_init(&table, NULL, 0, 5), PLIM_STATUS_OK);
    static const char zeros[40];
    for (uint32_t len = 0; len <= 40; len++) {
        assert_int_equal(intern_add(&table, str_make(zeros, len)), len);
    }
    intern_release(&table);
}

static void text_beyond_the_cap_is_a_limit(void **state)
{
    (void)state;
    struct interner table;
    assert_int_equal(intern_init(&table, NULL, 9000, 5), PLIM_STATUS_OK);
    static const char big[9500];
    assert_true(intern_add(&table, str_make(big, sizeof big)) == INTERN_NONE);
    assert_int_equal(intern_status(&table), PLIM_STATUS_LIMIT);
    assert_true(intern_add(&table, STR("x")) == INTERN_NONE);
    intern_release(&table);
}

static plim_status intern_names(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct interner table;
    plim_status status = intern_init(&table, allocator, 0, 3);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    if (!add_names(&table, 600)) {
        assert_int_equal(intern_status(&table), PLIM_STATUS_NOMEM);
    }
    status = intern_status(&table);
    intern_release(&table);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(intern_names, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_text_has_one_id),
        cmocka_unit_test(thousands_survive_growth),
        cmocka_unit_test(lengths_around_the_word_size_differ),
        cmocka_unit_test(text_beyond_the_cap_is_a_limit),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("intern", tests, NULL, NULL);
}
