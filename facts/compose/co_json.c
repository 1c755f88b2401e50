/* SPDX-License-Identifier: Apache-2.0
 *
 * co_json.c - walks the tree and its types; what Compose prints against the rule of zeroes stands
 * in the tables below.
 */
#include "facts/compose/co_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "facts/compose/co_ports.h"
#include "facts/compose/co_scalar.h"
#include "facts/compose/co_type.h"

/* Scalars that are printed even when they are zero, false or empty. */
static const char *const kept[] = {
    "attach",         "create_host_path", "enable_ipv4",  "enable_ipv6",
    "init",           "max_attempts",     "parallelism",  "replicas",
    "required",       "retries",          "scale",        "umask",
    "interval",       "timeout",          "start_period", "window",
    "start_interval", "stop_grace_period"};

/* Members that are printed even when they are not there: in which type, and as what. */
enum absent { ABSENT_NULL, ABSENT_OBJECT, ABSENT_COMMAND };

static const struct {
    const char *called; /* of the type */
    const char *key;
    enum absent absent;
} always[] = {
    {"a service", "command", ABSENT_NULL},    {"a service", "entrypoint", ABSENT_NULL},
    {"a hook", "command", ABSENT_NULL},       {"`deploy`", "resources", ABSENT_OBJECT},
    {"`deploy`", "placement", ABSENT_OBJECT}, {"a network", "ipam", ABSENT_OBJECT},
    {"a watch rule", "exec", ABSENT_COMMAND},
};

static void print(struct jsonw *w, const struct co_type *type, const struct tree_node *node);

/* Text with its unknown parts as ${NAME}; with ${...} when it is not known whose they are. */
static void print_holes(struct jsonw *w, const struct tree_node *node)
{
    struct buf text;
    buf_init(&text, w->out->allocator, w->out->max);
    size_t holes = 0;
    size_t unknown = 0;
    for (size_t i = 0; i < node->text.len; i++) {
        holes += node->text.ptr[i] == TREE_HOLE ? 1 : 0;
    }
    for (const struct tree_variable *v = node->variables; v != NULL; v = v->next) {
        unknown += v->known ? 0 : 1;
    }
    const struct tree_variable *next = node->variables;
    for (size_t i = 0; i < node->text.len; i++) {
        if (node->text.ptr[i] != TREE_HOLE) {
            buf_append_char(&text, node->text.ptr[i]);
            continue;
        }
        while (next != NULL && next->known) {
            next = next->next;
        }
        bool told = holes == unknown && next != NULL;
        buf_append_cstr(&text, "${");
        buf_append(&text, told ? next->name : STR("..."));
        buf_append_char(&text, '}');
        next = next != NULL ? next->next : NULL;
    }
    if (buf_status(&text) == PLIM_STATUS_OK) {
        jsonw_string(w, buf_view(&text));
    } else {
        w->out->status = buf_status(&text);
    }
    buf_release(&text);
}

static void print_text(struct jsonw *w, const struct tree_node *node)
{
    if (tree_has_holes(node)) {
        print_holes(w, node);
    } else {
        jsonw_string(w, node->text);
    }
}

static void print_scalar(struct jsonw *w, const struct tree_node *node)
{
    char number[CO_NUMBER_MAX];
    switch (node->kind) {
    case TREE_BOOL:
        jsonw_bool(w, node->u.boolean);
        return;
    case TREE_INT:
        jsonw_int(w, node->u.integer);
        return;
    case TREE_UINT:
        jsonw_uint(w, node->u.natural);
        return;
    case TREE_FLOAT:
        if (node->u.real - node->u.real != 0) { /* JSON has no infinity and no NaN */
            jsonw_null(w);
        } else {
            jsonw_number(w, str_make(number, co_real_text(number, node->u.real)));
        }
        return;
    case TREE_STRING:
    case TREE_TIME:
        print_text(w, node);
        return;
    case TREE_NULL:
    case TREE_LIST:
    case TREE_MAP:
        jsonw_null(w);
        return;
    }
}

/* A value of which no type is known, as it is. */
static void print_raw(struct jsonw *w, const struct tree_node *node)
{
    if (node->kind == TREE_LIST) {
        jsonw_array_begin(w);
        for (size_t i = 0; i < node->u.list.count; i++) {
            print_raw(w, node->u.list.items[i]);
        }
        jsonw_array_end(w);
    } else if (node->kind == TREE_MAP) {
        jsonw_object_begin(w);
        for (size_t i = 0; i < node->u.map.count; i++) {
            jsonw_key_str(w, node->u.map.entries[i].key);
            print_raw(w, node->u.map.entries[i].value);
        }
        jsonw_object_end(w);
    } else {
        print_scalar(w, node);
    }
}

static bool is_kept(struct str key)
{
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (str_eq(key, str_from_cstr(kept[i]))) {
            return true;
        }
    }
    return false;
}

