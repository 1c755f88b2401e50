/* SPDX-License-Identifier: Apache-2.0
 *
 * disasm.c - see disasm.h. Operands are printed by their class in opcodes.def.
 */
#include "runtime/disasm.h"

#include <string.h>

#include "runtime/builtins.h"
#include "runtime/bytecode.h"

static const char *const base_names[PROGRAM_BASE_COUNT] = {
    [PROGRAM_BOOL] = "bool",       [PROGRAM_INT] = "int",        [PROGRAM_DURATION] = "duration",
    [PROGRAM_SIZE] = "size",       [PROGRAM_TIME] = "time",      [PROGRAM_STR] = "string",
    [PROGRAM_VERSION] = "version", [PROGRAM_ENUM] = "enum",      [PROGRAM_ROW] = "row",
    [PROGRAM_COUNT] = "count",     [PROGRAM_LOC] = "place",      [PROGRAM_ITER] = "iterator",
    [PROGRAM_SET] = "set",         [PROGRAM_PATTERN] = "pattern"};

static void print_base(struct buf *out, unsigned base, unsigned argument)
{
    if (base == PROGRAM_ENUM && argument < FACT_ENUM_COUNT) {
        buf_append(out, schema_enum((enum fact_enum)argument)->name);
    } else if (base == PROGRAM_ROW && argument < FACT_KIND_COUNT) {
        buf_append(out, schema_kind((enum fact_kind)argument)->name);
    } else {
        buf_append_cstr(out, base < PROGRAM_BASE_COUNT ? base_names[base] : "?");
    }
}

void disasm_type(struct buf *out, struct program_type type)
{
    if (type.base == PROGRAM_SET) {
        buf_append_cstr(out, "set<");
        print_base(out, type.argument, FACT_ENUM_COUNT);
        buf_append_char(out, '>');
        return;
    }
    buf_append_cstr(out, type.list != 0 ? "list<" : type.iter != 0 ? "iterator<" : "");
    print_base(out, type.base, type.argument);
    buf_append_cstr(out, type.list != 0 || type.iter != 0 ? ">" : "");
}

struct str disasm_source(const struct program *program, struct program_span span)
{
    if (span.file >= program->file_count) {
        return STR("");
    }
    return str_slice(program_str(program, program->files[span.file].source), span.start, span.end);
}

void disasm_locate(const struct program *program, struct program_span span, uint32_t *line,
                   uint32_t *column)
{
    struct str source = span.file < program->file_count
                            ? program_str(program, program->files[span.file].source)
                            : STR("");
    *line = 0;
    *column = 0;
    if (source.len == 0 || span.start > source.len) {
        return;
    }
    uint32_t begin = 0;
    *line = 1;
    for (uint32_t i = 0; i < span.start; i++) {
        if (source.ptr[i] == '\n') {
            (*line)++;
            begin = i + 1;
        }
    }
    *column = span.start - begin + 1;
}

/* Text in quotes, with control bytes escaped and cut to one line's worth. */
static void print_quoted(struct buf *out, struct str text)
{
    enum { MAX_SHOWN = 60 };
    buf_append_char(out, '"');
    for (size_t i = 0; i < text.len && i < MAX_SHOWN; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') {
            buf_append_char(out, '\\');
        }
        if (c < 0x20 || c == 0x7F) {
            buf_printf(out, "\\x%02x", c);
        } else {
            buf_append_char(out, (char)c);
        }
    }
    buf_append_cstr(out, text.len > MAX_SHOWN ? "...\"" : "\"");
}

static void print_string(struct buf *out, const struct program *program, unsigned index)
{
    if (index < program->text_count) {
        print_quoted(out, program_str(program, program->texts[index]));
    } else {
        buf_printf(out, "string#%u?", index);
    }
}

static void print_set(struct buf *out, const struct program *program, unsigned index)
{
    enum { MAX_SHOWN = 4 };
    buf_printf(out, "set#%u", index);
    if (index >= program->set_count) {
        buf_append_char(out, '?');
        return;
    }
    const struct program_set *set = &program->sets[index];
    buf_append_cstr(out, " [");
    for (uint32_t i = 0; i < set->count && i < MAX_SHOWN; i++) {
        bool inside =
            set->first < program->set_item_count && i < program->set_item_count - set->first;
        int64_t item = inside ? program->set_items[set->first + i] : 0;
        buf_append_cstr(out, i > 0 ? ", " : "");
        if (set->type.base == PROGRAM_STR || set->type.base == PROGRAM_VERSION) {
            print_string(out, program, (unsigned)item);
        } else {
            buf_append_i64(out, item);
        }
    }
    buf_append_cstr(out, set->count > MAX_SHOWN ? ", ...]" : "]");
}

