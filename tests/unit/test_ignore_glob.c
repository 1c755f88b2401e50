/* SPDX-License-Identifier: Apache-2.0
 *
 * test_ignore_glob.c - translation and matching of one .dockerignore wildcard line.
 */
#include "facts/context/ignore_glob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

enum verdict { NO, YES, MALFORMED };

static enum verdict try_line(struct str line, struct str path, bool parents)
{
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct ignore_glob glob = {0};
    plim_status status = ignore_glob_compile(&glob, &arena, line);
    enum verdict verdict = MALFORMED;
    if (status == PLIM_STATUS_OK) {
        verdict = ignore_glob_matches(&glob, path, parents) ? YES : NO;
    }
    arena_release(&arena);
    return verdict;
}

static const struct {
    const char *line;
    const char *path;
    enum verdict verdict;
} wildcard_cases[] = {
    {"*", "", YES},
    {"*", "a", YES},
    {"*", "a/b", NO},
    {"*.c", "x.c", YES},
    {"*.c", "xxc", NO},
    {"a**b", "ab", YES},
    {"a**b", "axb", NO},
    {"a**b", "ax/b", YES},
    {"a**b", "ax\n/b", NO}, /* a directory part does not cross a line feed */
    {"**/a**", "x/ab/c", YES},
    {"a?c",
     "a\xc3\xa9"
     "c",
     YES},
    {"a?c",
     "a\xff"
     "c",
     YES},
    {"a?c", "a/c", NO},
    {"[a-c]", "b", YES},
    {"[^a-c]", "/", YES}, /* unlike "?", a negated class crosses a slash */
    {"[a*]", "a]", YES},  /* the inner star ends the class: [a[^/] starred, then "]" */
    {"[a*]", "[[[]", YES},
    {"[?]", "^]", YES},
    {"\\d*", "7a", YES},
    {"\\D", "7", NO},
    {"[\\w-]*", "a-_", YES},
    {"\\S\\s", "a ", YES},
    {"a\\bb*", "ab", NO},
    {"a\\Bb*", "ab", YES},
    {"\\Aa*\\z", "ab", YES},
    {"^a*", "ab", YES},
    {"a^*", "a^", NO},
    {"a|b*", "abc", YES}, /* "|" parts alternatives: what begins with a, or ends in b… */
    {"c|b*", "xxbx", YES},
    {"c|b*", "xx", NO},
    {"*.{a,b}", "x.{a,b}", YES},
    {"[[:digit:]]?", "7x", YES},
    {"[[:^digit:]]?", "7x", NO},
    {"[[:^alpha:][:alpha:]]", "\xc3\xa9", YES},
    {"[[:cntrl:]]*", "\x7f", YES},
    {"a*\\", "ab$c", YES}, /* a lone backslash makes the end mark literal and the end open */
    {"\\101*", "Ab", YES},
    {"\\0*", "", NO},
    {"\\t*", "\t", YES},
    {"\\1*", "1", MALFORMED},
    {"\\x41*", "A", MALFORMED},
    {"\\y*", "y", MALFORMED},
    {"\\\xc3\xa9*", "e", MALFORMED},
    {"a*[", "a", MALFORMED},
    {"a*[b", "a", MALFORMED},
    {"[b-a]*", "a", MALFORMED},
    {"[[:none:]]", "a", MALFORMED},
    {"[\\b]", "b", MALFORMED},
    {"a{2}*", "aa", MALFORMED},
    {"a{2,}*", "aa", MALFORMED},
    {"a{2,3}*", "aa", MALFORMED},
};

static void wildcards(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wildcard_cases) / sizeof(wildcard_cases[0]); i++) {
        enum verdict verdict = try_line(str_from_cstr(wildcard_cases[i].line),
                                        str_from_cstr(wildcard_cases[i].path), false);
        if (verdict != wildcard_cases[i].verdict) {
            print_message("line %s, path %s\n", wildcard_cases[i].line, wildcard_cases[i].path);
        }
        assert_int_equal(verdict, wildcard_cases[i].verdict);
    }
}

static void parents_count_when_asked_for(void **state)
{
    (void)state;
    assert_int_equal(try_line(STR("*.d"), STR("x.d/file"), false), NO);
    assert_int_equal(try_line(STR("*.d"), STR("x.d/file"), true), YES);
    assert_int_equal(try_line(STR("*/b*"), STR("a/bb/c/d"), true), YES);
    assert_int_equal(try_line(STR("*/c"), STR("a/bb/c/d"), true), NO);
    assert_int_equal(try_line(STR("*"), STR("/a"), true), YES); /* the empty part before "/" */
    assert_int_equal(try_line(STR("a*\\z"), STR("ab/c"), true), YES);
}

static void hostile_lines_end_soon(void **state)
{
    static char line[20000];
    static char path[4096];
    (void)state;
    memset(path, 'a', sizeof(path));
    for (size_t i = 0; i < sizeof(line); i++) {
        line[i] = i % 2 == 0 ? '*' : 'a';
    }
    assert_int_equal(try_line(str_make(line, 8000), str_make(path, 3999), false), NO);
    for (size_t i = 0; i + 2 < sizeof(line); i += 3) {
        memcpy(line + i, "**/", 3);
    }
    assert_int_equal(try_line(str_make(line, 6000), str_make(path, 4000), true), YES);
}

static void states_are_limited_at_the_border(void **state)
{
    static char line[IGNORE_GLOB_MAX_STATES + 1];
    (void)state;
    memset(line, '?', sizeof(line));
    for (size_t extra = 0; extra <= 2; extra++) {
        struct arena arena;
        arena_init(&arena, NULL, 0);
        struct ignore_glob glob = {0};
        size_t len = IGNORE_GLOB_MAX_STATES - 1 + extra;
        assert_int_equal(ignore_glob_compile(&glob, &arena, str_make(line, len)),
                         extra < 2 ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        if (extra < 2) {
            static char path[IGNORE_GLOB_MAX_STATES];
            memset(path, 'x', sizeof(path));
            assert_true(ignore_glob_matches(&glob, str_make(path, len), false));
            assert_false(ignore_glob_matches(&glob, str_make(path, len - 1), false));
        }
        arena_release(&arena);
    }
}

static plim_status compile_some(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct arena arena;
    arena_init(&arena, allocator, 0);
    struct ignore_glob glob = {0};
    plim_status status =
        ignore_glob_compile(&glob, &arena, STR("**/a?[b-d[:alpha:]]*|x|[^y]abcdefghijkl*"));
    if (status == PLIM_STATUS_OK) {
        assert_true(ignore_glob_matches(&glob, STR("q/azcz"), false));
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
        cmocka_unit_test(wildcards),
        cmocka_unit_test(parents_count_when_asked_for),
        cmocka_unit_test(hostile_lines_end_soon),
        cmocka_unit_test(states_are_limited_at_the_border),
        cmocka_unit_test(failing_allocations_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
