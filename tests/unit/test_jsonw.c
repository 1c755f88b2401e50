/* SPDX-License-Identifier: Apache-2.0
 *
 * test_jsonw.c - layout, escaping and misuse of core/jsonw.c; jansson reads back what it wrote.
 */
#include "core/jsonw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/unit/fault_alloc.h"

static void write_sample(struct jsonw *json)
{
    jsonw_object_begin(json);
    jsonw_key(json, "a");
    jsonw_array_begin(json);
    jsonw_int(json, INT64_MIN);
    jsonw_uint(json, UINT64_MAX);
    jsonw_bool(json, true);
    jsonw_bool(json, false);
    jsonw_null(json);
    jsonw_array_end(json);
    jsonw_key(json, "empty");
    jsonw_object_begin(json);
    jsonw_object_end(json);
    jsonw_key(json, "t");
    jsonw_cstr(json, "x");
    jsonw_object_end(json);
}

static void compact_and_pretty_layout(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, NULL, 10000);
    struct jsonw json;
    jsonw_init(&json, &out, false);
    write_sample(&json);
    assert_string_equal(out.data, "{\"a\":[-9223372036854775808,18446744073709551615,true,false,"
                                  "null],\"empty\":{},\"t\":\"x\"}");
    buf_clear(&out);
    jsonw_init(&json, &out, true);
    write_sample(&json);
    assert_string_equal(out.data,
                        "{\n  \"a\": [\n    -9223372036854775808,\n    18446744073709551615,\n"
                        "    true,\n    false,\n    null\n  ],\n  \"empty\": {},\n"
                        "  \"t\": \"x\"\n}");
    buf_release(&out);
}

static void text_is_escaped(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, NULL, 10000);
    struct jsonw json;
    jsonw_init(&json, &out, false);
    jsonw_string(&json,
                 STR("q\"b\\n\n\r\t\x1b\0\x7F\xC2\x9B\xFF\xE2\x80\xA8\xC3\xA4\xF3\xA0\x81\x81"));
    assert_string_equal(out.data, "\"q\\\"b\\\\n\\n\\r\\t\\u001b\\u0000\\u007f\\u009b\xEF\xBF\xBD"
                                  "\\u2028\xC3\xA4\\udb40\\udc41\"");
    buf_release(&out);
}

static void every_pair_of_bytes_reads_back(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, NULL, 1000);
    for (unsigned pair = 0; pair < 0x10000; pair += 7) {
        char bytes[2] = {(char)(pair >> 8), (char)(pair & 255)};
        struct jsonw json;
        buf_clear(&out);
        jsonw_init(&json, &out, false);
        jsonw_string(&json, str_make(bytes, 2));
        json_t *back = json_loadb(out.data, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(back);
        json_decref(back);
    }
    buf_release(&out);
}

static void keys_and_numbers_are_texts_of_the_caller(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, NULL, 1000);
    struct jsonw json;
    jsonw_init(&json, &out, false);
    jsonw_object_begin(&json);
    jsonw_key_str(&json, STR("a\"\0b"));
    jsonw_number(&json, STR("1.5e+21"));
    jsonw_key_str(&json, STR("c"));
    jsonw_array_begin(&json);
    jsonw_number(&json, STR("1"));
    jsonw_number(&json, STR("-2"));
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    assert_true(str_eq(buf_view(&out), STR("{\"a\\\"\\u0000b\":1.5e+21,\"c\":[1,-2]}")));
    buf_release(&out);
}

static void misuse_is_an_internal_error(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, NULL, 10000);
    struct jsonw json;
    jsonw_init(&json, &out, false);
    jsonw_object_end(&json);
    assert_int_equal(buf_status(&out), PLIM_STATUS_INTERNAL);
    buf_clear(&out);
    jsonw_init(&json, &out, false);
    for (int i = 0; i < JSONW_MAX_DEPTH; i++) {
        jsonw_array_begin(&json);
    }
    assert_int_equal(buf_status(&out), PLIM_STATUS_OK);
    jsonw_array_begin(&json);
    assert_int_equal(buf_status(&out), PLIM_STATUS_INTERNAL);
    buf_clear(&out);
    jsonw_init(&json, &out, false);
    jsonw_object_begin(&json);
    jsonw_key(&json, "a");
    jsonw_key(&json, "b");
    assert_int_equal(buf_status(&out), PLIM_STATUS_INTERNAL);
    buf_release(&out);
}

static plim_status write_with(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct buf out;
    buf_init(&out, allocator, 10000);
    struct jsonw json;
    jsonw_init(&json, &out, true);
    write_sample(&json);
    plim_status status = buf_status(&out);
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
        cmocka_unit_test(compact_and_pretty_layout),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(every_pair_of_bytes_reads_back),
        cmocka_unit_test(keys_and_numbers_are_texts_of_the_caller),
        cmocka_unit_test(misuse_is_an_internal_error),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("jsonw", tests, NULL, NULL);
}