/* Kind of the rows of a register, or FACT_KIND_none. */
static enum fact_kind row_kind(const struct program *program, const struct program_unit *unit,
                               unsigned index)
{
    if (index >= unit->register_count || unit->first_register > program->register_type_count ||
        index >= program->register_type_count - unit->first_register) {
        return FACT_KIND_none;
    }
    struct program_type type = program->register_types[unit->first_register + index];
    return type.base == PROGRAM_ROW && type.argument < FACT_KIND_COUNT
               ? (enum fact_kind)type.argument
               : FACT_KIND_none;
}

static void print_field(struct buf *out, enum fact_kind kind, unsigned field)
{
    if (kind != FACT_KIND_none && field < schema_kind(kind)->field_count) {
        buf_append_char(out, '.');
        buf_append(out, schema_kind(kind)->fields[field].name);
    } else {
        buf_printf(out, "field#%u?", field);
    }
}

static void print_enum_member(struct buf *out, enum fact_enum type, unsigned member)
{
    const struct fact_enum_info *info = schema_enum(type);
    if (member < info->member_count) {
        buf_append(out, info->members[member]);
    } else {
        buf_printf(out, "member#%u?", member);
    }
}

static void print_member(struct buf *out, const struct program *program,
                         const struct program_unit *unit, unsigned result, unsigned member)
{
    uint32_t at = unit->first_register + result;
    if (at < program->register_type_count && program->register_types[at].base == PROGRAM_ENUM &&
        program->register_types[at].argument < FACT_ENUM_COUNT) {
        print_enum_member(out, (enum fact_enum)program->register_types[at].argument, member);
    } else {
        buf_printf(out, "member#%u?", member);
    }
}

static void print_arm(struct buf *out, const struct program *program,
                      const struct program_unit *unit, unsigned arm)
{
    if (arm == PROGRAM_ANY_ARM || unit->rule >= program->rule_count) {
        buf_append_cstr(out, "rule");
        return;
    }
    uint32_t at = program->rules[unit->rule].first_arm + arm;
    struct str name =
        at < program->arm_count ? program_str(program, program->arms[at].name) : STR("");
    buf_printf(out, "arm#%u", arm);
    if (name.len > 0) {
        buf_append_char(out, ' ');
        buf_append(out, name);
    }
}

static void print_fix(struct buf *out, unsigned what)
{
    static const char *const edits[] = {"replace", "insert-after", "insert-before", "delete"};
    buf_append_cstr(out, edits[what & 3]);
    buf_append_cstr(out, (what & 4) != 0 ? " safe" : " unsafe");
}

static void print_constant(struct buf *out, const struct program *program, enum operand class,
                           unsigned value)
{
    switch ((int)class) {
    case OPERAND_kINT:
        if (value < program->int_count) {
            buf_append_i64(out, program->ints[value]);
        } else {
            buf_printf(out, "int#%u?", value);
        }
        break;
    case OPERAND_kSTR:
        print_string(out, program, value);
        break;
    case OPERAND_kSET:
        print_set(out, program, value);
        break;
    case OPERAND_kPAT:
        if (value < program->pattern_count) {
            const struct program_pattern *pattern = &program->patterns[value];
            buf_append_cstr(out, pattern->kind == PROGRAM_GLOB ? "glob " : "regex ");
            print_quoted(out, program_str(program, pattern->text));
        } else {
            buf_printf(out, "pattern#%u?", value);
        }
        break;
    case OPERAND_kPARAM:
        if (value < program->param_count) {
            buf_append(out, program_str(program, program->params[value].name));
        } else {
            buf_printf(out, "param#%u?", value);
        }
        break;
    case OPERAND_label:
        if (value == PROGRAM_TEXT_LABEL || value == PROGRAM_NO_LABEL) {
            buf_append_cstr(out, value == PROGRAM_TEXT_LABEL ? "text" : "-");
        } else {
            print_string(out, program, value);
        }
        break;
    default:
        buf_printf(out, "%u", value);
        break;
    }
}

/* Field of a guard's node; returns the kind it belongs to. */
static const struct fact_field_info *print_place(struct buf *out, enum fact_kind kind,
                                                 const struct program_guard *node)
{
    const struct fact_kind_info *info = schema_kind(kind);
    if (node->via != PROGRAM_NO_VIA) {
        print_field(out, kind, node->via);
        bool row = node->via < info->field_count && info->fields[node->via].type == FACT_ROW;
        kind = row ? (enum fact_kind)info->fields[node->via].argument : FACT_KIND_none;
    }
    print_field(out, kind, node->field);
    bool known = kind != FACT_KIND_none && node->field < schema_kind(kind)->field_count;
    return known ? &schema_kind(kind)->fields[node->field] : NULL;
}

