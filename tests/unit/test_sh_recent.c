/* SPDX-License-Identifier: Apache-2.0
 *
 * test_sh_recent.c - which texts are kept, when they make room, and where their places lead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "facts/shell/sh_recent.h"
#include "tests/unit/fault_alloc.h"

static const struct sh_script *read_text(struct sh_recent *recent, struct str bytes, uint32_t base,
                                         struct sh_text *text)
{
    const struct sh_script *script = NULL;
    *text = (struct sh_text){.bytes = bytes, .base = base};
    assert_int_equal(sh_recent_read(recent, &script, text, sh_shell_of(NULL, 0)), PLIM_STATUS_OK);
    return script;
}

static size_t count_kept(const struct sh_recent *recent)
{
    size_t count = 0;
    for (size_t i = 0; i < SH_RECENT_TEXTS; i++) {
        count += recent->texts[i].valid;
    }
    return count;
}

static void assert_start(const struct sh_script *script, size_t command, uint32_t expected)
{
    uint32_t start;
    uint32_t end;
    size_t near = 0;
    const struct sh_command *row = &script->commands[command];
    sh_origin_locate(row->origin, row->start, row->end, &start, &end, &near);
    assert_int_equal(start, expected);
}

static void a_text_met_again_has_its_new_places(void **state)
{
    (void)state;
    struct sh_recent recent;
    struct sh_text text;
    assert_int_equal(sh_recent_init(&recent, NULL), PLIM_STATUS_OK);
    char first[] = "a x && sh -c 'b y'";
    const struct sh_script *script = read_text(&recent, str_from_cstr(first), 100, &text);
    assert_int_equal(script->command_count, 3);
    assert_start(script, 0, 100);
    assert_start(script, 2, 114);
    memset(first, '-', sizeof first - 1); /* nothing may point there any more */
    const struct sh_segment segments[] = {{0, 500}, {2, 700}};
    const struct sh_script *again = NULL;
    text = (struct sh_text){
        .bytes = STR("a x && sh -c 'b y'"), .segments = segments, .segment_count = 2, .base = 500};
    assert_int_equal(sh_recent_read(&recent, &again, &text, sh_shell_of(NULL, 0)), PLIM_STATUS_OK);
    assert_ptr_equal(again, script);
    assert_start(again, 0, 500);
    assert_start(again, 2, 712);
    assert_true(str_eq(again->commands[2].name, STR("b")));
    assert_true(str_eq(again->commands[0].args[0].text, STR("x")));
    struct sh_shell strict = sh_shell_of(NULL, 0);
    strict.errexit = true;
    assert_int_equal(sh_recent_read(&recent, &again, &text, strict), PLIM_STATUS_OK);
    assert_ptr_not_equal(again, script);
    assert_true((again->commands[0].flags & SH_CMD_ERREXIT) != 0);
    sh_recent_release(&recent);
    sh_recent_release(&recent);
}

static void the_oldest_text_makes_room(void **state)
{
    (void)state;
    struct sh_recent recent;
    struct sh_text text;
    assert_int_equal(sh_recent_init(&recent, NULL), PLIM_STATUS_OK);
    const struct sh_script *first = NULL;
    for (int i = 0; i <= SH_RECENT_TEXTS; i++) {
        char bytes[24];
        snprintf(bytes, sizeof bytes, "run %d", i);
        const struct sh_script *script = read_text(&recent, str_from_cstr(bytes), 0, &text);
        first = i == 0 ? script : first;
        assert_int_equal(count_kept(&recent), i < SH_RECENT_TEXTS ? i + 1 : SH_RECENT_TEXTS);
        assert_true(i == 0 || (script == first) == (i == SH_RECENT_TEXTS));
    }
    assert_ptr_not_equal(read_text(&recent, STR("run 1"), 0, &text), first);
    assert_ptr_not_equal(read_text(&recent, STR("run 0"), 0, &text), first);
    sh_recent_release(&recent);
}

static void what_is_long_or_broken_is_not_kept(void **state)
{
    (void)state;
    static char bytes[SH_RECENT_TEXT_MAX + 1];
    memset(bytes, 'x', sizeof bytes);
    for (size_t size = SH_RECENT_TEXT_MAX - 1; size <= SH_RECENT_TEXT_MAX + 1; size++) {
        struct sh_recent recent;
        struct sh_text text;
        assert_int_equal(sh_recent_init(&recent, NULL), PLIM_STATUS_OK);
        assert_int_equal(read_text(&recent, str_make(bytes, size), 0, &text)->command_count, 1);
        assert_int_equal(count_kept(&recent), size <= SH_RECENT_TEXT_MAX ? 1 : 0);
        sh_recent_release(&recent);
    }
    struct sh_recent recent;
    struct sh_text text;
    assert_int_equal(sh_recent_init(&recent, NULL), PLIM_STATUS_OK);
    assert_int_not_equal(read_text(&recent, STR("a; 'b"), 0, &text)->gap, SH_GAP_NONE);
    assert_int_equal(count_kept(&recent), 0);
    (void)read_text(&recent, STR(""), 0, &text);
    assert_int_equal(count_kept(&recent), 0);
    sh_recent_release(&recent);
}

static plim_status read_some(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct sh_recent recent;
    plim_status status = sh_recent_init(&recent, allocator);
    for (int i = 0; i < 6 && status == PLIM_STATUS_OK; i++) {
        struct sh_text text = {.bytes = i % 2 == 0 ? STR("a && b $(c)") : STR("d | e")};
        const struct sh_script *script = NULL;
        status = sh_recent_read(&recent, &script, &text, sh_shell_of(NULL, 0));
        assert_true(status != PLIM_STATUS_OK || script->command_count == (i % 2 == 0 ? 3 : 2));
    }
    sh_recent_release(&recent);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(read_some, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_met_again_has_its_new_places),
        cmocka_unit_test(the_oldest_text_makes_room),
        cmocka_unit_test(what_is_long_or_broken_is_not_kept),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("sh_recent", tests, NULL, NULL);
}
