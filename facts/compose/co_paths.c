/* SPDX-License-Identifier: Apache-2.0
 *
 * co_paths.c - finds the paths of a project and joins them to a directory by text.
 */
#include "facts/compose/co_paths.h"

#include <string.h>

#include "facts/compose/co_edit.h"
#include "facts/pathname.h"

struct paths {
    struct arena *arena;
    struct str base;
};

typedef const struct tree_node *path_fn(const struct paths *p, const struct tree_node *node);

struct str co_path_join(struct arena *arena, struct str base, struct str path)
{
    char *both = arena_alloc(arena, base.len + path.len + 2);
    char *clean = arena_alloc(arena, base.len + path.len + 3);
    if (both == NULL || clean == NULL) {
        return STR("");
    }
    size_t len = 0;
    if (base.len > 0) {
        memcpy(both, base.ptr, base.len);
        both[base.len] = '/';
        len = base.len + 1;
    }
    if (path.len > 0) {
        memcpy(both + len, path.ptr, path.len);
        len += path.len;
    }
    return str_make(clean, pathname_clean(clean, str_make(both, len)));
}

static bool is_letter(char c)
{
    char lower = str_lower_char(c);
    return lower >= 'a' && lower <= 'z';
}

/* A drive with a path behind it, or the path of a share. */
static bool is_windows_path(struct str path)
{
    bool drive = path.len >= 3 && is_letter(path.ptr[0]) && path.ptr[1] == ':' &&
                 (path.ptr[2] == '\\' || path.ptr[2] == '/');
    return drive || str_starts_with(path, STR("\\\\"));
}

/* Cleaning must not remove ".." by what stands before it when that is unknown. */
static bool can_be_joined(struct str path)
{
    size_t hole = str_find_char(path, TREE_HOLE, 0);
    return hole == path.len ||
           (hole > 0 && str_find(str_slice(path, hole, path.len), STR("..")) == path.len - hole);
}

static const struct tree_node *join(const struct paths *p, const struct tree_node *node)
{
    struct str path = node->text;
    if (node->kind != TREE_STRING || path.len == 0 || path.ptr[0] == '/' || path.ptr[0] == '~' ||
        !can_be_joined(path)) {
        return node;
    }
    struct tree_node *copy = tree_copy(p->arena, node);
    if (copy != NULL) {
        copy->text = co_path_join(p->arena, p->base, path);
    }
    return copy;
}

static const struct tree_node *join_unix(const struct paths *p, const struct tree_node *node)
{
    return node->kind == TREE_STRING && is_windows_path(node->text) ? node : join(p, node);
}

static const struct tree_node *join_context(const struct paths *p, const struct tree_node *node)
{
    static const char *const remote[] = {"service:", "github.com/", "git@"};
    if (node->kind != TREE_STRING || str_find(node->text, STR("://")) < node->text.len) {
        return node;
    }
    for (size_t i = 0; i < sizeof remote / sizeof remote[0]; i++) {
        if (str_starts_with(node->text, str_from_cstr(remote[i]))) {
            return node;
        }
    }
    return join(p, node);
}

/* The value of a key, changed. */
static void at_key(const struct paths *p, struct co_edit *edit, const char *key, path_fn *change)
{
    const struct tree_node *value = co_edit_get(edit, str_from_cstr(key));
    if (value != NULL) {
        co_edit_set(edit, str_from_cstr(key), change(p, value));
    }
}

/* Every value of a list or mapping, changed. */
static const struct tree_node *each(const struct paths *p, const struct tree_node *node,
                                    path_fn *change)
{
    if (node->kind != TREE_LIST && node->kind != TREE_MAP) {
        return node;
    }
    struct co_edit edit = co_edit(p->arena, node);
    size_t count = node->kind == TREE_LIST ? node->u.list.count : node->u.map.count;
    for (size_t i = 0; i < count; i++) {
        const struct tree_node *part =
            node->kind == TREE_LIST ? node->u.list.items[i] : node->u.map.entries[i].value;
        const struct tree_node *changed = change(p, part);
        co_edit_replace(&edit, i, changed != NULL ? changed : part);
    }
    return co_edit_done(&edit);
}

static const struct tree_node *each_context(const struct paths *p, const struct tree_node *node)
{
    return each(p, node, join_context);
}

static const struct tree_node *each_unix(const struct paths *p, const struct tree_node *node)
{
    return each(p, node, join_unix);
}

