/* SPDX-License-Identifier: Apache-2.0
 *
 * co_writer.c - places, values, cells and small rows. See co_writer.h.
 */
#include "facts/compose/co_writer.h"

#include <string.h>

#include "facts/duration.h"
#include "facts/size.h"

/* ---- places ------------------------------------------------------------------------------ */

fact_loc co_loc(struct co_writer *writer, struct span span)
{
    return span.source != SOURCE_NONE ? facts_add_loc(writer->facts, span) : FACT_NO_LOC;
}

fact_loc co_node_loc(struct co_writer *writer, const struct tree_node *node)
{
    const struct tree_node *chain[CO_MAX_EARLIER + 1];
    size_t count = 0;
    for (; node != NULL && count <= CO_MAX_EARLIER; node = node->over) {
        chain[count++] = node;
    }
    fact_loc loc = FACT_NO_LOC;
    while (count > 0) {
        struct span span = chain[--count]->span;
        if (span.source != SOURCE_NONE) {
            loc = facts_add_loc_over(writer->facts, span, loc);
        }
    }
    return loc;
}

fact_cause co_cause(struct co_writer *writer, const struct tree_node *node)
{
    const struct tree_variable *at = node->variables;
    while (at != NULL && at->known) {
        at = at->next;
    }
    if (at == NULL) {
        return facts_add_cause(writer->facts, STR("a part of the value is not known"),
                               co_loc(writer, node->span));
    }
    buf_clear(writer->text);
    buf_printf(writer->text, "variable %.*s has no value", STR_FMT(at->name));
    return facts_add_cause(writer->facts, buf_view(writer->text), co_loc(writer, at->use));
}

/* ---- values ------------------------------------------------------------------------------ */

const struct tree_node *co_get(const struct tree_node *map, const char *key)
{
    const struct tree_node *node = tree_get(map, str_from_cstr(key));
    return tree_is(node, TREE_NULL) ? NULL : node;
}

const struct tree_node *co_get2(const struct tree_node *map, const char *key, const char *inner)
{
    return co_get(co_get(map, key), inner);
}

static bool is_scalar(const struct tree_node *node)
{
    return node != NULL && node->kind != TREE_NULL && node->kind != TREE_LIST &&
           node->kind != TREE_MAP;
}

struct str co_text(const struct tree_node *node)
{
    return is_scalar(node) ? node->text : STR("");
}

size_t co_count(const struct tree_node *node)
{
    if (tree_is(node, TREE_LIST)) {
        return node->u.list.count;
    }
    return tree_is(node, TREE_MAP) ? node->u.map.count : 0;
}

const struct tree_node *co_item(const struct tree_node *list, size_t index)
{
    return list->u.list.items[index];
}

/* An item `name=value`: the value keeps flags, variables and place of the item. */
static struct co_pair split_item(struct co_writer *writer, const struct tree_node *item)
{
    struct str text = co_text(item);
    size_t equals = str_find_char(text, '=', 0);
    struct co_pair pair = {.name = str_slice(text, 0, equals), .name_span = item->span};
    if (equals < text.len) {
        struct tree_node *value = tree_copy(writer->arena, item);
        if (value != NULL) {
            value->text = str_slice(text, equals + 1, text.len);
            value->kind = TREE_STRING;
        }
        pair.value = value;
    }
    return pair;
}

struct co_pair co_pair_at(struct co_writer *writer, const struct tree_node *node, size_t index)
{
    if (node->kind == TREE_LIST) {
        return split_item(writer, node->u.list.items[index]);
    }
    const struct tree_entry *entry = &node->u.map.entries[index];
    return (struct co_pair){
        .name = entry->key,
        .name_span = entry->key_span,
        .value = tree_is(entry->value, TREE_NULL) ? NULL : entry->value,
    };
}

/* ---- cells ------------------------------------------------------------------------------- */

/* Whether the part of a text that matters is unknown. */
static bool has_hole(const struct tree_node *node)
{
    return tree_has_holes(node) && str_find_char(node->text, TREE_HOLE, 0) < node->text.len;
}

