/* SPDX-License-Identifier: Apache-2.0
 *
 * df_split.h - a logical line to flags, words, name=value pairs and JSON arrays.
 *
 * The frontend has four word splitters with different ideas of quotes; each is one function here.
 * Results are arrays in the arena whose texts point into the line wherever nothing was removed.
 * Variables are not touched. Thread rule: one thread at a time (the splitter keeps scratch arrays).
 */
#ifndef FACTS_DOCKERFILE_DF_SPLIT_H
#define FACTS_DOCKERFILE_DF_SPLIT_H

#include "core/arena.h"
#include "core/str.h"
#include "facts/dockerfile/df_ast.h"
#include "facts/dockerfile/df_json.h"

/* Scratch for arrays whose length is not known yet; lives in the arena. */
struct df_splitter {
    struct arena *arena;
    const struct df_line *line; /* where slices stand */
    char escape;
    struct df_word *words;
    size_t word_count;
    size_t word_capacity;
    struct df_flag *flags;
    size_t flag_count;
    size_t flag_capacity;
};

/* The word for a slice of the line's text. */
struct df_word df_split_slice(const struct df_line *line, struct str slice);

/* Cuts leading --flags off; returns what is behind them, untrimmed. Quotes and backslashes (always
 * backslashes, whatever the escape directive says) are removed from flags. */
struct str df_split_flags(struct df_splitter *splitter, struct str text,
                          struct df_instruction *out);

/* Splits at runs of blanks; no quotes. */
void df_split_blanks(struct df_splitter *splitter, struct str text, struct df_instruction *out);

/* Splits at white space outside quotes, keeping quotes and escapes, into words. */
void df_split_quoted(struct df_splitter *splitter, struct str text, struct df_instruction *out);

/* Reads `text` as a JSON array into the arguments of `out`, behind those that are there. With
 * DF_JSON_NONE and DF_JSON_MIXED `out` is unchanged but for `malformed`, which is set when the
 * text starts with a bracket and a quote. */
enum df_json_kind df_split_json(struct df_splitter *splitter, struct str text,
                                struct df_instruction *out);

/* Sets one argument: the whole text; none when it is empty. */
void df_split_whole(struct df_splitter *splitter, struct str text, struct df_instruction *out);

#endif
