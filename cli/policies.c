/* SPDX-License-Identifier: Apache-2.0
 *
 * policies.c - policy files and compiled images from the file system, and imports between files.
 */
#include "cli/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/inputs.h"
#include "cli/mem.h"
#include "cli/out.h"
#include "cli/walk.h"

enum { POLICY_MAX_BYTES = 1 << 20, POLICY_MAX_FILES = 10000 };

/* A directory of policies being read. */
struct reading {
    struct policy_files *files;
    struct input input;
    int code;
};

static bool has_suffix(const char *name, size_t size, const char *suffix)
{
    size_t length = strlen(suffix);
    return size > length && memcmp(name + size - length, suffix, length) == 0;
}

static bool is_policy(void *user, const char *name, size_t size)
{
    (void)user;
    return has_suffix(name, size, ".plim");
}

static bool add_file(struct reading *reading, int directory, const char *name, const char *path)
{
    struct input *input = &reading->input;
    if (!input_read(input, directory, name, false)) {
        out_say("%s: %s", path, input->problem);
        reading->code = EXIT_POLICY;
        return true;
    }
    struct policy_files *files = reading->files;
    if (files->count >= POLICY_MAX_FILES) {
        out_say("%s: more than %d policy files", path, POLICY_MAX_FILES);
        reading->code = EXIT_POLICY;
        return false;
    }
    files->items = mem_grow(files->items, &files->capacity, files->count + 1, sizeof *files->items);
    files->items[files->count] =
        (plim_source){.name = names_add_copy(&files->copies, path, strlen(path)),
                      .text = names_add_copy(&files->copies, input->data.data, input->data.size),
                      .size = input->data.size};
    files->count++;
    return true;
}

static bool found_file(void *user, const struct walk_file *file)
{
    return add_file(user, file->directory, file->name, file->path);
}

static void found_problem(void *user, const char *path, const char *problem)
{
    struct reading *reading = user;
    out_say("%s: %s", path, problem);
    reading->code = EXIT_POLICY;
}

int policy_files_read(struct policy_files *files, const char *path)
{
    struct reading reading = {.files = files};
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        struct walk walk = {
            .wanted = is_policy, .file = found_file, .problem = found_problem, .user = &reading};
        (void)walk_directory(&walk, path);
    } else {
        (void)add_file(&reading, AT_FDCWD, path, path);
    }
    bytes_release(&reading.input.data);
    return reading.code;
}

int policy_files_gather(struct policy_files *files, const struct names *paths, int when_none)
{
    for (size_t i = 0; i < paths->count; i++) {
        int code = policy_files_read(files, paths->items[i]);
        if (code != 0) {
            return code;
        }
    }
    if (files->count == 0) {
        out_say("no .plim file was found");
        return when_none;
    }
    return 0;
}

void policy_files_release(struct policy_files *files)
{
    mem_free(files->items);
    names_release_copies(&files->copies);
    *files = (struct policy_files){0};
}

/* Opens the directory of a root, which is a directory or a file in one; -1 when it cannot be. */
static int open_root(const char *root)
{
    int directory = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *slash = strrchr(root, '/');
    if (directory < 0 && errno == ENOTDIR && slash == NULL) {
        directory = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    } else if (directory < 0 && errno == ENOTDIR) {
        char *parent = mem_copy(root, (size_t)(slash - root) + 1);
        directory = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        mem_free(parent);
    }
    return directory;
}

/* Supplies an imported module: ROOT/module.plim for the first root that has it. */
static plim_status read_module(void *user, const char *module, plim_text *out)
{
    const struct names *roots = user;
    plim_status status = PLIM_STATUS_NOT_FOUND;
    struct bytes name = {0};
    bytes_printf(&name, "%s.plim", module);
    for (size_t i = 0; i < roots->count && status == PLIM_STATUS_NOT_FOUND; i++) {
        int directory = open_root(roots->items[i]);
        if (directory < 0) {
            continue;
        }
        struct input input = {0};
        if (input_read_beneath(&input, directory, name.data)) {
            status = input.data.size > POLICY_MAX_BYTES
                         ? PLIM_STATUS_LIMIT
                         : plim_text_set(out, input.data.data, input.data.size);
        } else if (!input.missing) {
            status = PLIM_STATUS_IO;
        }
        bytes_release(&input.data);
        input_close(directory);
    }
    bytes_release(&name);
    return status;
}

