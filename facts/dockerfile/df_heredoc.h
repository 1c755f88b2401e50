/* SPDX-License-Identifier: Apache-2.0
 *
 * df_heredoc.h - which words of a RUN, COPY or ADD line announce a heredoc.
 *
 * Only the announcement is recognised here; df_parse.c reads the bodies. Thread rule: one thread.
 */
#ifndef FACTS_DOCKERFILE_DF_HEREDOC_H
#define FACTS_DOCKERFILE_DF_HEREDOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/dockerfile/df_ast.h"

/* Finds the heredocs of a logical line in order. `*out` (in the arena) has `*count` entries whose
 * name, fd, expand and chomp are set. None when the line cannot be split into words (an odd quote):
 * then the frontend sees no heredoc either. */
void df_heredoc_find(struct arena *arena, struct str line, struct df_heredoc **out, size_t *count);

/* Reads one word, `3<<-"EOF"`; false when it announces no heredoc. */
bool df_heredoc_parse(struct arena *arena, struct str word, struct df_heredoc *out);

#endif
