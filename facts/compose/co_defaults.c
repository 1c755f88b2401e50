/* SPDX-License-Identifier: Apache-2.0
 *
 * co_defaults.c - one pass over services and one over the resources; what has an unexpected kind,
 * which the schema reports, is left alone.
 */
#include "facts/compose/co_defaults.h"

#include "facts/compose/co_edit.h"
#include "facts/pathname.h"

#include <string.h>

struct defaults {
    struct co_run *run;
    struct arena *arena;
    struct str project_name;
    const struct co_env *environment;
    bool default_network; /* some service is in it */
};

/* Two texts as one, in the arena. */
static struct str joined(struct arena *arena, struct str a, struct str b)
{
    char *out = arena_alloc(arena, a.len + b.len + 1);
    if (out == NULL) {
        return STR("");
    }
    if (a.len > 0) {
        memcpy(out, a.ptr, a.len);
    }
    if (b.len > 0) {
        memcpy(out + a.len, b.ptr, b.len);
    }
    return str_make(out, a.len + b.len);
}

/* Sets a text that nobody wrote, unless the key is there. */
static void add_text(const struct defaults *d, struct co_edit *edit, struct str key,
                     struct str text)
{
    if (co_edit_get(edit, key) == NULL) {
        co_edit_set(edit, key, co_text_at(d->arena, edit->node, text, TREE_DEFAULT));
    }
}

typedef const struct tree_node *change_fn(struct defaults *d, const struct tree_node *node);

/* A list or mapping whose mappings went through `change`; other values stay. */
static const struct tree_node *change_each(struct defaults *d, const struct tree_node *node,
                                           change_fn *change)
{
    struct co_edit edit = co_edit(d->arena, node);
    size_t count = node->kind == TREE_LIST ? node->u.list.count : node->u.map.count;
    for (size_t i = 0; i < count; i++) {
        const struct tree_node *part =
            node->kind == TREE_LIST ? node->u.list.items[i] : node->u.map.entries[i].value;
        const struct tree_node *changed = part->kind == TREE_MAP ? change(d, part) : part;
        co_edit_replace(&edit, i, changed != NULL ? changed : part);
    }
    return co_edit_done(&edit);
}

static void change_list(struct defaults *d, struct co_edit *edit, struct str key, change_fn *change)
{
    const struct tree_node *list = co_edit_get(edit, key);
    if (tree_is(list, TREE_LIST)) {
        co_edit_set(edit, key, change_each(d, list, change));
    }
}

static void change_map(struct defaults *d, struct co_edit *edit, struct str key, change_fn *change)
{
    const struct tree_node *map = co_edit_get(edit, key);
    if (tree_is(map, TREE_MAP)) {
        co_edit_set(edit, key, change(d, map));
    }
}

static const struct tree_node *port(struct defaults *d, const struct tree_node *node)
{
    struct co_edit edit = co_edit(d->arena, node);
    add_text(d, &edit, STR("mode"), STR("ingress"));
    add_text(d, &edit, STR("protocol"), STR("tcp"));
    return co_edit_done(&edit);
}

static const struct tree_node *secret_use(struct defaults *d, const struct tree_node *node)
{
    const struct tree_node *source = tree_get(node, STR("source"));
    if (!tree_is(source, TREE_STRING) || tree_get(node, STR("target")) != NULL) {
        return node;
    }
    struct co_edit edit = co_edit(d->arena, node);
    struct tree_node *target =
        co_text_at(d->arena, source, joined(d->arena, STR("/run/secrets/"), source->text),
                   TREE_DEFAULT | (source->flags & (unsigned)TREE_HOLES));
    if (target != NULL) {
        target->variables = source->variables;
    }
    co_edit_set(&edit, STR("target"), target);
    return co_edit_done(&edit);
}

static const struct tree_node *device_request(struct defaults *d, const struct tree_node *node)
{
    bool has_count = tree_get(node, STR("count")) != NULL;
    if (has_count || tree_get(node, STR("device_ids")) != NULL) {
        return node;
    }
    struct co_edit edit = co_edit(d->arena, node);
    co_edit_set(&edit, STR("count"), co_int_at(d->arena, node, -1, TREE_DEFAULT));
    return co_edit_done(&edit);
}

