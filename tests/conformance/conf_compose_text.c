/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_compose_text.c - the tables about texts inside compose files: compose_interpolation, dotenv.
 */
#include "conformance.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "facts/compose/co_dotenv.h"
#include "facts/compose/co_template.h"

/* ---- variables --------------------------------------------------------------------------- */

/* An environment of the members of an object. */
static bool fill_env(struct conf_row *row, struct co_env *env, const char *member)
{
    bool ok = co_env_init(env, alloc_or_default(NULL), 1) == PLIM_STATUS_OK;
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(row->json, member), key, value)
    {
        struct co_variable variable = {
            .name = str_from_cstr(key),
            .value = str_make(json_string_value(value), json_string_length(value)),
            .rank = CO_RANK_GIVEN,
        };
        co_env_put(env, &variable);
    }
    if (!ok || co_env_status(env) != PLIM_STATUS_OK) {
        conf_differ(row, STR("out of memory"));
        return false;
    }
    return true;
}

void conf_compose_interpolation(struct conf_row *row)
{
    struct co_env env;
    struct arena arena;
    struct co_template state;
    arena_init(&arena, alloc_or_default(NULL), 0);
    co_template_init(&state, &arena, CO_UNSET_EMPTY);
    if (fill_env(row, &env, "env")) {
        struct co_scope scope = {.env = &env};
        struct co_written written = {.span = {SOURCE_NONE, 0, 0}};
        struct co_expansion out;
        co_template_expand(&state, &out, conf_text(row, "in"), &written, &scope);
        bool refused = out.error != CO_TEMPLATE_NONE;
        if (conf_expect_refusal(row, "error", refused, out.message) && !refused) {
            conf_expect_text(row, "out", out.text);
        }
    }
    co_template_release(&state);
    co_env_release(&env);
    arena_release(&arena);
}

void conf_dotenv(struct conf_row *row)
{
    struct co_env outer;
    struct co_env env;
    struct arena arena;
    struct co_template state;
    arena_init(&arena, alloc_or_default(NULL), 0);
    co_template_init(&state, &arena, CO_UNSET_EMPTY);
    if (fill_env(row, &outer, "lookup") && fill_env(row, &env, "none")) {
        struct co_scope own = {.env = &env};
        struct co_scope scope = {.env = &outer, .next = &own};
        struct co_dotenv reader = {.state = &state, .env = &env, .scope = &scope};
        co_dotenv_read(&reader, 0, conf_text(row, "file"));
        bool refused = reader.problem_count > 0;
        if (conf_expect_refusal(row, "error", refused, reader.problems[0].message) && !refused) {
            json_t *variables = json_object();
            for (size_t i = 0; i < env.count; i++) {
                json_object_setn_new(variables, env.variables[i].name.ptr,
                                     env.variables[i].name.len,
                                     conf_string(env.variables[i].value));
            }
            conf_expect(row, "vars", variables);
        }
    }
    co_template_release(&state);
    co_env_release(&env);
    co_env_release(&outer);
    arena_release(&arena);
}
