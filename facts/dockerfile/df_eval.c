/* SPDX-License-Identifier: Apache-2.0
 *
 * df_eval.c - see df_eval.h. One function per instruction that changes the state of a stage.
 */
#include "facts/dockerfile/df_eval.h"

#include <string.h>

#include "facts/dockerfile/df_lex.h"
#include "facts/dockerfile/df_mount.h"
#include "facts/dockerfile/df_path.h"
#include "facts/dockerfile/df_stage.h"
#include "facts/pathname.h"

static bool is_trigger(const struct df_env *env)
{
    return env->scope == DF_SCOPE_TRIGGER;
}

/* Expands all arguments into the result. */
static bool expand_args(struct df_env *env, const struct df_instruction *in)
{
    struct df_result *result = env->result;
    if (in->arg_count == 0) {
        return false;
    }
    result->args = ARENA_ARRAY(env->arena, struct df_value, in->arg_count);
    for (uint32_t i = 0; result->args != NULL && i < in->arg_count; i++) {
        result->args[i] = df_env_expand(env, in->args[i], DF_LAYER_DISPATCH);
    }
    return result->args != NULL;
}

static void expand_flag(struct df_env *env, struct str name, struct df_value *out)
{
    const struct df_flag *flag = df_flag_find(env->instruction, name);
    if (flag != NULL && flag->has_value && flag->value.text.len > 0) {
        *out = df_env_expand(env, flag->value, DF_LAYER_DISPATCH);
    }
}

/* ---- variables and labels ---------------------------------------------------------------- */

static bool new_pairs(struct df_env *env, const struct df_instruction *in)
{
    struct df_result *result = env->result;
    if (in->pair_count == 0) {
        return false;
    }
    result->names = ARENA_ARRAY(env->arena, struct df_value, in->pair_count);
    result->values = ARENA_ARRAY(env->arena, struct df_value, in->pair_count);
    return result->names != NULL && result->values != NULL;
}

static struct df_variable_value to_variable(struct df_env *env, const struct df_value *value)
{
    if (value->state == DF_VALUE_KNOWN) {
        return (struct df_variable_value){.state = DF_VARIABLE_SET, .text = value->text};
    }
    return (struct df_variable_value){.state = DF_VARIABLE_UNKNOWN,
                                      .cause = df_env_cause(env, value->cause, STR(""), STR(""),
                                                            value->cause_start, value->cause_end)};
}

/* Whether a value uses a name that another pair of the same instruction sets and that has no value
 * before it. */
static bool uses_sibling(struct df_env *env, const struct df_instruction *in, uint32_t item)
{
    enum { SIBLINGS_MAX = 64 }; /* compared at most, so that long lines stay linear */
    struct df_names names = {.text = in->pairs[item].value.text,
                             .escape = env->model->file->escape};
    struct str name;
    char form = '\0';
    while (df_names_next(&names, &name, &form)) {
        for (uint32_t i = 0; i < in->pair_count && i < SIBLINGS_MAX; i++) {
            if (i != item && str_eq(in->pairs[i].name.text, name) &&
                df_entries_find(env, &env->stage->build, name) == NULL) {
                return true;
            }
        }
    }
    return false;
}

static void find_self_references(struct df_env *env, const struct df_instruction *in)
{
    if (in->keyword != DF_ENV || in->pair_count < 2) {
        return;
    }
    env->result->self_reference = ARENA_ARRAY(env->arena, bool, in->pair_count);
    for (uint32_t i = 0; env->result->self_reference != NULL && i < in->pair_count; i++) {
        env->result->self_reference[i] = uses_sibling(env, in, i);
    }
}

/* ENV and LABEL: every pair sees the environment before the instruction. */
static void eval_pairs(struct df_env *env, const struct df_instruction *in)
{
    struct df_result *result = env->result;
    if (!new_pairs(env, in)) {
        return;
    }
    find_self_references(env, in);
    for (uint32_t i = 0; i < in->pair_count; i++) {
        result->names[i] = df_env_expand(env, in->pairs[i].name, DF_LAYER_DISPATCH);
        result->values[i] = df_env_expand(env, in->pairs[i].value, DF_LAYER_DISPATCH);
    }
    for (uint32_t i = 0; i < in->pair_count && !is_trigger(env); i++) {
        if (result->names[i].state != DF_VALUE_KNOWN) {
            continue;
        }
        struct str key = result->names[i].text;
        if (in->keyword == DF_LABEL) {
            (void)df_entries_set(env, &env->stage->labels, key, in, i);
            continue;
        }
        (void)df_entries_set(env, &env->stage->env, key, in, i);
        struct df_entry *entry = df_entries_set(env, &env->stage->build, key, in, i);
        if (entry != NULL) {
            entry->value = to_variable(env, &result->values[i]);
        }
    }
}

