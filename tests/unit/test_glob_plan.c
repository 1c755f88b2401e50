/* SPDX-License-Identifier: Apache-2.0
 *
 * test_glob_plan.c - the plan answers as the plain matcher does, over all short patterns and texts
 * of a small alphabet.
 */
#include "runtime/glob_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/glob.h"

/* The `number`-th word of at most `max` letters. */
static struct str word(char *buffer, const char *letters, size_t letter_count, size_t number)
{
    size_t length = 0;
    while (number > 0) {
        number--;
        buffer[length++] = letters[number % letter_count];
        number /= letter_count;
    }
    return str_make(buffer, length);
}

static void plans_agree_with_the_matcher(void **state)
{
    (void)state;
    const char pattern_letters[] = {'*', 'a', 'b', '/', '?', '\\'};
    const char text_letters[] = {'a', 'b', '/', '*'};
    const size_t patterns = 6 + 36 + 216 + 1296 + 7776;
    const size_t texts = 4 + 16 + 64;
    for (size_t p = 0; p <= patterns; p++) {
        char pattern_bytes[8];
        struct str pattern = word(pattern_bytes, pattern_letters, 6, p);
        if (!glob_is_valid(pattern)) {
            continue;
        }
        struct glob_plan plan = glob_plan_make(pattern);
        for (size_t t = 0; t <= texts; t++) {
            char text_bytes[8];
            struct str text = word(text_bytes, text_letters, 4, t);
            if (glob_plan_match(&plan, text) != glob_match(pattern, text)) {
                print_error("pattern %.*s text %.*s\n", STR_FMT(pattern), STR_FMT(text));
                fail();
            }
        }
    }
}

static void common_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *glob;
        const char *text;
        bool match;
    } cases[] = {{"*.key", "id.key", true},
                 {"*.key", "a/id.key", false},
                 {"**.key", "a/id.key", true},
                 {"**token**", "my_token/x", true},
                 {"**token**", "my_tok/en", false},
                 {"a**token**b", "atokenb", true},
                 {"a**token**b", "atokeb", false},
                 {"[ab]**x**", "bx", true},
                 {"plain", "plain", true},
                 {"plain", "plainer", false},
                 {"", "", true},
                 {"**", "any/thing", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glob_plan plan = glob_plan_make(str_from_cstr(cases[i].glob));
        assert_int_equal(glob_plan_match(&plan, str_from_cstr(cases[i].text)), cases[i].match);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_agree_with_the_matcher),
        cmocka_unit_test(common_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
