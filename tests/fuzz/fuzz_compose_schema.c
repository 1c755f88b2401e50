/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_compose_schema.c - a compose file read, its variables replaced and its attributes checked,
 * once with unknown values and once with empty ones. Interpolating a second time what has no
 * dollar signs left must change nothing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "facts/compose/co_interpolate.h"
#include "facts/compose/co_schema.h"
#include "facts/yaml/yaml_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20, TEXT_BYTES = 1 << 16 };

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_document(struct co_run *run, const struct tree_node *document,
                           struct co_template *template, bool dollars)
{
    const struct tree_node *root = co_interpolate(run, document, co_type_root(), template, NULL);
    require((root != NULL) == co_alive(run));
    if (root == NULL) {
        return;
    }
    co_schema_check(run, root);
    if (!dollars && co_alive(run)) {
        require(co_interpolate(run, root, co_type_root(), template, NULL) == root || run->refused);
    }
}

static void check_text(struct str text, enum co_unset unset)
{
    struct arena arena;
    struct source_set sources;
    struct diag_list diags;
    struct co_template template;
    struct yaml_documents documents = {0};
    source_id source = SOURCE_NONE;
    arena_init(&arena, alloc_or_default(NULL), ARENA_BYTES);
    source_set_init(&sources, alloc_or_default(NULL));
    diag_list_init(&diags, alloc_or_default(NULL));
    co_template_init(&template, &arena, unset);
    struct co_run run = {.arena = &arena, .sources = &sources, .diags = &diags};
    require(source_add(&sources, &source, STR("compose.yaml"), text) == PLIM_STATUS_OK);
    if (yaml_read(&documents, &arena, source, text, &diags) == PLIM_STATUS_OK) {
        bool dollars = text.len > 0 && memchr(text.ptr, '$', text.len) != NULL;
        for (size_t i = 0; i < documents.count && co_alive(&run); i++) {
            check_document(&run, documents.items[i], &template, dollars);
        }
        require(!co_alive(&run) || diags.errors == 0 || run.refused);
    }
    diag_list_sort(&diags);
    co_template_release(&template);
    diag_list_release(&diags);
    source_set_release(&sources);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size <= TEXT_BYTES) {
        struct str text = str_make((const char *)data, size);
        check_text(text, CO_UNSET_HOLE);
        check_text(text, CO_UNSET_EMPTY);
    }
    return 0;
}
