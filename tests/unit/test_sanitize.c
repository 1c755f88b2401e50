/* SPDX-License-Identifier: Apache-2.0
 *
 * test_sanitize.c - what may reach a terminal: escapes, cuts and workflow commands of
 * core/sanitize.c.
 */
#include "core/sanitize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/utf8.h"

static void assert_sanitized(struct str text, size_t max, bool line_start, const char *expected)
{
    struct buf out;
    buf_init(&out, NULL, 100000);
    if (line_start) {
        sanitize_append_line_start(&out, text, max);
    } else {
        sanitize_append(&out, text, max);
    }
    assert_string_equal(buf_view(&out).ptr, expected);
    buf_release(&out);
}

static void dangerous_bytes_are_escaped(void **state)
{
    (void)state;
    static const struct {
        struct str text;
        const char *expected;
    } rows[] = {
        {{"plain text", 10}, "plain text"},    {{"a\x1b[31mb", 7}, "a\\x1b[31mb"},
        {{"a\nb\rc\td", 7}, "a\\nb\\rc\\td"},  {{"a\0b", 3}, "a\\x00b"},
        {{"\xFF\xC3", 2}, "\\xff\\xc3"},       {{"\x7F", 1}, "\\x7f"},
        {{"\xC2\x9B", 2}, "\\u{9b}"},       /* C1 control sequence introducer */
        {{"\xE2\x80\xAE", 3}, "\\u{202e}"}, /* right-to-left override */
        {{"\xEF\xBB\xBF", 3}, "\\u{feff}"},    {{"\xF3\xA0\x81\x81", 4}, "\\u{e0041}"},
        {{"\xE6\xBC\xA2", 3}, "\xE6\xBC\xA2"}, {{"\x1b]52;c;YQ==\x07", 12}, "\\x1b]52;c;YQ==\\x07"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_sanitized(rows[i].text, 0, false, rows[i].expected);
    }
}

static void runs_of_combining_marks_are_cut(void **state)
{
    (void)state;
    static const int counts[] = {SANITIZE_MAX_COMBINING - 1, SANITIZE_MAX_COMBINING,
                                 SANITIZE_MAX_COMBINING + 1, 10000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct buf text;
        struct buf expected;
        buf_init(&text, NULL, 100000);
        buf_init(&expected, NULL, 100000);
        buf_append_char(&text, 'a');
        buf_append_char(&expected, 'a');
        for (int mark = 0; mark < counts[i]; mark++) {
            buf_append_utf8(&text, 0x301);
            if (mark < SANITIZE_MAX_COMBINING) {
                buf_append_utf8(&expected, 0x301);
            }
        }
        buf_append_char(&text, 'b');
        buf_append_char(&expected, 'b');
        assert_sanitized(buf_view(&text), 0, false, buf_view(&expected).ptr);
        buf_release(&text);
        buf_release(&expected);
    }
}

static void long_text_is_cut_to_columns(void **state)
{
    (void)state;
    assert_sanitized(STR("0123456789"), 10, false, "0123456789");
    assert_sanitized(STR("0123456789"), 9, false, "012345...");
    assert_sanitized(STR("0123456789"), 3, false, "...");
    assert_sanitized(STR("0123456789"), 1, false, "...");
    assert_sanitized(STR("012\n456789"), 11, false, "012\\n456789");
    assert_sanitized(STR("012\n456789"), 10, false, "012\\n45...");
    assert_sanitized(STR("01\n3456789"), 6, false, "01...");
    assert_sanitized(STR("\xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2"), 6, false,
                     "\xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2");
    assert_sanitized(STR("\xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2"), 5, false, "\xE6\xBC\xA2...");
}

static void workflow_commands_are_broken_up(void **state)
{
    (void)state;
    assert_sanitized(STR("::set-output name=x::y"), 0, true, "\\::set-output name=x::y");
    assert_sanitized(STR("##[group]"), 0, true, "\\##[group]");
    assert_sanitized(STR("##vso[task.complete]"), 0, true, "\\##vso[task.complete]");
    assert_sanitized(STR("  ::error::x"), 0, true, "\\  ::error::x");
    assert_sanitized(STR("a::b"), 0, true, "a::b");
    assert_sanitized(STR("::b"), 0, false, "::b");
}

/* Whatever two bytes come in, no control byte and no invalid UTF-8 comes out. */
static void output_is_always_printable(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, NULL, 1000);
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        char bytes[2] = {(char)(pair >> 8), (char)(pair & 255)};
        buf_clear(&out);
        sanitize_append(&out, str_make(bytes, 2), 0);
        struct str view = buf_view(&out);
        for (size_t at = 0; at < view.len;) {
            uint32_t c = utf8_next(view, &at);
            assert_false(c == UTF8_INVALID || c < 0x20 || utf8_is_control(c));
        }
    }
    buf_release(&out);
}

/* Each byte at each place of a text longer than what is looked at in one go. */
static void plain_runs_end_at_the_first_other_byte(void **state)
{
    (void)state;
    char bytes[21];
    for (unsigned byte = 0; byte < 256; byte++) {
        bool plain = byte >= 0x20 && byte < 0x7F;
        for (size_t at = 0; at < sizeof bytes; at++) {
            memset(bytes, at % 2 == 0 ? '~' : ' ', sizeof bytes);
            bytes[at] = (char)byte;
            for (size_t from = 0; from <= sizeof bytes; from++) {
                size_t end = plain || from > at ? sizeof bytes : at;
                assert_int_equal(sanitize_plain_run(str_make(bytes, sizeof bytes), from), end);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_runs_end_at_the_first_other_byte),
        cmocka_unit_test(dangerous_bytes_are_escaped),
        cmocka_unit_test(runs_of_combining_marks_are_cut),
        cmocka_unit_test(long_text_is_cut_to_columns),
        cmocka_unit_test(workflow_commands_are_broken_up),
        cmocka_unit_test(output_is_always_printable),
    };
    return cmocka_run_group_tests_name("sanitize", tests, NULL, NULL);
}
