/* SPDX-License-Identifier: Apache-2.0
 *
 * documents.c - from PATH arguments to facts: search, read, add, and keep count of what did not
 * work. Compose projects go first, because they read the Dockerfiles they build; what a search
 * found besides comes after. One buffer serves all Dockerfiles. A file that fails never hides the
 * others.
 */
#include "cli/commands.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/inputs.h"
#include "cli/mem.h"
#include "cli/opt.h"
#include "cli/out.h"
#include "cli/projects.h"
#include "cli/seen.h"
#include "cli/walk.h"

enum {
    PROGRESS_FILES = 64,
    MANY_FILES = 16,
    BATCH_BYTES = 32 << 10 /* of texts: their facts fit into the cache of a core */
};

/* A document that waits for the compose projects. */
struct waiting {
    const char *path;
    plim_input_kind kind;
    bool regular;
};

struct reader {
    struct documents *documents;
    struct input input;
    struct seen seen;
    struct names copies; /* of paths that were found */
    struct waiting *waiting;
    size_t waiting_count;
    size_t waiting_capacity;
    struct names found_compose;
    struct names named_compose;
    bool several;  /* arguments: only then can a file be met twice */
    bool prepared; /* for many files */
    struct timespec started;
    bool progress; /* standard error is a terminal */
    bool shown;
};

static const char *const template_suffixes[] = {".tmpl",  ".template", ".tpl",      ".j2",
                                                ".jinja", ".jinja2",   ".mustache", ".gotmpl",
                                                ".erb",   ".in",       ".hbs"};

/* Length of the name without a template suffix; 0 when it has none. */
static size_t template_stem(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof template_suffixes / sizeof template_suffixes[0]; i++) {
        size_t length = strlen(template_suffixes[i]);
        if (size > length && memcmp(name + size - length, template_suffixes[i], length) == 0) {
            return size - length;
        }
    }
    return 0;
}

/* Discovery asks for every name in every directory: most are told apart by a letter. */
static bool is_wanted(void *user, const char *name, size_t size)
{
    (void)user;
    bool possible = name[0] == 'D' || name[0] == 'C' || name[0] == 'd' || name[0] == 'c' ||
                    (size > 10 && (memmem(name, size, "ockerfile", 9) != NULL ||
                                   memmem(name, size, "compose.y", 9) != NULL));
    return possible && (plim_input_kind_of(name, NULL, 0) != PLIM_INPUT_UNKNOWN ||
                        template_stem(name, size) > 0);
}

/* Records a problem that the library did not see; ends the run for want of memory. */
static bool note(struct documents *d, const char *code, const char *path, const char *problem)
{
    plim_status status = plim_diags_add(d->diags, code, path, problem);
    if (status != PLIM_STATUS_OK) {
        d->code = out_fail(status, NULL);
        return false;
    }
    return true;
}

static bool note_unread(struct reader *r, const char *path)
{
    r->documents->failed++;
    r->documents->limited += r->input.too_large;
    return note(r->documents, r->input.too_large ? "I0103" : "I0101", path, r->input.problem);
}

/* On a terminal, after a second: how far the run has come. */
static void show_progress(struct reader *r)
{
    if (!r->progress || r->documents->count % PROGRESS_FILES != 0) {
        return;
    }
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) == 0 && now.tv_sec - r->started.tv_sec > 1) {
        struct bytes line = {0};
        bytes_printf(&line, "\r%zu files read", r->documents->count);
        out_stderr(line.data, line.size);
        bytes_release(&line);
        r->shown = true;
    }
}

/* Counts what the library did with a document. False ends the run. */
static bool count(struct reader *r, plim_status status, const plim_error *error, size_t bytes)
{
    struct documents *d = r->documents;
    beside_forget(&d->beside);
    if (status == PLIM_STATUS_OK) {
        d->count = plim_facts_documents(d->facts);
        if (d->count >= MANY_FILES && !r->prepared) {
            r->prepared = true;
            mem_prepare_for_many();
        }
        show_progress(r);
    } else {
        d->failed++;
        d->limited += status == PLIM_STATUS_LIMIT;
    }
    if (status == PLIM_STATUS_OK || status == PLIM_STATUS_INPUT) {
        d->batch += bytes;
        if (d->full == NULL || d->batch < BATCH_BYTES) {
            return true;
        }
        d->batch = 0;
        return d->full(d, d->user);
    }
    d->code = out_fail(status, error);
    return false;
}

/* Hands what was read to the library. */
static bool add(struct reader *r, plim_input_kind kind, const char *path)
{
    struct documents *d = r->documents;
    plim_error error = PLIM_ERROR_INIT;
    plim_status status = plim_facts_add(d->facts, kind, path, r->input.data.data,
                                        r->input.data.size, d->diags, &error);
    return count(r, status, &error, r->input.data.size);
}

static bool is_new(struct reader *r, const char *path)
{
    return !r->several || seen_add(&r->seen, path);
}

/* ---- compose projects --------------------------------------------------------------------- */

