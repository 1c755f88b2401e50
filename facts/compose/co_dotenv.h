/* SPDX-License-Identifier: Apache-2.0
 *
 * co_dotenv.h - .env files and env_file: texts to an environment whose values know their places.
 *
 * Two formats: Compose's own (quotes, comments, variables) and `raw` (docker run --env-file). Which
 * files are read and which one wins belongs to the callers.
 * Memory: values live in the caller's arena or are views of the file's text, which must live as
 * long. Thread rule: one thread at a time.
 */
#ifndef FACTS_COMPOSE_CO_DOTENV_H
#define FACTS_COMPOSE_CO_DOTENV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/source.h"
#include "core/str.h"
#include "facts/compose/co_env.h"
#include "facts/compose/co_template.h"

/* Further mistakes of one file are not reported. */
enum { CO_DOTENV_MAX_PROBLEMS = 20 };

/* A mistake in a file. Compose refuses the whole file for it; here reading goes on with the next
 * line, and a value with a mistake is a hole. */
struct co_dotenv_problem {
    struct str message; /* for people, without a full stop */
    struct span place;
    bool limit; /* a bound was exceeded: not the author's mistake */
};

/* What a file is read with and into. Fill in before `problems`; the rest starts as zero. */
struct co_dotenv {
    struct co_template *state;    /* expands values; its arena holds them and the problems */
    struct co_env *env;           /* receives the values */
    const struct co_scope *scope; /* what values see: outer environments, then `env` itself */
    enum co_rank rank;            /* of the values */
    struct co_dotenv_problem problems[CO_DOTENV_MAX_PROBLEMS];
    size_t problem_count;
};

/* Reads a file in Compose's format. Failures of memory show in the statuses of arena and `env`. */
void co_dotenv_read(struct co_dotenv *reader, source_id source, struct str text);

/* Reads a file of lines KEY=VALUE that are taken as they are; KEY alone takes the value in scope.
 */
void co_dotenv_read_raw(struct co_dotenv *reader, source_id source, struct str text);

#endif
