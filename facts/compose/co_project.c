/* SPDX-License-Identifier: Apache-2.0
 *
 * co_project.c - a project from its files to its long form: name, environment, documents, defaults,
 * checks. The order of the steps is that of docs/compose.md.
 */
#include "facts/compose/co_project.h"

#include "facts/compose/co_check.h"
#include "facts/compose/co_defaults.h"
#include "facts/compose/co_files.h"
#include "facts/compose/co_load.h"
#include "facts/compose/co_paths.h"
#include "facts/compose/co_service_env.h"

/* The files of the project itself. */
struct own_files {
    const struct co_file *items;
    size_t count;
    struct yaml_documents *read; /* of each file; without items until it was read without mistake */
};

/* Names a value that is no variable of anybody. */
static void put(struct co_env *env, struct str name, struct str value, struct span at)
{
    struct co_variable variable = {
        .name = name, .value = value, .set = at, .value_at = at, .rank = CO_RANK_PROJECT};
    co_env_put(env, &variable);
}

/* The project's .env files. Files of the options must exist. */
static void read_dotenv(const struct co_level *level, struct co_env *env)
{
    struct co_loader *loader = level->loader;
    const struct co_options *options = loader->run->options;
    struct str standard = STR(".env");
    bool given = options->env_file_count > 0;
    const struct str *paths = given ? options->env_files : &standard;
    size_t count = given ? options->env_file_count : 1;
    for (size_t i = 0; i < count && !options->without_dotenv && co_alive(loader->run); i++) {
        struct str path =
            given ? paths[i] : co_path_join(loader->run->arena, level->directory, paths[i]);
        plim_status status =
            co_load_env(loader, path, co_nowhere(), false, env, level->scope, CO_RANK_DOTENV);
        if (given || status != PLIM_STATUS_NOT_FOUND) {
            co_load_missing(loader, status, path, co_nowhere());
        }
    }
}

/* The last `name:` of the files, with its variables. Mistakes in the files are reported later, when
 * what has them is read again. */
static struct str name_in_files(const struct co_level *level, struct own_files *files,
                                struct span *span)
{
    struct co_run *run = level->loader->run;
    struct diag_list unheard;
    diag_list_init(&unheard, run->arena->allocator);
    const struct tree_node *name = NULL;
    for (size_t i = 0; i < files->count && co_alive(run); i++) {
        struct yaml_documents *read = &files->read[i];
        if (yaml_read(read, run->arena, level->loader->documents[i].source, files->items[i].text,
                      &unheard) != PLIM_STATUS_OK) {
            continue;
        }
        for (size_t j = 0; j < read->count; j++) {
            const struct tree_node *found = tree_get(read->items[j], STR("name"));
            if (tree_is(found, TREE_STRING) && found->text.len > 0) {
                name = found;
            }
        }
    }
    diag_list_release(&unheard);
    if (name == NULL || !co_alive(run)) {
        return STR("");
    }
    struct co_expansion expansion = {0};
    const struct co_written written = {.span = name->span};
    co_template_expand(&level->loader->template, &expansion, name->text, &written, level->scope);
    *span = name->span;
    return co_files_project_name(run->arena, expansion.text);
}

/* What the project is called, as Compose finds it. */
static void find_name(struct co_project *project, const struct co_level *level,
                      struct own_files *files)
{
    struct co_run *run = level->loader->run;
    const struct co_variable *variable =
        co_env_find(project->environment, STR("COMPOSE_PROJECT_NAME"));
    project->name_span = co_nowhere();
    if (run->options->name.len > 0) {
        project->name = run->options->name;
        struct str normal = co_files_project_name(run->arena, project->name);
        if (!str_eq(normal, project->name) && co_alive(run)) {
            struct diag *diag =
                co_refuse(run, DIAG_compose_project_name, co_nowhere(),
                          "`%.*s` cannot be the name of a project", STR_FMT(project->name));
            diag_add_note(run->diags, diag,
                          "use lower case letters, digits, `-` and `_`, such as `%.*s`",
                          STR_FMT(normal));
        }
    } else if (variable != NULL && variable->value.len > 0) {
        project->name = co_files_project_name(run->arena, variable->value);
        project->name_span = variable->value_at;
    } else {
        project->name = name_in_files(level, files, &project->name_span);
    }
    if (project->name.len == 0 && co_alive(run)) {
        project->name_span = co_nowhere();
        project->name = co_files_project_name(run->arena, co_files_base(level->directory));
    }
    if (project->name.len == 0) {
        project->name = STR("\xff"); /* TREE_HOLE: the directory's name is not known here */
    }
    put(project->environment, STR("COMPOSE_PROJECT_NAME"), project->name, project->name_span);
}

