/* SPDX-License-Identifier: Apache-2.0
 *
 * test_types.c - comparison, union and spelling of types and constant folding:
 * compiler/types.c, resolve.c, fold.c.
 */
#include "compiler/types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/fold.h"
#include "compiler/resolve.h"

static struct type row_of(enum fact_kind kind)
{
    return type_rows(type_kind_bit(kind));
}

static void types_compare_by_base_and_shape(void **state)
{
    (void)state;
    struct type text = type_of(TYPE_STRING);
    struct type severity = type_enum(FACT_ENUM_severity);
    struct type both = type_rows(type_kind_bit(FACT_KIND_run) | type_kind_bit(FACT_KIND_copy));
    assert_true(type_same(text, type_optional(text)));
    assert_false(type_same(text, type_list(text)));
    assert_false(type_same(type_set(text), type_list(text)));
    assert_false(type_same(text, type_of(TYPE_VERSION)));
    assert_false(type_same(severity, type_enum(FACT_ENUM_form)));
    assert_true(type_same(both, row_of(FACT_KIND_run)));
    assert_false(type_same(both, row_of(FACT_KIND_add)));
    assert_true(type_same(text, type_of(TYPE_ERROR)));
    assert_int_equal(type_kind(both), FACT_KIND_none);
    assert_int_equal(type_kind(row_of(FACT_KIND_copy)), FACT_KIND_copy);
    assert_int_equal(type_kind(text), FACT_KIND_none);
    assert_true(type_is_ordered(severity));
    assert_false(type_is_ordered(text));
    assert_false(type_is_ordered(type_list(type_of(TYPE_INT))));
}

static void unions_join_what_fits(void **state)
{
    (void)state;
    struct type joined;
    struct type text = type_of(TYPE_STRING);
    assert_true(type_join(&joined, text, type_optional(text)));
    assert_true(joined.optional);
    assert_true(type_join(&joined, row_of(FACT_KIND_run), row_of(FACT_KIND_copy)));
    assert_true(joined.kinds == (type_kind_bit(FACT_KIND_run) | type_kind_bit(FACT_KIND_copy)));
    assert_true(type_join(&joined, type_of(TYPE_ERROR), text));
    assert_int_equal(joined.base, TYPE_STRING);
    assert_false(type_join(&joined, text, type_of(TYPE_INT)));
    assert_false(type_join(&joined, row_of(FACT_KIND_run), type_list(row_of(FACT_KIND_run))));
}

static const struct {
    const char *name;
    const char *spelling; /* NULL: no such type */
} names[] = {{"string", "string"},
             {"int", "int"},
             {"bool", "bool"},
             {"duration", "duration"},
             {"size", "size"},
             {"version", "version"},
             {"time", "time"},
             {"severity", "severity"},
             {"mount-type", "mount-type"},
             {"stage", "stage"},
             {"final-stage", "stage"},
             {"enum", NULL},
             {"row", NULL},
             {"strin", NULL},
             {"", NULL}};

static void types_have_names(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct type type;
        bool found = type_from_name(&type, str_from_cstr(names[i].name));
        assert_int_equal(found, names[i].spelling != NULL);
        if (found) {
            assert_true(str_eq(type_text(&arena, type), str_from_cstr(names[i].spelling)));
        }
    }
    struct type both = type_rows(type_kind_bit(FACT_KIND_run) | type_kind_bit(FACT_KIND_copy));
    assert_true(str_eq(type_text(&arena, both), STR("run or copy")));
    assert_true(str_eq(type_text(&arena, type_list(row_of(FACT_KIND_run))), STR("list<run>")));
    assert_true(str_eq(type_text(&arena, type_optional(type_of(TYPE_INT))), STR("int?")));
    arena_release(&arena);
}

static void registers_have_program_types(void **state)
{
    (void)state;
    struct program_type row = type_program(type_list(row_of(FACT_KIND_run)));
    assert_int_equal(row.base, PROGRAM_ROW);
    assert_int_equal(row.argument, FACT_KIND_run);
    assert_int_equal(row.list, 1);
    struct program_type set = type_program(type_set(type_enum(FACT_ENUM_form)));
    assert_int_equal(set.base, PROGRAM_SET);
    assert_int_equal(set.argument, PROGRAM_ENUM);
    assert_int_equal(type_program(type_of(TYPE_COUNT)).base, PROGRAM_COUNT);
    assert_int_equal(type_program(type_enum(FACT_ENUM_form)).argument, FACT_ENUM_form);
}

