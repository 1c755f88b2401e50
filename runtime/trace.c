/* SPDX-License-Identifier: Apache-2.0
 *
 * trace.c - see trace.h. The second copy of the loop calls `step` before each instruction; by then
 * the one before has left its result in its register. Lines of one subject are gathered first,
 * because which clause stopped it is known only at the end.
 */
#include "runtime/trace.h"

#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "runtime/bytecode.h"
#include "runtime/disasm.h"
#include "runtime/link.h"
#include "runtime/vm.h"

enum { MAX_OPERANDS = 64, MAX_SUBJECT_TEXT = 1 << 20, NO_OFFSET = -1 };

/* A value that was loaded or computed since the last clause. */
struct operand_value {
    struct program_span span;
    struct program_type type;
    struct value value;
    bool shown; /* printed since it last changed */
};

struct tracer {
    struct vm vm;               /* first: the hook gets a pointer to it */
    struct trace_count *counts; /* coverage: only count */
    struct buf text;            /* lines of the present subject */
    ptrdiff_t stop;             /* where "stopped here" goes; NO_OFFSET: nowhere */
    const uint32_t *last;       /* instruction run before */
    struct program_span clause; /* last one printed */
    struct operand_value operands[MAX_OPERANDS];
    size_t operand_count;
};

static struct program_span span_of(const struct tracer *tracer, const uint32_t *pc)
{
    const struct program *program = tracer->vm.link->program;
    return program->source_map[pc - program->code];
}

/* Source text on one line: blanks and line ends become one blank. */
static void print_source(struct buf *out, struct str text)
{
    bool blank = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!space || !blank) {
            buf_append_char(out, space ? ' ' : c);
        }
        blank = space;
    }
}

static void print_place(struct buf *out, const struct program *program, struct program_span span)
{
    uint32_t line;
    uint32_t column;
    disasm_locate(program, span, &line, &column);
    if (span.file < program->file_count) {
        buf_append(out, program_str(program, program->files[span.file].path));
    }
    buf_printf(out, ":%u:%u: ", line, column);
}

static bool within(struct program_span inner, struct program_span outer)
{
    bool same = inner.start == outer.start && inner.end == outer.end;
    return inner.file == outer.file && inner.start >= outer.start && inner.end <= outer.end &&
           !same && inner.end > inner.start;
}

/* Remembers what the instruction before left in its register, when people want to see it. */
static void note_result(struct tracer *tracer)
{
    uint32_t word = *tracer->last;
    switch (bytecode_op(word)) {
    case OP_FIELD:
    case OP_KPARAM:
    case OP_DEFAULT:
    case OP_COUNT:
    case OP_SETSIZE:
    case OP_FIRST:
    case OP_CALL:
        break;
    default:
        return;
    }
    unsigned a = bytecode_a(word);
    struct operand_value value = {.span = span_of(tracer, tracer->last),
                                  .type = tracer->vm.types[a],
                                  .value = tracer->vm.r[a]};
    if (value.type.base == PROGRAM_ROW && value.type.list == 0 && value_is_present(value.value)) {
        return; /* a step on the way to a field */
    }
    for (size_t i = 0; i < tracer->operand_count; i++) {
        struct operand_value *known = &tracer->operands[i];
        if (memcmp(&known->span, &value.span, sizeof value.span) == 0) {
            value.shown =
                known->shown && memcmp(&known->value, &value.value, sizeof value.value) == 0;
            *known = value;
            return;
        }
    }
    if (tracer->operand_count < MAX_OPERANDS) {
        tracer->operands[tracer->operand_count++] = value;
    }
}

static void print_value(struct tracer *tracer, struct program_type type, struct value value)
{
    bool text = type.list == 0 && type.base == PROGRAM_STR && value_is_present(value);
    buf_append_cstr(&tracer->text, text ? "\"" : "");
    vm_print(&tracer->vm, &tracer->text, type, value);
    buf_append_cstr(&tracer->text, text ? "\"" : "");
    if (value.state == FACT_UNKNOWN) {
        buf_append_cstr(&tracer->text, ": ");
        buf_append(&tracer->text, vm_cause_text(tracer->vm.facts, (fact_cause)value.bits));
    }
}

