/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_net.c - published ports, networks, hosts and name servers, and what a service starts
 * after.
 */
#include "facts/compose/co_rows.h"

/* ---- published ports --------------------------------------------------------------------- */

/* A number or a range of two; false when the text is neither. */
static bool read_range(struct str text, int64_t *first, int64_t *last)
{
    unsigned long long low = 0;
    unsigned long long high = 0;
    size_t dash = str_find_char(text, '-', 0);
    if (!str_to_u64(str_slice(text, 0, dash), &low) || low > INT32_MAX) {
        return false;
    }
    high = low;
    if (dash < text.len &&
        (!str_to_u64(str_slice(text, dash + 1, text.len), &high) || high > INT32_MAX)) {
        return false;
    }
    *first = (int64_t)low;
    *last = (int64_t)high;
    return true;
}

/* Sets both ends of a range, or makes both unknown. False when the node says nothing. */
static bool set_range(struct co_writer *writer, struct co_cell first, struct co_cell last,
                      const struct tree_node *node)
{
    int64_t low = 0;
    int64_t high = 0;
    if (node != NULL && tree_has_holes(node)) {
        co_set_unknown(writer, first, node);
        co_set_unknown(writer, last, node);
        return true;
    }
    if (!read_range(co_text(node), &low, &high)) {
        return false;
    }
    fact_loc loc = co_node_loc(writer, node);
    facts_set_int(writer->facts, first.kind, first.row, first.field, low, loc);
    facts_set_int(writer->facts, last.kind, last.row, last.field, high, loc);
    return true;
}

