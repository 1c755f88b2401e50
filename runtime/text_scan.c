/* SPDX-License-Identifier: Apache-2.0
 *
 * text_scan.c - see text_scan.h. Three bytes are named by five bits of each, which letters of both
 * cases share (as do some other bytes, which is harmless).
 */
#include "runtime/text_scan.h"

enum { TRIPLES = 1 << 15, BUCKETS = 256 };

struct literal {
    struct str text;
    size_t offset;   /* of the three bytes that stand for it */
    uint32_t triple; /* their name */
    bool fold;
    uint64_t pattern; /* its bit */
    struct literal *next;
};

struct text_scan {
    uint64_t triples[TRIPLES / 64]; /* those of the literals */
    struct literal *buckets[BUCKETS];
};

static uint32_t add_byte(uint32_t triple, char c)
{
    return (triple << 5 | ((unsigned char)c & 31u)) & (TRIPLES - 1);
}

static uint32_t triple_at(struct str text, size_t at)
{
    return add_byte(add_byte(add_byte(0, text.ptr[at]), text.ptr[at + 1]), text.ptr[at + 2]);
}

/* How rare a byte is in scripts, roughly. */
static unsigned rarity(char c)
{
    if (c >= 'a' && c <= 'z') {
        return 0;
    }
    return c == ' ' || c == '-' || c == '/' || c == '.' ? 1 : 2;
}

/* Where the rarest three bytes of a literal are. */
static size_t choose_offset(struct str text)
{
    size_t best = 0;
    unsigned best_rarity = 0;
    for (size_t at = 0; at + TEXT_SCAN_MIN <= text.len; at++) {
        unsigned sum = rarity(text.ptr[at]) + rarity(text.ptr[at + 1]) + rarity(text.ptr[at + 2]);
        if (sum > best_rarity) {
            best = at;
            best_rarity = sum;
        }
    }
    return best;
}

struct text_scan *text_scan_new(struct arena *arena)
{
    return ARENA_NEW(arena, struct text_scan);
}

bool text_scan_add(struct text_scan *scan, struct arena *arena, unsigned number, struct str literal,
                   bool fold)
{
    if (literal.len < TEXT_SCAN_MIN) {
        return false;
    }
    struct literal *added = ARENA_NEW(arena, struct literal);
    if (added == NULL) {
        return false;
    }
    size_t offset = choose_offset(literal);
    uint32_t triple = triple_at(literal, offset);
    struct literal **bucket = &scan->buckets[triple % BUCKETS];
    *added = (struct literal){.text = literal,
                              .offset = offset,
                              .triple = triple,
                              .fold = fold,
                              .pattern = UINT64_C(1) << number,
                              .next = *bucket};
    *bucket = added;
    scan->triples[triple / 64] |= UINT64_C(1) << triple % 64;
    return true;
}

/* Bits of the patterns that have a literal around the three bytes that begin at `at`. */
static uint64_t compare_at(const struct text_scan *scan, struct str text, size_t at,
                           uint32_t triple)
{
    uint64_t found = 0;
    for (const struct literal *l = scan->buckets[triple % BUCKETS]; l != NULL; l = l->next) {
        if (l->triple != triple || l->offset > at || l->text.len > text.len - (at - l->offset)) {
            continue;
        }
        struct str part = str_make(text.ptr + at - l->offset, l->text.len);
        if (l->fold ? str_eq_nocase(part, l->text) : str_eq(part, l->text)) {
            found |= l->pattern;
        }
    }
    return found;
}

uint64_t text_scan_find(const struct text_scan *scan, struct str text)
{
    uint64_t found = 0;
    uint32_t triple = 0;
    for (size_t at = 0; at < text.len; at++) {
        triple = add_byte(triple, text.ptr[at]);
        if ((scan->triples[triple / 64] >> triple % 64 & 1) != 0 && at + 1 >= TEXT_SCAN_MIN) {
            found |= compare_at(scan, text, at + 1 - TEXT_SCAN_MIN, triple);
        }
    }
    return found;
}
