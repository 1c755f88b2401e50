/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_service.c - the row of one service: who it is, and the values that follow from the stage
 * it builds; what its parts say stands in the other co_rows files.
 */
#include "facts/compose/co_rows.h"

#include "facts/shared_rows.h"

void co_rows_inherit(struct co_writer *writer, struct co_service *service, unsigned own,
                     unsigned built)
{
    if (service->stage == FACT_NO_ROW) {
        facts_set_unknown(writer->facts, FACT_KIND_service, service->row, own, service->cause,
                          FACT_NO_LOC);
        return;
    }
    struct fact_cell cell = facts_get(writer->facts, FACT_KIND_stage, service->stage, built);
    if (cell.state != FACT_ABSENT) {
        facts_set_cell(writer->facts, FACT_KIND_service, service->row, own, cell);
    }
}

/* ---- user -------------------------------------------------------------------------------- */

fact_row co_rows_user(struct co_writer *writer, fact_row service, struct str owner,
                      const struct tree_node *node)
{
    struct facts *facts = writer->facts;
    enum fact_kind kind = FACT_KIND_user;
    fact_row row = co_add_row(writer, kind, node);
    struct str text = co_text(node);
    size_t colon = str_find_char(text, ':', 0);
    struct str name = str_slice(text, 0, colon);
    struct str group = str_slice(text, colon + 1, text.len);
    fact_loc loc = facts_row_loc(facts, kind, row);
    buf_clear(writer->text);
    buf_printf(writer->text, "user of %.*s", STR_FMT(owner));
    co_set_text(writer, CO_CELL(user, row, label), buf_view(writer->text), NULL);
    facts_set_row(facts, kind, row, FIELD_user_service, service, FACT_NO_LOC);
    facts_set_int(facts, kind, row, FIELD_user_index, 0, FACT_NO_LOC);
    co_set_str(writer, CO_CELL(user, row, spec), node);
    if (str_find_char(name, TREE_HOLE, 0) < name.len) {
        co_set_unknown(writer, CO_CELL(user, row, name), node);
        co_set_unknown(writer, CO_CELL(user, row, uid), node);
        co_set_unknown(writer, CO_CELL(user, row, is_root), node);
    } else {
        shared_rows_user(facts, row, name, loc);
    }
    if (str_find_char(group, TREE_HOLE, 0) < group.len) {
        co_set_unknown(writer, CO_CELL(user, row, group), node);
        co_set_unknown(writer, CO_CELL(user, row, gid), node);
    } else if (group.len > 0) {
        shared_rows_group(facts, row, group, loc);
    }
    buf_clear(writer->text);
    buf_printf(writer->text, "user: of %.*s", STR_FMT(owner));
    co_set_text(writer, CO_CELL(user, row, origin), buf_view(writer->text), NULL);
    return row;
}

/* An empty text leaves the user to the image. */
static void write_user(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *node = co_get(service->node, "user");
    if (co_text(node).len == 0) {
        co_rows_inherit(writer, service, FIELD_service_user, FIELD_stage_user);
        co_rows_inherit(writer, service, FIELD_service_sets_user, FIELD_stage_sets_user);
        return;
    }
    fact_row user = co_rows_user(writer, service->row, service->name, node);
    fact_loc loc = facts_row_loc(writer->facts, FACT_KIND_user, user);
    facts_set_row(writer->facts, FACT_KIND_service, service->row, FIELD_service_user, user, loc);
    facts_set_row(writer->facts, FACT_KIND_service, service->row, FIELD_service_own_user, user,
                  loc);
    facts_set_bool(writer->facts, FACT_KIND_service, service->row, FIELD_service_sets_user, true,
                   loc);
}

