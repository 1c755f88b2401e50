/* SPDX-License-Identifier: Apache-2.0
 *
 * image_write.c - saves a program: header, section table, tables as they are. See image.h.
 */
#include <string.h>

#include "runtime/image.h"

/* A table of the program and where it goes. */
struct table {
    const void *data;
    uint64_t count;
    uint32_t record_size;
};

static void list_tables(struct table tables[IMAGE_SECTION_COUNT], const struct program *program)
{
#define TABLE(section, items, number, record)                                                      \
    tables[IMAGE_##section] =                                                                      \
        (struct table){program->items, program->number, (uint32_t)sizeof(record)};
#include "runtime/image_tables.def"
#undef TABLE
}

static uint64_t align_up(uint64_t offset)
{
    return (offset + IMAGE_ALIGNMENT - 1) / IMAGE_ALIGNMENT * IMAGE_ALIGNMENT;
}

static void append_bytes(struct buf *out, const void *data, size_t size)
{
    if (size > 0) {
        buf_append(out, str_make(data, size));
    }
}

/* Fills the section table; returns the size of the file. */
static uint64_t lay_out(struct image_section sections[IMAGE_SECTION_COUNT],
                        const struct table tables[IMAGE_SECTION_COUNT])
{
    uint64_t offset = sizeof(struct image_header) + IMAGE_SECTION_COUNT * sizeof *sections;
    for (uint32_t i = 0; i < IMAGE_SECTION_COUNT; i++) {
        offset = align_up(offset);
        sections[i] = (struct image_section){.id = i,
                                             .record_size = tables[i].record_size,
                                             .offset = offset,
                                             .count = tables[i].count};
        offset += tables[i].count * tables[i].record_size;
    }
    return align_up(offset);
}

plim_status image_write(struct buf *out, const struct program *program)
{
    if (!program->verified) {
        return PLIM_STATUS_INTERNAL;
    }
    struct table tables[IMAGE_SECTION_COUNT];
    struct image_section sections[IMAGE_SECTION_COUNT];
    list_tables(tables, program);
    struct image_header header = {.magic = IMAGE_MAGIC_BYTES,
                                  .endian_mark = IMAGE_ENDIAN_MARK,
                                  .format_version = IMAGE_FORMAT_VERSION,
                                  .schema_major = SCHEMA_MAJOR,
                                  .schema_minor = SCHEMA_MINOR,
                                  .section_count = IMAGE_SECTION_COUNT,
                                  .file_size = lay_out(sections, tables)};
    if (header.file_size > IMAGE_MAX_BYTES) {
        return PLIM_STATUS_LIMIT;
    }
    size_t start = out->len;
    append_bytes(out, &header, sizeof header);
    append_bytes(out, sections, sizeof sections);
    for (uint32_t i = 0; i < IMAGE_SECTION_COUNT; i++) {
        append_bytes(out, tables[i].data, (size_t)tables[i].count * tables[i].record_size);
        while (buf_status(out) == PLIM_STATUS_OK && (out->len - start) % IMAGE_ALIGNMENT != 0) {
            buf_append_char(out, '\0');
        }
    }
    if (buf_status(out) == PLIM_STATUS_OK) {
        char *image = out->data + start;
        image_digest(header.sha256, image, out->len - start);
        memcpy(image + offsetof(struct image_header, sha256), header.sha256, sizeof header.sha256);
    }
    return buf_status(out);
}
