/* SPDX-License-Identifier: Apache-2.0
 *
 * test_sh_facts.c - rows of the fact store for shell texts: values, states, places, links between
 * rows, and failing allocations.
 */
#include "facts/shell/sh_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "facts/schema.h"
#include "tests/unit/fault_alloc.h"

struct fixture {
    struct facts *facts;
    struct sh_facts shell;
    struct arena scratch;
    struct fact_items commands;
    struct sh_facts_result result;
    fact_row instruction;
    fact_row stage;
    fact_row run;
    source_id source;
};

static plim_status fixture_open(struct fixture *f, const plim_allocator *allocator)
{
    *f = (struct fixture){.facts = NULL};
    arena_init(&f->scratch, allocator, 0);
    plim_status status = facts_new(&f->facts, allocator, 0, 1);
    if (status == PLIM_STATUS_OK) {
        status = source_add(&f->facts->sources, &f->source, STR("Dockerfile"), STR("x"));
    }
    if (status == PLIM_STATUS_OK) {
        status = sh_facts_init(&f->shell, f->facts, allocator);
    }
    if (status == PLIM_STATUS_OK) {
        f->instruction = facts_add_row(f->facts, FACT_KIND_instruction, FACT_NO_LOC);
        f->stage = facts_add_row(f->facts, FACT_KIND_stage, FACT_NO_LOC);
        f->run = facts_add_row(f->facts, FACT_KIND_run, FACT_NO_LOC);
        status = facts_status(f->facts);
    }
    return status;
}

static void fixture_close(struct fixture *f)
{
    sh_facts_release(&f->shell);
    facts_free(f->facts);
    arena_release(&f->scratch);
}

static plim_status fixture_add(struct fixture *f, struct str text, uint32_t base)
{
    struct sh_text input = {.bytes = text, .base = base};
    struct sh_facts_job job = {.source = f->source,
                               .service = FACT_NO_ROW,
                               .instruction = f->instruction,
                               .stage = f->stage,
                               .run = f->run,
                               .text = &input,
                               .shell = {.dialect = SH_DIALECT_POSIX}};
    return sh_facts_add(&f->shell, &job, &f->commands, &f->scratch, &f->result);
}

static void assert_text(const struct fixture *f, enum fact_kind kind, fact_row row, unsigned field,
                        const char *expected)
{
    struct str text = facts_get_str(f->facts, kind, row, field);
    assert_int_equal(text.len, strlen(expected));
    assert_memory_equal(text.ptr, expected, text.len);
}

static struct fact_cell get(const struct fixture *f, fact_row row, unsigned field)
{
    return facts_get(f->facts, FACT_KIND_command, row, field);
}

/* Element `index` of a list of a command. */
static struct fact_cell element(const struct fixture *f, fact_row row, unsigned field,
                                uint32_t index)
{
    struct fact_cell list = get(f, row, field);
    assert_int_equal(list.state, FACT_PRESENT);
    assert_true(index < fact_list_count(list.value));
    return facts_list_at(f->facts, list.value, index);
}

static void assert_element(const struct fixture *f, fact_row row, unsigned field, uint32_t index,
                           const char *expected)
{
    struct fact_cell cell = element(f, row, field, index);
    struct str text = intern_view(&f->facts->strings, (intern_id)cell.value);
    assert_int_equal(text.len, strlen(expected));
    assert_memory_equal(text.ptr, expected, text.len);
}

static void assert_span(const struct fixture *f, fact_loc loc, uint32_t start, uint32_t end)
{
    struct span span = facts_span(f->facts, loc);
    assert_int_equal(span.source, f->source);
    assert_int_equal(span.start, start);
    assert_int_equal(span.end, end);
}

