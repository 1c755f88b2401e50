/* SPDX-License-Identifier: Apache-2.0
 *
 * test_imgref.c - grammar, normal forms and refusals of facts/imgref.c. The large table of the
 * reference implementation is run by tests/conformance; these are cases of our own.
 */
#include "facts/imgref.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

#define HEX32 "0123456789abcdef0123456789abcdef"
#define HEX64 HEX32 HEX32
#define LETTERS50 "abcdefghijklmnopqrstuvwxyabcdefghijklmnopqrstuvwxy"
#define LETTERS250 LETTERS50 LETTERS50 LETTERS50 LETTERS50 LETTERS50

static void assert_str(struct str actual, const char *expected)
{
    assert_int_equal(actual.len, strlen(expected));
    assert_memory_equal(actual.ptr, expected, actual.len);
}

static void assert_form(const struct imgref *ref, enum imgref_form form, const char *expected)
{
    struct buf text;
    buf_init(&text, NULL, 1024);
    imgref_append(&text, ref, form);
    assert_int_equal(buf_status(&text), PLIM_STATUS_OK);
    assert_string_equal(text.data, expected);
    buf_release(&text);
}

static void forms_of_accepted_references(void **state)
{
    static const struct {
        const char *in;
        const char *path;
        const char *tagged;
        const char *familiar;
    } cases[] = {
        {"alpine", "library/alpine", "docker.io/library/alpine:latest", "alpine"},
        {"alpine:3", "library/alpine", "docker.io/library/alpine:3", "alpine:3"},
        {"me/app", "me/app", "docker.io/me/app:latest", "me/app"},
        {"library/alpine", "library/alpine", "docker.io/library/alpine:latest", "alpine"},
        {"library/a/b", "library/a/b", "docker.io/library/a/b:latest", "library/a/b"},
        {"index.docker.io/alpine", "library/alpine", "docker.io/library/alpine:latest", "alpine"},
        {"docker.io/me/app:1", "me/app", "docker.io/me/app:1", "me/app:1"},
        {"localhost/app", "app", "localhost/app:latest", "localhost/app"},
        {"localhost:5000/app", "app", "localhost:5000/app:latest", "localhost:5000/app"},
        {"[2001:db8::1]:80/a", "a", "[2001:db8::1]:80/a:latest", "[2001:db8::1]:80/a"},
        {"Registry/app", "app", "Registry/app:latest", "Registry/app"},
        {"r.io/a/b__c.d--e:T.1-x_", "a/b__c.d--e", "r.io/a/b__c.d--e:T.1-x_",
         "r.io/a/b__c.d--e:T.1-x_"},
        {"a@sha256:" HEX64, "library/a", "docker.io/library/a@sha256:" HEX64, "a@sha256:" HEX64},
        {"a:1@sha512:" HEX64 HEX64, "library/a", "docker.io/library/a:1@sha512:" HEX64 HEX64,
         "a:1@sha512:" HEX64 HEX64},
        {"a@sha384:" HEX64 HEX32, "library/a", "docker.io/library/a@sha384:" HEX64 HEX32,
         "a@sha384:" HEX64 HEX32},
        /* A first component with a dot that is no host name is part of the path. */
        {"a_b.c/d", "a_b.c/d", "a_b.c/d:latest", "a_b.c/d"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct imgref ref = {0};
        assert_int_equal(imgref_parse(&ref, str_from_cstr(cases[i].in)), IMGREF_FAULT_NONE);
        assert_form(&ref, IMGREF_FORM_PATH, cases[i].path);
        assert_form(&ref, IMGREF_FORM_TAGGED, cases[i].tagged);
        assert_form(&ref, IMGREF_FORM_FAMILIAR, cases[i].familiar);
    }
}

static void name_and_normal_forms_keep_what_was_written(void **state)
{
    (void)state;
    struct imgref ref = {0};
    assert_int_equal(imgref_parse(&ref, STR("alpine:3@sha256:" HEX64)), IMGREF_FAULT_NONE);
    assert_form(&ref, IMGREF_FORM_NAME, "docker.io/library/alpine");
    assert_form(&ref, IMGREF_FORM_NORMAL, "docker.io/library/alpine:3@sha256:" HEX64);
    assert_str(ref.domain, "docker.io");
    assert_str(ref.tag, "3");
    assert_str(ref.digest, "sha256:" HEX64);
    assert_true(imgref_has_tag(&ref));
    assert_true(imgref_has_digest(&ref));
    assert_int_equal(imgref_parse(&ref, STR("alpine")), IMGREF_FAULT_NONE);
    assert_form(&ref, IMGREF_FORM_NORMAL, "docker.io/library/alpine");
    assert_false(imgref_has_tag(&ref));
    assert_false(imgref_has_digest(&ref));
}

static void faults_are_told_apart(void **state)
{
    static const struct {
        const char *in;
        enum imgref_fault fault;
    } cases[] = {
        {"", IMGREF_FAULT_FORMAT},
        {"/", IMGREF_FAULT_FORMAT},
        {"a/", IMGREF_FAULT_FORMAT},
        {"/a", IMGREF_FAULT_FORMAT},
        {"a//b", IMGREF_FAULT_FORMAT},
        {"a:", IMGREF_FAULT_FORMAT},
        {"a@", IMGREF_FAULT_FORMAT},
        {"a:1:2", IMGREF_FAULT_FORMAT},
        {"a:.1", IMGREF_FAULT_FORMAT},
        {"a b", IMGREF_FAULT_FORMAT},
        {"a---", IMGREF_FAULT_FORMAT},
        {"a___b", IMGREF_FAULT_FORMAT},
        {"a.io:port/b", IMGREF_FAULT_FORMAT},
        {"a.io:/b", IMGREF_FAULT_FORMAT},
        {"a-.io/b", IMGREF_FAULT_FORMAT},
        {"[]/a", IMGREF_FAULT_FORMAT},
        {"[::1/a.b", IMGREF_FAULT_FORMAT},
        {"a@sha256:" HEX64 "@sha256:" HEX64, IMGREF_FAULT_FORMAT},
        {"a@sha256", IMGREF_FAULT_FORMAT},
        {"a@sha256:0123", IMGREF_FAULT_FORMAT},
        {"a@256sha:" HEX64, IMGREF_FAULT_FORMAT},
        {"a@sha 256:" HEX64, IMGREF_FAULT_FORMAT},
        {"App", IMGREF_FAULT_UPPERCASE},
        {"r.io/App:1", IMGREF_FAULT_UPPERCASE},
        {"a@Sha256:" HEX64, IMGREF_FAULT_UPPERCASE},
        {"a:1@Sha256:" HEX64, IMGREF_FAULT_DIGEST_FORMAT},
        {"a@sha256:ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD",
         IMGREF_FAULT_DIGEST_FORMAT},
        {"a@sha256:" HEX64 "00", IMGREF_FAULT_DIGEST_LENGTH},
        {"a@sha512:" HEX64, IMGREF_FAULT_DIGEST_LENGTH},
        {"a@md5:" HEX32, IMGREF_FAULT_DIGEST_ALGORITHM},
        {"a@multi+x.y_z-w:" HEX32, IMGREF_FAULT_DIGEST_ALGORITHM},
        {HEX64, IMGREF_FAULT_HEX_ID},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct imgref ref = {.tag = STR("untouched")};
        assert_int_equal(imgref_parse(&ref, str_from_cstr(cases[i].in)), cases[i].fault);
        assert_str(ref.tag, "untouched");
        assert_true(imgref_fault_text(cases[i].fault).len > 0);
    }
    assert_str(imgref_fault_text((enum imgref_fault)99), "unknown fault");
}

static void lengths_are_limited_at_the_border(void **state)
{
    (void)state;
    struct imgref ref = {0};
    assert_int_equal(imgref_parse(&ref, STR("r.io/" LETTERS250 "abcde")), IMGREF_FAULT_NONE);
    assert_int_equal(imgref_parse(&ref, STR("r.io/" LETTERS250 "abcdef")), IMGREF_FAULT_TOO_LONG);
    /* "library/" counts. */
    assert_int_equal(imgref_parse(&ref, STR(LETTERS250)), IMGREF_FAULT_TOO_LONG);
    assert_int_equal(
        imgref_parse(&ref, STR("a:" LETTERS50 LETTERS50 "abcdefghijklmnopqrstuvwxyzab")),
        IMGREF_FAULT_NONE);
    assert_int_equal(
        imgref_parse(&ref, STR("a:" LETTERS50 LETTERS50 "abcdefghijklmnopqrstuvwxyzabc")),
        IMGREF_FAULT_FORMAT);
}

static void bytes_outside_the_alphabet_are_refused(void **state)
{
    (void)state;
    struct imgref ref = {0};
    for (int c = 0; c < 256; c++) {
        char text[] = {'a', (char)c, 'b'};
        bool accepted = imgref_parse(&ref, str_make(text, sizeof(text))) == IMGREF_FAULT_NONE;
        bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       (c != 0 && strchr("._-/:", c) != NULL);
        assert_int_equal(accepted, allowed);
    }
}

static plim_status append_all(const plim_allocator *allocator, void *user)
{
    struct imgref ref = {0};
    (void)user;
    assert_int_equal(imgref_parse(&ref, STR("localhost:5000/a/b:1@sha256:" HEX64)),
                     IMGREF_FAULT_NONE);
    struct buf text;
    buf_init(&text, allocator, 1024);
    imgref_append(&text, &ref, IMGREF_FORM_TAGGED);
    plim_status status = buf_status(&text);
    buf_release(&text);
    return status;
}

static void failing_allocations_are_reported(void **state)
{
    (void)state;
    fault_alloc_run(append_all, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_accepted_references),
        cmocka_unit_test(name_and_normal_forms_keep_what_was_written),
        cmocka_unit_test(faults_are_told_apart),
        cmocka_unit_test(lengths_are_limited_at_the_border),
        cmocka_unit_test(bytes_outside_the_alphabet_are_refused),
        cmocka_unit_test(failing_allocations_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
