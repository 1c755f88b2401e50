/* SPDX-License-Identifier: Apache-2.0
 *
 * report_json.c - "plimsoll.findings/1" as docs/schema/findings-1.schema.json describes it. Keys
 * are never renamed nor given another meaning within version 1.
 */
#include "api/report.h"

#include "core/diag_json.h"
#include "core/jsonw.h"

static void put(struct jsonw *json, const char *key, const char *value)
{
    jsonw_key(json, key);
    jsonw_cstr(json, value);
}

static void put_count(struct jsonw *json, const char *key, uint64_t value)
{
    jsonw_key(json, key);
    jsonw_uint(json, value);
}

static void write_place(struct jsonw *json, const plim_place *place)
{
    put(json, "path", place->path);
    put_count(json, "line", place->line);
    put_count(json, "column", place->column);
    put_count(json, "end_line", place->end_line);
    put_count(json, "end_column", place->end_column);
}

static const char *outcome_name(plim_outcome outcome)
{
    switch (outcome) {
    case PLIM_OUTCOME_DENIED:
        return "denied";
    case PLIM_OUTCOME_UNDECIDED:
        return "undecided";
    case PLIM_OUTCOME_ERROR:
        return "error";
    }
    return "error";
}

static void write_finding(struct jsonw *json, const plim_finding *finding)
{
    jsonw_object_begin(json);
    put(json, "rule", finding->rule);
    put(json, "id", finding->id);
    put(json, "arm", finding->arm);
    put(json, "severity", severity_name(finding->severity));
    put(json, "section", finding->section);
    jsonw_key(json, "covers");
    jsonw_array_begin(json);
    for (size_t i = 0; i < finding->cover_count; i++) {
        jsonw_cstr(json, finding->covers[i]);
    }
    jsonw_array_end(json);
    put(json, "title", finding->title);
    put(json, "message", finding->message);
    put(json, "remedy", finding->remedy);
    write_place(json, &finding->place);
    jsonw_key(json, "related");
    jsonw_array_begin(json);
    for (size_t i = 0; i < finding->related_count; i++) {
        jsonw_object_begin(json);
        write_place(json, &finding->related[i]);
        put(json, "label", finding->related[i].label);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    put(json, "subject", finding->subject);
    put(json, "fingerprint", finding->fingerprint);
    put(json, "outcome", outcome_name(finding->outcome));
    if (finding->outcome == PLIM_OUTCOME_UNDECIDED) {
        jsonw_key(json, "counts_as_deny");
        jsonw_bool(json, finding->counts_as_deny != 0);
    }
    jsonw_object_end(json);
}

/* Findings of one outcome as an array. */
static void write_findings(struct jsonw *json, plim_result *result, plim_outcome wanted)
{
    size_t count = plim_result_count(result);
    for (size_t i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(&result->arena);
        plim_finding finding = PLIM_FINDING_INIT;
        plim_status status = plim_result_finding(result, i, &finding);
        if (status != PLIM_STATUS_OK) {
            json->out->status = status; /* a report that lacks a finding is none */
            return;
        }
        if (finding.outcome == wanted) {
            write_finding(json, &finding);
        }
        arena_rewind(&result->arena, mark);
    }
}

static void write_errors(struct jsonw *json, plim_result *result, plim_diags *diags)
{
    jsonw_key(json, "errors");
    jsonw_array_begin(json);
    for (struct diags_part *part = diags != NULL ? diags->first : NULL; part != NULL;
         part = part->next) {
        diag_list_sort(&part->list);
        for (size_t i = 0; i < part->list.count; i++) {
            diag_json_write(json, part->sources, part->list.items[i]);
        }
    }
    jsonw_array_end(json);
    jsonw_key(json, "not_evaluated");
    jsonw_array_begin(json);
    write_findings(json, result, PLIM_OUTCOME_ERROR);
    jsonw_array_end(json);
}

static void write_summary(struct jsonw *json, plim_result *result,
                          const plim_report_options *options)
{
    plim_summary sum = PLIM_SUMMARY_INIT;
    plim_result_summary(result, &sum);
    jsonw_key(json, "summary");
    jsonw_object_begin(json);
    put_count(json, "documents", options->documents);
    put_count(json, "rules", sum.rules);
    put_count(json, "rules_applied", sum.rules_applied);
    put_count(json, "subjects", sum.subjects);
    put_count(json, "judgements", sum.judgements);
    put_count(json, "passed", sum.passed);
    put_count(json, "findings", sum.denied);
    jsonw_key(json, "findings_by_severity");
    jsonw_object_begin(json);
    for (size_t i = PLIM_SEVERITY_COUNT; i > 0; i--) {
        put_count(json, severity_name((plim_severity)(i - 1)), sum.denied_by[i - 1]);
    }
    jsonw_object_end(json);
    put_count(json, "undecided", sum.undecided);
    put_count(json, "undecided_as_deny", sum.undecided_as_deny);
    put_count(json, "not_evaluated", sum.errors);
    put_count(json, "not_shown", sum.not_shown);
    put_count(json, "input_errors", plim_diags_errors(options->diags));
    put_count(json, "input_warnings", plim_diags_warnings(options->diags));
    jsonw_object_end(json);
}

void report_json_write(struct buf *out, plim_result *result, const plim_report_options *options)
{
    struct jsonw json;
    jsonw_init(&json, out, true);
    jsonw_object_begin(&json);
    put(&json, "schema", "plimsoll.findings/1");
    jsonw_key(&json, "tool");
    jsonw_object_begin(&json);
    put(&json, "name", "plimsoll");
    put(&json, "version", plim_version());
    jsonw_object_end(&json);
    jsonw_key(&json, "findings");
    jsonw_array_begin(&json);
    write_findings(&json, result, PLIM_OUTCOME_DENIED);
    jsonw_array_end(&json);
    jsonw_key(&json, "undecided");
    jsonw_array_begin(&json);
    write_findings(&json, result, PLIM_OUTCOME_UNDECIDED);
    jsonw_array_end(&json);
    write_errors(&json, result, options->diags);
    write_summary(&json, result, options);
    jsonw_object_end(&json);
    buf_append_char(out, '\n');
}
