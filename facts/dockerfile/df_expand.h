/* SPDX-License-Identifier: Apache-2.0
 *
 * df_expand.h - variable expansion and quote removal as the frontend does it, with three states.
 *
 * A variable may be set, unset, or not knowable from the file. An expansion that uses a value
 * nobody can know is itself unknown and names the variable that made it so; the text then holds
 * what is known, with nothing in place of the unknown parts. Growth, nesting and pattern work are
 * bounded: beyond a bound the expansion fails, it is never cut silently.
 * Memory: results live in the arena or are views of the input; scratch is freed by
 * df_expander_release. Thread rule: one thread at a time.
 */
#ifndef FACTS_DOCKERFILE_DF_EXPAND_H
#define FACTS_DOCKERFILE_DF_EXPAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/str.h"

enum {
    DF_EXPAND_MAX_DEPTH = 100,      /* ${a:-${b:-...}}: each level is a C frame */
    DF_EXPAND_MAX_BYTES = 1 << 20,  /* of one result */
    DF_EXPAND_MAX_TOTAL = 16 << 20, /* bytes of all results of one file */
    DF_EXPAND_MAX_WORK = 64 << 20   /* steps of look-ups and patterns in one file */
};

enum df_variable_state {
    DF_VARIABLE_UNSET,
    DF_VARIABLE_SET,
    DF_VARIABLE_NO_VALUE, /* declared without a value: unknown, but a default form decides */
    DF_VARIABLE_UNKNOWN   /* may be set or not, to whatever: nothing decides */
};

/* Why a value is not known: what to tell people, and where it was decided. */
struct df_cause {
    struct str text; /* "APP_USER has no default" */
    uint32_t start;
    uint32_t end;
};

struct df_variable_value {
    enum df_variable_state state;
    struct str text;              /* DF_VARIABLE_SET */
    const struct df_cause *cause; /* DF_VARIABLE_NO_VALUE and DF_VARIABLE_UNKNOWN */
};

/* Looks a variable up. Called once per use, in order of appearance. */
typedef struct df_variable_value df_lookup_fn(void *user, struct str name);

/* Why an expansion fails. X(name, text of the message) */
#define DF_EXPAND_ERROR_LIST(X)                                                                    \
    X(NONE, "")                                                                                    \
    X(SINGLE_QUOTE, "unexpected end of statement while looking for matching single-quote")         \
    X(DOUBLE_QUOTE, "unexpected end of statement while looking for matching double-quote")         \
    X(BAD_SUBSTITUTION, "syntax error: bad substitution")                                          \
    X(MISSING_BRACE, "syntax error: missing '}'")                                                  \
    X(MISSING_SLASH, "syntax error: missing '/' in ${}")                                           \
    X(MODIFIER, "unsupported modifier in substitution")                                            \
    X(PATTERN, "invalid pattern in substitution")                                                  \
    X(REQUIRED, "a variable that is required has no value")                                        \
    X(TOO_DEEP, "substitutions are nested deeper than 100")                                        \
    X(TOO_LONG, "the result is longer than 1 MiB")                                                 \
    X(BUDGET, "the expansions of this file exceed their budget")

enum df_expand_error {
#define DF_EXPAND_ERROR_ENUM(name, text) DF_EXPAND_ERROR_##name,
    DF_EXPAND_ERROR_LIST(DF_EXPAND_ERROR_ENUM)
#undef DF_EXPAND_ERROR_ENUM
};

/* How a text is read. All false is the normal reading of instruction arguments. */
struct df_expand_mode {
    bool quotes_literal; /* heredoc bodies: quote characters are ordinary */
    bool raw_quotes;     /* quotes group but are kept */
    bool raw_escapes;    /* escape characters are kept in front of what they escape */
    bool keep_unset;     /* an unset variable stays as written */
};

/* A result. `text` is empty when `error` is set. */
struct df_expansion {
    enum df_expand_error error;
    struct str text;
    struct str message; /* DF_EXPAND_ERROR_REQUIRED: "NAME: message"; else empty */
    bool unknown;
    const struct df_cause *cause; /* of the first unknown variable that mattered; may be NULL */
    size_t known;                 /* length of the part of `text` before the first unknown one */
};

struct df_expander {
    struct arena *arena;
    df_lookup_fn *lookup; /* NULL: every variable is unset */
    void *user;
    char escape;
    struct buf scratch;
    size_t total; /* bytes produced so far, against DF_EXPAND_MAX_TOTAL */
    size_t work;  /* steps spent so far, against DF_EXPAND_MAX_WORK */
};

/* Prepares an expander; allocates nothing. `lookup` may be NULL: every variable is unset then. */
void df_expander_init(struct df_expander *expander, struct arena *arena, df_lookup_fn *lookup,
                      void *user, char escape);
/* Frees the scratch; results stay in the arena. */
void df_expander_release(struct df_expander *expander);

/* Spends `steps` of the file's work budget; false when it is used up. Look-up functions call it
 * for what they search through. */
bool df_expander_spend(struct df_expander *expander, size_t steps);

/* Static text of an error. Pure. */
struct str df_expand_error_text(enum df_expand_error error);

/* Expands a text to one text. A text without `$`, quotes and escapes is returned as it is. */
void df_expand_word(struct df_expander *expander, struct df_expansion *out, struct str text,
                    struct df_expand_mode mode);

/* Expands a text and splits the result at unquoted white space. `*words` (in the arena) and
 * `*count` receive the words; on an error there are none. `out->text` stays empty. */
void df_expand_words(struct df_expander *expander, struct df_expansion *out, struct str **words,
                     size_t *count, struct str text, struct df_expand_mode mode);

/* Walks the variables a text names, `$NAME` and `${NAME...}` outside single quotes. Zero but for
 * `text` and `escape` to begin with. */
struct df_names {
    struct str text;
    char escape;
    size_t at;
    bool in_double_quotes;
};

/* The next name; false at the end. `*form` receives the character behind the name in ${NAME...},
 * a colon skipped, or 0. For questions about the text as written, not for expansion. */
bool df_names_next(struct df_names *names, struct str *name, char *form);

#endif
