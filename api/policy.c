/* SPDX-License-Identifier: Apache-2.0
 *
 * policy.c - handles of compiled policies, and what can be asked of their rules. A program is
 * immutable and its texts are not NUL-terminated; the rules in the form of the public header are
 * made when somebody first asks, and published to all threads at once.
 */
#include "api/api.h"

#include <stdatomic.h>

#include "core/alloc.h"
#include "core/glob.h"
#include "core/jsonw.h"
#include "runtime/builtin_image.h"
#include "runtime/disasm.h"
#include "runtime/image.h"

plim_status policy_wrap(plim_policy **out, struct program *program, const plim_allocator *allocator)
{
    plim_policy *policy = alloc_zeroed(allocator, sizeof *policy);
    if (policy == NULL) {
        program_release(program);
        return PLIM_STATUS_NOMEM;
    }
    policy->allocator = allocator;
    policy->program = program;
    atomic_init(&policy->rules, NULL);
    atomic_init(&policy->references, 1);
    *out = policy;
    return PLIM_STATUS_OK;
}

plim_status plim_policy_load(plim_policy **out, const void *data, size_t size, int borrow,
                             const plim_allocator *allocator, plim_error *error)
{
    if (out == NULL || (data == NULL && size > 0)) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    allocator = alloc_or_default(allocator);
    struct program *program;
    plim_status status =
        image_read(&program, data, size, borrow != 0 ? IMAGE_BORROW : 0u, allocator, error);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    return door_status(error, policy_wrap(out, program, allocator));
}

plim_status plim_policy_builtin(plim_policy **out, const plim_allocator *allocator,
                                plim_error *error)
{
    if (out == NULL) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    size_t size = (size_t)((uintptr_t)builtin_image_end - (uintptr_t)builtin_image_start);
    if (size == 0) {
        return door_fail(error, PLIM_STATUS_NOT_FOUND, "no policies are built in");
    }
    allocator = alloc_or_default(allocator);
    struct program *program;
    plim_status status = image_read(&program, builtin_image_start, size,
                                    IMAGE_BORROW | IMAGE_NO_DIGEST, allocator, error);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    return door_status(error, policy_wrap(out, program, allocator));
}