static const struct tree_node *each_path(const struct paths *p, const struct tree_node *node)
{
    return each(p, node, join);
}

/* Changes one key of a mapping. */
static const struct tree_node *only_key(const struct paths *p, const struct tree_node *node,
                                        const char *key, path_fn *change)
{
    if (node->kind != TREE_MAP) {
        return node;
    }
    struct co_edit edit = co_edit(p->arena, node);
    at_key(p, &edit, key, change);
    return co_edit_done(&edit);
}

static const struct tree_node *build(const struct paths *p, const struct tree_node *node)
{
    if (node->kind != TREE_MAP) {
        return node;
    }
    struct co_edit edit = co_edit(p->arena, node);
    at_key(p, &edit, "context", join_context);
    at_key(p, &edit, "additional_contexts", each_context);
    at_key(p, &edit, "ssh", each_unix);
    return co_edit_done(&edit);
}

static const struct tree_node *env_file(const struct paths *p, const struct tree_node *node)
{
    return only_key(p, node, "path", join);
}

static const struct tree_node *env_files(const struct paths *p, const struct tree_node *node)
{
    return each(p, node, env_file);
}

static const struct tree_node *extends(const struct paths *p, const struct tree_node *node)
{
    return only_key(p, node, "file", join_context);
}

static const struct tree_node *watches(const struct paths *p, const struct tree_node *node)
{
    return each(p, node, env_file); /* both have a `path` */
}

static const struct tree_node *develop(const struct paths *p, const struct tree_node *node)
{
    return only_key(p, node, "watch", watches);
}

static bool is_text(const struct tree_node *node, struct str text)
{
    return tree_is(node, TREE_STRING) && str_eq(node->text, text);
}

static const struct tree_node *mount(const struct paths *p, const struct tree_node *node)
{
    return is_text(tree_get(node, STR("type")), STR("bind"))
               ? only_key(p, node, "source", join_unix)
               : node;
}

static const struct tree_node *mounts(const struct paths *p, const struct tree_node *node)
{
    return each(p, node, mount);
}

static const struct tree_node *bind_options(const struct paths *p, const struct tree_node *node)
{
    return is_text(tree_get(node, STR("o")), STR("bind")) ? only_key(p, node, "device", join_unix)
                                                          : node;
}

static const struct tree_node *volume(const struct paths *p, const struct tree_node *node)
{
    return is_text(tree_get(node, STR("driver")), STR("local"))
               ? only_key(p, node, "driver_opts", bind_options)
               : node;
}

static const struct tree_node *file_object(const struct paths *p, const struct tree_node *node)
{
    return only_key(p, node, "file", join_unix);
}

static const struct tree_node *volumes(const struct paths *p, const struct tree_node *node)
{
    return each(p, node, volume);
}

static const struct tree_node *file_objects(const struct paths *p, const struct tree_node *node)
{
    return each(p, node, file_object);
}

static const struct tree_node *service(const struct paths *p, const struct tree_node *node)
{
    if (node->kind != TREE_MAP) {
        return node;
    }
    struct co_edit edit = co_edit(p->arena, node);
    at_key(p, &edit, "build", build);
    at_key(p, &edit, "env_file", env_files);
    at_key(p, &edit, "label_file", each_path);
    at_key(p, &edit, "extends", extends);
    at_key(p, &edit, "develop", develop);
    at_key(p, &edit, "volumes", mounts);
    return co_edit_done(&edit);
}

static const struct tree_node *services(const struct paths *p, const struct tree_node *node)
{
    return each(p, node, service);
}

const struct tree_node *co_paths_of_service(struct co_run *run, const struct tree_node *node,
                                            struct str base)
{
    struct paths p = {.arena = run->arena, .base = base};
    return service(&p, node);
}

const struct tree_node *co_paths(struct co_run *run, const struct tree_node *root, struct str base)
{
    if (!tree_is(root, TREE_MAP)) {
        return root;
    }
    struct paths p = {.arena = run->arena, .base = base};
    struct co_edit edit = co_edit(run->arena, root);
    at_key(&p, &edit, "services", services);
    at_key(&p, &edit, "volumes", volumes);
    at_key(&p, &edit, "secrets", file_objects);
    at_key(&p, &edit, "configs", file_objects);
    return co_edit_done(&edit);
}
