/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_rights.c - what a service may do: privileges, capabilities, security options,
 * namespaces.
 */
#include "facts/compose/co_rows.h"

#include <string.h>

/* ---- capabilities ------------------------------------------------------------------------ */

enum { CAPABILITY_NAME_MAX = 64 };

/* What the engine gives when nothing is said. */
static const char *const default_capabilities[] = {
    "AUDIT_WRITE",      "CHOWN",   "DAC_OVERRIDE", "FOWNER", "FSETID",  "KILL",   "MKNOD",
    "NET_BIND_SERVICE", "NET_RAW", "SETFCAP",      "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"};

/* Upper case without CAP_; a text that is too long for a name stays as it is. */
static struct str capability_name(struct co_writer *writer, struct str text)
{
    char upper[CAPABILITY_NAME_MAX];
    if (text.len > sizeof upper) {
        return text;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        upper[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    struct str name = str_make(upper, text.len);
    return arena_copy_str(writer->arena,
                          str_slice(name, str_starts_with(name, STR("CAP_")) ? 4 : 0, name.len));
}

/* Capabilities of a list by their normal names. */
static struct fact_items capability_list(struct co_writer *writer, const struct tree_node *list)
{
    struct fact_items items = {0};
    for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
        const struct tree_node *item = co_item(list, i);
        if (tree_has_holes(item)) {
            co_add_text(writer, &items, item);
        } else if (co_text(item).len > 0) {
            fact_items_add_str(&items, writer->arena, writer->facts,
                               capability_name(writer, item->text), co_node_loc(writer, item));
        }
    }
    return items;
}

/* The place of a capability in a list, or NULL. */
static const struct fact_cell *find_capability(const struct co_writer *writer,
                                               const struct fact_items *items, struct str name)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct fact_cell *cell = &items->items[i];
        if (cell->state == FACT_PRESENT &&
            str_eq(intern_view(&writer->facts->strings, (intern_id)cell->value), name)) {
            return cell;
        }
    }
    return NULL;
}

/* What remains of the default ones, and what is added. */
static void write_effective(struct co_writer *writer, const struct co_service *service,
                            const struct fact_items *add, const struct fact_items *drop)
{
    struct fact_items items = {0};
    struct co_cell cell = CO_CELL(service, service->row, capabilities);
    const struct tree_node *privileged = co_get(service->node, "privileged");
    bool all = tree_is(privileged, TREE_BOOL) && privileged->u.boolean;
    if (all || find_capability(writer, add, STR("ALL")) != NULL) {
        fact_items_add_str(&items, writer->arena, writer->facts, STR("ALL"),
                           all ? co_node_loc(writer, privileged) : FACT_NO_LOC);
        co_set_rows(writer, cell, &items);
        return;
    }
    bool none = find_capability(writer, drop, STR("ALL")) != NULL;
    size_t count = none ? 0 : sizeof default_capabilities / sizeof default_capabilities[0];
    for (size_t i = 0; i < count; i++) {
        struct str name = str_from_cstr(default_capabilities[i]);
        if (find_capability(writer, drop, name) == NULL &&
            find_capability(writer, add, name) == NULL) {
            fact_items_add_str(&items, writer->arena, writer->facts, name, FACT_NO_LOC);
        }
    }
    for (size_t i = 0; i < add->count; i++) {
        fact_items_add(&items, writer->arena, add->items[i]);
    }
    co_set_rows(writer, cell, &items);
}

static void write_capabilities(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *add = co_get(service->node, "cap_add");
    const struct tree_node *drop = co_get(service->node, "cap_drop");
    struct fact_items added = capability_list(writer, add);
    struct fact_items dropped = capability_list(writer, drop);
    facts_set_list(writer->facts, FACT_KIND_service, service->row, FIELD_service_cap_add, &added,
                   co_node_loc(writer, add));
    facts_set_list(writer->facts, FACT_KIND_service, service->row, FIELD_service_cap_drop, &dropped,
                   co_node_loc(writer, drop));
    write_effective(writer, service, &added, &dropped);
}

/* ---- security_opt ------------------------------------------------------------------------ */

/* What the options say; NULL: nothing, so the engine's default holds. */
struct options {
    const struct tree_node *no_new_privileges;
    bool no_new_privileges_on;
    const struct tree_node *seccomp;
    const struct tree_node *apparmor;
    const struct tree_node *selinux;
    unsigned selinux_mode;
    const struct tree_node *paths;
    const struct tree_node *hole; /* an option whose name nobody knows */
};

