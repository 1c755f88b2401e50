/* SPDX-License-Identifier: Apache-2.0
 *
 * co_service_env.c - each service's files to one environment, then below its own mapping.
 */
#include "facts/compose/co_service_env.h"

#include "facts/compose/co_edit.h"
#include "facts/compose/co_merge.h"
#include "facts/compose/co_paths.h"

/* What a mapping with a value for each name sees as an environment: names without value are none.
 */
static void put_all(struct co_env *env, const struct tree_node *map)
{
    for (size_t i = 0; tree_is(map, TREE_MAP) && i < map->u.map.count; i++) {
        const struct tree_entry *entry = &map->u.map.entries[i];
        if (entry->value->kind == TREE_STRING) {
            struct co_variable variable = {.name = entry->key,
                                           .value = entry->value->text,
                                           .set = entry->value->span,
                                           .value_at = entry->value->span,
                                           .rank = CO_RANK_ENV_FILE};
            co_env_put(env, &variable);
        }
    }
}

/* The values of a file as a mapping at their places. */
static const struct tree_node *as_map(struct co_run *run, const struct co_env *env, struct span at)
{
    struct tree_gather gather = {0};
    for (size_t i = 0; i < env->count && co_visit(run, 1); i++) {
        const struct co_variable *variable = &env->variables[i];
        struct tree_node *value =
            tree_new(run->arena, TREE_STRING, variable->value_at, variable->value);
        if (value == NULL) {
            return NULL;
        }
        bool holes = str_find_char(variable->value, TREE_HOLE, 0) < variable->value.len;
        value->flags = holes ? TREE_HOLES : 0;
        value->variables = variable->variables;
        tree_gather_add(&gather, run->arena,
                        (struct tree_entry){.key = arena_copy_str(run->arena, variable->name),
                                            .key_span = variable->set,
                                            .value = value});
    }
    return co_alive(run) ? tree_gather_map(&gather, run->arena, at) : NULL;
}

/* One entry of `env_file` or `label_file`. */
struct use {
    const struct tree_node *path;
    bool required;
    bool raw;
};

static struct use use_of(struct co_run *run, const struct tree_node *item)
{
    struct use use = {.path = item, .required = true};
    if (item->kind != TREE_MAP) {
        return use;
    }
    const struct tree_node *required = tree_get(item, STR("required"));
    const struct tree_node *format = tree_get(item, STR("format"));
    use.path = tree_get(item, STR("path"));
    use.required = !tree_is(required, TREE_BOOL) || required->u.boolean;
    use.raw = tree_is(format, TREE_STRING) && str_eq(format->text, STR("raw"));
    if (tree_is(format, TREE_STRING) && !use.raw && format->text.len > 0 &&
        !tree_has_holes(format)) {
        struct diag *diag = co_refuse(run, DIAG_compose_env_file, format->span,
                                      "`%.*s` is no format of an env file", STR_FMT(format->text));
        diag_add_note(run->diags, diag, "leave it out, or write `format: raw`");
    }
    return use;
}

/* The values of all files of a service, or NULL when there are none. */
static const struct tree_node *read_uses(const struct co_level *level, const struct tree_node *uses,
                                         const struct co_scope *scope, struct co_env *env)
{
    struct co_loader *loader = level->loader;
    struct co_run *run = loader->run;
    for (size_t i = 0; i < uses->u.list.count && co_alive(run); i++) {
        struct use use = use_of(run, uses->u.list.items[i]);
        if (!tree_is(use.path, TREE_STRING)) {
            continue;
        }
        if (tree_has_holes(use.path)) {
            diag_report(run->diags, DIAG_compose_unread, use.path->span,
                        "which file is read here depends on a variable without value");
            continue;
        }
        struct str path = run->options->without_paths
                              ? co_path_join(run->arena, level->directory, use.path->text)
                              : use.path->text;
        plim_status status =
            co_load_env(loader, path, use.path->span, use.raw, env, scope, CO_RANK_ENV_FILE);
        if (use.required || status != PLIM_STATUS_NOT_FOUND) {
            co_load_missing(loader, status, path, use.path->span);
        }
    }
    return as_map(run, env, uses->span);
}

/* Puts the files of attribute `from` below the mapping `to` of a service. */
static void read_below(const struct co_level *level, struct co_edit *service, struct str from,
                       struct str to)
{
    struct co_run *run = level->loader->run;
    const struct tree_node *uses = tree_get(service->node, from);
    const struct tree_node *own = tree_get(service->node, to);
    if (!tree_is(uses, TREE_LIST) || uses->u.list.count == 0) {
        return;
    }
    struct co_env values;
    struct co_env said;
    if (co_env_init(&values, run->arena->allocator, level->loader->seed) != PLIM_STATUS_OK) {
        run->arena->status = PLIM_STATUS_NOMEM;
        return;
    }
    if (co_env_init(&said, run->arena->allocator, level->loader->seed) != PLIM_STATUS_OK) {
        run->arena->status = PLIM_STATUS_NOMEM;
        co_env_release(&values);
        return;
    }
    put_all(&said, own);
    const struct co_scope last = {.env = &values};
    const struct co_scope middle = {.env = &said, .next = &last};
    const struct co_scope scope = {.env = level->scope->env, .next = &middle};
    const struct tree_node *read = read_uses(level, uses, &scope, &values);
    if (co_env_status(&values) != PLIM_STATUS_OK || co_env_status(&said) != PLIM_STATUS_OK) {
        run->arena->status = PLIM_STATUS_NOMEM;
    }
    if (read != NULL && read->u.map.count > 0 && co_alive(run)) {
        const struct co_type *type =
            co_type_of_key(co_type_of_key(co_type_root(), STR("services")), STR("a"));
        co_edit_set(service, to,
                    tree_is(own, TREE_MAP) ? co_merge(run, co_type_of_key(type, to), to, read, own)
                                           : read);
    }
    co_env_release(&said);
    co_env_release(&values);
}

const struct tree_node *co_service_env(const struct co_level *level, const struct tree_node *root)
{
    struct co_run *run = level->loader->run;
    const struct tree_node *services = tree_get(root, STR("services"));
    if (!tree_is(services, TREE_MAP)) {
        return root;
    }
    struct co_edit edit = co_edit(run->arena, services);
    for (size_t i = 0; i < services->u.map.count && co_alive(run); i++) {
        if (!tree_is(services->u.map.entries[i].value, TREE_MAP)) {
            continue;
        }
        struct co_edit service = co_edit(run->arena, services->u.map.entries[i].value);
        read_below(level, &service, STR("env_file"), STR("environment"));
        read_below(level, &service, STR("label_file"), STR("labels"));
        co_edit_replace(&edit, i, co_edit_done(&service));
    }
    struct co_edit whole = co_edit(run->arena, root);
    const struct tree_node *done = co_edit_done(&edit);
    if (done == NULL || !co_alive(run)) {
        return NULL;
    }
    co_edit_replace(&whole, (size_t)tree_find(root, STR("services")), done);
    return co_edit_done(&whole);
}
