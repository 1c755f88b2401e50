/* SPDX-License-Identifier: Apache-2.0
 *
 * facts_json.c - all facts as JSON, so that authors of rules see what they can ask. Absent values
 * are left out, unknown ones are {"unknown": cause}, rows are named "kind/number". The JSON Schema
 * of this form is written by schema_json.c.
 */
#include "api/api.h"

#include "core/jsonw.h"

struct facts_writer {
    struct jsonw json;
    struct buf text; /* scratch for one name */
    struct facts *facts;
};

static void write_row_name(struct facts_writer *w, enum fact_kind kind, uint64_t row)
{
    buf_clear(&w->text);
    buf_append(&w->text, schema_kind(kind)->name);
    buf_append_char(&w->text, '/');
    buf_append_u64(&w->text, row);
    jsonw_string(&w->json, buf_view(&w->text));
}

static void write_unknown(struct facts_writer *w, uint64_t cause)
{
    const struct fact_cause_info *info =
        cause < w->facts->cause_count ? &w->facts->causes[cause] : NULL;
    jsonw_object_begin(&w->json);
    jsonw_key(&w->json, "unknown");
    jsonw_string(&w->json,
                 info != NULL ? intern_view(&w->facts->strings, info->text) : STR("not known"));
    jsonw_object_end(&w->json);
}

static void write_value(struct facts_writer *w, const struct fact_field_info *field, uint64_t value)
{
    switch (field->type) {
    case FACT_BOOL:
        jsonw_bool(&w->json, value != 0);
        break;
    case FACT_INT:
    case FACT_DURATION:
    case FACT_SIZE:
    case FACT_TIME:
        jsonw_int(&w->json, (int64_t)value);
        break;
    case FACT_STR:
    case FACT_VERSION:
        jsonw_string(&w->json, intern_view(&w->facts->strings, (intern_id)value));
        break;
    case FACT_ENUM: {
        const struct fact_enum_info *info = schema_enum((enum fact_enum)field->argument);
        jsonw_string(&w->json, value < info->member_count ? info->members[value] : STR(""));
        break;
    }
    case FACT_ROW:
        write_row_name(w, (enum fact_kind)field->argument, value);
        break;
    }
}

static void write_cell(struct facts_writer *w, const struct fact_field_info *field,
                       struct fact_cell cell)
{
    jsonw_key(&w->json, field->name.ptr);
    if (cell.state == FACT_UNKNOWN) {
        write_unknown(w, cell.value);
    } else if (field->cardinality == FACT_LIST) {
        jsonw_array_begin(&w->json);
        for (uint32_t i = 0; i < fact_list_count(cell.value); i++) {
            struct fact_cell item = facts_list_at(w->facts, cell.value, i);
            if (item.state == FACT_UNKNOWN) {
                write_unknown(w, item.value);
            } else {
                write_value(w, field, item.value);
            }
        }
        jsonw_array_end(&w->json);
    } else {
        write_value(w, field, cell.value);
    }
}

static void write_row(struct facts_writer *w, enum fact_kind kind, fact_row row)
{
    const struct fact_kind_info *info = schema_kind(kind);
    jsonw_object_begin(&w->json);
    jsonw_key(&w->json, "$row");
    write_row_name(w, kind, row);
    struct span span = facts_span(w->facts, facts_row_loc(w->facts, kind, row));
    const struct source *source = source_get(&w->facts->sources, span.source);
    if (source != NULL) {
        struct source_position at = source_locate(&w->facts->sources, span.source, span.start);
        buf_clear(&w->text);
        buf_append(&w->text, source->name);
        buf_printf(&w->text, ":%u:%u", (unsigned)at.line, (unsigned)at.column);
        jsonw_key(&w->json, "$at");
        jsonw_string(&w->json, buf_view(&w->text));
    }
    for (unsigned f = 0; f < info->field_count; f++) {
        struct fact_cell cell = facts_get(w->facts, kind, row, f);
        if (cell.state != FACT_ABSENT) {
            write_cell(w, &info->fields[f], cell);
        }
    }
    jsonw_object_end(&w->json);
}

plim_status plim_facts_json(plim_facts *facts, plim_text *out)
{
    if (facts == NULL || out == NULL || !facts->store->frozen) {
        return PLIM_STATUS_USAGE;
    }
    struct buf buf;
    struct facts_writer w = {.facts = facts->store};
    buf_init(&buf, facts->allocator, API_MAX_TEXT);
    buf_init(&w.text, facts->allocator, 1 << 20);
    jsonw_init(&w.json, &buf, true);
    jsonw_object_begin(&w.json);
    jsonw_key(&w.json, "schema");
    jsonw_cstr(&w.json, "plimsoll.facts/1");
    jsonw_key(&w.json, "schema_version");
    buf_printf(&w.text, "%d.%d", SCHEMA_MAJOR, SCHEMA_MINOR);
    jsonw_string(&w.json, buf_view(&w.text));
    jsonw_key(&w.json, "facts");
    jsonw_object_begin(&w.json);
    for (unsigned k = 0; k < FACT_KIND_COUNT; k++) {
        uint32_t count = facts->store->tables[k].count;
        if (count == 0) {
            continue;
        }
        jsonw_key(&w.json, schema_kind((enum fact_kind)k)->name.ptr);
        jsonw_array_begin(&w.json);
        for (fact_row row = 0; row < count; row++) {
            write_row(&w, (enum fact_kind)k, row);
        }
        jsonw_array_end(&w.json);
    }
    jsonw_object_end(&w.json);
    jsonw_object_end(&w.json);
    buf_append_char(&buf, '\n');
    plim_status status = source_set_status(&facts->store->sources);
    buf_release(&w.text);
    if (status != PLIM_STATUS_OK) {
        buf_release(&buf);
        return status;
    }
    return door_take(out, &buf);
}
