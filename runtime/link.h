/* SPDX-License-Identifier: Apache-2.0
 *
 * link.h - a program resolved against one fact store, for one evaluation. When the store has been
 * cleared and filled again, link_again resolves anew and keeps what does not depend on the store:
 * the compiled patterns and the memory.
 *
 * String constants become ids: those of the store, or of a table of extra strings when the store
 * does not have the text (extra ids follow the store's). Sets become sorted arrays and bitmaps,
 * parameters become values, patterns are prepared. Everything lives in one arena with the
 * evaluation's memory budget. Who frees: link_release. Thread rule: one thread; program and facts
 * are only read.
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
#include "runtime/text_pairs.h"
#include "runtime/regexp_hint.h"
#include "runtime/value.h"

/* A set of strings or numbers. Strings are named by class: a number from 1 for each distinct string
 * that occurs in any set of the program; 0 is all other strings. */
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
    uint8_t *memo;            /* two bits per string id: 0 not asked, 1 no match, 2 match */
};

struct link {
    const plim_allocator *allocator;
    const struct program *program;
    const struct facts *facts;
    struct arena arena;
    struct arena kept; /* what does not depend on the content of the store: patterns */
    struct interner extra;
    uint32_t store_strings; /* ids below are the store's */
    uint32_t memo_strings;  /* ids below have a place in memos */
    intern_id *constants;   /* by string constant; INTERN_NONE: not resolved yet */
    uint32_t *classes;      /* by string id below class_strings */
    uint32_t class_strings;
    uint32_t class_count; /* classes are below it */
    struct linked_set *sets;
    struct linked_pattern *patterns;
    intern_id asked;    /* text of the last pattern that was run, or INTERN_NONE */
    intern_id pairs_of; /* text whose `pairs` are filled, or INTERN_NONE */
    struct text_pairs pairs;
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

/* Id of a text that already has one, else INTERN_NONE. */
intern_id link_find(const struct link *link, struct str text);

/* Text of an id. */
struct str link_text(const struct link *link, intern_id id);

/* Id of a string constant, resolved when first asked for. */
intern_id link_constant(struct link *link, uint32_t index);

/* Class of a string in sets; 0 when it is in none. */
static inline uint32_t link_class(const struct link *link, intern_id id)
{
    return id < link->class_strings ? link->classes[id] : 0;
}

/* Whether a value (string id, number or member) is in a set. */
bool link_set_has(const struct link *link, uint32_t set, uint64_t value);

enum link_match { LINK_NO_MATCH, LINK_MATCH, LINK_MATCH_LIMIT, LINK_MATCH_NOMEM };

/* Whether a string matches a pattern; remembered per string. */
enum link_match link_pattern_match(struct link *link, uint32_t pattern, intern_id id);

#endif
