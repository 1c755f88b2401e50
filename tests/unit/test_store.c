/* SPDX-License-Identifier: Apache-2.0
 *
 * test_store.c - rows, cells, lists and places of the fact store; budgets and failing memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/store.h"
#include "tests/unit/fault_alloc.h"

static struct facts *new_store(size_t max_bytes)
{
    struct facts *facts = NULL;
    assert_int_equal(facts_new(&facts, NULL, max_bytes, 1), PLIM_STATUS_OK);
    return facts;
}

static void a_new_row_has_absent_cells(void **state)
{
    (void)state;
    struct facts *facts = new_store(0);
    fact_loc loc = facts_add_loc(facts, (struct span){.source = 0, .start = 3, .end = 9});
    fact_row row = facts_add_row(facts, FACT_KIND_stage, loc);
    assert_int_equal(row, 0);
    for (unsigned f = 0; f < FIELD_COUNT_stage; f++) {
        struct fact_cell cell = facts_get(facts, FACT_KIND_stage, row, f);
        assert_int_equal(cell.state, FACT_ABSENT);
        assert_int_equal(cell.loc, loc);
    }
    assert_int_equal(facts_span(facts, loc).end, 9);
    assert_int_equal(facts_span(facts, 77).source, SOURCE_NONE);
    facts_free(facts);
}

static void cells_keep_value_state_and_place(void **state)
{
    (void)state;
    struct facts *facts = new_store(0);
    fact_loc row_loc = facts_add_loc(facts, (struct span){.start = 0, .end = 10});
    fact_loc own = facts_add_loc(facts, (struct span){.start = 4, .end = 6});
    fact_row row = facts_add_row(facts, FACT_KIND_user, row_loc);
    facts_set_str(facts, FACT_KIND_user, row, FIELD_user_spec, STR("app"), own);
    facts_set_int(facts, FACT_KIND_user, row, FIELD_user_uid, -7, FACT_NO_LOC);
    facts_set_bool(facts, FACT_KIND_user, row, FIELD_user_is_root, true, FACT_NO_LOC);
    fact_cause cause = facts_add_cause(facts, STR("X has no default"), own);
    facts_set_unknown(facts, FACT_KIND_user, row, FIELD_user_name, cause, own);

    assert_true(str_eq(facts_get_str(facts, FACT_KIND_user, row, FIELD_user_spec), STR("app")));
    assert_int_equal(facts_get(facts, FACT_KIND_user, row, FIELD_user_spec).loc, own);
    assert_int_equal((int64_t)facts_get(facts, FACT_KIND_user, row, FIELD_user_uid).value, -7);
    assert_int_equal(facts_get(facts, FACT_KIND_user, row, FIELD_user_uid).loc, row_loc);
    struct fact_cell unknown = facts_get(facts, FACT_KIND_user, row, FIELD_user_name);
    assert_int_equal(unknown.state, FACT_UNKNOWN);
    assert_int_equal(unknown.value, cause);
    assert_int_equal(facts_get_str(facts, FACT_KIND_user, row, FIELD_user_name).len, 0);
    facts_free(facts);
}

static void copied_cells_keep_the_place_that_decided(void **state)
{
    (void)state;
    struct facts *facts = new_store(0);
    fact_loc from = facts_add_loc(facts, (struct span){.start = 1, .end = 2});
    fact_loc to = facts_add_loc(facts, (struct span){.start = 8, .end = 9});
    fact_row base = facts_add_row(facts, FACT_KIND_stage, from);
    fact_row child = facts_add_row(facts, FACT_KIND_stage, to);
    facts_set_str(facts, FACT_KIND_stage, base, FIELD_stage_workdir, STR("/app"), FACT_NO_LOC);
    facts_set_cell(facts, FACT_KIND_stage, child, FIELD_stage_workdir,
                   facts_get(facts, FACT_KIND_stage, base, FIELD_stage_workdir));
    assert_int_equal(facts_get(facts, FACT_KIND_stage, child, FIELD_stage_workdir).loc, from);
    facts_free(facts);
}

static void lists_are_ranges_with_places(void **state)
{
    (void)state;
    struct facts *facts = new_store(0);
    struct arena scratch;
    arena_init(&scratch, NULL, 0);
    fact_loc place = facts_add_loc(facts, (struct span){.start = 5, .end = 6});
    fact_row stage = facts_add_row(facts, FACT_KIND_stage, place);
    struct fact_items runs = {0};
    for (int i = 0; i < 20; i++) {
        fact_loc loc = facts_add_loc(facts, (struct span){.start = (uint32_t)i, .end = 100});
        fact_items_add_row(&runs, &scratch, facts_add_row(facts, FACT_KIND_run, loc), FACT_NO_LOC);
    }
    struct fact_items words = {0};
    fact_items_add_str(&words, &scratch, facts, STR("/bin/sh"), FACT_NO_LOC);
    facts_set_list(facts, FACT_KIND_stage, stage, FIELD_stage_runs, &runs, FACT_NO_LOC);
    facts_set_list(facts, FACT_KIND_stage, stage, FIELD_stage_shell, &words, FACT_NO_LOC);

    uint64_t list = facts_get(facts, FACT_KIND_stage, stage, FIELD_stage_runs).value;
    assert_int_equal(fact_list_count(list), 20);
    assert_int_equal(facts_list_at(facts, list, 19).value, 19);
    assert_int_equal(facts_span(facts, facts_list_at(facts, list, 19).loc).start, 19);
    assert_int_equal(facts_list_at(facts, list, 20).state, FACT_ABSENT);
    uint64_t shell = facts_get(facts, FACT_KIND_stage, stage, FIELD_stage_shell).value;
    assert_int_equal(facts_list_at(facts, shell, 0).loc, place);
    arena_release(&scratch);
    facts_free(facts);
}

static void out_of_range_is_absent_not_a_crash(void **state)
{
    (void)state;
    struct facts *facts = new_store(0);
    facts_set_bool(facts, FACT_KIND_stage, FACT_NO_ROW, FIELD_stage_is_final, true, FACT_NO_LOC);
    assert_int_equal(facts_get(facts, FACT_KIND_stage, 0, 0).state, FACT_ABSENT);
    assert_int_equal(facts_get(facts, FACT_KIND_project, 0, 200).state, FACT_ABSENT);
    assert_int_equal(facts_row_loc(facts, FACT_KIND_stage, 3), FACT_NO_LOC);
    assert_int_equal(facts_status(facts), PLIM_STATUS_OK);
    facts_free(facts);
}

static void freezing_lists_the_dockerfiles(void **state)
{
    (void)state;
    struct facts *facts = new_store(0);
    facts_add_row(facts, FACT_KIND_dockerfile, FACT_NO_LOC);
    facts_add_row(facts, FACT_KIND_dockerfile, FACT_NO_LOC);
    assert_int_equal(facts_freeze(facts), PLIM_STATUS_OK);
    uint64_t list = facts_get(facts, FACT_KIND_project, 0, FIELD_project_dockerfiles).value;
    assert_int_equal(fact_list_count(list), 2);
    assert_int_equal(facts_add_row(facts, FACT_KIND_stage, FACT_NO_LOC), FACT_NO_ROW);
    assert_int_equal(facts_status(facts), PLIM_STATUS_INTERNAL);
    facts_free(facts);
}

/* The budget ends building with LIMIT: at some size it is enough, one step below it is not. */
static void the_byte_budget_is_kept(void **state)
{
    (void)state;
    size_t enough = 0;
    for (size_t budget = 4096; enough == 0; budget += 4096) {
        struct facts *facts = NULL;
        plim_status status = facts_new(&facts, NULL, budget, 1);
        if (status == PLIM_STATUS_OK) {
            for (int i = 0; i < 1000; i++) {
                facts_add_row(facts, FACT_KIND_option, FACT_NO_LOC);
            }
            status = facts_status(facts);
            assert_true(facts->bytes <= budget);
            facts_free(facts);
        }
        assert_true(status == PLIM_STATUS_OK || status == PLIM_STATUS_LIMIT);
        enough = status == PLIM_STATUS_OK ? budget : 0;
    }
    assert_true(enough > 4096);
}

