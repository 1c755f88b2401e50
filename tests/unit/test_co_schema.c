/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_schema.c - what the schema accepts and refuses; the wording stands in
 * tests/golden/schema.
 */
#include "facts/compose/co_schema.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "co_help.h"
#include "core/alloc.h"
#include "core/buf.h"
#include "facts/compose/co_interpolate.h"
#include "fault_alloc.h"

/* Reads, interpolates without any variable, and checks. */
static void check(struct co_help *help, const char *text)
{
    struct co_template template;
    co_template_init(&template, &help->arena, CO_UNSET_HOLE);
    const struct tree_node *root = co_help_read(help, "compose.yaml", text);
    if (root != NULL) {
        root = co_interpolate(&help->run, root, co_type_root(), &template, NULL);
    }
    if (root != NULL) {
        co_schema_check(&help->run, root);
    }
    co_template_release(&template);
}

/* Codes of the diagnostics of a document, in order, such as "C0301 C0302". */
static void expect(const char *text, const char *codes)
{
    struct co_help help;
    co_help_init(&help, NULL, NULL, 0);
    check(&help, text);
    diag_list_sort(&help.diags);
    struct buf found;
    buf_init(&found, alloc_or_default(NULL), 1 << 16);
    for (size_t i = 0; i < help.diags.count; i++) {
        buf_printf(&found, "%s%s", i > 0 ? " " : "", diag_code(help.diags.items[i]->id));
    }
    if (!str_eq(buf_view(&found), str_from_cstr(codes))) {
        fail_msg("%s\nis refused with \"%.*s\":\n%s", text, STR_FMT(buf_view(&found)),
                 co_help_diags(&help));
    }
    assert_int_equal(help.run.refused, codes[0] != '\0');
    assert_int_equal(arena_status(&help.arena), PLIM_STATUS_OK);
    buf_release(&found);
    co_help_release(&help);
}

/* The same of one attribute of a service. */
static void expect_service(const char *attribute, const char *codes)
{
    char text[512];
    int size = snprintf(text, sizeof text, "services: {web: {%s}}", attribute);
    assert_true(size > 0 && (size_t)size < sizeof text);
    expect(text, codes);
}

static void test_accepted(void **state)
{
    (void)state;
    static const char *const attributes[] = {
        "image: a",
        "build: .",
        "build: {context: ., args: {A: 1, B: null, C: true, D: x}, ssh: [default]}",
        "command: null, entrypoint: [], pid: null",
        "ports: [80, '80', 81.0, {target: 80, published: 8080}]",
        "expose: [80, '80', 81.5]",
        "environment: [A=1, B]",
        "environment: {A: 1.5, B: 2024-01-01}",
        "mem_limit: 64m, shm_size: 64, mem_swappiness: '60'",
        "cpu_percent: 100, cpu_count: 0, oom_score_adj: -1000",
        "cpu_percent: '50'",
        "cpus: .inf",
        "ulimits: {nofile: 5, RLIMIT_X: {soft: 1, hard: 2}}",
        "extra_hosts: {a: 1.1.1.1, b: [1.1.1.1, 1.1.1.1]}",
        "extra_hosts: ['a=1.1.1.1']",
        "gpus: all",
        "gpus: [{count: 1, anything: x}]",
        "provider: {type: x, options: {a: [1, true], b: x}}",
        "networks: {a: null, b: {aliases: [x], priority: 5, x-y: [1]}}",
        "depends_on: {db: {condition: service_started, required: 'false', restart: true}}",
        "models: {'a b': {endpoint_var: X}}",
        "logging: {driver: x, options: {a: null, '': b}}",
        "storage_opt: {size: 1, a: b, c: null}",
        "mem_limit: 1.5, memswap_limit: 1.5, shm_size: 1.5",
        "volumes: [{type: bind, source: /a, target: /b, bind: {recursive: readonly}}, a:/c]",
        "group_add: [100, '100', 101]",
        "security_opt: [a, b]",
        "develop: null, deploy: null",
        "x-any: {thing: [1, {}]}",
        "pull_policy: every_12h, container_name: ab",
        "use_api_socket: true",
        "healthcheck: {interval: 30s, retries: '3', test: NONE}",
    };
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        expect_service(attributes[i], "");
    }
    expect("{}", "");
    expect("name: a\nx-a: 1\nversion: '3'\nnetworks: {a: , b: {external: {name: c}}}\n"
           "volumes: {a: }\nsecrets: {a: {file: b, external: {any: thing}}}\n"
           "configs: {a: {content: b}}\nmodels: {a: {model: b}}",
           "");
}

