/* SPDX-License-Identifier: Apache-2.0
 *
 * test_compile.c - the phases together: imports and visibility, what the program holds, compiled
 * tests, syntax errors, failing allocations: compiler/compile.c, compile_test.c, scope.c, emit.c.
 */
#include "compiler/compile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/compile_state.h"
#include "tests/unit/compile_help.h"
#include "tests/unit/fault_alloc.h"

static const char everything[] =
    "param tools : list<string> = [\"sudo\", \"su\"] extendable \"tools\"\n"
    "param most : int = 3 range 1 .. 9 \"how many\"\n"
    "list shells = [\"sh\", \"bash\"]\n"
    "def is-tool(n: string) = n in tools or n in shells or n matches \"^doas\"\n"
    "rule tools-used { id \"PL5001\" title \"T\" why \"W\" remedy \"R\" severity high\n"
    "  section least-privilege covers \"hadolint:DL3004\", \"x:y\" since \"1.0.0\" unknown deny\n"
    "  for s in final-stage\n"
    "  each c in s.commands\n"
    "  where is-tool(c.name)\n"
    "  let big = filter o in c.options: o.name like \"-*\"\n"
    "  deny many when count(big) > most\n"
    "    at c also at s \"in {s.label}\" message \"{c.name} has {count(big)}\"\n"
    "    fix safe replace c.name with \"doas\"\n"
    "  deny none severity low when no o in c.options: o.name == \"-n\"\n"
    "    at c.name message \"{c}\"\n"
    "}\n"
    "rule members { id \"PL6001\" title \"T\" why \"W\" remedy \"R\" severity info section style\n"
    "  since \"1.0.0\"\n"
    "  for i in run, copy, final-stage\n"
    "  where i is run and i.posix or i is copy and i.link or i is final-stage\n"
    "  deny when one m in [1]: true at i message \"{i.label}\"\n"
    "}\n";

static const char tested[] = "test \"first\" for tools-used {\n"
                             "  given dockerfile \"Dockerfile\" \"\"\"\nFROM a\n\"\"\"\n"
                             "  now \"2026-03-01T12:00:00Z\"\n"
                             "  with most = 5\n"
                             "  with tools = [\"a\", \"b\"]\n"
                             "  expect finding tools-used/none at \"Dockerfile\" line 2\n"
                             "  expect unknown tools-used\n"
                             "  expect 1 finding\n"
                             "  expect no finding\n"
                             "  expect message like \"*x*\"\n"
                             "}\n";

/* Compiles several modules; the summary of messages goes to the help. */
static void compile_modules(struct compile_help *help, const struct module_input *inputs,
                            size_t count)
{
    *help = (struct compile_help){0};
    source_set_init(&help->sources, NULL);
    diag_list_init(&help->diags, NULL);
    diag_list_set_sources(&help->diags, &help->sources);
    const struct compile_request request = {.sources = &help->sources,
                                            .diags = &help->diags,
                                            .inputs = inputs,
                                            .input_count = count,
                                            .seed = 1};
    help->status = compile_pack(&help->compiled, &request);
    diag_list_sort(&help->diags);
}

static bool has_diag(const struct compile_help *help, enum diag_id id)
{
    for (size_t i = 0; i < help->diags.count; i++) {
        if (help->diags.items[i]->id == id) {
            return true;
        }
    }
    return false;
}

#define INPUT(path, literal)                                                                       \
    {                                                                                              \
        .name = {.ptr = path, .len = sizeof(path) - 1}, .text = {                                  \
            .ptr = literal,                                                                        \
            .len = sizeof(literal) - 1                                                             \
        }                                                                                          \
    }
#define USE_RULE(condition)                                                                        \
    COMPILE_RULE("for s in stage deny when " condition " at s message \"{s}\"")