static bool is_any_address(struct str ip)
{
    static const char *const any[] = {"",
                                      "0.0.0.0",
                                      "::",
                                      "[::]",
                                      "::0",
                                      "0:0:0:0:0:0:0:0",
                                      "::ffff:0.0.0.0",
                                      "[::ffff:0.0.0.0]"};
    for (size_t i = 0; i < sizeof any / sizeof any[0]; i++) {
        if (str_eq(ip, str_from_cstr(any[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_loopback(struct str ip)
{
    return str_starts_with(ip, STR("127.")) || str_eq(ip, STR("::1")) || str_eq(ip, STR("[::1]")) ||
           str_eq(ip, STR("localhost")) || str_starts_with(ip, STR("::ffff:127."));
}

static void write_address(struct co_writer *writer, fact_row row, const struct tree_node *ip)
{
    co_set_str(writer, CO_CELL(published_port, row, host_ip), ip);
    if (ip != NULL && tree_has_holes(ip)) {
        co_set_unknown(writer, CO_CELL(published_port, row, all_interfaces), ip);
        co_set_unknown(writer, CO_CELL(published_port, row, loopback), ip);
        return;
    }
    co_set_flag(writer, CO_CELL(published_port, row, all_interfaces), is_any_address(co_text(ip)),
                ip);
    co_set_flag(writer, CO_CELL(published_port, row, loopback), is_loopback(co_text(ip)), ip);
}

static void write_protocol(struct co_writer *writer, fact_row row, const struct tree_node *node)
{
    if (node != NULL && tree_has_holes(node)) {
        co_set_unknown(writer, CO_CELL(published_port, row, protocol), node);
        return;
    }
    int member = schema_find_member(FACT_ENUM_protocol, co_text(node));
    facts_set_enum(writer->facts, FACT_KIND_published_port, row, FIELD_published_port_protocol,
                   member >= 0 ? (unsigned)member : MEMBER_protocol_tcp, FACT_NO_LOC);
}

/* Puts a long form together as the short one would say it. */
static struct str port_text(struct co_writer *writer, const struct tree_node *node)
{
    struct str ip = co_text(co_get(node, "host_ip"));
    struct str published = co_text(co_get(node, "published"));
    struct str protocol = co_text(co_get(node, "protocol"));
    buf_clear(writer->text);
    buf_printf(writer->text, "%.*s%s%.*s%s%.*s", STR_FMT(ip), ip.len > 0 ? ":" : "",
               STR_FMT(published), published.len > 0 ? ":" : "",
               STR_FMT(co_text(co_get(node, "target"))));
    if (protocol.len > 0 && !str_eq(protocol, STR("tcp"))) {
        buf_printf(writer->text, "/%.*s", STR_FMT(protocol));
    }
    return arena_copy_str(writer->arena, buf_view(writer->text));
}

static fact_row write_port(struct co_writer *writer, const struct co_service *service,
                           const struct tree_node *node)
{
    bool quoted = false;
    fact_row row = co_add_row(writer, FACT_KIND_published_port, node);
    struct str written = co_short_text(writer, node, &quoted);
    struct str text = written.len > 0 ? written : port_text(writer, node);
    const struct tree_node *mode = co_get(node, "mode");
    const struct tree_node *target = co_get(node, "target");
    co_set_text(writer, CO_CELL(published_port, row, label), text, NULL);
    co_set_text(writer, CO_CELL(published_port, row, text), text, NULL);
    co_set_flag(writer, CO_CELL(published_port, row, is_short), written.len > 0, NULL);
    co_set_flag(writer, CO_CELL(published_port, row, quoted), written.len > 0 && quoted, NULL);
    facts_set_row(writer->facts, FACT_KIND_published_port, row, FIELD_published_port_service,
                  service->row, FACT_NO_LOC);
    if (!set_range(writer, CO_CELL(published_port, row, target),
                   CO_CELL(published_port, row, target_last), target)) {
        fact_cause cause = facts_add_cause(writer->facts, STR("the port has no valid target"),
                                           co_node_loc(writer, node));
        facts_set_unknown(writer->facts, FACT_KIND_published_port, row, FIELD_published_port_target,
                          cause, FACT_NO_LOC);
        facts_set_unknown(writer->facts, FACT_KIND_published_port, row,
                          FIELD_published_port_target_last, cause, FACT_NO_LOC);
    }
    (void)set_range(writer, CO_CELL(published_port, row, first), CO_CELL(published_port, row, last),
                    co_get(node, "published"));
    write_protocol(writer, row, co_get(node, "protocol"));
    write_address(writer, row, co_get(node, "host_ip"));
    co_set_text(writer, CO_CELL(published_port, row, mode),
                co_text(mode).len > 0 ? co_text(mode) : STR("ingress"), mode);
    co_set_str(writer, CO_CELL(published_port, row, name), co_get(node, "name"));
    co_set_str(writer, CO_CELL(published_port, row, app_protocol), co_get(node, "app_protocol"));
    return row;
}

/* ---- exposed ports ----------------------------------------------------------------------- */

static fact_row write_exposed(struct co_writer *writer, const struct co_service *service,
                              const struct tree_node *node)
{
    struct facts *facts = writer->facts;
    fact_row row = co_add_row(writer, FACT_KIND_port, node);
    struct str text = co_text(node);
    size_t slash = str_find_char(text, '/', 0);
    struct str protocol = str_slice(text, slash + 1, text.len);
    int member =
        protocol.len > 0 ? schema_find_member(FACT_ENUM_protocol, protocol) : MEMBER_protocol_tcp;
    int64_t first = 0;
    int64_t last = 0;
    facts_set_row(facts, FACT_KIND_port, row, FIELD_port_service, service->row, FACT_NO_LOC);
    co_set_str(writer, CO_CELL(port, row, text), node);
    co_set_flag(writer, CO_CELL(port, row, maps_host), false, NULL);
    if (tree_has_holes(node)) {
        co_set_unknown(writer, CO_CELL(port, row, valid), node);
        co_set_unknown(writer, CO_CELL(port, row, first), node);
        co_set_unknown(writer, CO_CELL(port, row, last), node);
        co_set_unknown(writer, CO_CELL(port, row, protocol), node);
        return row;
    }
    bool valid = read_range(str_slice(text, 0, slash), &first, &last) && first <= last &&
                 last <= UINT16_MAX && member >= 0;
    co_set_flag(writer, CO_CELL(port, row, valid), valid, NULL);
    if (protocol.len > 0) {
        co_set_text(writer, CO_CELL(port, row, protocol_text), protocol, NULL);
    }
    if (valid) {
        facts_set_int(facts, FACT_KIND_port, row, FIELD_port_first, first, FACT_NO_LOC);
        facts_set_int(facts, FACT_KIND_port, row, FIELD_port_last, last, FACT_NO_LOC);
        facts_set_enum(facts, FACT_KIND_port, row, FIELD_port_protocol, (unsigned)member,
                       FACT_NO_LOC);
    }
    return row;
}

static void write_ports(struct co_writer *writer, struct co_service *service)
{
    struct fact_items published = {0};
    struct fact_items exposed = {0};
    const struct tree_node *ports = co_get(service->node, "ports");
    const struct tree_node *expose = co_get(service->node, "expose");
    for (size_t i = 0; tree_is(ports, TREE_LIST) && i < co_count(ports); i++) {
        if (tree_is(co_item(ports, i), TREE_MAP)) {
            fact_items_add_row(&published, writer->arena,
                               write_port(writer, service, co_item(ports, i)), FACT_NO_LOC);
        }
    }
    for (size_t i = 0; tree_is(expose, TREE_LIST) && i < co_count(expose); i++) {
        fact_items_add_row(&exposed, writer->arena,
                           write_exposed(writer, service, co_item(expose, i)), FACT_NO_LOC);
    }
    struct fact_cell built =
        facts_get(writer->facts, FACT_KIND_stage, service->stage, FIELD_stage_ports);
    for (uint32_t i = 0; built.state == FACT_PRESENT && i < fact_list_count(built.value); i++) {
        fact_items_add(&exposed, writer->arena, facts_list_at(writer->facts, built.value, i));
    }
    facts_set_list(writer->facts, FACT_KIND_service, service->row, FIELD_service_published_ports,
                   &published, co_node_loc(writer, ports));
    co_set_rows(writer, CO_CELL(service, service->row, ports), &exposed);
}

/* ---- networks ---------------------------------------------------------------------------- */

static void write_networks(struct co_writer *writer, struct co_service *service)
{
    struct fact_items items = {0};
    const struct tree_node *networks = co_get(service->node, "networks");
    for (size_t i = 0; tree_is(networks, TREE_MAP) && i < co_count(networks); i++) {
        const struct tree_entry *entry = &networks->u.map.entries[i];
        const struct tree_node *value = entry->value;
        fact_row row =
            facts_add_row(writer->facts, FACT_KIND_network_use, co_loc(writer, entry->key_span));
        co_set_text(writer, CO_CELL(network_use, row, label), entry->key, NULL);
        facts_set_row(writer->facts, FACT_KIND_network_use, row, FIELD_network_use_service,
                      service->row, FACT_NO_LOC);
        facts_set_row(writer->facts, FACT_KIND_network_use, row, FIELD_network_use_network,
                      co_find(writer, CO_NETWORKS, entry->key), FACT_NO_LOC);
        co_set_text(writer, CO_CELL(network_use, row, name), entry->key, NULL);
        co_set_flag(writer, CO_CELL(network_use, row, implicit),
                    ((networks->flags | value->flags) & TREE_DEFAULT) != 0, NULL);
        co_set_list(writer, CO_CELL(network_use, row, aliases), co_get(value, "aliases"));
        co_set_str(writer, CO_CELL(network_use, row, ipv4), co_get(value, "ipv4_address"));
        co_set_str(writer, CO_CELL(network_use, row, ipv6), co_get(value, "ipv6_address"));
        co_set_str(writer, CO_CELL(network_use, row, mac_address), co_get(value, "mac_address"));
        co_note_use(writer, CO_NETWORKS, entry->key, row);
        fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
    }
    facts_set_list(writer->facts, FACT_KIND_service, service->row, FIELD_service_networks, &items,
                   co_node_loc(writer, networks));
}

void co_rows_hosts(struct co_writer *writer, struct co_cell cell, fact_row service,
                   const struct tree_node *hosts)
{
    struct fact_items items = {0};
    for (size_t i = 0; tree_is(hosts, TREE_MAP) && i < co_count(hosts); i++) {
        const struct tree_entry *entry = &hosts->u.map.entries[i];
        const struct tree_node *list = entry->value;
        for (size_t k = 0; k < co_count(list) && tree_is(list, TREE_LIST); k++) {
            fact_row row = co_add_row(writer, FACT_KIND_setting, co_item(list, k));
            co_set_text(writer, CO_CELL(setting, row, label), entry->key, NULL);
            co_set_text(writer, CO_CELL(setting, row, name), entry->key, NULL);
            facts_set_row(writer->facts, FACT_KIND_setting, row, FIELD_setting_service, service,
                          FACT_NO_LOC);
            co_set_str(writer, CO_CELL(setting, row, value), co_item(list, k));
            fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
        }
    }
    co_set_rows(writer, cell, &items);
}

/* ---- dependencies ------------------------------------------------------------------------ */

static unsigned condition_member(struct str text)
{
    return str_eq(text, STR("service_healthy"))                  ? MEMBER_start_condition_healthy
           : str_eq(text, STR("service_completed_successfully")) ? MEMBER_start_condition_completed
                                                                 : MEMBER_start_condition_started;
}

static void write_dependencies(struct co_writer *writer, struct co_service *service)
{
    struct facts *facts = writer->facts;
    enum fact_kind kind = FACT_KIND_dependency;
    struct fact_items items = {0};
    const struct tree_node *map = co_get(service->node, "depends_on");
    for (size_t i = 0; tree_is(map, TREE_MAP) && i < co_count(map); i++) {
        const struct tree_entry *entry = &map->u.map.entries[i];
        const struct tree_node *condition = co_get(entry->value, "condition");
        fact_row row = facts_add_row(facts, kind, co_loc(writer, entry->key_span));
        co_set_text(writer, CO_CELL(dependency, row, label), entry->key, NULL);
        facts_set_row(facts, kind, row, FIELD_dependency_service, service->row, FACT_NO_LOC);
        co_set_text(writer, CO_CELL(dependency, row, name), entry->key, NULL);
        facts_set_row(facts, kind, row, FIELD_dependency_on,
                      co_find(writer, CO_SERVICES, entry->key), FACT_NO_LOC);
        if (condition != NULL && tree_has_holes(condition)) {
            co_set_unknown(writer, CO_CELL(dependency, row, condition), condition);
        } else {
            facts_set_enum(facts, kind, row, FIELD_dependency_condition,
                           condition_member(co_text(condition)), co_node_loc(writer, condition));
        }
        co_set_bool(writer, CO_CELL(dependency, row, required), co_get(entry->value, "required"),
                    true);
        co_set_bool(writer, CO_CELL(dependency, row, restart), co_get(entry->value, "restart"),
                    false);
        co_set_flag(writer, CO_CELL(dependency, row, implicit),
                    ((map->flags | entry->value->flags) & TREE_DEFAULT) != 0, NULL);
        co_note_use(writer, CO_SERVICES, entry->key, service->row);
        fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
    }
    co_set_rows(writer, CO_CELL(service, service->row, depends_on), &items);
}

void co_rows_net(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *node = service->node;
    fact_row row = service->row;
    struct fact_items links = {0};
    static const char *const names[] = {"links", "external_links"};
    write_ports(writer, service);
    write_networks(writer, service);
    co_rows_hosts(writer, CO_CELL(service, row, extra_hosts), row, co_get(node, "extra_hosts"));
    co_set_list(writer, CO_CELL(service, row, dns), co_get(node, "dns"));
    co_set_list(writer, CO_CELL(service, row, dns_search), co_get(node, "dns_search"));
    co_set_str(writer, CO_CELL(service, row, mac_address), co_get(node, "mac_address"));
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        const struct tree_node *list = co_get(node, names[n]);
        for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
            co_add_text(writer, &links, co_item(list, i));
        }
    }
    co_set_rows(writer, CO_CELL(service, row, links), &links);
    write_dependencies(writer, service);
}
