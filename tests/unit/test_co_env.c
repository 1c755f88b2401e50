/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_env.c - environments: strength, order, scopes, memory failures.
 */
#include "facts/compose/co_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/alloc.h"
#include "fault_alloc.h"

static void put(struct co_env *env, const char *name, const char *value, enum co_rank rank)
{
    struct co_variable variable = {
        .name = str_from_cstr(name), .value = str_from_cstr(value), .rank = rank};
    co_env_put(env, &variable);
}

static void expect(const struct co_scope *scope, const char *name, const char *value)
{
    const struct co_variable *found = co_scope_find(scope, str_from_cstr(name));
    assert_non_null(found);
    assert_true(str_eq(found->value, str_from_cstr(value)));
    assert_true(str_eq(found->name, str_from_cstr(name)));
}

static void the_stronger_wins_and_of_equals_the_later(void **state)
{
    (void)state;
    struct co_env env;
    assert_int_equal(co_env_init(&env, alloc_or_default(NULL), 7), PLIM_STATUS_OK);
    struct co_scope scope = {.env = &env};
    assert_null(co_scope_find(&scope, STR("")));
    assert_null(co_scope_find(NULL, STR("A")));
    put(&env, "A", "file", CO_RANK_DOTENV);
    put(&env, "A", "later", CO_RANK_DOTENV);
    expect(&scope, "A", "later");
    put(&env, "A", "given", CO_RANK_GIVEN);
    put(&env, "A", "process", CO_RANK_PROCESS);
    expect(&scope, "A", "given");
    assert_null(co_env_find(&env, STR("")));
    put(&env, "", "empty name", CO_RANK_DOTENV);
    expect(&scope, "", "empty name");
    assert_null(co_env_find(&env, STR("a")));
    assert_int_equal(env.count, 2);
    co_env_release(&env);
    co_env_release(&env);
}

static void scopes_are_asked_in_order(void **state)
{
    (void)state;
    struct co_env first;
    struct co_env second;
    assert_int_equal(co_env_init(&first, alloc_or_default(NULL), 1), PLIM_STATUS_OK);
    assert_int_equal(co_env_init(&second, alloc_or_default(NULL), 2), PLIM_STATUS_OK);
    struct co_scope last = {.env = &second};
    struct co_scope scope = {.env = &first, .next = &last};
    put(&first, "A", "1", CO_RANK_DOTENV);
    put(&second, "A", "2", CO_RANK_GIVEN);
    put(&second, "B", "2", CO_RANK_GIVEN);
    expect(&scope, "A", "1");
    expect(&scope, "B", "2");
    assert_null(co_scope_find(&scope, STR("C")));
    co_env_release(&first);
    co_env_release(&second);
}

static plim_status fill(const plim_allocator *allocator, void *user)
{
    size_t count = *(size_t *)user;
    struct co_env env;
    plim_status status = co_env_init(&env, allocator, 3);
    for (size_t i = 0; status == PLIM_STATUS_OK && i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "NAME%zu", i);
        put(&env, name, "x", CO_RANK_DOTENV);
        status = co_env_status(&env);
    }
    for (size_t i = 0; status == PLIM_STATUS_OK && i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "NAME%zu", i);
        const struct co_variable *found = co_env_find(&env, str_from_cstr(name));
        assert_non_null(found);
        assert_ptr_equal(found, &env.variables[i]);
    }
    co_env_release(&env);
    return status;
}

static void many_names_and_failing_allocations(void **state)
{
    (void)state;
    size_t many = 100000;
    assert_int_equal(fill(alloc_or_default(NULL), &many), PLIM_STATUS_OK);
    size_t few = 700;
    fault_alloc_run(fill, &few);
}

static void every_rank_has_words(void **state)
{
    (void)state;
    for (int rank = CO_RANK_DOTENV; rank <= CO_RANK_PROJECT; rank++) {
        assert_true(strlen(co_rank_text((enum co_rank)rank)) > 0);
    }
    assert_string_equal(co_rank_text((enum co_rank)99), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stronger_wins_and_of_equals_the_later),
        cmocka_unit_test(scopes_are_asked_in_order),
        cmocka_unit_test(many_names_and_failing_allocations),
        cmocka_unit_test(every_rank_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