/* Value of a declared name that has neither default nor build argument: the global one, if any. */
static bool inherit_global(struct df_env *env, const struct df_pair *pair, struct df_value *value,
                           struct df_variable_value *variable)
{
    enum df_scope scope = env->scope;
    struct df_result *result = env->result;
    env->scope = DF_SCOPE_GLOBAL;
    env->result = NULL;
    *variable = env->expander.lookup(env, pair->name.text);
    env->scope = scope;
    env->result = result;
    if (variable->state == DF_VARIABLE_UNSET || variable->state == DF_VARIABLE_NO_VALUE) {
        return false;
    }
    struct df_word word = pair->name;
    word.text = variable->text;
    *value = variable->state == DF_VARIABLE_SET
                 ? df_value_known(word)
                 : df_value_unknown(variable->cause, word.start, word.end);
    return true;
}

static void eval_arg_pair(struct df_env *env, const struct df_instruction *in, uint32_t i)
{
    const struct df_pair *pair = &in->pairs[i];
    struct df_value *value = &env->result->values[i];
    struct df_variable_value variable = {.state = DF_VARIABLE_NO_VALUE};
    struct str given = STR("");
    env->result->names[i] = df_value_known(pair->name);
    if (df_env_build_arg(env, pair->name.text, &given)) {
        struct df_word word = pair->has_value ? pair->value : pair->name;
        word.text = given;
        *value = df_value_known(word);
        variable = (struct df_variable_value){.state = DF_VARIABLE_SET, .text = given};
    } else if (pair->has_value) {
        *value = df_env_expand(env, pair->value, DF_LAYER_DISPATCH);
        variable = to_variable(env, value);
    } else if (!inherit_global(env, pair, value, &variable)) {
        if (df_entries_find(env, &env->stage->build, pair->name.text) != NULL) {
            return;
        }
        variable = (struct df_variable_value){
            .state = DF_VARIABLE_NO_VALUE,
            .cause = df_env_cause(env, STR(""), pair->name.text, STR(" has no default"),
                                  pair->name.start, pair->name.end)};
    }
    if (!is_trigger(env)) {
        struct df_entry *entry = df_entries_set(env, &env->stage->build, pair->name.text, in, i);
        if (entry != NULL) {
            entry->value = variable;
        }
    }
}

static void eval_args(struct df_env *env, const struct df_instruction *in)
{
    if (new_pairs(env, in)) {
        for (uint32_t i = 0; i < in->pair_count; i++) {
            eval_arg_pair(env, in, i);
        }
    }
}

/* ---- single values ----------------------------------------------------------------------- */

static void set_effective(struct df_env *env, struct df_effective *out,
                          const struct df_instruction *in)
{
    if (!is_trigger(env)) {
        *out = (struct df_effective){.state = DF_VALUE_KNOWN, .instruction = in};
    }
}

static void eval_user(struct df_env *env, const struct df_instruction *in)
{
    if (expand_args(env, in)) {
        set_effective(env, &env->stage->user, in);
        env->stage->sets_user = env->stage->sets_user || !is_trigger(env);
    }
}

/* `current` joined with a relative path, cleaned. */
static struct str join_path(struct df_env *env, struct str current, struct str path)
{
    struct str joined = df_env_join(env, current, STR("/"), path);
    char *clean = arena_alloc(env->arena, joined.len + 2);
    return clean != NULL ? str_make(clean, pathname_clean(clean, joined)) : STR("/");
}

