/* SPDX-License-Identifier: Apache-2.0
 *
 * test_verify.c - every reason to refuse a program, once; and limits at N and N + 1.
 */
#include "runtime/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/builtins.h"
#include "tests/unit/assembler.h"
#include "tests/unit/fault_alloc.h"

/* Registers of the unit every case starts from. */
enum {
    ROW,
    BOOL,
    INT,
    STR_,
    ENUM_,
    LOC,
    COUNT,
    LIST,
    ITER,
    ELEMENT,
    ELEMENT_LOC,
    ELEMENT_IN,
    SET,
    PATTERN,
    OTHER_LIST,
    USER,
    FILTER,
    VERSION_,
    REGISTERS
};

/* A verified skeleton: rule with one arm, unit over stages, constants of each pool; no code. */
static void start(struct assembler *as)
{
    static const char *const words[] = {"a", "b", NULL};
    assembler_init(as, "rule text");
    assembler_int(as, 1);
    assembler_set(as, words);
    assembler_pattern(as, PROGRAM_GLOB, "*.key");
    assembler_rule(as, "r");
    assembler_unit(as, FACT_KIND_stage, FACT_VIEW_none);
    assembler_base(as, PROGRAM_BOOL);
    assembler_base(as, PROGRAM_INT);
    assembler_base(as, PROGRAM_STR);
    assembler_register(as,
                       (struct program_type){.base = PROGRAM_ENUM, .argument = FACT_ENUM_severity});
    assembler_base(as, PROGRAM_LOC);
    assembler_base(as, PROGRAM_COUNT);
    assembler_register(as, (struct program_type){.base = PROGRAM_STR, .list = 1});
    assembler_iterator(as, PROGRAM_STR, 0);
    assembler_register(as, (struct program_type){.base = PROGRAM_SET, .argument = PROGRAM_STR});
    assembler_base(as, PROGRAM_PATTERN);
    assembler_register(as, (struct program_type){.base = PROGRAM_INT, .list = 1});
    assembler_row(as, FACT_KIND_user);
    assembler_register(as, (struct program_type){.base = PROGRAM_STR, .list = 1});
    assembler_base(as, PROGRAM_VERSION);
    assert_int_equal(as->units[0].register_count, REGISTERS);
}

/* Words as constant expressions, for tables. */
#define abc(op, a, b, c)                                                                           \
    ((uint32_t)(op) | (uint32_t)(a) << 8 | (uint32_t)(b) << 16 | (uint32_t)(c) << 24)
#define ai(op, a, imm) ((uint32_t)(op) | (uint32_t)(a) << 8 | (uint32_t)(imm) << 16)

#define END_WORD abc(OP_END, 0, 0, 0)
#define LOAD_LIST abc(OP_FIELD, LIST, ROW, FIELD_stage_shell)

static void put_code(struct assembler *as, const uint32_t *words, size_t count)
{
    memcpy(as->code, words, count * sizeof *words);
    as->code_count = (uint32_t)count;
    as->units[0].code_count = (uint32_t)count;
}

static plim_status check(const struct assembler *as, struct verify_error *error)
{
    struct program *program = NULL;
    assert_int_equal(assembler_build(as, &program, NULL), PLIM_STATUS_OK);
    plim_status status = verify_program(program, error);
    assert_int_equal(program->verified, status == PLIM_STATUS_OK);
    program_release(program);
    return status;
}

static void assert_refused(const struct assembler *as, const char *reason, uint32_t offset)
{
    struct verify_error error = {.text = ""};
    plim_status status = check(as, &error);
    if (status != PLIM_STATUS_POLICY || strstr(error.text, reason) == NULL) {
        print_error("wanted \"%s\", got \"%s\"\n", reason, error.text);
    }
    assert_int_equal(status, PLIM_STATUS_POLICY);
    assert_non_null(strstr(error.text, reason));
    if (offset != VERIFY_NO_PLACE) {
        assert_int_equal(error.offset, offset);
        assert_int_equal(error.unit, 0);
    }
}