static void cells_of_a_command(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(fixture_open(&f, NULL), PLIM_STATUS_OK);
    assert_int_equal(
        fixture_add(&f, STR("A=1 /usr/bin/apt-get -o x=y install -yq cu=7 ./d >f 2>&1"), 100),
        PLIM_STATUS_OK);
    assert_int_equal(f.commands.count, 1);
    assert_int_equal(f.result.gap, SH_GAP_NONE);
    assert_true(f.result.posix);
    assert_text(&f, FACT_KIND_command, 0, FIELD_command_label, "apt-get install");
    assert_text(&f, FACT_KIND_command, 0, FIELD_command_name, "apt-get");
    assert_text(&f, FACT_KIND_command, 0, FIELD_command_path, "/usr/bin/apt-get");
    assert_text(&f, FACT_KIND_command, 0, FIELD_command_subcommand, "install");
    assert_text(&f, FACT_KIND_command, 0, FIELD_command_text,
                "A=1 /usr/bin/apt-get -o x=y install -yq cu=7 ./d >f 2>&1");
    assert_span(&f, facts_row_loc(f.facts, FACT_KIND_command, 0), 100, 156);
    assert_span(&f, get(&f, 0, FIELD_command_name).loc, 104, 120);
    assert_element(&f, 0, FIELD_command_arguments, 5, "./d");
    assert_element(&f, 0, FIELD_command_operands, 1, "cu=7");
    assert_span(&f, element(&f, 0, FIELD_command_operands, 1).loc, 140, 144);
    assert_text(&f, FACT_KIND_option, 0, FIELD_option_name, "-o");
    assert_text(&f, FACT_KIND_option, 0, FIELD_option_value, "x=y");
    assert_text(&f, FACT_KIND_option, 2, FIELD_option_name, "-q");
    assert_int_equal(facts_get(f.facts, FACT_KIND_option, 2, FIELD_option_value).state,
                     FACT_ABSENT);
    assert_text(&f, FACT_KIND_assignment, 0, FIELD_assignment_name, "A");
    assert_text(&f, FACT_KIND_assignment, 0, FIELD_assignment_value, "1");
    assert_text(&f, FACT_KIND_redirect, 0, FIELD_redirect_target, "f");
    assert_int_equal(facts_get(f.facts, FACT_KIND_redirect, 0, FIELD_redirect_fd).state,
                     FACT_ABSENT);
    assert_text(&f, FACT_KIND_redirect, 1, FIELD_redirect_operator, ">&");
    assert_int_equal(facts_get(f.facts, FACT_KIND_redirect, 1, FIELD_redirect_fd).value, 2);
    assert_int_equal(get(&f, 0, FIELD_command_manager).value, MEMBER_package_manager_apt);
    assert_int_equal(get(&f, 0, FIELD_command_action).value, MEMBER_package_action_install);
    assert_int_equal(get(&f, 0, FIELD_command_assume_yes).value, 1);
    assert_text(&f, FACT_KIND_package, 0, FIELD_package_name, "cu");
    assert_text(&f, FACT_KIND_package, 0, FIELD_package_version, "7");
    assert_text(&f, FACT_KIND_package, 0, FIELD_package_text, "cu=7");
    assert_int_equal(facts_get(f.facts, FACT_KIND_package, 1, FIELD_package_source).value,
                     MEMBER_package_source_file);
    fixture_close(&f);
}

static void what_a_variable_decides_is_unknown(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(fixture_open(&f, NULL), PLIM_STATUS_OK);
    assert_int_equal(
        fixture_add(&f, STR("$TOOL x; apt-get ${OPTS} install $PKGS; A=$B c; export D=1"), 0),
        PLIM_STATUS_OK);
    assert_int_equal(get(&f, 0, FIELD_command_name).state, FACT_UNKNOWN);
    assert_text(&f, FACT_KIND_command, 0, FIELD_command_label, "$TOOL");
    assert_int_equal(get(&f, 1, FIELD_command_assume_yes).state, FACT_UNKNOWN);
    assert_int_equal(facts_get(f.facts, FACT_KIND_package, 0, FIELD_package_pinned).state,
                     FACT_UNKNOWN);
    assert_int_equal(facts_get(f.facts, FACT_KIND_assignment, 0, FIELD_assignment_value).state,
                     FACT_UNKNOWN);
    assert_text(&f, FACT_KIND_assignment, 1, FIELD_assignment_name, "D");
    assert_int_equal(facts_get(f.facts, FACT_KIND_assignment, 1, FIELD_assignment_command).state,
                     FACT_ABSENT);
    fixture_close(&f);
}

static void rows_are_linked(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(fixture_open(&f, NULL), PLIM_STATUS_OK);
    sh_facts_begin_file(&f.shell);
    assert_int_equal(fixture_add(&f, STR("first"), 0), PLIM_STATUS_OK);
    assert_int_equal(fixture_add(&f, STR("curl u | sudo env X=1 sh -c 'a; X=2'"), 10),
                     PLIM_STATUS_OK);
    assert_int_equal(f.commands.count, 6);
    assert_int_equal(get(&f, 1, FIELD_command_pipe_to).value, 4);   /* the innermost: sh */
    assert_int_equal(get(&f, 2, FIELD_command_pipe_from).value, 1); /* sudo shares it */
    assert_int_equal(get(&f, 4, FIELD_command_pipe_from).value, 1);
    assert_int_equal(get(&f, 5, FIELD_command_pipe_from).state, FACT_ABSENT);
    assert_element(&f, 5, FIELD_command_wrappers, 0, "sudo");
    assert_element(&f, 5, FIELD_command_wrappers, 2, "sh");
    assert_int_equal(get(&f, 5, FIELD_command_index).value, 5);
    assert_span(&f, facts_row_loc(f.facts, FACT_KIND_command, 5), 39, 40);
    assert_int_equal(get(&f, 5, FIELD_command_stage).value, f.stage);
    assert_int_equal(get(&f, 5, FIELD_command_run).value, f.run);
    struct fact_cell alone = facts_get(f.facts, FACT_KIND_assignment, 1, FIELD_assignment_command);
    assert_int_equal(alone.state, FACT_ABSENT);
    assert_int_equal(f.facts->tables[FACT_KIND_command].count, 6);
    assert_int_equal(fixture_add(&f, STR("bash <(curl u)"), 90), PLIM_STATUS_OK);
    assert_int_equal(get(&f, 7, FIELD_command_feeds).value, 6);
    assert_int_equal(get(&f, 6, FIELD_command_feeds).state, FACT_ABSENT);
    fixture_close(&f);
}

