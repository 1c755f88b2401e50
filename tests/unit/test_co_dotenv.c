/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_dotenv.c - places, problems, raw files, holes, memory failures. That values equal
 * Compose's is shown by the conformance table dotenv.
 */
#include "facts/compose/co_dotenv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "core/alloc.h"
#include "fault_alloc.h"

struct bench {
    struct arena arena;
    struct co_env outer;
    struct co_env env;
    struct co_scope own;
    struct co_scope scope;
    struct co_template state;
    struct co_dotenv reader;
};

/* The outer environment has OUT=out. */
static plim_status open_bench(struct bench *bench, const plim_allocator *allocator)
{
    memset(bench, 0, sizeof *bench);
    arena_init(&bench->arena, allocator, 0);
    co_template_init(&bench->state, &bench->arena, CO_UNSET_HOLE);
    if (co_env_init(&bench->outer, allocator, 1) != PLIM_STATUS_OK ||
        co_env_init(&bench->env, allocator, 1) != PLIM_STATUS_OK) {
        return PLIM_STATUS_NOMEM;
    }
    struct co_variable out = {.name = STR("OUT"), .value = STR("out"), .rank = CO_RANK_GIVEN};
    co_env_put(&bench->outer, &out);
    bench->own.env = &bench->env;
    bench->scope = (struct co_scope){.env = &bench->outer, .next = &bench->own};
    bench->reader = (struct co_dotenv){
        .state = &bench->state,
        .env = &bench->env,
        .scope = &bench->scope,
        .rank = CO_RANK_ENV_FILE,
    };
    return co_env_status(&bench->outer);
}

static void close_bench(struct bench *bench)
{
    co_template_release(&bench->state);
    co_env_release(&bench->outer);
    co_env_release(&bench->env);
    arena_release(&bench->arena);
}

static const struct co_variable *expect(const struct bench *bench, const char *name,
                                        const char *value)
{
    const struct co_variable *found = co_env_find(&bench->env, str_from_cstr(name));
    assert_non_null(found);
    assert_true(str_eq(found->value, str_from_cstr(value)));
    assert_int_equal(found->rank, CO_RANK_ENV_FILE);
    return found;
}

static void expect_set(const struct co_variable *found, struct str file, const char *statement,
                       const char *value)
{
    assert_int_equal(found->set.source, 9);
    assert_true(
        str_eq(str_slice(file, found->set.start, found->set.end), str_from_cstr(statement)));
    assert_true(
        str_eq(str_slice(file, found->value_at.start, found->value_at.end), str_from_cstr(value)));
}

static void values_know_their_places(void **state)
{
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL)), PLIM_STATUS_OK);
    struct str file =
        STR("\xEF\xBB\xBF# c\nexport A = x y # c\r\nB='q\nr' C: \"\\$a$A\"\nOUT\nNO\nD=");
    co_dotenv_read(&bench.reader, 9, file);
    assert_int_equal(bench.reader.problem_count, 0);
    expect_set(expect(&bench, "A", "x y"), file, "A = x y", "x y");
    expect_set(expect(&bench, "B", "q\nr"), file, "B='q\nr'", "q\nr");
    expect_set(expect(&bench, "C", "$ax y"), file, "C: \"\\$a$A\"", "\\$a$A");
    expect_set(expect(&bench, "D", ""), file, "D=", "");
    assert_int_equal(expect(&bench, "OUT", "out")->set.source, 0);
    assert_null(co_env_find(&bench.env, STR("NO")));
    assert_int_equal(bench.env.count, 5);
    close_bench(&bench);
}

static void what_a_value_lacks_is_a_hole(void **state)
{
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL)), PLIM_STATUS_OK);
    co_dotenv_read(&bench.reader, 9, STR("A=x${NO}y\nB=$A\nC=$OUT"));
    const struct co_variable *a = expect(&bench, "A", "x\xffy");
    assert_true(str_eq(a->variables->name, STR("NO")));
    assert_int_equal(a->variables->use.start, 3);
    assert_int_equal(a->variables->use.end, 8);
    assert_int_equal(expect(&bench, "B", "x\xffy")->variables->set.start, 0);
    expect(&bench, "C", "out");
    close_bench(&bench);
}

