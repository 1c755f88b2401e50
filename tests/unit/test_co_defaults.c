/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_defaults.c - what Compose adds, and paths joined to a directory: co_defaults.c,
 * co_paths.c.
 */
#include "facts/compose/co_defaults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "compose_tree.h"
#include "facts/compose/co_canon.h"
#include "facts/compose/co_paths.h"
#include "fault_alloc.h"

/* A whole project with its defaults. */
static const struct tree_node *with_defaults(struct compose_tree *tree, const char *yaml,
                                             const struct co_env *environment)
{
    const struct tree_node *root = compose_tree_read(tree, yaml);
    root = root != NULL ? co_canon(&tree->run, root) : NULL;
    return root != NULL ? co_defaults(&tree->run, root, STR("p"), environment) : NULL;
}

static const struct {
    const char *written;
    const char *path;
    const char *form;
} services[] = {
    {"build: .", "build", "{context: '.', dockerfile: 'Dockerfile'*}"},
    {"build: {dockerfile_inline: FROM x}", "build", "{dockerfile_inline: 'FROM x', context: '.'*}"},
    {"build: {context: a, dockerfile: b}", "build", "{context: 'a', dockerfile: 'b'}"},
    {"ports: [\"80:80\", {target: 1, protocol: udp, mode: host}]", "ports",
     "[{target: 80, published: '80', mode: 'ingress'*, protocol: 'tcp'*}, "
     "{target: 1, protocol: 'udp', mode: 'host'}]"},
    {"secrets: [a, {source: b, target: c}, \"${S}\"]", "secrets",
     "[{source: 'a', target: '/run/secrets/a'*}, {source: 'b', target: 'c'}, "
     "{source: '?', target: '/run/secrets/?'*}]"},
    {"gpus: [{driver: a}, {device_ids: [x]}]", "gpus",
     "[{driver: 'a', count: -1*}, {device_ids: ['x']}]"},
    {"deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}", "deploy",
     "{resources: {reservations: {devices: [{capabilities: ['gpu'], count: -1*}]}}}"},
    {"scale: 2\n    deploy: {mode: x}", "deploy", "{mode: 'x', replicas: 2*}"},
    {"scale: 2\n    deploy: {replicas: 3}", "deploy", "{replicas: 3}"},
    {"volumes: [{type: bind, source: a, target: /b/../c/, bind: {}}]", "volumes",
     "[{type: 'bind', source: 'a', target: '/c', bind: {create_host_path: true*}}]"},
    {"volumes: [{type: bind, source: a, target: /b, bind: {create_host_path: false}}]", "volumes",
     "[{type: 'bind', source: 'a', target: '/b', bind: {create_host_path: false}}]"},
    {"volumes: [\"xx:/a/${B}/../c\"]", "volumes.0.target", "'/a/?/../c'"},
    {"image: a", "networks", "{default: ~*}*"},
    {"networks: {}", "networks", "{default: ~*}*"},
    {"networks: [a]", "networks", "{a: ~}"},
    {"network_mode: host", "networks", "nothing"},
    {"provider: {type: x}", "networks", "nothing"},
    {"pull_policy: if_not_present", "pull_policy", "'missing'"},
    {"image: i\n    pre_start: [{command: a}, {image: b}]", "pre_start",
     "[{command: ['a'], image: 'i'*}, {image: 'b'}]"},
    {"links: [a, \"b:c\", \"d:e:f\"]", "depends_on",
     "{a: {condition: 'service_started'*, restart: true*, required: true*}*, "
     "b: {condition: 'service_started'*, restart: true*, required: true*}*, "
     "d:e:f: {condition: 'service_started'*, restart: true*, required: true*}*}*"},
    {"network_mode: service:a", "depends_on",
     "{a: {condition: 'service_started'*, restart: true*, required: true*}*}*"},
    {"ipc: service:${X}", "depends_on", "nothing"},
    {"volumes_from: [\"a:ro\", \"container:b\"]", "depends_on",
     "{a: {condition: 'service_started'*, required: true*}*}*"},
    {"volumes_from: [a]\n    depends_on: {a: {condition: service_healthy}}", "depends_on",
     "{a: {condition: 'service_healthy', required: true*}}"},
    {"depends_on: [b]", "depends_on", "{b: {condition: 'service_started'*, required: true*}}"},
};

static void services_get_their_defaults(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        struct compose_tree tree;
        compose_tree_init(&tree, NULL);
        char yaml[512];
        snprintf(yaml, sizeof yaml, "services:\n  s:\n    %s\n", services[i].written);
        const struct tree_node *root = with_defaults(&tree, yaml, NULL);
        char path[64];
        snprintf(path, sizeof path, "services.s.%s", services[i].path);
        compose_tree_expect(compose_tree_at(root, path), services[i].form);
        compose_tree_release(&tree);
    }
}

