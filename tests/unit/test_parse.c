/* SPDX-License-Identifier: Apache-2.0
 *
 * test_parse.c - contract, limits and failing allocations of compiler/parse.c. Trees and messages
 * are tested by the goldens of stages `ast` and `syntax`.
 */
#include "compiler/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/buf.h"
#include "tests/unit/fault_alloc.h"

struct fixture {
    struct source_set sources;
    struct diag_list diags;
    struct arena arena;
    struct ast_module *module;
    plim_status status;
};

static void parse_text(struct fixture *fixture, struct str text, const plim_allocator *allocator,
                       size_t arena_bytes)
{
    *fixture = (struct fixture){.status = PLIM_STATUS_OK};
    source_id id = SOURCE_NONE;
    source_set_init(&fixture->sources, allocator);
    diag_list_init(&fixture->diags, allocator);
    diag_list_set_sources(&fixture->diags, &fixture->sources);
    arena_init(&fixture->arena, allocator, arena_bytes);
    fixture->status = source_add_view(&fixture->sources, &id, STR("t.plim"), text);
    if (fixture->status == PLIM_STATUS_OK) {
        fixture->status =
            parse_module(&fixture->module, &fixture->arena, &fixture->sources, id, &fixture->diags);
    }
}

static void release(struct fixture *fixture)
{
    arena_release(&fixture->arena);
    diag_list_release(&fixture->diags);
    source_set_release(&fixture->sources);
}

#define RULE_HEAD                                                                                  \
    "rule a {\n  id \"X\"\n  title \"T \\u{41}\"\n  why \"\"\"\n    one\n    two\n  \"\"\"\n"

static const char whole_rule[] = RULE_HEAD
    "  covers \"a:1\", \"b:2\"\n"
    "  for w in final-stage, stage\n  each m in w.runs\n  let n = count(m.commands) default 3\n"
    "  where any x in m.commands: x.name in [\"a\", \"b\"] and not x.name matches \"c\\\\d\"\n"
    "  deny one-arm severity low when n > 1 at m also at w \"label {w.label}\"\n"
    "    message \"text {m.label default \\\"\\\"} {{}} {n}\" fix safe replace m with \"x\"\n}\n";

static void tree_has_exact_spans(void **state)
{
    (void)state;
    struct str text =
        STR("rule a {\n  where b.cd == 7d 12h\n  deny when x at y message \"é {z.q}\"\n}");
    struct fixture fixture;
    parse_text(&fixture, text, NULL, 0);
    assert_int_equal(fixture.status, PLIM_STATUS_OK);
    assert_int_equal(fixture.diags.errors, 0);
    const struct ast_expr *where = fixture.module->rules->clauses->expr;
    assert_true(str_eq(str_slice(text, where->span.start, where->span.end), STR("b.cd == 7d 12h")));
    assert_true(str_eq(str_slice(text, where->left->name.span.start, where->left->name.span.end),
                       STR("cd")));
    const struct ast_template_part *part = fixture.module->rules->arms->message.parts;
    assert_true(str_eq(part->text, STR("é ")));
    assert_true(
        str_eq(str_slice(text, part->next->span.start, part->next->span.end), STR("{z.q}")));
    const struct span *inner = &part->next->expr->span;
    assert_true(str_eq(str_slice(text, inner->start, inner->end), STR("z.q")));
    release(&fixture);
}

static void errors_still_give_a_tree(void **state)
{
    (void)state;
    struct fixture fixture;
    parse_text(&fixture, STR("rule a {\n  titel \"x\"\n}\nlist l = [\"x\"]\nrule b {}\n"), NULL, 0);
    assert_int_equal(fixture.status, PLIM_STATUS_OK);
    assert_int_equal(fixture.diags.errors, 1);
    assert_non_null(fixture.module->rules->next);
    assert_non_null(fixture.module->lists);
    release(&fixture);
}

static void unknown_source_is_internal(void **state)
{
    (void)state;
    struct fixture fixture;
    parse_text(&fixture, STR(""), NULL, 0);
    struct ast_module *module = NULL;
    assert_int_equal(parse_module(&module, &fixture.arena, &fixture.sources, 7, &fixture.diags),
                     PLIM_STATUS_INTERNAL);
    assert_null(module);
    release(&fixture);
}

