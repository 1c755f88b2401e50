/* SPDX-License-Identifier: Apache-2.0
 *
 * test_vm_text.c - values as people read them, and what an outcome holds at most: message, pieces,
 * list items, further places, fixes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/vm.h"
#include "tests/unit/assembler.h"

struct bench {
    struct assembler as;
    struct program *program;
    struct facts *facts;
    struct report *report;
    struct link link;
    struct vm vm;
    struct eval_options options;
    fact_loc loc;
};

static struct bench *open_bench(void)
{
    static const char *const none[] = {NULL};
    static const int64_t levels[] = {MEMBER_severity_low, MEMBER_severity_high};
    struct bench *bench = calloc(1, sizeof *bench);
    source_id source;
    assert_non_null(bench);
    assembler_init(&bench->as, "");
    assembler_set(&bench->as, none);
    assembler_number_set(
        &bench->as, (struct program_type){.base = PROGRAM_ENUM, .argument = FACT_ENUM_severity},
        levels, 2);
    assembler_pattern(&bench->as, PROGRAM_GLOB, "*.key");
    assembler_string(&bench->as, "constant");
    assembler_rule(&bench->as, "r");
    assembler_unit(&bench->as, FACT_KIND_stage, FACT_VIEW_none);
    assembler_abc(&bench->as, OP_END, 0, 0, 0);
    bench->program = assembler_verified(&bench->as);
    assert_int_equal(facts_new(&bench->facts, NULL, 0, 1), PLIM_STATUS_OK);
    assert_int_equal(source_add(&bench->facts->sources, &source, STR("Dockerfile"), STR("x")),
                     PLIM_STATUS_OK);
    bench->loc = facts_add_loc(bench->facts, (struct span){.source = source, .end = 1});
    fact_row row = facts_add_row(bench->facts, FACT_KIND_stage, bench->loc);
    facts_set_str(bench->facts, FACT_KIND_stage, row, FIELD_stage_label, STR("stage a"), 0);
    facts_add_row(bench->facts, FACT_KIND_user, bench->loc);
    assert_int_equal(facts_freeze(bench->facts), PLIM_STATUS_OK);
    assert_int_equal(report_new(&bench->report, NULL, bench->program, bench->facts, 0, 0),
                     PLIM_STATUS_OK);
    assert_int_equal(link_init(&bench->link, bench->program, bench->facts, &bench->options, NULL),
                     PLIM_STATUS_OK);
    vm_init(&bench->vm, &bench->link, bench->report, &bench->options);
    vm_enter(&bench->vm, &bench->program->units[0], 0, 1000);
    return bench;
}

static void close_bench(struct bench *bench)
{
    vm_release(&bench->vm);
    link_release(&bench->link);
    report_free(bench->report);
    facts_free(bench->facts);
    program_release(bench->program);
    free(bench);
}

static void assert_prints(struct bench *bench, struct program_type type, struct value value,
                          const char *expected)
{
    struct buf out;
    buf_init(&out, NULL, 1 << 16);
    vm_print(&bench->vm, &out, type, value);
    assert_int_equal(buf_status(&out), PLIM_STATUS_OK);
    assert_int_equal(out.len, strlen(expected));
    if (out.len > 0) {
        assert_memory_equal(out.data, expected, out.len);
    }
    buf_release(&out);
}

static void numbers_print_with_units(void **state)
{
    (void)state;
    static const struct {
        enum program_base base;
        int64_t value;
        const char *text;
    } cases[] = {
        {PROGRAM_BOOL, 1, "true"},
        {PROGRAM_BOOL, 0, "false"},
        {PROGRAM_INT, INT64_MIN, "-9223372036854775808"},
        {PROGRAM_DURATION, 0, "0s"},
        {PROGRAM_DURATION, INT64_C(648000000000000), "7d 12h"},
        {PROGRAM_DURATION, -1, "-1ns"},
        {PROGRAM_DURATION, INT64_MIN, "-106751d 23h 47m 16s 854ms 775us 808ns"},
        {PROGRAM_SIZE, INT64_C(536870912), "512MiB"},
        {PROGRAM_SIZE, 1500, "1500B"},
        {PROGRAM_SIZE, 0, "0B"},
        {PROGRAM_TIME, 0, "1970-01-01T00:00:00Z"},
        {PROGRAM_TIME, -1, "1969-12-31T23:59:59Z"},
        {PROGRAM_TIME, INT64_C(1700000000000000000), "2023-11-14T22:13:20Z"},
    };
    struct bench *bench = open_bench();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct program_type type = {.base = (uint8_t)cases[i].base};
        assert_prints(bench, type, value_present((uint64_t)cases[i].value), cases[i].text);
    }
    close_bench(bench);
}

static void other_values_print(void **state)
{
    (void)state;
    struct bench *bench = open_bench();
    const struct program_type text = {.base = PROGRAM_STR};
    const struct program_type list = {.base = PROGRAM_STR, .list = 1};
    const struct program_type level = {.base = PROGRAM_ENUM, .argument = FACT_ENUM_severity};
    const struct program_type stage = {.base = PROGRAM_ROW, .argument = FACT_KIND_stage};
    const struct program_type user = {.base = PROGRAM_ROW, .argument = FACT_KIND_user};
    const struct program_type count = {.base = PROGRAM_COUNT};
    const struct program_type set = {.base = PROGRAM_SET, .argument = PROGRAM_STR};
    assert_prints(bench, text, value_absent(), "(absent)");
    assert_prints(bench, text, value_unknown(0), "(unknown)");
    assert_prints(bench, list, value_absent(), "(none)");
    assert_prints(bench, list, value_present(0), "(none)");
    assert_prints(bench, level, value_present(MEMBER_severity_high), "high");
    assert_prints(bench, level, value_present(99), "");
    assert_prints(bench, stage, value_present(0), "stage a");
    assert_prints(bench, user, value_present(0), "user");
    assert_prints(bench, count, value_count(2, 2, 0), "2");
    assert_prints(bench, count, value_count(2, 5, 0), "2 to 5");
    assert_prints(bench, set, value_present(0), "(none)");
    assert_prints(bench, set, value_present(1), "low, high");
    assert_prints(bench, (struct program_type){.base = PROGRAM_PATTERN}, value_present(0), "*.key");
    assert_prints(bench, (struct program_type){.base = PROGRAM_LOC}, value_present(bench->loc),
                  "Dockerfile");
    close_bench(bench);
}

static struct value text_of_length(struct bench *bench, size_t length)
{
    char *bytes = malloc(length + 1);
    assert_non_null(bytes);
    memset(bytes, 'x', length);
    struct value value = value_present(link_intern(&bench->link, str_make(bytes, length)));
    free(bytes);
    return value;
}

static void pieces_are_cut(void **state)
{
    (void)state;
    const struct program_type text = {.base = PROGRAM_STR};
    for (size_t length = VM_MAX_PIECE - 1; length <= VM_MAX_PIECE + 1; length++) {
        struct bench *bench = open_bench();
        vm_text_clear(&bench->vm);
        vm_text_value(&bench->vm, text, text_of_length(bench, length));
        bool cut = length > VM_MAX_PIECE;
        assert_int_equal(bench->vm.text.len, cut ? VM_MAX_PIECE + 3 : length);
        assert_int_equal(bench->vm.text_cut, cut);
        close_bench(bench);
    }
    /* A character is not cut in two. */
    struct bench *bench = open_bench();
    char bytes[VM_MAX_PIECE + 1];
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes + VM_MAX_PIECE - 1, "\xC3\xA4", 2);
    struct value value = value_present(link_intern(&bench->link, str_make(bytes, sizeof bytes)));
    vm_text_clear(&bench->vm);
    vm_text_value(&bench->vm, text, value);
    assert_int_equal(bench->vm.text.len, VM_MAX_PIECE - 1 + 3);
    close_bench(bench);
}

