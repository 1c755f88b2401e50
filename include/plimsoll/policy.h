/* SPDX-License-Identifier: Apache-2.0
 *
 * policy.h - policies: compile from text, load and save program images, ask for rules.
 *
 * A plim_policy is immutable and reference counted: threads share one. It has always passed the
 * verifier; no flag skips that.
 */
#ifndef PLIMSOLL_POLICY_H
#define PLIMSOLL_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include <plimsoll/budget.h>
#include <plimsoll/diag.h>
#include <plimsoll/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plim_policy plim_policy;

/* One policy text. Name is the path shown in messages; "secrets/env.plim" is module secrets/env. */
typedef struct plim_source {
    const char *name;
    const char *text;
    size_t size;
} plim_source;

typedef struct plim_compile_options {
    size_t struct_size;
    const plim_allocator *allocator;
    const plim_budget *budget;
    /* Called for an `import` whose module is not among the sources: fills `*out` (freed by the
     * library through its allocator) or returns NOT_FOUND. NULL: imports see the sources only. */
    plim_status (*read_module)(void *user, const char *module, plim_text *out);
    void *user;
    int keep_source;    /* keep policy text in the program for disasm and trace (default 1) */
    int warn;           /* report warnings (default 1) */
} plim_compile_options;

#define PLIM_COMPILE_OPTIONS_INIT                                                                  \
    {                                                                                              \
        .struct_size = sizeof(plim_compile_options), .keep_source = 1, .warn = 1                   \
    }

/* Compiles all sources as one pack. POLICY with diagnostics in `diags` when one does not compile;
 * then `*out` is untouched. `options` and `error` may be NULL. */
PLIM_API plim_status plim_policy_compile(plim_policy **out, const plim_source *sources,
                                         size_t count, const plim_compile_options *options,
                                         plim_diags *diags, plim_error *error) PLIM_MUST_CHECK;

/* Loads a program image. The bytes are borrowed when `borrow` is non-zero (they must then outlive
 * the policy and be 8-aligned), else copied. POLICY when it is damaged or does not verify. */
PLIM_API plim_status plim_policy_load(plim_policy **out, const void *data, size_t size, int borrow,
                                      const plim_allocator *allocator,
                                      plim_error *error) PLIM_MUST_CHECK;

/* The built-in policies, embedded in the library. */
PLIM_API plim_status plim_policy_builtin(plim_policy **out, const plim_allocator *allocator,
                                         plim_error *error) PLIM_MUST_CHECK;

/* One policy from several: their rules in order. POLICY when ids or names clash. */
PLIM_API plim_status plim_policy_save(const plim_policy *policy, plim_text *out) PLIM_MUST_CHECK;

PLIM_API plim_policy *plim_policy_retain(plim_policy *policy);
PLIM_API void plim_policy_release(plim_policy *policy);

/* What is known of a rule. Texts live as long as the policy and are NUL-terminated. */
typedef struct plim_rule_info {
    size_t struct_size;
    const char *name, *id, *title, *why, *remedy, *severity, *section, *since, *unknown;
    const char *file;       /* policy file */
    unsigned line;
    const char *const *covers; /* "hadolint:DL3002" */
    size_t cover_count;
    const char *kinds;      /* what it ranges over: "final-stage, copy" */
} plim_rule_info;

PLIM_API size_t plim_policy_rule_count(const plim_policy *policy);

/* Fills `*out` (struct_size set by the caller). NOT_FOUND beyond the last rule. */
PLIM_API plim_status plim_policy_rule(const plim_policy *policy, size_t index,
                                      plim_rule_info *out) PLIM_MUST_CHECK;

/* Parameters, types, defaults and docs as JSON; rules as JSON; code with its source lines. */
PLIM_API plim_status plim_policy_params_json(const plim_policy *policy,
                                             plim_text *out) PLIM_MUST_CHECK;
PLIM_API plim_status plim_policy_disasm(const plim_policy *policy, const char *rule,
                                        plim_text *out) PLIM_MUST_CHECK;

/* Canonical layout of a policy text. POLICY with diagnostics when it does not parse. */
PLIM_API plim_status plim_format(const plim_source *source, const plim_allocator *allocator,
                                 plim_text *out, plim_diags *diags) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
