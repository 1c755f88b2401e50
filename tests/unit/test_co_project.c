/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_project.c - whole projects: files and names, include, extends, env files, limits.
 */
#include "facts/compose/co_project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "co_help.h"
#include "core/alloc.h"
#include "core/buf.h"
#include "facts/compose/co_env.h"
#include "facts/compose/co_files.h"
#include "facts/compose/co_load.h"
#include "fault_alloc.h"

struct project {
    struct co_help help;
    struct co_env env;
    struct co_project loaded;
    plim_status status;
};

/* Reads the first `given` files as -f; all of them can be read beside the project. */
static void load(struct project *project, const plim_allocator *allocator,
                 const struct fake_file *files, size_t count, size_t given)
{
    co_help_init(&project->help, allocator, files, count);
    struct co_run *run = &project->help.run;
    project->status = co_env_init(&project->env, project->help.arena.allocator, 1);
    if (project->status != PLIM_STATUS_OK) {
        return;
    }
    struct co_file *list = ARENA_ARRAY(run->arena, struct co_file, given + 1);
    for (size_t i = 0; list != NULL && i < given; i++) {
        list[i] = (struct co_file){.path = str_from_cstr(files[i].path),
                                   .text = str_from_cstr(files[i].text)};
    }
    project->status = list == NULL
                          ? PLIM_STATUS_NOMEM
                          : co_project_load(&project->loaded, run, list, given, &project->env);
}

static void unload(struct project *project)
{
    co_env_release(&project->env);
    co_help_release(&project->help);
}

#define LOAD(project, files, given)                                                                \
    load(project, NULL, files, sizeof(files) / sizeof((files)[0]), given)

/* Node at a path such as "services/web/image"; NULL when there is none. */
static const struct tree_node *at(const struct project *project, const char *path)
{
    const struct tree_node *node = project->loaded.root;
    struct str rest = str_from_cstr(path);
    while (node != NULL && rest.len > 0) {
        size_t slash = str_find_char(rest, '/', 0);
        node = tree_get(node, str_slice(rest, 0, slash));
        rest = str_slice(rest, slash + 1, rest.len);
    }
    return node;
}

static void check(struct project *project, const char *path, const char *expected)
{
    assert_string_equal(co_help_show(&project->help, at(project, path)), expected);
}

static void check_clean(struct project *project)
{
    assert_string_equal(co_help_diags(&project->help), "");
    assert_int_equal(project->status, PLIM_STATUS_OK);
    assert_false(project->loaded.refused);
}

static void test_names_of_files(void **state)
{
    (void)state;
    const struct str names[] = {STR("docker-compose.yml"), STR("compose.override.yaml"),
                                STR("compose.yml"), STR("docker-compose.override.yml"), STR("x")};
    struct co_found found = co_files_find(names, 5);
    assert_int_equal(found.base, 2);
    assert_int_equal(found.ignored, 0);
    assert_int_equal(found.override, 1);
    found = co_files_find(names, 2);
    assert_int_equal(found.base, 0);
    assert_int_equal(found.ignored, -1);
    found = co_files_find(names + 3, 2);
    assert_int_equal(found.base, -1);
    assert_int_equal(found.override, -1);
    for (size_t i = 0; i < CO_FILES_NAMES; i++) {
        const struct str both[] = {str_from_cstr(co_files_override_names[i]),
                                   str_from_cstr(co_files_base_names[i])};
        found = co_files_find(both, 2);
        assert_int_equal(found.base, 1);
        assert_int_equal(found.override, 0);
    }
    size_t position = 0;
    struct str piece;
    assert_true(co_files_next(STR(":a::b"), ':', &position, &piece));
    assert_true(str_eq(piece, STR("a")));
    assert_true(co_files_next(STR(":a::b"), ':', &position, &piece));
    assert_true(str_eq(piece, STR("b")));
    assert_false(co_files_next(STR(":a::b"), ':', &position, &piece));
    assert_true(str_eq(co_files_directory(STR("a/b/c")), STR("a/b")));
    assert_true(str_eq(co_files_directory(STR("/c")), STR("/")));
    assert_true(str_eq(co_files_directory(STR("c")), STR("")));
    assert_true(str_eq(co_files_base(STR("/a/b/")), STR("b")));
    assert_true(str_eq(co_files_base(STR("..")), STR("")));
    assert_true(str_eq(co_files_base(STR("/")), STR("")));
}

