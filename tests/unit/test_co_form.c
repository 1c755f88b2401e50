/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_form.c - forms of names, container names and pull policies.
 */
#include "facts/compose/co_form.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_forms(void **state)
{
    (void)state;
    static const struct {
        enum co_pattern pattern;
        const char *text;
        bool matches;
    } cases[] = {
        {CO_PATTERN_NONE, "", true},
        {CO_PATTERN_NOT_EMPTY, "", false},
        {CO_PATTERN_NOT_EMPTY, " ", true},
        {CO_PATTERN_NAME, "a", true},
        {CO_PATTERN_NAME, "A.b_c-9", true},
        {CO_PATTERN_NAME, "-", true},
        {CO_PATTERN_NAME, "", false},
        {CO_PATTERN_NAME, "a b", false},
        {CO_PATTERN_NAME, "a\n", false},
        {CO_PATTERN_NAME, "\xc3\xa4", false},
        {CO_PATTERN_NAME, "${A}", false},
        {CO_PATTERN_CONTAINER_NAME, "ab", true},
        {CO_PATTERN_CONTAINER_NAME, "a", false},
        {CO_PATTERN_CONTAINER_NAME, "", false},
        {CO_PATTERN_CONTAINER_NAME, "_-", false},
        {CO_PATTERN_CONTAINER_NAME, "-a", false},
        {CO_PATTERN_CONTAINER_NAME, "-a-", true},
        {CO_PATTERN_CONTAINER_NAME, "a b c", false},
        {CO_PATTERN_CONTAINER_NAME, "a bc", true},
        {CO_PATTERN_PULL_POLICY, "always", true},
        {CO_PATTERN_PULL_POLICY, "if_not_present", true},
        {CO_PATTERN_PULL_POLICY, "xmissingx", true},
        {CO_PATTERN_PULL_POLICY, "every_12h", true},
        {CO_PATTERN_PULL_POLICY, "every_every_1w2d", true},
        {CO_PATTERN_PULL_POLICY, "every_", false},
        {CO_PATTERN_PULL_POLICY, "every_h", false},
        {CO_PATTERN_PULL_POLICY, "every_12", false},
        {CO_PATTERN_PULL_POLICY, "every_12y", false},
        {CO_PATTERN_PULL_POLICY, "Always", false},
        {CO_PATTERN_PULL_POLICY, "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (co_form_matches(cases[i].pattern, str_from_cstr(cases[i].text)) != cases[i].matches) {
            fail_msg("\"%s\": %s", cases[i].text, co_form_allowed(cases[i].pattern));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
