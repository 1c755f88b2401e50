/* SPDX-License-Identifier: Apache-2.0
 *
 * context_facts.h - the build context of a Dockerfile into the fact store.
 *
 * Fills the kinds context, ignore-pattern and context-file, and what copied-file and dockerfile
 * know of the context. The rows of the Dockerfile must be there. Which directory is the context is
 * the caller's business; walking it is context_walk.h. Thread rule: as the store while it is built.
 */
#ifndef FACTS_CONTEXT_CONTEXT_FACTS_H
#define FACTS_CONTEXT_CONTEXT_FACTS_H

#include <stdbool.h>

#include <plimsoll/status.h>

#include "core/arena.h"
#include "facts/files.h"
#include "facts/store.h"

struct context_request {
    const struct facts_files *files;
    fact_row dockerfile;
    struct str directory; /* of the context, as `files` knows it */
    bool assumed;         /* nobody named it: the directory of the Dockerfile is tried */
};

/* Adds the context. Nothing is looked at when the Dockerfile copies nothing from its context. An
 * assumed context in which none of the named sources exists is none: then dockerfile.context is
 * unknown. `scratch` is used and left as it was. LIMIT, NOMEM; a context that cannot be read is no
 * failure but unknown, too. */
plim_status context_facts_add(struct facts *facts, struct arena *scratch,
                              const struct context_request *request) PLIM_MUST_CHECK;

/* Whether anybody will read what context_facts_add finds; else no file need be looked at. */
bool context_facts_read(const struct facts *facts);

#endif