/* Whether Compose leaves a member of a mapping with fixed keys out. */
static bool is_left_out(const struct co_type *type, struct str key, const struct tree_node *node)
{
    switch (node->kind) {
    case TREE_NULL:
        return true;
    case TREE_BOOL:
        return !node->u.boolean && !is_kept(key);
    case TREE_INT:
        return node->u.integer == 0 && !is_kept(key);
    case TREE_FLOAT:
        return node->u.real == 0 && !is_kept(key);
    case TREE_STRING: {
        bool zero = type->form == CO_FORM_SIZE && str_eq(node->text, STR("0"));
        bool no_time = type->form == CO_FORM_DURATION && str_eq(node->text, STR("0s"));
        return (node->text.len == 0 || zero || no_time) && !is_kept(key);
    }
    case TREE_LIST:
        return node->u.list.count == 0 && type->form != CO_FORM_COMMAND;
    case TREE_MAP:
        return node->u.map.count == 0 && type->rest != NULL;
    case TREE_UINT:
    case TREE_TIME:
        return false;
    }
    return false;
}

static void print_absent(struct jsonw *w, enum absent absent)
{
    if (absent == ABSENT_NULL) {
        jsonw_null(w);
        return;
    }
    jsonw_object_begin(w);
    if (absent == ABSENT_COMMAND) {
        jsonw_key(w, "command");
        jsonw_null(w);
    }
    jsonw_object_end(w);
}

/* Compose has no names of its own for the members of these, so they are spelled as in Go. */
static void print_key(struct jsonw *w, const struct co_type *type, struct str key)
{
    static const char *const weights[] = {"a limit of a device", "a weight of a device"};
    bool capital = strcmp(type->called, weights[0]) == 0 || strcmp(type->called, weights[1]) == 0;
    if (!capital) {
        jsonw_key_str(w, key);
    } else if (str_eq(key, STR("path"))) {
        jsonw_key(w, "Path");
    } else {
        jsonw_key(w, str_eq(key, STR("rate")) ? "Rate" : "Weight");
    }
}

static void print_fixed(struct jsonw *w, const struct co_type *type, const struct tree_node *node)
{
    jsonw_object_begin(w);
    for (size_t i = 0; i < type->key_count; i++) {
        struct str key = type->keys[i].name;
        const struct tree_node *value = tree_get(node, key);
        if (value != NULL && !is_left_out(type->keys[i].type, key, value)) {
            print_key(w, type, key);
            print(w, type->keys[i].type, value);
            continue;
        }
        for (size_t j = 0; j < sizeof always / sizeof always[0]; j++) {
            if (strcmp(type->called, always[j].called) == 0 &&
                str_eq(key, str_from_cstr(always[j].key))) {
                jsonw_key_str(w, key);
                print_absent(w, always[j].absent);
            }
        }
    }
    jsonw_object_end(w);
}

static void print_free(struct jsonw *w, const struct co_type *type, const struct tree_node *node)
{
    jsonw_object_begin(w);
    for (size_t i = 0; i < node->u.map.count; i++) {
        jsonw_key_str(w, node->u.map.entries[i].key);
        print(w, type->rest, node->u.map.entries[i].value);
    }
    jsonw_object_end(w);
}

/* A failure of memory beside the output is one of the output. */
static void take_failure(struct jsonw *w, plim_status status)
{
    if (status != PLIM_STATUS_OK) {
        w->out->status = status;
    }
}

