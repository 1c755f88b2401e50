/* SPDX-License-Identifier: Apache-2.0
 *
 * co_include.c - included projects, each a level of its own.
 */
#include "facts/compose/co_include.h"

#include "facts/compose/co_edit.h"
#include "facts/compose/co_files.h"
#include "facts/compose/co_merge.h"
#include "facts/compose/co_paths.h"
#include "facts/compose/co_reset.h"

/* What an included project gives to the one that includes it. */
static const char *const sections[] = {"services", "networks", "volumes",
                                       "secrets",  "configs",  "models"};

static void refuse_include(struct co_run *run, const struct tree_node *at, const char *what)
{
    struct diag *diag = co_refuse(run, DIAG_compose_include, at->span, "%s", what);
    diag_add_note(run->diags, diag,
                  "write a list: `include: [FILE, {path: FILE, project_directory: DIRECTORY}]`");
}

/* Whether a path can be read here: not of another machine, not unknown. Else it is reported. */
static bool is_readable(struct co_run *run, const struct tree_node *path)
{
    static const char *const remote[] = {"git@", "github.com/", "oci:"};
    if (path->kind != TREE_STRING) {
        refuse_include(run, path, "the path of an included file is no text");
        return false;
    }
    if (tree_has_holes(path)) {
        diag_report(run->diags, DIAG_compose_unread, path->span,
                    "what is included here depends on a variable without value");
        return false;
    }
    bool far = str_find(path->text, STR("://")) < path->text.len;
    for (size_t i = 0; i < sizeof remote / sizeof remote[0]; i++) {
        far = far || str_starts_with(path->text, str_from_cstr(remote[i]));
    }
    if (far) {
        diag_report(run->diags, DIAG_compose_unread, path->span,
                    "%.*s is not on this machine and is not fetched", STR_FMT(path->text));
    }
    return !far;
}

/* A text or list of texts as items; false when it is neither. */
static bool texts_of(const struct tree_node *const *node, const struct tree_node *const **items,
                     size_t *count)
{
    if ((*node)->kind == TREE_STRING) {
        *items = node;
        *count = 1;
        return true;
    }
    *items = (*node)->kind == TREE_LIST ? (*node)->u.list.items : NULL;
    *count = (*node)->kind == TREE_LIST ? (*node)->u.list.count : 0;
    return *count > 0;
}

/* A scope that asks what `scope` asks, and `env` last. */
static const struct co_scope *scope_before(struct co_run *run, const struct co_scope *scope,
                                           const struct co_env *env)
{
    struct co_scope *copy = ARENA_NEW(run->arena, struct co_scope);
    if (copy != NULL) {
        copy->env = scope != NULL ? scope->env : env;
        copy->next = scope != NULL ? scope_before(run, scope->next, env) : NULL;
    }
    return copy;
}

static struct co_env *new_environment(struct co_loader *loader, struct span asked_for)
{
    struct co_run *run = loader->run;
    if (loader->environment_count >= CO_MAX_ENVIRONMENTS) {
        co_limit(run, asked_for, "more than %d projects are included", CO_MAX_ENVIRONMENTS);
        return NULL;
    }
    if (loader->environments == NULL) {
        loader->environments = ARENA_ARRAY(run->arena, struct co_env, CO_MAX_ENVIRONMENTS);
    }
    if (loader->environments == NULL) {
        return NULL;
    }
    struct co_env *env = &loader->environments[loader->environment_count];
    if (co_env_init(env, run->arena->allocator, loader->seed) != PLIM_STATUS_OK) {
        run->arena->status = PLIM_STATUS_NOMEM;
        return NULL;
    }
    loader->environment_count++;
    return env;
}

