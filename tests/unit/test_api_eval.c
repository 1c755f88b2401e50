/* SPDX-License-Identifier: Apache-2.0
 *
 * test_api_eval.c - evaluation through the public door: several policies, selection, parameters,
 * budgets, cancelling, traces, what is known of rules, and tests of the language.
 */
#include <plimsoll/plimsoll.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/select.h"
#include "fault_alloc.h"

#define RULE(name, id, body)                                                                       \
    "rule " name " {\n  id \"" id "\"\n  title \"T of " name "\"\n  why \"w\"\n  remedy \"r\"\n"   \
    "  severity medium\n  section style\n  covers \"x:1\", \"y:2\"\n  since \"1.0.0\"\n" body      \
    "}\n"

static const char first_policy[] =
    "param most : int = 1 range 0 .. 5 \"stages allowed\"\n"
    "param names : list<string> = [\"a\"] extendable \"bases allowed\"\n" RULE(
        "base-name", "PL6901",
        "  for s in stage\n  deny unknown-base when s.base-text not in names\n    at s\n"
        "    message \"{s.base-text} is not allowed\"\n")
        RULE("stage-count", "PL6902",
             "  for d in dockerfile\n  deny when count(d.stages) > most\n    at d\n"
             "    message \"{d.label} has too many stages\"\n");

static const char second_policy[] = RULE(
    "any-stage", "PL6903",
    "  for s in stage\n  deny when s.index >= 0\n    at s\n    message \"{s.label} exists\"\n");

struct fixture {
    plim_policy *policies[3];
    plim_facts *facts;
};

static plim_policy *compile(const char *name, const char *text)
{
    const plim_source source = {name, text, strlen(text)};
    plim_compile_options options = PLIM_COMPILE_OPTIONS_INIT;
    options.warn = 0;
    plim_diags *diags = NULL;
    plim_policy *policy = NULL;
    plim_text shown = PLIM_TEXT_INIT;
    assert_int_equal(plim_diags_new(&diags, NULL), PLIM_STATUS_OK);
    plim_status status = plim_policy_compile(&policy, &source, 1, &options, diags, NULL);
    assert_int_equal(plim_diags_text(diags, 0, 0, &shown), PLIM_STATUS_OK);
    assert_string_equal(shown.data, "");
    assert_int_equal(status, PLIM_STATUS_OK);
    plim_text_release(&shown);
    plim_diags_free(diags);
    return policy;
}

static int open_fixture(void **state)
{
    static struct fixture f;
    static const char text[] = "FROM a\nFROM b\n";
    f = (struct fixture){
        .policies = {compile("one.plim", first_policy), compile("two.plim", second_policy)}};
    assert_int_equal(plim_facts_new(&f.facts, NULL, NULL), PLIM_STATUS_OK);
    assert_int_equal(
        plim_facts_add(f.facts, PLIM_INPUT_AUTO, "Dockerfile", text, sizeof text - 1, NULL, NULL),
        PLIM_STATUS_OK);
    assert_int_equal(plim_facts_freeze(f.facts, NULL), PLIM_STATUS_OK);
    *state = &f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    plim_facts_free(f->facts);
    plim_policy_release(f->policies[0]);
    plim_policy_release(f->policies[1]);
    return 0;
}

/* "rule:line ..." of all findings. */
static void assert_findings(struct fixture *f, size_t policies, const plim_eval_options *options,
                            const char *expected)
{
    char got[400] = "";
    plim_result *result = NULL;
    plim_error error = PLIM_ERROR_INIT;
    assert_int_equal(plim_eval(&result, f->policies, policies, f->facts, options, &error),
                     PLIM_STATUS_OK);
    for (size_t i = 0; i < plim_result_count(result); i++) {
        plim_finding finding = PLIM_FINDING_INIT;
        assert_int_equal(plim_result_finding(result, i, &finding), PLIM_STATUS_OK);
        size_t size = strlen(got);
        (void)snprintf(got + size, sizeof got - size, "%s:%u ", finding.rule, finding.place.line);
    }
    plim_result_free(result);
    assert_string_equal(got, expected);
}

static void findings_of_several_policies_are_merged(void **state)
{
    struct fixture *f = *state;
    assert_findings(f, 1, NULL, "stage-count:1 base-name:2 ");
    assert_findings(f, 2, NULL, "any-stage:1 stage-count:1 any-stage:2 base-name:2 ");
    assert_findings(f, 0, NULL, "");
}

