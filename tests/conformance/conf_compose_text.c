/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_compose_text.c - the tables about texts inside compose files: compose_interpolation, dotenv,
 * sizes, durations, ulimits.
 */
#include "conformance.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "facts/compose/co_dotenv.h"
#include "facts/compose/co_template.h"
#include "facts/duration.h"
#include "facts/size.h"
#include "facts/ulimit.h"

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

/* ---- numbers with units ------------------------------------------------------------------ */

void conf_sizes(struct conf_row *row)
{
    struct str function = conf_text(row, "fn");
    struct str text = conf_text(row, "in");
    int64_t bytes = 0;
    enum size_error error =
        str_eq(function, STR("unitbytes"))
            ? size_parse_compose(text, &bytes)
            : size_parse(text, str_eq(function, STR("humansize")) ? SIZE_STEP_1000 : SIZE_STEP_1024,
                         &bytes);
    bool refused = error != SIZE_ERROR_NONE;
    if (conf_expect_refusal(row, "error", refused, size_error_text(error)) && !refused) {
        conf_expect(row, "out", json_integer(bytes));
    }
}

void conf_durations(struct conf_row *row)
{
    struct str text = conf_text(row, "in");
    int64_t nanoseconds = 0;
    enum duration_error error = str_eq(conf_text(row, "fn"), STR("compose"))
                                    ? duration_parse_days(text, &nanoseconds)
                                    : duration_parse(text, &nanoseconds);
    bool refused = error != DURATION_ERROR_NONE;
    if (conf_expect_refusal(row, "error", refused, duration_error_text(error)) && !refused) {
        conf_expect(row, "out_ns", json_integer(nanoseconds));
    }
}

void conf_ulimits(struct conf_row *row)
{
    struct ulimit limit = {.soft = 0};
    enum ulimit_error error = ulimit_parse(conf_text(row, "in"), &limit);
    bool refused = error != ULIMIT_ERROR_NONE;
    if (conf_expect_refusal(row, "error", refused, ulimit_error_text(error)) && !refused) {
        json_t *out =
            json_pack("{s:I, s:I}", "Hard", (json_int_t)limit.hard, "Soft", (json_int_t)limit.soft);
        json_object_set_new(out, "Name", conf_string(limit.name));
        conf_expect(row, "out", out);
    }
}
