/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_json.c - projects printed the way Compose does: what is left out, what is not, ranges of
 * ports, unknown parts.
 */
#include "facts/compose/co_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "compose_tree.h"
#include "facts/compose/co_canon.h"
#include "fault_alloc.h"

/* The project `p` in its long form, without defaults; shorter quotes for the tests. */
static plim_status print(const plim_allocator *allocator, const char *yaml, const char *expected)
{
    struct compose_tree tree;
    compose_tree_init(&tree, allocator);
    const struct tree_node *root = compose_tree_read(&tree, yaml);
    root = root != NULL ? co_canon(&tree.run, root) : NULL;
    plim_status status = arena_status(&tree.arena);
    struct buf out;
    buf_init(&out, allocator, 1 << 20);
    if (status == PLIM_STATUS_OK) {
        struct jsonw writer;
        jsonw_init(&writer, &out, false);
        co_json_project(&writer, root, STR("p"));
        status = buf_status(&out);
    }
    if (status == PLIM_STATUS_OK) {
        for (size_t i = 0; i < out.len; i++) {
            out.data[i] = out.data[i] == '"' ? '\'' : out.data[i];
        }
        assert_string_equal(out.data, expected);
    }
    buf_release(&out);
    compose_tree_release(&tree);
    return status;
}

static const struct {
    const char *written; /* of a service */
    const char *json;    /* between command and image */
} services[] = {
    {"privileged: false", "'command':null,'entrypoint':null"},
    {"init: false", "'command':null,'entrypoint':null,'init':false"},
    {"scale: 0\n    tty: true", "'command':null,'entrypoint':null,'scale':0,'tty':true"},
    {"command: []\n    cap_add: []\n    labels: {}", "'command':[],'entrypoint':null"},
    {"entrypoint: a b", "'command':null,'entrypoint':['a','b']"},
    {"healthcheck: {}", "'command':null,'entrypoint':null,'healthcheck':{}"},
    {"healthcheck: {retries: 0, interval: 0s}",
     "'command':null,'entrypoint':null,'healthcheck':{'interval':'0s','retries':0}"},
    {"mem_limit: 0\n    shm_size: 1k", "'command':null,'entrypoint':null,'shm_size':'1024'"},
    {"cpus: 0.5\n    cpu_percent: .inf", "'command':null,'cpu_percent':null,'cpus':0.5,"
                                         "'entrypoint':null"},
    {"cpu_shares: 18446744073709551615",
     "'command':null,'cpu_shares':18446744073709551615,'entrypoint':null"},
    {"deploy: {mode: x, update_config: {delay: 0s}}",
     "'command':null,'deploy':{'mode':'x','placement':{},'resources':{},'update_config':{}},"
     "'entrypoint':null"},
    {"deploy: ", "'command':null,'entrypoint':null"},
    {"develop: {watch: [{path: a, action: b}]}",
     "'command':null,'develop':{'watch':[{'action':'b','exec':{'command':null},'path':'a'}]},"
     "'entrypoint':null"},
    {"pre_stop: [{user: a}]", "'command':null,'entrypoint':null,"
                              "'pre_stop':[{'command':null,'user':'a'}]"},
    {"environment: {A: , B: \"\"}",
     "'command':null,'entrypoint':null,'environment':{'A':null,'B':''}"},
    {"networks: {a: , b: {aliases: [x], priority: 0}}",
     "'command':null,'entrypoint':null,'networks':{'a':null,'b':{'aliases':['x']}}"},
    {"extra_hosts: [\"b=2\", \"a=1,0\"]",
     "'command':null,'entrypoint':null,'extra_hosts':['a=0','a=1','b=2']"},
    {"build: {ssh: [default, a=/b], context: c}",
     "'build':{'context':'c','ssh':['default','a=/b']},'command':null,'entrypoint':null"},
    {"blkio_config: {weight: 0, weight_device: [{path: a, weight: 1}],"
     " device_read_bps: [{path: b, rate: 1k}]}",
     "'blkio_config':{'device_read_bps':[{'Path':'b','Rate':'1024'}],"
     "'weight_device':[{'Path':'a','Weight':1}]},'command':null,'entrypoint':null"},
    {"ports: [\"8080:80\", \"1-2:3-4/udp\", \"5-6:7\", \"8-9\", \"${P}:1-2\"]",
     "'command':null,'entrypoint':null,'ports':[{'published':'8080','target':80},"
     "{'protocol':'udp','published':'1','target':3},{'protocol':'udp','published':'2','target':4},"
     "{'published':'5-6','target':7},{'target':8},{'target':9},"
     "{'published':'${P}','target':1},{'published':'${P}','target':2}]"},
    {"x-a: 1\n    hostname: \"${A:-b}-${C}${D}\"",
     "'command':null,'entrypoint':null,'hostname':'b-${C}${D}'"},
    {"volumes: [{type: tmpfs, target: /t, tmpfs: {size: 0}}, {type: bind, source: a, target: b,"
     " bind: {create_host_path: false}}]",
     "'command':null,'entrypoint':null,'volumes':[{'target':'/t','tmpfs':{},'type':'tmpfs'},"
     "{'bind':{'create_host_path':false},'source':'a','target':'b','type':'bind'}]"},
    {"storage_opt: {a: 2024-01-01}", "'command':null,'entrypoint':null,"
                                     "'storage_opt':{'a':'2024-01-01 00:00:00 +0000 UTC'}"},
};

static void services_print_as_in_compose(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        char yaml[512];
        char json[512];
        snprintf(yaml, sizeof yaml, "services:\n  s:\n    %s\n", services[i].written);
        snprintf(json, sizeof json, "{'name':'p','services':{'s':{%s}}}", services[i].json);
        assert_int_equal(print(NULL, yaml, json), PLIM_STATUS_OK);
    }
}

static const char everything[] =
    "services: {s: {image: a, extra_hosts: [\"a=1\"], build: {ssh: [a=b]}, hostname: \"${X}\"}}\n"
    "networks: {n: , m: {internal: true, enable_ipv4: false}}\n"
    "volumes: {}\n"
    "secrets: {s: {file: a}}\n"
    "configs: {c: {content: a, external: false}}\n"
    "models: {m: {model: x}}\n"
    "version: \"3\"\n"
    "x-a: {b: [1, 2.5, null, true, 2024-01-01, {c: d}]}\n";

static const char everything_json[] =
    "{'name':'p','services':{'s':{'build':{'ssh':['a=b']},'command':null,'entrypoint':null,"
    "'extra_hosts':['a=1'],'hostname':'${X}','image':'a'}},"
    "'networks':{'n':null,'m':{'enable_ipv4':false,'internal':true,'ipam':{}}},"
    "'secrets':{'s':{'file':'a'}},'configs':{'c':{'content':'a'}},"
    "'x-a':{'b':[1,2.5,null,true,'2024-01-01',{'c':'d'}]}}";

static void projects_print_their_parts(void **state)
{
    (void)state;
    assert_int_equal(print(NULL, everything, everything_json), PLIM_STATUS_OK);
    assert_int_equal(print(NULL, "x-a: 1\n", "{'name':'p','services':{},'x-a':1}"), PLIM_STATUS_OK);
}

static plim_status print_everything(const plim_allocator *allocator, void *user)
{
    (void)user;
    return print(allocator, everything, everything_json);
}

static void allocations_may_fail(void **state)
{
    (void)state;
    fault_alloc_run(print_everything, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(services_print_as_in_compose),
        cmocka_unit_test(projects_print_their_parts),
        cmocka_unit_test(allocations_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
