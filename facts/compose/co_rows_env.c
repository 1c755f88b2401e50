/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_env.c - variables and labels of a service: its own, and those of the stage it builds.
 */
#include "facts/compose/co_rows.h"

#include <stdlib.h>

/* ---- variables --------------------------------------------------------------------------- */

/* Whether a use is nothing but a reference: ${NAME}, $NAME, ${NAME:?message}. */
static bool is_plain_use(struct str use, struct str name)
{
    size_t at = str_starts_with(use, STR("${")) ? 2 : 1;
    size_t end = at + name.len;
    if (end >= use.len) {
        return true;
    }
    char form = use.ptr[end] == ':' && end + 1 < use.len ? use.ptr[end + 1] : use.ptr[end];
    return form == '}' || form == '?';
}

/* Whether a value is nothing but references without a literal default. */
static bool is_only_reference(const struct co_writer *writer, const struct tree_node *node,
                              struct str raw)
{
    size_t covered = 0;
    for (const struct tree_variable *at = node->variables; at != NULL; at = at->next) {
        struct str use = co_raw(writer, at->use);
        if (!is_plain_use(use, at->name)) {
            return false;
        }
        covered += use.len;
    }
    return node->variables != NULL && covered >= raw.len;
}

/* What a scalar looks like in the file: without quotes, and without the name of `name=value`. */
static struct str written_value(const struct co_writer *writer, const struct tree_node *node,
                                struct str name)
{
    struct str raw = str_trim(co_raw(writer, node->span));
    if (raw.len >= 2 && (raw.ptr[0] == '"' || raw.ptr[0] == '\'')) {
        raw = str_slice(raw, 1, raw.len - 1);
    }
    if (str_starts_with(raw, name) && raw.len > name.len && raw.ptr[name.len] == '=') {
        raw = str_slice(raw, name.len + 1, raw.len);
    }
    return raw;
}

/* Names a value uses, and those of them that nothing sets. */
static void write_references(struct co_writer *writer, fact_row row, const struct tree_node *node)
{
    struct fact_items references = {0};
    struct fact_items unset = {0};
    for (const struct tree_variable *at = node != NULL ? node->variables : NULL; at != NULL;
         at = at->next) {
        fact_loc loc = co_loc(writer, at->use);
        fact_items_add_str(&references, writer->arena, writer->facts, at->name, loc);
        if (!at->known) {
            fact_items_add_str(&unset, writer->arena, writer->facts, at->name, loc);
        }
    }
    co_set_rows(writer, CO_CELL(variable, row, references), &references);
    co_set_rows(writer, CO_CELL(variable, row, unset), &unset);
}

/* A name without value is handed through from where Compose runs, which nobody knows here. */
static void write_passed(struct co_writer *writer, fact_row row, struct co_pair pair)
{
    fact_loc loc = co_loc(writer, pair.name_span);
    if (writer->run->options == NULL || writer->run->options->unset == CO_UNSET_EMPTY) {
        return;
    }
    buf_clear(writer->text);
    buf_printf(writer->text, "%.*s is taken from where Compose runs", STR_FMT(pair.name));
    fact_cause cause = facts_add_cause(writer->facts, buf_view(writer->text), loc);
    facts_set_unknown(writer->facts, FACT_KIND_variable, row, FIELD_variable_value, cause, loc);
}

fact_row co_rows_variable(struct co_writer *writer, fact_row service, struct co_pair pair,
                          unsigned origin)
{
    enum fact_kind kind = FACT_KIND_variable;
    struct facts *facts = writer->facts;
    const struct tree_node *value = pair.value;
    fact_row row = value != NULL ? co_add_row(writer, kind, value)
                                 : facts_add_row(facts, kind, co_loc(writer, pair.name_span));
    co_set_text(writer, CO_CELL(variable, row, label), pair.name, NULL);
    facts_set_row(facts, kind, row, FIELD_variable_service, service, FACT_NO_LOC);
    facts_set_str(facts, kind, row, FIELD_variable_name, pair.name, co_loc(writer, pair.name_span));
    facts_set_enum(facts, kind, row, FIELD_variable_origin, origin, FACT_NO_LOC);
    co_set_flag(writer, CO_CELL(variable, row, legacy_form), false, NULL);
    co_set_flag(writer, CO_CELL(variable, row, self_reference), false, NULL);
    write_references(writer, row, value);
    bool only = false;
    if (value == NULL) {
        write_passed(writer, row, pair);
    } else {
        struct str raw = written_value(writer, value, pair.name);
        only = is_only_reference(writer, value, raw);
        co_set_str(writer, CO_CELL(variable, row, value), value);
        co_set_text(writer, CO_CELL(variable, row, text),
                    value->variables != NULL ? raw : co_text(value), value);
    }
    co_set_flag(writer, CO_CELL(variable, row, only_reference), only, NULL);
    return row;
}

