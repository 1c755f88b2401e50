/* SPDX-License-Identifier: Apache-2.0
 *
 * test_utf8.c - strict decoding, widths and classes of core/utf8.c.
 */
#include "core/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/buf.h"

static void every_scalar_value_decodes_to_itself(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, NULL, 8);
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF) {
            continue;
        }
        buf_clear(&buf);
        buf_append_utf8(&buf, c);
        size_t at = 0;
        uint32_t decoded = utf8_next(buf_view(&buf), &at);
        if (decoded != c || at != buf.len || utf8_first_invalid(buf_view(&buf)) != buf.len) {
            fail_msg("U+%04X decodes to %X", (unsigned)c, (unsigned)decoded);
        }
    }
    buf_release(&buf);
}

static void malformed_bytes_are_found(void **state)
{
    (void)state;
    static const struct {
        struct str text;
        size_t first_invalid;
    } rows[] = {
        {{"\x80", 1}, 0},             /* lone continuation */
        {{"\xC0\x80", 2}, 0},         /* overlong NUL */
        {{"\xC1\xBF", 2}, 0},         /* overlong */
        {{"\xE0\x9F\xBF", 3}, 0},     /* overlong */
        {{"\xED\xA0\x80", 3}, 0},     /* surrogate */
        {{"\xF0\x8F\xBF\xBF", 4}, 0}, /* overlong */
        {{"\xF4\x90\x80\x80", 4}, 0}, /* above U+10FFFF */
        {{"\xF5\x80\x80\x80", 4}, 0}, /* never a first byte */
        {{"ab\xE2\x82", 4}, 2},       /* cut off */
        {{"12345678\xFF", 9}, 8},     /* behind a whole word */
        {{"1234567\xC3\xA4x\xC3", 11}, 10},
        {{"", 0}, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(utf8_first_invalid(rows[i].text), rows[i].first_invalid);
        if (rows[i].text.len > 0 && rows[i].first_invalid == 0) {
            size_t at = 0;
            assert_true(utf8_next(rows[i].text, &at) == UTF8_INVALID);
            assert_int_equal(at, 1);
        }
    }
}

static void widths_are_columns(void **state)
{
    (void)state;
    static const struct {
        uint32_t code_point;
        unsigned width;
    } rows[] = {
        {'a', 1},    {0, 0},      {'\t', 0},   {0x7F, 0},    {0x9F, 0},     {0xA0, 1},
        {0xAD, 1},   {0x301, 0},  {0x1100, 2}, {0x1161, 0},  {0x200B, 0},   {0x4E2D, 2},
        {0xFF21, 2}, {0x20AC, 1}, {0xFE0F, 0}, {0x1F600, 2}, {0x10FFFF, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (utf8_width(rows[i].code_point) != rows[i].width) {
            fail_msg("U+%04X has width %u", (unsigned)rows[i].code_point,
                     utf8_width(rows[i].code_point));
        }
    }
}

static void classes_know_their_members(void **state)
{
    (void)state;
    assert_true(utf8_is_control(0) && utf8_is_control(0x1B) && utf8_is_control(0x7F));
    assert_true(utf8_is_control(0x85) && !utf8_is_control('\t') && !utf8_is_control(0xA0));
    static const uint32_t deceptive[] = {0xAD,   0x61C,  0x200B, 0x200D,  0x202E,
                                         0x2066, 0x2028, 0xFEFF, 0xE0041, 0x3164};
    for (size_t i = 0; i < sizeof deceptive / sizeof deceptive[0]; i++) {
        assert_true(utf8_is_deceptive(deceptive[i]));
    }
    assert_false(utf8_is_deceptive('a') || utf8_is_deceptive(0xFE0F) || utf8_is_deceptive(0x4E2D));
    assert_true(utf8_is_space(' ') && utf8_is_space(0x3000) && utf8_is_space(0x85));
    assert_false(utf8_is_space(0x200B) || utf8_is_space('a'));
    assert_true(utf8_is_letter('z') && utf8_is_letter('A') && utf8_is_letter(0xDF));
    assert_true(utf8_is_letter(0x4E2D) && utf8_is_letter(0x41D));
    assert_false(utf8_is_letter('1') || utf8_is_letter('[') || utf8_is_letter('@'));
    assert_false(utf8_is_letter('{') || utf8_is_letter(0xD7) || utf8_is_letter(UTF8_INVALID));
    assert_true(utf8_is_number('0') && utf8_is_number('9') && utf8_is_number(0xB2));
    assert_true(utf8_is_number(0x663) && utf8_is_number(0x2167));
    assert_false(utf8_is_number('/') || utf8_is_number(':') || utf8_is_number('a'));
    assert_false(utf8_is_number(0x41D) || utf8_is_number(UTF8_INVALID));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scalar_value_decodes_to_itself),
        cmocka_unit_test(malformed_bytes_are_found),
        cmocka_unit_test(widths_are_columns),
        cmocka_unit_test(classes_know_their_members),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
