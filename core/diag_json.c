/* SPDX-License-Identifier: Apache-2.0
 *
 * diag_json.c - see diag_json.h. Text is written as it is; jsonw escapes it. Places that are not
 * known (no source) are left out rather than invented. Thread rule: one thread per source_set.
 */
#include "core/diag_json.h"

static void write_place(struct jsonw *out, struct source_set *sources, struct span span)
{
    const struct source *source = source_get(sources, span.source);
    if (source == NULL) {
        return;
    }
    struct source_position start = source_locate(sources, span.source, span.start);
    struct source_position end = source_locate(sources, span.source, span.end);
    jsonw_key(out, "path");
    jsonw_string(out, source->name);
    jsonw_key(out, "line");
    jsonw_uint(out, start.line);
    jsonw_key(out, "column");
    jsonw_uint(out, start.column);
    jsonw_key(out, "end_line");
    jsonw_uint(out, end.line);
    jsonw_key(out, "end_column");
    jsonw_uint(out, end.column);
}

void diag_json_write(struct jsonw *out, struct source_set *sources, const struct diag *diag)
{
    jsonw_object_begin(out);
    jsonw_key(out, "code");
    jsonw_cstr(out, diag_code(diag->id));
    jsonw_key(out, "severity");
    jsonw_cstr(out, diag_severity_name(diag->severity));
    jsonw_key(out, "message");
    jsonw_string(out, diag->message);
    write_place(out, sources, diag->span);
    if (diag->caret_text.len > 0) {
        jsonw_key(out, "hint");
        jsonw_string(out, diag->caret_text);
    }
    jsonw_key(out, "labels");
    jsonw_array_begin(out);
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        jsonw_object_begin(out);
        jsonw_key(out, "message");
        jsonw_string(out, label->text);
        write_place(out, sources, label->span);
        jsonw_object_end(out);
    }
    jsonw_array_end(out);
    jsonw_key(out, "notes");
    jsonw_array_begin(out);
    for (const struct diag_note *note = diag->notes; note != NULL; note = note->next) {
        jsonw_string(out, note->text);
    }
    jsonw_array_end(out);
    jsonw_object_end(out);
}
