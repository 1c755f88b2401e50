/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_mounts.c - volumes, tmpfs, volumes_from and devices of a service.
 */
#include "facts/compose/co_rows.h"

#include <string.h>

#include "facts/pathname.h"

/* ---- short forms ------------------------------------------------------------------------- */

struct str co_raw(const struct co_writer *writer, struct span span)
{
    const struct source *source = source_get(&writer->facts->sources, span.source);
    return source != NULL ? str_slice(source->text, span.start, span.end) : STR("");
}

struct str co_short_text(const struct co_writer *writer, const struct tree_node *node, bool *quoted)
{
    struct str raw = str_trim(co_raw(writer, node->span));
    const struct source *source = source_get(&writer->facts->sources, node->span.source);
    char first = raw.len > 0 ? raw.ptr[0] : '\0';
    *quoted = first == '"' || first == '\'';
    if (*quoted && raw.len >= 2) {
        raw = str_slice(raw, 1, raw.len - 1);
    } else if (source != NULL && node->span.start > 0 && node->span.start <= source->text.len) {
        char before = source->text.ptr[node->span.start - 1];
        *quoted = before == '"' || before == '\'';
    }
    bool is_long = first == '{' || first == '|' || first == '>' ||
                   str_find(raw, STR(": ")) < raw.len || str_find_char(raw, '\n', 0) < raw.len ||
                   str_ends_with(raw, STR(":")) || (node->flags & TREE_DEFAULT) != 0;
    return is_long ? STR("") : raw;
}

/* Words behind the last colon of a short form: ro,z,rprivate. */
static struct str short_options(struct str text)
{
    size_t colons = 0;
    size_t last = text.len;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == ':') {
            colons++;
            last = i;
        }
    }
    struct str tail = str_slice(text, last + 1, text.len);
    bool is_path =
        str_find_char(tail, '/', 0) < tail.len || str_find_char(tail, '\\', 0) < tail.len;
    return colons >= 2 && !is_path ? tail : STR("");
}

/* Sets the option words of comma-separated ones. */
static void set_options(struct co_writer *writer, fact_row row, struct str text)
{
    struct fact_items items = {0};
    for (size_t at = 0; at < text.len;) {
        size_t end = str_find_char(text, ',', at);
        struct str word = str_trim(str_slice(text, at, end));
        if (word.len > 0) {
            fact_items_add_str(&items, writer->arena, writer->facts, word, FACT_NO_LOC);
        }
        at = end + 1;
    }
    co_set_rows(writer, CO_CELL(mount, row, options), &items);
}

/* ---- mounts ------------------------------------------------------------------------------ */

static unsigned type_member(struct str text)
{
    static const struct {
        const char *text;
        unsigned member;
    } types[] = {
        {"bind", MEMBER_mount_type_bind},   {"volume", MEMBER_mount_type_volume},
        {"tmpfs", MEMBER_mount_type_tmpfs}, {"image", MEMBER_mount_type_image},
        {"npipe", MEMBER_mount_type_npipe}, {"cluster", MEMBER_mount_type_cluster},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (str_eq(text, str_from_cstr(types[i].text))) {
            return types[i].member;
        }
    }
    return MEMBER_mount_type_other;
}

static void write_propagation(struct co_writer *writer, fact_row row, const struct tree_node *node)
{
    if (node != NULL && tree_has_holes(node)) {
        co_set_unknown(writer, CO_CELL(mount, row, propagation), node);
        return;
    }
    int member = schema_find_member(FACT_ENUM_propagation, co_text(node));
    if (member >= 0) {
        facts_set_enum(writer->facts, FACT_KIND_mount, row, FIELD_mount_propagation,
                       (unsigned)member, co_node_loc(writer, node));
    }
}

/* What every mount row says. */
static fact_row new_mount(struct co_writer *writer, const struct co_service *service,
                          const struct tree_node *node, struct str text, unsigned type)
{
    fact_row row = co_add_row(writer, FACT_KIND_mount, node);
    bool quoted = false;
    struct str written = co_short_text(writer, node, &quoted);
    co_set_text(writer, CO_CELL(mount, row, label), written.len > 0 ? written : text, NULL);
    co_set_text(writer, CO_CELL(mount, row, text), written.len > 0 ? written : text, NULL);
    co_set_flag(writer, CO_CELL(mount, row, is_short), written.len > 0, NULL);
    co_set_flag(writer, CO_CELL(mount, row, quoted), written.len > 0 && quoted, NULL);
    facts_set_row(writer->facts, FACT_KIND_mount, row, FIELD_mount_service, service->row,
                  FACT_NO_LOC);
    facts_set_enum(writer->facts, FACT_KIND_mount, row, FIELD_mount_type, type, FACT_NO_LOC);
    return row;
}

