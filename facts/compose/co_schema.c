/* SPDX-License-Identifier: Apache-2.0
 *
 * co_schema.c - see co_schema.h. Walks a tree and its types side by side: types do not hold
 * themselves, so the walk is only as deep as the table. The words are in co_schema_say.c.
 */
#include "facts/compose/co_schema.h"

#include <math.h>
#include <stdlib.h>

#include "facts/compose/co_form.h"
#include "facts/compose/co_schema_say.h"

static void check(struct co_run *run, const struct co_spot *spot);

/* A float without a fraction counts as a whole number. */
static unsigned kind_bits(const struct tree_node *node)
{
    switch (node->kind) {
    case TREE_NULL:
        return CO_NULL;
    case TREE_BOOL:
        return CO_BOOL;
    case TREE_INT:
    case TREE_UINT:
        return CO_INT;
    case TREE_FLOAT:
        return isfinite(node->u.real) && node->u.real == floor(node->u.real) ? CO_NUMBER : CO_FLOAT;
    case TREE_TIME:
    case TREE_STRING:
        return CO_STRING;
    case TREE_LIST:
        return CO_LIST;
    case TREE_MAP:
        return CO_MAP;
    }
    return 0;
}

static bool accepts(const struct co_type *type, const struct tree_node *node)
{
    if (tree_has_holes(node) && type->cast != CO_CAST_NONE) {
        return true;
    }
    return (type->accepts & kind_bits(node)) != 0;
}

static bool is_word(struct str words, struct str text)
{
    while (words.len > 0) {
        size_t blank = str_find_char(words, ' ', 0);
        if (str_eq(str_slice(words, 0, blank), text)) {
            return true;
        }
        words = str_slice(words, blank + 1, words.len);
    }
    return false;
}

static bool in_range(const struct co_type *type, const struct tree_node *node)
{
    switch (node->kind) {
    case TREE_INT:
        return node->u.integer >= type->least && node->u.integer <= type->most;
    case TREE_UINT:
        return node->u.natural <= (uint64_t)type->most;
    case TREE_FLOAT:
        return node->u.real >= (double)type->least && node->u.real <= (double)type->most;
    case TREE_NULL:
    case TREE_BOOL:
    case TREE_TIME:
    case TREE_STRING:
    case TREE_LIST:
    case TREE_MAP:
        break;
    }
    return true;
}

static void check_scalar(struct co_run *run, const struct co_spot *spot)
{
    const struct co_type *type = spot->type;
    const struct tree_node *node = spot->node;
    if (tree_has_holes(node)) {
        return;
    }
    bool text = node->kind == TREE_STRING;
    if (type->check == CO_CHECK_ENUM && text && !is_word(str_from_cstr(type->words), node->text)) {
        co_say_word(run, spot);
    } else if (type->check == CO_CHECK_PATTERN && text &&
               !co_form_matches(type->pattern, node->text)) {
        co_say_form(run, spot);
    } else if (type->check == CO_CHECK_RANGE && !in_range(type, node)) {
        co_say_range(run, spot);
    }
}

/* ---- lists ---- */

static bool is_number(const struct tree_node *node)
{
    return node->kind == TREE_INT || node->kind == TREE_UINT || node->kind == TREE_FLOAT;
}

static long double number_of(const struct tree_node *node)
{
    return node->kind == TREE_INT    ? (long double)node->u.integer
           : node->kind == TREE_UINT ? (long double)node->u.natural
                                     : (long double)node->u.real;
}

/* Order of scalars in which equal ones are neighbours; 80 and 80.0 are equal, 80 and "80" are not.
 */
