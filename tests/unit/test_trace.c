/* SPDX-License-Identifier: Apache-2.0
 *
 * test_trace.c - what a trace says of subjects that are denied, stopped, in doubt; which subjects a
 * line chooses; coverage of conditions; disassembly of the same program.
 */
#include "runtime/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/disasm.h"
#include "tests/unit/assembler.h"
#include "tests/unit/fault_alloc.h"

static const char policy[] = "rule r {\n"
                             "  for s in stage\n"
                             "  where s.index >= one\n"
                             "  deny when s.reachable\n"
                             "    at s\n"
                             "}\n";

static void assemble(struct assembler *as)
{
    assembler_init(as, policy);
    assembler_rule(as, "r");
    assembler_unit(as, FACT_KIND_stage, FACT_VIEW_none);
    unsigned index = assembler_base(as, PROGRAM_INT);
    unsigned one = assembler_base(as, PROGRAM_INT);
    unsigned truth = assembler_base(as, PROGRAM_BOOL);
    unsigned loc = assembler_base(as, PROGRAM_LOC);
    assembler_span(as, "s.index");
    assembler_abc(as, OP_FIELD, index, 0, FIELD_stage_index);
    assembler_ai(as, OP_KINT, one, assembler_int(as, 1));
    assembler_span(as, "s.index >= one");
    assembler_abc(as, OP_LEI, truth, one, index);
    uint32_t where = assembler_ai(as, OP_JF, truth, 0);
    assembler_span(as, "s.reachable");
    assembler_abc(as, OP_FIELD, truth, 0, FIELD_stage_reachable);
    assembler_span(as, "deny when s.reachable\n    at s");
    assembler_abc(as, OP_ROWLOC, loc, 0, 0);
    assembler_abc(as, OP_AT, loc, 0, 0);
    assembler_ai(as, OP_UNDEC, truth, 0);
    uint32_t deny = assembler_ai(as, OP_JNT, truth, 0);
    assembler_ai(as, OP_TEXT, 0, 0);
    assembler_ai(as, OP_PUTK, 0, assembler_string(as, "denied"));
    assembler_ai(as, OP_EMIT, 0, 0);
    assembler_land(as, where);
    assembler_land(as, deny);
    assembler_abc(as, OP_END, 0, 0, 0);
}

/* Four stages on four lines: too early, reachable, not reachable, unknown. */
static struct facts *make_facts(void)
{
    struct facts *facts = NULL;
    source_id source;
    assert_int_equal(facts_new(&facts, NULL, 0, 1), PLIM_STATUS_OK);
    assert_int_equal(source_add(&facts->sources, &source, STR("dir/Dockerfile"),
                                STR("FROM a\nFROM b\nFROM c\nFROM d\n")),
                     PLIM_STATUS_OK);
    for (uint32_t i = 0; i < 4; i++) {
        fact_loc loc =
            facts_add_loc(facts, (struct span){.source = source, .start = 7 * i, .end = 7 * i + 6});
        fact_row row = facts_add_row(facts, FACT_KIND_stage, loc);
        facts_set_int(facts, FACT_KIND_stage, row, FIELD_stage_index, i, FACT_NO_LOC);
        facts_set_bool(facts, FACT_KIND_stage, row, FIELD_stage_reachable, i == 1, FACT_NO_LOC);
    }
    fact_cause cause = facts_add_cause(facts, STR("X has no default"), FACT_NO_LOC);
    facts_set_unknown(facts, FACT_KIND_stage, 3, FIELD_stage_reachable, cause, FACT_NO_LOC);
    assert_int_equal(facts_freeze(facts), PLIM_STATUS_OK);
    return facts;
}

struct fixture {
    struct assembler as;
    struct program *program;
    struct facts *facts;
    struct buf out;
};

static void open_fixture(struct fixture *f)
{
    assemble(&f->as);
    f->program = assembler_verified(&f->as);
    f->facts = make_facts();
    buf_init(&f->out, NULL, 1 << 20);
}

static void close_fixture(struct fixture *f)
{
    buf_release(&f->out);
    facts_free(f->facts);
    program_release(f->program);
}

static plim_status trace(struct fixture *f, const char *path, uint32_t line)
{
    buf_clear(&f->out);
    return trace_rule(&f->out, f->program, f->facts, 0, str_from_cstr(path), line, NULL, NULL);
}

