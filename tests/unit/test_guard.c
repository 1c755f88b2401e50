/* SPDX-License-Identifier: Apache-2.0
 *
 * test_guard.c - guards never change what an evaluation finds: rules over random rows, with known,
 * absent and unknown cells, have the same outcomes with their guards and without. And they do their
 * work: units are entered less often.
 */
#include "runtime/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/bytecode.h"
#include "runtime/eval.h"
#include "tests/unit/compile_help.h"
#include "tests/unit/fault_alloc.h"

static const char head[] = "param tools : list<string> = [\"make\", \"cc\"] extendable\n"
                           "list names = [\"make\", \"rm\", \"\"]\n"
                           "def is-tool(n: string) = n in tools\n"
                           "def quiet(y: bool, n: string) = y and not is-tool(n)\n";

/* What follows `for`; `{}` stands for the end of an arm. */
static const char *const rules[] = {
    "c in command deny when c.name == \"make\" at c message \"x\"",
    "c in command deny when \"make\" != c.name at c message \"x\"",
    "c in command where has c.manager and c.manager == apt deny when c.name in names at c "
    "message \"x\"",
    "c in command deny when c.name in [\"make\", \"rm\"] and not c.assume-yes at c message \"x\"",
    "c in command deny when c.name not in names or c.assume-yes at c message \"x\"",
    "c in command deny a when c.name == \"make\" at c message \"x\" deny b when has c.manager and "
    "c.manager in [apt, apk] at c message \"y\"",
    "c in command deny a when c.name == \"make\" at c message \"x\" deny b when c.index == 1 at c "
    "message \"y\"",
    "c in command where has c.stage deny when c.stage.shipped at c message \"x\"",
    "c in command where has c.stage and not c.stage.shipped deny when is-tool(c.name) at c "
    "message \"x\"",
    "c in command where has c.stage and has c.stage.name deny when c.stage.name == \"make\" at c "
    "message \"x\"",
    "c in command deny when not has c.stage or not c.stage.shipped at c message \"x\"",
    "c in command deny when any o in c.operands: o == \"make\" at c message \"x\"",
    "c in command deny when no o in c.operands: o == \"make\" at c message \"x\"",
    "c in command deny when not (all o in c.operands: o == \"make\") at c message \"x\"",
    "c in command deny when one o in c.operands: o == \"make\" at c message \"x\"",
    "c in command each o in c.operands deny when o == \"make\" at c message \"x\"",
    "c in command where c.assume-yes each o in (filter p in c.operands: p != \"rm\") deny when o "
    "== \"make\" at c message \"x\"",
    "c in command deny when quiet(c.assume-yes, c.name) at c message \"x\"",
    "c in command deny when not quiet(c.assume-yes, c.name) at c message \"x\"",
    "c in command let n = c.name let q = c.assume-yes deny when q and n == \"rm\" at c message "
    "\"x\"",
    "c in command deny when c.path matches \"make|cc -c\" at c message \"x\"",
    "c in command deny when c.path matches \"make\" or c.path like \"**/lib/**\" or c.path matches "
    "\"^(?:ab)*$\" at c message \"x\"",
    "c in command deny when c.path matches \"make\" or c.path matches \"(?i)LIB\" at c message "
    "\"x\"",
    "c in command deny when not c.path matches \"make\" at c message \"x\"",
    "c in command deny when (c.assume-yes and (c.name == \"rm\" or (has c.stage and "
    "(c.stage.shipped or c.name == \"cc\")))) at c message \"x\"",
    "c in command deny when not (c.assume-yes or (c.name == \"rm\" and has c.manager)) at c "
    "message \"x\"",
    "s in stage deny when any c in s.commands: c.name == \"make\" at s message \"x\"",
    "s in stage deny when all c in s.commands: c.name in names and c.assume-yes at s message \"x\"",
    "s in stage deny when no c in s.commands: c.assume-yes and c.index == 1 at s message \"x\"",
    "s in stage deny when one c in s.commands: c.name == \"make\" at s message \"x\"",
    "s in stage deny when count(filter c in s.commands: c.name != \"rm\") >= 1 at s message \"x\"",
    "s in stage deny when any c in (filter d in s.commands: not d.assume-yes): c.name == \"make\" "
    "at "
    "s message \"x\"",
    "s in stage each c in s.commands where c.name == \"make\" deny a when c.assume-yes at c "
    "message "
    "\"x\" deny b when c.path matches \"lib\" at c message \"y\"",
    "s in stage each c in s.commands where has c.stage each o in c.operands deny when "
    "c.stage.shipped "
    "and o == \"rm\" at c message \"{o}\"",
    "s in stage deny when any c in s.commands: any d in s.commands: d.index < c.index and c.name "
    "== "
    "\"make\" and d.name == \"rm\" at s message \"x\"",
    "s in shipped-stage deny when has s.name and s.name == \"make\" at s message \"x\"",
};