static void test_project_names(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *text;
        const char *option;
        const char *expected;
        const char *diags;
    } cases[] = {
        {"My App/compose.yaml", "services: {}", "", "myapp", ""},
        {"compose.yaml", "services: {}", "", "\xff", ""},
        {"a/compose.yaml", "name: _B.c\nservices: {}", "", "bc", ""},
        {"a/compose.yaml", "name: x-${U:-y}\n---\nname: ''\n", "", "x-y", ""},
        {"a/compose.yaml", "name: x\nservices: {}", "given", "given", ""},
        {"a/compose.yaml", "services: {}", "No", "No",
         "C0210 1:1 `No` cannot be the name of a project\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct fake_file files[] = {{cases[i].path, cases[i].text, 0}};
        struct project project;
        co_help_init(&project.help, NULL, files, 1);
        project.help.options.name = str_from_cstr(cases[i].option);
        assert_int_equal(co_env_init(&project.env, project.help.arena.allocator, 1),
                         PLIM_STATUS_OK);
        const struct co_file file = {str_from_cstr(cases[i].path), str_from_cstr(cases[i].text)};
        assert_int_equal(
            co_project_load(&project.loaded, &project.help.run, &file, 1, &project.env),
            PLIM_STATUS_OK);
        assert_true(str_eq(project.loaded.name, str_from_cstr(cases[i].expected)));
        assert_string_equal(co_help_diags(&project.help), cases[i].diags);
        unload(&project);
    }
}

static void test_files_and_documents_in_order(void **state)
{
    (void)state;
    static const struct fake_file files[] = {
        {"p/a.yaml", "services: {s: {image: a, user: u}}\n---\nservices: {s: {image: b}}\n", 0},
        {"p/b.yaml", "version: '3'\nservices: {s: {image: \"c:${TAG}\", user: !reset x}}\n", 0},
        {"p/.env", "TAG=1\nCOMPOSE_PROFILES=x, y\n", 0}};
    struct project project;
    LOAD(&project, files, 2);
    check(&project, "services/s/image", "c:1<b<a");
    check(&project, "services/s/user", "(none)");
    const struct tree_variable *variable = at(&project, "services/s/image")->variables;
    assert_non_null(variable);
    assert_int_equal(source_locate(&project.help.sources, variable->set.source, 0).line, 1);
    assert_true(
        str_eq(source_get(&project.help.sources, variable->set.source)->name, STR("p/.env")));
    assert_string_equal(co_help_diags(&project.help),
                        "C0211 1:1 `version` is obsolete and ignored\n");
    assert_int_equal(project.loaded.document_count, 3);
    assert_int_equal(project.loaded.documents[1].role, CO_OVERRIDE);
    assert_int_equal(project.loaded.documents[2].role, CO_ENVIRONMENT);
    unload(&project);
}

static void test_include(void **state)
{
    (void)state;
    static const struct fake_file files[] = {
        {"p/compose.yaml",
         "include: [inc/c.yaml, {path: [two/a.yaml, two/b.yaml], project_directory: base}]\n"
         "services: {t: {user: '5'}}\n",
         0},
        {"p/inc/c.yaml",
         "services: {t: {image: \"t:${TAG}\", build: {target: x}, volumes: ['./d:/d'],"
         " environment: [TAG]}}\n",
         0},
        {"p/inc/.env", "TAG=inc\n", 0},
        {"p/two/a.yaml", "services: {u: {image: a, env_file: e.env}}\n", 0},
        {"p/two/b.yaml", "services: {u: {image: b}}\nvolumes: {v: }\n", 0},
        {"p/base/e.env", "E=1\n", 0}};
    struct project project;
    LOAD(&project, files, 1);
    check_clean(&project);
    check(&project, "services/t/image", "t:inc");
    check(&project, "services/t/user", "5");
    check(&project, "services/t/build/context", "p/inc");
    check(&project, "services/t/environment", "{TAG: inc}");
    check(&project, "services/u/image", "b<a");
    check(&project, "services/u/environment", "{E: 1}");
    assert_non_null(at(&project, "volumes/v"));
    const struct tree_node *volume = at(&project, "services/t/volumes")->u.list.items[0];
    assert_true(str_eq(tree_get(volume, STR("source"))->text, STR("p/inc/d")));
    unload(&project);
}