static void clauses_are_shown_with_values(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "rule r on stage at dir/Dockerfile:1\n"
        "  test.plim:3:9: s.index >= one  => false  <-- stopped here\n"
        "      s.index = 0\n"
        "  no finding\n",
        "rule r on stage at dir/Dockerfile:2\n"
        "  test.plim:3:9: s.index >= one  => true\n"
        "      s.index = 1\n"
        "  test.plim:4:3: deny when s.reachable  => true\n"
        "      s.reachable = true\n"
        "  finding: denied\n",
        "rule r on stage at dir/Dockerfile:3\n"
        "  test.plim:3:9: s.index >= one  => true\n"
        "      s.index = 2\n"
        "  test.plim:4:3: deny when s.reachable  => false  <-- stopped here\n"
        "      s.reachable = false\n"
        "  no finding\n",
        "rule r on stage at dir/Dockerfile:4\n"
        "  test.plim:3:9: s.index >= one  => true\n"
        "      s.index = 3\n"
        "  undecided: X has no default\n"
        "  test.plim:4:3: deny when s.reachable  => unknown  <-- stopped here\n"
        "      s.reachable = (unknown): X has no default\n"};
    struct fixture f;
    open_fixture(&f);
    for (uint32_t line = 1; line <= 4; line++) {
        assert_int_equal(trace(&f, "dir/Dockerfile", line), PLIM_STATUS_OK);
        assert_string_equal(f.out.data, expected[line - 1]);
    }
    close_fixture(&f);
}

static size_t subjects_in(const struct buf *out)
{
    size_t count = 0;
    const char *at = out->len > 0 ? out->data : "";
    while ((at = strstr(at, "rule r on ")) != NULL) {
        count++;
        at++;
    }
    return count;
}

static void lines_choose_subjects(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    assert_int_equal(trace(&f, "", 0), PLIM_STATUS_OK);
    assert_int_equal(subjects_in(&f.out), 4);
    assert_int_equal(trace(&f, "Dockerfile", 0), PLIM_STATUS_OK);
    assert_int_equal(subjects_in(&f.out), 4);
    assert_int_equal(trace(&f, "Dockerfile", 2), PLIM_STATUS_OK);
    assert_int_equal(subjects_in(&f.out), 1);
    assert_int_equal(trace(&f, "kerfile", 2), PLIM_STATUS_NOT_FOUND);
    assert_int_equal(trace(&f, "other", 0), PLIM_STATUS_NOT_FOUND);
    assert_int_equal(trace(&f, "Dockerfile", 99), PLIM_STATUS_NOT_FOUND);
    close_fixture(&f);
}

static void conditions_are_counted(void **state)
{
    (void)state;
    struct fixture f;
    struct trace_count counts[32] = {{0}};
    open_fixture(&f);
    assert_true(f.program->code_count <= 32);
    assert_int_equal(trace_coverage(counts, f.program, f.facts, NULL, NULL), PLIM_STATUS_OK);
    trace_print_coverage(&f.out, f.program, counts, NULL);
    assert_non_null(strstr(f.out.data, "s.index >= one  true 3, false 1, unknown 0\n"));
    assert_null(strstr(f.out.data, "deny when"));
    uint8_t none[] = {0};
    buf_clear(&f.out);
    trace_print_coverage(&f.out, f.program, counts, none);
    assert_int_equal(f.out.len, 0);
    close_fixture(&f);
}

static void code_is_shown_under_its_source(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    disasm_program(&f.out, f.program, DISASM_ALL_RULES);
    static const char *const parts[] = {"rule r\n",
                                        "unit over stage\n",
                                        "r0:stage r1:int r2:int r3:bool r4:place",
                                        "    ; test.plim:3:9: s.index\n",
                                        "    0 FIELD    r1 r0 .index\n",
                                        "    1 KINT     r2 1\n",
                                        "    3 JF       r3 -> 12\n",
                                        "   10 PUTK     \"denied\"\n",
                                        "   12 END\n"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strstr(f.out.data, parts[i]) == NULL) {
            print_error("no \"%s\" in\n%s", parts[i], f.out.data);
            fail();
        }
    }
    close_fixture(&f);
}

static void damaged_code_is_shown_as_such(void **state)
{
    (void)state;
    struct assembler as;
    struct program *program = NULL;
    struct buf out;
    assemble(&as);
    for (uint32_t op = 0; op <= 0xFF; op++) {
        as.code[1] = op | UINT32_C(0xFFFFFF00);
        as.code[2] = op;
        assert_int_equal(assembler_build(&as, &program, NULL), PLIM_STATUS_OK);
        buf_init(&out, NULL, 1 << 16);
        disasm_program(&out, program, 0);
        assert_int_equal(buf_status(&out), PLIM_STATUS_OK);
        buf_release(&out);
        program_release(program);
    }
}

struct run {
    struct program *program;
    struct facts *facts;
};

static plim_status trace_with(const plim_allocator *allocator, void *user)
{
    const struct run *run = user;
    struct eval_options options = {.allocator = allocator};
    struct buf out;
    buf_init(&out, allocator, 1 << 20);
    plim_status status = trace_rule(&out, run->program, run->facts, 0, STR(""), 0, &options, NULL);
    if (status == PLIM_STATUS_OK) {
        status = buf_status(&out);
    }
    buf_release(&out);
    return status;
}

static void failing_memory_is_told(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    struct run run = {.program = f.program, .facts = f.facts};
    fault_alloc_run(trace_with, &run);
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clauses_are_shown_with_values),
        cmocka_unit_test(lines_choose_subjects),
        cmocka_unit_test(conditions_are_counted),
        cmocka_unit_test(code_is_shown_under_its_source),
        cmocka_unit_test(damaged_code_is_shown_as_such),
        cmocka_unit_test(failing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
