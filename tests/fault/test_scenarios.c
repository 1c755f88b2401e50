/* SPDX-License-Identifier: Apache-2.0
 *
 * test_scenarios.c - whole scenarios through the public interface with every allocation failing in
 * turn, once and from then on. Each must end in NOMEM or in the same result as without a fault, and
 * must free what it took. Single files have such loops in their unit tests; what is tested here is
 * that nothing in between loses a failure or a block.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <plimsoll/plimsoll.h>

#include "tests/unit/fault_alloc.h"

/* No assertion below jumps away while something is held: fault_alloc_run must see all blocks freed
 * before it judges, so results are compared first and asserted after the release. */

static const char policy_text[] =
    "param bad-users : list<string> = [\"root\", \"toor\"] extendable \"who is refused\"\n"
    "list stores = [\"/var/lib/apt/lists\"]\n"
    "def is-bad(n: string) = n in bad-users or n matches \"^0+$\"\n"
    "rule user-root {\n"
    "  id \"PL5001\"\n"
    "  title \"The container runs as root\"\n"
    "  why \"\"\"uid 0\"\"\"\n"
    "  remedy \"\"\"End with USER name.\"\"\"\n"
    "  severity high\n"
    "  section least-privilege\n"
    "  since \"0.1.0\"\n"
    "  unknown report\n"
    "  for w in final-stage\n"
    "  where has w.user\n"
    "  let kept = filter c in w.commands: any a in c.arguments: a in stores\n"
    "  deny when w.user.is-root or is-bad(w.user.name default \"\") or count(kept) > 3\n"
    "    at w.user\n"
    "    message \"{w.label} runs as root: {w.user.origin}\"\n"
    "}\n"
    "test \"root is seen\" for user-root {\n"
    "  given dockerfile \"Dockerfile\" \"\"\"\n"
    "FROM alpine:3.20\n"
    "USER root\n"
    "\"\"\"\n"
    "  expect finding user-root at \"Dockerfile\" line 2\n"
    "}\n";

static const char broken_policy_text[] = "import no/where\n"
                                         "rule a { title \"x\" severity hihg for w in stagee\n"
                                         "  deny when w.usr.uid == \"a\" at w message \"{w.q}\" }\n"
                                         "rule b { title \"unclosed\n";

static const char dockerfile_text[] =
    "# syntax=docker/dockerfile:1\n"
    "ARG BASE=alpine:3.20\n"
    "FROM $BASE AS build\n"
    "ARG WHO\n"
    "ENV A=\"b c\" D=${A:-x}\n"
    "RUN --mount=type=cache,target=/c apk add --no-cache curl \\\n"
    "  && curl -fsSL https://example.org/x | sh\n"
    "FROM scratch\n"
    "COPY --from=build --chown=0:0 /out /bin/\n"
    "COPY <<EOF /etc/motd\n"
    "hello\n"
    "EOF\n"
    "HEALTHCHECK --interval=5s CMD [\"true\"]\n"
    "EXPOSE 80 443/tcp\n"
    "USER 0:0\n"
    "CMD [\"/bin/app\"]\n";

static const char broken_dockerfile_text[] = "FROM a\nRUN <<EOF\nnever ends\n";

static plim_source source_of(const char *name, const char *text)
{
    return (plim_source){.name = name, .text = text, .size = strlen(text)};
}

/* A wanted refusal counts as success of a scenario. */
static plim_status expect_status(plim_status status, plim_status wanted)
{
    return status == wanted ? PLIM_STATUS_OK : status;
}

static plim_status compile(plim_policy **out, const plim_allocator *allocator, const char *text,
                           plim_diags *diags)
{
    plim_compile_options options = PLIM_COMPILE_OPTIONS_INIT;
    options.allocator = allocator;
    plim_source source = source_of("user.plim", text);
    plim_error error;
    return plim_policy_compile(out, &source, 1, &options, diags, &error);
}

static plim_status compile_policy(const plim_allocator *allocator, void *user)
{
    (void)user;
    plim_policy *policy = NULL;
    plim_status status = compile(&policy, allocator, policy_text, NULL);
    plim_policy_release(policy);
    return status;
}

