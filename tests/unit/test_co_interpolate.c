/* SPDX-License-Identifier: Apache-2.0
 *
 * test_co_interpolate.c - variables and casts of whole documents: what changes, what is shared,
 * what is told, and the limits.
 */
#include "facts/compose/co_interpolate.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "co_help.h"
#include "core/alloc.h"
#include "facts/compose/co_path.h"
#include "fault_alloc.h"

struct fixture {
    struct co_help help;
    struct co_template template;
    struct co_env env;
    struct co_scope scope;
};

static void put(struct co_env *env, const char *name, const char *value)
{
    struct co_variable variable = {.name = str_from_cstr(name),
                                   .value = str_from_cstr(value),
                                   .set = {SOURCE_NONE, 0, 0},
                                   .value_at = {SOURCE_NONE, 0, 0},
                                   .rank = CO_RANK_GIVEN};
    co_env_put(env, &variable);
}

static void set_up(struct fixture *f, const plim_allocator *allocator, enum co_unset unset)
{
    co_help_init(&f->help, allocator, NULL, 0);
    co_template_init(&f->template, &f->help.arena, unset);
    f->scope = (struct co_scope){0};
    if (co_env_init(&f->env, alloc_or_default(allocator), 1) == PLIM_STATUS_OK) {
        put(&f->env, "YES", "yes");
        put(&f->env, "NAME", "web-1");
        put(&f->env, "EMPTY", "");
        f->scope.env = &f->env;
    }
}

static void tear_down(struct fixture *f)
{
    co_env_release(&f->env);
    co_template_release(&f->template);
    co_help_release(&f->help);
}

static const struct tree_node *run(struct fixture *f, const char *text)
{
    const struct tree_node *root = co_help_read(&f->help, "compose.yaml", text);
    return root == NULL ? NULL
                        : co_interpolate(&f->help.run, root, co_type_root(), &f->template,
                                         f->scope.env != NULL ? &f->scope : NULL);
}

static void expect(enum co_unset unset, const char *text, const char *tree, const char *diags)
{
    struct fixture f;
    set_up(&f, NULL, unset);
    const struct tree_node *root = run(&f, text);
    const char *shown = co_help_show(&f.help, root);
    const char *told = co_help_diags(&f.help);
    if (strcmp(shown, tree) != 0 || strcmp(told, diags) != 0) {
        fail_msg("%s\nis %s\nsaid %s", text, shown, told);
    }
    bool errors = f.help.diags.errors > 0;
    assert_int_equal(f.help.run.refused, errors);
    tear_down(&f);
}

static void test_values_are_expanded_keys_are_not(void **state)
{
    (void)state;
    expect(CO_UNSET_HOLE, "services: {\"${NAME}\": {image: \"a:${NAME}\", command: [x, $NAME]}}",
           "{services: {${NAME}: {image: a:web-1, command: [x, web-1]}}}", "");
    expect(CO_UNSET_HOLE, "x-a: {b: ['$NAME', $$NAME, 1, null]}",
           "{x-a: {b: [web-1, $NAME, 1, null]}}", "");
    expect(CO_UNSET_HOLE, "frob: {b: $NAME}", "{frob: {b: web-1}}", "");
}

static void test_unset_variables(void **state)
{
    (void)state;
    expect(CO_UNSET_HOLE, "services: {web: {image: \"a:${TAG}\", privileged: $P}}",
           "{services: {web: {image: a:<?>, privileged: <?>}}}", "");
    expect(CO_UNSET_EMPTY, "services: {web: {image: \"a:${TAG}\"}}",
           "{services: {web: {image: a:}}}",
           "C0103 1:28 the variable TAG is not set: it stands for nothing\n");
    expect(CO_UNSET_EMPTY, "services: {web: {image: \"a:${TAG-1}${TAG:+x}${EMPTY}\"}}",
           "{services: {web: {image: a:1}}}", "");
}

static const struct tree_node *value_of(const struct tree_node *root, const char *key)
{
    const struct tree_node *web = tree_get(tree_get(root, STR("services")), STR("web"));
    const struct tree_node *value = tree_get(web, str_from_cstr(key));
    assert_non_null(value);
    return value;
}

