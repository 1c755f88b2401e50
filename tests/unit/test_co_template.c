/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_template.c - forms, holes, places, messages, bounds, memory failures. That the forms
 * equal Compose's is shown by the conformance table compose_interpolation.
 */
#include "facts/compose/co_template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "core/alloc.h"
#include "fault_alloc.h"

struct bench {
    struct arena arena;
    struct co_env env;
    struct co_scope scope;
    struct co_template state;
    struct co_expansion out;
};

static void put(struct bench *bench, const char *name, const char *value)
{
    struct co_variable variable = {
        .name = str_from_cstr(name),
        .value = str_from_cstr(value),
        .set = {5, 10, 20},
        .rank = CO_RANK_GIVEN,
    };
    co_env_put(&bench->env, &variable);
}

/* A is "1", EMPTY is empty, PART is "a" and a hole, WHOLE is a hole. */
static plim_status open_bench(struct bench *bench, const plim_allocator *allocator,
                              enum co_unset unset)
{
    memset(bench, 0, sizeof *bench);
    arena_init(&bench->arena, allocator, 0);
    co_template_init(&bench->state, &bench->arena, unset);
    if (co_env_init(&bench->env, allocator, 1) != PLIM_STATUS_OK) {
        return PLIM_STATUS_NOMEM;
    }
    put(bench, "A", "1");
    put(bench, "EMPTY", "");
    put(bench, "PART", "a\xff");
    put(bench, "WHOLE", "\xff");
    bench->scope.env = &bench->env;
    return co_env_status(&bench->env);
}

static void close_bench(struct bench *bench)
{
    co_template_release(&bench->state);
    co_env_release(&bench->env);
    arena_release(&bench->arena);
}

static void expand_str(struct bench *bench, struct str text, struct str raw)
{
    struct co_written written = {.span = {3, 100, 100 + (uint32_t)raw.len}, .raw = raw};
    co_template_expand(&bench->state, &bench->out, text, &written, &bench->scope);
}

static void expand(struct bench *bench, const char *text)
{
    expand_str(bench, str_from_cstr(text), str_from_cstr(text));
}

static void what_nobody_knows_is_a_hole(void **state)
{
    static const struct {
        const char *in;
        const char *out;
        bool known; /* of the first variable */
        bool defaulted;
    } cases[] = {
        {"$A", "1", true, false},
        {"x$B-y", "x\xff-y", false, false},
        {"${B}:80", "\xff:80", false, false},
        {"${B:-d}", "d", true, true},
        {"${B-d$C}", "d\xff", true, true},
        {"${B:+x}", "", true, true},
        {"${B+x}", "", true, true},
        {"${A:+x}", "x", true, false},
        {"${B:?must be set}", "\xff", false, false},
        {"${B?must be set}", "\xff", false, false},
        {"${PART}", "a\xff", false, false},
        {"${PART:-d}", "a\xff", false, false},
        {"${PART:+d}", "d", true, false},
        {"${WHOLE:-d}", "\xff", false, false},
        {"${WHOLE:+d}", "\xff", false, false},
        {"${WHOLE+d}", "d", true, false},
        {"${WHOLE:?m}", "\xff", false, false},
    };
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL), CO_UNSET_HOLE), PLIM_STATUS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expand(&bench, cases[i].in);
        assert_int_equal(bench.out.error, CO_TEMPLATE_NONE);
        assert_true(str_eq(bench.out.text, str_from_cstr(cases[i].out)));
        assert_int_equal(bench.out.holes, strchr(cases[i].out, TREE_HOLE) != NULL);
        assert_non_null(bench.out.variables);
        assert_int_equal(bench.out.variables->known, cases[i].known);
        assert_int_equal(bench.out.variables->defaulted, cases[i].defaulted);
    }
    close_bench(&bench);
}

static void unset_is_empty_where_asked_for(void **state)
{
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL), CO_UNSET_EMPTY), PLIM_STATUS_OK);
    expand(&bench, "x$B-y");
    assert_true(str_eq(bench.out.text, STR("x-y")));
    assert_false(bench.out.holes);
    assert_false(bench.out.variables->known);
    expand(&bench, "${B:?no $A}");
    assert_int_equal(bench.out.error, CO_TEMPLATE_REQUIRED);
    assert_true(str_eq(bench.out.message, STR("the variable B needs a value: no 1")));
    assert_true(bench.out.holes);
    close_bench(&bench);
}

static void a_text_without_dollars_is_itself(void **state)
{
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL), CO_UNSET_HOLE), PLIM_STATUS_OK);
    const char *text = "plain {text}";
    expand(&bench, text);
    assert_ptr_equal(bench.out.text.ptr, text);
    assert_null(bench.out.variables);
    expand(&bench, "");
    assert_int_equal(bench.out.text.len, 0);
    close_bench(&bench);
}

