/* SPDX-License-Identifier: Apache-2.0
 *
 * test_value.c - Kleene logic by table, causes of doubt, and counts that are ranges against the
 * definition: a relation holds when it holds for all numbers of both ranges.
 */
#include "runtime/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum truth { FALSE_, TRUE_, UNKNOWN_, ABSENT_, TRUTHS };

static struct value value_of(enum truth truth, fact_cause cause)
{
    switch (truth) {
    case FALSE_:
        return value_bool(false);
    case TRUE_:
        return value_bool(true);
    case UNKNOWN_:
        return value_unknown(cause);
    case ABSENT_:
    case TRUTHS:
        break;
    }
    return value_absent();
}

static enum truth truth_of(struct value value)
{
    return value_is_true(value) ? TRUE_ : value_is_false(value) ? FALSE_ : UNKNOWN_;
}

static void logic_follows_kleene(void **state)
{
    (void)state;
    /* An absent operand is unknown with cause 0. */
    static const enum truth and[TRUTHS][TRUTHS] = {{FALSE_, FALSE_, FALSE_, FALSE_},
                                                   {FALSE_, TRUE_, UNKNOWN_, UNKNOWN_},
                                                   {FALSE_, UNKNOWN_, UNKNOWN_, UNKNOWN_},
                                                   {FALSE_, UNKNOWN_, UNKNOWN_, UNKNOWN_}};
    static const enum truth or [TRUTHS][TRUTHS] = {{FALSE_, TRUE_, UNKNOWN_, UNKNOWN_},
                                                   {TRUE_, TRUE_, TRUE_, TRUE_},
                                                   {UNKNOWN_, TRUE_, UNKNOWN_, UNKNOWN_},
                                                   {UNKNOWN_, TRUE_, UNKNOWN_, UNKNOWN_}};
    static const enum truth not [TRUTHS] = {TRUE_, FALSE_, UNKNOWN_, UNKNOWN_};
    for (unsigned a = 0; a < TRUTHS; a++) {
        assert_int_equal(truth_of(value_not(value_of((enum truth)a, 3))), not [a]);
        for (unsigned b = 0; b < TRUTHS; b++) {
            struct value left = value_of((enum truth)a, 3);
            struct value right = value_of((enum truth)b, 4);
            assert_int_equal(truth_of(value_and(left, right)), and[a][b]);
            assert_int_equal(truth_of(value_or(left, right)), or [a][b]);
        }
    }
}

static void the_first_doubt_names_the_cause(void **state)
{
    (void)state;
    struct value yes = value_bool(true);
    struct value no = value_bool(false);
    struct value three = value_unknown(3);
    struct value four = value_unknown(4);
    assert_int_equal(value_and(yes, three).bits, 3);
    assert_int_equal(value_and(three, yes).bits, 3);
    assert_int_equal(value_and(three, four).bits, 3);
    assert_int_equal(value_or(no, four).bits, 4);
    assert_int_equal(value_or(four, three).bits, 4);
    assert_int_equal(value_not(four).bits, 4);
    assert_int_equal(value_not(value_absent()).state, FACT_UNKNOWN);
    assert_int_equal(value_not(value_absent()).bits, 0);
}

struct range {
    uint32_t low, high;
};

enum relation { EQUAL, LESS, LESS_EQUAL, RELATIONS };

static bool holds(enum relation relation, uint32_t a, uint32_t b)
{
    return relation == EQUAL ? a == b : relation == LESS ? a < b : a <= b;
}

static enum truth by_definition(enum relation relation, struct range a, struct range b)
{
    bool some = false;
    bool all = true;
    for (uint32_t x = a.low; x <= a.high; x++) {
        for (uint32_t y = b.low; y <= b.high; y++) {
            some = some || holds(relation, x, y);
            all = all && holds(relation, x, y);
        }
    }
    return all ? TRUE_ : some ? UNKNOWN_ : FALSE_;
}

static void ranges_compare_by_definition(void **state)
{
    (void)state;
    static struct value (*const relations[RELATIONS])(struct value, struct value) = {
        value_count_equal, value_count_less, value_count_less_equal};
    for (uint32_t code = 0; code < 4 * 4 * 4 * 4; code++) {
        struct range a = {code % 4, code / 4 % 4};
        struct range b = {code / 16 % 4, code / 64 % 4};
        if (a.low > a.high || b.low > b.high) {
            continue;
        }
        struct value left = value_count(a.low, a.high, 7);
        struct value right = value_count(b.low, b.high, 8);
        for (unsigned r = 0; r < RELATIONS; r++) {
            struct value result = relations[r](left, right);
            assert_int_equal(truth_of(result), by_definition((enum relation)r, a, b));
            if (!value_is_present(result)) {
                assert_int_equal(result.bits, a.low != a.high ? 7 : 8);
            }
        }
    }
    for (unsigned r = 0; r < RELATIONS; r++) {
        assert_int_equal(relations[r](value_unknown(5), value_count(1, 1, 0)).bits, 5);
        assert_int_equal(relations[r](value_count(1, 1, 0), value_unknown(6)).bits, 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logic_follows_kleene),
        cmocka_unit_test(the_first_doubt_names_the_cause),
        cmocka_unit_test(ranges_compare_by_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
