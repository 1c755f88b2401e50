/* SPDX-License-Identifier: Apache-2.0
 *
 * beside.c - see beside.h. openat2 with RESOLVE_BENEATH does the work; kernels without it get the
 * plain names only.
 */
#include "cli/beside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* `levels` times "../", then `name`. */
static void climb(struct bytes *out, unsigned levels, const char *name)
{
    out->size = 0;
    for (unsigned i = 0; i < levels; i++) {
        bytes_add_text(out, "../");
    }
    bytes_add_text(out, name);
}

/* How far above the current directory its repository is; 0 when there is none. */
static unsigned levels_to_repository(struct bytes *scratch)
{
    struct stat info;
    for (unsigned levels = 0; levels <= BESIDE_MAX_UP; levels++) {
        climb(scratch, levels, ".git");
        if (fstatat(AT_FDCWD, scratch->data, &info, AT_SYMLINK_NOFOLLOW) == 0) {
            return levels;
        }
    }
    return 0;
}

/* The last `levels` components of a path with a slash behind them. */
static char *last_components(const char *path, unsigned levels)
{
    const char *at = path + strlen(path);
    for (unsigned left = levels; left > 0 && at > path;) {
        at--;
        left -= *at == '/';
    }
    struct bytes text = {0};
    bytes_add_text(&text, levels > 0 && *at == '/' ? at + 1 : "");
    bytes_add_text(&text, levels > 0 ? "/" : "");
    return text.data;
}

/* Opens the repository around the current directory, or that directory. */
static void open_top(struct beside *b)
{
    char *current = getcwd(NULL, 0);
    unsigned levels = current != NULL ? levels_to_repository(&b->path) : 0;
    climb(&b->path, levels, ".");
    b->top = open(b->path.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    b->inside = last_components(current != NULL ? current : "", levels);
    free(current);
}

/* The rest of a path below a prefix of `size` bytes, "." for itself, or NULL. */
static const char *below(const char *prefix, size_t size, const char *path)
{
    if (strncmp(path, prefix, size) != 0 || (path[size] != '/' && path[size] != '\0')) {
        return NULL;
    }
    return path[size] == '/' ? path + size + 1 : ".";
}

/* Length of the directory part of a path; 0 when it has none. */
static size_t directory_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return 0;
    }
    return slash > path ? (size_t)(slash - path) : 1;
}

/* Remembers that a root is open, and closes the one that has been open for longest. */
static void note_opened(struct beside *b, size_t index)
{
    size_t *place = &b->opened[b->opened_count % BESIDE_OPEN_ROOTS];
    if (b->opened_count >= BESIDE_OPEN_ROOTS) {
        (void)close(b->roots[*place].directory);
        b->roots[*place].directory = -1;
    }
    *place = index;
    b->opened_count++;
}

