/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_type.c - the table of compose attributes: its own order, and what steps rely on.
 */
#include "facts/compose/co_type.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Type at a path such as "services.web.ports.[]"; NULL when the table has none. */
static const struct co_type *type_at(const char *path)
{
    const struct co_type *type = co_type_root();
    struct str rest = str_from_cstr(path);
    while (type != NULL && rest.len > 0) {
        size_t dot = str_find_char(rest, '.', 0);
        struct str part = str_slice(rest, 0, dot);
        type = str_eq(part, STR("[]")) ? type->item : co_type_of_key(type, part);
        rest = str_slice(rest, dot + 1, rest.len);
    }
    return type;
}

/* Walks the types below `type`; the table has no cycles, so the depth is small. */
static void check_type(const struct co_type *type, int depth, size_t *count)
{
    assert_true(depth < 16);
    assert_non_null(type->called);
    assert_true(type->accepts != 0);
    assert_int_equal(type->check == CO_CHECK_ENUM, type->words != NULL);
    assert_int_equal(type->check == CO_CHECK_PATTERN, type->pattern != CO_PATTERN_NONE);
    if ((type->accepts & CO_LIST) != 0 && type->accepts != CO_ANY) {
        assert_non_null(type->item);
    }
    (*count)++;
    for (size_t i = 0; i < type->key_count; i++) {
        if (i > 0 && str_compare(type->keys[i - 1].name, type->keys[i].name) >= 0) {
            fail_msg("%s: `%s` is out of order", type->called, type->keys[i].name.ptr);
        }
        assert_ptr_equal(co_type_of_key(type, type->keys[i].name), type->keys[i].type);
        check_type(type->keys[i].type, depth + 1, count);
    }
    if (type->rest != NULL) {
        check_type(type->rest, depth + 1, count);
    }
    if (type->item != NULL) {
        check_type(type->item, depth + 1, count);
    }
    struct str required = str_from_cstr(type->required != NULL ? type->required : "");
    while (required.len > 0) {
        size_t blank = str_find_char(required, ' ', 0);
        assert_non_null(co_type_of_key(type, str_slice(required, 0, blank)));
        required = str_slice(required, blank + 1, required.len);
    }
}

static void test_table_is_in_order(void **state)
{
    (void)state;
    size_t count = 0;
    check_type(co_type_root(), 0, &count);
    assert_true(count > 400);
}

static void test_types_of_paths(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        unsigned accepts;
        enum co_cast cast;
        enum co_merge merge;
        enum co_unique unique;
    } cases[] = {
        {"services.web.privileged", CO_BOOL | CO_STRING, CO_CAST_BOOL, CO_MERGE_PLAIN,
         CO_UNIQUE_NONE},
        {"services.web.environment", CO_MAP | CO_LIST, CO_CAST_NONE, CO_MERGE_PAIRS, CO_UNIQUE_KEY},
        {"services.web.build", CO_MAP | CO_STRING, CO_CAST_NONE, CO_MERGE_BUILD, CO_UNIQUE_NONE},
        {"services.web.build.args", CO_MAP | CO_LIST, CO_CAST_NONE, CO_MERGE_PAIRS, CO_UNIQUE_KEY},
        {"services.web.command", CO_STRING | CO_LIST | CO_NULL, CO_CAST_NONE, CO_MERGE_REPLACE,
         CO_UNIQUE_NONE},
        {"services.web.ports", CO_LIST, CO_CAST_NONE, CO_MERGE_PLAIN, CO_UNIQUE_PORT},
        {"services.web.ports.[].target", CO_INT | CO_STRING, CO_CAST_INT, CO_MERGE_PLAIN,
         CO_UNIQUE_NONE},
        {"services.web.volumes", CO_LIST, CO_CAST_NONE, CO_MERGE_PLAIN, CO_UNIQUE_MOUNT},
        {"services.web.volumes.[].read_only", CO_BOOL | CO_STRING, CO_CAST_BOOL, CO_MERGE_PLAIN,
         CO_UNIQUE_NONE},
        {"services.web.security_opt", CO_LIST, CO_CAST_NONE, CO_MERGE_PLAIN, CO_UNIQUE_NONE},
        {"services.web.ulimits.nofile", CO_INT | CO_STRING | CO_MAP, CO_CAST_INT, CO_MERGE_ULIMIT,
         CO_UNIQUE_NONE},
        {"services.web.cpus", CO_NUMBER | CO_STRING, CO_CAST_FLOAT, CO_MERGE_PLAIN, CO_UNIQUE_NONE},
        {"services.web.depends_on", CO_LIST | CO_MAP, CO_CAST_NONE, CO_MERGE_DEPENDS_ON,
         CO_UNIQUE_NONE},
        {"services.web.depends_on.db.required", CO_BOOL, CO_CAST_BOOL, CO_MERGE_PLAIN,
         CO_UNIQUE_NONE},
        {"volumes.data.labels", CO_MAP | CO_LIST, CO_CAST_NONE, CO_MERGE_PAIRS, CO_UNIQUE_NONE},
        {"networks.front.labels", CO_MAP | CO_LIST, CO_CAST_NONE, CO_MERGE_PAIRS, CO_UNIQUE_KEY},
        {"networks.front.ipam.config", CO_LIST, CO_CAST_NONE, CO_MERGE_IPAM_CONFIG, CO_UNIQUE_NONE},
        {"services.x-web.image", CO_STRING, CO_CAST_NONE, CO_MERGE_PLAIN, CO_UNIQUE_NONE},
        {"x-anything", CO_ANY, CO_CAST_NONE, CO_MERGE_PLAIN, CO_UNIQUE_NONE},
        {"services.web.x-anything", CO_ANY, CO_CAST_NONE, CO_MERGE_PLAIN, CO_UNIQUE_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct co_type *type = type_at(cases[i].path);
        if (type == NULL) {
            fail_msg("%s: no type", cases[i].path);
            return;
        }
        if (type->accepts != cases[i].accepts || type->cast != cases[i].cast ||
            type->merge != cases[i].merge || type->unique != cases[i].unique) {
            fail_msg("%s: another type: %s", cases[i].path, type->called);
        }
    }
}

static void test_keys_that_may_not_be(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "foo",
        "services.web.foo",
        "services.web.net",
        "services.web.a",
        "services.web.zzz",
        "services.web.image.x-anything.foo",
        "services.web.extends.x-anything",
        "include.[].x-anything",
        "services.web.env_file.[].x-anything",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (type_at(paths[i]) != NULL) {
            fail_msg("%s: has a type", paths[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_is_in_order),
        cmocka_unit_test(test_types_of_paths),
        cmocka_unit_test(test_keys_that_may_not_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