static const struct {
    const char *reason;
    uint32_t offset;
    uint32_t words[10];
    size_t count;
} refused[] = {
    {"no such instruction", 0, {0xFF, END_WORD}, 2},
    {"does not close with END", 0, {ai(OP_KBOOL, BOOL, 1)}, 1},
    {"register out of range", 0, {ai(OP_KBOOL, REGISTERS, 1), END_WORD}, 2},
    {"register out of range", 0, {abc(OP_MOVE, BOOL, REGISTERS, 0), END_WORD}, 2},
    {"read before every path", 0, {abc(OP_NOT3, BOOL, BOOL, 0), END_WORD}, 2},
    {"result register has the wrong type", 0, {ai(OP_KBOOL, INT, 1), END_WORD}, 2},
    {"operand register has the wrong type",
     1,
     {ai(OP_KINT, INT, 0), abc(OP_NOT3, BOOL, INT, 0), END_WORD},
     3},
    {"unused operand", 0, {abc(OP_ROWLOC, LOC, ROW, 1), END_WORD}, 2},
    {"unused operand", 0, {abc(OP_END, 1, 0, 0)}, 1},
    {"neither 0 nor 1", 0, {ai(OP_KBOOL, BOOL, 2), END_WORD}, 2},
    {"integer constant out of range", 0, {ai(OP_KINT, INT, 1), END_WORD}, 2},
    {"string constant out of range", 0, {ai(OP_KSTR, STR_, 99), END_WORD}, 2},
    {"set out of range", 0, {ai(OP_KSET, SET, 1), END_WORD}, 2},
    {"pattern out of range", 0, {ai(OP_KPAT, PATTERN, 1), END_WORD}, 2},
    {"parameter out of range", 0, {ai(OP_KPARAM, INT, 0), END_WORD}, 2},
    {"no such member", 0, {ai(OP_KENUM, ENUM_, MEMBER_COUNT_severity), END_WORD}, 2},
    {"no such builtin", 0, {abc(OP_CALL, BOOL, ROW, BUILTIN_COUNT), END_WORD}, 2},
    {"argument of a builtin", 0, {abc(OP_CALL, BOOL, ROW, BUILTIN_starts_with), END_WORD}, 2},
    {"type of the builtin",
     1,
     {ai(OP_KSTR, STR_, 0), abc(OP_CALL, BOOL, STR_, BUILTIN_lower), END_WORD},
     3},
    {"no such field", 0, {abc(OP_HAS, BOOL, ROW, FIELD_COUNT_stage), END_WORD}, 2},
    {"type of the field", 0, {abc(OP_FIELD, BOOL, ROW, FIELD_stage_label), END_WORD}, 2},
    {"types do not agree", 1, {ai(OP_KINT, INT, 0), abc(OP_MOVE, BOOL, INT, 0), END_WORD}, 3},
    {"types do not agree",
     2,
     {ai(OP_KINT, INT, 0), ai(OP_KSTR, STR_, 0), abc(OP_EQ, BOOL, INT, STR_), END_WORD},
     4},
    {"types do not agree",
     2,
     {ai(OP_KINT, INT, 0), ai(OP_KENUM, ENUM_, 0), abc(OP_LTI, BOOL, INT, ENUM_), END_WORD},
     4},
    {"types do not agree", 0, {ai(OP_KINT, ENUM_, 0), END_WORD}, 2},
    {"value and set have different",
     2,
     {ai(OP_KINT, INT, 0), ai(OP_KSET, SET, 0), abc(OP_INSET, BOOL, INT, SET), END_WORD},
     4},
    {"types do not agree",
     2,
     {ai(OP_KINT, INT, 0), LOAD_LIST, abc(OP_INLIST, BOOL, INT, LIST), END_WORD},
     4},
    {"types do not agree", 1, {LOAD_LIST, abc(OP_FIRST, INT, LIST, 0), END_WORD}, 3},
    {"types do not agree", 1, {LOAD_LIST, abc(OP_NEWLIST, OTHER_LIST, LIST, 0), END_WORD}, 3},
    {"jump out of the unit", 0, {ai(OP_JMP, 0, 1), END_WORD}, 2},
    {"jump out of the unit", 1, {ai(OP_KBOOL, BOOL, 1), ai(OP_JF, BOOL, 40), END_WORD}, 3},
    {"FOR without its LOOP",
     2,
     {LOAD_LIST, abc(OP_ITER, ITER, LIST, 0), ai(OP_FOR, ITER, 1), END_WORD, END_WORD},
     5},
    {"reaches out of its unit",
     2,
     {LOAD_LIST, abc(OP_ITER, ITER, LIST, 0), ai(OP_FOR, ITER, 60), END_WORD},
     4},
    {"LOOP without its FOR", 0, {ai(OP_LOOP, 0, 0), END_WORD}, 2},
    {"jump into a loop",
     5,
     {LOAD_LIST, abc(OP_ITER, ITER, LIST, 0), ai(OP_KBOOL, BOOL, 1), ai(OP_JF, BOOL, 1),
      ai(OP_FOR, ITER, 2), ai(OP_KBOOL, BOOL, 1), ai(OP_LOOP, 0, 2), END_WORD},
     8},
    {"iterator of an open loop is overwritten",
     3,
     {LOAD_LIST, abc(OP_ITER, ITER, LIST, 0), ai(OP_FOR, ITER, 2), abc(OP_ITER, ITER, LIST, 0),
      ai(OP_LOOP, 0, 2), END_WORD},
     6},
    {"drives a second one",
     3,
     {LOAD_LIST, abc(OP_ITER, ITER, LIST, 0), ai(OP_FOR, ITER, 3), ai(OP_FOR, ITER, 1),
      ai(OP_LOOP, 0, 1), ai(OP_LOOP, 0, 3), END_WORD},
     7},
    {"loop is not open",
     4,
     {LOAD_LIST, abc(OP_ITER, ITER, LIST, 0), abc(OP_NEWLIST, FILTER, LIST, 0),
      ai(OP_KBOOL, BOOL, 1), abc(OP_PUSH, FILTER, ITER, BOOL), END_WORD},
     6},
    {"finding without a place", 0, {ai(OP_EMIT, 0, 0), END_WORD}, 2},
    {"finding without a place",
     5,
     {ai(OP_KBOOL, BOOL, 1), ai(OP_JF, BOOL, 2), abc(OP_ROWLOC, LOC, ROW, 0), abc(OP_AT, LOC, 0, 0),
      ai(OP_TEXT, 0, 0), ai(OP_EMIT, 0, 0), END_WORD},
     7},
    {"arm out of range",
     2,
     {abc(OP_ROWLOC, LOC, ROW, 0), abc(OP_AT, LOC, 0, 0), ai(OP_EMIT, 0, 1), END_WORD},
     4},
    {"arm out of range",
     2,
     {abc(OP_ROWLOC, LOC, ROW, 0), abc(OP_AT, LOC, 0, 0), ai(OP_EMIT, 0, 0xFFFF), END_WORD},
     4},
    {"label out of range", 1, {abc(OP_ROWLOC, LOC, ROW, 0), ai(OP_ALSO, LOC, 50), END_WORD}, 3},
    {"fix of no known kind", 1, {abc(OP_ROWLOC, LOC, ROW, 0), ai(OP_FIX, LOC, 8), END_WORD}, 3},
    {"read before every path",
     4,
     {ai(OP_KBOOL, BOOL, 1), ai(OP_JF, BOOL, 1), ai(OP_KINT, INT, 0), ai(OP_KBOOL, BOOL, 0),
      abc(OP_EQI, BOOL, INT, INT), END_WORD},
     6},
    {"read before every path",
     5,
     {LOAD_LIST, abc(OP_ITER, ITER, LIST, 0), ai(OP_FOR, ITER, 2), ai(OP_KINT, INT, 0),
      ai(OP_LOOP, 0, 2), abc(OP_EQI, BOOL, INT, INT), END_WORD},
     7},
    {"read before every path",
     4,
     {LOAD_LIST, abc(OP_ITER, ITER, LIST, 0), ai(OP_FOR, ITER, 1), ai(OP_LOOP, 0, 1),
      abc(OP_MOVE, STR_, ELEMENT, 0), END_WORD},
     6},
};

