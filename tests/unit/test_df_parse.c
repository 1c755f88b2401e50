/* SPDX-License-Identifier: Apache-2.0
 *
 * test_df_parse.c - places, limits and hostile files; what files mean is compared with the
 * reference by the conformance runner.
 */
#include "facts/dockerfile/df_parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/buf.h"
#include "facts/dockerfile/df_lex.h"
#include "fault_alloc.h"

struct parsed {
    struct arena arena;
    struct df_file file;
};

static void parse(struct parsed *out, struct str text)
{
    arena_init(&out->arena, NULL, 0);
    assert_int_equal(df_parse(&out->file, &out->arena, text), PLIM_STATUS_OK);
}

static void release(struct parsed *out)
{
    arena_release(&out->arena);
}

/* The word's place must show `expected` in the file. */
static void assert_place(const struct parsed *parsed, struct df_word word, const char *expected)
{
    struct str there = str_slice(parsed->file.text, word.start, word.end);
    assert_true(str_eq(there, str_from_cstr(expected)));
}

static const struct df_instruction *nth(const struct parsed *parsed, uint32_t n)
{
    static const struct df_instruction none;
    const struct df_instruction *at = parsed->file.instructions;
    while (at != NULL && n-- > 0) {
        at = at->next;
    }
    assert_non_null(at);
    return at != NULL ? at : &none;
}

static void places_survive_continuations(void **state)
{
    struct parsed parsed;
    (void)state;
    parse(&parsed, STR("\xEF\xBB\xBF"
                       "FROM a\r\n"
                       "COPY --chown=\"x y\" \\\r\n"
                       "  # no\r\n"
                       "  src\\\r\n"
                       "file ds\\ \r\n"
                       "t\r\n"
                       "ENV A=1 \\\n"
                       "\n"
                       "    B='2 3'\n"));
    const struct df_instruction *from = nth(&parsed, 0);
    assert_place(&parsed, from->name, "FROM");
    assert_int_equal(from->start, 3);
    const struct df_instruction *copy = nth(&parsed, 1);
    assert_int_equal(copy->last_line, 6);
    assert_int_equal(copy->flag_count, 1);
    assert_true(str_eq(copy->flags[0].value.text, STR("x y")));
    assert_place(&parsed, copy->flags[0].value, "\"x y\"");
    assert_place(&parsed, copy->flags[0].name, "--chown");
    assert_int_equal(copy->arg_count, 2);
    assert_true(str_eq(copy->args[0].text, STR("srcfile")));
    assert_place(&parsed, copy->args[0], "src\\\r\nfile");
    assert_true(str_eq(copy->args[1].text, STR("dst")));
    assert_place(&parsed, copy->args[1], "ds\\ \r\nt");
    const struct df_instruction *env = nth(&parsed, 2);
    assert_int_equal(env->pair_count, 2);
    assert_place(&parsed, env->pairs[1].name, "B");
    assert_place(&parsed, env->pairs[1].value, "'2 3'");
    assert_int_equal(parsed.file.empty_continuations, 1);
    const struct df_comment *comment = parsed.file.comments;
    assert_true(comment != NULL && str_eq(comment->text, STR("no")));
    release(&parsed);
}

static void heredocs_are_views_of_the_file(void **state)
{
    struct parsed parsed;
    (void)state;
    parse(&parsed, STR("FROM a\nRUN <<-A cat <<'B' \\\n && x\n\t1\n\tA\n2\nB\nRUN y\n"));
    const struct df_instruction *run = nth(&parsed, 1);
    assert_int_equal(run->heredoc_count, 2);
    assert_place(&parsed, run->heredocs[0].body, "\t1\n");
    assert_place(&parsed, run->heredocs[1].body, "2\n");
    assert_true(run->heredocs[0].expand && run->heredocs[0].chomp);
    assert_false(run->heredocs[1].expand || run->heredocs[1].chomp);
    assert_int_equal(run->last_line, 7);
    assert_int_equal(nth(&parsed, 2)->last_line, 8);
    release(&parsed);
}