static const struct tree_node *bind(struct defaults *d, const struct tree_node *node)
{
    if (tree_get(node, STR("create_host_path")) != NULL) {
        return node;
    }
    struct co_edit edit = co_edit(d->arena, node);
    co_edit_set(&edit, STR("create_host_path"), co_bool_at(d->arena, node, true, TREE_DEFAULT));
    return co_edit_done(&edit);
}

/* The target of a mount as path.Clean leaves it, unless a part of it is unknown. */
static const struct tree_node *clean_target(struct defaults *d, const struct tree_node *target)
{
    if (!tree_is(target, TREE_STRING) || tree_has_holes(target)) {
        return target;
    }
    char *out = arena_alloc(d->arena, target->text.len + 1);
    if (out == NULL) {
        return target;
    }
    struct str clean = str_make(out, pathname_clean(out, target->text));
    if (str_eq(clean, target->text)) {
        return target;
    }
    struct tree_node *copy = tree_copy(d->arena, target);
    if (copy != NULL) {
        copy->text = clean;
    }
    return copy;
}

static const struct tree_node *mount(struct defaults *d, const struct tree_node *node)
{
    struct co_edit edit = co_edit(d->arena, node);
    change_map(d, &edit, STR("bind"), bind);
    const struct tree_node *target = tree_get(node, STR("target"));
    if (target != NULL) {
        co_edit_set(&edit, STR("target"), clean_target(d, target));
    }
    return co_edit_done(&edit);
}

static const struct tree_node *reservations(struct defaults *d, const struct tree_node *node)
{
    struct co_edit edit = co_edit(d->arena, node);
    change_list(d, &edit, STR("devices"), device_request);
    return co_edit_done(&edit);
}

static const struct tree_node *resources(struct defaults *d, const struct tree_node *node)
{
    struct co_edit edit = co_edit(d->arena, node);
    change_map(d, &edit, STR("reservations"), reservations);
    return co_edit_done(&edit);
}

static const struct tree_node *deploy(struct defaults *d, const struct tree_node *node)
{
    struct co_edit edit = co_edit(d->arena, node);
    change_map(d, &edit, STR("resources"), resources);
    return co_edit_done(&edit);
}

/* `scale` is what `deploy.replicas` is unless it says otherwise. */
static void add_replicas(struct defaults *d, struct co_edit *service)
{
    const struct tree_node *scale = co_edit_get(service, STR("scale"));
    const struct tree_node *map = co_edit_get(service, STR("deploy"));
    if (!tree_is(scale, TREE_INT) || !tree_is(map, TREE_MAP) ||
        tree_get(map, STR("replicas")) != NULL) {
        return;
    }
    struct co_edit edit = co_edit(d->arena, map);
    co_edit_set(&edit, STR("replicas"),
                co_int_at(d->arena, scale, scale->u.integer, TREE_DEFAULT));
    co_edit_set(service, STR("deploy"), co_edit_done(&edit));
}

/* The value of a variable for a name that stands without one, or NULL. */
static const struct tree_node *value_of(const struct defaults *d, const struct tree_entry *entry)
{
    const struct co_variable *found =
        d->environment != NULL ? co_env_find(d->environment, entry->key) : NULL;
    if (found == NULL) {
        return NULL;
    }
    bool holes = str_find_char(found->value, TREE_HOLE, 0) < found->value.len;
    struct tree_node *node =
        co_text_at(d->arena, entry->value, found->value, holes ? TREE_HOLES : 0);
    struct tree_variable *variable = ARENA_NEW(d->arena, struct tree_variable);
    if (node == NULL || variable == NULL) {
        return NULL;
    }
    *variable = (struct tree_variable){
        .name = entry->key, .use = entry->key_span, .set = found->set, .known = !holes};
    node->variables = variable;
    return node;
}