/* Options with the profiles of COMPOSE_PROFILES when none are given. */
static struct co_options with_profiles(const struct co_run *run, const struct co_env *env)
{
    struct co_options options = *run->options;
    const struct co_variable *variable = co_env_find(env, STR("COMPOSE_PROFILES"));
    if (options.profile_count > 0 || variable == NULL) {
        return options;
    }
    struct str *profiles = ARENA_ARRAY(run->arena, struct str, variable->value.len / 2 + 1);
    size_t at = 0;
    struct str piece;
    while (profiles != NULL && co_files_next(variable->value, ',', &at, &piece)) {
        piece = str_trim(piece);
        if (piece.len > 0) {
            profiles[options.profile_count++] = piece;
        }
    }
    options.profiles = profiles;
    return options;
}

/* The files one over the other. */
static const struct tree_node *read_files(const struct co_level *level,
                                          const struct own_files *files)
{
    struct co_loader *loader = level->loader;
    const struct tree_node *root = NULL;
    for (size_t i = 0; i < files->count && co_alive(loader->run); i++) {
        root = files->read[i].items != NULL
                   ? co_load_trees(level, root, &files->read[i], CO_TAKE_ALL)
                   : co_load_documents(level, root, loader->documents[i].source,
                                       files->items[i].text, CO_TAKE_ALL);
    }
    return root;
}

/* From the long form of all files to the project. */
static const struct tree_node *complete(const struct co_project *project,
                                        const struct co_level *level, const struct tree_node *root)
{
    struct co_run *run = level->loader->run;
    root = co_defaults(run, root, project->name, project->environment);
    if (root != NULL && !run->options->without_paths) {
        root = co_paths(run, root, level->directory);
    }
    if (root != NULL) {
        co_check(run, root);
    }
    return root != NULL && !run->options->without_env_files ? co_service_env(level, root) : root;
}

static plim_status load(struct co_project *out, struct co_level *level, struct own_files *files)
{
    struct co_loader *loader = level->loader;
    struct co_run *run = loader->run;
    files->read = ARENA_ARRAY(run->arena, struct yaml_documents, files->count + 1);
    if (files->read == NULL) {
        return arena_status(run->arena);
    }
    for (size_t i = 0; i < files->count; i++) {
        struct co_document document;
        plim_status status = co_load_add(loader, files->items[i].path, files->items[i].text,
                                         i == 0 ? CO_BASE : CO_OVERRIDE, co_nowhere(), &document);
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    out->documents = loader->documents;
    read_dotenv(level, out->environment);
    out->documents = loader->documents;
    find_name(out, level, files);
    const struct co_options *given = run->options;
    struct co_options options = with_profiles(run, out->environment);
    run->options = &options;
    const struct tree_node *root = read_files(level, files);
    if (root == NULL || (root->kind == TREE_MAP && root->u.map.count == 0)) {
        if (co_alive(run) && run->diags->errors == 0) {
            struct span start = {.source =
                                     files->count > 0 ? out->documents[0].source : SOURCE_NONE};
            struct diag *diag =
                co_refuse(run, DIAG_compose_document, start, "the compose file is empty");
            diag_add_note(run->diags, diag, "add `services:`");
        }
        root = NULL;
    }
    out->root = root != NULL && co_alive(run) ? complete(out, level, root) : NULL;
    run->options = given;
    out->documents = loader->documents;
    out->document_count = loader->document_count;
    return arena_status(run->arena);
}

plim_status co_project_load(struct co_project *out, struct co_run *run, const struct co_file *files,
                            size_t count, struct co_env *environment)
{
    struct co_loader loader = {.run = run, .seed = environment->names.seed};
    struct str directory = run->options->directory;
    if (directory.len == 0 && count > 0) {
        directory = co_files_directory(files[0].path);
    }
    const struct co_scope scope = {.env = environment};
    struct co_level level = {.loader = &loader,
                             .directory = directory,
                             .path = count > 0 ? co_path_join(run->arena, STR(""), files[0].path)
                                               : STR(""),
                             .scope = &scope};
    *out = (struct co_project){
        .name_span = co_nowhere(), .directory = directory, .environment = environment};
    co_template_init(&loader.template, run->arena, run->options->unset);
    struct own_files own = {.items = files, .count = count};
    plim_status status = load(out, &level, &own);
    co_template_release(&loader.template);
    for (size_t i = 0; i < loader.environment_count; i++) {
        co_env_release(&loader.environments[i]);
    }
    out->refused = run->refused;
    if (status == PLIM_STATUS_OK) {
        status = co_env_status(environment);
    }
    if (status == PLIM_STATUS_OK && diag_list_status(run->diags) != PLIM_STATUS_OK) {
        status = diag_list_status(run->diags);
    }
    if (status != PLIM_STATUS_OK) {
        out->root = NULL;
        return status;
    }
    return out->root != NULL ? PLIM_STATUS_OK : PLIM_STATUS_INPUT;
}
