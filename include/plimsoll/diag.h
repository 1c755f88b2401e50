/* SPDX-License-Identifier: Apache-2.0
 *
 * diag.h - diagnostics: what is wrong with a policy or an input, where, and what to do.
 *
 * A plim_diags collects; it is passed to the calls that can report and rendered by the caller.
 */
#ifndef PLIMSOLL_DIAG_H
#define PLIMSOLL_DIAG_H

#include <stddef.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plim_diags plim_diags;

/* Text produced by the library. Freed with plim_text_release. */
typedef struct plim_text {
    char *data; /* NUL-terminated */
    size_t size;
    const plim_allocator *allocator;
} plim_text;

/* Frees a text; safe on a zeroed one. One thread at a time. */
PLIM_API void plim_text_release(plim_text *text);

/* Creates an empty collection. `allocator` NULL: the C library's. NOMEM on failure. */
PLIM_API plim_status plim_diags_new(plim_diags **out, const plim_allocator *allocator)
    PLIM_MUST_CHECK;

/* Frees; NULL is fine. */
PLIM_API void plim_diags_free(plim_diags *diags);

PLIM_API size_t plim_diags_errors(const plim_diags *diags);
PLIM_API size_t plim_diags_warnings(const plim_diags *diags);

/* Renders all with source lines and carets. `width` 0: 100 columns. */
PLIM_API plim_status plim_diags_text(const plim_diags *diags, int color, size_t width,
                                     plim_text *out) PLIM_MUST_CHECK;

/* Renders all as a JSON array. */
PLIM_API plim_status plim_diags_json(const plim_diags *diags, plim_text *out) PLIM_MUST_CHECK;

/* Page of a diagnostic by code ("E0201"), Markdown. NOT_FOUND for an unknown code. */
PLIM_API plim_status plim_diag_page(const char *code, plim_text *out) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
