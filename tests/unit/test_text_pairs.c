/* SPDX-License-Identifier: Apache-2.0
 *
 * test_text_pairs.c - runtime/text_pairs: a literal that stands in a text is never refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/text_pairs.h"

static void parts_of_a_text_are_allowed(void **state)
{
    (void)state;
    const struct str text = STR("ENV Token=ghp_0aZ\x80\xFF \"x\"; sk_live-[@`{");
    struct text_pairs pairs;
    text_pairs_fill(&pairs, text);
    for (size_t from = 0; from < text.len; from++) {
        for (size_t to = from; to <= text.len; to++) {
            assert_true(text_pairs_allow(&pairs, str_slice(text, from, to)));
        }
    }
    /* Letters of the other case. */
    assert_true(text_pairs_allow(&pairs, STR("env tOKEN")));
    assert_true(text_pairs_allow(&pairs, STR("GHP_")));
}

static void most_other_literals_are_refused(void **state)
{
    (void)state;
    static const char *const literals[] = {"AKIA", "glpat-", "hooks.slack", "npm_", "xoxb-", "oT"};
    struct text_pairs pairs;
    text_pairs_fill(&pairs, STR("RUN apt-get update && apt-get install -y curl"));
    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        assert_false(text_pairs_allow(&pairs, str_from_cstr(literals[i])));
    }
}

static void short_texts_have_no_pairs(void **state)
{
    (void)state;
    struct text_pairs pairs;
    text_pairs_fill(&pairs, STR(""));
    assert_true(text_pairs_allow(&pairs, STR("")));
    assert_true(text_pairs_allow(&pairs, STR("a")));
    assert_false(text_pairs_allow(&pairs, STR("ab")));
    text_pairs_fill(&pairs, STR("a"));
    assert_false(text_pairs_allow(&pairs, STR("aa")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_text_are_allowed),
        cmocka_unit_test(most_other_literals_are_refused),
        cmocka_unit_test(short_texts_have_no_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