static const char *truth_name(struct value value)
{
    return value_is_true(value) ? "true" : value_is_false(value) ? "false" : "unknown";
}

/* Source of a condition. `a and b and c` is met as `a`, `a and b` and then whole: what was shown on
 * the line before is not shown again. */
static void print_condition(struct tracer *tracer, struct program_span span)
{
    struct program_span shown = tracer->clause;
    struct program_span rest = span;
    if (shown.file == span.file && shown.start == span.start && shown.end < span.end &&
        shown.end > shown.start) {
        rest.start = shown.end;
        buf_append_cstr(&tracer->text, "...");
    }
    struct str source = disasm_source(tracer->vm.link->program, rest);
    if (str_starts_with(source, STR("deny"))) { /* a whole arm: its first line says enough */
        source = str_slice(source, 0, str_find_char(source, '\n', 0));
    }
    print_source(&tracer->text, source);
    tracer->clause = span;
}

/* A condition with its result and the values it was made of. */
static void print_clause(struct tracer *tracer, const uint32_t *pc, struct value result)
{
    const struct program *program = tracer->vm.link->program;
    struct program_span span = span_of(tracer, pc);
    struct buf *out = &tracer->text;
    unsigned op = bytecode_op(*pc);
    buf_append_cstr(out, "  ");
    print_place(out, program, span);
    print_condition(tracer, span);
    buf_printf(out, "  => %s", truth_name(result));
    if ((op == OP_JF && value_is_false(result)) || (op == OP_JNT && !value_is_true(result))) {
        tracer->stop = (ptrdiff_t)out->len;
    }
    buf_append_char(out, '\n');
    for (size_t i = 0; i < tracer->operand_count; i++) {
        struct operand_value *operand = &tracer->operands[i];
        if (within(operand->span, span) && !operand->shown) {
            operand->shown = true;
            buf_append_cstr(out, "      ");
            print_source(out, disasm_source(program, operand->span));
            buf_append_cstr(out, " = ");
            print_value(tracer, operand->type, operand->value);
            buf_append_char(out, '\n');
        }
    }
}

static void print_element(struct tracer *tracer)
{
    unsigned a = bytecode_a(*tracer->last);
    buf_append_cstr(&tracer->text, "  each: ");
    print_value(tracer, tracer->vm.types[a + 1], tracer->vm.r[a + 1]);
    buf_append_char(&tracer->text, '\n');
    tracer->stop = NO_OFFSET;
}

static void print_outcome(struct tracer *tracer, const char *kind, struct str text)
{
    buf_append_cstr(&tracer->text, "  ");
    buf_append_cstr(&tracer->text, kind);
    buf_append(&tracer->text, text);
    buf_append_char(&tracer->text, '\n');
    tracer->stop = NO_OFFSET;
}

static void count_condition(struct trace_count *count, struct value value)
{
    count->yes += value_is_true(value);
    count->no += value_is_false(value);
    count->unknown += !value_is_present(value);
}

/* Runs before the instruction at `pc`. */
static void step(struct vm *vm, const uint32_t *pc)
{
    struct tracer *tracer = (struct tracer *)vm;
    unsigned op = bytecode_op(*pc);
    bool conditional = op == OP_JF || op == OP_JT || op == OP_JNT;
    struct value value = vm->r[bytecode_a(*pc)];
    if (tracer->counts != NULL) {
        if (conditional) {
            count_condition(&tracer->counts[pc - vm->link->program->code], value);
        }
        return;
    }
    if (tracer->last != NULL) {
        note_result(tracer);
        if (bytecode_op(*tracer->last) == OP_FOR && pc == tracer->last + 1) {
            print_element(tracer);
        }
    }
    if (conditional) {
        print_clause(tracer, pc, value);
    } else if (op == OP_UNDEC && !value_is_present(value)) {
        print_outcome(tracer,
                      "undecided: ", vm_cause_text(vm->facts, (fact_cause)value_doubt(value).bits));
    } else if (op == OP_EMIT) {
        print_outcome(tracer, "finding: ", buf_view(&vm->text));
    }
    tracer->last = pc;
}