/* A file, the layer that refuses it first, the line, and the instructions that are kept. */
static void refused_files_keep_their_facts(void **state)
{
    static const struct {
        const char *text;
        enum df_layer layer;
        uint32_t line;
        uint32_t kept;
    } cases[] = {
        {"FROM a\nRUN <<EOF\nx\n", DF_LAYER_PARSE, 2, 2},
        {"FROM a\nENV A\nRUN x\n", DF_LAYER_PARSE, 2, 3},
        {"FROM a\nENV A=1 B\nRUN x\n", DF_LAYER_PARSE, 2, 3},
        {"FROM a\nCMD [\"x\", 1]\nRUN x\n", DF_LAYER_PARSE, 2, 3},
        {"# escape=`\n# escape=\\\nFROM a\n", DF_LAYER_PARSE, 2, 1},
        {"# escape=x\nFROM a\n", DF_LAYER_PARSE, 1, 1},
        {"", DF_LAYER_PARSE, 1, 0},
        {"# only\n\n", DF_LAYER_PARSE, 2, 0},
        {"FROM a\nFOO x\nRUN x\n", DF_LAYER_INSTRUCTION, 2, 3},
        {"RUN x\nFROM a\n", DF_LAYER_INSTRUCTION, 1, 2},
        {"FROM a\nCOPY --nope a b\n", DF_LAYER_INSTRUCTION, 2, 2},
        {"FROM a\n\\\n", DF_LAYER_INSTRUCTION, 2, 2},
        {"FROM a\nRUN --mount='a\"b' x\n", DF_LAYER_INSTRUCTION, 2, 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed parsed;
        parse(&parsed, str_from_cstr(cases[i].text));
        const struct df_problem *problem = df_problem_first(&parsed.file, cases[i].layer);
        assert_non_null(problem);
        assert_ptr_equal(problem, parsed.file.problems);
        if (problem != NULL) {
            assert_int_equal(problem->line, cases[i].line);
            assert_true(problem->start <= problem->end && problem->end <= parsed.file.text.len);
        }
        assert_int_equal(parsed.file.instruction_count, cases[i].kept);
        release(&parsed);
    }
}

static void sound_files_have_no_problem(void **state)
{
    static const char *const cases[] = {
        "FROM a\nRUN x \\",
        "FROM a\nRUN x \\\n\n",
        "FROM a\nRUN\nCMD\nENTRYPOINT []\n",
        "ARG A\nFROM a\n",
        "from a as b\nrun x",
        "FROM a\nARG --x=1 A\nSTOPSIGNAL --y 9\nHEALTHCHECK --interval=x NONE\n",
        "FROM a\nONBUILD FOO\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed parsed;
        parse(&parsed, str_from_cstr(cases[i]));
        assert_null(parsed.file.problems);
        release(&parsed);
    }
}

/* A RUN line of `length` bytes. */
static void parse_line_of(size_t length, bool refused)
{
    struct parsed parsed;
    struct buf text;
    buf_init(&text, NULL, 1 << 20);
    buf_append(&text, STR("FROM a\nRUN "));
    for (size_t i = 4; i < length; i++) {
        buf_append_char(&text, 'x');
    }
    buf_append(&text, STR("\nRUN y\n"));
    parse(&parsed, buf_view(&text));
    assert_int_equal(parsed.file.problems != NULL, refused);
    assert_int_equal(parsed.file.instruction_count, 3);
    assert_int_equal(nth(&parsed, 1)->args[0].text.len, length - 4);
    release(&parsed);
    buf_release(&text);
}

static void long_physical_lines_are_refused(void **state)
{
    (void)state;
    parse_line_of(DF_LINE_MAX - 1, false);
    parse_line_of(DF_LINE_MAX, false);
    parse_line_of(DF_LINE_MAX + 1, true);
}

static void a_million_lines_pass(void **state)
{
    struct parsed parsed;
    struct buf text;
    (void)state;
    buf_init(&text, NULL, 16 << 20);
    buf_append(&text, STR("FROM a\n"));
    for (int i = 0; i < 500000; i++) {
        buf_append(&text, STR("#\nRUN x\n"));
    }
    parse(&parsed, buf_view(&text));
    assert_int_equal(parsed.file.instruction_count, 500001);
    assert_int_equal(parsed.file.line_count, 1000001);
    assert_null(parsed.file.problems);
    release(&parsed);
    buf_release(&text);
}

static void onbuild_nests_only_so_deep(void **state)
{
    struct parsed parsed;
    struct buf text;
    uint32_t depth = 0;
    (void)state;
    buf_init(&text, NULL, 1 << 20);
    buf_append(&text, STR("FROM a\n"));
    for (int i = 0; i < 5000; i++) {
        buf_append(&text, STR("ONBUILD "));
    }
    parse(&parsed, buf_view(&text));
    for (const struct df_instruction *at = nth(&parsed, 1)->sub; at != NULL; at = at->sub) {
        depth++;
    }
    assert_int_equal(depth, DF_ONBUILD_MAX_DEPTH);
    assert_non_null(df_problem_first(&parsed.file, DF_LAYER_INSTRUCTION));
    release(&parsed);
    buf_release(&text);
}

static plim_status parse_everything(const plim_allocator *allocator, void *user)
{
    struct arena arena;
    struct df_file file;
    (void)user;
    arena_init(&arena, allocator, 0);
    plim_status status = df_parse(
        &file, &arena,
        STR("# syntax=x\n# note\nARG A=1 B\nFROM --platform=\"l\\i\" a AS b\n"
            "ENV A=1 B='x y' \\\n C=d\nLABEL a b\nRUN --mount=type=cache,id=\"a\"\"b\" <<E\nx\nE\n"
            "CMD [\"a\\u0041\", \"b\"]\nHEALTHCHECK CMD x\nONBUILD COPY a b\nFOO --a b\n"
            "VOLUME [\"\"]\nEXPOSE 80 81\n"));
    if (status == PLIM_STATUS_OK) {
        assert_int_equal(file.instruction_count, 11);
    }
    arena_release(&arena);
    return status;
}

static void failing_allocations_end_in_nomem(void **state)
{
    (void)state;
    fault_alloc_run(parse_everything, NULL);
}

static void a_full_arena_is_a_limit(void **state)
{
    struct arena arena;
    struct df_file file;
    (void)state;
    arena_init(&arena, NULL, 600);
    assert_int_equal(df_parse(&file, &arena, STR("FROM a\nRUN b\nRUN c\n")), PLIM_STATUS_LIMIT);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_survive_continuations),
        cmocka_unit_test(heredocs_are_views_of_the_file),
        cmocka_unit_test(refused_files_keep_their_facts),
        cmocka_unit_test(sound_files_have_no_problem),
        cmocka_unit_test(long_physical_lines_are_refused),
        cmocka_unit_test(a_million_lines_pass),
        cmocka_unit_test(onbuild_nests_only_so_deep),
        cmocka_unit_test(failing_allocations_end_in_nomem),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
