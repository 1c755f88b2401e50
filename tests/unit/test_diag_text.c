/* SPDX-License-Identifier: Apache-2.0
 *
 * test_diag_text.c - carets under tabs, wide, hostile and very long lines from core/diag_text.c.
 */
#include "core/diag_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/utf8.h"
#include "tests/unit/fault_alloc.h"

static void assert_excerpt(struct str text, uint32_t start, uint32_t end, size_t width,
                           const char *expected)
{
    struct source_set sources;
    source_set_init(&sources, NULL);
    source_id id;
    assert_int_equal(source_add_view(&sources, &id, STR("f"), text), PLIM_STATUS_OK);
    struct buf out;
    buf_init(&out, NULL, 100000);
    struct span span = {.source = id, .start = start, .end = end};
    diag_text_write_excerpt(&out, &sources, span, '^', STR(""),
                            (struct diag_style){.width = width});
    assert_string_equal(buf_view(&out).ptr, expected);
    buf_release(&out);
    source_set_release(&sources);
}

static void carets_stand_under_the_span(void **state)
{
    (void)state;
    assert_excerpt(STR("FROM x\n"), 5, 6, 0, "    1 | FROM x\n      |      ^\n");
    assert_excerpt(STR("a\r\nUSER root\r\n"), 3, 12, 0, "    2 | USER root\n      | ^^^^^^^^^\n");
    /* tab to the next stop of eight, wide letters take two columns */
    assert_excerpt(STR("a\tb"), 2, 3, 0, "    1 | a       b\n      |         ^\n");
    assert_excerpt(STR("\xE6\xBC\xA2\xE6\xBC\xA2 x"), 3, 6, 0,
                   "    1 | \xE6\xBC\xA2\xE6\xBC\xA2 x\n      |   ^^\n");
    /* combining letters take none */
    assert_excerpt(STR("e\xCC\x81x"), 3, 4, 0, "    1 | e\xCC\x81x\n      |  ^\n");
    /* escapes are as wide as they are shown */
    assert_excerpt(STR("\x1b[0mx"), 4, 5, 0, "    1 | \\x1b[0mx\n      |        ^\n");
}

static void odd_spans_still_get_a_marker(void **state)
{
    (void)state;
    assert_excerpt(STR("ab"), 2, 2, 0, "    1 | ab\n      |   ^\n");
    assert_excerpt(STR("ab\ncd\n"), 1, 5, 0, "    1 | ab\n      |  ^\n");
    assert_excerpt(STR(""), 0, 0, 0, "    1 |\n      | ^\n");
    assert_excerpt(STR("ab\n"), 3, 3, 0, "    2 |\n      | ^\n");
    assert_excerpt(STR("ab"), 90, 95, 0, "    1 | ab\n      |   ^\n");
}

static void long_lines_are_windowed(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'a', sizeof text);
    memset(text + 200, 'X', 3);
    struct str line = str_make(text, sizeof text);
    assert_excerpt(line, 200, 203, 30, "    1 | ...aaaaXXXaaaaaaaaa...\n      |        ^^^\n");
    assert_excerpt(line, 0, 3, 30, "    1 | aaaaaaaaaaaaaaaaaaa...\n      | ^^^\n");
    assert_excerpt(line, 398, 400, 30,
                   "    1 | ...aaaaaaaaaaaaaaaaaaa\n      |                     ^^\n");
}

/* Whatever the line holds, the output is two lines without control bytes and within the width. */
static void hostile_lines_stay_two_lines(void **state)
{
    (void)state;
    enum { SIZE = 5000 };
    char text[SIZE];
    uint32_t seed = 1;
    for (int round = 0; round < 300; round++) {
        for (size_t i = 0; i < SIZE; i++) {
            seed = seed * 1103515245 + 12345;
            char c = (char)(seed >> 16);
            text[i] = (c == '\n' || c == '\r') && round % 2 == 0 ? 'n' : c;
        }
        struct source_set sources;
        source_set_init(&sources, NULL);
        source_id id;
        assert_int_equal(source_add_view(&sources, &id, STR("f"), str_make(text, SIZE)),
                         PLIM_STATUS_OK);
        struct buf out;
        buf_init(&out, NULL, 100000);
        uint32_t start = seed % SIZE;
        struct span span = {.source = id, .start = start, .end = start + 20};
        diag_text_write_excerpt(&out, &sources, span, '^', STR("a\nb"),
                                (struct diag_style){.width = 80});
        struct str view = buf_view(&out);
        size_t lines = 0;
        for (size_t at = 0; at < view.len;) {
            uint32_t c = utf8_next(view, &at);
            lines += c == '\n';
            assert_true(c == '\n' || (c >= 0x20 && !utf8_is_control(c)));
        }
        assert_int_equal(lines, 2);
        buf_release(&out);
        source_set_release(&sources);
    }
}

static void write_all(struct buf *out, const plim_allocator *allocator, struct diag_style style,
                      plim_status *status)
{
    struct source_set sources;
    source_set_init(&sources, allocator);
    source_id id = SOURCE_NONE;
    *status = source_add(&sources, &id, STR("::dir/f.plim"), STR("rule x {\n\tdeny y\n}\n"));
    struct diag_list list;
    diag_list_init(&list, allocator);
    struct span span = {.source = id, .start = 15, .end = 16};
    struct diag *diag = diag_report(&list, DIAG_unknown_name, span, "no name `%s`", "y");
    diag_set_caret(&list, diag, "did you mean `x`?");
    diag_add_note(&list, diag, "names are bound by for, each and let");
    diag_add_label(&list, diag, (struct span){.source = id, .start = 5, .end = 6}, "in this rule");
    diag_report(&list, DIAG_nothing_checked, (struct span){.source = SOURCE_NONE}, "no rules");
    list.dropped = 3;
    diag_list_sort(&list);
    diag_text_write_list(out, &sources, &list, style);
    if (*status == PLIM_STATUS_OK) {
        *status = source_set_status(&sources);
    }
    if (*status == PLIM_STATUS_OK) {
        *status = diag_list_status(&list);
    }
    diag_list_release(&list);
    source_set_release(&sources);
}

static void a_whole_diagnostic(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, NULL, 100000);
    plim_status status;
    write_all(&out, NULL, (struct diag_style){.width = 80}, &status);
    assert_string_equal(buf_view(&out).ptr, "\\::dir/f.plim:2:7: error E0202: no name `y`\n"
                                            "    2 |         deny y\n"
                                            "      |              ^ did you mean `x`?\n"
                                            "      = names are bound by for, each and let\n"
                                            "\\::dir/f.plim:1:6: note: in this rule\n"
                                            "    1 | rule x {\n"
                                            "      |      ~\n"
                                            "error I0104: no rules\n"
                                            "3 more not shown\n");
    buf_clear(&out);
    write_all(&out, NULL, (struct diag_style){.color = true}, &status);
    assert_true(str_find(buf_view(&out), STR("\033[1;31merror E0202:\033[0m")) < out.len);
    buf_release(&out);
}

static plim_status write_with(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct buf out;
    buf_init(&out, allocator, 100000);
    plim_status status;
    write_all(&out, allocator, (struct diag_style){.width = 80}, &status);
    if (status == PLIM_STATUS_OK) {
        status = buf_status(&out);
    }
    buf_release(&out);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(write_with, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carets_stand_under_the_span),
        cmocka_unit_test(odd_spans_still_get_a_marker),
        cmocka_unit_test(long_lines_are_windowed),
        cmocka_unit_test(hostile_lines_stay_two_lines),
        cmocka_unit_test(a_whole_diagnostic),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("diag_text", tests, NULL, NULL);
}