#define VM_LOOP_NAME run_traced
#define VM_HOOK(pc) step(vm, (pc))
#define VM_SKIPS false /* every element is shown */
#include "runtime/vm_loop.inc"
#undef VM_LOOP_NAME
#undef VM_HOOK
#undef VM_SKIPS

/* Bytes of a line of a file, to compare places with. */
struct target {
    source_id source; /* SOURCE_NONE: any */
    bool any_line;
    uint32_t start;
    uint32_t end;
};

static bool path_fits(struct str name, struct str path)
{
    return str_eq(name, path) || (name.len > path.len && str_ends_with(name, path) &&
                                  name.ptr[name.len - path.len - 1] == '/');
}

static bool find_target(struct target *target, const struct facts *facts, struct str path,
                        uint32_t line)
{
    *target = (struct target){.source = SOURCE_NONE, .any_line = line == 0};
    if (path.len == 0) {
        return true;
    }
    for (uint32_t id = 0; id < facts->sources.count && target->source == SOURCE_NONE; id++) {
        if (path_fits(source_get(&facts->sources, id)->name, path)) {
            target->source = id;
        }
    }
    if (target->source == SOURCE_NONE) {
        return false;
    }
    struct str text = source_get(&facts->sources, target->source)->text;
    size_t at = 0;
    for (uint32_t n = 1; n < line && at < text.len; n++) {
        at = str_find_char(text, '\n', at) + 1;
    }
    target->start = (uint32_t)(at < text.len ? at : text.len);
    target->end = (uint32_t)str_find_char(text, '\n', target->start);
    return true;
}

static bool span_hits(const struct target *target, struct span span)
{
    if (target->source == SOURCE_NONE) {
        return true;
    }
    return span.source == target->source &&
           (target->any_line || (span.start <= target->end && span.end >= target->start));
}

/* The row stands there, or one of its outcomes does. */
static bool subject_hits(const struct target *target, const struct report *report, size_t first,
                         struct span span)
{
    bool hits = span_hits(target, span);
    for (size_t i = first; i < report->count && !hits; i++) {
        hits = span_hits(target, report->items[i].span);
    }
    return hits;
}

static void print_subject(struct buf *out, struct tracer *tracer, const struct report *report,
                          enum vm_exit exit)
{
    const struct vm *vm = &tracer->vm;
    const struct program *program = vm->link->program;
    struct outcome subject = {.subject_kind = (enum fact_kind)vm->unit->kind, .subject = vm->row};
    struct span span =
        facts_span(vm->facts, facts_row_loc(vm->facts, subject.subject_kind, vm->row));
    const struct source *source = source_get(&vm->facts->sources, span.source);
    buf_append_cstr(out, "rule ");
    buf_append(out, program_str(program, vm->rule->name));
    buf_append_cstr(out, " on ");
    buf_append(out, report_subject(report, &subject));
    if (source != NULL) {
        uint32_t line = 1;
        for (uint32_t i = 0; i < span.start && i < source->text.len; i++) {
            line += source->text.ptr[i] == '\n';
        }
        buf_append_cstr(out, " at ");
        buf_append(out, source->name);
        buf_printf(out, ":%u", line);
    }
    buf_append_char(out, '\n');
    struct str text = buf_view(&tracer->text);
    size_t stop = tracer->stop != NO_OFFSET ? (size_t)tracer->stop : text.len;
    buf_append(out, str_slice(text, 0, stop));
    buf_append_cstr(out, tracer->stop != NO_OFFSET ? "  <-- stopped here" : "");
    buf_append(out, str_slice(text, stop, text.len));
    if (exit != VM_DONE) {
        buf_append_cstr(out, "  not evaluated to the end: a budget ran out\n");
    } else if (!vm->denied && !vm->undecided) {
        buf_append_cstr(out, "  no finding\n");
    }
}

