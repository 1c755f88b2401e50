/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_yaml.c - the tables yaml_scalars, yaml_structure and yaml_test_suite, and real compose
 * files.
 *
 * Trees are compared with JSON value by value: JSON of the reference writes the float 8.0 as 8,
 * what JSON lacks as text ("float:+Inf", keys such as "int:1"), and integers beyond 64 bits as they
 * come.
 */
#include "conformance.h"

#include <math.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/diag.h"
#include "facts/yaml/yaml_read.h"
#include "facts/yaml/yaml_scalar.h"

/* One text while it is compared. */
struct yaml_case {
    struct arena arena;
    struct diag_list diags;
    struct yaml_documents documents;
    plim_status status;
};

static void read_case(struct yaml_case *read, struct str text)
{
    arena_init(&read->arena, NULL, 0);
    diag_list_init(&read->diags, NULL);
    read->status = yaml_read(&read->documents, &read->arena, 0, text, &read->diags);
}

static void release_case(struct yaml_case *read)
{
    arena_release(&read->arena);
    diag_list_release(&read->diags);
}

/* Our reason for a refusal. */
static struct str reason(const struct yaml_case *read)
{
    return read->diags.count > 0 ? read->diags.items[0]->message
                                 : str_from_cstr(plim_status_text(read->status));
}

static bool equal_number(const json_t *json, const struct tree_node *node)
{
    double given = json_number_value(json);
    if (node->kind == TREE_INT && json_is_integer(json)) {
        return json_integer_value(json) == node->u.integer;
    }
    double actual = node->kind == TREE_INT    ? (double)node->u.integer
                    : node->kind == TREE_UINT ? (double)node->u.natural
                                              : node->u.real;
    return json_is_number(json) && !(given < actual) && !(given > actual) && !isnan(actual);
}

static bool equal_text(const json_t *json, struct str text)
{
    return json_is_string(json) &&
           str_eq(str_make(json_string_value(json), json_string_length(json)), text);
}

/* As the reference prints a date: 2024-01-01T00:00:00Z. */
static bool equal_time(const json_t *json, struct str text)
{
    struct yaml_time time;
    char printed[80];
    if (!yaml_parse_time(&time, text)) {
        return false;
    }
    int size = snprintf(printed, sizeof printed, "%04d-%02d-%02dT%02d:%02d:%02d", time.year,
                        time.month, time.day, time.hour, time.minute, time.second);
    if (time.nanosecond != 0) {
        size += snprintf(printed + size, sizeof printed - (size_t)size, ".%09d", time.nanosecond);
        while (printed[size - 1] == '0') {
            size--;
        }
    }
    int minutes = time.offset / 60;
    if (minutes == 0) {
        size += snprintf(printed + size, sizeof printed - (size_t)size, "Z");
    } else {
        size += snprintf(printed + size, sizeof printed - (size_t)size, "%c%02d:%02d",
                         minutes < 0 ? '-' : '+', abs(minutes) / 60, abs(minutes) % 60);
    }
    return equal_text(json, str_make(printed, (size_t)size));
}

static bool equal_float(const json_t *json, const struct tree_node *node)
{
    if (json_is_string(json)) {
        const char *name = isnan(node->u.real) ? "float:NaN"
                           : node->u.real > 0  ? "float:+Inf"
                                               : "float:-Inf";
        return !isfinite(node->u.real) && equal_text(json, str_from_cstr(name));
    }
    return equal_number(json, node);
}

static bool equal_value(const json_t *json, const struct tree_node *node);

/* The member for a key: by its text, or with its type when it is no string. */
static const json_t *find_member(const json_t *json, const struct tree_entry *entry)
{
    char name[2048];
    struct tree_node key = {.kind = TREE_STRING, .text = entry->key};
    const char *type = "";
    if (entry->not_string) {
        (void)yaml_resolve(&key, YAML_TAG_NONE);
        type = key.kind == TREE_NULL   ? "<nil>:<nil>"
               : key.kind == TREE_BOOL ? "bool:"
               : key.kind == TREE_INT  ? "int:"
                                       : "";
    }
    struct str text = key.kind == TREE_NULL ? STR("") : entry->key;
    int size = snprintf(name, sizeof name, "%s%.*s", type, STR_FMT(text));
    const json_t *typed = json_object_getn(json, name, (size_t)size);
    return typed != NULL ? typed : json_object_getn(json, entry->key.ptr, entry->key.len);
}

static bool equal_map(const json_t *json, const struct tree_node *node)
{
    if (!json_is_object(json) || json_object_size(json) != node->u.map.count) {
        return false;
    }
    for (size_t i = 0; i < node->u.map.count; i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        const json_t *member = find_member(json, entry);
        if (member == NULL || !equal_value(member, entry->value)) {
            return false;
        }
    }
    return true;
}

