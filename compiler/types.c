/* SPDX-License-Identifier: Apache-2.0
 *
 * types.c - constructors, comparison and spelling of types. Names of base types come from the
 * schema's table, so that rules and `plimsoll facts schema` cannot differ.
 */
#include "compiler/types.h"

enum { MAX_TYPE_TEXT = 512 };

struct type type_of(enum type_base base)
{
    return (struct type){.base = base, .member_of = FACT_ENUM_COUNT};
}

struct type type_enum(enum fact_enum id)
{
    return (struct type){.base = TYPE_ENUM, .member_of = id};
}

struct type type_rows(uint64_t kinds)
{
    return (struct type){.base = TYPE_ROW, .member_of = FACT_ENUM_COUNT, .kinds = kinds};
}

static enum type_base base_of_fact(enum fact_type type)
{
    static const enum type_base bases[] = {
        [FACT_BOOL] = TYPE_BOOL,         [FACT_INT] = TYPE_INT,   [FACT_STR] = TYPE_STRING,
        [FACT_DURATION] = TYPE_DURATION, [FACT_SIZE] = TYPE_SIZE, [FACT_VERSION] = TYPE_VERSION,
        [FACT_TIME] = TYPE_TIME,         [FACT_ENUM] = TYPE_ENUM, [FACT_ROW] = TYPE_ROW};
    return bases[type];
}

struct type type_of_field(const struct fact_field_info *field)
{
    struct type type = type_of(base_of_fact(field->type));
    if (type.base == TYPE_ENUM) {
        type.member_of = (enum fact_enum)field->argument;
    } else if (type.base == TYPE_ROW) {
        type.kinds = type_kind_bit((enum fact_kind)field->argument);
    }
    type.list = field->cardinality == FACT_LIST;
    type.optional = field->cardinality == FACT_OPT;
    return type;
}

struct type type_element(struct type type)
{
    type.list = false;
    type.set = false;
    type.optional = false;
    return type;
}

struct type type_list(struct type element)
{
    element.list = true;
    element.optional = false;
    return element;
}

struct type type_set(struct type element)
{
    element.set = true;
    element.optional = false;
    return element;
}

struct type type_present(struct type type)
{
    type.optional = false;
    return type;
}

struct type type_optional(struct type type)
{
    type.optional = true;
    return type;
}

enum fact_kind type_kind(struct type type)
{
    if (type.base == TYPE_ROW && type.kinds != 0 && (type.kinds & (type.kinds - 1)) == 0) {
        return (enum fact_kind)__builtin_ctzll(type.kinds);
    }
    return FACT_KIND_none;
}

bool type_same(struct type a, struct type b)
{
    if (type_is_error(a) || type_is_error(b)) {
        return true;
    }
    if (a.list != b.list || a.set != b.set || a.base != b.base) {
        return false;
    }
    if (a.base == TYPE_ENUM) {
        return a.member_of == b.member_of;
    }
    return a.base != TYPE_ROW || (a.kinds & b.kinds) != 0;
}

bool type_is_ordered(struct type type)
{
    return type_is_single(type) && type.base != TYPE_BOOL && type.base != TYPE_STRING &&
           type.base != TYPE_ROW && type.base != TYPE_NOTHING;
}

bool type_join(struct type *out, struct type a, struct type b)
{
    bool rows = a.base == TYPE_ROW && b.base == TYPE_ROW && a.list == b.list && a.set == b.set;
    if (!rows && !type_same(a, b)) {
        return false;
    }
    struct type joined = type_is_error(a) ? b : a;
    joined.kinds = a.kinds | b.kinds;
    joined.optional = a.optional || b.optional;
    *out = joined;
    return true;
}