static void test_casts(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, NULL, CO_UNSET_HOLE);
    const struct tree_node *root =
        run(&f, "services:\n"
                "  web: {privileged: \"true\", tty: '$YES', scale: '3', cpus: '0.5', init: false,\n"
                "        read_only: $RO, user: '5', ports: [{target: '80', published: '90'}],\n"
                "        ulimits: {nofile: '5', nproc: {soft: '1', hard: 2}}}");
    assert_non_null(root);
    assert_true(tree_is(value_of(root, "privileged"), TREE_BOOL));
    assert_true(value_of(root, "privileged")->u.boolean);
    assert_true(tree_is(value_of(root, "tty"), TREE_BOOL));
    assert_non_null(value_of(root, "tty")->variables);
    assert_true(tree_is(value_of(root, "scale"), TREE_INT));
    assert_int_equal(value_of(root, "scale")->u.integer, 3);
    assert_true(tree_is(value_of(root, "cpus"), TREE_FLOAT));
    assert_true(tree_is(value_of(root, "init"), TREE_BOOL));
    assert_true(tree_is(value_of(root, "read_only"), TREE_STRING));
    assert_true(tree_has_holes(value_of(root, "read_only")));
    assert_true(tree_is(value_of(root, "user"), TREE_STRING));
    const struct tree_node *port = value_of(root, "ports")->u.list.items[0];
    assert_true(tree_is(tree_get(port, STR("target")), TREE_INT));
    assert_true(tree_is(tree_get(port, STR("published")), TREE_STRING));
    const struct tree_node *limits = value_of(root, "ulimits");
    assert_true(tree_is(tree_get(limits, STR("nofile")), TREE_INT));
    assert_true(tree_is(tree_get(tree_get(limits, STR("nproc")), STR("soft")), TREE_INT));
    assert_string_equal(co_help_diags(&f.help),
                        "C0105 2:34 services.web.tty: `yes` is a text; Compose takes it for true, "
                        "but warns\n");
    tear_down(&f);
}

static void test_what_needs_nothing_is_shared(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, NULL, CO_UNSET_HOLE);
    const char *text = "services:\n"
                       "  web: {image: a, privileged: true, ports: [80, '81:81']}\n"
                       "  db: {image: $NAME, labels: {a: b}}\n";
    const struct tree_node *before = co_help_read(&f.help, "compose.yaml", text);
    const struct tree_node *after =
        co_interpolate(&f.help.run, before, co_type_root(), &f.template, &f.scope);
    const struct tree_node *old_services = tree_get(before, STR("services"));
    const struct tree_node *new_services = tree_get(after, STR("services"));
    assert_ptr_not_equal(old_services, new_services);
    assert_ptr_equal(tree_get(old_services, STR("web")), tree_get(new_services, STR("web")));
    const struct tree_node *old_db = tree_get(old_services, STR("db"));
    const struct tree_node *new_db = tree_get(new_services, STR("db"));
    assert_ptr_equal(tree_get(old_db, STR("labels")), tree_get(new_db, STR("labels")));
    assert_true(str_eq(tree_get(old_db, STR("image"))->text, STR("$NAME")));
    const struct tree_node *again =
        co_interpolate(&f.help.run, after, co_type_root(), &f.template, &f.scope);
    assert_ptr_equal(after, again);
    tear_down(&f);
}

static void test_mistakes_become_unknown(void **state)
{
    (void)state;
    expect(CO_UNSET_HOLE, "services: {web: {image: \"${}\", privileged: maybe, scale: ''}}",
           "{services: {web: {image: <?>, privileged: <?>, scale: <?>}}}",
           "C0101 1:26 services.web.image: \"${}\" is no variable: a name of letters, digits and _ "
           "must follow ${\n"
           "C0104 1:44 services.web.privileged must be a boolean, not the text \"maybe\"\n"
           "C0104 1:58 services.web.scale must be a whole number, but the text is empty\n");
    expect(CO_UNSET_HOLE, "services: {web: {command: [a, \"${EMPTY:?set it}\"]}}",
           "{services: {web: {command: [a, <?>]}}}",
           "C0102 1:32 services.web.command[1]: the variable EMPTY needs a value: set it\n");
    expect(CO_UNSET_HOLE, "networks: {a: {external: b}}\nservices: {w: {ulimits: {n: x}}}",
           "{networks: {a: {external: <?>}}, services: {w: {ulimits: {n: <?>}}}}",
           "C0104 1:26 networks.a.external must be a boolean, not the text \"b\"\n"
           "C0104 2:29 services.w.ulimits.n must be a whole number or mapping, not the text "
           "\"x\"\n");
}

