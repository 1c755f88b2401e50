/* SPDX-License-Identifier: Apache-2.0
 *
 * policy.h - policies: compile from text, load and save program images, ask for rules.
 *
 * A plim_policy is immutable and reference counted: threads share one. It has always passed the
 * verifier; no flag skips that. Every call answers USAGE when a required argument is NULL or an
 * options struct is of an unknown newer form.
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

/* One policy text, borrowed for the call. Name is the path shown in messages; the import path
 * "secrets/env" finds the source named "secrets/env.plim" or ".../secrets/env.plim". */
typedef struct plim_source {
    const char *name;
    const char *text;
    size_t size;
} plim_source;

/* struct_size first, as in every options struct: a larger struct of a newer header is accepted
 * when its unknown tail is zero. Pointers are borrowed for the call, `allocator` for the life of
 * what the call makes. */
typedef struct plim_compile_options {
    size_t struct_size;
    const plim_allocator *allocator; /* NULL: the C library's */
    const plim_budget *budget;       /* policy_bytes counts here; NULL: defaults */
    /* Called for an `import` whose module ("text/secrets", no extension) is not among the sources:
     * fills `*out` with plim_text_set, or returns NOT_FOUND; another status is reported at the
     * import. NULL: imports see the sources only. */
    plim_status (*read_module)(void *user, const char *module, plim_text *out);
    void *user;
    int keep_source; /* keep policy text in the program for disasm and trace (default 1) */
    int warn;        /* report warnings (default 1) */
} plim_compile_options;

#define PLIM_COMPILE_OPTIONS_INIT                                                                  \
    {                                                                                              \
        .struct_size = sizeof(plim_compile_options), .keep_source = 1, .warn = 1                   \
    }

/* Compiles all sources as one pack. `*out` is released by the caller. POLICY with diagnostics in
 * `diags` (may be NULL) when one does not compile; LIMIT over a budget; NOMEM. `options` and
 * `error` may be NULL. Thread-safe: no shared state. */
PLIM_API plim_status plim_policy_compile(plim_policy **out, const plim_source *sources,
                                         size_t count, const plim_compile_options *options,
                                         plim_diags *diags, plim_error *error) PLIM_MUST_CHECK;

/* Loads a program image of plim_policy_save. The bytes are borrowed when `borrow` is non-zero
 * (they must then outlive the policy and be 8-aligned), else copied. POLICY when it is damaged, of
 * another version, or does not verify; NOMEM. Thread-safe. */
PLIM_API plim_status plim_policy_load(plim_policy **out, const void *data, size_t size, int borrow,
                                      const plim_allocator *allocator,
                                      plim_error *error) PLIM_MUST_CHECK;

/* The built-in policies, embedded in the library and loaded without copying. NOT_FOUND when the
 * library was built without any. Thread-safe. */
PLIM_API plim_status plim_policy_builtin(plim_policy **out, const plim_allocator *allocator,
                                         plim_error *error) PLIM_MUST_CHECK;

/* The policy as a program image. The image depends on this version of the library: source travels,
 * images do not. NOMEM. Thread-safe. */
PLIM_API plim_status plim_policy_save(const plim_policy *policy, plim_text *out) PLIM_MUST_CHECK;

/* One more holder; returns its argument, NULL for NULL. Thread-safe. */
PLIM_API plim_policy *plim_policy_retain(plim_policy *policy);

/* One holder less; the last one frees. NULL is fine. Thread-safe. */
PLIM_API void plim_policy_release(plim_policy *policy);

/* What is known of a rule. Texts are NUL-terminated, never NULL, and live as long as the policy. */
typedef struct plim_rule_info {
    size_t struct_size; /* set by the caller: only that much is filled */
    const char *name, *id, *title, *why, *remedy, *severity, *section, *since;
    const char *unknown; /* "pass", "report" or "deny": what an undecided outcome counts as */
    const char *file;    /* policy file as named when it was compiled */
    unsigned line;
    const char *const *covers; /* "hadolint:DL3002" */
    size_t cover_count;
    const char *kinds; /* what it ranges over: "final-stage, copy" */
} plim_rule_info;

#define PLIM_RULE_INFO_INIT                                                                        \
    {                                                                                              \
        .struct_size = sizeof(plim_rule_info)                                                      \
    }

/* Number of rules; 0 for NULL. Thread-safe. */
PLIM_API size_t plim_policy_rule_count(const plim_policy *policy);

/* Fills `*out` with rule `index`, in the order of files and lines. NOT_FOUND beyond the last rule.
 * Thread-safe. */
PLIM_API plim_status plim_policy_rule(const plim_policy *policy, size_t index,
                                      plim_rule_info *out) PLIM_MUST_CHECK;

/* Whether some rule looks at all documents together (kind `project`), so that an evaluation must
 * not be done in steps. 0 for NULL. Thread-safe. */
PLIM_API int plim_policy_needs_all(const plim_policy *policy);

/* Whether a rule's name, id or "name/arm" fits a selector: equal, or a wildcard of `like`.
 * 0 for NULL arguments or an index beyond the last rule. Thread-safe. */
PLIM_API int plim_policy_rule_matches(const plim_policy *policy, size_t index,
                                      const char *selector);

/* Declared parameters as a JSON array: name, type, default, low, high, doc. NOMEM. Thread-safe. */
PLIM_API plim_status plim_policy_params_json(const plim_policy *policy,
                                             plim_text *out) PLIM_MUST_CHECK;

/* Source and code of a rule side by side; `rule` a name or id, NULL: all. NOT_FOUND for an unknown
 * rule. Thread-safe. */
PLIM_API plim_status plim_policy_disasm(const plim_policy *policy, const char *rule,
                                        plim_text *out) PLIM_MUST_CHECK;

/* Canonical layout of a policy text. POLICY with diagnostics (`diags` may be NULL) when it does
 * not parse. Thread-safe. */
PLIM_API plim_status plim_format(const plim_source *source, const plim_allocator *allocator,
                                 plim_text *out, plim_diags *diags) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