struct world {
    struct facts *facts;
    uint32_t seed;
};

static uint32_t pick(struct world *world, uint32_t below)
{
    world->seed = world->seed * 1664525 + 1013904223;
    return (world->seed >> 16) % below;
}

static const char *pick_text(struct world *world)
{
    static const char *const texts[] = {"make",    "rm", "cc",       "",
                                        "/lib/cc", "ab", "x make y", "LIB /lib/ and more"};
    return texts[pick(world, sizeof texts / sizeof *texts)];
}

/* Gives a cell a value; a row points to one of `rows` rows. */
static void fill_cell(struct world *world, enum fact_kind kind, fact_row row, unsigned field,
                      uint32_t rows)
{
    const struct fact_field_info *info = &schema_kind(kind)->fields[field];
    struct facts *facts = world->facts;
    if (pick(world, 5) == 0) {
        fact_cause cause = facts_add_cause(facts, STR("not known"), FACT_NO_LOC);
        facts_set_unknown(facts, kind, row, field, cause, FACT_NO_LOC);
    } else if (info->cardinality == FACT_LIST) {
        struct arena scratch;
        struct fact_items items = {.count = 0};
        arena_init(&scratch, NULL, 0);
        for (uint32_t n = pick(world, 3); n > 0; n--) {
            if (info->type == FACT_STR) {
                fact_items_add_str(&items, &scratch, facts, str_from_cstr(pick_text(world)),
                                   FACT_NO_LOC);
            } else {
                fact_items_add_row(&items, &scratch, pick(world, rows), FACT_NO_LOC);
            }
        }
        facts_set_list(facts, kind, row, field, &items, FACT_NO_LOC);
        arena_release(&scratch);
    } else if (info->cardinality == FACT_OPT && pick(world, 3) == 0) {
        return;
    } else if (info->type == FACT_STR) {
        facts_set_str(facts, kind, row, field, str_from_cstr(pick_text(world)), FACT_NO_LOC);
    } else if (info->type == FACT_BOOL) {
        facts_set_bool(facts, kind, row, field, pick(world, 2) != 0, FACT_NO_LOC);
    } else if (info->type == FACT_ENUM) {
        facts_set_enum(facts, kind, row, field, pick(world, 4), FACT_NO_LOC);
    } else if (info->type == FACT_INT) {
        facts_set_int(facts, kind, row, field, pick(world, 3), FACT_NO_LOC);
    } else {
        facts_set_row(facts, kind, row, field, pick(world, rows), FACT_NO_LOC);
    }
}

static struct facts *make_facts(uint32_t seed)
{
    enum { ROWS = 24 };
    static const unsigned command[] = {
        FIELD_command_stage, FIELD_command_name,       FIELD_command_manager, FIELD_command_index,
        FIELD_command_path,  FIELD_command_assume_yes, FIELD_command_operands};
    static const unsigned stage[] = {FIELD_stage_shipped, FIELD_stage_name, FIELD_stage_commands};
    struct world world = {.seed = seed};
    source_id source;
    assert_int_equal(facts_new(&world.facts, NULL, 0, 1), PLIM_STATUS_OK);
    assert_int_equal(source_add(&world.facts->sources, &source, STR("f"), STR("FROM a\n")),
                     PLIM_STATUS_OK);
    fact_loc loc = facts_add_loc(world.facts, (struct span){.source = source, .end = 6});
    for (fact_row row = 0; row < ROWS; row++) {
        facts_add_row(world.facts, FACT_KIND_command, loc);
        facts_add_row(world.facts, FACT_KIND_stage, loc);
        for (size_t i = 0; i < sizeof command / sizeof *command; i++) {
            fill_cell(&world, FACT_KIND_command, row, command[i], ROWS);
        }
        for (size_t i = 0; i < sizeof stage / sizeof *stage; i++) {
            fill_cell(&world, FACT_KIND_stage, row, stage[i], ROWS);
        }
    }
    assert_int_equal(facts_freeze(world.facts), PLIM_STATUS_OK);
    return world.facts;
}

/* The same program with guards that say nothing, and jumps to the next instruction for SKIP. */
static struct report *run_bare(const struct program *program, const struct facts *facts)
{
    enum { MAX_CODE = 4096 };
    struct program bare = *program;
    struct program_unit units[4];
    uint32_t code[MAX_CODE];
    assert_true(program->unit_count <= 4 && program->code_count <= MAX_CODE);
    for (uint32_t i = 0; i < program->code_count; i++) {
        bool skip = bytecode_op(program->code[i]) == OP_SKIP;
        code[i] = skip ? bytecode_ai(OP_JMP, 0, 0) : program->code[i];
    }
    bare.code = code;
    memcpy(units, program->units, program->unit_count * sizeof *units);
    for (uint32_t i = 0; i < program->unit_count; i++) {
        units[i].guard_count = 0;
    }
    bare.units = units;
    struct report *report = NULL;
    const struct eval_options options = {0};
    assert_int_equal(eval_run(&report, &bare, facts, &options, NULL), PLIM_STATUS_OK);
    report->program = program;
    return report;
}

