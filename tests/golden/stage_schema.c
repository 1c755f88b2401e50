/* SPDX-License-Identifier: Apache-2.0
 *
 * stage_schema.c - golden stage of compose files up to the schema: the diagnostics of a document
 * that was read, whose variables were replaced, and whose attributes were checked. Variables are
 * not set.
 */
#include "core/alloc.h"
#include "facts/compose/co_interpolate.h"
#include "facts/compose/co_schema.h"
#include "facts/yaml/yaml_read.h"
#include "tests/golden/golden.h"

static void check_documents(struct co_run *run, source_id source, struct str text)
{
    struct yaml_documents documents = {0};
    struct co_template template;
    if (yaml_read(&documents, run->arena, source, text, run->diags) != PLIM_STATUS_OK) {
        return;
    }
    co_template_init(&template, run->arena, CO_UNSET_HOLE);
    for (size_t i = 0; i < documents.count; i++) {
        const struct tree_node *root =
            co_interpolate(run, documents.items[i], co_type_root(), &template, NULL);
        if (root != NULL) {
            co_schema_check(run, root);
        }
    }
    co_template_release(&template);
}

void golden_schema(struct buf *out, struct str name, struct str text)
{
    struct arena arena;
    struct source_set sources;
    struct diag_list diags;
    source_id source = SOURCE_NONE;
    arena_init(&arena, alloc_or_default(NULL), 0);
    source_set_init(&sources, alloc_or_default(NULL));
    diag_list_init(&diags, alloc_or_default(NULL));
    struct co_run run = {.arena = &arena, .sources = &sources, .diags = &diags};
    if (source_add(&sources, &source, name, text) == PLIM_STATUS_OK) {
        check_documents(&run, source, text);
    }
    golden_put_diags(out, &sources, &diags);
    buf_append_cstr(out, run.refused ? "refused\n" : "accepted\n");
    diag_list_release(&diags);
    source_set_release(&sources);
    arena_release(&arena);
}
