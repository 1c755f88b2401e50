/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_canon.c - the long form of every attribute that has a short one, with places and unknown
 * parts: co_canon*.c, co_edit.c, co_piece.c.
 */
#include "facts/compose/co_canon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "compose_tree.h"
#include "facts/compose/co_piece.h"
#include "fault_alloc.h"

static const struct {
    const char *written;
    const char *form;
} forms[] = {
    {"build: ./dir", "{build: {context: './dir'}}"},
    {"build: {args: [A=1, B], ssh: [default, k=/p], pull: true}",
     "{build: {args: {A: '1', B: ~}, ssh: {default: ~, k: '/p'}, pull: true}}"},
    {"build: {additional_contexts: [a=./b], no_cache_filter: x, sbom: true, shm_size: 1k}",
     "{build: {additional_contexts: {a: './b'}, no_cache_filter: ['x'], sbom: 'true', "
     "shm_size: '1024'}}"},
    {"command: echo 'a b' c", "{command: ['echo', 'a b', 'c']}"},
    {"command: ", "{command: ~}"},
    {"entrypoint: \"\"", "{entrypoint: []}"},
    {"entrypoint: [a, b]", "{entrypoint: ['a', 'b']}"},
    {"command: run ${X} now", "{command: ['run', '?', 'now']}"},
    {"healthcheck: {test: NONE, interval: 90s, timeout: 1w}",
     "{healthcheck: {test: ['CMD-SHELL'*, 'NONE'], interval: '1m30s', timeout: '168h0m0s'}}"},
    {"environment: [A=1, B=, C, A=2, \"D=x=y\"]", "{environment: {A: '2', B: '', C: ~, D: 'x=y'}}"},
    {"environment: {A: 1e3, B: 0x1F, C: true, D: 2024-01-01, E: , F: x}",
     "{environment: {A: '1000', B: '31', C: 'true', D: '2024-01-01 00:00:00 +0000 UTC', E: ~, "
     "F: 'x'}}"},
    {"environment: [\"A=${X}\", \"${Y}\"]", "{environment: {A: '?', ?: ~}}"},
    {"labels: [a=1, b]", "{labels: {a: '1', b: ''}}"},
    {"labels: {a: 1, b: }", "{labels: {a: '1', b: ''}}"},
    {"sysctls: {net.core.somaxconn: 1024}", "{sysctls: {net.core.somaxconn: '1024'}}"},
    {"storage_opt: {size: 1}", "{storage_opt: {size: '1'}}"},
    {"networks: [a, b]", "{networks: {a: ~, b: ~}}"},
    {"networks: {a: {driver_opts: {x: 1}}}", "{networks: {a: {driver_opts: {x: '1'}}}}"},
    {"models: [m]", "{models: {m: ~}}"},
    {"depends_on: [db]", "{depends_on: {db: {condition: 'service_started'*, required: true*}}}"},
    {"depends_on: {db: {condition: service_healthy}}",
     "{depends_on: {db: {condition: 'service_healthy', required: true*}}}"},
    {"env_file: .env", "{env_file: [{path: '.env', required: true*}]}"},
    {"env_file: [a, {path: b, required: false}, {path: c}]",
     "{env_file: [{path: 'a', required: true*}, {path: 'b', required: false}, "
     "{path: 'c', required: true*}]}"},
    {"ports: [80, \"8080:80/UDP\", \"127.0.0.1:9000-9002:90-92\", \"1-3:80\"]",
     "{ports: [{target: 80}, {target: 80, published: '8080', protocol: 'udp'}, "
     "{host_ip: '127.0.0.1', target: '90-92', published: '9000-9002'}, "
     "{target: 80, published: '1-3'}]}"},
    {"ports: [\"1-65535:1-65535\"]", "{ports: [{target: '1-65535', published: '1-65535'}]}"},
    {"ports: [\"${P}:80\"]", "{ports: [{target: 80, published: '?'}]}"},
    {"ports: [{target: 80, published: 8080}]", "{ports: [{target: 80, published: '8080'}]}"},
    {"volumes: [\"./a:/b\", \"data:/d:ro\", /anon, \"nn:/n:nocopy\"]",
     "{volumes: [{type: 'bind', source: './a', target: '/b', bind: {create_host_path: true*}}, "
     "{type: 'volume', source: 'data', target: '/d', read_only: true, volume: {}}, "
     "{type: 'volume', target: '/anon', volume: {}}, "
     "{type: 'volume', source: 'nn', target: '/n', volume: {nocopy: true}}]}"},
    {"volumes: [\"/a:/b:rshared,z\"]",
     "{volumes: [{type: 'bind', source: '/a', target: '/b', bind: {propagation: 'rshared', "
     "selinux: 'z', create_host_path: true*}}]}"},
    {"volumes: [\"${D}:/data\"]", "{volumes: [{type: '?', source: '?', target: '/data'}]}"},
    {"volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 0755}}]",
     "{volumes: [{type: 'tmpfs', target: '/t', tmpfs: {size: '1048576', mode: 493}}]}"},
    {"devices: [\"/a:/b:rw\", \"/c:r\", a.b/c=d]",
     "{devices: [{source: '/a', target: '/b', permissions: 'rw'}, "
     "{source: '/c', target: 'r', permissions: 'rwm'*}, "
     "{source: 'a.b/c=d', target: 'a.b/c=d', permissions: 'rwm'*}]}"},
    {"gpus: all", "{gpus: [{count: -1}]}"},
    {"gpus: [{count: all}, {count: \"2\"}, {driver: x}]",
     "{gpus: [{count: -1}, {count: 2}, {driver: 'x'}]}"},
    {"secrets: [a, {source: b, mode: 0440}, {source: c, mode: \"440\"}]",
     "{secrets: [{source: 'a'}, {source: 'b', mode: '0440'}, {source: 'c', mode: '0440'}]}"},
    {"configs: [{source: b, mode: 440}]", "{configs: [{source: 'b', mode: '0670'}]}"},
    {"extra_hosts: [\"a=1.1.1.1,2.2.2.2\", \"b:::1\", \"a=[::2]\"]",
     "{extra_hosts: {a: ['1.1.1.1', '2.2.2.2', '::2'], b: ['::1']}}"},
    {"extra_hosts: {a: \"[::1]\", b: [1.1.1.1, \"[::1]\"]}",
     "{extra_hosts: {a: ['::1'], b: ['1.1.1.1', '::1']}}"},
    {"dns: 1.1.1.1", "{dns: ['1.1.1.1']}"},
    {"dns: [\"\", 1.1.1.1]", "{dns: ['1.1.1.1']}"},
    {"dns_search: \"\"", "{dns_search: ['']}"},
    {"tmpfs: /run", "{tmpfs: ['/run']}"},
    {"label_file: a", "{label_file: ['a']}"},
    {"expose: [80, \"81-82\"]", "{expose: ['80', '81-82']}"},
    {"group_add: [1, x]", "{group_add: ['1', 'x']}"},
    {"mem_limit: 512m", "{mem_limit: '536870912'}"},
    {"mem_limit: 1024", "{mem_limit: '1024'}"},
    {"memswap_limit: -1", "{memswap_limit: '-1'}"},
    {"mem_limit: 1.5", "{mem_limit: '0'}"},
    {"pids_limit: 1.5", "{pids_limit: 1}"},
    {"pids_limit: 1e300", "{pids_limit: 1e300}"},
    {"volumes: [/a, /ab]",
     "{volumes: [{type: 'volume', target: '/a'}, {type: 'volume', target: '/ab', volume: {}}]}"},
    {"mem_limit: ${M}", "{mem_limit: '?'}"},
    {"ulimits: {a: 1, b: {soft: 1, hard: 2}}", "{ulimits: {a: 1, b: {soft: 1, hard: 2}}}"},
    {"stop_grace_period: 1m30s", "{stop_grace_period: '1m30s'}"},
    {"stop_grace_period: ${S}s", "{stop_grace_period: '?s'}"},
    {"deploy: {resources: {limits: {memory: 1g}}, update_config: {delay: 10s}}",
     "{deploy: {resources: {limits: {memory: '1073741824'}}, update_config: {delay: '10s'}}}"},
    {"blkio_config: {device_read_bps: [{path: /d, rate: 1k}]}",
     "{blkio_config: {device_read_bps: [{path: '/d', rate: '1024'}]}}"},
    {"logging: {options: {a: 1, b: }}", "{logging: {options: {a: '1', b: ''}}}"},
    {"provider: {type: t, options: {a: 1, b: [true, x]}}",
     "{provider: {type: 't', options: {a: ['1'], b: ['true', 'x']}}}"},
    {"post_start: [{command: a b, environment: [A]}]",
     "{post_start: [{command: ['a', 'b'], environment: {A: ~}}]}"},
    {"x-any: {ports: [80]}", "{x-any: {ports: [80]}}"},
    {"unknown: {a: [1]}", "{unknown: {a: [1]}}"},
};

