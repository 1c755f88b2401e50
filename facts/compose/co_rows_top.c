/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_top.c - networks, volumes, secrets and configs of a project, and how services use secrets
 * and configs.
 */
#include "facts/compose/co_rows.h"

/* ---- uses of secrets and configs --------------------------------------------------------- */

/* Mode bits: the text of an octal number. */
static void set_mode(struct co_writer *writer, struct co_cell cell, const struct tree_node *node)
{
    int64_t mode = 0;
    struct str text = co_text(node);
    bool octal = text.len > 0 && text.len <= 8;
    for (size_t i = 0; i < text.len && octal; i++) {
        octal = text.ptr[i] >= '0' && text.ptr[i] <= '7';
        mode = mode * 8 + (text.ptr[i] - '0');
    }
    if (octal) {
        facts_set_int(writer->facts, cell.kind, cell.row, cell.field, mode,
                      co_node_loc(writer, node));
    } else if (node != NULL && tree_has_holes(node)) {
        co_set_unknown(writer, cell, node);
    }
}

/* The fields that uses of secrets and configs have in common. */
struct use_fields {
    enum fact_kind kind;
    enum co_section section;
    unsigned label;
    unsigned service;
    unsigned link;
    unsigned source;
    unsigned target;
    unsigned uid;
    unsigned gid;
    unsigned mode;
    const char *folder; /* of the default target */
};

#define USE_FIELDS(use, top, section_, folder_)                                                    \
    {                                                                                              \
        FACT_KIND_##use, section_, FIELD_##use##_label, FIELD_##use##_service,                     \
            FIELD_##use##_##top, FIELD_##use##_source, FIELD_##use##_target, FIELD_##use##_uid,    \
            FIELD_##use##_gid, FIELD_##use##_mode, folder_                                         \
    }

static const struct use_fields secret_fields =
    USE_FIELDS(secret_use, secret, CO_SECRETS, "/run/secrets/");
static const struct use_fields build_secret_fields = USE_FIELDS(secret_use, secret, CO_SECRETS, "");
static const struct use_fields config_fields = USE_FIELDS(config_use, config, CO_CONFIGS, "/");

static struct co_cell use_cell(const struct use_fields *fields, fact_row row, unsigned field)
{
    return (struct co_cell){fields->kind, row, field};
}

/* Where it is mounted: as said, a bare name in its folder; unknown when a part is. */
static void write_target(struct co_writer *writer, const struct use_fields *fields, fact_row row,
                         const struct tree_node *source, const struct tree_node *target)
{
    const struct tree_node *node = target != NULL ? target : source;
    if (node != NULL && tree_has_holes(node)) {
        co_set_unknown(writer, use_cell(fields, row, fields->target), node);
        return;
    }
    struct str text = co_text(node);
    bool relative = text.len > 0 && text.ptr[0] != '/';
    buf_clear(writer->text);
    buf_append_cstr(writer->text, relative ? fields->folder : "");
    buf_append(writer->text, text);
    co_set_text(writer, use_cell(fields, row, fields->target), buf_view(writer->text), node);
}

static void write_uses(struct co_writer *writer, struct co_cell cell, fact_row service,
                       const struct tree_node *list, const struct use_fields *fields)
{
    struct fact_items items = {0};
    for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
        const struct tree_node *item = co_item(list, i);
        const struct tree_node *source = tree_is(item, TREE_MAP) ? co_get(item, "source") : item;
        fact_row row = co_add_row(writer, fields->kind, item);
        co_set_text(writer, use_cell(fields, row, fields->label), co_text(source), NULL);
        facts_set_row(writer->facts, fields->kind, row, fields->service, service, FACT_NO_LOC);
        facts_set_row(writer->facts, fields->kind, row, fields->link,
                      co_find(writer, fields->section, co_text(source)), FACT_NO_LOC);
        co_set_text(writer, use_cell(fields, row, fields->source), STR(""), NULL);
        co_set_str(writer, use_cell(fields, row, fields->source), source);
        write_target(writer, fields, row, source, co_get(item, "target"));
        co_set_str(writer, use_cell(fields, row, fields->uid), co_get(item, "uid"));
        co_set_str(writer, use_cell(fields, row, fields->gid), co_get(item, "gid"));
        set_mode(writer, use_cell(fields, row, fields->mode), co_get(item, "mode"));
        co_note_use(writer, fields->section, co_text(source), row);
        fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
    }
    co_set_rows(writer, cell, &items);
}

