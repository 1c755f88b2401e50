/* SPDX-License-Identifier: Apache-2.0
 *
 * verify.c - one pass over the code of each unit. The state at an instruction is the set of
 * registers written on every path to it (plus one bit for "a place was given") and the stack of
 * open loops. Because jumps go forward only, all states that meet at an instruction are known when
 * the pass arrives there; the back edge of a loop can only add registers, so the state at its FOR
 * is already final. See the head of opcodes.def for the rules and verify.h for the contract.
 */
#include "runtime/verify.h"

#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "runtime/builtins.h"
#include "runtime/bytecode.h"
#include "runtime/verify_tables.h"

enum { FLOW_WORDS = PROGRAM_MAX_REGISTERS / 64, PLACE_REGISTER = PROGRAM_MAX_REGISTERS };

/* Registers written on every path; bit PLACE_REGISTER: AT has run. */
struct flow {
    uint64_t written[FLOW_WORDS + 1];
};

/* What jumps forward to an instruction agree on. */
struct meeting {
    struct flow flow;
    uint32_t earliest; /* first instruction that jumps here; UINT32_MAX: none does */
};

struct open_loop {
    uint32_t begin; /* its FOR */
    uint32_t end;   /* behind its LOOP */
    unsigned iterator;
};

struct pass {
    const struct program *program;
    const struct program_unit *unit;
    const struct program_type *types;
    uint32_t unit_index;
    struct verify_error *error;
    struct meeting *meetings; /* by instruction of the unit */
    struct flow flow;
    bool reachable;
    struct open_loop loops[PROGRAM_MAX_LOOPS];
    size_t loop_count;
    uint32_t at; /* instruction, counted within the unit */
};

static bool refuse(struct pass *pass, const char *reason)
{
    return verify_refuse(pass->error, pass->unit_index, pass->unit->first_code + pass->at, reason);
}

static bool same_type(struct program_type a, struct program_type b)
{
    return a.base == b.base && a.argument == b.argument && a.list == b.list && a.iter == b.iter;
}

static bool is_scalar(struct program_type type)
{
    return type.list == 0 && type.iter == 0;
}

static bool is_base(struct program_type type, enum program_base base)
{
    return is_scalar(type) && type.base == base;
}

static struct program_type element_of(struct program_type type)
{
    type.list = 0;
    type.iter = 0;
    return type;
}

static bool written(const struct pass *pass, unsigned index)
{
    return (pass->flow.written[index / 64] >> index % 64 & 1) != 0;
}

/* Marks a register as written; false when it does not exist or holds an open iterator. */
static bool write_register(struct pass *pass, unsigned index)
{
    if (index >= pass->unit->register_count) {
        return refuse(pass, "register out of range");
    }
    for (size_t i = 0; i < pass->loop_count; i++) {
        if (pass->loops[i].iterator == index) {
            return refuse(pass, "iterator of an open loop is overwritten");
        }
    }
    pass->flow.written[index / 64] |= UINT64_C(1) << index % 64;
    return true;
}

static inline bool read_register(struct pass *pass, unsigned index)
{
    if (index >= pass->unit->register_count) {
        return refuse(pass, "register out of range");
    }
    return written(pass, index) || refuse(pass, "register is read before every path writes it");
}

/* Sets of bases. NUMBERS is what compares by order. */
#define BASE(name) (UINT32_C(1) << PROGRAM_##name)
#define NUMBERS (BASE(INT) | BASE(DURATION) | BASE(SIZE) | BASE(TIME) | BASE(ENUM))
#define STRINGS (BASE(STR) | BASE(VERSION))

/* Bases that a scalar register may have where an operand of the class stands; none for classes that
 * are no registers, or that ask for a list or an iterator. */
static const uint32_t fitting_bases[OPERAND_back + 1] = {
    [OPERAND_wbool] = BASE(BOOL),   [OPERAND_rbool] = BASE(BOOL),   [OPERAND_wint] = NUMBERS,
    [OPERAND_rint] = NUMBERS,       [OPERAND_wstr] = STRINGS,       [OPERAND_rstr] = STRINGS,
    [OPERAND_wenum] = BASE(ENUM),   [OPERAND_rrow] = BASE(ROW),     [OPERAND_wset] = BASE(SET),
    [OPERAND_rset] = BASE(SET),     [OPERAND_wpat] = BASE(PATTERN), [OPERAND_rpat] = BASE(PATTERN),
    [OPERAND_wloc] = BASE(LOC),     [OPERAND_rloc] = BASE(LOC),     [OPERAND_wcount] = BASE(COUNT),
    [OPERAND_rcount] = BASE(COUNT),
};

