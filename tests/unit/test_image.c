/* SPDX-License-Identifier: Apache-2.0
 *
 * test_image.c - saving and loading programs: every truncation, every flipped byte, hostile
 * section tables, other versions and byte orders, failing memory.
 */
#include "runtime/image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/eval.h"
#include "tests/unit/assembler.h"
#include "tests/unit/fault_alloc.h"

/* A rule that loads, compares, loops, matches and emits. */
static void assemble(struct assembler *as)
{
    static const char *const words[] = {"x", "stage a", NULL};
    assembler_init(as, "deny when true");
    unsigned set = assembler_set(as, words);
    unsigned pattern = assembler_pattern(as, PROGRAM_REGEX, "^st(a|b)ge");
    assembler_rule(as, "r");
    assembler_unit(as, FACT_KIND_stage, FACT_VIEW_none);
    assembler_guard(as, PROGRAM_IN, FIELD_stage_label, set);
    unsigned label = assembler_base(as, PROGRAM_STR);
    unsigned pattern_register = assembler_base(as, PROGRAM_PATTERN);
    unsigned truth = assembler_base(as, PROGRAM_BOOL);
    unsigned loc = assembler_base(as, PROGRAM_LOC);
    unsigned list = assembler_register(as, (struct program_type){.base = PROGRAM_STR, .list = 1});
    unsigned iterator = assembler_iterator(as, PROGRAM_STR, 0);
    assembler_span(as, "deny");
    assembler_abc(as, OP_FIELD, label, 0, FIELD_stage_label);
    assembler_ai(as, OP_KPAT, pattern_register, pattern);
    assembler_abc(as, OP_MATCH, truth, label, pattern_register);
    uint32_t no = assembler_ai(as, OP_JNT, truth, 0);
    assembler_abc(as, OP_FIELD, list, 0, FIELD_stage_shell);
    assembler_abc(as, OP_ITER, iterator, list, 0);
    uint32_t loop = assembler_ai(as, OP_FOR, iterator, 0);
    assembler_abc(as, OP_EQ, truth, iterator + 1, label);
    assembler_loop(as, loop);
    assembler_abc(as, OP_ROWLOC, loc, 0, 0);
    assembler_abc(as, OP_AT, loc, 0, 0);
    assembler_ai(as, OP_TEXT, 0, 0);
    assembler_abc(as, OP_PUT, label, 0, 0);
    assembler_ai(as, OP_EMIT, 0, 0);
    assembler_land(as, no);
    assembler_abc(as, OP_END, 0, 0, 0);
}

static struct facts *make_facts(void)
{
    struct facts *facts = NULL;
    source_id source;
    assert_int_equal(facts_new(&facts, NULL, 0, 1), PLIM_STATUS_OK);
    assert_int_equal(source_add(&facts->sources, &source, STR("Dockerfile"), STR("FROM a\n")),
                     PLIM_STATUS_OK);
    fact_loc loc = facts_add_loc(facts, (struct span){.source = source, .end = 6});
    fact_row row = facts_add_row(facts, FACT_KIND_stage, loc);
    facts_set_str(facts, FACT_KIND_stage, row, FIELD_stage_label, STR("stage a"), FACT_NO_LOC);
    facts_add_row(facts, FACT_KIND_user, loc);
    assert_int_equal(facts_freeze(facts), PLIM_STATUS_OK);
    return facts;
}

/* The image of the program above. */
static void write_image(struct buf *out)
{
    struct assembler as;
    assemble(&as);
    struct program *program = assembler_verified(&as);
    buf_init(out, NULL, IMAGE_MAX_BYTES);
    assert_int_equal(image_write(out, program), PLIM_STATUS_OK);
    program_release(program);
}

static void fix_digest(struct buf *image)
{
    uint8_t digest[DIGEST_SHA256_BYTES];
    image_digest(digest, image->data, image->len);
    memcpy(image->data + offsetof(struct image_header, sha256), digest, sizeof digest);
}

static void round_trip_gives_the_same_bytes(void **state)
{
    (void)state;
    struct buf image;
    struct buf again;
    struct program *program = NULL;
    struct facts *facts = make_facts();
    write_image(&image);
    for (unsigned flags = 0; flags <= (IMAGE_BORROW | IMAGE_NO_DIGEST); flags++) {
        assert_int_equal(image_read(&program, image.data, image.len, flags, NULL, NULL),
                         PLIM_STATUS_OK);
        assert_true(program->verified);
        bool inside = program->strings >= image.data && program->strings < image.data + image.len;
        assert_int_equal(inside, (flags & IMAGE_BORROW) != 0);
        buf_init(&again, NULL, IMAGE_MAX_BYTES);
        assert_int_equal(image_write(&again, program), PLIM_STATUS_OK);
        assert_int_equal(again.len, image.len);
        assert_memory_equal(again.data, image.data, image.len);
        buf_release(&again);
        struct report *report = NULL;
        assert_int_equal(eval_run(&report, program, facts, NULL, NULL), PLIM_STATUS_OK);
        assert_int_equal(report->count, 1);
        report_free(report);
        program_release(program);
    }
    facts_free(facts);
    buf_release(&image);
}

