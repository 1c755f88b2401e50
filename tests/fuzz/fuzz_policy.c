/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_policy.c - policy text. A tree without errors holds no AST_ERROR; spans lie in the text; the
 * formatter keeps the tree and changes nothing the second time; an allocation that fails, chosen by
 * the input, gives NOMEM or the same result.
 */
#include <stdint.h>
#include <stdlib.h>

#include "compiler/ast.h"
#include "compiler/fmt.h"
#include "compiler/parse.h"
#include "core/alloc.h"
#include "core/diag_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUTPUT_BYTES = 64 << 20 };

struct failing {
    plim_allocator allocator;
    size_t calls;
    size_t fail_at;
};

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void *resize_or_fail(void *user, void *ptr, size_t old_size, size_t new_size)
{
    struct failing *failing = user;
    if (new_size > 0 && ++failing->calls == failing->fail_at) {
        return NULL;
    }
    const plim_allocator *inner = alloc_default();
    return inner->resize(inner->user, ptr, old_size, new_size);
}

/* Parses and appends the tree without spans; tells how many errors were reported. */
static plim_status dump(struct buf *out, struct str text, size_t *errors,
                        const plim_allocator *allocator)
{
    struct source_set sources;
    struct diag_list diags;
    struct arena arena;
    source_id id = SOURCE_NONE;
    source_set_init(&sources, allocator);
    diag_list_init(&diags, allocator);
    diag_list_set_sources(&diags, &sources);
    arena_init(&arena, allocator, 0);
    struct ast_module *module = NULL;
    plim_status status = source_add_view(&sources, &id, STR("fuzz.plim"), text);
    if (status == PLIM_STATUS_OK) {
        status = parse_module(&module, &arena, &sources, id, &diags);
    }
    if (status == PLIM_STATUS_OK) {
        ast_dump(out, module, false);
        diag_list_sort(&diags);
        for (size_t i = 0; i < diags.count; i++) {
            const struct span *span = &diags.items[i]->span;
            require(span->start <= span->end && span->end <= text.len + 1);
        }
        struct buf shown;
        buf_init(&shown, NULL, OUTPUT_BYTES);
        diag_text_write_list(&shown, &sources, &diags, (struct diag_style){.color = false});
        buf_release(&shown);
        *errors = diags.errors;
    }
    arena_release(&arena);
    diag_list_release(&diags);
    source_set_release(&sources);
    return status;
}

static plim_status format(struct buf *out, struct str text)
{
    struct source_set sources;
    struct diag_list diags;
    source_id id = SOURCE_NONE;
    source_set_init(&sources, NULL);
    diag_list_init(&diags, NULL);
    plim_status status = source_add_view(&sources, &id, STR("fuzz.plim"), text);
    if (status == PLIM_STATUS_OK) {
        status = format_module(out, &sources, id, &diags);
    }
    diag_list_release(&diags);
    source_set_release(&sources);
    return status;
}

static void check_format(struct str text, struct str tree)
{
    struct buf once;
    struct buf twice;
    struct buf again;
    size_t errors = 0;
    buf_init(&once, NULL, OUTPUT_BYTES);
    buf_init(&twice, NULL, OUTPUT_BYTES);
    buf_init(&again, NULL, OUTPUT_BYTES);
    require(format(&once, text) == PLIM_STATUS_OK);
    require(format(&twice, buf_view(&once)) == PLIM_STATUS_OK);
    require(str_eq(buf_view(&once), buf_view(&twice)));
    require(dump(&again, buf_view(&once), &errors, NULL) == PLIM_STATUS_OK);
    require(errors == 0 && str_eq(tree, buf_view(&again)));
    buf_release(&once);
    buf_release(&twice);
    buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_make((const char *)data, size);
    struct buf tree;
    size_t errors = 0;
    buf_init(&tree, NULL, OUTPUT_BYTES);
    require(dump(&tree, text, &errors, NULL) == PLIM_STATUS_OK);
    bool has_error = str_find(buf_view(&tree), STR("(error)")) < tree.len &&
                     str_find(text, STR("(error)")) == text.len;
    require(errors > 0 || !has_error);
    if (errors == 0 && size < 16384) {
        check_format(text, buf_view(&tree));
    }
    struct failing failing = {.fail_at = size > 0 ? 1 + data[size / 2] % 64U : 1};
    failing.allocator = (plim_allocator){.resize = resize_or_fail, .user = &failing};
    struct buf other;
    buf_init(&other, NULL, OUTPUT_BYTES);
    plim_status status = dump(&other, text, &errors, &failing.allocator);
    require(status == PLIM_STATUS_OK || status == PLIM_STATUS_NOMEM);
    if (status == PLIM_STATUS_OK && errors == 0) {
        require(str_eq(buf_view(&tree), buf_view(&other)));
    }
    buf_release(&other);
    buf_release(&tree);
    return 0;
}
