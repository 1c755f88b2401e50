/* SPDX-License-Identifier: Apache-2.0
 *
 * test_df_json.c - which texts are JSON arrays of strings, and what the strings are.
 */
#include "facts/dockerfile/df_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/buf.h"

struct collected {
    struct arena arena;
    struct buf text;
};

static void collect(void *user, struct str raw, bool escaped)
{
    struct collected *out = user;
    buf_append(&out->text, escaped ? df_json_decode(&out->arena, raw) : raw);
    buf_append_char(&out->text, '|');
}

static enum df_json_kind scan(struct str text, struct collected *out)
{
    arena_init(&out->arena, NULL, 0);
    buf_init(&out->text, NULL, 1 << 20);
    return df_json_scan(text, collect, out);
}

static void release(struct collected *out)
{
    buf_release(&out->text);
    arena_release(&out->arena);
}

static void arrays_of_strings_are_read(void **state)
{
    static const struct {
        const char *in;
        const char *out;
    } cases[] = {
        {"[]", ""},
        {"[ \t\r\n]", ""},
        {"[\"a\"]", "a|"},
        {"[ \"a\" , \"b c\" ] ", "a|b c|"},
        {"[\"\"]", "|"},
        {"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "\"\\/\b\f\n\r\t|"},
        {"[\"\\u00e9\\u20AC\"]", "\xC3\xA9\xE2\x82\xAC|"},
        {"[\"\\ud83d\\ude00\"]", "\xF0\x9F\x98\x80|"},
        {"[\"\\ud83d\"]", "\xEF\xBF\xBD|"},
        {"[\"\\ude00x\"]", "\xEF\xBF\xBDx|"},
        {"[\"\\ud83d\\u0041\"]", "\xEF\xBF\xBD"
                                 "A|"},
        {"[\"\\ud83d\\ud83d\\ude00\"]", "\xEF\xBF\xBD\xF0\x9F\x98\x80|"},
        {"[\"\xE9\"]", "\xE9|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct collected out;
        assert_int_equal(scan(str_from_cstr(cases[i].in), &out), DF_JSON_STRINGS);
        assert_true(str_eq(buf_view(&out.text), str_from_cstr(cases[i].out)));
        release(&out);
    }
}

static void other_arrays_are_told_apart_from_no_json(void **state)
{
    static const struct {
        const char *in;
        enum df_json_kind kind;
    } cases[] = {
        {"[1]", DF_JSON_MIXED},
        {"[-0.5e+10, \"a\"]", DF_JSON_MIXED},
        {"[null]", DF_JSON_MIXED},
        {"[true,false]", DF_JSON_MIXED},
        {"[[\"a\"]]", DF_JSON_MIXED},
        {"[{\"a\":[{}, {\"b\" : 1}]}]", DF_JSON_MIXED},
        {"", DF_JSON_NONE},
        {"[", DF_JSON_NONE},
        {"[\"a\"", DF_JSON_NONE},
        {"[\"a\",]", DF_JSON_NONE},
        {"[,]", DF_JSON_NONE},
        {"[\"a\" \"b\"]", DF_JSON_NONE},
        {"[\"a\"] x", DF_JSON_NONE},
        {"['a']", DF_JSON_NONE},
        {"[\"C:\\x\"]", DF_JSON_NONE},
        {"[\"\\u12\"]", DF_JSON_NONE},
        {"[\"a\tb\"]", DF_JSON_NONE},
        {"[01]", DF_JSON_NONE},
        {"[1.]", DF_JSON_NONE},
        {"[.5]", DF_JSON_NONE},
        {"[1e]", DF_JSON_NONE},
        {"[nul]", DF_JSON_NONE},
        {"[ -f x ]", DF_JSON_NONE},
        {"[{\"a\"}]", DF_JSON_NONE},
        {"[{1:2}]", DF_JSON_NONE},
        {"[{\"a\":1,}]", DF_JSON_NONE},
        {"[\"a\"}", DF_JSON_NONE},
        {"{\"a\":1}", DF_JSON_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct collected out;
        assert_int_equal(scan(str_from_cstr(cases[i].in), &out), cases[i].kind);
        release(&out);
    }
}

/* `depth` brackets opened and closed. */
static enum df_json_kind scan_nested(size_t depth)
{
    struct buf text;
    struct collected out;
    buf_init(&text, NULL, 1 << 20);
    for (size_t i = 0; i < depth; i++) {
        buf_append_char(&text, '[');
    }
    for (size_t i = 0; i < depth; i++) {
        buf_append_char(&text, ']');
    }
    enum df_json_kind kind = scan(buf_view(&text), &out);
    release(&out);
    buf_release(&text);
    return kind;
}

static void nesting_ends_where_go_gives_up(void **state)
{
    (void)state;
    assert_int_equal(scan_nested(DF_JSON_MAX_DEPTH - 1), DF_JSON_MIXED);
    assert_int_equal(scan_nested(DF_JSON_MAX_DEPTH), DF_JSON_MIXED);
    assert_int_equal(scan_nested(DF_JSON_MAX_DEPTH + 1), DF_JSON_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_of_strings_are_read),
        cmocka_unit_test(other_arrays_are_told_apart_from_no_json),
        cmocka_unit_test(nesting_ends_where_go_gives_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