/* Whether a register of this type may stand where the operand class says. */
static inline bool type_fits(enum operand class, struct program_type type)
{
    if (is_scalar(type) && type.base < 32 && (fitting_bases[class] >> type.base & 1) != 0) {
        return true;
    }
    if (class == OPERAND_witer || class == OPERAND_riter) {
        return type.iter != 0;
    }
    if (class == OPERAND_wlist || class == OPERAND_rlist) {
        return type.list != 0;
    }
    if (class == OPERAND_wany || class == OPERAND_rany || class == OPERAND_wcell) {
        return type.iter == 0;
    }
    return false;
}

static inline bool is_written_class(enum operand class)
{
    return class >= OPERAND_wbool && class <= OPERAND_wlist;
}

static inline bool is_read_class(enum operand class)
{
    return class >= OPERAND_rbool && class <= OPERAND_rloc;
}

/* Operands that are no registers, as far as the instruction alone tells. */
static bool check_number(struct pass *pass, enum operand class, unsigned value)
{
    const struct program *program = pass->program;
    unsigned arms = program->rules[pass->unit->rule].arm_count;
    switch ((int)class) {
    case OPERAND_kINT:
        return value < program->int_count || refuse(pass, "integer constant out of range");
    case OPERAND_kSTR:
        return value < program->text_count || refuse(pass, "string constant out of range");
    case OPERAND_kSET:
        return value < program->set_count || refuse(pass, "set out of range");
    case OPERAND_kPAT:
        return value < program->pattern_count || refuse(pass, "pattern out of range");
    case OPERAND_kPARAM:
        return value < program->param_count || refuse(pass, "parameter out of range");
    case OPERAND_call:
        return value < BUILTIN_COUNT || refuse(pass, "no such builtin");
    case OPERAND_arm:
        return value < arms || value == PROGRAM_ANY_ARM || refuse(pass, "arm out of range");
    case OPERAND_label:
        return value < program->text_count || value >= PROGRAM_TEXT_LABEL ||
               refuse(pass, "label out of range");
    case OPERAND_bool:
        return value <= 1 || refuse(pass, "truth value is neither 0 nor 1");
    case OPERAND_fix:
        return value <= 7 || refuse(pass, "fix of no known kind");
    default: /* fields and members depend on a register; jumps and guards are checked apart */
        return true;
    }
}

static inline bool check_operand(struct pass *pass, enum operand class, unsigned value)
{
    if (class == OPERAND_none) {
        return value == 0 || refuse(pass, "unused operand is not 0");
    }
    if (is_written_class(class)) {
        /* Marked as written after the reads were checked. */
        return (value < pass->unit->register_count || refuse(pass, "register out of range")) &&
               (type_fits(class, pass->types[value]) ||
                refuse(pass, "result register has the wrong type"));
    }
    if (is_read_class(class)) {
        return read_register(pass, value) && (type_fits(class, pass->types[value]) ||
                                              refuse(pass, "operand register has the wrong type"));
    }
    return check_number(pass, class, value);
}

/* Type of the values of a schema field. */
static struct program_type field_type(const struct fact_field_info *field)
{
    static const uint8_t bases[] = {[FACT_BOOL] = PROGRAM_BOOL, [FACT_INT] = PROGRAM_INT,
                                    [FACT_STR] = PROGRAM_STR,   [FACT_DURATION] = PROGRAM_DURATION,
                                    [FACT_SIZE] = PROGRAM_SIZE, [FACT_VERSION] = PROGRAM_VERSION,
                                    [FACT_TIME] = PROGRAM_TIME, [FACT_ENUM] = PROGRAM_ENUM,
                                    [FACT_ROW] = PROGRAM_ROW};
    return (struct program_type){.base = bases[field->type],
                                 .argument = field->argument,
                                 .list = field->cardinality == FACT_LIST ? 1 : 0};
}

static bool check_field(struct pass *pass, unsigned row, unsigned field, unsigned result)
{
    const struct fact_kind_info *kind = schema_kind((enum fact_kind)pass->types[row].argument);
    if (field >= kind->field_count) {
        return refuse(pass, "the kind has no such field");
    }
    bool value = bytecode_op(pass->program->code[pass->unit->first_code + pass->at]) == OP_FIELD;
    if (value && !same_type(pass->types[result], field_type(&kind->fields[field]))) {
        return refuse(pass, "result register has not the type of the field");
    }
    return true;
}

