/* SPDX-License-Identifier: Apache-2.0
 *
 * schema_text.c - the fact schema for people: text and Markdown. Its JSON forms are schema_json.c.
 */
#include "api/api.h"

#include "api/schema_doc.h"
#include "core/alloc.h"

void schema_doc_type(struct buf *out, const struct fact_field_info *field)
{
    if (field->cardinality == FACT_LIST) {
        buf_append_cstr(out, "list<");
    }
    if (field->type == FACT_ENUM) {
        buf_append(out, schema_enum((enum fact_enum)field->argument)->name);
    } else if (field->type == FACT_ROW) {
        buf_append(out, schema_kind((enum fact_kind)field->argument)->name);
    } else {
        buf_append_cstr(out, schema_type_name(field->type));
    }
    if (field->cardinality == FACT_LIST) {
        buf_append_cstr(out, ">");
    } else if (field->cardinality == FACT_OPT) {
        buf_append_cstr(out, "?");
    }
}

static void pad(struct buf *out, size_t since, size_t columns)
{
    do {
        buf_append_char(out, ' ');
    } while (out->len - since < columns && buf_status(out) == PLIM_STATUS_OK);
}

static void text_kind(struct buf *out, const struct fact_kind_info *kind)
{
    buf_append(out, kind->name);
    if (kind->parent != FACT_KIND_none) {
        buf_append_cstr(out, " (member of ");
        buf_append(out, schema_kind(kind->parent)->name);
        buf_append_cstr(out, ")");
    }
    buf_append_cstr(out, ": ");
    buf_append(out, kind->doc);
    buf_append_char(out, '\n');
    for (unsigned i = 0; i < kind->field_count; i++) {
        const struct fact_field_info *field = &kind->fields[i];
        size_t since = out->len;
        buf_append_cstr(out, "  ");
        buf_append(out, field->name);
        pad(out, since, 24);
        schema_doc_type(out, field);
        pad(out, since, 46);
        buf_append(out, field->doc);
        buf_append_char(out, '\n');
    }
    buf_append_char(out, '\n');
}

static void members(struct buf *out, const struct fact_enum_info *info)
{
    for (unsigned i = 0; i < info->member_count; i++) {
        buf_append_cstr(out, i > 0 ? ", " : "");
        buf_append(out, info->members[i]);
    }
}

void schema_doc_text(struct buf *out)
{
    buf_printf(out, "Fact schema %d.%d\n\n", SCHEMA_MAJOR, SCHEMA_MINOR);
    for (unsigned i = 0; i < FACT_KIND_COUNT; i++) {
        text_kind(out, schema_kind((enum fact_kind)i));
    }
    buf_append_cstr(out, "Views and groups\n");
    for (unsigned i = 0; i < FACT_VIEW_COUNT; i++) {
        const struct fact_view_info *view = schema_view((enum fact_view)i);
        size_t since = out->len;
        buf_append_cstr(out, "  ");
        buf_append(out, view->name);
        pad(out, since, 24);
        buf_append(out, view->doc);
        buf_append_char(out, '\n');
    }
    for (size_t i = 0; i < schema_group_count(); i++) {
        const struct fact_group_info *group = schema_group(i);
        size_t since = out->len;
        buf_append_cstr(out, "  ");
        buf_append(out, group->name);
        pad(out, since, 24);
        buf_append(out, group->members);
        buf_append_cstr(out, ": ");
        buf_append(out, group->doc);
        buf_append_char(out, '\n');
    }
    buf_append_cstr(out, "\nEnumerations\n");
    for (unsigned i = 0; i < FACT_ENUM_COUNT; i++) {
        const struct fact_enum_info *info = schema_enum((enum fact_enum)i);
        size_t since = out->len;
        buf_append_cstr(out, "  ");
        buf_append(out, info->name);
        pad(out, since, 24);
        members(out, info);
        buf_append_char(out, '\n');
    }
}

static void markdown_kind(struct buf *out, const struct fact_kind_info *kind)
{
    buf_append_cstr(out, "\n## ");
    buf_append(out, kind->name);
    buf_append_cstr(out, "\n\n");
    if (kind->parent != FACT_KIND_none) {
        buf_append_cstr(out, "Member of `");
        buf_append(out, schema_kind(kind->parent)->name);
        buf_append_cstr(out, "`: ");
    }
    buf_append(out, kind->doc);
    buf_append_cstr(out, ".\n\n| field | type | from | since | |\n|---|---|---|---|---|\n");
    for (unsigned i = 0; i < kind->field_count; i++) {
        const struct fact_field_info *field = &kind->fields[i];
        buf_append_cstr(out, "| `");
        buf_append(out, field->name);
        buf_append_cstr(out, "` | `");
        schema_doc_type(out, field);
        buf_append_cstr(out, "` | ");
        buf_append(out, field->sources);
        buf_append_cstr(out, " | ");
        buf_append(out, field->since);
        buf_append_cstr(out, " | ");
        buf_append(out, field->doc);
        buf_append_cstr(out, " |\n");
    }
}

void schema_doc_markdown(struct buf *out)
{
    buf_printf(out,
               "# Facts\n\nMade from `facts/schema.def` by `make docs`: what rules can ask. Schema "
               "version %d.%d.\n\n`T?` may be absent and needs a guard or a default; every value "
               "may also be *unknown*.\n",
               SCHEMA_MAJOR, SCHEMA_MINOR);
    for (unsigned i = 0; i < FACT_KIND_COUNT; i++) {
        markdown_kind(out, schema_kind((enum fact_kind)i));
    }
    buf_append_cstr(out, "\n## Views and groups\n\n| name | of | |\n|---|---|---|\n");
    for (unsigned i = 0; i < FACT_VIEW_COUNT; i++) {
        const struct fact_view_info *view = schema_view((enum fact_view)i);
        buf_printf(out, "| `%.*s` | `%.*s` | %.*s |\n", STR_FMT(view->name),
                   STR_FMT(schema_kind(view->kind)->name), STR_FMT(view->doc));
    }
    for (size_t i = 0; i < schema_group_count(); i++) {
        const struct fact_group_info *group = schema_group(i);
        buf_printf(out, "| `%.*s` | `%.*s` | %.*s |\n", STR_FMT(group->name),
                   STR_FMT(group->members), STR_FMT(group->doc));
    }
    buf_append_cstr(out, "\n## Enumerations\n\n| name | members, in order |\n|---|---|\n");
    for (unsigned i = 0; i < FACT_ENUM_COUNT; i++) {
        const struct fact_enum_info *info = schema_enum((enum fact_enum)i);
        buf_printf(out, "| `%.*s` | ", STR_FMT(info->name));
        members(out, info);
        buf_append_cstr(out, " |\n");
    }
}

plim_status plim_schema(plim_schema_format format, plim_text *out)
{
    if (out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    struct buf buf;
    buf_init(&buf, alloc_or_default(out->allocator), API_MAX_TEXT);
    switch (format) {
    case PLIM_SCHEMA_TEXT:
        schema_doc_text(&buf);
        return door_take(out, &buf);
    case PLIM_SCHEMA_JSON:
        schema_doc_json(&buf);
        return door_take(out, &buf);
    case PLIM_SCHEMA_JSON_SCHEMA:
        schema_doc_json_schema(&buf);
        return door_take(out, &buf);
    case PLIM_SCHEMA_MARKDOWN:
        schema_doc_markdown(&buf);
        return door_take(out, &buf);
    }
    return PLIM_STATUS_USAGE;
}
