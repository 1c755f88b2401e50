/* SPDX-License-Identifier: Apache-2.0
 *
 * diag_text.h - the caret renderer: source line, marker under the exact span, notes.
 *
 * Columns are display columns (tabs to 8, wide and combining letters); long lines are windowed
 * around the span; control and bidi characters are shown escaped. Also used for findings.
 * Thread rule: one thread per source_set.
 */
#ifndef CORE_DIAG_TEXT_H
#define CORE_DIAG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"
#include "core/diag.h"
#include "core/source.h"

struct diag_style {
    bool color;
    size_t width; /* terminal columns; 0 means 100 */
};

/* Appends "path:line:col: error E0201: message", the line, the caret, labels and notes. */
void diag_text_write(struct buf *out, struct source_set *sources, const struct diag *diag,
                     struct diag_style style);

/* Appends all diagnostics of a sorted list and, when some were dropped, "N more not shown". */
void diag_text_write_list(struct buf *out, struct source_set *sources, const struct diag_list *list,
                          struct diag_style style);

/* Appends just the numbered source line and a caret line under `span` with `caret_text` behind it;
 * a span over several lines marks to the end of the first. */
void diag_text_write_excerpt(struct buf *out, struct source_set *sources, struct span span,
                             char marker, struct str caret_text, struct diag_style style);

#endif