static void misaligned_bytes_are_copied(void **state)
{
    (void)state;
    struct buf image;
    struct program *program = NULL;
    write_image(&image);
    char *moved = malloc(image.len + 1);
    assert_non_null(moved);
    memcpy(moved + 1, image.data, image.len);
    assert_int_equal(image_read(&program, moved + 1, image.len, IMAGE_BORROW, NULL, NULL),
                     PLIM_STATUS_OK);
    free(moved);
    assert_string_equal(program->strings, "test.plim");
    program_release(program);
    buf_release(&image);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    struct buf image;
    write_image(&image);
    for (size_t size = 0; size < image.len; size++) {
        char *copy = malloc(size > 0 ? size : 1);
        struct program *program = NULL;
        plim_error error = {.message = ""};
        assert_non_null(copy);
        memcpy(copy, image.data, size);
        assert_int_equal(image_read(&program, copy, size, IMAGE_BORROW, NULL, &error),
                         PLIM_STATUS_POLICY);
        assert_null(program);
        assert_true(strlen(error.message) > 0);
        /* The same with a header that agrees to the new size. */
        if (size >= sizeof(struct image_header)) {
            uint64_t claimed = size;
            memcpy(copy + offsetof(struct image_header, file_size), &claimed, sizeof claimed);
            plim_status status =
                image_read(&program, copy, size, IMAGE_BORROW | IMAGE_NO_DIGEST, NULL, NULL);
            /* Only padding behind the last table may be missing. */
            assert_true(status == PLIM_STATUS_POLICY || image.len - size < IMAGE_ALIGNMENT);
            program_release(status == PLIM_STATUS_OK ? program : NULL);
        }
        free(copy);
    }
    buf_release(&image);
}

static void every_flipped_byte_is_refused_or_harmless(void **state)
{
    (void)state;
    struct buf image;
    struct facts *facts = make_facts();
    size_t accepted = 0;
    write_image(&image);
    char *copy = malloc(image.len);
    assert_non_null(copy);
    for (size_t at = 0; at < image.len; at++) {
        for (unsigned bit = 0; bit < 9; bit++) {
            struct program *program = NULL;
            struct report *report = NULL;
            memcpy(copy, image.data, image.len);
            copy[at] = (char)(copy[at] ^ (bit < 8 ? 1 << bit : 0xFF));
            assert_int_equal(image_read(&program, copy, image.len, IMAGE_BORROW, NULL, NULL),
                             PLIM_STATUS_POLICY);
            /* Past the digest the verifier must be enough. */
            if (image_read(&program, copy, image.len, IMAGE_BORROW | IMAGE_NO_DIGEST, NULL, NULL) !=
                PLIM_STATUS_OK) {
                continue;
            }
            struct eval_options options = {.fuel = 100000};
            plim_status status = eval_run(&report, program, facts, &options, NULL);
            assert_true(status == PLIM_STATUS_OK || status == PLIM_STATUS_LIMIT);
            report_free(report);
            program_release(program);
            accepted++;
        }
    }
    assert_true(accepted > 0);
    free(copy);
    facts_free(facts);
    buf_release(&image);
}

static void assert_message(struct buf *image, const char *part)
{
    struct program *program = NULL;
    plim_error error = {.message = ""};
    assert_int_equal(image_read(&program, image->data, image->len, 0, NULL, &error),
                     PLIM_STATUS_POLICY);
    if (strstr(error.message, part) == NULL) {
        print_error("wanted \"%s\", got \"%s\"\n", part, error.message);
    }
    assert_non_null(strstr(error.message, part));
}

static struct image_header *header_of(struct buf *image)
{
    return (struct image_header *)(void *)image->data;
}

