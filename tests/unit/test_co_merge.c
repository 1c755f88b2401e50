/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_merge.c - merging, unique items, !reset and !override, on trees read from YAML.
 */
#include "facts/compose/co_merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "co_help.h"
#include "core/buf.h"
#include "facts/compose/co_reset.h"
#include "facts/compose/co_unique.h"
#include "fault_alloc.h"

/* Two documents merged the way the reader of projects does it. */
static const struct tree_node *merged(struct co_help *help, const char *earlier, const char *later)
{
    const struct tree_node *base = co_help_read(help, "a.yaml", earlier);
    const struct tree_node *over = co_help_read(help, "b.yaml", later);
    if (base == NULL || over == NULL) {
        return NULL;
    }
    base = co_reset_apply(&help->run, base, over);
    over = co_reset_strip(&help->run, over);
    const struct tree_node *all = co_merge(&help->run, co_type_root(), STR(""), base, over);
    return co_unique(&help->run, co_type_root(), all);
}

struct merge_case {
    const char *earlier; /* attributes of one service */
    const char *later;
    const char *expected; /* as co_help_show has it */
    const char *diags;    /* NULL: none */
};

static void check_merge(const struct merge_case *one)
{
    struct co_help help;
    co_help_init(&help, NULL, NULL, 0);
    char earlier[2000];
    char later[2000];
    char expected[2000];
    (void)snprintf(earlier, sizeof earlier, "services: {s: {%s}}", one->earlier);
    (void)snprintf(later, sizeof later, "services: {s: {%s}}", one->later);
    (void)snprintf(expected, sizeof expected, "{services: {s: {%s}}}", one->expected);
    assert_string_equal(co_help_show(&help, merged(&help, earlier, later)), expected);
    assert_string_equal(co_help_diags(&help), one->diags != NULL ? one->diags : "");
    assert_int_equal(help.run.refused, one->diags != NULL);
    co_help_release(&help);
}

static void check_merges(const struct merge_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_merge(&cases[i]);
    }
}

static void test_plain_values(void **state)
{
    (void)state;
    static const struct merge_case cases[] = {
        {"image: a", "image: b", "image: b<a", NULL},
        {"image: a", "user: u", "image: a, user: u", NULL},
        {"image: a", "image: ", "image: a", NULL},
        {"image: ", "image: a", "image: a", NULL},
        {"image: a", "", "image: a", NULL},
        {"x-a: {b: {c: 1}}", "x-a: {b: {d: 2}}", "x-a: {b: {c: 1, d: 2}}", NULL},
        {"cap_add: [A]", "cap_add: [B]", "cap_add: [A, B]", NULL},
        {"security_opt: [a]", "security_opt: [a]", "security_opt: [a, a]", NULL},
        {"foo: 1", "foo: [1]", "foo: [1]<1", NULL}, /* schema's business */
        {"ports: [1]", "ports: {a: 1}", "ports: [1]",
         "C0202 1:23 `ports` is a mapping here and cannot be merged with a list\n"},
        {"deploy: {a: 1}", "deploy: 5", "deploy: {a: 1}",
         "C0202 1:24 `deploy` is a number here and cannot be merged with a mapping\n"},
    };
    check_merges(cases, sizeof cases / sizeof cases[0]);
}

static void test_replaced_as_a_whole(void **state)
{
    (void)state;
    static const struct merge_case cases[] = {
        {"command: [a, b]", "command: [c]", "command: [c]<[a, b]", NULL},
        {"command: a", "command: ", "command: null<a", NULL},
        {"entrypoint: [a]", "entrypoint: b", "entrypoint: b<[a]", NULL},
        {"healthcheck: {test: [CMD, a], retries: 1}", "healthcheck: {test: b}",
         "healthcheck: {test: b<[CMD, a], retries: 1}", NULL},
        {"ulimits: {n: {soft: 1, hard: 2}, m: 1}", "ulimits: {n: {soft: 3}}",
         "ulimits: {n: {soft: 3}<{soft: 1, hard: 2}, m: 1}", NULL},
        {"logging: {driver: a, options: {x: 1}}", "logging: {driver: b}",
         "logging: {driver: b}<{driver: a, options: {x: 1}}", NULL},
        {"logging: {driver: a, options: {x: 1}}", "logging: {driver: a, options: {y: 2}}",
         "logging: {driver: a<a, options: {x: 1, y: 2}}", NULL},
        {"logging: {options: {x: 1}}", "logging: {driver: a}",
         "logging: {options: {x: 1}, driver: a}", NULL},
    };
    check_merges(cases, sizeof cases / sizeof cases[0]);
}

