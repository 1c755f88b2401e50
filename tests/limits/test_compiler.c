/* SPDX-License-Identifier: Apache-2.0
 *
 * test_compiler.c - the limits of the compiler, each with a policy made one below, at, and one
 * above.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/check.h"
#include "compiler/resolve.h"
#include "core/buf.h"
#include "facts/schema.h"
#include "tests/unit/compile_help.h"

/* Appends a policy whose measure is `n`. */
typedef void generator(struct buf *out, unsigned n);

/* Compiles a policy of measure `n`; whether one of its messages holds `reason`. */
static bool refuses(generator *generate, unsigned n, const char *reason, plim_status *status)
{
    struct buf text;
    buf_init(&text, NULL, 16 << 20);
    generate(&text, n);
    assert_int_equal(buf_status(&text), PLIM_STATUS_OK);
    struct compile_help help;
    compile_help_init(&help, NULL, text.data);
    struct str summary = buf_view(&help.summary);
    bool refused = str_find(summary, str_from_cstr(reason)) < summary.len;
    *status = help.status;
    compile_help_release(&help);
    buf_release(&text);
    return refused;
}

static void assert_limit(generator *generate, unsigned limit, const char *reason)
{
    for (unsigned n = limit - 1; n <= limit + 1; n++) {
        plim_status status;
        bool refused = refuses(generate, n, reason, &status);
        assert_int_equal(refused, n > limit);
        assert_int_equal(status, n > limit ? PLIM_STATUS_POLICY : PLIM_STATUS_OK);
    }
}

static void make_arms(struct buf *out, unsigned n)
{
    buf_append_cstr(out, COMPILE_HEAD "for s in stage\n");
    for (unsigned i = 0; i < n; i++) {
        buf_printf(out, "deny a%u when s.index == %u at s message \"{s.label}\"\n", i, i);
    }
    buf_append_cstr(out, "}\n");
}

static void make_clauses(struct buf *out, unsigned n)
{
    buf_append_cstr(out, COMPILE_HEAD "for s in stage\n");
    for (unsigned i = 1; i < n; i++) {
        buf_append_cstr(out, "where s.is-final\n");
    }
    buf_append_cstr(out, "deny when s.index == 0 at s message \"{s.label}\"\n}\n");
}

static void append_rule_with(struct buf *out, const char *condition)
{
    buf_printf(out, COMPILE_HEAD "for s in stage\ndeny when %s at s message \"{s.label}\"\n}\n",
               condition);
}

/* The deepest helper comes last, so that the first one checked needs all others. */
static void make_helpers(struct buf *out, unsigned n)
{
    append_rule_with(out, "h1(s.index)");
    for (unsigned i = 1; i < n; i++) {
        buf_printf(out, "def h%u(x: int) = h%u(x)\n", i, i + 1);
    }
    buf_printf(out, "def h%u(x: int) = x == 0\n", n);
}

/* Same, the other way round: every helper is checked before the one that uses it. */
static void make_helpers_first(struct buf *out, unsigned n)
{
    buf_printf(out, "def h%u(x: int) = x == 0\n", n);
    for (unsigned i = n - 1; i >= 1; i--) {
        buf_printf(out, "def h%u(x: int) = h%u(x)\n", i, i + 1);
    }
    append_rule_with(out, "h1(s.index)");
}

static void make_arguments(struct buf *out, unsigned n)
{
    buf_append_cstr(out, "def f(");
    for (unsigned i = 0; i < n; i++) {
        buf_printf(out, "%sa%u: int", i > 0 ? ", " : "", i);
    }
    buf_append_cstr(out, ") = a0 == 0\n");
    struct buf call;
    buf_init(&call, NULL, 1000);
    buf_append_cstr(&call, "f(");
    for (unsigned i = 0; i < n; i++) {
        buf_append_cstr(&call, i > 0 ? ", s.index" : "s.index");
    }
    buf_append_cstr(&call, ")");
    append_rule_with(out, call.data);
    buf_release(&call);
}

