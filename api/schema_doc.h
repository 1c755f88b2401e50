/* SPDX-License-Identifier: Apache-2.0
 *
 * schema_doc.h - the fact schema in its four forms; plim_schema chooses.
 *
 * Thread rule: pure. Failures show in the buffer.
 */
#ifndef API_SCHEMA_DOC_H
#define API_SCHEMA_DOC_H

#include "core/buf.h"
#include "facts/schema.h"

/* Appends the schema as text for people, as Markdown, as JSON, as JSON Schema of the facts. */
void schema_doc_text(struct buf *out);
void schema_doc_markdown(struct buf *out);
void schema_doc_json(struct buf *out);
void schema_doc_json_schema(struct buf *out);

/* Type of a field as rules spell it: "list<command>", "string?". */
void schema_doc_type(struct buf *out, const struct fact_field_info *field);

#endif
