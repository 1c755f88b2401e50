/* SPDX-License-Identifier: Apache-2.0
 *
 * co_load.c - documents one over the other, in the order of docs/compose.md.
 */
#include "facts/compose/co_load.h"

#include "facts/compose/co_canon.h"
#include "facts/compose/co_extends.h"
#include "facts/compose/co_include.h"
#include "facts/compose/co_interpolate.h"
#include "facts/compose/co_keys.h"
#include "facts/compose/co_merge.h"
#include "facts/compose/co_part.h"
#include "facts/compose/co_reset.h"
#include "facts/compose/co_schema.h"
#include "facts/compose/co_unique.h"

/* Lays one document over the earlier ones. */
static const struct tree_node *lay_over(const struct co_level *level,
                                        const struct tree_node *earlier,
                                        const struct tree_node *document, enum co_taking taking)
{
    struct co_run *run = level->loader->run;
    if (document->kind != TREE_MAP) {
        struct diag *diag =
            co_refuse(run, DIAG_compose_document, document->span, "the file is %s, not a mapping",
                      tree_kind_text(document->kind));
        diag_add_note(run->diags, diag, "a compose file has keys such as `services:`");
        return earlier;
    }
    co_keys_check(run, document);
    document = co_reset_empty(run, document);
    document =
        co_interpolate(run, document, co_type_root(), &level->loader->template, level->scope);
    if (document == NULL) {
        return earlier;
    }
    const struct tree_node *all = earlier != NULL ? co_reset_apply(run, earlier, document) : NULL;
    if (taking == CO_TAKE_ALL) {
        document = co_extends(level, co_include(level, document));
    }
    document = co_reset_strip(run, document);
    const struct tree_node *before = all;
    all = co_merge(run, co_type_root(), STR(""), before, document);
    const struct tree_node *whole_part = co_part(run, all, before);
    const struct tree_node *part = co_unique(run, co_type_root(), whole_part);
    if (taking == CO_TAKE_ALL) {
        co_schema_check(run, part);
    }
    part = co_keys_without_version(run, part);
    part = part != NULL ? co_canon(run, part) : NULL;
    part = co_unique(run, co_type_root(), part);
    if (part == NULL || !co_alive(run)) {
        return earlier;
    }
    return co_part_back(run, all, whole_part, part);
}

const struct tree_node *co_load_trees(const struct co_level *level, const struct tree_node *earlier,
                                      const struct yaml_documents *documents, enum co_taking taking)
{
    for (size_t i = 0; i < documents->count && co_alive(level->loader->run); i++) {
        earlier = lay_over(level, earlier, documents->items[i], taking);
    }
    return earlier;
}

const struct tree_node *co_load_documents(const struct co_level *level,
                                          const struct tree_node *earlier, source_id source,
                                          struct str text, enum co_taking taking)
{
    struct co_run *run = level->loader->run;
    struct yaml_documents documents = {0};
    plim_status status = yaml_read(&documents, run->arena, source, text, run->diags);
    if (status != PLIM_STATUS_OK) {
        run->refused = true;
        if (status != PLIM_STATUS_INPUT && co_alive(run)) {
            run->arena->status = status; /* the reader has reported it */
        }
        return earlier;
    }
    return co_load_trees(level, earlier, &documents, taking);
}
