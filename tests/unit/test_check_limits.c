/* SPDX-License-Identifier: Apache-2.0
 *
 * test_check_limits.c - each limit of compiler/check.h one below, at and one above; what lies above
 * is a located error.
 */
#include "compiler/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/compile_help.h"

/* A text made of a repeated piece, in which # is the number of the repetition from 0 and @ the next
 * number. */
struct limit_case {
    const char *before;
    const char *piece;
    const char *after;
    size_t limit;        /* number of pieces that is still accepted */
    const char *summary; /* part of what is said above it */
};

#define HEAD COMPILE_HEAD "for s in stage\n"
#define END "deny when s.is-final at s message \"{s}\" }\n"

static const struct limit_case limits[] = {
    {HEAD, "deny a# when s.index == # at s message \"{s}\"\n", "}\n", CHECK_MAX_ARMS,
     "E0406 1:6 a rule has at most 64 arms"},
    /* `for` is a clause too. */
    {HEAD, "where s.index != #\n", END, CHECK_MAX_CLAUSES - 1,
     "E0406 258:1 a rule has at most 256 clauses"},
    {"def f(", "a#: int, ", "z: int) = z == 1\n", CHECK_MAX_ARGUMENTS - 1,
     "E0406 1:5 a helper takes at most 16 arguments"},
    /* The last one uses none. */
    {"", "def h#(n: string) = h@(n)\n", "", CHECK_MAX_HELPERS - 1,
     "helpers use each other more than 32 deep"},
    {"list l = [", "#, ", "99999999]\n" HEAD "deny when s.index in l at s message \"{s}\" }\n",
     CHECK_MAX_SET - 1, "E0406 1:10 a list holds at most 65535 elements"},
    {"list l = [", "\"#\", ",
     "\"\"]\n" HEAD "deny when any n in l: starts-with(s.label, n) at s message \"{s}\" }\n",
     CHECK_MAX_UNROLL - 1, "E0301 4:20 constants can be ranged over only with any"},
};

static void write_pieces(struct buf *text, const struct limit_case *limit, size_t count)
{
    buf_clear(text);
    buf_append_cstr(text, limit->before);
    for (size_t i = 0; i < count; i++) {
        for (const char *c = limit->piece; *c != '\0'; c++) {
            if (*c == '#' || *c == '@') {
                buf_append_u64(text, *c == '#' ? i : i + 1);
            } else {
                buf_append_char(text, *c);
            }
        }
    }
    buf_append_cstr(text, limit->after);
}

static void check_text_of(struct buf *text, const char *summary, bool accepted)
{
    struct compile_help help;
    compile_help_init(&help, NULL, text->data);
    if ((help.diags.errors == 0) != accepted ||
        (!accepted && strstr(help.summary.data, summary) == NULL)) {
        fail_msg("%s: %.2000s", summary, help.summary.data);
    }
    compile_help_release(&help);
}

static void limits_hold_on_both_sides(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, NULL, 1 << 24);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        for (size_t extra = 0; extra < 3; extra++) {
            size_t count = limits[i].limit - 1 + extra;
            write_pieces(&text, &limits[i], count);
            if (limits[i].limit == CHECK_MAX_HELPERS - 1) {
                buf_printf(&text, "def h%zu(n: string) = n == \"a\"\n", count);
            }
            check_text_of(&text, limits[i].summary, extra < 2);
        }
    }
    buf_release(&text);
}

/* `has` of a path of `fields` steps behind `bases` times base-stage: each prefix is one guard. */
static void write_has(struct buf *text, size_t bases, size_t fields)
{
    buf_append_cstr(text, "where has s");
    for (size_t i = 0; i < bases; i++) {
        buf_append_cstr(text, ".base-stage");
    }
    for (size_t i = 0; i < fields; i++) {
        buf_append_cstr(text, i % 2 == 0 ? ".dockerfile" : ".final-stage");
    }
    buf_append_char(text, '\n');
}

static void guards_have_a_limit(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, NULL, 1 << 20);
    for (size_t extra = 0; extra < 3; extra++) {
        size_t left = CHECK_MAX_GUARDS - 2 + extra; /* one is for s itself */
        buf_clear(&text);
        buf_append_cstr(&text, HEAD);
        for (size_t bases = 0; left > 0; bases++) {
            left -= bases > 0 ? 1 : 0;
            size_t fields = left < 100 ? left : 100;
            write_has(&text, bases, fields);
            left -= fields;
        }
        buf_append_cstr(&text, END);
        check_text_of(&text, "E0406 2:5 more than 1024 conditions about presence", extra < 2);
    }
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_hold_on_both_sides),
        cmocka_unit_test(guards_have_a_limit),
    };
    return cmocka_run_group_tests_name("check_limits", tests, NULL, NULL);
}
