/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_image.c - program images: load, verify, disassemble, run and trace on a small store.
 *
 * The first byte of the input chooses what the rest is: the bytes of an image (0), edits of three
 * bytes (offset, offset, value) to a sound image (1), or the instructions of a sound program (2).
 * The digest is not asked for: the verifier alone must be enough.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "runtime/builtins.h"
#include "runtime/bytecode.h"
#include "runtime/disasm.h"
#include "runtime/eval.h"
#include "runtime/image.h"
#include "runtime/trace.h"
#include "runtime/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_WORDS = 512, FUEL = 200000 };

/* Texts of the sample, one behind the other, with their offsets. */
static const char blob[] = "rule\0/bin/sh\0a.*b\0*.key\0label\0";

static const struct program_text texts[] = {{5, 7}, {0, 4}, {24, 5}};
static const int64_t ints[] = {0, 1, INT64_MIN, INT64_MAX};
static const int64_t set_items[] = {0, 1, MEMBER_severity_low, MEMBER_severity_high, 5, 7};
static const struct program_set sets[] = {
    {.type = {.base = PROGRAM_STR}, .first = 0, .count = 2, .param = 0},
    {.type = {.base = PROGRAM_ENUM, .argument = FACT_ENUM_severity},
     .first = 2,
     .count = 2,
     .param = UINT32_MAX},
    {.type = {.base = PROGRAM_INT}, .first = 4, .count = 2, .param = UINT32_MAX}};
static const struct program_pattern patterns[] = {{PROGRAM_REGEX, {13, 4}},
                                                  {PROGRAM_GLOB, {18, 5}}};
static const struct program_param params[] = {
    {.name = {0, 4}, .type = {.base = PROGRAM_STR, .list = 1}, .set = 0},
    {.name = {0, 4}, .type = {.base = PROGRAM_INT}, .value = 3}};
static const struct program_arm arms[] = {{.severity = 1}, {.severity = 2}};
static const struct program_rule rules[] = {
    {.name = {0, 4}, .unknown = PROGRAM_UNKNOWN_REPORT, .arm_count = 2, .unit_count = 1}};
static const struct program_file files[] = {{.path = {0, 4}, .source = {5, 7}}};

/* One register of each type, two of the most used; iterators with what stands behind them. */
static const struct program_type types[] = {
    {.base = PROGRAM_ROW, .argument = FACT_KIND_stage},
    {.base = PROGRAM_BOOL},
    {.base = PROGRAM_BOOL},
    {.base = PROGRAM_INT},
    {.base = PROGRAM_INT},
    {.base = PROGRAM_STR},
    {.base = PROGRAM_STR},
    {.base = PROGRAM_SET, .argument = PROGRAM_STR},
    {.base = PROGRAM_PATTERN},
    {.base = PROGRAM_LOC},
    {.base = PROGRAM_COUNT},
    {.base = PROGRAM_COUNT},
    {.base = PROGRAM_STR, .list = 1},
    {.base = PROGRAM_STR, .list = 1},
    {.base = PROGRAM_STR, .iter = 1},
    {.base = PROGRAM_STR},
    {.base = PROGRAM_LOC},
    {.base = PROGRAM_BOOL},
    {.base = PROGRAM_STR, .iter = 1},
    {.base = PROGRAM_STR},
    {.base = PROGRAM_LOC},
    {.base = PROGRAM_BOOL},
    {.base = PROGRAM_ROW, .argument = FACT_KIND_user},
    {.base = PROGRAM_ENUM, .argument = FACT_ENUM_severity},
    {.base = PROGRAM_VERSION},
    {.base = PROGRAM_DURATION},
    {.base = PROGRAM_TIME},
    {.base = PROGRAM_ROW, .argument = FACT_KIND_command, .list = 1},
    {.base = PROGRAM_ROW, .argument = FACT_KIND_command, .iter = 1},
    {.base = PROGRAM_ROW, .argument = FACT_KIND_command},
    {.base = PROGRAM_LOC},
    {.base = PROGRAM_BOOL}};

#define COUNT(table) (uint32_t)(sizeof(table) / sizeof *(table))

static struct facts *make_facts(void)
{
    struct facts *facts = NULL;
    source_id source;
    struct arena scratch;
    struct fact_items words = {0};
    if (facts_new(&facts, NULL, 0, 1) != PLIM_STATUS_OK ||
        source_add(&facts->sources, &source, STR("Dockerfile"), STR("FROM a\nUSER root\n")) !=
            PLIM_STATUS_OK) {
        abort();
    }
    arena_init(&scratch, NULL, 0);
    for (uint32_t i = 0; i < 3; i++) {
        fact_loc loc = facts_add_loc(facts, (struct span){source, i, i + 6});
        fact_row row = facts_add_row(facts, FACT_KIND_stage, loc);
        fact_cause cause = facts_add_cause(facts, STR("no default"), loc);
        facts_set_str(facts, FACT_KIND_stage, row, FIELD_stage_label, STR("stage a.b"), loc);
        facts_set_bool(facts, FACT_KIND_stage, row, FIELD_stage_is_final, i == 2, loc);
        fact_items_add_str(&words, &scratch, facts, STR("/bin/sh"), loc);
        fact_items_add(&words, &scratch,
                       (struct fact_cell){.value = cause, .loc = loc, .state = FACT_UNKNOWN});
        facts_set_list(facts, FACT_KIND_stage, row, FIELD_stage_shell, &words, loc);
        fact_row user = facts_add_row(facts, FACT_KIND_user, loc);
        facts_set_int(facts, FACT_KIND_user, user, FIELD_user_uid, i, loc);
        facts_set_row(facts, FACT_KIND_stage, row, FIELD_stage_user, user, loc);
        facts_set_unknown(facts, FACT_KIND_stage, row, FIELD_stage_workdir, cause, loc);
        facts_add_row(facts, FACT_KIND_command, loc);
    }
    arena_release(&scratch);
    if (facts_freeze(facts) != PLIM_STATUS_OK) {
        abort();
    }
    return facts;
}

