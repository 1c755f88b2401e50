/* SPDX-License-Identifier: Apache-2.0
 *
 * format.c - the canonical layout of one policy text.
 */
#include "api/api.h"

#include "compiler/fmt.h"
#include "core/alloc.h"

plim_status plim_format(const plim_source *source, const plim_allocator *allocator, plim_text *out,
                        plim_diags *diags)
{
    if (source == NULL || source->name == NULL || (source->text == NULL && source->size > 0) ||
        out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    allocator = alloc_or_default(allocator);
    struct source_set sources;
    struct diag_list list;
    struct buf buf;
    source_id id;
    source_set_init(&sources, allocator);
    diag_list_init(&list, allocator);
    diag_list_set_sources(&list, &sources);
    buf_init(&buf, allocator, API_MAX_TEXT);
    buf_append(&buf, STR(""));
    plim_status status = source_add_view(&sources, &id, str_from_cstr(source->name),
                                         str_make(source->text, source->size));
    if (status == PLIM_STATUS_OK) {
        status = format_module(&buf, &sources, id, &list);
    }
    plim_status told = diags_take(diags, &list, &sources);
    source_set_release(&sources);
    if (status == PLIM_STATUS_OK) {
        status = told;
    }
    if (status != PLIM_STATUS_OK) {
        buf_release(&buf);
        return status;
    }
    return door_take(out, &buf);
}
