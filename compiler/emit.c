/* SPDX-License-Identifier: Apache-2.0
 *
 * emit.c - growing tables of a program. Tables are byte buffers of fixed records, so that one
 * growth rule, one cap and one failure flag serve all; emit_finish copies them into the program's
 * arena. Jumps that wait for a label are chained through their distance operand.
 */
#include "compiler/emit.h"

/* Far above what 1 MiB of policy text can need; keeps 32-bit offsets safe. */
enum { MAX_TABLE = 1 << 28, MAX_POOL = 65533 };

enum { TABLE_COUNT = 14 };

static void list_tables(struct emit *emit, struct buf *tables[TABLE_COUNT])
{
    struct buf *all[TABLE_COUNT] = {
        &emit->strings,        &emit->code,   &emit->source_map, &emit->sets,  &emit->set_items,
        &emit->params,         &emit->covers, &emit->arms,       &emit->rules, &emit->units,
        &emit->register_types, &emit->files,  &emit->guards,     &emit->key};
    memcpy(tables, all, sizeof all);
}

plim_status emit_init(struct emit *emit, const plim_allocator *allocator, uint64_t seed)
{
    *emit = (struct emit){.allocator = allocator, .status = PLIM_STATUS_OK};
    struct buf *tables[TABLE_COUNT];
    list_tables(emit, tables);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        buf_init(tables[i], allocator, MAX_TABLE);
    }
    struct interner *pools[] = {&emit->texts, &emit->ints, &emit->patterns};
    for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++) {
        plim_status status = intern_init(pools[i], allocator, MAX_TABLE, seed + i);
        if (status != PLIM_STATUS_OK) {
            emit_release(emit);
            return status;
        }
    }
    return PLIM_STATUS_OK;
}

void emit_release(struct emit *emit)
{
    struct buf *tables[TABLE_COUNT];
    list_tables(emit, tables);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        buf_release(tables[i]);
    }
    intern_release(&emit->texts);
    intern_release(&emit->ints);
    intern_release(&emit->patterns);
}

static void fail(struct emit *emit, plim_status status)
{
    if (emit->status == PLIM_STATUS_OK) {
        emit->status = status;
    }
}

plim_status emit_status(const struct emit *emit)
{
    return emit->status;
}

void emit_record(struct emit *emit, struct buf *table, const void *record, size_t size)
{
    buf_append(table, str_make(record, size));
    fail(emit, buf_status(table));
}

static uint32_t *code_at(struct emit *emit, uint32_t position)
{
    return (uint32_t *)(void *)emit->code.data + emit->unit_start + position;
}

static void emit_word(struct emit *emit, uint32_t word, struct program_span span)
{
    if (emit_here(emit) >= PROGRAM_MAX_UNIT) {
        fail(emit, PLIM_STATUS_LIMIT);
    }
    if (emit->status == PLIM_STATUS_OK) {
        EMIT_RECORD(emit, code, word);
        EMIT_RECORD(emit, source_map, span);
    }
}

void emit_abc(struct emit *emit, enum opcode op, unsigned a, unsigned b, unsigned c,
              struct program_span span)
{
    emit_word(emit, bytecode_abc(op, a, b, c), span);
}

void emit_ai(struct emit *emit, enum opcode op, unsigned a, unsigned imm, struct program_span span)
{
    emit_word(emit, bytecode_ai(op, a, imm), span);
}

uint32_t emit_here(const struct emit *emit)
{
    return EMIT_COUNT(emit, code, uint32_t) - emit->unit_start;
}

void emit_jump(struct emit *emit, enum opcode op, unsigned a, struct emit_label *label,
               struct program_span span)
{
    uint32_t here = emit_here(emit);
    emit_word(emit, bytecode_ai(op, a, label->last), span);
    label->last = here + 1;
}

void emit_bind(struct emit *emit, struct emit_label *label)
{
    uint32_t here = emit_here(emit);
    while (emit->status == PLIM_STATUS_OK && label->last != 0) {
        uint32_t position = label->last - 1;
        uint32_t *word = code_at(emit, position);
        label->last = bytecode_imm(*word);
        *word =
            bytecode_ai((enum opcode)bytecode_op(*word), bytecode_a(*word), here - position - 1);
    }
    label->last = 0;
}

void emit_loop(struct emit *emit, uint32_t target, struct program_span span)
{
    /* Distance from the LOOP itself back to its FOR. */
    emit_word(emit, bytecode_ai(OP_LOOP, 0, emit_here(emit) - target), span);
}

static unsigned pool_index(struct emit *emit, struct interner *pool, struct str key)
{
    intern_id id = intern_add(pool, key);
    if (id == INTERN_NONE) {
        fail(emit, intern_status(pool));
        return 0;
    }
    if (id > MAX_POOL) {
        fail(emit, PLIM_STATUS_LIMIT);
        return 0;
    }
    return id;
}

unsigned emit_text(struct emit *emit, struct str text)
{
    return pool_index(emit, &emit->texts, text);
}

unsigned emit_int(struct emit *emit, int64_t value)
{
    unsigned id = pool_index(emit, &emit->ints, str_make((const char *)&value, sizeof value));
    return id == 0 ? 0 : id - 1;
}

