/* SPDX-License-Identifier: Apache-2.0
 *
 * narrow.h - what conditions to the left or above make certain: presence and kinds of paths.
 *
 * Guards form a stack: the checker pushes what a condition tells when it holds (or does not hold)
 * and drops it by restoring check->guards. Paths are compared as written, from the same local.
 * Thread rule: one thread at a time.
 */
#ifndef COMPILER_NARROW_H
#define COMPILER_NARROW_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler/ast.h"
#include "facts/schema.h"

struct check;
struct local;

enum narrow_kind {
    NARROW_PRESENT, /* the path has a value */
    NARROW_KINDS,   /* its row is of one of `kinds` */
    NARROW_MEMBER   /* its row is the member kind `member` (an instruction that is a run) */
};

struct narrow {
    enum narrow_kind kind;
    const struct local *root;
    const struct ast_expr *path;
    uint64_t kinds;
    enum fact_kind member;
    unsigned depth; /* number of outer ones */
    struct narrow *outer;
};

/* Whether an expression is a chain of fields from a name. */
bool narrow_is_path(const struct ast_expr *ast);

/* Pushes what is known when `condition` has this truth. */
void narrow_assume(struct check *check, const struct ast_expr *condition, bool truth);

/* Whether a path is known to have a value. */
bool narrow_present(const struct check *check, const struct ast_expr *path);

/* `kinds` without those a path is known not to be of. */
uint64_t narrow_kinds(const struct check *check, const struct ast_expr *path, uint64_t kinds);

/* Member kinds a path is known to be: start with NULL, then the last result; NULL at the end. */
const struct narrow *narrow_member(const struct check *check, const struct ast_expr *path,
                                   const struct narrow *after);

#endif
