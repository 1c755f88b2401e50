/* SPDX-License-Identifier: Apache-2.0
 *
 * report_text.c - the report for people:
 *
 *     path:line:col: severity rule: message
 *         12 | USER root
 *            |      ^^^^
 *        fix: what to do
 *
 * then what was undecided and why, then the summary. Everything that comes from inputs or policies
 * goes through sanitize.
 */
#include "api/report.h"

#include "core/diag_text.h"
#include "core/sanitize.h"

enum {
    TEXT_COLUMNS = 1000, /* of one untrusted text */
    UNDECIDED_SHOWN = 20
};

struct text_report {
    struct buf *out;
    plim_result *result;
    const plim_report_options *options;
};

static const char *severity_color(plim_severity severity)
{
    switch (severity) {
    case PLIM_SEVERITY_CRITICAL:
    case PLIM_SEVERITY_HIGH:
        return "\033[1;31m";
    case PLIM_SEVERITY_MEDIUM:
        return "\033[1;33m";
    case PLIM_SEVERITY_LOW:
    case PLIM_SEVERITY_INFO:
        return "\033[1;36m";
    }
    return "";
}

static void color(const struct text_report *r, const char *code)
{
    if (r->options->color != 0) {
        buf_append_cstr(r->out, code);
    }
}

static void untrusted(const struct text_report *r, const char *text)
{
    sanitize_append(r->out, str_from_cstr(text), TEXT_COLUMNS);
}

/* Appends the first paragraph of a text as one line: remedies may be written over several. */
static void write_paragraph(const struct text_report *r, struct str text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t end = str_find_char(text, '\n', at);
        struct str line = str_trim(str_slice(text, at, end));
        if (line.len == 0) {
            return;
        }
        buf_append_cstr(r->out, at > 0 ? " " : "");
        sanitize_append(r->out, line, TEXT_COLUMNS);
        at = end + 1;
    }
}

static void write_place(const struct text_report *r, const plim_place *place)
{
    sanitize_append_line_start(r->out, str_from_cstr(place->path), TEXT_COLUMNS);
    buf_append_char(r->out, ':');
    buf_append_u64(r->out, place->line);
    buf_append_char(r->out, ':');
    buf_append_u64(r->out, place->column);
    buf_append(r->out, STR(": "));
}

static void write_excerpt(const struct text_report *r, size_t index)
{
    const struct result_ref *ref = &r->result->order[index];
    const struct outcome *outcome = &r->result->parts[ref->part].report->items[ref->index];
    struct diag_style style = {.color = r->options->color != 0, .width = r->options->width};
    diag_text_write_excerpt(r->out, &r->result->facts->store->sources, outcome->span, '^', STR(""),
                            style);
}

static void write_denied(const struct text_report *r, size_t index, const plim_finding *finding)
{
    color(r, "\033[1m");
    write_place(r, &finding->place);
    color(r, severity_color(finding->severity));
    buf_append_cstr(r->out, severity_name(finding->severity));
    color(r, "\033[0m");
    buf_append_char(r->out, ' ');
    untrusted(r, finding->rule);
    if (finding->arm[0] != '\0') {
        buf_append_char(r->out, '/');
        untrusted(r, finding->arm);
    }
    buf_append_cstr(r->out, ": ");
    untrusted(r, finding->message);
    buf_append_char(r->out, '\n');
    write_excerpt(r, index);
    for (size_t i = 0; i < finding->related_count; i++) {
        buf_append_cstr(r->out, "   see ");
        write_place(r, &finding->related[i]);
        untrusted(r, finding->related[i].label);
        buf_append_char(r->out, '\n');
    }
    struct str remedy = str_trim(str_from_cstr(finding->remedy));
    if (remedy.len > 0) {
        buf_append_cstr(r->out, "   fix: ");
        write_paragraph(r, remedy);
        buf_append_char(r->out, '\n');
    }
}

static void write_other(const struct text_report *r, const plim_finding *finding)
{
    write_place(r, &finding->place);
    if (finding->outcome == PLIM_OUTCOME_ERROR) {
        buf_append_cstr(r->out, "not evaluated ");
    } else {
        buf_append_cstr(r->out, "undecided ");
        buf_append_cstr(r->out, finding->counts_as_deny != 0 ? "(counts as deny) " : "");
    }
    untrusted(r, finding->rule);
    buf_append_cstr(r->out, ": ");
    untrusted(r, finding->message);
    if (finding->related_count > 0) {
        const plim_place *cause = &finding->related[0];
        buf_append_cstr(r->out, " (see ");
        untrusted(r, cause->path);
        buf_printf(r->out, ":%u:%u)", cause->line, cause->column);
    }
    buf_append_char(r->out, '\n');
}

static const struct outcome *outcome_at(const struct text_report *r, size_t index)
{
    const struct result_ref *ref = &r->result->order[index];
    return &r->result->parts[ref->part].report->items[ref->index];
}

