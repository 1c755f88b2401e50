/* SPDX-License-Identifier: Apache-2.0
 *
 * documents.c - from PATH arguments to facts: search, read, add, and keep count of what did not
 * work. One buffer serves all files. A file that fails never hides the others.
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
#include "cli/seen.h"
#include "cli/walk.h"

enum {
    PROGRESS_FILES = 64,
    MANY_FILES = 64,
    BATCH_BYTES = 32 << 10 /* of texts: their facts fit into the cache of a core */
};

struct reader {
    struct documents *documents;
    struct input input;
    struct seen seen;
    bool several; /* arguments: only then can a file be met twice */
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
    bool possible = (name[0] == 'D' || name[0] == 'C' || name[0] == 'd') ||
                    (size > 10 && memmem(name, size, "ockerfile", 9) != NULL);
    return possible && (plim_input_kind_of(name, NULL, 0) == PLIM_INPUT_DOCKERFILE ||
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

/* Hands what was read to the library. */
static bool add(struct reader *r, plim_input_kind kind, const char *path)
{
    struct documents *d = r->documents;
    plim_error error = PLIM_ERROR_INIT;
    plim_status status = plim_facts_add(d->facts, kind, path, r->input.data.data,
                                        r->input.data.size, d->diags, &error);
    beside_forget(&d->beside);
    if (status == PLIM_STATUS_OK) {
        d->count++;
        if (d->count == MANY_FILES) {
            mem_prepare_for_many();
        }
        show_progress(r);
    } else {
        d->failed++;
        d->limited += status == PLIM_STATUS_LIMIT;
    }
    if (status == PLIM_STATUS_OK || status == PLIM_STATUS_INPUT) {
        d->batch += r->input.data.size;
        if (d->full == NULL || d->batch < BATCH_BYTES) {
            return true;
        }
        d->batch = 0;
        return d->full(d, d->user);
    }
    d->code = out_fail(status, &error);
    return false;
}

static bool is_new(struct reader *r, const char *path)
{
    return !r->several || seen_add(&r->seen, path);
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
        bool dockerfile = plim_input_kind_of(name, NULL, 0) == PLIM_INPUT_DOCKERFILE;
        mem_free(name);
        r->documents->skipped += dockerfile;
        return !dockerfile || note(r->documents, "I0105", file->path,
                                   "a template is not checked; name it to check it all the same");
    }
    if (!input_read(&r->input, file->directory, file->name, file->regular)) {
        return note_unread(r, file->path);
    }
    return add(r, PLIM_INPUT_DOCKERFILE, file->path);
}

static void found_problem(void *user, const char *path, const char *problem)
{
    struct reader *r = user;
    r->documents->failed++;
    (void)note(r->documents, "I0101", path[0] != '\0' ? path : ".", problem);
}

static bool read_stdin(struct reader *r)
{
    const char *name = opt_value(r->documents->options, OPT_stdin_filename, "-");
    if (!input_read_stdin(&r->input)) {
        return note_unread(r, name);
    }
    return add(r, PLIM_INPUT_DOCKERFILE, name);
}

/* Named files are judged whatever their name, unless it tells of another format. */
static plim_input_kind kind_of_named(const char *path)
{
    static const char *const others[] = {".yaml", ".yml", ".json", ".plim", ".plimc", ".tar"};
    size_t size = strlen(path);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        size_t length = strlen(others[i]);
        if (size > length && strcmp(path + size - length, others[i]) == 0) {
            return PLIM_INPUT_AUTO;
        }
    }
    return PLIM_INPUT_DOCKERFILE;
}

static bool read_path(struct reader *r, const char *path)
{
    if (!is_new(r, path)) {
        return true;
    }
    if (strcmp(path, "-") == 0) {
        return read_stdin(r);
    }
    if (input_read(&r->input, AT_FDCWD, path, false)) {
        return add(r, kind_of_named(path), path);
    }
    if (r->input.directory) {
        struct walk walk = {.wanted = is_wanted,
                            .file = found_file,
                            .problem = found_problem,
                            .user = r,
                            .honour_ignore = !opt_given(r->documents->options, OPT_no_ignore)};
        bool more = walk_directory(&walk, path);
        r->documents->ignored += walk.ignored;
        return more;
    }
    const char *meant = r->input.missing ? opt_suggest_command(path) : NULL;
    if (meant != NULL) {
        out_say("`%s` is neither a file nor a command; did you mean `%s`?", path, meant);
    }
    return note_unread(r, path);
}

bool documents_read(struct documents *documents)
{
    struct reader r = {.documents = documents, .progress = isatty(STDERR_FILENO) == 1};
    if (r.progress && clock_gettime(CLOCK_MONOTONIC, &r.started) != 0) {
        r.progress = false;
    }
    const struct names *paths = &documents->options->arguments;
    r.several = paths->count > 1;
    bool more = true;
    if (paths->count == 0) {
        more = read_path(&r, ".");
    }
    for (size_t i = 0; i < paths->count && more; i++) {
        more = read_path(&r, paths->items[i]);
    }
    if (r.shown) {
        out_stderr("\r\033[K", 4);
    }
    bytes_release(&r.input.data);
    seen_release(&r.seen);
    return documents->code == 0;
}

bool documents_open(struct documents *documents)
{
    const struct options *options = documents->options;
    plim_error error = PLIM_ERROR_INIT;
    plim_facts_options chosen = PLIM_FACTS_OPTIONS_INIT;
    beside_init(&documents->beside);
    for (size_t i = 0; i < options->arguments.count; i++) {
        beside_allow(&documents->beside, options->arguments.items[i]);
    }
    chosen.defines = options->values[OPT_define].items;
    chosen.define_count = options->values[OPT_define].count;
    chosen.target = opt_value(options, OPT_target, NULL);
    chosen.context = opt_value(options, OPT_context, NULL);
    chosen.files = &documents->beside.files;
    if (chosen.context != NULL) {
        beside_allow(&documents->beside, chosen.context);
    }
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
