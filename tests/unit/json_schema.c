/* SPDX-License-Identifier: Apache-2.0
 *
 * json_schema.c - a validator for the part of JSON Schema that the shipped schemas use.
 */
#include "json_schema.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST = 40 };

/* A validation: the whole schema, and where in the document it stands. */
struct check {
    const json_t *root;
    char path[256];
    unsigned depth;
    unsigned quiet; /* inside a choice: what does not fit is no failure yet */
};

static bool validate(struct check *c, const json_t *schema, const json_t *value);

static bool fail(const struct check *c, const char *what)
{
    if (c->quiet == 0) {
        fprintf(stderr, "%s: %s\n", c->path[0] != '\0' ? c->path : "/", what);
    }
    return false;
}

static bool has_type(const char *type, const json_t *value)
{
    return (strcmp(type, "object") == 0 && json_is_object(value)) ||
           (strcmp(type, "array") == 0 && json_is_array(value)) ||
           (strcmp(type, "string") == 0 && json_is_string(value)) ||
           (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
           (strcmp(type, "boolean") == 0 && json_is_boolean(value));
}

static bool is_member(const json_t *list, const json_t *value)
{
    size_t index;
    json_t *item;
    json_array_foreach(list, index, item)
    {
        if (json_equal(item, value)) {
            return true;
        }
    }
    return false;
}

/* Validates a child, with its name added to the path. */
static bool validate_child(struct check *c, const json_t *schema, const json_t *value,
                           const char *name)
{
    size_t size = strlen(c->path);
    (void)snprintf(c->path + size, sizeof c->path - size, "/%s", name);
    bool good = validate(c, schema, value);
    c->path[size] = '\0';
    return good;
}

static bool check_required(struct check *c, const json_t *names, const json_t *value)
{
    size_t index;
    json_t *name;
    json_array_foreach(names, index, name)
    {
        if (json_object_get(value, json_string_value(name)) == NULL) {
            return fail(c, json_string_value(name));
        }
    }
    return true;
}

static bool check_object(struct check *c, const json_t *schema, const json_t *value)
{
    const json_t *properties = json_object_get(schema, "properties");
    bool closed = json_is_false(json_object_get(schema, "additionalProperties"));
    const char *name;
    json_t *item;
    json_object_foreach((json_t *)value, name, item)
    {
        const json_t *child = json_object_get(properties, name);
        if (child == NULL && closed) {
            return fail(c, name) && fail(c, "is not in the schema");
        }
        if (child != NULL && !validate_child(c, child, item, name)) {
            return false;
        }
    }
    return check_required(c, json_object_get(schema, "required"), value);
}

static bool check_array(struct check *c, const json_t *items, const json_t *value)
{
    size_t index;
    json_t *item;
    json_array_foreach(value, index, item)
    {
        char name[24];
        (void)snprintf(name, sizeof name, "%zu", index);
        if (items != NULL && !validate_child(c, items, item, name)) {
            return false;
        }
    }
    return true;
}

static bool check_any(struct check *c, const json_t *choices, const json_t *value)
{
    size_t index;
    json_t *choice;
    json_array_foreach(choices, index, choice)
    {
        c->quiet++;
        bool good = validate(c, choice, value);
        c->quiet--;
        if (good) {
            return true;
        }
    }
    return fail(c, "fits no choice");
}

static bool check_keyword(struct check *c, const char *key, const json_t *rule, const json_t *value)
{
    static const char *const ignored[] = {
        "$schema", "title",      "description", "$defs",
        "pattern", "properties", "required",    "additionalProperties"};
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        if (strcmp(key, ignored[i]) == 0) {
            return true;
        }
    }
    if (strcmp(key, "type") == 0) {
        return has_type(json_string_value(rule), value) || fail(c, json_string_value(rule));
    }
    if (strcmp(key, "const") == 0) {
        return json_equal(rule, value) || fail(c, "is not the constant");
    }
    if (strcmp(key, "enum") == 0) {
        return is_member(rule, value) || fail(c, "is no member");
    }
    if (strcmp(key, "minimum") == 0) {
        return json_integer_value(value) >= json_integer_value(rule) || fail(c, "too small");
    }
    if (strcmp(key, "minLength") == 0) {
        return json_string_length(value) >= (size_t)json_integer_value(rule) ||
               fail(c, "too short");
    }
    if (strcmp(key, "items") == 0) {
        return check_array(c, rule, value);
    }
    if (strcmp(key, "anyOf") == 0) {
        return check_any(c, rule, value);
    }
    if (strcmp(key, "$ref") == 0) {
        const char *name = strrchr(json_string_value(rule), '/');
        const json_t *target = json_object_get(json_object_get(c->root, "$defs"), name + 1);
        return target != NULL ? validate(c, target, value) : fail(c, "$ref leads nowhere");
    }
    fprintf(stderr, "keyword %s is not checked\n", key);
    return false;
}

static bool validate(struct check *c, const json_t *schema, const json_t *value)
{
    if (c->depth >= DEEPEST) {
        return fail(c, "nested too deeply");
    }
    c->depth++;
    bool good = true;
    const char *key;
    json_t *rule;
    json_object_foreach((json_t *)schema, key, rule)
    {
        good = good && check_keyword(c, key, rule, value);
    }
    if (good && json_is_object(value)) {
        good = check_object(c, schema, value);
    }
    c->depth--;
    return good;
}

static bool check_parsed(json_t *schema, const char *text, size_t size)
{
    json_error_t error;
    json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    struct check c = {.root = schema};
    bool good = schema != NULL && value != NULL;
    if (!good) {
        fprintf(stderr, "no JSON: line %d: %s\n", error.line, error.text);
    }
    good = good && validate(&c, schema, value);
    json_decref(value);
    json_decref(schema);
    return good;
}

bool json_schema_check(const char *schema, size_t schema_size, const char *text, size_t size)
{
    return check_parsed(json_loadb(schema, schema_size, JSON_REJECT_DUPLICATES, NULL), text, size);
}

bool json_schema_check_file(const char *schema_file, const char *text, size_t size)
{
    return check_parsed(json_load_file(schema_file, JSON_REJECT_DUPLICATES, NULL), text, size);
}