static void eval_workdir(struct df_env *env, const struct df_instruction *in)
{
    struct df_stage *stage = env->stage;
    struct df_result *result = env->result;
    if (!expand_args(env, in)) {
        return;
    }
    struct df_value path = result->args[0];
    bool absolute = path.state == DF_VALUE_KNOWN && df_path_is_absolute(path.text);
    result->after_absolute = stage->sets_absolute_workdir;
    if (absolute || path.state != DF_VALUE_KNOWN) {
        result->resolved = path;
    } else if (path.text.len == 0) {
        result->resolved = stage->workdir;
    } else if (stage->workdir.state == DF_VALUE_KNOWN && !is_trigger(env)) {
        result->resolved = path;
        result->resolved.text = join_path(env, stage->workdir.text, path.text);
    } else {
        result->resolved = stage->workdir;
        result->resolved.state = DF_VALUE_UNKNOWN;
        result->resolved.start = path.start;
        result->resolved.end = path.end;
    }
    if (!is_trigger(env)) {
        stage->workdir = result->resolved;
        stage->sets_workdir = true;
        stage->sets_absolute_workdir = stage->sets_absolute_workdir || absolute;
    }
}

static void eval_stop_signal(struct df_env *env, const struct df_instruction *in)
{
    if (!expand_args(env, in)) {
        return;
    }
    const struct df_value *value = &env->result->args[0];
    if (value->state == DF_VALUE_KNOWN && !df_signal_is_valid(value->text)) {
        struct df_word word = in->args[0];
        word.text = value->text;
        df_env_problem(env, DF_LAYER_DISPATCH, DIAG_df_instruction, word, STR("invalid signal: "),
                       STR(""));
    }
    if (!is_trigger(env)) {
        env->stage->stop_signal = *value;
    }
}

/* An ENTRYPOINT resets an inherited CMD. */
static void eval_entrypoint(struct df_env *env, const struct df_instruction *in)
{
    set_effective(env, &env->stage->entrypoint, in);
    if (!is_trigger(env) && !env->stage->cmd_here) {
        env->stage->cmd = (struct df_effective){.state = DF_VALUE_ABSENT};
    }
}

/* ---- lists ------------------------------------------------------------------------------- */

static void eval_volume(struct df_env *env, const struct df_instruction *in)
{
    if (!expand_args(env, in) || is_trigger(env)) {
        return;
    }
    for (uint32_t i = 0; i < in->arg_count; i++) {
        struct df_value *value = &env->result->args[i];
        value->text = df_trim(value->text);
        if (value->state == DF_VALUE_KNOWN) {
            (void)df_entries_set(env, &env->stage->volumes, value->text, in, i);
        } else {
            (void)df_entries_append(env, &env->stage->volumes, in->args[i].text, in, i);
        }
    }
}

static void add_port(struct df_env *env, const struct df_instruction *in, struct df_value text)
{
    struct df_exposed *port = &env->result->ports[env->result->port_count];
    *port = (struct df_exposed){.text = text, .error = DF_PORT_ERROR_EMPTY};
    if (text.state == DF_VALUE_KNOWN) {
        port->error = df_port_parse(&port->port, text.text);
        if (port->error != DF_PORT_ERROR_NONE) {
            struct df_word word = {.text = text.text, .start = text.start, .end = text.end};
            df_env_problem(env, DF_LAYER_DISPATCH, DIAG_df_instruction, word,
                           STR("invalid port \""),
                           df_env_join(env, STR("\": "), df_port_error_text(port->error), STR("")));
        }
    }
    if (!is_trigger(env)) {
        (void)df_entries_append(env, &env->stage->ports, text.text, in, env->result->port_count);
    }
    env->result->port_count++;
}

/* Expands one word of EXPOSE, which may become several ports or none. */
static void eval_expose_word(struct df_env *env, const struct df_instruction *in,
                             struct df_word word, uint32_t *capacity)
{
    struct df_expansion out;
    struct str *words = NULL;
    size_t count = 0;
    df_expand_words(&env->expander, &out, &words, &count, word.text, (struct df_expand_mode){0});
    bool whole = out.error != DF_EXPAND_ERROR_NONE || out.unknown;
    size_t need = env->result->port_count + (whole ? 1 : count);
    if (need > *capacity) {
        uint32_t grown_capacity = (uint32_t)need * 2;
        struct df_exposed *grown = ARENA_ARRAY(env->arena, struct df_exposed, grown_capacity);
        if (grown == NULL) {
            return;
        }
        if (env->result->port_count > 0) {
            memcpy(grown, env->result->ports, env->result->port_count * sizeof *grown);
        }
        env->result->ports = grown;
        *capacity = grown_capacity;
    }
    if (whole) {
        add_port(env, in, df_env_expand(env, word, DF_LAYER_DISPATCH));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct df_word part = word;
        part.text = words[i];
        add_port(env, in, df_value_known(part));
    }
}

