/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_volume_text.c - pieces, holes, options, mistakes. That the readings equal Compose's is
 * shown by the conformance table compose_volume_short.
 */
#include "facts/compose/co_volume_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void print_piece(char *out, size_t size, const struct co_volume_piece *piece)
{
    if (piece->state == CO_KNOWN) {
        snprintf(out, size, "%.*s@%zu", STR_FMT(piece->text), piece->start);
    } else {
        snprintf(out, size, "%s", piece->state == CO_ABSENT ? "-" : "?");
    }
}

/* "type source target options"; - is absent, ? unknown. */
static void print(char *out, size_t size, const struct co_volume_text *volume)
{
    static const char *const types[] = {"volume", "bind"};
    static const char *const options[] = {"", " options", " options?"};
    char source[64];
    char target[64];
    print_piece(source, sizeof source, &volume->source);
    print_piece(target, sizeof target, &volume->target);
    snprintf(out, size, "%s %s %s%s%s%s%s%.*s%s%.*s",
             volume->type_state == CO_KNOWN ? types[volume->type] : "?", source, target,
             options[volume->options_state], volume->read_only ? " ro" : "",
             volume->nocopy ? " nocopy" : "", volume->selinux.len > 0 ? " " : "",
             STR_FMT(volume->selinux), volume->propagation.len > 0 ? " " : "",
             STR_FMT(volume->propagation));
}

static void pieces_are_read_and_holes_are_unknown(void **state)
{
    static const struct {
        const char *in;
        const char *out;
    } cases[] = {
        {"./a:/b:ro,z,rslave", "bind ./a@0 /b@4 options ro z rslave"},
        {"data:/b:nocopy,bogus", "volume data@0 /b@5 options nocopy"},
        {"data:/b:ro,rw", "volume data@0 /b@5 options"},
        {"/b", "volume - /b@0"},
        {"/data", "volume - /data@0"},
        {"C:\\a:/b", "bind C:\\a@0 /b@5"},
        {"${X:-/d}:/b", "volume ${X:-/d}@0 /b@9"},
        {"${X:/b", "volume - -"},
        {"\xff:/data:ro", "? ? /data@2 options ro"},
        {"\xff/x:/data", "? ? /data@4"},
        {"./\xff:/data", "bind ? /data@4"},
        {"data\xff:/data", "volume ? /data@6"},
        {"/a:\xff", "bind /a@0 ?"},
        {"/a:/b:\xff", "bind /a@0 /b@3 options?"},
        {"/a:/b:ro,\xff", "bind /a@0 /b@3 options? ro"},
        {"\xff", "? ? ? options?"},
        {"\xff/b", "? ? ? options?"},
        {"\xff:", "? ? ? options?"},
        {"\xff:/a:/b:ro", "? ? ? options?"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct co_volume_text volume;
        struct co_fault fault;
        char text[200];
        assert_true(co_volume_text_parse(str_from_cstr(cases[i].in), &volume, &fault));
        assert_int_equal(fault.message.len, 0);
        print(text, sizeof text, &volume);
        assert_string_equal(text, cases[i].out);
    }
}

static void mistakes_have_places_and_reasons(void **state)
{
    static const char empty[] = "there is nothing between two colons or before or behind one";
    static const struct {
        const char *in;
        size_t start;
        size_t end;
        const char *message;
    } cases[] = {
        {"", 0, 0, "a volume cannot be empty"},
        {":/b", 0, 1, empty},
        {"/a:", 2, 3, empty},
        {"/a::ro", 2, 4, empty},
        {"/a:/b:", 5, 6, empty},
        {"/a:/b:ro:x", 8, 10, "a volume has at most three parts: source, target, options"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct co_volume_text volume;
        struct co_fault fault;
        assert_false(co_volume_text_parse(str_from_cstr(cases[i].in), &volume, &fault));
        assert_true(str_eq(fault.message, str_from_cstr(cases[i].message)));
        assert_int_equal(fault.start, cases[i].start);
        assert_int_equal(fault.end, cases[i].end);
    }
}

static void paths_of_the_host_are_told_from_names(void **state)
{
    (void)state;
    assert_true(co_is_host_path(STR(".")) && co_is_host_path(STR("/")));
    assert_true(co_is_host_path(STR("~/x")) && co_is_host_path(STR("\\\\.\\pipe")));
    assert_true(co_is_host_path(STR("c:x")) && co_is_host_path(STR("\xC3\xA4:x")));
    assert_false(co_is_host_path(STR("")) || co_is_host_path(STR("c")));
    assert_false(co_is_host_path(STR("data")) || co_is_host_path(STR("1:x")));
    assert_false(co_is_host_path(STR("\\x")) || co_is_host_path(STR("cc:x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_read_and_holes_are_unknown),
        cmocka_unit_test(mistakes_have_places_and_reasons),
        cmocka_unit_test(paths_of_the_host_are_told_from_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
