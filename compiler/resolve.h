/* SPDX-License-Identifier: Apache-2.0
 *
 * resolve.h - names of the schema as rules use them, and "did you mean" for those that are not.
 *
 * Finds fields over parents and unions, kinds, views and groups, and what else may have been meant.
 * Definitions of policies are scope.h's. Thread rule: pure, except that candidates are gathered in
 * a caller's struct.
 */
#ifndef COMPILER_RESOLVE_H
#define COMPILER_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler/types.h"
#include "core/guess.h"
#include "core/str.h"
#include "facts/schema.h"

/* Considers all fields of the kinds in a set, with those of their parents; kinds, views and
 * groups; members of an enumeration; builtin functions. */
void resolve_consider_fields(struct guess *guess, uint64_t kinds);
void resolve_consider_kinds(struct guess *guess);
void resolve_consider_members(struct guess *guess, enum fact_enum id);
void resolve_consider_builtins(struct guess *guess);

/* A field of a kind: in its own row, or in that of its parent, reached through field 0. */
struct resolved_field {
    enum fact_kind kind; /* owner of the field */
    int field;           /* -1: none */
    unsigned hops;       /* how often field 0 leads to the parent first */
};

/* Looks a field up in a kind and its parents. */
struct resolved_field resolve_field(enum fact_kind kind, struct str name);

/* Kinds of a set that have the field, themselves or through their parents. */
uint64_t resolve_kinds_with(uint64_t kinds, struct str name);

/* Member kinds of the kinds in a set (run, copy ... of instruction) that have the field. */
uint64_t resolve_members_with(uint64_t kinds, struct str name);

/* One thing a rule can range over. */
struct resolved_target {
    enum fact_kind kind;
    enum fact_view view; /* FACT_VIEW_none for a whole kind */
};

enum { RESOLVE_MAX_TARGETS = 64 };

/* Kinds and views a name stands for, groups expanded; 0 for an unknown name. `targets` has room
 * for RESOLVE_MAX_TARGETS. */
size_t resolve_targets(struct resolved_target *targets, struct str name);

/* Number of a builtin by name, or -1. */
int resolve_builtin(struct str name);

/* Name of a builtin by number. Static text. */
const char *resolve_builtin_name(int builtin);

#endif