unsigned emit_pattern(struct emit *emit, enum program_pattern_kind kind, struct str text)
{
    buf_clear(&emit->key);
    buf_append_char(&emit->key, (char)kind);
    buf_append(&emit->key, text);
    fail(emit, buf_status(&emit->key));
    unsigned id = pool_index(emit, &emit->patterns, buf_view(&emit->key));
    return id == 0 ? 0 : id - 1;
}

unsigned emit_set_begin(struct emit *emit, struct program_type element, uint32_t count,
                        uint32_t param)
{
    struct program_set set = {
        .type = element, .first = emit->set_item_count, .count = count, .param = param};
    unsigned index = EMIT_COUNT(emit, sets, struct program_set);
    if (index > MAX_POOL) {
        fail(emit, PLIM_STATUS_LIMIT);
        return 0;
    }
    EMIT_RECORD(emit, sets, set);
    return index;
}

void emit_set_item(struct emit *emit, int64_t item)
{
    EMIT_RECORD(emit, set_items, item);
    emit->set_item_count++;
}

struct program_text emit_string(struct emit *emit, struct str text)
{
    struct program_text result = {.offset = (uint32_t)emit->strings.len,
                                  .length = (uint32_t)text.len};
    buf_append(&emit->strings, text);
    fail(emit, buf_status(&emit->strings));
    return result;
}

/* ---- the finished program ---- */

static void *copy_table(struct arena *arena, const struct buf *table)
{
    void *copy = arena_alloc(arena, table->len > 0 ? table->len : 1);
    if (copy != NULL && table->len > 0) {
        memcpy(copy, table->data, table->len);
    }
    return copy;
}

static void copy_pools(struct emit *emit, struct program *program, uint32_t text_base)
{
    uint32_t texts = emit->texts.count;
    uint32_t ints = emit->ints.count - 1;
    uint32_t patterns = emit->patterns.count - 1;
    struct program_text *text_table = ARENA_ARRAY(&program->arena, struct program_text, texts);
    int64_t *int_table = ARENA_ARRAY(&program->arena, int64_t, ints + 1);
    struct program_pattern *pattern_table =
        ARENA_ARRAY(&program->arena, struct program_pattern, patterns + 1);
    if (text_table == NULL || int_table == NULL || pattern_table == NULL) {
        return;
    }
    uint32_t offset = text_base;
    for (uint32_t i = 0; i < texts; i++) {
        uint32_t length = (uint32_t)intern_view(&emit->texts, i).len;
        text_table[i] = (struct program_text){.offset = offset, .length = length};
        offset += length;
    }
    for (uint32_t i = 0; i < ints; i++) {
        memcpy(&int_table[i], intern_view(&emit->ints, i + 1).ptr, sizeof int_table[i]);
    }
    for (uint32_t i = 0; i < patterns; i++) {
        struct str key = intern_view(&emit->patterns, i + 1);
        uint32_t length = (uint32_t)key.len - 1;
        pattern_table[i].kind = (uint8_t)key.ptr[0];
        pattern_table[i].text = (struct program_text){.offset = offset, .length = length};
        offset += length;
    }
    program->texts = text_table;
    program->text_count = texts;
    program->ints = int_table;
    program->int_count = ints;
    program->patterns = pattern_table;
    program->pattern_count = patterns;
}

/* Texts of constants and patterns go behind those of the tables, in the order copy_pools counts. */
static void append_pool_texts(struct emit *emit)
{
    for (uint32_t i = 0; i < emit->texts.count; i++) {
        (void)emit_string(emit, intern_view(&emit->texts, i));
    }
    for (uint32_t i = 1; i < emit->patterns.count; i++) {
        struct str key = intern_view(&emit->patterns, i);
        (void)emit_string(emit, str_slice(key, 1, key.len));
    }
}

#define TAKE(field, counter, type)                                                                 \
    do {                                                                                           \
        program->field = copy_table(&program->arena, &emit->field);                                \
        program->counter = EMIT_COUNT(emit, field, type);                                          \
    } while (0)

static void copy_tables(struct emit *emit, struct program *program)
{
    TAKE(strings, strings_size, char);
    TAKE(sets, set_count, struct program_set);
    TAKE(set_items, set_item_count, int64_t);
    TAKE(params, param_count, struct program_param);
    TAKE(covers, cover_count, struct program_text);
    TAKE(arms, arm_count, struct program_arm);
    TAKE(rules, rule_count, struct program_rule);
    TAKE(units, unit_count, struct program_unit);
    TAKE(register_types, register_type_count, struct program_type);
    TAKE(code, code_count, uint32_t);
    TAKE(source_map, source_map_count, struct program_span);
    TAKE(files, file_count, struct program_file);
    TAKE(guards, guard_count, struct program_guard);
}

plim_status emit_finish(struct emit *emit, struct program **out)
{
    uint32_t text_base = (uint32_t)emit->strings.len;
    append_pool_texts(emit);
    if (emit->status != PLIM_STATUS_OK) {
        return emit->status;
    }
    struct program *program = NULL;
    plim_status status = program_new(&program, emit->allocator);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    copy_tables(emit, program);
    copy_pools(emit, program, text_base);
    status = arena_status(&program->arena);
    if (status != PLIM_STATUS_OK) {
        program_release(program);
        return status;
    }
    *out = program;
    return PLIM_STATUS_OK;
}