/* The env files of an included project, or its .env file if there is one. */
static void read_environment(const struct co_level *outer, const struct co_level *level,
                             const struct tree_node *env_file, struct co_env *env,
                             struct span asked_for)
{
    struct co_loader *loader = level->loader;
    struct co_run *run = loader->run;
    const struct tree_node *const *items = NULL;
    size_t count = 0;
    if (env_file == NULL || env_file->kind == TREE_NULL ||
        (env_file->kind == TREE_LIST && env_file->u.list.count == 0)) {
        struct str path = co_path_join(run->arena, level->directory, STR(".env"));
        plim_status status =
            co_load_env(loader, path, asked_for, false, env, level->scope, CO_RANK_DOTENV);
        if (status != PLIM_STATUS_NOT_FOUND) {
            co_load_missing(loader, status, path, asked_for);
        }
        return;
    }
    if (!texts_of(&env_file, &items, &count)) {
        refuse_include(run, env_file, "`env_file` of an included project is neither text nor list");
        return;
    }
    for (size_t i = 0; i < count && co_alive(run); i++) {
        if (!is_readable(run, items[i]) || str_eq(items[i]->text, STR("/dev/null"))) {
            continue;
        }
        struct str path = co_path_join(run->arena, outer->directory, items[i]->text);
        co_load_missing(
            loader,
            co_load_env(loader, path, items[i]->span, false, env, level->scope, CO_RANK_DOTENV),
            path, items[i]->span);
    }
}

/* Whether a project includes itself, which is reported with the chain. */
static bool is_circle(const struct co_level *outer, struct str path, struct span span)
{
    struct co_run *run = outer->loader->run;
    for (const struct co_level *level = outer; level != NULL; level = level->up) {
        if (!str_eq(level->path, path)) {
            continue;
        }
        struct diag *diag =
            co_refuse(run, DIAG_compose_include, span, "%.*s includes itself", STR_FMT(path));
        for (const struct co_level *step = outer; step != level; step = step->up) {
            diag_add_note(run->diags, diag, "by way of %.*s", STR_FMT(step->path));
        }
        diag_add_note(run->diags, diag, "remove one of the `include`");
        return true;
    }
    return false;
}

/* Values of bare names come from the environment of the project that wrote them. */
static const struct tree_node *with_values(struct co_run *run, const struct tree_node *map,
                                           const struct co_scope *scope)
{
    if (!tree_is(map, TREE_MAP) || !co_visit(run, map->u.map.count)) {
        return map;
    }
    struct co_edit edit = co_edit(run->arena, map);
    for (size_t i = 0; i < map->u.map.count && co_alive(run); i++) {
        const struct tree_entry *entry = &map->u.map.entries[i];
        const struct co_variable *found =
            entry->value->kind == TREE_NULL ? co_scope_find(scope, entry->key) : NULL;
        struct tree_variable *variable =
            found != NULL ? ARENA_NEW(run->arena, struct tree_variable) : NULL;
        if (variable == NULL) {
            continue;
        }
        bool holes = str_find_char(found->value, TREE_HOLE, 0) < found->value.len;
        *variable = (struct tree_variable){
            .name = entry->key, .use = entry->key_span, .set = found->set, .known = !holes};
        struct tree_node *value =
            co_text_at(run->arena, entry->value, found->value, holes ? TREE_HOLES : 0);
        if (value != NULL) {
            value->variables = variable;
            co_edit_replace(&edit, i, value);
        }
    }
    const struct tree_node *done = co_edit_done(&edit);
    return done != NULL ? done : map;
}

/* A service of an included project with what its own project decides. */
static const struct tree_node *settle_service(const struct co_level *level,
                                              const struct tree_node *service)
{
    struct co_run *run = level->loader->run;
    if (!tree_is(service, TREE_MAP)) {
        return service;
    }
    struct co_edit edit = co_edit(run->arena, service);
    const struct tree_node *environment = tree_get(service, STR("environment"));
    if (environment != NULL) {
        co_edit_set(&edit, STR("environment"), with_values(run, environment, level->scope));
    }
    const struct tree_node *build = tree_get(service, STR("build"));
    if (tree_is(build, TREE_MAP)) {
        struct co_edit parts = co_edit(run->arena, build);
        const struct tree_node *args = tree_get(build, STR("args"));
        if (args != NULL) {
            co_edit_set(&parts, STR("args"), with_values(run, args, level->scope));
        }
        if (tree_get(build, STR("context")) == NULL) {
            co_edit_set(&parts, STR("context"),
                        co_text_at(run->arena, build, STR("."), TREE_DEFAULT));
        }
        co_edit_set(&edit, STR("build"), co_edit_done(&parts));
    }
    const struct tree_node *done = co_edit_done(&edit);
    return done != NULL ? done : service;
}

