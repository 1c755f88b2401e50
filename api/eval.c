/* SPDX-License-Identifier: Apache-2.0
 *
 * eval.c - evaluation of several policies over one set of facts, and the walk over the outcomes.
 *
 * Each policy has a report of its own, sorted; the order of all is a merge of them. Texts of a
 * finding point into facts, policies and the result's arena.
 */
#include "api/api.h"

#include "api/select.h"
#include "core/alloc.h"
#include "core/diag_text.h"
#include "runtime/reads.h"
#include "runtime/trace.h"

/* Builders may leave out what the policies of the steps to come do not read. */
static void begin_steps(plim_result *result)
{
    struct fact_fields read = {0};
    for (size_t p = 0; p < result->part_count; p++) {
        reads_add(&read, result->parts[p].policy->program);
    }
    facts_read_only(result->facts->store, &read);
    result->facts->stepping = true;
    result->stepping = true;
}

static void end_steps(plim_result *result)
{
    if (result->stepping) {
        facts_read_all(result->facts->store);
        result->facts->stepping = false;
        result->stepping = false;
    }
}

void plim_result_free(plim_result *result)
{
    if (result == NULL) {
        return;
    }
    end_steps(result);
    const plim_allocator *allocator = result->allocator;
    for (size_t i = 0; i < result->part_count; i++) {
        (void)eval_end(result->parts[i].eval, NULL);
        report_free(result->parts[i].report);
        plim_policy_release(result->parts[i].policy);
    }
    alloc_free(allocator, result->parts, (result->part_count + 1) * sizeof *result->parts);
    alloc_free(allocator, result->order, (result->count + 1) * sizeof *result->order);
    arena_release(&result->arena);
    alloc_free(allocator, result, sizeof *result);
}

