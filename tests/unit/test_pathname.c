/* SPDX-License-Identifier: Apache-2.0
 *
 * test_pathname.c - cleaning and wildcard matching of path names.
 */
#include "facts/pathname.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void cleaning_gives_the_shortest_name(void **state)
{
    static const struct {
        const char *in;
        const char *out;
    } cases[] = {
        {"", "."},
        {".", "."},
        {"/", "/"},
        {"//", "/"},
        {"a", "a"},
        {"a/", "a"},
        {"./a", "a"},
        {"a/./b", "a/b"},
        {"a//b", "a/b"},
        {"a/../b", "b"},
        {"a/..", "."},
        {"..", ".."},
        {"../..", "../.."},
        {"../a/..", ".."},
        {"../../a", "../../a"},
        {"/..", "/"},
        {"/../a", "/a"},
        {"/a/../..", "/"},
        {"a/b/../../..", ".."},
        {"...", "..."},
        {"a/.../b", "a/.../b"},
        {"..a", "..a"},
        {"a/b/..", "a"},
        {"/a/b/", "/a/b"},
        {"!./a", "!./a"},
        {"a/..b", "a/..b"},
        {"./..", ".."},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char out[32];
        memset(out, '#', sizeof(out));
        struct str in = str_from_cstr(cases[i].in);
        size_t len = pathname_clean(out, in);
        assert_int_equal(len, strlen(cases[i].out));
        assert_memory_equal(out, cases[i].out, len);
        assert_int_equal(out[in.len + 1], '#');
    }
}

enum verdict { NO, YES, MALFORMED };

static void wildcards_match_like_the_reference(void **state)
{
    static const struct {
        const char *pattern;
        const char *name;
        enum verdict verdict;
    } cases[] = {
        {"", "", YES},
        {"", "a", NO},
        {"a", "", NO},
        {"*", "", YES},
        {"*", "a/b", NO},
        {"**", "ab", YES},
        {"*b", "abab", YES},
        {"a*b*c", "a1b2b3c", YES},
        {"a*b*c", "a1b2b3", NO},
        {"*/x", "ab/x", YES},
        {"*x", "a/x", NO},
        {"?", "/", NO},
        {"?", "\xc3\xa9", YES},
        {"??", "\xc3\xa9", NO},
        {"?", "\xff", YES},
        {"[a-c]x", "bx", YES},
        {"[a-c]x", "dx", NO},
        {"[^a-c]x", "dx", YES},
        {"[!a]", "a", YES}, /* "!" is a member, not a negation */
        {"[a-\xc3\xa9]", "z", YES},
        {"[\\]-a]", "^", YES},
        {"\\*", "*", YES},
        {"\\*", "a", NO},
        {"\\a", "a", YES},
        {"[", "a", MALFORMED},
        {"[a", "a", MALFORMED},
        {"[]", "a", MALFORMED},
        {"[]a]", "a", MALFORMED},
        {"[a-]", "a", MALFORMED},
        {"[-a]", "a", MALFORMED},
        {"[\\", "a", MALFORMED},
        {"[\xff]", "a", MALFORMED},
        {"a\\", "a", MALFORMED},
        {"*[", "a", MALFORMED},
        {"b[", "a", MALFORMED},
        {"b*[", "a", NO}, /* the form is read only as far as the name leads */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool matched = false;
        plim_status status =
            pathname_match(&matched, str_from_cstr(cases[i].pattern), str_from_cstr(cases[i].name));
        assert_int_equal(status,
                         cases[i].verdict == MALFORMED ? PLIM_STATUS_INPUT : PLIM_STATUS_OK);
        assert_int_equal(matched, cases[i].verdict == YES);
    }
}

/* A backtracking matcher would need more than the age of the universe for this one. */
static void many_stars_end_soon(void **state)
{
    char pattern[2000];
    char name[4000];
    (void)state;
    for (size_t i = 0; i < sizeof(pattern); i++) {
        pattern[i] = i % 2 == 0 ? '*' : 'a';
    }
    memset(name, 'a', sizeof(name));
    name[sizeof(name) - 1] = 'b';
    bool matched = true;
    assert_int_equal(
        pathname_match(&matched, str_make(pattern, sizeof(pattern)), str_make(name, sizeof(name))),
        PLIM_STATUS_OK);
    assert_false(matched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleaning_gives_the_shortest_name),
        cmocka_unit_test(wildcards_match_like_the_reference),
        cmocka_unit_test(many_stars_end_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
