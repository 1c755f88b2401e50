/* SPDX-License-Identifier: Apache-2.0
 *
 * test_given.c - what tests of policies give: which compose files make projects, what finds what.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "api/test_given.h"
#include "tests/unit/fault_alloc.h"

enum { GIVENS = 8 };

struct give {
    enum ast_given_kind kind;
    const char *name;
    const char *text;
};

struct given {
    struct facts *facts;
    struct ast_given givens[GIVENS];
    struct diag_list failures;
    bool failed;
    plim_status status;
};

static plim_status give(struct given *out, const plim_allocator *allocator, const struct give *list,
                        size_t count)
{
    assert_true(count <= GIVENS);
    diag_list_init(&out->failures, allocator);
    for (size_t i = 0; i < count; i++) {
        out->givens[i] = (struct ast_given){.kind = list[i].kind,
                                            .name = str_from_cstr(list[i].name),
                                            .text = str_from_cstr(list[i].text),
                                            .next = i + 1 < count ? &out->givens[i + 1] : NULL};
    }
    plim_status status = facts_new(&out->facts, allocator, 0, 3);
    if (status == PLIM_STATUS_OK) {
        status = test_given_read(out->facts, out->givens, &out->failures, &out->failed);
    }
    return status == PLIM_STATUS_OK ? facts_freeze(out->facts) : status;
}

static void release(struct given *given)
{
    facts_free(given->facts);
    diag_list_release(&given->failures);
}

#define GIVE(given, list)                                                                          \
    assert_int_equal(give(&(given), NULL, (list), sizeof(list) / sizeof(list)[0]), PLIM_STATUS_OK)

static uint32_t rows(const struct given *given, enum fact_kind kind)
{
    return given->facts->tables[kind].count;
}

static bool text_is(const struct given *given, enum fact_kind kind, fact_row row, unsigned field,
                    const char *text)
{
    struct str found = facts_get_str(given->facts, kind, row, field);
    if (!str_eq(found, str_from_cstr(text))) {
        printf("found %.*s\n", STR_FMT(found));
        return false;
    }
    return true;
}

/* The variable of a name in a list. */
static fact_row variable(const struct given *given, uint64_t list, const char *name)
{
    for (uint32_t i = 0; i < fact_list_count(list); i++) {
        fact_row row = (fact_row)facts_list_at(given->facts, list, i).value;
        if (str_eq(facts_get_str(given->facts, FACT_KIND_variable, row, FIELD_variable_name),
                   str_from_cstr(name))) {
            return row;
        }
    }
    return FACT_NO_ROW;
}

static void a_base_takes_its_override(void **state)
{
    (void)state;
    static const struct give list[] = {
        {AST_GIVEN_COMPOSE, "compose.override.yaml", "services: {a: {privileged: true}}\n"},
        {AST_GIVEN_COMPOSE, "./compose.yaml", "services: {a: {image: x, privileged: false}}\n"},
        {AST_GIVEN_COMPOSE, "other.yaml", "services: {z: {image: x}}\n"}};
    struct given given = {0};
    GIVE(given, list);
    assert_int_equal(rows(&given, FACT_KIND_compose_project), 1);
    assert_int_equal(rows(&given, FACT_KIND_service), 1);
    assert_int_equal(facts_get(given.facts, FACT_KIND_service, 0, FIELD_service_privileged).value,
                     1);
    assert_int_equal(rows(&given, FACT_KIND_override), 1);
    release(&given);
}

static void another_name_stands_alone(void **state)
{
    (void)state;
    static const struct give list[] = {
        {AST_GIVEN_COMPOSE, "app/stack.yaml",
         "include: [part.yaml]\nservices: {a: {extends: {file: base.yaml, service: b}}}\n"},
        {AST_GIVEN_COMPOSE, "app/part.yaml", "services: {p: {image: x}}\n"},
        {AST_GIVEN_COMPOSE, "app/base.yaml", "services: {b: {image: y}}\n"}};
    struct given given = {0};
    GIVE(given, list);
    assert_int_equal(rows(&given, FACT_KIND_compose_project), 1);
    assert_int_equal(rows(&given, FACT_KIND_service), 2);
    assert_int_equal(rows(&given, FACT_KIND_compose_file), 3);
    release(&given);
}

