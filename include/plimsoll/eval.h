/* SPDX-License-Identifier: Apache-2.0
 *
 * eval.h - run policies on facts and walk what came out.
 *
 * Findings come in the order path, line, column, rule, arm: byte-identical for any thread count.
 * Every call answers USAGE when a required argument is NULL or the facts are not frozen (for steps:
 * are frozen).
 */
#ifndef PLIMSOLL_EVAL_H
#define PLIMSOLL_EVAL_H

#include <stddef.h>
#include <stdint.h>

#include <plimsoll/budget.h>
#include <plimsoll/error.h>
#include <plimsoll/input.h>
#include <plimsoll/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plim_result plim_result;

/* In ascending order, so that they compare. */
typedef enum plim_severity {
    PLIM_SEVERITY_INFO,
    PLIM_SEVERITY_LOW,
    PLIM_SEVERITY_MEDIUM,
    PLIM_SEVERITY_HIGH,
    PLIM_SEVERITY_CRITICAL
} plim_severity;

#define PLIM_SEVERITY_COUNT 5

typedef enum plim_outcome {
    PLIM_OUTCOME_DENIED,
    PLIM_OUTCOME_UNDECIDED, /* a value nobody can know decides; the cause is the message */
    PLIM_OUTCOME_ERROR      /* not evaluated: a budget ran out */
} plim_outcome;

/* Half-open place. Lines and columns count from 1, columns in code points; offsets in bytes. */
typedef struct plim_place {
    const char *path;
    unsigned line, column, end_line, end_column;
    size_t offset, end_offset;
    const char *label; /* of a related place, else "" */
} plim_place;

/* One outcome that is not a pass. Texts are UTF-8 as far as the inputs are, untrusted, never
 * NULL, and live as long as the result. */
typedef struct plim_finding {
    size_t struct_size; /* set by the caller: only that much is filled */
    const char *rule, *id, *arm, *title, *section, *remedy;
    plim_severity severity;
    plim_outcome outcome;
    const char *message; /* for undecided and error: the cause */
    const char *subject; /* label of the judged row */
    plim_place place;
    const plim_place *related;
    size_t related_count;
    const char *const *covers;
    size_t cover_count;
    int counts_as_deny;   /* undecided with `unknown deny` */
    char fingerprint[33]; /* stable across line moves: rule, arm, path, subject, message */
} plim_finding;

#define PLIM_FINDING_INIT                                                                          \
    {                                                                                              \
        .struct_size = sizeof(plim_finding)                                                        \
    }

/* All pointers are borrowed for the call, `allocator` for the life of the result. */
typedef struct plim_eval_options {
    size_t struct_size;
    const plim_allocator *allocator;
    const plim_budget *budget;
    const char *const *params; /* "NAME=VALUE" in the language's literal syntax, for `param`s */
    size_t param_count;
    const char *const *rules; /* names, ids or wildcards; none: all */
    size_t rule_count;
    const char *const *sections;
    size_t section_count;
    int64_t now_ns; /* time of the check, ns since 1970; 0: rules that ask are undecided */
    uint64_t (*clock_ns)(void *user); /* monotonic, for the deadline; may be NULL */
    int (*cancelled)(void *user);     /* asked now and then; non-zero stops; may be NULL */
    void *user;
} plim_eval_options;

#define PLIM_EVAL_OPTIONS_INIT                                                                     \
    {                                                                                              \
        .struct_size = sizeof(plim_eval_options)                                                   \
    }

typedef struct plim_summary {
    size_t struct_size;   /* set by the caller: only that much is filled */
    size_t rules;         /* selected rules */
    size_t rules_applied; /* rules that had a subject */
    size_t subjects;      /* distinct judged rows */
    size_t judgements;    /* rule and subject pairs */
    size_t denied, undecided, errors, passed;
    size_t denied_by[PLIM_SEVERITY_COUNT]; /* `denied` by severity */
    size_t undecided_as_deny;              /* of `undecided`: those that count as deny */
    size_t not_shown;                      /* findings over the budget: counted, not kept */
    uint64_t fuel;
} plim_summary;

