/* SPDX-License-Identifier: Apache-2.0
 *
 * context_walk.c - see context_walk.h. A stack of directories instead of recursion: the entries of
 * a directory are gathered, sorted, judged; its subdirectories wait on the stack.
 */
#include "facts/context/context_walk.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    struct str name;
    enum files_kind kind;
};

struct pending {
    struct str path;
    unsigned depth;
};

struct walker {
    const struct context_walk *walk;
    struct arena *arena;
    struct entry *entries; /* of the directory at hand */
    size_t entry_count;
    size_t entry_capacity;
    struct pending *stack;
    size_t stack_count;
    size_t stack_capacity;
    struct context_found *found;
    size_t found_capacity;
    struct context_walked out;
    bool full; /* a bound on the whole was met: nothing more is listed */
};

/* Room for one more item of an array in the arena; NULL after a failure. */
static void *grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    size_t wanted = *capacity == 0 ? 32 : *capacity * 2;
    void *grown = arena_alloc_array(arena, wanted, size);
    if (grown == NULL) {
        return NULL;
    }
    if (count > 0) {
        memcpy(grown, items, count * size);
    }
    *capacity = wanted;
    return grown;
}

struct str context_join(struct arena *arena, struct str directory, struct str path)
{
    if (directory.len == 0 || str_eq(directory, STR("."))) {
        return path.len > 0 ? path : STR(".");
    }
    if (path.len == 0) {
        return directory;
    }
    bool slash = directory.ptr[directory.len - 1] != '/';
    char *text = ARENA_ARRAY(arena, char, directory.len + slash + path.len);
    if (text == NULL) {
        return STR("");
    }
    memcpy(text, directory.ptr, directory.len);
    text[directory.len] = '/';
    memcpy(text + directory.len + slash, path.ptr, path.len);
    return str_make(text, directory.len + slash + path.len);
}

static bool is_at_or_below(struct str path, struct str root)
{
    return root.len == 0 ||
           (str_starts_with(path, root) && (path.len == root.len || path.ptr[root.len] == '/'));
}

/* Whether some root holds the path, or lies below it when it is a directory. */
static bool is_copied(const struct context_walk *walk, struct str path, bool directory)
{
    for (size_t i = 0; i < walk->root_count; i++) {
        struct str root = walk->roots[i].path;
        if (is_at_or_below(path, root) || (directory && is_at_or_below(root, path))) {
            return true;
        }
    }
    return false;
}

/* A malformed pattern stops a build; here it leaves the file in, which is the safe side. */
static bool is_ignored(const struct context_walk *walk, struct str path)
{
    bool ignored = false;
    struct ignore_fault fault;
    return ignore_match(&ignored, walk->ignore, path, &fault) == PLIM_STATUS_OK && ignored;
}

static bool take_entry(void *user, struct str name, enum files_kind kind)
{
    struct walker *w = user;
    if (w->out.entries >= CONTEXT_MAX_ENTRIES) {
        w->full = true;
        return false;
    }
    w->out.entries++;
    struct entry *entries =
        grow(w->arena, w->entries, w->entry_count, &w->entry_capacity, sizeof *entries);
    if (entries == NULL) {
        return false;
    }
    w->entries = entries;
    entries[w->entry_count] = (struct entry){arena_copy_str(w->arena, name), kind};
    w->entry_count++;
    return true;
}

static void add_found(struct walker *w, struct context_found found)
{
    if (w->out.count >= CONTEXT_MAX_FILES) {
        w->full = true;
        return;
    }
    struct context_found *items =
        grow(w->arena, w->found, w->out.count, &w->found_capacity, sizeof *items);
    if (items != NULL) {
        w->found = items;
        items[w->out.count] = found;
        w->out.count++;
    }
}

/* What a file is, proved by its first bytes where its name alone is no proof. */
static const struct file_kind *kind_of(struct walker *w, struct str path)
{
    const struct facts_files *files = w->walk->files;
    struct str head = {0};
    bool read = false;
    size_t next = 0;
    for (;;) {
        const struct file_kind *kind = file_kind_of(path, &next);
        if (kind == NULL || kind->needles.len == 0) {
            return kind;
        }
        if (!read) {
            char *buffer = ARENA_ARRAY(w->arena, char, FILE_KIND_HEAD);
            struct str full = context_join(w->arena, w->walk->directory, path);
            size_t got = 0;
            if (buffer == NULL || files->head == NULL ||
                files->head(files->user, full, buffer, FILE_KIND_HEAD, &got) != PLIM_STATUS_OK) {
                return NULL;
            }
            head = str_make(buffer, got);
            read = true;
        }
        if (file_kind_proved(kind, head)) {
            return kind;
        }
    }
}

