/* SPDX-License-Identifier: Apache-2.0
 *
 * test_module.c - order, look-up, paths, cycles, caps and failing allocations of
 * compiler/module.c.
 */
#include "compiler/module.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/parse.h"
#include "tests/unit/fault_alloc.h"

struct file {
    const char *path;
    const char *text;
};

struct fixture {
    struct source_set sources;
    struct diag_list diags;
    struct arena arena;
    struct ast_module *modules;
    plim_status status;
};

/* Files end with a row without a path. */
static plim_status read_file(void *user, struct str path, struct buf *out)
{
    for (const struct file *file = user; file->path != NULL; file++) {
        if (str_eq(str_from_cstr(file->path), path)) {
            buf_append_cstr(out, file->text);
            return PLIM_STATUS_OK;
        }
    }
    return PLIM_STATUS_NOT_FOUND;
}

static void load(struct fixture *fixture, const struct module_input *inputs, size_t count,
                 module_read *read, void *user, const plim_allocator *allocator)
{
    *fixture = (struct fixture){.status = PLIM_STATUS_OK};
    source_set_init(&fixture->sources, allocator);
    diag_list_init(&fixture->diags, allocator);
    diag_list_set_sources(&fixture->diags, &fixture->sources);
    arena_init(&fixture->arena, allocator, 0);
    struct module_request request = {.arena = &fixture->arena,
                                     .sources = &fixture->sources,
                                     .diags = &fixture->diags,
                                     .inputs = inputs,
                                     .input_count = count,
                                     .read = read,
                                     .user = user};
    fixture->status = module_load(&fixture->modules, &request);
}

static void release(struct fixture *fixture)
{
    arena_release(&fixture->arena);
    diag_list_release(&fixture->diags);
    source_set_release(&fixture->sources);
}

/* Paths of the loaded modules in order, blank between them. */
static void assert_order(const struct fixture *fixture, const char *expected)
{
    struct buf order;
    buf_init(&order, NULL, 4096);
    for (const struct ast_module *module = fixture->modules; module != NULL;
         module = module->next) {
        buf_append(&order, module->path);
        buf_append_cstr(&order, module->next != NULL ? " " : "");
    }
    assert_string_equal(order.len > 0 ? order.data : "", expected);
    buf_release(&order);
}

static void imported_modules_come_first(void **state)
{
    (void)state;
    const struct module_input inputs[] = {{STR("a.plim"), STR("import lib/c\nimport b\n")},
                                          {STR("./b.plim"), STR("import lib/c\n")},
                                          {STR("d"), STR("")}};
    struct file files[] = {{"lib/c", "import lib/e"}, {"lib/e", ""}, {NULL, NULL}};
    struct fixture fixture;
    load(&fixture, inputs, 3, read_file, files, NULL);
    assert_int_equal(fixture.status, PLIM_STATUS_OK);
    assert_int_equal(fixture.diags.errors, 0);
    assert_order(&fixture, "lib/e lib/c b a d");
    const struct ast_module *c = fixture.modules->next;
    assert_ptr_equal(c->imports->target, fixture.modules);
    release(&fixture);
}

static void inputs_are_found_by_the_end_of_their_path(void **state)
{
    (void)state;
    const struct module_input inputs[] = {{STR("policies/x/a.plim"), STR("import lib/b\n")},
                                          {STR("policies/lib/b.plim"), STR("")}};
    struct fixture fixture;
    load(&fixture, inputs, 2, NULL, NULL, NULL);
    assert_int_equal(fixture.diags.errors, 0);
    assert_order(&fixture, "policies/lib/b policies/x/a");
    release(&fixture);
    const struct module_input two[] = {{STR("p/a.plim"), STR("import b\n")},
                                       {STR("p/b.plim"), STR("")},
                                       {STR("q/b.plim"), STR("")}};
    load(&fixture, two, 3, NULL, NULL, NULL);
    assert_int_equal(fixture.diags.errors, 1);
    assert_int_equal(fixture.diags.items[0]->id, DIAG_module_missing);
    release(&fixture);
}

