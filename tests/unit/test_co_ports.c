/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_ports.c - pieces, holes, ranges, mistakes. That the readings equal Compose's is shown by
 * the conformance table compose_port_short.
 */
#include "facts/compose/co_ports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/alloc.h"
#include "fault_alloc.h"

static const char *state_text(enum co_state state)
{
    return state == CO_ABSENT ? "-" : "?";
}

static void print_range(char *out, size_t size, const struct co_port_range *range)
{
    if (range->state != CO_KNOWN) {
        snprintf(out, size, "%s", state_text(range->state));
    } else {
        snprintf(out, size, "%u-%u@%zu", range->first, range->last, range->start);
    }
}

/* "ip published target protocol"; - is absent, ? unknown. */
static void print(char *out, size_t size, const struct co_ports *ports)
{
    char published[32];
    char target[32];
    print_range(published, sizeof published, &ports->published);
    print_range(target, sizeof target, &ports->target);
    struct str ip =
        ports->ip_state == CO_KNOWN ? ports->ip : str_from_cstr(state_text(ports->ip_state));
    snprintf(out, size, "%.*s %s %s %s", STR_FMT(ip), published, target,
             ports->protocol_state == CO_UNKNOWN ? "?" : co_protocol_text(ports->protocol));
}

static void pieces_are_read_and_holes_are_unknown(void **state)
{
    static const struct {
        const char *in;
        const char *out;
    } cases[] = {
        {"80", "- - 80-80@0 tcp"},
        {"8080:80/udp", "- 8080-8080@0 80-80@5 udp"},
        {"[::1]:1-3:80-82/SCTP", "::1 1-3@6 80-82@10 sctp"},
        {"127.0.0.1::80", "127.0.0.1 - 80-80@11 tcp"},
        {"[]:1:2", "- 1-1@3 2-2@5 tcp"},
        {"1-65535:1-65535", "- 1-65535@0 1-65535@8 tcp"},
        {"\xff:80", "- ? 80-80@2 tcp"},
        {"8\xff:80", "- ? 80-80@3 tcp"},
        {"\xff:\xff:80", "? ? 80-80@4 tcp"},
        {"127.0.0.\xff:1:80", "? 1-1@10 80-80@12 tcp"},
        {"\xff", "? ? ? ?"},
        {"\xff/udp", "? ? ? udp"},
        {"80/\xff", "- - 80-80@0 ?"},
        {"8080:\xff", "- 8080-8080@0 ? ?"},
        {"127.0.0.1:\xff", "? ? ? ?"},
        {"1-3:8\xff", "- 1-3@0 ? ?"},
    };
    (void)state;
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct co_ports ports;
        struct co_fault fault;
        char text[160];
        assert_true(co_ports_parse(&arena, str_from_cstr(cases[i].in), &ports, &fault));
        assert_int_equal(fault.message.len, 0);
        print(text, sizeof text, &ports);
        assert_string_equal(text, cases[i].out);
    }
    arena_release(&arena);
}

static void mistakes_have_places_and_reasons(void **state)
{
    static const struct {
        const char *in;
        size_t start;
        size_t end;
        const char *message;
    } cases[] = {
        {"80800", 0, 5, "\"80800\" is not a port: the highest is 65535"},
        {"80:65536", 3, 8, "\"65536\" is not a port: the highest is 65535"},
        {"\xff:80800", 2, 7, "\"80800\" is not a port: the highest is 65535"},
        {"http:80", 0, 4, "\"http\" is not a port"},
        {"+80", 0, 3, "\"+80\" is not a port"},
        {"8000-a:1", 5, 6, "\"a\" is not a port"},
        {"-80", 0, 3, "\"-80\" is not a port"},
        {"80-", 0, 3, "\"80-\" is not a port"},
        {"1:85-80", 2, 7, "\"85-80\" is no range: it ends before it begins"},
        {"1-2:80-82", 0, 9, "\"1-2:80-82\" pairs ranges of different lengths"},
        {"80/icmp", 3, 7, "\"icmp\" is no protocol: it is tcp, udp or sctp"},
        {"80:", 3, 3, "the port of the container is missing"},
        {"", 0, 0, "the port of the container is missing"},
        {"localhost:80:80", 0, 9, "\"localhost\" is no IP address"},
        {"1.2.3.04:80:80", 0, 8, "\"1.2.3.04\" is no IP address"},
        {"::1:80:80", 0, 3, "\"::1\" must stand in brackets, as in [::1]:80:80"},
        {"[::1:80:80", 0, 4, "\"[::1\" is no IP address"},
    };
    (void)state;
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct co_ports ports;
        struct co_fault fault;
        assert_false(co_ports_parse(&arena, str_from_cstr(cases[i].in), &ports, &fault));
        assert_true(str_eq(fault.message, str_from_cstr(cases[i].message)));
        assert_int_equal(fault.start, cases[i].start);
        assert_int_equal(fault.end, cases[i].end);
    }
    arena_release(&arena);
}

