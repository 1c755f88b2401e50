/* SPDX-License-Identifier: Apache-2.0
 *
 * verify_tables.c - checks of the records of a program; see verify_tables.h. Ranges are compared
 * by subtraction, so that sums of hostile 32-bit numbers cannot wrap.
 */
#include "runtime/verify_tables.h"

#include <stdio.h>

#include "core/glob.h"
#include "runtime/regexp.h"

bool verify_refuse(struct verify_error *error, uint32_t unit, uint32_t offset, const char *reason)
{
    *error = (struct verify_error){.unit = unit, .offset = offset};
    snprintf(error->text, sizeof error->text, "%s", reason);
    return false;
}

static bool refuse(struct verify_error *error, uint32_t record, const char *reason)
{
    return verify_refuse(error, VERIFY_NO_PLACE, record, reason);
}

static bool text_ok(const struct program *program, struct program_text text)
{
    return text.offset <= program->strings_size &&
           text.length <= program->strings_size - text.offset;
}

static bool texts_ok(const struct program *program, const struct program_text *texts,
                     uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!text_ok(program, texts[i])) {
            return false;
        }
    }
    return true;
}

static bool range_ok(uint32_t first, uint32_t count, uint32_t size)
{
    return first <= size && count <= size - first;
}

/* A span names a file that exists, or none. */
static bool span_ok(const struct program *program, struct program_span span)
{
    return (span.file < program->file_count || span.file == UINT32_MAX) && span.start <= span.end;
}

/* Types that parameters and elements of sets may have. */
static bool scalar_type_ok(struct program_type type)
{
    if (type.iter != 0 || type.base > PROGRAM_ENUM) {
        return false;
    }
    return type.base == PROGRAM_ENUM ? type.argument < FACT_ENUM_COUNT : type.argument == 0;
}

/* Whether a number is a value of a scalar type. */
static bool value_ok(const struct program *program, struct program_type type, int64_t value)
{
    switch ((enum program_base)type.base) {
    case PROGRAM_BOOL:
        return value == 0 || value == 1;
    case PROGRAM_STR:
    case PROGRAM_VERSION:
        return value >= 0 && value < program->text_count;
    case PROGRAM_ENUM:
        return value >= 0 && value < schema_enum((enum fact_enum)type.argument)->member_count;
    case PROGRAM_INT:
    case PROGRAM_DURATION:
    case PROGRAM_SIZE:
    case PROGRAM_TIME:
        return true;
    case PROGRAM_ROW:
    case PROGRAM_COUNT:
    case PROGRAM_LOC:
    case PROGRAM_ITER:
    case PROGRAM_SET:
    case PROGRAM_PATTERN:
    case PROGRAM_BASE_COUNT:
        break;
    }
    return false;
}

static bool check_set(const struct program *program, uint32_t index, struct verify_error *error)
{
    const struct program_set *set = &program->sets[index];
    if (!scalar_type_ok(set->type) || set->type.list != 0) {
        return refuse(error, index, "set of a type that sets cannot hold");
    }
    if (!range_ok(set->first, set->count, program->set_item_count)) {
        return refuse(error, index, "elements of a set outside their table");
    }
    for (uint32_t i = 0; i < set->count; i++) {
        if (!value_ok(program, set->type, program->set_items[set->first + i])) {
            return refuse(error, index, "element of a set is no value of its type");
        }
    }
    if (set->param != UINT32_MAX &&
        (set->param >= program->param_count || program->params[set->param].set != index)) {
        return refuse(error, index, "set of a parameter that does not name it");
    }
    return true;
}

static bool check_sets(const struct program *program, struct verify_error *error)
{
    /* Sets follow one another in the items: so that all of them together are linear work. */
    uint32_t next = 0;
    for (uint32_t i = 0; i < program->set_count; i++) {
        if (program->sets[i].first != next) {
            return refuse(error, i, "elements of sets overlap or leave gaps");
        }
        if (!check_set(program, i, error)) {
            return false;
        }
        next += program->sets[i].count;
    }
    return true;
}

static bool check_patterns(const struct program *program, struct verify_error *error)
{
    for (uint32_t i = 0; i < program->pattern_count; i++) {
        const struct program_pattern *pattern = &program->patterns[i];
        if (pattern->kind > PROGRAM_GLOB || !text_ok(program, pattern->text) ||
            pattern->text.length > REGEXP_MAX_PATTERN) {
            return refuse(error, i, "pattern of no known kind, or too long");
        }
        if (pattern->kind == PROGRAM_GLOB && !glob_is_valid(program_str(program, pattern->text))) {
            return refuse(error, i, "pattern with malformed wildcards");
        }
    }
    return true;
}