/* A fault while a diagnostic is made or shown must not hide that the policy is broken. */
static plim_status report_broken_policy(const plim_allocator *allocator, void *user)
{
    (void)user;
    plim_diags *diags = NULL;
    plim_policy *policy = NULL;
    plim_text text = {0};
    plim_status status = plim_diags_new(&diags, allocator);
    if (status == PLIM_STATUS_OK) {
        status = expect_status(compile(&policy, allocator, broken_policy_text, diags),
                               PLIM_STATUS_POLICY);
    }
    bool refused = policy == NULL;
    bool reported = status != PLIM_STATUS_OK || plim_diags_errors(diags) > 0;
    if (status == PLIM_STATUS_OK) {
        status = plim_diags_text(diags, 0, 0, &text);
    }
    plim_text_release(&text);
    if (status == PLIM_STATUS_OK) {
        status = plim_diags_json(diags, &text);
    }
    plim_text_release(&text);
    plim_diags_free(diags);
    assert_true(refused && reported);
    return status;
}

static plim_status save_and_load_image(const plim_allocator *allocator, void *user)
{
    (void)user;
    plim_policy *policy = NULL;
    plim_policy *loaded = NULL;
    plim_text image = {0};
    plim_text code = {0};
    plim_error error;
    size_t rules = 1;
    plim_status status = compile(&policy, allocator, policy_text, NULL);
    if (status == PLIM_STATUS_OK) {
        status = plim_policy_save(policy, &image);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_policy_load(&loaded, image.data, image.size, 0, allocator, &error);
    }
    plim_text_release(&image);
    if (status == PLIM_STATUS_OK) {
        rules = plim_policy_rule_count(loaded);
        status = plim_policy_disasm(loaded, NULL, &code);
    }
    plim_text_release(&code);
    if (status == PLIM_STATUS_OK) {
        status = plim_policy_params_json(loaded, &code);
    }
    plim_text_release(&code);
    plim_policy_release(loaded);
    plim_policy_release(policy);
    assert_int_equal(rules, 1);
    return status;
}

static plim_status make_facts(plim_facts **out, const plim_allocator *allocator, const char *text,
                              plim_diags *diags)
{
    static const char *const defines[] = {"WHO=me"};
    plim_facts_options options = PLIM_FACTS_OPTIONS_INIT;
    options.allocator = allocator;
    options.defines = defines;
    options.define_count = 1;
    plim_error error;
    plim_facts *facts = NULL;
    plim_status status = plim_facts_new(&facts, &options, &error);
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "Dockerfile", text, strlen(text),
                                diags, &error);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_freeze(facts, &error);
    }
    if (status != PLIM_STATUS_OK) {
        plim_facts_free(facts);
        return status;
    }
    *out = facts;
    return PLIM_STATUS_OK;
}

static plim_status print_facts(const plim_allocator *allocator, void *user)
{
    (void)user;
    plim_facts *facts = NULL;
    plim_text text = {0};
    plim_status status = make_facts(&facts, allocator, dockerfile_text, NULL);
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_json(facts, &text);
    }
    plim_text_release(&text);
    plim_facts_free(facts);
    return status;
}

static plim_status report_broken_dockerfile(const plim_allocator *allocator, void *user)
{
    (void)user;
    plim_diags *diags = NULL;
    plim_facts *facts = NULL;
    plim_text text = {0};
    plim_status status = plim_diags_new(&diags, allocator);
    if (status == PLIM_STATUS_OK) {
        status = make_facts(&facts, allocator, broken_dockerfile_text, diags);
    }
    bool usable = status == PLIM_STATUS_OK;
    status = expect_status(status, PLIM_STATUS_INPUT);
    bool reported = status != PLIM_STATUS_OK || usable || plim_diags_errors(diags) > 0;
    if (status == PLIM_STATUS_OK) {
        status = plim_diags_text(diags, 1, 60, &text);
    }
    plim_text_release(&text);
    plim_facts_free(facts);
    plim_diags_free(diags);
    assert_true(reported);
    return status;
}

/* What a run prints. */
struct printed {
    plim_text text;
    plim_text json;
};

static void release_printed(struct printed *printed)
{
    plim_text_release(&printed->text);
    plim_text_release(&printed->json);
}

