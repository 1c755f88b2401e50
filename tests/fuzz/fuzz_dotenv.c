/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_dotenv.c - any bytes as an environment file; the first byte chooses the format. Values and
 * problems have their places inside the file, in order of the file.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "facts/compose/co_dotenv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check(const struct co_dotenv *reader, size_t size)
{
    for (size_t i = 0; i < reader->env->count; i++) {
        const struct co_variable *variable = &reader->env->variables[i];
        require(co_env_find(reader->env, variable->name) == variable);
        if (variable->set.source == SOURCE_NONE) {
            continue;
        }
        require(variable->set.start <= variable->value_at.start);
        require(variable->value_at.start <= variable->value_at.end);
        require(variable->value_at.end <= variable->set.end && variable->set.end <= size);
    }
    for (size_t i = 0; i < reader->problem_count; i++) {
        const struct co_dotenv_problem *problem = &reader->problems[i];
        require(problem->message.len > 0);
        require(problem->place.start <= problem->place.end && problem->place.end <= size);
        require(i == 0 || reader->problems[i - 1].place.start <= problem->place.start);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    struct str text = str_make((const char *)data + 1, size - 1);
    struct arena arena;
    struct co_env outer;
    struct co_env env;
    struct co_template state;
    arena_init(&arena, alloc_or_default(NULL), (size_t)256 << 20);
    require(co_env_init(&outer, alloc_or_default(NULL), 1) == PLIM_STATUS_OK);
    require(co_env_init(&env, alloc_or_default(NULL), 1) == PLIM_STATUS_OK);
    struct co_variable out = {
        .name = STR("OUT"), .value = STR("out"), .set = {.source = SOURCE_NONE}};
    co_env_put(&outer, &out);
    co_template_init(&state, &arena, (data[0] & 2) != 0 ? CO_UNSET_EMPTY : CO_UNSET_HOLE);
    struct co_scope own = {.env = &env};
    struct co_scope scope = {.env = &outer, .next = &own};
    struct co_dotenv reader = {.state = &state, .env = &env, .scope = &scope};
    if ((data[0] & 1) != 0) {
        co_dotenv_read_raw(&reader, 0, text);
    } else {
        co_dotenv_read(&reader, 0, text);
    }
    if (arena_status(&arena) == PLIM_STATUS_OK) {
        check(&reader, text.len);
    }
    co_template_release(&state);
    co_env_release(&env);
    co_env_release(&outer);
    arena_release(&arena);
    return 0;
}