static void gaps_are_told(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(fixture_open(&f, NULL), PLIM_STATUS_OK);
    assert_int_equal(fixture_add(&f, STR("a; if b"), 50), PLIM_STATUS_OK);
    assert_int_equal(f.result.gap, SH_GAP_SYNTAX);
    assert_int_equal(f.result.gap_span.start, 57);
    assert_int_equal(f.commands.count, 2);
    fixture_close(&f);
}

static void exec_form_without_a_shell(void **state)
{
    struct fixture f;
    struct sh_text text = {.bytes = STR("[\"a b\", \"-c\"]"), .base = 5};
    const struct sh_word words[] = {{.text = STR("a b"), .start = 1, .end = 6},
                                    {.text = STR("-c"), .start = 8, .end = 12}};
    (void)state;
    assert_int_equal(fixture_open(&f, NULL), PLIM_STATUS_OK);
    struct sh_facts_job job = {.source = f.source,
                               .service = FACT_NO_ROW,
                               .instruction = f.instruction,
                               .stage = FACT_NO_ROW,
                               .run = FACT_NO_ROW,
                               .text = &text,
                               .exec = true,
                               .words = words,
                               .word_count = 2};
    assert_int_equal(sh_facts_add(&f.shell, &job, &f.commands, &f.scratch, &f.result),
                     PLIM_STATUS_OK);
    assert_text(&f, FACT_KIND_command, 0, FIELD_command_name, "a b");
    assert_int_equal(get(&f, 0, FIELD_command_run).state, FACT_ABSENT);
    assert_span(&f, facts_row_loc(f.facts, FACT_KIND_command, 0), 6, 17);
    job.word_count = 0;
    assert_int_equal(sh_facts_add(&f.shell, &job, &f.commands, &f.scratch, &f.result),
                     PLIM_STATUS_OK);
    assert_int_equal(f.commands.count, 1);
    fixture_close(&f);
}

static void every_field_of_one_is_filled(void **state)
{
    static const enum fact_kind kinds[] = {FACT_KIND_command, FACT_KIND_option,
                                           FACT_KIND_assignment, FACT_KIND_redirect,
                                           FACT_KIND_package};
    struct fixture f;
    (void)state;
    assert_int_equal(fixture_open(&f, NULL), PLIM_STATUS_OK);
    assert_int_equal(fixture_add(&f, STR("A=$x B=1 apk add -t v $y a=1 >f; $z; [[ a ]]; > g"), 0),
                     PLIM_STATUS_OK);
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const struct fact_kind_info *info = schema_kind(kinds[k]);
        assert_true(f.facts->tables[kinds[k]].count > 0);
        for (fact_row row = 0; row < f.facts->tables[kinds[k]].count; row++) {
            for (unsigned field = 0; field < info->field_count; field++) {
                struct fact_cell cell = facts_get(f.facts, kinds[k], row, field);
                assert_true(info->fields[field].cardinality == FACT_OPT ||
                            cell.state != FACT_ABSENT);
            }
        }
    }
    fixture_close(&f);
}

static plim_status add_some(const plim_allocator *allocator, void *user)
{
    struct fixture f;
    (void)user;
    plim_status status = fixture_open(&f, allocator);
    if (status == PLIM_STATUS_OK) {
        status = fixture_add(
            &f, STR("set -e; A=$x sudo apk add -t v $y a=1 >f | sh -c \"b; c\\\" $(d)\"; X=1"), 0);
    }
    fixture_close(&f);
    return status;
}

static void allocations_may_fail(void **state)
{
    (void)state;
    fault_alloc_run(add_some, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_a_command),
        cmocka_unit_test(what_a_variable_decides_is_unknown),
        cmocka_unit_test(rows_are_linked),
        cmocka_unit_test(gaps_are_told),
        cmocka_unit_test(exec_form_without_a_shell),
        cmocka_unit_test(every_field_of_one_is_filled),
        cmocka_unit_test(allocations_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
