/* SPDX-License-Identifier: Apache-2.0
 *
 * co_template.h - interpolation of one text: $NAME and the ${NAME...} forms of Compose.
 *
 * The forms are `:-` `-` `:+` `+` `:?` `?`; their words are templates themselves and are read only
 * when used. `$$` is a `$`. Which texts are interpolated and what becomes of the result belongs to
 * the callers. Nesting, growth and work are bounded: beyond a bound the expansion fails, it is
 * never cut silently. Memory: results live in the arena or are the input itself; names of variables
 * are views of the input; scratch is freed by co_template_release. Thread rule: one thread at a
 * time.
 */
#ifndef FACTS_COMPOSE_CO_TEMPLATE_H
#define FACTS_COMPOSE_CO_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/source.h"
#include "core/str.h"
#include "facts/compose/co_env.h"
#include "facts/compose/co_text.h"
#include "facts/tree/tree.h"

enum {
    CO_TEMPLATE_MAX_DEPTH = 100, /* ${A:-${B:-...}}: each level is a C frame and one more pass */
    CO_TEMPLATE_MAX_BYTES = 8 << 20, /* of one result */
    CO_TEMPLATE_MAX_WORK = 256 << 20 /* bytes read and written for one project */
};

/* What a variable without value is, where its form does not say it. */
enum co_unset {
    CO_UNSET_HOLE, /* unknown: a hole; `?` forms do not fail either, somebody may set it */
    CO_UNSET_EMPTY /* empty, as Compose has it */
};

enum co_template_error {
    CO_TEMPLATE_NONE,
    CO_TEMPLATE_FORMAT,   /* "${" without a valid form behind it */
    CO_TEMPLATE_REQUIRED, /* a `?` form without value */
    CO_TEMPLATE_LIMIT     /* one of the bounds above */
};

struct co_template {
    struct arena *arena;
    enum co_unset unset;
    struct buf scratch;
    size_t work; /* bytes read and written so far, against CO_TEMPLATE_MAX_WORK */
};

struct co_expansion {
    enum co_template_error error;
    struct str text; /* the input itself when it uses no `$`; one hole after an error */
    bool holes;      /* the text has holes */
    /* Each use of a variable that was read, in order of appearance. `known` is false where the
     * variable had no value: with CO_UNSET_HOLE its part is a hole, with CO_UNSET_EMPTY nothing. */
    const struct tree_variable *variables;
    struct str message; /* of an error: for people, without a full stop */
    struct span place;  /* of an error */
};

/* Prepares; allocates nothing. One for each project, since the work is counted here. */
void co_template_init(struct co_template *state, struct arena *arena, enum co_unset unset);

/* Frees the scratch; results stay in the arena. Safe on a zeroed struct and twice. */
void co_template_release(struct co_template *state);

/* Expands `text`, which was written at `written`. Failures of memory show in the arena's status.
 * Values that have holes make holes; a value of nothing but holes may be empty or not, so it
 * decides no form. `scope` may be NULL: nothing is set. */
void co_template_expand(struct co_template *state, struct co_expansion *out, struct str text,
                        const struct co_written *written, const struct co_scope *scope);

#endif
