/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_limits.c - what a service may use up: memory, CPU, processes, restarts, logs.
 *
 * A limit stands at the service or in deploy.resources; Compose refuses different ones, so the
 * first that says something is taken. Zero and less mean no limit.
 */
#include "facts/compose/co_rows.h"

enum { THOUSAND = 1000, CPU_PERIOD = 100000 /* microseconds, the engine's default */ };

static const struct tree_node *deploy_resource(const struct co_service *service, const char *group,
                                               const char *name)
{
    return co_get2(co_get2(service->node, "deploy", "resources"), group, name);
}

/* Whether a node says something: a number above zero, or a text nobody knows. */
static bool says(const struct tree_node *node)
{
    int64_t value = 0;
    return node != NULL && (tree_has_holes(node) || (co_size(node, &value) && value > 0));
}

static const struct tree_node *first_of(const struct tree_node *own, const struct tree_node *other)
{
    return says(own) ? own : says(other) ? other : NULL;
}

static void write_memory(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *node = service->node;
    fact_row row = service->row;
    co_set_size(writer, CO_CELL(service, row, memory_limit),
                first_of(co_get(node, "mem_limit"), deploy_resource(service, "limits", "memory")));
    co_set_size(writer, CO_CELL(service, row, memory_reservation),
                first_of(co_get(node, "mem_reservation"),
                         deploy_resource(service, "reservations", "memory")));
    co_set_size(writer, CO_CELL(service, row, memory_swap_limit), co_get(node, "memswap_limit"));
    co_set_size(writer, CO_CELL(service, row, shm_size), co_get(node, "shm_size"));
    co_set_bool(writer, CO_CELL(service, row, oom_kill_disable), co_get(node, "oom_kill_disable"),
                false);
    co_set_int(writer, CO_CELL(service, row, oom_score_adj), co_get(node, "oom_score_adj"));
}

/* Thousandths of a CPU that a number stands for; 0 when there is none. */
static int64_t thousandths(const struct tree_node *node)
{
    int64_t whole = 0;
    double cpus = 0;
    if (tree_is(node, TREE_FLOAT)) {
        cpus = node->u.real;
    } else if (tree_is(node, TREE_STRING)) {
        size_t dot = str_find_char(node->text, '.', 0);
        unsigned long long part = 0;
        struct str fraction = str_slice(node->text, dot + 1, dot + 4);
        if (!str_to_u64(str_slice(node->text, 0, dot), &part) || part > INT32_MAX) {
            part = 0;
        }
        cpus = (double)part;
        if (str_to_u64(fraction, &part)) {
            cpus += (double)part / (fraction.len == 1 ? 10 : fraction.len == 2 ? 100 : 1000);
        }
    } else if (co_number(node, &whole)) {
        cpus = (double)whole;
    }
    return cpus > 0 && cpus < 1e9 ? (int64_t)(cpus * THOUSAND + 0.5) : 0;
}

static void write_cpu(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *node = service->node;
    struct co_cell cell = CO_CELL(service, service->row, cpu_limit);
    const struct tree_node *const sources[] = {co_get(node, "cpus"),
                                               deploy_resource(service, "limits", "cpus")};
    co_set_int(writer, CO_CELL(service, service->row, cpu_shares), co_get(node, "cpu_shares"));
    co_set_str(writer, CO_CELL(service, service->row, cpuset), co_get(node, "cpuset"));
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        int64_t limit = thousandths(sources[i]);
        if (sources[i] != NULL && tree_has_holes(sources[i])) {
            co_set_unknown(writer, cell, sources[i]);
            return;
        }
        if (limit > 0) {
            facts_set_int(writer->facts, cell.kind, cell.row, cell.field, limit,
                          co_node_loc(writer, sources[i]));
            return;
        }
    }
    const struct tree_node *quota = co_get(node, "cpu_quota");
    int64_t used = 0;
    int64_t period = CPU_PERIOD;
    if (quota != NULL && tree_has_holes(quota)) {
        co_set_unknown(writer, cell, quota);
    } else if (co_number(quota, &used) && used > 0 && used < INT64_MAX / THOUSAND) {
        (void)co_number(co_get(node, "cpu_period"), &period);
        facts_set_int(writer->facts, cell.kind, cell.row, cell.field,
                      used * THOUSAND / (period > 0 ? period : CPU_PERIOD),
                      co_node_loc(writer, quota));
    }
}

/* ---- restart ----------------------------------------------------------------------------- */