static void test_kinds(void **state)
{
    (void)state;
    static const char *const attributes[] = {
        "image: [a]",
        "image: null",
        "image: 1",
        "image: true",
        "ports: 80",
        "ports: {80: 80}",
        "ports: null",
        "ports: [null]",
        "ports: [[80]]",
        "environment: A=1",
        "environment: {A: [1]}",
        "environment: [1]",
        "environment: [{A: 1}]",
        "cap_add: ALL",
        "cap_add: [1]",
        "build: [.]",
        "build: {ssh: null}",
        "mem_reservation: 1.5",
        "build: {shm_size: 1.5}",
        "storage_opt: {size: [1]}",
        "mem_limit: true",
        "cpu_percent: 50.5",
        "use_api_socket: 'true'",
        "user: 1000",
        "healthcheck: {interval: 30}",
        "deploy: {resources: {limits: {memory: 1}}}",
        "ulimits: {nofile: 1.5}",
        "ulimits: {nofile: {soft: [1], hard: 2}}",
        "gpus: {count: 1}",
        "extra_hosts: {a: 1}",
        "secrets: {a: b}",
        "restart: false",
        "networks: {a: b}",
    };
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        expect_service(attributes[i], "C0301");
    }
    expect("services: [a]", "C0301");
    expect("services: null", "C0301");
    expect("services: {web: null}", "C0301");
    expect("secrets: {a: null}", "C0301");
    expect("- a", "C0301");
    expect("null", "C0301");
    expect("version: 3.8", "C0301");
}

static void test_keys(void **state)
{
    (void)state;
    expect_service("prots: []", "C0302");
    expect_service("net: host", "C0302");
    expect_service("Foo: 1", "C0302");
    expect_service("context: .", "C0302");
    expect_service("frobnicate: 1", "C0303");
    expect_service("deploy: {frobnicate: 1}", "C0303");
    expect_service("deploy: {image: a}", "C0302");
    expect_service("env_file: [{path: a, x-a: 1}]", "C0302");
    expect_service("blkio_config: {x-a: 1}", "C0302");
    expect_service("extends: {service: a, x-a: 1}", "C0302");
    expect_service("volumes: [{type: bind, x-a: 1, frob: 2}]", "C0303");
    expect("frobnicate: 1", "C0302");
    expect("include: [{path: a, x-a: 1}]", "C0302");
    expect("services: {web: {image: a}}\ndb: {image: b}", "C0302");
    expect("web: {image: a, prots: 1}\ndb: {build: .}\nfrob: 1", "C0310");
    expect("web: {build: .}\nnetworks: []", "C0310 C0301");
    expect("web: {ports: []}", "C0302");
}

static void test_required(void **state)
{
    (void)state;
    expect_service("devices: [{target: a}]", "C0304");
    expect_service("volumes: [{target: a}]", "C0304");
    expect_service("depends_on: {db: {}}", "C0304");
    expect_service("env_file: [{}]", "C0304");
    expect_service("ulimits: {a: {}}", "C0304 C0304");
    expect_service("provider: {}", "C0304");
    expect_service("post_start: [{user: a}]", "C0304");
    expect_service("develop: {watch: [{path: a}]}", "C0304");
    expect_service("deploy: {resources: {reservations: {devices: [{count: 1}]}}}", "C0304");
    expect("models: {a: {}}", "C0304");
}