static const struct tree_node *variables(struct defaults *d, const struct tree_node *node,
                                         bool keep_unset)
{
    struct co_edit edit = co_edit(d->arena, node);
    for (size_t i = 0; i < node->u.map.count; i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        if (entry->value->kind == TREE_NULL) {
            const struct tree_node *value = value_of(d, entry);
            co_edit_replace(&edit, i, value != NULL || !keep_unset ? value : entry->value);
        }
    }
    return co_edit_done(&edit);
}

static const struct tree_node *environment(struct defaults *d, const struct tree_node *node)
{
    return variables(d, node, true);
}

static const struct tree_node *args(struct defaults *d, const struct tree_node *node)
{
    return variables(d, node, d->run->options->unset == CO_UNSET_HOLE);
}

static bool is_null(const struct tree_node *node)
{
    return node == NULL || node->kind == TREE_NULL;
}

static const struct tree_node *build(struct defaults *d, const struct tree_node *node)
{
    struct co_edit edit = co_edit(d->arena, node);
    if (is_null(tree_get(node, STR("context")))) {
        co_edit_set(&edit, STR("context"), co_text_at(d->arena, node, STR("."), TREE_DEFAULT));
    }
    if (is_null(tree_get(node, STR("dockerfile"))) &&
        is_null(tree_get(node, STR("dockerfile_inline")))) {
        co_edit_set(&edit, STR("dockerfile"),
                    co_text_at(d->arena, node, STR("Dockerfile"), TREE_DEFAULT));
    }
    change_map(d, &edit, STR("args"), args);
    return co_edit_done(&edit);
}

/* Dependencies while they are gathered, the weakest first: of equal names the last stays. */
struct dependencies {
    struct arena *arena;
    struct tree_gather all;
};

/* Adds a dependency on the service that text[from, to) of `at` names. */
static void depend(struct dependencies *deps, const struct tree_node *at, size_t from, size_t to,
                   bool restart)
{
    struct str name = str_slice(at->text, from, to);
    if (str_find_char(name, TREE_HOLE, 0) < name.len) {
        return;
    }
    struct tree_gather map = {0};
    co_put(&map, deps->arena, STR("condition"),
           co_text_at(deps->arena, at, STR("service_started"), TREE_DEFAULT));
    if (restart) {
        co_put(&map, deps->arena, STR("restart"), co_bool_at(deps->arena, at, true, TREE_DEFAULT));
    }
    co_put(&map, deps->arena, STR("required"), co_bool_at(deps->arena, at, true, TREE_DEFAULT));
    struct tree_node *node = tree_gather_map(&map, deps->arena, at->span);
    if (node != NULL) {
        node->flags |= TREE_DEFAULT;
        co_put(&deps->all, deps->arena, name, node);
    }
}

static void depend_on_links(struct dependencies *deps, const struct tree_node *links)
{
    for (size_t i = 0; tree_is(links, TREE_LIST) && i < links->u.list.count; i++) {
        const struct tree_node *link = links->u.list.items[i];
        if (link->kind != TREE_STRING) {
            continue;
        }
        size_t colon = str_find_char(link->text, ':', 0);
        bool alias =
            colon < link->text.len && str_find_char(link->text, ':', colon + 1) == link->text.len;
        depend(deps, link, 0, alias ? colon : link->text.len, true);
    }
}

static void depend_on_namespace(struct dependencies *deps, const struct tree_node *mode)
{
    struct str prefix = STR("service:");
    if (tree_is(mode, TREE_STRING) && str_starts_with(mode->text, prefix)) {
        depend(deps, mode, prefix.len, mode->text.len, true);
    }
}

static void depend_on_volumes(struct dependencies *deps, const struct tree_node *list)
{
    for (size_t i = 0; tree_is(list, TREE_LIST) && i < list->u.list.count; i++) {
        const struct tree_node *item = list->u.list.items[i];
        if (item->kind == TREE_STRING && !str_starts_with(item->text, STR("container:"))) {
            depend(deps, item, 0, str_find_char(item->text, ':', 0), false);
        }
    }
}

