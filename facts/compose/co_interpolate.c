/* SPDX-License-Identifier: Apache-2.0
 *
 * co_interpolate.c - see co_interpolate.h.
 */
#include "facts/compose/co_interpolate.h"

#include "facts/compose/co_cast.h"
#include "facts/compose/co_path.h"
#include "facts/compose/co_text.h"

struct walk {
    struct co_run *run;
    struct co_template *template;
    const struct co_scope *scope;
};

static const struct tree_node *walk_node(struct walk *walk, const struct tree_node *node,
                                         const struct co_type *type, const struct co_path *path,
                                         unsigned depth);

/* Where a scalar was written, and the bytes there. */
static struct co_written find_written(const struct co_run *run, const struct tree_node *node)
{
    struct co_written written = {.span = node->span, .raw = STR("")};
    const struct source *source = source_get(run->sources, node->span.source);
    if (source != NULL) {
        written.raw = str_slice(source->text, node->span.start, node->span.end);
    }
    return written;
}

/* A text nobody knows in the place of one that makes no sense: steps behind this one leave it
 * alone, so that one mistake is told once. */
static void make_unknown(struct tree_node *node)
{
    static const char hole = TREE_HOLE;
    node->kind = TREE_STRING;
    node->text = str_make(&hole, 1);
    node->flags |= TREE_HOLES;
}

static void report_expansion(struct walk *walk, const struct co_expansion *expansion,
                             const struct co_path *path)
{
    struct co_run *run = walk->run;
    struct str where = co_path_text(run->arena, path);
    struct diag *diag;
    switch (expansion->error) {
    case CO_TEMPLATE_NONE:
        return;
    case CO_TEMPLATE_FORMAT:
        diag = co_refuse(run, DIAG_compose_variable_form, expansion->place, "%.*s: %.*s",
                         STR_FMT(where), STR_FMT(expansion->message));
        diag_add_note(run->diags, diag, "a dollar sign that stands for itself is written $$");
        return;
    case CO_TEMPLATE_REQUIRED:
        diag = co_refuse(run, DIAG_compose_variable_required, expansion->place, "%.*s: %.*s",
                         STR_FMT(where), STR_FMT(expansion->message));
        diag_add_note(run->diags, diag,
                      "give it a value with --env NAME=VALUE or in the .env file of the project");
        return;
    case CO_TEMPLATE_LIMIT:
        co_limit(run, expansion->place, "%.*s: %.*s", STR_FMT(where), STR_FMT(expansion->message));
        return;
    }
}

/* Compose warns of each variable that becomes nothing. */
static void report_unset(struct walk *walk, const struct co_expansion *expansion)
{
    if (walk->template->unset != CO_UNSET_EMPTY) {
        return;
    }
    for (const struct tree_variable *use = expansion->variables; use != NULL; use = use->next) {
        if (!use->known) {
            (void)diag_report(walk->run->diags, DIAG_compose_variable_unset, use->use,
                              "the variable %.*s is not set: it stands for nothing",
                              STR_FMT(str_slice(use->name, 0, CO_QUOTE_MAX)));
        }
    }
}

/* What to write instead of a text that cannot be cast. */
static void note_remedy(struct co_run *run, struct diag *diag, const struct tree_node *node,
                        const struct co_type *type)
{
    if (node->variables != NULL) {
        diag_add_note(run->diags, diag, "the text was made from variables");
    } else if (type->cast == CO_CAST_BOOL && (type->accepts & CO_MAP) != 0) {
        diag_add_note(run->diags, diag, "write true, and `name: %.*s` beside it",
                      STR_FMT(str_slice(node->text, 0, CO_QUOTE_MAX)));
    } else if (type->cast == CO_CAST_BOOL) {
        diag_add_note(run->diags, diag, "write true or false");
    }
}

static void report_cast(struct walk *walk, const struct tree_node *node, const struct co_type *type,
                        const struct co_path *path)
{
    struct co_run *run = walk->run;
    struct str where = co_path_text(run->arena, path);
    struct str value = co_quote(run->arena, "", node->text, "");
    const char *called = co_cast_called(type->cast);
    if (type->cast == CO_CAST_INT && (type->accepts & CO_MAP) != 0) {
        called = "a whole number or mapping";
    }
    struct diag *diag =
        node->text.len == 0
            ? co_refuse(run, DIAG_compose_cast, node->span,
                        "%.*s must be %s, but the text is empty", STR_FMT(where), called)
            : co_refuse(run, DIAG_compose_cast, node->span, "%.*s must be %s, not the text %.*s",
                        STR_FMT(where), called, STR_FMT(value));
    note_remedy(run, diag, node, type);
}

