/* SPDX-License-Identifier: Apache-2.0
 *
 * report.h - a result as one document: for people, or as JSON for programs.
 *
 * The forms are those of the command line, so that every embedder shows the same. Untrusted text is
 * made safe for terminals (text) or escaped (JSON, invalid UTF-8 becomes U+FFFD).
 */
#ifndef PLIMSOLL_REPORT_H
#define PLIMSOLL_REPORT_H

#include <stddef.h>

#include <plimsoll/diag.h>
#include <plimsoll/eval.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum plim_report_format {
    PLIM_REPORT_TEXT, /* findings with source lines, carets and remedies, and a summary */
    PLIM_REPORT_JSON  /* one object, "plimsoll.findings/1": docs/schema/findings-1.schema.json */
} plim_report_format;

typedef enum plim_report_detail {
    PLIM_REPORT_FULL,     /* findings and summary */
    PLIM_REPORT_FINDINGS, /* no summary, no undecided ones (text only) */
    PLIM_REPORT_SUMMARY   /* the summary alone (text only) */
} plim_report_detail;

typedef struct plim_report_options {
    size_t struct_size;
    const plim_allocator *allocator;
    plim_diags *diags; /* problems of the inputs: counted (text), listed (JSON); NULL: none */
    size_t documents;  /* documents judged, for the summary */
    plim_report_detail detail;
    int color;    /* text: terminal colours */
    size_t width; /* text: terminal columns; 0: 100 */
} plim_report_options;

#define PLIM_REPORT_OPTIONS_INIT                                                                   \
    {                                                                                              \
        .struct_size = sizeof(plim_report_options)                                                 \
    }

/* Format by name ("text", "json"); NOT_FOUND for another name, `*out` untouched. Pure. */
PLIM_API plim_status plim_report_format_of(const char *name,
                                           plim_report_format *out) PLIM_MUST_CHECK;

/* Renders the whole result; `result` NULL is a result without findings (JSON of a run that could
 * not evaluate). USAGE for a NULL `out` or unknown format, NOMEM, LIMIT. One thread at a time per
 * result and facts. */
PLIM_API plim_status plim_report(plim_report_format format, plim_result *result,
                                 const plim_report_options *options,
                                 plim_text *out) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
