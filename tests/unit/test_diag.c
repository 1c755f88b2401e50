/* SPDX-License-Identifier: Apache-2.0
 *
 * test_diag.c - collecting, caps, cascades and allocation failures of core/diag.c.
 */
#include "core/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

static struct span at(uint32_t start)
{
    return (struct span){.source = 0, .start = start, .end = start + 1};
}

static void the_table_is_consistent(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIAG_ID_COUNT; i++) {
        enum diag_id id = (enum diag_id)i;
        enum diag_id found = DIAG_ID_COUNT;
        assert_int_equal(strlen(diag_code(id)), 5);
        assert_true(diag_find(str_from_cstr(diag_code(id)), &found));
        assert_int_equal(found, id);
        assert_true(diag_title(id)[0] != '\0');
        bool warning = diag_code(id)[0] == 'W';
        assert_true(!warning || diag_default_severity(id) == DIAG_WARNING);
    }
    enum diag_id id = DIAG_syntax;
    assert_true(diag_find(STR("e0201"), &id));
    assert_int_equal(id, DIAG_unknown_field);
    assert_false(diag_find(STR("E9999"), &id));
    assert_int_equal(id, DIAG_unknown_field);
}

static void messages_keep_labels_and_notes_in_order(void **state)
{
    (void)state;
    struct diag_list list;
    diag_list_init(&list, NULL);
    struct diag *diag = diag_report(&list, DIAG_unknown_field, at(3), "no field `%s`", "x");
    diag_set_caret(&list, diag, "did you mean `%s`?", "y");
    diag_add_label(&list, diag, at(1), "first");
    diag_add_label(&list, diag, at(2), "second");
    diag_add_note(&list, diag, "n%d", 1);
    diag_add_note(&list, diag, "n%d", 2);
    assert_true(str_eq(diag->message, STR("no field `x`")));
    assert_true(str_eq(diag->caret_text, STR("did you mean `y`?")));
    assert_true(str_eq(diag->labels->text, STR("first")));
    assert_true(str_eq(diag->labels->next->text, STR("second")));
    assert_true(str_eq(diag->notes->next->text, STR("n2")));
    assert_int_equal(list.errors, 1);
    diag_set_caret(&list, NULL, "x");
    diag_add_label(&list, NULL, at(1), "x");
    diag_add_note(&list, NULL, "x");
    diag_list_release(&list);
    diag_list_release(&list);
}

static void duplicates_are_dropped(void **state)
{
    (void)state;
    struct diag_list list;
    diag_list_init(&list, NULL);
    assert_non_null(diag_report(&list, DIAG_syntax, at(3), "a"));
    assert_null(diag_report(&list, DIAG_syntax, at(3), "a"));
    assert_non_null(diag_report(&list, DIAG_syntax, at(3), "b"));
    assert_non_null(diag_report(&list, DIAG_syntax, at(4), "a"));
    assert_int_equal(list.count, 3);
    assert_int_equal(list.errors, 3);
    diag_list_release(&list);
}

static void cascades_on_one_line_are_dropped(void **state)
{
    (void)state;
    struct source_set sources;
    source_set_init(&sources, NULL);
    source_id id;
    assert_int_equal(source_add(&sources, &id, STR("x"), STR("one two\nthree\n")), PLIM_STATUS_OK);
    struct diag_list list;
    diag_list_init(&list, NULL);
    diag_list_set_sources(&list, &sources);
    assert_non_null(diag_report(&list, DIAG_bad_byte, at(0), "byte"));
    assert_null(diag_report(&list, DIAG_syntax, at(4), "cascade"));
    assert_non_null(diag_report(&list, DIAG_unknown_name, at(4), "another cause"));
    assert_non_null(diag_report(&list, DIAG_unknown_name, at(6), "and another"));
    assert_non_null(diag_report(&list, DIAG_syntax, at(8), "next line"));
    assert_int_equal(list.errors, 4);
    diag_list_release(&list);
    source_set_release(&sources);
}

