/* SPDX-License-Identifier: Apache-2.0
 *
 * api.h - what the files behind the public functions share: the handles and the rules of the door.
 *
 * Nothing outside api/ includes this. Handles are made and freed in the file of their name.
 * Thread rule: see the public headers.
 */
#ifndef API_API_H
#define API_API_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/plimsoll.h>

#include "core/buf.h"
#include "core/diag.h"
#include "core/source.h"
#include "core/str.h"
#include "core/intern.h"
#include "facts/compose/co_facts.h"
#include "facts/dockerfile/df_facts.h"
#include "facts/files.h"
#include "facts/store.h"
#include "runtime/eval.h"
#include "runtime/outcome.h"
#include "runtime/program.h"

enum {
    API_MAX_TEXT = 1 << 30 /* of one text handed out: 1 GiB */
};

/* Rules of a policy as the outside sees them; made on the first question, then shared. */
struct policy_rules {
    struct arena arena;
    plim_rule_info *infos;
    const char **arms; /* names by index into program->arms */
};

struct plim_policy {
    const plim_allocator *allocator;
    struct program *program;
    _Atomic(struct policy_rules *) rules;
    _Atomic unsigned references;
};

/* Diagnostics of one call, with the texts they point into. */
struct diags_part {
    struct diag_list list;
    struct source_set *sources;
    struct diags_part *next;
};

struct plim_diags {
    const plim_allocator *allocator;
    struct diags_part *first;
    struct diags_part **tail;
};

struct plim_facts {
    const plim_allocator *allocator;
    struct facts *store;
    struct df_facts dockerfiles; /* the reader; released when the caller freezes the facts */
    struct co_facts compose;     /* the reader of compose projects; released as well */
    struct interner linked;      /* cleaned paths of what compose projects have read */
    uint64_t seed;
    struct arena arena;       /* texts of the options */
    struct arena scratch;     /* of one document */
    plim_files outside;       /* as given; all zero without */
    struct facts_files files; /* the same for the readers */
    struct str context;       /* build context; empty: the directory of each Dockerfile */
    size_t file_bytes;
    size_t documents;
    bool stepping; /* an evaluation in steps goes on: fields it does not read are not filled */
    bool partial;  /* there are documents that were added meanwhile */
};

/* Outcomes of one policy: while it is evaluated, then when that has ended. */
struct result_part {
    plim_policy *policy;
    struct eval *eval;
    struct report *report;
};

/* Place of a finding: part and index within its report. */
struct result_ref {
    uint32_t part;
    uint32_t index;
};

struct plim_result {
    const plim_allocator *allocator;
    struct arena arena; /* parsed options, then texts made on demand */
    plim_facts *facts;
    struct result_part *parts;
    size_t part_count;
    struct result_ref *order;
    size_t count;
    bool stepping; /* begun by plim_eval_begin and not ended */
};

/* ---- the door (door.c) ------------------------------------------------------------------- */

/* Copies an options struct into `*copy` of `known` bytes, which the caller has set to the defaults.
 * NULL `given`: defaults. USAGE when its struct_size is no size or a tail this version does not
 * know is not zero. */
plim_status door_options(void *copy, size_t known, const void *given) PLIM_MUST_CHECK;

/* Fills the caller's struct, as much as its struct_size says. */
void door_fill(void *out, const void *value, size_t known);

/* Fills `error` (may be NULL) with a message made safe, and returns `status`. */
plim_status door_fail(plim_error *error, plim_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* door_fail with the general text of the status. */
plim_status door_status(plim_error *error, plim_status status);

/* Hands the content of a buffer to the caller, or releases it and returns why it failed. */
plim_status door_take(plim_text *out, struct buf *buf) PLIM_MUST_CHECK;

/* ---- files of the caller (files.c) ------------------------------------------------------- */

enum { FILES_MAX_PATH = 4096 }; /* bytes of a path that is asked for; longer ones are not found */

/* Lets readers ask the files that the caller gave. */
void files_open(plim_facts *facts);

/* ---- steps (facts.c) --------------------------------------------------------------------- */

/* Makes room for the facts of further documents: rows and strings go, sources stay. */
void facts_reopen(plim_facts *facts);

/* Appends lines that quote inputs or policies with everything but line ends and tabs made safe. */
void door_append_safe(struct buf *out, struct str lines);

/* ---- handles ----------------------------------------------------------------------------- */

/* A new, empty part of `diags` with its own source set; NULL on failure. */
struct diags_part *diags_part_new(plim_diags *diags);

/* Takes the diagnostics of `list`, whose spans point into `sources`, if there are any: the list is
 * moved and empty afterwards, the texts shown are copied. NULL `diags`: they are dropped. */
plim_status diags_take(plim_diags *diags, struct diag_list *list,
                       const struct source_set *sources) PLIM_MUST_CHECK;

/* Wraps a program, whose reference it takes over also on failure. */
plim_status policy_wrap(plim_policy **out, struct program *program,
                        const plim_allocator *allocator) PLIM_MUST_CHECK;

/* The rules as the outside sees them; NULL when there is no memory. Thread-safe. */
const struct policy_rules *policy_rules(const plim_policy *policy);

/* Index of the rule with this name or id; UINT32_MAX when there is none. */
uint32_t policy_find_rule(const plim_policy *policy, struct str rule);

/* Whether a selector (name, id, "name/arm", or wildcard) fits a rule. */
bool policy_selector_fits(const struct program *program, uint32_t rule, struct str selector);

/* plim_result_finding without the fingerprint, which costs a hash that the text report has no use
 * for. `index` must be below the count. */
plim_status result_describe(plim_result *result, size_t index, plim_finding *out) PLIM_MUST_CHECK;

/* Name of a severity. Static text. */
const char *severity_name(plim_severity severity);

#endif
