/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_path.c - texts of paths, long keys and long paths.
 */
#include "facts/compose/co_path.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/alloc.h"

static void expect(const struct co_path *path, const char *expected)
{
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    struct str text = co_path_text(&arena, path);
    if (!str_eq(text, str_from_cstr(expected))) {
        fail_msg("%.*s is not %s", STR_FMT(text), expected);
    }
    arena_release(&arena);
}

static void test_paths(void **state)
{
    (void)state;
    struct co_path services = {.key = STR("services")};
    struct co_path web = {.up = &services, .key = STR("web")};
    struct co_path ports = {.up = &web, .key = STR("ports")};
    struct co_path item = {.up = &ports, .index = 12};
    struct co_path below = {.up = &item, .key = STR("target")};
    struct co_path empty = {.up = &web, .key = STR("")};
    struct co_path top = {.index = 0};
    expect(NULL, "the file");
    expect(&services, "services");
    expect(&item, "services.web.ports[12]");
    expect(&below, "services.web.ports[12].target");
    expect(&empty, "services.web.");
    expect(&top, "[0]");
}

static void test_long_keys_are_cut(void **state)
{
    (void)state;
    char key[100];
    memset(key, 'k', sizeof key);
    char expected[80];
    memset(expected, 'k', sizeof expected);
    memcpy(expected + 60, "...", 4);
    struct co_path path = {.key = str_make(key, sizeof key)};
    expect(&path, expected);
    memset(key, 'k', 60);
    path.key.len = 60;
    expected[60] = '\0';
    expect(&path, expected);
    /* No character is cut in two: the 60th byte is inside of one. */
    memcpy(key + 58, "\xe2\x82\xac", 3);
    path.key.len = 61;
    memcpy(expected + 58, "...", 4);
    expect(&path, expected);
}

/* A path of exactly `length` bytes: keys of two bytes, the last one of one to three. */
static void check_length(size_t length)
{
    static struct co_path parts[CO_PATH_MAX_TEXT];
    size_t count = 0;
    size_t used = 0;
    while (used < length) {
        size_t left = length - used;
        size_t size = left >= 6 ? 2 : left - (count > 0 ? 1 : 0);
        parts[count] = (struct co_path){.up = count > 0 ? &parts[count - 1] : NULL,
                                        .key = str_make("\xc3\xa4xyz", size)};
        used += size + (count > 0 ? 1 : 0);
        count++;
    }
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    struct str text = co_path_text(&arena, &parts[count - 1]);
    if (length <= CO_PATH_MAX_TEXT) {
        assert_int_equal(text.len, length);
        assert_memory_equal(text.ptr, "\xc3\xa4", 2);
    } else {
        assert_true(text.len <= CO_PATH_MAX_TEXT && text.len > CO_PATH_MAX_TEXT - 8);
        assert_memory_equal(text.ptr, "...", 3);
        assert_true(((unsigned char)text.ptr[3] & 0xc0) != 0x80);
    }
    arena_release(&arena);
}

static void test_long_paths_lose_their_front(void **state)
{
    (void)state;
    check_length(CO_PATH_MAX_TEXT - 1);
    check_length(CO_PATH_MAX_TEXT);
    check_length(CO_PATH_MAX_TEXT + 1);
    check_length(CO_PATH_MAX_TEXT + 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_long_keys_are_cut),
        cmocka_unit_test(test_long_paths_lose_their_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
