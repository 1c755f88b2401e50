/* SPDX-License-Identifier: Apache-2.0
 *
 * co_check.c - the checks of one service by itself, and of networks, volumes, secrets and configs.
 */
#include "facts/compose/co_check.h"

#include <stdarg.h>

#include "facts/compose/co_check_parts.h"
#include "facts/compose/co_ports.h"

struct diag *co_complain(struct co_checker *c, enum diag_id id, struct span span,
                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct diag *diag =
        diag_vreport(c->run->diags, c->on ? id : DIAG_compose_off, span, format, args);
    va_end(args);
    if (c->on) {
        c->run->refused = true;
    } else {
        diag_add_note(c->run->diags, diag,
                      "service `%.*s` is off unless one of its profiles is chosen",
                      STR_FMT(c->service));
    }
    return diag;
}

struct str co_text_of(const struct tree_node *map, const char *key)
{
    const struct tree_node *node = tree_get(map, str_from_cstr(key));
    return tree_is(node, TREE_STRING) && !tree_has_holes(node) ? node->text : STR("");
}

const struct tree_node *co_map_of(const struct tree_node *map, const char *key)
{
    const struct tree_node *node = tree_get(map, str_from_cstr(key));
    return tree_is(node, TREE_MAP) ? node : NULL;
}

const struct tree_node *co_list_of(const struct tree_node *map, const char *key)
{
    const struct tree_node *node = tree_get(map, str_from_cstr(key));
    return tree_is(node, TREE_LIST) ? node : NULL;
}

