/* SPDX-License-Identifier: Apache-2.0
 *
 * module.h - all files of one pack, and what they import, as trees in order of dependency.
 *
 * Owns the import graph: path checks, look-up among the given files, the caller's reader for the
 * rest, cycles, and the caps. Reads no file itself. Names and visibility are scope's business.
 * Memory: trees in the request's arena, texts in its source set. Thread rule: one thread at a time.
 */
#ifndef COMPILER_MODULE_H
#define COMPILER_MODULE_H

#include <stddef.h>

#include <plimsoll/status.h>

#include "compiler/ast.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/diag.h"
#include "core/source.h"
#include "core/str.h"

enum {
    MODULE_MAX_DEPTH = 16, /* of imports */
    MODULE_MAX_COUNT = 256 /* imported modules; given files are not counted */
};

/* Appends the text of module `path` ("secrets/env"; already checked: relative, no `..`, no NUL) to
 * `out`, whose maximum is PARSE_MAX_BYTES. NOT_FOUND when there is none; IO, INPUT or LIMIT (too
 * large) become E0501 or E0504; NOMEM ends the load. */
typedef plim_status module_read(void *user, struct str path, struct buf *out);

/* One given file. Its module path is the name without leading `./` and trailing `.plim`. */
struct module_input {
    struct str name; /* as shown to people */
    struct str text; /* borrowed; must outlive the source set */
};

struct module_request {
    struct arena *arena;
    struct source_set *sources;
    struct diag_list *diags;
    const struct module_input *inputs;
    size_t input_count;
    module_read *read; /* NULL: imports see the inputs only */
    void *user;
};

/* Parses all inputs and what they import. `*out` receives the trees, each once, every module
 * behind those it imports (import->target is set), inputs otherwise in order. An import `a/b`
 * means the input whose module path is `a/b`, else the only one that ends in `/a/b`, else what
 * `read` supplies. Errors in texts and imports go to the diagnostics and the load goes on; fails
 * only with NOMEM, LIMIT (arena) or INTERNAL, and then `*out` is untouched. */
plim_status module_load(struct ast_module **out,
                        const struct module_request *request) PLIM_MUST_CHECK;

#endif