plim_compile_options policy_compile_options(const struct names *roots)
{
    plim_compile_options options = PLIM_COMPILE_OPTIONS_INIT;
    options.read_module = read_module;
    options.user = (void *)roots;
    return options;
}

void show_diags(plim_diags *diags, const char *color)
{
    plim_text text = PLIM_TEXT_INIT;
    if (plim_diags_text(diags, out_color(color, 2), out_width(2), &text) == PLIM_STATUS_OK) {
        out_stderr(text.data, text.size);
    } else {
        out_say("diagnostics cannot be shown for want of memory");
    }
    plim_text_release(&text);
}

static int add_policy(struct policies *policies, plim_policy *policy)
{
    policies->items = mem_grow(policies->items, &policies->capacity, policies->count + 1,
                               sizeof *policies->items);
    policies->items[policies->count] = policy;
    policies->count++;
    return 0;
}

static int load_image(struct policies *policies, const char *path)
{
    struct input input = {0};
    if (!input_read(&input, AT_FDCWD, path, false)) {
        out_say("%s: %s", path, input.problem);
        bytes_release(&input.data);
        return EXIT_POLICY;
    }
    plim_policy *policy = NULL;
    plim_error error = PLIM_ERROR_INIT;
    plim_status status =
        plim_policy_load(&policy, input.data.data, input.data.size, 0, NULL, &error);
    bytes_release(&input.data);
    if (status != PLIM_STATUS_OK) {
        out_say("%s: %s", path, error.message);
        return status == PLIM_STATUS_LIMIT ? EXIT_POLICY : plim_status_exit_code(status);
    }
    return add_policy(policies, policy);
}

/* All sources given with --policy are one pack. */
static int compile_sources(struct policies *policies, const struct policy_files *files,
                           const struct names *roots)
{
    plim_diags *diags = NULL;
    plim_policy *policy = NULL;
    plim_error error = PLIM_ERROR_INIT;
    plim_compile_options options = policy_compile_options(roots);
    options.warn = 0;
    plim_status status = plim_diags_new(&diags, NULL);
    if (status == PLIM_STATUS_OK) {
        status = plim_policy_compile(&policy, files->items, files->count, &options, diags, &error);
        show_diags(diags, "auto");
        plim_diags_free(diags);
    }
    return status == PLIM_STATUS_OK ? add_policy(policies, policy) : out_fail(status, &error);
}

static int load_builtin(struct policies *policies)
{
    plim_policy *policy = NULL;
    plim_error error = PLIM_ERROR_INIT;
    plim_status status = plim_policy_builtin(&policy, NULL, &error);
    if (status == PLIM_STATUS_NOT_FOUND) {
        return 0;
    }
    return status == PLIM_STATUS_OK ? add_policy(policies, policy) : out_fail(status, &error);
}

int policies_load(struct policies *policies, const struct options *options)
{
    int code = opt_given(options, OPT_no_builtin) ? 0 : load_builtin(policies);
    const struct names *paths = &options->values[OPT_policy];
    struct policy_files files = {0};
    struct names roots = {0};
    for (size_t i = 0; i < paths->count && code == 0; i++) {
        const char *path = paths->items[i];
        if (has_suffix(path, strlen(path), ".plimc")) {
            code = load_image(policies, path);
        } else {
            size_t before = files.count;
            code = policy_files_read(&files, path);
            names_add(&roots, path);
            if (code == 0 && files.count == before) {
                out_say("%s: holds no .plim file", path);
                code = EXIT_POLICY;
            }
        }
    }
    if (code == 0 && files.count > 0) {
        code = compile_sources(policies, &files, &roots);
    }
    policy_files_release(&files);
    names_release(&roots);
    return code;
}

void policies_release(struct policies *policies)
{
    for (size_t i = 0; i < policies->count; i++) {
        plim_policy_release(policies->items[i]);
    }
    mem_free(policies->items);
    *policies = (struct policies){0};
}
