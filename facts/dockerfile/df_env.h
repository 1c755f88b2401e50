/* SPDX-License-Identifier: Apache-2.0
 *
 * df_env.h - environments while a file is evaluated: entries, look-ups, causes, expansion.
 *
 * Look-ups walk a list; a stage has few variables, and the work budget of the expander bounds what
 * hostile files can make of it. Thread rule: one thread.
 */
#ifndef FACTS_DOCKERFILE_DF_ENV_H
#define FACTS_DOCKERFILE_DF_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/dockerfile/df_expand.h"
#include "facts/dockerfile/df_model.h"
#include "facts/dockerfile/df_problem.h"

/* Which variables an expansion sees. */
enum df_scope {
    DF_SCOPE_GLOBAL,   /* platform arguments and global ARGs */
    DF_SCOPE_DEFAULTS, /* the same without the caller's build arguments */
    DF_SCOPE_STAGE,    /* the stage that is being evaluated */
    DF_SCOPE_TRIGGER   /* ONBUILD where it is written: nothing is known yet */
};

struct df_env {
    struct df_model *model;
    struct arena *arena;
    struct df_expander expander;
    enum df_scope scope;
    struct df_stage *stage;
    struct df_result *result; /* collects undefined names */
    const struct df_instruction *instruction;
    bool budget_reported; /* an exhausted budget is one problem, not one per word */
};

/* Prepares and frees the evaluation of one model. */
void df_env_init(struct df_env *env, struct df_model *model, struct arena *arena);
void df_env_release(struct df_env *env);

/* Entry of a key, or NULL. Spends the work of the search. */
struct df_entry *df_entries_find(struct df_env *env, const struct df_entries *entries,
                                 struct str key);

/* Sets an entry: in place when the key exists, else at the end. NULL after a failure. */
struct df_entry *df_entries_set(struct df_env *env, struct df_entries *entries, struct str key,
                                const struct df_instruction *instruction, uint32_t item);

/* Appends an entry whatever its key. */
struct df_entry *df_entries_append(struct df_env *env, struct df_entries *entries, struct str key,
                                   const struct df_instruction *instruction, uint32_t item);

/* Starts `to` as a copy of `from`. */
void df_entries_copy(struct df_env *env, struct df_entries *to, const struct df_entries *from);

/* Value of a build argument of the caller; false when it gave none. */
bool df_env_build_arg(const struct df_env *env, struct str name, struct str *value);

/* Joined text in the arena. */
struct str df_env_join(struct df_env *env, struct str a, struct str b, struct str c);

/* New cause: `before` `name` `after`, decided at [start, end). */
const struct df_cause *df_env_cause(struct df_env *env, struct str before, struct str name,
                                    struct str after, uint32_t start, uint32_t end);

/* Expands one word of the current instruction in the current scope. A failing expansion adds a
 * problem of `layer` and gives an unknown value. */
struct df_value df_env_expand(struct df_env *env, struct df_word word, enum df_layer layer);

/* A value that needed no expansion. */
struct df_value df_value_known(struct df_word word);

/* An unknown value at a word's place. */
struct df_value df_value_unknown(const struct df_cause *cause, uint32_t start, uint32_t end);

/* Adds a problem of the current instruction, quoting `word`; DF_LAYER_DISPATCH ones carry the
 * stage. */
void df_env_problem(struct df_env *env, enum df_layer layer, enum diag_id id, struct df_word word,
                    struct str before, struct str after);

#endif