static void add_dependencies(struct defaults *d, struct co_edit *service)
{
    static const char *const namespaces[] = {"network_mode", "ipc", "pid", "uts", "cgroup"};
    const struct tree_node *old = co_edit_get(service, STR("depends_on"));
    if (old != NULL && old->kind != TREE_MAP) {
        return;
    }
    struct dependencies deps = {.arena = d->arena};
    depend_on_volumes(&deps, co_edit_get(service, STR("volumes_from")));
    for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++) {
        depend_on_namespace(&deps, co_edit_get(service, str_from_cstr(namespaces[i])));
    }
    depend_on_links(&deps, co_edit_get(service, STR("links")));
    if (deps.all.count == 0) {
        return;
    }
    struct tree_node nothing = {
        .kind = TREE_MAP, .flags = TREE_DEFAULT, .span = service->node->span};
    const struct tree_node *from = old != NULL ? old : &nothing;
    for (size_t i = 0; i < from->u.map.count; i++) {
        tree_gather_add(&deps.all, d->arena, from->u.map.entries[i]);
    }
    co_edit_set(service, STR("depends_on"), co_map_from(d->arena, from, &deps.all));
}

/* Hooks that run before the service use its image. */
static void add_hook_images(struct defaults *d, struct co_edit *service)
{
    const struct tree_node *hooks = co_edit_get(service, STR("pre_start"));
    const struct tree_node *image = co_edit_get(service, STR("image"));
    if (!tree_is(hooks, TREE_LIST) || !tree_is(image, TREE_STRING)) {
        return;
    }
    struct co_edit list = co_edit(d->arena, hooks);
    for (size_t i = 0; i < hooks->u.list.count; i++) {
        const struct tree_node *hook = hooks->u.list.items[i];
        if (hook->kind != TREE_MAP || tree_get(hook, STR("image")) != NULL) {
            continue;
        }
        struct tree_node *copy = tree_copy(d->arena, image);
        struct co_edit edit = co_edit(d->arena, hook);
        if (copy != NULL) {
            copy->flags |= TREE_DEFAULT;
        }
        co_edit_set(&edit, STR("image"), copy);
        const struct tree_node *done = co_edit_done(&edit);
        co_edit_replace(&list, i, done != NULL ? done : hook);
    }
    co_edit_set(service, STR("pre_start"), co_edit_done(&list));
}

/* The default network for a service that names none. */
static void add_network(struct defaults *d, struct co_edit *service)
{
    const struct tree_node *networks = co_edit_get(service, STR("networks"));
    if (co_edit_get(service, STR("provider")) != NULL ||
        co_edit_get(service, STR("network_mode")) != NULL) {
        return;
    }
    bool none = networks == NULL || (networks->kind == TREE_MAP && networks->u.map.count == 0);
    if (none) {
        struct tree_gather map = {0};
        co_put(&map, d->arena, STR("default"), co_null_at(d->arena, service->node, TREE_DEFAULT));
        struct tree_node *node = tree_gather_map(&map, d->arena, service->node->span);
        if (node != NULL) {
            node->flags |= TREE_DEFAULT;
        }
        co_edit_set(service, STR("networks"), node);
    }
    if (none || tree_get(networks, STR("default")) != NULL) {
        d->default_network = true;
    }
}

static const struct tree_node *service(struct defaults *d, const struct tree_node *node)
{
    struct co_edit edit = co_edit(d->arena, node);
    change_map(d, &edit, STR("build"), build);
    change_list(d, &edit, STR("ports"), port);
    change_list(d, &edit, STR("secrets"), secret_use);
    change_list(d, &edit, STR("gpus"), device_request);
    change_list(d, &edit, STR("volumes"), mount);
    change_map(d, &edit, STR("deploy"), deploy);
    change_map(d, &edit, STR("environment"), environment);
    const struct tree_node *policy = tree_get(node, STR("pull_policy"));
    if (tree_is(policy, TREE_STRING) && str_eq(policy->text, STR("if_not_present"))) {
        struct tree_node *missing = tree_copy(d->arena, policy);
        if (missing != NULL) {
            missing->text = STR("missing");
        }
        co_edit_set(&edit, STR("pull_policy"), missing);
    }
    add_replicas(d, &edit);
    add_hook_images(d, &edit);
    add_network(d, &edit);
    add_dependencies(d, &edit);
    return co_edit_done(&edit);
}