static void code_that_is_refused(void **state)
{
    (void)state;
    struct assembler as;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        start(&as);
        put_code(&as, refused[i].words, refused[i].count);
        assert_refused(&as, refused[i].reason, refused[i].offset);
    }
}

static const struct {
    uint32_t words[12];
    size_t count;
} accepted[] = {
    {{END_WORD}, 1},
    /* written on both paths */
    {{ai(OP_KBOOL, BOOL, 1), ai(OP_JF, BOOL, 2), ai(OP_KINT, INT, 0), ai(OP_JMP, 0, 1),
      ai(OP_KINT, INT, 0), abc(OP_EQI, BOOL, INT, INT), END_WORD},
     7},
    /* a break out of a loop, and a jump to its LOOP */
    {{LOAD_LIST, abc(OP_ITER, ITER, LIST, 0), ai(OP_KBOOL, BOOL, 1), ai(OP_FOR, ITER, 4),
      ai(OP_JF, BOOL, 3), ai(OP_JT, BOOL, 1), ai(OP_KBOOL, BOOL, 0), ai(OP_LOOP, 0, 4), END_WORD},
     9},
    /* dead code is checked but needs no written registers */
    {{ai(OP_JMP, 0, 1), abc(OP_NOT3, BOOL, BOOL, 0), END_WORD}, 3},
    /* a jump onto a FOR does not enter it */
    {{LOAD_LIST, abc(OP_ITER, ITER, LIST, 0), ai(OP_KBOOL, BOOL, 1), ai(OP_JF, BOOL, 1),
      ai(OP_KBOOL, BOOL, 0), ai(OP_FOR, ITER, 1), ai(OP_LOOP, 0, 1), END_WORD},
     8},
    {{ai(OP_KSTR, VERSION_, 0), abc(OP_LTV, BOOL, VERSION_, VERSION_), END_WORD}, 3},
};

