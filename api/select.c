/* SPDX-License-Identifier: Apache-2.0
 *
 * select.c - selectors and settings against all policies of an evaluation.
 */
#include "api/select.h"

#include "api/api.h"
#include "core/guess.h"
#include "runtime/params.h"

static bool section_fits(const struct program_rule *rule, const plim_eval_options *options)
{
    struct str section = str_from_cstr(program_section_name((enum program_section)rule->section));
    for (size_t i = 0; i < options->section_count; i++) {
        if (str_eq(section, str_from_cstr(options->sections[i]))) {
            return true;
        }
    }
    return options->section_count == 0;
}

static bool rule_fits(const struct program *program, uint32_t rule,
                      const plim_eval_options *options)
{
    for (size_t i = 0; i < options->rule_count; i++) {
        if (policy_selector_fits(program, rule, str_from_cstr(options->rules[i]))) {
            return true;
        }
    }
    return options->rule_count == 0;
}

plim_status select_rules(const uint8_t **out, const struct program *program,
                         const plim_eval_options *options, struct arena *arena)
{
    if (options->rule_count == 0 && options->section_count == 0) {
        *out = NULL;
        return PLIM_STATUS_OK;
    }
    uint8_t *flags = ARENA_ARRAY(arena, uint8_t, (size_t)program->rule_count + 1);
    if (flags == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    for (uint32_t i = 0; i < program->rule_count; i++) {
        flags[i] = section_fits(&program->rules[i], options) && rule_fits(program, i, options);
    }
    *out = flags;
    return PLIM_STATUS_OK;
}

/* Name of a setting "NAME=VALUE" or "NAME+=VALUE". */
static struct str setting_name(struct str setting)
{
    size_t end = str_find_char(setting, '=', 0);
    if (end > 0 && end < setting.len && setting.ptr[end - 1] == '+') {
        end--;
    }
    return str_trim(str_slice(setting, 0, end));
}

static bool declares(const struct program *program, struct str name)
{
    for (uint32_t i = 0; i < program->param_count; i++) {
        if (str_eq(program_str(program, program->params[i].name), name)) {
            return true;
        }
    }
    return false;
}

plim_status select_params(struct eval_options *run, const struct program *program,
                          const plim_eval_options *options, struct arena *arena, plim_error *error)
{
    struct param_value *values = ARENA_ARRAY(arena, struct param_value, options->param_count + 1);
    if (values == NULL) {
        return door_status(error, PLIM_STATUS_NOMEM);
    }
    size_t count = 0;
    for (size_t i = 0; i < options->param_count; i++) {
        struct str setting = str_from_cstr(options->params[i]);
        if (declares(program, setting_name(setting))) {
            plim_status status = params_parse(&values[count], program, setting, arena, error);
            if (status != PLIM_STATUS_OK) {
                return status;
            }
            count++;
        }
    }
    run->params = values;
    run->param_count = count;
    return PLIM_STATUS_OK;
}

static plim_status check_clash(plim_policy *const *policies, size_t count, plim_error *error)
{
    for (size_t later = 1; later < count; later++) {
        const struct program *program = policies[later]->program;
        for (uint32_t i = 0; i < program->rule_count; i++) {
            struct str name = program_str(program, program->rules[i].name);
            struct str id = program_str(program, program->rules[i].id);
            for (size_t earlier = 0; earlier < later; earlier++) {
                bool same_name = policy_find_rule(policies[earlier], name) != UINT32_MAX;
                if (same_name ||
                    (id.len > 0 && policy_find_rule(policies[earlier], id) != UINT32_MAX)) {
                    struct str clash = same_name ? name : id;
                    return door_fail(error, PLIM_STATUS_POLICY,
                                     "two policies define the rule `%.*s`", STR_FMT(clash));
                }
            }
        }
    }
    return PLIM_STATUS_OK;
}

/* USAGE for a selector that fits no rule, with the nearest name. */
static plim_status refuse_selector(plim_policy *const *policies, size_t count, const char *selector,
                                   plim_error *error)
{
    struct guess guess = guess_start(str_from_cstr(selector));
    for (size_t p = 0; p < count; p++) {
        const struct program *program = policies[p]->program;
        for (uint32_t r = 0; r < program->rule_count; r++) {
            guess_consider(&guess, program_str(program, program->rules[r].name));
        }
    }
    if (guess.best.len == 0) {
        return door_fail(error, PLIM_STATUS_USAGE, "no rule `%s`", selector);
    }
    return door_fail(error, PLIM_STATUS_USAGE, "no rule `%s`; did you mean `%.*s`?", selector,
                     STR_FMT(guess.best));
}

/* The same for a setting that no policy declares. */
static plim_status refuse_param(plim_policy *const *policies, size_t count, struct str name,
                                plim_error *error)
{
    struct guess guess = guess_start(name);
    for (size_t p = 0; p < count; p++) {
        const struct program *program = policies[p]->program;
        for (uint32_t i = 0; i < program->param_count; i++) {
            guess_consider(&guess, program_str(program, program->params[i].name));
        }
    }
    if (guess.best.len == 0) {
        return door_fail(error, PLIM_STATUS_USAGE, "no parameter `%.*s`", STR_FMT(name));
    }
    return door_fail(error, PLIM_STATUS_USAGE, "no parameter `%.*s`; did you mean `%.*s`?",
                     STR_FMT(name), STR_FMT(guess.best));
}

static plim_status check_selectors(plim_policy *const *policies, size_t count,
                                   const plim_eval_options *options, plim_error *error)
{
    for (size_t i = 0; i < options->rule_count; i++) {
        bool found = false;
        for (size_t p = 0; p < count && !found; p++) {
            for (uint32_t r = 0; r < policies[p]->program->rule_count && !found; r++) {
                found =
                    policy_selector_fits(policies[p]->program, r, str_from_cstr(options->rules[i]));
            }
        }
        if (!found) {
            return refuse_selector(policies, count, options->rules[i], error);
        }
    }
    for (size_t i = 0; i < options->section_count; i++) {
        bool found = false;
        for (unsigned s = 0; s < PROGRAM_SECTION_COUNT && !found; s++) {
            found = str_eq(str_from_cstr(program_section_name((enum program_section)s)),
                           str_from_cstr(options->sections[i]));
        }
        if (!found) {
            return door_fail(error, PLIM_STATUS_USAGE, "no section `%s`", options->sections[i]);
        }
    }
    return PLIM_STATUS_OK;
}

static plim_status check_params(plim_policy *const *policies, size_t count,
                                const plim_eval_options *options, plim_error *error)
{
    for (size_t i = 0; i < options->param_count; i++) {
        struct str name = setting_name(str_from_cstr(options->params[i]));
        bool found = false;
        for (size_t p = 0; p < count && !found; p++) {
            found = declares(policies[p]->program, name);
        }
        if (!found) {
            return refuse_param(policies, count, name, error);
        }
    }
    return PLIM_STATUS_OK;
}

plim_status select_check(plim_policy *const *policies, size_t count,
                         const plim_eval_options *options, plim_error *error)
{
    if (count > SELECT_MAX_POLICIES) {
        return door_fail(error, PLIM_STATUS_USAGE, "more than %d policies", SELECT_MAX_POLICIES);
    }
    for (size_t i = 0; i < count; i++) {
        if (policies[i] == NULL) {
            return door_status(error, PLIM_STATUS_USAGE);
        }
    }
    plim_status status = check_clash(policies, count, error);
    if (status == PLIM_STATUS_OK) {
        status = check_selectors(policies, count, options, error);
    }
    if (status == PLIM_STATUS_OK) {
        status = check_params(policies, count, options, error);
    }
    return status;
}
