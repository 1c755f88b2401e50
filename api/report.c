/* SPDX-License-Identifier: Apache-2.0
 *
 * report.c - the door of the reports: options, the table of formats, and nothing about any format.
 */
#include "api/report.h"

#include "core/alloc.h"

struct format_row {
    const char *name;
    void (*write)(struct buf *out, plim_result *result, const plim_report_options *options);
};

static const struct format_row formats[] = {
    [PLIM_REPORT_TEXT] = {"text", report_text_write},
    [PLIM_REPORT_JSON] = {"json", report_json_write},
};

plim_status plim_report_format_of(const char *name, plim_report_format *out)
{
    if (name == NULL || out == NULL) {
        return PLIM_STATUS_USAGE;
    }
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (str_eq(str_from_cstr(name), str_from_cstr(formats[i].name))) {
            *out = (plim_report_format)i;
            return PLIM_STATUS_OK;
        }
    }
    return PLIM_STATUS_NOT_FOUND;
}

plim_status plim_report(plim_report_format format, plim_result *result,
                        const plim_report_options *options, plim_text *out)
{
    plim_report_options chosen = PLIM_REPORT_OPTIONS_INIT;
    if (out == NULL || (size_t)format >= sizeof formats / sizeof formats[0] ||
        door_options(&chosen, sizeof chosen, options) != PLIM_STATUS_OK) {
        return PLIM_STATUS_USAGE;
    }
    struct buf buf;
    buf_init(&buf, alloc_or_default(chosen.allocator), API_MAX_TEXT);
    buf_append(&buf, STR(""));
    formats[format].write(&buf, result, &chosen);
    if (result != NULL) {
        plim_status status = source_set_status(&result->facts->store->sources);
        if (status != PLIM_STATUS_OK || arena_status(&result->arena) != PLIM_STATUS_OK) {
            buf_release(&buf);
            return PLIM_STATUS_NOMEM;
        }
    }
    return door_take(out, &buf);
}