static void test_include_goes_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *diags;
    } cases[] = {
        {"include: x.yaml", "C0208 1:10 `include` is no list\n"},
        {"include: [{project_directory: x}]", "C0208 1:11 an included project has no `path`\n"},
        {"include: [nope.yaml]", "C0204 1:11 p/nope.yaml does not exist\n"},
        {"include: [5]", "C0208 1:11 an included project has no `path`\n"},
        {"include: [{path: [5]}]", "C0208 1:19 the path of an included file is no text\n"},
        {"include: [compose.yaml]", "C0208 1:11 p/compose.yaml includes itself\n"},
        {"include: [b.yaml]", "C0208 1:11 p/compose.yaml includes itself\n"},
        {"include: [{path: ok.yaml, env_file: no.env}]", "C0204 1:37 p/no.env does not exist\n"},
        {"include: [{path: ok.yaml, env_file: {}}]",
         "C0208 1:37 `env_file` of an included project is neither text nor list\n"},
        {"include: ['https://a/b']",
         "C0212 1:11 https://a/b is not on this machine and is not fetched\n"},
        {"include: ['${U}']",
         "C0212 1:11 what is included here depends on a variable without value\n"},
        {"include: [{path: ok.yaml, env_file: /dev/null}]", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[300];
        (void)snprintf(text, sizeof text, "%s\nservices: {s: {image: a}}\n", cases[i].text);
        const struct fake_file files[] = {{"p/compose.yaml", text, 0},
                                          {"p/b.yaml", "include: [compose.yaml]", 0},
                                          {"p/ok.yaml", "services: {t: {image: b}}", 0}};
        struct project project;
        LOAD(&project, files, 1);
        const char *diags = co_help_diags(&project.help);
        assert_int_equal(strncmp(diags, cases[i].diags, strlen(cases[i].diags)), 0);
        check(&project, "services/s/image", "a"); /* the rest is read all the same */
        unload(&project);
    }
}

static void test_extends(void **state)
{
    (void)state;
    static const struct fake_file files[] = {
        {"p/compose.yaml",
         "services:\n"
         "  s: {extends: {service: m, file: lib/m.yaml}, cap_add: [S], user: !reset x}\n"
         "  a: {extends: b, image: a}\n"
         "  b: {image: b, environment: {A: 1}, ports: ['80']}\n"
         "  c: {extends: a, environment: [A=2], ports: !override ['81']}\n",
         0},
        {"p/lib/m.yaml",
         "services: {m: {extends: {service: b, file: ../b.yaml}, cap_add: [M], build: ctx}}\n", 0},
        {"p/b.yaml", "services: {b: {image: i, user: u, cap_add: [B], env_file: e}}\nfoo: 1\n", 0},
        {"p/e", "X=1\n", 0}};
    struct project project;
    LOAD(&project, files, 1);
    check_clean(&project);
    check(&project, "services/s/cap_add", "[B, M, S]");
    check(&project, "services/s/user", "(none)");
    check(&project, "services/s/extends", "(none)");
    check(&project, "services/s/build/context", "p/lib/ctx");
    check(&project, "services/s/environment", "{X: 1}");
    check(&project, "services/a/image", "a<b");
    check(&project, "services/c/image", "a<b");
    check(&project, "services/c/environment", "{A: 2<1}");
    assert_int_equal(at(&project, "services/c/ports")->u.list.count, 1);
    assert_int_equal(project.loaded.document_count, 4);
    unload(&project);
}

