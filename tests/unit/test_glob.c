/* SPDX-License-Identifier: Apache-2.0
 *
 * test_glob.c - wildcards of core/glob.c, also against a plain recursive matcher.
 */
#include "core/glob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void patterns_match_as_documented(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *text;
        bool matches;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "abc", true},
        {"*", "a/b", false},
        {"**", "a/b/c", true},
        {"a*c", "abbc", true},
        {"a*c", "ac", true},
        {"a*c", "a/c", false},
        {"a**c", "a/b/c", true},
        {"?", "a", true},
        {"?", "/", false},
        {"?", "", false},
        {"[a-c]x", "bx", true},
        {"[a-c]x", "dx", false},
        {"[!a-c]x", "dx", true},
        {"[^a-c]x", "bx", false},
        {"[!a]", "/", false},
        {"[]]", "]", true},
        {"[]a]", "a", true},
        {"[a-]", "-", true},
        {"[\\]]", "]", true},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"*.env", ".env", true},
        {"**/*.pem", "a/b.pem", true},
        {"**/*.pem", "b.pem", false},
        {"*a*b*c*", "xxaxxbxxcxx", true},
        {"*a*b*c*", "xxaxxcxxbxx", false},
        {"a**/b*/c", "a/x/y/bz/c", true},
        {"***", "a/b", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str pattern = str_from_cstr(rows[i].pattern);
        assert_true(glob_is_valid(pattern));
        if (glob_match(pattern, str_from_cstr(rows[i].text)) != rows[i].matches) {
            fail_msg("%s against %s", rows[i].pattern, rows[i].text);
        }
    }
}

static void malformed_patterns_match_nothing(void **state)
{
    (void)state;
    static const char *const rows[] = {"[", "[a", "a\\", "[z-a]", "[!", "[a-", "[\\", "[]"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str pattern = str_from_cstr(rows[i]);
        assert_false(glob_is_valid(pattern));
        assert_false(glob_match(pattern, pattern));
    }
}

static void length_limit_is_exact(void **state)
{
    (void)state;
    char text[GLOB_MAX_ELEMENTS + 1];
    memset(text, 'a', sizeof text);
    for (size_t len = GLOB_MAX_ELEMENTS - 1; len <= GLOB_MAX_ELEMENTS + 1; len++) {
        bool allowed = len <= GLOB_MAX_ELEMENTS;
        assert_int_equal(glob_is_valid(str_make(text, len)), allowed);
        assert_int_equal(glob_match(str_make(text, len), str_make(text, len)), allowed);
    }
}

/* Obvious matcher for patterns of a, b, /, ?, * and **; exponential, so texts are short. */
static bool plain_match(const char *pattern, const char *text)
{
    if (*pattern == '\0') {
        return *text == '\0';
    }
    if (pattern[0] == '*') {
        bool any = pattern[1] == '*';
        const char *rest = pattern + (any ? 2 : 1);
        for (;; text++) {
            if (plain_match(rest, text)) {
                return true;
            }
            if (*text == '\0' || (!any && *text == '/')) {
                return false;
            }
        }
    }
    bool one = *text != '\0' && (*pattern == *text || (*pattern == '?' && *text != '/'));
    return one && plain_match(pattern + 1, text + 1);
}

static void agrees_with_the_plain_matcher(void **state)
{
    (void)state;
    static const char pattern_letters[] = "a/*?b";
    static const char text_letters[] = "a/b";
    for (unsigned p = 0; p < 5 * 5 * 5 * 5 * 5; p++) {
        char pattern[6] = {0};
        unsigned rest = p;
        for (int i = 0; i < 5; i++, rest /= 5) {
            pattern[i] = pattern_letters[rest % 5];
        }
        if (strstr(pattern, "***") != NULL) {
            continue; /* the plain matcher reads it as ** and * */
        }
        for (unsigned t = 0; t < 3 * 3 * 3 * 3; t++) {
            char text[5] = {0};
            rest = t;
            for (int i = 0; i < 4; i++, rest /= 3) {
                text[i] = text_letters[rest % 3];
            }
            if (glob_match(str_from_cstr(pattern), str_from_cstr(text)) !=
                plain_match(pattern, text)) {
                fail_msg("%s against %s", pattern, text);
            }
        }
    }
}

static void hostile_patterns_end_soon(void **state)
{
    (void)state;
    char pattern[GLOB_MAX_ELEMENTS];
    for (size_t i = 0; i < sizeof pattern; i += 2) {
        pattern[i] = '*';
        pattern[i + 1] = 'a';
    }
    pattern[sizeof pattern - 1] = 'b';
    static char text[20000];
    memset(text, 'a', sizeof text);
    assert_false(glob_match(str_make(pattern, sizeof pattern), str_make(text, sizeof text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_as_documented),
        cmocka_unit_test(malformed_patterns_match_nothing),
        cmocka_unit_test(length_limit_is_exact),
        cmocka_unit_test(agrees_with_the_plain_matcher),
        cmocka_unit_test(hostile_patterns_end_soon),
    };
    return cmocka_run_group_tests_name("glob", tests, NULL, NULL);
}