static void each_directory_is_a_project_unless_it_is_included(void **state)
{
    (void)state;
    static const struct give list[] = {
        {AST_GIVEN_COMPOSE, "a/compose.yaml", "include: [sub/compose.yaml]\n"},
        {AST_GIVEN_COMPOSE, "a/sub/compose.yaml", "services: {s: {image: x}}\n"},
        {AST_GIVEN_COMPOSE, "b/docker-compose.yml", "services: {b: {image: x}}\n"}};
    struct given given = {0};
    GIVE(given, list);
    assert_int_equal(rows(&given, FACT_KIND_compose_project), 2);
    assert_int_equal(rows(&given, FACT_KIND_service), 2);
    release(&given);
}

static void files_beside_are_found(void **state)
{
    (void)state;
    static const struct give list[] = {
        {AST_GIVEN_DOCKERFILE, "app/Dockerfile", "FROM scratch\nCOPY . /\nUSER 5\n"},
        {AST_GIVEN_COMPOSE, "compose.yaml",
         "services:\n  a:\n    build: app\n    env_file: [web.env, no.env]\n"
         "    environment: [A=$V, B=own]\n  b: {image: x, env_file: web.env}\n"},
        {AST_GIVEN_FILE, ".env", "V=1\n"},
        {AST_GIVEN_FILE, "web.env", "B=file\nC=3\n"},
        {AST_GIVEN_FILE, "app/.dockerignore", "*.log\n"},
        {AST_GIVEN_DOCKERFILE, "alone/Dockerfile", "FROM scratch\n"}};
    struct given given = {0};
    GIVE(given, list);
    assert_false(given.failed);
    assert_int_equal(rows(&given, FACT_KIND_dockerfile), 2);
    assert_int_equal(rows(&given, FACT_KIND_ignore_pattern), 1);
    struct fact_cell env = facts_get(given.facts, FACT_KIND_service, 0, FIELD_service_env);
    assert_int_equal(fact_list_count(env.value), 3);
    fact_row c = variable(&given, env.value, "C");
    assert_int_equal(facts_get(given.facts, FACT_KIND_variable, c, FIELD_variable_origin).value,
                     MEMBER_variable_origin_env_file);
    assert_int_equal(facts_get(given.facts, FACT_KIND_variable, c, FIELD_variable_env_file).value,
                     0);
    assert_true(text_is(&given, FACT_KIND_variable, variable(&given, env.value, "B"),
                        FIELD_variable_value, "own"));
    fact_row a = variable(&given, env.value, "A");
    assert_true(text_is(&given, FACT_KIND_variable, a, FIELD_variable_value, "1"));
    assert_int_equal(facts_get(given.facts, FACT_KIND_env_file, 0, FIELD_env_file_given).value, 1);
    assert_int_equal(facts_get(given.facts, FACT_KIND_env_file, 1, FIELD_env_file_given).value, 0);
    struct fact_cell read = facts_get(given.facts, FACT_KIND_env_file, 2, FIELD_env_file_variables);
    assert_int_equal(fact_list_count(read.value), 2);
    release(&given);
}