/* {name} for a resource that has no name of its own. */
static const struct tree_node *named(struct defaults *d, const struct tree_entry *entry)
{
    const struct tree_node *node = entry->value;
    if (node->kind == TREE_NULL) {
        struct tree_node *empty = tree_new_map(d->arena, entry->key_span, NULL, 0);
        if (empty == NULL) {
            return node;
        }
        empty->flags = node->flags;
        empty->over = node->over;
        node = empty;
    }
    if (node->kind != TREE_MAP || !is_null(tree_get(node, STR("name")))) {
        return node;
    }
    const struct tree_node *external = tree_get(node, STR("external"));
    bool own = tree_is(external, TREE_BOOL) ? external->u.boolean : external != NULL;
    struct str name = entry->key;
    if (!own) {
        name = joined(d->arena, joined(d->arena, d->project_name, STR("_")), entry->key);
    }
    struct co_edit edit = co_edit(d->arena, node);
    struct tree_node *text = co_text_at(d->arena, node, name, TREE_DEFAULT);
    if (text != NULL) {
        text->span = entry->key_span;
    }
    co_edit_set(&edit, STR("name"), text);
    return co_edit_done(&edit);
}

static void name_resources(struct defaults *d, struct co_edit *root, struct str key)
{
    const struct tree_node *map = co_edit_get(root, key);
    if (!tree_is(map, TREE_MAP)) {
        return;
    }
    struct co_edit edit = co_edit(d->arena, map);
    for (size_t i = 0; i < map->u.map.count; i++) {
        const struct tree_node *node = named(d, &map->u.map.entries[i]);
        co_edit_replace(&edit, i, node != NULL ? node : map->u.map.entries[i].value);
    }
    co_edit_set(root, key, co_edit_done(&edit));
}

static void add_default_network(struct defaults *d, struct co_edit *root)
{
    const struct tree_node *networks = co_edit_get(root, STR("networks"));
    bool lists_them = tree_is(networks, TREE_MAP);
    if (!d->default_network || (networks != NULL && !lists_them && !is_null(networks)) ||
        tree_get(networks, STR("default")) != NULL) {
        return;
    }
    const struct tree_node *start = networks;
    if (!lists_them) {
        struct tree_node *empty = tree_new_map(d->arena, root->node->span, NULL, 0);
        if (empty == NULL) {
            return;
        }
        empty->flags |= TREE_DEFAULT;
        start = empty;
    }
    struct co_edit edit = co_edit(d->arena, start);
    co_edit_set(&edit, STR("default"), co_null_at(d->arena, start, TREE_DEFAULT));
    co_edit_set(root, STR("networks"), co_edit_done(&edit));
}

const struct tree_node *co_defaults(struct co_run *run, const struct tree_node *root,
                                    struct str project_name, const struct co_env *known)
{
    if (!tree_is(root, TREE_MAP)) {
        return root;
    }
    struct defaults d = {
        .run = run, .arena = run->arena, .project_name = project_name, .environment = known};
    struct co_edit edit = co_edit(run->arena, root);
    const struct tree_node *services = tree_get(root, STR("services"));
    if (tree_is(services, TREE_MAP)) {
        co_edit_set(&edit, STR("services"), change_each(&d, services, service));
    }
    add_default_network(&d, &edit);
    name_resources(&d, &edit, STR("networks"));
    name_resources(&d, &edit, STR("volumes"));
    name_resources(&d, &edit, STR("secrets"));
    name_resources(&d, &edit, STR("configs"));
    return co_edit_done(&edit);
}
