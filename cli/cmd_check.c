/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_check.c - `plimsoll check`: judge files by the rules and report.
 *
 * Everything that could go wrong on the command line is found before the first file is read. The
 * exit code that says the check is not complete wins over the one that says there are findings.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/commands.h"
#include "cli/mem.h"
#include "cli/out.h"

/* One report to write. */
struct target {
    plim_report_format format;
    const char *path; /* "-": standard output */
};

struct check {
    const struct options *options;
    struct target *targets;
    size_t target_count;
    size_t target_capacity;
    struct policies policies;
    struct documents documents;
    plim_result *result;
    struct names copies; /* texts that were cut out of an argument */
    bool limited;        /* evaluation came to a budget */
};

static bool add_target(struct check *c, const char *format, const char *path)
{
    struct target target = {.path = path};
    if (plim_report_format_of(format, &target.format) != PLIM_STATUS_OK) {
        out_say("no output format `%s`; there are text and json", format);
        return false;
    }
    c->targets = mem_grow(c->targets, &c->target_capacity, c->target_count + 1, sizeof *c->targets);
    c->targets[c->target_count] = target;
    c->target_count++;
    return true;
}

/* Standard output by --format, files by --output FORMAT=FILE. */
static bool choose_targets(struct check *c)
{
    if (!add_target(c, opt_value(c->options, OPT_format, "text"), "-")) {
        return false;
    }
    const struct names *outputs = &c->options->values[OPT_output];
    for (size_t i = 0; i < outputs->count; i++) {
        const char *equals = strchr(outputs->items[i], '=');
        if (equals == NULL || equals[1] == '\0') {
            out_say("--output %s: write FORMAT=FILE", outputs->items[i]);
            return false;
        }
        size_t size = (size_t)(equals - outputs->items[i]);
        const char *format = names_add_copy(&c->copies, outputs->items[i], size);
        if (!add_target(c, format, equals + 1)) {
            return false;
        }
    }
    return true;
}

/* The time rules see; 0 when there is no clock, and then rules that ask are undecided. */
static int64_t time_now(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return 0;
    }
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static plim_eval_options evaluation_options(const struct check *c)
{
    plim_eval_options chosen = PLIM_EVAL_OPTIONS_INIT;
    chosen.params = c->options->values[OPT_param].items;
    chosen.param_count = c->options->values[OPT_param].count;
    chosen.rules = c->options->values[OPT_rule].items;
    chosen.rule_count = c->options->values[OPT_rule].count;
    chosen.sections = c->options->values[OPT_section].items;
    chosen.section_count = c->options->values[OPT_section].count;
    chosen.now_ns = time_now();
    return chosen;
}

/* RULE@FILE:LINE in its parts; FILE and LINE may be left out. */
struct trace_point {
    const char *rule;
    const char *path;
    unsigned line;
};

static bool parse_trace(struct check *c, const char *text, struct trace_point *out)
{
    const char *at = strchr(text, '@');
    size_t size = at != NULL ? (size_t)(at - text) : strlen(text);
    *out = (struct trace_point){.rule = names_add_copy(&c->copies, text, size)};
    if (at == NULL) {
        return size > 0;
    }
    const char *colon = strrchr(at, ':');
    const char *end = at + strlen(at);
    if (colon != NULL && colon[1] != '\0' && colon[1 + strspn(colon + 1, "0123456789")] == '\0') {
        unsigned long line = strtoul(colon + 1, NULL, 10);
        if (line > UINT32_MAX) {
            return false;
        }
        out->line = (unsigned)line;
        end = colon;
    }
    if (end > at + 1) {
        out->path = names_add_copy(&c->copies, at + 1, (size_t)(end - at - 1));
    }
    return size > 0;
}

