/* SPDX-License-Identifier: Apache-2.0
 *
 * image_read.c - loads a program: every number is compared with the size of the file before it is
 * used, tables then point into the bytes, and the verifier has the last word. See image.h.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/image.h"
#include "runtime/verify.h"

static plim_status refuse(plim_error *error, const char *reason)
{
    if (error != NULL) {
        error->status = PLIM_STATUS_POLICY;
        snprintf(error->message, sizeof error->message, "program image is damaged: %s", reason);
    }
    return PLIM_STATUS_POLICY;
}

static plim_status fail(plim_error *error, plim_status status)
{
    if (error != NULL) {
        error->status = status;
        snprintf(error->message, sizeof error->message, "program image: %s",
                 plim_status_text(status));
    }
    return status;
}

/* Wrong version or byte order: named with what is wanted. */
static plim_status refuse_version(plim_error *error, const struct image_header *header)
{
    if (error == NULL) {
        return PLIM_STATUS_POLICY;
    }
    error->status = PLIM_STATUS_POLICY;
    if (header->endian_mark == __builtin_bswap32(IMAGE_ENDIAN_MARK)) {
        snprintf(error->message, sizeof error->message,
                 "program image was written on a machine of the other byte order (format %u); this "
                 "is format %u: compile it here",
                 __builtin_bswap32(header->format_version), (unsigned)IMAGE_FORMAT_VERSION);
    } else if (header->format_version != IMAGE_FORMAT_VERSION) {
        snprintf(error->message, sizeof error->message,
                 "program image has version %u, this program reads version %u: compile it again",
                 header->format_version, (unsigned)IMAGE_FORMAT_VERSION);
    } else {
        snprintf(
            error->message, sizeof error->message,
            "program image was compiled for fact schema %u.%u, this program has %d.%d: compile "
            "it again",
            header->schema_major, header->schema_minor, SCHEMA_MAJOR, SCHEMA_MINOR);
    }
    return PLIM_STATUS_POLICY;
}

void image_digest(uint8_t out[DIGEST_SHA256_BYTES], const void *data, size_t size)
{
    const char *bytes = data;
    const size_t at = offsetof(struct image_header, sha256);
    const size_t behind = sizeof(struct image_header);
    const struct str parts[] = {str_make(bytes, at), str_make(bytes + behind, size - behind)};
    digest_sha256(out, parts, 2);
}

static plim_status check_header(const struct image_header *header, const void *data, size_t size,
                                unsigned flags, plim_error *error)
{
    static const char magic[8] = IMAGE_MAGIC_BYTES;
    if (memcmp(header->magic, magic, sizeof magic) != 0) {
        return refuse(error, "it does not begin like one");
    }
    /* Numbers of kinds and views move when the schema grows: even an older minor must go. */
    bool schema_fits = header->schema_major == SCHEMA_MAJOR && header->schema_minor == SCHEMA_MINOR;
    if (header->endian_mark == __builtin_bswap32(IMAGE_ENDIAN_MARK) ||
        (header->endian_mark == IMAGE_ENDIAN_MARK &&
         (header->format_version != IMAGE_FORMAT_VERSION || !schema_fits))) {
        return refuse_version(error, header);
    }
    if (header->endian_mark != IMAGE_ENDIAN_MARK || header->reserved != 0) {
        return refuse(error, "its header is malformed");
    }
    if (header->file_size != size) {
        return refuse(error, "its size is not what the header says");
    }
    if (header->section_count != IMAGE_SECTION_COUNT) {
        return refuse(error, "it has the wrong number of sections");
    }
    uint8_t digest[DIGEST_SHA256_BYTES];
    if ((flags & IMAGE_NO_DIGEST) == 0) {
        image_digest(digest, data, size);
        if (memcmp(digest, header->sha256, sizeof digest) != 0) {
            return refuse(error, "its SHA-256 does not match");
        }
    }
    return PLIM_STATUS_OK;
}