static void assert_same(const char *rule, const struct report *a, const struct report *b)
{
    bool same = a->count == b->count && a->subjects == b->subjects &&
                memcmp(a->rules, b->rules, sizeof *a->rules) == 0;
    for (size_t i = 0; same && i < a->count; i++) {
        same = a->items[i].kind == b->items[i].kind && a->items[i].arm == b->items[i].arm &&
               a->items[i].subject == b->items[i].subject &&
               str_eq(a->items[i].message, b->items[i].message);
    }
    if (!same) {
        fail_msg("for %s: %zu outcomes with guards, %zu without", rule, a->count, b->count);
    }
}

static void compile_rule(struct compile_help *help, const char *rule)
{
    struct buf text;
    buf_init(&text, NULL, 1 << 16);
    buf_printf(&text, "%s%sfor %s\n}\n", head, COMPILE_HEAD, rule);
    compile_help_init(help, NULL, text.data);
    if (help->compiled == NULL) {
        fail_msg("%s\n%s", rule, help->summary.data);
    }
    buf_release(&text);
}

static void guards_change_no_outcome(void **state)
{
    (void)state;
    enum { WORLDS = 40 };
    uint64_t fuel = 0;
    uint64_t bare_fuel = 0;
    struct facts *facts[WORLDS];
    for (uint32_t seed = 0; seed < WORLDS; seed++) {
        facts[seed] = make_facts(seed);
    }
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct compile_help help;
        compile_rule(&help, rules[i]);
        for (uint32_t seed = 0; seed < WORLDS; seed++) {
            struct report *guarded = NULL;
            const struct eval_options options = {0};
            assert_int_equal(
                eval_run(&guarded, help.compiled->program, facts[seed], &options, NULL),
                PLIM_STATUS_OK);
            struct report *bare = run_bare(help.compiled->program, facts[seed]);
            assert_same(rules[i], guarded, bare);
            fuel += guarded->fuel;
            bare_fuel += bare->fuel;
            report_free(guarded);
            report_free(bare);
        }
        compile_help_release(&help);
    }
    assert_true(fuel * 20 < bare_fuel * 19);
    for (uint32_t seed = 0; seed < WORLDS; seed++) {
        facts_free(facts[seed]);
    }
}

/* `c.path matches "lit0" or c.path matches "lit1" ...`: more patterns than the scanner numbers. */
static void more_patterns_than_are_scanned_for(void **state)
{
    (void)state;
    struct facts *facts = make_facts(7);
    for (unsigned count = TEXT_SCAN_MAX - 1; count <= TEXT_SCAN_MAX + 1; count++) {
        struct buf text;
        buf_init(&text, NULL, 1 << 16);
        buf_append_cstr(&text, "c in command deny when c.path matches \"make\"");
        for (unsigned i = 1; i + 1 < count; i++) {
            buf_printf(&text, " or c.path matches \"none%u\"", i);
        }
        buf_append_cstr(&text, " or c.path matches \"/lib/\" at c message \"x\"");
        struct compile_help help;
        compile_rule(&help, text.data);
        struct report *guarded = NULL;
        const struct eval_options options = {0};
        assert_int_equal(eval_run(&guarded, help.compiled->program, facts, &options, NULL),
                         PLIM_STATUS_OK);
        struct report *bare = run_bare(help.compiled->program, facts);
        assert_true(guarded->count > 4);
        assert_same(text.data, guarded, bare);
        report_free(guarded);
        report_free(bare);
        compile_help_release(&help);
        buf_release(&text);
    }
    facts_free(facts);
}

static plim_status prepare(const plim_allocator *allocator, void *user)
{
    const struct facts *facts = user;
    struct compile_help help;
    struct report *report = NULL;
    const struct eval_options options = {.allocator = allocator};
    compile_rule(&help, rules[5]);
    plim_status status = eval_run(&report, help.compiled->program, facts, &options, NULL);
    if (status == PLIM_STATUS_OK) {
        assert_true(report->count > 0);
        report_free(report);
    }
    compile_help_release(&help);
    return status;
}

static void survives_failing_memory(void **state)
{
    (void)state;
    struct facts *facts = make_facts(3);
    fault_alloc_run(prepare, facts);
    facts_free(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guards_change_no_outcome),
        cmocka_unit_test(more_patterns_than_are_scanned_for),
        cmocka_unit_test(survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