/* Value behind the first `=` or `:`; the whole text is the name when there is none. */
static struct str option_value(struct str text, struct str *name)
{
    size_t equals = str_find_char(text, '=', 0);
    size_t colon = str_find_char(text, ':', 0);
    size_t at = equals < colon ? equals : colon;
    *name = str_slice(text, 0, at);
    return str_slice(text, at + 1, text.len);
}

static void read_label(struct options *options, const struct tree_node *item, struct str value)
{
    if (str_eq(value, STR("disable")) || str_eq(value, STR("type:spc_t"))) {
        options->selinux = item;
        options->selinux_mode = MEMBER_confinement_unconfined;
    } else if (options->selinux_mode != MEMBER_confinement_unconfined) {
        options->selinux = item;
        options->selinux_mode = MEMBER_confinement_custom;
    }
}

static void read_option(struct options *options, const struct tree_node *item)
{
    struct str name;
    struct str value = option_value(co_text(item), &name);
    if (str_find_char(name, TREE_HOLE, 0) < name.len) {
        options->hole = item;
    } else if (str_eq(name, STR("no-new-privileges"))) {
        options->no_new_privileges = item;
        options->no_new_privileges_on = !str_eq_nocase(value, STR("false"));
    } else if (str_eq(name, STR("seccomp"))) {
        options->seccomp = item;
    } else if (str_eq(name, STR("apparmor"))) {
        options->apparmor = item;
    } else if (str_eq(name, STR("label"))) {
        read_label(options, item, value);
    } else if (str_eq(name, STR("systempaths")) && str_eq(value, STR("unconfined"))) {
        options->paths = item;
    }
}

static void set_mode(struct co_writer *writer, struct co_cell cell, unsigned member,
                     const struct tree_node *node)
{
    facts_set_enum(writer->facts, cell.kind, cell.row, cell.field, member,
                   co_node_loc(writer, node));
}

/* A profile: unconfined, the engine's own by its name, or another. */
static void write_profile(struct co_writer *writer, struct co_cell mode, struct co_cell profile,
                          const struct tree_node *item, const char *standard,
                          const struct options *options)
{
    struct str name;
    struct str value = option_value(co_text(item), &name);
    if (item == NULL && options->hole != NULL) {
        co_set_unknown(writer, mode, options->hole);
    } else if (item == NULL) {
        set_mode(writer, mode, MEMBER_confinement_standard, NULL);
    } else if (str_find_char(value, TREE_HOLE, 0) < value.len) {
        co_set_unknown(writer, mode, item);
        co_set_unknown(writer, profile, item);
    } else {
        set_mode(writer, mode,
                 str_eq(value, STR("unconfined"))         ? MEMBER_confinement_unconfined
                 : str_eq(value, str_from_cstr(standard)) ? MEMBER_confinement_standard
                                                          : MEMBER_confinement_custom,
                 item);
        co_set_text(writer, profile, value, item);
    }
}

/* privileged switches all confinement off. */
static void write_unconfined(struct co_writer *writer, const struct co_service *service,
                             const struct tree_node *privileged)
{
    fact_row row = service->row;
    set_mode(writer, CO_CELL(service, row, seccomp), MEMBER_confinement_unconfined, privileged);
    set_mode(writer, CO_CELL(service, row, apparmor), MEMBER_confinement_unconfined, privileged);
    set_mode(writer, CO_CELL(service, row, selinux), MEMBER_confinement_unconfined, privileged);
    co_set_flag(writer, CO_CELL(service, row, masks_paths), false, privileged);
}

