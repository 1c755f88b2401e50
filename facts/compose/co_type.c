/* SPDX-License-Identifier: Apache-2.0
 *
 * co_type.c - the table of attributes.def as constants that point at each other. Thread rule: pure.
 */
#include "facts/compose/co_type.h"

enum co_type_id {
#define CO_TYPE(id, ...) CO_TYPE_##id,
#define CO_KEYS(id)
#define CO_KEY(name, type)
#define CO_KEYS_END
#include "facts/compose/attributes.def"
#undef CO_TYPE
#undef CO_KEYS
#undef CO_KEY
#undef CO_KEYS_END
    CO_TYPE_COUNT
};

static const struct co_type types[CO_TYPE_COUNT];

#define CO_TYPE(id, ...)
#define CO_KEYS(id) static const struct co_key keys_##id[] = {
#define CO_KEY(name, type) {{.ptr = #name, .len = sizeof(#name) - 1}, &types[CO_TYPE_##type]},
/* clang-format off */
#define CO_KEYS_END };
/* clang-format on */
#include "facts/compose/attributes.def"
#undef CO_TYPE
#undef CO_KEYS
#undef CO_KEY
#undef CO_KEYS_END

#define T(id) &types[CO_TYPE_##id]
#define KEYS(id) .keys = keys_##id, .key_count = sizeof(keys_##id) / sizeof(keys_##id[0])

static const struct co_type types[CO_TYPE_COUNT] = {
#define CO_TYPE(id, name, ...) [CO_TYPE_##id] = {.called = (name), __VA_ARGS__},
#define CO_KEYS(id)
#define CO_KEY(name, type)
#define CO_KEYS_END
#include "facts/compose/attributes.def"
#undef CO_TYPE
#undef CO_KEYS
#undef CO_KEY
#undef CO_KEYS_END
};

const struct co_type *co_type_root(void)
{
    return T(file);
}

const struct co_type *co_type_any(void)
{
    return T(any);
}

const struct co_type *co_type_of_key(const struct co_type *type, struct str key)
{
    size_t low = 0;
    size_t high = type->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(key, type->keys[middle].name);
        if (order == 0) {
            return type->keys[middle].type;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    if (type->rest != NULL) {
        return type->rest;
    }
    return !type->closed && str_starts_with(key, STR("x-")) ? T(any) : NULL;
}
