/* SPDX-License-Identifier: Apache-2.0
 *
 * vm_text.c - values as people write them, and the text of the next outcome. Untrusted bytes are
 * kept as they are; who shows them cleans them. See vm.h.
 */
#include <time.h>

#include "runtime/vm.h"

struct unit_name {
    int64_t size;
    const char *name;
};

static const struct unit_name duration_units[] = {{INT64_C(86400000000000), "d"},
                                                  {INT64_C(3600000000000), "h"},
                                                  {INT64_C(60000000000), "m"},
                                                  {INT64_C(1000000000), "s"},
                                                  {INT64_C(1000000), "ms"},
                                                  {INT64_C(1000), "us"},
                                                  {INT64_C(1), "ns"}};

static const struct unit_name size_units[] = {{INT64_C(1) << 40, "TiB"},
                                              {INT64_C(1) << 30, "GiB"},
                                              {INT64_C(1) << 20, "MiB"},
                                              {INT64_C(1) << 10, "KiB"}};

/* "7d 12h": all units that are not 0. */
static void print_duration(struct buf *out, int64_t value)
{
    if (value == 0) {
        buf_append_cstr(out, "0s");
        return;
    }
    uint64_t left = value < 0 ? (uint64_t) - (value + 1) + 1 : (uint64_t)value;
    const char *before = value < 0 ? "-" : "";
    for (size_t i = 0; i < sizeof duration_units / sizeof *duration_units; i++) {
        uint64_t size = (uint64_t)duration_units[i].size;
        if (left >= size) {
            buf_append_cstr(out, before);
            buf_append_u64(out, left / size);
            buf_append_cstr(out, duration_units[i].name);
            left %= size;
            before = " ";
        }
    }
}

/* In the largest unit that leaves a whole number. */
static void print_size(struct buf *out, int64_t value)
{
    for (size_t i = 0; i < sizeof size_units / sizeof *size_units; i++) {
        if (value != 0 && value % size_units[i].size == 0) {
            buf_append_i64(out, value / size_units[i].size);
            buf_append_cstr(out, size_units[i].name);
            return;
        }
    }
    buf_append_i64(out, value);
    buf_append_char(out, 'B');
}

static void print_time(struct buf *out, int64_t value)
{
    const int64_t second = INT64_C(1000000000);
    time_t seconds = (time_t)(value / second - (value % second < 0));
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL) {
        buf_append_i64(out, value);
        return;
    }
    buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1,
               parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

