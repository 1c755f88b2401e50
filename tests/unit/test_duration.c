/* SPDX-License-Identifier: Apache-2.0
 *
 * test_duration.c - durations in Go's spelling.
 */
#include "facts/duration.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void durations_are_read_to_nanoseconds(void **state)
{
    static const struct {
        const char *in;
        int64_t out;
    } cases[] = {
        {"0", 0},
        {"+0", 0},
        {"0s", 0},
        {"5s", 5000000000},
        {"1h2m3.5s", 3723500000000},
        {"1.5h", 5400000000000},
        {".5ms", 500000},
        {"2.ns", 2},
        {"1us1\xC2\xB5s1\xCE\xBCs", 3000},
        {"-5s", -5000000000},
        {"9223372036s", 9223372036000000000},
        {"0.0000000019s", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t out = 77;
        assert_int_equal(duration_parse(str_from_cstr(cases[i].in), &out), DURATION_ERROR_NONE);
        assert_int_equal(out, cases[i].out);
    }
}

static void compose_knows_days_and_weeks(void **state)
{
    static const struct {
        const char *in;
        int64_t out;
    } cases[] = {
        {"1d", 86400000000000},       {"2w3d", 1468800000000000}, {"1.5d", 129600000000000},
        {"-1d12h", -129600000000000}, {"1m30s", 90000000000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t out = 77;
        assert_int_equal(duration_parse_days(str_from_cstr(cases[i].in), &out),
                         DURATION_ERROR_NONE);
        assert_int_equal(out, cases[i].out);
    }
    int64_t out = 77;
    assert_int_equal(duration_parse_days(STR("1y"), &out), DURATION_ERROR_UNIT);
    assert_int_equal(duration_parse_days(STR("15251w"), &out), DURATION_ERROR_RANGE);
    assert_int_equal(out, 77);
}

static void other_texts_are_refused(void **state)
{
    static const struct {
        const char *in;
        enum duration_error error;
    } cases[] = {
        {"", DURATION_ERROR_INVALID},          {"-", DURATION_ERROR_INVALID},
        {"s", DURATION_ERROR_INVALID},         {".s", DURATION_ERROR_INVALID},
        {"5", DURATION_ERROR_NO_UNIT},         {"1h5", DURATION_ERROR_NO_UNIT},
        {"1d", DURATION_ERROR_UNIT},           {"1w", DURATION_ERROR_UNIT},
        {"1 s", DURATION_ERROR_UNIT},          {"1S", DURATION_ERROR_UNIT},
        {"9223372037s", DURATION_ERROR_RANGE}, {"99999999999999999999s", DURATION_ERROR_RANGE},
        {"2562047h48m", DURATION_ERROR_RANGE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t out = 77;
        assert_int_equal(duration_parse(str_from_cstr(cases[i].in), &out), cases[i].error);
        assert_int_equal(out, 77);
        assert_true(duration_error_text(cases[i].error).len > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read_to_nanoseconds),
        cmocka_unit_test(compose_knows_days_and_weeks),
        cmocka_unit_test(other_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
