/* SPDX-License-Identifier: Apache-2.0
 *
 * stage_eval.c - golden stages of a whole run through the public interface: findings (an input is a
 * policy and, behind lines `=== NAME`, the Dockerfiles it judges) and facts (a Dockerfile).
 */
#include <plimsoll/plimsoll.h>

#include <string.h>

#include "tests/golden/golden.h"

struct run {
    plim_diags *diags;
    plim_policy *policy;
    plim_facts *facts;
    plim_result *result;
    plim_error error;
};

/* The part of an input from `*at` to the next separator; `*name` is what stands behind that. */
static struct str next_part(struct str text, size_t *at, struct str *name)
{
    static const char mark[] = "\n=== ";
    struct str rest = str_slice(text, *at, text.len);
    size_t end = str_find(rest, STR("\n=== "));
    size_t line = end < rest.len ? end + sizeof mark - 1 : end;
    size_t line_end = str_find_char(rest, '\n', line);
    *name = str_slice(rest, line, line_end);
    *at += line_end < rest.len ? line_end + 1 : rest.len;
    return str_slice(rest, 0, end < rest.len ? end + 1 : end);
}

static plim_status add_documents(struct run *run, struct str text, size_t at, struct str name)
{
    plim_status status = plim_facts_new(&run->facts, NULL, &run->error);
    while (status == PLIM_STATUS_OK && name.len > 0) {
        char path[64] = "";
        struct str next;
        struct str part = next_part(text, &at, &next);
        memcpy(path, name.ptr, name.len < sizeof path ? name.len : sizeof path - 1);
        status = plim_facts_add(run->facts, PLIM_INPUT_DOCKERFILE, path, part.ptr, part.len,
                                run->diags, &run->error);
        name = next;
    }
    return status == PLIM_STATUS_OK ? plim_facts_freeze(run->facts, &run->error) : status;
}

static plim_status put_findings(struct buf *out, struct run *run)
{
    static const char *const outcomes[] = {"denied", "undecided", "error"};
    for (size_t i = 0; i < plim_result_count(run->result); i++) {
        plim_finding finding = PLIM_FINDING_INIT;
        plim_status status = plim_result_finding(run->result, i, &finding);
        if (status != PLIM_STATUS_OK) {
            return status;
        }
        buf_printf(out, "%s:%u:%u-%u:%u %s %s%s%s: %s\n", finding.place.path, finding.place.line,
                   finding.place.column, finding.place.end_line, finding.place.end_column,
                   outcomes[finding.outcome], finding.rule, *finding.arm != '\0' ? "/" : "",
                   finding.arm, finding.message);
        for (size_t j = 0; j < finding.related_count; j++) {
            const plim_place *place = &finding.related[j];
            buf_printf(out, "  %s:%u:%u %s\n", place->path, place->line, place->column,
                       place->label);
        }
    }
    plim_summary summary = PLIM_SUMMARY_INIT;
    plim_result_summary(run->result, &summary);
    buf_printf(out, "%zu rules, %zu subjects, %zu denied, %zu undecided, %zu passed\n",
               summary.rules, summary.subjects, summary.denied, summary.undecided, summary.passed);
    return PLIM_STATUS_OK;
}

static void close_run(struct buf *out, struct run *run, plim_status status)
{
    plim_text text = PLIM_TEXT_INIT;
    if (run->diags != NULL && plim_diags_text(run->diags, 0, 0, &text) == PLIM_STATUS_OK) {
        buf_append(out, str_make(text.data, text.size));
    }
    plim_text_release(&text);
    if (status != PLIM_STATUS_OK) {
        buf_printf(out, "status %s\n", plim_status_name(status));
    }
    plim_result_free(run->result);
    plim_facts_free(run->facts);
    plim_policy_release(run->policy);
    plim_diags_free(run->diags);
}

void golden_findings(struct buf *out, struct str name, struct str text)
{
    (void)name;
    struct run run = {.error = PLIM_ERROR_INIT};
    size_t at = 0;
    struct str document;
    struct str policy = next_part(text, &at, &document);
    plim_source source = {.name = "policy.plim", .text = policy.ptr, .size = policy.len};
    plim_compile_options options = PLIM_COMPILE_OPTIONS_INIT;
    options.warn = 0;
    plim_status status = plim_diags_new(&run.diags, NULL);
    if (status == PLIM_STATUS_OK) {
        status = plim_policy_compile(&run.policy, &source, 1, &options, run.diags, &run.error);
    }
    if (status == PLIM_STATUS_OK) {
        status = add_documents(&run, text, at, document);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_eval(&run.result, &run.policy, 1, run.facts, NULL, &run.error);
    }
    if (status == PLIM_STATUS_OK) {
        status = put_findings(out, &run);
    }
    close_run(out, &run, status);
}

void golden_facts(struct buf *out, struct str name, struct str text)
{
    (void)name;
    struct run run = {.error = PLIM_ERROR_INIT};
    plim_text json = PLIM_TEXT_INIT;
    plim_status status = plim_diags_new(&run.diags, NULL);
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_new(&run.facts, NULL, &run.error);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_add(run.facts, PLIM_INPUT_DOCKERFILE, "Dockerfile", text.ptr, text.len,
                                run.diags, &run.error);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_freeze(run.facts, &run.error);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_json(run.facts, &json);
    }
    if (status == PLIM_STATUS_OK) {
        buf_append(out, str_make(json.data, json.size));
        buf_append_char(out, '\n');
    }
    plim_text_release(&json);
    close_run(out, &run, status);
}