static void test_extends_goes_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *service;
        const char *diags;
    } cases[] = {
        {"{image: a, extends: t}",
         "C0207 1:35 service `s` extends `t`, which is not in p/c.yaml\n"},
        {"{image: a, extends: s}",
         "C0207 1:35 services extend each other in a circle: s in p/c.yaml -> s\n"},
        {"{image: a, extends: {file: no.yaml, service: b}}",
         "C0204 1:42 p/no.yaml does not exist\n"},
        {"{image: a, extends: {file: b.yaml, service: x}}",
         "C0207 1:59 service `s` extends `x`, which is not in p/b.yaml\n"},
        {"{image: a, extends: {file: b.yaml, service: b}}",
         "C0207 1:59 services extend each other in a circle: b in p/b.yaml -> s in p/c.yaml -> "
         "b\n"},
        {"{image: a, extends: {file: b.yaml}}",
         "C0207 1:35 service `s` cannot be extended: `extends` names no service\n"},
        {"{image: a, extends: '${U}'}",
         "C0212 1:35 what service `s` extends depends on a variable without value\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[300];
        (void)snprintf(text, sizeof text, "services: {s: %s}\n", cases[i].service);
        const struct fake_file files[] = {
            {"p/c.yaml", text, 0},
            {"p/b.yaml", "services: {b: {image: b, extends: {file: c.yaml, service: s}}}", 0}};
        struct project project;
        LOAD(&project, files, 1);
        assert_string_equal(co_help_diags(&project.help), cases[i].diags);
        check(&project, "services/s/image", i == 4 ? "a<b<a" : "a");
        unload(&project);
    }
}

static void test_given_env_files(void **state)
{
    (void)state;
    static const struct fake_file files[] = {
        {"p/c.yaml", "services: {s: {image: \"a:${A}-${B}\"}}", 0},
        {"p/.env", "A=no\n", 0},
        {"one", "A=1\nB=1\n", 0},
        {"two", "B=2\n", 0}};
    const struct str given[] = {STR("one"), STR("two"), STR("three")};
    for (size_t count = 0; count <= 3; count++) {
        struct project project;
        co_help_init(&project.help, NULL, files, 4);
        project.help.options.env_files = given;
        project.help.options.env_file_count = count;
        project.help.options.without_dotenv = count == 2;
        assert_int_equal(co_env_init(&project.env, project.help.arena.allocator, 1),
                         PLIM_STATUS_OK);
        const struct co_file file = {STR("p/c.yaml"), str_from_cstr(files[0].text)};
        assert_int_equal(
            co_project_load(&project.loaded, &project.help.run, &file, 1, &project.env),
            PLIM_STATUS_OK);
        static const char *const images[] = {"a:no-<?>", "a:1-1", "a:<?>-<?>", "a:1-2"};
        check(&project, "services/s/image", images[count]);
        assert_int_equal(project.loaded.refused, count == 3);
        unload(&project);
    }
}

static void test_env_files(void **state)
{
    (void)state;
    static const struct fake_file files[] = {
        {"p/compose.yaml",
         "services:\n"
         "  s:\n"
         "    image: a\n"
         "    env_file: [one.env, {path: two.env, format: raw}, {path: no.env, required: false}]\n"
         "    environment: {A: own, BARE: , D: x}\n"
         "    label_file: l.env\n"
         "    labels: {L: own}\n",
         0},
        {"p/one.env", "A=1\nB=1\nC=$D\nBARE=file\n", 0},
        {"p/two.env", "B='2'\n", 0},
        {"p/l.env", "L=1\nM=2\n", 0}};
    struct project project;
    LOAD(&project, files, 1);
    check_clean(&project);
    check(&project, "services/s/environment", "{A: own<1, B: '2', C: x, BARE: null<file, D: x}");
    check(&project, "services/s/labels", "{L: own<1, M: 2}");
    const struct tree_node *value = at(&project, "services/s/environment/B");
    assert_true(
        str_eq(source_get(&project.help.sources, value->span.source)->name, STR("p/two.env")));
    unload(&project);
}

static void test_env_files_are_shared(void **state)
{
    (void)state;
    static const struct fake_file files[] = {
        {"p/compose.yaml",
         "services:\n"
         "  s: {image: a, env_file: e, environment: {B: s}}\n"
         "  t: {image: a, env_file: [./e], environment: {B: t}}\n",
         0},
        {"p/e", "A=$B\n", 0}};
    struct project project;
    LOAD(&project, files, 1);
    check_clean(&project);
    check(&project, "services/s/environment", "{A: s, B: s}");
    check(&project, "services/t/environment", "{A: t, B: t}");
    assert_int_equal(project.loaded.document_count, 2);
    assert_int_equal(at(&project, "services/s/environment/A")->span.source,
                     at(&project, "services/t/environment/A")->span.source);
    unload(&project);
}