static void code_that_is_accepted(void **state)
{
    (void)state;
    struct assembler as;
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        struct verify_error error = {.text = ""};
        start(&as);
        put_code(&as, accepted[i].words, accepted[i].count);
        plim_status status = check(&as, &error);
        assert_string_equal(error.text, "");
        assert_int_equal(status, PLIM_STATUS_OK);
    }
}

/* Changes one record of a program that verifies. */
typedef void damage(struct assembler *as);

static void text_outside(struct assembler *as)
{
    as->texts[0].offset = UINT32_MAX;
}

static void text_too_long(struct assembler *as)
{
    as->texts[0].length = UINT32_MAX;
}

static void file_text(struct assembler *as)
{
    as->files[0].source.length = ASSEMBLER_MAX_STRINGS + 1;
}

static void register_type(struct assembler *as)
{
    as->types[1] = (struct program_type){.base = PROGRAM_ITER};
}

static void list_of_places(struct assembler *as)
{
    as->types[1] = (struct program_type){.base = PROGRAM_LOC, .list = 1};
}

static void span_file(struct assembler *as)
{
    as->source_map[0].file = 1;
}

static void set_type(struct assembler *as)
{
    as->sets[0].type.base = PROGRAM_ROW;
}

static void set_range(struct assembler *as)
{
    as->sets[0].count = UINT32_MAX;
}

static void set_gap(struct assembler *as)
{
    as->sets[0].first = 1;
}

static void set_item(struct assembler *as)
{
    as->set_items[0] = -1;
}

static void set_param(struct assembler *as)
{
    as->sets[0].param = 0;
}

static void pattern_kind(struct assembler *as)
{
    as->patterns[0].kind = 2;
}

static void pattern_glob(struct assembler *as)
{
    as->patterns[0].text = assembler_text(as, "[a");
}

static void arm_severity(struct assembler *as)
{
    as->arms[0].severity = MEMBER_COUNT_severity;
}

static void rule_text(struct assembler *as)
{
    as->rules[0].why.offset = UINT32_MAX;
}

static void rule_section(struct assembler *as)
{
    as->rules[0].section = PROGRAM_SECTION_COUNT;
}

