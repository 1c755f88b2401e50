/* SPDX-License-Identifier: Apache-2.0
 *
 * df_stage.c - see df_stage.h. Every walk over the graph is a loop: edges between stages are as
 * many as a hostile file likes, so nothing recurses.
 */
#include "facts/dockerfile/df_stage.h"

#include <string.h>

#include "facts/dockerfile/df_lex.h"
#include "facts/imgref.h"

static struct str lower_case(struct df_env *env, struct str text)
{
    bool upper = false;
    for (size_t i = 0; i < text.len; i++) {
        upper = upper || (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z');
    }
    if (!upper) {
        return text;
    }
    char *copy = arena_alloc(env->arena, text.len + 1);
    if (copy == NULL) {
        return STR("");
    }
    for (size_t i = 0; i < text.len; i++) {
        copy[i] = str_lower_char(text.ptr[i]);
    }
    return str_make(copy, text.len);
}

/* ---- global arguments -------------------------------------------------------------------- */

static struct df_variable_value as_variable(const struct df_value *value, struct df_env *env)
{
    if (value->state == DF_VALUE_KNOWN) {
        return (struct df_variable_value){.state = DF_VARIABLE_SET, .text = value->text};
    }
    return (struct df_variable_value){.state = DF_VARIABLE_UNKNOWN,
                                      .cause = df_env_cause(env, value->cause, STR(""), STR(""),
                                                            value->cause_start, value->cause_end)};
}

static void set_global(struct df_env *env, const struct df_instruction *arg, uint32_t item,
                       struct df_result *result)
{
    const struct df_pair *pair = &arg->pairs[item];
    struct df_variable_value value = {.state = DF_VARIABLE_NO_VALUE};
    struct df_variable_value fallback = {.state = DF_VARIABLE_UNSET};
    struct str given = STR("");
    result->names[item] = df_value_known(pair->name);
    if (pair->has_value) {
        env->scope = DF_SCOPE_DEFAULTS;
        struct df_value plain = df_env_expand(env, pair->value, DF_LAYER_STAGES);
        fallback = as_variable(&plain, env);
        env->scope = DF_SCOPE_GLOBAL;
    }
    if (df_env_build_arg(env, pair->name.text, &given)) {
        value = (struct df_variable_value){.state = DF_VARIABLE_SET, .text = given};
        result->values[item] = df_value_known(pair->value);
        result->values[item].text = given;
    } else if (pair->has_value) {
        result->values[item] = df_env_expand(env, pair->value, DF_LAYER_STAGES);
        value = as_variable(&result->values[item], env);
    } else {
        if (df_entries_find(env, &env->model->globals, pair->name.text) != NULL) {
            return; /* a second declaration without a value changes nothing */
        }
        value.cause = df_env_cause(env, STR(""), pair->name.text, STR(" has no default"),
                                   pair->name.start, pair->name.end);
    }
    struct df_entry *entry = df_entries_set(env, &env->model->globals, pair->name.text, arg, item);
    if (entry != NULL) {
        entry->value = value;
        entry->fallback = fallback;
    }
}

void df_stage_globals(struct df_env *env)
{
    env->scope = DF_SCOPE_GLOBAL;
    for (const struct df_instruction *at = env->model->file->instructions;
         at != NULL && at->keyword != DF_FROM; at = at->next) {
        struct df_result *result = &env->model->results[at->slot];
        if (at->keyword != DF_ARG || at->pair_count == 0) {
            continue;
        }
        result->names = ARENA_ARRAY(env->arena, struct df_value, at->pair_count);
        result->values = ARENA_ARRAY(env->arena, struct df_value, at->pair_count);
        if (result->names == NULL || result->values == NULL) {
            return;
        }
        env->instruction = at;
        env->result = result;
        for (uint32_t i = 0; i < at->pair_count; i++) {
            set_global(env, at, i, result);
        }
    }
}

/* ---- stages ------------------------------------------------------------------------------ */

void df_stage_list(struct df_env *env)
{
    struct df_model *model = env->model;
    const struct df_instruction *first = model->file->instructions;
    uint32_t count = 0;
    for (const struct df_instruction *at = first; at != NULL; at = at->next) {
        count += at->keyword == DF_FROM ? 1 : 0;
        if (at->keyword == DF_FROM && count == DF_STAGES_MAX + 1) {
            (void)df_problem_add(model->file, env->arena, DF_LAYER_STAGES, DIAG_input_too_large,
                                 df_place_line(at->line),
                                 STR("more than 2000 stages: the rest is not analysed"), STR(""),
                                 STR(""));
        }
    }
    model->results = ARENA_ARRAY(env->arena, struct df_result, model->file->slot_count + 1);
    model->stages = ARENA_ARRAY(env->arena, struct df_stage,
                                (count < DF_STAGES_MAX ? count : DF_STAGES_MAX) + 1);
    if (model->results == NULL || model->stages == NULL) {
        return;
    }
    for (const struct df_instruction *at = first; at != NULL; at = at->next) {
        if (at->keyword == DF_FROM && model->stage_count < DF_STAGES_MAX) {
            struct df_stage *stage = &model->stages[model->stage_count];
            stage->from = at;
            stage->index = model->stage_count++;
            stage->root = stage;
            if (at->arg_count == 3 && str_eq_nocase(at->args[1].text, STR("as"))) {
                stage->name_written = at->args[2].text;
                stage->name = lower_case(env, stage->name_written);
            }
        }
        if (model->stage_count > 0) {
            struct df_stage *stage = &model->stages[model->stage_count - 1];
            stage->last = at;
            model->results[at->slot].stage = stage;
            if (at->sub != NULL) {
                model->results[at->sub->slot].stage = stage;
            }
        }
    }
}

/* Last stage of this name among those before `limit`, or NULL. */
static struct df_stage *find_stage(struct df_env *env, struct str name, uint32_t limit)
{
    (void)df_expander_spend(&env->expander, limit);
    for (uint32_t i = limit; i-- > 0 && name.len > 0;) {
        if (str_eq(env->model->stages[i].name, name)) {
            return &env->model->stages[i];
        }
    }
    return NULL;
}

void df_stage_target(struct df_env *env)
{
    struct df_model *model = env->model;
    struct str target = model->options->target;
    if (model->stage_count == 0) {
        return;
    }
    model->final = model->stage_count - 1;
    if (target.len == 0) {
        return;
    }
    const struct df_stage *found = find_stage(env, lower_case(env, target), model->stage_count);
    if (found != NULL) {
        model->final = found->index;
    } else {
        (void)df_problem_add(model->file, env->arena, DF_LAYER_STAGES, DIAG_df_reference,
                             df_place_line(model->stages[0].from->line), STR("target stage \""),
                             target, STR("\" could not be found"));
    }
}

static void add_need(struct df_env *env, struct df_stage *stage, struct df_stage *needed)
{
    if (stage->need_count == stage->need_capacity) {
        uint32_t capacity = stage->need_capacity > 0 ? stage->need_capacity * 2 : 4;
        struct df_stage **grown = ARENA_ARRAY(env->arena, struct df_stage *, capacity);
        if (grown == NULL) {
            return;
        }
        if (stage->need_count > 0) {
            memcpy(grown, stage->needs, stage->need_count * sizeof(*grown));
        }
        stage->needs = grown;
        stage->need_capacity = capacity;
    }
    stage->needs[stage->need_count++] = needed;
}

static bool has_dollar(struct str text)
{
    return str_find_char(text, '$', 0) < text.len;
}

/* A base that is neither scratch nor a stage must be a reference. */
static bool is_reference(struct str text)
{
    struct imgref ref;
    return imgref_parse(&ref, text) == IMGREF_FAULT_NONE;
}

static bool base_is_valid(struct df_env *env, const struct df_stage *stage, struct str text)
{
    return text.len > 0 && (str_eq(text, STR("scratch")) ||
                            find_stage(env, text, stage->index) != NULL || is_reference(text));
}

/* Decides what a stage is built on. */
static void resolve_base(struct df_env *env, struct df_stage *stage, struct df_word word)
{
    struct str text = stage->base.text;
    if (stage->base.state != DF_VALUE_KNOWN) {
        stage->base_kind = DF_BASE_UNKNOWN;
        return;
    }
    if (text.len == 0) {
        stage->base_kind = DF_BASE_BAD;
        df_env_problem(env, DF_LAYER_STAGES, DIAG_df_reference, word, STR("base name ("),
                       STR(") should not be blank"));
        return;
    }
    stage->base_kind = DF_BASE_IMAGE;
    stage->base_stage = find_stage(env, text, stage->index);
    if (str_eq(text, STR("scratch"))) {
        stage->base_kind = DF_BASE_SCRATCH;
        stage->base_stage = NULL;
    } else if (stage->base_stage != NULL) {
        stage->base_kind = DF_BASE_STAGE;
        stage->root = stage->base_stage->root;
        add_need(env, stage, stage->base_stage);
    } else if (!is_reference(text)) {
        struct imgref ref;
        enum imgref_fault fault = imgref_parse(&ref, text);
        word.text = text;
        df_env_problem(env, DF_LAYER_STAGES, DIAG_df_reference, word,
                       STR("failed to parse stage name \""),
                       df_env_join(env, STR("\": "), imgref_fault_text(fault), STR("")));
    }
}

/* A part of a platform: letters, digits, `_.-`, then perhaps (version+feature). */
static bool is_platform_part(struct str part)
{
    size_t open = str_find_char(part, '(', 0);
    for (size_t i = 0; i < open; i++) {
        char c = part.ptr[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_' || c == '.' || c == '-';
        if (!good) {
            return false;
        }
    }
    return open > 0 && (open == part.len || part.ptr[part.len - 1] == ')');
}

static bool is_platform_word(struct str word)
{
    static const struct str words[] = {
        {"aix", 3},      {"android", 7}, {"darwin", 6},  {"macos", 5},   {"dragonfly", 9},
        {"freebsd", 7},  {"illumos", 7}, {"ios", 3},     {"js", 2},      {"linux", 5},
        {"netbsd", 6},   {"openbsd", 7}, {"plan9", 5},   {"solaris", 7}, {"wasip1", 6},
        {"windows", 7},  {"386", 3},     {"i386", 4},    {"amd64", 5},   {"x86_64", 6},
        {"x86-64", 6},   {"arm", 3},     {"armhf", 5},   {"armel", 5},   {"arm64", 5},
        {"aarch64", 7},  {"loong64", 7}, {"mips", 4},    {"mipsle", 6},  {"mips64", 6},
        {"mips64le", 8}, {"ppc64", 5},   {"ppc64le", 7}, {"riscv64", 7}, {"s390x", 5},
        {"wasm", 4},     {"armbe", 5},   {"sparc64", 7},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq_nocase(words[i], word)) {
            return true;
        }
    }
    return false;
}

/* os[(version)]/arch[/variant], or one word that is an operating system or an architecture. */
static bool is_platform(struct str text)
{
    size_t parts = 0;
    size_t at = 0;
    while (at <= text.len) {
        size_t slash = str_find_char(text, '/', at);
        size_t open = str_find_char(text, '(', at);
        if (open < slash) {
            slash = str_find_char(text, '/', str_find_char(text, ')', open));
        }
        if (!is_platform_part(str_slice(text, at, slash))) {
            return false;
        }
        at = slash + 1;
        parts++;
    }
    return parts == 1 ? is_platform_word(str_slice(text, 0, str_find_char(text, '(', 0)))
                      : parts <= 3;
}

static void resolve_platform(struct df_env *env, struct df_stage *stage)
{
    const struct df_flag *flag = df_flag_find(stage->from, STR("platform"));
    if (flag == NULL) {
        return;
    }
    stage->platform = df_env_expand(env, flag->value, DF_LAYER_STAGES);
    if (stage->platform.state != DF_VALUE_KNOWN) {
        return;
    }
    struct df_word word = flag->value;
    if (stage->platform.text.len == 0) {
        df_env_problem(env, DF_LAYER_STAGES, DIAG_df_instruction, word,
                       STR("empty platform value from expression "), STR(""));
    } else if (!is_platform(stage->platform.text)) {
        word.text = stage->platform.text;
        df_env_problem(env, DF_LAYER_STAGES, DIAG_df_instruction, word,
                       STR("failed to parse platform "), STR(""));
    }
}

void df_stage_resolve(struct df_env *env, struct df_stage *stage)
{
    const struct df_instruction *from = stage->from;
    struct df_result *result = &env->model->results[from->slot];
    env->scope = DF_SCOPE_GLOBAL;
    env->instruction = from;
    env->result = result;
    resolve_platform(env, stage);
    stage->base = (struct df_value){.text = STR("")};
    stage->base_kind = DF_BASE_BAD;
    stage->default_valid = true;
    if (from->arg_count > 0) {
        struct df_word word = from->args[0];
        result->args = ARENA_ARRAY(env->arena, struct df_value, from->arg_count);
        stage->base = df_env_expand(env, word, DF_LAYER_STAGES);
        if (result->args != NULL) {
            result->args[0] = stage->base;
        }
        if (has_dollar(word.text)) {
            env->scope = DF_SCOPE_DEFAULTS;
            env->result = NULL;
            struct df_value plain = df_env_expand(env, word, DF_LAYER_STAGES);
            stage->default_valid =
                plain.state != DF_VALUE_KNOWN || base_is_valid(env, stage, plain.text);
            env->scope = DF_SCOPE_GLOBAL;
            env->result = result;
        }
        resolve_base(env, stage, word);
    }
}

/* ---- --from ------------------------------------------------------------------------------ */

/* Whether expansion (of unset variables) or quote removal would change the text. */
static bool changes_when_expanded(struct df_env *env, struct df_word word)
{
    struct df_expansion out;
    struct df_result *result = env->result;
    env->result = NULL; /* names used in vain are no news here */
    df_expand_word(&env->expander, &out, word.text, (struct df_expand_mode){0});
    env->result = result;
    return out.error != DF_EXPAND_ERROR_NONE || out.unknown || !str_eq(out.text, word.text);
}

/* Go's Atoi; false when the text is no number. Numbers out of range become -1. */
static bool parse_index(struct str text, int64_t *out)
{
    unsigned long long value = 0;
    bool sign = text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+');
    struct str digits = str_slice(text, sign ? 1 : 0, text.len);
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9') {
            return false;
        }
    }
    if (digits.len == 0) {
        return false;
    }
    bool good = str_to_u64(digits, &value) && value < INT32_MAX && !(sign && text.ptr[0] == '-');
    *out = good ? (int64_t)value : -1;
    return true;
}

