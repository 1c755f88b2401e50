/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_words.c - commands split into words: what is lost, holes, mistakes, many words, memory
 * failures. That the words equal Compose's is shown by the conformance table
 * compose_command_split.
 */
#include "facts/compose/co_words.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "fault_alloc.h"

/* Words as [a][b]. */
static void print(struct buf *out, const struct co_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        buf_append_char(out, '[');
        buf_append(out, words->items[i]);
        buf_append_char(out, ']');
    }
}

static void words_are_split_and_rests_are_lost(void **state)
{
    static const struct {
        const char *in;
        const char *out;
        size_t sure;
        int lost_at; /* -1: nothing is lost */
    } cases[] = {
        {"", "", 0, -1},
        {" a  'b c' \"d\\\"\" ", "[a][b c][d\"]", 3, -1},
        {"a '' \"\"", "[a][][]", 3, -1},
        {"a\\ b 'c\\' d\\te\\nf", "[a b][c\\][d\te\nf]", 3, -1},
        {"a && b", "[a]", 1, 2},
        {"a>b", "[a]", 1, 1},
        {"a 2>&1", "[a]", 1, 3},
        {"1a>b", "", 0, 2},
        {"sh -c 'a; b'", "[sh][-c][a; b]", 3, -1},
        {"$(a b) `c d`", "[$(a b)][`c d`]", 2, -1},
        {"a \xff b", "[a][\xff][b]", 1, -1},
        {"a 'b \xff'", "[a][b \xff]", 1, -1},
        {"a 'b \xff", "[a]", 1, -1},
        {"\xff(x)", "", 0, -1},
    };
    (void)state;
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct co_words words;
        struct co_fault fault;
        struct buf text;
        buf_init(&text, NULL, 1000);
        assert_true(co_words_split(&arena, str_from_cstr(cases[i].in), &words, &fault));
        print(&text, &words);
        assert_true(str_eq(buf_view(&text), str_from_cstr(cases[i].out)));
        assert_int_equal(words.sure, cases[i].sure);
        assert_int_equal(words.lost, cases[i].lost_at >= 0);
        assert_int_equal(words.lost_at, words.lost ? cases[i].lost_at : 0);
        buf_release(&text);
    }
    arena_release(&arena);
}

static void mistakes_have_places_and_reasons(void **state)
{
    static const char quote[] = "the quotation mark is never closed";
    static const char parenthesis[] =
        "a parenthesis must be quoted here: the command is not run by a shell";
    static const struct {
        const char *in;
        size_t start;
        const char *message;
    } cases[] = {
        {"a \"b", 2, quote},          {"'a' 'b", 4, quote},
        {"a `b", 2, quote},           {"a (b)", 2, parenthesis},
        {"a)", 1, parenthesis},       {"$(a", 1, parenthesis},
        {"$(a (b))", 4, parenthesis}, {"a \\", 2, "there is nothing behind the backslash"},
    };
    (void)state;
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct co_words words;
        struct co_fault fault;
        assert_false(co_words_split(&arena, str_from_cstr(cases[i].in), &words, &fault));
        assert_true(str_eq(fault.message, str_from_cstr(cases[i].message)));
        assert_int_equal(fault.start, cases[i].start);
        assert_int_equal(fault.end, cases[i].start + 1);
    }
    arena_release(&arena);
}

static plim_status split_many(const plim_allocator *allocator, void *user)
{
    size_t count = *(size_t *)user;
    struct buf text;
    buf_init(&text, NULL, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        buf_append_cstr(&text, "w ");
    }
    struct arena arena;
    struct co_words words;
    struct co_fault fault;
    arena_init(&arena, allocator, 0);
    if (co_words_split(&arena, buf_view(&text), &words, &fault)) {
        assert_int_equal(words.count, count);
        assert_true(str_eq(words.items[count - 1], STR("w")));
    } else {
        assert_true(arena_status(&arena) != PLIM_STATUS_OK);
    }
    plim_status status = arena_status(&arena);
    arena_release(&arena);
    buf_release(&text);
    return status;
}

static void many_words_and_failing_allocations(void **state)
{
    (void)state;
    size_t many = 100000;
    assert_int_equal(split_many(alloc_or_default(NULL), &many), PLIM_STATUS_OK);
    size_t few = 5000;
    fault_alloc_run(split_many, &few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_split_and_rests_are_lost),
        cmocka_unit_test(mistakes_have_places_and_reasons),
        cmocka_unit_test(many_words_and_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