struct fault_row {
    const char *import;
    enum diag_id id;
};

static const struct fault_row faults[] = {
    {"../etc/passwd", DIAG_module_path},
    {"/etc/passwd", DIAG_module_path},
    {"a/../../b", DIAG_module_path},
    {"a//b", DIAG_module_path},
    {"a/", DIAG_module_path},
    {"./a", DIAG_module_path},
    {"..", DIAG_module_path},
    {"\"a\"", DIAG_module_path},
    {"a\\b", DIAG_module_path},
    {"a:b", DIAG_module_path},
    {"missing", DIAG_module_missing},
    {"missing.plim", DIAG_module_missing},
    {"main", DIAG_module_cycle},
};

static void bad_imports_are_located(void **state)
{
    (void)state;
    struct file none[] = {{NULL, NULL}};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct buf text;
        buf_init(&text, NULL, 4096);
        buf_printf(&text, "import %s\nlist l = [\"x\"]\n", faults[i].import);
        const struct module_input input = {STR("main.plim"), buf_view(&text)};
        struct fixture fixture;
        load(&fixture, &input, 1, read_file, none, NULL);
        assert_int_equal(fixture.status, PLIM_STATUS_OK);
        assert_int_equal(fixture.diags.errors, 1);
        assert_int_equal(fixture.diags.items[0]->id, faults[i].id);
        assert_int_equal(fixture.diags.items[0]->span.start, 7);
        assert_int_equal(fixture.diags.items[0]->span.end, 7 + strlen(faults[i].import));
        assert_null(fixture.modules->imports->target);
        assert_non_null(fixture.modules->lists);
        release(&fixture);
        buf_release(&text);
    }
    const struct module_input nul = {STR("main.plim"), STR("import a\0b\n")};
    struct fixture fixture;
    load(&fixture, &nul, 1, read_file, none, NULL);
    assert_int_equal(fixture.diags.items[0]->id, DIAG_module_path);
    release(&fixture);
}

static void cycles_print_their_path(void **state)
{
    (void)state;
    const struct module_input input = {STR("a.plim"), STR("import b")};
    struct file files[] = {{"b", "import c"}, {"c", "import b"}, {NULL, NULL}};
    struct fixture fixture;
    load(&fixture, &input, 1, read_file, files, NULL);
    assert_int_equal(fixture.diags.errors, 1);
    assert_int_equal(fixture.diags.items[0]->id, DIAG_module_cycle);
    assert_string_equal(fixture.diags.items[0]->notes->text.ptr, "b -> c -> b");
    assert_order(&fixture, "c b a");
    release(&fixture);
}

/* `m12` imports `m13`, and so on, or `main` imports all; `*user` is the number of the last one. */
static plim_status read_numbered(void *user, struct str path, struct buf *out)
{
    unsigned long long number = 0;
    if (!str_to_u64(str_slice(path, 1, path.len), &number)) {
        return PLIM_STATUS_NOT_FOUND;
    }
    const unsigned *last = user;
    if (path.ptr[0] == 'm' && number < *last) {
        buf_printf(out, "import m%llu\n", number + 1);
    }
    return PLIM_STATUS_OK;
}

static size_t errors_of_chain(unsigned last)
{
    const struct module_input input = {STR("main.plim"), STR("import m1")};
    struct fixture fixture;
    load(&fixture, &input, 1, read_numbered, &last, NULL);
    assert_int_equal(fixture.status, PLIM_STATUS_OK);
    size_t errors = fixture.diags.errors;
    assert_true(errors == 0 || fixture.diags.items[0]->id == DIAG_module_limit);
    release(&fixture);
    return errors;
}

