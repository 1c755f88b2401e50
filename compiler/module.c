/* SPDX-License-Identifier: Apache-2.0
 *
 * module.c - see module.h. A depth-first walk over the imports; a module is appended to the result
 * when all it imports have been. Recursion is bounded by MODULE_MAX_DEPTH. Look-ups are linear:
 * there are at most a few hundred modules.
 */
#include "compiler/module.h"

#include "compiler/parse.h"

enum entry_state { ENTRY_NEW, ENTRY_ACTIVE, ENTRY_DONE };

struct entry {
    struct str path;
    source_id source;
    enum entry_state state;
    bool given; /* an input: may be found by the end of its path */
    struct ast_module *tree;
    const struct entry *importer; /* while active */
    struct entry *next;
};

struct loader {
    const struct module_request *request;
    struct entry *entries;
    struct entry **entries_tail;
    size_t imported;
    struct ast_module **tail;
};

static struct str module_path(struct str name)
{
    while (str_starts_with(name, STR("./"))) {
        name = str_slice(name, 2, name.len);
    }
    size_t end = str_ends_with(name, STR(".plim")) ? name.len - (sizeof ".plim" - 1) : name.len;
    return str_slice(name, 0, end);
}

static plim_status add_entry(struct loader *loader, struct entry **out, struct str path,
                             source_id source, bool given)
{
    struct entry *entry = ARENA_NEW(loader->request->arena, struct entry);
    if (entry == NULL) {
        return arena_status(loader->request->arena);
    }
    *entry = (struct entry){.path = path, .source = source, .given = given};
    *loader->entries_tail = entry;
    loader->entries_tail = &entry->next;
    *out = entry;
    return PLIM_STATUS_OK;
}

