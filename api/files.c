/* SPDX-License-Identifier: Apache-2.0
 *
 * files.c - the caller's plim_files as the facts_files of the readers: NUL-terminated paths there,
 * views here. What may be opened is decided by the caller alone.
 */
#include "api/api.h"

#include <string.h>

/* A path as the caller wants it; false for one that no file can have. */
static bool to_path(char out[FILES_MAX_PATH + 1], struct str path)
{
    if (path.len > FILES_MAX_PATH || path.len == 0 || memchr(path.ptr, '\0', path.len) != NULL) {
        return false;
    }
    memcpy(out, path.ptr, path.len);
    out[path.len] = '\0';
    return true;
}

static plim_status read_text(void *user, struct str path, struct str *text)
{
    plim_facts *facts = user;
    char name[FILES_MAX_PATH + 1];
    const char *data = NULL;
    size_t size = 0;
    if (!to_path(name, path)) {
        return PLIM_STATUS_NOT_FOUND;
    }
    plim_status status = facts->outside.read(facts->outside.user, name, &data, &size);
    if (status == PLIM_STATUS_OK && size > facts->file_bytes) {
        return PLIM_STATUS_LIMIT;
    }
    if (status == PLIM_STATUS_OK) {
        /* Readers keep views of it as sources, which live as long as the facts. */
        *text = arena_copy_str(&facts->arena, str_make(size > 0 ? data : "", size));
        status = arena_status(&facts->arena);
    }
    return status;
}

static plim_status read_head(void *user, struct str path, char *buffer, size_t size, size_t *got)
{
    const plim_facts *facts = user;
    char name[FILES_MAX_PATH + 1];
    return to_path(name, path) ? facts->outside.head(facts->outside.user, name, buffer, size, got)
                               : PLIM_STATUS_NOT_FOUND;
}

struct listing {
    files_entry_fn *entry;
    void *user;
};

static enum files_kind kind_of(plim_file_kind kind)
{
    switch (kind) {
    case PLIM_FILE_REGULAR:
        return FILES_REGULAR;
    case PLIM_FILE_DIRECTORY:
        return FILES_DIRECTORY;
    case PLIM_FILE_LINK:
        return FILES_LINK;
    case PLIM_FILE_OTHER:
    default:
        return FILES_OTHER;
    }
}

static int pass_entry(void *user, const char *name, plim_file_kind kind)
{
    const struct listing *listing = user;
    return listing->entry(listing->user, str_from_cstr(name), kind_of(kind));
}

static plim_status list_entries(void *user, struct str path, files_entry_fn *entry,
                                void *entry_user)
{
    const plim_facts *facts = user;
    char name[FILES_MAX_PATH + 1];
    struct listing listing = {entry, entry_user};
    return to_path(name, path)
               ? facts->outside.list(facts->outside.user, name, pass_entry, &listing)
               : PLIM_STATUS_NOT_FOUND;
}

static plim_status inspect(void *user, struct str path, struct files_status *status)
{
    const plim_facts *facts = user;
    char name[FILES_MAX_PATH + 1];
    plim_file_status found = {0};
    if (!to_path(name, path)) {
        return PLIM_STATUS_NOT_FOUND;
    }
    plim_status answer = facts->outside.inspect(facts->outside.user, name, &found);
    if (answer == PLIM_STATUS_OK) {
        *status = (struct files_status){
            .kind = kind_of(found.kind), .mode = found.mode & 07777, .size = found.size};
    }
    return answer;
}

void files_open(plim_facts *facts)
{
    const plim_files *outside = &facts->outside;
    facts->files = (struct facts_files){
        .user = facts,
        .read = outside->read != NULL ? read_text : NULL,
        .head = outside->head != NULL ? read_head : NULL,
        .list = outside->list != NULL ? list_entries : NULL,
        .inspect = outside->inspect != NULL ? inspect : NULL,
    };
}