static void rules_are_selected_by_name_id_and_wildcard(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *selector;
        const char *expected;
    } cases[] = {
        {"base-name", "base-name:2 "},
        {"pl6903", "any-stage:1 any-stage:2 "},
        {"*-stage", "any-stage:1 any-stage:2 "},
        {"PL690[12]", "stage-count:1 base-name:2 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
        options.rules = &cases[i].selector;
        options.rule_count = 1;
        assert_findings(f, 2, &options, cases[i].expected);
    }
    const char *const sections[] = {"stages"};
    plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
    options.sections = sections;
    options.section_count = 1;
    assert_findings(f, 2, &options, "");
}

static void parameters_are_checked_and_used(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *param;
        const char *expected; /* NULL: USAGE */
    } cases[] = {
        {"most=2", "base-name:2 "},
        {"names+=[\"b\"]", "stage-count:1 "},
        {"names=[\"b\"]", "base-name:1 stage-count:1 "},
        {"most=6", NULL},
        {"most=x", NULL},
        {"nothing=1", NULL},
        {"most", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
        options.params = &cases[i].param;
        options.param_count = 1;
        if (cases[i].expected != NULL) {
            assert_findings(f, 1, &options, cases[i].expected);
        } else {
            plim_result *result = NULL;
            plim_error error = PLIM_ERROR_INIT;
            assert_int_equal(plim_eval(&result, f->policies, 2, f->facts, &options, &error),
                             PLIM_STATUS_USAGE);
            assert_null(result);
            assert_int_not_equal(error.message[0], '\0');
        }
    }
}

static void what_fits_nothing_is_refused(void **state)
{
    struct fixture *f = *state;
    plim_result *result = NULL;
    plim_error error = PLIM_ERROR_INIT;
    const char *const wrong[] = {"no-such"};
    plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
    options.rules = wrong;
    options.rule_count = 1;
    assert_int_equal(plim_eval(&result, f->policies, 2, f->facts, &options, &error),
                     PLIM_STATUS_USAGE);
    assert_string_equal(error.message, "no rule `no-such`");
    options.rule_count = 0;
    options.sections = wrong;
    options.section_count = 1;
    assert_int_equal(plim_eval(&result, f->policies, 2, f->facts, &options, &error),
                     PLIM_STATUS_USAGE);
    assert_string_equal(error.message, "no section `no-such`");
    plim_policy *twice[] = {f->policies[0], f->policies[0]};
    assert_int_equal(plim_eval(&result, twice, 2, f->facts, NULL, &error), PLIM_STATUS_POLICY);
    assert_string_equal(error.message, "two policies define the rule `base-name`");
    assert_int_equal(plim_eval(&result, f->policies, 3, f->facts, NULL, &error), PLIM_STATUS_USAGE);
    assert_null(result);
}

/* A report over three documents, judged with a step after every `batch` of them (0: in one go). */
static void report_in_steps(struct fixture *f, size_t batch, plim_text *out)
{
    static const char *const names[] = {"b/Dockerfile", "a/Dockerfile", "c/Dockerfile"};
    static const char *const texts[] = {"FROM a\nFROM b\n", "FROM b\nRUN x\n", "FROM a\n"};
    plim_facts *facts = NULL;
    plim_result *result = NULL;
    assert_int_equal(plim_facts_new(&facts, NULL, NULL), PLIM_STATUS_OK);
    if (batch > 0) {
        assert_int_equal(plim_eval_begin(&result, f->policies, 2, facts, NULL, NULL),
                         PLIM_STATUS_OK);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(plim_facts_add(facts, PLIM_INPUT_AUTO, names[i], texts[i],
                                        strlen(texts[i]), NULL, NULL),
                         PLIM_STATUS_OK);
        if (batch > 0 && (i + 1) % batch == 0) {
            assert_int_equal(plim_eval_step(result, NULL), PLIM_STATUS_OK);
        }
    }
    if (batch > 0) {
        assert_int_equal(plim_eval_step(result, NULL), PLIM_STATUS_OK);
        assert_int_equal(plim_eval_end(result, NULL), PLIM_STATUS_OK);
    } else {
        assert_int_equal(plim_facts_freeze(facts, NULL), PLIM_STATUS_OK);
        assert_int_equal(plim_eval(&result, f->policies, 2, facts, NULL, NULL), PLIM_STATUS_OK);
    }
    plim_report_options options = PLIM_REPORT_OPTIONS_INIT;
    options.documents = plim_facts_documents(facts);
    assert_int_equal(plim_report(PLIM_REPORT_JSON, result, &options, out), PLIM_STATUS_OK);
    plim_result_free(result);
    plim_facts_free(facts);
}