static bool check_call(struct pass *pass, unsigned result, unsigned first, unsigned number)
{
    const struct builtin_info *info = builtin_info((enum builtin)number);
    for (unsigned i = 0; i < info->argument_count; i++) {
        if (!read_register(pass, first + i)) {
            return false;
        }
        if (!same_type(pass->types[first + i], builtin_argument_type(info, i))) {
            return refuse(pass, "argument of a builtin has the wrong type");
        }
    }
    return same_type(pass->types[result], info->result) ||
           refuse(pass, "result register has not the type of the builtin");
}

static bool check_param_load(struct pass *pass, struct program_type result, unsigned number)
{
    struct program_type type = pass->program->params[number].type;
    bool fits = type.list != 0 ? is_base(result, PROGRAM_SET) && result.argument == type.base
                               : same_type(result, type);
    return fits || refuse(pass, "result register has not the type of the parameter");
}

static bool check_in_set(struct pass *pass, struct program_type value, struct program_type set)
{
    return (is_scalar(value) && value.base == set.argument) ||
           refuse(pass, "value and set have different types");
}

/* The element, its place and its certainty follow the iterator. */
static bool check_for(struct pass *pass, unsigned iterator)
{
    const struct program_type *types = pass->types;
    if (iterator + 3 >= pass->unit->register_count) {
        return refuse(pass, "registers of a loop out of range");
    }
    if (!same_type(types[iterator + 1], element_of(types[iterator])) ||
        !is_base(types[iterator + 2], PROGRAM_LOC) || !is_base(types[iterator + 3], PROGRAM_BOOL)) {
        return refuse(pass, "registers of a loop have the wrong types");
    }
    for (size_t i = 0; i < pass->loop_count; i++) {
        if (pass->loops[i].iterator == iterator) {
            return refuse(pass, "iterator of an open loop drives a second one");
        }
    }
    return true;
}

static bool check_push(struct pass *pass, unsigned list, unsigned iterator)
{
    bool open = false;
    for (size_t i = 0; i < pass->loop_count; i++) {
        open = open || pass->loops[i].iterator == iterator;
    }
    if (!open) {
        return refuse(pass, "element of an iterator whose loop is not open");
    }
    return same_type(element_of(pass->types[list]), element_of(pass->types[iterator])) ||
           refuse(pass, "element does not fit the list");
}

static const char types_differ[] = "operand types do not agree";

/* Constants against the register they go to. */
static bool check_constant(struct pass *pass, enum opcode op, struct program_type result,
                           unsigned imm)
{
    switch ((int)op) {
    case OP_KENUM:
        return imm < schema_enum((enum fact_enum)result.argument)->member_count ||
               refuse(pass, "the enumeration has no such member");
    case OP_KINT:
        return !is_base(result, PROGRAM_ENUM) || refuse(pass, types_differ);
    case OP_KSET:
        return result.argument == pass->program->sets[imm].type.base || refuse(pass, types_differ);
    case OP_KPARAM:
        return check_param_load(pass, result, imm);
    default:
        return true;
    }
}

/* What lists, their elements and counts must have in common. */
static bool check_lists(struct pass *pass, enum opcode op, uint32_t word)
{
    const struct program_type *t = pass->types;
    struct program_type a = t[bytecode_a(word)];
    struct program_type b = t[bytecode_b(word)];
    bool fits = true;
    switch ((int)op) {
    case OP_INLIST:
        fits = same_type(b, element_of(t[bytecode_c(word)]));
        break;
    case OP_I2C:
        fits = is_base(b, PROGRAM_INT);
        break;
    case OP_C2I:
        fits = is_base(a, PROGRAM_INT);
        break;
    case OP_FIRST:
        fits = same_type(a, element_of(b));
        break;
    case OP_ITER:
        fits = same_type(element_of(a), element_of(b));
        break;
    case OP_NEWLIST:
        fits = same_type(a, b);
        break;
    case OP_PUSH:
        return check_push(pass, bytecode_a(word), bytecode_b(word));
    default:
        break;
    }
    return fits || refuse(pass, types_differ);
}

