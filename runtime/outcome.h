/* SPDX-License-Identifier: Apache-2.0
 *
 * outcome.h - what an evaluation found: outcomes with places, counts per rule, totals.
 *
 * Outcomes are stored by index into program and facts. Once they are settled they need of the facts
 * only the sources, so the rows may go; program and sources must outlive the report. Texts and
 * arrays live in the report's arena. Lines, columns and rendering belong to the callers.
 * Who frees: report_free. Thread rule: one thread while it is filled, then immutable.
 */
#ifndef RUNTIME_OUTCOME_H
#define RUNTIME_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/store.h"
#include "runtime/program.h"

enum outcome_kind {
    OUTCOME_DENIED,
    OUTCOME_UNDECIDED, /* message: the cause */
    OUTCOME_ERROR      /* not evaluated; message: why */
};

#define OUTCOME_NO_ARM UINT32_MAX

/* Further places of a finding that are shown because its value replaced earlier ones. */
enum { OUTCOME_MAX_EARLIER = 8 };

/* A further place. `span` is that of `loc` once the outcome is settled. */
struct outcome_place {
    fact_loc loc;
    struct span span;
    struct str label; /* may be empty */
};

enum outcome_edit { OUTCOME_REPLACE, OUTCOME_INSERT_AFTER, OUTCOME_INSERT_BEFORE, OUTCOME_DELETE };

/* A byte edit that would mend it. */
struct outcome_fix {
    enum outcome_edit edit;
    bool safe;
    fact_loc loc;
    struct span span; /* of `loc` once the outcome is settled */
    struct str text;
};

struct outcome {
    enum outcome_kind kind;
    uint32_t rule;
    uint32_t arm;      /* index into program->arms, or OUTCOME_NO_ARM */
    uint32_t sequence; /* order in which it came: last key of the sort */
    enum fact_kind subject_kind;
    fact_row subject; /* FACT_NO_ROW: of no single subject */
    fact_loc loc;
    struct span span; /* of loc */
    struct str label; /* of the subject once settled: "stage build", or the name of its kind */
    struct str message;
    struct outcome_place *related;
    uint32_t related_count;
    uint32_t fix_count;
    struct outcome_fix *fixes;
};

/* Outcomes of rule and subject pairs; passed is the rest of `judged`. */
struct rule_counts {
    uint64_t judged;
    uint64_t denied;    /* subjects with a finding */
    uint64_t undecided; /* subjects without finding but with an undecided outcome */
    uint64_t errors;    /* subjects not evaluated to the end */
    uint64_t findings;  /* outcomes of kind OUTCOME_DENIED, kept or not */
};

struct report {
    const plim_allocator *allocator;
    const struct program *program;
    const struct facts *facts;
    struct arena arena;
    struct outcome *items; /* in the order path, offset, rule, arm once finished */
    size_t count;
    size_t capacity;
    size_t settled; /* items below it are */
    size_t max_outcomes;
    uint64_t not_shown;                                   /* outcomes over max_outcomes */
    struct rule_counts *rules;                            /* one per rule of the program */
    uint64_t findings_by_severity[MEMBER_COUNT_severity]; /* kept or not */
    uint64_t undecided_as_deny; /* undecided outcomes of rules with `unknown deny`, kept or not */
    uint64_t subjects;          /* distinct rows judged by some rule */
    uint64_t fuel;              /* used */
    uint32_t selected_rules;
    plim_status status; /* sticky: NOMEM, LIMIT */
};

/* An empty report that keeps at most `max_outcomes` outcomes (0: 10,000) and `max_bytes` of texts
 * (0: no cap). NOMEM. */
plim_status report_new(struct report **out, const plim_allocator *allocator,
                       const struct program *program, const struct facts *facts,
                       size_t max_outcomes, size_t max_bytes) PLIM_MUST_CHECK;

/* Frees; NULL is fine. */
void report_free(struct report *report);

/* Whether another outcome would be kept: callers need not build texts for one that is not. */
bool report_has_room(const struct report *report);

/* Adds an outcome and counts it by severity; its texts and arrays must live as long as the report.
 * Only counted when there is no room. */
void report_add(struct report *report, const struct outcome *outcome);

/* Takes from the rows of the facts what the outcomes still need of them: after it the rows may go.
 * To be called after the rows were judged and before report_finish. */
plim_status report_settle(struct report *report) PLIM_MUST_CHECK;

/* Sorts by path, offset, rule, arm, sequence and drops repeated undecided outcomes. */
plim_status report_finish(struct report *report) PLIM_MUST_CHECK;

/* Severity of an outcome: its arm's, or its rule's. */
unsigned report_severity(const struct report *report, const struct outcome *outcome);

/* Label of the judged row ("stage build"), or the name of its kind when it has none: what settling
 * puts into the outcome. The row must be there. */
struct str report_subject(const struct report *report, const struct outcome *outcome);

/* Hex digest of rule, arm, path, subject and message: stable when lines move. NUL-terminated. */
void report_fingerprint(const struct report *report, const struct outcome *outcome, char out[33]);

/* Sums over all rules: judged, denied, undecided, errors, findings. */
struct rule_counts report_totals(const struct report *report);

#endif
