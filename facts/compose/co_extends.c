/* SPDX-License-Identifier: Apache-2.0
 *
 * co_extends.c - services of one file and of the files they extend. Each service is extended once
 * and each file read once, however many extend it.
 */
#include "facts/compose/co_extends.h"

#include <stdint.h>

#include "core/buf.h"
#include "facts/compose/co_edit.h"
#include "facts/compose/co_files.h"
#include "facts/compose/co_merge.h"
#include "facts/compose/co_paths.h"
#include "facts/compose/co_reset.h"

enum progress { PENDING, RUNNING, DONE };

/* The services of a document or of an extended file. */
struct scene {
    struct str path;                  /* of the file, for messages */
    const struct tree_node *services; /* a mapping, or NULL */
    enum progress *progress;          /* by position */
    const struct tree_node **results; /* by position, once DONE; NULL: nothing to inherit */
};

/* A file that was extended from, kept for the next service that does. */
struct co_extended_file {
    const struct co_level *level;
    struct str path;
    struct scene scene;
    struct co_extended_file *next;
};

/* A service that is being extended, and the one that asked for it. */
struct link {
    const struct link *up;
    const struct scene *scene;
    struct str service;
    size_t depth;
};

/* What `extends` asks for. */
struct request {
    struct str service;
    struct span span;             /* of the service's name */
    const struct tree_node *file; /* NULL: the same file */
};

static const struct tree_node *extend(const struct co_level *level, struct scene *scene,
                                      size_t position, const struct link *up);

static bool open_scene(struct co_run *run, struct scene *scene, const struct tree_node *root)
{
    scene->services = tree_get(root, STR("services"));
    if (!tree_is(scene->services, TREE_MAP)) {
        scene->services = NULL;
        return false;
    }
    size_t count = scene->services->u.map.count;
    scene->progress = ARENA_ARRAY(run->arena, enum progress, count + 1);
    scene->results = ARENA_ARRAY(run->arena, const struct tree_node *, count + 1);
    return co_alive(run);
}

static void refuse_extends(struct co_run *run, struct span span, struct str service,
                           const char *reason, const char *remedy)
{
    struct diag *diag =
        co_refuse(run, DIAG_compose_extends, span, "service `%.*s` cannot be extended: %s",
                  STR_FMT(service), reason);
    diag_add_note(run->diags, diag, "%s", remedy);
}

static bool read_request(struct co_run *run, struct str service, const struct tree_node *extends,
                         struct request *out)
{
    const struct tree_node *base = extends;
    if (extends->kind == TREE_MAP) {
        base = tree_get(extends, STR("service"));
        out->file = tree_get(extends, STR("file"));
    }
    if (base == NULL || base->kind != TREE_STRING ||
        (out->file != NULL && out->file->kind != TREE_STRING)) {
        refuse_extends(run, extends->span, service, "`extends` names no service",
                       "write `extends: SERVICE`, or `extends: {service: SERVICE, file: FILE}`");
        return false;
    }
    if (tree_has_holes(base) || (out->file != NULL && tree_has_holes(out->file))) {
        diag_report(run->diags, DIAG_compose_unread, extends->span,
                    "what service `%.*s` extends depends on a variable without value",
                    STR_FMT(service));
        return false;
    }
    out->service = base->text;
    out->span = base->span;
    return true;
}

/* "a in compose.yaml -> b in base.yaml -> a in compose.yaml" */
static void refuse_circle(struct co_run *run, const struct link *last, const struct scene *scene,
                          struct str service, struct span span)
{
    enum { MAX_SHOWN = 20 };
    const struct link *links[MAX_SHOWN];
    size_t count = 0;
    for (const struct link *link = last; link != NULL && count < MAX_SHOWN; link = link->up) {
        links[count++] = link;
        if (link->scene == scene && str_eq(link->service, service)) {
            break;
        }
    }
    struct buf text;
    buf_init(&text, run->arena->allocator, 1 << 16);
    while (count > 0) {
        count--;
        buf_printf(&text, "%.*s in %.*s -> ", STR_FMT(links[count]->service),
                   STR_FMT(links[count]->scene->path));
    }
    buf_printf(&text, "%.*s", STR_FMT(service));
    struct diag *diag =
        co_refuse(run, DIAG_compose_extends, span, "services extend each other in a circle: %.*s",
                  STR_FMT(buf_view(&text)));
    diag_add_note(run->diags, diag, "let one of them stand for itself");
    if (buf_status(&text) == PLIM_STATUS_NOMEM) {
        run->arena->status = PLIM_STATUS_NOMEM;
    }
    buf_release(&text);
}

