/* SPDX-License-Identifier: Apache-2.0
 *
 * df_problem.c - the list of problems of one file. See df_problem.h.
 */
#include "facts/dockerfile/df_problem.h"

#include <string.h>

struct df_place df_place_line(const struct df_line *line)
{
    return (struct df_place){.start = line->start, .end = line->end, .line = line->first_line};
}

struct df_place df_place_word(const struct df_instruction *instruction, struct df_word word)
{
    return (struct df_place){
        .start = word.start, .end = word.end, .line = instruction->line->first_line};
}

static char *put(char *at, struct str text)
{
    if (text.len > 0) {
        memcpy(at, text.ptr, text.len);
    }
    return at + text.len;
}

struct df_problem *df_problem_add(struct df_file *file, struct arena *arena, enum df_layer layer,
                                  enum diag_id id, struct df_place place, struct str before,
                                  struct str quoted, struct str after)
{
    quoted = str_slice(quoted, 0, DF_PROBLEM_QUOTE_MAX);
    size_t length = before.len + quoted.len + after.len;
    struct df_problem *problem = ARENA_NEW(arena, struct df_problem);
    char *message = arena_alloc(arena, length + 1);
    if (problem == NULL || message == NULL) {
        return NULL;
    }
    put(put(put(message, before), quoted), after);
    *problem = (struct df_problem){.id = id,
                                   .layer = layer,
                                   .start = place.start,
                                   .end = place.end,
                                   .line = place.line,
                                   .stage = UINT32_MAX,
                                   .message = str_make(message, length)};
    *file->problems_tail = problem;
    file->problems_tail = &problem->next;
    return problem;
}

const struct df_problem *df_problem_first(const struct df_file *file, enum df_layer layer)
{
    const struct df_problem *problem = file->problems;
    while (problem != NULL && problem->layer != layer) {
        problem = problem->next;
    }
    return problem;
}
