/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_facts.h - commands of one shell text as rows of the fact store.
 *
 * Fills the kinds command, option, assignment, redirect and package. The caller owns the rows of
 * instructions and stages and puts the command rows into their lists.
 *
 *     struct sh_facts shell;
 *     sh_facts_init(&shell, facts, allocator);      once per run
 *     sh_facts_begin_file(&shell);                  restarts command.index
 *     sh_facts_add(&shell, &job, &commands, scratch, &result);   per text
 *     sh_facts_release(&shell);
 *
 * Memory: trees live in arenas of sh_recent.h; list elements in `scratch`.
 * Thread rule: as the store while it is built.
 */
#ifndef FACTS_SHELL_SH_FACTS_H
#define FACTS_SHELL_SH_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>
#include <plimsoll/version.h>

#include "core/arena.h"
#include "core/source.h"
#include "facts/shell/sh_command.h"
#include "facts/shell/sh_recent.h"
#include "facts/store.h"

/* The label of a command with a subcommand; `label` INTERN_EMPTY: free. */
struct sh_facts_label {
    intern_id name;
    intern_id sub;
    intern_id label;
};

struct sh_facts {
    struct facts *facts;
    struct sh_recent recent;
    int64_t next_index;               /* command.index of the next command */
    intern_id letters[128];           /* ids of "-a" ..., 0: not asked for yet */
    struct sh_facts_label labels[64]; /* met lately */
};

/* One text, or the words of an exec form. */
struct sh_facts_job {
    source_id source;
    fact_row instruction; /* FACT_NO_ROW: of a service */
    fact_row service;     /* FACT_NO_ROW: of a Dockerfile */
    fact_row stage;       /* FACT_NO_ROW: before the first FROM, or of a service */
    fact_row run;         /* FACT_NO_ROW: CMD, ENTRYPOINT, HEALTHCHECK, or of a service */
    const struct sh_text *text;
    struct sh_shell shell;       /* who reads it: sh_shell_of(SHELL), sh_shell_of_script(body) */
    bool exec;                   /* exec form: `words` instead of a text that a shell reads */
    const struct sh_word *words; /* JSON strings decoded, spans as offsets in `text`; only text,
                                  * start and end need be set. Where the string has no escapes,
                                  * flags SH_WORD_CONTIGUOUS and text_start make places in a
                                  * `sh -c` argument exact */
    size_t word_count;
};

struct sh_facts_result {
    bool posix;      /* the text is read as a POSIX or bash shell; true for an exec form */
    enum sh_gap gap; /* SH_GAP_NONE: understood completely; else report DIAG_shell_unparsed with
                      * sh_gap_text(gap) at gap_span */
    struct span gap_span;
};

/* Prepares; NOMEM. `facts` must outlive it. */
plim_status sh_facts_init(struct sh_facts *shell, struct facts *facts,
                          const plim_allocator *allocator) PLIM_MUST_CHECK;

/* Forgets what it remembers of the store; to be called after facts_clear. */
void sh_facts_clear(struct sh_facts *shell);

/* Safe on a zeroed struct. */
void sh_facts_release(struct sh_facts *shell);

/* Restarts the numbering of commands. */
void sh_facts_begin_file(struct sh_facts *shell);

/* Adds the rows of one text and appends the command rows to `commands`. Bad shell text is no
 * failure. NOMEM or LIMIT, also when the store or `scratch` failed. */
plim_status sh_facts_add(struct sh_facts *shell, const struct sh_facts_job *job,
                         struct fact_items *commands, struct arena *scratch,
                         struct sh_facts_result *result) PLIM_MUST_CHECK;

#endif