/* The scene of a file that is extended from; NULL after a report. */
static struct scene *scene_of_file(const struct co_level *level, const struct tree_node *file)
{
    struct co_loader *loader = level->loader;
    struct co_run *run = loader->run;
    struct str path = co_path_join(run->arena, level->directory, file->text);
    for (struct co_extended_file *old = loader->extended; old != NULL; old = old->next) {
        if (old->level == level && str_eq(old->path, path)) {
            return &old->scene;
        }
    }
    struct co_extended_file *new = ARENA_NEW(run->arena, struct co_extended_file);
    struct co_document document;
    struct str text;
    if (new == NULL) {
        return NULL;
    }
    *new = (struct co_extended_file){.level = level, .path = path, .next = loader->extended};
    new->scene.path = path;
    plim_status status = co_load_text(loader, path, CO_EXTENDED, file->span, &document, &text);
    if (status != PLIM_STATUS_OK) {
        co_load_missing(loader, status, path, file->span);
        return NULL;
    }
    const struct tree_node *root =
        co_load_documents(level, NULL, document.source, text, CO_TAKE_BASE);
    /* Its paths move to the level's directory, the files that its own services extend included. */
    root = root != NULL ? co_paths(run, root, co_files_directory(file->text)) : NULL;
    (void)open_scene(run, &new->scene, root);
    loader->extended = new;
    return &new->scene;
}

/* The service that a request names, extended itself; NULL when there is nothing to inherit. */
static const struct tree_node *find_base(const struct co_level *level, struct scene *scene,
                                         const struct request *request, struct str service,
                                         const struct link *link)
{
    struct co_run *run = level->loader->run;
    struct scene *where = request->file != NULL ? scene_of_file(level, request->file) : scene;
    if (where == NULL || !co_alive(run)) {
        return NULL;
    }
    ptrdiff_t found = tree_find(where->services, request->service);
    if (found < 0) {
        struct diag *diag =
            co_refuse(run, DIAG_compose_extends, request->span,
                      "service `%.*s` extends `%.*s`, which is not in %.*s", STR_FMT(service),
                      STR_FMT(request->service), STR_FMT(where->path));
        diag_add_note(run->diags, diag, "name a service of that file, or another `file:`");
        return NULL;
    }
    if (where->progress[found] == RUNNING) {
        refuse_circle(run, link, where, request->service, request->span);
        return NULL;
    }
    return extend(level, where, (size_t)found, link);
}

/* `service` over `base`, at the place of `service`. */
static const struct tree_node *over_base(struct co_run *run, const struct tree_node *base,
                                         const struct tree_node *service)
{
    const struct co_type *type =
        co_type_of_key(co_type_of_key(co_type_root(), STR("services")), STR("a"));
    if (tree_is(base, TREE_MAP)) {
        base = co_reset_apply(run, base, service);
        const struct tree_node *all = co_merge(run, type, STR("services"), base, service);
        struct tree_node *placed = all != service ? tree_copy(run->arena, all) : NULL;
        if (placed != NULL) {
            placed->span = service->span;
            placed->flags = service->flags;
            placed->over = service->over;
            service = placed;
        }
    }
    ptrdiff_t at = tree_find(service, STR("extends"));
    if (at < 0) {
        return service;
    }
    struct co_edit edit = co_edit(run->arena, service);
    co_edit_replace(&edit, (size_t)at, NULL);
    const struct tree_node *done = co_edit_done(&edit);
    return done != NULL ? done : service;
}

static const struct tree_node *extend(const struct co_level *level, struct scene *scene,
                                      size_t position, const struct link *up)
{
    struct co_run *run = level->loader->run;
    const struct tree_entry *entry = &scene->services->u.map.entries[position];
    if (scene->progress[position] == DONE) {
        return scene->results[position];
    }
    const struct tree_node *extends = tree_get(entry->value, STR("extends"));
    struct request request = {.file = NULL};
    struct link link = {
        .up = up, .scene = scene, .service = entry->key, .depth = up != NULL ? up->depth + 1 : 1};
    const struct tree_node *result = entry->value;
    if (extends != NULL && (extends->flags & TREE_RESET) == 0 && extends->kind != TREE_NULL) {
        const struct tree_node *base = NULL;
        scene->progress[position] = RUNNING;
        if (link.depth > CO_MAX_EXTENDS_DEPTH) {
            co_limit(run, extends->span, "more than %d services extend each other",
                     CO_MAX_EXTENDS_DEPTH);
        } else if (read_request(run, entry->key, extends, &request)) {
            base = find_base(level, scene, &request, entry->key, &link);
        }
        result = over_base(run, base, entry->value);
    }
    scene->progress[position] = DONE;
    scene->results[position] = result;
    return result;
}

const struct tree_node *co_extends(const struct co_level *level, const struct tree_node *document)
{
    struct co_run *run = level->loader->run;
    struct scene scene = {.path = level->path};
    if (!open_scene(run, &scene, document)) {
        return document; /* what is wrong with it is the schema's business */
    }
    struct co_edit services = co_edit(run->arena, scene.services);
    for (size_t i = 0; i < scene.services->u.map.count && co_alive(run); i++) {
        co_edit_replace(&services, i, extend(level, &scene, i, NULL));
    }
    struct co_edit edit = co_edit(run->arena, document);
    ptrdiff_t at = tree_find(document, STR("services"));
    const struct tree_node *done = co_edit_done(&services);
    if (at < 0 || done == NULL || !co_alive(run)) {
        return document;
    }
    co_edit_replace(&edit, (size_t)at, done);
    done = co_edit_done(&edit);
    return done != NULL ? done : document;
}