/* The service `s` with these attributes in its long form. */
static const struct tree_node *long_form(struct compose_tree *tree, const char *attributes)
{
    char yaml[512];
    snprintf(yaml, sizeof yaml, "services:\n  s:\n    %s\n", attributes);
    const struct tree_node *root = compose_tree_read(tree, yaml);
    root = root != NULL ? co_canon(&tree->run, root) : NULL;
    return compose_tree_at(root, "services.s");
}

static void short_forms_become_long(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct compose_tree tree;
        compose_tree_init(&tree, NULL);
        const struct tree_node *service = long_form(&tree, forms[i].written);
        compose_tree_expect(service, forms[i].form);
        compose_tree_expect_diags(&tree, "");
        assert_false(tree.run.refused);
        compose_tree_release(&tree);
    }
}

/* Also shows that everything but the changed parts is shared. */
static void long_forms_stay(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct compose_tree tree;
        compose_tree_init(&tree, NULL);
        char yaml[512];
        snprintf(yaml, sizeof yaml, "services:\n  s:\n    %s\n", forms[i].written);
        const struct tree_node *once = co_canon(&tree.run, compose_tree_read(&tree, yaml));
        assert_ptr_equal(co_canon(&tree.run, once), once);
        compose_tree_release(&tree);
    }
}