static size_t errors_of_star(unsigned count)
{
    struct buf text;
    buf_init(&text, NULL, 1 << 16);
    for (unsigned i = 0; i < count; i++) {
        buf_printf(&text, "import s%u\n", i);
    }
    const struct module_input input = {STR("main.plim"), buf_view(&text)};
    struct fixture fixture;
    load(&fixture, &input, 1, read_numbered, &count, NULL);
    size_t errors = fixture.diags.errors;
    assert_true(errors == 0 || fixture.diags.items[0]->id == DIAG_module_limit);
    release(&fixture);
    buf_release(&text);
    return errors;
}

static void imports_are_limited(void **state)
{
    (void)state;
    assert_int_equal(errors_of_chain(MODULE_MAX_DEPTH - 1), 0);
    assert_int_equal(errors_of_chain(MODULE_MAX_DEPTH), 0);
    assert_int_equal(errors_of_chain(MODULE_MAX_DEPTH + 1), 1);
    assert_int_equal(errors_of_star(MODULE_MAX_COUNT - 1), 0);
    assert_int_equal(errors_of_star(MODULE_MAX_COUNT), 0);
    assert_int_equal(errors_of_star(MODULE_MAX_COUNT + 1), 1);
    assert_int_equal(errors_of_star(MODULE_MAX_COUNT + 40), 40);
}

static plim_status read_broken(void *user, struct str path, struct buf *out)
{
    (void)path;
    const plim_status *status = user;
    if (*status == PLIM_STATUS_OK) {
        for (size_t i = 0; i <= PARSE_MAX_BYTES; i++) {
            buf_append_char(out, ' ');
        }
    }
    return *status;
}

static void failing_readers_are_reported(void **state)
{
    (void)state;
    static const struct {
        plim_status status;
        enum diag_id id;
    } rows[] = {{PLIM_STATUS_IO, DIAG_module_missing},
                {PLIM_STATUS_INPUT, DIAG_module_missing},
                {PLIM_STATUS_LIMIT, DIAG_module_limit},
                {PLIM_STATUS_OK, DIAG_module_limit}};
    const struct module_input input = {STR("main.plim"), STR("import big\n")};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        plim_status status = rows[i].status;
        struct fixture fixture;
        load(&fixture, &input, 1, read_broken, &status, NULL);
        assert_int_equal(fixture.status, PLIM_STATUS_OK);
        assert_int_equal(fixture.diags.errors, 1);
        assert_int_equal(fixture.diags.items[0]->id, rows[i].id);
        release(&fixture);
    }
    plim_status nomem = PLIM_STATUS_NOMEM;
    struct fixture fixture;
    load(&fixture, &input, 1, read_broken, &nomem, NULL);
    assert_int_equal(fixture.status, PLIM_STATUS_NOMEM);
    assert_null(fixture.modules);
    release(&fixture);
}

static plim_status load_pack(const plim_allocator *allocator, void *user)
{
    const struct module_input inputs[] = {
        {STR("a.plim"), STR("import b\nimport c\nimport ../x\nlist l = [\"x\"]\n")},
        {STR("c.plim"), STR("import b\nimport a\nimport d\nrule r { for }\n")}};
    struct fixture fixture;
    load(&fixture, inputs, 2, read_file, user, allocator);
    plim_status status = fixture.status;
    if (status == PLIM_STATUS_OK) {
        status = diag_list_status(&fixture.diags);
    }
    release(&fixture);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    struct file files[] = {{"b", "list b = [\"y\"]\n"}, {NULL, NULL}};
    fault_alloc_run(load_pack, files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imported_modules_come_first),
        cmocka_unit_test(inputs_are_found_by_the_end_of_their_path),
        cmocka_unit_test(bad_imports_are_located),
        cmocka_unit_test(cycles_print_their_path),
        cmocka_unit_test(imports_are_limited),
        cmocka_unit_test(failing_readers_are_reported),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("module", tests, NULL, NULL);
}