static void the_cap_keeps_errors_longest(void **state)
{
    (void)state;
    for (uint32_t errors = DIAG_MAX_SHOWN - 1; errors <= DIAG_MAX_SHOWN + 1; errors++) {
        struct diag_list list;
        diag_list_init(&list, NULL);
        for (uint32_t i = 0; i < 70; i++) {
            diag_report(&list, DIAG_unused_definition, at(i), "warning");
        }
        for (uint32_t i = 0; i < errors; i++) {
            diag_report(&list, DIAG_syntax, at(1000 - i), "error");
        }
        assert_int_equal(list.errors, errors);
        assert_int_equal(list.warnings, 70);
        diag_list_sort(&list);
        assert_int_equal(list.count, DIAG_MAX_SHOWN);
        assert_int_equal(list.dropped, 70 + errors - DIAG_MAX_SHOWN);
        size_t kept = 0;
        for (size_t i = 0; i < list.count; i++) {
            kept += list.items[i]->severity == DIAG_ERROR;
            assert_true(i == 0 || list.items[i - 1]->span.start <= list.items[i]->span.start);
        }
        assert_int_equal(kept, errors < DIAG_MAX_SHOWN ? errors : DIAG_MAX_SHOWN);
        diag_list_clear(&list);
        assert_int_equal(list.count + list.errors + list.dropped, 0);
        diag_list_release(&list);
    }
}

static void placeless_messages_sort_last(void **state)
{
    (void)state;
    struct diag_list list;
    diag_list_init(&list, NULL);
    struct span none = {.source = SOURCE_NONE};
    diag_report(&list, DIAG_nothing_checked, none, "nothing");
    diag_report(&list, DIAG_syntax, at(5), "b");
    diag_report(&list, DIAG_bad_byte, at(5), "a");
    diag_list_sort(&list);
    assert_int_equal(list.items[0]->id, DIAG_bad_byte);
    assert_int_equal(list.items[1]->id, DIAG_syntax);
    assert_int_equal(list.items[2]->id, DIAG_nothing_checked);
    diag_list_release(&list);
}

static void long_messages_are_cut_between_characters(void **state)
{
    (void)state;
    struct diag_list list;
    diag_list_init(&list, NULL);
    char text[3001];
    for (size_t i = 0; i < 3000; i += 3) {
        memcpy(text + i, "\xE6\xBC\xA2", 3);
    }
    text[3000] = '\0';
    struct diag *diag = diag_report(&list, DIAG_syntax, at(0), "%s", text);
    assert_int_equal(diag->message.len, DIAG_MAX_TEXT / 3 * 3);
    diag_list_release(&list);
}

static void message_length_limit_is_exact(void **state)
{
    (void)state;
    char text[DIAG_MAX_TEXT + 2];
    memset(text, 'a', sizeof text);
    for (int length = DIAG_MAX_TEXT - 1; length <= DIAG_MAX_TEXT + 1; length++) {
        struct diag_list list;
        diag_list_init(&list, NULL);
        struct diag *diag = diag_report(&list, DIAG_syntax, at(0), "%.*s", length, text);
        int kept = length < DIAG_MAX_TEXT ? length : DIAG_MAX_TEXT;
        assert_int_equal(diag->message.len, kept);
        diag_list_release(&list);
    }
}

static plim_status report_some(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct diag_list list;
    diag_list_init(&list, allocator);
    for (uint32_t i = 0; i < 40; i++) {
        struct diag *diag = diag_report(&list, DIAG_syntax, at(i), "message %u", (unsigned)i);
        diag_set_caret(&list, diag, "caret");
        diag_add_label(&list, diag, at(i + 1), "label");
        diag_add_note(&list, diag, "note");
    }
    diag_list_sort(&list);
    assert_true(list.errors > 0); /* counted even when nothing could be kept */
    plim_status status = diag_list_status(&list);
    diag_list_release(&list);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    fault_alloc_run(report_some, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_consistent),
        cmocka_unit_test(messages_keep_labels_and_notes_in_order),
        cmocka_unit_test(duplicates_are_dropped),
        cmocka_unit_test(cascades_on_one_line_are_dropped),
        cmocka_unit_test(the_cap_keeps_errors_longest),
        cmocka_unit_test(placeless_messages_sort_last),
        cmocka_unit_test(message_length_limit_is_exact),
        cmocka_unit_test(long_messages_are_cut_between_characters),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
