/* SPDX-License-Identifier: Apache-2.0
 *
 * scope.h - what names mean: the definitions of all modules of a pack and who sees them.
 *
 * A module sees its own definitions and those of the modules it imports. Rules, rule ids and tests
 * share one space per pack. Local names of rules are the checker's business (check.h). Look-ups are
 * one hash each. Everything lives in the arena of one compilation; scope_release frees the tables.
 * Thread rule: one thread at a time.
 */
#ifndef COMPILER_SCOPE_H
#define COMPILER_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "compiler/ast.h"
#include "compiler/typed.h"
#include "core/arena.h"
#include "core/diag.h"
#include "core/intern.h"

enum symbol_kind { SYMBOL_PARAM, SYMBOL_LIST, SYMBOL_DEF };

enum symbol_state { SYMBOL_UNCHECKED, SYMBOL_CHECKING, SYMBOL_CHECKED };

struct scope_module;

/* A param, list or def. */
struct symbol {
    enum symbol_kind kind;
    enum symbol_state state;
    struct str name;
    struct span span; /* of the name */
    struct scope_module *module;
    const struct ast_param *param;
    const struct ast_list *list;
    const struct ast_def *def;
    bool used;
    /* set by check_decl */
    struct type type;         /* DEF: of the body */
    struct typed *value;      /* PARAM: default; LIST: set; DEF: body */
    struct local **arguments; /* DEF */
    size_t argument_count;
    unsigned helper_height; /* DEF: helpers on the longest way down, itself included */
    int64_t low, high;      /* PARAM: range, when the declaration has one */
    uint32_t index; /* PARAM: number in the program; LIST: that of its set plus 1, once lowered */
    uint32_t set;   /* PARAM: number of the set with its default, or UINT32_MAX */
    struct symbol *same_name; /* in another module */
    struct symbol *next;      /* in source order over the pack */
};

/* A file, and with it the names of its imports. */
struct scope_module {
    const struct ast_module *ast;
    struct scope_module *next;
};

/* Entries of the pack-wide spaces. */
enum scope_space { SCOPE_DEFINITIONS, SCOPE_RULES, SCOPE_IDS, SCOPE_SPACE_COUNT };

struct scope {
    struct arena *arena;
    struct diag_list *diags;
    struct interner names[SCOPE_SPACE_COUNT];
    void **values[SCOPE_SPACE_COUNT]; /* by intern id */
    size_t capacity[SCOPE_SPACE_COUNT];
    struct scope_module *modules;
    struct scope_module **modules_end;
    struct symbol *symbols;
    struct symbol **symbols_end;
    uint32_t symbol_count;
    struct typed *spare; /* what the checker hands out when memory is gone */
};

/* Prepares an empty scope; memory from `arena`'s allocator, objects in `arena`. NOMEM. */
plim_status scope_init(struct scope *scope, struct arena *arena, struct diag_list *diags,
                       uint64_t seed) PLIM_MUST_CHECK;

/* Frees the tables. Safe on a zeroed struct. */
void scope_release(struct scope *scope);

/* Declares all definitions of a module; E0204 for doubles within it. NULL when out of memory,
 * which the arena's or scope_status() says. */
struct scope_module *scope_add_module(struct scope *scope, const struct ast_module *ast);

/* E0204 for names of a module that clash with those it imports: a reader could not tell them
 * apart. Call once after the last module. */
void scope_find_clashes(struct scope *scope);

/* Definition of `name` that `module` sees, or NULL. */
struct symbol *scope_find(const struct scope *scope, const struct scope_module *module,
                          struct str name);

/* Whether `module` sees definitions of `other`. */
bool scope_sees(const struct scope_module *module, const struct scope_module *other);

/* Enters a value under a name; returns the one that was there before, else NULL. */
void *scope_enter(struct scope *scope, enum scope_space space, struct str name, void *value);

/* Value under a name, or NULL. */
void *scope_value(const struct scope *scope, enum scope_space space, struct str name);

/* OK, or NOMEM or LIMIT of the tables. */
plim_status scope_status(const struct scope *scope);

#endif
