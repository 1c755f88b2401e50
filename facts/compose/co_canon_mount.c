/* SPDX-License-Identifier: Apache-2.0
 *
 * co_canon_mount.c - ports and mounts from their short texts, with the place of every part.
 */
#include "facts/compose/co_canon_forms.h"

#include "core/buf.h"
#include "facts/compose/co_edit.h"
#include "facts/compose/co_piece.h"
#include "facts/compose/co_ports.h"
#include "facts/compose/co_scalar.h"
#include "facts/compose/co_volume_text.h"

/* Reports what is wrong with a text, at its place. Nothing when only memory ran out. */
static void refuse_text(struct co_run *run, const struct co_pieces *pieces,
                        const struct co_fault *fault)
{
    if (arena_status(run->arena) != PLIM_STATUS_OK) {
        return;
    }
    const struct tree_node *at = co_piece(pieces, fault->start, fault->end);
    if (at != NULL) {
        co_refuse(run, DIAG_compose_value, at->span, "%.*s", STR_FMT(fault->message));
    }
}

/* "80" or "80-90" in the arena. */
static struct str range_text(struct arena *arena, const struct co_port_range *range)
{
    struct buf buf;
    buf_init(&buf, arena->allocator, 16);
    buf_append_u64(&buf, range->first);
    if (range->last != range->first) {
        buf_append_char(&buf, '-');
        buf_append_u64(&buf, range->last);
    }
    struct str text = arena_copy_str(arena, buf_view(&buf));
    if (buf_status(&buf) != PLIM_STATUS_OK) {
        arena->status = PLIM_STATUS_NOMEM;
    }
    buf_release(&buf);
    return text;
}

static const struct tree_node *range_node(const struct co_pieces *pieces,
                                          const struct co_port_range *range, bool number)
{
    struct tree_node *node = co_piece(pieces, range->start, range->end);
    if (node == NULL || range->state != CO_KNOWN) {
        return node;
    }
    node->text = range_text(pieces->arena, range);
    if (number && range->first == range->last) {
        node->kind = TREE_INT;
        node->u.integer = range->first;
    }
    return node;
}

/* A copy of the scalar as a text, for the parsers. */
static const struct tree_node *port_text(struct co_run *run, const struct tree_node *node)
{
    if (node->kind == TREE_FLOAT || node->kind == TREE_UINT) {
        co_refuse(run, DIAG_compose_value, node->span, "a port is a whole number up to 65535");
        return NULL;
    }
    return co_scalar_string(run->arena, node);
}

const struct tree_node *co_form_port(struct co_run *run, const struct tree_node *node)
{
    bool scalar = node->kind == TREE_STRING || node->kind == TREE_INT || node->kind == TREE_FLOAT ||
                  node->kind == TREE_UINT;
    if (!scalar) {
        return node;
    }
    const struct tree_node *text = port_text(run, node);
    if (text == NULL) {
        return NULL;
    }
    struct co_pieces pieces;
    co_pieces_init(&pieces, run->arena, run->sources, text);
    struct co_ports ports;
    struct co_fault fault = {.message = STR("")};
    if (!co_ports_parse(run->arena, text->text, &ports, &fault)) {
        refuse_text(run, &pieces, &fault);
        return NULL;
    }
    struct tree_gather map = {0};
    if (ports.ip_state != CO_ABSENT) {
        struct tree_node *ip = co_piece(&pieces, ports.ip_start, ports.ip_end);
        if (ip != NULL && ports.ip_state == CO_KNOWN) {
            ip->text = ports.ip;
        }
        co_put(&map, run->arena, STR("host_ip"), ip);
    }
    co_put(&map, run->arena, STR("target"), range_node(&pieces, &ports.target, true));
    if (ports.published.state != CO_ABSENT) {
        co_put(&map, run->arena, STR("published"), range_node(&pieces, &ports.published, false));
    }
    if (ports.protocol_state != CO_ABSENT) {
        struct tree_node *protocol = co_piece(&pieces, ports.protocol_start, ports.protocol_end);
        if (protocol != NULL && ports.protocol_state == CO_KNOWN) {
            protocol->text = str_from_cstr(co_protocol_text(ports.protocol));
        }
        co_put(&map, run->arena, STR("protocol"), protocol);
    }
    return co_map_from(run->arena, node, &map);
}