extern char **environ;

static size_t environment_size(void)
{
    size_t size = 0;
    while (environ != NULL && environ[size] != NULL) {
        size++;
    }
    return size;
}

static bool add_project(void *user, const char *const *files, size_t size)
{
    struct reader *r = user;
    const struct options *options = r->documents->options;
    plim_error error = PLIM_ERROR_INIT;
    plim_compose_options chosen = PLIM_COMPOSE_OPTIONS_INIT;
    chosen.files = files;
    chosen.file_count = size;
    chosen.directory = opt_value(options, OPT_project_directory, NULL);
    chosen.name = opt_value(options, OPT_project_name, NULL);
    chosen.profiles = options->values[OPT_profile].items;
    chosen.profile_count = options->values[OPT_profile].count;
    chosen.env = options->values[OPT_env].items;
    chosen.env_count = options->values[OPT_env].count;
    chosen.env_files = options->values[OPT_env_file].items;
    chosen.env_file_count = options->values[OPT_env_file].count;
    if (opt_given(options, OPT_env_from_process)) {
        chosen.process_env = (const char *const *)environ;
        chosen.process_env_count = environment_size();
    }
    chosen.unset_is_empty = strcmp(opt_value(options, OPT_unset, "unknown"), "empty") == 0;
    plim_status status =
        plim_facts_add_compose(r->documents->facts, &chosen, r->documents->diags, &error);
    return count(r, status, &error, beside_bytes(&r->documents->beside));
}

/* A file that another project includes is part of that one. */
static bool add_found_project(void *user, const char *const *files, size_t size)
{
    const struct reader *r = user;
    return plim_facts_knows(r->documents->facts, files[0]) != 0 || add_project(user, files, size);
}

static bool note_other(void *user, const char *path, const char *base)
{
    struct reader *r = user;
    struct bytes text = {0};
    bytes_printf(&text, "is no part of the project of %s; check it with --file %s --file %s", base,
                 base, path);
    bool more = note(r->documents, "I0106", path, text.data);
    bytes_release(&text);
    return more;
}

/* What was found or named as compose files, and the project of --file. */
static bool read_projects(struct reader *r)
{
    struct projects_handler named = {.project = add_project, .other = note_other, .user = r};
    struct projects_handler found = {.project = add_found_project, .other = note_other, .user = r};
    const struct names *given = &r->documents->options->values[OPT_file];
    bool more = given->count == 0 || add_project(r, given->items, given->count);
    more = more && projects_each(&r->named_compose, true, &named);
    return more && projects_each(&r->found_compose, false, &found);
}

/* ---- what is searched and named ----------------------------------------------------------- */

static void wait_for(struct reader *r, const char *path, plim_input_kind kind, bool regular)
{
    r->waiting =
        mem_grow(r->waiting, &r->waiting_capacity, r->waiting_count + 1, sizeof *r->waiting);
    r->waiting[r->waiting_count] = (struct waiting){path, kind, regular};
    r->waiting_count++;
}

static bool found_file(void *user, const struct walk_file *file)
{
    struct reader *r = user;
    if (!is_new(r, file->path)) {
        return true;
    }
    size_t stem = template_stem(file->name, strlen(file->name));
    if (stem > 0) {
        char *name = mem_copy(file->name, stem);
        plim_input_kind kind = plim_input_kind_of(name, NULL, 0);
        mem_free(name);
        r->documents->skipped += kind != PLIM_INPUT_UNKNOWN;
        return kind == PLIM_INPUT_UNKNOWN ||
               note(r->documents, "I0105", file->path,
                    "a template is not checked; name it to check it all the same");
    }
    const char *path = names_add_copy(&r->copies, file->path, strlen(file->path));
    if (plim_input_kind_of(file->name, NULL, 0) == PLIM_INPUT_COMPOSE) {
        names_add(&r->found_compose, path);
    } else {
        wait_for(r, path, PLIM_INPUT_DOCKERFILE, file->regular);
    }
    return true;
}

static void found_problem(void *user, const char *path, const char *problem)
{
    struct reader *r = user;
    r->documents->failed++;
    (void)note(r->documents, "I0101", path[0] != '\0' ? path : ".", problem);
}

/* A compose file from standard input is handed on as a file of its name. */
static bool read_stdin(struct reader *r)
{
    const char *name = opt_value(r->documents->options, OPT_stdin_filename, "-");
    if (!input_read_stdin(&r->input)) {
        return note_unread(r, name);
    }
    const struct bytes *data = &r->input.data;
    if (plim_input_kind_of(name, data->data, data->size) == PLIM_INPUT_COMPOSE) {
        beside_give(&r->documents->beside, name, data->data, data->size);
        bool more = add_project(r, &name, 1);
        beside_give(&r->documents->beside, NULL, NULL, 0);
        return more;
    }
    return add(r, PLIM_INPUT_DOCKERFILE, name);
}

