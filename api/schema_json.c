/* SPDX-License-Identifier: Apache-2.0
 *
 * schema_json.c - the fact schema for programs: as plain JSON, and as the JSON Schema of what
 * plim_facts_json prints (see facts_json.c, which must be changed together with this file).
 */
#include "api/schema_doc.h"

#include "core/jsonw.h"

static void put(struct jsonw *json, const char *key, struct str value)
{
    jsonw_key(json, key);
    jsonw_string(json, value);
}

static void json_field(struct jsonw *json, struct buf *type, const struct fact_field_info *field)
{
    buf_clear(type);
    schema_doc_type(type, field);
    jsonw_object_begin(json);
    put(json, "name", field->name);
    put(json, "type", buf_view(type));
    put(json, "sources", field->sources);
    put(json, "since", field->since);
    put(json, "doc", field->doc);
    jsonw_object_end(json);
}

static void json_kinds(struct jsonw *json, struct buf *type)
{
    jsonw_key(json, "kinds");
    jsonw_array_begin(json);
    for (unsigned i = 0; i < FACT_KIND_COUNT; i++) {
        const struct fact_kind_info *kind = schema_kind((enum fact_kind)i);
        jsonw_object_begin(json);
        put(json, "name", kind->name);
        put(json, "doc", kind->doc);
        if (kind->parent != FACT_KIND_none) {
            put(json, "member_of", schema_kind(kind->parent)->name);
        }
        jsonw_key(json, "fields");
        jsonw_array_begin(json);
        for (unsigned f = 0; f < kind->field_count; f++) {
            json_field(json, type, &kind->fields[f]);
        }
        jsonw_array_end(json);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void json_names(struct jsonw *json)
{
    jsonw_key(json, "views");
    jsonw_array_begin(json);
    for (unsigned i = 0; i < FACT_VIEW_COUNT; i++) {
        const struct fact_view_info *view = schema_view((enum fact_view)i);
        jsonw_object_begin(json);
        put(json, "name", view->name);
        put(json, "kind", schema_kind(view->kind)->name);
        put(json, "doc", view->doc);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_key(json, "groups");
    jsonw_array_begin(json);
    for (size_t i = 0; i < schema_group_count(); i++) {
        const struct fact_group_info *group = schema_group(i);
        jsonw_object_begin(json);
        put(json, "name", group->name);
        put(json, "members", group->members);
        put(json, "doc", group->doc);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void write_members(struct jsonw *json, const struct fact_enum_info *info)
{
    jsonw_array_begin(json);
    for (unsigned i = 0; i < info->member_count; i++) {
        jsonw_string(json, info->members[i]);
    }
    jsonw_array_end(json);
}

void schema_doc_json(struct buf *out)
{
    struct jsonw json;
    struct buf type;
    buf_init(&type, out->allocator, 4096);
    jsonw_init(&json, out, true);
    jsonw_object_begin(&json);
    put(&json, "schema", STR("plimsoll.schema/1"));
    jsonw_key(&json, "major");
    jsonw_int(&json, SCHEMA_MAJOR);
    jsonw_key(&json, "minor");
    jsonw_int(&json, SCHEMA_MINOR);
    json_kinds(&json, &type);
    json_names(&json);
    jsonw_key(&json, "enums");
    jsonw_array_begin(&json);
    for (unsigned i = 0; i < FACT_ENUM_COUNT; i++) {
        const struct fact_enum_info *info = schema_enum((enum fact_enum)i);
        jsonw_object_begin(&json);
        put(&json, "name", info->name);
        jsonw_key(&json, "members");
        write_members(&json, info);
        jsonw_object_end(&json);
    }
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    buf_append_char(out, '\n');
    buf_release(&type);
}

/* { "$ref": "#/$defs/<name>" } */
static void write_ref(struct jsonw *json, const char *name)
{
    struct buf text;
    buf_init(&text, json->out->allocator, 256);
    buf_printf(&text, "#/$defs/%s", name);
    jsonw_object_begin(json);
    put(json, "$ref", buf_view(&text));
    jsonw_object_end(json);
    buf_release(&text);
}

static void write_type(struct jsonw *json, const char *type)
{
    jsonw_object_begin(json);
    put(json, "type", str_from_cstr(type));
    jsonw_object_end(json);
}

static void schema_value(struct jsonw *json, const struct fact_field_info *field)
{
    switch (field->type) {
    case FACT_BOOL:
        write_type(json, "boolean");
        break;
    case FACT_INT:
    case FACT_DURATION:
    case FACT_SIZE:
    case FACT_TIME:
        write_type(json, "integer");
        break;
    case FACT_STR:
    case FACT_VERSION:
        write_type(json, "string");
        break;
    case FACT_ENUM:
        jsonw_object_begin(json);
        jsonw_key(json, "enum");
        write_members(json, schema_enum((enum fact_enum)field->argument));
        jsonw_object_end(json);
        break;
    case FACT_ROW:
        write_ref(json, "row");
        break;
    }
}

/* A present value or an unknown one; lists may hold unknown elements. */
static void schema_field(struct jsonw *json, const struct fact_field_info *field)
{
    jsonw_key(json, "anyOf");
    jsonw_array_begin(json);
    write_ref(json, "unknown");
    if (field->cardinality == FACT_LIST) {
        jsonw_object_begin(json);
        put(json, "type", STR("array"));
        jsonw_key(json, "items");
        jsonw_object_begin(json);
        jsonw_key(json, "anyOf");
        jsonw_array_begin(json);
        write_ref(json, "unknown");
        schema_value(json, field);
        jsonw_array_end(json);
        jsonw_object_end(json);
        jsonw_object_end(json);
    } else {
        schema_value(json, field);
    }
    jsonw_array_end(json);
}

static void schema_kind_rows(struct jsonw *json, const struct fact_kind_info *kind)
{
    jsonw_object_begin(json);
    put(json, "type", STR("array"));
    put(json, "description", kind->doc);
    jsonw_key(json, "items");
    jsonw_object_begin(json);
    put(json, "type", STR("object"));
    jsonw_key(json, "required");
    jsonw_array_begin(json);
    jsonw_cstr(json, "$row");
    jsonw_array_end(json);
    jsonw_key(json, "additionalProperties");
    jsonw_bool(json, false);
    jsonw_key(json, "properties");
    jsonw_object_begin(json);
    jsonw_key(json, "$row");
    write_ref(json, "row");
    jsonw_key(json, "$at");
    write_type(json, "string");
    for (unsigned f = 0; f < kind->field_count; f++) {
        jsonw_key(json, kind->fields[f].name.ptr);
        jsonw_object_begin(json);
        put(json, "description", kind->fields[f].doc);
        schema_field(json, &kind->fields[f]);
        jsonw_object_end(json);
    }
    jsonw_object_end(json);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static void schema_definitions(struct jsonw *json)
{
    jsonw_key(json, "$defs");
    jsonw_object_begin(json);
    jsonw_key(json, "row");
    jsonw_object_begin(json);
    put(json, "description", STR("kind/number of a row in `facts`"));
    put(json, "type", STR("string"));
    put(json, "pattern", STR("^[a-z-]+/[0-9]+$"));
    jsonw_object_end(json);
    jsonw_key(json, "unknown");
    jsonw_object_begin(json);
    put(json, "type", STR("object"));
    jsonw_key(json, "required");
    jsonw_array_begin(json);
    jsonw_cstr(json, "unknown");
    jsonw_array_end(json);
    jsonw_key(json, "additionalProperties");
    jsonw_bool(json, false);
    jsonw_key(json, "properties");
    jsonw_object_begin(json);
    jsonw_key(json, "unknown");
    write_type(json, "string");
    jsonw_object_end(json);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

void schema_doc_json_schema(struct buf *out)
{
    struct jsonw json;
    jsonw_init(&json, out, true);
    jsonw_object_begin(&json);
    put(&json, "$schema", STR("https://json-schema.org/draft/2020-12/schema"));
    put(&json, "title", STR("plimsoll.facts/1"));
    put(&json, "type", STR("object"));
    jsonw_key(&json, "required");
    jsonw_array_begin(&json);
    jsonw_cstr(&json, "schema");
    jsonw_cstr(&json, "facts");
    jsonw_array_end(&json);
    jsonw_key(&json, "properties");
    jsonw_object_begin(&json);
    jsonw_key(&json, "schema");
    jsonw_object_begin(&json);
    put(&json, "const", STR("plimsoll.facts/1"));
    jsonw_object_end(&json);
    jsonw_key(&json, "schema_version");
    write_type(&json, "string");
    jsonw_key(&json, "facts");
    jsonw_object_begin(&json);
    put(&json, "type", STR("object"));
    jsonw_key(&json, "additionalProperties");
    jsonw_bool(&json, false);
    jsonw_key(&json, "properties");
    jsonw_object_begin(&json);
    for (unsigned i = 0; i < FACT_KIND_COUNT; i++) {
        const struct fact_kind_info *kind = schema_kind((enum fact_kind)i);
        jsonw_key(&json, kind->name.ptr);
        schema_kind_rows(&json, kind);
    }
    jsonw_object_end(&json);
    jsonw_object_end(&json);
    jsonw_object_end(&json);
    schema_definitions(&json);
    jsonw_object_end(&json);
    buf_append_char(out, '\n');
}
