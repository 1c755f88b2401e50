/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_check.c - mistakes between the parts of a project, each with its message, and the same
 * without the mistake: co_check*.c.
 */
#include "facts/compose/co_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "compose_tree.h"
#include "facts/compose/co_canon.h"
#include "facts/compose/co_defaults.h"
#include "fault_alloc.h"

static void check(struct compose_tree *tree, const char *yaml)
{
    const struct tree_node *root = compose_tree_read(tree, yaml);
    root = root != NULL ? co_canon(&tree->run, root) : NULL;
    root = root != NULL ? co_defaults(&tree->run, root, STR("p"), NULL) : NULL;
    if (root != NULL && co_alive(&tree->run)) {
        co_check(&tree->run, root);
    }
}

static const struct {
    const char *written; /* of the service s, or from the top when it begins with "services:" */
    const char *diags;
} mistakes[] = {
    {"ports: [80]", "C0404 service `s` has neither an image nor a build\n"},
    {"image: \"\"", "C0404 service `s` has an empty image and no build\n"},
    {"image: ${X}", ""},
    {"provider: {type: x}", ""},
    {"build: {dockerfile: a, dockerfile_inline: b}",
     "C0405 `dockerfile_inline` and `dockerfile` exclude each other\n"},
    {"build: {platforms: [linux/amd64]}\n    platform: linux/arm64",
     "C0405 platform `linux/arm64` is not among those the image is built for\n"},
    {"build: {platforms: [linux/amd64, linux/arm64]}\n    platform: linux/arm64", ""},
    {"build: {platforms: [\"${P}\"]}\n    platform: linux/arm64", ""},
    {"image: i\n    network_mode: host\n    networks: [default]",
     "C0405 `network_mode` and `networks` exclude each other\n"
     "C0402 service `s` uses undefined network `default`\n"},
    {"image: i\n    network_mode: host", ""},
    {"image: i\n    networks: [default]", ""},
    {"image: i\n    networks: [a]", "C0402 service `s` uses undefined network `a`\n"},
    {"image: i\n    networks: {\"${N}\": }", "C0402 service `s` uses undefined network `${N}`\n"},
    {"image: i\n    networks: [\"${N}\"]", ""},
    {"services: {s: {image: i, networks: [x-a]}}\nnetworks: {x-a: }",
     "C0402 Compose takes `x-a` for an extension, not for a network\n"},
    {"image: i\n    healthcheck: {test: [curl]}",
     "C0401 a list as `healthcheck.test` begins with CMD, CMD-SHELL or NONE\n"},
    {"image: i\n    healthcheck: {test: [\"${T}\"]}", ""},
    {"image: i\n    healthcheck: {test: [NONE]}", ""},
    {"image: i\n    depends_on: [db]", "C0402 service `s` uses undefined service `db`\n"},
    {"image: i\n    depends_on: {db: {condition: service_started, required: false}}",
     "C0402 service `s` uses undefined service `db`\n"},
    {"image: i\n    network_mode: service:db", "C0402 service `s` uses undefined service `db`\n"},
    {"image: i\n    network_mode: service:${X}", ""},
    {"image: i\n    volumes: [\"dd:/d\"]", "C0402 service `s` uses undefined volume `dd`\n"},
    {"image: i\n    volumes: [\"${D}:/d\", /x]", ""},
    {"services: {s: {image: i, volumes: [\"dd:/d\"]}}\nvolumes: {dd: }", ""},
    {"image: i\n    secrets: [a]", "C0402 service `s` uses undefined secret `a`\n"},
    {"image: i\n    configs: [a]", "C0402 service `s` uses undefined config `a`\n"},
    {"image: i\n    models: [a]", "C0402 service `s` uses undefined model `a`\n"},
    {"image: i\n    build: {secrets: [a]}", "C0402 service `s` uses undefined secret `a`\n"},
    {"image: i\n    secrets: [\"${S}\"]", ""},
    {"services: {s: {image: i, secrets: [a]}}\nsecrets: {a: {file: x}}", ""},
    {"build: {additional_contexts: [a=service:b]}",
     "C0402 service `s` uses undefined service `b`\n"},
    {"services: {s: {build: {additional_contexts: [a=service:b]}}, b: {image: i}}",
     "C0405 service `b` is no context: it is not built\n"},
    {"services: {s: {build: {additional_contexts: [a=service:b]}}, b: {build: .}}", ""},
    {"image: i\n    scale: 2\n    deploy: {replicas: 3}",
     "C0405 `scale` differs from `deploy.replicas`\n"},
    {"image: i\n    scale: 2\n    deploy: {replicas: 2}", ""},
    {"image: i\n    scale: -1", "C0401 `scale` cannot be negative\n"},
    {"image: i\n    deploy: {replicas: -1}", "C0401 `deploy.replicas` cannot be negative\n"},
    {"image: i\n    container_name: c\n    scale: 2",
     "C0405 several containers cannot have the same name: drop `container_name`\n"},
    {"image: i\n    container_name: c\n    deploy: {replicas: 2}",
     "C0405 several containers cannot have the same name: drop `container_name`\n"},
    {"image: i\n    container_name: c\n    scale: 1", ""},
    {"image: i\n    cpus: 1\n    deploy: {resources: {limits: {memory: 1g}}}",
     "C0405 `cpus` differs from `deploy.resources.limits.cpus`\n"},
    {"image: i\n    cpus: 1.5\n    deploy: {resources: {limits: {cpus: 1.5}}}", ""},
    {"image: i\n    cpus: 1\n    deploy: {resources: {limits: {cpus: \"${C}\"}}}", ""},
    {"image: i\n    cpus: 1\n    deploy: {resources: {reservations: {memory: 1g}}}", ""},
    {"image: i\n    mem_limit: 1g\n    deploy: {resources: {limits: {memory: 1024m}}}", ""},
    {"image: i\n    mem_limit: 1g\n    deploy: {resources: {limits: {memory: 1m}}}",
     "C0405 `mem_limit` differs from `deploy.resources.limits.memory`\n"},
    {"image: i\n    mem_reservation: 1g\n    deploy: {resources: {reservations: {memory: 1m}}}",
     "C0405 `mem_reservation` differs from `deploy.resources.reservations.memory`\n"},
    {"image: i\n    pids_limit: -1\n    deploy: {resources: {limits: {pids: 5}}}",
     "C0405 `pids_limit` differs from `deploy.resources.limits.pids`\n"},
    {"image: i\n    pids_limit: 0\n    deploy: {resources: {limits: {pids: 5}}}", ""},
    {"image: i\n    develop: {watch: [{path: \"\", action: sync}]}",
     "C0407 action `sync` needs a `target` in the container\nC0407 the watched path is empty\n"},
    {"image: i\n    develop: {watch: [{path: a, action: rebuild}]}", ""},
    {"image: i\n    ports: [{target: 80, host_ip: localhost}]",
     "C0401 `localhost` is no IP address\n"},
    {"image: i\n    ports: [{target: 80, host_ip: \"::1\"}, {target: 80, host_ip: \"${I}\"}]", ""},
    {"image: i\n    gpus: [{count: 1, device_ids: [a]}]",
     "C0405 `count` and `device_ids` exclude each other\n"},
    {"image: i\n    deploy: {resources: {reservations: {devices: [{count: 1, device_ids: [a]}]}}}",
     "C0405 `count` and `device_ids` exclude each other\n"},
    {"image: i\n    volumes: [{type: bind, target: /x}]",
     "C0407 a bind mount needs a `source` on the host\n"},
    {"image: i\n    tmpfs: [/x]\n    volumes: [\"/a:/x/\"]",
     "C0406 something is mounted at `/x` already\n"},
    {"image: i\n    tmpfs: [/x, \"/x:ro\"]", "C0406 something is mounted at `/x` already\n"},
    {"image: i\n    tmpfs: [\"${A}\", \"${A}\"]\n    volumes: [\"/a:${A}\", \"/b:${A}\"]", ""},
    {"services: {}\nvolumes: {v: {external: true, driver: x}}",
     "C0405 volume `v` is external, so it cannot have `driver`\n"},
    {"services: {}\nvolumes: {v: {external: true, name: x, x-y: z}}", ""},
    {"services: {}\nvolumes: {v: {external: false, driver: x}}", ""},
    {"services: {}\nsecrets: {a: {}}",
     "C0407 secret `a` does not say where its content comes from\n"},
    {"services: {}\nsecrets: {a: {driver: x}}",
     "C0407 secret `a` does not say where its content comes from\n"},
    {"services: {}\nsecrets: {a: {file: \"\"}}",
     "C0407 secret `a` does not say where its content comes from\n"},
    {"services: {}\nsecrets: {a: {external: true}, b: {environment: X}, c: {file: \"${F}\"}}", ""},
    {"services: {}\nsecrets: {a: {file: x, environment: y}}", "C0405 secret `a` has two sources\n"},
    {"services: {}\nconfigs: {a: {}}",
     "C0407 config `a` does not say where its content comes from\n"},
    {"services: {}\nconfigs: {a: {content: x}, b: {driver: x}, c: {external: true}}", ""},
    {"services: {}\nconfigs: {a: {content: x, file: y}}", "C0405 config `a` has two sources\n"},
    {"services: {s: {image: i, depends_on: [t]}, t: {image: i, depends_on: [s]}}",
     "C0403 services wait for each other: s -> t -> s\n"},
    {"services: {a: {image: i, depends_on: [s]}, s: {image: i, links: [s]}}",
     "C0403 services wait for each other: s -> s\n"},
    {"services: {a: {image: i, depends_on: [b, c]}, b: {image: i, depends_on: [d]},"
     " c: {image: i, depends_on: [d]}, d: {image: i}}",
     ""},
    {"services: {a: {image: i, depends_on: [b]}, b: {image: i, network_mode: \"service:c\"},"
     " c: {image: i, volumes_from: [a]}}",
     "C0403 services wait for each other: a -> b -> c -> a\n"},
};