static void rule_arms(struct assembler *as)
{
    as->rules[0].arm_count = UINT32_MAX;
}

static void rule_units(struct assembler *as)
{
    as->rules[0].unit_count = 0;
}

static void unit_rule(struct assembler *as)
{
    as->units[0].rule = 1;
}

static void unit_kind(struct assembler *as)
{
    as->units[0].kind = FACT_KIND_COUNT;
}

static void unit_view(struct assembler *as)
{
    as->units[0].view = FACT_VIEW_none + 1;
}

static void unit_code(struct assembler *as)
{
    as->units[0].code_count = UINT32_MAX;
}

static void unit_code_gap(struct assembler *as)
{
    as->units[0].first_code = 1;
    as->units[0].code_count = 1;
}

static void unit_registers(struct assembler *as)
{
    as->units[0].register_count = PROGRAM_MAX_REGISTERS + 1;
}

static void unit_row(struct assembler *as)
{
    as->types[0].argument = FACT_KIND_user;
}

static void unit_guard_outside(struct assembler *as)
{
    as->units[0].guard_count = 1;
}

static void orphan_code(struct assembler *as)
{
    as->code[as->code_count++] = END_WORD;
}

static void param_set(struct assembler *as)
{
    as->params[0] = (struct program_param){.type = {.base = PROGRAM_STR, .list = 1}, .set = 7};
    as->param_count = 1;
}

static void param_default(struct assembler *as)
{
    as->params[0] = (struct program_param){.type = {.base = PROGRAM_BOOL}, .value = 2};
    as->param_count = 1;
}

static void param_type(struct assembler *as)
{
    as->params[0] = (struct program_param){.type = {.base = PROGRAM_LOC}};
    as->param_count = 1;
}

static void tables_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        damage *apply;
        const char *reason;
    } cases[] = {
        {text_outside, "outside the strings"},
        {text_too_long, "outside the strings"},
        {file_text, "outside the strings"},
        {register_type, "malformed type"},
        {list_of_places, "malformed type"},
        {span_file, "no known file"},
        {set_type, "sets cannot hold"},
        {set_range, "outside their table"},
        {set_gap, "overlap or leave gaps"},
        {set_item, "no value of its type"},
        {set_param, "does not name it"},
        {pattern_kind, "no known kind"},
        {pattern_glob, "malformed wildcards"},
        {arm_severity, "arm with"},
        {rule_text, "text of a rule"},
        {rule_section, "property of a rule"},
        {rule_arms, "part of a rule"},
        {rule_units, "does not own"},
        {unit_rule, "does not own"},
        {unit_kind, "no known kind or view"},
        {unit_view, "no known kind or view"},
        {unit_code, "code of a unit outside"},
        {unit_code_gap, "overlaps or leaves gaps"},
        {unit_registers, "registers of a unit outside"},
        {unit_row, "register 0"},
        {unit_guard_outside, "guard of a unit"},
        {orphan_code, "belongs to no unit"},
        {param_set, "without a set of its own"},
        {param_default, "no value of its type"},
        {param_type, "parameters cannot have"},
    };
    struct assembler as;
    const uint32_t words[] = {ai(OP_KBOOL, BOOL, 1), END_WORD};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(&as);
        put_code(&as, words, 2);
        cases[i].apply(&as);
        assert_refused(&as, cases[i].reason, VERIFY_NO_PLACE);
    }
}

enum { OWN = PROGRAM_NO_VIA, NO_FIELD = 0 };

