/* SPDX-License-Identifier: Apache-2.0
 *
 * fmt.h - the canonical layout of a policy file.
 *
 * Works on tokens, not on the tree: comments, blank-line groups, parentheses and the line breaks
 * inside lists and expressions stay; indentation, spacing and clause breaks are set. Formatting
 * twice changes nothing, and never the tree. Thread rule: one thread at a time per list and buffer.
 */
#ifndef COMPILER_FMT_H
#define COMPILER_FMT_H

#include <plimsoll/status.h>

#include "core/buf.h"
#include "core/diag.h"
#include "core/source.h"

/* Appends the canonical form of source `id`. POLICY, with diagnostics and an unchanged `out`, when
 * the text does not parse; NOMEM; LIMIT when `out` is full. */
plim_status format_module(struct buf *out, struct source_set *sources, source_id id,
                          struct diag_list *diags) PLIM_MUST_CHECK;

#endif
