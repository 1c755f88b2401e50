/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_dockerfile.c - any bytes as a Dockerfile: parsed, evaluated, written to the fact store,
 * which must then be whole: every cell that is always there is there, every place lies in the text.
 */
#include <stdint.h>
#include <stdlib.h>

#include "facts/dockerfile/df_facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_place(const struct facts *facts, fact_loc loc, size_t size)
{
    struct span span = facts_span(facts, loc);
    require(span.source == 0);
    require(span.start <= span.end && span.end <= size);
}

static void check_list(const struct facts *facts, const struct fact_field_info *info,
                       struct fact_cell list, size_t size)
{
    for (uint32_t i = 0; i < fact_list_count(list.value); i++) {
        struct fact_cell cell = facts_list_at(facts, list.value, i);
        check_place(facts, cell.loc, size);
        require(info->type != FACT_ROW ||
                cell.value < facts->tables[(enum fact_kind)info->argument].count);
    }
}

static void check_row(const struct facts *facts, enum fact_kind kind, fact_row row, size_t size)
{
    const struct fact_kind_info *info = schema_kind(kind);
    check_place(facts, facts_row_loc(facts, kind, row), size);
    for (unsigned field = 0; field < info->field_count; field++) {
        const struct fact_field_info *field_info = &info->fields[field];
        struct fact_cell cell = facts_get(facts, kind, row, field);
        require(cell.state != FACT_ABSENT || field_info->cardinality == FACT_OPT);
        if (cell.state == FACT_ABSENT) {
            continue;
        }
        check_place(facts, cell.loc, size);
        if (cell.state == FACT_UNKNOWN) {
            require(cell.value < facts->cause_count);
        } else if (field_info->cardinality == FACT_LIST) {
            check_list(facts, field_info, cell, size);
        } else if (field_info->type == FACT_ROW) {
            require(cell.value < facts->tables[(enum fact_kind)field_info->argument].count);
        }
    }
}

static void check_store(const struct facts *facts, size_t size)
{
    for (int kind = FACT_KIND_project + 1; kind < FACT_KIND_COUNT; kind++) {
        for (fact_row row = 0; row < facts->tables[kind].count; row++) {
            check_row(facts, (enum fact_kind)kind, row, size);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct df_build_arg args[] = {{{"A", 1}, {"a value", 7}}, {{"V", 1}, {"", 0}}};
    struct df_build_options options = {.args = args,
                                       .arg_count = size > 0 && data[0] == '!' ? 2 : 0};
    struct facts *facts = NULL;
    struct df_facts reader;
    source_id source = 0;
    fact_row row = 0;
    require(facts_new(&facts, NULL, 0, 1) == PLIM_STATUS_OK);
    require(df_facts_init(&reader, facts, NULL, &options) == PLIM_STATUS_OK);
    struct str text = str_make((const char *)data, size);
    require(source_add(&facts->sources, &source, STR("Dockerfile"), text) == PLIM_STATUS_OK);
    plim_status status = df_facts_add(&reader, source, NULL, &row);
    require(status == PLIM_STATUS_OK || status == PLIM_STATUS_INPUT || status == PLIM_STATUS_LIMIT);
    if (status != PLIM_STATUS_LIMIT) {
        require(facts_freeze(facts) == PLIM_STATUS_OK);
        check_store(facts, size);
    }
    df_facts_release(&reader);
    facts_free(facts);
    return 0;
}
