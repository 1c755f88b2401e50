/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_facts.c - rows of compose projects. Projects are given as YAML in long form, so that the
 * rows are tested apart from the steps that lead there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "facts/compose/co_facts.h"
#include "facts/compose/co_writer.h"
#include "facts/yaml/yaml_read.h"
#include "tests/unit/fault_alloc.h"

struct file {
    const char *path;
    const char *text;
};

struct read {
    struct facts *facts;
    struct df_facts dockerfiles;
    struct co_facts reader;
    struct arena arena;
    struct diag_list diags;
    const struct file *files; /* ends with path NULL */
    unsigned chain;           /* values that services.a.privileged replaced, one after the other */
    fact_row project;
    plim_status status;
};

static plim_status read_path(void *user, struct str path, struct str *text)
{
    const struct read *read = user;
    for (const struct file *at = read->files; at != NULL && at->path != NULL; at++) {
        if (str_eq(path, str_from_cstr(at->path))) {
            *text = str_from_cstr(at->text);
            return PLIM_STATUS_OK;
        }
    }
    return PLIM_STATUS_NOT_FOUND;
}

/* Puts `count` earlier values behind services.a.privileged. */
static void put_chain(struct read *read, const struct tree_node *root, unsigned count)
{
    const struct tree_node *a = tree_get(tree_get(root, STR("services")), STR("a"));
    struct tree_node *at = (struct tree_node *)tree_get(a, STR("privileged"));
    for (unsigned i = 0; i < count; i++) {
        struct tree_node *earlier = tree_copy(&read->arena, at);
        assert_non_null(earlier);
        earlier->span.start = i;
        earlier->text = STR("false");
        at->over = earlier;
        at = earlier;
    }
}

/* Reads a project from one text in long form. */
static plim_status read_text(struct read *read, const plim_allocator *allocator, const char *yaml)
{
    source_id source = 0;
    struct yaml_documents documents = {0};
    arena_init(&read->arena, allocator, 0);
    diag_list_init(&read->diags, allocator);
    plim_status status = facts_new(&read->facts, allocator, 0, 7);
    if (status == PLIM_STATUS_OK) {
        status = df_facts_init(&read->dockerfiles, read->facts, allocator, NULL);
    }
    if (status == PLIM_STATUS_OK) {
        status = co_facts_init(&read->reader, read->facts, &read->dockerfiles, allocator);
    }
    if (status == PLIM_STATUS_OK) {
        status =
            source_add(&read->facts->sources, &source, STR("compose.yaml"), str_from_cstr(yaml));
    }
    if (status == PLIM_STATUS_OK) {
        struct str text = source_get(&read->facts->sources, source)->text;
        status = yaml_read(&documents, &read->arena, source, text, &read->diags);
    }
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    put_chain(read, documents.items[0], read->chain);
    static const struct str on[] = {{"debug", 5}};
    const struct co_options options = {.profiles = on, .profile_count = 1};
    const struct facts_files files = {.user = read, .read = read_path};
    struct co_run run = {.arena = &read->arena,
                         .sources = &read->facts->sources,
                         .diags = &read->diags,
                         .files = &files,
                         .options = &options};
    const struct co_document document = {
        .source = source, .path = STR("compose.yaml"), .asked_for = {.source = SOURCE_NONE}};
    struct co_project project = {.name = STR("shop"),
                                 .name_span = {.source = SOURCE_NONE},
                                 .directory = STR("."),
                                 .root = documents.items[0],
                                 .documents = &document,
                                 .document_count = 1};
    status = co_facts_add(&read->reader, &run, &project, &read->project);
    return status == PLIM_STATUS_OK ? facts_freeze(read->facts) : status;
}

static void release(struct read *read)
{
    co_facts_release(&read->reader);
    df_facts_release(&read->dockerfiles);
    facts_free(read->facts);
    diag_list_release(&read->diags);
    arena_release(&read->arena);
}

static struct read read_project(const char *yaml, const struct file *files)
{
    struct read read = {.files = files};
    struct read *heap = &read;
    heap->status = read_text(heap, NULL, yaml);
    assert_int_equal(heap->status, PLIM_STATUS_OK);
    return read;
}

