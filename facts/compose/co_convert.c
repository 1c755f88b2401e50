/* SPDX-License-Identifier: Apache-2.0
 *
 * co_convert.c - one form for merging.
 */
#include "facts/compose/co_convert.h"

#include "core/buf.h"
#include "facts/compose/co_text.h"
#include "facts/compose/co_unique.h"

/* Room for `host=ip`. */
enum { HOST_BYTES = 1 << 20 };

static const struct tree_node empty_list = {.kind = TREE_LIST, .span = {SOURCE_NONE, 0, 0}};

/* Place of a part of an item's text. */
static struct span part_span(const struct co_run *run, const struct tree_node *item, size_t from,
                             size_t to)
{
    const struct source *source = source_get(run->sources, item->span.source);
    struct co_written written = {.span = item->span};
    if (source != NULL) {
        written.raw = str_slice(source->text, item->span.start, item->span.end);
    }
    return co_written_part(&written, item->text, from, to);
}

static void add(struct co_run *run, struct tree_gather *out, struct str key, struct span key_span,
                const struct tree_node *value)
{
    if (value != NULL) {
        tree_gather_add(out, run->arena,
                        (struct tree_entry){.key = key, .key_span = key_span, .value = value});
    }
}

/* One `key=value` or `key`. */
static void add_pair(struct co_run *run, struct tree_gather *out, const struct tree_node *item)
{
    if (item->kind != TREE_STRING) {
        struct diag *diag =
            co_refuse(run, DIAG_compose_item, item->span, "%s cannot be a `key=value` of this list",
                      tree_kind_text(item->kind));
        diag_add_note(run->diags, diag, "write a text such as `- \"KEY=value\"`");
        return;
    }
    size_t equals = str_find_char(item->text, '=', 0);
    struct tree_node *value = tree_copy(run->arena, item);
    if (value == NULL) {
        return;
    }
    if (equals == item->text.len) {
        value->kind = TREE_NULL;
        value->text = STR("");
    } else {
        value->text = str_slice(item->text, equals + 1, item->text.len);
        value->span = part_span(run, item, equals + 1, item->text.len);
    }
    if (!co_has_hole(value->text)) {
        value->flags &= ~(unsigned)TREE_HOLES;
    }
    add(run, out, str_slice(item->text, 0, equals), part_span(run, item, 0, equals), value);
}

void co_pairs(struct co_run *run, struct tree_gather *out, const struct tree_node *node)
{
    if (node->kind == TREE_STRING) {
        add_pair(run, out, node);
        return;
    }
    if (node->kind == TREE_LIST && co_visit(run, node->u.list.count)) {
        for (size_t i = 0; i < node->u.list.count && co_alive(run); i++) {
            if ((node->u.list.items[i]->flags & TREE_RESET) == 0) {
                add_pair(run, out, node->u.list.items[i]);
            }
        }
    }
    if (node->kind != TREE_MAP || !co_visit(run, node->u.map.count)) {
        return;
    }
    for (size_t i = 0; i < node->u.map.count && co_alive(run); i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        const struct tree_node *value = entry->value;
        if (value->kind == TREE_LIST && value->u.list.count > 0) {
            /* Compose writes one pair for each item, of which the last one stays. */
            value = value->u.list.items[value->u.list.count - 1];
        }
        if ((value->flags & TREE_RESET) == 0) {
            add(run, out, entry->key, entry->key_span, value);
        }
    }
}

const struct tree_node *co_list_of_one(struct co_run *run, const struct tree_node *node)
{
    if (node->kind == TREE_LIST || node->kind == TREE_MAP) {
        return node;
    }
    if (node->kind != TREE_STRING) {
        return &empty_list;
    }
    struct tree_gather gather = {0};
    add(run, &gather, STR(""), node->span, node);
    struct tree_node *list =
        co_alive(run) ? tree_gather_list(&gather, run->arena, node->span) : NULL;
    return list != NULL ? list : &empty_list;
}

/* `host=ip`, at the place of the address. */
static void add_host(struct co_run *run, struct tree_gather *out, const struct tree_entry *entry,
                     const struct tree_node *address)
{
    struct buf text;
    buf_init(&text, run->arena->allocator, HOST_BYTES);
    buf_append(&text, entry->key);
    buf_append_char(&text, '=');
    buf_append(&text, address->text);
    struct tree_node *item = tree_copy(run->arena, address);
    if (item != NULL && buf_status(&text) == PLIM_STATUS_OK) {
        item->kind = TREE_STRING;
        item->text = arena_copy_str(run->arena, buf_view(&text));
        add(run, out, STR(""), entry->key_span, item);
    } else if (buf_status(&text) == PLIM_STATUS_NOMEM) {
        run->arena->status = PLIM_STATUS_NOMEM;
    }
    buf_release(&text);
}

