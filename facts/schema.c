/* SPDX-License-Identifier: Apache-2.0
 *
 * schema.c - the tables behind schema.h, expanded from schema.def, and look-ups by name. Look-ups
 * scan: they run at compile time of policies only, over a few dozen short names.
 */
#include "facts/schema.h"

/* A literal's view as a constant initialiser. */
#define VIEW_OF(literal)                                                                           \
    {                                                                                              \
        .ptr = "" literal "", .len = sizeof(literal) - 1                                           \
    }

/* One array of fields per kind. */
#define FACT_ENUM_BEGIN(id, name)
#define FACT_MEMBER(id, member, text)
#define FACT_ENUM_END(id)
#define FACT_VIEW(id, name, kind, field, doc)
#define FACT_GROUP(id, name, members, doc)
#define ARGUMENT_BOOL(arg) 0
#define ARGUMENT_INT(arg) 0
#define ARGUMENT_STR(arg) 0
#define ARGUMENT_DURATION(arg) 0
#define ARGUMENT_SIZE(arg) 0
#define ARGUMENT_VERSION(arg) 0
#define ARGUMENT_TIME(arg) 0
#define ARGUMENT_ENUM(arg) FACT_ENUM_##arg
#define ARGUMENT_ROW(arg) FACT_KIND_##arg
#define FACT_KIND_BEGIN(id, name, parent, doc) static const struct fact_field_info fields_##id[] = {
#define FACT_FIELD(kind, id, text, type_, arg, card, sources_, since_, doc_)                       \
    {.name = VIEW_OF(text),                                                                        \
     .type = FACT_##type_,                                                                         \
     .cardinality = FACT_##card,                                                                   \
     .argument = ARGUMENT_##type_(arg),                                                            \
     .sources = VIEW_OF(sources_),                                                                 \
     .since = VIEW_OF(since_),                                                                     \
     .doc = VIEW_OF(doc_)},
#define FACT_KIND_END(id)                                                                          \
    }                                                                                              \
    ;                                                                                              \
    _Static_assert((int)FIELD_COUNT_##id <= (int)SCHEMA_FIELD_ROOM, "no room for fields");
#include "facts/schema.def"
#undef FACT_KIND_BEGIN
#undef FACT_FIELD
#undef FACT_KIND_END

static const struct fact_kind_info kinds[] = {
#define FACT_KIND_BEGIN(id, text, parent_, doc_)                                                   \
    {.name = VIEW_OF(text),                                                                        \
     .doc = VIEW_OF(doc_),                                                                         \
     .parent = FACT_KIND_##parent_,                                                                \
     .fields = fields_##id,                                                                        \
     .field_count = FIELD_COUNT_##id},
#define FACT_FIELD(kind, id, name, type, arg, card, sources, since, doc)
#define FACT_KIND_END(id)
#include "facts/schema.def"
#undef FACT_KIND_BEGIN
#undef FACT_ENUM_BEGIN
#undef FACT_MEMBER
#undef FACT_ENUM_END
};

#define FACT_KIND_BEGIN(id, name, parent, doc)
#define FACT_ENUM_BEGIN(id, name) static const struct str members_##id[] = {
#define FACT_MEMBER(id, member, text) VIEW_OF(text),
#define FACT_ENUM_END(id)                                                                          \
    }                                                                                              \
    ;
#include "facts/schema.def"
#undef FACT_ENUM_BEGIN
#undef FACT_MEMBER
#undef FACT_ENUM_END

static const struct fact_enum_info enums[] = {
#define FACT_ENUM_BEGIN(id, text)                                                                  \
    {.name = VIEW_OF(text), .members = members_##id, .member_count = MEMBER_COUNT_##id},
#define FACT_MEMBER(id, member, text)
#define FACT_ENUM_END(id)
#include "facts/schema.def"
#undef FACT_ENUM_BEGIN
#undef FACT_VIEW
};

static const struct fact_view_info views[] = {
#define FACT_ENUM_BEGIN(id, name)
#define FACT_VIEW(id, text, kind_, field_, doc_)                                                   \
    {.name = VIEW_OF(text),                                                                        \
     .doc = VIEW_OF(doc_),                                                                         \
     .kind = FACT_KIND_##kind_,                                                                    \
     .field = FIELD_##kind_##_##field_},
#include "facts/schema.def"
#undef FACT_VIEW
#undef FACT_GROUP
};

static const struct fact_group_info groups[] = {
#define FACT_VIEW(id, name, kind, field, doc)
#define FACT_GROUP(id, text, members_, doc_)                                                       \
    {.name = VIEW_OF(text), .members = VIEW_OF(members_), .doc = VIEW_OF(doc_)},
#include "facts/schema.def"
};

const struct fact_kind_info *schema_kind(enum fact_kind kind)
{
    return &kinds[kind];
}

const struct fact_enum_info *schema_enum(enum fact_enum id)
{
    return &enums[id];
}

const struct fact_view_info *schema_view(enum fact_view view)
{
    return &views[view];
}

const struct fact_group_info *schema_group(size_t index)
{
    return &groups[index];
}

size_t schema_group_count(void)
{
    return sizeof groups / sizeof groups[0];
}

enum fact_kind schema_find_kind(struct str name)
{
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        if (str_eq(kinds[i].name, name)) {
            return (enum fact_kind)i;
        }
    }
    return FACT_KIND_none;
}

enum fact_view schema_find_view(struct str name)
{
    for (int i = 0; i < FACT_VIEW_COUNT; i++) {
        if (str_eq(views[i].name, name)) {
            return (enum fact_view)i;
        }
    }
    return FACT_VIEW_none;
}

enum fact_enum schema_find_enum(struct str name)
{
    for (int i = 0; i < FACT_ENUM_COUNT; i++) {
        if (str_eq(enums[i].name, name)) {
            return (enum fact_enum)i;
        }
    }
    return FACT_ENUM_COUNT;
}

const struct fact_group_info *schema_find_group(struct str name)
{
    for (size_t i = 0; i < schema_group_count(); i++) {
        if (str_eq(groups[i].name, name)) {
            return &groups[i];
        }
    }
    return NULL;
}

int schema_find_field(enum fact_kind kind, struct str name)
{
    for (int i = 0; kind != FACT_KIND_none && i < kinds[kind].field_count; i++) {
        if (str_eq(kinds[kind].fields[i].name, name)) {
            return i;
        }
    }
    return -1;
}

int schema_find_member(enum fact_enum id, struct str name)
{
    for (int i = 0; id != FACT_ENUM_COUNT && i < enums[id].member_count; i++) {
        if (str_eq(enums[id].members[i], name)) {
            return i;
        }
    }
    return -1;
}

int schema_member_field(enum fact_kind parent, enum fact_kind member)
{
    if (member == FACT_KIND_none || kinds[member].parent != parent) {
        return -1;
    }
    return schema_find_field(parent, kinds[member].name);
}

const char *schema_type_name(enum fact_type type)
{
    static const char *const names[] = {
        [FACT_BOOL] = "bool",         [FACT_INT] = "int",   [FACT_STR] = "string",
        [FACT_DURATION] = "duration", [FACT_SIZE] = "size", [FACT_VERSION] = "version",
        [FACT_TIME] = "time",         [FACT_ENUM] = "enum", [FACT_ROW] = "row"};
    return names[type];
}
