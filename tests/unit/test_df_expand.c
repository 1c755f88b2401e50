/* SPDX-License-Identifier: Apache-2.0
 *
 * test_df_expand.c - expansion beyond the reference table: unknown values, limits, quirks.
 */
#include "facts/dockerfile/df_expand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/buf.h"
#include "fault_alloc.h"

static const struct df_cause cause = {.text = {"N has no default", 16}, .start = 3, .end = 4};
static const struct df_cause base = {.text = {"from the base", 13}};

/* S is set, E is set and empty, N has no default, U is not knowable; the rest is unset. */
static struct df_variable_value look_up(void *user, struct str name)
{
    (void)user;
    if (str_eq(name, STR("S"))) {
        return (struct df_variable_value){.state = DF_VARIABLE_SET, .text = STR("a/b/c")};
    }
    if (str_eq(name, STR("E"))) {
        return (struct df_variable_value){.state = DF_VARIABLE_SET, .text = STR("")};
    }
    if (str_eq(name, STR("N"))) {
        return (struct df_variable_value){.state = DF_VARIABLE_NO_VALUE, .cause = &cause};
    }
    if (str_eq(name, STR("U"))) {
        return (struct df_variable_value){.state = DF_VARIABLE_UNKNOWN, .cause = &base};
    }
    return (struct df_variable_value){.state = DF_VARIABLE_UNSET};
}

struct bench {
    struct arena arena;
    struct df_expander expander;
};

static void start(struct bench *bench)
{
    arena_init(&bench->arena, NULL, 0);
    df_expander_init(&bench->expander, &bench->arena, look_up, NULL, '\\');
}

static void stop(struct bench *bench)
{
    df_expander_release(&bench->expander);
    arena_release(&bench->arena);
}

