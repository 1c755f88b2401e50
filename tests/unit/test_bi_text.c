/* SPDX-License-Identifier: Apache-2.0
 *
 * test_bi_text.c - every builtin by table, through the door the VM uses; unknown and absent
 * arguments; texts that grow too long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/vm.h"
#include "tests/unit/assembler.h"

/* A VM over an empty store, with one set of texts: number 0. */
struct bench {
    struct assembler as;
    struct program *program;
    struct facts *facts;
    struct report *report;
    struct link link;
    struct vm vm;
    struct eval_options options;
};

static struct bench *open_bench(int64_t now_ns)
{
    static const char *const words[] = {"/etc", "/var/run/", "password", "key", NULL};
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    assembler_init(&bench->as, "");
    assembler_set(&bench->as, words);
    assembler_rule(&bench->as, "r");
    assembler_unit(&bench->as, FACT_KIND_stage, FACT_VIEW_none);
    assembler_abc(&bench->as, OP_END, 0, 0, 0);
    bench->program = assembler_verified(&bench->as);
    bench->options.now_ns = now_ns;
    assert_int_equal(facts_new(&bench->facts, NULL, 0, 1), PLIM_STATUS_OK);
    assert_int_equal(facts_freeze(bench->facts), PLIM_STATUS_OK);
    assert_int_equal(report_new(&bench->report, NULL, bench->program, bench->facts, 0, 0),
                     PLIM_STATUS_OK);
    assert_int_equal(link_init(&bench->link, bench->program, bench->facts, &bench->options, NULL),
                     PLIM_STATUS_OK);
    vm_init(&bench->vm, &bench->link, bench->report, &bench->options);
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

static struct value text_value(struct bench *bench, const char *text)
{
    return value_present(link_intern(&bench->link, str_from_cstr(text)));
}

static struct value call(struct bench *bench, enum builtin builtin, struct value a, struct value b)
{
    const struct value arguments[] = {a, b};
    struct value out = value_unknown(99);
    assert_int_equal(vm_call(&bench->vm, &out, builtin, arguments), VM_DONE);
    return out;
}

static const struct {
    enum builtin builtin;
    const char *a;
    const char *b; /* NULL: the set */
    bool result;
} truth_cases[] = {
    {BUILTIN_starts_with, "abc", "ab", true},
    {BUILTIN_starts_with, "abc", "b", false},
    {BUILTIN_starts_with, "", "", true},
    {BUILTIN_ends_with, "abc", "bc", true},
    {BUILTIN_ends_with, "abc", "abcd", false},
    {BUILTIN_contains, "abc", "b", true},
    {BUILTIN_contains, "abc", "", true},
    {BUILTIN_contains, "", "a", false},
    {BUILTIN_path_within, "/etc/passwd", "/etc", true},
    {BUILTIN_path_within, "/etc", "/etc/", true},
    {BUILTIN_path_within, "/etc2", "/etc", false},
    {BUILTIN_path_within, "/x", "/", true},
    {BUILTIN_path_within, "/x", "", false},
    {BUILTIN_any_within, "/etc/x/y", NULL, true},
    {BUILTIN_any_within, "/var/run/docker.sock", NULL, true},
    {BUILTIN_any_within, "key/x", NULL, true},
    {BUILTIN_any_within, "other/x", NULL, false},
    {BUILTIN_any_within, "", NULL, false},
    {BUILTIN_word_in, "DB_PASSWORD", NULL, true},
    {BUILTIN_word_in, "dbPassword", NULL, true},
    {BUILTIN_word_in, "APIKey", NULL, true},
    {BUILTIN_word_in, "api.key-file", NULL, true},
    {BUILTIN_word_in, "monkey", NULL, false},
    {BUILTIN_word_in, "passwordless", NULL, false},
    {BUILTIN_word_in, "", NULL, false},
    {BUILTIN_mode_bits, "777", NULL, true},
    {BUILTIN_mode_bits, "0755", NULL, false},
    {BUILTIN_mode_bits, "o+w", NULL, true},
    {BUILTIN_mode_bits, "a=rw", NULL, true},
    {BUILTIN_mode_bits, "+w", NULL, true},
    {BUILTIN_mode_bits, "u+w,g+w", NULL, false},
    {BUILTIN_mode_bits, "u+w,o=rwx", NULL, true},
    {BUILTIN_mode_bits, "o-w", NULL, false},
    {BUILTIN_mode_bits, "u=w,o+r", NULL, false},
    {BUILTIN_mode_bits, "", NULL, false},
    {BUILTIN_is_number, "12", NULL, true},
    {BUILTIN_is_number, "-1.5", NULL, true},
    {BUILTIN_is_number, "1.", NULL, false},
    {BUILTIN_is_number, "1e3", NULL, false},
    {BUILTIN_is_number, "", NULL, false},
};

static void truths(void **state)
{
    (void)state;
    struct bench *bench = open_bench(0);
    for (size_t i = 0; i < sizeof truth_cases / sizeof *truth_cases; i++) {
        enum builtin builtin = truth_cases[i].builtin;
        struct value second =
            truth_cases[i].b != NULL ? text_value(bench, truth_cases[i].b) : value_present(0);
        struct value result = call(bench, builtin, text_value(bench, truth_cases[i].a), second);
        if (!value_is_present(result) || (result.bits != 0) != truth_cases[i].result) {
            print_error("%s(%s)\n", builtin_info(builtin)->name, truth_cases[i].a);
            fail();
        }
    }
    close_bench(bench);
}

static void texts(void **state)
{
    (void)state;
    static const struct {
        enum builtin builtin;
        const char *in;
        const char *out;
    } cases[] = {
        {BUILTIN_lower, "AbZ-09", "abz-09"}, {BUILTIN_lower, "abc", "abc"},
        {BUILTIN_upper, "aBz", "ABZ"},       {BUILTIN_basename, "/a/b/", "b"},
        {BUILTIN_basename, "b", "b"},        {BUILTIN_basename, "/", "/"},
        {BUILTIN_basename, "", ""},          {BUILTIN_dirname, "/a/b", "/a"},
        {BUILTIN_dirname, "/a", "/"},        {BUILTIN_dirname, "a", "."},
        {BUILTIN_dirname, "a/b/c//", "a/b"},
    };
    struct bench *bench = open_bench(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct value result =
            call(bench, cases[i].builtin, text_value(bench, cases[i].in), value_absent());
        struct str text = link_text(&bench->link, (intern_id)result.bits);
        assert_int_equal(text.len, strlen(cases[i].out));
        assert_memory_equal(text.ptr, cases[i].out, text.len);
        /* Equal texts are equal ids, wherever they were made. */
        assert_int_equal(result.bits, text_value(bench, cases[i].out).bits);
    }
    close_bench(bench);
}

static void entropy(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t bits;
    } cases[] = {
        {"", 0},
        {"a", 0},
        {"aaaaaaaa", 0},
        {"abababab", 100},
        {"aab", 91},
        {"0123456789abcdef", 400},
        {"hunter2", 280},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 600},
    };
    struct bench *bench = open_bench(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct value result =
            call(bench, BUILTIN_entropy, text_value(bench, cases[i].text), value_absent());
        assert_true(value_is_present(result));
        assert_int_equal((int64_t)result.bits, cases[i].bits);
    }
    close_bench(bench);
}

