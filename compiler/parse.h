/* SPDX-License-Identifier: Apache-2.0
 *
 * parse.h - policy text to syntax tree: the door of the compiler's front half.
 *
 * Owns scanner, parser and error recovery of one file; imports are followed by module.h. One run
 * reports every text and syntax error of the file (E00xx, E01xx). What could not be read stands in
 * the tree as AST_ERROR or is left out, so that later passes can go on and report their own errors.
 * Memory: tree in the caller's arena; nothing else survives the call. Thread rule: one thread at a
 * time per arena, source set and diagnostics list; no globals.
 */
#ifndef COMPILER_PARSE_H
#define COMPILER_PARSE_H

#include <plimsoll/status.h>

#include "compiler/ast.h"
#include "core/arena.h"
#include "core/diag.h"
#include "core/source.h"

enum {
    PARSE_MAX_BYTES = 1 << 20, /* of one policy file; more is E0504 */
    PARSE_MAX_DEPTH = 200      /* of nested brackets and of an expression's tree; more is E0102 */
};

/* Parses source `id` of `sources`. `*out` receives a tree whenever one was built, also when errors
 * were reported: callers look at diags->errors before they lower it. Texts of the tree are slices
 * of the source or live in `arena`; both must outlive it. Fails with NOMEM, or LIMIT when the
 * arena's cap is reached; then `*out` is untouched. INTERNAL for an unknown id. */
plim_status parse_module(struct ast_module **out, struct arena *arena, struct source_set *sources,
                         source_id id, struct diag_list *diags) PLIM_MUST_CHECK;

#endif
