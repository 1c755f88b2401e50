/* SPDX-License-Identifier: Apache-2.0
 *
 * co_item.c - keys of ports, mounts, devices, secrets, configs and env files.
 */
#include "facts/compose/co_item.h"

#include "core/buf.h"

/* Keys are short; what is longer than this has none. */
enum { KEY_BYTES = 64 * 1024 };

/* Text of an integer or a text; false for everything else. */
static bool plain_text(struct buf *out, const struct tree_node *node)
{
    if (node->kind == TREE_INT) {
        buf_append_i64(out, node->u.integer);
        return true;
    }
    if (node->kind == TREE_UINT) {
        buf_append_u64(out, node->u.natural);
        return true;
    }
    buf_append(out, node->text);
    return node->kind == TREE_STRING;
}

/* The buffer's content in the arena; the buffer is released. */
static bool take(struct co_run *run, struct buf *text, bool complete, struct str *key)
{
    bool fits = complete && buf_status(text) == PLIM_STATUS_OK;
    if (buf_status(text) == PLIM_STATUS_NOMEM) {
        run->arena->status = PLIM_STATUS_NOMEM;
    }
    if (fits) {
        *key = arena_copy_str(run->arena, buf_view(text));
    }
    buf_release(text);
    return fits && co_alive(run);
}

/* Text of a member that must be there; a missing one is reported. */
static bool member(struct co_run *run, const struct tree_node *item, struct str name,
                   const char *of, struct str *key)
{
    const struct tree_node *value = tree_get(item, name);
    if (value == NULL) {
        struct diag *diag =
            co_refuse(run, DIAG_compose_item, item->span, "%s has no `%.*s`", of, STR_FMT(name));
        diag_add_note(run->diags, diag, "add `%.*s:`, which tells it from the others",
                      STR_FMT(name));
        return false;
    }
    *key = value->text;
    return value->kind == TREE_STRING;
}

static bool port_key(struct co_run *run, const struct tree_node *port, struct str *key)
{
    struct buf text;
    buf_init(&text, run->arena->allocator, KEY_BYTES);
    if (port->kind != TREE_MAP) {
        return take(run, &text, plain_text(&text, port), key);
    }
    struct str ignored;
    if (tree_get(port, STR("target")) == NULL) {
        return member(run, port, STR("target"), "this port", &ignored);
    }
    static const struct {
        struct str name;
        const char *otherwise;
        const char *end;
    } parts[] = {{{"host_ip", 7}, "0.0.0.0", ":"},
                 {{"published", 9}, "", ":"},
                 {{"target", 6}, "", "/"},
                 {{"protocol", 8}, "tcp", ""}};
    bool complete = true;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct tree_node *value = tree_get(port, parts[i].name);
        if (value == NULL) {
            buf_append_cstr(&text, parts[i].otherwise);
        } else {
            complete = plain_text(&text, value) && complete;
        }
        buf_append_cstr(&text, parts[i].end);
    }
    return take(run, &text, complete, key);
}

static bool is_letter(char c)
{
    return str_lower_char(c) >= 'a' && str_lower_char(c) <= 'z';
}

/* Next piece of a short mount from `*at`; a colon behind a single letter belongs to a drive. */
static struct str next_piece(struct str text, size_t *at)
{
    size_t end = *at;
    do {
        end = str_find_char(text, ':', end == *at ? end : end + 1);
    } while (end == *at + 1 && end < text.len && is_letter(text.ptr[*at]));
    struct str piece = str_slice(text, *at, end);
    *at = end + 1;
    return piece;
}

static bool mount_key(struct co_run *run, const struct tree_node *mount, struct str *key)
{
    if (mount->kind == TREE_MAP) {
        return member(run, mount, STR("target"), "this mount", key);
    }
    size_t at = 0;
    *key = next_piece(mount->text, &at);
    if (at < mount->text.len) {
        *key = next_piece(mount->text, &at);
    }
    return mount->kind == TREE_STRING;
}

static bool device_key(struct co_run *run, const struct tree_node *device, struct str *key)
{
    if (device->kind == TREE_MAP) {
        return member(run, device, STR("target"), "this device", key);
    }
    size_t colon = str_find_char(device->text, ':', 0);
    *key = str_slice(device->text, 0, colon);
    if (colon < device->text.len) {
        size_t end = str_find_char(device->text, ':', colon + 1);
        *key = str_slice(device->text, colon + 1, end);
    }
    return device->kind == TREE_STRING;
}

static bool file_key(struct co_run *run, const struct tree_node *use, const char *below,
                     struct str *key)
{
    const struct tree_node *target = tree_get(use, STR("target"));
    if (target != NULL) {
        *key = target->text;
        return target->kind == TREE_STRING;
    }
    struct str source = use->text;
    if (use->kind == TREE_MAP && !member(run, use, STR("source"), "this file", &source)) {
        return false;
    }
    struct buf text;
    buf_init(&text, run->arena->allocator, KEY_BYTES);
    buf_append_cstr(&text, below);
    buf_append(&text, source);
    return take(run, &text, use->kind == TREE_STRING || use->kind == TREE_MAP, key);
}

bool co_item_key(struct co_run *run, enum co_unique unique, const struct tree_node *item,
                 struct str *key)
{
    switch (unique) {
    case CO_UNIQUE_PORT:
        return port_key(run, item, key);
    case CO_UNIQUE_MOUNT:
        return mount_key(run, item, key);
    case CO_UNIQUE_DEVICE:
        return device_key(run, item, key);
    case CO_UNIQUE_SECRET:
        return file_key(run, item, "/run/secrets/", key);
    case CO_UNIQUE_CONFIG:
        return file_key(run, item, "/", key);
    case CO_UNIQUE_PATH:
        if (item->kind == TREE_MAP) {
            return member(run, item, STR("path"), "this env file", key);
        }
        break;
    case CO_UNIQUE_KEY:
        *key = str_slice(item->text, 0, str_find_char(item->text, '=', 0));
        return item->kind == TREE_STRING;
    case CO_UNIQUE_TEXT:
        if (item->kind == TREE_INT || item->kind == TREE_UINT) {
            return port_key(run, item, key);
        }
        break;
    case CO_UNIQUE_NONE:
        break;
    }
    *key = item->text;
    return item->kind == TREE_STRING;
}