static void expect_span(struct span span, uint32_t start, uint32_t end)
{
    assert_int_equal(span.source, 3);
    assert_int_equal(span.start, start);
    assert_int_equal(span.end, end);
}

static void uses_know_their_places(void **state)
{
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL), CO_UNSET_HOLE), PLIM_STATUS_OK);
    expand(&bench, "a${B:-$A}c$$$A");
    const struct tree_variable *use = bench.out.variables;
    expect_span(use->use, 101, 109);
    assert_int_equal(use->set.source, SOURCE_NONE);
    expect_span(use->next->use, 106, 108);
    assert_int_equal(use->next->set.start, 10);
    expect_span(use->next->next->use, 112, 114);
    assert_null(use->next->next->next);
    /* Folded and escaped: only "$" are counted. */
    expand_str(&bench, STR("a $A b $B"), STR("\"a\n   $A\\x20b $B\""));
    expect_span(bench.out.variables->use, 106, 108);
    expect_span(bench.out.variables->next->use, 114, 116);
    /* A "$" that is not written as one: the whole scalar. */
    expand_str(&bench, STR("$A"), STR("\"\\x24A\""));
    expect_span(bench.out.variables->use, 100, 107);
    /* A use that is folded itself ends where text and file part. */
    expand_str(&bench, STR("${B:-a b}"), STR("${B:-a\n b}"));
    expect_span(bench.out.variables->use, 100, 106);
    close_bench(&bench);
}

static void mistakes_have_places_and_reasons(void **state)
{
    static const struct {
        const char *in;
        enum co_template_error error;
        uint32_t start;
        uint32_t end;
        const char *message;
    } cases[] = {
        {"ab${A", CO_TEMPLATE_FORMAT, 2, 5, "\"${A\" has no closing } on its line"},
        {"${A\n}", CO_TEMPLATE_FORMAT, 0, 3, "\"${A\" has no closing } on its line"},
        {"${}", CO_TEMPLATE_FORMAT, 0, 3,
         "\"${}\" is no variable: a name of letters, digits and _ must follow ${"},
        {"${1}x", CO_TEMPLATE_FORMAT, 0, 4,
         "\"${1}\" is no variable: a name of letters, digits and _ must follow ${"},
        {"$A ${A:=x}", CO_TEMPLATE_FORMAT, 3, 10,
         "\"${A:=x}\" is no form of a variable: only :- - :+ + :? ? can follow its name"},
        {"${EMPTY:?say $A}", CO_TEMPLATE_REQUIRED, 0, 16,
         "the variable EMPTY needs a value: say 1"},
        {"${EMPTY:?}", CO_TEMPLATE_REQUIRED, 0, 10, "the variable EMPTY needs a value"},
        {"${EMPTY:?${}", CO_TEMPLATE_FORMAT, 9, 11, "\"${\" has no closing } on its line"},
    };
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL), CO_UNSET_HOLE), PLIM_STATUS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expand(&bench, cases[i].in);
        assert_int_equal(bench.out.error, cases[i].error);
        assert_memory_equal(bench.out.message.ptr, cases[i].message, strlen(cases[i].message) + 1);
        expect_span(bench.out.place, 100 + cases[i].start, 100 + cases[i].end);
        assert_true(str_eq(bench.out.text, STR("\xff")));
    }
    close_bench(&bench);
}

static void quotations_in_messages_are_cut(void **state)
{
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL), CO_UNSET_HOLE), PLIM_STATUS_OK);
    char text[3 * CO_QUOTE_MAX];
    for (size_t length = CO_QUOTE_MAX - 1; length <= CO_QUOTE_MAX + 1; length++) {
        memset(text, 'x', length);
        memcpy(text, "${1", 3);
        text[length - 1] = '}';
        expand_str(&bench, str_make(text, length), str_make(text, length));
        bool cut = str_find(bench.out.message, STR("...\"")) < bench.out.message.len;
        assert_int_equal(cut, length > CO_QUOTE_MAX);
    }
    /* Not inside a character, and holes are shown as such. */
    memset(text, 'x', CO_QUOTE_MAX + 4);
    memcpy(text + CO_QUOTE_MAX - 1, "\xC3\xA4", 2);
    struct str quote = co_quote(&bench.arena, "a ", str_make(text, CO_QUOTE_MAX + 4), " b");
    assert_true(str_ends_with(quote, STR("xxx...\" b")));
    quote = co_quote(&bench.arena, "", STR("\xff:80800"), "");
    assert_true(str_eq(quote, STR("\"${...}:80800\"")));
    close_bench(&bench);
}

