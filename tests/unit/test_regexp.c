/* SPDX-License-Identifier: Apache-2.0
 *
 * test_regexp.c - searching, refused constructs, limits and hostile patterns of runtime/regexp.c.
 */
#include "runtime/regexp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

static enum regexp_result search(const char *pattern, struct str subject)
{
    struct regexp *regexp = NULL;
    struct regexp_error error;
    assert_int_equal(regexp_new(&regexp, NULL, str_from_cstr(pattern), &error), PLIM_STATUS_OK);
    enum regexp_result result = regexp_match(regexp, subject);
    regexp_free(regexp);
    return result;
}

static void patterns_search_anywhere(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        struct str subject;
        bool matches;
    } rows[] = {
        {"b", {"abc", 3}, true},
        {"^b", {"abc", 3}, false},
        {"c$", {"abc", 3}, true},
        {"(?i)BC", {"abc", 3}, true},
        {"", {"", 0}, true},
        {"a.c", {"a\0c", 3}, true}, /* NUL is a character like any other */
        {"b", {"a\0b", 3}, true},
        {"^..$", {"\xC3\xA4", 2}, true}, /* bytes, not code points */
        {"a",
         {"\xFF"
          "a",
          2},
         true}, /* invalid UTF-8 does not end the search */
        {"(^|_)(password|token)(_|$)", {"db_password_x", 13}, true},
        {"(^|_)(password|token)(_|$)", {"passwords", 9}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum regexp_result expected = rows[i].matches ? REGEXP_MATCH : REGEXP_NO_MATCH;
        if (search(rows[i].pattern, rows[i].subject) != expected) {
            fail_msg("%s", rows[i].pattern);
        }
    }
}

static void unsafe_and_malformed_patterns_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "(a", "a)", "[a", "*a", "(a)\\1", "(?<n>a)\\k<n>", "(?R)", "a{1001}", "(a{1000}){11}",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct regexp_error error = {.text = ""};
        struct str pattern = str_from_cstr(rows[i]);
        if (regexp_check(pattern, &error)) {
            fail_msg("%s is accepted", rows[i]);
        }
        assert_true(error.text[0] != '\0');
        assert_true(error.offset <= pattern.len);
        struct regexp *regexp = NULL;
        assert_int_equal(regexp_new(&regexp, NULL, pattern, &error), PLIM_STATUS_POLICY);
        assert_null(regexp);
    }
}

/* Whether the pattern that ends in a repeat of `number` is accepted. */
static bool accepts(const char *front, int number)
{
    struct buf buf;
    buf_init(&buf, NULL, 64);
    buf_printf(&buf, "%s%d}", front, number);
    struct regexp_error error;
    bool accepted = regexp_check(buf_view(&buf), &error);
    buf_release(&buf);
    return accepted;
}

static void limits_are_exact(void **state)
{
    (void)state;
    assert_true(accepts("a{", REGEXP_MAX_REPEAT - 1));
    assert_true(accepts("a{", REGEXP_MAX_REPEAT));
    assert_false(accepts("a{", REGEXP_MAX_REPEAT + 1));
    assert_true(accepts("(a{100}){", REGEXP_MAX_PRODUCT / 100 - 1));
    assert_true(accepts("(a{100}){", REGEXP_MAX_PRODUCT / 100));
    assert_false(accepts("(a{100}){", REGEXP_MAX_PRODUCT / 100 + 1));

    static char text[REGEXP_MAX_SUBJECT + 1];
    memset(text, 'a', sizeof text);
    struct regexp_error error;
    assert_true(regexp_check(str_make(text, REGEXP_MAX_PATTERN - 1), &error));
    assert_true(regexp_check(str_make(text, REGEXP_MAX_PATTERN), &error));
    assert_false(regexp_check(str_make(text, REGEXP_MAX_PATTERN + 1), &error));
    assert_int_equal(search("b", str_make(text, REGEXP_MAX_SUBJECT - 1)), REGEXP_NO_MATCH);
    assert_int_equal(search("b", str_make(text, REGEXP_MAX_SUBJECT)), REGEXP_NO_MATCH);
    assert_int_equal(search("b", str_make(text, REGEXP_MAX_SUBJECT + 1)), REGEXP_LIMIT);
}

static void hostile_subjects_end_at_the_limit(void **state)
{
    (void)state;
    char text[10000];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = 'b';
    assert_int_equal(search("^(a+)+$", str_make(text, sizeof text)), REGEXP_LIMIT);
}

static void patterns_that_match_everything_are_known(void **state)
{
    (void)state;
    assert_true(regexp_matches_everything(STR(".*")));
    assert_true(regexp_matches_everything(STR("")));
    assert_false(regexp_matches_everything(STR("^$")));
    assert_false(regexp_matches_everything(STR("a")));
}

static plim_status compile_and_match(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct regexp *regexp = NULL;
    struct regexp_error error;
    plim_status status = regexp_new(&regexp, allocator, STR("(?i)(a|b)+c{2,3}"), &error);
    if (status == PLIM_STATUS_OK) {
        enum regexp_result result = regexp_match(regexp, STR("xxABABcc"));
        assert_true(result == REGEXP_MATCH || result == REGEXP_LIMIT);
        regexp_free(regexp);
    }
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(compile_and_match, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_search_anywhere),
        cmocka_unit_test(unsafe_and_malformed_patterns_are_refused),
        cmocka_unit_test(limits_are_exact),
        cmocka_unit_test(hostile_subjects_end_at_the_limit),
        cmocka_unit_test(patterns_that_match_everything_are_known),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("regexp", tests, NULL, NULL);
}
