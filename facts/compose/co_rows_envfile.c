/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_envfile.c - env_file of a service: the files, and the variables in them.
 */
#include "facts/compose/co_rows.h"

#include "facts/compose/co_dotenv.h"
#include "facts/compose/co_env.h"

/* The text of a file as a source of the store; SOURCE_NONE when it was not given. A file that
 * several services name is added once. */
static plim_status find_source(struct co_writer *writer, struct str path, source_id *source)
{
    buf_clear(writer->text);
    buf_append_cstr(writer->text, "env:"); /* apart from Dockerfiles */
    buf_append(writer->text, path);
    fact_row *slot = co_rows_slot(writer, buf_view(writer->text));
    if (slot == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    if (*slot == CO_NOT_ASKED) {
        struct str text;
        plim_status status = co_rows_read(writer, path, &text);
        *slot = FACT_NO_ROW;
        if (status == PLIM_STATUS_OK) {
            status = source_add(&writer->facts->sources, source, path, text);
            *slot = *source;
        }
        if (status == PLIM_STATUS_NOMEM) {
            return status;
        }
    }
    *source = *slot == FACT_NO_ROW ? SOURCE_NONE : *slot;
    return PLIM_STATUS_OK;
}

/* What environment: of the service says, for values of its files that refer to it. */
static void put_environment(struct co_writer *writer, struct co_env *env,
                            const struct tree_node *environment)
{
    for (size_t i = 0; i < co_count(environment); i++) {
        struct co_pair pair = co_pair_at(writer, environment, i);
        if (pair.value != NULL) {
            co_env_put(env, &(const struct co_variable){.name = pair.name,
                                                        .value = co_text(pair.value),
                                                        .set = pair.value->span,
                                                        .value_at = pair.value->span,
                                                        .rank = CO_RANK_ENV_FILE,
                                                        .variables = pair.value->variables});
        }
    }
}

static void write_variables(struct co_writer *writer, fact_row service, fact_row file,
                            const struct co_env *env, struct fact_items *all)
{
    struct fact_items own = {0};
    for (size_t i = 0; i < env->count; i++) {
        const struct co_variable *at = &env->variables[i];
        struct tree_node *node = tree_new(writer->arena, TREE_STRING, at->value_at, at->value);
        if (node == NULL) {
            return; /* the arena's status tells */
        }
        node->variables = at->variables;
        node->flags = str_find_char(at->value, TREE_HOLE, 0) < at->value.len ? TREE_HOLES : 0;
        struct co_pair pair = {.name = at->name, .name_span = at->set, .value = node};
        fact_row row = co_rows_variable(writer, service, pair, MEMBER_variable_origin_env_file);
        facts_set_row(writer->facts, FACT_KIND_variable, row, FIELD_variable_env_file, file,
                      FACT_NO_LOC);
        fact_items_add_row(&own, writer->arena, row, FACT_NO_LOC);
        fact_items_add_row(all, writer->arena, row, FACT_NO_LOC);
    }
    co_set_rows(writer, CO_CELL(env_file, file, variables), &own);
}

/* Reads one file into an environment of its own. */
static plim_status read_file(struct co_writer *writer, const struct co_service *service,
                             source_id source, bool raw, struct co_env *env)
{
    struct co_env own;
    uint64_t seed = writer->facts->strings.seed;
    plim_status status = co_env_init(&own, writer->facts->allocator, seed);
    if (status == PLIM_STATUS_OK) {
        put_environment(writer, &own, co_get(service->node, "environment"));
        struct co_scope file = {.env = env};
        struct co_scope environment = {.env = &own, .next = &file};
        struct co_scope project = {.env = writer->project->environment, .next = &environment};
        struct co_dotenv reader = {.state = &writer->template,
                                   .env = env,
                                   .scope = writer->project->environment != NULL ? &project
                                                                                 : &environment,
                                   .rank = CO_RANK_ENV_FILE};
        struct str text = source_get(&writer->facts->sources, source)->text;
        if (raw) {
            co_dotenv_read_raw(&reader, source, text);
        } else {
            co_dotenv_read(&reader, source, text);
        }
        status = co_env_status(env);
        status = status == PLIM_STATUS_OK ? co_env_status(&own) : status;
    }
    co_env_release(&own);
    return status;
}

static plim_status write_file(struct co_writer *writer, struct co_service *service,
                              const struct tree_node *item, fact_row row, struct fact_items *all)
{
    const struct tree_node *path = tree_is(item, TREE_MAP) ? co_get(item, "path") : item;
    const struct tree_node *format = co_get(item, "format");
    source_id source = SOURCE_NONE;
    plim_status status = PLIM_STATUS_OK;
    struct fact_items none = {0};
    co_set_text(writer, CO_CELL(env_file, row, label), STR("env_file"), NULL);
    co_set_str(writer, CO_CELL(env_file, row, label), path);
    facts_set_row(writer->facts, FACT_KIND_env_file, row, FIELD_env_file_service, service->row,
                  FACT_NO_LOC);
    co_set_text(writer, CO_CELL(env_file, row, path), STR(""), NULL);
    co_set_str(writer, CO_CELL(env_file, row, path), path);
    co_set_bool(writer, CO_CELL(env_file, row, required), co_get(item, "required"), true);
    co_set_str(writer, CO_CELL(env_file, row, format), format);
    co_set_rows(writer, CO_CELL(env_file, row, variables), &none);
    if (co_text(path).len > 0 && !tree_has_holes(path)) {
        status = find_source(writer, co_text(path), &source);
    }
    co_set_flag(writer, CO_CELL(env_file, row, given), source != SOURCE_NONE, NULL);
    if (status != PLIM_STATUS_OK || source == SOURCE_NONE) {
        return status;
    }
    struct co_env env;
    status = co_env_init(&env, writer->facts->allocator, writer->facts->strings.seed);
    if (status == PLIM_STATUS_OK) {
        status = read_file(writer, service, source, str_eq(co_text(format), STR("raw")), &env);
    }
    if (status == PLIM_STATUS_OK) {
        write_variables(writer, service->row, row, &env, all);
    }
    co_env_release(&env);
    return status;
}

plim_status co_rows_env_files(struct co_writer *writer, struct co_service *service,
                              struct fact_items *all)
{
    struct fact_items items = {0};
    const struct tree_node *list = co_get(service->node, "env_file");
    plim_status status = PLIM_STATUS_OK;
    for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
        if (status == PLIM_STATUS_OK) {
            fact_row row = co_add_row(writer, FACT_KIND_env_file, co_item(list, i));
            status = write_file(writer, service, co_item(list, i), row, all);
            fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
        }
    }
    co_set_rows(writer, CO_CELL(service, service->row, env_files), &items);
    return status;
}