/* What the operand classes cannot say: types that must agree. */
static bool check_types(struct pass *pass, enum opcode op, uint32_t word)
{
    const struct program_type *t = pass->types;
    unsigned a = bytecode_a(word);
    if (bytecode_info(op)->format != OP_FORMAT_ABC) {
        return check_constant(pass, op, t[a], bytecode_imm(word));
    }
    unsigned b = bytecode_b(word);
    unsigned c = bytecode_c(word);
    switch ((int)op) {
    case OP_MOVE:
        return same_type(t[a], t[b]) || refuse(pass, types_differ);
    case OP_DEFAULT:
        return (same_type(t[a], t[b]) && same_type(t[b], t[c])) || refuse(pass, types_differ);
    case OP_FIELD:
    case OP_HAS:
    case OP_FIELDLOC:
        return check_field(pass, b, c, a);
    case OP_EQ:
        return (same_type(t[b], t[c]) && is_scalar(t[b]) && t[b].base <= PROGRAM_ROW) ||
               refuse(pass, types_differ);
    case OP_EQI:
    case OP_LTI:
    case OP_LEI:
        return same_type(t[b], t[c]) || refuse(pass, types_differ);
    case OP_INSET:
        return check_in_set(pass, t[b], t[c]);
    case OP_CALL:
        return check_call(pass, a, b, c);
    default:
        return check_lists(pass, op, word);
    }
}

/* Records that control may pass from here to `target` with the present state. */
static bool jump_to(struct pass *pass, uint32_t target)
{
    if (target >= pass->unit->code_count) {
        return refuse(pass, "jump out of the unit");
    }
    if (!pass->reachable) {
        return true;
    }
    struct meeting *meeting = &pass->meetings[target];
    if (meeting->earliest == UINT32_MAX) {
        meeting->flow = pass->flow;
        meeting->earliest = pass->at;
        return true;
    }
    for (size_t i = 0; i <= FLOW_WORDS; i++) {
        meeting->flow.written[i] &= pass->flow.written[i];
    }
    return true;
}

static bool open_loop(struct pass *pass, unsigned iterator, unsigned distance)
{
    uint32_t end = pass->at + 1 + distance;
    uint32_t limit =
        pass->loop_count > 0 ? pass->loops[pass->loop_count - 1].end - 1 : pass->unit->code_count;
    if (pass->loop_count == PROGRAM_MAX_LOOPS) {
        return refuse(pass, "loops nest deeper than 8");
    }
    if (distance == 0 || end > limit) {
        return refuse(pass, "loop reaches out of its unit or of the loop around it");
    }
    uint32_t last = pass->program->code[pass->unit->first_code + end - 1];
    if (bytecode_op(last) != OP_LOOP || bytecode_imm(last) != distance) {
        return refuse(pass, "FOR without its LOOP");
    }
    if (!jump_to(pass, end)) {
        return false;
    }
    for (unsigned i = 1; i <= 3; i++) {
        if (!write_register(pass, iterator + i)) {
            return false;
        }
    }
    pass->loops[pass->loop_count++] =
        (struct open_loop){.begin = pass->at, .end = end, .iterator = iterator};
    return true;
}

/* Jumps only where its FOR does, and nothing but that FOR leads to it. */
static bool check_skip(struct pass *pass, unsigned iterator, uint32_t number)
{
    if (number >= pass->program->guard_count) {
        return refuse(pass, "guard out of range");
    }
    const struct program_guard *node = &pass->program->guards[number];
    const struct open_loop *loop = pass->loop_count > 0 ? &pass->loops[pass->loop_count - 1] : NULL;
    if (loop == NULL || loop->begin + 1 != pass->at || loop->iterator != iterator) {
        return refuse(pass, "SKIP that is not behind its FOR");
    }
    struct program_type row = element_of(pass->types[iterator]);
    return (is_base(row, PROGRAM_ROW) && node->test == PROGRAM_ALL &&
            node->operand < PROGRAM_MAX_GUARD &&
            verify_guard(pass->program, (enum fact_kind)row.argument, number, node->operand + 1)) ||
           refuse(pass, "guard does not fit the element");
}