static uint32_t record_size_of(enum image_section_id id)
{
    static const uint32_t sizes[] = {
#define TABLE(section, items, number, record) [IMAGE_##section] = sizeof(record),
#include "runtime/image_tables.def"
#undef TABLE
    };
    return sizes[id];
}

/* Sections stand in order, 8-aligned, without overlap, inside the file. */
static plim_status check_sections(const struct image_section *sections, size_t size,
                                  plim_error *error)
{
    uint64_t behind = sizeof(struct image_header) + IMAGE_SECTION_COUNT * sizeof *sections;
    for (uint32_t i = 0; i < IMAGE_SECTION_COUNT; i++) {
        const struct image_section *section = &sections[i];
        uint32_t record_size = record_size_of((enum image_section_id)i);
        if (section->id != i || section->record_size != record_size) {
            return refuse(error, "a section is not the one expected");
        }
        if (section->offset < behind || section->offset > size ||
            section->offset % IMAGE_ALIGNMENT != 0) {
            return refuse(error, "a section lies outside the file or over another");
        }
        if (section->count > (size - section->offset) / record_size ||
            section->count > UINT32_MAX) {
            return refuse(error, "a section is longer than the file");
        }
        behind = section->offset + section->count * record_size;
    }
    return PLIM_STATUS_OK;
}

static void point_tables(struct program *program, const char *bytes,
                         const struct image_section *sections)
{
#define TABLE(section, items, number, record)                                                      \
    program->items = (const void *)(bytes + sections[IMAGE_##section].offset);                     \
    program->number = (uint32_t)sections[IMAGE_##section].count;
#include "runtime/image_tables.def"
#undef TABLE
}

static plim_status load(struct program *program, const char *bytes, size_t size, unsigned flags,
                        plim_error *error)
{
    bool aligned = (uintptr_t)bytes % IMAGE_ALIGNMENT == 0;
    if ((flags & IMAGE_BORROW) == 0 || !aligned) {
        char *copy = arena_alloc(&program->arena, size);
        if (copy == NULL) {
            return fail(error, arena_status(&program->arena));
        }
        memcpy(copy, bytes, size);
        bytes = copy;
    }
    const struct image_section *sections = (const void *)(bytes + sizeof(struct image_header));
    plim_status status = check_sections(sections, size, error);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    point_tables(program, bytes, sections);
    struct verify_error why;
    status = verify_program(program, &why);
    if (status == PLIM_STATUS_POLICY && error != NULL) {
        error->status = status;
        if (why.unit == VERIFY_NO_PLACE) {
            snprintf(error->message, sizeof error->message,
                     "program image does not verify: %s (record %u)", why.text, why.offset);
        } else {
            snprintf(error->message, sizeof error->message,
                     "program image does not verify: %s (unit %u, instruction %u)", why.text,
                     why.unit, why.offset);
        }
    } else if (status != PLIM_STATUS_OK) {
        fail(error, status);
    }
    return status;
}

plim_status image_read(struct program **out, const void *data, size_t size, unsigned flags,
                       const plim_allocator *allocator, plim_error *error)
{
    const size_t least =
        sizeof(struct image_header) + IMAGE_SECTION_COUNT * sizeof(struct image_section);
    struct image_header header;
    if (size > IMAGE_MAX_BYTES) {
        return fail(error, PLIM_STATUS_LIMIT);
    }
    if (data == NULL || size < sizeof header) {
        return refuse(error, "it is too short");
    }
    memcpy(&header, data, sizeof header);
    plim_status status = check_header(&header, data, size, flags, error);
    if (status == PLIM_STATUS_OK && size < least) {
        return refuse(error, "it is too short");
    }
    struct program *program = NULL;
    if (status == PLIM_STATUS_OK) {
        status = program_new(&program, allocator);
        if (status != PLIM_STATUS_OK) {
            return fail(error, status);
        }
        status = load(program, data, size, flags, error);
    }
    if (status != PLIM_STATUS_OK) {
        program_release(program);
        return status;
    }
    *out = program;
    return PLIM_STATUS_OK;
}