static const struct {
    const char *written;
    const char *diags;
    const char *rest; /* what is left of the service */
} refused[] = {
    {"ports: [\"80:99999\", 80]", "C0401 \"99999\" is not a port: the highest is 65535\n",
     "{ports: [{target: 80}]}"},
    {"ports: [80.5]", "C0401 a port is a whole number up to 65535\n", "{ports: []}"},
    {"volumes: [\"data:/b:ro:foo\"]",
     "C0401 a volume has at most three parts: source, target, options\n", "{volumes: []}"},
    {"mem_limit: 12xb", "C0401 `12xb` is no size\n", "{}"},
    {"stop_grace_period: \"10\"", "C0401 `10` is no duration\n", "{}"},
    {"secrets: [{source: a, mode: \"9\"}]", "C0401 `9` is no mode of a file\n",
     "{secrets: [{source: 'a'}]}"},
    {"secrets: [{source: a, mode: \"\"}]", "C0401 an empty text is no mode of a file\n",
     "{secrets: [{source: 'a'}]}"},
    {"gpus: [{count: some}]", "C0401 `some` is no number of devices\n", "{gpus: [{}]}"},
    {"command: a (b",
     "C0401 a parenthesis must be quoted here: the command is not run by a shell\n", "{}"},
    {"devices: [\"a:b:c:d\"]",
     "C0401 device `a:b:c:d` has more than source, target and permissions\n", "{devices: []}"},
    {"environment: [\"A =1\"]", "C0401 name of the variable `A` ends with a blank\n",
     "{environment: {}}"},
    {"extra_hosts: [foo]", "C0401 `foo` lacks the address of the host\n", "{extra_hosts: {}}"},
    {"extra_hosts: {\"a:b\": 1.1.1.1}", "C0401 `a:b` is no host name\n", "{extra_hosts: {}}"},
    {"extra_hosts: [\"=1.1.1.1\"]", "C0401 `` is no host name\n", "{extra_hosts: {}}"},
    {"build: {ssh: [foo]}", "C0401 `foo` lacks the `=` between name and value\n",
     "{build: {ssh: {}}}"},
    {"build: {additional_contexts: [foo]}", "C0401 `foo` lacks the `=` between name and value\n",
     "{build: {additional_contexts: {}}}"},
};

