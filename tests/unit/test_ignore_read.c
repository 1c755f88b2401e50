/* SPDX-License-Identifier: Apache-2.0
 *
 * test_ignore_read.c - reading .dockerignore files: lines, blanks, limits, failing allocations.
 */
#include "facts/context/ignore_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/buf.h"
#include "tests/unit/fault_alloc.h"

static void assert_pattern(const struct ignore_lines *lines, size_t index, const char *expected,
                           uint32_t line)
{
    assert_true(index < lines->count);
    struct str pattern = lines->items[index].pattern;
    assert_int_equal(pattern.len, strlen(expected));
    assert_memory_equal(pattern.ptr, expected, pattern.len);
    assert_int_equal(lines->items[index].line, line);
}

static void lines_become_patterns(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct ignore_lines lines = {0};
    struct str file = STR("\xef\xbb\xbf# first\n\n /node_modules/ \r\n!  ./keep//x\n\t#kept\n"
                          "\xc2\xa0nbsp\xe2\x80\x83\n!\n/\na\\ \nlast");
    assert_int_equal(ignore_read(&lines, &arena, file), PLIM_STATUS_OK);
    assert_int_equal(lines.count, 8);
    assert_pattern(&lines, 0, "node_modules", 3);
    assert_pattern(&lines, 1, "!keep/x", 4);
    assert_pattern(&lines, 2, "#kept", 5);
    assert_pattern(&lines, 3, "nbsp", 6);
    assert_pattern(&lines, 4, "!", 7);
    assert_pattern(&lines, 5, "/", 8);
    assert_pattern(&lines, 6, "a\\", 9);
    assert_pattern(&lines, 7, "last", 10);
    assert_int_equal(lines.last_line, 10);
    arena_release(&arena);
}

static void an_empty_file_has_no_patterns(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct ignore_lines lines = {.count = 7};
    assert_int_equal(ignore_read(&lines, &arena, STR("")), PLIM_STATUS_OK);
    assert_int_equal(lines.count, 0);
    assert_int_equal(ignore_read(&lines, &arena, STR("\n \r\n#\n")), PLIM_STATUS_OK);
    assert_int_equal(lines.count, 0);
    arena_release(&arena);
}

/* Reads one line of `length` bytes behind a good one. */
static plim_status read_long_line(size_t length, struct ignore_lines *lines)
{
    struct arena arena;
    struct buf file;
    arena_init(&arena, NULL, 0);
    buf_init(&file, NULL, 1 << 20);
    buf_append_cstr(&file, "good\n");
    for (size_t i = 0; i < length; i++) {
        buf_append_char(&file, 'x');
    }
    buf_append_cstr(&file, "\nnot reached when too long\n");
    plim_status status = ignore_read(lines, &arena, buf_view(&file));
    buf_release(&file);
    arena_release(&arena);
    return status;
}

static void line_length_is_limited_at_the_border(void **state)
{
    (void)state;
    struct ignore_lines lines = {0};
    assert_int_equal(read_long_line(IGNORE_MAX_LINE, &lines), PLIM_STATUS_OK);
    assert_int_equal(lines.count, 3);
    assert_int_equal(read_long_line(IGNORE_MAX_LINE + 1, &lines), PLIM_STATUS_LIMIT);
    assert_int_equal(lines.count, 1);
    assert_int_equal(lines.last_line, 2);
}

static void pattern_count_is_limited_at_the_border(void **state)
{
    (void)state;
    for (size_t count = IGNORE_MAX_PATTERNS - 1; count <= IGNORE_MAX_PATTERNS + 1; count++) {
        struct arena arena;
        struct buf file;
        arena_init(&arena, NULL, 0);
        buf_init(&file, NULL, 1 << 20);
        for (size_t i = 0; i < count; i++) {
            buf_append_cstr(&file, "a\n");
        }
        struct ignore_lines lines = {0};
        bool fits = count <= IGNORE_MAX_PATTERNS;
        assert_int_equal(ignore_read(&lines, &arena, buf_view(&file)),
                         fits ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        assert_int_equal(lines.count, fits ? count : IGNORE_MAX_PATTERNS);
        buf_release(&file);
        arena_release(&arena);
    }
}

static plim_status read_some(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct arena arena;
    arena_init(&arena, allocator, 0);
    struct ignore_lines lines = {0};
    plim_status status = ignore_read(&lines, &arena, STR("a\n!b\n**/c\n"));
    assert_int_equal(lines.count, status == PLIM_STATUS_OK ? 3 : 0);
    arena_release(&arena);
    return status;
}

static void failing_allocations_are_reported(void **state)
{
    (void)state;
    fault_alloc_run(read_some, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_patterns),
        cmocka_unit_test(an_empty_file_has_no_patterns),
        cmocka_unit_test(line_length_is_limited_at_the_border),
        cmocka_unit_test(pattern_count_is_limited_at_the_border),
        cmocka_unit_test(failing_allocations_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