static int compare_scalars(const struct tree_node *a, const struct tree_node *b)
{
    if (is_number(a) != is_number(b)) {
        return is_number(a) ? -1 : 1;
    }
    if (is_number(a)) {
        long double left = number_of(a);
        long double right = number_of(b);
        return (left > right) - (left < right);
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return str_compare(a->text, b->text);
}

static int compare_positions(const void *a, const void *b, void *user)
{
    const struct tree_node *const *items = user;
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    int order = compare_scalars(items[left], items[right]);
    return order != 0 ? order : (left > right) - (left < right);
}

/* Equal scalars of a list. Equal mappings cannot be left: where the schema would mind them they
 * name a port or mount, and those were made unique before. */
static void check_unique(struct co_run *run, const struct co_spot *spot)
{
    const struct tree_node *const *items = spot->node->u.list.items;
    size_t count = spot->node->u.list.count;
    if (count < 2) {
        return;
    }
    struct arena_mark mark = arena_mark(run->arena);
    uint32_t *order = ARENA_ARRAY(run->arena, uint32_t, count);
    size_t scalars = 0;
    for (size_t i = 0; order != NULL && i < count; i++) {
        unsigned bits = kind_bits(items[i]);
        if ((bits & (CO_STRING | CO_NUMBER)) != 0 && !tree_has_holes(items[i])) {
            order[scalars++] = (uint32_t)i;
        }
    }
    if (scalars > 1) {
        qsort_r(order, scalars, sizeof *order, compare_positions, (void *)(uintptr_t)items);
    }
    for (size_t i = 1; i < scalars; i++) {
        if (compare_scalars(items[order[i - 1]], items[order[i]]) == 0) {
            co_say_repeated(run, spot, order[i - 1], order[i]);
        }
    }
    arena_rewind(run->arena, mark);
}

static void check_list(struct co_run *run, const struct co_spot *spot)
{
    const struct tree_node *node = spot->node;
    if (spot->type->item == NULL) {
        return;
    }
    for (size_t i = 0; i < node->u.list.count && co_alive(run); i++) {
        struct co_path path = {.up = spot->path, .index = i};
        struct co_spot item = {
            .up = spot, .path = &path, .type = spot->type->item, .node = node->u.list.items[i]};
        check(run, &item);
    }
    if (spot->type->check == CO_CHECK_UNIQUE_ITEMS) {
        check_unique(run, spot);
    }
}

/* ---- mappings ---- */

static bool looks_like_service(const struct tree_node *node)
{
    return tree_get(node, STR("image")) != NULL || tree_get(node, STR("build")) != NULL;
}

/* Whether the file is of the first format, which had services at its top level. Its services are
 * told once and not looked at. */
static bool is_first_format(struct co_run *run, const struct co_spot *spot)
{
    const struct tree_node *node = spot->node;
    if (spot->up != NULL || tree_get(node, STR("services")) != NULL) {
        return false;
    }
    for (size_t i = 0; i < node->u.map.count; i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        if (co_type_of_key(spot->type, entry->key) == NULL && looks_like_service(entry->value)) {
            co_say_first_format(run, entry);
            return true;
        }
    }
    return false;
}

static void check_required(struct co_run *run, const struct co_spot *spot)
{
    struct str required = str_from_cstr(spot->type->required);
    while (required.len > 0) {
        size_t blank = str_find_char(required, ' ', 0);
        struct str key = str_slice(required, 0, blank);
        if (tree_get(spot->node, key) == NULL) {
            co_say_missing_key(run, spot, key);
        }
        required = str_slice(required, blank + 1, required.len);
    }
}

static void check_entry(struct co_run *run, const struct co_spot *spot,
                        const struct tree_entry *entry)
{
    const struct co_type *type = co_type_of_key(spot->type, entry->key);
    if (type == NULL) {
        /* It is compared with each key that may stand here. */
        if (co_visit(run, spot->type->key_count)) {
            co_say_unknown_key(run, spot, entry);
        }
        return;
    }
    if (!co_form_matches(spot->type->names, entry->key)) {
        co_say_name(run, spot, entry);
    }
    struct co_path path = {.up = spot->path, .key = entry->key};
    struct co_spot value = {
        .up = spot, .path = &path, .type = type, .node = entry->value, .entry = entry};
    check(run, &value);
}

static void check_map(struct co_run *run, const struct co_spot *spot)
{
    const struct tree_node *node = spot->node;
    bool first_format = is_first_format(run, spot);
    for (size_t i = 0; i < node->u.map.count && co_alive(run); i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        if (!first_format || co_type_of_key(spot->type, entry->key) != NULL) {
            check_entry(run, spot, entry);
        }
    }
    if (spot->type->required != NULL) {
        check_required(run, spot);
    }
}

static void check(struct co_run *run, const struct co_spot *spot)
{
    if (!co_visit(run, 1)) {
        return;
    }
    if (spot->type->accepts == CO_ANY) {
        return;
    }
    if (!accepts(spot->type, spot->node)) {
        co_say_kind(run, spot);
    } else if (spot->node->kind == TREE_LIST) {
        check_list(run, spot);
    } else if (spot->node->kind == TREE_MAP) {
        check_map(run, spot);
    } else {
        check_scalar(run, spot);
    }
}

void co_schema_check(struct co_run *run, const struct tree_node *root)
{
    struct co_spot spot = {.type = co_type_root(), .node = root};
    check(run, &spot);
}
