/* SPDX-License-Identifier: Apache-2.0
 *
 * diag.h - diagnostics: what is wrong with a policy or an input, where, and what to do.
 *
 * A plim_diags collects; it is passed to the calls that can report and rendered by the caller. It
 * is self-contained: it keeps the lines it shows, so policies and facts may be freed before it.
 */
#ifndef PLIMSOLL_DIAG_H
#define PLIMSOLL_DIAG_H

#include <stddef.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>
#include <plimsoll/text.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plim_diags plim_diags;

/* Creates an empty collection, freed by the caller. `allocator` NULL: the C library's; it must
 * outlive the collection. USAGE when `out` is NULL, NOMEM. One thread at a time. */
PLIM_API plim_status plim_diags_new(plim_diags **out,
                                    const plim_allocator *allocator) PLIM_MUST_CHECK;

/* Frees; NULL is fine. */
PLIM_API void plim_diags_free(plim_diags *diags);

/* Number of errors and warnings reported, those beyond the shown ones included; 0 for NULL. */
PLIM_API size_t plim_diags_errors(const plim_diags *diags);
PLIM_API size_t plim_diags_warnings(const plim_diags *diags);

/* Adds a problem the caller met outside the library, such as a file it could not read. `code` is
 * one of the I0xxx codes (I0101: unreadable, I0103: too large, I0105: template not checked); the
 * texts are copied. NOT_FOUND for another code, USAGE for NULL, NOMEM. One thread at a time. */
PLIM_API plim_status plim_diags_add(plim_diags *diags, const char *code, const char *path,
                                    const char *message) PLIM_MUST_CHECK;

/* Renders all with source lines and carets; every untrusted byte is made safe for terminals.
 * `width` 0: 100 columns. Empty text when there are none. USAGE for NULL, NOMEM, LIMIT. One thread
 * at a time per collection. */
PLIM_API plim_status plim_diags_text(plim_diags *diags, int color, size_t width,
                                     plim_text *out) PLIM_MUST_CHECK;

/* Renders all as a JSON array of objects with code, severity, message, path, line, column,
 * end_line, end_column, hint, labels, notes. Status and threads as plim_diags_text. */
PLIM_API plim_status plim_diags_json(plim_diags *diags, plim_text *out) PLIM_MUST_CHECK;

/* Page of a diagnostic by code ("E0201", any case), Markdown. NOT_FOUND for an unknown code, USAGE
 * for NULL, NOMEM. Pure. */
PLIM_API plim_status plim_diag_page(const char *code, plim_text *out) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
