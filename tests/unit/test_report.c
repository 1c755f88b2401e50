/* SPDX-License-Identifier: Apache-2.0
 *
 * test_report.c - findings as the outside sees them: the walk, the text report, and JSON that fits
 * the schema that ships.
 */
#include <plimsoll/plimsoll.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "json_schema.h"

static const char policy_text[] =
    "rule root-user {\n"
    "  id \"PL5901\"\n"
    "  title \"Runs as root\"\n"
    "  why \"w\"\n"
    "  remedy \"\"\"\n    End it\n    with USER.\n\n    More of it.\n  \"\"\"\n"
    "  severity high\n"
    "  section least-privilege\n"
    "  covers \"hadolint:DL3002\"\n"
    "  since \"1.0.0\"\n"
    "  unknown report\n"
    "  for s in final-stage\n"
    "  deny root when has s.user.uid and s.user.uid == 0\n"
    "    at s.user\n"
    "    also at s \"the stage\"\n"
    "    message \"{s.label} runs as root\"\n"
    "}\n";

struct fixture {
    plim_policy *policy;
    plim_diags *diags;
    plim_facts *facts;
    plim_result *result;
};

static const struct {
    const char *name;
    const char *text;
} documents[] = {
    {"b/Dockerfile", "FROM debian\nUSER 0\n"},
    {"a/Dockerfile", "FROM debian\nUSER root\n"},
    {"c/Dockerfile", "FROM debian\nARG U\nUSER $U\n"},
    {"d/Dockerfile", "FROM debian\nNOSUCH \033[31m\xff\nUSER 7\n"},
};

static void open_fixture(struct fixture *f)
{
    *f = (struct fixture){0};
    const plim_source source = {"t.plim", policy_text, sizeof policy_text - 1};
    plim_error error = PLIM_ERROR_INIT;
    assert_int_equal(plim_diags_new(&f->diags, NULL), PLIM_STATUS_OK);
    plim_compile_options options = PLIM_COMPILE_OPTIONS_INIT;
    options.warn = 0;
    plim_status status = plim_policy_compile(&f->policy, &source, 1, &options, f->diags, &error);
    if (status != PLIM_STATUS_OK) {
        plim_text text = PLIM_TEXT_INIT;
        assert_int_equal(plim_diags_text(f->diags, 0, 0, &text), PLIM_STATUS_OK);
        print_error("%s\n", text.data);
        plim_text_release(&text);
    }
    assert_int_equal(status, PLIM_STATUS_OK);
    assert_int_equal(plim_facts_new(&f->facts, NULL, &error), PLIM_STATUS_OK);
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        assert_int_equal(plim_facts_add(f->facts, PLIM_INPUT_DOCKERFILE, documents[i].name,
                                        documents[i].text, strlen(documents[i].text), f->diags,
                                        &error),
                         PLIM_STATUS_OK);
    }
    assert_int_equal(plim_facts_freeze(f->facts, &error), PLIM_STATUS_OK);
    assert_int_equal(plim_eval(&f->result, &f->policy, 1, f->facts, NULL, &error), PLIM_STATUS_OK);
}

static void close_fixture(struct fixture *f)
{
    plim_result_free(f->result);
    plim_facts_free(f->facts);
    plim_policy_release(f->policy);
    plim_diags_free(f->diags);
}

static void findings_come_in_order_of_place(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    assert_int_equal(plim_result_count(f.result), 3);
    plim_finding first = PLIM_FINDING_INIT;
    plim_finding second = PLIM_FINDING_INIT;
    plim_finding third = PLIM_FINDING_INIT;
    assert_int_equal(plim_result_finding(f.result, 0, &first), PLIM_STATUS_OK);
    assert_int_equal(plim_result_finding(f.result, 1, &second), PLIM_STATUS_OK);
    assert_int_equal(plim_result_finding(f.result, 2, &third), PLIM_STATUS_OK);
    assert_string_equal(first.place.path, "a/Dockerfile");
    assert_string_equal(second.place.path, "b/Dockerfile");
    assert_int_equal(second.place.line, 2);
    assert_int_equal(second.place.column, 1);
    assert_int_equal(second.place.end_column, 7);
    assert_string_equal(second.rule, "root-user");
    assert_string_equal(second.arm, "root");
    assert_string_equal(second.covers[0], "hadolint:DL3002");
    assert_int_equal(second.related_count, 1);
    assert_string_equal(second.related[0].label, "the stage");
    assert_int_equal(second.related[0].line, 1);
    assert_int_equal(strlen(second.fingerprint), 32);
    assert_string_not_equal(first.fingerprint, second.fingerprint);
    assert_int_equal(third.outcome, PLIM_OUTCOME_UNDECIDED);
    assert_string_equal(third.place.path, "c/Dockerfile");
    assert_int_equal(plim_result_finding(f.result, 3, &third), PLIM_STATUS_NOT_FOUND);
    close_fixture(&f);
}

