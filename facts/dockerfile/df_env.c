/* SPDX-License-Identifier: Apache-2.0
 *
 * df_env.c - see df_env.h.
 */
#include "facts/dockerfile/df_env.h"

#include <string.h>

/* Arguments that the builder sets and every FROM sees. TARGETSTAGE is known from the file, the
 * others only from the build. */
static const struct str platform_args[] = {
    {"BUILDPLATFORM", 13}, {"BUILDOS", 7},         {"BUILDOSVERSION", 14}, {"BUILDARCH", 9},
    {"BUILDVARIANT", 12},  {"TARGETPLATFORM", 14}, {"TARGETOS", 8},        {"TARGETOSVERSION", 15},
    {"TARGETARCH", 10},    {"TARGETVARIANT", 13},
};

static struct df_variable_value look_up(void *user, struct str name);

void df_env_init(struct df_env *env, struct df_model *model, struct arena *arena)
{
    *env = (struct df_env){.model = model, .arena = arena};
    df_expander_init(&env->expander, arena, look_up, env, model->file->escape);
}

void df_env_release(struct df_env *env)
{
    df_expander_release(&env->expander);
}

static uint32_t hash_of(struct str key)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < key.len; i++) {
        hash = (hash ^ (unsigned char)key.ptr[i]) * 16777619U;
    }
    return hash;
}

struct df_entry *df_entries_find(struct df_env *env, const struct df_entries *entries,
                                 struct str key)
{
    uint32_t hash = hash_of(key);
    if (!df_expander_spend(&env->expander, entries->count)) {
        return NULL;
    }
    for (uint32_t i = entries->count; i-- > 0;) {
        if (entries->items[i].hash == hash && str_eq(entries->items[i].key, key)) {
            return &entries->items[i];
        }
    }
    return NULL;
}

struct df_entry *df_entries_append(struct df_env *env, struct df_entries *entries, struct str key,
                                   const struct df_instruction *instruction, uint32_t item)
{
    if (entries->count == entries->capacity) {
        uint32_t capacity = entries->capacity > 0 ? entries->capacity * 2 : 8;
        struct df_entry *grown = ARENA_ARRAY(env->arena, struct df_entry, capacity);
        if (grown == NULL) {
            return NULL;
        }
        if (entries->count > 0) {
            memcpy(grown, entries->items, entries->count * sizeof *grown);
        }
        entries->items = grown;
        entries->capacity = capacity;
    }
    struct df_entry *entry = &entries->items[entries->count++];
    *entry = (struct df_entry){
        .key = key, .hash = hash_of(key), .instruction = instruction, .item = item};
    return entry;
}

struct df_entry *df_entries_set(struct df_env *env, struct df_entries *entries, struct str key,
                                const struct df_instruction *instruction, uint32_t item)
{
    struct df_entry *entry = df_entries_find(env, entries, key);
    if (entry == NULL) {
        return df_entries_append(env, entries, key, instruction, item);
    }
    entry->instruction = instruction;
    entry->item = item;
    return entry;
}

void df_entries_copy(struct df_env *env, struct df_entries *to, const struct df_entries *from)
{
    *to = (struct df_entries){0};
    if (from->count == 0 || !df_expander_spend(&env->expander, from->count)) {
        return;
    }
    uint32_t capacity = from->count + 4;
    to->items = ARENA_ARRAY(env->arena, struct df_entry, capacity);
    if (to->items != NULL) {
        memcpy(to->items, from->items, from->count * sizeof *to->items);
        to->count = from->count;
        to->capacity = capacity;
    }
}

bool df_env_build_arg(const struct df_env *env, struct str name, struct str *value)
{
    for (size_t i = env->model->options->arg_count; i-- > 0;) {
        if (str_eq(env->model->options->args[i].name, name)) {
            *value = env->model->options->args[i].value;
            return true;
        }
    }
    return false;
}

struct str df_env_join(struct df_env *env, struct str a, struct str b, struct str c)
{
    size_t length = a.len + b.len + c.len;
    char *text = arena_alloc(env->arena, length + 1);
    if (text == NULL) {
        return STR("");
    }
    struct str parts[] = {a, b, c};
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].len > 0) {
            memcpy(text + at, parts[i].ptr, parts[i].len);
        }
        at += parts[i].len;
    }
    return str_make(text, length);
}

const struct df_cause *df_env_cause(struct df_env *env, struct str before, struct str name,
                                    struct str after, uint32_t start, uint32_t end)
{
    struct df_cause *cause = ARENA_NEW(env->arena, struct df_cause);
    if (cause != NULL) {
        name = str_slice(name, 0, DF_PROBLEM_QUOTE_MAX);
        *cause = (struct df_cause){
            .text = df_env_join(env, before, name, after), .start = start, .end = end};
    }
    return cause;
}

static struct df_variable_value unknown_variable(const struct df_cause *cause)
{
    return (struct df_variable_value){.state = DF_VARIABLE_UNKNOWN, .cause = cause};
}

