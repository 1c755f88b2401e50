/* SPDX-License-Identifier: Apache-2.0
 *
 * link.h - a program resolved against one fact store, for one evaluation. When the store has been
 * cleared and filled again, link_again resolves anew and keeps what does not depend on the store:
 * sets, compiled patterns and the memory.
 *
 * String constants become ids: those of the store, or of a table of extra strings when the store
 * does not have the text (extra ids follow the store's). Sets become sorted arrays and bitmaps of
 * classes; a string's class is found when it is first asked for. Parameters become values, patterns
 * are prepared. Everything lives in arenas with the evaluation's memory budget. Who frees:
 * link_release. Thread rule: one thread; program and facts are only read.
 */
#ifndef RUNTIME_LINK_H
#define RUNTIME_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include <plimsoll/error.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/intern.h"
#include "core/str.h"
#include "facts/store.h"
#include "runtime/eval.h"
#include "runtime/glob_plan.h"
#include "runtime/program.h"
#include "runtime/regexp.h"
#include "runtime/regexp_hint.h"
#include "runtime/text_scan.h"
#include "runtime/value.h"

/* A set of strings or numbers. Strings are named by class: a number from 1 for each distinct string
 * that occurs in any set of the program or of its parameters; 0 is all other strings. Classes stay
 * the same for all contents of the store. */
struct linked_set {
    bool strings;
    const uint64_t *bitmap; /* by class or enumeration member; NULL: search `items` */
    uint32_t bits;
    const uint64_t *items; /* sorted classes or numbers (as two's complement) */
    uint32_t count;
};

struct linked_pattern {
    struct regexp *regex;     /* made when a hint lets a text through; NULL for globs */
    struct regexp_hint *hint; /* made when first asked; NULL for globs */
    struct glob_plan glob;    /* of a glob pattern */
    uint8_t scanned;          /* 1 + its number in the scanner; 0: it is not scanned for */
    uint8_t *memo;            /* two bits per string id: 0 not asked, 1 no match, 2 match */
};

struct link {
    const plim_allocator *allocator;
    const struct program *program;
    const struct facts *facts;
    struct arena arena;
    struct arena kept;     /* what does not depend on the content of the store: patterns, sets */
    struct interner words; /* strings of sets: id + 1 is the class */
    struct interner extra;
    uint32_t store_strings; /* ids below are the store's */
    uint32_t memo_strings;  /* ids below have a place in memos */
    intern_id *constants;   /* by string constant; INTERN_NONE: not resolved yet */
    uint32_t *classes;      /* by string id below class_strings: class + 1, 0: not asked yet */
    uint32_t class_strings;
    uint32_t *text_classes; /* by string constant: class when guards name it */
    struct linked_set *sets;
    struct linked_pattern *patterns;
    struct text_scan *scan; /* for patterns of guards */
    uint32_t scan_count;
    uint64_t *scans;      /* by string id below memo_strings; 0: not asked yet */
    struct value *params; /* by parameter; a set index for lists */
};

/* Resolves. USAGE for a parameter value that does not fit, NOMEM, LIMIT. Release in any case. */
plim_status link_init(struct link *link, const struct program *program, const struct facts *facts,
                      const struct eval_options *options, plim_error *error) PLIM_MUST_CHECK;

/* Resolves against the store's new content; failures as of link_init. */
plim_status link_again(struct link *link, const struct eval_options *options) PLIM_MUST_CHECK;

/* Frees what resolving made. Safe on a zeroed struct. */
void link_release(struct link *link);

/* Id of any text: the store's, or an extra one. INTERN_NONE when memory or the budget ends. */
intern_id link_intern(struct link *link, struct str text);

/* Text of an id. */
struct str link_text(const struct link *link, intern_id id);

/* Id of a string constant, resolved when first asked for. */
intern_id link_constant(struct link *link, uint32_t index);

/* Finds the class of a string by its text. */
uint32_t link_find_class(struct link *link, intern_id id);

/* Class of a string in sets; 0 when it is in none. */
static inline uint32_t link_class(struct link *link, intern_id id)
{
    return id < link->class_strings && link->classes[id] != 0 ? link->classes[id] - 1
                                                              : link_find_class(link, id);
}

/* Number of classes; all are below it. */
static inline uint32_t link_class_count(const struct link *link)
{
    return link->words.count + 1;
}

/* Whether a value (string id, number or member) is in a set. */
bool link_set_has(struct link *link, uint32_t set, uint64_t value);

/* Whether a text is in a set of strings. */
bool link_set_has_text(const struct link *link, uint32_t set, struct str text);

/* Whether a key is in a set: the class of a string a number or a member. */
bool link_set_has_key(const struct link *link, uint32_t set, uint64_t key);

enum link_match { LINK_NO_MATCH, LINK_MATCH, LINK_MATCH_LIMIT, LINK_MATCH_NOMEM };

/* What link_scan says of texts that may match a pattern: one bit, which is always there when the
 * pattern is not scanned for. */
uint64_t link_scan_bit(const struct link *link, uint32_t pattern);

/* Scans a string of the store. */
uint64_t link_scan_text(struct link *link, intern_id id);

/* Bits of the patterns that a string of the store may match; remembered per string. */
static inline uint64_t link_scan(struct link *link, intern_id id)
{
    uint64_t found = id < link->memo_strings ? link->scans[id] : 0;
    return found != 0 ? found : link_scan_text(link, id);
}

/* Whether a string matches a pattern; remembered per string. */
enum link_match link_pattern_match(struct link *link, uint32_t pattern, intern_id id);

#endif
