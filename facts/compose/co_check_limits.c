/* SPDX-License-Identifier: Apache-2.0
 *
 * co_check_limits.c - limits that may be written in two places, and numbers of containers.
 */
#include "facts/compose/co_check_parts.h"

/* A number of the long form: whole, real, or the text of a whole one. False when it is absent, null
 * or unknown. */
static bool number_of(const struct tree_node *node, double *out)
{
    if (node == NULL) {
        return false;
    }
    if (node->kind == TREE_INT) {
        *out = (double)node->u.integer;
        return true;
    }
    if (node->kind == TREE_FLOAT) {
        *out = node->u.real;
        return true;
    }
    if (node->kind != TREE_STRING || tree_has_holes(node)) {
        return false;
    }
    bool negative = str_starts_with(node->text, STR("-"));
    unsigned long long value = 0;
    if (!str_to_u64(str_slice(node->text, negative ? 1 : 0, node->text.len), &value)) {
        return false;
    }
    *out = negative ? -(double)value : (double)value;
    return true;
}

static bool is_unknown(const struct tree_node *node)
{
    return node != NULL && tree_has_holes(node);
}

/* An attribute of the service, and where `deploy.resources` has the same. */
struct pair {
    const char *own;
    const char *section; /* limits or reservations */
    const char *other;
};

static void check_pair(struct co_checker *c, const struct tree_node *service,
                       const struct pair *pair)
{
    const struct tree_node *own = tree_get(service, str_from_cstr(pair->own));
    const struct tree_node *resources = co_map_of(co_map_of(service, "deploy"), "resources");
    const struct tree_node *section = co_map_of(resources, pair->section);
    const struct tree_node *other = tree_get(section, str_from_cstr(pair->other));
    double value = 0;
    double there = 0;
    if (section == NULL || !number_of(own, &value) || value == 0 || is_unknown(other)) {
        return;
    }
    bool same = number_of(other, &there) && value == there;
    if (same) {
        return;
    }
    struct diag *diag = co_complain(c, DIAG_compose_conflict, own->span,
                                    "`%s` differs from `deploy.resources.%s.%s`", pair->own,
                                    pair->section, pair->other);
    if (other != NULL) {
        diag_add_label(c->run->diags, diag, other->span, "the other value");
    } else {
        diag_add_label(c->run->diags, diag, section->span, "no `%s` here", pair->other);
        diag_add_note(c->run->diags, diag,
                      "Compose wants both to be equal as soon as `deploy` has %s", pair->section);
    }
}

static void check_count(struct co_checker *c, const struct tree_node *node, const char *called)
{
    if (tree_is(node, TREE_INT) && node->u.integer < 0) {
        co_complain(c, DIAG_compose_value, node->span, "`%s` cannot be negative", called);
    }
}

static void check_scale(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *scale = tree_get(service, STR("scale"));
    const struct tree_node *replicas = tree_get(co_map_of(service, "deploy"), STR("replicas"));
    const struct tree_node *name = tree_get(service, STR("container_name"));
    bool both = tree_is(scale, TREE_INT) && tree_is(replicas, TREE_INT);
    if (both && scale->u.integer != replicas->u.integer) {
        struct diag *diag = co_complain(c, DIAG_compose_conflict, scale->span,
                                        "`scale` differs from `deploy.replicas`");
        diag_add_label(c->run->diags, diag, replicas->span, "the other value");
    }
    check_count(c, scale, "scale");
    check_count(c, replicas, "deploy.replicas");
    const struct tree_node *count = scale != NULL ? scale : replicas;
    if (tree_is(count, TREE_INT) && count->u.integer > 1 && tree_is(name, TREE_STRING) &&
        name->text.len > 0) {
        struct diag *diag =
            co_complain(c, DIAG_compose_conflict, name->span,
                        "several containers cannot have the same name: drop `container_name`");
        diag_add_label(c->run->diags, diag, count->span, "this many containers");
    }
}

void co_check_limits(struct co_checker *c, const struct tree_node *service)
{
    static const struct pair pairs[] = {
        {"cpus", "limits", "cpus"},
        {"mem_limit", "limits", "memory"},
        {"mem_reservation", "reservations", "memory"},
        {"pids_limit", "limits", "pids"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        check_pair(c, service, &pairs[i]);
    }
    check_scale(c, service);
}