/* ${B:-${B:-...x}} with `depth` levels. */
static struct str nested(struct arena *arena, size_t depth)
{
    struct buf text;
    buf_init(&text, NULL, 1 << 20);
    for (size_t i = 0; i < depth; i++) {
        buf_append_cstr(&text, "${B:-");
    }
    buf_append_char(&text, 'x');
    buf_append_repeated(&text, '}', depth);
    struct str out = arena_copy_str(arena, buf_view(&text));
    buf_release(&text);
    return out;
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL), CO_UNSET_HOLE), PLIM_STATUS_OK);
    static const size_t depths[] = {CO_TEMPLATE_MAX_DEPTH - 1, CO_TEMPLATE_MAX_DEPTH,
                                    CO_TEMPLATE_MAX_DEPTH + 1, 10000};
    for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++) {
        expand_str(&bench, nested(&bench.arena, depths[i]), STR(""));
        bool within = depths[i] <= CO_TEMPLATE_MAX_DEPTH;
        assert_int_equal(bench.out.error, within ? CO_TEMPLATE_NONE : CO_TEMPLATE_LIMIT);
        assert_true(str_eq(bench.out.text, within ? STR("x") : STR("\xff")));
    }
    /* What is not used is not read. */
    put(&bench, "B", "set");
    expand_str(&bench, nested(&bench.arena, 10000), STR(""));
    assert_true(str_eq(bench.out.text, STR("set")));
    close_bench(&bench);
}

static void growth_is_bounded(void **state)
{
    (void)state;
    struct bench bench;
    assert_int_equal(open_bench(&bench, alloc_or_default(NULL), CO_UNSET_HOLE), PLIM_STATUS_OK);
    char *half = arena_alloc(&bench.arena, CO_TEMPLATE_MAX_BYTES / 2 + 1);
    assert_non_null(half);
    memset(half, 'h', CO_TEMPLATE_MAX_BYTES / 2);
    put(&bench, "H", half);
    static const struct {
        const char *in;
        enum co_template_error error;
    } cases[] = {
        {"$H${H:-}", CO_TEMPLATE_NONE},
        {"$H${H}x", CO_TEMPLATE_LIMIT},
        {"$H$A", CO_TEMPLATE_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expand(&bench, cases[i].in);
        assert_int_equal(bench.out.error, cases[i].error);
    }
    /* A result of one byte less than the most, the most, and one byte more. */
    put(&bench, "G", half + 1);
    expand(&bench, "$H$G");
    assert_int_equal(bench.out.text.len, CO_TEMPLATE_MAX_BYTES - 1);
    expand(&bench, "$H$G.");
    assert_int_equal(bench.out.text.len, CO_TEMPLATE_MAX_BYTES);
    expand(&bench, "$H$G..");
    assert_int_equal(bench.out.error, CO_TEMPLATE_LIMIT);
    close_bench(&bench);
}

static void work_is_bounded(void **state)
{
    (void)state;
    for (size_t left = 3; left <= 5; left++) {
        struct bench bench;
        assert_int_equal(open_bench(&bench, alloc_or_default(NULL), CO_UNSET_HOLE), PLIM_STATUS_OK);
        bench.state.work = CO_TEMPLATE_MAX_WORK - left;
        expand(&bench, "$A$A"); /* reads 4 bytes, writes 2 */
        assert_int_equal(bench.out.error, CO_TEMPLATE_LIMIT);
        bench.state.work = CO_TEMPLATE_MAX_WORK - left;
        expand(&bench, "$A-"); /* reads 3, writes 2 */
        assert_int_equal(bench.out.error, left < 5 ? CO_TEMPLATE_LIMIT : CO_TEMPLATE_NONE);
        close_bench(&bench);
    }
}

static plim_status scenario(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct bench bench;
    plim_status status = open_bench(&bench, allocator, CO_UNSET_HOLE);
    static const char *const texts[] = {"x$A${B:-${C}}y", "${EMPTY:?m$A}", "${}", "${A:+$PART}"};
    for (size_t i = 0; status == PLIM_STATUS_OK && i < sizeof texts / sizeof texts[0]; i++) {
        expand(&bench, texts[i]);
        status = arena_status(&bench.arena);
    }
    if (status == PLIM_STATUS_OK) {
        assert_true(str_eq(bench.out.text, STR("a\xff")));
    }
    close_bench(&bench);
    return status;
}

static void failing_allocations_are_reported(void **state)
{
    (void)state;
    fault_alloc_run(scenario, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_knows_is_a_hole),
        cmocka_unit_test(unset_is_empty_where_asked_for),
        cmocka_unit_test(a_text_without_dollars_is_itself),
        cmocka_unit_test(uses_know_their_places),
        cmocka_unit_test(mistakes_have_places_and_reasons),
        cmocka_unit_test(quotations_in_messages_are_cut),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(growth_is_bounded),
        cmocka_unit_test(work_is_bounded),
        cmocka_unit_test(failing_allocations_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