static bool equal_list(const json_t *json, const struct tree_node *node)
{
    if (!json_is_array(json) || json_array_size(json) != node->u.list.count) {
        return false;
    }
    for (size_t i = 0; i < node->u.list.count; i++) {
        if (!equal_value(json_array_get(json, i), node->u.list.items[i])) {
            return false;
        }
    }
    return true;
}

static bool equal_value(const json_t *json, const struct tree_node *node)
{
    switch (node->kind) {
    case TREE_NULL:
        return json_is_null(json);
    case TREE_BOOL:
        return json_is_boolean(json) && json_is_true(json) == node->u.boolean;
    case TREE_INT:
    case TREE_UINT:
        return equal_number(json, node);
    case TREE_FLOAT:
        return equal_float(json, node);
    case TREE_TIME:
        return equal_time(json, node->text) || equal_text(json, node->text);
    case TREE_STRING:
        return equal_text(json, node->text);
    case TREE_LIST:
        return equal_list(json, node);
    case TREE_MAP:
        return equal_map(json, node);
    }
    return false;
}

static const char *type_name(enum tree_kind kind)
{
    static const char *const names[] = {
        [TREE_NULL] = "null",     [TREE_BOOL] = "bool",     [TREE_INT] = "int",
        [TREE_UINT] = "int",      [TREE_FLOAT] = "float",   [TREE_TIME] = "timestamp",
        [TREE_STRING] = "string", [TREE_LIST] = "sequence", [TREE_MAP] = "mapping",
    };
    return names[kind];
}

void conf_yaml_scalars(struct conf_row *row)
{
    struct buf text;
    buf_init(&text, NULL, 1 << 20);
    buf_append(&text, STR("v: "));
    buf_append(&text, conf_text(row, "scalar"));
    struct yaml_case read;
    read_case(&read, buf_view(&text));
    bool refused = read.status != PLIM_STATUS_OK;
    if (conf_expect_refusal(row, "error", refused, reason(&read)) && !refused) {
        const struct tree_node *value = tree_get(read.documents.items[0], STR("v"));
        conf_expect_text(row, "type", str_from_cstr(type_name(value->kind)));
        if (!equal_value(json_object_get(row->json, "value"), value)) {
            conf_differ(row, STR("another value"));
        }
    }
    release_case(&read);
    buf_release(&text);
}

void conf_yaml_structure(struct conf_row *row)
{
    struct yaml_case read;
    read_case(&read, conf_text(row, "yaml"));
    bool refused = read.status != PLIM_STATUS_OK;
    if (conf_expect_refusal(row, "error", refused, reason(&read)) && !refused) {
        const json_t *docs = json_object_get(row->json, "docs");
        bool equal = json_array_size(docs) == read.documents.count;
        for (size_t i = 0; equal && i < read.documents.count; i++) {
            equal = equal_value(json_array_get(docs, i), read.documents.items[i]);
        }
        if (!equal) {
            conf_differ(row, STR("other documents"));
        }
    }
    release_case(&read);
}

/* The documents of the suite are JSON texts one after the other. */
static void compare_suite(struct conf_row *row, const struct yaml_documents *documents)
{
    struct str rest = conf_text(row, "json");
    for (size_t i = 0; i < documents->count; i++) {
        json_error_t error;
        json_t *json = json_loadb(
            rest.ptr, rest.len, JSON_ALLOW_NUL | JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, &error);
        if (json == NULL || !equal_value(json, documents->items[i])) {
            conf_differ(row, STR("another document"));
        }
        rest = json != NULL ? str_slice(rest, (size_t)error.position, rest.len) : STR("");
        json_decref(json);
    }
    if (str_trim(rest).len > 0) {
        conf_differ(row, STR("a document is missing"));
    }
}

/* The suite says what YAML is; followed is what the reference makes of it. */
void conf_yaml_test_suite(struct conf_row *row)
{
    struct yaml_case read;
    read_case(&read, conf_text(row, "yaml"));
    bool expected = str_eq(conf_text(row, "go_yaml"), STR("error"));
    bool refused = read.status != PLIM_STATUS_OK;
    if (refused != expected) {
        conf_differ(row, refused ? reason(&read) : STR("only the reference refuses"));
    } else if (!refused && json_is_true(json_object_get(row->json, "go_yaml_equals_json"))) {
        compare_suite(row, &read.documents);
    }
    release_case(&read);
}

/* Real files are read without complaint, but for keys that stand twice. */
void conf_compose(struct conf_row *row)
{
    struct yaml_case read;
    read_case(&read, conf_text(row, "text"));
    if (read.status != PLIM_STATUS_OK && read.diags.count == 0) {
        conf_differ(row, reason(&read));
    }
    for (size_t i = 0; i < read.diags.count; i++) {
        if (read.diags.items[i]->id != DIAG_yaml_repeated_key) {
            conf_differ(row, read.diags.items[i]->message);
        }
    }
    release_case(&read);
}
