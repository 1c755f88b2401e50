/* SPDX-License-Identifier: Apache-2.0
 *
 * test_text_scan.c - the scanner finds what stands in a text, and nothing else; literals at the
 * edges, overlapping, in both cases; the numbers of patterns at their limit.
 */
#include "runtime/text_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

static const struct {
    const char *literal;
    bool fold;
} literals[] = {{"AKIA", false},        {"akia", true}, {"://", false}, {"-----BEGIN ", false},
                {"hooks.slack", false}, {"SG.", false}, {"aaa", false}, {"begin", true}};

enum { LITERALS = sizeof literals / sizeof *literals };

static struct text_scan *make_scan(struct arena *arena)
{
    struct text_scan *scan = text_scan_new(arena);
    for (unsigned i = 0; scan != NULL && i < LITERALS; i++) {
        struct str text = str_from_cstr(literals[i].literal);
        if (!text_scan_add(scan, arena, i, text, literals[i].fold)) {
            return NULL;
        }
    }
    return scan;
}

/* What a search for each literal on its own finds. */
static uint64_t search(struct str text)
{
    uint64_t found = 0;
    for (unsigned i = 0; i < LITERALS; i++) {
        struct str literal = str_from_cstr(literals[i].literal);
        for (size_t at = 0; at + literal.len <= text.len; at++) {
            struct str part = str_slice(text, at, at + literal.len);
            bool same = literals[i].fold ? str_eq_nocase(part, literal) : str_eq(part, literal);
            found |= same ? UINT64_C(1) << i : 0;
        }
    }
    return found;
}

static void finds_what_a_search_finds(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "A",
        "AK",
        "AKIA",
        "xAKIAx",
        "AKIAAKIA",
        "aKiA",
        "AKI",
        "KIA",
        "https://example.com",
        "://",
        "a:/",
        "-----BEGIN RSA PRIVATE KEY-----",
        "----BEGIN ",
        "-----begin ",
        "curl https://hooks.slack.com/x?k=SG.AKIA",
        "aaaa",
        "aa",
        "aabaa",
        "zoo ZOO \x1a\x0f\x0f",
        "\xC1KIA\xE1kia",
    };
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct text_scan *scan = make_scan(&arena);
    assert_non_null(scan);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str text = str_from_cstr(texts[i]);
        if (text_scan_find(scan, text) != search(text)) {
            fail_msg("%s: found %llx", texts[i], (unsigned long long)text_scan_find(scan, text));
        }
    }
    arena_release(&arena);
}

/* Texts of few letters, so that literals stand in many of them. */
static void finds_what_a_search_finds_in_any_text(void **state)
{
    (void)state;
    static const char letters[] = "AKIakia:/-. BEGINbeginSG";
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct text_scan *scan = make_scan(&arena);
    assert_non_null(scan);
    uint32_t seed = 1;
    uint64_t seen = 0;
    for (unsigned round = 0; round < 20000; round++) {
        char bytes[24];
        size_t length = round % sizeof bytes;
        for (size_t i = 0; i < length; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        struct str text = str_make(bytes, length);
        uint64_t found = text_scan_find(scan, text);
        assert_int_equal(found, search(text));
        seen |= found;
    }
    assert_true((seen & 2) != 0 && (seen & 4) != 0 && (seen & 32) != 0);
    arena_release(&arena);
}

static void short_literals_are_refused(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct text_scan *scan = text_scan_new(&arena);
    assert_non_null(scan);
    static const char text[] = "abcdef";
    for (size_t length = 0; length <= TEXT_SCAN_MIN + 1; length++) {
        assert_int_equal(text_scan_add(scan, &arena, 0, str_make(text, length), false),
                         length >= TEXT_SCAN_MIN);
    }
    arena_release(&arena);
}

static plim_status build(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct arena arena;
    arena_init(&arena, allocator, 0);
    bool made = make_scan(&arena) != NULL;
    plim_status status = arena_status(&arena);
    assert_int_equal(made, status == PLIM_STATUS_OK);
    arena_release(&arena);
    return status;
}

static void survives_failing_memory(void **state)
{
    (void)state;
    fault_alloc_run(build, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_search_finds),
        cmocka_unit_test(finds_what_a_search_finds_in_any_text),
        cmocka_unit_test(short_literals_are_refused),
        cmocka_unit_test(survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