#define PLIM_SUMMARY_INIT                                                                          \
    {                                                                                              \
        .struct_size = sizeof(plim_summary)                                                        \
    }

/* Evaluates the policies (borrowed; the result holds references) over frozen facts, which must
 * outlive the result. On LIMIT and STOPPED `*out` is a result with the findings so far, to be freed
 * like any other; on every other failure it is untouched. USAGE: a selector or parameter that fits
 * nothing, or a value of the wrong type. POLICY: two policies define the same rule. Several
 * threads may share policies and facts, each with its own call. */
PLIM_API plim_status plim_eval(plim_result **out, plim_policy *const *policies, size_t policy_count,
                               plim_facts *facts, const plim_eval_options *options,
                               plim_error *error) PLIM_MUST_CHECK;

/* Evaluation in steps, for runs over many documents: memory stays small and in the cache.
 *
 *     plim_eval_begin(&result, policies, count, facts, &options, &error);
 *     ... plim_facts_add(...) until some 32 KiB are gathered, then
 *     plim_eval_step(result, &error); ... and so on, the last time after the last document
 *     plim_eval_end(result, &error);
 *
 * Begins over facts that are not frozen and outlive the result. Until it ends, documents added are
 * read only as far as the policies ask; one such evaluation at a time. The result has no findings
 * before plim_eval_end. A rule sees the documents of its step only: one step for everything when
 * plim_policy_needs_all. Budgets hold for all steps together. Failures as of plim_eval. */
PLIM_API plim_status plim_eval_begin(plim_result **out, plim_policy *const *policies,
                                     size_t policy_count, plim_facts *facts,
                                     const plim_eval_options *options,
                                     plim_error *error) PLIM_MUST_CHECK;

/* Judges the documents added since the last step, then makes room for more: their facts go, their
 * texts stay. LIMIT and STOPPED: as of plim_eval, and further steps may follow. On every other
 * failure the result can only be freed. */
PLIM_API plim_status plim_eval_step(plim_result *result, plim_error *error) PLIM_MUST_CHECK;

/* Ends: the findings of all steps are there, in order. Answers the worst status of the steps. */
PLIM_API plim_status plim_eval_end(plim_result *result, plim_error *error) PLIM_MUST_CHECK;

/* Frees; NULL is fine. */
PLIM_API void plim_result_free(plim_result *result);

/* Number of kept findings of all outcomes; 0 for NULL. Thread-safe. */
PLIM_API size_t plim_result_count(const plim_result *result);

/* Fills `*out`. NOT_FOUND beyond the last, NOMEM. One thread at a time per result: texts are made
 * on demand. */
PLIM_API plim_status plim_result_finding(plim_result *result, size_t index,
                                         plim_finding *out) PLIM_MUST_CHECK;

/* Fills `*out` with the counts. Does nothing when an argument is NULL. Thread-safe. */
PLIM_API void plim_result_summary(const plim_result *result, plim_summary *out);

/* The source line of a finding with a caret, as people read it. NOT_FOUND beyond the last. One
 * thread at a time per facts. */
PLIM_API plim_status plim_result_excerpt(plim_result *result, size_t index, int color, size_t width,
                                         plim_text *out) PLIM_MUST_CHECK;

/* Why a rule (name or id) did or did not fire on the subjects of `path` (NULL: all) at a line (0:
 * all): each clause with the values of its operands. NOT_FOUND when the rule does not exist or has
 * no subject there; `error` says which. One thread at a time per facts. */
PLIM_API plim_status plim_trace(plim_policy *policy, plim_facts *facts, const char *rule,
                                const char *path, unsigned line, const plim_eval_options *options,
                                plim_text *out, plim_error *error) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