/* What is wrong with an import path, or NULL. */
static const char *path_fault(struct str path)
{
    if (path.len > 0 && path.ptr[0] == '/') {
        return "must not be absolute";
    }
    size_t start = 0;
    for (size_t i = 0; i <= path.len; i++) {
        bool at_end = i == path.len || path.ptr[i] == '/';
        if (at_end) {
            struct str part = str_slice(path, start, i);
            if (part.len == 0 || str_eq(part, STR(".")) || str_eq(part, STR(".."))) {
                return "must not hold `.`, `..` or empty parts";
            }
            start = i + 1;
            continue;
        }
        char c = path.ptr[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_' || c == '.';
        if (!word) {
            return "takes letters, digits, `-`, `_`, `.` and `/` only";
        }
    }
    return NULL;
}

/* The entry of exactly this path, else the only input whose path ends with it, else NULL. */
static struct entry *find_entry(const struct loader *loader, struct str path)
{
    struct entry *by_end = NULL;
    size_t matches = 0;
    for (struct entry *entry = loader->entries; entry != NULL; entry = entry->next) {
        if (str_eq(entry->path, path)) {
            return entry;
        }
        if (entry->given && entry->path.len > path.len && str_ends_with(entry->path, path) &&
            entry->path.ptr[entry->path.len - path.len - 1] == '/') {
            by_end = entry;
            matches++;
        }
    }
    return matches == 1 ? by_end : NULL;
}

static void report_missing(const struct loader *loader, const struct ast_import *import,
                           plim_status status)
{
    struct diag_list *diags = loader->request->diags;
    struct str path = import->path;
    if (status == PLIM_STATUS_LIMIT) {
        diag_report(diags, DIAG_module_limit, import->path_span,
                    "module `%.*s` is larger than %d bytes", STR_FMT(path), PARSE_MAX_BYTES);
    } else if (status == PLIM_STATUS_NOT_FOUND) {
        struct diag *diag = diag_report(diags, DIAG_module_missing, import->path_span,
                                        "there is no module `%.*s`", STR_FMT(path));
        if (str_ends_with(path, STR(".plim"))) {
            diag_set_caret(diags, diag, "write it without `.plim`");
        }
    } else {
        diag_report(diags, DIAG_module_missing, import->path_span, "module `%.*s` cannot be read",
                    STR_FMT(path));
    }
}

/* Has the caller read a module. `*out` is NULL when there was none; that is reported. */
static plim_status read_entry(struct loader *loader, struct entry **out,
                              const struct ast_import *import)
{
    const struct module_request *request = loader->request;
    *out = NULL;
    if (loader->imported == MODULE_MAX_COUNT) {
        diag_report(request->diags, DIAG_module_limit, import->path_span,
                    "more than %d modules are imported", MODULE_MAX_COUNT);
        return PLIM_STATUS_OK;
    }
    struct buf text;
    buf_init(&text, request->arena->allocator, PARSE_MAX_BYTES);
    plim_status status = request->read != NULL ? request->read(request->user, import->path, &text)
                                               : PLIM_STATUS_NOT_FOUND;
    if (status == PLIM_STATUS_OK) {
        status = buf_status(&text);
    }
    if (status == PLIM_STATUS_OK) {
        struct buf name;
        buf_init(&name, request->arena->allocator, import->path.len + sizeof ".plim");
        buf_append(&name, import->path);
        buf_append_cstr(&name, ".plim");
        source_id id = SOURCE_NONE;
        status = buf_status(&name) == PLIM_STATUS_OK
                     ? source_add(request->sources, &id, buf_view(&name), buf_view(&text))
                     : buf_status(&name);
        buf_release(&name);
        loader->imported++;
        if (status == PLIM_STATUS_OK) {
            status = add_entry(loader, out, import->path, id, false);
        }
        buf_release(&text);
        return status;
    }
    buf_release(&text);
    if (status == PLIM_STATUS_NOMEM) {
        return status;
    }
    report_missing(loader, import, status);
    return PLIM_STATUS_OK;
}

/* "a -> b -> a", from the first meeting with `target` to `last` and round. */
static void report_cycle(const struct loader *loader, const struct ast_import *import,
                         const struct entry *target, const struct entry *last)
{
    const struct entry *chain[MODULE_MAX_DEPTH + 1];
    size_t count = 0;
    for (const struct entry *entry = last; entry != NULL && count <= MODULE_MAX_DEPTH;
         entry = entry == target ? NULL : entry->importer) {
        chain[count++] = entry;
    }
    struct buf text;
    buf_init(&text, loader->request->diags->arena.allocator, DIAG_MAX_TEXT);
    while (count > 0) {
        buf_append(&text, chain[--count]->path);
        buf_append_cstr(&text, " -> ");
    }
    buf_append(&text, target->path);
    struct diag *diag = diag_report(loader->request->diags, DIAG_module_cycle, import->path_span,
                                    "module `%.*s` imports itself%s", STR_FMT(target->path),
                                    last == target ? "" : " through others");
    if (buf_status(&text) == PLIM_STATUS_OK) {
        diag_add_note(loader->request->diags, diag, "%.*s", STR_FMT(buf_view(&text)));
    }
    buf_release(&text);
}

static plim_status visit(struct loader *loader, struct entry *entry, unsigned depth);

static plim_status follow(struct loader *loader, const struct entry *importer,
                          struct ast_import *import, unsigned depth)
{
    struct diag_list *diags = loader->request->diags;
    const char *fault = path_fault(import->path);
    if (fault != NULL) {
        diag_report(diags, DIAG_module_path, import->path_span, "an import path %s", fault);
        return PLIM_STATUS_OK;
    }
    struct entry *target = find_entry(loader, import->path);
    if (target == NULL) {
        plim_status status = read_entry(loader, &target, import);
        if (status != PLIM_STATUS_OK || target == NULL) {
            return status;
        }
    }
    if (target->state == ENTRY_ACTIVE) {
        report_cycle(loader, import, target, importer);
        return PLIM_STATUS_OK;
    }
    if (target->state == ENTRY_NEW) {
        if (depth == MODULE_MAX_DEPTH) {
            diag_report(diags, DIAG_module_limit, import->path_span,
                        "imports are nested deeper than %d", MODULE_MAX_DEPTH);
            return PLIM_STATUS_OK;
        }
        target->importer = importer;
        plim_status status = visit(loader, target, depth + 1);
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    import->target = target->tree;
    return PLIM_STATUS_OK;
}

static plim_status visit(struct loader *loader, struct entry *entry, unsigned depth)
{
    const struct module_request *request = loader->request;
    entry->state = ENTRY_ACTIVE;
    plim_status status =
        parse_module(&entry->tree, request->arena, request->sources, entry->source, request->diags);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    entry->tree->path = entry->path;
    for (struct ast_import *import = entry->tree->imports; import != NULL; import = import->next) {
        status = follow(loader, entry, import, depth);
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    entry->state = ENTRY_DONE;
    *loader->tail = entry->tree;
    loader->tail = &entry->tree->next;
    return PLIM_STATUS_OK;
}

plim_status module_load(struct ast_module **out, const struct module_request *request)
{
    struct ast_module *first = NULL;
    struct loader loader = {.request = request, .tail = &first};
    loader.entries_tail = &loader.entries;
    for (size_t i = 0; i < request->input_count; i++) {
        source_id id = SOURCE_NONE;
        plim_status status = source_add_view(request->sources, &id, request->inputs[i].name,
                                             request->inputs[i].text);
        struct entry *entry = NULL;
        if (status == PLIM_STATUS_OK) {
            const struct source *source = source_get(request->sources, id);
            status = add_entry(&loader, &entry, module_path(source->name), id, true);
        }
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    for (struct entry *entry = loader.entries; entry != NULL; entry = entry->next) {
        if (entry->state == ENTRY_NEW) {
            plim_status status = visit(&loader, entry, 0);
            if (status != PLIM_STATUS_OK) {
                return status;
            }
        }
    }
    *out = first;
    return PLIM_STATUS_OK;
}
