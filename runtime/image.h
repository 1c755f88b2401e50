/* SPDX-License-Identifier: Apache-2.0
 *
 * image.h - programs on disk: layout, writer, reader.
 *
 *     struct image_header | struct image_section x section_count | sections, each 8-aligned
 *
 * A section is one table of struct program as it stands in memory: fixed-width records of the
 * machine that wrote it (the header says which byte order). Loading checks sizes and points into
 * the bytes; so an embedded image needs neither copying nor parsing. The SHA-256 covers everything
 * but itself and guards against accidents only; every image goes through the verifier.
 * Thread rule: pure apart from what is returned.
 */
#ifndef RUNTIME_IMAGE_H
#define RUNTIME_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/error.h>
#include <plimsoll/status.h>

#include "core/buf.h"
#include "runtime/digest.h"
#include "runtime/program.h"

enum {
    IMAGE_FORMAT_VERSION = 3, /* of layout and instruction set: any change raises it */
    IMAGE_ALIGNMENT = 8,
    IMAGE_MAX_BYTES = 32 << 20
};

/* Eight bytes no text begins with. */
#define IMAGE_MAGIC_BYTES                                                                          \
    {                                                                                              \
        '\x89', 'P', 'L', 'I', 'M', 'C', '\r', '\n'                                                \
    }
#define IMAGE_ENDIAN_MARK UINT32_C(0x01020304)

/* All fields in the byte order of the writer. */
struct image_header {
    char magic[8];
    uint32_t endian_mark;
    uint32_t format_version;
    uint32_t schema_major;
    uint32_t schema_minor;
    uint32_t section_count;
    uint32_t reserved; /* 0 */
    uint64_t file_size;
    uint8_t sha256[DIGEST_SHA256_BYTES];
};

/* Section ids: the tables of struct program in the order of image_tables.def, each once. */
enum image_section_id {
#define TABLE(section, items, number, record) IMAGE_##section,
#include "runtime/image_tables.def"
#undef TABLE
    IMAGE_SECTION_COUNT
};

struct image_section {
    uint32_t id;
    uint32_t record_size;
    uint64_t offset; /* from the start of the file, 8-aligned */
    uint64_t count;  /* records */
};

enum image_flags {
    IMAGE_BORROW = 1,   /* tables point into the bytes, which outlive the program and are 8-aligned;
                           misaligned bytes are copied all the same */
    IMAGE_NO_DIGEST = 2 /* the bytes are part of this program's own read-only data */
};

/* SHA-256 of an image of at least the header's size, without the bytes that hold it. */
void image_digest(uint8_t out[DIGEST_SHA256_BYTES], const void *data, size_t size);

/* Appends the image of a verified program. INTERNAL when it is not verified; NOMEM, LIMIT. */
plim_status image_write(struct buf *out, const struct program *program) PLIM_MUST_CHECK;

/* Loads and verifies. POLICY with a message when the bytes are damaged, of another version or byte
 * order, or do not verify; LIMIT over IMAGE_MAX_BYTES; NOMEM. Allocates at most the size of the
 * image plus what the verifier needs. `error` may be NULL. */
plim_status image_read(struct program **out, const void *data, size_t size, unsigned flags,
                       const plim_allocator *allocator, plim_error *error) PLIM_MUST_CHECK;

#endif