static void imports_decide_what_is_visible(void **state)
{
    (void)state;
    static const struct {
        struct module_input inputs[3];
        size_t count;
        int diag; /* -1: none but warnings */
    } cases[] = {
        {{INPUT("a.plim", "list l = [\"x\"]\n"),
          INPUT("b.plim", "import a\n" USE_RULE("s.label in l"))},
         2,
         -1},
        {{INPUT("a.plim", "list l = [\"x\"]\n"), INPUT("b.plim", USE_RULE("s.label in l"))},
         2,
         DIAG_unknown_name},
        {{INPUT("a.plim", "list l = [\"x\"]\n"), INPUT("m.plim", "import a\ndef d = 3\n"),
          INPUT("b.plim", "import m\n" USE_RULE("s.label in l"))},
         3,
         DIAG_unknown_name},
        {{INPUT("a.plim", "list l = [\"x\"]\n"),
          INPUT("b.plim", "import a\nlist l = [\"y\"]\n" USE_RULE("s.label in l"))},
         2,
         DIAG_duplicate_name},
        {{INPUT("a.plim", "list l = [\"x\"]\n"),
          INPUT("b.plim", "list l = [\"y\"]\n" USE_RULE("s.label in l"))},
         2,
         -1},
        {{INPUT("a.plim", "def d(n: string) = e(n)\ndef e(n: string) = n in l\nlist l = [\"x\"]\n"),
          INPUT("b.plim", "import a\n" USE_RULE("d(s.label)"))},
         2,
         -1},
        {{INPUT("a.plim", USE_RULE("s.is-final")), INPUT("b.plim", USE_RULE("s.is-final"))},
         2,
         DIAG_duplicate_name},
        {{INPUT("a.plim", "list l = [\"x\"]\n" USE_RULE("s.label in l")),
          INPUT("b.plim", "test \"t\" for r { given dockerfile \"D\" \"\"\"\nFROM a\n\"\"\" expect "
                          "no finding }")},
         2,
         -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct compile_help help;
        compile_modules(&help, cases[i].inputs, cases[i].count);
        if (cases[i].diag < 0) {
            assert_int_equal(help.status, PLIM_STATUS_OK);
        } else {
            assert_int_equal(help.status, PLIM_STATUS_POLICY);
            assert_true(has_diag(&help, (enum diag_id)cases[i].diag));
        }
        compile_help_release(&help);
    }
}

static void assert_text(const struct program *program, struct program_text text, const char *want)
{
    struct str got = program_str(program, text);
    assert_int_equal(got.len, strlen(want));
    assert_memory_equal(got.ptr, want, got.len);
}

static void the_program_holds_what_was_written(void **state)
{
    (void)state;
    struct compile_help help;
    compile_help_init(&help, NULL, everything);
    assert_string_equal(help.summary.data,
                        "E0301 21:22 constants can be ranged over only with any, all and no, in "
                        "lists of at most 64 that are no param | use `in`, `any-within` or "
                        "`word-in`\n");
    compile_help_release(&help);
    struct buf text;
    buf_init(&text, NULL, 1 << 16);
    buf_append_cstr(&text, everything);
    char *one = strstr(text.data, "one m");
    memcpy(one, "any", 3);
    compile_help_init(&help, NULL, text.data);
    assert_string_equal(help.summary.data, "");
    const struct program *program = help.compiled->program;
    assert_int_equal(program->rule_count, 2);
    assert_int_equal(program->unit_count, 4);
    assert_int_equal(program->arm_count, 3);
    assert_int_equal(program->cover_count, 2);
    assert_int_equal(program->param_count, 2);
    const struct program_rule *rule = &program->rules[0];
    assert_text(program, rule->name, "tools-used");
    assert_text(program, rule->id, "PL5001");
    assert_text(program, rule->since, "1.0.0");
    assert_text(program, program->covers[rule->first_cover + 1], "x:y");
    assert_int_equal(rule->severity, MEMBER_severity_high);
    assert_int_equal(rule->section, PROGRAM_LEAST_PRIVILEGE);
    assert_int_equal(rule->unknown, PROGRAM_UNKNOWN_DENY);
    assert_text(program, program->arms[1].name, "none");
    assert_int_equal(program->arms[0].severity, MEMBER_severity_high);
    assert_int_equal(program->arms[1].severity, MEMBER_severity_low);
    assert_int_equal(program->units[0].view, FACT_VIEW_final_stage);
    assert_int_equal(program->units[1].kind, FACT_KIND_run);
    const struct program_param *param = &program->params[0];
    assert_text(program, param->name, "tools");
    assert_text(program, param->doc, "tools");
    assert_int_equal(param->flags, PROGRAM_PARAM_EXTENDABLE);
    assert_int_equal(program->sets[param->set].count, 2);
    assert_int_equal(program->params[1].flags, PROGRAM_PARAM_RANGE);
    assert_int_equal(program->params[1].value, 3);
    assert_int_equal(program->params[1].high, 9);
    assert_int_equal(program->source_map_count, program->code_count);
    assert_int_equal(program->file_count, 1);
    assert_text(program, program->files[0].path, "t.plim");
    assert_int_equal(program_str(program, program->files[0].source).len, text.len);
    compile_help_release(&help);
    buf_release(&text);
}

/* The test program, valid as a whole. */
static void write_valid(struct buf *text)
{
    buf_init(text, NULL, 1 << 16);
    buf_append_cstr(text, everything);
    memcpy(strstr(text->data, "one m"), "any", 3);
    buf_append_cstr(text, tested);
}

static void tests_become_numbers(void **state)
{
    (void)state;
    struct buf text;
    write_valid(&text);
    struct compile_help help;
    compile_help_init(&help, NULL, text.data);
    assert_string_equal(help.summary.data, "");
    assert_int_equal(help.compiled->test_count, 1);
    const struct compiled_test *test = &help.compiled->tests[0];
    assert_int_equal(test->rule_count, 1);
    assert_int_equal(test->rules[0], 0);
    assert_true(test->has_now);
    assert_true(test->now_ns == INT64_C(1772366400000000000));
    assert_int_equal(test->param_count, 2);
    assert_int_equal(test->params[0].param, 1);
    assert_int_equal(test->params[0].items[0].number, 5);
    assert_int_equal(test->params[1].count, 2);
    assert_memory_equal(test->params[1].items[1].text.ptr, "b", 1);
    assert_int_equal(test->expect_count, 5);
    assert_int_equal(test->expects[0].kind, AST_EXPECT_FINDING);
    assert_int_equal(test->expects[0].arm, 1);
    assert_int_equal(test->expects[0].line, 2);
    assert_int_equal(test->expects[2].count, 1);
    assert_int_equal(test->expects[4].pattern.len, 3);
    compile_help_release(&help);
    buf_release(&text);
}

static void mistakes_in_tests_are_located(void **state)
{
    (void)state;
#define TEST(body)                                                                                 \
    COMPILE_RULE("for s in stage deny when s.is-final at s message \"{s}\"")                       \
    "param n : int = 3 range 1 .. 4 locked\nparam m : int = 3 range 1 .. 4\n"                      \
    "def use = n == m\n"                                                                           \
    "test \"t\" for r {\n" body "}\n"
#define GIVEN "given dockerfile \"D\" \"\"\"\nFROM a\n\"\"\"\n"
    static const struct compile_case cases[] = {
        {TEST("expect no finding\n"), "W0101 6:5 helper `use` is never used\n"
                                      "E0601 7:1 a test needs a `given` and an `expect`\n"},
        {TEST(GIVEN "expect finding q\nexpect finding r/x\nexpect unknown rr\n"),
         "W0101 6:5 helper `use` is never used\n"
         "E0202 11:16 no rule is named `q`\n"
         "E0202 12:18 rule `r` has no arm `x`\n"
         "E0202 13:16 no rule is named `rr`\n"},
        {TEST(GIVEN "expect finding r at \"E\" line 1\n"),
         "W0101 6:5 helper `use` is never used\n"
         "E0601 11:1 no `given` is named \"E\"\n"},
        {TEST(GIVEN "with n = 3 with m = 9 with k = 1 with m = \"x\" expect no finding\n"),
         "W0101 6:5 helper `use` is never used\n"
         "E0405 11:6 param `n` is locked\n"
         "E0405 11:21 the value lies outside the range of `m`\n"
         "E0202 11:28 no param is named `k`\n"
         "E0301 11:43 expected int, found string\n"},
        {TEST(GIVEN "now \"yesterday\" expect no finding\n"),
         "W0101 6:5 helper `use` is never used\n"
         "E0601 11:5 a date is written 2026-01-31 or 2026-01-31T12:00:00Z\n"},
    };
#undef TEST
#undef GIVEN
    compile_help_check(cases, sizeof cases / sizeof cases[0]);
}

static void dates_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds; /* -1: refused */
    } cases[] = {{"1970-01-01", 0},
                 {"1970-01-02T00:00:01Z", 86401},
                 {"2000-02-29T00:00:00Z", 951782400},
                 {"2100-03-01", 4107542400},
                 {"2261-12-31T23:59:59Z", 9214646399},
                 {"2026-02-29", -1},
                 {"2262-01-01", -1},
                 {"1969-12-31", -1},
                 {"2026-13-01", -1},
                 {"2026-00-01", -1},
                 {"2026-01-00", -1},
                 {"2026-1-1", -1},
                 {"2026-01-01T24:00:00Z", -1},
                 {"2026-01-01T00:60:00Z", -1},
                 {"2026-01-01T00:00:00", -1},
                 {"2026-01-01T00:00:00+", -1},
                 {"2026-01-01 00:00:00Z", -1},
                 {"", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t time = 0;
        bool good = compile_parse_time(str_from_cstr(cases[i].text), &time);
        assert_int_equal(good, cases[i].seconds >= 0);
        if (good) {
            assert_true(time == cases[i].seconds * 1000000000);
        }
    }
}