static void make_unrolled(struct buf *out, unsigned n)
{
    struct buf condition;
    buf_init(&condition, NULL, 10000);
    buf_append_cstr(&condition, "any x in [");
    for (unsigned i = 0; i < n; i++) {
        buf_printf(&condition, "%s\"n%u\"", i > 0 ? ", " : "", i);
    }
    buf_append_cstr(&condition, "]: s.label == x");
    append_rule_with(out, condition.data);
    buf_release(&condition);
}

static void make_set(struct buf *out, unsigned n)
{
    buf_append_cstr(out, "list names = [");
    for (unsigned i = 0; i < n; i++) {
        buf_printf(out, "%s\"n%u\"", i > 0 ? "," : "", i);
    }
    buf_append_cstr(out, "]\n");
    append_rule_with(out, "s.label in names");
}

/* Each test of a kind leaves two conditions that hold from there on. */
static void make_guards(struct buf *out, unsigned n)
{
    buf_append_cstr(out, COMPILE_HEAD "for i in instruction\n");
    for (unsigned done = 0; done < n;) {
        buf_append_cstr(out, "where i is run");
        for (done += 2; done < n && done % 16 != 0; done += 2) {
            buf_append_cstr(out, " and i is run");
        }
        buf_append_cstr(out, "\n");
    }
    buf_append_cstr(out, "deny when i.index == 0 at i message \"{i.label}\"\n}\n");
}

static void arms(void **state)
{
    (void)state;
    assert_limit(make_arms, CHECK_MAX_ARMS, "E0406");
}

/* So many clauses need more registers than there are, whatever else they do. */
static void clauses(void **state)
{
    (void)state;
    plim_status status;
    assert_false(refuses(make_clauses, CHECK_MAX_CLAUSES / 2, "E0406", &status));
    assert_int_equal(status, PLIM_STATUS_OK);
    assert_false(refuses(make_clauses, CHECK_MAX_CLAUSES - 1, "clauses", &status));
    assert_false(refuses(make_clauses, CHECK_MAX_CLAUSES, "clauses", &status));
    assert_true(refuses(make_clauses, CHECK_MAX_CLAUSES + 1, "clauses", &status));
}

static void helpers(void **state)
{
    (void)state;
    assert_limit(make_helpers, CHECK_MAX_HELPERS, "E0406");
    assert_limit(make_helpers_first, CHECK_MAX_HELPERS, "E0406");
}

static void arguments(void **state)
{
    (void)state;
    assert_limit(make_arguments, CHECK_MAX_ARGUMENTS, "E0406");
}

static void unrolled_elements(void **state)
{
    (void)state;
    assert_limit(make_unrolled, CHECK_MAX_UNROLL, "E0301");
}

static void guards(void **state)
{
    (void)state;
    plim_status status;
    assert_false(refuses(make_guards, CHECK_MAX_GUARDS - 2, "E0406", &status));
    assert_false(refuses(make_guards, CHECK_MAX_GUARDS, "E0406", &status));
    assert_true(refuses(make_guards, CHECK_MAX_GUARDS + 2, "E0406", &status));
}

/* A list at the limit of the language is refused all the same, by the size of the program. */
static void set_elements(void **state)
{
    (void)state;
    plim_status status;
    assert_false(refuses(make_set, CHECK_MAX_SET / 2, "E0406", &status));
    assert_int_equal(status, PLIM_STATUS_OK);
    assert_false(refuses(make_set, CHECK_MAX_SET - 1, "a list holds at most", &status));
    assert_false(refuses(make_set, CHECK_MAX_SET, "a list holds at most", &status));
    assert_true(refuses(make_set, CHECK_MAX_SET + 1, "a list holds at most", &status));
}

/* `for` may name every kind at once; RESOLVE_MAX_TARGETS must leave room for that. */
static void targets_have_room_for_all_kinds(void **state)
{
    (void)state;
    assert_true(FACT_KIND_COUNT + FACT_VIEW_COUNT <= RESOLVE_MAX_TARGETS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arms),         cmocka_unit_test(clauses),
        cmocka_unit_test(helpers),      cmocka_unit_test(arguments),
        cmocka_unit_test(guards),       cmocka_unit_test(unrolled_elements),
        cmocka_unit_test(set_elements), cmocka_unit_test(targets_have_room_for_all_kinds),
    };
    return cmocka_run_group_tests_name("limits of the compiler", tests, NULL, NULL);
}