/* Evaluates and renders the result as text and as JSON. */
static plim_status evaluate(const plim_allocator *allocator, struct printed *printed)
{
    plim_policy *policy = NULL;
    plim_facts *facts = NULL;
    plim_result *result = NULL;
    plim_error error;
    plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
    options.allocator = allocator;
    plim_report_options report = PLIM_REPORT_OPTIONS_INIT;
    report.allocator = allocator;
    plim_status status = compile(&policy, allocator, policy_text, NULL);
    if (status == PLIM_STATUS_OK) {
        status = make_facts(&facts, allocator, dockerfile_text, NULL);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_eval(&result, &policy, 1, facts, &options, &error);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_report(PLIM_REPORT_TEXT, result, &report, &printed->text);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_report(PLIM_REPORT_JSON, result, &report, &printed->json);
    }
    plim_result_free(result);
    plim_facts_free(facts);
    plim_policy_release(policy);
    return status;
}

static bool same_text(const plim_text *a, const plim_text *b)
{
    return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

static plim_status evaluate_and_compare(const plim_allocator *allocator, void *user)
{
    const struct printed *expected = user;
    struct printed printed = {0};
    plim_status status = evaluate(allocator, &printed);
    bool same = status != PLIM_STATUS_OK || (same_text(&printed.text, &expected->text) &&
                                             same_text(&printed.json, &expected->json));
    release_printed(&printed);
    assert_true(same);
    return status;
}

static plim_status trace_rule(const plim_allocator *allocator, void *user)
{
    (void)user;
    plim_policy *policy = NULL;
    plim_facts *facts = NULL;
    plim_text text = {0};
    plim_error error;
    plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
    options.allocator = allocator;
    plim_status status = compile(&policy, allocator, policy_text, NULL);
    if (status == PLIM_STATUS_OK) {
        status = make_facts(&facts, allocator, dockerfile_text, NULL);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_trace(policy, facts, "user-root", NULL, 0, &options, &text, &error);
    }
    plim_text_release(&text);
    plim_facts_free(facts);
    plim_policy_release(policy);
    return status;
}

static plim_status format_policy(const plim_allocator *allocator, void *user)
{
    (void)user;
    plim_source source = source_of("user.plim", policy_text);
    plim_text text = {0};
    plim_status status = plim_format(&source, allocator, &text, NULL);
    plim_text_release(&text);
    return status;
}

static plim_status run_policy_tests(const plim_allocator *allocator, void *user)
{
    (void)user;
    plim_source source = source_of("user.plim", policy_text);
    plim_compile_options compile_options = PLIM_COMPILE_OPTIONS_INIT;
    compile_options.allocator = allocator;
    plim_test_options options = {.struct_size = sizeof(options), .allocator = allocator};
    options.coverage = 1;
    plim_test_summary summary = {.struct_size = sizeof(summary)};
    plim_text text = {0};
    plim_error error;
    plim_status status =
        plim_test(&source, 1, &compile_options, &options, NULL, &summary, &text, &error);
    plim_text_release(&text);
    assert_true(status != PLIM_STATUS_OK || (summary.passed == 1 && summary.failed == 0));
    return status;
}

#define SCENARIO_TEST(name)                                                                        \
    static void name##_survives(void **state)                                                      \
    {                                                                                              \
        (void)state;                                                                               \
        fault_alloc_run(name, NULL);                                                               \
    }

SCENARIO_TEST(compile_policy)
SCENARIO_TEST(report_broken_policy)
SCENARIO_TEST(save_and_load_image)
SCENARIO_TEST(print_facts)
SCENARIO_TEST(report_broken_dockerfile)
SCENARIO_TEST(trace_rule)
SCENARIO_TEST(format_policy)
SCENARIO_TEST(run_policy_tests)

static void evaluation_survives_and_agrees(void **state)
{
    (void)state;
    struct printed expected = {0};
    assert_int_equal(evaluate(NULL, &expected), PLIM_STATUS_OK);
    assert_non_null(strstr(expected.text.data, "USER 0:0"));
    fault_alloc_run(evaluate_and_compare, &expected);
    release_printed(&expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compile_policy_survives),
        cmocka_unit_test(report_broken_policy_survives),
        cmocka_unit_test(save_and_load_image_survives),
        cmocka_unit_test(print_facts_survives),
        cmocka_unit_test(report_broken_dockerfile_survives),
        cmocka_unit_test(evaluation_survives_and_agrees),
        cmocka_unit_test(trace_rule_survives),
        cmocka_unit_test(format_policy_survives),
        cmocka_unit_test(run_policy_tests_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
