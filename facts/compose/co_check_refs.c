/* SPDX-License-Identifier: Apache-2.0
 *
 * co_check_refs.c - references from services to what the project defines, and circles among them.
 */
#include "facts/compose/co_check_parts.h"

#include "core/buf.h"
#include "core/guess.h"
#include "facts/compose/co_check.h"

/* Reports that `what` (a network, a volume ...) is not defined, with the name that was meant. */
static void undefined(struct co_checker *c, const char *what, const char *section, struct str name,
                      struct span span)
{
    const struct tree_node *map = co_map_of(c->root, section);
    struct diag *diag =
        co_complain(c, DIAG_compose_undefined, span, "service `%.*s` uses undefined %s `%.*s`",
                    STR_FMT(c->service), what, STR_FMT(name));
    if (diag == NULL) {
        return;
    }
    struct guess guess = guess_start(name);
    for (size_t i = 0;
         map != NULL && map->u.map.count <= CO_CHECK_MAX_NAMES && i < map->u.map.count; i++) {
        guess_consider(&guess, map->u.map.entries[i].key);
    }
    if (guess.best.len > 0) {
        diag_set_caret(c->run->diags, diag, "did you mean `%.*s`?", STR_FMT(guess.best));
    } else {
        diag_add_note(c->run->diags, diag, "define it at the top level, below `%s:`", section);
    }
}

static bool is_defined(const struct co_checker *c, const char *section, struct str name)
{
    return tree_get(co_map_of(c->root, section), name) != NULL ||
           str_find_char(name, TREE_HOLE, 0) < name.len;
}

/* Keys of a mapping that must be defined. */
static void check_keys(struct co_checker *c, const struct tree_node *map, const char *what,
                       const char *section)
{
    for (size_t i = 0; map != NULL && i < map->u.map.count; i++) {
        const struct tree_entry *entry = &map->u.map.entries[i];
        if (!is_defined(c, section, entry->key)) {
            undefined(c, what, section, entry->key, entry->key_span);
        }
    }
}

/* Sources of secrets or configs that must be defined. */
static void check_sources(struct co_checker *c, const struct tree_node *list, const char *what,
                          const char *section)
{
    for (size_t i = 0; list != NULL && i < list->u.list.count; i++) {
        const struct tree_node *source = tree_get(list->u.list.items[i], STR("source"));
        struct str name = source != NULL ? source->text : STR("");
        if (!is_defined(c, section, name)) {
            undefined(c, what, section, name,
                      source != NULL ? source->span : list->u.list.items[i]->span);
        }
    }
}

/* Compose sorts keys that begin with x- out of a service's networks before it looks at them. */
static void check_networks(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *networks = co_map_of(service, "networks");
    check_keys(c, networks, "network", "networks");
    for (size_t i = 0; networks != NULL && i < networks->u.map.count; i++) {
        const struct tree_entry *entry = &networks->u.map.entries[i];
        if (str_starts_with(entry->key, STR("x-"))) {
            struct diag *diag = co_complain(
                c, DIAG_compose_undefined, entry->key_span,
                "Compose takes `%.*s` for an extension, not for a network", STR_FMT(entry->key));
            diag_add_note(c->run->diags, diag,
                          "give the network a name that does not begin with `x-`");
        }
    }
}

static void check_volumes(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *mounts = co_list_of(service, "volumes");
    for (size_t i = 0; mounts != NULL && i < mounts->u.list.count; i++) {
        const struct tree_node *mount = mounts->u.list.items[i];
        const struct tree_node *source = tree_get(mount, STR("source"));
        bool named = str_eq(co_text_of(mount, "type"), STR("volume")) &&
                     tree_is(source, TREE_STRING) && source->text.len > 0;
        if (named && !is_defined(c, "volumes", source->text)) {
            undefined(c, "volume", "volumes", source->text, source->span);
        }
    }
}

static void check_contexts(struct co_checker *c, const struct tree_node *build)
{
    struct str prefix = STR("service:");
    const struct tree_node *contexts = co_map_of(build, "additional_contexts");
    for (size_t i = 0; contexts != NULL && i < contexts->u.map.count; i++) {
        const struct tree_node *value = contexts->u.map.entries[i].value;
        if (!tree_is(value, TREE_STRING) || !str_starts_with(value->text, prefix)) {
            continue;
        }
        struct str name = str_slice(value->text, prefix.len, value->text.len);
        if (!is_defined(c, "services", name)) {
            undefined(c, "service", "services", name, value->span);
            continue;
        }
        const struct tree_node *other = tree_get(c->services, name);
        if (other != NULL && tree_get(other, STR("build")) == NULL) {
            co_complain(c, DIAG_compose_conflict, value->span,
                        "service `%.*s` is no context: it is not built", STR_FMT(name));
        }
    }
}

static bool is_required(const struct tree_node *dependency)
{
    const struct tree_node *required = tree_get(dependency, STR("required"));
    return !tree_is(required, TREE_BOOL) || required->u.boolean;
}

