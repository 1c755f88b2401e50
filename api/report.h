/* SPDX-License-Identifier: Apache-2.0
 *
 * report.h - the writers behind plim_report, one per format.
 *
 * `result` may be NULL (nothing was evaluated). Failures show in the buffer, in the result's arena
 * and in the source set of its facts. Thread rule: one thread at a time per result and facts.
 */
#ifndef API_REPORT_H
#define API_REPORT_H

#include "api/api.h"

/* Appends the report for people. */
void report_text_write(struct buf *out, plim_result *result, const plim_report_options *options);

/* Appends one JSON object, "plimsoll.findings/1". */
void report_json_write(struct buf *out, plim_result *result, const plim_report_options *options);

#endif
