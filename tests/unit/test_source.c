/* SPDX-License-Identifier: Apache-2.0
 *
 * test_source.c - positions, line ends and the resuming column count of core/source.c.
 */
#include "core/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/utf8.h"
#include "tests/unit/fault_alloc.h"

static void positions_follow_every_line_end(void **state)
{
    (void)state;
    struct source_set set;
    source_set_init(&set, NULL);
    source_id id;
    struct str text = STR("ab\ncd\r\ne\rf\n\n");
    assert_int_equal(source_add(&set, &id, STR("x"), text), PLIM_STATUS_OK);
    static const struct {
        uint32_t offset, line, column;
    } rows[] = {
        {0, 1, 1}, {2, 1, 3}, {3, 2, 1},  {5, 2, 3},  {6, 2, 4},  {7, 3, 1},
        {8, 3, 2}, {9, 4, 1}, {10, 4, 2}, {11, 5, 1}, {12, 6, 1}, {99, 6, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct source_position at = source_locate(&set, id, rows[i].offset);
        assert_int_equal(at.line, rows[i].line);
        assert_int_equal(at.column, rows[i].column);
        assert_int_equal(source_line_number(&set, id, rows[i].offset), rows[i].line);
    }
    static const char *const lines[] = {"ab", "cd", "e", "f", "", ""};
    static const uint32_t starts[] = {0, 3, 7, 9, 11, 12};
    for (uint32_t i = 0; i < 6; i++) {
        uint32_t start = 99;
        struct str line = source_line(&set, id, i + 1, &start);
        assert_true(str_eq(line, str_from_cstr(lines[i])));
        assert_int_equal(start, starts[i]);
    }
    assert_int_equal(source_line(&set, id, 7, NULL).len, 0);
    assert_int_equal(source_line(&set, id, 0, NULL).len, 0);
    source_set_release(&set);
    source_set_release(&set);
}

static void columns_count_code_points(void **state)
{
    (void)state;
    struct source_set set;
    source_set_init(&set, NULL);
    source_id id;
    /* a, two-byte, invalid byte, four-byte, NUL, b */
    struct str text = STR("a\xC3\xA4\xFF\xF0\x9F\x98\x80\0b");
    assert_int_equal(source_add_view(&set, &id, STR("x"), text), PLIM_STATUS_OK);
    assert_ptr_equal(source_get(&set, id)->text.ptr, text.ptr);
    static const uint32_t columns[] = {1, 2, 2, 3, 4, 4, 4, 4, 5, 6, 7};
    for (uint32_t offset = 0; offset <= 10; offset++) {
        assert_int_equal(source_locate(&set, id, offset).column, columns[offset]);
    }
    source_set_release(&set);
}

static void unknown_sources_are_at_the_start(void **state)
{
    (void)state;
    struct source_set set;
    source_set_init(&set, NULL);
    assert_null(source_get(&set, 0));
    struct source_position at = source_locate(&set, SOURCE_NONE, 5);
    assert_int_equal(at.line, 1);
    assert_int_equal(at.column, 1);
    assert_int_equal(source_line(&set, 3, 1, NULL).len, 0);
    source_id id = 77;
    struct str huge = str_make("", (size_t)UINT32_MAX);
    assert_int_equal(source_add_view(&set, &id, STR("x"), huge), PLIM_STATUS_LIMIT);
    assert_int_equal(source_add(&set, &id, STR("x"), huge), PLIM_STATUS_LIMIT);
    assert_int_equal(id, 77);
    source_set_release(&set);
}

/* A line of 200,000 characters, asked in several orders, against a plain count. */
static void long_lines_resume_correctly(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    static char text[COUNT];
    for (size_t i = 0; i < COUNT; i += 2) {
        text[i] = '\xC3';
        text[i + 1] = '\xA4';
    }
    text[9] = 'x'; /* makes byte 8 invalid */
    struct source_set set;
    source_set_init(&set, NULL);
    source_id id;
    struct str view = str_make(text, COUNT);
    assert_int_equal(source_add_view(&set, &id, STR("x"), view), PLIM_STATUS_OK);
    static const uint32_t offsets[] = {0, 10, 50000, 49990, 100000, 199998, 99998, 8, 9, 150000};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        uint32_t column = 1;
        for (size_t at = 0; at < offsets[i]; column++) {
            utf8_next(view, &at);
        }
        assert_int_equal(source_locate(&set, id, offsets[i]).column, column);
    }
    source_set_clear(&set);
    assert_null(source_get(&set, id));
    source_set_release(&set);
}

static plim_status add_and_locate(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct source_set set;
    source_set_init(&set, allocator);
    plim_status status = PLIM_STATUS_OK;
    for (int i = 0; i < 20 && status == PLIM_STATUS_OK; i++) {
        source_id id;
        status = source_add(&set, &id, STR("name"), STR("one\ntwo\nthree\n"));
        if (status == PLIM_STATUS_OK) {
            struct source_position at = source_locate(&set, id, 5);
            bool failed = source_set_status(&set) != PLIM_STATUS_OK;
            assert_int_equal(at.line, failed ? 1 : 2);
        }
    }
    status = status == PLIM_STATUS_OK ? source_set_status(&set) : status;
    source_set_release(&set);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(add_and_locate, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_follow_every_line_end),
        cmocka_unit_test(columns_count_code_points),
        cmocka_unit_test(unknown_sources_are_at_the_start),
        cmocka_unit_test(long_lines_resume_correctly),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