static void write_options(struct co_writer *writer, struct co_service *service)
{
    struct options options = {0};
    fact_row row = service->row;
    const struct tree_node *list = co_get(service->node, "security_opt");
    const struct tree_node *privileged = co_get(service->node, "privileged");
    for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
        read_option(&options, co_item(list, i));
    }
    co_set_list(writer, CO_CELL(service, row, security_options), list);
    const struct tree_node *gain = options.no_new_privileges;
    if (gain == NULL && options.hole != NULL) {
        co_set_unknown(writer, CO_CELL(service, row, no_new_privileges), options.hole);
    } else if (gain != NULL && str_find_char(gain->text, TREE_HOLE, 0) < gain->text.len) {
        co_set_unknown(writer, CO_CELL(service, row, no_new_privileges), gain);
    } else {
        co_set_flag(writer, CO_CELL(service, row, no_new_privileges), options.no_new_privileges_on,
                    gain);
    }
    if (tree_is(privileged, TREE_BOOL) && privileged->u.boolean) {
        write_unconfined(writer, service, privileged);
        return;
    }
    write_profile(writer, CO_CELL(service, row, seccomp), CO_CELL(service, row, seccomp_profile),
                  options.seccomp, "builtin", &options);
    write_profile(writer, CO_CELL(service, row, apparmor), CO_CELL(service, row, apparmor_profile),
                  options.apparmor, "docker-default", &options);
    set_mode(writer, CO_CELL(service, row, selinux), options.selinux_mode, options.selinux);
    co_set_flag(writer, CO_CELL(service, row, masks_paths), options.paths == NULL, options.paths);
}

/* ---- namespaces -------------------------------------------------------------------------- */

static unsigned mode_of(struct str text)
{
    static const struct {
        const char *text;
        unsigned member;
    } modes[] = {
        {"", MEMBER_namespace_mode_own},
        {"host", MEMBER_namespace_mode_host},
        {"none", MEMBER_namespace_mode_none},
        {"bridge", MEMBER_namespace_mode_bridge},
        {"default", MEMBER_namespace_mode_bridge},
        {"private", MEMBER_namespace_mode_private},
        {"shareable", MEMBER_namespace_mode_shareable},
    };
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (str_eq(text, str_from_cstr(modes[i].text))) {
            return modes[i].member;
        }
    }
    return str_starts_with(text, STR("service:"))     ? MEMBER_namespace_mode_service
           : str_starts_with(text, STR("container:")) ? MEMBER_namespace_mode_container
                                                      : MEMBER_namespace_mode_other;
}

void co_rows_namespace(struct co_writer *writer, struct co_cell cell, const struct tree_node *node)
{
    if (node != NULL && tree_has_holes(node)) {
        co_set_unknown(writer, cell, node);
    } else {
        set_mode(writer, cell, mode_of(co_text(node)), node);
    }
}

/* A namespace, and the service it is shared with. */
static void write_namespace(struct co_writer *writer, struct co_cell mode, unsigned peer,
                            const struct tree_node *node)
{
    struct str text = co_text(node);
    co_rows_namespace(writer, mode, node);
    if (str_starts_with(text, STR("service:"))) {
        facts_set_row(writer->facts, mode.kind, mode.row, peer,
                      co_find(writer, CO_SERVICES, str_slice(text, 8, text.len)),
                      co_node_loc(writer, node));
    }
}

static void write_namespaces(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *node = service->node;
    fact_row row = service->row;
    write_namespace(writer, CO_CELL(service, row, network_mode), FIELD_service_network_service,
                    co_get(node, "network_mode"));
    write_namespace(writer, CO_CELL(service, row, pid_mode), FIELD_service_pid_service,
                    co_get(node, "pid"));
    write_namespace(writer, CO_CELL(service, row, ipc_mode), FIELD_service_ipc_service,
                    co_get(node, "ipc"));
    co_rows_namespace(writer, CO_CELL(service, row, uts_mode), co_get(node, "uts"));
    co_rows_namespace(writer, CO_CELL(service, row, userns_mode), co_get(node, "userns_mode"));
    co_rows_namespace(writer, CO_CELL(service, row, cgroup_mode), co_get(node, "cgroup"));
    co_set_str(writer, CO_CELL(service, row, cgroup_parent), co_get(node, "cgroup_parent"));
}

void co_rows_rights(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *node = service->node;
    fact_row row = service->row;
    co_set_bool(writer, CO_CELL(service, row, privileged), co_get(node, "privileged"), false);
    co_set_bool(writer, CO_CELL(service, row, read_only), co_get(node, "read_only"), false);
    co_set_bool(writer, CO_CELL(service, row, api_socket), co_get(node, "use_api_socket"), false);
    co_set_str(writer, CO_CELL(service, row, runtime), co_get(node, "runtime"));
    co_set_str(writer, CO_CELL(service, row, isolation), co_get(node, "isolation"));
    co_set_settings(writer, CO_CELL(service, row, sysctls), row, co_get(node, "sysctls"));
    co_set_list(writer, CO_CELL(service, row, groups), co_get(node, "group_add"));
    write_capabilities(writer, service);
    write_options(writer, service);
    write_namespaces(writer, service);
}