static size_t count_depth(struct str open, size_t times, struct str close)
{
    struct buf text;
    buf_init(&text, NULL, 1 << 20);
    buf_append_cstr(&text, "def d = ");
    for (size_t i = 0; i < times; i++) {
        buf_append(&text, open);
    }
    buf_append_cstr(&text, "x");
    for (size_t i = 0; i < times; i++) {
        buf_append(&text, close);
    }
    struct fixture fixture;
    parse_text(&fixture, buf_view(&text), NULL, 0);
    assert_int_equal(fixture.status, PLIM_STATUS_OK);
    size_t errors = fixture.diags.errors;
    for (size_t i = 0; i < fixture.diags.count; i++) {
        assert_int_equal(fixture.diags.items[i]->id, DIAG_too_deep);
    }
    release(&fixture);
    buf_release(&text);
    return errors;
}

static void nesting_ends_at_the_limit(void **state)
{
    (void)state;
    static const struct str opens[] = {{"(", 1},      {"[", 1}, {"not ", 4}, {"any y in z: ", 12},
                                       {"x and ", 6}, {"f(", 2}};
    static const struct str closes[] = {{")", 1}, {"]", 1}, {"", 0}, {"", 0}, {"", 0}, {")", 1}};
    for (size_t i = 0; i < sizeof opens / sizeof *opens; i++) {
        assert_int_equal(count_depth(opens[i], PARSE_MAX_DEPTH - 1, closes[i]), 0);
        assert_int_equal(count_depth(opens[i], PARSE_MAX_DEPTH, closes[i]), 0);
        assert_int_equal(count_depth(opens[i], PARSE_MAX_DEPTH + 1, closes[i]), 1);
        assert_int_equal(count_depth(opens[i], PARSE_MAX_DEPTH * 100, closes[i]), 1);
    }
}

static void files_have_a_greatest_size(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, NULL, PARSE_MAX_BYTES + 2);
    buf_append_cstr(&text, "list l = oops #");
    while (text.len < PARSE_MAX_BYTES - 1) {
        buf_append_char(&text, 'x');
    }
    for (int i = -1; i <= 1; i++) {
        struct fixture fixture;
        parse_text(&fixture, buf_view(&text), NULL, 0);
        assert_int_equal(fixture.status, PLIM_STATUS_OK);
        assert_int_equal(fixture.diags.errors, 1);
        assert_int_equal(fixture.diags.items[0]->id, i > 0 ? DIAG_module_limit : DIAG_syntax);
        release(&fixture);
        buf_append_char(&text, 'x');
    }
    buf_release(&text);
}

static void full_arena_is_a_limit(void **state)
{
    (void)state;
    for (size_t bytes = 64; bytes < 16384; bytes += 64) {
        struct fixture fixture;
        parse_text(&fixture, str_from_cstr(whole_rule), NULL, bytes);
        assert_true(fixture.status == PLIM_STATUS_OK || fixture.status == PLIM_STATUS_LIMIT);
        assert_true((fixture.status == PLIM_STATUS_OK) == (fixture.module != NULL));
        release(&fixture);
    }
}

static plim_status parse_whole(const plim_allocator *allocator, void *user)
{
    const char *text = user;
    struct fixture fixture;
    parse_text(&fixture, str_from_cstr(text), allocator, 0);
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
    static char good[sizeof whole_rule];
    memcpy(good, whole_rule, sizeof whole_rule);
    fault_alloc_run(parse_whole, good);
    char bad[] = "list l = [\"x\" \"y\"\nrule a {\n  where 1 < 2 < 3\n  deny when x = \"\\d\"\n"
                 "    message \"{\"\n  for\n}\ntest \"a\" for {\n expect\n";
    fault_alloc_run(parse_whole, bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tree_has_exact_spans),
        cmocka_unit_test(errors_still_give_a_tree),
        cmocka_unit_test(unknown_source_is_internal),
        cmocka_unit_test(nesting_ends_at_the_limit),
        cmocka_unit_test(files_have_a_greatest_size),
        cmocka_unit_test(full_arena_is_a_limit),
        cmocka_unit_test(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