static unsigned restart_member(struct str text)
{
    static const struct {
        const char *text;
        unsigned member;
    } words[] = {
        {"no", MEMBER_restart_policy_never},
        {"none", MEMBER_restart_policy_never},
        {"", MEMBER_restart_policy_never},
        {"always", MEMBER_restart_policy_always},
        {"any", MEMBER_restart_policy_always},
        {"unless-stopped", MEMBER_restart_policy_unless_stopped},
        {"on-failure", MEMBER_restart_policy_on_failure},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq(text, str_from_cstr(words[i].text))) {
            return words[i].member;
        }
    }
    return MEMBER_restart_policy_other;
}

static void set_restart(struct co_writer *writer, struct co_service *service, unsigned member,
                        const struct tree_node *node)
{
    facts_set_enum(writer->facts, FACT_KIND_service, service->row, FIELD_service_restart, member,
                   co_node_loc(writer, node));
}

/* deploy.restart_policy wins over restart, as in Compose. */
static void write_restart(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *policy = co_get2(service->node, "deploy", "restart_policy");
    const struct tree_node *condition = co_get(policy, "condition");
    const struct tree_node *restart = co_get(service->node, "restart");
    struct co_cell attempts = CO_CELL(service, service->row, restart_attempts);
    if (policy != NULL) {
        if (condition != NULL && tree_has_holes(condition)) {
            co_set_unknown(writer, CO_CELL(service, service->row, restart), condition);
        } else {
            set_restart(writer, service,
                        condition != NULL ? restart_member(co_text(condition))
                                          : MEMBER_restart_policy_always,
                        condition != NULL ? condition : policy);
        }
        co_set_int(writer, attempts, co_get(policy, "max_attempts"));
        return;
    }
    if (restart != NULL && tree_has_holes(restart)) {
        co_set_unknown(writer, CO_CELL(service, service->row, restart), restart);
        return;
    }
    bool off = tree_is(restart, TREE_BOOL) && !restart->u.boolean;
    struct str text = off ? STR("no") : co_text(restart);
    size_t colon = str_find_char(text, ':', 0);
    unsigned long long count = 0;
    set_restart(writer, service, restart_member(str_slice(text, 0, colon)), restart);
    if (str_to_u64(str_slice(text, colon + 1, text.len), &count) && count > 0 &&
        count <= INT32_MAX) {
        facts_set_int(writer->facts, attempts.kind, attempts.row, attempts.field, (int64_t)count,
                      co_node_loc(writer, restart));
    }
}

void co_rows_ulimits(struct co_writer *writer, struct co_cell cell, fact_row service,
                     const struct tree_node *ulimits)
{
    struct fact_items items = {0};
    for (size_t i = 0; tree_is(ulimits, TREE_MAP) && i < co_count(ulimits); i++) {
        struct co_pair pair = co_pair_at(writer, ulimits, i);
        if (pair.value == NULL) {
            continue;
        }
        bool both = tree_is(pair.value, TREE_MAP);
        fact_row row = co_add_row(writer, FACT_KIND_ulimit, pair.value);
        co_set_text(writer, CO_CELL(ulimit, row, label), pair.name, NULL);
        co_set_text(writer, CO_CELL(ulimit, row, name), pair.name, NULL);
        facts_set_row(writer->facts, FACT_KIND_ulimit, row, FIELD_ulimit_service, service,
                      FACT_NO_LOC);
        /* A half that is missing is 0 in Compose. */
        facts_set_int(writer->facts, FACT_KIND_ulimit, row, FIELD_ulimit_soft, 0, FACT_NO_LOC);
        facts_set_int(writer->facts, FACT_KIND_ulimit, row, FIELD_ulimit_hard, 0, FACT_NO_LOC);
        co_set_int(writer, CO_CELL(ulimit, row, soft),
                   both ? co_get(pair.value, "soft") : pair.value);
        co_set_int(writer, CO_CELL(ulimit, row, hard),
                   both ? co_get(pair.value, "hard") : pair.value);
        fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
    }
    co_set_rows(writer, cell, &items);
}

void co_rows_limits(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *node = service->node;
    fact_row row = service->row;
    write_memory(writer, service);
    write_cpu(writer, service);
    co_set_size(writer, CO_CELL(service, row, pids_limit),
                first_of(co_get(node, "pids_limit"), deploy_resource(service, "limits", "pids")));
    co_rows_ulimits(writer, CO_CELL(service, row, ulimits), row, co_get(node, "ulimits"));
    write_restart(writer, service);
    co_set_str(writer, CO_CELL(service, row, logging_driver), co_get2(node, "logging", "driver"));
    co_set_settings(writer, CO_CELL(service, row, logging_options), row,
                    co_get2(node, "logging", "options"));
    co_set_duration(writer, CO_CELL(service, row, stop_grace_period),
                    co_get(node, "stop_grace_period"));
}