/* Opens a root; false when it is none. */
static bool open_root(struct beside *b, size_t index)
{
    struct beside_root *root = &b->roots[index];
    if (root->directory >= 0) {
        return true;
    }
    root->directory = open(root->prefix, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    size_t size = directory_part(root->prefix);
    if (root->directory < 0 && root->is_argument && size > 0) {
        root->prefix[size] = '\0';
        root->directory = open(root->prefix, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    root->is_argument = false;
    if (root->directory < 0) {
        return false;
    }
    note_opened(b, index);
    return true;
}

/* The rest of a path below a root, which is open then, or NULL. */
static const char *enter_root(struct beside *b, size_t index, const char *path)
{
    struct beside_root *root = &b->roots[index];
    size_t size = strlen(root->prefix);
    bool possible =
        below(root->prefix, size, path) != NULL ||
        (root->is_argument && below(root->prefix, directory_part(root->prefix), path) != NULL);
    if (!possible || !open_root(b, index)) {
        return NULL;
    }
    return below(root->prefix, strlen(root->prefix), path);
}

/* Opens a path if it lies in the tree. -1 with errno. What leads out of one root may lie in another
 * that encloses it. */
static int open_inside(struct beside *b, const char *path, int flags)
{
    bool left = false;
    for (size_t i = 0; i < b->root_count; i++) {
        size_t index = (b->near + i) % b->root_count;
        const char *rest = enter_root(b, index, path);
        if (rest == NULL) {
            continue;
        }
        b->near = index;
        int file = input_open_beneath(b->roots[index].directory, rest, flags);
        if (file >= 0 || errno != EXDEV) {
            return file;
        }
        left = true;
    }
    if (left) {
        errno = EXDEV;
        return -1;
    }
    if (b->inside == NULL) {
        open_top(b);
    }
    if (path[0] == '/') {
        errno = EXDEV;
        return -1;
    }
    b->path.size = 0;
    bytes_add_text(&b->path, b->inside);
    bytes_add_text(&b->path, path);
    return input_open_beneath(b->top, b->path.data, flags);
}

static plim_status status_of(int reason)
{
    return reason == ENOENT || reason == ENOTDIR ? PLIM_STATUS_NOT_FOUND : PLIM_STATUS_INPUT;
}

static plim_status read_text(void *user, const char *path, const char **data, size_t *size)
{
    struct beside *b = user;
    if (b->given_path != NULL && strcmp(path, b->given_path) == 0) {
        *data = b->given.data;
        *size = b->given.size;
        return PLIM_STATUS_OK;
    }
    int file = open_inside(b, path, O_RDONLY);
    if (file < 0) {
        return status_of(errno);
    }
    b->texts = mem_grow(b->texts, &b->text_capacity, b->text_count + 1, sizeof *b->texts);
    struct input *input = &b->texts[b->text_count];
    *input = (struct input){0};
    b->text_count++;
    if (!input_read_opened(input, file)) {
        return input->too_large ? PLIM_STATUS_LIMIT : PLIM_STATUS_INPUT;
    }
    *data = input->data.data;
    *size = input->data.size;
    return PLIM_STATUS_OK;
}

static plim_status read_head(void *user, const char *path, char *buffer, size_t size, size_t *got)
{
    int file = open_inside(user, path, O_RDONLY);
    if (file < 0) {
        return status_of(errno);
    }
    struct stat info;
    ssize_t bytes = -1;
    if (fstat(file, &info) == 0 && S_ISREG(info.st_mode)) {
        bytes = pread(file, buffer, size, 0);
    }
    (void)close(file);
    *got = bytes > 0 ? (size_t)bytes : 0;
    return bytes >= 0 ? PLIM_STATUS_OK : PLIM_STATUS_INPUT;
}

static plim_file_kind kind_of(mode_t mode)
{
    return S_ISREG(mode)   ? PLIM_FILE_REGULAR
           : S_ISDIR(mode) ? PLIM_FILE_DIRECTORY
           : S_ISLNK(mode) ? PLIM_FILE_LINK
                           : PLIM_FILE_OTHER;
}

/* Kind of an entry; file systems that do not tell are asked. */
static plim_file_kind kind_of_entry(int directory, const struct dirent *entry)
{
    struct stat info;
    if (entry->d_type != DT_UNKNOWN) {
        return kind_of(DTTOIF(entry->d_type));
    }
    return fstatat(directory, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0
               ? kind_of(info.st_mode)
               : PLIM_FILE_OTHER;
}

static plim_status list_entries(void *user, const char *path, plim_file_entry *entry,
                                void *entry_user)
{
    int directory = open_inside(user, path, O_RDONLY | O_DIRECTORY);
    DIR *stream = directory >= 0 ? fdopendir(directory) : NULL;
    if (stream == NULL) {
        plim_status status = status_of(errno);
        if (directory >= 0) {
            (void)close(directory);
        }
        return status;
    }
    for (;;) {
        errno = 0;
        const struct dirent *item = readdir(stream);
        if (item == NULL) {
            break;
        }
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0 &&
            entry(entry_user, item->d_name, kind_of_entry(directory, item)) == 0) {
            break;
        }
    }
    plim_status status = errno == 0 ? PLIM_STATUS_OK : PLIM_STATUS_INPUT;
    (void)closedir(stream);
    return status;
}

static plim_status inspect(void *user, const char *path, plim_file_status *status)
{
    int file = open_inside(user, path, O_PATH | O_NOFOLLOW);
    if (file < 0) {
        return status_of(errno);
    }
    struct stat info;
    int failed = fstat(file, &info);
    (void)close(file);
    if (failed != 0) {
        return PLIM_STATUS_INPUT;
    }
    *status = (plim_file_status){.kind = kind_of(info.st_mode),
                                 .mode = info.st_mode & 07777,
                                 .size = (uint64_t)info.st_size};
    return PLIM_STATUS_OK;
}

void beside_init(struct beside *beside)
{
    plim_files files = PLIM_FILES_INIT;
    *beside = (struct beside){.files = files, .top = -1};
    beside->files.user = beside;
    beside->files.read = read_text;
    beside->files.head = read_head;
    beside->files.list = list_entries;
    beside->files.inspect = inspect;
}

void beside_allow(struct beside *beside, const char *argument)
{
    size_t size = strlen(argument);
    while (size > 1 && argument[size - 1] == '/') {
        size--;
    }
    beside->roots = mem_grow(beside->roots, &beside->root_capacity, beside->root_count + 1,
                             sizeof *beside->roots);
    beside->roots[beside->root_count] = (struct beside_root){
        .prefix = mem_copy(argument, size), .directory = -1, .is_argument = true};
    beside->root_count++;
}

void beside_give(struct beside *beside, const char *path, char *data, size_t size)
{
    beside->given_path = path;
    beside->given.data = data;
    beside->given.size = size;
}

size_t beside_bytes(const struct beside *beside)
{
    size_t bytes = 0;
    for (size_t i = 0; i < beside->text_count; i++) {
        bytes += beside->texts[i].data.size;
    }
    return bytes;
}

void beside_forget(struct beside *beside)
{
    for (size_t i = 0; i < beside->text_count; i++) {
        bytes_release(&beside->texts[i].data);
    }
    beside->text_count = 0;
}

void beside_release(struct beside *beside)
{
    beside_forget(beside);
    for (size_t i = 0; i < beside->root_count; i++) {
        if (beside->roots[i].directory >= 0) {
            (void)close(beside->roots[i].directory);
        }
        mem_free(beside->roots[i].prefix);
    }
    if (beside->top >= 0) {
        (void)close(beside->top);
    }
    mem_free(beside->texts);
    mem_free(beside->roots);
    mem_free(beside->inside);
    bytes_release(&beside->path);
    *beside = (struct beside){.top = -1};
}