static void typed_trees_are_dumped(void **state)
{
    (void)state;
    struct buf text;
    struct buf dump;
    write_valid(&text);
    buf_init(&dump, NULL, 1 << 16);
    struct source_set sources;
    struct diag_list diags;
    source_set_init(&sources, NULL);
    diag_list_init(&diags, NULL);
    const struct module_input input = {.name = STR("t.plim"), .text = buf_view(&text)};
    const struct compile_request request = {
        .sources = &sources, .diags = &diags, .inputs = &input, .input_count = 1};
    assert_int_equal(compile_dump_types(&dump, &request), PLIM_STATUS_OK);
    assert_non_null(strstr(dump.data, "(for s final-stage\n    (each c (.commands s : "
                                      "list<command>))\n    (where (is-tool (.name c : string)))"));
    assert_non_null(strstr(dump.data, "(replace safe (.name c : string) \"doas\"))"));
    assert_non_null(strstr(dump.data, "(for i copy\n    (where (.link i))"));
    diag_list_release(&diags);
    source_set_release(&sources);
    buf_release(&dump);
    buf_release(&text);
}

static plim_status compile_scenario(const plim_allocator *allocator, void *user)
{
    struct compile_help help;
    compile_help_init(&help, allocator, user);
    plim_status status = help.status;
    /* A list of messages that lost one makes the result NOMEM too. */
    if (status == PLIM_STATUS_POLICY) {
        status = PLIM_STATUS_OK;
    }
    compile_help_release(&help);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    struct buf text;
    write_valid(&text);
    fault_alloc_run(compile_scenario, text.data);
    buf_release(&text);
}

/* The same with errors of every phase. */
static void survives_failures_while_reporting(void **state)
{
    (void)state;
    char wrong[] = "param p : int = \"x\"\ndef d(n: intt) = n == q\n" COMPILE_RULE(
        "for s in stage let u = 3 deny when s.volumns == 3 or s.name == \"x\" or s.label < \"a\" "
        "at \"x\" message \"x\"") "test \"t\" for q { expect finding z }\n";
    fault_alloc_run(compile_scenario, wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imports_decide_what_is_visible),
        cmocka_unit_test(the_program_holds_what_was_written),
        cmocka_unit_test(tests_become_numbers),
        cmocka_unit_test(mistakes_in_tests_are_located),
        cmocka_unit_test(dates_are_read_strictly),
        cmocka_unit_test(typed_trees_are_dumped),
        cmocka_unit_test(survives_every_allocation_failure),
        cmocka_unit_test(survives_failures_while_reporting),
    };
    return cmocka_run_group_tests_name("compile", tests, NULL, NULL);
}