static void what_loading_leaves_out_is_kept(void **state)
{
    (void)state;
    static const struct give list[] = {
        {AST_GIVEN_COMPOSE, "compose.yaml",
         "x-a: 1\nversion: \"3.8\" # old\nvolumes: {d: }\nservices:\n  a:\n    image: x\n"
         "    volumes: ['${D}:/z', 'd:/d:ro']\n    ports: ['80:90']\n    environment:\n"
         "      A: ${X}\n      B: '${Y:-lit}'\n      C: pre${X}\n"}};
    struct given given = {0};
    GIVE(given, list);
    struct fact_cell version =
        facts_get(given.facts, FACT_KIND_compose_file, 0, FIELD_compose_file_version);
    assert_true(text_is(&given, FACT_KIND_compose_file, 0, FIELD_compose_file_version, "3.8"));
    assert_int_equal(facts_span(given.facts, version.loc).start, 16);
    struct fact_cell keys =
        facts_get(given.facts, FACT_KIND_compose_file, 0, FIELD_compose_file_keys);
    assert_int_equal(fact_list_count(keys.value), 4);
    struct str second = intern_view(&given.facts->strings,
                                    (intern_id)facts_list_at(given.facts, keys.value, 1).value);
    assert_true(str_eq(second, STR("version")));
    /* A path or a volume: nobody knows. */
    assert_int_equal(facts_get(given.facts, FACT_KIND_mount, 0, FIELD_mount_type).state,
                     FACT_UNKNOWN);
    assert_int_equal(facts_get(given.facts, FACT_KIND_mount, 0, FIELD_mount_host_path).state,
                     FACT_UNKNOWN);
    assert_true(text_is(&given, FACT_KIND_mount, 0, FIELD_mount_target, "/z"));
    assert_true(text_is(&given, FACT_KIND_mount, 1, FIELD_mount_text, "d:/d:ro"));
    assert_int_equal(facts_get(given.facts, FACT_KIND_mount, 1, FIELD_mount_quoted).value, 1);
    assert_true(text_is(&given, FACT_KIND_published_port, 0, FIELD_published_port_text, "80:90"));
    struct fact_cell env = facts_get(given.facts, FACT_KIND_service, 0, FIELD_service_env);
    static const char *const names[] = {"A", "B", "C"};
    for (int i = 0; i < 3; i++) {
        fact_row row = variable(&given, env.value, names[i]);
        assert_int_equal(
            facts_get(given.facts, FACT_KIND_variable, row, FIELD_variable_only_reference).value,
            i == 0);
    }
    assert_true(text_is(&given, FACT_KIND_variable, variable(&given, env.value, "B"),
                        FIELD_variable_text, "${Y:-lit}"));
    release(&given);
}

static void what_cannot_be_used_is_told(void **state)
{
    (void)state;
    static const struct give broken[] = {{AST_GIVEN_COMPOSE, "compose.yaml", "services: [\n"}};
    struct given given = {0};
    GIVE(given, broken);
    assert_int_equal(rows(&given, FACT_KIND_compose_project), 1);
    assert_true(rows(&given, FACT_KIND_problem) > 0);
    release(&given);
    static const struct give scan[] = {{AST_GIVEN_SCAN, "scan.json", "{}"}};
    struct given other = {0};
    GIVE(other, scan);
    assert_true(other.failed);
    assert_int_equal(other.failures.count, 1);
    release(&other);
}

static plim_status give_everything(const plim_allocator *allocator, void *user)
{
    (void)user;
    static const struct give list[] = {
        {AST_GIVEN_COMPOSE, "compose.yaml", "services: {a: {build: ., env_file: e}}\n"},
        {AST_GIVEN_FILE, "e", "A=1\n"},
        {AST_GIVEN_DOCKERFILE, "Dockerfile", "FROM a\nCOPY e /\n"},
        {AST_GIVEN_DOCKERFILE, "b/Dockerfile", "FROM a\nCOPY . /\n"}};
    struct given given = {0};
    plim_status status = give(&given, allocator, list, sizeof list / sizeof list[0]);
    release(&given);
    return status;
}

static void failing_allocations_end_in_nomem(void **state)
{
    (void)state;
    fault_alloc_run(give_everything, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_base_takes_its_override),
        cmocka_unit_test(another_name_stands_alone),
        cmocka_unit_test(each_directory_is_a_project_unless_it_is_included),
        cmocka_unit_test(files_beside_are_found),
        cmocka_unit_test(what_loading_leaves_out_is_kept),
        cmocka_unit_test(what_cannot_be_used_is_told),
        cmocka_unit_test(failing_allocations_end_in_nomem),
    };
    return cmocka_run_group_tests_name("given", tests, NULL, NULL);
}