static void the_summary_counts_every_outcome(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    plim_summary sum = PLIM_SUMMARY_INIT;
    plim_result_summary(f.result, &sum);
    assert_int_equal(sum.rules, 1);
    assert_int_equal(sum.rules_applied, 1);
    assert_int_equal(sum.subjects, 4);
    assert_int_equal(sum.judgements, 4);
    assert_int_equal(sum.denied, 2);
    assert_int_equal(sum.denied_by[PLIM_SEVERITY_HIGH], 2);
    assert_int_equal(sum.undecided, 1);
    assert_int_equal(sum.passed, 1);
    plim_summary part = {.struct_size = offsetof(plim_summary, subjects)};
    plim_result_summary(f.result, &part);
    assert_int_equal(part.rules_applied, 1);
    assert_int_equal(part.subjects, 0);
    close_fixture(&f);
}

static void the_text_report_is_for_people(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    plim_report_options options = PLIM_REPORT_OPTIONS_INIT;
    options.diags = f.diags;
    options.documents = 4;
    plim_text text = PLIM_TEXT_INIT;
    assert_int_equal(plim_report(PLIM_REPORT_TEXT, f.result, &options, &text), PLIM_STATUS_OK);
    assert_non_null(strstr(text.data, "b/Dockerfile:2:1: high root-user/root: "));
    assert_non_null(strstr(text.data, "    2 | USER 0\n      | ^^^^^^\n"
                                      "   see b/Dockerfile:1:1: the stage\n"
                                      "   fix: End it with USER.\n"));
    assert_null(strstr(text.data, "More of it"));
    assert_non_null(strstr(text.data, "c/Dockerfile:3:1: undecided root-user: "));
    assert_non_null(strstr(text.data, "1 rule judged 4 subjects in 4 files: 2 findings (2 high); "
                                      "1 undecided; 1 input warning\n"));
    options.detail = PLIM_REPORT_SUMMARY;
    assert_int_equal(plim_report(PLIM_REPORT_TEXT, f.result, &options, &text), PLIM_STATUS_OK);
    assert_memory_equal(text.data, "1 rule judged", 13);
    plim_text_release(&text);
    close_fixture(&f);
}

static void the_json_report_fits_its_schema(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    plim_report_options options = PLIM_REPORT_OPTIONS_INIT;
    options.diags = f.diags;
    options.documents = 4;
    plim_text text = PLIM_TEXT_INIT;
    assert_int_equal(plim_report(PLIM_REPORT_JSON, f.result, &options, &text), PLIM_STATUS_OK);
    assert_true(json_schema_check_file("docs/schema/findings-1.schema.json", text.data, text.size));
    assert_int_equal(plim_report(PLIM_REPORT_JSON, NULL, &options, &text), PLIM_STATUS_OK);
    assert_true(json_schema_check_file("docs/schema/findings-1.schema.json", text.data, text.size));
    plim_text_release(&text);
    close_fixture(&f);
}

static void the_facts_fit_their_schema(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    plim_text schema = PLIM_TEXT_INIT;
    plim_text text = PLIM_TEXT_INIT;
    assert_int_equal(plim_schema(PLIM_SCHEMA_JSON_SCHEMA, &schema), PLIM_STATUS_OK);
    assert_int_equal(plim_facts_json(f.facts, &text), PLIM_STATUS_OK);
    assert_true(json_schema_check(schema.data, schema.size, text.data, text.size));
    plim_text_release(&schema);
    plim_text_release(&text);
    close_fixture(&f);
}

static void a_validator_that_accepts_all_proves_nothing(void **state)
{
    (void)state;
    const char *file = "docs/schema/findings-1.schema.json";
    static const char *const wrong[] = {"{}", "[]", "{\"schema\":\"plimsoll.findings/2\"}", "{"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(json_schema_check_file(file, wrong[i], strlen(wrong[i])));
    }
}

static void report_formats_have_names(void **state)
{
    (void)state;
    plim_report_format format = PLIM_REPORT_JSON;
    assert_int_equal(plim_report_format_of("text", &format), PLIM_STATUS_OK);
    assert_int_equal(format, PLIM_REPORT_TEXT);
    assert_int_equal(plim_report_format_of("sarif", &format), PLIM_STATUS_NOT_FOUND);
    plim_text text = PLIM_TEXT_INIT;
    assert_int_equal(plim_report((plim_report_format)7, NULL, NULL, &text), PLIM_STATUS_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_come_in_order_of_place),
        cmocka_unit_test(the_summary_counts_every_outcome),
        cmocka_unit_test(the_text_report_is_for_people),
        cmocka_unit_test(the_json_report_fits_its_schema),
        cmocka_unit_test(the_facts_fit_their_schema),
        cmocka_unit_test(a_validator_that_accepts_all_proves_nothing),
        cmocka_unit_test(report_formats_have_names),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
