/* SPDX-License-Identifier: Apache-2.0
 *
 * df_problem.h - how the readers of a Dockerfile note what they refuse or do not know.
 *
 * Only gathers; printing is done from the fact store or the diagnostics. Memory: the arena.
 * Thread rule: one thread at a time.
 */
#ifndef FACTS_DOCKERFILE_DF_PROBLEM_H
#define FACTS_DOCKERFILE_DF_PROBLEM_H

#include "core/arena.h"
#include "core/str.h"
#include "facts/dockerfile/df_ast.h"

/* Longest piece of the file that a message repeats. */
enum { DF_PROBLEM_QUOTE_MAX = 120 };

/* Where a problem is. */
struct df_place {
    uint32_t start;
    uint32_t end;
    uint32_t line; /* see df_problem.line */
};

/* Place of an instruction's logical line. */
struct df_place df_place_line(const struct df_line *line);

/* Place of a word of an instruction. */
struct df_place df_place_word(const struct df_instruction *instruction, struct df_word word);

/* Appends a problem whose message is `before`, `quoted` (cut to DF_PROBLEM_QUOTE_MAX bytes) and
 * `after` joined. Returns it, or NULL after a failure of the arena. */
struct df_problem *df_problem_add(struct df_file *file, struct arena *arena, enum df_layer layer,
                                  enum diag_id id, struct df_place place, struct str before,
                                  struct str quoted, struct str after);

#endif