static void mistakes_are_reported_and_reading_goes_on(void **state)
{
    static const struct {
        const char *in;
        size_t start;
        size_t end;
        const char *message;
    } cases[] = {
        {"A B=1\nZ=1", 0, 3, "the name of a variable cannot have blanks: \"A B\""},
        {"A$=1\nZ=1", 1, 2, "the name of a variable cannot have \"$\""},
        {"A=\"x\nZ=1", 2, 3, "the quotation mark is never closed"},
        {"A='x\nZ=1", 2, 3, "the quotation mark is never closed"},
        {"A=y${B\nZ=1", 3, 6, "\"${B\" has no closing } on its line"},
        {"E=\nA=${E:?no}\nZ=1", 5, 13, "the variable E needs a value: no"},
        {"Z=1\nexport ", 4, 11, "export names no variable"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        assert_int_equal(open_bench(&bench, alloc_or_default(NULL)), PLIM_STATUS_OK);
        co_dotenv_read(&bench.reader, 9, str_from_cstr(cases[i].in));
        assert_int_equal(bench.reader.problem_count, 1);
        const struct co_dotenv_problem *problem = &bench.reader.problems[0];
        assert_true(str_eq(problem->message, str_from_cstr(cases[i].message)));
        assert_int_equal(problem->place.start, cases[i].start);
        assert_int_equal(problem->place.end, cases[i].end);
        assert_false(problem->limit);
        expect(&bench, "Z", "1");
        close_bench(&bench);
    }
}

static void problems_are_bounded(void **state)
{
    (void)state;
    for (size_t count = CO_DOTENV_MAX_PROBLEMS - 1; count <= CO_DOTENV_MAX_PROBLEMS + 1; count++) {
        struct bench bench;
        assert_int_equal(open_bench(&bench, alloc_or_default(NULL)), PLIM_STATUS_OK);
        struct buf text;
        buf_init(&text, NULL, 1 << 16);
        for (size_t i = 0; i < count; i++) {
            buf_append_cstr(&text, "a b=\n");
        }
        buf_append_cstr(&text, "Z=1");
        co_dotenv_read(&bench.reader, 9, buf_view(&text));
        assert_int_equal(bench.reader.problem_count,
                         count < CO_DOTENV_MAX_PROBLEMS ? count : CO_DOTENV_MAX_PROBLEMS);
        expect(&bench, "Z", "1");
        buf_release(&text);
        close_bench(&bench);
    }
}

static void a_template_beyond_a_bound_is_told_apart(void **state)
{
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL)), PLIM_STATUS_OK);
    bench.state.work = CO_TEMPLATE_MAX_WORK;
    co_dotenv_read(&bench.reader, 9, STR("A=$B"));
    assert_int_equal(bench.reader.problem_count, 1);
    assert_true(bench.reader.problems[0].limit);
    expect(&bench, "A", "\xff");
    close_bench(&bench);
}

static void raw_lines_are_taken_as_they_are(void **state)
{
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL)), PLIM_STATUS_OK);
    struct str file =
        STR("\xEF\xBB\xBF A=\"$B\" # no comment \r\n\n# c\nOUT\nNO\n=x\nX Y=1\nB=a=b");
    co_dotenv_read_raw(&bench.reader, 9, file);
    expect_set(expect(&bench, "A", "\"$B\" # no comment "), file, "A=\"$B\" # no comment ",
               "\"$B\" # no comment ");
    expect(&bench, "OUT", "out");
    expect(&bench, "B", "a=b");
    assert_int_equal(bench.env.count, 3);
    assert_int_equal(bench.reader.problem_count, 2);
    assert_int_equal(bench.reader.problems[0].place.start, 38);
    assert_true(str_eq(bench.reader.problems[1].message,
                       STR("the name of a variable cannot have blanks: \"X Y\"")));
    close_bench(&bench);
}

static plim_status scenario(const plim_allocator *allocator, void *user)
{
    struct bench bench;
    plim_status status = open_bench(&bench, allocator);
    if (status == PLIM_STATUS_OK && user == NULL) {
        co_dotenv_read(&bench.reader, 9, STR("A=\"\\n$B\"\nB C=\nD='\\''\nE=${A:-x}${\nOUT\nF=1"));
    } else if (status == PLIM_STATUS_OK) {
        co_dotenv_read_raw(&bench.reader, 9, STR("A=x\nB C=\nOUT\nF=1"));
    }
    if (status == PLIM_STATUS_OK) {
        status = arena_status(&bench.arena);
    }
    if (status == PLIM_STATUS_OK) {
        status = co_env_status(&bench.env);
    }
    if (status == PLIM_STATUS_OK) {
        expect(&bench, "F", "1");
    }
    close_bench(&bench);
    return status;
}

static void failing_allocations_are_reported(void **state)
{
    (void)state;
    int raw = 1;
    fault_alloc_run(scenario, NULL);
    fault_alloc_run(scenario, &raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_know_their_places),
        cmocka_unit_test(what_a_value_lacks_is_a_hole),
        cmocka_unit_test(mistakes_are_reported_and_reading_goes_on),
        cmocka_unit_test(problems_are_bounded),
        cmocka_unit_test(a_template_beyond_a_bound_is_told_apart),
        cmocka_unit_test(raw_lines_are_taken_as_they_are),
        cmocka_unit_test(failing_allocations_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
