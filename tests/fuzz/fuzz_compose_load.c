/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_compose_load.c - a project of any files from one input. Lines of the form "%%% PATH" begin a
 * file; those before the first one are compose.yaml, and override.yaml is laid over it if there is
 * one. Every node of a loaded tree must have a place in a text of the project, or none.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "facts/compose/co_env.h"
#include "facts/compose/co_project.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 128 << 20, MAX_FILES = 16, MAX_DEPTH = 200, MAX_VISITS = 1000000 };

struct input {
    struct co_file files[MAX_FILES];
    size_t count;
};

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void split(struct input *input, struct str text)
{
    static const char mark[] = "%%% ";
    struct str path = STR("compose.yaml");
    size_t start = 0;
    for (size_t at = 0; input->count < MAX_FILES;) {
        size_t end = str_find_char(text, '\n', at);
        struct str line = str_slice(text, at, end);
        bool last = end >= text.len;
        if (last || str_starts_with(line, STR("%%% "))) {
            input->files[input->count++] =
                (struct co_file){path, str_slice(text, start, last ? text.len : at)};
            path = str_slice(line, sizeof mark - 1, line.len);
            start = end + 1;
        }
        if (last) {
            break;
        }
        at = end + 1;
    }
}

static plim_status read_file(void *user, struct str path, struct str *text)
{
    const struct input *input = user;
    for (size_t i = 0; i < input->count; i++) {
        if (str_eq(input->files[i].path, path)) {
            *text = input->files[i].text;
            return PLIM_STATUS_OK;
        }
    }
    return PLIM_STATUS_NOT_FOUND;
}

static void check_span(const struct source_set *sources, struct span span)
{
    if (span.source != SOURCE_NONE) {
        const struct source *source = source_get(sources, span.source);
        require(source != NULL && span.start <= span.end && span.end <= source->text.len);
    }
}

static void check_node(const struct source_set *sources, const struct tree_node *node, size_t depth,
                       size_t *visits)
{
    if (node == NULL || ++*visits > MAX_VISITS) {
        return;
    }
    require(depth <= MAX_DEPTH);
    for (const struct tree_node *value = node; value != NULL; value = value->over) {
        check_span(sources, value->span);
    }
    for (const struct tree_variable *use = node->variables; use != NULL; use = use->next) {
        check_span(sources, use->use);
        check_span(sources, use->set);
    }
    for (size_t i = 0; node->kind == TREE_LIST && i < node->u.list.count; i++) {
        check_node(sources, node->u.list.items[i], depth + 1, visits);
    }
    for (size_t i = 0; node->kind == TREE_MAP && i < node->u.map.count; i++) {
        check_span(sources, node->u.map.entries[i].key_span);
        check_node(sources, node->u.map.entries[i].value, depth + 1, visits);
    }
}

static void load(const struct input *input, enum co_unset unset)
{
    struct arena arena;
    struct source_set sources;
    struct diag_list diags;
    struct co_env environment;
    arena_init(&arena, alloc_or_default(NULL), ARENA_BYTES);
    source_set_init(&sources, NULL);
    diag_list_init(&diags, NULL);
    const struct facts_files reader = {.user = (void *)(uintptr_t)input, .read = read_file};
    const struct co_options options = {.unset = unset};
    struct co_run run = {.arena = &arena,
                         .sources = &sources,
                         .diags = &diags,
                         .files = &reader,
                         .options = &options};
    struct co_file files[2] = {input->files[0]};
    size_t count = 1;
    if (read_file((void *)(uintptr_t)input, STR("override.yaml"), &files[1].text) ==
        PLIM_STATUS_OK) {
        files[1].path = STR("override.yaml");
        count = 2;
    }
    if (co_env_init(&environment, NULL, 7) == PLIM_STATUS_OK) {
        struct co_project project;
        plim_status status = co_project_load(&project, &run, files, count, &environment);
        size_t visits = 0;
        require(status != PLIM_STATUS_INTERNAL);
        require((status == PLIM_STATUS_OK) == (project.root != NULL));
        require(status == PLIM_STATUS_OK || diags.errors > 0 ||
                arena_status(&arena) != PLIM_STATUS_OK);
        require(!project.refused || diags.count > 0);
        check_node(&sources, project.root, 0, &visits);
    }
    for (size_t i = 0; i < diags.count; i++) {
        check_span(&sources, diags.items[i]->span);
    }
    co_env_release(&environment);
    diag_list_release(&diags);
    source_set_release(&sources);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {.count = 0};
    split(&input, str_make((const char *)data, size));
    load(&input, CO_UNSET_HOLE);
    load(&input, CO_UNSET_EMPTY);
    return 0;
}