void co_set_unknown(struct co_writer *writer, struct co_cell cell, const struct tree_node *node)
{
    facts_set_unknown(writer->facts, cell.kind, cell.row, cell.field, co_cause(writer, node),
                      co_node_loc(writer, node));
}

void co_set_text(struct co_writer *writer, struct co_cell cell, struct str text,
                 const struct tree_node *node)
{
    facts_set_str(writer->facts, cell.kind, cell.row, cell.field, text, co_node_loc(writer, node));
}

void co_set_str(struct co_writer *writer, struct co_cell cell, const struct tree_node *node)
{
    if (!is_scalar(node)) {
        return;
    }
    if (has_hole(node)) {
        co_set_unknown(writer, cell, node);
    } else {
        co_set_text(writer, cell, node->text, node);
    }
}

void co_set_flag(struct co_writer *writer, struct co_cell cell, bool value,
                 const struct tree_node *node)
{
    facts_set_bool(writer->facts, cell.kind, cell.row, cell.field, value,
                   co_node_loc(writer, node));
}

void co_set_bool(struct co_writer *writer, struct co_cell cell, const struct tree_node *node,
                 bool otherwise)
{
    if (tree_is(node, TREE_BOOL)) {
        co_set_flag(writer, cell, node->u.boolean, node);
    } else if (is_scalar(node) && has_hole(node)) {
        co_set_unknown(writer, cell, node);
    } else {
        co_set_flag(writer, cell, otherwise, NULL);
    }
}

bool co_number(const struct tree_node *node, int64_t *out)
{
    unsigned long long number = 0;
    if (!is_scalar(node)) {
        return false;
    }
    if (node->kind == TREE_INT) {
        *out = node->u.integer;
        return true;
    }
    if (node->kind == TREE_FLOAT && node->u.real > -9e15 && node->u.real < 9e15) {
        *out = (int64_t)node->u.real;
        return (double)*out == node->u.real;
    }
    bool negative = str_starts_with(node->text, STR("-"));
    struct str digits = str_slice(node->text, negative ? 1 : 0, node->text.len);
    if (node->kind != TREE_STRING || !str_to_u64(digits, &number) || number > INT64_MAX) {
        return false;
    }
    *out = negative ? -(int64_t)number : (int64_t)number;
    return true;
}

bool co_size(const struct tree_node *node, int64_t *out)
{
    return co_number(node, out) ||
           (tree_is(node, TREE_STRING) && size_parse_compose(node->text, out) == SIZE_ERROR_NONE);
}

/* Sets a number that was found, or unknown, or nothing. */
static void set_found(struct co_writer *writer, struct co_cell cell, const struct tree_node *node,
                      bool found, int64_t value)
{
    if (found) {
        facts_set_int(writer->facts, cell.kind, cell.row, cell.field, value,
                      co_node_loc(writer, node));
    } else if (is_scalar(node) && has_hole(node)) {
        co_set_unknown(writer, cell, node);
    }
}

void co_set_int(struct co_writer *writer, struct co_cell cell, const struct tree_node *node)
{
    int64_t value = 0;
    bool found = co_number(node, &value);
    set_found(writer, cell, node, found, value);
}

void co_set_size(struct co_writer *writer, struct co_cell cell, const struct tree_node *node)
{
    int64_t value = 0;
    bool found = co_size(node, &value);
    set_found(writer, cell, node, found, value);
}

void co_set_duration(struct co_writer *writer, struct co_cell cell, const struct tree_node *node)
{
    int64_t value = 0;
    bool found =
        co_number(node, &value) ||
        (tree_is(node, TREE_STRING) && duration_parse(node->text, &value) == DURATION_ERROR_NONE);
    set_found(writer, cell, node, found, value);
}