static enum vm_exit run_row(struct tracer *tracer, const struct program_unit *unit, fact_row row)
{
    vm_enter(&tracer->vm, unit, row, UINT64_MAX);
    buf_clear(&tracer->text);
    tracer->stop = NO_OFFSET;
    tracer->last = NULL;
    tracer->operand_count = 0;
    tracer->clause = (struct program_span){.file = UINT32_MAX};
    return run_traced(&tracer->vm);
}

static bool in_view(const struct facts *facts, const struct program_unit *unit, fact_row row)
{
    if (unit->view == FACT_VIEW_none) {
        return true;
    }
    struct fact_cell cell = facts_get(facts, (enum fact_kind)unit->kind, row,
                                      schema_view((enum fact_view)unit->view)->field);
    return cell.state == FACT_UNKNOWN || (cell.state == FACT_PRESENT && cell.value != 0);
}

/* Everything one trace or coverage run needs; on the heap, because registers are large. */
struct session {
    struct tracer tracer;
    struct link link;
    struct report *report;
    const plim_allocator *allocator;
};

static plim_status open_session(struct session **out, const struct program *program,
                                const struct facts *facts, const struct eval_options *options,
                                plim_error *error)
{
    const plim_allocator *allocator = alloc_or_default(options->allocator);
    struct session *session = alloc_zeroed(allocator, sizeof *session);
    if (session == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    session->allocator = allocator;
    *out = session;
    if (!program->verified) {
        return PLIM_STATUS_INTERNAL;
    }
    plim_status status = report_new(&session->report, allocator, program, facts,
                                    options->max_outcomes, options->memory_bytes);
    if (status == PLIM_STATUS_OK) {
        status = link_init(&session->link, program, facts, options, error);
    }
    if (status == PLIM_STATUS_OK) {
        vm_init(&session->tracer.vm, &session->link, session->report, options);
        buf_init(&session->tracer.text, allocator, MAX_SUBJECT_TEXT);
    }
    return status;
}

static plim_status close_session(struct session *session, plim_status status, plim_error *error)
{
    if (session != NULL) {
        if (session->tracer.vm.link != NULL) {
            vm_release(&session->tracer.vm);
        }
        buf_release(&session->tracer.text);
        link_release(&session->link);
        report_free(session->report);
        alloc_free(session->allocator, session, sizeof *session);
    }
    if (error != NULL && status != PLIM_STATUS_OK && status != PLIM_STATUS_USAGE) {
        error->status = status;
        snprintf(error->message, sizeof error->message, "trace: %s",
                 status == PLIM_STATUS_NOT_FOUND ? "the rule has no subject there"
                                                 : plim_status_text(status));
    }
    return status;
}

static plim_status exit_status(enum vm_exit exit)
{
    return exit == VM_NOMEM ? PLIM_STATUS_NOMEM : PLIM_STATUS_OK;
}

/* Traces all rows of one unit that hit the target. */
static plim_status trace_unit(struct session *session, struct buf *out,
                              const struct program_unit *unit, const struct target *target,
                              bool *found)
{
    struct tracer *tracer = &session->tracer;
    const struct facts *facts = tracer->vm.facts;
    uint32_t rows = facts->tables[unit->kind].count;
    for (fact_row row = 0; row < rows; row++) {
        struct span span = facts_span(facts, facts_row_loc(facts, (enum fact_kind)unit->kind, row));
        bool elsewhere = target->source != SOURCE_NONE && span.source != target->source;
        if (elsewhere || !in_view(facts, unit, row)) {
            continue;
        }
        size_t first = session->report->count;
        enum vm_exit exit = run_row(tracer, unit, row);
        if (exit == VM_NOMEM || buf_status(&tracer->text) == PLIM_STATUS_NOMEM) {
            return PLIM_STATUS_NOMEM;
        }
        if (subject_hits(target, session->report, first, span)) {
            print_subject(out, tracer, session->report, exit);
            *found = true;
        }
        if (exit == VM_FUEL || exit == VM_DEADLINE || exit == VM_CANCELLED) {
            return exit == VM_CANCELLED ? PLIM_STATUS_STOPPED : PLIM_STATUS_LIMIT;
        }
    }
    return buf_status(out);
}

plim_status trace_rule(struct buf *out, const struct program *program, const struct facts *facts,
                       uint32_t rule, struct str path, uint32_t line,
                       const struct eval_options *options, plim_error *error)
{
    static const struct eval_options defaults = {.fuel = 0};
    struct session *session = NULL;
    struct target target;
    bool found = false;
    plim_status status =
        open_session(&session, program, facts, options != NULL ? options : &defaults, error);
    if (status == PLIM_STATUS_OK && !find_target(&target, facts, path, line)) {
        status = PLIM_STATUS_NOT_FOUND;
    }
    for (uint32_t i = 0; i < program->unit_count && status == PLIM_STATUS_OK; i++) {
        if (program->units[i].rule == rule) {
            status = trace_unit(session, out, &program->units[i], &target, &found);
        }
    }
    if (status == PLIM_STATUS_OK && !found) {
        status = PLIM_STATUS_NOT_FOUND;
    }
    return close_session(session, status, error);
}

plim_status trace_coverage(struct trace_count *counts, const struct program *program,
                           const struct facts *facts, const struct eval_options *options,
                           plim_error *error)
{
    static const struct eval_options defaults = {.fuel = 0};
    const struct eval_options *used = options != NULL ? options : &defaults;
    struct session *session = NULL;
    plim_status status = open_session(&session, program, facts, used, error);
    if (status == PLIM_STATUS_OK) {
        session->tracer.counts = counts;
    }
    for (uint32_t i = 0; i < program->unit_count && status == PLIM_STATUS_OK; i++) {
        const struct program_unit *unit = &program->units[i];
        uint32_t rows = facts->tables[unit->kind].count;
        if (used->selected != NULL && used->selected[unit->rule] == 0) {
            continue;
        }
        for (fact_row row = 0; row < rows && status == PLIM_STATUS_OK; row++) {
            if (in_view(facts, unit, row)) {
                status = exit_status(run_row(&session->tracer, unit, row));
            }
        }
    }
    return close_session(session, status, error);
}

void trace_print_coverage(struct buf *out, const struct program *program,
                          const struct trace_count *counts, const uint8_t *selected)
{
    for (uint32_t u = 0; u < program->unit_count; u++) {
        const struct program_unit *unit = &program->units[u];
        if (selected != NULL && selected[unit->rule] == 0) {
            continue;
        }
        for (uint32_t i = unit->first_code; i < unit->first_code + unit->code_count; i++) {
            unsigned op = bytecode_op(program->code[i]);
            /* Behind UNDEC stands the gate of an arm, whose conditions were counted before. */
            bool gate = i > unit->first_code && bytecode_op(program->code[i - 1]) == OP_UNDEC;
            if (gate || (op != OP_JF && op != OP_JT && op != OP_JNT)) {
                continue;
            }
            print_place(out, program, program->source_map[i]);
            buf_append(out, program_str(program, program->rules[unit->rule].name));
            buf_append_cstr(out, ": ");
            print_source(out, disasm_source(program, program->source_map[i]));
            buf_printf(out, "  true %llu, false %llu, unknown %llu%s\n",
                       (unsigned long long)counts[i].yes, (unsigned long long)counts[i].no,
                       (unsigned long long)counts[i].unknown,
                       counts[i].yes == 0 || counts[i].no == 0 ? "  (one-sided)" : "");
        }
    }
}
