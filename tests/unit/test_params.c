/* SPDX-License-Identifier: Apache-2.0
 *
 * test_params.c - settings of a consumer: every type, what is refused and why, and their effect on
 * an evaluation.
 */
#include "runtime/params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/link.h"
#include "tests/unit/assembler.h"
#include "tests/unit/fault_alloc.h"

static void add_param(struct assembler *as, const char *name, struct program_type type,
                      unsigned flags, int64_t value)
{
    as->params[as->param_count++] = (struct program_param){
        .name = assembler_text(as, name), .type = type, .flags = flags, .value = value};
}

static struct program *make_program(void)
{
    static const char *const paths[] = {"/", "/etc", NULL};
    struct assembler as;
    assembler_init(&as, "");
    unsigned set = assembler_set(&as, paths);
    add_param(&as, "flag", (struct program_type){.base = PROGRAM_BOOL}, 0, 0);
    add_param(&as, "limit", (struct program_type){.base = PROGRAM_INT}, PROGRAM_PARAM_RANGE, 5);
    as.params[1].low = 1;
    as.params[1].high = 10;
    add_param(&as, "max-age", (struct program_type){.base = PROGRAM_DURATION}, 0, 1);
    add_param(&as, "size", (struct program_type){.base = PROGRAM_SIZE}, 0, 1);
    add_param(&as, "name", (struct program_type){.base = PROGRAM_STR}, 0, 0);
    add_param(&as, "level",
              (struct program_type){.base = PROGRAM_ENUM, .argument = FACT_ENUM_severity}, 0, 0);
    add_param(&as, "fixed", (struct program_type){.base = PROGRAM_INT}, PROGRAM_PARAM_LOCKED, 5);
    add_param(&as, "paths", (struct program_type){.base = PROGRAM_STR, .list = 1},
              PROGRAM_PARAM_EXTENDABLE, 0);
    as.params[7].set = set;
    as.sets[set].param = 7;
    return assembler_verified(&as);
}

static void values_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *setting;
        int64_t number;
    } cases[] = {
        {"flag=true", 1},
        {"flag = false", 0},
        {"limit=10", 10},
        {"limit=1", 1},
        {"max-age=7d 12h", INT64_C(648000000000000)},
        {"max-age=90s", INT64_C(90000000000)},
        {"max-age=1ns", 1},
        {"size=512MiB", INT64_C(536870912)},
        {"size=10B", 10},
        {"size=1kB", 1000},
        {"level=critical", MEMBER_severity_critical},
    };
    struct program *program = make_program();
    struct arena arena;
    arena_init(&arena, NULL, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct param_value value = {.count = 0};
        plim_error error = {.message = ""};
        plim_status status =
            params_parse(&value, program, str_from_cstr(cases[i].setting), &arena, &error);
        assert_string_equal(error.message, "");
        assert_int_equal(status, PLIM_STATUS_OK);
        assert_int_equal(value.count, 1);
        assert_int_equal(value.items[0].number, cases[i].number);
    }
    arena_release(&arena);
    program_release(program);
}

static void texts_and_lists_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *setting;
        size_t count;
        const char *first;
        bool extend;
    } cases[] = {
        {"name=plain text", 1, "plain text", false},
        {"name=\"a \\\"b\\\" \\\\\"", 1, "a \"b\" \\", false},
        {"name=", 1, "", false},
        {"paths=[\"/a\", \"/b,c\"]", 2, "/a", false},
        {"paths=/a,/b, /c", 3, "/a", false},
        {"paths=[]", 0, "", false},
        {"paths+=[\"/x\"]", 1, "/x", true},
        {"paths += /y", 1, "/y", true},
    };
    struct program *program = make_program();
    struct arena arena;
    arena_init(&arena, NULL, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct param_value value = {.count = 0};
        assert_int_equal(
            params_parse(&value, program, str_from_cstr(cases[i].setting), &arena, NULL),
            PLIM_STATUS_OK);
        assert_int_equal(value.count, cases[i].count);
        assert_int_equal(value.extend, cases[i].extend);
        if (value.count > 0) {
            assert_true(str_eq(value.items[0].text, str_from_cstr(cases[i].first)));
        }
    }
    arena_release(&arena);
    program_release(program);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *setting;
        const char *reason;
    } cases[] = {
        {"limit", "not of the form"},
        {"nosuch=1", "no parameter is called `nosuch`"},
        {"limit=0", "out of its range"},
        {"limit=11", "out of its range"},
        {"limit=x", "does not fit"},
        {"limit=99999999999999999999", "does not fit"},
        {"flag=1", "does not fit"},
        {"max-age=7", "does not fit"},
        {"max-age=", "does not fit"},
        {"max-age=7 d", "does not fit"},
        {"max-age=9223372036854775807d", "does not fit"},
        {"size=5x", "does not fit"},
        {"level=fatal", "does not fit"},
        {"fixed=5", "is locked"},
        {"limit+=5", "not an extendable list"},
        {"name+=x", "not an extendable list"},
    };
    struct program *program = make_program();
    struct arena arena;
    arena_init(&arena, NULL, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct param_value value;
        plim_error error = {.message = ""};
        plim_status status =
            params_parse(&value, program, str_from_cstr(cases[i].setting), &arena, &error);
        if (status != PLIM_STATUS_USAGE || strstr(error.message, cases[i].reason) == NULL) {
            print_error("%s: %s\n", cases[i].setting, error.message);
            fail();
        }
    }
    struct param_value outside = {.param = 99};
    assert_int_equal(params_check(program, &outside, NULL), PLIM_STATUS_USAGE);
    arena_release(&arena);
    program_release(program);
}

static bool set_has(struct link *link, const char *text)
{
    return link_set_has_text(link, 0, str_from_cstr(text));
}

static plim_status link_with(const plim_allocator *allocator, void *user)
{
    struct program *program = user;
    struct facts *facts = NULL;
    struct arena arena;
    struct link link = {.program = program};
    struct param_value values[3];
    struct eval_options options = {.allocator = allocator, .params = values};
    static const char *const settings[] = {"limit=7", "paths=[\"/only\"]", "paths+=[\"/x\"]"};
    plim_status status = facts_new(&facts, NULL, 0, 1);
    arena_init(&arena, allocator, 0);
    for (size_t i = 0; i < 3 && status == PLIM_STATUS_OK; i++) {
        status = params_parse(&values[i], program, str_from_cstr(settings[i]), &arena, NULL);
    }
    for (options.param_count = 0; options.param_count <= 3 && status == PLIM_STATUS_OK;
         options.param_count++) {
        status = link_init(&link, program, facts, &options, NULL);
        if (status == PLIM_STATUS_OK) {
            size_t n = options.param_count;
            assert_int_equal(link.params[1].bits, n > 0 ? 7 : 5);
            assert_int_equal(set_has(&link, "/etc"), n != 2);
            assert_int_equal(set_has(&link, "/only"), n == 2);
            assert_int_equal(set_has(&link, "/x"), n == 3); /* the last setting wins */
            assert_int_equal(link.sets[0].count, n == 2 ? 1 : n == 3 ? 3 : 2);
        }
        link_release(&link);
    }
    arena_release(&arena);
    facts_free(facts);
    return status;
}

static void settings_change_sets_and_values(void **state)
{
    (void)state;
    struct program *program = make_program();
    assert_int_equal(link_with(NULL, program), PLIM_STATUS_OK);
    fault_alloc_run(link_with, program);
    program_release(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read),
        cmocka_unit_test(texts_and_lists_are_read),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(settings_change_sets_and_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
