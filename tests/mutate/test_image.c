/* SPDX-License-Identifier: Apache-2.0
 *
 * test_image.c - damaged program images: cut at every length, every byte changed, with the digest
 * left wrong and with the digest made right again. Whatever is loaded all the same must run within
 * its budgets. Each image stands in a block of exactly its size, so that a build with VARIANT=asan
 * sees a read past the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <plimsoll/plimsoll.h>

#include "runtime/image.h"

enum { FUEL = 20000 };

static const char policy_text[] =
    "param bad-users : list<string> = [\"root\", \"toor\"] extendable \"who is refused\"\n"
    "rule user-root {\n"
    "  id \"PL5001\"\n"
    "  title \"The container runs as root\"\n"
    "  why \"\"\"uid 0\"\"\"\n"
    "  remedy \"\"\"End with USER name.\"\"\"\n"
    "  severity high\n"
    "  section least-privilege\n"
    "  since \"0.1.0\"\n"
    "  covers \"hadolint:DL3002\"\n"
    "  for w in final-stage\n"
    "  where has w.user\n"
    "  deny root when w.user.is-root or (w.user.name default \"\") in bad-users\n"
    "    at w.user\n"
    "    message \"{w.label} runs as root: {w.user.origin}\"\n"
    "  deny named severity low when (w.user.name default \"\") matches \"^r..t$\"\n"
    "    at w.user\n"
    "    also at w \"here\"\n"
    "    message \"{w.label} has an odd user\"\n"
    "}\n";

static const char dockerfile_text[] = "FROM alpine:3.20\nRUN a && b\nENV A=b C=d\nUSER root\n";

struct fixture {
    plim_facts *facts;
    char *image;
    size_t size;
};

static plim_text compile_image(void)
{
    plim_source source = {"user.plim", policy_text, strlen(policy_text)};
    plim_policy *policy = NULL;
    plim_text image = {0};
    plim_error error = {0};
    plim_status status = plim_policy_compile(&policy, &source, 1, NULL, NULL, &error);
    if (status != PLIM_STATUS_OK) {
        print_message("%s\n", error.message);
    }
    assert_int_equal(status, PLIM_STATUS_OK);
    assert_int_equal(plim_policy_save(policy, &image), PLIM_STATUS_OK);
    plim_policy_release(policy);
    return image;
}

static int set_up(void **state)
{
    static struct fixture fixture;
    plim_error error;
    plim_text image = compile_image();
    fixture.size = image.size;
    fixture.image = malloc(image.size);
    assert_non_null(fixture.image);
    memcpy(fixture.image, image.data, image.size);
    plim_text_release(&image);
    assert_int_equal(plim_facts_new(&fixture.facts, NULL, &error), PLIM_STATUS_OK);
    assert_int_equal(plim_facts_add(fixture.facts, PLIM_INPUT_DOCKERFILE, "Dockerfile",
                                    dockerfile_text, strlen(dockerfile_text), NULL, &error),
                     PLIM_STATUS_OK);
    assert_int_equal(plim_facts_freeze(fixture.facts, &error), PLIM_STATUS_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    plim_facts_free(fixture->facts);
    free(fixture->image);
    return 0;
}

/* Evaluates what was loaded and renders it; false for an outcome that must not be. */
static bool run_policy(plim_policy *policy, plim_facts *facts)
{
    plim_budget budget = PLIM_BUDGET_INIT;
    budget.fuel = FUEL;
    plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
    options.budget = &budget;
    plim_result *result = NULL;
    plim_error error;
    plim_status status = plim_eval(&result, &policy, 1, facts, &options, &error);
    bool allowed =
        status == PLIM_STATUS_OK || status == PLIM_STATUS_LIMIT || status == PLIM_STATUS_POLICY;
    plim_text text = {0};
    if (result != NULL) {
        plim_summary summary = {.struct_size = sizeof(summary)};
        plim_result_summary(result, &summary);
        /* One instruction may overdraw by its own cost. */
        allowed = allowed && summary.fuel <= 2 * FUEL;
        allowed = plim_report(PLIM_REPORT_JSON, result, NULL, &text) == PLIM_STATUS_OK && allowed;
    }
    plim_text_release(&text);
    plim_result_free(result);
    allowed = plim_policy_disasm(policy, NULL, &text) != PLIM_STATUS_INTERNAL && allowed;
    plim_text_release(&text);
    return allowed;
}