void co_set_host_path(struct co_writer *writer, struct co_cell cell, const struct tree_node *node)
{
    struct str text = co_text(node);
    char *clean = NULL;
    if (str_starts_with(text, STR("/")) && !tree_has_holes(node)) {
        clean = arena_alloc(writer->arena, text.len + 1);
    }
    if (clean != NULL) {
        co_set_text(writer, cell, str_make(clean, pathname_clean(clean, text)), node);
    } else {
        co_set_str(writer, cell, node);
    }
}

/* The path of the host behind a mount, and the named volume. */
static void write_source(struct co_writer *writer, fact_row row, unsigned type,
                         const struct tree_node *source)
{
    struct facts *facts = writer->facts;
    co_set_str(writer, CO_CELL(mount, row, source), source);
    co_set_flag(writer, CO_CELL(mount, row, anonymous),
                type == MEMBER_mount_type_volume && co_text(source).len == 0, NULL);
    if (type == MEMBER_mount_type_bind || type == MEMBER_mount_type_npipe) {
        co_set_host_path(writer, CO_CELL(mount, row, host_path), source);
    } else if (type == MEMBER_mount_type_volume && source != NULL) {
        fact_row volume = co_find(writer, CO_VOLUMES, co_text(source));
        facts_set_row(facts, FACT_KIND_mount, row, FIELD_mount_volume, volume,
                      co_node_loc(writer, source));
        struct fact_cell path = facts_get(facts, FACT_KIND_volume, volume, FIELD_volume_host_path);
        if (volume != FACT_NO_ROW && path.state != FACT_ABSENT) {
            facts_set_cell(facts, FACT_KIND_mount, row, FIELD_mount_host_path, path);
        }
        co_note_use(writer, CO_VOLUMES, co_text(source), row);
    }
}

static fact_row write_mount(struct co_writer *writer, const struct co_service *service,
                            const struct tree_node *node)
{
    unsigned type = type_member(co_text(co_get(node, "type")));
    const struct tree_node *source = co_get(node, "source");
    const struct tree_node *target = co_get(node, "target");
    buf_clear(writer->text);
    buf_printf(writer->text, "%.*s%s%.*s", STR_FMT(co_text(source)), source != NULL ? ":" : "",
               STR_FMT(co_text(target)));
    struct str text = arena_copy_str(writer->arena, buf_view(writer->text));
    fact_row row = new_mount(writer, service, node, text, type);
    const struct tree_node *kind = co_get(node, "type");
    const struct tree_node *hole = kind != NULL && tree_has_holes(kind) ? kind
                                   : kind == NULL && source != NULL && tree_has_holes(source)
                                       ? source
                                       : NULL;
    if (hole != NULL) { /* a path or the name of a volume: nobody knows */
        co_set_unknown(writer, CO_CELL(mount, row, type), hole);
        co_set_unknown(writer, CO_CELL(mount, row, host_path), hole);
    }
    const struct tree_node *bind = co_get(node, "bind");
    const struct tree_node *volume = co_get(node, "volume");
    const struct tree_node *tmpfs = co_get(node, "tmpfs");
    if (target == NULL) {
        co_set_text(writer, CO_CELL(mount, row, target), STR(""), NULL);
    }
    co_set_str(writer, CO_CELL(mount, row, target), target);
    write_source(writer, row, type, source);
    co_set_bool(writer, CO_CELL(mount, row, read_only), co_get(node, "read_only"), false);
    write_propagation(writer, row, co_get(bind, "propagation"));
    co_set_bool(writer, CO_CELL(mount, row, create_host_path), co_get(bind, "create_host_path"),
                type == MEMBER_mount_type_bind);
    co_set_str(writer, CO_CELL(mount, row, selinux), co_get(bind, "selinux"));
    co_set_bool(writer, CO_CELL(mount, row, no_copy), co_get(volume, "nocopy"), false);
    co_set_str(writer, CO_CELL(mount, row, subpath),
               volume != NULL ? co_get(volume, "subpath") : co_get2(node, "image", "subpath"));
    co_set_size(writer, CO_CELL(mount, row, size), co_get(tmpfs, "size"));
    co_set_int(writer, CO_CELL(mount, row, mode), co_get(tmpfs, "mode"));
    set_options(
        writer, row,
        short_options(facts_get_str(writer->facts, FACT_KIND_mount, row, FIELD_mount_text)));
    return row;
}

