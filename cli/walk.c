/* SPDX-License-Identifier: Apache-2.0
 *
 * walk.c - a depth-first walk that reads each directory once.
 *
 * One listing buffer serves all levels: the entries of a directory are copied out (wanted files and
 * subdirectories only), sorted by bytes, then handled; a level's entries are given back when it is
 * done. Paths are built in one buffer, too.
 */
#include "cli/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/gitignore.h"
#include "cli/inputs.h"
#include "cli/mem.h"

enum { LISTING = 64 << 10, DEEPEST = 128, LONGEST_PATH = 4095 };

struct entry {
    size_t name; /* offset into names */
    size_t size;
    bool directory;
    bool regular;
};

struct walker {
    struct walk *walk;
    struct bytes path;
    struct bytes names; /* of all open levels, NUL-terminated each */
    struct entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    struct gitignore ignore;
    char *listing;
    unsigned depth;
};

/* Directories that hold no sources of their own. */
static bool is_skipped(const char *name)
{
    static const char *const skipped[] = {".git", ".hg", ".svn", ".bzr", "node_modules"};
    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
        if (strcmp(name, skipped[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The kind of an entry that the file system did not list, or of what a link points to. */
static void look_at(int directory, const char *name, bool link, struct entry *entry)
{
    struct stat info;
    if (fstatat(directory, name, &info, link ? 0 : AT_SYMLINK_NOFOLLOW) != 0) {
        /* A dangling link is passed on: reading it says what is wrong. */
        return;
    }
    if (!link && S_ISLNK(info.st_mode)) {
        look_at(directory, name, true, entry);
        return;
    }
    entry->directory = S_ISDIR(info.st_mode);
    entry->regular = S_ISREG(info.st_mode) && !link;
}

static void take_entry(struct walker *w, int directory, const struct dirent64 *item, bool *ignores)
{
    const char *name = item->d_name;
    if (name[0] == '.') {
        if (name[1] == '\0' || (name[1] == '.' && name[2] == '\0')) {
            return;
        }
        *ignores = *ignores || strcmp(name, ".gitignore") == 0;
    }
    struct entry entry = {.directory = item->d_type == DT_DIR, .regular = item->d_type == DT_REG};
    size_t size = strlen(name);
    bool wanted = w->walk->wanted(w->walk->user, name, size);
    if (item->d_type == DT_UNKNOWN) {
        look_at(directory, name, false, &entry);
    } else if (item->d_type == DT_LNK && wanted) {
        look_at(directory, name, true, &entry);
        if (entry.directory) {
            return;
        }
    } else if (!entry.directory && !entry.regular) {
        /* FIFOs, sockets and devices are not found, only named. */
        return;
    }
    if (entry.directory ? is_skipped(name) : !wanted) {
        return;
    }
    entry.name = w->names.size;
    entry.size = size;
    bytes_add(&w->names, name, size + 1);
    w->entries = mem_grow(w->entries, &w->entry_capacity, w->entry_count + 1, sizeof *w->entries);
    w->entries[w->entry_count] = entry;
    w->entry_count++;
}

/* Lists a directory; false with errno set when it cannot be read. */
static bool list_directory(struct walker *w, int directory, bool *ignores)
{
    for (;;) {
        ssize_t got = getdents64(directory, w->listing, LISTING);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got == 0;
        }
        for (ssize_t at = 0; at < got;) {
            const struct dirent64 *item = (const struct dirent64 *)(void *)(w->listing + at);
            take_entry(w, directory, item, ignores);
            at += item->d_reclen;
        }
    }
}

static int compare_entries(const void *a, const void *b, void *names)
{
    const struct entry *left = a;
    const struct entry *right = b;
    return strcmp((const char *)names + left->name, (const char *)names + right->name);
}

/* The text of the directory's .gitignore, in force until the level is done; NULL when there is
 * none that can be read. */
static char *load_ignore(struct walker *w, int directory)
{
    struct input input = {0};
    char *text = NULL;
    if (input_read(&input, directory, ".gitignore", false)) {
        text = input.data.data;
        gitignore_add(&w->ignore, text, input.data.size, w->path.size);
    } else {
        bytes_release(&input.data);
    }
    return text;
}

static bool walk_level(struct walker *w, int directory);

static bool enter(struct walker *w, int parent, const char *name)
{
    w->path.data[w->path.size] = '\0';
    if (w->depth >= DEEPEST || w->path.size >= LONGEST_PATH) {
        w->walk->problem(w->walk->user, w->path.data, "is nested too deeply");
        return true;
    }
    int directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) {
        struct bytes text = {0};
        bytes_printf(&text, "cannot open: %s", strerrordesc_np(errno));
        w->walk->problem(w->walk->user, w->path.data, text.data);
        bytes_release(&text);
        return true;
    }
    w->depth++;
    bytes_add(&w->path, "/", 1);
    bool more = walk_level(w, directory);
    w->depth--;
    (void)close(directory);
    return more;
}

/* Handles one entry of an open directory; the path buffer ends with that directory. */
static bool handle(struct walker *w, int directory, const struct entry *entry)
{
    size_t base = w->path.size;
    bytes_add(&w->path, w->names.data + entry->name, entry->size);
    bool more = true;
    if (w->ignore.count > 0 &&
        gitignore_match(&w->ignore, w->path.data, w->path.size, entry->directory)) {
        w->walk->ignored++;
    } else if (entry->directory) {
        more = enter(w, directory, w->names.data + entry->name);
    } else {
        struct walk_file file = {.directory = directory,
                                 .name = w->names.data + entry->name,
                                 .path = w->path.data,
                                 .regular = entry->regular};
        more = w->walk->file(w->walk->user, &file);
    }
    w->path.size = base;
    w->path.data[base] = '\0';
    return more;
}

static bool walk_level(struct walker *w, int directory)
{
    size_t first = w->entry_count;
    size_t first_name = w->names.size;
    size_t patterns = w->ignore.count;
    bool ignores = false;
    if (!list_directory(w, directory, &ignores)) {
        struct bytes text = {0};
        bytes_printf(&text, "cannot list: %s", strerrordesc_np(errno));
        w->walk->problem(w->walk->user, w->path.data, text.data);
        bytes_release(&text);
    }
    char *ignore_text = ignores && w->walk->honour_ignore ? load_ignore(w, directory) : NULL;
    size_t count = w->entry_count - first;
    if (count > 1) {
        qsort_r(w->entries + first, count, sizeof *w->entries, compare_entries, w->names.data);
    }
    bool more = true;
    for (size_t i = 0; i < count && more; i++) {
        struct entry entry = w->entries[first + i];
        more = handle(w, directory, &entry);
    }
    w->entry_count = first;
    w->names.size = first_name;
    gitignore_truncate(&w->ignore, patterns);
    mem_free(ignore_text);
    return more;
}

bool walk_directory(struct walk *walk, const char *path)
{
    struct walker w = {.walk = walk};
    size_t capacity = 0;
    w.listing = mem_grow(NULL, &capacity, LISTING, 1);
    bool more = true;
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        struct bytes text = {0};
        bytes_printf(&text, "cannot open: %s", strerrordesc_np(errno));
        walk->problem(walk->user, path, text.data);
        bytes_release(&text);
    } else {
        size_t size = strlen(path);
        while (size > 1 && path[size - 1] == '/') {
            size--;
        }
        /* "." is left out of the paths below it. */
        if (size == 1 && path[0] == '.') {
            bytes_add(&w.path, "", 0);
        } else {
            bytes_add(&w.path, path, size);
            if (path[size - 1] != '/') {
                bytes_add(&w.path, "/", 1);
            }
        }
        more = walk_level(&w, directory);
        (void)close(directory);
    }
    bytes_release(&w.path);
    bytes_release(&w.names);
    mem_free(w.entries);
    mem_free(w.ignore.items);
    mem_free(w.listing);
    return more;
}
