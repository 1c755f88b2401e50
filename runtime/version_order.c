/* SPDX-License-Identifier: Apache-2.0
 *
 * version_order.c - compares two versions part by part without allocating. See version_order.h.
 */
#include "runtime/version_order.h"

#include <stdbool.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_separator(char c)
{
    return c == '.' || c == '-' || c == '_' || c == '+' || c == '~' || c == ':';
}

/* Cuts the next part off: a run of digits or of other characters. Empty at the end. */
static struct str next_part(struct str *rest)
{
    size_t from = 0;
    while (from < rest->len && is_separator(rest->ptr[from])) {
        from++;
    }
    size_t to = from;
    while (to < rest->len && !is_separator(rest->ptr[to]) &&
           is_digit(rest->ptr[to]) == is_digit(rest->ptr[from])) {
        to++;
    }
    struct str part = str_slice(*rest, from, to);
    *rest = str_slice(*rest, to, rest->len);
    return part;
}

static struct str without_zeros(struct str digits)
{
    size_t at = 0;
    while (at < digits.len && digits.ptr[at] == '0') {
        at++;
    }
    return str_slice(digits, at, digits.len);
}

static int compare_numbers(struct str a, struct str b)
{
    a = without_zeros(a);
    b = without_zeros(b);
    return a.len != b.len ? (a.len > b.len) - (a.len < b.len) : str_compare(a, b);
}

/* Order of one part; an empty part is the end of its version and counts as 0. */
static int compare_parts(struct str a, struct str b)
{
    bool a_text = a.len > 0 && !is_digit(a.ptr[0]);
    bool b_text = b.len > 0 && !is_digit(b.ptr[0]);
    if (a_text && b_text) {
        return str_compare(a, b);
    }
    if (a_text || b_text) {
        return a_text ? -1 : 1;
    }
    return compare_numbers(a, b);
}

static struct str without_v(struct str text)
{
    bool v = text.len > 1 && (text.ptr[0] == 'v' || text.ptr[0] == 'V') && is_digit(text.ptr[1]);
    return str_slice(text, v ? 1 : 0, text.len);
}

int version_order(struct str a, struct str b)
{
    a = without_v(str_trim(a));
    b = without_v(str_trim(b));
    while (a.len > 0 || b.len > 0) {
        struct str part_a = next_part(&a);
        struct str part_b = next_part(&b);
        int order = compare_parts(part_a, part_b);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}