static int compare_texts(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* Hosts as sorted texts `host=ip`. */
static void print_hosts(struct jsonw *w, const struct tree_node *node)
{
    struct arena arena;
    arena_init(&arena, w->out->allocator, 0);
    size_t count = 0;
    for (size_t i = 0; i < node->u.map.count; i++) {
        const struct tree_node *list = node->u.map.entries[i].value;
        count += list->kind == TREE_LIST ? list->u.list.count : 0;
    }
    struct str *texts = ARENA_ARRAY(&arena, struct str, count + 1);
    size_t at = 0;
    for (size_t i = 0; texts != NULL && i < node->u.map.count; i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        for (size_t j = 0; entry->value->kind == TREE_LIST && j < entry->value->u.list.count; j++) {
            struct str ip = entry->value->u.list.items[j]->text;
            struct buf text;
            buf_init(&text, w->out->allocator, w->out->max);
            buf_append(&text, entry->key);
            buf_append_char(&text, '=');
            buf_append(&text, ip);
            texts[at] = arena_copy_str(&arena, buf_view(&text));
            at++;
            take_failure(w, buf_status(&text));
            buf_release(&text);
        }
    }
    if (at > 1) {
        qsort(texts, at, sizeof *texts, compare_texts);
    }
    jsonw_array_begin(w);
    for (size_t i = 0; i < at; i++) {
        struct tree_node text = {.kind = TREE_STRING, .text = texts[i], .flags = TREE_HOLES};
        print_scalar(w, &text);
    }
    jsonw_array_end(w);
    take_failure(w, arena_status(&arena));
    arena_release(&arena);
}

/* `default` or `id=path`. */
static void print_ssh(struct jsonw *w, const struct tree_node *node)
{
    jsonw_array_begin(w);
    for (size_t i = 0; i < node->u.map.count; i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        struct buf text;
        buf_init(&text, w->out->allocator, w->out->max);
        buf_append(&text, entry->key);
        if (entry->value->kind == TREE_STRING) {
            buf_append_char(&text, '=');
            buf_append(&text, entry->value->text);
        }
        struct tree_node shown = {
            .kind = TREE_STRING, .text = buf_view(&text), .flags = TREE_HOLES};
        print_scalar(w, &shown);
        take_failure(w, buf_status(&text));
        buf_release(&text);
    }
    jsonw_array_end(w);
}

/* First and last number of "80" or "80-90"; false for anything else. */
static bool range_of(const struct tree_node *node, unsigned long long *first,
                     unsigned long long *last)
{
    if (!tree_is(node, TREE_STRING)) {
        return false;
    }
    size_t dash = str_find_char(node->text, '-', 0);
    return str_to_u64(str_slice(node->text, 0, dash), first) &&
           str_to_u64(str_slice(node->text, dash + 1, node->text.len), last) && *first <= *last;
}

/* A port of a range: the entry with one target and what is published for it. */
static void print_port(struct jsonw *w, const struct co_type *type, const struct tree_node *node,
                       unsigned long long target, const struct tree_node *published)
{
    jsonw_object_begin(w);
    for (size_t i = 0; i < type->key_count; i++) {
        struct str key = type->keys[i].name;
        const struct tree_node *value = tree_get(node, key);
        if (value == NULL || is_left_out(type->keys[i].type, key, value)) {
            continue;
        }
        jsonw_key_str(w, key);
        if (str_eq(key, STR("target"))) {
            jsonw_uint(w, target);
        } else if (str_eq(key, STR("published"))) {
            print_text(w, published);
        } else {
            print(w, type->keys[i].type, value);
        }
    }
    jsonw_object_end(w);
}

static void print_ports(struct jsonw *w, const struct co_type *type, const struct tree_node *list)
{
    enum { DIGITS = 24 };
    jsonw_array_begin(w);
    for (size_t i = 0; i < list->u.list.count; i++) {
        const struct tree_node *node = list->u.list.items[i];
        const struct tree_node *published = tree_get(node, STR("published"));
        unsigned long long target = 0;
        unsigned long long last = 0;
        unsigned long long host = 0;
        unsigned long long host_last = 0;
        if (!range_of(tree_get(node, STR("target")), &target, &last) || last > UINT16_MAX) {
            print(w, type, node);
            continue;
        }
        bool pairs = range_of(published, &host, &host_last) && host_last - host == last - target;
        for (; target <= last; target++, host++) {
            char digits[DIGITS] = "";
            snprintf(digits, sizeof digits, "%llu", host);
            struct tree_node one = {.kind = TREE_STRING, .text = str_from_cstr(digits)};
            print_port(w, type, node, target, pairs ? &one : published);
        }
    }
    jsonw_array_end(w);
}

static void print_list(struct jsonw *w, const struct co_type *type, const struct tree_node *node)
{
    if (type->item == NULL) {
        print_raw(w, node);
        return;
    }
    if (type->item->form == CO_FORM_PORT) {
        print_ports(w, type->item, node);
        return;
    }
    jsonw_array_begin(w);
    for (size_t i = 0; i < node->u.list.count; i++) {
        print(w, type->item, node->u.list.items[i]);
    }
    jsonw_array_end(w);
}

static void print(struct jsonw *w, const struct co_type *type, const struct tree_node *node)
{
    if (node->kind == TREE_LIST) {
        print_list(w, type, node);
    } else if (node->kind != TREE_MAP) {
        print_scalar(w, node);
    } else if (type->form == CO_FORM_HOSTS) {
        print_hosts(w, node);
    } else if (type->form == CO_FORM_SSH) {
        print_ssh(w, node);
    } else if (type->key_count > 0) {
        print_fixed(w, type, node);
    } else if (type->rest != NULL) {
        print_free(w, type, node);
    } else {
        print_raw(w, node);
    }
}

void co_json_project(struct jsonw *writer, const struct tree_node *root, struct str name)
{
    static const char *const sections[] = {"services", "networks", "volumes", "secrets", "configs"};
    jsonw_object_begin(writer);
    jsonw_key(writer, "name");
    jsonw_string(writer, name);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        struct str key = str_from_cstr(sections[i]);
        const struct tree_node *map = tree_get(root, key);
        const struct co_type *type = co_type_of_key(co_type_root(), key);
        if (tree_is(map, TREE_MAP) && (i == 0 || map->u.map.count > 0)) {
            jsonw_key_str(writer, key);
            print_free(writer, type, map);
        } else if (i == 0) {
            jsonw_key_str(writer, key);
            print_absent(writer, ABSENT_OBJECT);
        }
    }
    for (size_t i = 0; root->kind == TREE_MAP && i < root->u.map.count; i++) {
        const struct tree_entry *entry = &root->u.map.entries[i];
        if (str_starts_with(entry->key, STR("x-"))) {
            jsonw_key_str(writer, entry->key);
            print_raw(writer, entry->value);
        }
    }
    jsonw_object_end(writer);
}