static bool check_param(const struct program *program, uint32_t index, struct verify_error *error)
{
    const struct program_param *param = &program->params[index];
    const unsigned known = PROGRAM_PARAM_EXTENDABLE | PROGRAM_PARAM_LOCKED | PROGRAM_PARAM_RANGE;
    if (!text_ok(program, param->name) || !text_ok(program, param->doc)) {
        return refuse(error, index, "text of a parameter outside the strings");
    }
    if (!scalar_type_ok(param->type) || param->type.list > 1 || (param->flags & ~known) != 0) {
        return refuse(error, index, "parameter of a type that parameters cannot have");
    }
    if (param->type.list != 0) {
        if (param->set >= program->set_count || program->sets[param->set].param != index ||
            program->sets[param->set].type.base != param->type.base ||
            program->sets[param->set].type.argument != param->type.argument) {
            return refuse(error, index, "list parameter without a set of its own type");
        }
        return true;
    }
    if (!value_ok(program, param->type, param->value)) {
        return refuse(error, index, "default of a parameter is no value of its type");
    }
    return true;
}

static bool check_arms(const struct program *program, struct verify_error *error)
{
    for (uint32_t i = 0; i < program->arm_count; i++) {
        const struct program_arm *arm = &program->arms[i];
        if (!text_ok(program, arm->name) || arm->severity >= MEMBER_COUNT_severity ||
            !span_ok(program, arm->span)) {
            return refuse(error, i, "arm with a name, severity or place out of range");
        }
    }
    return true;
}

static bool check_rule(const struct program *program, uint32_t index, struct verify_error *error)
{
    const struct program_rule *rule = &program->rules[index];
    const struct program_text texts[] = {rule->name, rule->id,     rule->title,
                                         rule->why,  rule->remedy, rule->since};
    if (!texts_ok(program, texts, sizeof texts / sizeof *texts)) {
        return refuse(error, index, "text of a rule outside the strings");
    }
    if (rule->severity >= MEMBER_COUNT_severity || rule->section >= PROGRAM_SECTION_COUNT ||
        rule->unknown > PROGRAM_UNKNOWN_DENY || !span_ok(program, rule->span)) {
        return refuse(error, index, "property of a rule out of range");
    }
    if (!range_ok(rule->first_cover, rule->cover_count, program->cover_count) ||
        !range_ok(rule->first_arm, rule->arm_count, program->arm_count) ||
        rule->arm_count >= PROGRAM_ANY_ARM ||
        !range_ok(rule->first_unit, rule->unit_count, program->unit_count)) {
        return refuse(error, index, "part of a rule outside its table");
    }
    return true;
}

/* Whether a constant that a test names fits a field of a text or an enumeration. */
static bool operand_ok(const struct program *program, const struct program_guard *node,
                       const struct fact_field_info *field)
{
    bool text = field->type == FACT_STR;
    struct program_type type = {.base = text ? PROGRAM_STR : PROGRAM_ENUM,
                                .argument = text ? 0 : field->argument};
    switch ((int)node->test) {
    case PROGRAM_IS:
    case PROGRAM_IS_NOT:
        return !text && value_ok(program, type, node->operand);
    case PROGRAM_SAME:
    case PROGRAM_OTHER:
        return text && value_ok(program, type, node->operand);
    case PROGRAM_LIKE:
        return text && node->operand < program->pattern_count;
    default: /* PROGRAM_IN, PROGRAM_NOT_IN */
        return node->operand < program->set_count &&
               program->sets[node->operand].type.base == type.base &&
               program->sets[node->operand].type.argument == type.argument;
    }
}

/* Whether a test fits the field it asks and the constant it names. */
static bool test_ok(const struct program *program, const struct program_guard *node,
                    const struct fact_field_info *field)
{
    bool list = field->cardinality == FACT_LIST;
    if (node->test == PROGRAM_HAS || node->test == PROGRAM_LACKS) {
        return true;
    }
    if (node->test == PROGRAM_SOME) {
        return list;
    }
    if (node->test == PROGRAM_TRUE || node->test == PROGRAM_FALSE) {
        return !list && field->type == FACT_BOOL;
    }
    return !list && node->test < PROGRAM_TEST_COUNT &&
           (field->type == FACT_ENUM || field->type == FACT_STR) &&
           operand_ok(program, node, field);
}

/* Whether a node that is no group fits the kind that is judged. */
static bool leaf_ok(const struct program *program, const struct program_guard *node,
                    const struct fact_kind_info *kind)
{
    if (node->via != PROGRAM_NO_VIA) {
        if (node->via >= kind->field_count || kind->fields[node->via].type != FACT_ROW ||
            kind->fields[node->via].cardinality == FACT_LIST) {
            return false;
        }
        kind = schema_kind((enum fact_kind)kind->fields[node->via].argument);
    }
    return node->field < kind->field_count && node->reserved == 0 &&
           test_ok(program, node, &kind->fields[node->field]);
}

bool verify_guard(const struct program *program, enum fact_kind kind, uint32_t first,
                  uint32_t count)
{
    if (!range_ok(first, count, program->guard_count) || count > PROGRAM_MAX_GUARD) {
        return false;
    }
    const struct program_guard *nodes = program->guards + first;
    uint32_t ends[PROGRAM_MAX_GUARD_DEPTH + 1] = {count}; /* of the open groups */
    unsigned depth = 0;
    for (uint32_t i = 0; i < count; i++) {
        while (ends[depth] == i) {
            depth--;
        }
        if (nodes[i].test != PROGRAM_ALL && nodes[i].test != PROGRAM_ANY) {
            if (!leaf_ok(program, &nodes[i], schema_kind(kind))) {
                return false;
            }
            continue;
        }
        if (depth == PROGRAM_MAX_GUARD_DEPTH || nodes[i].operand == 0 ||
            nodes[i].operand > ends[depth] - i - 1) {
            return false;
        }
        ends[++depth] = i + 1 + nodes[i].operand;
    }
    return true;
}