static void what_cannot_be_read_is_reported(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct compose_tree tree;
        compose_tree_init(&tree, NULL);
        const struct tree_node *service = long_form(&tree, refused[i].written);
        compose_tree_expect(service, refused[i].rest);
        compose_tree_expect_diags(&tree, refused[i].diags);
        assert_true(tree.run.refused);
        compose_tree_release(&tree);
    }
}

static void old_names_of_external_resources_are_read(void **state)
{
    (void)state;
    struct compose_tree tree;
    compose_tree_init(&tree, NULL);
    const struct tree_node *root =
        co_canon(&tree.run, compose_tree_read(&tree, "networks:\n"
                                                     "  a: {external: {name: n}}\n"
                                                     "  b: {external: {name: n}, name: n}\n"
                                                     "  c: {external: {name: n}, name: m}\n"
                                                     "  d: {external: {}}\n"));
    compose_tree_expect(root, "{networks: {a: {external: true, name: 'n'}, "
                              "b: {external: true, name: 'n'}, c: {external: true, name: 'm'}, "
                              "d: {external: true}}}");
    compose_tree_expect_diags(&tree, "C0409 `external.name` is deprecated\n"
                                     "C0409 `external.name` is deprecated\n"
                                     "C0409 `external.name` is deprecated\n"
                                     "C0405 `external.name` and `name` name different resources\n");
    compose_tree_release(&tree);
}

static const struct {
    const char *written;
    const char *path;
    const char *place;
    const char *variable; /* the first one, or NULL */
} places[] = {
    {"ports: [\"127.0.0.1:8080:80/udp\"]", "ports.0", "\"127.0.0.1:8080:80/udp\"", NULL},
    {"ports: [\"127.0.0.1:8080:80/udp\"]", "ports.0.host_ip", "127.0.0.1", NULL},
    {"ports: [\"127.0.0.1:8080:80/udp\"]", "ports.0.published", "8080", NULL},
    {"ports: [\"127.0.0.1:8080:80/udp\"]", "ports.0.target", "80", NULL},
    {"ports: [\"127.0.0.1:8080:80/udp\"]", "ports.0.protocol", "udp", NULL},
    {"ports: [\"${IP}:${P}:80\"]", "ports.0.host_ip", "${IP}", "IP"},
    {"ports: [\"${IP}:${P}:80\"]", "ports.0.published", "${P}", "P"},
    {"ports: [\"${IP}:${P}:80\"]", "ports.0.target", "80", NULL},
    {"ports: [\"${P:-8080}:80\"]", "ports.0.published", "${P:-8080}", "P"},
    {"ports: [\"${P:-8080}:80\"]", "ports.0.target", "80", NULL},
    {"ports: [\"${A:-80}:${B:-81}\"]", "ports.0.published", "${A:-80}", "A"},
    {"ports: [\"${A:-80}:${B:-81}\"]", "ports.0.target", "${B:-81}", "B"},
    {"ports: [\"${A:-1.1.1.1:80}:${B:-81}\"]", "ports.0.target", "\"${A:-1.1.1.1:80}:${B:-81}\"",
     "A"},
    {"ports: [\"\\x380:81\"]", "ports.0.published", "\"\\x380:81\"", NULL},
    {"volumes: [\"${D}/x:/data\"]", "volumes.0.source", "${D}/x", "D"},
    {"volumes: [\"${D}/x:/data\"]", "volumes.0.type", "${D}/x", "D"},
    {"volumes: [\"${D}/x:/data\"]", "volumes.0.target", "/data", NULL},
    {"volumes: [./a:/b:ro]", "volumes.0.read_only", "ro", NULL},
    {"environment: [A=b]", "environment.A", "b", NULL},
    {"environment: [\"A=$X\"]", "environment.A", "$X", "X"},
    {"environment: [\"A=${X:-${Y}}\"]", "environment.A", "${X:-${Y}}", "X"},
    {"depends_on: [db]", "depends_on.db", "db", NULL},
    {"build: ./x", "build.context", "./x", NULL},
    {"extra_hosts: [\"h=[::1]\"]", "extra_hosts.h.0", "::1", NULL},
};

static void parts_have_their_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct compose_tree tree;
        compose_tree_init(&tree, NULL);
        const struct tree_node *service = long_form(&tree, places[i].written);
        const struct tree_node *node = compose_tree_at(service, places[i].path);
        compose_tree_expect_place(&tree, node, places[i].place);
        if (places[i].variable == NULL) {
            assert_null(node->variables);
        } else {
            assert_non_null(node->variables);
            assert_true(str_eq(node->variables->name, str_from_cstr(places[i].variable)));
        }
        compose_tree_release(&tree);
    }
}