static plim_status result_new(plim_result **out, plim_policy *const *policies, size_t count,
                              plim_facts *facts, const plim_allocator *allocator)
{
    plim_result *result = alloc_zeroed(allocator, sizeof *result);
    if (result == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    result->allocator = allocator;
    result->facts = facts;
    arena_init(&result->arena, allocator, 0);
    result->parts = alloc_zeroed(allocator, (count + 1) * sizeof *result->parts);
    if (result->parts == NULL) {
        plim_result_free(result);
        return PLIM_STATUS_NOMEM;
    }
    result->part_count = count;
    for (size_t i = 0; i < count; i++) {
        result->parts[i].policy = plim_policy_retain(policies[i]);
    }
    *out = result;
    return PLIM_STATUS_OK;
}

/* The better known of two failures: a stop before a spent budget. */
static plim_status worse(plim_status a, plim_status b)
{
    if (a == PLIM_STATUS_STOPPED || b == PLIM_STATUS_STOPPED) {
        return PLIM_STATUS_STOPPED;
    }
    return a != PLIM_STATUS_OK ? a : b;
}

static plim_status begin_part(plim_result *result, size_t index, const plim_eval_options *options,
                              plim_error *error)
{
    struct result_part *part = &result->parts[index];
    const struct program *program = part->policy->program;
    struct eval_options run = {
        .allocator = result->allocator,
        .now_ns = options->now_ns,
        .clock_ns = options->clock_ns,
        .cancelled = options->cancelled,
        .user = options->user,
    };
    if (options->budget != NULL) {
        run.fuel = options->budget->fuel;
        run.memory_bytes = options->budget->memory_bytes;
        run.max_outcomes = options->budget->findings;
        run.deadline_ns = options->budget->deadline_ns;
    }
    plim_status status = select_rules(&run.selected, program, options, &result->arena);
    if (status == PLIM_STATUS_OK) {
        status = select_params(&run, program, options, &result->arena, error);
    }
    if (status != PLIM_STATUS_OK) {
        return door_status(status == PLIM_STATUS_NOMEM ? error : NULL, status);
    }
    return eval_begin(&part->eval, program, result->facts->store, &run, error);
}

static plim_status begin(plim_result **out, plim_policy *const *policies, size_t count,
                         plim_facts *facts, const plim_eval_options *options, plim_error *error)
{
    plim_status status = select_check(policies, count, options, error);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    plim_result *result;
    status = result_new(&result, policies, count, facts, alloc_or_default(options->allocator));
    if (status != PLIM_STATUS_OK) {
        return door_status(error, status);
    }
    for (size_t p = 0; p < count && status == PLIM_STATUS_OK; p++) {
        status = begin_part(result, p, options, error);
    }
    if (status != PLIM_STATUS_OK) {
        plim_result_free(result);
        return status;
    }
    *out = result;
    return PLIM_STATUS_OK;
}

static bool is_complete(plim_status status)
{
    return status == PLIM_STATUS_OK || status == PLIM_STATUS_LIMIT || status == PLIM_STATUS_STOPPED;
}

/* All policies on what is in the facts now. */
static plim_status judge(plim_result *result, plim_error *error)
{
    plim_status outcome = PLIM_STATUS_OK;
    for (size_t p = 0; p < result->part_count; p++) {
        plim_status status = eval_step(result->parts[p].eval, error);
        if (!is_complete(status)) {
            return status;
        }
        outcome = worse(outcome, status);
    }
    return outcome;
}

/* Whether outcome `a` stands before outcome `b` of another policy: path, offset, rule. */
static bool comes_before(const struct report *a, size_t i, const struct report *b, size_t j)
{
    const struct outcome *left = &a->items[i];
    const struct outcome *right = &b->items[j];
    const struct source *in_left = source_get(&a->facts->sources, left->span.source);
    const struct source *in_right = source_get(&b->facts->sources, right->span.source);
    int order = str_compare(in_left != NULL ? in_left->name : STR(""),
                            in_right != NULL ? in_right->name : STR(""));
    if (order == 0 && left->span.start != right->span.start) {
        order = left->span.start < right->span.start ? -1 : 1;
    }
    if (order == 0) {
        order = str_compare(program_str(a->program, a->program->rules[left->rule].name),
                            program_str(b->program, b->program->rules[right->rule].name));
    }
    return order < 0;
}

static plim_status merge_parts(plim_result *result)
{
    size_t count = 0;
    size_t next[SELECT_MAX_POLICIES] = {0};
    for (size_t p = 0; p < result->part_count; p++) {
        count += result->parts[p].report->count;
    }
    if (count > UINT32_MAX) {
        return PLIM_STATUS_LIMIT;
    }
    result->order = alloc_zeroed(result->allocator, (count + 1) * sizeof *result->order);
    if (result->order == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    result->count = count;
    for (size_t i = 0; i < count; i++) {
        size_t best = SELECT_MAX_POLICIES;
        for (size_t p = 0; p < result->part_count; p++) {
            const struct report *report = result->parts[p].report;
            if (next[p] < report->count &&
                (best == SELECT_MAX_POLICIES ||
                 comes_before(report, next[p], result->parts[best].report, next[best]))) {
                best = p;
            }
        }
        result->order[i] = (struct result_ref){(uint32_t)best, (uint32_t)next[best]};
        next[best]++;
    }
    return PLIM_STATUS_OK;
}

static plim_status finish(plim_result *result, plim_error *error)
{
    plim_status outcome = PLIM_STATUS_OK;
    for (size_t p = 0; p < result->part_count; p++) {
        struct result_part *part = &result->parts[p];
        plim_status status = eval_end(part->eval, &part->report);
        part->eval = NULL;
        if (part->report == NULL) {
            return status != PLIM_STATUS_OK ? status : PLIM_STATUS_INTERNAL;
        }
        outcome = worse(outcome, status);
    }
    plim_status merged = merge_parts(result);
    return merged != PLIM_STATUS_OK ? door_status(error, merged) : outcome;
}

/* Copies the options of the door; USAGE when an argument is missing. */
static plim_status check_arguments(plim_eval_options *chosen, plim_result **out,
                                   plim_policy *const *policies, size_t policy_count,
                                   const plim_facts *facts, const plim_eval_options *options)
{
    if (out == NULL || facts == NULL || (policies == NULL && policy_count > 0)) {
        return PLIM_STATUS_USAGE;
    }
    return door_options(chosen, sizeof *chosen, options);
}

plim_status plim_eval(plim_result **out, plim_policy *const *policies, size_t policy_count,
                      plim_facts *facts, const plim_eval_options *options, plim_error *error)
{
    plim_eval_options chosen = PLIM_EVAL_OPTIONS_INIT;
    plim_status status = check_arguments(&chosen, out, policies, policy_count, facts, options);
    if (status != PLIM_STATUS_OK || !facts->store->frozen) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    plim_result *result;
    status = begin(&result, policies, policy_count, facts, &chosen, error);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    status = judge(result, error);
    plim_status finished = finish(result, error);
    status = is_complete(status) ? finished : status;
    if (result->order == NULL || !is_complete(status)) {
        plim_result_free(result);
        return status;
    }
    *out = result;
    return status;
}

plim_status plim_eval_begin(plim_result **out, plim_policy *const *policies, size_t policy_count,
                            plim_facts *facts, const plim_eval_options *options, plim_error *error)
{
    plim_eval_options chosen = PLIM_EVAL_OPTIONS_INIT;
    plim_status status = check_arguments(&chosen, out, policies, policy_count, facts, options);
    if (status != PLIM_STATUS_OK || facts->store->frozen || facts->stepping) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    status = begin(out, policies, policy_count, facts, &chosen, error);
    if (status == PLIM_STATUS_OK) {
        begin_steps(*out);
    }
    return status;
}

plim_status plim_eval_step(plim_result *result, plim_error *error)
{
    if (result == NULL || result->order != NULL || result->facts->store->frozen) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    plim_status status = facts_freeze(result->facts->store);
    if (status != PLIM_STATUS_OK) {
        return door_status(error, status);
    }
    status = judge(result, error);
    facts_reopen(result->facts);
    return status;
}

plim_status plim_eval_end(plim_result *result, plim_error *error)
{
    if (result == NULL || result->order != NULL) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    end_steps(result);
    return finish(result, error);
}

size_t plim_result_count(const plim_result *result)
{
    return result != NULL ? result->count : 0;
}

void plim_result_summary(const plim_result *result, plim_summary *out)
{
    if (result == NULL || out == NULL || result->order == NULL) {
        return;
    }
    plim_summary sum = PLIM_SUMMARY_INIT;
    for (size_t p = 0; p < result->part_count; p++) {
        const struct report *report = result->parts[p].report;
        struct rule_counts totals = report_totals(report);
        for (uint32_t r = 0; r < report->program->rule_count; r++) {
            sum.rules_applied += report->rules[r].judged > 0;
        }
        for (size_t s = 0; s < PLIM_SEVERITY_COUNT; s++) {
            sum.denied_by[s] += (size_t)report->findings_by_severity[s];
            sum.denied += (size_t)report->findings_by_severity[s];
        }
        uint64_t not_passed = totals.denied + totals.undecided + totals.errors;
        sum.rules += report->selected_rules;
        sum.judgements += (size_t)totals.judged;
        sum.undecided += (size_t)totals.undecided;
        sum.errors += (size_t)totals.errors;
        sum.passed += (size_t)(totals.judged > not_passed ? totals.judged - not_passed : 0);
        sum.undecided_as_deny += (size_t)report->undecided_as_deny;
        sum.not_shown += (size_t)report->not_shown;
        sum.fuel += report->fuel;
        if (report->subjects > sum.subjects) {
            sum.subjects = (size_t)report->subjects;
        }
    }
    door_fill(out, &sum, sizeof sum);
}

/* Line and column of a span; the texts live in the facts. */
static plim_place place_of(plim_result *result, struct span span, const char *label)
{
    struct source_set *sources = &result->facts->store->sources;
    const struct source *source = source_get(sources, span.source);
    if (source == NULL) {
        return (plim_place){.path = "", .label = label};
    }
    struct source_position from = source_locate(sources, span.source, span.start);
    struct source_position to = source_locate(sources, span.source, span.end);
    return (plim_place){.path = source->name.ptr,
                        .line = from.line,
                        .column = from.column,
                        .end_line = to.line,
                        .end_column = to.column,
                        .offset = span.start,
                        .end_offset = span.end,
                        .label = label};
}

static const char *keep(plim_result *result, struct str text)
{
    const char *copy = arena_copy_str(&result->arena, text).ptr;
    return copy != NULL ? copy : "";
}

static const plim_place *related_of(plim_result *result, const struct outcome *outcome)
{
    plim_place *places = ARENA_ARRAY(&result->arena, plim_place, outcome->related_count);
    if (places != NULL) {
        for (uint32_t i = 0; i < outcome->related_count; i++) {
            const struct outcome_place *place = &outcome->related[i];
            places[i] = place_of(result, place->span, keep(result, place->label));
        }
    }
    return places;
}

plim_status result_describe(plim_result *result, size_t index, plim_finding *out)
{
    const struct result_part *part = &result->parts[result->order[index].part];
    const struct report *report = part->report;
    const struct outcome *outcome = &report->items[result->order[index].index];
    const struct policy_rules *rules = policy_rules(part->policy);
    if (rules == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    const plim_rule_info *rule = &rules->infos[outcome->rule];
    *out = (plim_finding){
        .struct_size = sizeof *out,
        .rule = rule->name,
        .id = rule->id,
        .arm = outcome->arm < report->program->arm_count ? rules->arms[outcome->arm] : "",
        .title = rule->title,
        .section = rule->section,
        .remedy = rule->remedy,
        .severity = (plim_severity)report_severity(report, outcome),
        .outcome = (plim_outcome)outcome->kind,
        .message = keep(result, outcome->message),
        .subject = keep(result, outcome->label),
        .place = place_of(result, outcome->span, ""),
        .related = outcome->related_count > 0 ? related_of(result, outcome) : NULL,
        .related_count = outcome->related_count,
        .covers = rule->covers,
        .cover_count = rule->cover_count,
        .counts_as_deny = outcome->kind == OUTCOME_UNDECIDED &&
                          report->program->rules[outcome->rule].unknown == PROGRAM_UNKNOWN_DENY,
    };
    bool complete = arena_status(&result->arena) == PLIM_STATUS_OK &&
                    source_set_status(&result->facts->store->sources) == PLIM_STATUS_OK;
    return complete ? PLIM_STATUS_OK : PLIM_STATUS_NOMEM;
}

plim_status plim_result_finding(plim_result *result, size_t index, plim_finding *out)
{
    if (result == NULL || out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    if (index >= result->count) {
        return PLIM_STATUS_NOT_FOUND;
    }
    const struct result_ref *ref = &result->order[index];
    const struct report *report = result->parts[ref->part].report;
    plim_finding finding;
    plim_status status = result_describe(result, index, &finding);
    if (status == PLIM_STATUS_OK) {
        report_fingerprint(report, &report->items[ref->index], finding.fingerprint);
        door_fill(out, &finding, sizeof finding);
    }
    return status;
}

plim_status plim_result_excerpt(plim_result *result, size_t index, int color, size_t width,
                                plim_text *out)
{
    if (result == NULL || out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    if (index >= result->count) {
        return PLIM_STATUS_NOT_FOUND;
    }
    const struct result_ref *ref = &result->order[index];
    const struct outcome *outcome = &result->parts[ref->part].report->items[ref->index];
    struct buf buf;
    buf_init(&buf, result->allocator, API_MAX_TEXT);
    buf_append(&buf, STR(""));
    struct diag_style style = {.color = color != 0, .width = width};
    diag_text_write_excerpt(&buf, &result->facts->store->sources, outcome->span, '^', STR(""),
                            style);
    return door_take(out, &buf);
}

plim_status plim_trace(plim_policy *policy, plim_facts *facts, const char *rule, const char *path,
                       unsigned line, const plim_eval_options *options, plim_text *out,
                       plim_error *error)
{
    plim_eval_options chosen = PLIM_EVAL_OPTIONS_INIT;
    if (policy == NULL || facts == NULL || rule == NULL || out == NULL || !facts->store->frozen ||
        door_options(&chosen, sizeof chosen, options) != PLIM_STATUS_OK) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    uint32_t index = policy_find_rule(policy, str_from_cstr(rule));
    if (index == UINT32_MAX) {
        return door_fail(error, PLIM_STATUS_NOT_FOUND, "no rule `%s`", rule);
    }
    struct arena scratch;
    arena_init(&scratch, alloc_or_default(chosen.allocator), 0);
    struct eval_options run = {.allocator = alloc_or_default(chosen.allocator),
                               .now_ns = chosen.now_ns};
    plim_status status = select_params(&run, policy->program, &chosen, &scratch, error);
    struct buf buf;
    buf_init(&buf, run.allocator, API_MAX_TEXT);
    if (status == PLIM_STATUS_OK) {
        status = trace_rule(&buf, policy->program, facts->store, index,
                            path != NULL ? str_from_cstr(path) : STR(""), line, &run, error);
    }
    arena_release(&scratch);
    struct buf safe;
    buf_init(&safe, run.allocator, API_MAX_TEXT);
    if (status == PLIM_STATUS_OK) {
        door_append_safe(&safe, buf_view(&buf));
        status = door_status(error, door_take(out, &safe));
    }
    buf_release(&buf);
    buf_release(&safe);
    return status;
}