static void cast_text(struct walk *walk, struct tree_node *node, const struct co_type *type,
                      const struct co_path *path)
{
    struct co_run *run = walk->run;
    if (type->cast == CO_CAST_NONE || tree_has_holes(node) || !co_alive(run)) {
        return;
    }
    if (!co_cast_text(run->arena, node, type->cast)) {
        if (co_alive(run)) {
            report_cast(walk, node, type, path);
            make_unknown(node);
        }
        return;
    }
    if (type->cast == CO_CAST_BOOL && co_cast_old_word(node->text)) {
        struct str where = co_path_text(run->arena, path);
        struct diag *diag =
            diag_report(run->diags, DIAG_compose_old_boolean, node->span,
                        "%.*s: `%.*s` is a text; Compose takes it for %s, but warns",
                        STR_FMT(where), STR_FMT(node->text), node->u.boolean ? "true" : "false");
        diag_add_note(run->diags, diag, "write %s", node->u.boolean ? "true" : "false");
    }
}

static const struct tree_node *walk_text(struct walk *walk, const struct tree_node *node,
                                         const struct co_type *type, const struct co_path *path)
{
    struct co_run *run = walk->run;
    bool uses_variables = str_find_char(node->text, '$', 0) < node->text.len;
    if (!uses_variables && type->cast == CO_CAST_NONE) {
        return node;
    }
    struct tree_node *copy = tree_copy(run->arena, node);
    if (copy == NULL) {
        return NULL;
    }
    if (uses_variables) {
        struct co_expansion expansion;
        struct co_written written = find_written(run, node);
        co_template_expand(walk->template, &expansion, node->text, &written, walk->scope);
        if (!co_alive(run)) {
            return NULL;
        }
        report_expansion(walk, &expansion, path);
        report_unset(walk, &expansion);
        copy->text = expansion.text;
        copy->variables = expansion.variables;
        copy->flags |= expansion.holes ? TREE_HOLES : 0;
    }
    cast_text(walk, copy, type, path);
    return copy;
}

static const struct tree_node *walk_list(struct walk *walk, const struct tree_node *node,
                                         const struct co_type *type, const struct co_path *path,
                                         unsigned depth)
{
    size_t count = node->u.list.count;
    const struct tree_node **items = NULL;
    for (size_t i = 0; i < count; i++) {
        struct co_path part = {.up = path, .index = i};
        const struct tree_node *old = node->u.list.items[i];
        const struct tree_node *item = walk_node(walk, old, type->item, &part, depth + 1);
        if (item == NULL) {
            return NULL;
        }
        if (item != old && items == NULL) {
            items = ARENA_ARRAY(walk->run->arena, const struct tree_node *, count);
            if (items == NULL) {
                return NULL;
            }
            for (size_t j = 0; j < count; j++) {
                items[j] = node->u.list.items[j];
            }
        }
        if (items != NULL) {
            items[i] = item;
        }
    }
    if (items == NULL) {
        return node;
    }
    struct tree_node *copy = tree_copy(walk->run->arena, node);
    if (copy != NULL) {
        copy->u.list.items = items;
    }
    return copy;
}

static const struct tree_node *walk_map(struct walk *walk, const struct tree_node *node,
                                        const struct co_type *type, const struct co_path *path,
                                        unsigned depth)
{
    size_t count = node->u.map.count;
    struct tree_entry *entries = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct tree_entry *old = &node->u.map.entries[i];
        struct co_path part = {.up = path, .key = old->key};
        const struct co_type *below = co_type_of_key(type, old->key);
        const struct tree_node *value = walk_node(walk, old->value, below, &part, depth + 1);
        if (value == NULL) {
            return NULL;
        }
        if (value != old->value && entries == NULL) {
            entries = ARENA_ARRAY(walk->run->arena, struct tree_entry, count);
            if (entries == NULL) {
                return NULL;
            }
            for (size_t j = 0; j < count; j++) {
                entries[j] = node->u.map.entries[j];
            }
        }
        if (entries != NULL) {
            entries[i].value = value;
        }
    }
    if (entries == NULL) {
        return node;
    }
    /* The keys are the same, so is their order. */
    struct tree_node *copy = tree_copy(walk->run->arena, node);
    if (copy != NULL) {
        copy->u.map.entries = entries;
    }
    return copy;
}

static const struct tree_node *walk_node(struct walk *walk, const struct tree_node *node,
                                         const struct co_type *type, const struct co_path *path,
                                         unsigned depth)
{
    if (depth > CO_PATH_MAX_DEPTH) {
        co_limit(walk->run, node->span, "values are nested deeper than %d", CO_PATH_MAX_DEPTH);
    }
    if (!co_visit(walk->run, 1)) {
        return NULL;
    }
    const struct co_type *known = type != NULL ? type : co_type_any();
    const struct tree_node *result = node;
    if (node->kind == TREE_STRING) {
        result = walk_text(walk, node, known, path);
    } else if (node->kind == TREE_LIST) {
        result = walk_list(walk, node, known, path, depth);
    } else if (node->kind == TREE_MAP) {
        result = walk_map(walk, node, known, path, depth);
    }
    return co_alive(walk->run) ? result : NULL;
}

const struct tree_node *co_interpolate(struct co_run *run, const struct tree_node *root,
                                       const struct co_type *type, struct co_template *template,
                                       const struct co_scope *scope)
{
    struct walk walk = {.run = run, .template = template, .scope = scope};
    return walk_node(&walk, root, type, NULL, 0);
}
