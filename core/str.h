/* SPDX-License-Identifier: Apache-2.0
 *
 * str.h - borrowed string views: pointer and length, NUL bytes allowed inside.
 *
 * Owns nothing and allocates nothing. A view lives as long as the bytes it points to. What needs
 * memory belongs in buf.h, arena.h or intern.h. Thread rule: pure.
 */
#ifndef CORE_STR_H
#define CORE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *ptr;
    size_t len;
};

/* A view of a string literal; the length is known at compile time. */
#define STR(literal) ((struct str){.ptr = "" literal "", .len = sizeof(literal) - 1})

/* printf("%.*s", STR_FMT(s)) for texts below 2 GiB. */
#define STR_FMT(s) (int)(s).len, (s).ptr

static inline struct str str_make(const char *ptr, size_t len)
{
    return (struct str){.ptr = ptr, .len = len};
}

static inline struct str str_from_cstr(const char *text)
{
    return (struct str){.ptr = text, .len = strlen(text)};
}

/* The first byte tells most texts of one length apart without a call. */
static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len &&
           (a.len == 0 || (a.ptr[0] == b.ptr[0] && memcmp(a.ptr, b.ptr, a.len) == 0));
}

/* The part [from, to); both are clamped to the view. */
static inline struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.len) {
        to = s.len;
    }
    if (from > to) {
        from = to;
    }
    return (struct str){.ptr = s.len > 0 ? s.ptr + from : s.ptr, .len = to - from};
}

static inline bool str_starts_with(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_slice(s, 0, prefix.len), prefix);
}

static inline bool str_ends_with(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

/* Lower case of one ASCII byte; other bytes are returned as they are. Independent of the locale. */
static inline char str_lower_char(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* Equality that ignores ASCII case only. */
bool str_eq_nocase(struct str a, struct str b);

/* Total order by bytes, shorter first on a common prefix: <0, 0, >0. */
int str_compare(struct str a, struct str b);

/* Offset of the first `needle` in `s`, or s.len when there is none. */
size_t str_find(struct str s, struct str needle);

/* Offset of the first byte `c` at or after `from`, or s.len when there is none. */
size_t str_find_char(struct str s, char c, size_t from);

/* Cuts ASCII blanks (space, tab, CR, LF, VT, FF) at both ends. */
struct str str_trim(struct str s);

/* Strict decimal number without sign; false on an empty text, another byte or an overflow. */
bool str_to_u64(struct str s, unsigned long long *out);

/* Strict decimal number with an optional sign; false on an empty text, another byte or an
 * overflow. */
bool str_to_i64(struct str s, int64_t *out);

#endif