static int trace_one(struct check *c, const struct trace_point *point)
{
    plim_eval_options chosen = evaluation_options(c);
    plim_text text = PLIM_TEXT_INIT;
    plim_error error = PLIM_ERROR_INIT;
    plim_status status = PLIM_STATUS_NOT_FOUND;
    for (size_t i = 0; i < c->policies.count && status == PLIM_STATUS_NOT_FOUND; i++) {
        plim_error reason = PLIM_ERROR_INIT;
        status = plim_trace(c->policies.items[i], c->documents.facts, point->rule, point->path,
                            point->line, &chosen, &text, &reason);
        bool known = false;
        for (size_t r = 0; r < plim_policy_rule_count(c->policies.items[i]) && !known; r++) {
            known = plim_policy_rule_matches(c->policies.items[i], r, point->rule) != 0;
        }
        if (known || error.message[0] == '\0') {
            error = reason;
        }
    }
    if (status == PLIM_STATUS_OK) {
        return out_text(&text);
    }
    return out_fail(status, &error);
}

static int trace_all(struct check *c)
{
    const struct names *points = &c->options->values[OPT_trace];
    int code = 0;
    for (size_t i = 0; i < points->count; i++) {
        struct trace_point point;
        if (!parse_trace(c, points->items[i], &point)) {
            out_say("--trace %s: write RULE@FILE:LINE", points->items[i]);
            return EXIT_USAGE;
        }
        int failed = trace_one(c, &point);
        code = failed != 0 ? failed : code;
    }
    return code;
}

/* How a target wants its report. */
static plim_report_options report_options(const struct check *c, const struct target *target)
{
    const struct options *options = c->options;
    bool terminal = strcmp(target->path, "-") == 0;
    plim_report_options chosen = PLIM_REPORT_OPTIONS_INIT;
    chosen.diags = c->documents.diags;
    chosen.documents = c->documents.count;
    chosen.color = terminal && out_color(opt_value(options, OPT_color, "auto"), 1);
    chosen.width = terminal ? out_width(1) : 0;
    chosen.detail = opt_given(options, OPT_summary) ? PLIM_REPORT_SUMMARY
                    : opt_given(options, OPT_quiet) ? PLIM_REPORT_FINDINGS
                                                    : PLIM_REPORT_FULL;
    return chosen;
}

/* Writes all targets; the same report for two of them is made once. */
static int write_reports(struct check *c)
{
    plim_text text = PLIM_TEXT_INIT;
    plim_report_options made = PLIM_REPORT_OPTIONS_INIT;
    plim_report_format format = PLIM_REPORT_TEXT;
    int code = 0;
    for (size_t i = 0; i < c->target_count; i++) {
        const struct target *target = &c->targets[i];
        plim_report_options chosen = report_options(c, target);
        plim_status status = PLIM_STATUS_OK;
        if (text.data == NULL || format != target->format || made.color != chosen.color ||
            made.width != chosen.width) {
            status = plim_report(target->format, c->result, &chosen, &text);
            made = chosen;
            format = target->format;
        }
        int failed = status != PLIM_STATUS_OK ? out_fail(status, NULL)
                                              : out_file(target->path, text.data, text.size);
        code = failed != 0 ? failed : code;
    }
    plim_text_release(&text);
    return code;
}

/* Whether a finding reaches --fail-on. */
static bool over_threshold(const struct options *options, const plim_summary *sum)
{
    static const char *const names[PLIM_SEVERITY_COUNT] = {"info", "low", "medium", "high",
                                                           "critical"};
    const char *lowest = opt_value(options, OPT_fail_on, "high");
    size_t found = 0;
    bool counts = false;
    for (size_t i = 0; i < PLIM_SEVERITY_COUNT; i++) {
        counts = counts || strcmp(lowest, names[i]) == 0;
        found += counts ? sum->denied_by[i] : 0;
    }
    return found > 0;
}

static int verdict(const struct check *c, const plim_summary *sum)
{
    if (c->limited || c->documents.limited > 0 || sum->errors > 0 || sum->undecided_as_deny > 0) {
        return EXIT_LIMIT;
    }
    if (c->documents.failed > 0 || plim_diags_errors(c->documents.diags) > 0 ||
        sum->subjects == 0 || sum->rules == 0) {
        return EXIT_INPUT;
    }
    return over_threshold(c->options, sum) ? EXIT_FINDINGS : 0;
}

