/* SPDX-License-Identifier: Apache-2.0
 *
 * diag_json.h - a diagnostic as a JSON object, for machine-readable reports.
 *
 * Keys: code, severity, message, path, line, column, end_line, end_column, hint, labels, notes.
 * Thread rule: one thread per source_set.
 */
#ifndef CORE_DIAG_JSON_H
#define CORE_DIAG_JSON_H

#include "core/diag.h"
#include "core/jsonw.h"
#include "core/source.h"

/* Writes one object. A place whose source is unknown is left out; "hint" only when there is one. */
void diag_json_write(struct jsonw *out, struct source_set *sources, const struct diag *diag);

#endif
