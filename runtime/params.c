/* SPDX-License-Identifier: Apache-2.0
 *
 * params.c - see params.h. A small reader of literals: a consumer's settings are one line each and
 * must not need the compiler.
 */
#include "runtime/params.h"

#include <stdio.h>

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit duration_units[] = {{"ns", 1},
                                             {"us", 1000},
                                             {"ms", 1000000},
                                             {"s", INT64_C(1000000000)},
                                             {"m", INT64_C(60000000000)},
                                             {"h", INT64_C(3600000000000)},
                                             {"d", INT64_C(86400000000000)},
                                             {NULL, 0}};

static const struct unit size_units[] = {{"B", 1},
                                         {"KiB", INT64_C(1) << 10},
                                         {"MiB", INT64_C(1) << 20},
                                         {"GiB", INT64_C(1) << 30},
                                         {"TiB", INT64_C(1) << 40},
                                         {"kB", 1000},
                                         {"MB", 1000000},
                                         {"GB", INT64_C(1000000000)},
                                         {NULL, 0}};

static plim_status refuse(plim_error *error, const struct program *program, uint32_t param,
                          const char *reason)
{
    if (error != NULL) {
        struct str name = program_str(program, program->params[param].name);
        error->status = PLIM_STATUS_USAGE;
        snprintf(error->message, sizeof error->message, "parameter `%.*s`: %s",
                 name.len < 100 ? (int)name.len : 100, name.ptr, reason);
    }
    return PLIM_STATUS_USAGE;
}

static bool is_text(struct program_type type)
{
    return type.base == PROGRAM_STR || type.base == PROGRAM_VERSION;
}

/* Sum of numbers with units: "7d 12h". False on anything else or an overflow. */
static bool read_units(struct str text, const struct unit *units, int64_t *out)
{
    int64_t sum = 0;
    size_t at = 0;
    bool any = false;
    while (at < text.len) {
        size_t end = at;
        unsigned long long number;
        int64_t part;
        while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9') {
            end++;
        }
        if (!str_to_u64(str_slice(text, at, end), &number) || number > INT64_MAX) {
            return false;
        }
        size_t behind = end;
        while (behind < text.len && text.ptr[behind] != ' ' &&
               (text.ptr[behind] < '0' || text.ptr[behind] > '9')) {
            behind++;
        }
        const struct unit *unit = units;
        while (unit->name != NULL &&
               !str_eq(str_from_cstr(unit->name), str_slice(text, end, behind))) {
            unit++;
        }
        if (unit->name == NULL || __builtin_mul_overflow((int64_t)number, unit->factor, &part) ||
            __builtin_add_overflow(sum, part, &sum)) {
            return false;
        }
        any = true;
        at = behind;
        while (at < text.len && text.ptr[at] == ' ') {
            at++;
        }
    }
    *out = sum;
    return any;
}

static bool read_int(struct str text, int64_t *out)
{
    bool negative = text.len > 0 && text.ptr[0] == '-';
    unsigned long long magnitude;
    if (!str_to_u64(str_slice(text, negative ? 1 : 0, text.len), &magnitude) ||
        magnitude > INT64_MAX) {
        return false;
    }
    *out = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

static bool read_number(struct str text, struct program_type type, int64_t *out)
{
    int member;
    switch ((int)type.base) {
    case PROGRAM_BOOL:
        *out = str_eq(text, STR("true"));
        return *out != 0 || str_eq(text, STR("false"));
    case PROGRAM_INT:
        return read_int(text, out);
    case PROGRAM_DURATION:
        return read_units(text, duration_units, out);
    case PROGRAM_SIZE:
        return read_units(text, size_units, out);
    case PROGRAM_ENUM:
        member = schema_find_member((enum fact_enum)type.argument, text);
        *out = member;
        return member >= 0;
    default: /* times have no literal */
        return false;
    }
}

/* Copies a double-quoted text without its quotes and escapes (\" \\ \n \t). */
static bool unquote(struct str text, struct arena *arena, struct str *out)
{
    char *copy = arena_alloc(arena, text.len + 1);
    size_t length = 0;
    if (copy == NULL) {
        return false;
    }
    for (size_t i = 1; i + 1 < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\\' && i + 2 < text.len) {
            c = text.ptr[++i];
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        copy[length++] = c;
    }
    *out = str_make(copy, length);
    return true;
}

static bool read_item(struct str text, struct program_type type, struct arena *arena,
                      struct param_item *out)
{
    if (!is_text(type)) {
        return read_number(text, type, &out->number);
    }
    if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"') {
        return unquote(text, arena, &out->text);
    }
    out->text = text;
    return true;
}

/* Offset of the comma that ends the element at `at`, or the end; quotes protect commas. */
static size_t element_end(struct str text, size_t at)
{
    bool quoted = false;
    for (; at < text.len && (quoted || text.ptr[at] != ','); at++) {
        if (text.ptr[at] == '\\' && quoted) {
            at++;
        } else if (text.ptr[at] == '"') {
            quoted = !quoted;
        }
    }
    return at < text.len ? at : text.len;
}