static void test_pairs(void **state)
{
    (void)state;
    static const struct merge_case cases[] = {
        {"environment: [A=1, B=2]", "environment: {A: 3}", "environment: {A: 3<1, B: 2}", NULL},
        {"environment: {A: 1}", "environment: [A=2, A=3]", "environment: {A: 3<2<1}", NULL},
        {"environment: {A: 1}", "environment: [A, B=x=y]", "environment: {A: null<1, B: x=y}",
         NULL},
        {"environment: {A: 1}", "environment: {A: }", "environment: {A: null<1}", NULL},
        {"environment: {A: 1}", "environment: ", "environment: {A: 1}", NULL},
        {"environment: {A: 1}", "environment: 5", "environment: {A: 1}", NULL},
        {"environment: {A: 1}", "environment: B=1", "environment: {A: 1, B: 1}", NULL},
        {"labels: {A: [1, 2]}", "labels: {B: []}", "labels: {A: 2, B: []}", NULL},
        {"environment: {A: 1}", "environment: [[x], B=1]", "environment: {A: 1, B: 1}",
         "C0203 1:30 a list cannot be a `key=value` of this list\n"},
        {"build: {args: [A=1]}", "build: {args: {A: 2}}", "build: {args: {A: 2<1}}", NULL},
    };
    check_merges(cases, sizeof cases / sizeof cases[0]);
}

static void test_converted(void **state)
{
    (void)state;
    static const struct merge_case cases[] = {
        {"build: a", "build: {target: t}", "build: {context: a, target: t}", NULL},
        {"build: {context: a}", "build: b", "build: {context: b<a}", NULL},
        {"dns: a", "dns: [b, a]", "dns: [a<a, b]", NULL},
        {"dns: [a]", "dns: 5", "dns: [a]", NULL},
        {"env_file: a", "env_file: [{path: a, required: false}]",
         "env_file: [{path: a, required: false}<a]", NULL},
        {"networks: [a, b, a]", "networks: {b: {priority: 1}}",
         "networks: {a: null<null, b: {priority: 1}}", NULL},
        {"depends_on: [a]", "depends_on: {a: {condition: service_healthy}}",
         "depends_on: {a: {condition: service_healthy<service_started, required: true}}", NULL},
        {"depends_on: {a: {}}", "depends_on: [1]", "depends_on: {a: {}}",
         "C0203 1:29 a number in `depends_on`, which lists names\n"},
        {"extra_hosts: {a: 1.1.1.1, b: [2.2.2.2, '::1']}", "extra_hosts: ['a=1.1.1.1', 'b=3']",
         "extra_hosts: [a=1.1.1.1, b=2.2.2.2, b=::1, b=3]", NULL},
        {"extra_hosts: ['a:1']", "extra_hosts: {b: 2}", "extra_hosts: [a:1, b=2]", NULL},
    };
    check_merges(cases, sizeof cases / sizeof cases[0]);
}

static void test_ipam_by_subnet(void **state)
{
    (void)state;
    struct co_help help;
    co_help_init(&help, NULL, NULL, 0);
    const struct tree_node *all =
        merged(&help, "networks: {n: {ipam: {config: [{subnet: s, gateway: g}, {subnet: t}]}}}",
               "networks: {n: {ipam: {config: [{subnet: u}, {subnet: s, gateway: h}]}}}");
    assert_string_equal(co_help_show(&help, all),
                        "{networks: {n: {ipam: {config: [{subnet: s<s, gateway: h<g}, {subnet: t}, "
                        "{subnet: u}]}}}}");
    all = merged(&help, "networks: {n: {ipam: {config: [{subnet: s}]}}}",
                 "networks: {n: {ipam: {config: [{subnet: s}, 1, {subnet: s}]}}}");
    assert_string_equal(
        co_help_show(&help, all),
        "{networks: {n: {ipam: {config: [{subnet: s}, {subnet: s}, 1, {subnet: s}]}}}}");
    co_help_release(&help);
}