/* Loads a damaged copy and runs it when it loads. Returns whether it loaded. */
static bool try_image(const struct fixture *fixture, const char *bytes, size_t size)
{
    char *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    plim_policy *policy = NULL;
    plim_error error;
    plim_status status = plim_policy_load(&policy, copy, size, 1, NULL, &error);
    bool loaded = status == PLIM_STATUS_OK;
    bool allowed = loaded ? run_policy(policy, fixture->facts) : status == PLIM_STATUS_POLICY;
    plim_policy_release(policy);
    free(copy);
    assert_true(allowed);
    return loaded;
}

/* Makes the digest right for the bytes as they are. */
static void seal(char *image, size_t size)
{
    size_t from = offsetof(struct image_header, sha256);
    struct str parts[] = {str_make(image, from), str_make(image + from + DIGEST_SHA256_BYTES,
                                                          size - from - DIGEST_SHA256_BYTES)};
    uint8_t digest[DIGEST_SHA256_BYTES];
    digest_sha256(digest, parts, 2);
    memcpy(image + from, digest, sizeof(digest));
}

static void the_sound_image_loads(void **state)
{
    const struct fixture *fixture = *state;
    char *copy = malloc(fixture->size);
    assert_non_null(copy);
    memcpy(copy, fixture->image, fixture->size);
    seal(copy, fixture->size);
    /* If this fails, the tests below damage less than they think. */
    assert_memory_equal(copy, fixture->image, fixture->size);
    assert_true(try_image(fixture, copy, fixture->size));
    free(copy);
}

static void every_truncation_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    char *copy = malloc(fixture->size);
    assert_non_null(copy);
    for (size_t size = 0; size < fixture->size; size++) {
        assert_false(try_image(fixture, fixture->image, size));
        memcpy(copy, fixture->image, size);
        if (size >= sizeof(struct image_header)) {
            uint64_t told = size;
            memcpy(copy + offsetof(struct image_header, file_size), &told, sizeof(told));
            seal(copy, size);
            (void)try_image(fixture, copy, size);
        }
    }
    free(copy);
}

static void trailing_bytes_are_refused(void **state)
{
    const struct fixture *fixture = *state;
    char *copy = calloc(1, fixture->size + 64);
    assert_non_null(copy);
    memcpy(copy, fixture->image, fixture->size);
    assert_false(try_image(fixture, copy, fixture->size + 1));
    assert_false(try_image(fixture, copy, fixture->size + 64));
    free(copy);
}

static void every_changed_byte_is_noticed_by_the_digest(void **state)
{
    const struct fixture *fixture = *state;
    for (size_t at = 0; at < fixture->size; at++) {
        for (unsigned bit = 0; bit < 8; bit += 7) {
            fixture->image[at] = (char)(fixture->image[at] ^ (1 << bit));
            assert_false(try_image(fixture, fixture->image, fixture->size));
            fixture->image[at] = (char)(fixture->image[at] ^ (1 << bit));
        }
    }
}

/* The verifier is the only guard here: the digest is right. */
static void every_sealed_change_is_refused_or_harmless(void **state)
{
    const struct fixture *fixture = *state;
    static const unsigned char changes[] = {0x01, 0x02, 0x04, 0x08, 0x10,
                                            0x20, 0x40, 0x80, 0xff, 0x7f};
    char *copy = malloc(fixture->size);
    assert_non_null(copy);
    size_t loaded = 0;
    for (size_t at = 0; at < fixture->size; at++) {
        for (size_t i = 0; i < sizeof(changes); i++) {
            memcpy(copy, fixture->image, fixture->size);
            copy[at] = (char)(copy[at] ^ changes[i]);
            seal(copy, fixture->size);
            loaded += try_image(fixture, copy, fixture->size) ? 1 : 0;
        }
    }
    print_message("%zu of %zu changes loaded and ran\n", loaded, fixture->size * sizeof(changes));
    free(copy);
}

/* Counts, offsets and indices near the ends of their types, at every aligned place. */
static void extreme_numbers_are_refused_or_harmless(void **state)
{
    const struct fixture *fixture = *state;
    static const uint64_t extremes[] = {0, 1, INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX};
    char *copy = malloc(fixture->size);
    assert_non_null(copy);
    for (size_t width = 4; width <= 8; width += 4) {
        for (size_t at = 0; at + width <= fixture->size; at += 4) {
            for (size_t i = 0; i < sizeof(extremes) / sizeof(extremes[0]); i++) {
                memcpy(copy, fixture->image, fixture->size);
                memcpy(copy + at, &extremes[i], width);
                seal(copy, fixture->size);
                (void)try_image(fixture, copy, fixture->size);
            }
        }
    }
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sound_image_loads),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(trailing_bytes_are_refused),
        cmocka_unit_test(every_changed_byte_is_noticed_by_the_digest),
        cmocka_unit_test(every_sealed_change_is_refused_or_harmless),
        cmocka_unit_test(extreme_numbers_are_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