plim_status plim_policy_save(const plim_policy *policy, plim_text *out)
{
    if (policy == NULL || out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    struct buf buf;
    buf_init(&buf, policy->allocator, IMAGE_MAX_BYTES);
    plim_status status = image_write(&buf, policy->program);
    if (status != PLIM_STATUS_OK) {
        buf_release(&buf);
        return status;
    }
    return door_take(out, &buf);
}

plim_policy *plim_policy_retain(plim_policy *policy)
{
    if (policy != NULL) {
        atomic_fetch_add_explicit(&policy->references, 1, memory_order_relaxed);
    }
    return policy;
}

static void rules_free(const plim_allocator *allocator, struct policy_rules *rules)
{
    if (rules != NULL) {
        arena_release(&rules->arena);
        alloc_free(allocator, rules, sizeof *rules);
    }
}

void plim_policy_release(plim_policy *policy)
{
    if (policy != NULL &&
        atomic_fetch_sub_explicit(&policy->references, 1, memory_order_acq_rel) == 1) {
        rules_free(policy->allocator, atomic_load(&policy->rules));
        program_release(policy->program);
        alloc_free(policy->allocator, policy, sizeof *policy);
    }
}

int plim_policy_needs_all(const plim_policy *policy)
{
    const struct program *program = policy != NULL ? policy->program : NULL;
    bool found = false;
    for (uint32_t i = 0; program != NULL && i < program->unit_count && !found; i++) {
        found = program->units[i].kind == FACT_KIND_project;
    }
    /* A row of a project may also be reached from other rows. */
    for (uint32_t i = 0; program != NULL && i < program->register_type_count && !found; i++) {
        struct program_type type = program->register_types[i];
        found = type.base == PROGRAM_ROW && type.argument == FACT_KIND_project;
    }
    return found ? 1 : 0;
}

size_t plim_policy_rule_count(const plim_policy *policy)
{
    return policy != NULL ? policy->program->rule_count : 0;
}

static const char *copy_text(struct arena *arena, const struct program *program,
                             struct program_text text)
{
    return arena_copy_str(arena, program_str(program, text)).ptr;
}

static const char *copy_str(struct arena *arena, struct str text)
{
    return arena_copy_str(arena, text).ptr;
}

/* "final-stage, copy": the kinds and views of a rule's units, each once. */
static const char *describe_kinds(struct arena *arena, const struct program *program,
                                  const struct program_rule *rule)
{
    struct buf buf;
    buf_init(&buf, arena->allocator, 4096);
    buf_append(&buf, STR(""));
    for (uint32_t i = 0; i < rule->unit_count; i++) {
        const struct program_unit *unit = &program->units[rule->first_unit + i];
        struct str name = unit->view < FACT_VIEW_none
                              ? schema_view((enum fact_view)unit->view)->name
                              : schema_kind((enum fact_kind)unit->kind)->name;
        if (i > 0) {
            buf_append_cstr(&buf, ", ");
        }
        buf_append(&buf, name);
    }
    const char *text = copy_str(arena, buf_view(&buf));
    buf_release(&buf);
    return text;
}

/* All but the line, which takes a look at the policy's text: reports do without it. */
static void fill_info(plim_rule_info *info, struct arena *arena, const struct program *program,
                      const struct program_rule *rule)
{
    const char **covers = ARENA_ARRAY(arena, const char *, rule->cover_count + 1);
    if (covers == NULL) {
        return;
    }
    for (uint32_t i = 0; i < rule->cover_count; i++) {
        covers[i] = copy_text(arena, program, program->covers[rule->first_cover + i]);
    }
    struct str file = rule->span.file < program->file_count
                          ? program_str(program, program->files[rule->span.file].path)
                          : STR("");
    const char *section = program_section_name((enum program_section)rule->section);
    const char *unknown = program_unknown_name((enum program_unknown)rule->unknown);
    *info = (plim_rule_info){
        .struct_size = sizeof *info,
        .name = copy_text(arena, program, rule->name),
        .id = copy_text(arena, program, rule->id),
        .title = copy_text(arena, program, rule->title),
        .why = copy_text(arena, program, rule->why),
        .remedy = copy_text(arena, program, rule->remedy),
        .severity = severity_name((plim_severity)rule->severity),
        .section = section,
        .since = copy_text(arena, program, rule->since),
        .unknown = unknown,
        .file = copy_str(arena, file),
        .covers = covers,
        .cover_count = rule->cover_count,
        .kinds = describe_kinds(arena, program, rule),
    };
}

static struct policy_rules *make_rules(const plim_policy *policy)
{
    const struct program *program = policy->program;
    struct policy_rules *rules = alloc_zeroed(policy->allocator, sizeof *rules);
    if (rules == NULL) {
        return NULL;
    }
    arena_init(&rules->arena, policy->allocator, 0);
    rules->infos = ARENA_ARRAY(&rules->arena, plim_rule_info, (size_t)program->rule_count + 1);
    rules->arms = ARENA_ARRAY(&rules->arena, const char *, (size_t)program->arm_count + 1);
    if (rules->infos != NULL && rules->arms != NULL) {
        for (uint32_t i = 0; i < program->rule_count; i++) {
            fill_info(&rules->infos[i], &rules->arena, program, &program->rules[i]);
        }
        for (uint32_t i = 0; i < program->arm_count; i++) {
            rules->arms[i] = copy_text(&rules->arena, program, program->arms[i].name);
        }
    }
    if (arena_status(&rules->arena) != PLIM_STATUS_OK) {
        rules_free(policy->allocator, rules);
        return NULL;
    }
    return rules;
}

const struct policy_rules *policy_rules(const plim_policy *policy)
{
    /* The cache is the one part of a policy that changes; see the struct. */
    plim_policy *cache = (plim_policy *)(uintptr_t)policy;
    struct policy_rules *known = atomic_load_explicit(&cache->rules, memory_order_acquire);
    if (known != NULL) {
        return known;
    }
    struct policy_rules *made = make_rules(policy);
    if (made == NULL) {
        return NULL;
    }
    if (atomic_compare_exchange_strong(&cache->rules, &known, made)) {
        return made;
    }
    rules_free(policy->allocator, made);
    return known;
}

plim_status plim_policy_rule(const plim_policy *policy, size_t index, plim_rule_info *out)
{
    if (policy == NULL || out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    if (index >= policy->program->rule_count) {
        return PLIM_STATUS_NOT_FOUND;
    }
    const struct policy_rules *rules = policy_rules(policy);
    if (rules == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    plim_rule_info info = rules->infos[index];
    uint32_t line = 0;
    uint32_t column = 0;
    disasm_locate(policy->program, policy->program->rules[index].span, &line, &column);
    info.line = line;
    door_fill(out, &info, sizeof *out);
    return PLIM_STATUS_OK;
}

static bool fits(struct str selector, struct str name)
{
    return str_eq_nocase(selector, name) || glob_match(selector, name);
}

bool policy_selector_fits(const struct program *program, uint32_t index, struct str selector)
{
    const struct program_rule *rule = &program->rules[index];
    return fits(selector, program_str(program, rule->name)) ||
           fits(selector, program_str(program, rule->id));
}

int plim_policy_rule_matches(const plim_policy *policy, size_t index, const char *selector)
{
    return policy != NULL && selector != NULL && index < policy->program->rule_count &&
           policy_selector_fits(policy->program, (uint32_t)index, str_from_cstr(selector));
}

uint32_t policy_find_rule(const plim_policy *policy, struct str name)
{
    const struct program *program = policy->program;
    for (uint32_t i = 0; i < program->rule_count; i++) {
        const struct program_rule *rule = &program->rules[i];
        if (str_eq_nocase(program_str(program, rule->name), name) ||
            str_eq_nocase(program_str(program, rule->id), name)) {
            return i;
        }
    }
    return UINT32_MAX;
}

plim_status plim_policy_disasm(const plim_policy *policy, const char *rule, plim_text *out)
{
    if (policy == NULL || out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    uint32_t index = DISASM_ALL_RULES;
    if (rule != NULL) {
        index = policy_find_rule(policy, str_from_cstr(rule));
        if (index == UINT32_MAX) {
            return PLIM_STATUS_NOT_FOUND;
        }
    }
    struct buf buf;
    buf_init(&buf, policy->allocator, API_MAX_TEXT);
    disasm_program(&buf, policy->program, index);
    return door_take(out, &buf);
}

static void write_param_value(struct jsonw *json, const struct program *program,
                              struct program_type type, int64_t value)
{
    switch ((enum program_base)type.base) {
    case PROGRAM_BOOL:
        jsonw_bool(json, value != 0);
        break;
    case PROGRAM_STR:
    case PROGRAM_VERSION:
        jsonw_string(json, value >= 0 && value < program->text_count
                               ? program_str(program, program->texts[value])
                               : STR(""));
        break;
    case PROGRAM_ENUM: {
        const struct fact_enum_info *info = schema_enum((enum fact_enum)type.argument);
        jsonw_string(json,
                     value >= 0 && value < info->member_count ? info->members[value] : STR(""));
        break;
    }
    case PROGRAM_INT:
    case PROGRAM_DURATION:
    case PROGRAM_SIZE:
    case PROGRAM_TIME:
    case PROGRAM_ROW:
    case PROGRAM_COUNT:
    case PROGRAM_LOC:
    case PROGRAM_ITER:
    case PROGRAM_SET:
    case PROGRAM_PATTERN:
    case PROGRAM_BASE_COUNT:
        jsonw_int(json, value);
        break;
    }
}

static void write_param(struct jsonw *json, struct buf *type, const struct program *program,
                        const struct program_param *param)
{
    buf_clear(type);
    disasm_type(type, param->type);
    jsonw_object_begin(json);
    jsonw_key(json, "name");
    jsonw_string(json, program_str(program, param->name));
    jsonw_key(json, "type");
    jsonw_string(json, buf_view(type));
    jsonw_key(json, "default");
    if (param->type.list != 0 && param->set < program->set_count) {
        const struct program_set *set = &program->sets[param->set];
        jsonw_array_begin(json);
        for (uint32_t i = 0; i < set->count; i++) {
            write_param_value(json, program, set->type, program->set_items[set->first + i]);
        }
        jsonw_array_end(json);
    } else {
        write_param_value(json, program, param->type, param->value);
    }
    if ((param->flags & PROGRAM_PARAM_RANGE) != 0) {
        jsonw_key(json, "low");
        jsonw_int(json, param->low);
        jsonw_key(json, "high");
        jsonw_int(json, param->high);
    }
    jsonw_key(json, "extendable");
    jsonw_bool(json, (param->flags & PROGRAM_PARAM_EXTENDABLE) != 0);
    jsonw_key(json, "locked");
    jsonw_bool(json, (param->flags & PROGRAM_PARAM_LOCKED) != 0);
    jsonw_key(json, "doc");
    jsonw_string(json, program_str(program, param->doc));
    jsonw_object_end(json);
}

plim_status plim_policy_params_json(const plim_policy *policy, plim_text *out)
{
    if (policy == NULL || out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    struct buf buf;
    struct buf type;
    struct jsonw json;
    buf_init(&buf, policy->allocator, API_MAX_TEXT);
    buf_init(&type, policy->allocator, 4096);
    jsonw_init(&json, &buf, true);
    jsonw_array_begin(&json);
    for (uint32_t i = 0; i < policy->program->param_count; i++) {
        write_param(&json, &type, policy->program, &policy->program->params[i]);
    }
    jsonw_array_end(&json);
    buf_append_char(&buf, '\n');
    buf_release(&type);
    return door_take(out, &buf);
}