static void resources_get_their_names(void **state)
{
    (void)state;
    struct compose_tree tree;
    compose_tree_init(&tree, NULL);
    const struct tree_node *root =
        with_defaults(&tree,
                      "services: {s: {image: a}}\n"
                      "networks: {a: , b: {name: x}, c: {external: true}}\n"
                      "volumes: {a: {driver: local}, b: {external: false}}\n"
                      "secrets: {a: {file: x}}\n"
                      "configs: {a: {name: , content: x}}\n",
                      NULL);
    compose_tree_expect(tree_get(root, STR("networks")),
                        "{a: {name: 'p_a'*}, b: {name: 'x'}, c: {external: true, name: 'c'*}, "
                        "default: {name: 'p_default'*}*}");
    compose_tree_expect(tree_get(root, STR("volumes")),
                        "{a: {driver: 'local', name: 'p_a'*}, b: {external: false, "
                        "name: 'p_b'*}}");
    compose_tree_expect(tree_get(root, STR("secrets")), "{a: {file: 'x', name: 'p_a'*}}");
    compose_tree_expect(tree_get(root, STR("configs")), "{a: {name: 'p_a'*, content: 'x'}}");
    compose_tree_expect_place(&tree, compose_tree_at(root, "networks.a.name"), "a");
    root = with_defaults(&tree, "services: {s: {network_mode: host}}", NULL);
    assert_null(tree_get(root, STR("networks")));
    root = with_defaults(&tree, "networks: {default: {internal: true}}", NULL);
    compose_tree_expect(root, "{networks: {default: {internal: true, name: 'p_default'*}}}");
    compose_tree_release(&tree);
}

static void names_without_value_get_one(void **state)
{
    (void)state;
    struct co_env env;
    assert_int_equal(co_env_init(&env, NULL, 1), PLIM_STATUS_OK);
    struct co_variable variable = {
        .name = STR("X"), .value = STR("1"), .set = {.source = 7, .start = 1, .end = 2}};
    co_env_put(&env, &variable);
    struct compose_tree tree;
    compose_tree_init(&tree, NULL);
    static const char yaml[] =
        "services: {s: {environment: [X, Y, Z=], build: {args: [X, Q, R=1]}}}";
    const struct tree_node *root = with_defaults(&tree, yaml, &env);
    compose_tree_expect(compose_tree_at(root, "services.s.environment"), "{X: '1', Y: ~, Z: ''}");
    compose_tree_expect(compose_tree_at(root, "services.s.build.args"), "{X: '1', Q: ~, R: '1'}");
    const struct tree_node *value = compose_tree_at(root, "services.s.environment.X");
    compose_tree_expect_place(&tree, value, "X");
    assert_int_equal(value->variables->set.source, 7);
    assert_true(value->variables->known);
    tree.options.unset = CO_UNSET_EMPTY;
    root = with_defaults(&tree, yaml, &env);
    compose_tree_expect(compose_tree_at(root, "services.s.environment"), "{X: '1', Y: ~, Z: ''}");
    compose_tree_expect(compose_tree_at(root, "services.s.build.args"), "{X: '1', R: '1'}");
    compose_tree_release(&tree);
    co_env_release(&env);
}

static const struct {
    const char *base;
    const char *path;
    const char *joined;
} joins[] = {{"/w", "a", "/w/a"}, {"/w", "./a/../b/", "/w/b"}, {"/w", "../x", "/x"},
             {"", "./a", "a"},    {"sub", "../x", "x"},        {"sub", "../../x", "../x"},
             {"/w", ".", "/w"},   {"a/", "b", "a/b"}};

static void paths_are_joined(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, NULL, 0);
    for (size_t i = 0; i < sizeof joins / sizeof joins[0]; i++) {
        struct str joined =
            co_path_join(&arena, str_from_cstr(joins[i].base), str_from_cstr(joins[i].path));
        assert_true(str_eq(joined, str_from_cstr(joins[i].joined)));
    }
    arena_release(&arena);
}