bool co_service_is_on(const struct co_options *options, const struct tree_node *service)
{
    const struct tree_node *profiles = co_list_of(service, "profiles");
    if (profiles == NULL || profiles->u.list.count == 0) {
        return true;
    }
    for (size_t i = 0; i < options->profile_count; i++) {
        if (str_eq(options->profiles[i], STR("*"))) {
            return true;
        }
        for (size_t j = 0; j < profiles->u.list.count; j++) {
            const struct tree_node *profile = profiles->u.list.items[j];
            if (tree_has_holes(profile) || str_eq(profile->text, options->profiles[i])) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a key has a value that is not empty; one that is unknown may be. */
static bool has(const struct tree_node *map, const char *key)
{
    const struct tree_node *node = tree_get(map, str_from_cstr(key));
    return node != NULL && node->kind != TREE_NULL &&
           (node->kind != TREE_STRING || node->text.len > 0);
}

static void check_source(struct co_checker *c, const struct tree_node *service,
                         const struct tree_entry *entry)
{
    if (has(service, "image") || has(service, "build") || has(service, "provider")) {
        return;
    }
    const struct tree_node *image = tree_get(service, STR("image"));
    if (image != NULL && image->kind == TREE_STRING) {
        co_complain(c, DIAG_compose_no_image, image->span,
                    "service `%.*s` has an empty image and no build", STR_FMT(entry->key));
        return;
    }
    struct diag *diag =
        co_complain(c, DIAG_compose_no_image, entry->key_span,
                    "service `%.*s` has neither an image nor a build", STR_FMT(entry->key));
    diag_add_note(c->run->diags, diag, "add `image:` with what to run or `build:` with a context");
}

static void check_build(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *build = co_map_of(service, "build");
    const struct tree_node *text = tree_get(build, STR("dockerfile_inline"));
    const struct tree_node *file = tree_get(build, STR("dockerfile"));
    if (has(build, "dockerfile_inline") && has(build, "dockerfile")) {
        struct diag *diag = co_complain(c, DIAG_compose_conflict, text->span,
                                        "`dockerfile_inline` and `dockerfile` exclude each other");
        diag_add_label(c->run->diags, diag, file->span, "the other one");
    }
    const struct tree_node *platforms = co_list_of(build, "platforms");
    struct str platform = co_text_of(service, "platform");
    bool found = platforms == NULL || platforms->u.list.count == 0 || platform.len == 0;
    for (size_t i = 0; !found && i < platforms->u.list.count; i++) {
        const struct tree_node *item = platforms->u.list.items[i];
        found = tree_has_holes(item) || str_eq(item->text, platform);
    }
    if (!found) {
        struct diag *diag = co_complain(
            c, DIAG_compose_conflict, tree_get(service, STR("platform"))->span,
            "platform `%.*s` is not among those the image is built for", STR_FMT(platform));
        diag_add_label(c->run->diags, diag, platforms->span, "built for these");
    }
}

static void check_network_mode(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *networks = co_map_of(service, "networks");
    const struct tree_node *mode = tree_get(service, STR("network_mode"));
    if (has(service, "network_mode") && networks != NULL && networks->u.map.count > 0) {
        struct diag *diag = co_complain(c, DIAG_compose_conflict, mode->span,
                                        "`network_mode` and `networks` exclude each other");
        diag_add_label(c->run->diags, diag, networks->span, "networks");
    }
}

static void check_health(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *test = co_list_of(co_map_of(service, "healthcheck"), "test");
    if (test == NULL || test->u.list.count == 0) {
        return;
    }
    const struct tree_node *first = test->u.list.items[0];
    bool right = !tree_is(first, TREE_STRING) || tree_has_holes(first) ||
                 str_eq(first->text, STR("CMD")) || str_eq(first->text, STR("CMD-SHELL")) ||
                 str_eq(first->text, STR("NONE"));
    if (!right) {
        struct diag *diag =
            co_complain(c, DIAG_compose_value, first->span,
                        "a list as `healthcheck.test` begins with CMD, CMD-SHELL or NONE");
        diag_add_note(c->run->diags, diag, "write [\"CMD\", \"%.*s\", ...]", STR_FMT(first->text));
    }
}

static void check_watch(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *watch = co_list_of(co_map_of(service, "develop"), "watch");
    for (size_t i = 0; watch != NULL && i < watch->u.list.count; i++) {
        const struct tree_node *rule = watch->u.list.items[i];
        const struct tree_node *path = tree_get(rule, STR("path"));
        struct str action = co_text_of(rule, "action");
        if (tree_is(path, TREE_STRING) && path->text.len == 0) {
            co_complain(c, DIAG_compose_incomplete, path->span, "the watched path is empty");
        }
        if (action.len > 0 && !has(rule, "target") && !str_eq(action, STR("rebuild")) &&
            !str_eq(action, STR("restart"))) {
            co_complain(c, DIAG_compose_incomplete, rule->span,
                        "action `%.*s` needs a `target` in the container", STR_FMT(action));
        }
    }
}

static void check_ports(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *ports = co_list_of(service, "ports");
    for (size_t i = 0; ports != NULL && i < ports->u.list.count; i++) {
        const struct tree_node *ip = tree_get(ports->u.list.items[i], STR("host_ip"));
        if (tree_is(ip, TREE_STRING) && !tree_has_holes(ip) && !co_is_ip(ip->text)) {
            co_complain(c, DIAG_compose_value, ip->span, "`%.*s` is no IP address",
                        STR_FMT(ip->text));
        }
    }
}

static void check_devices(struct co_checker *c, const struct tree_node *requests)
{
    for (size_t i = 0; requests != NULL && i < requests->u.list.count; i++) {
        const struct tree_node *request = requests->u.list.items[i];
        const struct tree_node *count = tree_get(request, STR("count"));
        const struct tree_node *ids = tree_get(request, STR("device_ids"));
        if (count != NULL && ids != NULL) {
            struct diag *diag = co_complain(c, DIAG_compose_conflict, count->span,
                                            "`count` and `device_ids` exclude each other");
            diag_add_label(c->run->diags, diag, ids->span, "device_ids");
        }
    }
}

static void check_bind_sources(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *mounts = co_list_of(service, "volumes");
    for (size_t i = 0; mounts != NULL && i < mounts->u.list.count; i++) {
        const struct tree_node *mount = mounts->u.list.items[i];
        bool bind = str_eq(co_text_of(mount, "type"), STR("bind"));
        if (bind && tree_get(mount, STR("source")) == NULL) {
            co_complain(c, DIAG_compose_incomplete, mount->span,
                        "a bind mount needs a `source` on the host");
        }
    }
}

/* Reports the first target that has two mounts. */
static void check_mount_targets(struct co_checker *c, const struct tree_node *service)
{
    struct arena *arena = c->run->arena;
    struct tree_gather targets = {0};
    const struct tree_node *tmpfs = co_list_of(service, "tmpfs");
    for (size_t i = 0; tmpfs != NULL && i < tmpfs->u.list.count; i++) {
        const struct tree_node *item = tmpfs->u.list.items[i];
        struct str path = str_slice(item->text, 0, str_find_char(item->text, ':', 0));
        if (item->kind == TREE_STRING && str_find_char(path, TREE_HOLE, 0) == path.len) {
            struct tree_entry entry = {.key = path, .key_span = item->span, .value = item};
            tree_gather_add(&targets, arena, entry);
        }
    }
    const struct tree_node *mounts = co_list_of(service, "volumes");
    for (size_t i = 0; mounts != NULL && i < mounts->u.list.count; i++) {
        const struct tree_node *target = tree_get(mounts->u.list.items[i], STR("target"));
        if (tree_is(target, TREE_STRING) && !tree_has_holes(target)) {
            struct tree_entry entry = {
                .key = target->text, .key_span = target->span, .value = target};
            tree_gather_add(&targets, arena, entry);
        }
    }
    size_t first = 0;
    ptrdiff_t again = tree_repeated_key(arena, targets.entries, targets.count, &first);
    if (again >= 0) {
        struct tree_entry *entry = &targets.entries[again];
        struct diag *diag =
            co_complain(c, DIAG_compose_mounted_twice, entry->key_span,
                        "something is mounted at `%.*s` already", STR_FMT(entry->key));
        diag_add_label(c->run->diags, diag, targets.entries[first].key_span, "the other mount");
    }
}

static void check_service(struct co_checker *c, const struct tree_entry *entry)
{
    const struct tree_node *service = entry->value;
    c->service = entry->key;
    /* Compose looks at these whether the service is on or not. */
    c->on = true;
    check_watch(c, service);
    check_ports(c, service);
    check_devices(c, co_list_of(service, "gpus"));
    const struct tree_node *resources = co_map_of(co_map_of(service, "deploy"), "resources");
    check_devices(c, co_list_of(co_map_of(resources, "reservations"), "devices"));
    if (!c->run->options->without_paths) {
        check_bind_sources(c, service);
    }
    c->on = co_service_is_on(c->run->options, service);
    check_source(c, service, entry);
    check_build(c, service);
    check_network_mode(c, service);
    check_health(c, service);
    check_mount_targets(c, service);
    co_check_references(c, service);
    co_check_limits(c, service);
}

/* External volumes are not made by Compose, so nothing can be said about how. */
static void check_volume(struct co_checker *c, const struct tree_entry *volume)
{
    const struct tree_node *external = tree_get(volume->value, STR("external"));
    if (!tree_is(external, TREE_BOOL) || !external->u.boolean) {
        return;
    }
    for (size_t i = 0; i < volume->value->u.map.count; i++) {
        const struct tree_entry *entry = &volume->value->u.map.entries[i];
        bool allowed = str_eq(entry->key, STR("external")) || str_eq(entry->key, STR("name")) ||
                       str_starts_with(entry->key, STR("x-"));
        if (!allowed) {
            struct diag *diag = co_refuse(c->run, DIAG_compose_conflict, entry->key_span,
                                          "volume `%.*s` is external, so it cannot have `%.*s`",
                                          STR_FMT(volume->key), STR_FMT(entry->key));
            diag_add_label(c->run->diags, diag, external->span, "external here");
            return;
        }
    }
}

/* A secret or config has one source of its content. */
static void check_file(struct co_checker *c, const struct tree_entry *object, bool is_config)
{
    static const char *const keys[] = {"file", "environment", "content"};
    const struct tree_node *found[sizeof keys / sizeof keys[0]] = {NULL};
    const char *called = is_config ? "config" : "secret";
    size_t count = 0;
    for (size_t i = 0; i < (is_config ? 3 : 2); i++) {
        const struct tree_node *value = tree_get(object->value, str_from_cstr(keys[i]));
        if (value != NULL) {
            found[count] = value;
            count++;
        }
    }
    if (count > 1) {
        struct diag *diag = co_refuse(c->run, DIAG_compose_conflict, found[1]->span,
                                      "%s `%.*s` has two sources", called, STR_FMT(object->key));
        diag_add_label(c->run->diags, diag, found[0]->span, "the other one");
        return;
    }
    const struct tree_node *external = tree_get(object->value, STR("external"));
    bool is_external = tree_is(external, TREE_BOOL) ? external->u.boolean : external != NULL;
    bool elsewhere = is_config ? external != NULL || has(object->value, "driver") : is_external;
    bool empty = count == 1 && !is_config && !is_external && found[0]->text.len == 0;
    if ((count == 0 && !elsewhere) || empty) {
        struct diag *diag = co_refuse(c->run, DIAG_compose_incomplete, object->key_span,
                                      "%s `%.*s` does not say where its content comes from", called,
                                      STR_FMT(object->key));
        diag_add_note(c->run->diags, diag,
                      is_config ? "add one of `file:`, `environment:`, `content:`"
                                : "add `file:` or `environment:`");
    }
}

static void check_resources(struct co_checker *c)
{
    const struct tree_node *volumes = co_map_of(c->root, "volumes");
    for (size_t i = 0; volumes != NULL && i < volumes->u.map.count; i++) {
        check_volume(c, &volumes->u.map.entries[i]);
    }
    for (int config = 0; config < 2; config++) {
        const struct tree_node *map = co_map_of(c->root, config != 0 ? "configs" : "secrets");
        for (size_t i = 0; map != NULL && i < map->u.map.count; i++) {
            if (map->u.map.entries[i].value->kind == TREE_MAP) {
                check_file(c, &map->u.map.entries[i], config != 0);
            }
        }
    }
}

void co_check(struct co_run *run, const struct tree_node *root)
{
    struct co_checker c = {.run = run, .root = root, .services = co_map_of(root, "services")};
    check_resources(&c);
    for (size_t i = 0; c.services != NULL && i < c.services->u.map.count; i++) {
        if (c.services->u.map.entries[i].value->kind == TREE_MAP) {
            check_service(&c, &c.services->u.map.entries[i]);
        }
    }
    co_check_cycles(&c);
}