static void check_dependencies(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *map = co_map_of(service, "depends_on");
    for (size_t i = 0; map != NULL && i < map->u.map.count; i++) {
        const struct tree_entry *entry = &map->u.map.entries[i];
        const struct tree_node *other = tree_get(c->services, entry->key);
        if (!is_defined(c, "services", entry->key)) {
            undefined(c, "service", "services", entry->key, entry->key_span);
        } else if (other != NULL && c->on && is_required(entry->value) &&
                   !co_service_is_on(c->run->options, other)) {
            diag_report(c->run->diags, DIAG_compose_off, entry->key_span,
                        "service `%.*s` needs `%.*s`, which is off unless one of its profiles is "
                        "chosen",
                        STR_FMT(c->service), STR_FMT(entry->key));
        }
    }
}

void co_check_references(struct co_checker *c, const struct tree_node *service)
{
    const struct tree_node *build = co_map_of(service, "build");
    check_networks(c, service);
    check_volumes(c, service);
    check_keys(c, co_map_of(service, "models"), "model", "models");
    check_sources(c, co_list_of(service, "secrets"), "secret", "secrets");
    check_sources(c, co_list_of(service, "configs"), "config", "configs");
    check_sources(c, co_list_of(build, "secrets"), "secret", "secrets");
    check_contexts(c, build);
    check_dependencies(c, service);
}

/* ---- circles ---- */

enum color { NEW, OPEN, DONE };

/* A service whose dependencies are being followed. */
struct step {
    size_t service; /* position in the mapping */
    size_t next;    /* dependency to follow next */
};

struct search {
    struct co_checker *c;
    unsigned char *colors; /* by position */
    struct step *path;
    size_t depth;
    bool found; /* in what the present start leads to */
};

static const struct tree_node *dependencies(const struct search *s, size_t service)
{
    return co_map_of(s->c->services->u.map.entries[service].value, "depends_on");
}

static struct str name_of(const struct search *s, size_t service)
{
    return s->c->services->u.map.entries[service].key;
}

/* Reports the end of the path from the service that it leads back to. */
static void report_cycle(const struct search *s, size_t back_to)
{
    struct diag_list *diags = s->c->run->diags;
    size_t first = 0;
    while (s->path[first].service != back_to) {
        first++;
    }
    struct buf text;
    buf_init(&text, s->c->run->arena->allocator, DIAG_MAX_TEXT);
    for (size_t i = first; i < s->depth; i++) {
        buf_append(&text, name_of(s, s->path[i].service));
        buf_append_cstr(&text, " -> ");
    }
    buf_append(&text, name_of(s, back_to));
    const struct tree_node *last = dependencies(s, s->path[s->depth - 1].service);
    struct span span = last->u.map.entries[s->path[s->depth - 1].next - 1].key_span;
    bool whole = buf_status(&text) == PLIM_STATUS_OK;
    struct str shown = whole ? buf_view(&text) : STR("more services than can be shown");
    struct diag *diag = co_refuse(s->c->run, DIAG_compose_cycle, span,
                                  "services wait for each other: %.*s", STR_FMT(shown));
    for (size_t i = first; i + 1 < s->depth && i < first + 5; i++) {
        const struct tree_node *map = dependencies(s, s->path[i].service);
        diag_add_label(diags, diag, map->u.map.entries[s->path[i].next - 1].key_span,
                       "`%.*s` waits for this", STR_FMT(name_of(s, s->path[i].service)));
    }
    buf_release(&text);
}

/* Follows one dependency of the last service of the path. */
static void follow(struct search *s)
{
    struct step *step = &s->path[s->depth - 1];
    const struct tree_node *map = dependencies(s, step->service);
    if (map == NULL || step->next == map->u.map.count) {
        s->colors[step->service] = DONE;
        s->depth--;
        return;
    }
    ptrdiff_t to = tree_find(s->c->services, map->u.map.entries[step->next].key);
    step->next++;
    if (to < 0 || s->colors[to] == DONE) {
        return;
    }
    if (s->colors[to] == OPEN) {
        if (!s->found) {
            s->found = true;
            report_cycle(s, (size_t)to);
        }
        return;
    }
    s->colors[to] = OPEN;
    s->path[s->depth] = (struct step){.service = (size_t)to};
    s->depth++;
}

void co_check_cycles(struct co_checker *c)
{
    size_t count = c->services != NULL ? c->services->u.map.count : 0;
    struct arena *arena = c->run->arena;
    struct arena_mark mark = arena_mark(arena);
    struct search s = {.c = c,
                       .colors = ARENA_ARRAY(arena, unsigned char, count + 1),
                       .path = ARENA_ARRAY(arena, struct step, count + 1)};
    for (size_t i = 0; s.colors != NULL && s.path != NULL && i < count; i++) {
        if (!co_service_is_on(c->run->options, c->services->u.map.entries[i].value)) {
            s.colors[i] = DONE; /* Compose does not look there */
        }
    }
    for (size_t i = 0; s.colors != NULL && s.path != NULL && i < count; i++) {
        if (s.colors[i] == NEW) {
            s.colors[i] = OPEN;
            s.path[0] = (struct step){.service = i};
            s.depth = 1;
            s.found = false;
            while (s.depth > 0) {
                follow(&s);
            }
        }
    }
    arena_rewind(arena, mark);
}
