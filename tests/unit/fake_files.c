/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_files.c - see fake_files.h.
 */
#include "fake_files.h"

#include <string.h>

static const struct fake_file *find(const struct fake_files *fake, struct str path)
{
    for (size_t i = 0; i < fake->count; i++) {
        if (str_eq(str_from_cstr(fake->items[i].path), path)) {
            return &fake->items[i];
        }
    }
    return NULL;
}

static plim_status read_text(void *user, struct str path, struct str *text)
{
    const struct fake_file *file = find(user, path);
    if (file == NULL) {
        return PLIM_STATUS_NOT_FOUND;
    }
    *text = str_from_cstr(file->text);
    return PLIM_STATUS_OK;
}

static plim_status read_head(void *user, struct str path, char *buffer, size_t size, size_t *got)
{
    struct str text;
    plim_status status = read_text(user, path, &text);
    if (status == PLIM_STATUS_OK) {
        *got = text.len < size ? text.len : size;
        memcpy(buffer, text.ptr, *got);
    }
    return status;
}

/* The part of a file's path that is an entry of `directory`; empty when it is not below it. */
static struct str entry_of(const char *path, struct str directory, bool *more)
{
    struct str rest = str_from_cstr(path);
    if (!str_eq(directory, STR("."))) {
        if (!str_starts_with(rest, directory) || rest.len <= directory.len ||
            rest.ptr[directory.len] != '/') {
            return STR("");
        }
        rest = str_slice(rest, directory.len + 1, rest.len);
    }
    size_t slash = str_find_char(rest, '/', 0);
    *more = slash < rest.len;
    return str_slice(rest, 0, slash);
}

static plim_status list_entries(void *user, struct str path, files_entry_fn *entry,
                                void *entry_user)
{
    struct fake_files *fake = user;
    bool any = false;
    fake->lists++;
    if (fake->unreadable != NULL && str_eq(path, str_from_cstr(fake->unreadable))) {
        return PLIM_STATUS_INPUT;
    }
    for (size_t i = 0; i < fake->count; i++) {
        bool directory = false;
        struct str name = entry_of(fake->items[i].path, path, &directory);
        bool told = false;
        for (size_t j = 0; j < i && !told; j++) {
            bool other = false;
            told = str_eq(entry_of(fake->items[j].path, path, &other), name);
        }
        any = any || name.len > 0;
        if (name.len > 0 && !told &&
            !entry(entry_user, name, directory ? FILES_DIRECTORY : FILES_REGULAR)) {
            return PLIM_STATUS_OK;
        }
    }
    return any ? PLIM_STATUS_OK : PLIM_STATUS_NOT_FOUND;
}

static plim_status inspect(void *user, struct str path, struct files_status *status)
{
    const struct fake_files *fake = user;
    const struct fake_file *file = find(fake, path);
    if (file != NULL) {
        *status = (struct files_status){.kind = FILES_REGULAR,
                                        .mode = file->mode != 0 ? file->mode : 0644,
                                        .size = strlen(file->text)};
        return PLIM_STATUS_OK;
    }
    for (size_t i = 0; i < fake->count; i++) {
        bool more = false;
        if (entry_of(fake->items[i].path, path, &more).len > 0) {
            *status = (struct files_status){.kind = FILES_DIRECTORY, .mode = 0755};
            return PLIM_STATUS_OK;
        }
    }
    return PLIM_STATUS_NOT_FOUND;
}

void fake_files_init(struct fake_files *fake, const struct fake_file *items, size_t count)
{
    *fake = (struct fake_files){.files = {.user = fake,
                                          .read = read_text,
                                          .head = read_head,
                                          .list = list_entries,
                                          .inspect = inspect},
                                .items = items,
                                .count = count};
}
