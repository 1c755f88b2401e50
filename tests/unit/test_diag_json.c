/* SPDX-License-Identifier: Apache-2.0
 *
 * test_diag_json.c - the JSON object of a diagnostic from core/diag_json.c.
 */
#include "core/diag_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void an_object_has_all_places(void **state)
{
    (void)state;
    struct source_set sources;
    source_set_init(&sources, NULL);
    source_id id;
    assert_int_equal(source_add(&sources, &id, STR("a\nb"), STR("x\n\xC3\xA4y\n")), PLIM_STATUS_OK);
    struct diag_list list;
    diag_list_init(&list, NULL);
    struct span span = {.source = id, .start = 4, .end = 5};
    struct diag *diag = diag_report(&list, DIAG_unused_definition, span, "m");
    diag_set_caret(&list, diag, "h");
    diag_add_label(&list, diag, (struct span){.source = id, .start = 0, .end = 1}, "l");
    diag_add_label(&list, diag, (struct span){.source = SOURCE_NONE}, "nowhere");
    diag_add_note(&list, diag, "n");
    struct buf out;
    buf_init(&out, NULL, 10000);
    struct jsonw json;
    jsonw_init(&json, &out, false);
    diag_json_write(&json, &sources, diag);
    assert_string_equal(
        buf_view(&out).ptr,
        "{\"code\":\"W0101\",\"severity\":\"warning\",\"message\":\"m\",\"path\":\"a\\nb\","
        "\"line\":2,\"column\":2,\"end_line\":2,\"end_column\":3,\"hint\":\"h\",\"labels\":["
        "{\"message\":\"l\",\"path\":\"a\\nb\",\"line\":1,\"column\":1,\"end_line\":1,"
        "\"end_column\":2},{\"message\":\"nowhere\"}],\"notes\":[\"n\"]}");
    buf_release(&out);
    diag_list_release(&list);
    source_set_release(&sources);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_has_all_places),
    };
    return cmocka_run_group_tests_name("diag_json", tests, NULL, NULL);
}