/* What the outer project gets: the sections, paths moved to its own directory. */
static const struct tree_node *imported(const struct co_level *level, const struct tree_node *root,
                                        struct str below)
{
    struct co_run *run = level->loader->run;
    struct tree_gather gather = {0};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        struct str key = str_from_cstr(sections[i]);
        ptrdiff_t at = tree_find(root, key);
        if (at < 0 || !tree_is(root->u.map.entries[at].value, TREE_MAP)) {
            continue;
        }
        struct tree_entry entry = root->u.map.entries[at];
        struct co_edit edit = co_edit(run->arena, entry.value);
        for (size_t j = 0; i == 0 && j < entry.value->u.map.count && co_visit(run, 1); j++) {
            co_edit_replace(&edit, j, settle_service(level, entry.value->u.map.entries[j].value));
        }
        entry.value = co_edit_done(&edit);
        if (entry.value != NULL) {
            tree_gather_add(&gather, run->arena, entry);
        }
    }
    const struct tree_node *all =
        co_alive(run) ? tree_gather_map(&gather, run->arena, root->span) : NULL;
    all = all != NULL ? co_paths(run, all, below) : NULL;
    return all != NULL ? co_reset_settle(run, all) : NULL;
}

/* Reads one included project. NULL after a report. */
static const struct tree_node *read_project(const struct co_level *outer,
                                            const struct tree_node *item)
{
    struct co_loader *loader = outer->loader;
    struct co_run *run = loader->run;
    const struct tree_node *path = item->kind == TREE_MAP ? tree_get(item, STR("path")) : item;
    const struct tree_node *directory = tree_get(item, STR("project_directory"));
    const struct tree_node *const *paths = NULL;
    size_t count = 0;
    if (path == NULL || !texts_of(&path, &paths, &count)) {
        refuse_include(run, item, "an included project has no `path`");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_readable(run, paths[i])) {
            return NULL;
        }
    }
    if (outer->depth + 1 > CO_MAX_INCLUDE_DEPTH) {
        co_limit(run, path->span, "projects include each other more than %d levels deep",
                 CO_MAX_INCLUDE_DEPTH);
        return NULL;
    }
    bool own = directory == NULL || directory->kind != TREE_STRING || directory->text.len == 0;
    struct str below = own ? co_files_directory(paths[0]->text) : directory->text;
    struct co_level level = {
        .loader = loader,
        .up = outer,
        .path = co_path_join(run->arena, outer->directory, paths[0]->text),
        .directory = co_path_join(run->arena, outer->directory, below),
        .depth = outer->depth + 1,
    };
    struct co_env *env =
        is_circle(outer, level.path, paths[0]->span) ? NULL : new_environment(loader, path->span);
    if (env == NULL) {
        return NULL;
    }
    level.scope = scope_before(run, outer->scope, env);
    read_environment(outer, &level, tree_get(item, STR("env_file")), env, path->span);
    const struct tree_node *root = NULL;
    for (size_t i = 0; i < count && co_alive(run); i++) {
        struct co_document document;
        struct str text;
        struct str full = co_path_join(run->arena, outer->directory, paths[i]->text);
        plim_status status =
            co_load_text(loader, full, CO_INCLUDED, paths[i]->span, &document, &text);
        if (status != PLIM_STATUS_OK) {
            co_load_missing(loader, status, full, paths[i]->span);
            continue;
        }
        root = co_load_documents(&level, root, document.source, text, CO_TAKE_ALL);
    }
    return root != NULL ? imported(&level, root, below) : NULL;
}

const struct tree_node *co_include(const struct co_level *level, const struct tree_node *document)
{
    struct co_run *run = level->loader->run;
    ptrdiff_t at = tree_find(document, STR("include"));
    if (at < 0) {
        return document;
    }
    const struct tree_node *include = document->u.map.entries[at].value;
    struct co_edit edit = co_edit(run->arena, document);
    co_edit_replace(&edit, (size_t)at, NULL);
    const struct tree_node *result = co_edit_done(&edit);
    if (include->kind != TREE_LIST && include->kind != TREE_NULL) {
        refuse_include(run, include, "`include` is no list");
    }
    size_t count = include->kind == TREE_LIST ? include->u.list.count : 0;
    for (size_t i = 0; i < count && result != NULL && co_alive(run); i++) {
        const struct tree_node *below = read_project(level, include->u.list.items[i]);
        below = co_reset_apply(run, below, result);
        result = co_merge(run, co_type_root(), STR(""), below, result);
    }
    return result != NULL ? result : document;
}
