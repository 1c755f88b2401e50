/* SPDX-License-Identifier: Apache-2.0
 *
 * compose_project.c - see compose_project.h.
 */
#include "compose_project.h"

#include <string.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "core/jsonw.h"
#include "facts/compose/co_json.h"
#include "facts/compose/co_project.h"

static struct str text_of(const json_t *json)
{
    return json_is_string(json) ? str_make(json_string_value(json), json_string_length(json))
                                : STR("");
}

/* Files are looked up by the names of the row. */
static plim_status read_file(void *user, struct str path, struct str *text)
{
    const json_t *found = json_object_getn((const json_t *)user, path.ptr, path.len);
    if (found == NULL) {
        return PLIM_STATUS_NOT_FOUND;
    }
    *text = text_of(found);
    return PLIM_STATUS_OK;
}

static void put_env(struct co_env *env, const json_t *values)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)values, name, value)
    {
        struct co_variable variable = {.name = str_from_cstr(name),
                                       .value = text_of(value),
                                       .set = {SOURCE_NONE, 0, 0},
                                       .value_at = {SOURCE_NONE, 0, 0},
                                       .rank = CO_RANK_GIVEN};
        co_env_put(env, &variable);
    }
}

static json_t *print(const struct co_project *project)
{
    struct buf text;
    buf_init(&text, NULL, 1 << 26);
    struct jsonw writer;
    jsonw_init(&writer, &text, false);
    co_json_project(&writer, project->root, project->name);
    json_t *json = json_loadb(text.data != NULL ? text.data : "", text.len, JSON_DECODE_ANY, NULL);
    buf_release(&text);
    (void)json_object_del(json, "models"); /* the reference leaves them out of its JSON */
    return json;
}

static void say(struct compose_result *out, const struct diag_list *diags)
{
    for (size_t i = 0; i < diags->count; i++) {
        buf_printf(&out->errors, "%s %.*s; ", diag_code(diags->items[i]->id),
                   STR_FMT(diags->items[i]->message));
    }
}

void compose_read(struct compose_result *out, const json_t *names, const json_t *contents,
                  const json_t *env)
{
    *out = (struct compose_result){.refused = true};
    buf_init(&out->errors, NULL, 1 << 20);
    struct arena arena;
    struct source_set sources;
    struct diag_list diags;
    struct co_env environment;
    arena_init(&arena, alloc_or_default(NULL), 0);
    source_set_init(&sources, NULL);
    diag_list_init(&diags, NULL);
    const struct str all = STR("*");
    const struct facts_files reader = {.user = (void *)(uintptr_t)contents, .read = read_file};
    const struct co_options options = {.unset = CO_UNSET_EMPTY,
                                       .name = STR("proj"),
                                       .profiles = &all,
                                       .profile_count = 1,
                                       .without_dotenv = true,
                                       .without_paths = true,
                                       .without_env_files = true};
    struct co_run run = {.arena = &arena,
                         .sources = &sources,
                         .diags = &diags,
                         .files = &reader,
                         .options = &options};
    size_t count = json_array_size(names);
    struct co_file *files = ARENA_ARRAY(&arena, struct co_file, count + 1);
    for (size_t i = 0; i < count; i++) {
        files[i].path = text_of(json_array_get(names, i));
        files[i].text = text_of(json_object_getn(contents, files[i].path.ptr, files[i].path.len));
    }
    if (co_env_init(&environment, NULL, 0) == PLIM_STATUS_OK) {
        put_env(&environment, env);
        struct co_project project;
        plim_status status = co_project_load(&project, &run, files, count, &environment);
        say(out, &diags);
        out->refused = status != PLIM_STATUS_OK || project.refused;
        out->project = out->refused ? NULL : print(&project);
    }
    co_env_release(&environment);
    diag_list_release(&diags);
    source_set_release(&sources);
    arena_release(&arena);
}

void compose_release(struct compose_result *result)
{
    json_decref(result->project);
    buf_release(&result->errors);
}