static void expect_pair(const struct co_ports *ports, size_t index, unsigned target, unsigned first,
                        unsigned last)
{
    struct co_port_pair pair = co_ports_pair(ports, index);
    assert_int_equal(pair.target, target);
    assert_int_equal(pair.published_first, first);
    assert_int_equal(pair.published_last, last);
}

static void ranges_are_paired_when_asked(void **state)
{
    (void)state;
    struct arena arena;
    struct co_ports ports;
    struct co_fault fault;
    arena_init(&arena, alloc_or_default(NULL), 0);
    assert_true(co_ports_parse(&arena, STR("0-65535:0-65535"), &ports, &fault));
    assert_int_equal(co_ports_count(&ports), 65536);
    expect_pair(&ports, 65535, 65535, 65535, 65535);
    assert_true(co_ports_parse(&arena, STR("8000-8005:80"), &ports, &fault));
    assert_int_equal(co_ports_count(&ports), 1);
    expect_pair(&ports, 0, 80, 8000, 8005);
    assert_true(co_ports_parse(&arena, STR("80-81"), &ports, &fault));
    assert_int_equal(co_ports_count(&ports), 2);
    expect_pair(&ports, 1, 81, 0, 0);
    assert_true(co_ports_parse(&arena, STR("90-91:\xff"), &ports, &fault));
    assert_int_equal(co_ports_count(&ports), 1);
    arena_release(&arena);
}

static void addresses_are_told_from_names(void **state)
{
    (void)state;
    char digits[80];
    memset(digits, '1', sizeof digits);
    assert_true(co_is_ip(STR("10.0.0.1")) && co_is_ip(STR("fe80::1")));
    assert_true(co_is_ip(STR("::ffff:1.2.3.4")));
    assert_false(co_is_ip(STR("")) || co_is_ip(STR("1.2.3")) || co_is_ip(STR("fe80::1%eth0")));
    assert_false(co_is_ip(STR("1.2.3.4\0")) || co_is_ip(str_make(digits, sizeof digits)));
}

static plim_status scenario(const plim_allocator *allocator, void *user)
{
    static const char *const texts[] = {"80:80", "80800:1", "1:x", "a:1:1"};
    (void)user;
    struct arena arena;
    arena_init(&arena, allocator, 0);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct co_ports ports;
        struct co_fault fault;
        bool ok = co_ports_parse(&arena, str_from_cstr(texts[i]), &ports, &fault);
        assert_true(arena_status(&arena) != PLIM_STATUS_OK || ok == (i == 0));
    }
    plim_status status = arena_status(&arena);
    arena_release(&arena);
    return status;
}

static void failing_allocations_are_reported(void **state)
{
    (void)state;
    fault_alloc_run(scenario, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_read_and_holes_are_unknown),
        cmocka_unit_test(mistakes_have_places_and_reasons),
        cmocka_unit_test(ranges_are_paired_when_asked),
        cmocka_unit_test(addresses_are_told_from_names),
        cmocka_unit_test(failing_allocations_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