/* Named files are judged whatever their name, unless it tells of another format. */
static plim_input_kind kind_of_named(const char *path, const struct bytes *data)
{
    static const char *const others[] = {".yaml", ".yml", ".json", ".plim", ".plimc", ".tar"};
    size_t size = strlen(path);
    plim_input_kind kind = plim_input_kind_of(path, NULL, 0);
    for (size_t i = 0; i < sizeof others / sizeof others[0] && kind == PLIM_INPUT_UNKNOWN; i++) {
        size_t length = strlen(others[i]);
        if (size > length && strcmp(path + size - length, others[i]) == 0) {
            return plim_input_kind_of(path, data->data, data->size);
        }
    }
    return kind == PLIM_INPUT_UNKNOWN ? PLIM_INPUT_DOCKERFILE : kind;
}

static bool walk_path(struct reader *r, const char *path)
{
    struct walk walk = {.wanted = is_wanted,
                        .file = found_file,
                        .problem = found_problem,
                        .user = r,
                        .honour_ignore = !opt_given(r->documents->options, OPT_no_ignore)};
    bool more = walk_directory(&walk, path);
    r->documents->ignored += walk.ignored;
    return more;
}

static bool take_path(struct reader *r, const char *path)
{
    if (!is_new(r, path)) {
        return true;
    }
    if (strcmp(path, "-") == 0) {
        return read_stdin(r);
    }
    if (input_read(&r->input, AT_FDCWD, path, false)) {
        plim_input_kind kind = kind_of_named(path, &r->input.data);
        if (kind == PLIM_INPUT_COMPOSE) {
            names_add(&r->named_compose, path);
        } else {
            wait_for(r, path, kind, false);
        }
        return true;
    }
    if (r->input.directory) {
        return walk_path(r, path);
    }
    const char *meant = r->input.missing ? opt_suggest_command(path) : NULL;
    if (meant != NULL) {
        out_say("`%s` is neither a file nor a command; did you mean `%s`?", path, meant);
    }
    return note_unread(r, path);
}

static bool take_paths(struct reader *r)
{
    const struct names *paths = &r->documents->options->arguments;
    r->several = paths->count > 1;
    if (paths->count == 0) {
        return r->documents->options->values[OPT_file].count > 0 || take_path(r, ".");
    }
    bool more = true;
    for (size_t i = 0; i < paths->count && more; i++) {
        more = take_path(r, paths->items[i]);
    }
    return more;
}

/* The Dockerfiles that no project has read. */
static bool read_waiting(struct reader *r)
{
    bool more = true;
    for (size_t i = 0; i < r->waiting_count && more; i++) {
        const struct waiting *file = &r->waiting[i];
        if (plim_facts_knows(r->documents->facts, file->path) != 0) {
            continue;
        }
        more = input_read(&r->input, AT_FDCWD, file->path, file->regular)
                   ? add(r, file->kind, file->path)
                   : note_unread(r, file->path);
    }
    return more;
}

bool documents_read(struct documents *documents)
{
    struct reader r = {.documents = documents, .progress = isatty(STDERR_FILENO) == 1};
    if (r.progress && clock_gettime(CLOCK_MONOTONIC, &r.started) != 0) {
        r.progress = false;
    }
    (void)(take_paths(&r) && read_projects(&r) && read_waiting(&r));
    if (r.shown) {
        out_stderr("\r\033[K", 4);
    }
    bytes_release(&r.input.data);
    seen_release(&r.seen);
    names_release_copies(&r.copies);
    names_release(&r.found_compose);
    names_release(&r.named_compose);
    mem_free(r.waiting);
    return documents->code == 0;
}

/* What the user names may be read. */
static void allow(struct documents *documents, const struct names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        beside_allow(&documents->beside, names->items[i]);
    }
}

bool documents_open(struct documents *documents)
{
    const struct options *options = documents->options;
    plim_error error = PLIM_ERROR_INIT;
    plim_facts_options chosen = PLIM_FACTS_OPTIONS_INIT;
    beside_init(&documents->beside);
    allow(documents, &options->arguments);
    allow(documents, &options->values[OPT_file]);
    allow(documents, &options->values[OPT_env_file]);
    allow(documents, &options->values[OPT_project_directory]);
    allow(documents, &options->values[OPT_context]);
    chosen.defines = options->values[OPT_define].items;
    chosen.define_count = options->values[OPT_define].count;
    chosen.target = opt_value(options, OPT_target, NULL);
    chosen.context = opt_value(options, OPT_context, NULL);
    chosen.files = &documents->beside.files;
    plim_status status = plim_facts_new(&documents->facts, &chosen, &error);
    if (status == PLIM_STATUS_OK) {
        status = plim_diags_new(&documents->diags, NULL);
    }
    documents->code = status == PLIM_STATUS_OK ? 0 : out_fail(status, &error);
    return status == PLIM_STATUS_OK;
}

void documents_close(struct documents *documents)
{
    plim_facts_free(documents->facts);
    plim_diags_free(documents->diags);
    beside_release(&documents->beside);
}
