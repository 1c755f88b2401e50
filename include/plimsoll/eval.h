/* SPDX-License-Identifier: Apache-2.0
 *
 * eval.h - run a policy on facts and walk what came out.
 *
 * Findings come in the order path, line, column, rule, arm: byte-identical for any thread count.
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

typedef enum plim_severity {
    PLIM_SEVERITY_INFO,
    PLIM_SEVERITY_LOW,
    PLIM_SEVERITY_MEDIUM,
    PLIM_SEVERITY_HIGH,
    PLIM_SEVERITY_CRITICAL
} plim_severity;

typedef enum plim_outcome {
    PLIM_OUTCOME_DENIED,
    PLIM_OUTCOME_UNDECIDED,
    PLIM_OUTCOME_ERROR /* not evaluated: a budget ran out */
} plim_outcome;

/* Half-open place. Lines and columns count from 1, columns in code points. */
typedef struct plim_place {
    const char *path;
    unsigned line, column, end_line, end_column;
    size_t offset, end_offset;
    const char *label; /* of a related place, else "" */
} plim_place;

typedef struct plim_finding {
    size_t struct_size;
    const char *rule, *id, *arm, *title, *section, *remedy;
    plim_severity severity;
    plim_outcome outcome;
    const char *message;   /* for undecided and error: the cause */
    const char *subject;   /* label of the judged row */
    plim_place place;
    const plim_place *related;
    size_t related_count;
    const char *const *covers;
    size_t cover_count;
    int counts_as_deny;    /* undecided with `unknown deny` */
    char fingerprint[33];  /* stable across line moves: rule, arm, path, subject, message */
} plim_finding;

/* "NAME=VALUE" in the language's literal syntax, for `param`s. */
typedef struct plim_eval_options {
    size_t struct_size;
    const plim_allocator *allocator;
    const plim_budget *budget;
    const char *const *params;
    size_t param_count;
    const char *const *rules;    /* names, ids or globs; none: all */
    size_t rule_count;
    const char *const *sections;
    size_t section_count;
    int64_t now_ns;              /* time of the check, ns since 1970; 0: rules that ask are undecided */
    uint64_t (*clock_ns)(void *user);             /* for the deadline; may be NULL */
    int (*cancelled)(void *user);                 /* asked now and then; may be NULL */
    void *user;
} plim_eval_options;

#define PLIM_EVAL_OPTIONS_INIT                                                                     \
    {                                                                                              \
        .struct_size = sizeof(plim_eval_options)                                                   \
    }

typedef struct plim_summary {
    size_t struct_size;
    size_t rules;          /* selected rules */
    size_t rules_applied;  /* rules that had a subject */
    size_t subjects;       /* distinct judged rows */
    size_t judgements;     /* rule and subject pairs */
    size_t denied, undecided, errors, passed;
    size_t not_shown;      /* findings over the budget */
    uint64_t fuel;
} plim_summary;

/* Evaluates. Several threads may share policy and facts, each with its own call. On LIMIT and
 * STOPPED a result with the findings so far is still returned. */
PLIM_API plim_status plim_eval(plim_result **out, const plim_policy *policy,
                               const plim_facts *facts, const plim_eval_options *options,
                               plim_error *error) PLIM_MUST_CHECK;

PLIM_API void plim_result_free(plim_result *result);
PLIM_API size_t plim_result_count(const plim_result *result);

/* Fills `*out`; its texts live as long as the result. NOT_FOUND beyond the last. */
PLIM_API plim_status plim_result_finding(const plim_result *result, size_t index,
                                         plim_finding *out) PLIM_MUST_CHECK;
PLIM_API void plim_result_summary(const plim_result *result, plim_summary *out);

/* The source line of a finding with a caret, as people read it. */
PLIM_API plim_status plim_result_excerpt(const plim_result *result, size_t index, int color,
                                         size_t width, plim_text *out) PLIM_MUST_CHECK;

/* Why a rule did or did not fire on the subjects at a line (0: all): each clause with the values
 * of its operands. NOT_FOUND when the rule has no subject there. */
PLIM_API plim_status plim_trace(const plim_policy *policy, const plim_facts *facts,
                                const char *rule, const char *path, unsigned line,
                                const plim_eval_options *options, plim_text *out,
                                plim_error *error) PLIM_MUST_CHECK;

/* Tests written in the language. */
typedef struct plim_test_summary {
    size_t struct_size;
    size_t passed, failed;
} plim_test_summary;

typedef struct plim_test_options {
    size_t struct_size;
    const plim_allocator *allocator;
    const plim_budget *budget;
    const char *const *rules; /* only tests of these; none: all */
    size_t rule_count;
    int coverage;             /* append the outcome counts of each condition */
} plim_test_options;

#define PLIM_TEST_OPTIONS_INIT                                                                     \
    {                                                                                              \
        .struct_size = sizeof(plim_test_options)                                                   \
    }

/* Compiles the sources, runs every `test` in them and appends a line per test to `out`; failures
 * with place, expectation and operand values. POLICY when they do not compile. */
PLIM_API plim_status plim_test(const plim_source *sources, size_t count,
                               const plim_compile_options *compile,
                               const plim_test_options *options, plim_diags *diags,
                               plim_test_summary *summary, plim_text *out,
                               plim_error *error) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