void co_rows_secret_uses(struct co_writer *writer, struct co_cell cell, fact_row service,
                         const struct tree_node *list, bool build)
{
    write_uses(writer, cell, service, list, build ? &build_secret_fields : &secret_fields);
}

void co_rows_secrets(struct co_writer *writer, struct co_service *service)
{
    co_rows_secret_uses(writer, CO_CELL(service, service->row, secrets), service->row,
                        co_get(service->node, "secrets"), false);
    write_uses(writer, CO_CELL(service, service->row, configs), service->row,
               co_get(service->node, "configs"), &config_fields);
}

/* ---- top level --------------------------------------------------------------------------- */

/* The fields that every top-level row has. */
struct top_fields {
    enum fact_kind kind;
    unsigned label;
    unsigned project;
    unsigned key;
    unsigned name;
    unsigned external;
};

#define TOP_FIELDS(top)                                                                            \
    {                                                                                              \
        FACT_KIND_##top, FIELD_##top##_label, FIELD_##top##_project, FIELD_##top##_key,            \
            FIELD_##top##_name, FIELD_##top##_external                                             \
    }

static const struct top_fields top_fields[CO_SECTION_COUNT] = {
    [CO_NETWORKS] = TOP_FIELDS(network),
    [CO_VOLUMES] = TOP_FIELDS(volume),
    [CO_SECRETS] = TOP_FIELDS(secret),
    [CO_CONFIGS] = TOP_FIELDS(config),
};

/* Name on the platform: as said, else PROJECT_KEY; that of an external one is its key. */
static void write_name(struct co_writer *writer, struct co_cell cell, struct str key,
                       const struct tree_node *node)
{
    const struct tree_node *name = co_get(node, "name");
    const struct tree_node *external = co_get(node, "external");
    if (co_text(name).len > 0) {
        co_set_str(writer, cell, name);
        return;
    }
    bool own = !tree_is(external, TREE_BOOL) || !external->u.boolean;
    buf_clear(writer->text);
    if (own && writer->project->name.len > 0) {
        buf_append(writer->text, writer->project->name);
        buf_append_char(writer->text, '_');
    }
    buf_append(writer->text, key);
    co_set_text(writer, cell, buf_view(writer->text), NULL);
}

static void write_network(struct co_writer *writer, fact_row row, const struct tree_node *node)
{
    const struct tree_node *options = co_get(node, "driver_opts");
    const struct tree_node *encrypted = tree_get(options, STR("encrypted"));
    struct fact_items labels = {0};
    co_set_flag(writer, CO_CELL(network, row, implicit), (node->flags & TREE_DEFAULT) != 0, NULL);
    co_set_str(writer, CO_CELL(network, row, driver), co_get(node, "driver"));
    co_set_settings(writer, CO_CELL(network, row, driver_options), FACT_NO_ROW, options);
    co_set_flag(writer, CO_CELL(network, row, encrypted),
                encrypted != NULL && !str_eq(co_text(encrypted), STR("false")), encrypted);
    co_set_bool(writer, CO_CELL(network, row, internal), co_get(node, "internal"), false);
    co_set_bool(writer, CO_CELL(network, row, attachable), co_get(node, "attachable"), false);
    co_add_labels(writer, &labels, FACT_NO_ROW, co_get(node, "labels"));
    co_set_rows(writer, CO_CELL(network, row, labels), &labels);
}