static void numbers_and_times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned state;
        int64_t number;
    } cases[] = {{"-42", FACT_PRESENT, -42},
                 {"0", FACT_PRESENT, 0},
                 {"4x", FACT_ABSENT, 0},
                 {"", FACT_ABSENT, 0},
                 {"9223372036854775807", FACT_PRESENT, INT64_MAX},
                 {"9223372036854775808", FACT_ABSENT, 0}};
    struct bench *bench = open_bench(1000);
    struct value none = value_absent();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct value result = call(bench, BUILTIN_to_int, text_value(bench, cases[i].text), none);
        assert_int_equal(result.state, cases[i].state);
        assert_int_equal((int64_t)result.bits, cases[i].number);
    }
    assert_int_equal(call(bench, BUILTIN_length, text_value(bench, "abc"), none).bits, 3);
    assert_int_equal(call(bench, BUILTIN_age, value_present(400), none).bits, 600);
    struct value old = value_present((uint64_t)INT64_MIN);
    assert_int_equal((int64_t)call(bench, BUILTIN_age, old, none).bits, INT64_MAX);
    close_bench(bench);
    bench = open_bench(0);
    struct value unknown = call(bench, BUILTIN_age, value_present(400), none);
    assert_int_equal(unknown.state, FACT_UNKNOWN);
    struct str cause = vm_cause_text(bench->facts, (fact_cause)unknown.bits);
    assert_true(str_eq(cause, STR("the time of the check was not given")));
    close_bench(bench);
}

