/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_cast.c - texts as booleans and numbers, compared with Go's strconv.
 */
#include "facts/compose/co_cast.h"

#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/alloc.h"

static const struct span nowhere = {SOURCE_NONE, 0, 0};

/* Casts a text; the node is valid until the arena is released. */
static struct tree_node *cast(struct arena *arena, const char *text, enum co_cast type, bool *ok)
{
    struct tree_node *node = tree_new(arena, TREE_STRING, nowhere, str_from_cstr(text));
    assert_non_null(node);
    *ok = co_cast_text(arena, node, type);
    if (!*ok) {
        assert_int_equal(node->kind, TREE_STRING);
    }
    return node;
}

static void test_booleans(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int value; /* -1: none */
        bool old;
    } cases[] = {
        {"true", 1, false},   {"TRUE", 1, false},   {"False", 0, false}, {"y", 1, true},
        {"Yes", 1, true},     {"ON", 1, true},      {"n", 0, true},      {"no", 0, true},
        {"Off", 0, true},     {"", -1, false},      {"1", -1, false},    {"t", -1, false},
        {" true", -1, false}, {"truee", -1, false},
    };
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ok;
        const struct tree_node *node = cast(&arena, cases[i].text, CO_CAST_BOOL, &ok);
        if (ok != (cases[i].value >= 0) ||
            (ok && (node->kind != TREE_BOOL || node->u.boolean != (cases[i].value == 1)))) {
            fail_msg("\"%s\" is cast wrongly", cases[i].text);
        }
        assert_int_equal(co_cast_old_word(str_from_cstr(cases[i].text)), cases[i].old);
    }
    arena_release(&arena);
}

static void test_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"+7", true, 7},
        {"-7", true, -7},
        {"010", true, 10},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+-1", false, 0},
        {"1_000", false, 0},
        {"0x10", false, 0},
        {"1.0", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
    };
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ok;
        const struct tree_node *node = cast(&arena, cases[i].text, CO_CAST_INT, &ok);
        if (ok != cases[i].ok ||
            (ok && (node->kind != TREE_INT || node->u.integer != cases[i].value))) {
            fail_msg("\"%s\" is cast wrongly", cases[i].text);
        }
    }
    arena_release(&arena);
}

static void test_reals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        double value;
    } cases[] = {
        {"0.5", true, 0.5},
        {".5", true, 0.5},
        {"5.", true, 5},
        {"010", true, 10},
        {"-1.5", true, -1.5},
        {"+2", true, 2},
        {"1e3", true, 1000},
        {"1E+2", true, 100},
        {"25e-2", true, 0.25},
        {"-inf", true, -HUGE_VAL},
        {"Infinity", true, HUGE_VAL},
        {"08", true, 8},
        {"1e999", false, 0},
        {"", false, 0},
        {".", false, 0},
        {"1e", false, 0},
        {"1e+", false, 0},
        {"1.2.3", false, 0},
        {"1_0", false, 0},
        {"lots", false, 0},
        {"0.5 ", false, 0},
        {"--1", false, 0},
        {"1,5", false, 0},
    };
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ok;
        const struct tree_node *node = cast(&arena, cases[i].text, CO_CAST_FLOAT, &ok);
        bool equal = ok && node->kind == TREE_FLOAT && !(node->u.real < cases[i].value) &&
                     !(node->u.real > cases[i].value);
        if (ok != cases[i].ok || (ok && !equal)) {
            fail_msg("\"%s\" is cast wrongly", cases[i].text);
        }
    }
    bool ok;
    const struct tree_node *node = cast(&arena, "NaN", CO_CAST_FLOAT, &ok);
    assert_true(ok && isnan(node->u.real));
    arena_release(&arena);
}

static void test_no_cast_changes_nothing(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    bool ok;
    const struct tree_node *node = cast(&arena, "true", CO_CAST_NONE, &ok);
    assert_true(ok);
    assert_int_equal(node->kind, TREE_STRING);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_booleans),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_reals),
        cmocka_unit_test(test_no_cast_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