static plim_status build_some(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct facts *facts = NULL;
    plim_status status = facts_new(&facts, allocator, 0, 1);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    struct arena scratch;
    arena_init(&scratch, allocator, 0);
    struct fact_items items = {0};
    for (int i = 0; i < 200; i++) {
        fact_loc loc = facts_add_loc_over(facts, (struct span){.start = (uint32_t)i}, (fact_loc)i);
        fact_row row = facts_add_row(facts, FACT_KIND_package, loc);
        char name[2] = {(char)('a' + i % 26), (char)('a' + i / 26)};
        facts_set_str(facts, FACT_KIND_package, row, FIELD_package_name, str_make(name, 2), loc);
        facts_set_unknown(facts, FACT_KIND_package, row, FIELD_package_pinned,
                          facts_add_cause(facts, STR("why"), loc), loc);
        fact_items_add_row(&items, &scratch, row, FACT_NO_LOC);
    }
    fact_row command = facts_add_row(facts, FACT_KIND_command, FACT_NO_LOC);
    if (arena_status(&scratch) == PLIM_STATUS_OK) {
        facts_set_list(facts, FACT_KIND_command, command, FIELD_command_packages, &items, 0);
    }
    status = arena_status(&scratch);
    arena_release(&scratch);
    plim_status frozen = facts_freeze(facts);
    facts_free(facts);
    return status != PLIM_STATUS_OK ? status : frozen;
}

static void places_know_what_they_replaced(void **state)
{
    (void)state;
    struct facts *facts = new_store(0);
    fact_loc base = facts_add_loc(facts, (struct span){.start = 1, .end = 2});
    fact_loc plain = facts_add_loc_over(facts, (struct span){.start = 2, .end = 3}, FACT_NO_LOC);
    fact_loc over = facts_add_loc_over(facts, (struct span){.start = 4, .end = 6}, base);
    fact_loc last = facts_add_loc_over(facts, (struct span){.start = 7, .end = 9}, over);
    assert_int_equal(facts_earlier_loc(facts, last), over);
    assert_int_equal(facts_earlier_loc(facts, over), base);
    assert_int_equal(facts_earlier_loc(facts, base), FACT_NO_LOC);
    assert_int_equal(facts_earlier_loc(facts, plain), FACT_NO_LOC);
    assert_int_equal(facts_earlier_loc(facts, 999), FACT_NO_LOC);
    assert_int_equal(facts_span(facts, last).start, 7);
    facts_clear(facts);
    assert_int_equal(facts_earlier_loc(facts, over), FACT_NO_LOC);
    facts_free(facts);
}

static void failing_memory_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    fault_alloc_run(build_some, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_row_has_absent_cells),
        cmocka_unit_test(cells_keep_value_state_and_place),
        cmocka_unit_test(copied_cells_keep_the_place_that_decided),
        cmocka_unit_test(lists_are_ranges_with_places),
        cmocka_unit_test(out_of_range_is_absent_not_a_crash),
        cmocka_unit_test(freezing_lists_the_dockerfiles),
        cmocka_unit_test(the_byte_budget_is_kept),
        cmocka_unit_test(places_know_what_they_replaced),
        cmocka_unit_test(failing_memory_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