static const struct {
    const char *written;
    const char *path;
    const char *form;
} moved[] = {
    {"services: {s: {build: ./a}}", "services.s.build.context", "'/w/a'"},
    {"services: {s: {build: https://x/y}}", "services.s.build.context", "'https://x/y'"},
    {"services: {s: {build: github.com/a/b}}", "services.s.build.context", "'github.com/a/b'"},
    {"services: {s: {build: \"git@x:y\"}}", "services.s.build.context", "'git@x:y'"},
    {"services: {s: {build: {additional_contexts: [a=b, c=service:d, e=docker-image://f]}}}",
     "services.s.build.additional_contexts", "{a: '/w/b', c: 'service:d', e: 'docker-image://f'}"},
    {"services: {s: {build: {ssh: [default, a=b, c=/d]}}}", "services.s.build.ssh",
     "{default: ~, a: '/w/b', c: '/d'}"},
    {"services: {s: {env_file: [a, /b]}}", "services.s.env_file",
     "[{path: '/w/a', required: true*}, {path: '/b', required: true*}]"},
    {"services: {s: {label_file: a}}", "services.s.label_file", "['/w/a']"},
    {"services: {s: {extends: {file: a, service: b}}}", "services.s.extends.file", "'/w/a'"},
    {"services: {s: {develop: {watch: [{path: a, action: rebuild}]}}}",
     "services.s.develop.watch.0.path", "'/w/a'"},
    {"services: {s: {volumes: [\"./a:/b\"]}}", "services.s.volumes.0.source", "'/w/a'"},
    {"services: {s: {volumes: [\"~/a:/b\"]}}", "services.s.volumes.0.source", "'~/a'"},
    {"services: {s: {volumes: [\"/a/../b:/b\"]}}", "services.s.volumes.0.source", "'/a/../b'"},
    {"services: {s: {volumes: [\"data:/b\"]}}", "services.s.volumes.0.source", "'data'"},
    {"services: {s: {volumes: [{type: bind, source: 'c:\\x', target: /b}]}}",
     "services.s.volumes.0.source", "'c:\\x'"},
    {"services: {s: {volumes: [\"./a/${X}:/b\"]}}", "services.s.volumes.0.source", "'/w/a/?'"},
    {"services: {s: {volumes: [\"./a/${X}/../c:/b\"]}}", "services.s.volumes.0.source",
     "'./a/?/../c'"},
    {"services: {s: {env_file: \"${X}/a\"}}", "services.s.env_file.0.path", "'?/a'"},
    {"volumes: {v: {driver: local, driver_opts: {o: bind, device: a}}}",
     "volumes.v.driver_opts.device", "'/w/a'"},
    {"volumes: {v: {driver: local, driver_opts: {o: rw, device: a}}}",
     "volumes.v.driver_opts.device", "'a'"},
    {"volumes: {v: {driver: x, driver_opts: {o: bind, device: a}}}", "volumes.v.driver_opts.device",
     "'a'"},
    {"secrets: {s: {file: a}}", "secrets.s.file", "'/w/a'"},
    {"configs: {s: {file: ../a}}", "configs.s.file", "'/a'"},
    {"configs: {s: {content: a}}", "configs.s", "{content: 'a'}"},
};

static void relative_paths_become_absolute(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof moved / sizeof moved[0]; i++) {
        struct compose_tree tree;
        compose_tree_init(&tree, NULL);
        const struct tree_node *root =
            co_canon(&tree.run, compose_tree_read(&tree, moved[i].written));
        root = co_paths(&tree.run, root, STR("/w"));
        compose_tree_expect(compose_tree_at(root, moved[i].path), moved[i].form);
        assert_ptr_equal(co_paths(&tree.run, root, STR("/w")), root);
        compose_tree_release(&tree);
    }
}

static void one_service_is_moved(void **state)
{
    (void)state;
    struct compose_tree tree;
    compose_tree_init(&tree, NULL);
    const struct tree_node *root = compose_tree_read(&tree, "build: {context: a}");
    compose_tree_expect(co_paths_of_service(&tree.run, root, STR("b")),
                        "{build: {context: 'b/a'}}");
    compose_tree_release(&tree);
}

static plim_status default_all(const plim_allocator *allocator, void *user)
{
    struct compose_tree tree;
    compose_tree_init(&tree, allocator);
    const struct tree_node *root = with_defaults(&tree, user, NULL);
    if (root != NULL && co_alive(&tree.run)) {
        root = co_paths(&tree.run, root, STR("/w"));
        assert_true(root != NULL || !co_alive(&tree.run));
    }
    plim_status status = arena_status(&tree.arena);
    compose_tree_release(&tree);
    return status;
}

static void allocations_may_fail(void **state)
{
    (void)state;
    static const char yaml[] = "services:\n"
                               "  s:\n"
                               "    build: {context: a, args: [A]}\n"
                               "    ports: [80]\n"
                               "    secrets: [a]\n"
                               "    volumes: [\"./a:/b/\"]\n"
                               "    gpus: [{driver: x}]\n"
                               "    links: [a, b]\n"
                               "    pre_start: [{command: x}]\n"
                               "    image: i\n"
                               "    env_file: e\n"
                               "volumes: {v: }\n"
                               "secrets: {a: {file: x}}\n";
    fault_alloc_run(default_all, (void *)(uintptr_t)yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(services_get_their_defaults),
        cmocka_unit_test(resources_get_their_names),
        cmocka_unit_test(names_without_value_get_one),
        cmocka_unit_test(paths_are_joined),
        cmocka_unit_test(relative_paths_become_absolute),
        cmocka_unit_test(one_service_is_moved),
        cmocka_unit_test(allocations_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