void co_rows_variables(struct co_writer *writer, struct fact_items *items, fact_row service,
                       const struct tree_node *pairs, unsigned origin)
{
    for (size_t i = 0; i < co_count(pairs); i++) {
        struct co_pair pair = co_pair_at(writer, pairs, i);
        fact_items_add_row(items, writer->arena, co_rows_variable(writer, service, pair, origin),
                           FACT_NO_LOC);
    }
}

/* ---- effective lists --------------------------------------------------------------------- */

struct named {
    uint64_t name;
    size_t order;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *left = a;
    const struct named *right = b;
    if (left->name != right->name) {
        return left->name < right->name ? -1 : 1;
    }
    return left->order < right->order ? -1 : left->order > right->order;
}

/* Of rows with one name the last stays; order is kept. */
static void keep_last(struct co_writer *writer, struct fact_items *items, enum fact_kind kind,
                      unsigned name_field)
{
    size_t count = items->count;
    struct named *named = ARENA_ARRAY(writer->arena, struct named, count + 1);
    bool *drop = ARENA_ARRAY(writer->arena, bool, count + 1);
    if (named == NULL || drop == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct fact_cell name =
            facts_get(writer->facts, kind, (fact_row)items->items[i].value, name_field);
        /* A name nobody knows is the same as no other. */
        named[i].name = name.state == FACT_PRESENT ? name.value : UINT64_MAX - i;
        named[i].order = i;
        drop[i] = false;
    }
    qsort(named, count, sizeof *named, compare_named);
    for (size_t i = 0; i + 1 < count; i++) {
        if (named[i].name == named[i + 1].name) {
            drop[named[i].order] = true;
        }
    }
    items->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!drop[i]) {
            items->items[items->count++] = items->items[i];
        }
    }
}

/* Elements of a list of the stage that the service builds. */
static void add_built(struct co_writer *writer, const struct co_service *service, unsigned field,
                      struct fact_items *items)
{
    struct fact_cell list = facts_get(writer->facts, FACT_KIND_stage, service->stage, field);
    for (uint32_t i = 0; list.state == FACT_PRESENT && i < fact_list_count(list.value); i++) {
        fact_items_add(items, writer->arena, facts_list_at(writer->facts, list.value, i));
    }
}

static void append(struct co_writer *writer, struct fact_items *to, const struct fact_items *from)
{
    for (size_t i = 0; i < from->count; i++) {
        fact_items_add(to, writer->arena, from->items[i]);
    }
}

/* Entries of environment: those of the service's own, and those that its env files give. */
static void write_environment(struct co_writer *writer, struct co_service *service,
                              struct fact_items *own, struct fact_items *all)
{
    const struct tree_node *environment = co_get(service->node, "environment");
    for (size_t i = 0; i < co_count(environment); i++) {
        struct co_pair pair = co_pair_at(writer, environment, i);
        struct co_env_source *file = co_rows_env_source(writer, pair.value);
        fact_row row = co_rows_variable(writer, service->row, pair,
                                        file != NULL ? MEMBER_variable_origin_env_file
                                                     : MEMBER_variable_origin_environment);
        if (file != NULL && file->row != FACT_NO_ROW) {
            facts_set_row(writer->facts, FACT_KIND_variable, row, FIELD_variable_env_file,
                          file->row, FACT_NO_LOC);
            fact_items_add_row(&file->variables, writer->arena, row, FACT_NO_LOC);
        }
        fact_items_add_row(file != NULL ? all : own, writer->arena, row, FACT_NO_LOC);
    }
    append(writer, all, own);
    facts_set_list(writer->facts, FACT_KIND_service, service->row, FIELD_service_environment, own,
                   co_node_loc(writer, environment));
}

plim_status co_rows_env(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *node = service->node;
    struct fact_items own = {0};
    struct fact_items all = {0};
    struct fact_items labels = {0};
    plim_status status = co_rows_env_files(writer, service);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    add_built(writer, service, FIELD_stage_env, &all);
    write_environment(writer, service, &own, &all);
    co_rows_env_lists(writer, service);
    keep_last(writer, &all, FACT_KIND_variable, FIELD_variable_name);
    co_set_rows(writer, CO_CELL(service, service->row, env), &all);
    add_built(writer, service, FIELD_stage_labels, &labels);
    struct fact_cell build =
        facts_get(writer->facts, FACT_KIND_service, service->row, FIELD_service_build);
    if (build.state == FACT_PRESENT) {
        struct fact_cell built =
            facts_get(writer->facts, FACT_KIND_build, (fact_row)build.value, FIELD_build_labels);
        for (uint32_t i = 0; built.state == FACT_PRESENT && i < fact_list_count(built.value); i++) {
            fact_items_add(&labels, writer->arena, facts_list_at(writer->facts, built.value, i));
        }
    }
    co_add_labels(writer, &labels, service->row, co_get(node, "labels"));
    keep_last(writer, &labels, FACT_KIND_label, FIELD_label_key);
    co_set_rows(writer, CO_CELL(service, service->row, labels), &labels);
    co_set_settings(writer, CO_CELL(service, service->row, annotations), service->row,
                    co_get(node, "annotations"));
    return PLIM_STATUS_OK;
}
