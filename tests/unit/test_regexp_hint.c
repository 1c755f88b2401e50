/* SPDX-License-Identifier: Apache-2.0
 *
 * test_regexp_hint.c - a hint never hides a match: all short patterns of a small alphabet against
 * the matcher itself, and what is found in patterns as rules write them.
 */
#include "runtime/regexp_hint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/regexp.h"

/* The `number`-th word over `letters`. */
static struct str word(char *buffer, const char *letters, size_t number)
{
    size_t letter_count = strlen(letters);
    size_t length = 0;
    while (number > 0) {
        number--;
        buffer[length++] = letters[number % letter_count];
        number /= letter_count;
    }
    return str_make(buffer, length);
}

static void check_pattern(struct str pattern)
{
    struct regexp *regex = NULL;
    struct regexp_hint hint;
    regexp_hint_find(&hint, pattern);
    if (hint.count == 0 || regexp_new(&regex, NULL, pattern, NULL) != PLIM_STATUS_OK) {
        return;
    }
    for (size_t t = 0; t < 3 + 9 + 27 + 81; t++) {
        char text_bytes[8];
        struct str text = word(text_bytes, "abA", t);
        if (regexp_match(regex, text) == REGEXP_MATCH && !regexp_hint_allows(&hint, text)) {
            print_error("pattern %.*s text %.*s\n", STR_FMT(pattern), STR_FMT(text));
            fail();
        }
    }
    regexp_free(regex);
}

static void hints_hide_no_match(void **state)
{
    (void)state;
    static const char letters[] = "ab|()*?^$+";
    char bytes[16];
    for (size_t p = 0; p < 10 + 100 + 1000 + 10000; p++) {
        check_pattern(word(bytes, letters, p));
        memcpy(bytes + 8, "(?i)", 4);
        struct str short_pattern = word(bytes, letters, p);
        memcpy(bytes + 12, short_pattern.ptr, short_pattern.len < 4 ? short_pattern.len : 4);
        check_pattern(str_make(bytes + 8, 4 + (short_pattern.len < 4 ? short_pattern.len : 4)));
    }
}

static void long_patterns_hide_no_match(void **state)
{
    (void)state;
    static const char *const parts[] = {"a",      "b",     "(a|b)", "(?:ab)?", "a{2}",
                                        "b{0,1}", "|",     "[ab]",  "\\b",     "(?=a)",
                                        "^",      "(?!b)", "a+",    "b*?",     "(ab|ba)+"};
    const size_t count = sizeof parts / sizeof *parts;
    for (size_t i = 0; i < count * count * count; i++) {
        char pattern[64] = "";
        for (size_t k = 0, n = i; k < 3; k++, n /= count) {
            strncat(pattern, parts[n % count], sizeof pattern - strlen(pattern) - 1);
        }
        check_pattern(str_from_cstr(pattern));
    }
}

static void hints_of_real_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        unsigned count;
        bool anchored;
        const char *allowed;
        const char *refused;
    } cases[] = {
        {"^http://", 1, true, "http://x", "see http://x"},
        {"(?i)(^|_)(password|passwd|token|api_?key)(_|$)", 4, false, "MY_TOKEN", "MY_NAME"},
        {"-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----", 1, false,
         "-----BEGIN RSA PRIVATE KEY-----", "PRIVATE"},
        {"sslverify\\s*=\\s*(0|[Ff]alse|no)", 1, false, "x sslverify = 0", "ssl"},
        {"^/var/cache/(yum|dnf)", 1, true, "/var/cache/yum", "a/var/cache/yum"},
        {"busybox|alpine", 2, false, "my-alpine", "debian"},
        {"[A-Z]", 0, false, "", ""},
        {"(?x) a b", 0, false, "", ""},
        {"\\Qa.b\\E", 0, false, "", ""},
        {"a|", 0, false, "", ""},
        {"x*abc", 1, false, "zabc", "ab"},
        {"^x*abc", 1, false, "xxabc", "ab"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct regexp_hint hint;
        regexp_hint_find(&hint, str_from_cstr(cases[i].pattern));
        assert_int_equal(hint.count, cases[i].count);
        assert_int_equal(hint.anchored, cases[i].anchored);
        assert_true(regexp_hint_allows(&hint, str_from_cstr(cases[i].allowed)));
        assert_int_equal(regexp_hint_allows(&hint, str_from_cstr(cases[i].refused)),
                         cases[i].count == 0);
    }
}

static void limits_give_no_hint(void **state)
{
    (void)state;
    char pattern[REGEXP_HINT_BYTES + 8];
    struct regexp_hint hint;
    memset(pattern, 'a', sizeof pattern);
    regexp_hint_find(&hint, str_make(pattern, REGEXP_HINT_BYTES));
    assert_int_equal(hint.count, 1);
    regexp_hint_find(&hint, str_make(pattern, REGEXP_HINT_BYTES + 1));
    assert_int_equal(hint.count, 0);
    for (size_t groups = REGEXP_HINT_DEPTH - 1; groups <= REGEXP_HINT_DEPTH + 1; groups++) {
        memset(pattern, '(', groups);
        pattern[groups] = 'a';
        memset(pattern + groups + 1, ')', groups);
        regexp_hint_find(&hint, str_make(pattern, 2 * groups + 1));
        assert_int_equal(hint.count, groups <= REGEXP_HINT_DEPTH);
    }
    for (size_t words = REGEXP_HINT_LITERALS - 1; words <= REGEXP_HINT_LITERALS + 1; words++) {
        for (size_t i = 0; i < words; i++) {
            pattern[2 * i] = 'a';
            pattern[2 * i + 1] = '|';
        }
        regexp_hint_find(&hint, str_make(pattern, 2 * words - 1));
        assert_int_equal(hint.count, words <= REGEXP_HINT_LITERALS ? words : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hints_hide_no_match),
        cmocka_unit_test(long_patterns_hide_no_match),
        cmocka_unit_test(hints_of_real_patterns),
        cmocka_unit_test(limits_give_no_hint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
