/* SPDX-License-Identifier: Apache-2.0
 *
 * outcome.c - keeps, counts, orders and names outcomes. See outcome.h.
 */
#include "runtime/outcome.h"

#include <string.h>

#include "core/alloc.h"
#include "runtime/digest.h"

enum { DEFAULT_MAX_OUTCOMES = 10000 };

plim_status report_new(struct report **out, const plim_allocator *allocator,
                       const struct program *program, const struct facts *facts,
                       size_t max_outcomes, size_t max_bytes)
{
    const plim_allocator *used = alloc_or_default(allocator);
    struct report *report = alloc_zeroed(used, sizeof *report);
    if (report == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    report->allocator = used;
    report->program = program;
    report->facts = facts;
    report->max_outcomes = max_outcomes > 0 ? max_outcomes : DEFAULT_MAX_OUTCOMES;
    arena_init(&report->arena, used, max_bytes);
    report->rules = ARENA_ARRAY(&report->arena, struct rule_counts, program->rule_count);
    if (report->rules == NULL) {
        plim_status status = arena_status(&report->arena);
        report_free(report);
        return status;
    }
    *out = report;
    return PLIM_STATUS_OK;
}

void report_free(struct report *report)
{
    if (report == NULL) {
        return;
    }
    alloc_free(report->allocator, report->items, report->capacity * sizeof *report->items);
    arena_release(&report->arena);
    alloc_free(report->allocator, report, sizeof *report);
}

bool report_has_room(const struct report *report)
{
    return report->count < report->max_outcomes && report->status == PLIM_STATUS_OK;
}

unsigned report_severity(const struct report *report, const struct outcome *outcome)
{
    const struct program *program = report->program;
    return outcome->arm != OUTCOME_NO_ARM ? program->arms[outcome->arm].severity
                                          : program->rules[outcome->rule].severity;
}

static void count_outcome(struct report *report, const struct outcome *outcome)
{
    if (outcome->kind == OUTCOME_DENIED) {
        report->findings_by_severity[report_severity(report, outcome)]++;
        report->rules[outcome->rule].findings++;
    } else if (outcome->kind == OUTCOME_UNDECIDED &&
               report->program->rules[outcome->rule].unknown == PROGRAM_UNKNOWN_DENY) {
        report->undecided_as_deny++;
    }
}

/* A rule may meet the same doubt at each turn of a loop: once is enough. */
static bool repeats_last(const struct report *report, const struct outcome *outcome)
{
    const struct outcome *last =
        report->count > report->settled ? &report->items[report->count - 1] : NULL;
    return last != NULL && outcome->kind == OUTCOME_UNDECIDED && last->kind == outcome->kind &&
           last->rule == outcome->rule && last->arm == outcome->arm && last->loc == outcome->loc &&
           last->subject == outcome->subject && str_eq(last->message, outcome->message);
}

void report_add(struct report *report, const struct outcome *outcome)
{
    if (repeats_last(report, outcome)) {
        return;
    }
    count_outcome(report, outcome);
    if (!report_has_room(report)) {
        report->not_shown++;
        return;
    }
    if (report->count == report->capacity) {
        void *items = report->items;
        if (!alloc_grow(report->allocator, &items, &report->capacity, report->count + 1,
                        sizeof *report->items)) {
            report->status = PLIM_STATUS_NOMEM;
            return;
        }
        report->items = items;
    }
    struct outcome *kept = &report->items[report->count];
    *kept = *outcome;
    kept->sequence = (uint32_t)report->count;
    kept->span = facts_span(report->facts, outcome->loc);
    report->count++;
}

/* ---- settling ------------------------------------------------------------------------------ */

static struct str keep_text(struct report *report, struct str text)
{
    return text.len > 0 ? arena_copy_str(&report->arena, text) : STR("");
}

/* Outcomes of one subject stand together: they share its label. */
static struct str keep_label(struct report *report, const struct outcome *outcome,
                             const struct outcome *before)
{
    struct str label = report_subject(report, outcome);
    return before != NULL && str_eq(before->label, label) ? before->label
                                                          : keep_text(report, label);
}

/* Adds the places of earlier values that the one at the outcome's place overrides. */
static void add_earlier(struct report *report, struct outcome *outcome)
{
    fact_loc earlier[OUTCOME_MAX_EARLIER];
    uint32_t count = 0;
    fact_loc loc = facts_earlier_loc(report->facts, outcome->loc);
    for (; loc != FACT_NO_LOC && count < OUTCOME_MAX_EARLIER; count++) {
        earlier[count] = loc;
        loc = facts_earlier_loc(report->facts, loc);
    }
    if (count == 0 || outcome->kind != OUTCOME_DENIED) {
        return;
    }
    struct outcome_place *places =
        ARENA_ARRAY(&report->arena, struct outcome_place, outcome->related_count + (size_t)count);
    if (places == NULL) {
        return; /* the arena's status tells */
    }
    for (uint32_t i = 0; i < outcome->related_count; i++) {
        places[i] = outcome->related[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        places[outcome->related_count++] =
            (struct outcome_place){.loc = earlier[i], .label = STR("overrides the value set here")};
    }
    outcome->related = places;
}

plim_status report_settle(struct report *report)
{
    const struct facts *facts = report->facts;
    for (size_t i = report->settled; i < report->count; i++) {
        struct outcome *outcome = &report->items[i];
        outcome->label =
            keep_label(report, outcome, i > report->settled ? &report->items[i - 1] : NULL);
        if (outcome->kind == OUTCOME_UNDECIDED) { /* the text of a cause */
            outcome->message = keep_text(report, outcome->message);
        }
        add_earlier(report, outcome);
        for (uint32_t k = 0; k < outcome->related_count; k++) {
            outcome->related[k].span = facts_span(facts, outcome->related[k].loc);
        }
        for (uint32_t k = 0; k < outcome->fix_count; k++) {
            outcome->fixes[k].span = facts_span(facts, outcome->fixes[k].loc);
        }
    }
    report->settled = report->count;
    if (report->status == PLIM_STATUS_OK) {
        report->status = arena_status(&report->arena);
    }
    return report->status;
}

/* ---- order --------------------------------------------------------------------------------- */

static struct str path_of(const struct report *report, struct span span)
{
    const struct source *source = source_get(&report->facts->sources, span.source);
    return source != NULL ? source->name : STR("");
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_outcomes(const struct report *report, const struct outcome *a,
                            const struct outcome *b)
{
    const struct program_rule *rules = report->program->rules;
    int order = 0;
    if (a->span.source != b->span.source) {
        order = str_compare(path_of(report, a->span), path_of(report, b->span));
        /* Two inputs of one name stay apart. */
        order = order != 0 ? order : compare_numbers(a->span.source, b->span.source);
    }
    order = order != 0 ? order : compare_numbers(a->span.start, b->span.start);
    if (order == 0 && a->rule != b->rule) {
        order = str_compare(program_str(report->program, rules[a->rule].name),
                            program_str(report->program, rules[b->rule].name));
    }
    order = order != 0 ? order : compare_numbers(a->arm, b->arm);
    return order != 0 ? order : compare_numbers(a->sequence, b->sequence);
}

/* Merges two sorted neighbours of `width` items from `from` on. */
static void merge_runs(const struct report *report, const struct outcome *from, struct outcome *to,
                       size_t start, size_t width)
{
    size_t middle = start + width < report->count ? start + width : report->count;
    size_t end = middle + width < report->count ? middle + width : report->count;
    size_t left = start;
    size_t right = middle;
    for (size_t at = start; at < end; at++) {
        bool take_left = right >= end || (left < middle &&
                                          compare_outcomes(report, &from[left], &from[right]) <= 0);
        to[at] = from[take_left ? left++ : right++];
    }
}

static bool is_sorted(const struct report *report)
{
    for (size_t i = 1; i < report->count; i++) {
        if (compare_outcomes(report, &report->items[i - 1], &report->items[i]) > 0) {
            return false;
        }
    }
    return true;
}

/* Same doubt of the same rule about the same place. */
static bool same_doubt(const struct outcome *a, const struct outcome *b)
{
    return a->kind == OUTCOME_UNDECIDED && b->kind == OUTCOME_UNDECIDED && a->rule == b->rule &&
           a->arm == b->arm && a->span.source == b->span.source && a->span.start == b->span.start &&
           a->subject_kind == b->subject_kind && a->subject == b->subject &&
           str_eq(a->message, b->message);
}

static void drop_repeats(struct report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->count; i++) {
        if (kept > 0 && same_doubt(&report->items[kept - 1], &report->items[i])) {
            continue;
        }
        report->items[kept++] = report->items[i];
    }
    report->count = kept;
}

plim_status report_finish(struct report *report)
{
    if (report->status != PLIM_STATUS_OK) {
        return report->status;
    }
    if (!is_sorted(report)) {
        size_t bytes = report->capacity * sizeof *report->items;
        struct outcome *spare = alloc_resize(report->allocator, NULL, 0, bytes);
        if (spare == NULL) {
            report->status = PLIM_STATUS_NOMEM;
            return report->status;
        }
        for (size_t width = 1; width < report->count; width *= 2) {
            for (size_t start = 0; start < report->count; start += 2 * width) {
                merge_runs(report, report->items, spare, start, width);
            }
            struct outcome *merged = spare;
            spare = report->items;
            report->items = merged;
        }
        alloc_free(report->allocator, spare, bytes);
    }
    drop_repeats(report);
    return PLIM_STATUS_OK;
}

/* ---- names --------------------------------------------------------------------------------- */

struct str report_subject(const struct report *report, const struct outcome *outcome)
{
    enum fact_kind kind = outcome->subject_kind;
    if (outcome->subject == FACT_NO_ROW || kind >= FACT_KIND_COUNT) {
        return STR("");
    }
    int field = schema_find_field(kind, STR("label"));
    struct str label = field >= 0
                           ? facts_get_str(report->facts, kind, outcome->subject, (unsigned)field)
                           : STR("");
    return label.len > 0 ? label : schema_kind(kind)->name;
}

void report_fingerprint(const struct report *report, const struct outcome *outcome, char out[33])
{
    static const char digits[] = "0123456789abcdef";
    const struct program *program = report->program;
    const struct str parts[] = {program_str(program, program->rules[outcome->rule].name),
                                outcome->arm != OUTCOME_NO_ARM
                                    ? program_str(program, program->arms[outcome->arm].name)
                                    : STR(""),
                                path_of(report, outcome->span), outcome->label, outcome->message};
    uint8_t digest[DIGEST_SHORT_BYTES];
    digest_short(digest, parts, sizeof parts / sizeof *parts);
    for (size_t i = 0; i < DIGEST_SHORT_BYTES; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[32] = '\0';
}

struct rule_counts report_totals(const struct report *report)
{
    struct rule_counts total = {.judged = 0};
    for (uint32_t i = 0; i < report->program->rule_count; i++) {
        const struct rule_counts *rule = &report->rules[i];
        total.judged += rule->judged;
        total.denied += rule->denied;
        total.undecided += rule->undecided;
        total.errors += rule->errors;
        total.findings += rule->findings;
    }
    return total;
}
