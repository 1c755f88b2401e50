/* SPDX-License-Identifier: Apache-2.0
 *
 * str.c - the parts of str.h that are too long to be inline. Locale-free on purpose: a policy must
 * not change its mind with LC_ALL. Thread rule: pure.
 */
#include "core/str.h"

#include <limits.h>

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (str_lower_char(a.ptr[i]) != str_lower_char(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    if (shorter == 0) {
        return (a.len > b.len) - (a.len < b.len);
    }
    /* The first byte tells most texts of a search apart without a call. */
    int order = (unsigned char)a.ptr[0] - (unsigned char)b.ptr[0];
    if (order == 0) {
        order = memcmp(a.ptr, b.ptr, shorter);
    }
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

size_t str_find(struct str s, struct str needle)
{
    if (needle.len == 0) {
        return 0;
    }
    size_t at = 0;
    while (at < s.len && s.len - at >= needle.len) {
        const char *hit = memchr(s.ptr + at, needle.ptr[0], s.len - at - needle.len + 1);
        if (hit == NULL) {
            return s.len;
        }
        at = (size_t)(hit - s.ptr);
        if (memcmp(hit, needle.ptr, needle.len) == 0) {
            return at;
        }
        at++;
    }
    return s.len;
}

size_t str_find_char(struct str s, char c, size_t from)
{
    if (from >= s.len) {
        return s.len;
    }
    const char *hit = memchr(s.ptr + from, c, s.len - from);
    return hit != NULL ? (size_t)(hit - s.ptr) : s.len;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    size_t from = 0;
    size_t to = s.len;
    while (from < to && is_blank(s.ptr[from])) {
        from++;
    }
    while (to > from && is_blank(s.ptr[to - 1])) {
        to--;
    }
    return str_slice(s, from, to);
}

bool str_to_u64(struct str s, unsigned long long *out)
{
    if (s.len == 0) {
        return false;
    }
    unsigned long long value = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') {
            return false;
        }
        unsigned digit = (unsigned)(s.ptr[i] - '0');
        if (value > (ULLONG_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool str_to_i64(struct str s, int64_t *out)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    bool sign = negative || (s.len > 0 && s.ptr[0] == '+');
    unsigned long long value = 0;
    if (!str_to_u64(str_slice(s, sign ? 1 : 0, s.len), &value) ||
        value > (unsigned long long)INT64_MAX + (negative ? 1 : 0)) {
        return false;
    }
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}