/* A stage that was found: it must stand before this one. */
static void use_stage(struct df_env *env, struct df_source *source, struct df_stage *found,
                      struct df_word word)
{
    source->kind = DF_SOURCE_STAGE;
    source->stage = found;
    add_need(env, env->stage, found);
    if (found->index > env->stage->index) {
        df_env_problem(env, DF_LAYER_DISPATCH, DIAG_df_reference, word,
                       STR("cannot copy from stage \""),
                       STR("\", it needs to be defined before this stage"));
    }
}

void df_stage_source(struct df_env *env, struct df_source *source, struct df_word word,
                     bool indices)
{
    struct df_model *model = env->model;
    source->text = df_value_known(word);
    source->index = -1;
    source->kind = DF_SOURCE_BAD;
    if (word.text.len == 0) {
        source->kind = DF_SOURCE_NONE;
        return;
    }
    if (indices && changes_when_expanded(env, word)) {
        df_env_problem(env, DF_LAYER_STAGES, DIAG_df_reference, word,
                       STR("variable expansion is not supported for --from: "), STR(""));
        return;
    }
    int64_t index = -1;
    if (indices && parse_index(word.text, &index)) {
        source->index = index;
        if (index < 0 || index >= (int64_t)model->stage_count) {
            df_env_problem(env, DF_LAYER_STAGES, DIAG_df_reference, word,
                           STR("invalid stage index "), STR(""));
        } else {
            use_stage(env, source, &model->stages[index], word);
        }
        return;
    }
    struct df_stage *found = find_stage(env, lower_case(env, word.text), model->stage_count);
    if (found != NULL) {
        use_stage(env, source, found, word);
        return;
    }
    source->kind = DF_SOURCE_IMAGE;
    if (!str_eq(word.text, STR("scratch")) && !is_reference(word.text)) {
        df_env_problem(env, DF_LAYER_STAGES, DIAG_df_reference, word,
                       STR("failed to parse stage name \""), STR("\": invalid reference format"));
    }
}