static const struct {
    struct program_guard node;
    bool fine;
} guard_nodes[] = {
    {{PROGRAM_HAS, OWN, FIELD_stage_name, 0, 0}, true},
    {{PROGRAM_LACKS, OWN, FIELD_stage_users, 0, 0}, true},
    {{PROGRAM_HAS, OWN, FIELD_COUNT_stage, 0, 0}, false},
    {{PROGRAM_HAS, OWN, FIELD_stage_name, 1, 0}, false},
    {{PROGRAM_HAS, FIELD_stage_user, FIELD_user_name, 0, 0}, true},
    {{PROGRAM_HAS, FIELD_stage_user, FIELD_COUNT_user, 0, 0}, false},
    {{PROGRAM_HAS, FIELD_stage_users, FIELD_user_name, 0, 0}, false},
    {{PROGRAM_HAS, FIELD_stage_name, 0, 0, 0}, false},
    {{PROGRAM_HAS, FIELD_COUNT_stage, 0, 0, 0}, false},
    {{PROGRAM_TRUE, OWN, FIELD_stage_shipped, 0, 0}, true},
    {{PROGRAM_TRUE, OWN, FIELD_stage_name, 0, 0}, false},
    {{PROGRAM_FALSE, OWN, FIELD_stage_users, 0, 0}, false},
    {{PROGRAM_SAME, OWN, FIELD_stage_name, 0, 0}, true},
    {{PROGRAM_SAME, OWN, FIELD_stage_name, 0, 99}, false},
    {{PROGRAM_SAME, OWN, FIELD_stage_shipped, 0, 0}, false},
    {{PROGRAM_OTHER, OWN, FIELD_stage_index, 0, 0}, false},
    {{PROGRAM_OTHER, OWN, FIELD_stage_shell, 0, 0}, false},
    {{PROGRAM_IS, FIELD_stage_cmd, FIELD_cmd_form, 0, 0}, true},
    {{PROGRAM_IS, FIELD_stage_cmd, FIELD_cmd_form, 0, 99}, false},
    {{PROGRAM_IS, OWN, FIELD_stage_name, 0, 0}, false},
    {{PROGRAM_IS_NOT, OWN, FIELD_stage_index, 0, 0}, false},
    {{PROGRAM_IN, OWN, FIELD_stage_name, 0, 0}, true},
    {{PROGRAM_IN, OWN, FIELD_stage_name, 0, 99}, false},
    {{PROGRAM_NOT_IN, OWN, FIELD_stage_index, 0, 0}, false},
    {{PROGRAM_LIKE, OWN, FIELD_stage_name, 0, 0}, true},
    {{PROGRAM_LIKE, OWN, FIELD_stage_name, 0, 99}, false},
    {{PROGRAM_LIKE, OWN, FIELD_stage_shell, 0, 0}, false},
    {{PROGRAM_SOME, OWN, FIELD_stage_shell, 0, 0}, true},
    {{PROGRAM_SOME, OWN, FIELD_stage_name, 0, 0}, false},
    {{PROGRAM_TEST_COUNT, OWN, FIELD_stage_name, 0, 0}, false},
    {{PROGRAM_ANY, OWN, NO_FIELD, 0, 0}, false},
    {{PROGRAM_ALL, OWN, NO_FIELD, 0, 1}, false},
};

/* Starts a program whose code is fine. */
static void start_guard(struct assembler *as)
{
    const uint32_t words[] = {ai(OP_KBOOL, BOOL, 1), END_WORD};
    start(as);
    put_code(as, words, 2);
}

static void check_guard(const struct assembler *as, bool fine)
{
    if (fine) {
        program_release(assembler_verified(as));
    } else {
        assert_refused(as, "guard of a unit", VERIFY_NO_PLACE);
    }
}

static void guards_must_fit_their_kind(void **state)
{
    (void)state;
    struct assembler as;
    for (size_t i = 0; i < sizeof guard_nodes / sizeof *guard_nodes; i++) {
        start_guard(&as);
        *assembler_guard(&as, PROGRAM_HAS, 0, 0) = guard_nodes[i].node;
        check_guard(&as, guard_nodes[i].fine);
    }
}