static void note_undefined(struct df_env *env, struct str name)
{
    struct df_result *result = env->result;
    if (result == NULL) {
        return;
    }
    for (uint32_t i = 0; i < result->undefined_count; i++) {
        if (str_eq(result->undefined[i], name)) {
            return;
        }
    }
    enum { UNDEFINED_MAX = 256 }; /* of one instruction; more names tell nothing new */
    if (result->undefined_count == result->undefined_capacity) {
        uint32_t capacity = result->undefined_capacity > 0 ? result->undefined_capacity * 2 : 4;
        struct str *grown =
            capacity <= UNDEFINED_MAX ? ARENA_ARRAY(env->arena, struct str, capacity) : NULL;
        if (grown == NULL) {
            return;
        }
        if (result->undefined_count > 0) {
            memcpy(grown, result->undefined, result->undefined_count * sizeof *grown);
        }
        result->undefined = grown;
        result->undefined_capacity = capacity;
    }
    result->undefined[result->undefined_count++] = name;
}

static bool is_platform_arg(struct str name)
{
    for (size_t i = 0; i < sizeof platform_args / sizeof platform_args[0]; i++) {
        if (str_eq(platform_args[i], name)) {
            return true;
        }
    }
    return false;
}

static struct df_variable_value look_up_global(struct df_env *env, struct str name)
{
    struct df_entry *entry = df_entries_find(env, &env->model->globals, name);
    if (entry != NULL) {
        return env->scope == DF_SCOPE_DEFAULTS ? entry->fallback : entry->value;
    }
    if (is_platform_arg(name)) {
        return unknown_variable(
            df_env_cause(env, STR(""), name, STR(" is known to the build only"), 0, 0));
    }
    if (str_eq(name, STR("TARGETSTAGE"))) {
        const struct df_stage *last = df_model_final(env->model);
        return (struct df_variable_value){
            .state = DF_VARIABLE_SET,
            .text = last != NULL && last->name.len > 0 ? last->name : STR("default")};
    }
    note_undefined(env, name);
    return (struct df_variable_value){.state = DF_VARIABLE_UNSET};
}

static struct df_variable_value look_up_stage(struct df_env *env, struct str name)
{
    struct df_stage *stage = env->stage;
    struct df_entry *entry = df_entries_find(env, &stage->build, name);
    if (entry != NULL) {
        return entry->value;
    }
    struct df_entry *global = df_entries_find(env, &env->model->globals, name);
    note_undefined(env, name);
    const struct df_stage *root = stage->root;
    if (root->base_kind == DF_BASE_SCRATCH) {
        return (struct df_variable_value){.state = DF_VARIABLE_UNSET};
    }
    const struct df_instruction *from = root->from;
    if (global != NULL) {
        return unknown_variable(df_env_cause(
            env, STR(""), name, STR(" is a global ARG that this stage does not declare"),
            from->start, from->end));
    }
    return unknown_variable(df_env_cause(
        env, STR(""), name, STR(" can only come from the base image"), from->start, from->end));
}

static struct df_variable_value look_up(void *user, struct str name)
{
    struct df_env *env = user;
    switch (env->scope) {
    case DF_SCOPE_STAGE:
        return look_up_stage(env, name);
    case DF_SCOPE_TRIGGER:
        return unknown_variable(df_env_cause(env, STR(""), name,
                                             STR(" is known to the triggered build only"),
                                             env->instruction->start, env->instruction->end));
    case DF_SCOPE_GLOBAL:
    case DF_SCOPE_DEFAULTS:
    default:
        return look_up_global(env, name);
    }
}

struct df_value df_value_known(struct df_word word)
{
    return (struct df_value){
        .state = DF_VALUE_KNOWN, .text = word.text, .start = word.start, .end = word.end};
}

struct df_value df_value_unknown(const struct df_cause *cause, uint32_t start, uint32_t end)
{
    struct df_value value = {.state = DF_VALUE_UNKNOWN,
                             .text = STR(""),
                             .cause = STR("not known"),
                             .start = start,
                             .end = end};
    if (cause != NULL) {
        value.cause = cause->text;
        value.cause_start = cause->start;
        value.cause_end = cause->end;
    }
    return value;
}

void df_env_problem(struct df_env *env, enum df_layer layer, enum diag_id id, struct df_word word,
                    struct str before, struct str after)
{
    struct df_problem *problem =
        df_problem_add(env->model->file, env->arena, layer, id,
                       df_place_word(env->instruction, word), before, word.text, after);
    if (problem != NULL && env->stage != NULL) {
        problem->stage = env->stage->index;
    }
}

struct df_value df_env_expand(struct df_env *env, struct df_word word, enum df_layer layer)
{
    struct df_expansion out;
    df_expand_word(&env->expander, &out, word.text, (struct df_expand_mode){0});
    if (out.error != DF_EXPAND_ERROR_NONE) {
        struct str reason = out.message.len > 0 ? out.message : df_expand_error_text(out.error);
        bool budget = out.error == DF_EXPAND_ERROR_BUDGET;
        if (env->scope != DF_SCOPE_DEFAULTS && !(budget && env->budget_reported)) {
            env->budget_reported = env->budget_reported || budget;
            df_env_problem(
                env, layer, DIAG_df_expansion, word, STR("failed to process \""),
                df_env_join(env, STR("\": "), str_slice(reason, 0, DF_PROBLEM_QUOTE_MAX), STR("")));
        }
        return df_value_unknown(
            df_env_cause(env, STR("its expansion fails: "), reason, STR(""), word.start, word.end),
            word.start, word.end);
    }
    if (out.unknown) {
        struct df_value value = df_value_unknown(out.cause, word.start, word.end);
        value.text = str_slice(out.text, 0, out.known);
        return value;
    }
    word.text = out.text;
    return df_value_known(word);
}
