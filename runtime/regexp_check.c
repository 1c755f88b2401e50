/* SPDX-License-Identifier: Apache-2.0
 *
 * regexp_check.c - one walk over a pattern's text; see regexp_check.h. It knows just enough of the
 * syntax to skip escapes, classes and groups; the matcher's own compiler reports real errors.
 */
#include "runtime/regexp_check.h"

#include <stdio.h>
#include <string.h>

enum { MAX_GROUPS = 64 };

static bool refuse(struct regexp_error *error, size_t offset, const char *reason)
{
    error->offset = offset;
    snprintf(error->text, sizeof error->text, "%s", reason);
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Offset behind a character class that begins at `at`. */
static size_t skip_class(struct str p, size_t at)
{
    size_t i = at + 1;
    i += i < p.len && p.ptr[i] == '^';
    i += i < p.len && p.ptr[i] == ']';
    while (i < p.len && p.ptr[i] != ']') {
        if (p.ptr[i] == '[' && i + 1 < p.len && p.ptr[i + 1] == ':') {
            i += 2;
            while (i + 1 < p.len && !(p.ptr[i] == ':' && p.ptr[i + 1] == ']')) {
                i++;
            }
            i++;
        }
        i += p.ptr[i < p.len ? i : p.len - 1] == '\\' ? 2 : 1;
    }
    return i < p.len ? i + 1 : p.len;
}

/* Largest count of a repeat {n}, {n,} or {n,m} at `at`, and the offset behind it in `*end`; 0 when
 * the brace is literal text. */
static unsigned long read_repeat(struct str p, size_t at, size_t *end)
{
    unsigned long low = 0;
    unsigned long high = 0;
    size_t i = at + 1;
    bool digits = false;
    for (; i < p.len && is_digit(p.ptr[i]) && low < 100000; i++) {
        low = low * 10 + (unsigned long)(p.ptr[i] - '0');
        digits = true;
    }
    if (i < p.len && p.ptr[i] == ',') {
        for (i++; i < p.len && is_digit(p.ptr[i]) && high < 100000; i++) {
            high = high * 10 + (unsigned long)(p.ptr[i] - '0');
        }
    }
    if (!digits || i >= p.len || (p.ptr[i] != '}' && !is_digit(p.ptr[i]))) {
        return 0;
    }
    *end = i + 1;
    return high > low ? high : low;
}

static bool check_group(struct str p, size_t at, struct regexp_error *error)
{
    if (at + 2 >= p.len || p.ptr[at + 1] != '?') {
        return at + 1 < p.len && p.ptr[at + 1] == '*'
                   ? refuse(error, at, "control verbs are not allowed")
                   : true;
    }
    char kind = p.ptr[at + 2];
    if (kind == 'R' || kind == '&' || kind == '+' || is_digit(kind) ||
        (kind == '-' && at + 3 < p.len && is_digit(p.ptr[at + 3])) ||
        (kind == 'P' && at + 3 < p.len && p.ptr[at + 3] != '<')) {
        return refuse(error, at, "recursion and named back-references are not allowed");
    }
    if (kind == 'C' || kind == '(') {
        return refuse(error, at, "conditional groups and callouts are not allowed");
    }
    return true;
}

static bool check_escape(struct str p, size_t at, struct regexp_error *error)
{
    char c = at + 1 < p.len ? p.ptr[at + 1] : '\0';
    if ((c >= '1' && c <= '9') || c == 'g' || c == 'k') {
        return refuse(error, at, "back-references are not allowed: their cost has no bound");
    }
    return true;
}

/* Product of the counted repeats: of the group just closed, or of the item in front. */
struct repeats {
    unsigned long inside[MAX_GROUPS]; /* largest product within each open group */
    size_t depth;
    unsigned long last; /* product of the item a quantifier would apply to */
};

static bool apply_repeat(struct repeats *r, unsigned long count, size_t at,
                         struct regexp_error *error)
{
    if (count > REGEXP_MAX_REPEAT) {
        return refuse(error, at, "a repeat may count to 1000 at most");
    }
    unsigned long product = r->last * (count > 0 ? count : 1);
    if (product > REGEXP_MAX_PRODUCT) {
        return refuse(error, at, "counted repeats inside each other multiply to more than 10000");
    }
    if (product > r->inside[r->depth]) {
        r->inside[r->depth] = product;
    }
    r->last = product;
    return true;
}

bool regexp_check_syntax(struct str p, struct regexp_error *error)
{
    struct repeats r = {.inside = {1}, .depth = 0, .last = 1};
    if (p.len > REGEXP_MAX_PATTERN) {
        return refuse(error, REGEXP_MAX_PATTERN, "a pattern may have 1024 bytes at most");
    }
    for (size_t i = 0; i < p.len;) {
        size_t end = i + 1;
        char c = p.ptr[i];
        unsigned long count = c == '{' ? read_repeat(p, i, &end) : 0;
        if (count > 0) {
            if (!apply_repeat(&r, count, i, error)) {
                return false;
            }
        } else if (c == '\\') {
            if (!check_escape(p, i, error)) {
                return false;
            }
            end = i + 2;
            r.last = 1;
        } else if (c == '[') {
            end = skip_class(p, i);
            r.last = 1;
        } else if (c == '(') {
            if (!check_group(p, i, error)) {
                return false;
            }
            if (r.depth + 1 == MAX_GROUPS) {
                return refuse(error, i, "groups are nested deeper than 63");
            }
            r.inside[++r.depth] = 1;
            r.last = 1;
        } else if (c == ')' && r.depth > 0) {
            r.last = r.inside[r.depth--];
            if (r.last > r.inside[r.depth]) {
                r.inside[r.depth] = r.last;
            }
        } else if (c != '*' && c != '+' && c != '?') {
            r.last = 1;
        }
        i = end;
    }
    return true;
}
