/* SPDX-License-Identifier: Apache-2.0
 *
 * test_guess.c - edit distance, and the choice among several names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/guess.h"

static const struct {
    const char *a;
    const char *b;
    size_t limit;
    size_t distance;
} distances[] = {{"", "", 3, 0},
                 {"a", "", 3, 1},
                 {"volumns", "volumes", 3, 1},
                 {"abcd", "abdc", 3, 1},
                 {"kitten", "sitting", 5, 3},
                 {"kitten", "sitting", 2, 3},
                 {"abc", "xyz", 1, 2},
                 {"ab", "abcdef", 2, 3}};

static void names_have_a_distance(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof distances / sizeof distances[0]; i++) {
        size_t found = guess_distance(str_from_cstr(distances[i].a), str_from_cstr(distances[i].b),
                                      distances[i].limit);
        assert_int_equal(found, distances[i].distance);
    }
    char longest[GUESS_MAX_NAME + 1] = {0};
    memset(longest, 'a', sizeof longest);
    for (size_t len = GUESS_MAX_NAME - 1; len <= GUESS_MAX_NAME + 1; len++) {
        struct str name = str_make(longest, len);
        assert_int_equal(guess_distance(name, name, 3), len <= GUESS_MAX_NAME ? 0 : 4);
    }
}

static void the_nearest_name_is_guessed(void **state)
{
    (void)state;
    struct guess guess = guess_start(STR("stge"));
    guess_consider(&guess, STR("label"));
    guess_consider(&guess, STR("storage"));
    guess_consider(&guess, STR("stage"));
    guess_consider(&guess, STR("stake"));
    assert_true(str_eq(guess.best, STR("stage")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_a_distance),
        cmocka_unit_test(the_nearest_name_is_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