static void mistakes_are_reported(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct compose_tree tree;
        compose_tree_init(&tree, NULL);
        char yaml[512];
        bool whole = str_starts_with(str_from_cstr(mistakes[i].written), STR("services:"));
        snprintf(yaml, sizeof yaml, whole ? "%s\n" : "services:\n  s:\n    %s\n",
                 mistakes[i].written);
        check(&tree, yaml);
        compose_tree_expect_diags(&tree, mistakes[i].diags);
        assert_int_equal(tree.run.refused, mistakes[i].diags[0] != '\0');
        compose_tree_release(&tree);
    }
}

/* Relative sources are not looked at when paths stay as they are: Compose finds them missing only
 * when it resolves them. */
static void sources_are_needed_for_paths(void **state)
{
    (void)state;
    struct compose_tree tree;
    compose_tree_init(&tree, NULL);
    tree.options.without_paths = true;
    check(&tree, "services: {s: {image: i, volumes: [{type: bind, target: /x}]}}");
    compose_tree_expect_diags(&tree, "");
    compose_tree_release(&tree);
}

static void services_that_are_off_are_only_warned_about(void **state)
{
    (void)state;
    static const char yaml[] = "services:\n"
                               "  s: {image: i, depends_on: [t]}\n"
                               "  t: {profiles: [dev], networks: [n], depends_on: [t]}\n"
                               "  u: {image: i, depends_on: {t: {condition: service_started,"
                               " required: false}}}\n";
    struct compose_tree tree;
    compose_tree_init(&tree, NULL);
    check(&tree, yaml);
    assert_false(tree.run.refused);
    compose_tree_expect_diags(
        &tree, "C0408 service `s` needs `t`, which is off unless one of its profiles is chosen\n"
               "C0408 service `t` has neither an image nor a build\n"
               "C0408 service `t` uses undefined network `n`\n");
    compose_tree_release(&tree);
    const struct str profiles[][2] = {{STR("other"), STR("dev")}, {STR("x"), STR("*")}};
    for (size_t i = 0; i < 2; i++) {
        compose_tree_init(&tree, NULL);
        tree.options.profiles = profiles[i];
        tree.options.profile_count = 2;
        check(&tree, yaml);
        assert_true(tree.run.refused);
        compose_tree_expect_diags(&tree, "C0404 service `t` has neither an image nor a build\n"
                                         "C0402 service `t` uses undefined network `n`\n"
                                         "C0403 services wait for each other: t -> t\n");
        compose_tree_release(&tree);
    }
}