static void test_values(void **state)
{
    (void)state;
    expect("services: {a b: {}}", "C0305");
    expect("services: {\"\": {}}", "C0305");
    expect("volumes: {a/b: {}}", "C0305");
    expect_service("networks: {a b: {}}", "C0305");
    expect_service("depends_on: {a b: {condition: service_started}}", "C0305");
    expect_service("labels: {\"\": a}", "C0305");
    expect_service("cgroup: public", "C0306");
    expect_service("cgroup: 'host '", "C0306");
    expect_service("gpus: some", "C0306");
    expect_service("volumes: [{type: binds}]", "C0306");
    expect_service("container_name: x", "C0307");
    expect_service("container_name: ''", "C0307");
    expect_service("pull_policy: sometimes", "C0307");
    expect_service("cpu_percent: -1", "C0308");
    expect_service("cpu_percent: 101", "C0308");
    expect_service("cpu_percent: '100.5'", "C0301");
    expect_service("cpu_count: '-1'", "C0308");
    expect_service("oom_score_adj: 1001", "C0308");
    expect_service("oom_score_adj: -1001", "C0308");
    expect_service("oom_score_adj: 18446744073709551615", "C0308");
    expect_service("volumes: [{type: tmpfs, tmpfs: {size: -1}}]", "C0308");
    expect_service("security_opt: [a, b, a]", "C0309");
    expect_service("security_opt: [a, a, a]", "C0309 C0309");
    expect_service("group_add: [1, 1.0]", "C0309");
    expect_service("dns: [1.1.1.1, 1.1.1.1]", "C0309");
}

/* A text of which a part is unknown may stand wherever a text or what it is cast to may. */
static void test_unknown_values(void **state)
{
    (void)state;
    expect_service("image: $A, privileged: $A, cpus: $A, cgroup: $A, container_name: $A", "");
    expect_service("cpu_percent: $A, security_opt: [$A, $A], ports: [$A, '$A:80']", "");
    expect_service("depends_on: {db: {condition: $A, required: $A}}", "");
    expect_service("container_name: a$A", "");
    expect_service("ports: $A", "C0301");
    expect_service("use_api_socket: $A", "C0301");
    expect_service("build: {args: $A}", "C0301");
}

static void test_a_long_list_of_equal_items(void **state)
{
    (void)state;
    struct co_help help;
    struct buf text;
    co_help_init(&help, NULL, NULL, 0);
    buf_init(&text, alloc_or_default(NULL), 1 << 20);
    buf_append_cstr(&text, "services: {web: {security_opt: [");
    for (int i = 0; i < 20000; i++) {
        buf_printf(&text, "a%d,", i % 19999);
    }
    buf_append_cstr(&text, "]}}");
    buf_append_char(&text, '\0');
    check(&help, text.data);
    assert_int_equal(help.diags.errors, 1);
    assert_non_null(strstr(co_help_diags(&help), "items 1 and 20000 are both \"a0\""));
    buf_release(&text);
    co_help_release(&help);
}

static void test_limits(void **state)
{
    (void)state;
    for (size_t left = 4; left <= 6; left++) {
        struct co_help help;
        co_help_init(&help, NULL, NULL, 0);
        const struct tree_node *root =
            co_help_read(&help, "compose.yaml", "services: {web: {image: a, ports: []}}");
        assert_non_null(root);
        help.run.visits = CO_MAX_VISITS - left;
        co_schema_check(&help.run, root);
        assert_int_equal(arena_status(&help.arena), left >= 5 ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        co_help_release(&help);
    }
}

/* Looking for what an unknown key may mean costs as much as there are keys. */
static void test_unknown_keys_are_counted(void **state)
{
    (void)state;
    struct co_help help;
    co_help_init(&help, NULL, NULL, 0);
    const struct tree_node *root = co_help_read(&help, "compose.yaml", "services: {a: {frob: 1}}");
    assert_non_null(root);
    help.run.visits = CO_MAX_VISITS - 50;
    co_schema_check(&help.run, root);
    assert_int_equal(arena_status(&help.arena), PLIM_STATUS_LIMIT);
    assert_null(strstr(co_help_diags(&help), "frob"));
    co_help_release(&help);
}

static plim_status fault_scenario_check(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct co_help help;
    co_help_init(&help, allocator, NULL, 0);
    check(&help, "services:\n"
                 "  web: {image: 1, prots: [], frob: 1, cgroup: hots, security_opt: [a, a],\n"
                 "        volumes: [{}], container_name: x, cpu_count: -1, ports: $A}\n"
                 "  a b: {environment: [{A: 1}]}\n");
    plim_status status = arena_status(&help.arena);
    if (status == PLIM_STATUS_OK) {
        status = diag_list_status(&help.diags);
    }
    if (status == PLIM_STATUS_OK) {
        status = source_set_status(&help.sources);
    }
    co_help_release(&help);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    fault_alloc_run(fault_scenario_check, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_required),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_unknown_values),
        cmocka_unit_test(test_a_long_list_of_equal_items),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_unknown_keys_are_counted),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