static void take_file(struct walker *w, struct str path)
{
    struct arena_mark mark = arena_mark(w->arena);
    const struct file_kind *kind = kind_of(w, path);
    arena_rewind(w->arena, mark);
    if (kind == NULL) {
        return;
    }
    struct context_found found = {.path = path, .kind = kind};
    const struct facts_files *files = w->walk->files;
    struct str full = context_join(w->arena, w->walk->directory, path);
    if (files->inspect != NULL &&
        files->inspect(files->user, full, &found.status) != PLIM_STATUS_OK) {
        found.status = (struct files_status){0};
    }
    add_found(w, found);
}

static void take_directory(struct walker *w, struct str path, struct str name, unsigned depth)
{
    const struct file_kind *kind = file_kind_of_directory(name);
    if (kind != NULL) {
        add_found(w, (struct context_found){.path = path, .kind = kind, .directory = true});
        return;
    }
    if (depth >= CONTEXT_MAX_DEPTH) {
        w->out.truncated = true;
        return;
    }
    struct pending *stack =
        grow(w->arena, w->stack, w->stack_count, &w->stack_capacity, sizeof *stack);
    if (stack != NULL) {
        w->stack = stack;
        stack[w->stack_count] = (struct pending){path, depth + 1};
        w->stack_count++;
    }
}

static void take(struct walker *w, const struct pending *at, const struct entry *entry)
{
    const struct context_walk *walk = w->walk;
    bool directory = entry->kind == FILES_DIRECTORY;
    struct str path = context_join(w->arena, at->path, entry->name);
    if (arena_status(w->arena) != PLIM_STATUS_OK || !is_copied(walk, path, directory)) {
        return;
    }
    /* A later `!` pattern may bring back what lies below an ignored directory. */
    bool enter_all =
        directory && walk->ignore->has_exclusions && file_kind_of_directory(entry->name) == NULL;
    if (!enter_all && is_ignored(walk, path)) {
        return;
    }
    if (directory) {
        take_directory(w, path, entry->name, at->depth);
    } else if (entry->kind == FILES_REGULAR) {
        take_file(w, path);
    }
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    return str_compare(left->name, right->name);
}

static int compare_found(const void *a, const void *b)
{
    const struct context_found *left = a;
    const struct context_found *right = b;
    return str_compare(left->path, right->path);
}

static plim_status walk_directory(struct walker *w, const struct pending *at)
{
    const struct facts_files *files = w->walk->files;
    struct str full = context_join(w->arena, w->walk->directory, at->path);
    w->entry_count = 0;
    plim_status status =
        files->list == NULL ? PLIM_STATUS_NOT_FOUND : files->list(files->user, full, take_entry, w);
    if (status != PLIM_STATUS_OK || arena_status(w->arena) != PLIM_STATUS_OK) {
        return status != PLIM_STATUS_OK ? status : arena_status(w->arena);
    }
    if (w->entry_count > 1) {
        qsort(w->entries, w->entry_count, sizeof *w->entries, compare_entries);
    }
    for (size_t i = 0; i < w->entry_count; i++) {
        take(w, at, &w->entries[i]);
    }
    return arena_status(w->arena);
}

plim_status context_walk(struct context_walked *out, struct arena *arena,
                         const struct context_walk *walk)
{
    struct walker w = {.walk = walk, .arena = arena};
    struct pending top = {STR(""), 0};
    plim_status status = walk_directory(&w, &top);
    while (status == PLIM_STATUS_OK && w.stack_count > 0 && !w.full) {
        w.stack_count--;
        struct pending next = w.stack[w.stack_count];
        status = walk_directory(&w, &next);
        if (status == PLIM_STATUS_INPUT || status == PLIM_STATUS_NOT_FOUND) {
            w.out.truncated = true;
            status = PLIM_STATUS_OK;
        }
    }
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    if (w.out.count > 1) {
        qsort(w.found, w.out.count, sizeof *w.found, compare_found);
    }
    w.out.found = w.found;
    w.out.truncated = w.out.truncated || w.full;
    *out = w.out;
    return PLIM_STATUS_OK;
}