static void run(const struct program *program)
{
    struct facts *facts = make_facts();
    struct report *report = NULL;
    struct eval_options options = {.fuel = FUEL, .memory_bytes = 1 << 24, .now_ns = 1};
    plim_status status = eval_run(&report, program, facts, &options, NULL);
    if (status == PLIM_STATUS_OK || status == PLIM_STATUS_LIMIT) {
        for (size_t i = 0; i < report->count; i++) {
            char name[33];
            report_fingerprint(report, &report->items[i], name);
        }
        report_free(report);
    }
    struct buf text;
    buf_init(&text, NULL, 1 << 20);
    disasm_program(&text, program, DISASM_ALL_RULES);
    buf_clear(&text);
    if (program->rule_count > 0) {
        status = trace_rule(&text, program, facts, 0, STR(""), 0, &options, NULL);
    }
    (void)status;
    buf_release(&text);
    facts_free(facts);
}

/* The sample with these instructions; NULL when the verifier refuses them. */
static struct program *make_program(const uint32_t *code, uint32_t count, struct program_span *map,
                                    struct program_unit *unit)
{
    struct program *program = NULL;
    struct verify_error error;
    if (program_new(&program, NULL) != PLIM_STATUS_OK) {
        abort();
    }
    *unit = (struct program_unit){.kind = FACT_KIND_stage,
                                  .view = FACT_VIEW_none,
                                  .code_count = count,
                                  .register_count = COUNT(types)};
#define TABLE_OF(field, table, counter)                                                            \
    program->field = (table);                                                                      \
    program->counter = COUNT(table);
    TABLE_OF(strings, blob, strings_size)
    TABLE_OF(ints, ints, int_count)
    TABLE_OF(texts, texts, text_count)
    TABLE_OF(sets, sets, set_count)
    TABLE_OF(set_items, set_items, set_item_count)
    TABLE_OF(patterns, patterns, pattern_count)
    TABLE_OF(params, params, param_count)
    TABLE_OF(arms, arms, arm_count)
    TABLE_OF(rules, rules, rule_count)
    TABLE_OF(register_types, types, register_type_count)
    TABLE_OF(files, files, file_count)
#undef TABLE_OF
    program->units = unit;
    program->unit_count = 1;
    program->code = code;
    program->code_count = count;
    program->source_map = map;
    program->source_map_count = count;
    if (verify_program(program, &error) != PLIM_STATUS_OK) {
        program_release(program);
        return NULL;
    }
    return program;
}

static void run_image(const void *bytes, size_t size)
{
    struct program *program = NULL;
    if (image_read(&program, bytes, size, IMAGE_BORROW | IMAGE_NO_DIGEST, NULL, NULL) ==
        PLIM_STATUS_OK) {
        run(program);
        program_release(program);
    }
}

static void run_edits(const uint8_t *edits, size_t size)
{
    static const uint32_t code[] = {OP_FIELD | 5 << 8 | 0 << 16 | (uint32_t)FIELD_stage_label << 24,
                                    OP_KPAT | 8 << 8,
                                    OP_MATCH | 1 << 8 | 5 << 16 | 8u << 24,
                                    OP_ROWLOC | 9 << 8,
                                    OP_AT | 9 << 8,
                                    OP_TEXT,
                                    OP_PUT | 5 << 8,
                                    OP_UNDEC | 1 << 8,
                                    OP_EMIT,
                                    OP_END};
    struct program_span map[COUNT(code)] = {{0}};
    struct program_unit unit;
    struct program *program = make_program(code, COUNT(code), map, &unit);
    struct buf image;
    buf_init(&image, NULL, IMAGE_MAX_BYTES);
    if (program == NULL || image_write(&image, program) != PLIM_STATUS_OK) {
        abort();
    }
    program_release(program);
    for (size_t i = 0; i + 3 <= size; i += 3) {
        size_t at = (size_t)edits[i] << 8 | edits[i + 1];
        image.data[at % image.len] = (char)edits[i + 2];
    }
    run_image(image.data, image.len);
    buf_release(&image);
}

static void run_code(const uint8_t *bytes, size_t size)
{
    uint32_t code[MAX_WORDS + 1];
    struct program_span map[MAX_WORDS + 1] = {{0}};
    struct program_unit unit;
    uint32_t count = (uint32_t)(size / 4 < MAX_WORDS ? size / 4 : MAX_WORDS);
    memcpy(code, bytes, (size_t)count * 4);
    for (uint32_t i = 0; i < count; i++) {
        /* Opcodes from any byte: else nearly all inputs end at the first instruction. */
        code[i] = (code[i] & ~UINT32_C(0xFF)) | (code[i] & 0xFF) % OPCODE_COUNT;
    }
    code[count++] = OP_END;
    struct program *program = make_program(code, count, map, &unit);
    if (program != NULL) {
        run(program);
        program_release(program);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    uint8_t *copy = malloc(size > 1 ? size - 1 : 1); /* exact size and aligned */
    if (copy == NULL) {
        return 0;
    }
    memcpy(copy, data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        run_image(copy, size - 1);
        break;
    case 1:
        run_edits(copy, size - 1);
        break;
    default:
        run_code(copy, size - 1);
        break;
    }
    free(copy);
    return 0;
}