static void print_test(struct buf *out, const struct program *program, enum fact_kind kind,
                       const struct program_guard *node)
{
    static const char *const words[PROGRAM_TEST_COUNT] = {
        [PROGRAM_HAS] = "has ",    [PROGRAM_LACKS] = "no ", [PROGRAM_FALSE] = "not ",
        [PROGRAM_IS] = " == ",     [PROGRAM_SAME] = " == ", [PROGRAM_OTHER] = " != ",
        [PROGRAM_IS_NOT] = " != ", [PROGRAM_IN] = " in ",   [PROGRAM_NOT_IN] = " not in ",
        [PROGRAM_LIKE] = " like ", [PROGRAM_SOME] = "some "};
    bool behind = node->test >= PROGRAM_IS && node->test <= PROGRAM_LIKE;
    const char *word = node->test < PROGRAM_TEST_COUNT ? words[node->test] : "test? ";
    word = word != NULL ? word : "";
    buf_append_cstr(out, behind ? "" : word);
    const struct fact_field_info *field = print_place(out, kind, node);
    buf_append_cstr(out, behind ? word : "");
    if (node->test == PROGRAM_IN || node->test == PROGRAM_NOT_IN) {
        print_set(out, program, node->operand);
    } else if (node->test == PROGRAM_LIKE) {
        print_constant(out, program, OPERAND_kPAT, node->operand);
    } else if (node->test == PROGRAM_SAME || node->test == PROGRAM_OTHER) {
        print_string(out, program, node->operand);
    } else if (behind && field != NULL && field->type == FACT_ENUM) {
        print_enum_member(out, (enum fact_enum)field->argument, node->operand);
    } else if (behind) {
        buf_printf(out, "%u?", node->operand);
    }
}

/* Nodes of a guard as a condition: groups in brackets. */
static void print_guard(struct buf *out, const struct program *program, enum fact_kind kind,
                        uint32_t from, uint32_t count)
{
    uint32_t ends[PROGRAM_MAX_GUARD_DEPTH + 1] = {count};
    bool any[PROGRAM_MAX_GUARD_DEPTH + 1] = {false};
    unsigned depth = 0;
    bool first = true;
    if (from > program->guard_count || count > program->guard_count - from ||
        kind >= FACT_KIND_COUNT) {
        buf_append_cstr(out, "guard?");
        return;
    }
    const struct program_guard *nodes = program->guards + from;
    for (uint32_t i = 0; i < count; i++) {
        buf_append_cstr(out, first ? "" : any[depth] ? " or " : " and ");
        first = nodes[i].test <= PROGRAM_ANY && depth < PROGRAM_MAX_GUARD_DEPTH;
        if (first) {
            buf_append_char(out, '(');
            ends[++depth] = i + 1 + nodes[i].operand;
            any[depth] = nodes[i].test == PROGRAM_ANY;
            continue;
        }
        print_test(out, program, kind, &nodes[i]);
        while (depth > 0 && ends[depth] == i + 1) {
            buf_append_char(out, ')');
            depth--;
        }
    }
}

struct place {
    const struct program *program;
    const struct program_unit *unit;
    uint32_t at; /* within the unit */
    uint32_t word;
};

static void print_operand(struct buf *out, const struct place *place, enum operand class,
                          unsigned value)
{
    if (class == OPERAND_none) {
        return;
    }
    buf_append_char(out, ' ');
    if (class >= OPERAND_wbool && class <= OPERAND_rloc) {
        buf_printf(out, "r%u", value);
        return;
    }
    switch ((int)class) {
    case OPERAND_field:
        print_field(out, row_kind(place->program, place->unit, bytecode_b(place->word)), value);
        break;
    case OPERAND_call:
        buf_append_cstr(out, value < BUILTIN_COUNT ? builtin_info((enum builtin)value)->name
                                                   : "builtin?");
        break;
    case OPERAND_arm:
        print_arm(out, place->program, place->unit, value);
        break;
    case OPERAND_enum:
        print_member(out, place->program, place->unit, bytecode_a(place->word), value);
        break;
    case OPERAND_bool:
        buf_append_cstr(out, value != 0 ? "true" : "false");
        break;
    case OPERAND_guard: {
        const struct program *program = place->program;
        uint32_t count = value < program->guard_count ? program->guards[value].operand : 0;
        print_guard(out, program, row_kind(program, place->unit, bytecode_a(place->word)),
                    value + 1, count);
        break;
    }
    case OPERAND_fix:
        print_fix(out, value);
        break;
    case OPERAND_fwd:
        buf_printf(out, "-> %u", place->at + 1 + value);
        break;
    case OPERAND_back:
        buf_printf(out, "-> %u", place->at >= value ? place->at - value : 0);
        break;
    default:
        print_constant(out, place->program, class, value);
        break;
    }
}

