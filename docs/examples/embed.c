/* SPDX-License-Identifier: Apache-2.0
 *
 * embed.c - the engine inside another program: compile a policy from memory, judge a Dockerfile
 * from memory, walk the findings. docs/embedding.md explains it line by line; `make check` builds
 * and runs it. Returns 0 when the expected finding was found.
 */
#include <plimsoll/plimsoll.h>

#include <stdio.h>
#include <string.h>

static const char policy_text[] =
    "rule root-user {\n"
    "  id \"PL5901\"\n"
    "  title \"The image runs as root\"\n"
    "  why \"Root in the container is root on the host unless user namespaces are on.\"\n"
    "  remedy \"End the last stage with USER and an unprivileged name.\"\n"
    "  severity high\n"
    "  section least-privilege\n"
    "  since \"1.0.0\"\n"
    "  unknown report\n"
    "  for s in final-stage\n"
    "  deny when has s.user.uid and s.user.uid == 0\n"
    "    at s.user\n"
    "    message \"{s.label} runs as root\"\n"
    "}\n";

static const char dockerfile_text[] = "FROM debian:12\n"
                                      "RUN make\n"
                                      "USER 0\n";

/* Shows why the policy did not compile. */
static void print_diagnostics(plim_diags *diags)
{
    plim_text text = PLIM_TEXT_INIT;
    if (plim_diags_text(diags, 0, 0, &text) == PLIM_STATUS_OK) {
        fputs(text.data, stderr);
    }
    plim_text_release(&text);
}

static int print_findings(plim_result *result)
{
    int found = 0;
    for (size_t i = 0; i < plim_result_count(result); i++) {
        plim_finding finding = PLIM_FINDING_INIT;
        if (plim_result_finding(result, i, &finding) != PLIM_STATUS_OK) {
            return -1;
        }
        printf("%s:%u:%u: %s: %s\n", finding.place.path, finding.place.line, finding.place.column,
               finding.rule, finding.message);
        found += finding.outcome == PLIM_OUTCOME_DENIED && finding.place.line == 3;
    }
    return found;
}

static plim_status judge(plim_policy *policy, plim_facts *facts, plim_result **result,
                         plim_error *error)
{
    plim_status status = plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "Dockerfile", dockerfile_text,
                                        sizeof dockerfile_text - 1, NULL, error);
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_freeze(facts, error);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_eval(result, &policy, 1, facts, NULL, error);
    }
    return status;
}

int main(void)
{
    const plim_source source = {"root.plim", policy_text, sizeof policy_text - 1};
    plim_error error = PLIM_ERROR_INIT;
    plim_diags *diags = NULL;
    plim_policy *policy = NULL;
    plim_facts *facts = NULL;
    plim_result *result = NULL;
    plim_compile_options options = PLIM_COMPILE_OPTIONS_INIT;
    options.warn = 0;

    plim_status status = plim_diags_new(&diags, NULL);
    if (status == PLIM_STATUS_OK) {
        status = plim_policy_compile(&policy, &source, 1, &options, diags, &error);
        print_diagnostics(diags);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_new(&facts, NULL, &error);
    }
    if (status == PLIM_STATUS_OK) {
        status = judge(policy, facts, &result, &error);
    }
    int found = status == PLIM_STATUS_OK ? print_findings(result) : 0;
    if (status != PLIM_STATUS_OK) {
        fprintf(stderr, "%s: %s\n", plim_status_name(status), error.message);
    }

    plim_result_free(result); /* before the facts it points into */
    plim_facts_free(facts);
    plim_policy_release(policy);
    plim_diags_free(diags);
    return found == 1 ? 0 : 1;
}