/* Effects on control flow. */
static bool check_flow(struct pass *pass, enum opcode op, uint32_t word)
{
    uint32_t target = pass->at + 1 + bytecode_imm(word);
    switch ((int)op) {
    case OP_FOR:
        return check_for(pass, bytecode_a(word)) &&
               open_loop(pass, bytecode_a(word), bytecode_imm(word));
    case OP_SKIP:
        return check_skip(pass, bytecode_a(word), bytecode_imm(word));
    case OP_LOOP:
        /* open_loop has seen to it that this LOOP and its FOR name each other. */
        if (pass->loop_count == 0 || pass->loops[pass->loop_count - 1].end != pass->at + 1) {
            return refuse(pass, "LOOP without its FOR");
        }
        pass->loop_count--;
        pass->reachable = false;
        return true;
    case OP_JMP:
        if (!jump_to(pass, target)) {
            return false;
        }
        pass->reachable = false;
        return true;
    case OP_JF:
    case OP_JT:
    case OP_JNT:
        return jump_to(pass, target);
    case OP_END:
        pass->reachable = false;
        return true;
    case OP_AT:
        pass->flow.written[FLOW_WORDS] |= 1;
        return true;
    case OP_EMIT:
        if (bytecode_imm(word) == PROGRAM_ANY_ARM) {
            return refuse(pass, "arm out of range");
        }
        return written(pass, PLACE_REGISTER) ||
               refuse(pass, "finding without a place on every path");
    default:
        return true;
    }
}

/* Joins what jumps brought here with what falls through. */
static bool arrive(struct pass *pass)
{
    struct meeting *meeting = &pass->meetings[pass->at];
    if (meeting->earliest != UINT32_MAX) {
        if (pass->loop_count > 0 && pass->loops[pass->loop_count - 1].begin >= meeting->earliest) {
            return refuse(pass, "jump into a loop");
        }
        for (size_t i = 0; i <= FLOW_WORDS; i++) {
            pass->flow.written[i] = pass->reachable
                                        ? pass->flow.written[i] & meeting->flow.written[i]
                                        : meeting->flow.written[i];
        }
        pass->reachable = true;
    } else if (!pass->reachable) {
        /* Never runs; checked all the same, as if everything had been written. */
        memset(&pass->flow, 0xFF, sizeof pass->flow);
    }
    return true;
}

static bool check_instruction(struct pass *pass)
{
    uint32_t word = pass->program->code[pass->unit->first_code + pass->at];
    if (!arrive(pass)) {
        return false;
    }
    if (bytecode_op(word) >= OPCODE_COUNT) {
        return refuse(pass, "no such instruction");
    }
    enum opcode op = (enum opcode)bytecode_op(word);
    const struct op_info *info = bytecode_info(op);
    bool three = info->format == OP_FORMAT_ABC;
    bool operands =
        check_operand(pass, info->a, bytecode_a(word)) &&
        check_operand(pass, three ? info->b : OPERAND_none, three ? bytecode_b(word) : 0) &&
        check_operand(pass, info->c, three ? bytecode_c(word) : bytecode_imm(word));
    if (!operands || !check_types(pass, op, word)) {
        return false;
    }
    if (is_written_class(info->a) && !write_register(pass, bytecode_a(word))) {
        return false;
    }
    return check_flow(pass, op, word);
}

static bool check_unit(struct pass *pass, uint32_t index)
{
    pass->unit_index = index;
    pass->unit = &pass->program->units[index];
    pass->types = pass->program->register_types + pass->unit->first_register;
    pass->loop_count = 0;
    pass->reachable = true;
    pass->flow = (struct flow){.written = {1}}; /* register 0 is the row */
    for (uint32_t i = 0; i < pass->unit->code_count; i++) {
        pass->meetings[i].earliest = UINT32_MAX;
    }
    for (pass->at = 0; pass->at < pass->unit->code_count; pass->at++) {
        if (!check_instruction(pass)) {
            return false;
        }
    }
    pass->at = pass->unit->code_count - 1;
    uint32_t last = pass->program->code[pass->unit->first_code + pass->at];
    return bytecode_op(last) == OP_END || refuse(pass, "unit does not close with END");
}

plim_status verify_program(struct program *program, struct verify_error *error)
{
    uint32_t longest = 0;
    program->verified = false;
    if (!verify_tables(program, error)) {
        return PLIM_STATUS_POLICY;
    }
    for (uint32_t i = 0; i < program->unit_count; i++) {
        uint32_t count = program->units[i].code_count;
        longest = count > longest ? count : longest;
    }
    struct pass pass = {.program = program, .error = error};
    size_t bytes = longest * sizeof *pass.meetings;
    pass.meetings = alloc_resize(program->allocator, NULL, 0, bytes > 0 ? bytes : 1);
    if (pass.meetings == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    bool accepted = true;
    for (uint32_t i = 0; i < program->unit_count && accepted; i++) {
        accepted = check_unit(&pass, i);
    }
    alloc_free(program->allocator, pass.meetings, bytes > 0 ? bytes : 1);
    program->verified = accepted;
    return accepted ? PLIM_STATUS_OK : PLIM_STATUS_POLICY;
}