static void guards_have_bounds(void **state)
{
    (void)state;
    struct assembler as;
    for (unsigned n = PROGRAM_MAX_GUARD - 1; n <= PROGRAM_MAX_GUARD + 1; n++) {
        start_guard(&as);
        for (unsigned i = 0; i < n; i++) {
            assembler_guard(&as, PROGRAM_HAS, FIELD_stage_name, 0);
        }
        check_guard(&as, n <= PROGRAM_MAX_GUARD);
    }
    for (unsigned depth = PROGRAM_MAX_GUARD_DEPTH - 1; depth <= PROGRAM_MAX_GUARD_DEPTH + 1;
         depth++) {
        start_guard(&as);
        for (unsigned i = depth; i > 0; i--) {
            assembler_guard(&as, PROGRAM_ANY, NO_FIELD, i);
        }
        assembler_guard(&as, PROGRAM_HAS, FIELD_stage_name, 0);
        check_guard(&as, depth <= PROGRAM_MAX_GUARD_DEPTH);
    }
    /* A group ends before the one around it does. */
    for (unsigned members = 1; members <= 3; members++) {
        start_guard(&as);
        assembler_guard(&as, PROGRAM_ALL, NO_FIELD, 2);
        assembler_guard(&as, PROGRAM_ANY, NO_FIELD, members);
        assembler_guard(&as, PROGRAM_HAS, FIELD_stage_name, 0);
        assembler_guard(&as, PROGRAM_HAS, FIELD_stage_name, 0);
        check_guard(&as, members == 1);
    }
}

/* A loop over the users of a stage, with SKIP somewhere in it. */
static void skip_belongs_behind_its_for(void **state)
{
    (void)state;
    static const struct {
        unsigned iterator, guard, at;
        const char *reason;
    } cases[] = {
        {0, 0, 0, NULL},
        {0, 0, 1, "SKIP that is not behind its FOR"},
        {1, 0, 0, "SKIP that is not behind its FOR"},
        {0, 1, 0, "guard does not fit"}, /* no group */
        {0, 2, 0, "guard does not fit"}, /* of another kind */
        {0, 4, 0, "guard out of range"},
    };
    struct assembler as;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(&as);
        unsigned list = assembler_register(
            &as, (struct program_type){.base = PROGRAM_ROW, .argument = FACT_KIND_user, .list = 1});
        unsigned iterator = assembler_iterator(&as, PROGRAM_ROW, FACT_KIND_user);
        unsigned other = assembler_iterator(&as, PROGRAM_ROW, FACT_KIND_user);
        assembler_guard(&as, PROGRAM_ALL, NO_FIELD, 1);
        assembler_guard(&as, PROGRAM_TRUE, FIELD_user_is_root, 0);
        assembler_guard(&as, PROGRAM_ALL, NO_FIELD, 1);
        assembler_guard(&as, PROGRAM_HAS, FIELD_COUNT_user, 0);
        as.units[0].guard_count = 0;
        assembler_abc(&as, OP_FIELD, list, 0, FIELD_stage_users);
        assembler_abc(&as, OP_ITER, iterator, list, 0);
        assembler_abc(&as, OP_ITER, other, list, 0);
        uint32_t loop = assembler_ai(&as, OP_FOR, iterator, 0);
        if (cases[i].at == 1) {
            assembler_ai(&as, OP_KBOOL, BOOL, 1);
        }
        uint32_t at =
            assembler_ai(&as, OP_SKIP, cases[i].iterator == 0 ? iterator : other, cases[i].guard);
        assembler_loop(&as, loop);
        assembler_abc(&as, OP_END, 0, 0, 0);
        if (cases[i].reason == NULL) {
            program_release(assembler_verified(&as));
        } else {
            assert_refused(&as, cases[i].reason, at);
        }
    }
}

/* `depth` loops inside each other. */
static void nest_loops(struct assembler *as, unsigned depth)
{
    uint32_t loops[PROGRAM_MAX_LOOPS + 1];
    assembler_init(as, "");
    assembler_rule(as, "r");
    assembler_unit(as, FACT_KIND_stage, FACT_VIEW_none);
    unsigned list = assembler_register(as, (struct program_type){.base = PROGRAM_STR, .list = 1});
    assembler_abc(as, OP_FIELD, list, 0, FIELD_stage_shell);
    for (unsigned i = 0; i < depth; i++) {
        unsigned iterator = assembler_iterator(as, PROGRAM_STR, 0);
        assembler_abc(as, OP_ITER, iterator, list, 0);
        loops[i] = assembler_ai(as, OP_FOR, iterator, 0);
    }
    for (unsigned i = depth; i > 0; i--) {
        assembler_loop(as, loops[i - 1]);
    }
    assembler_abc(as, OP_END, 0, 0, 0);
}

