/* SPDX-License-Identifier: Apache-2.0
 *
 * schema.h - the fact schema as C names and as a table that can be asked.
 *
 * Everything here is generated from schema.def; no second list exists. Knows nothing of stored
 * values (store.h) nor of the language's type checker. Thread rule: immutable, shareable.
 */
#ifndef FACTS_SCHEMA_H
#define FACTS_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

/* Version of the schema itself: fields are only added in minors. */
enum { SCHEMA_MAJOR = 1, SCHEMA_MINOR = 0 };

/* No kind has more fields; their numbers fit one byte. */
enum { SCHEMA_FIELD_ROOM = 128 };

/* enum fact_enum: one value per enumeration, FACT_ENUM_severity ... */
enum fact_enum {
#define FACT_ENUM_BEGIN(id, name) FACT_ENUM_##id,
#define FACT_MEMBER(id, member, text)
#define FACT_ENUM_END(id)
#define FACT_KIND_BEGIN(id, name, parent, doc)
#define FACT_FIELD(kind, id, name, type, arg, card, sources, since, doc)
#define FACT_KIND_END(id)
#define FACT_VIEW(id, name, kind, field, doc)
#define FACT_GROUP(id, name, members, doc)
#include "facts/schema.def"
#undef FACT_ENUM_BEGIN
#undef FACT_ENUM_END
#undef FACT_KIND_BEGIN
    FACT_ENUM_COUNT
};

/* enum fact_kind: FACT_KIND_project ... */
enum fact_kind {
#define FACT_ENUM_BEGIN(id, name)
#define FACT_ENUM_END(id)
#define FACT_KIND_BEGIN(id, name, parent, doc) FACT_KIND_##id,
#include "facts/schema.def"
#undef FACT_KIND_BEGIN
    FACT_KIND_COUNT,
    FACT_KIND_none = FACT_KIND_COUNT
};

/* enum fact_view: FACT_VIEW_final_stage ... */
enum fact_view {
#define FACT_KIND_BEGIN(id, name, parent, doc)
#undef FACT_VIEW
#define FACT_VIEW(id, name, kind, field, doc) FACT_VIEW_##id,
#include "facts/schema.def"
#undef FACT_VIEW
#define FACT_VIEW(id, name, kind, field, doc)
    FACT_VIEW_COUNT,
    FACT_VIEW_none = FACT_VIEW_COUNT
};

/* Fields of each kind, counted from 0 within the kind: FIELD_stage_user; FIELD_COUNT_stage. */
#undef FACT_KIND_BEGIN
#undef FACT_FIELD
#undef FACT_KIND_END
#define FACT_KIND_BEGIN(id, name, parent, doc) enum {
#define FACT_FIELD(kind, id, name, type, arg, card, sources, since, doc) FIELD_##kind##_##id,
#define FACT_KIND_END(id)                                                                          \
    FIELD_COUNT_##id                                                                               \
    }                                                                                              \
    ;
#include "facts/schema.def"
#undef FACT_KIND_BEGIN
#undef FACT_FIELD
#undef FACT_KIND_END

/* Members of each enumeration, in order: MEMBER_severity_high; MEMBER_COUNT_severity. */
#undef FACT_ENUM_BEGIN
#undef FACT_MEMBER
#undef FACT_ENUM_END
#define FACT_KIND_BEGIN(id, name, parent, doc)
#define FACT_FIELD(kind, id, name, type, arg, card, sources, since, doc)
#define FACT_KIND_END(id)
#define FACT_ENUM_BEGIN(id, name) enum {
#define FACT_MEMBER(id, member, text) MEMBER_##id##_##member,
#define FACT_ENUM_END(id)                                                                          \
    MEMBER_COUNT_##id                                                                              \
    }                                                                                              \
    ;
#include "facts/schema.def"
#undef FACT_ENUM_BEGIN
#undef FACT_MEMBER
#undef FACT_ENUM_END
#undef FACT_KIND_BEGIN
#undef FACT_FIELD
#undef FACT_KIND_END
#undef FACT_VIEW
#undef FACT_GROUP

enum fact_type {
    FACT_BOOL,
    FACT_INT,
    FACT_STR,
    FACT_DURATION, /* nanoseconds */
    FACT_SIZE,     /* bytes */
    FACT_VERSION,  /* text that compares as a version */
    FACT_TIME,     /* nanoseconds since 1970-01-01T00:00:00Z */
    FACT_ENUM,     /* index of the member */
    FACT_ROW       /* row number of another kind */
};

enum fact_cardinality { FACT_ONE, FACT_OPT, FACT_LIST };

struct fact_field_info {
    struct str name;
    enum fact_type type;
    enum fact_cardinality cardinality;
    uint8_t argument; /* enum fact_enum for FACT_ENUM, enum fact_kind for FACT_ROW, else 0 */
    struct str sources;
    struct str since;
    struct str doc;
};

struct fact_kind_info {
    struct str name;
    struct str doc;
    enum fact_kind parent; /* FACT_KIND_none, or the kind this is a member of */
    const struct fact_field_info *fields;
    uint8_t field_count;
};

struct fact_enum_info {
    struct str name;
    const struct str *members;
    uint8_t member_count;
};

struct fact_view_info {
    struct str name;
    struct str doc;
    enum fact_kind kind;
    uint8_t field; /* BOOL field that must be true */
};

struct fact_group_info {
    struct str name;
    struct str members; /* comma-separated names of kinds and views */
    struct str doc;
};

/* The tables by index. The index must be in range (a kind below FACT_KIND_COUNT, ...). */
const struct fact_kind_info *schema_kind(enum fact_kind kind);
const struct fact_enum_info *schema_enum(enum fact_enum id);
const struct fact_view_info *schema_view(enum fact_view view);
const struct fact_group_info *schema_group(size_t index);
size_t schema_group_count(void);

/* Look-ups by name; FACT_KIND_none, FACT_VIEW_none, FACT_ENUM_COUNT, NULL or -1 for no such. */
enum fact_kind schema_find_kind(struct str name);
enum fact_view schema_find_view(struct str name);
enum fact_enum schema_find_enum(struct str name);
const struct fact_group_info *schema_find_group(struct str name);
int schema_find_field(enum fact_kind kind, struct str name);
int schema_find_member(enum fact_enum id, struct str name);

/* Field of `parent` that refers to its member kind `member`, or -1 when it is no member. */
int schema_member_field(enum fact_kind parent, enum fact_kind member);

/* Name of a type as rules spell it: "string", "int", "bool", ... Static text. */
const char *schema_type_name(enum fact_type type);

#endif
