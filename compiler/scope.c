/* SPDX-License-Identifier: Apache-2.0
 *
 * scope.c - name tables of a pack. Each space maps an interned name to one pointer; definitions of
 * the same name in several modules hang on one chain and the viewer picks the visible one.
 */
#include "compiler/scope.h"

#include "core/alloc.h"

plim_status scope_init(struct scope *scope, struct arena *arena, struct diag_list *diags,
                       uint64_t seed)
{
    *scope = (struct scope){.arena = arena, .diags = diags};
    scope->modules_end = &scope->modules;
    scope->symbols_end = &scope->symbols;
    for (int i = 0; i < SCOPE_SPACE_COUNT; i++) {
        plim_status status = intern_init(&scope->names[i], arena->allocator, 0, seed + (uint64_t)i);
        if (status != PLIM_STATUS_OK) {
            scope_release(scope);
            return status;
        }
    }
    scope->spare = ARENA_NEW(arena, struct typed);
    if (scope->spare == NULL) {
        scope_release(scope);
        return arena_status(arena);
    }
    return PLIM_STATUS_OK;
}

void scope_release(struct scope *scope)
{
    for (int i = 0; scope->arena != NULL && i < SCOPE_SPACE_COUNT; i++) {
        if (scope->values[i] != NULL) {
            alloc_free(scope->arena->allocator, scope->values[i],
                       scope->capacity[i] * sizeof(void *));
        }
        intern_release(&scope->names[i]);
    }
    *scope = (struct scope){0};
}

plim_status scope_status(const struct scope *scope)
{
    for (int i = 0; i < SCOPE_SPACE_COUNT; i++) {
        if (intern_status(&scope->names[i]) != PLIM_STATUS_OK) {
            return intern_status(&scope->names[i]);
        }
    }
    return arena_status(scope->arena);
}

void *scope_enter(struct scope *scope, enum scope_space space, struct str name, void *value)
{
    uint32_t before = scope->names[space].count;
    intern_id id = intern_add(&scope->names[space], name);
    if (id == INTERN_NONE) {
        return NULL;
    }
    size_t old = scope->capacity[space];
    void *items = scope->values[space];
    if (id >= old && !alloc_grow(scope->arena->allocator, &items, &scope->capacity[space],
                                 (size_t)id + 1, sizeof(void *))) {
        scope->names[space].status = PLIM_STATUS_NOMEM;
        return NULL;
    }
    scope->values[space] = items;
    for (size_t i = old; i < scope->capacity[space]; i++) {
        scope->values[space][i] = NULL;
    }
    void *found = scope->values[space][id];
    if (id >= before || found == NULL) {
        scope->values[space][id] = value;
        return NULL;
    }
    return found;
}

void *scope_value(const struct scope *scope, enum scope_space space, struct str name)
{
    intern_id id = intern_find(&scope->names[space], name);
    return id == INTERN_NONE || id >= scope->capacity[space] ? NULL : scope->values[space][id];
}

static void report_double(struct scope *scope, struct str name, struct span span, struct span first)
{
    struct diag *diag = diag_report(scope->diags, DIAG_duplicate_name, span,
                                    "`%.*s` is defined twice", STR_FMT(name));
    diag_add_label(scope->diags, diag, first, "first defined here");
}

static struct symbol *find_in_module(struct symbol *chain, const struct scope_module *module)
{
    while (chain != NULL && chain->module != module) {
        chain = chain->same_name;
    }
    return chain;
}

/* Enters a definition; NULL when it is a double of its own module or memory is out. */
static struct symbol *declare(struct scope *scope, struct scope_module *module,
                              enum symbol_kind kind, const struct ast_name *name)
{
    struct symbol *symbol = ARENA_NEW(scope->arena, struct symbol);
    if (symbol == NULL) {
        return NULL;
    }
    *symbol =
        (struct symbol){.kind = kind, .name = name->text, .span = name->span, .module = module};
    struct symbol *before = scope_enter(scope, SCOPE_DEFINITIONS, name->text, symbol);
    struct symbol *twin = find_in_module(before, module);
    if (twin != NULL) {
        bool after = name->span.start > twin->span.start;
        report_double(scope, name->text, after ? name->span : twin->span,
                      after ? twin->span : name->span);
        return NULL;
    }
    if (before != NULL) {
        symbol->same_name = before->same_name;
        before->same_name = symbol;
    }
    *scope->symbols_end = symbol;
    scope->symbols_end = &symbol->next;
    scope->symbol_count++;
    return symbol;
}

struct scope_module *scope_add_module(struct scope *scope, const struct ast_module *ast)
{
    struct scope_module *module = ARENA_NEW(scope->arena, struct scope_module);
    if (module == NULL) {
        return NULL;
    }
    module->ast = ast;
    *scope->modules_end = module;
    scope->modules_end = &module->next;
    for (const struct ast_param *p = ast->params; p != NULL; p = p->next) {
        struct symbol *symbol = declare(scope, module, SYMBOL_PARAM, &p->name);
        if (symbol != NULL) {
            symbol->param = p;
        }
    }
    for (const struct ast_list *l = ast->lists; l != NULL; l = l->next) {
        struct symbol *symbol = declare(scope, module, SYMBOL_LIST, &l->name);
        if (symbol != NULL) {
            symbol->list = l;
        }
    }
    for (const struct ast_def *d = ast->defs; d != NULL; d = d->next) {
        struct symbol *symbol = declare(scope, module, SYMBOL_DEF, &d->name);
        if (symbol != NULL) {
            symbol->def = d;
        }
    }
    return module;
}

bool scope_sees(const struct scope_module *module, const struct scope_module *other)
{
    if (module == other) {
        return true;
    }
    for (const struct ast_import *i = module->ast->imports; i != NULL; i = i->next) {
        if (i->target == other->ast) {
            return true;
        }
    }
    return false;
}

struct symbol *scope_find(const struct scope *scope, const struct scope_module *module,
                          struct str name)
{
    struct symbol *symbol = scope_value(scope, SCOPE_DEFINITIONS, name);
    while (symbol != NULL && !scope_sees(module, symbol->module)) {
        symbol = symbol->same_name;
    }
    return symbol;
}

void scope_find_clashes(struct scope *scope)
{
    for (struct symbol *s = scope->symbols; s != NULL; s = s->next) {
        for (struct symbol *other = s->same_name; other != NULL; other = other->same_name) {
            if (scope_sees(s->module, other->module)) {
                report_double(scope, s->name, s->span, other->span);
            } else if (scope_sees(other->module, s->module)) {
                report_double(scope, s->name, other->span, s->span);
            }
        }
    }
}
