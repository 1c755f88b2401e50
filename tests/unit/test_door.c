/* SPDX-License-Identifier: Apache-2.0
 *
 * test_door.c - what every public function does with wrong arguments, options of other versions,
 * hostile texts and want of memory.
 */
#include <plimsoll/plimsoll.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/api.h"
#include "core/alloc.h"
#include "fault_alloc.h"

static void null_is_an_answer_not_a_crash(void **state)
{
    (void)state;
    plim_text text = PLIM_TEXT_INIT;
    plim_error error = PLIM_ERROR_INIT;
    assert_int_equal(plim_diags_new(NULL, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_diags_text(NULL, 0, 0, &text), PLIM_STATUS_USAGE);
    assert_int_equal(plim_diags_json(NULL, &text), PLIM_STATUS_USAGE);
    assert_int_equal(plim_diags_add(NULL, "I0101", "p", "m"), PLIM_STATUS_USAGE);
    assert_int_equal(plim_diag_page(NULL, &text), PLIM_STATUS_USAGE);
    assert_int_equal(plim_policy_compile(NULL, NULL, 0, NULL, NULL, &error), PLIM_STATUS_USAGE);
    assert_int_equal(plim_policy_load(NULL, NULL, 0, 0, NULL, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_policy_builtin(NULL, NULL, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_policy_save(NULL, &text), PLIM_STATUS_USAGE);
    assert_int_equal(plim_policy_disasm(NULL, NULL, &text), PLIM_STATUS_USAGE);
    assert_int_equal(plim_policy_params_json(NULL, &text), PLIM_STATUS_USAGE);
    assert_int_equal(plim_format(NULL, NULL, &text, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_facts_new(NULL, NULL, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_facts_add(NULL, PLIM_INPUT_AUTO, "n", "", 0, NULL, NULL),
                     PLIM_STATUS_USAGE);
    assert_int_equal(plim_facts_add_compose(NULL, NULL, NULL, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_facts_knows(NULL, "n"), 0);
    assert_int_equal(plim_facts_freeze(NULL, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_facts_json(NULL, &text), PLIM_STATUS_USAGE);
    assert_int_equal(plim_schema(PLIM_SCHEMA_TEXT, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_eval(NULL, NULL, 0, NULL, NULL, &error), PLIM_STATUS_USAGE);
    assert_int_equal(plim_trace(NULL, NULL, NULL, NULL, 0, NULL, &text, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_test(NULL, 0, NULL, NULL, NULL, NULL, &text, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_result_finding(NULL, 0, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_text_set(NULL, "a", 1), PLIM_STATUS_USAGE);
    assert_int_equal(plim_text_safe(&text, NULL, 1), PLIM_STATUS_USAGE);
    assert_int_equal(plim_result_count(NULL) + plim_policy_rule_count(NULL) +
                         plim_diags_errors(NULL) + plim_diags_warnings(NULL) +
                         plim_facts_documents(NULL),
                     0);
    assert_null(plim_policy_retain(NULL));
    plim_result_summary(NULL, NULL);
    plim_policy_release(NULL);
    plim_facts_free(NULL);
    plim_result_free(NULL);
    plim_diags_free(NULL);
    plim_text_release(NULL);
    assert_int_equal(error.status, PLIM_STATUS_USAGE);
    assert_null(text.data);
}

static void options_of_other_versions(void **state)
{
    (void)state;
    struct {
        plim_facts_options known;
        uint64_t newer;
    } larger = {.known = {.struct_size = sizeof larger}};
    plim_facts *facts = NULL;
    assert_int_equal(plim_facts_new(&facts, &larger.known, NULL), PLIM_STATUS_OK);
    plim_facts_free(facts);
    facts = NULL;
    larger.newer = 1;
    assert_int_equal(plim_facts_new(&facts, &larger.known, NULL), PLIM_STATUS_USAGE);
    plim_facts_options none = {0};
    assert_int_equal(plim_facts_new(&facts, &none, NULL), PLIM_STATUS_USAGE);
    plim_facts_options older = {.struct_size = offsetof(plim_facts_options, defines)};
    assert_int_equal(plim_facts_new(&facts, &older, NULL), PLIM_STATUS_OK);
    plim_facts_free(facts);
}

static void definitions_must_be_pairs(void **state)
{
    (void)state;
    const char *const defines[] = {"=x"};
    plim_facts_options options = PLIM_FACTS_OPTIONS_INIT;
    options.defines = defines;
    options.define_count = 1;
    plim_facts *facts = NULL;
    plim_error error = PLIM_ERROR_INIT;
    assert_int_equal(plim_facts_new(&facts, &options, &error), PLIM_STATUS_USAGE);
    assert_string_equal(error.message, "build argument `=x` is not NAME=VALUE");
}

static void kinds_by_name_and_content(void **state)
{
    (void)state;
    static const struct {
        plim_input_kind kind;
        const char *path;
        const char *text;
    } cases[] = {
        {PLIM_INPUT_DOCKERFILE, "Dockerfile", ""},
        {PLIM_INPUT_DOCKERFILE, "a/b/Dockerfile.prod", ""},
        {PLIM_INPUT_DOCKERFILE, "web.Dockerfile", ""},
        {PLIM_INPUT_DOCKERFILE, "web.dockerfile", ""},
        {PLIM_INPUT_DOCKERFILE, "Containerfile", ""},
        {PLIM_INPUT_DOCKERFILE, "Containerfile.arm", ""},
        {PLIM_INPUT_DOCKERFILE, "dockerfile", ""},
        {PLIM_INPUT_DOCKERFILE, "build", "# x\n\nfrom a\n"},
        {PLIM_INPUT_DOCKERFILE, "build", "ARG A\nFROM a"},
        {PLIM_INPUT_COMPOSE, "compose.yaml", ""},
        {PLIM_INPUT_COMPOSE, "a/docker-compose.yml", ""},
        {PLIM_INPUT_COMPOSE, "docker-compose.prod.yml", ""},
        {PLIM_INPUT_COMPOSE, "compose-test.yaml", ""},
        {PLIM_INPUT_COMPOSE, "web.compose.yml", ""},
        {PLIM_INPUT_COMPOSE, "stack.yml", "name: x\nservices:\n  a: {image: b}\n"},
        {PLIM_INPUT_UNKNOWN, "stack.yml", "name: x\n  services:\n"},
        {PLIM_INPUT_UNKNOWN, "composer.yaml", ""},
        {PLIM_INPUT_UNKNOWN, "compose.json", ""},
        {PLIM_INPUT_UNKNOWN, "Dockerfile.dockerignore", ""},
        {PLIM_INPUT_UNKNOWN, "Dockerfiles", ""},
        {PLIM_INPUT_UNKNOWN, "Dockerfile~", ""},
        {PLIM_INPUT_UNKNOWN, "Dockerfile.md", ""},
        {PLIM_INPUT_UNKNOWN, ".dockerfile", ""},
        {PLIM_INPUT_UNKNOWN, "build", "FROMAGE\n"},
        {PLIM_INPUT_UNKNOWN, "Dockerfile/readme", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(plim_input_kind_of(cases[i].path, cases[i].text, strlen(cases[i].text)),
                         cases[i].kind);
    }
}

static void budgets_of_documents(void **state)
{
    (void)state;
    plim_budget budget = PLIM_BUDGET_INIT;
    budget.file_bytes = 10;
    plim_facts_options options = PLIM_FACTS_OPTIONS_INIT;
    options.budget = &budget;
    plim_facts *facts = NULL;
    plim_diags *diags = NULL;
    assert_int_equal(plim_diags_new(&diags, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_facts_new(&facts, &options, NULL), PLIM_STATUS_OK);
    assert_int_equal(
        plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "D", "FROM abcde\n", 11, diags, NULL),
        PLIM_STATUS_LIMIT);
    assert_int_equal(
        plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "D", "FROM abcd\n", 10, diags, NULL),
        PLIM_STATUS_OK);
    assert_int_equal(plim_facts_documents(facts), 1);
    assert_int_equal(plim_diags_errors(diags), 1);
    assert_int_equal(plim_facts_freeze(facts, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_facts_freeze(facts, NULL), PLIM_STATUS_USAGE);
    plim_facts_free(facts);
    plim_diags_free(diags);
}

static void texts_are_made_safe(void **state)
{
    (void)state;
    plim_text text = PLIM_TEXT_INIT;
    assert_int_equal(plim_text_safe(&text, "::set-output a\n\033[1m", 19), PLIM_STATUS_OK);
    assert_null(strchr(text.data, '\033'));
    assert_null(strchr(text.data, '\n'));
    assert_int_not_equal(memcmp(text.data, "::", 2), 0);
    plim_text_release(&text);
    assert_int_equal(plim_diag_page("e0201", &text), PLIM_STATUS_OK);
    assert_memory_equal(text.data, "# E0201", 7);
    assert_int_equal(plim_diag_page("E9999", &text), PLIM_STATUS_NOT_FOUND);
    plim_text_release(&text);
}

/* Room only: nothing of it is touched. */
static void texts_have_an_end(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        bool fits;
    } cases[] = {
        {(size_t)API_MAX_TEXT - 1, true}, {API_MAX_TEXT, true}, {(size_t)API_MAX_TEXT + 1, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf buf;
        plim_text text = PLIM_TEXT_INIT;
        buf_init(&buf, alloc_default(), API_MAX_TEXT);
        bool fits = buf_reserve(&buf, cases[i].size) != NULL;
        if (!fits && buf_status(&buf) == PLIM_STATUS_NOMEM) {
            skip(); /* a machine with less memory than that */
        }
        assert_int_equal(fits, cases[i].fits);
        assert_int_equal(door_take(&text, &buf),
                         cases[i].fits ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        plim_text_release(&text);
    }
}

/* Compile, read, evaluate and report with the allocator given. */
static plim_status whole_run(const plim_allocator *allocator, void *user)
{
    (void)user;
    static const char policy_text[] =
        "rule r {\n  id \"PL5901\"\n  title \"T\"\n  why \"w\"\n  remedy \"r\"\n  severity high\n"
        "  section least-privilege\n  since \"1.0.0\"\n  unknown report\n  for s in final-stage\n"
        "  deny when has s.user.uid and s.user.uid == 0\n    at s.user\n"
        "    message \"{s.label} is root\"\n}\n";
    static const char document[] = "FROM a\nNOSUCH x\nRUN apt-get install x\nUSER 0\n";
    const plim_source source = {"t.plim", policy_text, sizeof policy_text - 1};
    plim_compile_options compile = PLIM_COMPILE_OPTIONS_INIT;
    compile.allocator = allocator;
    plim_facts_options reading = PLIM_FACTS_OPTIONS_INIT;
    reading.allocator = allocator;
    plim_eval_options eval = PLIM_EVAL_OPTIONS_INIT;
    eval.allocator = allocator;
    plim_report_options report = PLIM_REPORT_OPTIONS_INIT;
    report.allocator = allocator;
    plim_diags *diags = NULL;
    plim_policy *policy = NULL;
    plim_facts *facts = NULL;
    plim_result *result = NULL;
    plim_text text = PLIM_TEXT_INIT;
    plim_status status = plim_diags_new(&diags, allocator);
    if (status == PLIM_STATUS_OK) {
        status = plim_policy_compile(&policy, &source, 1, &compile, diags, NULL);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_new(&facts, &reading, NULL);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "Dockerfile", document,
                                sizeof document - 1, diags, NULL);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_freeze(facts, NULL);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_eval(&result, &policy, 1, facts, &eval, NULL);
    }
    report.diags = diags;
    if (status == PLIM_STATUS_OK) {
        status = plim_report(PLIM_REPORT_JSON, result, &report, &text);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_report(PLIM_REPORT_TEXT, result, &report, &text);
        assert_true(status != PLIM_STATUS_OK || strstr(text.data, "1 finding (1 high)") != NULL);
    }
    plim_text_release(&text);
    plim_result_free(result);
    plim_facts_free(facts);
    plim_policy_release(policy);
    plim_diags_free(diags);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(whole_run, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_is_an_answer_not_a_crash),
        cmocka_unit_test(options_of_other_versions),
        cmocka_unit_test(definitions_must_be_pairs),
        cmocka_unit_test(kinds_by_name_and_content),
        cmocka_unit_test(budgets_of_documents),
        cmocka_unit_test(texts_are_made_safe),
        cmocka_unit_test(texts_have_an_end),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("door", tests, NULL, NULL);
}