/* ---- graph ------------------------------------------------------------------------------- */

/* Depth-first walk with an explicit stack; a need that is still open closes a cycle. */
struct walk {
    uint8_t *state; /* by stage: 0 new, 1 open, 2 done */
    uint32_t *next; /* by stage: next need to look at */
    uint32_t *stack;
};

static void report_cycle(struct df_env *env, const struct df_stage *stage)
{
    struct str name = stage->name.len > 0 ? stage->name : stage->base.text;
    (void)df_problem_add(env->model->file, env->arena, DF_LAYER_STAGES, DIAG_df_reference,
                         df_place_line(stage->from->line),
                         STR("circular dependency detected on stage: "), name, STR(""));
}

static void find_cycles_from(struct df_env *env, struct walk *walk, uint32_t start)
{
    enum { NEW, OPEN, DONE };
    uint32_t depth = 0;
    walk->stack[depth++] = start;
    walk->state[start] = OPEN;
    while (depth > 0) {
        uint32_t at = walk->stack[depth - 1];
        const struct df_stage *stage = &env->model->stages[at];
        if (walk->next[at] == stage->need_count) {
            walk->state[at] = DONE;
            depth--;
            continue;
        }
        uint32_t needed = stage->needs[walk->next[at]++]->index;
        if (walk->state[needed] == OPEN) {
            report_cycle(env, &env->model->stages[needed]);
        } else if (walk->state[needed] == NEW) {
            walk->state[needed] = OPEN;
            walk->stack[depth++] = needed;
        }
    }
}