static void loops_nest_to_the_limit(void **state)
{
    (void)state;
    struct assembler as;
    struct verify_error error = {.text = ""};
    nest_loops(&as, PROGRAM_MAX_LOOPS);
    assert_int_equal(check(&as, &error), PLIM_STATUS_OK);
    nest_loops(&as, PROGRAM_MAX_LOOPS + 1);
    assert_refused(&as, "deeper than 8", VERIFY_NO_PLACE);
}

static void registers_go_to_the_limit(void **state)
{
    (void)state;
    struct assembler as;
    struct verify_error error = {.text = ""};
    assembler_init(&as, "");
    assembler_rule(&as, "r");
    assembler_unit(&as, FACT_KIND_stage, FACT_VIEW_none);
    while (as.type_count < PROGRAM_MAX_REGISTERS) {
        assembler_base(&as, PROGRAM_BOOL);
    }
    assembler_ai(&as, OP_KBOOL, PROGRAM_MAX_REGISTERS - 1, 1);
    assembler_abc(&as, OP_NOT3, PROGRAM_MAX_REGISTERS - 1, PROGRAM_MAX_REGISTERS - 1, 0);
    assembler_abc(&as, OP_END, 0, 0, 0);
    assert_int_equal(check(&as, &error), PLIM_STATUS_OK);
}

/* One unit of `count` instructions. */
static plim_status check_long_unit(uint32_t count)
{
    struct assembler as;
    struct program *program = NULL;
    struct verify_error error;
    assembler_init(&as, "");
    assembler_rule(&as, "r");
    assembler_unit(&as, FACT_KIND_stage, FACT_VIEW_none);
    assembler_base(&as, PROGRAM_BOOL);
    assembler_abc(&as, OP_END, 0, 0, 0);
    assert_int_equal(assembler_build(&as, &program, NULL), PLIM_STATUS_OK);
    uint32_t *code = ARENA_ARRAY(&program->arena, uint32_t, count);
    struct program_span *map = ARENA_ARRAY(&program->arena, struct program_span, count);
    struct program_unit *unit = ARENA_NEW(&program->arena, struct program_unit);
    *unit = program->units[0];
    for (uint32_t i = 0; i < count; i++) {
        code[i] = i + 1 < count ? ai(OP_KBOOL, BOOL, 0) : END_WORD;
    }
    unit->code_count = count;
    program->units = unit;
    program->code = code;
    program->source_map = map;
    program->code_count = count;
    program->source_map_count = count;
    plim_status status = verify_program(program, &error);
    program_release(program);
    return status;
}

static void units_are_as_long_as_the_limit(void **state)
{
    (void)state;
    assert_int_equal(check_long_unit(PROGRAM_MAX_UNIT - 1), PLIM_STATUS_OK);
    assert_int_equal(check_long_unit(PROGRAM_MAX_UNIT), PLIM_STATUS_OK);
    assert_int_equal(check_long_unit(PROGRAM_MAX_UNIT + 1), PLIM_STATUS_POLICY);
}

static plim_status verify_with(const plim_allocator *allocator, void *user)
{
    struct program *program = NULL;
    struct verify_error error;
    plim_status status = assembler_build(user, &program, allocator);
    if (status == PLIM_STATUS_OK) {
        status = verify_program(program, &error);
    }
    program_release(program);
    return status;
}

static void failing_memory_is_told(void **state)
{
    (void)state;
    struct assembler as;
    nest_loops(&as, 3);
    fault_alloc_run(verify_with, &as);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_that_is_refused),
        cmocka_unit_test(code_that_is_accepted),
        cmocka_unit_test(tables_that_are_refused),
        cmocka_unit_test(guards_must_fit_their_kind),
        cmocka_unit_test(guards_have_bounds),
        cmocka_unit_test(skip_belongs_behind_its_for),
        cmocka_unit_test(loops_nest_to_the_limit),
        cmocka_unit_test(registers_go_to_the_limit),
        cmocka_unit_test(units_are_as_long_as_the_limit),
        cmocka_unit_test(failing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
