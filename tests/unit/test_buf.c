/* SPDX-License-Identifier: Apache-2.0
 *
 * test_buf.c - appending, the maximum at N-1, N and N+1, and the sticky failure of core/buf.c.
 */
#include "core/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

static void appends_add_up(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, NULL, 1000);
    assert_true(str_eq(buf_view(&buf), STR("")));
    buf_append(&buf, STR("a\0b"));
    buf_append_cstr(&buf, "|");
    buf_append_char(&buf, 'c');
    buf_append_u64(&buf, 0);
    buf_append_u64(&buf, UINT64_MAX);
    buf_append_i64(&buf, INT64_MIN);
    buf_append_i64(&buf, 42);
    buf_printf(&buf, "<%s %d>", "x", 7);
    assert_true(str_eq(buf_view(&buf), STR("a\0b|c0184467440737095516"
                                           "15-922337203685477580842<x 7>")));
    assert_int_equal(buf_view(&buf).ptr[buf.len], 0);
    buf_clear(&buf);
    assert_int_equal(buf.len, 0);
    buf_append_repeated(&buf, 'x', 3);
    buf_append_repeated(&buf, 'y', 0);
    assert_string_equal(buf_view(&buf).ptr, "xxx");
    buf_append_repeated(&buf, 'z', 998);
    assert_int_equal(buf_status(&buf), PLIM_STATUS_LIMIT);
    buf_release(&buf);
    buf_release(&buf);
}

static void code_points_are_encoded(void **state)
{
    (void)state;
    static const struct {
        uint32_t code_point;
        const char *bytes;
    } rows[] = {
        {'a', "a"},
        {0x7FF, "\xDF\xBF"},
        {0x800, "\xE0\xA0\x80"},
        {0xFFFF, "\xEF\xBF\xBF"},
        {0x10FFFF, "\xF4\x8F\xBF\xBF"},
        {0x110000, "\xEF\xBF\xBD"},
        {0xD800, "\xEF\xBF\xBD"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf buf;
        buf_init(&buf, NULL, 8);
        buf_append_utf8(&buf, rows[i].code_point);
        assert_true(str_eq(buf_view(&buf), str_from_cstr(rows[i].bytes)));
        buf_release(&buf);
    }
}

static void the_maximum_holds_whatever_the_steps(void **state)
{
    (void)state;
    for (size_t first = 0; first <= 11; first++) {
        for (size_t second = 0; second <= 11; second++) {
            struct buf buf;
            buf_init(&buf, NULL, 10);
            buf_append(&buf, str_make("xxxxxxxxxxx", first));
            buf_append(&buf, str_make("yyyyyyyyyyy", second));
            bool fits = first <= 10 && first + second <= 10;
            assert_int_equal(buf_status(&buf), fits ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
            assert_true(buf.len <= 10);
            buf_release(&buf);
        }
    }
}

static void failure_is_sticky_until_cleared(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, NULL, 3);
    buf_append(&buf, STR("abcd"));
    buf_append(&buf, STR("x"));
    assert_int_equal(buf.len, 0);
    assert_null(buf_reserve(&buf, 1));
    buf_clear(&buf);
    buf_append(&buf, STR("abc"));
    assert_int_equal(buf_status(&buf), PLIM_STATUS_OK);
    buf_printf(&buf, "%d", 1);
    assert_int_equal(buf_status(&buf), PLIM_STATUS_LIMIT);
    buf_release(&buf);
}

static void reserved_room_is_committed(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, NULL, 100);
    char *room = buf_reserve(&buf, 50);
    assert_non_null(room);
    memcpy(room, "hello", 5);
    buf_commit(&buf, 5);
    assert_true(str_eq(buf_view(&buf), STR("hello")));
    buf_release(&buf);
}

static plim_status write_much(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct buf buf;
    buf_init(&buf, allocator, 100000);
    for (int i = 0; i < 200; i++) {
        buf_append(&buf, STR("0123456789"));
        buf_printf(&buf, "%d", i);
    }
    plim_status status = buf_status(&buf);
    buf_release(&buf);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(write_much, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_add_up),
        cmocka_unit_test(code_points_are_encoded),
        cmocka_unit_test(the_maximum_holds_whatever_the_steps),
        cmocka_unit_test(failure_is_sticky_until_cleared),
        cmocka_unit_test(reserved_room_is_committed),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
