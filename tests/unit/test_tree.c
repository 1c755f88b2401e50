/* SPDX-License-Identifier: Apache-2.0
 *
 * test_tree.c - nodes, look-ups in small and large maps, repeated keys, memory failures.
 */
#include "facts/tree/tree.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/alloc.h"
#include "fault_alloc.h"

static const struct span nowhere = {SOURCE_NONE, 0, 0};

static struct str numbered(struct arena *arena, size_t number)
{
    char text[24];
    int size = snprintf(text, sizeof text, "key%zu", number);
    return arena_copy_str(arena, str_make(text, (size_t)size));
}

/* A map of `count` entries key0, key1 ... whose values are their numbers. */
static struct tree_node *make_map(struct arena *arena, size_t count)
{
    struct tree_gather gather = {0};
    for (size_t i = 0; i < count; i++) {
        struct tree_node *value = tree_new(arena, TREE_INT, nowhere, STR(""));
        if (value == NULL) {
            return NULL;
        }
        value->u.integer = (int64_t)i;
        tree_gather_add(&gather, arena,
                        (struct tree_entry){.key = numbered(arena, i), .value = value});
    }
    return arena_status(arena) == PLIM_STATUS_OK ? tree_gather_map(&gather, arena, nowhere) : NULL;
}

static void test_finds_every_key(void **state)
{
    (void)state;
    size_t counts[] = {0, 1, TREE_SORTED - 1, TREE_SORTED, TREE_SORTED + 1, 1000};
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        struct arena arena;
        arena_init(&arena, alloc_or_default(NULL), 0);
        const struct tree_node *map = make_map(&arena, counts[c]);
        assert_non_null(map);
        assert_int_equal(map->u.map.sorted != NULL, counts[c] > TREE_SORTED);
        for (size_t i = 0; i < counts[c]; i++) {
            const struct tree_node *value = tree_get(map, numbered(&arena, i));
            assert_non_null(value);
            assert_int_equal(value->u.integer, i);
        }
        assert_int_equal(tree_find(map, STR("key")), -1);
        assert_null(tree_get(map, STR("kez")));
        arena_release(&arena);
    }
    assert_int_equal(tree_find(NULL, STR("a")), -1);
}

static void test_no_map_has_no_entries(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    assert_null(tree_get(tree_new(&arena, TREE_STRING, nowhere, STR("a")), STR("a")));
    arena_release(&arena);
}

static void test_repeated_key_is_the_first_repetition(void **state)
{
    (void)state;
    for (size_t count = 4; count <= 64; count += 12) {
        struct arena arena;
        arena_init(&arena, alloc_or_default(NULL), 0);
        struct tree_node *map = make_map(&arena, count);
        assert_non_null(map);
        struct tree_entry entries[64];
        memcpy(entries, map->u.map.entries, count * sizeof entries[0]);
        size_t first = 99;
        assert_int_equal(tree_repeated_key(&arena, entries, count, &first), -1);
        entries[count - 1].key = entries[0].key;
        entries[2].key = entries[1].key;
        entries[3].key = entries[1].key;
        assert_int_equal(tree_repeated_key(&arena, entries, count, &first), 2);
        assert_int_equal(first, 1);
        arena_release(&arena);
    }
}

static void test_lists_and_copies_share(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    struct tree_node *item = tree_new(&arena, TREE_STRING, nowhere, STR("x"));
    struct tree_gather gather = {0};
    tree_gather_add(&gather, &arena, (struct tree_entry){.value = item});
    struct tree_node *list = tree_gather_list(&gather, &arena, nowhere);
    struct tree_node *copy = tree_copy(&arena, list);
    assert_int_equal(copy->u.list.count, 1);
    assert_ptr_equal(copy->u.list.items[0], item);
    assert_string_equal(tree_kind_text(copy->kind), "a list");
    arena_release(&arena);
}

static plim_status build(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct arena arena;
    arena_init(&arena, allocator, 0);
    struct tree_node *map = make_map(&arena, 200);
    size_t first;
    if (map != NULL) {
        (void)tree_repeated_key(&arena, map->u.map.entries, map->u.map.count, &first);
    }
    plim_status status = arena_status(&arena);
    arena_release(&arena);
    return status;
}

static void test_every_failure_is_clean(void **state)
{
    (void)state;
    fault_alloc_run(build, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_every_key),
        cmocka_unit_test(test_no_map_has_no_entries),
        cmocka_unit_test(test_repeated_key_is_the_first_repetition),
        cmocka_unit_test(test_lists_and_copies_share),
        cmocka_unit_test(test_every_failure_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