const struct tree_node *co_list_of_hosts(struct co_run *run, const struct tree_node *node)
{
    if (node->kind != TREE_MAP) {
        return co_list_of_one(run, node);
    }
    struct tree_gather gather = {0};
    for (size_t i = 0; i < node->u.map.count && co_visit(run, 1); i++) {
        const struct tree_entry *entry = &node->u.map.entries[i];
        const struct tree_node *value = entry->value;
        if (value->kind != TREE_LIST) {
            add_host(run, &gather, entry, value);
            continue;
        }
        for (size_t j = 0; j < value->u.list.count && co_visit(run, 1); j++) {
            add_host(run, &gather, entry, value->u.list.items[j]);
        }
    }
    struct tree_node *list =
        co_alive(run) ? tree_gather_list(&gather, run->arena, node->span) : NULL;
    return list != NULL ? list : &empty_list;
}

/* A mapping with one entry, at the place of `at`. */
static struct tree_node *single(struct co_run *run, struct str key, const struct tree_node *at,
                                const struct tree_node *value)
{
    struct tree_gather gather = {0};
    add(run, &gather, key, at->span, value);
    return co_alive(run) ? tree_gather_map(&gather, run->arena, at->span) : NULL;
}

const struct tree_node *co_build_map(struct co_run *run, const struct tree_node *node)
{
    if (node->kind != TREE_STRING) {
        return node;
    }
    const struct tree_node *map = single(run, STR("context"), node, node);
    return map != NULL ? map : node;
}

/* {condition: service_started, required: true}, which nobody wrote. */
static const struct tree_node *plain_dependency(struct co_run *run, const struct tree_node *item)
{
    struct tree_node *condition =
        tree_new(run->arena, TREE_STRING, item->span, STR("service_started"));
    struct tree_node *required = tree_new(run->arena, TREE_BOOL, item->span, STR("true"));
    if (condition == NULL || required == NULL) {
        return NULL;
    }
    condition->flags = TREE_DEFAULT;
    required->flags = TREE_DEFAULT;
    required->u.boolean = true;
    struct tree_gather gather = {0};
    add(run, &gather, STR("condition"), item->span, condition);
    add(run, &gather, STR("required"), item->span, required);
    return co_alive(run) ? tree_gather_map(&gather, run->arena, item->span) : NULL;
}

const struct tree_node *co_names_map(struct co_run *run, struct str name,
                                     const struct tree_node *node, bool depends_on)
{
    if (node->kind != TREE_LIST || !co_visit(run, node->u.list.count)) {
        return node;
    }
    struct tree_gather gather = {0};
    for (size_t i = 0; i < node->u.list.count && co_alive(run); i++) {
        const struct tree_node *item = node->u.list.items[i];
        if (item->kind != TREE_STRING) {
            struct diag *diag =
                co_refuse(run, DIAG_compose_item, item->span, "%s in `%.*s`, which lists names",
                          tree_kind_text(item->kind), STR_FMT(name));
            diag_add_note(run->diags, diag, "write a name, or the whole of it as a mapping");
            continue;
        }
        add(run, &gather, item->text, item->span,
            depends_on ? plain_dependency(run, item)
                       : tree_new(run->arena, TREE_NULL, item->span, STR("")));
    }
    if (co_alive(run)) {
        gather.count = co_keep_last(run, gather.entries, gather.count);
    }
    struct tree_node *map = co_alive(run) ? tree_gather_map(&gather, run->arena, node->span) : NULL;
    return map != NULL ? map : node;
}

const struct tree_node *co_map_by_subnet(struct co_run *run, const struct tree_node *node)
{
    if (node->kind != TREE_LIST || !co_visit(run, node->u.list.count)) {
        return NULL;
    }
    struct tree_gather gather = {0};
    for (size_t i = 0; i < node->u.list.count && co_alive(run); i++) {
        const struct tree_node *item = node->u.list.items[i];
        const struct tree_node *subnet = tree_get(item, STR("subnet"));
        if (item->kind != TREE_MAP) {
            return NULL;
        }
        add(run, &gather, subnet != NULL ? subnet->text : STR(""), item->span, item);
    }
    size_t first;
    if (!co_alive(run) ||
        tree_repeated_key(run->arena, gather.entries, gather.count, &first) >= 0) {
        return NULL;
    }
    return tree_gather_map(&gather, run->arena, node->span);
}
