/* SPDX-License-Identifier: Apache-2.0
 *
 * text.h - texts the library makes for the caller, and a few it makes of nothing else.
 */
#ifndef PLIMSOLL_TEXT_H
#define PLIMSOLL_TEXT_H

#include <stddef.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Text produced by the library. The caller zero-initialises it (PLIM_TEXT_INIT) and owns what a
 * successful call put there until plim_text_release; a failing call leaves it untouched. A call
 * that fills a text releases what it held before. */
typedef struct plim_text {
    char *data; /* NUL-terminated, may hold NUL; NULL before anything was produced */
    size_t size;
    const plim_allocator *allocator; /* that made `data`; NULL: the C library's */
} plim_text;

#define PLIM_TEXT_INIT                                                                             \
    {                                                                                              \
        NULL, 0, NULL                                                                              \
    }

/* Frees a text and zeroes it; NULL and a zeroed one are fine. One thread at a time. */
PLIM_API void plim_text_release(plim_text *text);

/* Replaces the content of `text` by a copy of `size` bytes, made with text->allocator: what a
 * read_module callback uses. NOMEM on failure. One thread at a time. */
PLIM_API plim_status plim_text_set(plim_text *text, const char *data, size_t size) PLIM_MUST_CHECK;

/* Puts `data` into `text` with every byte that could deceive or drive a terminal made visible
 * (controls, escapes, invisible and bidirectional characters, invalid UTF-8): one line stays one
 * line, and a line that a CI system would take for a command is broken up. NOMEM, LIMIT. Pure. */
PLIM_API plim_status plim_text_safe(plim_text *text, const char *data, size_t size) PLIM_MUST_CHECK;

/* Version of the library that runs, which may be newer than PLIM_VERSION. Static text. Pure. */
PLIM_API const char *plim_version(void);

/* Versions of language, schema, image format and of the libraries in use, one a line. NOMEM. */
PLIM_API plim_status plim_version_details(plim_text *text) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
