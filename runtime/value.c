/* SPDX-License-Identifier: Apache-2.0
 *
 * value.c - relations of counts that are ranges. See value.h.
 */
#include "runtime/value.h"

static bool both_present(struct value a, struct value b)
{
    return value_is_present(a) && value_is_present(b);
}

struct value value_count_equal(struct value a, struct value b)
{
    if (!both_present(a, b)) {
        return value_doubt2(a, b);
    }
    bool exact = value_certain(a) == value_possible(a) && value_certain(b) == value_possible(b);
    bool apart = value_possible(a) < value_certain(b) || value_possible(b) < value_certain(a);
    return value_interval(exact && a.bits == b.bits, apart, a, b);
}

struct value value_count_less(struct value a, struct value b)
{
    if (!both_present(a, b)) {
        return value_doubt2(a, b);
    }
    return value_interval(value_possible(a) < value_certain(b),
                          value_certain(a) >= value_possible(b), a, b);
}

struct value value_count_less_equal(struct value a, struct value b)
{
    if (!both_present(a, b)) {
        return value_doubt2(a, b);
    }
    return value_interval(value_possible(a) <= value_certain(b),
                          value_certain(a) > value_possible(b), a, b);
}