static void test_env_files_go_wrong(void **state)
{
    (void)state;
    static const struct fake_file files[] = {
        {"p/compose.yaml",
         "services:\n"
         "  s:\n"
         "    image: a\n"
         "    env_file: [no.env, bad.env, {path: bad.env, format: json}, '${U}.env']\n",
         0},
        {"p/bad.env", "A B=1\n", 0}};
    struct project project;
    LOAD(&project, files, 1);
    const char *diags = co_help_diags(&project.help);
    assert_non_null(strstr(diags, "C0204 4:16 p/no.env does not exist\n"));
    assert_non_null(strstr(diags, "C0209 4:57 `json` is no format of an env file\n"));
    assert_non_null(strstr(diags, "C0209 1:1 "));
    assert_non_null(strstr(diags, "C0212 4:64 which file is read here depends on"));
    assert_true(project.loaded.refused);
    unload(&project);
}

static void test_files_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *diags;
        plim_status status;
    } cases[] = {
        {"\n", "C0205 1:1 the compose file is empty\n", PLIM_STATUS_INPUT},
        {"{}", "C0205 1:1 the compose file is empty\n", PLIM_STATUS_INPUT},
        {"- a\n", "C0205 1:1 the file is a list, not a mapping\n", PLIM_STATUS_INPUT},
        {"services: {'on': {image: a}, on: {image: a}}\n", "Y0201", PLIM_STATUS_INPUT},
        {"services: {1: {image: a}, \"2\": {image: a}, on: {image: a}}\n",
         "C0206 1:12 the key `1` is a number, not a text\n", PLIM_STATUS_OK},
        {"services: [", "Y0101", PLIM_STATUS_INPUT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct fake_file files[] = {{"p/compose.yaml", cases[i].text, 0}};
        struct project project;
        LOAD(&project, files, 1);
        const char *diags = co_help_diags(&project.help);
        assert_int_equal(strncmp(diags, cases[i].diags, strlen(cases[i].diags)), 0);
        assert_int_equal(project.status, cases[i].status);
        assert_true(project.loaded.refused);
        unload(&project);
    }
}

