/* SPDX-License-Identifier: Apache-2.0
 *
 * diags.c - collections of diagnostics: one part per call that reported something, each with copies
 * of the texts its places point into.
 */
#include "api/api.h"

#include <string.h>

#include "core/alloc.h"
#include "core/diag_json.h"
#include "core/diag_page.h"
#include "core/diag_text.h"

/* A part with its sources in one block. */
struct part_block {
    struct diags_part part;
    struct source_set sources;
};

plim_status plim_diags_new(plim_diags **out, const plim_allocator *allocator)
{
    if (out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    allocator = alloc_or_default(allocator);
    plim_diags *diags = alloc_zeroed(allocator, sizeof *diags);
    if (diags == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    diags->allocator = allocator;
    diags->tail = &diags->first;
    *out = diags;
    return PLIM_STATUS_OK;
}

void plim_diags_free(plim_diags *diags)
{
    if (diags == NULL) {
        return;
    }
    const plim_allocator *allocator = diags->allocator;
    struct diags_part *part = diags->first;
    while (part != NULL) {
        struct diags_part *next = part->next;
        diag_list_release(&part->list);
        source_set_release(part->sources);
        alloc_free(allocator, part, sizeof(struct part_block));
        part = next;
    }
    alloc_free(allocator, diags, sizeof *diags);
}

struct diags_part *diags_part_new(plim_diags *diags)
{
    struct part_block *block = alloc_zeroed(diags->allocator, sizeof *block);
    if (block == NULL) {
        return NULL;
    }
    source_set_init(&block->sources, diags->allocator);
    diag_list_init(&block->part.list, diags->allocator);
    block->part.sources = &block->sources;
    *diags->tail = &block->part;
    diags->tail = &block->part.next;
    return &block->part;
}

/* Copies the source of a span into the part, once, and points the span there. */
static plim_status move_span(struct diags_part *part, struct span *span,
                             const struct source_set *sources, source_id *last_from,
                             source_id *last_to)
{
    const struct source *source = source_get(sources, span->source);
    if (source == NULL) {
        span->source = SOURCE_NONE;
        return PLIM_STATUS_OK;
    }
    if (*last_from != span->source) {
        source_id id;
        plim_status status = source_add(part->sources, &id, source->name, source->text);
        if (status != PLIM_STATUS_OK) {
            return status;
        }
        *last_from = span->source;
        *last_to = id;
    }
    span->source = *last_to;
    return PLIM_STATUS_OK;
}

plim_status diags_take(plim_diags *diags, struct diag_list *list, const struct source_set *sources)
{
    if (diags == NULL || (list->count == 0 && list->errors == 0 && list->warnings == 0)) {
        diag_list_release(list);
        return PLIM_STATUS_OK;
    }
    struct diags_part *part = diags_part_new(diags);
    if (part == NULL) {
        diag_list_release(list);
        return PLIM_STATUS_NOMEM;
    }
    diag_list_sort(list);
    source_id from = SOURCE_NONE;
    source_id to = SOURCE_NONE;
    plim_status status = PLIM_STATUS_OK;
    for (size_t i = 0; i < list->count && status == PLIM_STATUS_OK; i++) {
        struct diag *diag = list->items[i];
        status = move_span(part, &diag->span, sources, &from, &to);
        for (struct diag_label *label = diag->labels; label != NULL; label = label->next) {
            if (status == PLIM_STATUS_OK) {
                status = move_span(part, &label->span, sources, &from, &to);
            }
        }
    }
    if (status != PLIM_STATUS_OK) {
        diag_list_release(list);
        return status;
    }
    part->list = *list;
    part->list.sources = NULL;
    *list = (struct diag_list){0};
    return PLIM_STATUS_OK;
}

size_t plim_diags_errors(const plim_diags *diags)
{
    size_t count = 0;
    for (struct diags_part *part = diags != NULL ? diags->first : NULL; part != NULL;
         part = part->next) {
        count += part->list.errors;
    }
    return count;
}

size_t plim_diags_warnings(const plim_diags *diags)
{
    size_t count = 0;
    for (struct diags_part *part = diags != NULL ? diags->first : NULL; part != NULL;
         part = part->next) {
        count += part->list.warnings;
    }
    return count;
}

plim_status plim_diags_add(plim_diags *diags, const char *code, const char *path,
                           const char *message)
{
    if (diags == NULL || code == NULL || path == NULL || message == NULL) {
        return PLIM_STATUS_USAGE;
    }
    enum diag_id id;
    if ((code[0] != 'I' && code[0] != 'i') || !diag_find(str_from_cstr(code), &id)) {
        return PLIM_STATUS_NOT_FOUND;
    }
    struct diags_part *part = diags_part_new(diags);
    source_id source;
    if (part == NULL ||
        source_add(part->sources, &source, str_from_cstr(path), STR("")) != PLIM_STATUS_OK) {
        return PLIM_STATUS_NOMEM;
    }
    (void)diag_report(&part->list, id, (struct span){source, 0, 0}, "%s", message);
    return diag_list_status(&part->list);
}

plim_status plim_diags_text(plim_diags *diags, int color, size_t width, plim_text *out)
{
    if (diags == NULL || out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    struct buf buf;
    buf_init(&buf, diags->allocator, API_MAX_TEXT);
    buf_append(&buf, STR(""));
    struct diag_style style = {.color = color != 0, .width = width};
    for (struct diags_part *part = diags->first; part != NULL; part = part->next) {
        diag_list_sort(&part->list);
        diag_text_write_list(&buf, part->sources, &part->list, style);
    }
    return door_take(out, &buf);
}

plim_status plim_diags_json(plim_diags *diags, plim_text *out)
{
    if (diags == NULL || out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    struct buf buf;
    struct jsonw json;
    buf_init(&buf, diags->allocator, API_MAX_TEXT);
    jsonw_init(&json, &buf, true);
    jsonw_array_begin(&json);
    for (struct diags_part *part = diags->first; part != NULL; part = part->next) {
        diag_list_sort(&part->list);
        for (size_t i = 0; i < part->list.count; i++) {
            diag_json_write(&json, part->sources, part->list.items[i]);
        }
    }
    jsonw_array_end(&json);
    buf_append_char(&buf, '\n');
    return door_take(out, &buf);
}

plim_status plim_diag_page(const char *code, plim_text *out)
{
    struct str page;
    if (code == NULL || out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    if (!diag_page_find(str_from_cstr(code), &page)) {
        return PLIM_STATUS_NOT_FOUND;
    }
    return plim_text_set(out, page.ptr, page.len);
}
