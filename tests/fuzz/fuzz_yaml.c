/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_yaml.c - a YAML text. Every span must lie in the text and in that of its parent unless an
 * alias or merge key leads there; views must be UTF-8; a tree may not stand for more than allowed.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/utf8.h"
#include "facts/yaml/yaml_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20 };

struct walk {
    struct str text;
    size_t visits;
};

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_span(const struct walk *walk, struct span span)
{
    require(span.source == 3 && span.start <= span.end && span.end <= walk->text.len);
}

static void check_node(struct walk *walk, const struct tree_node *node, size_t depth)
{
    require(depth <= YAML_MAX_DEPTH);
    walk->visits++;
    require(walk->visits <= YAML_MAX_NODES);
    check_span(walk, node->span);
    require(utf8_first_invalid(node->text) == node->text.len);
    if (node->kind == TREE_LIST) {
        for (size_t i = 0; i < node->u.list.count; i++) {
            check_node(walk, node->u.list.items[i], depth + 1);
        }
    } else if (node->kind == TREE_MAP) {
        for (size_t i = 0; i < node->u.map.count; i++) {
            const struct tree_entry *entry = &node->u.map.entries[i];
            check_span(walk, entry->key_span);
            require(utf8_first_invalid(entry->key) == entry->key.len);
            check_node(walk, entry->value, depth + 1);
            require(tree_find(node, entry->key) == (ptrdiff_t)i);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diag_list diags;
    struct yaml_documents documents;
    struct walk walk = {.text = str_make((const char *)data, size)};
    arena_init(&arena, NULL, ARENA_BYTES);
    diag_list_init(&diags, NULL);
    plim_status status = yaml_read(&documents, &arena, 3, walk.text, &diags);
    require((status == PLIM_STATUS_OK) == (diags.count == 0) ||
            arena_status(&arena) != PLIM_STATUS_OK);
    for (size_t i = 0; i < documents.count; i++) {
        check_node(&walk, documents.items[i], 0);
    }
    for (size_t i = 0; i < diags.count; i++) {
        check_span(&walk, diags.items[i]->span);
    }
    diag_list_release(&diags);
    arena_release(&arena);
    return 0;
}
