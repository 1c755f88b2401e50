/* SPDX-License-Identifier: Apache-2.0
 *
 * co_env.c - see co_env.h. The interner numbers the names; the empty name is number 0 whether
 * somebody set it or not, so places are kept apart from the numbers.
 */
#include "facts/compose/co_env.h"

#include <string.h>

enum { FIRST_CAPACITY = 16 };

plim_status co_env_init(struct co_env *env, const plim_allocator *allocator, uint64_t seed)
{
    *env = (struct co_env){0};
    arena_init(&env->arena, allocator, 0);
    return intern_init(&env->names, allocator, 0, seed);
}

void co_env_release(struct co_env *env)
{
    intern_release(&env->names);
    arena_release(&env->arena);
    *env = (struct co_env){0};
}

/* Room for one more variable; one more place than variables, for the empty name. */
static bool make_room(struct co_env *env)
{
    if (env->count < env->capacity) {
        return true;
    }
    size_t capacity = env->capacity > 0 ? env->capacity * 2 : FIRST_CAPACITY;
    struct co_variable *variables = ARENA_ARRAY(&env->arena, struct co_variable, capacity);
    uint32_t *places = ARENA_ARRAY(&env->arena, uint32_t, capacity + 1);
    if (variables == NULL || places == NULL) {
        return false;
    }
    if (env->count > 0) {
        memcpy(variables, env->variables, env->count * sizeof *variables);
        memcpy(places, env->places, (env->capacity + 1) * sizeof *places);
    }
    env->variables = variables;
    env->places = places;
    env->capacity = capacity;
    return true;
}

void co_env_put(struct co_env *env, const struct co_variable *variable)
{
    if (!make_room(env)) {
        return;
    }
    intern_id id = intern_add(&env->names, variable->name);
    if (id == INTERN_NONE) {
        return;
    }
    uint32_t place = env->places[id];
    if (place > 0 && variable->rank < env->variables[place - 1].rank) {
        return;
    }
    if (place == 0) {
        place = (uint32_t)++env->count;
        env->places[id] = place;
    }
    env->variables[place - 1] = *variable;
    env->variables[place - 1].name = intern_view(&env->names, id);
}

const struct co_variable *co_env_find(const struct co_env *env, struct str name)
{
    intern_id id = intern_find(&env->names, name);
    if (id == INTERN_NONE || env->count == 0 || env->places[id] == 0) {
        return NULL;
    }
    return &env->variables[env->places[id] - 1];
}

plim_status co_env_status(const struct co_env *env)
{
    plim_status status = arena_status(&env->arena);
    return status != PLIM_STATUS_OK ? status : intern_status(&env->names);
}

const struct co_variable *co_scope_find(const struct co_scope *scope, struct str name)
{
    const struct co_variable *found = NULL;
    for (; scope != NULL && found == NULL; scope = scope->next) {
        found = co_env_find(scope->env, name);
    }
    return found;
}

const char *co_rank_text(enum co_rank rank)
{
    static const char *const texts[] = {
#define CO_RANK_TEXT(name, text) text,
        CO_RANK_LIST(CO_RANK_TEXT)
#undef CO_RANK_TEXT
    };
    return (size_t)rank < sizeof texts / sizeof texts[0] ? texts[rank] : "";
}