static void doubts_pass_through(void **state)
{
    (void)state;
    struct bench *bench = open_bench(0);
    struct value text = text_value(bench, "a");
    assert_int_equal(call(bench, BUILTIN_contains, value_unknown(7), text).bits, 7);
    assert_int_equal(call(bench, BUILTIN_contains, text, value_unknown(8)).bits, 8);
    struct value absent = call(bench, BUILTIN_contains, text, value_absent());
    assert_int_equal(absent.state, FACT_UNKNOWN);
    assert_int_equal(absent.bits, 0);
    close_bench(bench);
}

/* A filter list of `count` times a text of `length` bytes. */
static struct value make_list(struct bench *bench, uint32_t count, size_t length)
{
    char *bytes = malloc(length + 1);
    struct value list;
    assert_non_null(bytes);
    memset(bytes, 'x', length);
    bytes[length] = '\0';
    struct value text = text_value(bench, bytes);
    free(bytes);
    vm_enter(&bench->vm, &bench->program->units[0], 0, 1000);
    assert_int_equal(vm_new_list(&bench->vm, &list, value_absent()), VM_DONE);
    struct vm_filter *filter = bench->vm.filters[0];
    filter->cells = ARENA_ARRAY(&bench->vm.scratch, struct fact_cell, count);
    filter->doubts = ARENA_ARRAY(&bench->vm.scratch, fact_cause, count);
    for (uint32_t i = 0; i < count; i++) {
        filter->cells[i] = (struct fact_cell){.value = text.bits, .state = FACT_PRESENT};
        filter->doubts[i] = VM_CERTAIN;
    }
    filter->count = filter->certain = count;
    return list;
}

static void joins_stop_at_the_limit(void **state)
{
    (void)state;
    static const struct {
        const char *between;
        size_t length;
        enum vm_exit exit;
    } cases[] = {{"-", VM_MAX_TEXT / 2 - 1, VM_DONE}, /* one below */
                 {"", VM_MAX_TEXT / 2, VM_DONE},
                 {"-", VM_MAX_TEXT / 2, VM_TEXT}};
    for (size_t i = 0; i < 3; i++) {
        struct bench *bench = open_bench(0);
        struct value out;
        struct value arguments[] = {make_list(bench, 2, cases[i].length),
                                    text_value(bench, cases[i].between)};
        assert_int_equal(vm_call(&bench->vm, &out, BUILTIN_join, arguments), cases[i].exit);
        close_bench(bench);
    }
}

static void joins_take_lists_of_any_kind(void **state)
{
    (void)state;
    struct bench *bench = open_bench(0);
    struct value comma = text_value(bench, ", ");
    assert_int_equal(call(bench, BUILTIN_join, value_absent(), comma).bits, INTERN_EMPTY);
    struct value list = make_list(bench, 3, 1);
    struct value joined = call(bench, BUILTIN_join, list, comma);
    assert_true(str_eq(link_text(&bench->link, (intern_id)joined.bits), STR("x, x, x")));
    bench->vm.filters[0]->doubts[1] = 5;
    assert_int_equal(call(bench, BUILTIN_join, list, comma).bits, 5);
    close_bench(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truths),
        cmocka_unit_test(texts),
        cmocka_unit_test(entropy),
        cmocka_unit_test(numbers_and_times),
        cmocka_unit_test(doubts_pass_through),
        cmocka_unit_test(joins_stop_at_the_limit),
        cmocka_unit_test(joins_take_lists_of_any_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