void disasm_instruction(struct buf *out, const struct program *program,
                        const struct program_unit *unit, uint32_t at)
{
    uint32_t index = unit->first_code + at;
    if (index < at || index >= program->code_count) {
        buf_printf(out, "%5u outside the code", at);
        return;
    }
    struct place place = {.program = program, .unit = unit, .at = at, .word = program->code[index]};
    unsigned op = bytecode_op(place.word);
    if (op >= OPCODE_COUNT) {
        buf_printf(out, "%5u .word 0x%08x", at, place.word);
        return;
    }
    const struct op_info *info = bytecode_info((enum opcode)op);
    bool three = info->format == OP_FORMAT_ABC;
    bool bare = info->format == OP_FORMAT_N ||
                (info->a == OPERAND_none && info->b == OPERAND_none && info->c == OPERAND_none);
    buf_printf(out, bare ? "%5u %s" : "%5u %-8s", at, info->name);
    print_operand(out, &place, info->a, bytecode_a(place.word));
    print_operand(out, &place, three ? info->b : OPERAND_none, bytecode_b(place.word));
    print_operand(out, &place, info->c, three ? bytecode_c(place.word) : bytecode_imm(place.word));
}

/* First line of a source text, without blanks around it. */
static struct str first_line(struct str text)
{
    return str_trim(str_slice(text, 0, str_find_char(text, '\n', 0)));
}

/* The source a run of instructions came from. */
static void print_source(struct buf *out, const struct program *program, struct program_span span)
{
    uint32_t line;
    uint32_t column;
    disasm_locate(program, span, &line, &column);
    buf_append_cstr(out, "    ; ");
    if (span.file < program->file_count) {
        buf_append(out, program_str(program, program->files[span.file].path));
    }
    if (line > 0) {
        buf_printf(out, ":%u:%u: ", line, column);
        buf_append(out, first_line(disasm_source(program, span)));
    } else {
        buf_printf(out, " bytes %u to %u", span.start, span.end);
    }
    buf_append_char(out, '\n');
}

static void print_unit_head(struct buf *out, const struct program *program,
                            const struct program_unit *unit)
{
    buf_append_cstr(out, "  unit over ");
    if (unit->view < FACT_VIEW_COUNT) {
        buf_append(out, schema_view((enum fact_view)unit->view)->name);
    } else if (unit->kind < FACT_KIND_COUNT) {
        buf_append(out, schema_kind((enum fact_kind)unit->kind)->name);
    }
    if (unit->guard_count > 0) {
        buf_append_cstr(out, "\n    where ");
        print_guard(out, program, (enum fact_kind)unit->kind, unit->first_guard, unit->guard_count);
    }
    buf_append_cstr(out, "\n    registers");
    for (uint32_t i = 0; i < unit->register_count; i++) {
        uint32_t at = unit->first_register + i;
        buf_printf(out, " r%u:", i);
        if (at < program->register_type_count) {
            disasm_type(out, program->register_types[at]);
        }
    }
    buf_append_char(out, '\n');
}

static void print_unit(struct buf *out, const struct program *program,
                       const struct program_unit *unit)
{
    struct program_span shown = {.file = UINT32_MAX, .start = 1, .end = 0};
    print_unit_head(out, program, unit);
    for (uint32_t i = 0; i < unit->code_count && buf_status(out) == PLIM_STATUS_OK; i++) {
        uint32_t index = unit->first_code + i;
        if (index < program->source_map_count) {
            struct program_span span = program->source_map[index];
            if (memcmp(&span, &shown, sizeof span) != 0) {
                print_source(out, program, span);
                shown = span;
            }
        }
        disasm_instruction(out, program, unit, i);
        buf_append_char(out, '\n');
    }
}

void disasm_program(struct buf *out, const struct program *program, uint32_t rule)
{
    for (uint32_t r = 0; r < program->rule_count; r++) {
        if (rule != DISASM_ALL_RULES && rule != r) {
            continue;
        }
        buf_append_cstr(out, "rule ");
        buf_append(out, program_str(program, program->rules[r].name));
        buf_append_char(out, '\n');
        for (uint32_t u = 0; u < program->unit_count; u++) {
            if (program->units[u].rule == r) {
                print_unit(out, program, &program->units[u]);
            }
        }
        buf_append_char(out, '\n');
    }
}