static void eval_expose(struct df_env *env, const struct df_instruction *in)
{
    uint32_t capacity = in->arg_count;
    env->result->ports = ARENA_ARRAY(env->arena, struct df_exposed, in->arg_count + 1);
    if (env->result->ports == NULL) {
        return;
    }
    for (uint32_t i = 0; i < in->arg_count; i++) {
        eval_expose_word(env, in, in->args[i], &capacity);
    }
}

/* ---- RUN, COPY, ADD ---------------------------------------------------------------------- */

static void eval_run(struct df_env *env, const struct df_instruction *in)
{
    struct df_result *result = env->result;
    uint32_t count = 0;
    for (uint32_t i = 0; i < in->flag_count; i++) {
        count += str_eq(in->flags[i].name.text, STR("mount")) ? 1 : 0;
    }
    if (count == 0) {
        return;
    }
    result->mounts = ARENA_ARRAY(env->arena, struct df_mount, count);
    for (uint32_t i = 0; result->mounts != NULL && i < in->flag_count; i++) {
        if (!str_eq(in->flags[i].name.text, STR("mount"))) {
            continue;
        }
        struct df_mount *mount = &result->mounts[result->mount_count++];
        df_mount_read(env, &in->flags[i], mount);
        struct df_value from = mount->from.text;
        if (from.state == DF_VALUE_KNOWN) {
            struct df_word word = {.text = from.text, .start = from.start, .end = from.end};
            df_stage_source(env, &mount->from, word, false);
        }
    }
}

static void check_sources(struct df_env *env, const struct df_instruction *in)
{
    for (uint32_t i = 0; i + 1 < in->arg_count; i++) {
        const struct df_value *value = &env->result->args[i];
        if (value->state != DF_VALUE_KNOWN) {
            continue;
        }
        struct df_word word = {.text = value->text, .start = value->start, .end = value->end};
        enum df_path_kind kind = df_path_classify(value->text);
        if (kind == DF_PATH_URL) {
            df_env_problem(env, DF_LAYER_DISPATCH, DIAG_df_instruction, word,
                           STR("source can't be a URL for COPY: "), STR(""));
        } else if (kind == DF_PATH_GIT) {
            df_env_problem(env, DF_LAYER_DISPATCH, DIAG_df_instruction, word,
                           STR("source can't be a git ref for COPY: "), STR(""));
        }
    }
}

static void eval_copy(struct df_env *env, const struct df_instruction *in)
{
    bool expanded = expand_args(env, in);
    struct df_copied *copied = ARENA_NEW(env->arena, struct df_copied);
    if (copied == NULL) {
        return;
    }
    env->result->copied = copied;
    expand_flag(env, STR("chown"), &copied->chown);
    expand_flag(env, STR("chmod"), &copied->chmod);
    if (in->keyword == DF_ADD) {
        expand_flag(env, STR("checksum"), &copied->checksum);
    } else {
        const struct df_flag *from = df_flag_find(in, STR("from"));
        copied->from.index = -1;
        if (from != NULL) {
            df_stage_source(env, &copied->from, from->value, true);
        } else if (expanded) {
            check_sources(env, in);
        }
    }
    const struct df_value *mode = &copied->chmod;
    if (mode->state == DF_VALUE_KNOWN && !df_mode_is_valid(mode->text)) {
        struct df_word word = {.text = mode->text, .start = mode->start, .end = mode->end};
        df_env_problem(env, DF_LAYER_DISPATCH, DIAG_df_instruction, word,
                       STR("invalid chmod parameter: "), STR(""));
    }
}

/* ---- stages ------------------------------------------------------------------------------ */