static void mark_reachable(struct df_env *env, struct df_stage *final, uint32_t *stack)
{
    uint32_t depth = 0;
    final->reachable = true;
    stack[depth++] = final->index;
    while (depth > 0) {
        const struct df_stage *stage = &env->model->stages[stack[--depth]];
        for (uint32_t i = 0; i < stage->need_count; i++) {
            if (!stage->needs[i]->reachable) {
                stage->needs[i]->reachable = true;
                stack[depth++] = stage->needs[i]->index;
            }
        }
    }
    for (struct df_stage *stage = final; stage != NULL; stage = stage->base_stage) {
        stage->shipped = true;
    }
}

void df_stage_connect(struct df_env *env)
{
    uint32_t count = env->model->stage_count;
    if (count == 0) {
        const struct df_file *file = env->model->file;
        if (file->instructions != NULL) {
            (void)df_problem_add(env->model->file, env->arena, DF_LAYER_STAGES, DIAG_df_instruction,
                                 df_place_line(file->instructions->line),
                                 STR("dockerfile contains no stages to build"), STR(""), STR(""));
        }
        return;
    }
    struct walk walk = {.state = ARENA_ARRAY(env->arena, uint8_t, count),
                        .next = ARENA_ARRAY(env->arena, uint32_t, count),
                        .stack = ARENA_ARRAY(env->arena, uint32_t, count)};
    if (walk.state == NULL || walk.next == NULL || walk.stack == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (walk.state[i] == 0) {
            find_cycles_from(env, &walk, i);
        }
    }
    mark_reachable(env, &env->model->stages[env->model->final], walk.stack);
}