bool type_from_name(struct type *out, struct str name)
{
    for (int i = FACT_BOOL; i < FACT_ENUM; i++) {
        if (str_eq(name, str_from_cstr(schema_type_name((enum fact_type)i)))) {
            *out = type_of(base_of_fact((enum fact_type)i));
            return true;
        }
    }
    enum fact_enum id = schema_find_enum(name);
    if (id != FACT_ENUM_COUNT) {
        *out = type_enum(id);
        return true;
    }
    enum fact_kind kind = schema_find_kind(name);
    enum fact_view view = schema_find_view(name);
    if (kind == FACT_KIND_none && view != FACT_VIEW_none) {
        kind = schema_view(view)->kind;
    }
    if (kind == FACT_KIND_none) {
        return false;
    }
    *out = type_rows(type_kind_bit(kind));
    return true;
}

static enum program_base program_base_of(enum type_base base)
{
    switch (base) {
    case TYPE_INT:
        return PROGRAM_INT;
    case TYPE_STRING:
        return PROGRAM_STR;
    case TYPE_DURATION:
        return PROGRAM_DURATION;
    case TYPE_SIZE:
        return PROGRAM_SIZE;
    case TYPE_VERSION:
        return PROGRAM_VERSION;
    case TYPE_TIME:
        return PROGRAM_TIME;
    case TYPE_ENUM:
        return PROGRAM_ENUM;
    case TYPE_ROW:
        return PROGRAM_ROW;
    case TYPE_COUNT:
        return PROGRAM_COUNT;
    case TYPE_ERROR:
    case TYPE_NOTHING:
    case TYPE_BOOL:
        break;
    }
    return PROGRAM_BOOL;
}

struct program_type type_program(struct type type)
{
    struct program_type result = {.base = (uint8_t)program_base_of(type.base)};
    if (type.set) {
        result.argument = result.base;
        result.base = PROGRAM_SET;
        return result;
    }
    if (type.base == TYPE_ENUM) {
        result.argument = (uint8_t)type.member_of;
    } else if (type.base == TYPE_ROW) {
        result.argument = (uint8_t)type_kind(type);
    }
    result.list = type.list ? 1 : 0;
    return result;
}

static void write_kinds(struct buf *out, uint64_t kinds)
{
    bool first = true;
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        if ((kinds & type_kind_bit((enum fact_kind)i)) != 0) {
            buf_append_cstr(out, first ? "" : " or ");
            buf_append(out, schema_kind((enum fact_kind)i)->name);
            first = false;
        }
    }
}

static void write_base(struct buf *out, struct type type)
{
    static const char *const names[] = {[TYPE_ERROR] = "?",
                                        [TYPE_BOOL] = "bool",
                                        [TYPE_INT] = "int",
                                        [TYPE_STRING] = "string",
                                        [TYPE_DURATION] = "duration",
                                        [TYPE_SIZE] = "size",
                                        [TYPE_VERSION] = "version",
                                        [TYPE_TIME] = "time",
                                        [TYPE_ENUM] = "",
                                        [TYPE_ROW] = "",
                                        [TYPE_COUNT] = "count",
                                        [TYPE_NOTHING] = "nothing"};
    if (type.base == TYPE_ENUM) {
        buf_append(out, schema_enum(type.member_of)->name);
    } else if (type.base == TYPE_ROW) {
        write_kinds(out, type.kinds);
    } else {
        buf_append_cstr(out, names[type.base]);
    }
}

void type_write(struct buf *out, struct type type)
{
    bool many = type.list || type.set;
    buf_append_cstr(out, type.set ? "constant list<" : type.list ? "list<" : "");
    write_base(out, type);
    buf_append_cstr(out, many ? ">" : "");
    buf_append_cstr(out, type.optional ? "?" : "");
}

struct str type_text(struct arena *arena, struct type type)
{
    struct buf text;
    buf_init(&text, arena->allocator, MAX_TYPE_TEXT);
    type_write(&text, type);
    struct str copy = arena_copy_str(arena, buf_view(&text));
    buf_release(&text);
    return copy;
}