/* Elements of a list with or without brackets; false when one does not fit. */
static bool read_list(struct str text, struct program_type type, struct arena *arena,
                      struct param_value *out)
{
    text = str_trim(text);
    if (text.len > 0 && text.ptr[0] == '[') {
        if (text.len < 2 || text.ptr[text.len - 1] != ']') {
            return false;
        }
        text = str_trim(str_slice(text, 1, text.len - 1));
    }
    size_t count = 0;
    for (size_t at = 0; at < text.len; at = element_end(text, at) + 1) {
        count++;
    }
    struct param_item *items = ARENA_ARRAY(arena, struct param_item, count);
    if (items == NULL) {
        return false;
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t end = element_end(text, at);
        if (!read_item(str_trim(str_slice(text, at, end)), type, arena, &items[i])) {
            return false;
        }
        at = end + 1;
    }
    out->items = items;
    out->count = count;
    return true;
}

static bool find_param(const struct program *program, struct str name, uint32_t *out)
{
    for (uint32_t i = 0; i < program->param_count; i++) {
        if (str_eq(program_str(program, program->params[i].name), name)) {
            *out = i;
            return true;
        }
    }
    return false;
}

plim_status params_parse(struct param_value *out, const struct program *program, struct str setting,
                         struct arena *arena, plim_error *error)
{
    struct param_value value = {.param = 0};
    size_t equals = str_find_char(setting, '=', 0);
    size_t name_end = equals;
    if (equals < setting.len && equals > 0 && setting.ptr[equals - 1] == '+') {
        value.extend = true;
        name_end--;
    }
    struct str name = str_trim(str_slice(setting, 0, name_end));
    if (equals == setting.len || !find_param(program, name, &value.param)) {
        if (error != NULL) {
            error->status = PLIM_STATUS_USAGE;
            snprintf(error->message, sizeof error->message,
                     equals == setting.len ? "`%.*s` is not of the form NAME=VALUE"
                                           : "no parameter is called `%.*s`",
                     name.len < 100 ? (int)name.len : 100, name.ptr);
        }
        return PLIM_STATUS_USAGE;
    }
    const struct program_param *param = &program->params[value.param];
    struct str text = str_trim(str_slice(setting, equals + 1, setting.len));
    struct program_type element = {.base = param->type.base, .argument = param->type.argument};
    bool read;
    if (param->type.list != 0) {
        read = read_list(text, element, arena, &value);
    } else {
        struct param_item *item = ARENA_NEW(arena, struct param_item);
        read = item != NULL && read_item(text, element, arena, item);
        value.items = item;
        value.count = 1;
    }
    if (arena_status(arena) != PLIM_STATUS_OK) {
        return arena_status(arena);
    }
    if (!read) {
        return refuse(error, program, value.param, "the value does not fit its type");
    }
    plim_status status = params_check(program, &value, error);
    if (status == PLIM_STATUS_OK) {
        *out = value;
    }
    return status;
}

static bool item_ok(struct program_type type, const struct param_item *item)
{
    if (type.base == PROGRAM_BOOL) {
        return item->number == 0 || item->number == 1;
    }
    if (type.base == PROGRAM_ENUM) {
        return item->number >= 0 &&
               item->number < schema_enum((enum fact_enum)type.argument)->member_count;
    }
    return !is_text(type) || item->text.ptr != NULL;
}

plim_status params_check(const struct program *program, const struct param_value *value,
                         plim_error *error)
{
    if (value->param >= program->param_count) {
        if (error != NULL) {
            error->status = PLIM_STATUS_USAGE;
            snprintf(error->message, sizeof error->message, "no such parameter");
        }
        return PLIM_STATUS_USAGE;
    }
    const struct program_param *param = &program->params[value->param];
    bool list = param->type.list != 0;
    if ((param->flags & PROGRAM_PARAM_LOCKED) != 0) {
        return refuse(error, program, value->param, "it is locked");
    }
    if (value->extend && (!list || (param->flags & PROGRAM_PARAM_EXTENDABLE) == 0)) {
        return refuse(error, program, value->param, "it is not an extendable list");
    }
    if (!list && value->count != 1) {
        return refuse(error, program, value->param, "it takes one value");
    }
    for (size_t i = 0; i < value->count; i++) {
        const struct param_item *item = &value->items[i];
        if (!item_ok(param->type, item)) {
            return refuse(error, program, value->param, "the value does not fit its type");
        }
        bool ranged = (param->flags & PROGRAM_PARAM_RANGE) != 0;
        if (ranged && (item->number < param->low || item->number > param->high)) {
            return refuse(error, program, value->param, "the value is out of its range");
        }
    }
    return PLIM_STATUS_OK;
}