static void steps_find_what_one_run_finds(void **state)
{
    struct fixture *f = *state;
    plim_text whole = PLIM_TEXT_INIT;
    plim_text steps = PLIM_TEXT_INIT;
    report_in_steps(f, 0, &whole);
    assert_non_null(strstr(whole.data, "\"findings\": 7,"));
    for (size_t batch = 1; batch <= 3; batch++) {
        report_in_steps(f, batch, &steps);
        assert_string_equal(steps.data, whole.data);
    }
    plim_text_release(&whole);
    plim_text_release(&steps);
    plim_result *result = NULL;
    assert_int_equal(plim_eval_begin(&result, f->policies, 2, f->facts, NULL, NULL),
                     PLIM_STATUS_USAGE); /* frozen */
    assert_int_equal(plim_eval_step(NULL, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_eval_end(NULL, NULL), PLIM_STATUS_USAGE);
    assert_int_equal(plim_policy_needs_all(NULL), 0);
    assert_int_equal(plim_policy_needs_all(f->policies[0]), 0);
}

/* Findings of one rule in steps, where builders fill only what it reads. */
static size_t count_in_a_step(const char *policy_text, const char *text)
{
    plim_policy *policy = compile("reads.plim", policy_text);
    plim_facts *facts = NULL;
    plim_result *result = NULL;
    assert_int_equal(plim_facts_new(&facts, NULL, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_eval_begin(&result, &policy, 1, facts, NULL, NULL), PLIM_STATUS_OK);
    assert_int_equal(
        plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "d", text, strlen(text), NULL, NULL),
        PLIM_STATUS_OK);
    assert_int_equal(plim_eval_step(result, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_eval_end(result, NULL), PLIM_STATUS_OK);
    size_t count = plim_result_count(result);
    plim_result_free(result);
    plim_facts_free(facts);
    plim_policy_release(policy);
    return count;
}

static void steps_fill_what_rules_read(void **state)
{
    (void)state;
    static const char text[] = "# one\n# two\nFROM a\nARG x=1\nENV y=$x z=${x}$x\nRUN b c\n";
    static const char comments[] = RULE("c-rule", "PL6911",
                                        "  for c in comment\n  deny when c.text == \"two\"\n"
                                        "    at c\n    message \"{c.text}\"\n");
    static const char listed[] =
        RULE("d-rule", "PL6912",
             "  for d in dockerfile\n  deny when any c in d.comments: c.text == \"one\"\n"
             "    at d\n    message \"{d.label}\"\n");
    static const char arguments[] =
        RULE("a-rule", "PL6913",
             "  for i in instruction\n  deny when count(i.arguments) == 2\n"
             "    at i\n    message \"{i.keyword}\"\n");
    static const char references[] = RULE("r-rule", "PL6914",
                                          "  for v in variable\n  deny when \"x\" in v.references\n"
                                          "    at v\n    message \"{v.name}\"\n");
    assert_int_equal(count_in_a_step(comments, text), 1);
    assert_int_equal(count_in_a_step(listed, text), 1);
    assert_int_equal(count_in_a_step(arguments, text), 1);
    assert_int_equal(count_in_a_step(references, text), 2);
}

static void documents_of_a_step_belong_to_it(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "FROM a\n";
    plim_facts *facts = NULL;
    plim_result *result = NULL;
    plim_result *second = NULL;
    assert_int_equal(plim_facts_new(&facts, NULL, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_eval_begin(&result, f->policies, 2, facts, NULL, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_eval_begin(&second, f->policies, 2, facts, NULL, NULL),
                     PLIM_STATUS_USAGE);
    assert_int_equal(
        plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "d", text, sizeof text - 1, NULL, NULL),
        PLIM_STATUS_OK);
    plim_result_free(result);
    assert_int_equal(plim_facts_freeze(facts, NULL), PLIM_STATUS_USAGE);
    result = NULL;
    assert_int_equal(plim_eval_begin(&result, f->policies, 2, facts, NULL, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_eval_step(result, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_eval_end(result, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_result_count(result), 1);
    assert_int_equal(plim_facts_freeze(facts, NULL), PLIM_STATUS_OK);
    plim_result_free(result);
    plim_facts_free(facts);
}

static void policies_are_counted(void **state)
{
    struct fixture *f = *state;
    plim_policy *empty = compile("empty.plim", "");
    plim_policy *many[SELECT_MAX_POLICIES + 1];
    for (size_t i = 0; i < SELECT_MAX_POLICIES + 1; i++) {
        many[i] = empty;
    }
    for (size_t count = SELECT_MAX_POLICIES - 1; count <= SELECT_MAX_POLICIES + 1; count++) {
        plim_result *result = NULL;
        plim_status status = plim_eval(&result, many, count, f->facts, NULL, NULL);
        assert_int_equal(status, count <= SELECT_MAX_POLICIES ? PLIM_STATUS_OK : PLIM_STATUS_USAGE);
        plim_result_free(result);
    }
    plim_policy_release(empty);
}

static int always(void *user)
{
    (void)user;
    return 1;
}

static void a_spent_budget_is_an_outcome(void **state)
{
    struct fixture *f = *state;
    plim_budget budget = PLIM_BUDGET_INIT;
    budget.fuel = 1;
    plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
    options.budget = &budget;
    plim_result *result = NULL;
    plim_status status = plim_eval(&result, f->policies, 2, f->facts, &options, NULL);
    assert_int_equal(status, PLIM_STATUS_LIMIT);
    plim_summary sum = PLIM_SUMMARY_INIT;
    plim_result_summary(result, &sum);
    assert_true(sum.errors > 0);
    plim_result_free(result);
    result = NULL;
    options.budget = NULL;
    options.cancelled = always;
    status = plim_eval(&result, f->policies, 1, f->facts, &options, NULL);
    assert_true(status == PLIM_STATUS_STOPPED || status == PLIM_STATUS_OK);
    plim_result_free(result);
    budget.fuel = 0;
    budget.findings = 1;
    options.cancelled = NULL;
    options.budget = &budget;
    result = NULL;
    status = plim_eval(&result, f->policies, 2, f->facts, &options, NULL);
    assert_non_null(result);
    assert_int_equal(plim_result_count(result), 2);
    plim_result_summary(result, &sum);
    assert_int_equal(sum.denied, 4);
    assert_int_equal(sum.not_shown, 2);
    plim_result_free(result);
}

static void traces_explain(void **state)
{
    struct fixture *f = *state;
    plim_text text = PLIM_TEXT_INIT;
    plim_error error = PLIM_ERROR_INIT;
    assert_int_equal(
        plim_trace(f->policies[0], f->facts, "base-name", "Dockerfile", 2, NULL, &text, &error),
        PLIM_STATUS_OK);
    assert_non_null(strstr(text.data, "s.base-text not in names"));
    assert_int_equal(
        plim_trace(f->policies[0], f->facts, "base-name", "Dockerfile", 9, NULL, &text, &error),
        PLIM_STATUS_NOT_FOUND);
    assert_int_equal(plim_trace(f->policies[0], f->facts, "nothing", NULL, 0, NULL, &text, &error),
                     PLIM_STATUS_NOT_FOUND);
    assert_string_equal(error.message, "no rule `nothing`");
    plim_text_release(&text);
}

static void rules_tell_what_they_are(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(plim_policy_rule_count(f->policies[0]), 2);
    plim_rule_info rule = PLIM_RULE_INFO_INIT;
    assert_int_equal(plim_policy_rule(f->policies[0], 0, &rule), PLIM_STATUS_OK);
    assert_string_equal(rule.name, "base-name");
    assert_string_equal(rule.id, "PL6901");
    assert_string_equal(rule.title, "T of base-name");
    assert_string_equal(rule.severity, "medium");
    assert_string_equal(rule.section, "style");
    assert_string_equal(rule.kinds, "stage");
    assert_string_equal(rule.file, "one.plim");
    assert_int_equal(rule.line, 3);
    assert_int_equal(rule.cover_count, 2);
    assert_string_equal(rule.covers[1], "y:2");
    assert_int_equal(plim_policy_rule(f->policies[0], 2, &rule), PLIM_STATUS_NOT_FOUND);
    assert_true(plim_policy_rule_matches(f->policies[0], 1, "stage-*"));
    assert_false(plim_policy_rule_matches(f->policies[0], 7, "stage-*"));
    plim_text text = PLIM_TEXT_INIT;
    assert_int_equal(plim_policy_params_json(f->policies[0], &text), PLIM_STATUS_OK);
    assert_non_null(strstr(text.data, "\"name\": \"most\""));
    assert_non_null(strstr(text.data, "\"high\": 5"));
    assert_non_null(strstr(text.data, "\"type\": \"list<string>\""));
    assert_int_equal(plim_policy_disasm(f->policies[0], "PL6902", &text), PLIM_STATUS_OK);
    assert_non_null(strstr(text.data, "EMIT"));
    assert_int_equal(plim_policy_disasm(f->policies[0], "PL0000", &text), PLIM_STATUS_NOT_FOUND);
    plim_text_release(&text);
}

static void images_load_again(void **state)
{
    struct fixture *f = *state;
    plim_text image = PLIM_TEXT_INIT;
    plim_text again = PLIM_TEXT_INIT;
    plim_policy *loaded = NULL;
    assert_int_equal(plim_policy_save(f->policies[0], &image), PLIM_STATUS_OK);
    assert_int_equal(plim_policy_load(&loaded, image.data, image.size, 0, NULL, NULL),
                     PLIM_STATUS_OK);
    assert_int_equal(plim_policy_save(loaded, &again), PLIM_STATUS_OK);
    assert_int_equal(image.size, again.size);
    assert_memory_equal(image.data, again.data, image.size);
    plim_policy_release(loaded);
    loaded = NULL;
    image.data[image.size / 2] ^= 1;
    plim_error error = PLIM_ERROR_INIT;
    assert_int_equal(plim_policy_load(&loaded, image.data, image.size, 0, NULL, &error),
                     PLIM_STATUS_POLICY);
    assert_null(loaded);
    plim_text_release(&image);
    plim_text_release(&again);
}

static const char tested_policy[] =
    RULE("any-stage", "PL6903",
         "  for s in stage\n  deny when s.index >= 1\n    at s\n    message \"{s.label} "
         "exists\"\n") "test \"good\" for any-stage {\n  given dockerfile \"Dockerfile\" "
                       "\"\"\"\nFROM a\nFROM b\n"
                       "\"\"\"\n  expect finding any-stage at \"Dockerfile\" line 2\n  expect "
                       "1 finding\n"
                       "  expect message like \"*exists\"\n}\n"
                       "test \"bad\" for any-stage {\n  given dockerfile \"Dockerfile\" "
                       "\"\"\"\nFROM a\n"
                       "\"\"\"\n  expect finding any-stage\n}\n";

static void tests_of_the_language_run(void **state)
{
    (void)state;
    const plim_source source = {"t.plim", tested_policy, sizeof tested_policy - 1};
    plim_test_options options = PLIM_TEST_OPTIONS_INIT;
    options.verbose = 1;
    options.coverage = 1;
    plim_test_summary sum = PLIM_TEST_SUMMARY_INIT;
    plim_text text = PLIM_TEXT_INIT;
    assert_int_equal(plim_test(&source, 1, NULL, &options, NULL, &sum, &text, NULL),
                     PLIM_STATUS_OK);
    assert_int_equal(sum.passed, 1);
    assert_int_equal(sum.failed, 1);
    assert_non_null(strstr(text.data, "ok: good\n"));
    assert_non_null(strstr(text.data, "error E0602: test \"bad\" fails here"));
    assert_non_null(strstr(text.data, "got nothing"));
    assert_non_null(strstr(text.data, "s.index = 0"));
    assert_non_null(strstr(text.data, "1 passed, 1 failed\n"));
    plim_text_release(&text);
}

static plim_status test_run(const plim_allocator *allocator, void *user)
{
    (void)user;
    const plim_source source = {"t.plim", tested_policy, sizeof tested_policy - 1};
    plim_compile_options compiling = PLIM_COMPILE_OPTIONS_INIT;
    compiling.allocator = allocator;
    plim_test_options options = PLIM_TEST_OPTIONS_INIT;
    options.allocator = allocator;
    options.coverage = 1;
    plim_test_summary sum = PLIM_TEST_SUMMARY_INIT;
    plim_text text = PLIM_TEXT_INIT;
    plim_status status = plim_test(&source, 1, &compiling, &options, NULL, &sum, &text, NULL);
    plim_text_release(&text);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(test_run, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_of_several_policies_are_merged),
        cmocka_unit_test(rules_are_selected_by_name_id_and_wildcard),
        cmocka_unit_test(parameters_are_checked_and_used),
        cmocka_unit_test(what_fits_nothing_is_refused),
        cmocka_unit_test(policies_are_counted),
        cmocka_unit_test(steps_find_what_one_run_finds),
        cmocka_unit_test(steps_fill_what_rules_read),
        cmocka_unit_test(documents_of_a_step_belong_to_it),
        cmocka_unit_test(a_spent_budget_is_an_outcome),
        cmocka_unit_test(traces_explain),
        cmocka_unit_test(rules_tell_what_they_are),
        cmocka_unit_test(images_load_again),
        cmocka_unit_test(tests_of_the_language_run),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("api_eval", tests, open_fixture, close_fixture);
}
