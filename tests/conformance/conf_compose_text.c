/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_compose_text.c - the tables about texts inside compose files: compose_interpolation, dotenv,
 * sizes, durations, ulimits, compose_port_short, compose_volume_short, compose_command_split.
 */
#include "conformance.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "facts/compose/co_dotenv.h"
#include "facts/compose/co_ports.h"
#include "facts/compose/co_template.h"
#include "facts/compose/co_volume_text.h"
#include "facts/compose/co_words.h"
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

/* ---- short syntaxes ---------------------------------------------------------------------- */

static json_t *print_port(const struct co_ports *ports, struct co_port_pair pair)
{
    json_t *out =
        json_pack("{s:s, s:s}", "mode", "ingress", "protocol", co_protocol_text(ports->protocol));
    if (pair.target != 0) {
        json_object_set_new(out, "target", json_integer(pair.target));
    }
    if (ports->ip_state == CO_KNOWN) {
        json_object_set_new(out, "host_ip", conf_string(ports->ip));
    }
    if (ports->published.state == CO_KNOWN) {
        json_t *text = pair.published_first == pair.published_last
                           ? json_sprintf("%u", (unsigned)pair.published_first)
                           : json_sprintf("%u-%u", (unsigned)pair.published_first,
                                          (unsigned)pair.published_last);
        json_object_set_new(out, "published", text);
    }
    return out;
}

/* The reference sorts ports as texts: 100 stands before 80. */
static int compare_targets(const void *a, const void *b)
{
    char left[16];
    char right[16];
    snprintf(left, sizeof left, "%u/", (unsigned)((const struct co_port_pair *)a)->target);
    snprintf(right, sizeof right, "%u/", (unsigned)((const struct co_port_pair *)b)->target);
    return str_compare(str_from_cstr(left), str_from_cstr(right));
}

static void expect_ports(struct conf_row *row, struct arena *arena, const struct co_ports *ports)
{
    size_t count = co_ports_count(ports);
    struct co_port_pair *pairs = ARENA_ARRAY(arena, struct co_port_pair, count);
    if (pairs == NULL) {
        conf_differ(row, STR("out of memory"));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        pairs[i] = co_ports_pair(ports, i);
    }
    qsort(pairs, count, sizeof *pairs, compare_targets);
    if (conf_has(row, "out_count")) {
        conf_expect(row, "out_count", json_integer((json_int_t)count));
        conf_expect(row, "out_first", print_port(ports, pairs[0]));
        conf_expect(row, "out_last", print_port(ports, pairs[count - 1]));
        return;
    }
    json_t *out = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(out, print_port(ports, pairs[i]));
    }
    conf_expect(row, "out", out);
}

void conf_compose_port_short(struct conf_row *row)
{
    struct arena arena;
    struct co_ports ports;
    struct co_fault fault;
    arena_init(&arena, alloc_or_default(NULL), 0);
    bool refused = !co_ports_parse(&arena, conf_text(row, "in"), &ports, &fault);
    if (conf_expect_refusal(row, "error", refused, fault.message) && !refused) {
        expect_ports(row, &arena, &ports);
    }
    arena_release(&arena);
}

static void set_text(json_t *object, const char *key, struct str text)
{
    if (text.len > 0) {
        json_object_set_new(object, key, conf_string(text));
    }
}

static json_t *print_volume(const struct co_volume_text *volume, bool brief)
{
    bool bind = volume->type == CO_VOLUME_BIND;
    json_t *out = json_pack("{s:s}", "type", bind ? "bind" : "volume");
    set_text(out, "source", volume->source.text);
    set_text(out, "target", volume->target.text);
    if (volume->read_only) {
        json_object_set_new(out, "read_only", json_true());
    }
    if (bind || volume->selinux.len > 0 || volume->propagation.len > 0) {
        json_t *options = json_object();
        set_text(options, "selinux", volume->selinux);
        set_text(options, "propagation", volume->propagation);
        if (bind) {
            json_object_set_new(options, "create_host_path", json_true());
        }
        json_object_set_new(out, "bind", options);
    }
    if (!brief && (!bind || volume->nocopy)) {
        json_t *options = json_object();
        if (volume->nocopy) {
            json_object_set_new(options, "nocopy", json_true());
        }
        json_object_set_new(out, "volume", options);
    }
    return out;
}

void conf_compose_volume_short(struct conf_row *row)
{
    struct str text = conf_text(row, "in");
    struct co_volume_text volume;
    struct co_fault fault;
    bool refused = !co_volume_text_parse(text, &volume, &fault);
    if (conf_expect_refusal(row, "error", refused, fault.message) && !refused) {
        /* For one or two bytes the reference leaves the options out. */
        conf_expect(row, "out", print_volume(&volume, text.len <= 2));
    }
}

void conf_compose_command_split(struct conf_row *row)
{
    struct arena arena;
    struct co_words words;
    struct co_fault fault;
    arena_init(&arena, alloc_or_default(NULL), 0);
    bool refused = !co_words_split(&arena, conf_text(row, "in"), &words, &fault);
    if (conf_expect_refusal(row, "error", refused, fault.message) && !refused) {
        json_t *out = json_array();
        for (size_t i = 0; i < words.count; i++) {
            json_array_append_new(out, conf_string(words.items[i]));
        }
        conf_expect(row, "out", out);
    }
    arena_release(&arena);
}