static void groups_are_expanded(void **state)
{
    (void)state;
    struct resolved_target targets[RESOLVE_MAX_TARGETS];
    assert_int_equal(resolve_targets(targets, STR("workload")), 2);
    assert_int_equal(targets[0].view, FACT_VIEW_final_stage);
    assert_int_equal(targets[1].kind, FACT_KIND_service);
    assert_int_equal(targets[1].view, FACT_VIEW_none);
    assert_int_equal(resolve_targets(targets, STR("run")), 1);
    assert_int_equal(targets[0].view, FACT_VIEW_none);
    assert_int_equal(resolve_targets(targets, STR("nothing")), 0);
    assert_true(resolve_field(FACT_KIND_copy, STR("label")).hops == 1);
    assert_true(resolve_field(FACT_KIND_copy, STR("nothing")).field < 0);
    assert_true(resolve_members_with(type_kind_bit(FACT_KIND_instruction), STR("posix")) ==
                type_kind_bit(FACT_KIND_run));
}

static struct typed constant(enum type_base base, int64_t number, const char *text)
{
    return (struct typed){
        .kind = TYPED_CONST, .type = type_of(base), .number = number, .text = str_from_cstr(text)};
}

static void constants_are_computed(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct span span = {0};
    struct typed yes = constant(TYPE_BOOL, 1, "");
    struct typed no = constant(TYPE_BOOL, 0, "");
    struct typed open = {.kind = TYPED_LOCAL, .type = type_of(TYPE_BOOL)};
    assert_true(typed_is_bool(fold_and(&arena, &open, &no, span), false));
    assert_ptr_equal(fold_and(&arena, &yes, &open, span), &open);
    assert_true(typed_is_bool(fold_or(&arena, &yes, &open, span), true));
    assert_ptr_equal(fold_or(&arena, &open, &no, span), &open);
    assert_int_equal(fold_or(&arena, &open, &open, span)->kind, TYPED_OR);
    assert_true(typed_is_bool(fold_not(&arena, &no, span), true));
    assert_int_equal(fold_not(&arena, &open, span)->kind, TYPED_NOT);
    struct typed old = constant(TYPE_VERSION, 0, "1.9");
    struct typed new = constant(TYPE_VERSION, 0, "1.10.0");
    assert_true(typed_is_bool(fold_compare(&arena, AST_LT, &old, &new, span), true));
    assert_true(typed_is_bool(fold_compare(&arena, AST_GE, &old, &new, span), false));
    assert_true(typed_is_bool(fold_compare(&arena, AST_NE, &old, &new, span), true));
    struct typed low = constant(TYPE_INT, INT64_MIN, "");
    struct typed high = constant(TYPE_INT, INT64_MAX, "");
    assert_true(typed_is_bool(fold_compare(&arena, AST_GT, &high, &low, span), true));
    assert_true(typed_is_bool(fold_compare(&arena, AST_LE, &high, &high, span), true));
    struct typed *turned = fold_compare(&arena, AST_GT, &open, &yes, span);
    assert_int_equal(turned->compare, AST_LT);
    assert_ptr_equal(turned->right, &open);
    struct typed *items[] = {&low, &high};
    struct typed set = {.kind = TYPED_SET, .items = items, .count = 2};
    struct typed zero = constant(TYPE_INT, 0, "");
    assert_true(typed_is_bool(fold_in_set(&arena, &high, &set, span), true));
    assert_true(typed_is_bool(fold_in_set(&arena, &zero, &set, span), false));
    assert_int_equal(fold_in_set(&arena, &open, &set, span)->kind, TYPED_IN_SET);
    set.count = 0;
    assert_true(typed_is_bool(fold_in_set(&arena, &open, &set, span), false));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_compare_by_base_and_shape),
        cmocka_unit_test(unions_join_what_fits),
        cmocka_unit_test(types_have_names),
        cmocka_unit_test(registers_have_program_types),
        cmocka_unit_test(groups_are_expanded),
        cmocka_unit_test(constants_are_computed),
    };
    return cmocka_run_group_tests_name("types", tests, NULL, NULL);
}