static void write_inherited(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *workdir = co_get(service->node, "working_dir");
    const struct tree_node *signal = co_get(service->node, "stop_signal");
    write_user(writer, service);
    if (co_text(workdir).len > 0) {
        co_set_str(writer, CO_CELL(service, service->row, workdir), workdir);
        co_set_flag(writer, CO_CELL(service, service->row, sets_workdir), true, workdir);
    } else {
        co_rows_inherit(writer, service, FIELD_service_workdir, FIELD_stage_workdir);
        co_rows_inherit(writer, service, FIELD_service_sets_workdir, FIELD_stage_sets_workdir);
    }
    if (co_text(signal).len > 0) {
        co_set_str(writer, CO_CELL(service, service->row, stop_signal), signal);
    } else {
        co_rows_inherit(writer, service, FIELD_service_stop_signal, FIELD_stage_stop_signal);
    }
}

/* ---- identity ---------------------------------------------------------------------------- */

static bool is_active(const struct co_writer *writer, const struct tree_node *profiles)
{
    const struct co_options *options = writer->run->options;
    size_t count = tree_is(profiles, TREE_LIST) ? co_count(profiles) : 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; options != NULL && k < options->profile_count; k++) {
            struct str on = options->profiles[k];
            if (str_eq(on, STR("*")) || str_eq(on, co_text(co_item(profiles, i)))) {
                return true;
            }
        }
    }
    return count == 0;
}

/* Attributes as written: what a default added is none. */
static void write_keys(struct co_writer *writer, const struct co_service *service)
{
    struct fact_items items = {0};
    for (size_t i = 0; i < co_count(service->node); i++) {
        const struct tree_entry *entry = &service->node->u.map.entries[i];
        if ((entry->value->flags & TREE_DEFAULT) == 0) {
            fact_items_add_str(&items, writer->arena, writer->facts, entry->key,
                               co_loc(writer, entry->key_span));
        }
    }
    co_set_rows(writer, CO_CELL(service, service->row, keys), &items);
}

static void write_identity(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *node = service->node;
    const struct tree_node *scale = co_get(node, "scale");
    const struct tree_node *profiles = co_get(node, "profiles");
    fact_row row = service->row;
    buf_clear(writer->text);
    buf_printf(writer->text, "service %.*s", STR_FMT(service->name));
    co_set_text(writer, CO_CELL(service, row, label), buf_view(writer->text), NULL);
    facts_set_row(writer->facts, FACT_KIND_service, row, FIELD_service_project, writer->project_row,
                  FACT_NO_LOC);
    co_set_text(writer, CO_CELL(service, row, name), service->name, NULL);
    write_keys(writer, service);
    co_set_list(writer, CO_CELL(service, row, profiles), profiles);
    co_set_flag(writer, CO_CELL(service, row, active), is_active(writer, profiles), profiles);
    co_set_str(writer, CO_CELL(service, row, pull_policy), co_get(node, "pull_policy"));
    co_set_str(writer, CO_CELL(service, row, platform), co_get(node, "platform"));
    co_set_str(writer, CO_CELL(service, row, container_name), co_get(node, "container_name"));
    co_set_str(writer, CO_CELL(service, row, hostname), co_get(node, "hostname"));
    facts_set_int(writer->facts, FACT_KIND_service, row, FIELD_service_replicas, 1, FACT_NO_LOC);
    co_set_int(writer, CO_CELL(service, row, replicas),
               scale != NULL ? scale : co_get2(node, "deploy", "replicas"));
    co_set_str(writer, CO_CELL(service, row, provider), co_get2(node, "provider", "type"));
    co_set_bool(writer, CO_CELL(service, row, init), co_get(node, "init"), false);
    co_set_bool(writer, CO_CELL(service, row, tty), co_get(node, "tty"), false);
    co_set_bool(writer, CO_CELL(service, row, stdin_open), co_get(node, "stdin_open"), false);
}

plim_status co_rows_service(struct co_writer *writer, struct co_service *service)
{
    plim_status status = co_rows_build(writer, service);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    write_identity(writer, service);
    write_inherited(writer, service);
    co_rows_rights(writer, service);
    co_rows_limits(writer, service);
    co_rows_mounts(writer, service);
    co_rows_net(writer, service);
    co_rows_secrets(writer, service);
    co_rows_overrides(writer, service);
    status = co_rows_env(writer, service);
    return status == PLIM_STATUS_OK ? co_rows_run(writer, service) : status;
}