/* Lists inside each other, `depth` of them, around a text. */
static const struct tree_node *nested(struct arena *arena, size_t depth)
{
    static const struct span nowhere = {SOURCE_NONE, 0, 0};
    const struct tree_node *node = tree_new(arena, TREE_STRING, nowhere, STR("$NAME"));
    for (size_t i = 0; i < depth; i++) {
        const struct tree_node **item = ARENA_ARRAY(arena, const struct tree_node *, 1);
        assert_non_null(item);
        item[0] = node;
        node = tree_new_list(arena, nowhere, item, 1);
    }
    return node;
}

static void test_depth_is_limited(void **state)
{
    (void)state;
    size_t depths[] = {CO_PATH_MAX_DEPTH - 1, CO_PATH_MAX_DEPTH, CO_PATH_MAX_DEPTH + 1};
    for (size_t i = 0; i < 3; i++) {
        struct fixture f;
        set_up(&f, NULL, CO_UNSET_HOLE);
        const struct tree_node *root = co_interpolate(&f.help.run, nested(&f.help.arena, depths[i]),
                                                      co_type_any(), &f.template, &f.scope);
        assert_int_equal(root != NULL, depths[i] <= CO_PATH_MAX_DEPTH);
        assert_int_equal(arena_status(&f.help.arena),
                         root != NULL ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        tear_down(&f);
    }
}

static void test_visits_are_limited(void **state)
{
    (void)state;
    for (size_t left = 3; left <= 5; left++) {
        struct fixture f;
        set_up(&f, NULL, CO_UNSET_HOLE);
        f.help.run.visits = CO_MAX_VISITS - left;
        const struct tree_node *root = run(&f, "[a, {b: c}]");
        assert_int_equal(root != NULL, left >= 4);
        tear_down(&f);
    }
}

static void test_limits_of_templates_end_the_run(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, NULL, CO_UNSET_HOLE);
    f.template.work = CO_TEMPLATE_MAX_WORK;
    assert_null(run(&f, "services: {web: {image: $NAME}}"));
    assert_int_equal(arena_status(&f.help.arena), PLIM_STATUS_LIMIT);
    /* Not as text: the arena that would hold it is closed. */
    assert_int_equal(f.help.diags.count, 1);
    assert_int_equal(f.help.diags.items[0]->id, DIAG_compose_limit);
    assert_true(str_eq(f.help.diags.items[0]->message,
                       STR("services.web.image: the variables of this project expand to more than "
                           "256 MiB")));
    assert_int_equal(f.help.diags.items[0]->span.start, 24);
    tear_down(&f);
}

static plim_status fault_scenario_run(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct fixture f;
    set_up(&f, allocator, CO_UNSET_EMPTY);
    (void)run(&f, "services:\n"
                  "  web: {image: 'a:$NAME', privileged: maybe, cpus: '0.5', tty: $TTY,\n"
                  "        command: [\"${\", $NAME], init: 'yes'}\n");
    plim_status status = arena_status(&f.help.arena);
    if (status == PLIM_STATUS_OK) {
        status = diag_list_status(&f.help.diags);
    }
    if (status == PLIM_STATUS_OK) {
        status = source_set_status(&f.help.sources);
    }
    if (status == PLIM_STATUS_OK && f.scope.env != NULL) {
        status = co_env_status(&f.env);
    }
    tear_down(&f);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    fault_alloc_run(fault_scenario_run, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_expanded_keys_are_not),
        cmocka_unit_test(test_unset_variables),
        cmocka_unit_test(test_casts),
        cmocka_unit_test(test_what_needs_nothing_is_shared),
        cmocka_unit_test(test_mistakes_become_unknown),
        cmocka_unit_test(test_depth_is_limited),
        cmocka_unit_test(test_visits_are_limited),
        cmocka_unit_test(test_limits_of_templates_end_the_run),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