/* A part of a mount's text; its own text may differ from what stands there. */
static const struct tree_node *mount_piece(const struct co_pieces *pieces,
                                           const struct co_volume_piece *piece)
{
    if (piece->state == CO_ABSENT) {
        return NULL;
    }
    struct tree_node *node = co_piece(pieces, piece->start, piece->end);
    if (node != NULL) {
        node->text = piece->text;
    }
    return node;
}

/* An option: its text at the place of the options, or the options themselves when they are
 * unknown. */
static void put_option(struct tree_gather *map, const struct co_pieces *pieces,
                       const struct co_volume_text *text, struct str key, struct str value)
{
    struct tree_node *node = NULL;
    if (value.len > 0 || text->options_state == CO_UNKNOWN) {
        node = co_piece(pieces, text->options_start, text->options_end);
    }
    if (node != NULL && value.len > 0) {
        node->text = value;
        node->flags &= ~(unsigned)TREE_HOLES;
    }
    co_put(map, pieces->arena, key, node);
}

/* A boolean option, likewise. */
static void put_flag(struct tree_gather *map, const struct co_pieces *pieces,
                     const struct co_volume_text *text, struct str key, bool value)
{
    if (!value) {
        put_option(map, pieces, text, key, STR(""));
        return;
    }
    const struct tree_node *at = co_piece(pieces, text->options_start, text->options_end);
    co_put(map, pieces->arena, key, at != NULL ? co_bool_at(pieces->arena, at, true, 0) : NULL);
}

/* Up to this many bytes a text is a target for Compose before it looks any further. */
enum { SHORTEST_KIND = 2 };

/* `bind` or `volume` of the long form. */
static void put_kind(struct tree_gather *map, const struct co_pieces *pieces,
                     const struct co_volume_text *text)
{
    struct arena *arena = pieces->arena;
    const struct tree_node *node = pieces->node;
    struct tree_gather inner = {0};
    if (text->type_state == CO_UNKNOWN) {
        return;
    }
    if (text->type == CO_VOLUME_BIND) {
        put_option(&inner, pieces, text, STR("propagation"), text->propagation);
        put_option(&inner, pieces, text, STR("selinux"), text->selinux);
        co_put(&inner, arena, STR("create_host_path"), co_bool_at(arena, node, true, TREE_DEFAULT));
        co_put(map, arena, STR("bind"), tree_gather_map(&inner, arena, node->span));
        return;
    }
    if (node->text.len <= SHORTEST_KIND) {
        return;
    }
    put_flag(&inner, pieces, text, STR("nocopy"), text->nocopy);
    co_put(map, arena, STR("volume"), tree_gather_map(&inner, arena, node->span));
}

const struct tree_node *co_form_mount(struct co_run *run, const struct tree_node *node)
{
    static const char hole[] = {TREE_HOLE};
    if (node->kind != TREE_STRING) {
        return node;
    }
    struct co_pieces pieces;
    co_pieces_init(&pieces, run->arena, run->sources, node);
    struct co_volume_text text;
    struct co_fault fault = {.message = STR("")};
    if (!co_volume_text_parse(node->text, &text, &fault)) {
        refuse_text(run, &pieces, &fault);
        return NULL;
    }
    const struct tree_node *source = mount_piece(&pieces, &text.source);
    struct tree_node *type =
        co_text_at(run->arena, source != NULL ? source : node,
                   text.type == CO_VOLUME_BIND ? STR("bind") : STR("volume"), 0);
    if (type != NULL && text.type_state == CO_UNKNOWN && source != NULL) {
        type->text = str_make(hole, sizeof hole);
        type->flags = TREE_HOLES;
        type->variables = source->variables;
    }
    struct tree_gather map = {0};
    co_put(&map, run->arena, STR("type"), type);
    co_put(&map, run->arena, STR("source"), source);
    co_put(&map, run->arena, STR("target"), mount_piece(&pieces, &text.target));
    put_flag(&map, &pieces, &text, STR("read_only"), text.read_only);
    put_kind(&map, &pieces, &text);
    return co_map_from(run->arena, node, &map);
}