/* Whether a word is among comma-separated ones. */
static bool has_word(struct str words, struct str word)
{
    for (size_t at = 0; at < words.len;) {
        size_t end = str_find_char(words, ',', at);
        if (str_eq(str_trim(str_slice(words, at, end)), word)) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

/* An entry of tmpfs: `path[:options]`. */
static fact_row write_tmpfs(struct co_writer *writer, const struct co_service *service,
                            const struct tree_node *node)
{
    struct str text = co_text(node);
    size_t colon = str_find_char(text, ':', 0);
    struct str options = str_slice(text, colon + 1, text.len);
    fact_row row = new_mount(writer, service, node, text, MEMBER_mount_type_tmpfs);
    if (tree_has_holes(node)) {
        co_set_unknown(writer, CO_CELL(mount, row, target), node);
        co_set_unknown(writer, CO_CELL(mount, row, read_only), node);
        options = STR("");
    } else {
        co_set_text(writer, CO_CELL(mount, row, target), str_slice(text, 0, colon), node);
        co_set_flag(writer, CO_CELL(mount, row, read_only), has_word(options, STR("ro")), node);
    }
    co_set_flag(writer, CO_CELL(mount, row, anonymous), false, NULL);
    co_set_flag(writer, CO_CELL(mount, row, create_host_path), false, NULL);
    co_set_flag(writer, CO_CELL(mount, row, no_copy), false, NULL);
    set_options(writer, row, options);
    return row;
}

/* ---- devices ----------------------------------------------------------------------------- */

static void write_devices(struct co_writer *writer, struct co_service *service)
{
    struct fact_items items = {0};
    const struct tree_node *list = co_get(service->node, "devices");
    for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
        const struct tree_node *item = co_item(list, i);
        const struct tree_node *source = tree_is(item, TREE_MAP) ? co_get(item, "source") : item;
        const struct tree_node *target = tree_is(item, TREE_MAP) ? co_get(item, "target") : item;
        fact_row row = co_add_row(writer, FACT_KIND_device, item);
        co_set_text(writer, CO_CELL(device, row, label), STR("device"), NULL);
        facts_set_row(writer->facts, FACT_KIND_device, row, FIELD_device_service, service->row,
                      FACT_NO_LOC);
        co_set_text(writer, CO_CELL(device, row, source), STR(""), NULL);
        co_set_str(writer, CO_CELL(device, row, label), source);
        co_set_str(writer, CO_CELL(device, row, source), source);
        co_set_text(writer, CO_CELL(device, row, target), co_text(source), NULL);
        co_set_str(writer, CO_CELL(device, row, target), target);
        co_set_text(writer, CO_CELL(device, row, permissions), STR("rwm"), NULL);
        co_set_str(writer, CO_CELL(device, row, permissions), co_get(item, "permissions"));
        fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
    }
    co_set_rows(writer, CO_CELL(service, service->row, devices), &items);
    co_set_list(writer, CO_CELL(service, service->row, device_rules),
                co_get(service->node, "device_cgroup_rules"));
    const struct tree_node *gpus = co_get(service->node, "gpus");
    const struct tree_node *reserved =
        co_get2(co_get2(service->node, "deploy", "resources"), "reservations", "devices");
    const struct tree_node *found = co_count(gpus) > 0 || co_text(gpus).len > 0 ? gpus
                                    : co_count(reserved) > 0                    ? reserved
                                                                                : NULL;
    co_set_flag(writer, CO_CELL(service, service->row, uses_gpus), found != NULL, found);
}

static void write_volumes_from(struct co_writer *writer, struct co_service *service)
{
    struct fact_items items = {0};
    const struct tree_node *list = co_get(service->node, "volumes_from");
    for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
        const struct tree_node *item = co_item(list, i);
        struct str text = co_text(item);
        struct str name = str_slice(text, 0, str_find_char(text, ':', 0));
        fact_items_add_row(&items, writer->arena, co_find(writer, CO_SERVICES, name),
                           co_node_loc(writer, item));
    }
    facts_set_list(writer->facts, FACT_KIND_service, service->row, FIELD_service_volumes_from,
                   &items, co_node_loc(writer, list));
}

void co_rows_mounts(struct co_writer *writer, struct co_service *service)
{
    struct fact_items items = {0};
    const struct tree_node *volumes = co_get(service->node, "volumes");
    const struct tree_node *tmpfs = co_get(service->node, "tmpfs");
    for (size_t i = 0; tree_is(volumes, TREE_LIST) && i < co_count(volumes); i++) {
        if (tree_is(co_item(volumes, i), TREE_MAP)) {
            fact_items_add_row(&items, writer->arena,
                               write_mount(writer, service, co_item(volumes, i)), FACT_NO_LOC);
        }
    }
    for (size_t i = 0; tree_is(tmpfs, TREE_LIST) && i < co_count(tmpfs); i++) {
        fact_items_add_row(&items, writer->arena, write_tmpfs(writer, service, co_item(tmpfs, i)),
                           FACT_NO_LOC);
    }
    facts_set_list(writer->facts, FACT_KIND_service, service->row, FIELD_service_mounts, &items,
                   co_node_loc(writer, volumes));
    write_devices(writer, service);
    write_volumes_from(writer, service);
}
