/* SPDX-License-Identifier: Apache-2.0
 *
 * test_schema.c - the schema table is consistent with itself and found by name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/schema.h"

static void finds_what_it_lists(void **state)
{
    (void)state;
    for (int k = 0; k < FACT_KIND_COUNT; k++) {
        const struct fact_kind_info *kind = schema_kind((enum fact_kind)k);
        assert_int_equal(schema_find_kind(kind->name), k);
        assert_true(kind->doc.len > 0);
        for (int f = 0; f < kind->field_count; f++) {
            assert_int_equal(schema_find_field((enum fact_kind)k, kind->fields[f].name), f);
            assert_true(kind->fields[f].doc.len > 0);
        }
    }
    for (int e = 0; e < FACT_ENUM_COUNT; e++) {
        const struct fact_enum_info *info = schema_enum((enum fact_enum)e);
        assert_int_equal(schema_find_enum(info->name), e);
        for (int m = 0; m < info->member_count; m++) {
            assert_int_equal(schema_find_member((enum fact_enum)e, info->members[m]), m);
        }
    }
    for (int v = 0; v < FACT_VIEW_COUNT; v++) {
        const struct fact_view_info *view = schema_view((enum fact_view)v);
        assert_int_equal(schema_find_view(view->name), v);
        assert_int_equal(schema_kind(view->kind)->fields[view->field].type, FACT_BOOL);
    }
}

static void knows_no_other_names(void **state)
{
    (void)state;
    assert_int_equal(schema_find_kind(STR("stages")), FACT_KIND_none);
    assert_int_equal(schema_find_view(STR("stage")), FACT_VIEW_none);
    assert_int_equal(schema_find_enum(STR("")), FACT_ENUM_COUNT);
    assert_int_equal(schema_find_field(FACT_KIND_stage, STR("usr")), -1);
    assert_int_equal(schema_find_field(FACT_KIND_none, STR("user")), -1);
    assert_int_equal(schema_find_member(FACT_ENUM_severity, STR("High")), -1);
    assert_null(schema_find_group(STR("workloads")));
}

/* A member kind refers to its parent first, and the parent refers back by the kind's name. */
static void members_and_parents_refer_to_each_other(void **state)
{
    (void)state;
    int members = 0;
    for (int k = 0; k < FACT_KIND_COUNT; k++) {
        const struct fact_kind_info *kind = schema_kind((enum fact_kind)k);
        if (kind->parent == FACT_KIND_none) {
            continue;
        }
        members++;
        assert_int_equal(kind->fields[0].type, FACT_ROW);
        assert_int_equal(kind->fields[0].argument, kind->parent);
        int back = schema_member_field(kind->parent, (enum fact_kind)k);
        assert_true(back >= 0);
        const struct fact_field_info *field = &schema_kind(kind->parent)->fields[back];
        assert_int_equal(field->argument, k);
        assert_int_equal(field->cardinality, FACT_OPT);
    }
    assert_true(members >= 6);
    assert_int_equal(schema_member_field(FACT_KIND_stage, FACT_KIND_run), -1);
}

static void groups_name_kinds_and_views(void **state)
{
    (void)state;
    for (size_t g = 0; g < schema_group_count(); g++) {
        struct str rest = schema_group(g)->members;
        while (rest.len > 0) {
            size_t comma = str_find_char(rest, ',', 0);
            struct str name = str_trim(str_slice(rest, 0, comma));
            assert_true(schema_find_kind(name) != FACT_KIND_none ||
                        schema_find_view(name) != FACT_VIEW_none);
            rest = str_slice(rest, comma + 1, rest.len);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_it_lists),
        cmocka_unit_test(knows_no_other_names),
        cmocka_unit_test(members_and_parents_refer_to_each_other),
        cmocka_unit_test(groups_name_kinds_and_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