/* Whether an undecided outcome was told by the line before: each arm of a rule has its own. */
static bool is_repeated(const struct text_report *r, size_t index)
{
    if (index == 0 || r->result->order[index].part != r->result->order[index - 1].part) {
        return false;
    }
    const struct outcome *now = outcome_at(r, index);
    const struct outcome *before = outcome_at(r, index - 1);
    return now->kind == OUTCOME_UNDECIDED && before->kind == OUTCOME_UNDECIDED &&
           now->rule == before->rule && now->span.source == before->span.source &&
           now->span.start == before->span.start && now->span.end == before->span.end &&
           str_eq(now->message, before->message);
}

/* Findings of one outcome; returns how many different ones there were. At most `most` are shown. */
static size_t write_findings(const struct text_report *r, plim_outcome wanted, size_t most)
{
    size_t seen = 0;
    size_t count = plim_result_count(r->result);
    for (size_t i = 0; i < count; i++) {
        if ((plim_outcome)outcome_at(r, i)->kind != wanted || is_repeated(r, i)) {
            continue;
        }
        seen++;
        if (seen > most) {
            continue;
        }
        struct arena_mark mark = arena_mark(&r->result->arena);
        plim_finding finding;
        plim_status status = result_describe(r->result, i, &finding);
        if (status != PLIM_STATUS_OK) {
            r->out->status = status; /* a report that lacks a finding is none */
            return seen;
        }
        if (wanted == PLIM_OUTCOME_DENIED) {
            write_denied(r, i, &finding);
        } else {
            write_other(r, &finding);
        }
        arena_rewind(&r->result->arena, mark);
    }
    return seen;
}

/* "3 files", "1 file". */
static void counted(struct buf *out, uint64_t count, const char *noun)
{
    buf_append_u64(out, count);
    buf_append_char(out, ' ');
    buf_append_cstr(out, noun);
    buf_append_cstr(out, count == 1 ? "" : "s");
}

static void write_severities(struct buf *out, const plim_summary *sum)
{
    const char *before = " (";
    for (size_t i = PLIM_SEVERITY_COUNT; i > 0; i--) {
        if (sum->denied_by[i - 1] > 0) {
            buf_append_cstr(out, before);
            buf_append_u64(out, sum->denied_by[i - 1]);
            buf_append_char(out, ' ');
            buf_append_cstr(out, severity_name((plim_severity)(i - 1)));
            before = ", ";
        }
    }
    if (sum->denied > 0) {
        buf_append_char(out, ')');
    }
}

static void write_problems(struct buf *out, const plim_summary *sum, plim_diags *diags)
{
    size_t errors = plim_diags_errors(diags);
    size_t warnings = plim_diags_warnings(diags);
    if (sum->not_shown > 0) {
        buf_append_cstr(out, "; ");
        counted(out, sum->not_shown, "more outcome");
        buf_append_cstr(out, " not shown");
    }
    if (sum->undecided > 0) {
        buf_append_cstr(out, "; ");
        buf_append_u64(out, sum->undecided);
        buf_append_cstr(out, " undecided");
        if (sum->undecided_as_deny > 0) {
            buf_append_cstr(out, ", ");
            buf_append_u64(out, sum->undecided_as_deny);
            buf_append_cstr(out, " of them count as deny");
        }
    }
    if (sum->errors > 0) {
        buf_append_cstr(out, "; ");
        buf_append_u64(out, sum->errors);
        buf_append_cstr(out, " not evaluated");
    }
    if (errors > 0) {
        buf_append_cstr(out, "; ");
        counted(out, errors, "input error");
    }
    if (warnings > 0) {
        buf_append_cstr(out, "; ");
        counted(out, warnings, "input warning");
    }
}

static void write_summary(const struct text_report *r)
{
    plim_summary sum = PLIM_SUMMARY_INIT;
    plim_result_summary(r->result, &sum);
    counted(r->out, sum.rules, "rule");
    buf_append_cstr(r->out, " judged ");
    counted(r->out, sum.subjects, "subject");
    buf_append_cstr(r->out, " in ");
    counted(r->out, r->options->documents, "file");
    buf_append_cstr(r->out, ": ");
    counted(r->out, sum.denied, "finding");
    write_severities(r->out, &sum);
    write_problems(r->out, &sum, r->options->diags);
    buf_append_char(r->out, '\n');
}

void report_text_write(struct buf *out, plim_result *result, const plim_report_options *options)
{
    struct text_report r = {.out = out, .result = result, .options = options};
    if (result == NULL) {
        return;
    }
    if (options->detail != PLIM_REPORT_SUMMARY) {
        size_t denied = write_findings(&r, PLIM_OUTCOME_DENIED, SIZE_MAX);
        size_t errors = write_findings(&r, PLIM_OUTCOME_ERROR, SIZE_MAX);
        size_t undecided = 0;
        if (options->detail == PLIM_REPORT_FULL) {
            undecided = write_findings(&r, PLIM_OUTCOME_UNDECIDED, UNDECIDED_SHOWN);
            if (undecided > UNDECIDED_SHOWN) {
                counted(out, undecided - UNDECIDED_SHOWN, "more undecided outcome");
                buf_append_cstr(out, ": --format json lists all\n");
            }
        }
        if (denied + errors + undecided > 0 && options->detail == PLIM_REPORT_FULL) {
            buf_append_char(out, '\n');
        }
    }
    if (options->detail != PLIM_REPORT_FINDINGS) {
        write_summary(&r);
    }
}