static void messages_are_cut(void **state)
{
    (void)state;
    const struct program_type text = {.base = PROGRAM_STR};
    struct bench *bench = open_bench();
    vm_text_clear(&bench->vm);
    for (size_t i = 0; i < VM_MAX_MESSAGE / VM_MAX_PIECE; i++) {
        assert_false(bench->vm.text_cut);
        vm_text_value(&bench->vm, text, text_of_length(bench, VM_MAX_PIECE));
    }
    assert_int_equal(bench->vm.text.len, VM_MAX_MESSAGE);
    assert_false(bench->vm.text_cut);
    vm_text_value(&bench->vm, text, text_of_length(bench, 1));
    assert_true(bench->vm.text_cut);
    assert_int_equal(bench->vm.text.len, VM_MAX_MESSAGE);
    vm_at(&bench->vm, value_present(bench->loc));
    vm_fix(&bench->vm, value_present(bench->loc), 0);
    assert_int_equal(bench->vm.fix_count, 0); /* half a replacement is none */
    assert_int_equal(vm_emit(&bench->vm, 0), VM_DONE);
    assert_int_equal(bench->report->items[0].message.len, VM_MAX_MESSAGE);
    close_bench(bench);
}

static void places_and_fixes_are_capped(void **state)
{
    (void)state;
    struct bench *bench = open_bench();
    struct value loc = value_present(bench->loc);
    vm_text_clear(&bench->vm);
    vm_text_constant(&bench->vm, 0);
    vm_at(&bench->vm, loc);
    for (unsigned i = 1; i <= VM_MAX_PLACES + 1; i++) {
        vm_also(&bench->vm, loc,
                i % 3 == 0   ? 0
                : i % 3 == 1 ? PROGRAM_NO_LABEL
                             : PROGRAM_TEXT_LABEL);
        assert_int_equal(bench->vm.place_count, i < VM_MAX_PLACES ? i : VM_MAX_PLACES);
    }
    for (unsigned i = 1; i <= VM_MAX_FIXES + 1; i++) {
        vm_fix(&bench->vm, loc, i % 8);
        assert_int_equal(bench->vm.fix_count, i < VM_MAX_FIXES ? i : VM_MAX_FIXES);
    }
    vm_also(&bench->vm, value_absent(), 0);
    vm_fix(&bench->vm, value_unknown(0), 0);
    assert_int_equal(vm_emit(&bench->vm, 0), VM_DONE);
    const struct outcome *outcome = &bench->report->items[0];
    assert_int_equal(outcome->related_count, VM_MAX_PLACES);
    assert_int_equal(outcome->related[0].label.len, 0);
    assert_true(str_eq(outcome->related[1].label, STR("constant")));
    assert_int_equal(outcome->fix_count, VM_MAX_FIXES);
    assert_int_equal(outcome->fixes[0].edit, OUTCOME_INSERT_AFTER);
    assert_true(outcome->fixes[3].safe);
    close_bench(bench);
}