static bool check_unit(const struct program *program, uint32_t index, struct verify_error *error)
{
    const struct program_unit *unit = &program->units[index];
    if (unit->rule >= program->rule_count ||
        index - program->rules[unit->rule].first_unit >= program->rules[unit->rule].unit_count) {
        return refuse(error, index, "unit that its rule does not own");
    }
    if (unit->kind >= FACT_KIND_COUNT || unit->view > FACT_VIEW_none ||
        (unit->view != FACT_VIEW_none &&
         schema_view((enum fact_view)unit->view)->kind != (enum fact_kind)unit->kind)) {
        return refuse(error, index, "unit over no known kind or view");
    }
    if (!range_ok(unit->first_code, unit->code_count, program->code_count) ||
        unit->code_count == 0 || unit->code_count > PROGRAM_MAX_UNIT) {
        return refuse(error, index, "code of a unit outside its table, empty or too long");
    }
    if (!range_ok(unit->first_register, unit->register_count, program->register_type_count) ||
        unit->register_count == 0 || unit->register_count > PROGRAM_MAX_REGISTERS) {
        return refuse(error, index, "registers of a unit outside their table");
    }
    struct program_type row = program->register_types[unit->first_register];
    if (row.base != PROGRAM_ROW || row.argument != unit->kind || row.list != 0 || row.iter != 0) {
        return refuse(error, index, "register 0 of a unit is not its row");
    }
    if (!verify_guard(program, (enum fact_kind)unit->kind, unit->first_guard, unit->guard_count)) {
        return refuse(error, index, "guard of a unit does not fit its kind");
    }
    return true;
}

static bool check_units(const struct program *program, struct verify_error *error)
{
    /* Units follow one another in the code, so that checking all of them is linear work. */
    uint32_t next = 0;
    for (uint32_t i = 0; i < program->unit_count; i++) {
        if (!check_unit(program, i, error)) {
            return false;
        }
        if (program->units[i].first_code != next) {
            return refuse(error, i, "code of units overlaps or leaves gaps");
        }
        next += program->units[i].code_count;
    }
    return next == program->code_count ||
           refuse(error, program->unit_count, "code that belongs to no unit");
}

static bool register_type_ok(struct program_type type)
{
    if (type.list > 1 || type.iter > 1 || (type.list != 0 && type.iter != 0)) {
        return false;
    }
    bool many = type.list != 0 || type.iter != 0;
    switch ((enum program_base)type.base) {
    case PROGRAM_BOOL:
    case PROGRAM_INT:
    case PROGRAM_DURATION:
    case PROGRAM_SIZE:
    case PROGRAM_TIME:
    case PROGRAM_STR:
    case PROGRAM_VERSION:
        return type.argument == 0;
    case PROGRAM_ENUM:
        return type.argument < FACT_ENUM_COUNT;
    case PROGRAM_ROW:
        return type.argument < FACT_KIND_COUNT;
    case PROGRAM_COUNT:
    case PROGRAM_LOC:
    case PROGRAM_PATTERN:
        return type.argument == 0 && !many;
    case PROGRAM_SET:
        return type.argument <= PROGRAM_ENUM && !many;
    case PROGRAM_ITER:
    case PROGRAM_BASE_COUNT:
        break;
    }
    return false;
}

static bool check_small_tables(const struct program *program, struct verify_error *error)
{
    if (!texts_ok(program, program->texts, program->text_count) ||
        !texts_ok(program, program->covers, program->cover_count)) {
        return refuse(error, 0, "text constant outside the strings");
    }
    for (uint32_t i = 0; i < program->file_count; i++) {
        if (!text_ok(program, program->files[i].path) ||
            !text_ok(program, program->files[i].source)) {
            return refuse(error, i, "text of a file outside the strings");
        }
    }
    for (uint32_t i = 0; i < program->register_type_count; i++) {
        if (!register_type_ok(program->register_types[i])) {
            return refuse(error, i, "register of a malformed type");
        }
    }
    if (program->source_map_count != program->code_count) {
        return refuse(error, program->source_map_count, "source map is not as long as the code");
    }
    for (uint32_t i = 0; i < program->source_map_count; i++) {
        if (!span_ok(program, program->source_map[i])) {
            return refuse(error, i, "place of an instruction in no known file");
        }
    }
    return true;
}

bool verify_tables(const struct program *program, struct verify_error *error)
{
    if (!check_small_tables(program, error) || !check_sets(program, error) ||
        !check_patterns(program, error) || !check_arms(program, error)) {
        return false;
    }
    for (uint32_t i = 0; i < program->param_count; i++) {
        if (!check_param(program, i, error)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < program->rule_count; i++) {
        if (!check_rule(program, i, error)) {
            return false;
        }
    }
    return check_units(program, error);
}
