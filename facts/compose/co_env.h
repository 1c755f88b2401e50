/* SPDX-License-Identifier: Apache-2.0
 *
 * co_env.h - environments: named values that know where they were set and how strongly.
 *
 * An environment holds one value for each name. What is stronger wins whatever the order; of equals
 * the later one. A scope chains environments in the order in which they are asked. Reading files is
 * co_dotenv.h, using values is co_template.h.
 * Memory: names are copied, values are borrowed and must live as long. The owner calls
 * co_env_release. Thread rule: one thread while values are put; immutable afterwards.
 */
#ifndef FACTS_COMPOSE_CO_ENV_H
#define FACTS_COMPOSE_CO_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/intern.h"
#include "core/source.h"
#include "core/str.h"
#include "facts/tree/tree.h"

/* Where a value comes from, weakest first. X(name, words for people) */
#define CO_RANK_LIST(X)                                                                            \
    X(DOTENV, "the .env file")                                                                     \
    X(ENV_FILE, "an environment file")                                                             \
    X(PROCESS, "the environment of the process")                                                   \
    X(GIVEN, "the command line")                                                                   \
    X(PROJECT, "the name of the project")

enum co_rank {
#define CO_RANK_ENUM(name, text) CO_RANK_##name,
    CO_RANK_LIST(CO_RANK_ENUM)
#undef CO_RANK_ENUM
};

struct co_variable {
    struct str name;
    struct str value;     /* may have holes: parts that nobody knows (TREE_HOLE) */
    struct span set;      /* NAME=value as written; .source SOURCE_NONE when in no file */
    struct span value_at; /* the value alone */
    enum co_rank rank;
    const struct tree_variable *variables; /* what the value was made from, or NULL */
};

struct co_env {
    struct interner names;
    struct arena arena;
    struct co_variable *variables; /* in order of their first appearance */
    uint32_t *places;              /* by number of the name: place in `variables` plus 1, or 0 */
    size_t count;
    size_t capacity;
};

/* Prepares an empty environment. `seed` is that of the hash table. NOMEM. */
plim_status co_env_init(struct co_env *env, const plim_allocator *allocator,
                        uint64_t seed) PLIM_MUST_CHECK;

/* Frees everything. Safe on a zeroed struct and twice. */
void co_env_release(struct co_env *env);

/* Puts a value unless a stronger one is there. A failure shows in co_env_status. */
void co_env_put(struct co_env *env, const struct co_variable *variable);

/* The value of a name, or NULL. Valid until the next put. */
const struct co_variable *co_env_find(const struct co_env *env, struct str name);

/* OK, or NOMEM: sticky. */
plim_status co_env_status(const struct co_env *env);

/* Environments in the order in which they are asked. */
struct co_scope {
    const struct co_env *env;
    const struct co_scope *next; /* asked when `env` has no such name; may be NULL */
};

/* The first value of a name, or NULL. `scope` may be NULL. Valid until the next put. */
const struct co_variable *co_scope_find(const struct co_scope *scope, struct str name);

/* "the .env file", ...: for messages. Static text. */
const char *co_rank_text(enum co_rank rank);

#endif