static void lists_show_their_first_items(void **state)
{
    (void)state;
    const struct program_type list = {.base = PROGRAM_INT, .list = 1};
    struct bench *bench = open_bench();
    struct value value;
    assert_int_equal(vm_new_list(&bench->vm, &value, value_absent()), VM_DONE);
    struct vm_filter *filter = bench->vm.filters[0];
    const uint32_t most = VM_MAX_SHOWN_ITEMS + 1;
    filter->cells = ARENA_ARRAY(&bench->vm.scratch, struct fact_cell, most);
    filter->doubts = ARENA_ARRAY(&bench->vm.scratch, fact_cause, most);
    for (uint32_t i = 0; i < most; i++) {
        filter->cells[i] = (struct fact_cell){.value = i % 10, .state = FACT_PRESENT};
    }
    filter->count = VM_MAX_SHOWN_ITEMS - 1;
    assert_prints(bench, list, value, "0, 1, 2, 3, 4, 5, 6, 7, 8");
    filter->count = VM_MAX_SHOWN_ITEMS;
    assert_prints(bench, list, value, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
    filter->count = most;
    assert_prints(bench, list, value, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 1 more");
    close_bench(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_print_with_units),
        cmocka_unit_test(other_values_print),
        cmocka_unit_test(pieces_are_cut),
        cmocka_unit_test(messages_are_cut),
        cmocka_unit_test(places_and_fixes_are_capped),
        cmocka_unit_test(lists_show_their_first_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