static void versions_and_byte_orders_are_named(void **state)
{
    (void)state;
    struct buf image;
    write_image(&image);
    header_of(&image)->format_version = IMAGE_FORMAT_VERSION + 1;
    assert_message(&image, "has version 4, this program reads version 3");
    header_of(&image)->format_version = 0;
    assert_message(&image, "has version 0, this program reads version 3");
    header_of(&image)->format_version = IMAGE_FORMAT_VERSION;
    header_of(&image)->schema_major = SCHEMA_MAJOR + 1;
    assert_message(&image, "was compiled for fact schema 2.");
    header_of(&image)->schema_major = SCHEMA_MAJOR;
    header_of(&image)->schema_minor = SCHEMA_MINOR + 1;
    assert_message(&image, "this program has 1.0");
    header_of(&image)->schema_minor = SCHEMA_MINOR;
    header_of(&image)->endian_mark = UINT32_C(0x04030201);
    assert_message(&image, "other byte order");
    header_of(&image)->endian_mark = 7;
    assert_message(&image, "header is malformed");
    header_of(&image)->endian_mark = IMAGE_ENDIAN_MARK;
    header_of(&image)->magic[1] = 'p';
    assert_message(&image, "does not begin like one");
    buf_release(&image);
}

static void hostile_section_tables_are_refused(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {1,
                                       7,
                                       UINT32_MAX - 1,
                                       UINT32_MAX,
                                       UINT64_C(1) << 32,
                                       (UINT64_C(1) << 61) + 1,
                                       UINT64_MAX / 24,
                                       UINT64_MAX - 7,
                                       UINT64_MAX};
    struct buf image;
    write_image(&image);
    for (unsigned section = 0; section < IMAGE_SECTION_COUNT; section++) {
        for (size_t i = 0; i < 2 * sizeof numbers / sizeof *numbers; i++) {
            struct image_section *table =
                (struct image_section *)(void *)(image.data + sizeof(struct image_header));
            struct image_section saved = table[section];
            uint64_t number = numbers[i / 2];
            uint64_t *field = i % 2 == 0 ? &table[section].offset : &table[section].count;
            if (i % 2 == 0 || number > 7) {
                *field = number;
                fix_digest(&image);
                assert_message(&image, "");
            }
            table[section] = saved;
        }
    }
    struct image_section *table =
        (struct image_section *)(void *)(image.data + sizeof(struct image_header));
    table[IMAGE_TEXTS].offset = table[IMAGE_INTS].offset;
    table[IMAGE_INTS].count = 1;
    fix_digest(&image);
    assert_message(&image, "over another");
    buf_release(&image);
}

static void sizes_stop_at_the_limit(void **state)
{
    (void)state;
    struct program *program = NULL;
    plim_error error;
    char *bytes = calloc(1, IMAGE_MAX_BYTES + 1);
    assert_non_null(bytes);
    assert_int_equal(image_read(&program, bytes, IMAGE_MAX_BYTES, 0, NULL, &error),
                     PLIM_STATUS_POLICY);
    assert_int_equal(image_read(&program, bytes, (size_t)IMAGE_MAX_BYTES + 1, 0, NULL, &error),
                     PLIM_STATUS_LIMIT);
    free(bytes);
}

static void an_unverified_program_is_not_written(void **state)
{
    (void)state;
    struct assembler as;
    struct program *program = NULL;
    struct buf out;
    assemble(&as);
    assert_int_equal(assembler_build(&as, &program, NULL), PLIM_STATUS_OK);
    buf_init(&out, NULL, IMAGE_MAX_BYTES);
    assert_int_equal(image_write(&out, program), PLIM_STATUS_INTERNAL);
    assert_int_equal(out.len, 0);
    buf_release(&out);
    program_release(program);
}

static plim_status load_with(const plim_allocator *allocator, void *user)
{
    const struct buf *image = user;
    struct program *program = NULL;
    struct buf copy;
    plim_status status = image_read(&program, image->data, image->len, 0, allocator, NULL);
    buf_init(&copy, allocator, IMAGE_MAX_BYTES);
    if (status == PLIM_STATUS_OK) {
        status = image_write(&copy, program);
    }
    buf_release(&copy);
    program_release(program);
    return status;
}

static void failing_memory_is_told(void **state)
{
    (void)state;
    struct buf image;
    write_image(&image);
    fault_alloc_run(load_with, &image);
    buf_release(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip_gives_the_same_bytes),
        cmocka_unit_test(misaligned_bytes_are_copied),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_byte_is_refused_or_harmless),
        cmocka_unit_test(versions_and_byte_orders_are_named),
        cmocka_unit_test(hostile_section_tables_are_refused),
        cmocka_unit_test(sizes_stop_at_the_limit),
        cmocka_unit_test(an_unverified_program_is_not_written),
        cmocka_unit_test(failing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
