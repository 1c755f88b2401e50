/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_read.h - YAML text to document trees, as the Compose reference reads it.
 *
 * The reference is go-yaml v4: only `true` and `false` are booleans, `0644` is octal, `22:22` is
 * text, equal keys are refused, `<<` merges. Anchored nodes are shared by their aliases, never
 * copied. What the trees mean is not known here. Differences: docs/conformance.md.
 *
 * Memory: nodes and decoded texts are in the caller's arena; plain texts are views of the source.
 * Thread rule: pure but for the arena and the diagnostics.
 */
#ifndef FACTS_YAML_YAML_READ_H
#define FACTS_YAML_YAML_READ_H

#include <stddef.h>

#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/diag.h"
#include "core/source.h"
#include "core/str.h"
#include "facts/tree/tree.h"

/* What one file may hold, all its documents together. The size of the file is the caller's. */
enum {
    YAML_MAX_DEPTH = 100,       /* lists and mappings inside each other, through aliases as well */
    YAML_MAX_VALUES = 100000,   /* values and aliases as written, without keys */
    YAML_MAX_NODES = 250000,    /* keys and values when each alias is replaced by what it names */
    YAML_MAX_ALIASES = 10000,   /* uses of anchors */
    YAML_MAX_DOCUMENTS = 1000,  /* documents */
    YAML_MAX_TAG_PREFIXES = 100 /* lines that start with %TAG */
};

/* An alias may not stand for more than this many times what was written, once the file has more
 * than YAML_FEW_NODES nodes: the reference calls it excessive. */
enum { YAML_MAX_ALIAS_RATIO = 100, YAML_FEW_NODES = 1000 };

struct yaml_documents {
    const struct tree_node *const *items; /* roots, in the order of the text; never NULL */
    size_t count;                         /* 0: nothing but comments */
};

/* Reads all documents of a text. The text must live as long as the trees and be below 4 GiB;
 * `source` is the id its spans get. INPUT: the text is no YAML the reference would accept; LIMIT:
 * it exceeds one of the limits above; both with diagnostics and no documents. Else NOMEM. */
plim_status yaml_read(struct yaml_documents *out, struct arena *arena, source_id source,
                      struct str text, struct diag_list *diags) PLIM_MUST_CHECK;

#endif