/* With more variables than are told apart a part has those of the whole. */
static void many_variables_are_not_told_apart(void **state)
{
    (void)state;
    for (int count = CO_PIECE_MAX_USES - 1; count <= CO_PIECE_MAX_USES + 1; count++) {
        char written[256] = "environment: [\"A=";
        size_t len = strlen(written);
        for (int i = 0; i < count; i++) {
            len += (size_t)snprintf(written + len, sizeof written - len, "${V%d}", i % 10);
        }
        snprintf(written + len, sizeof written - len, "\"]");
        struct compose_tree tree;
        compose_tree_init(&tree, NULL);
        const struct tree_node *value = compose_tree_at(long_form(&tree, written), "environment.A");
        bool whole =
            str_starts_with(str_slice(tree.text, value->span.start, value->span.end), STR("\"A="));
        assert_int_equal(whole, count > CO_PIECE_MAX_USES);
        compose_tree_release(&tree);
    }
}

/* Words and addresses cost as much as their own text, however long the whole one is. */
static void long_texts_take_linear_time(void **state)
{
    (void)state;
    enum { WORDS = 200000 };
    struct buf yaml;
    buf_init(&yaml, NULL, 4 << 20);
    buf_append_cstr(&yaml, "services: {s: {extra_hosts: [\"h=${A:-");
    buf_append_repeated(&yaml, ',', WORDS);
    buf_append_cstr(&yaml, "}${B}\"], command: \"");
    for (int i = 0; i < WORDS; i++) {
        buf_append_cstr(&yaml, "'a' ");
    }
    buf_append_cstr(&yaml, "${C}\"}}");
    buf_append_char(&yaml, '\0');
    struct compose_tree tree;
    compose_tree_init(&tree, NULL);
    const struct tree_node *root = co_canon(&tree.run, compose_tree_read(&tree, yaml.data));
    const struct tree_node *words = compose_tree_at(root, "services.s.command");
    assert_int_equal(words->u.list.count, WORDS + 1);
    assert_false(tree_has_holes(words->u.list.items[0]));
    assert_true(tree_has_holes(words->u.list.items[WORDS]));
    const struct tree_node *ips = compose_tree_at(root, "services.s.extra_hosts.h");
    assert_int_equal(ips->u.list.count, WORDS + 1);
    compose_tree_release(&tree);
    buf_release(&yaml);
}

static plim_status canon_all(const plim_allocator *allocator, void *user)
{
    struct compose_tree tree;
    compose_tree_init(&tree, allocator);
    const struct tree_node *root = compose_tree_read(&tree, user);
    if (root != NULL && co_alive(&tree.run)) {
        root = co_canon(&tree.run, root);
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
                               "    build: {args: [A=1, A], ssh: [default], shm_size: 1k}\n"
                               "    ports: [80, \"${P}:80-81/udp\"]\n"
                               "    volumes: [\"./a:/b:ro,z\", \"${D}:/d\", /anon]\n"
                               "    command: a b ${C}\n"
                               "    extra_hosts: [\"a=1.1.1.1,[::1]\", \"a:2.2.2.2\"]\n"
                               "    depends_on: [db]\n"
                               "    env_file: e\n"
                               "    devices: [\"/a:/b\"]\n"
                               "    gpus: all\n"
                               "    healthcheck: {test: x, interval: 1m}\n"
                               "    secrets: [{source: a, mode: 0440}]\n"
                               "    dns: 1.1.1.1\n"
                               "    mem_limit: 12xb\n"
                               "networks: {n: {external: {name: x}}}\n";
    fault_alloc_run(canon_all, (void *)(uintptr_t)yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_forms_become_long),
        cmocka_unit_test(long_forms_stay),
        cmocka_unit_test(what_cannot_be_read_is_reported),
        cmocka_unit_test(old_names_of_external_resources_are_read),
        cmocka_unit_test(parts_have_their_places),
        cmocka_unit_test(many_variables_are_not_told_apart),
        cmocka_unit_test(long_texts_take_linear_time),
        cmocka_unit_test(allocations_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