/* Says it when there was nothing to judge: that is no pass. */
static void say_nothing_checked(const struct check *c, const plim_summary *sum)
{
    if (sum->rules == 0) {
        out_say("nothing was checked: no rule is selected");
    } else if (c->documents.count == 0 && c->documents.failed == 0) {
        out_say("nothing was checked: no Dockerfile, Containerfile or compose file was found%s",
                c->documents.skipped > 0   ? ", only templates"
                : c->documents.ignored > 0 ? "; --no-ignore searches what .gitignore excludes, too"
                                           : "");
    } else if (sum->subjects == 0) {
        out_say("nothing was checked: no rule applies to what was found");
    }
}

/* Judges what was read since the last time. */
static bool judge_batch(struct documents *documents, void *user)
{
    struct check *c = user;
    plim_error error = PLIM_ERROR_INIT;
    plim_status status = plim_eval_step(c->result, &error);
    if (status == PLIM_STATUS_OK || status == PLIM_STATUS_LIMIT) {
        c->limited = c->limited || status != PLIM_STATUS_OK;
        return true;
    }
    documents->code = out_fail(status, &error);
    return false;
}

/* The end of reading and judging: reports and the exit code. */
static int conclude(struct check *c)
{
    plim_error error = PLIM_ERROR_INIT;
    plim_status status = plim_eval_end(c->result, &error);
    if (status != PLIM_STATUS_OK && status != PLIM_STATUS_LIMIT) {
        return out_fail(status, &error);
    }
    c->limited = c->limited || status != PLIM_STATUS_OK;
    if (!opt_given(c->options, OPT_quiet) || plim_diags_errors(c->documents.diags) > 0) {
        show_diags(c->documents.diags, opt_value(c->options, OPT_color, "auto"));
    }
    plim_summary sum = PLIM_SUMMARY_INIT;
    plim_result_summary(c->result, &sum);
    int code = write_reports(c);
    say_nothing_checked(c, &sum);
    int judged = verdict(c, &sum);
    return code != 0 ? code : judged;
}

static int trace(struct check *c)
{
    plim_error error = PLIM_ERROR_INIT;
    plim_status status = plim_facts_freeze(c->documents.facts, &error);
    show_diags(c->documents.diags, opt_value(c->options, OPT_color, "auto"));
    return status == PLIM_STATUS_OK ? trace_all(c) : out_fail(status, &error);
}

/* Begins the evaluation; it goes on whenever a batch of documents was read. */
static int begin(struct check *c)
{
    plim_eval_options chosen = evaluation_options(c);
    plim_error error = PLIM_ERROR_INIT;
    bool all = false;
    for (size_t i = 0; i < c->policies.count; i++) {
        all = all || plim_policy_needs_all(c->policies.items[i]) != 0;
    }
    c->documents.full = all ? NULL : judge_batch;
    c->documents.user = c;
    plim_status status = plim_eval_begin(&c->result, c->policies.items, c->policies.count,
                                         c->documents.facts, &chosen, &error);
    return status == PLIM_STATUS_OK ? 0 : out_fail(status, &error);
}

static int run(struct check *c)
{
    bool tracing = opt_given(c->options, OPT_trace);
    int code = policies_load(&c->policies, c->options);
    if (code != 0) {
        return code;
    }
    if (!documents_open(&c->documents)) {
        return c->documents.code;
    }
    code = tracing ? 0 : begin(c);
    if (code != 0) {
        return code;
    }
    if (!documents_read(&c->documents) || (!tracing && !judge_batch(&c->documents, c))) {
        show_diags(c->documents.diags, opt_value(c->options, OPT_color, "auto"));
        return c->documents.code;
    }
    return tracing ? trace(c) : conclude(c);
}

int cmd_check(const struct options *options)
{
    struct check c = {.options = options, .documents = {.options = options}};
    int code = choose_targets(&c) ? run(&c) : EXIT_USAGE;
    plim_result_free(c.result);
    documents_close(&c.documents);
    policies_release(&c.policies);
    mem_free(c.targets);
    names_release_copies(&c.copies);
    return code;
}