static void test_unique_items(void **state)
{
    (void)state;
    static const struct merge_case cases[] = {
        {"ports: ['80:80', 80]", "ports: ['80:80', '80']", "ports: [80:80<80:80, 80<80]", NULL},
        {"ports: [{target: 80, published: 1}]",
         "ports: [{target: 80, published: '1', host_ip: 0.0.0.0}, {target: 80, protocol: udp}]",
         "ports: [{target: 80, published: 1, host_ip: 0.0.0.0}<{target: 80, published: 1}, "
         "{target: 80, protocol: udp}]",
         NULL},
        {"ports: [1]", "ports: [{published: 5}]", "ports: [1, {published: 5}]",
         "C0203 1:24 this port has no `target`\n"},
        {"volumes: [vol:/a, /b]", "volumes: ['./x:/a:ro', {type: bind, target: /b}]",
         "volumes: [./x:/a:ro<vol:/a, {type: bind, target: /b}</b]", NULL},
        {"volumes: ['d:/d']", "volumes: [{target: /d}]", "volumes: [d:/d, {target: /d}]", NULL},
        {"devices: [/a:/b]", "devices: ['/c:/b:r', /b]", "devices: [/b</c:/b:r</a:/b]", NULL},
        {"secrets: [a]", "secrets: [{source: b, target: /run/secrets/a}, {source: a}]",
         "secrets: [{source: a}<{source: b, target: /run/secrets/a}<a]", NULL},
        {"configs: [a]", "configs: [{source: b, target: /a}, {}]",
         "configs: [{source: b, target: /a}<a, {}]", "C0203 1:51 this file has no `source`\n"},
        {"links: [a]", "links: ['a=b']", "links: [a=b<a]", NULL},
        {"tmpfs: /t", "tmpfs: ['/t']", "tmpfs: [/t</t]", NULL},
        {"cap_add: [A, A]", "", "cap_add: [A<A]", NULL},
    };
    check_merges(cases, sizeof cases / sizeof cases[0]);
}

static void test_reset_and_override(void **state)
{
    (void)state;
    static const struct merge_case cases[] = {
        {"image: a, user: u", "user: !reset x", "image: a", NULL},
        {"user: u", "image: !reset null", "user: u", NULL},
        {"ports: [1]", "ports: !override [2]", "ports: [2]<[1]", NULL},
        {"ports: [1]", "ports: !override {a: 2}", "ports: {a: 2}<[1]", NULL},
        {"cap_add: [A, B]", "cap_add: [!reset A]", "cap_add: [A, B]", NULL},
        {"environment: {A: 1, B: 2}", "environment: {A: !reset null, C: 3}",
         "environment: {B: 2, C: 3}", NULL},
        {"x-a: [{b: 1}]", "x-a: [{b: !reset 1, c: 2}]", "x-a: [{b: 1}, {c: 2}]", NULL},
    };
    check_merges(cases, sizeof cases / sizeof cases[0]);
}

static void test_settled_marks_do_not_act_again(void **state)
{
    (void)state;
    struct co_help help;
    co_help_init(&help, NULL, NULL, 0);
    const struct tree_node *one =
        co_help_read(&help, "a", "{x-a: !override {b: 1}, x-c: [!override d], x-e: 1}");
    const struct tree_node *plain = co_reset_settle(&help.run, one);
    assert_ptr_not_equal(plain, one);
    const struct tree_node *all = co_merge(&help.run, co_type_root(), STR(""),
                                           co_help_read(&help, "b", "{x-a: {z: 2}}"), plain);
    assert_string_equal(co_help_show(&help, all), "{x-a: {z: 2, b: 1}, x-c: [d], x-e: 1}");
    assert_ptr_equal(co_reset_settle(&help.run, plain), plain);
    co_help_release(&help);
}

static void test_unchanged_trees_are_shared(void **state)
{
    (void)state;
    struct co_help help;
    co_help_init(&help, NULL, NULL, 0);
    const struct tree_node *one =
        co_help_read(&help, "a", "services: {s: {cap_add: [A, B], ports: [1, 2], user: u}}");
    assert_ptr_equal(co_unique(&help.run, co_type_root(), one), one);
    assert_ptr_equal(co_reset_strip(&help.run, one), one);
    assert_ptr_equal(co_reset_apply(&help.run, one, one), one);
    co_help_release(&help);
}

static void test_places_survive(void **state)
{
    (void)state;
    struct co_help help;
    co_help_init(&help, NULL, NULL, 0);
    const struct tree_node *all = merged(&help, "services: {s: {environment: [\"A=1\", B=2]}}",
                                         "services: {s: {environment: ['A=x y']}}");
    const struct tree_node *value = tree_get(
        tree_get(tree_get(tree_get(all, STR("services")), STR("s")), STR("environment")), STR("A"));
    assert_non_null(value);
    struct str text = source_get(&help.sources, value->span.source)->text;
    assert_true(str_eq(str_slice(text, value->span.start, value->span.end), STR("x y")));
    text = source_get(&help.sources, value->over->span.source)->text;
    assert_true(str_eq(str_slice(text, value->over->span.start, value->over->span.end), STR("1")));
    co_help_release(&help);
}