/* A local volume with `o: bind` shows a path of the host. */
static void write_host_path(struct co_writer *writer, fact_row row, const struct tree_node *node)
{
    const struct tree_node *options = co_get(node, "driver_opts");
    struct str driver = co_text(co_get(node, "driver"));
    struct str words = co_text(co_get(options, "o"));
    if (driver.len > 0 && !str_eq(driver, STR("local"))) {
        return;
    }
    for (size_t at = 0; at < words.len;) {
        size_t end = str_find_char(words, ',', at);
        struct str word = str_trim(str_slice(words, at, end));
        if (str_eq(word, STR("bind")) || str_eq(word, STR("rbind"))) {
            co_set_host_path(writer, CO_CELL(volume, row, host_path), co_get(options, "device"));
        }
        at = end + 1;
    }
}

static void write_volume(struct co_writer *writer, fact_row row, const struct tree_node *node)
{
    struct fact_items labels = {0};
    co_set_str(writer, CO_CELL(volume, row, driver), co_get(node, "driver"));
    co_set_settings(writer, CO_CELL(volume, row, driver_options), FACT_NO_ROW,
                    co_get(node, "driver_opts"));
    write_host_path(writer, row, node);
    co_add_labels(writer, &labels, FACT_NO_ROW, co_get(node, "labels"));
    co_set_rows(writer, CO_CELL(volume, row, labels), &labels);
}

static void write_secret(struct co_writer *writer, fact_row row, const struct tree_node *node)
{
    co_set_str(writer, CO_CELL(secret, row, file), co_get(node, "file"));
    co_set_str(writer, CO_CELL(secret, row, environment), co_get(node, "environment"));
    co_set_str(writer, CO_CELL(secret, row, driver), co_get(node, "driver"));
}

static void write_config(struct co_writer *writer, fact_row row, const struct tree_node *node)
{
    co_set_str(writer, CO_CELL(config, row, file), co_get(node, "file"));
    co_set_str(writer, CO_CELL(config, row, environment), co_get(node, "environment"));
    co_set_str(writer, CO_CELL(config, row, content), co_get(node, "content"));
}

void co_rows_top(struct co_writer *writer)
{
    static void (*const write[CO_SECTION_COUNT])(struct co_writer *, fact_row,
                                                 const struct tree_node *) = {
        [CO_NETWORKS] = write_network,
        [CO_VOLUMES] = write_volume,
        [CO_SECRETS] = write_secret,
        [CO_CONFIGS] = write_config,
    };
    for (int section = CO_NETWORKS; section < CO_SECTION_COUNT; section++) {
        const struct co_rows *rows = &writer->sections[section];
        const struct top_fields *fields = &top_fields[section];
        for (size_t i = 0; i < co_count(rows->map); i++) {
            const struct tree_entry *entry = &rows->map->u.map.entries[i];
            fact_row row = rows->rows[i];
            co_set_text(writer, (struct co_cell){fields->kind, row, fields->label}, entry->key,
                        NULL);
            facts_set_row(writer->facts, fields->kind, row, fields->project, writer->project_row,
                          FACT_NO_LOC);
            co_set_text(writer, (struct co_cell){fields->kind, row, fields->key}, entry->key, NULL);
            write_name(writer, (struct co_cell){fields->kind, row, fields->name}, entry->key,
                       entry->value);
            co_set_bool(writer, (struct co_cell){fields->kind, row, fields->external},
                        co_get(entry->value, "external"), false);
            write[section](writer, row, entry->value);
        }
    }
}

void co_rows_top_uses(struct co_writer *writer)
{
    static const struct co_cell cells[CO_SECTION_COUNT] = {
        [CO_SERVICES] = {FACT_KIND_service, 0, FIELD_service_dependents},
        [CO_NETWORKS] = {FACT_KIND_network, 0, FIELD_network_uses},
        [CO_VOLUMES] = {FACT_KIND_volume, 0, FIELD_volume_mounts},
        [CO_SECRETS] = {FACT_KIND_secret, 0, FIELD_secret_uses},
        [CO_CONFIGS] = {FACT_KIND_config, 0, FIELD_config_uses},
    };
    for (int section = 0; section < CO_SECTION_COUNT; section++) {
        const struct co_rows *rows = &writer->sections[section];
        for (size_t i = 0; i < co_count(rows->map); i++) {
            struct co_cell cell = cells[section];
            cell.row = rows->rows[i];
            co_set_rows(writer, cell, &rows->uses[i]);
        }
    }
}
