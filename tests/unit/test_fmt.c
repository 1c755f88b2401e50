/* SPDX-License-Identifier: Apache-2.0
 *
 * test_fmt.c - compiler/fmt.c over every policy and every golden tree: formatting twice changes
 * nothing, and formatting never changes the tree. The layout itself is tested by the goldens of
 * stage `fmt`. Run from the top of the tree.
 */
#include "compiler/fmt.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "compiler/ast.h"
#include "compiler/fmt_line.h"
#include "compiler/parse.h"
#include "tests/unit/fault_alloc.h"

enum { MOST_BYTES = 8 << 20 };

/* Formats `text` and dumps the tree it had. */
static plim_status format(struct buf *out, struct buf *tree, struct str text,
                          const plim_allocator *allocator)
{
    struct source_set sources;
    struct diag_list diags;
    struct arena arena;
    source_id id = SOURCE_NONE;
    source_set_init(&sources, allocator);
    diag_list_init(&diags, allocator);
    arena_init(&arena, allocator, 0);
    struct ast_module *module = NULL;
    plim_status status = source_add_view(&sources, &id, STR("t.plim"), text);
    if (status == PLIM_STATUS_OK) {
        status = format_module(out, &sources, id, &diags);
    }
    if (status == PLIM_STATUS_OK && tree != NULL) {
        status = parse_module(&module, &arena, &sources, id, &diags);
    }
    if (status == PLIM_STATUS_OK && tree != NULL) {
        ast_dump(tree, module, false);
        status = buf_status(tree);
    }
    arena_release(&arena);
    diag_list_release(&diags);
    source_set_release(&sources);
    return status;
}

static void check_text(const char *path, struct str text)
{
    struct buf bufs[4];
    for (size_t i = 0; i < 4; i++) {
        buf_init(&bufs[i], NULL, MOST_BYTES);
    }
    plim_status status = format(&bufs[0], &bufs[1], text, NULL);
    if (status == PLIM_STATUS_OK) {
        status = format(&bufs[2], &bufs[3], buf_view(&bufs[0]), NULL);
        if (status != PLIM_STATUS_OK || !str_eq(buf_view(&bufs[0]), buf_view(&bufs[2]))) {
            fail_msg("%s: formatting twice makes a difference", path);
        }
        if (!str_eq(buf_view(&bufs[1]), buf_view(&bufs[3]))) {
            fail_msg("%s: formatting changes the tree", path);
        }
    } else {
        assert_int_equal(status, PLIM_STATUS_POLICY);
        assert_int_equal(bufs[0].len, 0);
    }
    for (size_t i = 0; i < 4; i++) {
        buf_release(&bufs[i]);
    }
}

static int check_file(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)walk;
    if (type != FTW_F || !str_ends_with(str_from_cstr(path), STR(".plim"))) {
        return 0;
    }
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct buf text;
    buf_init(&text, NULL, MOST_BYTES);
    char chunk[4096];
    size_t got = 0;
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buf_append(&text, str_make(chunk, got));
    }
    assert_int_equal(fclose(file), 0);
    check_text(path, buf_view(&text));
    buf_release(&text);
    return 0;
}

static void every_text_keeps_its_tree(void **state)
{
    (void)state;
    assert_int_equal(nftw("tests/golden", check_file, 16, FTW_PHYS), 0);
    (void)nftw("policies", check_file, 16, FTW_PHYS); /* may be absent */
}

static void line_breaks_are_free(void **state)
{
    (void)state;
    check_text("crlf",
               STR("rule a {\r\n  title \"x\" # c\r\n\r\n\r\n  where a\r\n    and b\r\n}\r\n"));
    check_text("no end", STR("# only a comment"));
    check_text("empty", STR(""));
    check_text("blank", STR("\n\n  \n"));
    check_text("mark", STR("\xEF\xBB\xBFimport a"));
}

/* `list l = ["xx...", "y"]` of `columns` columns. */
static void format_list(struct buf *out, size_t columns)
{
    static const char head[] = "list l = [\"";
    static const char tail[] = "\", \"y\"]";
    struct buf text;
    buf_init(&text, NULL, 4096);
    buf_append_cstr(&text, head);
    while (text.len < columns - (sizeof tail - 1)) {
        buf_append_char(&text, 'x');
    }
    buf_append_cstr(&text, tail);
    assert_int_equal(format(out, NULL, buf_view(&text), NULL), PLIM_STATUS_OK);
    buf_release(&text);
}

static void lines_end_at_the_last_column(void **state)
{
    (void)state;
    for (size_t columns = FMT_LINE_COLUMNS - 1; columns <= FMT_LINE_COLUMNS + 1; columns++) {
        struct buf out;
        buf_init(&out, NULL, 4096);
        format_list(&out, columns);
        bool broken = str_find(buf_view(&out), STR(",\n  \"y\"]")) < out.len;
        assert_int_equal(broken, columns > FMT_LINE_COLUMNS);
        buf_release(&out);
    }
}

static void full_buffer_is_a_limit(void **state)
{
    (void)state;
    for (size_t max = 0; max < 24; max++) {
        struct buf out;
        buf_init(&out, NULL, max);
        plim_status status = format(&out, NULL, STR("list a = [\"x\", \"y\"]\n"), NULL);
        assert_int_equal(status, max < 20 ? PLIM_STATUS_LIMIT : PLIM_STATUS_OK);
        buf_release(&out);
    }
}

static plim_status format_text(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct buf out;
    buf_init(&out, allocator, MOST_BYTES);
    plim_status status =
        format(&out, NULL,
               STR("rule a { # c\n  deny when xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx and "
                   "yyyyyyyyyyyyyyyyyyyyyyyyyy "
                   "and zzzzzzzzzzzzzzzzzzzzzzzzzzzzz at y message \"{z}\"\n}\n"),
               allocator);
    buf_release(&out);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(format_text, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_keeps_its_tree),
        cmocka_unit_test(line_breaks_are_free),
        cmocka_unit_test(lines_end_at_the_last_column),
        cmocka_unit_test(full_buffer_is_a_limit),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("fmt", tests, NULL, NULL);
}