static void test_chains_are_limited(void **state)
{
    (void)state;
    for (unsigned count = CO_MAX_EXTENDS_DEPTH - 1; count <= CO_MAX_EXTENDS_DEPTH + 1; count++) {
        struct buf text;
        buf_init(&text, alloc_or_default(NULL), 1 << 20);
        buf_append_cstr(&text, "services:\n");
        for (unsigned i = 0; i < count; i++) {
            buf_printf(&text, "  s%u: {extends: s%u}\n", i, i + 1);
        }
        buf_printf(&text, "  s%u: {image: a}\n", count);
        const struct fake_file files[] = {{"p/c.yaml", text.data, 0}};
        struct project project;
        LOAD(&project, files, 1);
        bool fits = count <= CO_MAX_EXTENDS_DEPTH;
        assert_int_equal(project.status, fits ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        /* Not as text: the arena that would hold it is closed. */
        assert_int_equal(project.help.diags.errors, fits ? 0 : 1);
        assert_true(fits || project.help.diags.items[0]->id == DIAG_compose_limit);
        unload(&project);
        buf_release(&text);
    }
}

enum { DEEPEST = CO_MAX_INCLUDE_DEPTH + 1 };

static void test_includes_are_limited(void **state)
{
    (void)state;
    static char paths[DEEPEST + 1][16];
    static char texts[DEEPEST + 1][80];
    for (size_t depth = CO_MAX_INCLUDE_DEPTH - 1; depth <= DEEPEST; depth++) {
        struct fake_file files[DEEPEST + 1];
        for (size_t i = 0; i <= depth; i++) {
            (void)snprintf(paths[i], sizeof paths[i], "p/f%zu", i);
            (void)snprintf(texts[i], sizeof texts[i],
                           i < depth ? "include: [f%zu]\nservices: {s%zu: {image: a}}"
                                     : "services: {t%zu: {image: a}, u%zu: {image: a}}",
                           i + 1, i);
            files[i] = (struct fake_file){paths[i], texts[i], 0};
        }
        struct project project;
        load(&project, NULL, files, depth + 1, 1);
        bool fits = depth <= CO_MAX_INCLUDE_DEPTH;
        assert_int_equal(project.status, fits ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        unload(&project);
    }
}

static void test_environments_are_limited(void **state)
{
    (void)state;
    for (unsigned count = CO_MAX_ENVIRONMENTS - 1; count <= CO_MAX_ENVIRONMENTS + 1; count++) {
        struct buf text;
        buf_init(&text, alloc_or_default(NULL), 1 << 20);
        buf_append_cstr(&text, "include: [");
        for (unsigned i = 0; i < count; i++) {
            buf_append_cstr(&text, "a,");
        }
        buf_append_cstr(&text, "]\n");
        const struct fake_file files[] = {{"p/c.yaml", text.data, 0},
                                          {"p/a", "services: {s: {image: a}}", 0}};
        struct project project;
        LOAD(&project, files, 1);
        bool fits = count <= CO_MAX_ENVIRONMENTS;
        assert_int_equal(project.status, fits ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        unload(&project);
        buf_release(&text);
    }
}

/* A project of `count` files of one service each. */
static plim_status load_many(unsigned count)
{
    struct co_help help;
    struct co_env env;
    struct co_project project;
    co_help_init(&help, NULL, NULL, 0);
    assert_int_equal(co_env_init(&env, help.arena.allocator, 1), PLIM_STATUS_OK);
    struct co_file *files = ARENA_ARRAY(&help.arena, struct co_file, count);
    for (unsigned i = 0; i < count; i++) {
        char text[100];
        (void)snprintf(text, sizeof text, "services: {s%u: {image: a}, all: {image: i%u}}", i, i);
        files[i] =
            (struct co_file){STR("p/c.yaml"), arena_copy_str(&help.arena, str_from_cstr(text))};
    }
    plim_status status = co_project_load(&project, &help.run, files, count, &env);
    if (status == PLIM_STATUS_OK) {
        assert_int_equal(tree_get(project.root, STR("services"))->u.map.count, count + 1);
    }
    co_env_release(&env);
    co_help_release(&help);
    return status;
}

static void test_many_files(void **state)
{
    (void)state;
    assert_int_equal(load_many(1000), PLIM_STATUS_OK);
    assert_int_equal(load_many(CO_MAX_FILES - 1), PLIM_STATUS_OK);
    assert_int_equal(load_many(CO_MAX_FILES), PLIM_STATUS_OK);
    assert_int_equal(load_many(CO_MAX_FILES + 1), PLIM_STATUS_LIMIT);
}

static plim_status project_scenario(const plim_allocator *allocator, void *user)
{
    (void)user;
    static const struct fake_file files[] = {
        {"p/compose.yaml",
         "include: [i.yaml]\n"
         "services: {s: {extends: {file: b.yaml, service: b}, env_file: e, environment: [A]}}\n",
         0},
        {"p/o.yaml", "services: {s: {image: \"b:${T}\", user: !reset x}}\n", 0},
        {"p/i.yaml", "services: {t: {build: ., depends_on: [s]}}\n", 0},
        {"p/b.yaml", "services: {b: {image: b, user: u, ports: ['80:80']}}\n", 0},
        {"p/e", "A=1\nB=$C\n", 0},
        {"p/.env", "T=1\n", 0}};
    struct project project;
    load(&project, allocator, files, 6, 2);
    plim_status status = project.status;
    if (status == PLIM_STATUS_OK) {
        status = source_set_status(&project.help.sources);
    }
    unload(&project);
    return status;
}

static void test_out_of_memory(void **state)
{
    (void)state;
    fault_alloc_run(project_scenario, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_files),
        cmocka_unit_test(test_project_names),
        cmocka_unit_test(test_files_and_documents_in_order),
        cmocka_unit_test(test_include),
        cmocka_unit_test(test_include_goes_wrong),
        cmocka_unit_test(test_extends),
        cmocka_unit_test(test_extends_goes_wrong),
        cmocka_unit_test(test_given_env_files),
        cmocka_unit_test(test_env_files),
        cmocka_unit_test(test_env_files_are_shared),
        cmocka_unit_test(test_env_files_go_wrong),
        cmocka_unit_test(test_files_that_are_none),
        cmocka_unit_test(test_chains_are_limited),
        cmocka_unit_test(test_includes_are_limited),
        cmocka_unit_test(test_environments_are_limited),
        cmocka_unit_test(test_many_files),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
