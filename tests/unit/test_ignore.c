/* SPDX-License-Identifier: Apache-2.0
 *
 * test_ignore.c - sets of .dockerignore patterns: order, exclusions, parents, faults.
 */
#include "facts/context/ignore.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

enum { MAX_CASE_PATTERNS = 4 };

static size_t count_patterns(const char *const *given, struct str *patterns)
{
    size_t count = 0;
    while (count < MAX_CASE_PATTERNS && given[count] != NULL) {
        patterns[count] = str_from_cstr(given[count]);
        count++;
    }
    return count;
}

static void the_last_change_wins(void **state)
{
    static const struct {
        const char *patterns[MAX_CASE_PATTERNS];
        const char *path;
        bool ignored;
    } cases[] = {
        {{"a"}, "a", true},
        {{"a"}, "a/b/c", true},
        {{"a"}, "ab", false},
        {{"a"}, "b/a", false},
        {{"a/b"}, "a", false},
        {{"a", "!a/b"}, "a/b", false},
        {{"a", "!a/b"}, "a/b/c", false},
        {{"a", "!a/b", "a/b/c"}, "a/b/c/d", true},
        {{"!a", "a"}, "a", true},
        {{"a**"}, "ab/c", true},
        {{"a/**"}, "a", false},
        {{"**/b"}, "b", true},
        {{"**/b"}, "a/b/c", true},
        {{"**/b"}, "a/xb", false},
        {{"**b"}, "a/xb", true},
        {{"**"}, "any/thing", true},
        {{"*.d"}, "x.d/file", true},
        {{"*.d", "!x.d/file"}, "x.d/file", false},
        {{"  a  ", "", "   "}, "a", true},
        {{"./a//b/"}, "a/b", true},
        {{"a"}, "a/", true},
        {{"a"}, "./a", false},
        {{"a"}, "", false},
        {{NULL}, "a", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena arena;
        arena_init(&arena, NULL, 0);
        struct str patterns[MAX_CASE_PATTERNS];
        struct ignore_set set = {0};
        struct ignore_fault fault = {0};
        bool ignored = !cases[i].ignored;
        size_t count = count_patterns(cases[i].patterns, patterns);
        assert_int_equal(ignore_compile(&set, &arena, patterns, count, &fault), PLIM_STATUS_OK);
        assert_int_equal(ignore_match(&ignored, &set, str_from_cstr(cases[i].path), &fault),
                         PLIM_STATUS_OK);
        assert_int_equal(ignored, cases[i].ignored);
        arena_release(&arena);
    }
}

static void malformed_patterns_are_named(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct ignore_set set = {.count = 77};
    struct ignore_fault fault = {0};
    const struct str illegal[] = {STR("a"), STR("!"), STR("b")};
    assert_int_equal(ignore_compile(&set, &arena, illegal, 3, &fault), PLIM_STATUS_INPUT);
    assert_int_equal(fault.index, 1);
    assert_true(str_eq(fault.text, STR("illegal exclusion pattern: \"!\"")));
    const struct str open_class[] = {STR("a"), STR("b"), STR("[c")};
    assert_int_equal(ignore_compile(&set, &arena, open_class, 3, &fault), PLIM_STATUS_INPUT);
    assert_int_equal(fault.index, 2);
    assert_true(str_eq(fault.text, STR("syntax error in pattern")));
    assert_int_equal(set.count, 77);
    arena_release(&arena);
}

/* The reference compiles a pattern when it first needs it, so a fault may stay unseen. */
static void late_faults_show_when_the_pattern_is_tried(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct ignore_set set = {0};
    struct ignore_fault fault = {0};
    bool ignored = false;
    const struct str patterns[] = {STR("a"), STR("!x*[")};
    assert_int_equal(ignore_compile(&set, &arena, patterns, 2, &fault), PLIM_STATUS_OK);
    assert_true(set.has_exclusions);
    assert_int_equal(ignore_match(&ignored, &set, STR("b"), &fault), PLIM_STATUS_OK);
    assert_false(ignored);
    assert_int_equal(ignore_match(&ignored, &set, STR("a"), &fault), PLIM_STATUS_INPUT);
    assert_int_equal(fault.index, 1);
    arena_release(&arena);
}

static void limits_hold_at_the_border(void **state)
{
    static char text[20000];
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    memset(text, '?', sizeof(text));
    struct ignore_set set = {0};
    struct ignore_fault fault = {0};
    bool ignored = false;
    const struct str long_pattern = str_make(text, sizeof(text));
    assert_int_equal(ignore_compile(&set, &arena, &long_pattern, 1, &fault), PLIM_STATUS_LIMIT);
    assert_int_equal(fault.index, 0);
    const struct str all = STR("**");
    assert_int_equal(ignore_compile(&set, &arena, &all, 1, &fault), PLIM_STATUS_OK);
    assert_int_equal(ignore_match(&ignored, &set, str_make(text, IGNORE_MAX_PATH), &fault),
                     PLIM_STATUS_OK);
    assert_true(ignored);
    assert_int_equal(ignore_match(&ignored, &set, str_make(text, IGNORE_MAX_PATH + 1), &fault),
                     PLIM_STATUS_LIMIT);
    arena_release(&arena);
}

static plim_status compile_some(const plim_allocator *allocator, void *user)
{
    (void)user;
    const struct str patterns[] = {STR("a"), STR("b**"), STR("**/c"), STR("!d?[e-f]*"), STR("g*[")};
    struct arena arena;
    arena_init(&arena, allocator, 0);
    struct ignore_set set = {0};
    struct ignore_fault fault = {0};
    bool ignored = false;
    plim_status status = ignore_compile(&set, &arena, patterns, 5, &fault);
    if (status == PLIM_STATUS_OK) {
        assert_int_equal(ignore_match(&ignored, &set, STR("x/c/d"), &fault), PLIM_STATUS_OK);
        assert_true(ignored);
    }
    arena_release(&arena);
    return status;
}

static void failing_allocations_are_reported(void **state)
{
    (void)state;
    fault_alloc_run(compile_some, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_change_wins),
        cmocka_unit_test(malformed_patterns_are_named),
        cmocka_unit_test(late_faults_show_when_the_pattern_is_tried),
        cmocka_unit_test(limits_hold_at_the_border),
        cmocka_unit_test(failing_allocations_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