void co_add_text(struct co_writer *writer, struct fact_items *items, const struct tree_node *node)
{
    if (!is_scalar(node)) {
        return;
    }
    struct fact_cell cell = {.loc = co_node_loc(writer, node), .state = FACT_PRESENT};
    if (has_hole(node)) {
        cell.state = FACT_UNKNOWN;
        cell.value = co_cause(writer, node);
    } else {
        cell.value = facts_intern(writer->facts, node->text);
    }
    fact_items_add(items, writer->arena, cell);
}

void co_set_rows(struct co_writer *writer, struct co_cell cell, const struct fact_items *items)
{
    facts_set_list(writer->facts, cell.kind, cell.row, cell.field, items, FACT_NO_LOC);
}

void co_set_list(struct co_writer *writer, struct co_cell cell, const struct tree_node *list)
{
    struct fact_items items = {0};
    for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
        co_add_text(writer, &items, co_item(list, i));
    }
    facts_set_list(writer->facts, cell.kind, cell.row, cell.field, &items,
                   co_node_loc(writer, list));
}

/* ---- rows -------------------------------------------------------------------------------- */

fact_row co_add_row(struct co_writer *writer, enum fact_kind kind, const struct tree_node *node)
{
    return facts_add_row(writer->facts, kind, co_node_loc(writer, node));
}

fact_row co_find(const struct co_writer *writer, enum co_section section, struct str name)
{
    const struct co_rows *rows = &writer->sections[section];
    ptrdiff_t at = rows->map != NULL ? tree_find(rows->map, name) : -1;
    return at >= 0 ? rows->rows[at] : FACT_NO_ROW;
}

void co_note_use(struct co_writer *writer, enum co_section section, struct str name, fact_row user)
{
    const struct co_rows *rows = &writer->sections[section];
    ptrdiff_t at = rows->map != NULL ? tree_find(rows->map, name) : -1;
    if (at >= 0) {
        fact_items_add_row(&rows->uses[at], writer->arena, user, FACT_NO_LOC);
    }
}

void co_set_settings(struct co_writer *writer, struct co_cell cell, fact_row service,
                     const struct tree_node *pairs)
{
    struct fact_items items = {0};
    for (size_t i = 0; i < co_count(pairs); i++) {
        struct co_pair pair = co_pair_at(writer, pairs, i);
        fact_row row = pair.value != NULL ? co_add_row(writer, FACT_KIND_setting, pair.value)
                                          : facts_add_row(writer->facts, FACT_KIND_setting,
                                                          co_loc(writer, pair.name_span));
        co_set_text(writer, CO_CELL(setting, row, label), pair.name, NULL);
        co_set_text(writer, CO_CELL(setting, row, name), pair.name, NULL);
        facts_set_row(writer->facts, FACT_KIND_setting, row, FIELD_setting_service, service,
                      FACT_NO_LOC);
        co_set_str(writer, CO_CELL(setting, row, value), pair.value);
        fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
    }
    co_set_rows(writer, cell, &items);
}

void co_add_labels(struct co_writer *writer, struct fact_items *items, fact_row service,
                   const struct tree_node *pairs)
{
    for (size_t i = 0; i < co_count(pairs); i++) {
        struct co_pair pair = co_pair_at(writer, pairs, i);
        fact_row row = pair.value != NULL ? co_add_row(writer, FACT_KIND_label, pair.value)
                                          : facts_add_row(writer->facts, FACT_KIND_label,
                                                          co_loc(writer, pair.name_span));
        co_set_text(writer, CO_CELL(label, row, key), pair.name, NULL);
        if (pair.value != NULL && is_scalar(pair.value)) {
            co_set_str(writer, CO_CELL(label, row, value), pair.value);
        } else {
            co_set_text(writer, CO_CELL(label, row, value), STR(""), NULL);
        }
        co_set_flag(writer, CO_CELL(label, row, legacy_form), false, NULL);
        facts_set_row(writer->facts, FACT_KIND_label, row, FIELD_label_service, service,
                      FACT_NO_LOC);
        fact_items_add_row(items, writer->arena, row, FACT_NO_LOC);
    }
}