static void eval_keyword(struct df_env *env, const struct df_instruction *in)
{
    struct df_stage *stage = env->stage;
    switch (in->keyword) {
    case DF_ENV:
    case DF_LABEL:
        eval_pairs(env, in);
        break;
    case DF_ARG:
        eval_args(env, in);
        break;
    case DF_USER:
        eval_user(env, in);
        break;
    case DF_WORKDIR:
        eval_workdir(env, in);
        break;
    case DF_STOPSIGNAL:
        eval_stop_signal(env, in);
        break;
    case DF_VOLUME:
        eval_volume(env, in);
        break;
    case DF_EXPOSE:
        eval_expose(env, in);
        break;
    case DF_RUN:
        eval_run(env, in);
        break;
    case DF_COPY:
    case DF_ADD:
        eval_copy(env, in);
        break;
    case DF_CMD:
        set_effective(env, &stage->cmd, in);
        stage->cmd_here = stage->cmd_here || !is_trigger(env);
        break;
    case DF_ENTRYPOINT:
        eval_entrypoint(env, in);
        break;
    case DF_HEALTHCHECK:
        set_effective(env, &stage->healthcheck, in);
        break;
    case DF_SHELL:
        if (in->json && in->arg_count > 0) {
            set_effective(env, &stage->shell, in);
        }
        break;
    case DF_FROM:
    case DF_ONBUILD:
    case DF_MAINTAINER:
    case DF_UNKNOWN:
    case DF_KEYWORD_COUNT:
    default:
        break;
    }
}

static void eval_in_scope(struct df_env *env, const struct df_instruction *in, enum df_scope scope)
{
    env->scope = scope;
    env->instruction = in;
    env->result = &env->model->results[in->slot];
    env->result->shell =
        env->stage->shell.state == DF_VALUE_KNOWN ? env->stage->shell.instruction : NULL;
    eval_keyword(env, in);
}

void df_eval_instruction(struct df_env *env, const struct df_instruction *instruction)
{
    if (instruction->keyword == DF_ONBUILD) {
        if (instruction->sub != NULL && !instruction->refused) {
            (void)df_entries_append(env, &env->stage->triggers, STR(""), instruction->sub, 0);
            eval_in_scope(env, instruction->sub, DF_SCOPE_TRIGGER);
        }
        return;
    }
    eval_in_scope(env, instruction, DF_SCOPE_STAGE);
}

/* State of a stage that stands on scratch or on an image nobody has looked into. */
static void begin_on_image(struct df_env *env, struct df_stage *stage)
{
    const struct df_instruction *from = stage->from;
    if (stage->base_kind == DF_BASE_SCRATCH) {
        stage->workdir = (struct df_value){
            .state = DF_VALUE_KNOWN, .text = STR("/"), .start = from->start, .end = from->end};
        struct df_entry *path = df_entries_append(env, &stage->build, STR("PATH"), from, 0);
        if (path != NULL) {
            path->value = (struct df_variable_value){
                .state = DF_VARIABLE_SET,
                .text = STR("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")};
        }
        return;
    }
    const struct df_cause *cause = df_env_cause(env, STR("only the base image "), stage->base.text,
                                                STR(" can tell"), from->start, from->end);
    struct df_effective unknown = {.state = DF_VALUE_UNKNOWN};
    stage->user = unknown;
    stage->cmd = unknown;
    stage->entrypoint = unknown;
    stage->healthcheck = unknown;
    stage->shell = unknown;
    stage->workdir = df_value_unknown(cause, from->start, from->end);
    stage->stop_signal = stage->workdir;
}

static void begin_on_stage(struct df_env *env, struct df_stage *stage)
{
    const struct df_stage *base = stage->base_stage;
    stage->user = base->user;
    stage->cmd = base->cmd;
    stage->entrypoint = base->entrypoint;
    stage->healthcheck = base->healthcheck;
    stage->shell = base->shell;
    stage->workdir = base->workdir;
    stage->stop_signal = base->stop_signal;
    stage->sets_user = base->sets_user;
    stage->sets_workdir = base->sets_workdir;
    stage->sets_absolute_workdir = base->sets_absolute_workdir;
    df_entries_copy(env, &stage->build, &base->build);
    df_entries_copy(env, &stage->env, &base->env);
    df_entries_copy(env, &stage->labels, &base->labels);
    df_entries_copy(env, &stage->ports, &base->ports);
    df_entries_copy(env, &stage->volumes, &base->volumes);
    if (!df_expander_spend(&env->expander, base->triggers.count)) {
        return;
    }
    for (uint32_t i = 0; i < base->triggers.count; i++) {
        eval_in_scope(env, base->triggers.items[i].instruction, DF_SCOPE_STAGE);
    }
}

void df_eval_begin(struct df_env *env, struct df_stage *stage)
{
    env->stage = stage;
    if (stage->base_kind == DF_BASE_STAGE) {
        begin_on_stage(env, stage);
    } else {
        begin_on_image(env, stage);
    }
}
