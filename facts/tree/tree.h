/* SPDX-License-Identifier: Apache-2.0
 *
 * tree.h - a document as a tree of values that know their places.
 *
 * Readers of formats (facts/yaml) make trees, readers of inputs (facts/compose) transform and read
 * them; neither format nor meaning belongs here. A node is immutable once it was handed on: a step
 * that changes a value makes a new node and shares everything else, so anchors cost nothing and an
 * untouched subtree is never copied. Because of sharing a tree may be a DAG: whoever walks one
 * counts its visits.
 *
 * Memory: nodes, entries and texts live in arenas of their makers; nothing here frees. Failures are
 * sticky in the arena. Thread rule: immutable nodes may be shared.
 */
#ifndef FACTS_TREE_TREE_H
#define FACTS_TREE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/source.h"
#include "core/str.h"

enum tree_kind {
    TREE_NULL,
    TREE_BOOL,
    TREE_INT,
    TREE_UINT, /* an integer above INT64_MAX */
    TREE_FLOAT,
    TREE_TIME, /* a date or date with time; `text` as written */
    TREE_STRING,
    TREE_LIST,
    TREE_MAP
};

enum tree_flag {
    TREE_QUOTED = 1,   /* written in single or double quotes */
    TREE_BLOCK = 2,    /* written as | or > block */
    TREE_RESET = 4,    /* tagged !reset */
    TREE_OVERRIDE = 8, /* tagged !override */
    TREE_HOLES = 16,   /* the text has parts that nobody knows: see TREE_HOLE */
    TREE_DEFAULT = 32  /* nobody wrote it: the place is that of what lacks it */
};

/* Stands in a text for a part whose value is unknown, such as a variable nobody set. The byte
 * cannot occur in UTF-8, so it never comes from a document. Splitting a text at ":" and asking each
 * piece for a hole tells which pieces are known. */
#define TREE_HOLE '\xff'

struct tree_node;

/* One use of a variable in a scalar. */
struct tree_variable {
    struct str name;
    struct span use; /* ${NAME...} in the document */
    struct span set; /* where its value was set; .source SOURCE_NONE when nowhere in a file */
    bool known;      /* false: it had no value, so its part of the text is a hole */
    bool defaulted;  /* the value is the default written in the use itself */
    const struct tree_variable *next;
};

struct tree_entry {
    struct str key;
    struct span key_span;
    bool not_string;               /* the key was written as a number, boolean, date or nothing */
    const struct tree_node *value; /* never NULL */
};

struct tree_node {
    enum tree_kind kind;
    unsigned flags; /* enum tree_flag */
    struct span span;
    struct str text; /* of a scalar: as decoded; empty for lists and maps */
    union {
        bool boolean;
        int64_t integer;
        uint64_t natural;
        double real;
        struct {
            const struct tree_node *const *items;
            size_t count;
        } list;
        struct {
            const struct tree_entry *entries;
            size_t count;
            const uint32_t *sorted; /* positions by key, of a large map; else NULL */
        } map;
    } u;
    const struct tree_node *over;          /* the earlier value that this one replaced, or NULL */
    const struct tree_variable *variables; /* what a scalar was made from, or NULL */
};

/* Maps above this many entries are searched by halves, so that a hostile file cannot make look-ups
 * slow. */
enum { TREE_SORTED = 12 };

/* New scalar or empty node. `text` is borrowed. NULL after a failure of the arena. */
struct tree_node *tree_new(struct arena *arena, enum tree_kind kind, struct span span,
                           struct str text);

/* A writable copy that shares children, texts, variables and the value it replaced. */
struct tree_node *tree_copy(struct arena *arena, const struct tree_node *node);

/* Node for a list or map of gathered parts; the arrays are borrowed, so they must live as long. */
struct tree_node *tree_new_list(struct arena *arena, struct span span,
                                const struct tree_node *const *items, size_t count);

/* The keys must differ: see tree_repeated_key. */
struct tree_node *tree_new_map(struct arena *arena, struct span span,
                               const struct tree_entry *entries, size_t count);

/* Entries or items while they are gathered. Zero-initialise. */
struct tree_gather {
    struct tree_entry *entries; /* a list uses only `value` */
    size_t count;
    size_t capacity;
};

/* Appends; a failure shows in the arena's status. Does not look for equal keys. */
void tree_gather_add(struct tree_gather *gather, struct arena *arena, struct tree_entry entry);

/* A list or map of what was gathered. */
struct tree_node *tree_gather_list(const struct tree_gather *gather, struct arena *arena,
                                   struct span span);
struct tree_node *tree_gather_map(const struct tree_gather *gather, struct arena *arena,
                                  struct span span);

/* Position of the first entry whose key stands before it already, and in `*first` where; -1 when
 * all keys differ, or after a failure of the arena, which lends memory for large maps. */
ptrdiff_t tree_repeated_key(struct arena *arena, const struct tree_entry *entries, size_t count,
                            size_t *first);

/* Position of a key in a map, or -1: not there, no map, or NULL. */
ptrdiff_t tree_find(const struct tree_node *map, struct str key);

/* Value of a key, or NULL. */
const struct tree_node *tree_get(const struct tree_node *map, struct str key);

static inline bool tree_is(const struct tree_node *node, enum tree_kind kind)
{
    return node != NULL && node->kind == kind;
}

/* Whether the text has a part that nobody knows. */
static inline bool tree_has_holes(const struct tree_node *node)
{
    return (node->flags & TREE_HOLES) != 0;
}

/* "nothing", "a boolean", "a number", "a date", "a string", "a list", "a mapping": for messages.
 * Static text. */
const char *tree_kind_text(enum tree_kind kind);

#endif