static void unknown_values_spread_unless_a_form_decides(void **state)
{
    static const struct {
        const char *in;
        const char *out;
        bool unknown;
        size_t known;
    } cases[] = {
        {"$S-x", "a/b/c-x", false, 7}, {"x-$N-y", "x--y", true, 2},     {"x-$U-y", "x--y", true, 2},
        {"${N:-d}", "d", false, 1},    {"${N-d}", "d", false, 1},       {"${N:+d}", "", false, 0},
        {"${N:?d}", "", true, 0},      {"${U:-d}", "", true, 0},        {"${U:+d}", "", true, 0},
        {"${U:?d}", "", true, 0},      {"${S:-$U}", "a/b/c", false, 5}, {"${E:-p$U}", "p", true, 1},
        {"${S:+p$N}", "p", true, 1},   {"${Q:+$U}z", "z", false, 1},    {"${S#$U}", "", true, 0},
        {"${U#a}", "", true, 0},       {"k${S/$N/x}", "k", true, 1},    {"${U//a/b}", "", true, 0},
        {"'$U'", "$U", false, 2},      {"\"$N\"", "", true, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct df_expansion out;
        start(&bench);
        df_expand_word(&bench.expander, &out, str_from_cstr(cases[i].in),
                       (struct df_expand_mode){0});
        assert_int_equal(out.error, DF_EXPAND_ERROR_NONE);
        assert_true(str_eq(out.text, str_from_cstr(cases[i].out)));
        assert_int_equal(out.unknown, cases[i].unknown);
        assert_int_equal(out.known, cases[i].known);
        assert_int_equal(out.cause != NULL, cases[i].unknown);
        stop(&bench);
    }
}

static void the_first_unknown_variable_is_the_cause(void **state)
{
    struct bench bench;
    struct df_expansion out;
    (void)state;
    start(&bench);
    df_expand_word(&bench.expander, &out, STR("$S$N$U"), (struct df_expand_mode){0});
    assert_ptr_equal(out.cause, &cause);
    df_expand_word(&bench.expander, &out, STR("$U$N"), (struct df_expand_mode){0});
    assert_ptr_equal(out.cause, &base);
    stop(&bench);
}

static void errors_are_named(void **state)
{
    static const struct {
        const char *in;
        enum df_expand_error error;
    } cases[] = {
        {"'a", DF_EXPAND_ERROR_SINGLE_QUOTE},      {"\"a", DF_EXPAND_ERROR_DOUBLE_QUOTE},
        {"${}", DF_EXPAND_ERROR_BAD_SUBSTITUTION}, {"${", DF_EXPAND_ERROR_MISSING_BRACE},
        {"${S:-x", DF_EXPAND_ERROR_MISSING_BRACE}, {"${S/x", DF_EXPAND_ERROR_MISSING_SLASH},
        {"${S/x/", DF_EXPAND_ERROR_MISSING_BRACE}, {"${S^}", DF_EXPAND_ERROR_MODIFIER},
        {"${S:1}", DF_EXPAND_ERROR_MODIFIER},      {"${S#\\x}", DF_EXPAND_ERROR_PATTERN},
        {"${S/\\x/}", DF_EXPAND_ERROR_PATTERN},    {"${E:?why}", DF_EXPAND_ERROR_REQUIRED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct df_expansion out;
        start(&bench);
        df_expand_word(&bench.expander, &out, str_from_cstr(cases[i].in),
                       (struct df_expand_mode){0});
        assert_int_equal(out.error, cases[i].error);
        assert_int_equal(out.text.len, 0);
        assert_true(df_expand_error_text(out.error).len > 0);
        if (out.error == DF_EXPAND_ERROR_REQUIRED) {
            assert_true(str_eq(out.message, STR("E: why")));
        }
        stop(&bench);
    }
}

static void plain_text_is_returned_as_it_is(void **state)
{
    struct bench bench;
    struct df_expansion out;
    struct str in = STR("a < b\xFF 80/tcp");
    (void)state;
    start(&bench);
    df_expand_word(&bench.expander, &out, in, (struct df_expand_mode){0});
    assert_ptr_equal(out.text.ptr, in.ptr);
    df_expand_word(&bench.expander, &out, STR("\xEF\xBB\xBFx"), (struct df_expand_mode){0});
    assert_true(str_eq(out.text, STR("x")));
    stop(&bench);
}

/* `depth` substitutions inside each other. */
static enum df_expand_error expand_nested(size_t depth)
{
    struct bench bench;
    struct buf text;
    struct df_expansion out;
    start(&bench);
    buf_init(&text, NULL, 1 << 20);
    for (size_t i = 0; i < depth; i++) {
        buf_append(&text, STR("${Q:-"));
    }
    for (size_t i = 0; i < depth; i++) {
        buf_append_char(&text, '}');
    }
    df_expand_word(&bench.expander, &out, buf_view(&text), (struct df_expand_mode){0});
    buf_release(&text);
    stop(&bench);
    return out.error;
}

static void nesting_is_limited(void **state)
{
    (void)state;
    assert_int_equal(expand_nested(DF_EXPAND_MAX_DEPTH - 1), DF_EXPAND_ERROR_NONE);
    assert_int_equal(expand_nested(DF_EXPAND_MAX_DEPTH), DF_EXPAND_ERROR_NONE);
    assert_int_equal(expand_nested(DF_EXPAND_MAX_DEPTH + 1), DF_EXPAND_ERROR_TOO_DEEP);
    assert_int_equal(expand_nested(100000), DF_EXPAND_ERROR_TOO_DEEP);
}

/* Expands a quoted text of `length` bytes with an expander that has produced `before` bytes. */
static enum df_expand_error expand_long(size_t length, size_t before, size_t work)
{
    struct bench bench;
    struct buf text;
    struct df_expansion out;
    start(&bench);
    bench.expander.total = before;
    bench.expander.work = work;
    buf_init(&text, NULL, (size_t)DF_EXPAND_MAX_BYTES * 4);
    buf_append_char(&text, '"');
    for (size_t i = 0; i < length; i++) {
        buf_append_char(&text, 'x');
    }
    buf_append_char(&text, '"');
    df_expand_word(&bench.expander, &out, buf_view(&text), (struct df_expand_mode){0});
    buf_release(&text);
    stop(&bench);
    return out.error;
}

static void growth_and_work_are_limited(void **state)
{
    (void)state;
    assert_int_equal(expand_long(DF_EXPAND_MAX_BYTES - 1, 0, 0), DF_EXPAND_ERROR_NONE);
    assert_int_equal(expand_long(DF_EXPAND_MAX_BYTES, 0, 0), DF_EXPAND_ERROR_NONE);
    assert_int_equal(expand_long(DF_EXPAND_MAX_BYTES + 1, 0, 0), DF_EXPAND_ERROR_TOO_LONG);
    assert_int_equal(expand_long((size_t)DF_EXPAND_MAX_BYTES * 3, 0, 0), DF_EXPAND_ERROR_TOO_LONG);
    assert_int_equal(expand_long(10, DF_EXPAND_MAX_TOTAL - 10, 0), DF_EXPAND_ERROR_NONE);
    assert_int_equal(expand_long(10, DF_EXPAND_MAX_TOTAL - 9, 0), DF_EXPAND_ERROR_BUDGET);
    assert_int_equal(expand_long(10, 0, DF_EXPAND_MAX_WORK - 1), DF_EXPAND_ERROR_NONE);
    assert_int_equal(expand_long(10, 0, DF_EXPAND_MAX_WORK), DF_EXPAND_ERROR_BUDGET);
}

static void names_are_listed_as_written(void **state)
{
    struct df_names names = {.text = STR("$A '$B' \"'$C'\" \\$D ${E:-$F} ${G} $1x $. ${H%x}"),
                             .escape = '\\'};
    struct buf found;
    struct str name;
    char form = '\0';
    (void)state;
    buf_init(&found, NULL, 1000);
    while (df_names_next(&names, &name, &form)) {
        buf_append(&found, name);
        buf_append_char(&found, form != '\0' ? form : '.');
    }
    assert_true(str_eq(buf_view(&found), STR("A.C.E-F.G.1.H%")));
    buf_release(&found);
}

static plim_status expand_all(const plim_allocator *allocator, void *user)
{
    struct arena arena;
    struct df_expander expander;
    struct df_expansion out;
    struct str *words = NULL;
    size_t count = 0;
    (void)user;
    arena_init(&arena, allocator, 0);
    df_expander_init(&expander, &arena, look_up, NULL, '\\');
    df_expand_word(&expander, &out, STR("'a'${S#*/}${S//b/$S}${E:?x}"), (struct df_expand_mode){0});
    df_expand_words(&expander, &out, &words, &count, STR("$S \"$S\" 'x y' ${S%/*}"),
                    (struct df_expand_mode){0});
    plim_status status = arena_status(&arena);
    if (status == PLIM_STATUS_OK) {
        assert_int_equal(count, 4);
    }
    df_expander_release(&expander);
    arena_release(&arena);
    return status;
}

static void failing_allocations_end_in_nomem(void **state)
{
    (void)state;
    fault_alloc_run(expand_all, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_values_spread_unless_a_form_decides),
        cmocka_unit_test(the_first_unknown_variable_is_the_cause),
        cmocka_unit_test(errors_are_named),
        cmocka_unit_test(plain_text_is_returned_as_it_is),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(growth_and_work_are_limited),
        cmocka_unit_test(names_are_listed_as_written),
        cmocka_unit_test(failing_allocations_end_in_nomem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