static void names_are_suggested_in_small_projects(void **state)
{
    (void)state;
    for (size_t names = CO_CHECK_MAX_NAMES - 1; names <= CO_CHECK_MAX_NAMES + 1; names++) {
        struct buf yaml;
        buf_init(&yaml, NULL, 1 << 20);
        buf_append_cstr(&yaml, "services: {s: {image: i, networks: [frontnd]}}\nnetworks:\n");
        for (size_t i = 1; i < names; i++) {
            buf_printf(&yaml, "  n%zu:\n", i);
        }
        buf_append_cstr(&yaml, "  frontend:\n");
        buf_append_char(&yaml, '\0');
        struct compose_tree tree;
        compose_tree_init(&tree, NULL);
        check(&tree, yaml.data);
        assert_int_equal(tree.diags.count, 1);
        bool suggested = str_eq(tree.diags.items[0]->caret_text, STR("did you mean `frontend`?"));
        assert_int_equal(suggested, names <= CO_CHECK_MAX_NAMES);
        assert_int_equal(tree.diags.items[0]->notes == NULL, suggested);
        compose_tree_release(&tree);
        buf_release(&yaml);
    }
}

/* A long way and back is shown in part. */
static void long_circles_are_found(void **state)
{
    (void)state;
    enum { SERVICES = 500 };
    struct buf yaml;
    buf_init(&yaml, NULL, 1 << 20);
    buf_append_cstr(&yaml, "services:\n");
    for (int i = 0; i < SERVICES; i++) {
        buf_printf(&yaml, "  s%d: {image: i, depends_on: [s%d]}\n", i, (i + 1) % SERVICES);
    }
    buf_append_char(&yaml, '\0');
    struct compose_tree tree;
    compose_tree_init(&tree, NULL);
    check(&tree, yaml.data);
    compose_tree_expect_diags(
        &tree, "C0403 services wait for each other: more services than can be shown\n");
    compose_tree_release(&tree);
    buf_release(&yaml);
}

static plim_status check_all(const plim_allocator *allocator, void *user)
{
    struct compose_tree tree;
    compose_tree_init(&tree, allocator);
    check(&tree, user);
    plim_status status = arena_status(&tree.arena);
    if (status == PLIM_STATUS_OK) {
        status = diag_list_status(&tree.diags);
    }
    compose_tree_release(&tree);
    return status;
}

static void allocations_may_fail(void **state)
{
    (void)state;
    static const char yaml[] = "services:\n"
                               "  s: {depends_on: [t], networks: [nn], tmpfs: [/a, /a]}\n"
                               "  t: {image: i, depends_on: [s], volumes: [\"dd:/d\"]}\n"
                               "networks: {n: }\n"
                               "secrets: {a: {}}\n";
    fault_alloc_run(check_all, (void *)(uintptr_t)yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_reported),
        cmocka_unit_test(sources_are_needed_for_paths),
        cmocka_unit_test(services_that_are_off_are_only_warned_about),
        cmocka_unit_test(names_are_suggested_in_small_projects),
        cmocka_unit_test(long_circles_are_found),
        cmocka_unit_test(allocations_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