#define STR_IS(read, kind, row, field, expected)                                                   \
    assert_string_equal(text_of(&(read), FACT_KIND_##kind, (row), FIELD_##kind##_##field),         \
                        (expected))
#define INT_IS(read, kind, row, field, expected)                                                   \
    assert_int_equal((int64_t)present(&(read), FACT_KIND_##kind, (row), FIELD_##kind##_##field),   \
                     (expected))
#define STATE_IS(read, kind, row, field, expected)                                                 \
    assert_int_equal(                                                                              \
        facts_get((read).facts, FACT_KIND_##kind, (row), FIELD_##kind##_##field).state,            \
        (expected))

static uint64_t present(const struct read *read, enum fact_kind kind, fact_row row, unsigned field)
{
    struct fact_cell cell = facts_get(read->facts, kind, row, field);
    assert_int_equal(cell.state, FACT_PRESENT);
    return cell.value;
}

/* A text, or the elements of a list of texts with blanks between. */
static const char *text_of(const struct read *read, enum fact_kind kind, fact_row row,
                           unsigned field)
{
    static char out[512];
    uint64_t value = present(read, kind, row, field);
    out[0] = '\0';
    if (schema_kind(kind)->fields[field].cardinality != FACT_LIST) {
        struct str text = intern_view(&read->facts->strings, (intern_id)value);
        (void)snprintf(out, sizeof out, "%.*s", STR_FMT(text));
        return out;
    }
    for (uint32_t i = 0; i < fact_list_count(value); i++) {
        struct fact_cell item = facts_list_at(read->facts, value, i);
        struct str text = intern_view(&read->facts->strings, (intern_id)item.value);
        size_t used = strlen(out);
        (void)snprintf(out + used, sizeof out - used, "%s%.*s", i > 0 ? " " : "", STR_FMT(text));
    }
    return out;
}

/* The only row of the list of a row. */
static fact_row only(const struct read *read, enum fact_kind kind, fact_row row, unsigned field)
{
    uint64_t list = present(read, kind, row, field);
    assert_int_equal(fact_list_count(list), 1);
    return (fact_row)facts_list_at(read->facts, list, 0).value;
}

static uint32_t line_of(const struct read *read, fact_loc loc)
{
    struct span span = facts_span(read->facts, loc);
    return source_line_number(&read->facts->sources, span.source, span.start);
}

static void a_project_has_its_parts(void **state)
{
    (void)state;
    struct read read =
        read_project("services:\n"
                     "  web:\n"
                     "    image: nginx:1.27\n"
                     "    profiles: [debug]\n"
                     "  db:\n"
                     "    image: postgres\n"
                     "    profiles: [other]\n"
                     "volumes:\n"
                     "  data: {driver_opts: {type: none, o: 'rw,bind', device: /srv}}\n"
                     "networks:\n"
                     "  back: {internal: true, driver: overlay,"
                     " driver_opts: {encrypted: ''}}\n"
                     "secrets:\n"
                     "  key: {file: ./key}\n"
                     "configs:\n"
                     "  app: {content: 'a=b', name: other}\n",
                     NULL);
    STR_IS(read, compose_project, 0, name, "shop");
    STR_IS(read, compose_file, 0, path, "compose.yaml");
    STR_IS(read, compose_file, 0, keys, "services volumes networks secrets configs");
    assert_int_equal(read.facts->tables[FACT_KIND_service].count, 2);
    STR_IS(read, service, 0, label, "service web");
    assert_int_equal(line_of(&read, facts_row_loc(read.facts, FACT_KIND_service, 0)), 2);
    INT_IS(read, service, 0, active, 1);
    INT_IS(read, service, 1, active, 0);
    STR_IS(read, image_ref, 0, tag, "1.27");
    STR_IS(read, volume, 0, host_path, "/srv");
    STR_IS(read, volume, 0, name, "shop_data");
    INT_IS(read, network, 0, internal, 1);
    INT_IS(read, network, 0, encrypted, 1);
    STR_IS(read, secret, 0, file, "./key");
    STR_IS(read, config, 0, name, "other");
    assert_int_equal(fact_list_count(present(&read, FACT_KIND_project, 0, FIELD_project_services)),
                     2);
    release(&read);
}

static void rights_are_normalised(void **state)
{
    (void)state;
    struct read read = read_project(
        "services:\n"
        "  a:\n"
        "    image: x\n"
        "    cap_add: [cap_sys_admin, NET_ADMIN]\n"
        "    cap_drop: [ALL]\n"
        "    security_opt: ['no-new-privileges:true', 'seccomp=unconfined', 'label:disable',"
        " 'apparmor=mine']\n"
        "    network_mode: service:b\n"
        "    pid: host\n"
        "    ipc: 'container:x'\n"
        "  b:\n"
        "    image: x\n"
        "    privileged: true\n"
        "    cap_drop: [NET_RAW]\n"
        "  c:\n"
        "    image: x\n"
        "    security_opt: ['systempaths=unconfined', 'no-new-privileges=false']\n"
        "    cap_drop: [net_raw, MKNOD]\n",
        NULL);
    STR_IS(read, service, 0, cap_add, "SYS_ADMIN NET_ADMIN");
    STR_IS(read, service, 0, capabilities, "SYS_ADMIN NET_ADMIN");
    INT_IS(read, service, 0, no_new_privileges, 1);
    INT_IS(read, service, 0, seccomp, MEMBER_confinement_unconfined);
    INT_IS(read, service, 0, apparmor, MEMBER_confinement_custom);
    STR_IS(read, service, 0, apparmor_profile, "mine");
    INT_IS(read, service, 0, selinux, MEMBER_confinement_unconfined);
    INT_IS(read, service, 0, network_mode, MEMBER_namespace_mode_service);
    INT_IS(read, service, 0, network_service, 1);
    INT_IS(read, service, 0, pid_mode, MEMBER_namespace_mode_host);
    INT_IS(read, service, 0, ipc_mode, MEMBER_namespace_mode_container);
    INT_IS(read, service, 0, uts_mode, MEMBER_namespace_mode_own);
    STR_IS(read, service, 1, capabilities, "ALL");
    INT_IS(read, service, 1, seccomp, MEMBER_confinement_unconfined);
    INT_IS(read, service, 1, masks_paths, 0);
    INT_IS(read, service, 2, masks_paths, 0);
    INT_IS(read, service, 2, no_new_privileges, 0);
    INT_IS(read, service, 2, seccomp, MEMBER_confinement_standard);
    STR_IS(read, service, 2, capabilities,
           "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID "
           "SETPCAP SETUID SYS_CHROOT");
    release(&read);
}

static void limits_stand_in_two_places(void **state)
{
    (void)state;
    struct read read = read_project(
        "services:\n"
        "  a: {image: x, mem_limit: 512m, cpus: 1.5, pids_limit: -1, restart: 'on-failure:3',\n"
        "      ulimits: {nofile: {soft: 10, hard: 20}, nproc: 5},\n"
        "      logging: {driver: none, options: {max-size: 1m}}, stop_grace_period: 1m30s}\n"
        "  b: {image: x, mem_limit: '0', cpu_quota: 50000, restart: 'no', deploy: {replicas: 3,\n"
        "      restart_policy: {condition: any, max_attempts: 4}, resources:\n"
        "      {limits: {memory: '52428800', cpus: '0.25', pids: 7},\n"
        "       reservations: {devices: [{capabilities: [gpu]}]}}}}\n"
        "  c: {image: x, cpu_quota: 50000}\n",
        NULL);
    INT_IS(read, service, 0, memory_limit, 512 << 20);
    INT_IS(read, service, 0, cpu_limit, 1500);
    STATE_IS(read, service, 0, pids_limit, FACT_ABSENT);
    INT_IS(read, service, 0, restart, MEMBER_restart_policy_on_failure);
    INT_IS(read, service, 0, restart_attempts, 3);
    INT_IS(read, ulimit, 0, soft, 10);
    INT_IS(read, ulimit, 0, hard, 20);
    INT_IS(read, ulimit, 1, hard, 5);
    STR_IS(read, service, 0, logging_driver, "none");
    STR_IS(read, setting, 0, name, "max-size");
    INT_IS(read, service, 0, stop_grace_period, INT64_C(90000000000));
    INT_IS(read, service, 1, memory_limit, 50 << 20);
    INT_IS(read, service, 1, cpu_limit, 250);
    INT_IS(read, service, 1, pids_limit, 7);
    INT_IS(read, service, 1, replicas, 3);
    INT_IS(read, service, 1, restart, MEMBER_restart_policy_always);
    INT_IS(read, service, 1, restart_attempts, 4);
    INT_IS(read, service, 1, uses_gpus, 1);
    INT_IS(read, service, 2, cpu_limit, 500);
    INT_IS(read, service, 2, restart, MEMBER_restart_policy_never);
    STATE_IS(read, service, 2, memory_limit, FACT_ABSENT);
    release(&read);
}

static const char linked[] =
    "services:\n"
    "  a:\n"
    "    image: x\n"
    "    volumes:\n"
    "      - {type: bind, source: /etc, target: /e, read_only: true,"
    " bind: {propagation: rshared, selinux: Z}}\n"
    "      - {type: volume, source: data, target: /d}\n"
    "      - {type: volume, target: /anon}\n"
    "    tmpfs: ['/run:size=64m,ro', /tmp]\n"
    "    ports:\n"
    "      - {target: 80, published: '8080', host_ip: 127.0.0.1, protocol: tcp}\n"
    "      - {target: 53-54, published: 53-54, protocol: udp}\n"
    "    expose: ['3000', 4000-4005/udp, x]\n"
    "    devices: [{source: /dev/kmsg, target: /dev/kmsg, permissions: r}]\n"
    "    networks: {back: {aliases: [web]}}\n"
    "    extra_hosts: {host: ['1.2.3.4', '::1']}\n"
    "    secrets: [{source: key}]\n"
    "    configs: [{source: app, target: /etc/app, mode: '0440'}]\n"
    "    depends_on: {b: {condition: service_healthy, required: false}}\n"
    "  b: {image: x, volumes_from: ['a:ro']}\n"
    "volumes: {data: {driver_opts: {o: bind, device: /srv/data}}}\n"
    "networks: {back: {}}\n"
    "secrets: {key: {environment: KEY}}\n"
    "configs: {app: {file: app.conf}}\n";

/* Rules compare paths of the host, and find the place of the list that takes mounts over. */
static void host_paths_are_short(void **state)
{
    (void)state;
    struct read read =
        read_project("services:\n"
                     "  a:\n"
                     "    image: x\n"
                     "    volumes: [{type: bind, source: /etc/../srv/, target: /s},\n"
                     "      {type: volume, source: data, target: /d}]\n"
                     "  b:\n"
                     "    image: x\n"
                     "    volumes_from:\n"
                     "      - a\n"
                     "volumes: {data: {driver_opts: {o: bind, device: /srv//x/}}}\n",
                     NULL);
    STR_IS(read, mount, 0, host_path, "/srv");
    STR_IS(read, mount, 1, host_path, "/srv/x");
    struct fact_cell from = facts_get(read.facts, FACT_KIND_service, 1, FIELD_service_volumes_from);
    assert_int_equal(line_of(&read, from.loc), 9);
    release(&read);
}

static void mounts_are_linked(void **state)
{
    (void)state;
    struct read read = read_project(linked, NULL);
    INT_IS(read, mount, 0, type, MEMBER_mount_type_bind);
    STR_IS(read, mount, 0, host_path, "/etc");
    INT_IS(read, mount, 0, propagation, MEMBER_propagation_rshared);
    STR_IS(read, mount, 0, text, "/etc:/e");
    INT_IS(read, mount, 0, is_short, 0);
    STR_IS(read, mount, 1, host_path, "/srv/data");
    INT_IS(read, mount, 1, volume, 0);
    INT_IS(read, mount, 2, anonymous, 1);
    INT_IS(read, mount, 3, type, MEMBER_mount_type_tmpfs);
    STR_IS(read, mount, 3, target, "/run");
    STR_IS(read, mount, 3, options, "size=64m ro");
    INT_IS(read, mount, 3, read_only, 1);
    release(&read);
}

static void ports_and_names_are_linked(void **state)
{
    (void)state;
    struct read read = read_project(linked, NULL);
    INT_IS(read, published_port, 0, loopback, 1);
    INT_IS(read, published_port, 0, all_interfaces, 0);
    STR_IS(read, published_port, 0, text, "127.0.0.1:8080:80");
    INT_IS(read, published_port, 1, target, 53);
    INT_IS(read, published_port, 1, target_last, 54);
    INT_IS(read, published_port, 1, last, 54);
    INT_IS(read, published_port, 1, all_interfaces, 1);
    INT_IS(read, published_port, 1, protocol, MEMBER_protocol_udp);
    INT_IS(read, port, 1, last, 4005);
    INT_IS(read, port, 2, valid, 0);
    STR_IS(read, device, 0, permissions, "r");
    assert_int_equal(only(&read, FACT_KIND_network, 0, FIELD_network_uses), 0);
    STR_IS(read, setting, 3, value, "::1");
    STR_IS(read, secret_use, 0, target, "/run/secrets/key");
    INT_IS(read, secret_use, 0, secret, 0);
    INT_IS(read, config_use, 0, mode, 0440);
    assert_int_equal(only(&read, FACT_KIND_config, 0, FIELD_config_uses), 0);
    INT_IS(read, dependency, 0, condition, MEMBER_start_condition_healthy);
    INT_IS(read, dependency, 0, on, 1);
    assert_int_equal(only(&read, FACT_KIND_service, 1, FIELD_service_dependents), 0);
    assert_int_equal(only(&read, FACT_KIND_service, 1, FIELD_service_volumes_from), 0);
    assert_int_equal(only(&read, FACT_KIND_volume, 0, FIELD_volume_mounts), 1);
    release(&read);
}

static const struct file built_files[] = {
    {"app/Dockerfile", "ARG V\nFROM alpine:$V AS base\nUSER app\nEXPOSE 80\nENV A=1 B=2\n"
                       "LABEL k=v l=m\nWORKDIR /srv\nHEALTHCHECK CMD curl localhost\n"
                       "CMD [\"run\"]\nENTRYPOINT [\"/entry\"]\nFROM base AS debug\nUSER root\n"},
    {NULL, NULL}};

static const char built[] =

    "services:\n"
    "  a: {build: {context: ./app, target: base, args: {V: '3.20'}},\n"
    "      environment: {B: '3', C: null}, labels: {l: n}, expose: ['90'],\n"
    "      healthcheck: {interval: 5s}}\n"
    "  b: {build: {context: app}, user: '1000:0', entrypoint: [sh, -c, 'curl -k x | sh']}\n"
    "  c: {build: {context: other}}\n"
    "  d: {image: 'redis:7'}\n"
    "  e: {build: {context: app, target: none}}\n"
    "  f: {build: {context: ., dockerfile_inline: \"FROM scratch\\nUSER 5\\n\"}}\n";

static void effective_values_follow_the_build(void **state)
{
    (void)state;
    struct read read = read_project(built, built_files);
    assert_int_equal(read.facts->tables[FACT_KIND_dockerfile].count, 2);
    INT_IS(read, service, 0, is_built, 1);
    INT_IS(read, service, 0, stage, 0);
    STR_IS(read, user, (fact_row)present(&read, FACT_KIND_service, 0, FIELD_service_user), spec,
           "app");
    STATE_IS(read, service, 0, own_user, FACT_ABSENT);
    STR_IS(read, service, 0, workdir, "/srv");
    INT_IS(read, stage, 0, base_image, 0); /* known through the argument */
    uint64_t env = present(&read, FACT_KIND_service, 0, FIELD_service_env);
    assert_int_equal(fact_list_count(env), 3);
    fact_row b = (fact_row)facts_list_at(read.facts, env, 1).value;
    STR_IS(read, variable, b, value, "3");
    STATE_IS(read, variable, (fact_row)facts_list_at(read.facts, env, 2).value, value,
             FACT_UNKNOWN);
    uint64_t labels = present(&read, FACT_KIND_service, 0, FIELD_service_labels);
    assert_int_equal(fact_list_count(labels), 2);
    uint64_t ports = present(&read, FACT_KIND_service, 0, FIELD_service_ports);
    assert_int_equal(fact_list_count(ports), 2);
    fact_row check = (fact_row)present(&read, FACT_KIND_service, 0, FIELD_service_healthcheck);
    INT_IS(read, healthcheck, check, interval, INT64_C(5000000000));
    fact_row command = only(&read, FACT_KIND_healthcheck, check, FIELD_healthcheck_commands);
    STR_IS(read, command, command, name, "curl");
    release(&read);
}

static void services_override_what_they_build(void **state)
{
    (void)state;
    struct read read = read_project(built, built_files);
    /* b runs the last stage as another user; its entry point drops the command. */
    INT_IS(read, service, 1, stage, 1);
    INT_IS(read, user, (fact_row)present(&read, FACT_KIND_service, 1, FIELD_service_user), uid,
           1000);
    STATE_IS(read, service, 1, cmd, FACT_ABSENT);
    fact_row entry = (fact_row)present(&read, FACT_KIND_service, 1, FIELD_service_entrypoint);
    uint64_t commands = present(&read, FACT_KIND_entrypoint, entry, FIELD_entrypoint_commands);
    assert_int_equal(fact_list_count(commands), 3);
    fact_row curl = (fact_row)facts_list_at(read.facts, commands, 1).value;
    STR_IS(read, command, curl, name, "curl");
    INT_IS(read, command, curl, service, 1);
    STATE_IS(read, command, curl, pipe_to, FACT_PRESENT);
    assert_int_equal(line_of(&read, facts_row_loc(read.facts, FACT_KIND_command, curl)), 5);
    /* Nobody gave what c, d and e need. */
    for (fact_row row = 2; row <= 4; row++) {
        STATE_IS(read, service, row, user, FACT_UNKNOWN);
        STATE_IS(read, service, row, sets_user, FACT_UNKNOWN);
        INT_IS(read, service, row, is_built, 0);
    }
    struct fact_cell cell = facts_get(read.facts, FACT_KIND_service, 3, FIELD_service_user);
    assert_true(str_eq(intern_view(&read.facts->strings, read.facts->causes[cell.value].text),
                       STR("image redis:7 was not given")));
    INT_IS(read, user, (fact_row)present(&read, FACT_KIND_service, 5, FIELD_service_user), uid, 5);
    uint64_t builds = present(&read, FACT_KIND_dockerfile, 0, FIELD_dockerfile_builds);
    assert_int_equal(fact_list_count(builds), 3);
    assert_int_equal(only(&read, FACT_KIND_stage, 1, FIELD_stage_services), 1);
    release(&read);
}

/* A value that replaced others is a row, and its place leads to theirs, up to a bound. */
static void replaced_values_are_kept(void **state)
{
    (void)state;
    for (unsigned chain = CO_MAX_EARLIER - 1; chain <= CO_MAX_EARLIER + 1; chain++) {
        struct read read = {.chain = chain};
        assert_int_equal(
            read_text(&read, NULL, "services:\n  a:\n    image: x\n    privileged: true\n"),
            PLIM_STATUS_OK);
        struct fact_cell cell =
            facts_get(read.facts, FACT_KIND_service, 0, FIELD_service_privileged);
        unsigned found = 0;
        for (fact_loc loc = cell.loc; loc != FACT_NO_LOC; found++) {
            loc = facts_earlier_loc(read.facts, loc);
        }
        assert_int_equal(found, 1 + (chain < CO_MAX_EARLIER ? chain : CO_MAX_EARLIER));
        assert_int_equal(line_of(&read, cell.loc), 4);
        assert_int_equal(only(&read, FACT_KIND_service, 0, FIELD_service_overrides), 0);
        STR_IS(read, override, 0, attribute, "privileged");
        STR_IS(read, override, 0, value, "true");
        STR_IS(read, override, 0, earlier, "false");
        INT_IS(read, override, 0, file, 0);
        release(&read);
    }
}

/* What Compose would refuse still gives rows without holes in them. */
static void rows_are_whole_whatever_the_file_holds(void **state)
{
    static const char *const cases[] = {
        "services: {a: null, b: [1], c: x}\nvolumes: 3\nnetworks: [x]\n",
        "services:\n  a: {build: [x], ports: {a: b}, volumes: [1, {}], tmpfs: {a: 1}, env_file: "
        "x,\n"
        "    environment: [A, B=1, '='], labels: [a], cap_add: {a: b}, security_opt: [1, ''],\n"
        "    healthcheck: {test: {a: b}}, command: x, entrypoint: {a: b}, secrets: [x, {}],\n"
        "    configs: [{target: a}], devices: [x, {}], ulimits: {a: null, b: x}, networks: [a],\n"
        "    depends_on: [b], extra_hosts: {a: b}, logging: x, deploy: [], restart: 3,\n"
        "    post_start: [x, {command: x}, {command: [a], user: ''}], volumes_from: [zz]}\n",
        "services: {a: {user: ':', build: {context: '', dockerfile: ''}, ports: [{}, {target: "
        "a}]}}\n",
        "secrets: {a: null}\nconfigs: {a: null}\nvolumes: {a: null}\nnetworks: {a: null}\n",
        "x: 1\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct read read = read_project(cases[i], built_files);
        for (int k = FACT_KIND_project + 1; k < FACT_KIND_COUNT; k++) {
            const struct fact_kind_info *kind = schema_kind((enum fact_kind)k);
            for (fact_row row = 0; row < read.facts->tables[k].count; row++) {
                assert_int_not_equal(facts_row_loc(read.facts, (enum fact_kind)k, row),
                                     FACT_NO_LOC);
                for (unsigned f = 0; f < kind->field_count; f++) {
                    struct fact_cell cell = facts_get(read.facts, (enum fact_kind)k, row, f);
                    if (kind->fields[f].cardinality != FACT_OPT && cell.state == FACT_ABSENT) {
                        fail_msg("case %zu: %.*s.%.*s is absent", i, STR_FMT(kind->name),
                                 STR_FMT(kind->fields[f].name));
                    }
                }
            }
        }
        release(&read);
    }
}

static plim_status read_everything(const plim_allocator *allocator, void *user)
{
    struct read read = {.files = built_files};
    (void)user;
    plim_status status = read_text(
        &read, allocator,
        "services:\n"
        "  a: {build: {context: app, args: {V: 1}}, user: '0', cap_add: [ALL], tmpfs: [/x],\n"
        "      environment: {A: b}, labels: {a: b}, healthcheck: {test: [CMD-SHELL, 'ls']},\n"
        "      volumes: [{type: volume, source: v, target: /a}], secrets: [{source: s}],\n"
        "      ports: [{target: 80}], depends_on: {a: {}}, post_start: [{command: [x]}]}\n"
        "volumes: {v: {}}\nsecrets: {s: {file: a}}\n");
    release(&read);
    return status;
}

static void failing_allocations_end_in_nomem(void **state)
{
    (void)state;
    fault_alloc_run(read_everything, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_project_has_its_parts),
        cmocka_unit_test(rights_are_normalised),
        cmocka_unit_test(limits_stand_in_two_places),
        cmocka_unit_test(host_paths_are_short),
        cmocka_unit_test(mounts_are_linked),
        cmocka_unit_test(ports_and_names_are_linked),
        cmocka_unit_test(effective_values_follow_the_build),
        cmocka_unit_test(services_override_what_they_build),
        cmocka_unit_test(replaced_values_are_kept),
        cmocka_unit_test(rows_are_whole_whatever_the_file_holds),
        cmocka_unit_test(failing_allocations_end_in_nomem),
    };
    return cmocka_run_group_tests_name("co_facts", tests, NULL, NULL);
}