/* Cut to VM_MAX_PIECE bytes at a character, so that one value cannot push out the others. */
static void print_text(struct buf *out, struct str text)
{
    size_t length = text.len;
    if (length > VM_MAX_PIECE) {
        length = VM_MAX_PIECE;
        while (length > 0 && ((unsigned char)text.ptr[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    buf_append(out, str_slice(text, 0, length));
    if (length < text.len) {
        buf_append_cstr(out, "...");
    }
}

static void print_row(const struct vm *vm, struct buf *out, unsigned kind, fact_row row)
{
    int field = schema_find_field((enum fact_kind)kind, STR("label"));
    struct str label =
        field >= 0 ? facts_get_str(vm->facts, (enum fact_kind)kind, row, (unsigned)field) : STR("");
    print_text(out, label.len > 0 ? label : schema_kind((enum fact_kind)kind)->name);
}

static void print_loc(const struct vm *vm, struct buf *out, fact_loc loc)
{
    struct span span = facts_span(vm->facts, loc);
    const struct source *source = source_get(&vm->facts->sources, span.source);
    print_text(out, source != NULL ? source->name : STR("(no place)"));
}

/* A value that is neither list, set nor iterator. */
static void print_scalar(const struct vm *vm, struct buf *out, struct program_type type,
                         uint64_t bits)
{
    switch ((enum program_base)type.base) {
    case PROGRAM_BOOL:
        buf_append_cstr(out, bits != 0 ? "true" : "false");
        break;
    case PROGRAM_INT:
        buf_append_i64(out, (int64_t)bits);
        break;
    case PROGRAM_DURATION:
        print_duration(out, (int64_t)bits);
        break;
    case PROGRAM_SIZE:
        print_size(out, (int64_t)bits);
        break;
    case PROGRAM_TIME:
        print_time(out, (int64_t)bits);
        break;
    case PROGRAM_STR:
    case PROGRAM_VERSION:
        print_text(out, link_text(vm->link, (intern_id)bits));
        break;
    case PROGRAM_ENUM:
        if (bits < schema_enum((enum fact_enum)type.argument)->member_count) {
            buf_append(out, schema_enum((enum fact_enum)type.argument)->members[bits]);
        }
        break;
    case PROGRAM_ROW:
        print_row(vm, out, type.argument, (fact_row)bits);
        break;
    case PROGRAM_LOC:
        print_loc(vm, out, (fact_loc)bits);
        break;
    case PROGRAM_PATTERN:
        print_text(out, program_str(vm->link->program, vm->link->program->patterns[bits].text));
        break;
    case PROGRAM_COUNT:
    case PROGRAM_ITER:
    case PROGRAM_SET:
    case PROGRAM_BASE_COUNT:
        break;
    }
}

static void print_count(struct buf *out, struct value count)
{
    buf_append_u64(out, value_certain(count));
    if (value_possible(count) != value_certain(count)) {
        buf_append_cstr(out, " to ");
        buf_append_u64(out, value_possible(count));
    }
}

static void print_list(const struct vm *vm, struct buf *out, struct program_type type,
                       struct value list)
{
    uint32_t length = vm_list_length(vm, list);
    struct program_type element = {.base = type.base, .argument = type.argument};
    buf_append_cstr(out, length == 0 ? "(none)" : "");
    for (uint32_t i = 0; i < length && i < VM_MAX_SHOWN_ITEMS; i++) {
        fact_cause doubt;
        struct fact_cell cell = vm_list_at(vm, list, i, &doubt);
        buf_append_cstr(out, i > 0 ? ", " : "");
        vm_print(vm, out, element,
                 (struct value){.bits = cell.value, .state = (uint32_t)cell.state});
    }
    if (length > VM_MAX_SHOWN_ITEMS) {
        buf_printf(out, " and %u more", length - VM_MAX_SHOWN_ITEMS);
    }
}

/* The elements as the program declares them; a consumer's additions are told by number. */
static void print_set(const struct vm *vm, struct buf *out, uint32_t index)
{
    const struct program *program = vm->link->program;
    const struct program_set *set = &program->sets[index];
    for (uint32_t i = 0; i < set->count && i < VM_MAX_SHOWN_ITEMS; i++) {
        int64_t item = program->set_items[set->first + i];
        buf_append_cstr(out, i > 0 ? ", " : "");
        if (set->type.base == PROGRAM_STR || set->type.base == PROGRAM_VERSION) {
            print_text(out, program_str(program, program->texts[item]));
        } else {
            print_scalar(vm, out, set->type, (uint64_t)item);
        }
    }
    uint32_t linked = vm->link->sets[index].count;
    buf_append_cstr(out, set->count + linked == 0 ? "(none)" : "");
    uint32_t shown = set->count < VM_MAX_SHOWN_ITEMS ? set->count : VM_MAX_SHOWN_ITEMS;
    if (linked > shown) {
        buf_printf(out, " and %u more", linked - shown);
    }
}

void vm_print(const struct vm *vm, struct buf *out, struct program_type type, struct value value)
{
    if (value.state == FACT_ABSENT) {
        buf_append_cstr(out, type.list != 0 ? "(none)" : "(absent)");
    } else if (value.state == FACT_UNKNOWN) {
        buf_append_cstr(out, "(unknown)");
    } else if (type.list != 0) {
        print_list(vm, out, type, value);
    } else if (type.base == PROGRAM_COUNT) {
        print_count(out, value);
    } else if (type.base == PROGRAM_SET) {
        print_set(vm, out, (uint32_t)value.bits);
    } else {
        print_scalar(vm, out, type, value.bits);
    }
}

/* Appends are all or nothing: a text that reached its limit is marked as cut and stays. */
static void note_cut(struct vm *vm)
{
    if (buf_status(&vm->text) != PLIM_STATUS_OK) {
        vm->text_cut = true;
    }
}

void vm_text_clear(struct vm *vm)
{
    buf_clear(&vm->text);
    vm->text_cut = false;
}

void vm_text_constant(struct vm *vm, unsigned constant)
{
    const struct program *program = vm->link->program;
    buf_append(&vm->text, program_str(program, program->texts[constant]));
    note_cut(vm);
}

void vm_text_value(struct vm *vm, struct program_type type, struct value value)
{
    bool text = type.list == 0 && (type.base == PROGRAM_STR || type.base == PROGRAM_VERSION);
    if (!text || !value_is_present(value) ||
        link_text(vm->link, (intern_id)value.bits).len > VM_MAX_PIECE) {
        vm->text_cut = vm->text_cut || type.list != 0 || text;
    }
    vm_print(vm, &vm->text, type, value);
    note_cut(vm);
}
