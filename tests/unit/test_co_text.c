/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_text.c - places of parts of a text, quotations, memory failures. Places of variables and
 * the bound of quotations are tested with their user, test_co_template.c.
 */
#include "facts/compose/co_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/alloc.h"
#include "fault_alloc.h"

static void parts_have_their_own_place_where_the_text_is_verbatim(void **state)
{
    static const struct {
        const char *raw;
        uint32_t start;
        uint32_t end;
    } cases[] = {
        {"80:443", 103, 106},         {"\"80:443\"", 104, 107}, {"'80:443'", 104, 107},
        {"\"80\\x3a443\"", 100, 111}, {"|\n 80:443", 100, 109}, {"", 100, 100},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str raw = str_from_cstr(cases[i].raw);
        struct co_written written = {.span = {4, 100, 100 + (uint32_t)raw.len}, .raw = raw};
        struct span part = co_written_part(&written, STR("80:443"), 3, 6);
        assert_int_equal(part.source, 4);
        assert_int_equal(part.start, cases[i].start);
        assert_int_equal(part.end, cases[i].end);
    }
    struct co_written empty = {.span = {4, 100, 102}, .raw = STR("''")};
    assert_int_equal(co_written_part(&empty, STR(""), 0, 0).end, 102);
}

static plim_status quote(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct arena arena;
    arena_init(&arena, allocator, 0);
    struct str text = co_quote(&arena, "a ", STR("\xffx"), " b");
    plim_status status = arena_status(&arena);
    if (status == PLIM_STATUS_OK) {
        assert_true(str_eq(text, STR("a \"${...}x\" b")));
    } else {
        assert_int_equal(text.len, 0);
    }
    arena_release(&arena);
    return status;
}

static void failing_allocations_are_reported(void **state)
{
    (void)state;
    fault_alloc_run(quote, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_have_their_own_place_where_the_text_is_verbatim),
        cmocka_unit_test(failing_allocations_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