static void test_unknown_keys_stay_apart(void **state)
{
    (void)state;
    struct co_help help;
    co_help_init(&help, NULL, NULL, 0);
    struct tree_entry entries[4] = {
        {.key = STR("\xff")}, {.key = STR("a")}, {.key = STR("\xff")}, {.key = STR("a")}};
    for (size_t i = 0; i < 4; i++) {
        entries[i].value = tree_new(&help.arena, TREE_NULL, co_nowhere(), STR(""));
    }
    assert_int_equal(co_keep_last(&help.run, entries, 4), 3);
    assert_int_equal(co_keep_last(&help.run, entries, 1), 1);
    co_help_release(&help);
}

static void test_visits_are_limited(void **state)
{
    (void)state;
    for (int more = -1; more <= 1; more++) {
        struct co_help help;
        co_help_init(&help, NULL, NULL, 0);
        bool goes_on = more <= 0;
        assert_int_equal(co_visit(&help.run, (size_t)(CO_MAX_VISITS + more)), goes_on);
        assert_int_equal(arena_status(&help.arena), goes_on ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        assert_int_equal(help.diags.errors, goes_on ? 0 : 1);
        assert_int_equal(co_visit(&help.run, 2), more < -1);
        assert_int_equal(help.diags.errors, 1);
        assert_null(tree_new(&help.arena, TREE_NULL, co_nowhere(), STR("")));
        co_help_release(&help);
    }
}

/* A long list with many repetitions: order kept, fast. */
static void test_long_lists(void **state)
{
    (void)state;
    struct co_help help;
    co_help_init(&help, NULL, NULL, 0);
    struct buf text;
    buf_init(&text, help.arena.allocator, 1 << 22);
    buf_append_cstr(&text, "services: {s: {cap_add: [");
    for (unsigned i = 0; i < 40000; i++) {
        buf_printf(&text, "c%u,", i % 20000);
    }
    buf_append_cstr(&text, "]}}");
    const struct tree_node *all =
        co_unique(&help.run, co_type_root(),
                  co_help_read(&help, "a", arena_copy_str(&help.arena, buf_view(&text)).ptr));
    const struct tree_node *list =
        tree_get(tree_get(tree_get(all, STR("services")), STR("s")), STR("cap_add"));
    assert_int_equal(list->u.list.count, 20000);
    assert_true(str_eq(list->u.list.items[7]->text, STR("c7")));
    assert_non_null(list->u.list.items[7]->over);
    buf_release(&text);
    co_help_release(&help);
}

static plim_status merge_scenario(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct co_help help;
    co_help_init(&help, allocator, NULL, 0);
    const struct tree_node *all = merged(
        &help,
        "services: {s: {build: a, environment: [A=1], ports: [{target: 1}, 80:80], networks: [n],"
        " extra_hosts: {a: 1}, depends_on: [b], configs: [c], dns: a, x: 1, user: u}}\n"
        "networks: {n: {ipam: {config: [{subnet: s}]}}}",
        "services: {s: {build: {target: b}, environment: {A: 2}, ports: [80:80, {target: 1}],"
        " networks: {n: {}}, extra_hosts: [b=2], depends_on: [b], configs: [c], dns: a, x: [],"
        " cap_add: [!reset A], user: !reset v}}\n"
        "networks: {n: {ipam: {config: [{subnet: s}]}}}");
    plim_status status = arena_status(&help.arena);
    if (status == PLIM_STATUS_OK && all != NULL) {
        assert_int_equal(help.diags.errors, 0);
        assert_non_null(tree_get(all, STR("services")));
    } else {
        status = PLIM_STATUS_NOMEM;
    }
    co_help_release(&help);
    return status;
}

static void test_out_of_memory(void **state)
{
    (void)state;
    fault_alloc_run(merge_scenario, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_values),
        cmocka_unit_test(test_replaced_as_a_whole),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_converted),
        cmocka_unit_test(test_ipam_by_subnet),
        cmocka_unit_test(test_unique_items),
        cmocka_unit_test(test_reset_and_override),
        cmocka_unit_test(test_settled_marks_do_not_act_again),
        cmocka_unit_test(test_unchanged_trees_are_shared),
        cmocka_unit_test(test_places_survive),
        cmocka_unit_test(test_unknown_keys_stay_apart),
        cmocka_unit_test(test_visits_are_limited),
        cmocka_unit_test(test_long_lists),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
