/* SPDX-License-Identifier: Apache-2.0
 *
 * conformance.h - what a table of the conformance runner is made of.
 *
 * A table is a file of JSON lines; each row holds an input and the result of the reference
 * implementation. A table function runs the input through the library and reports each member that
 * came out differently with the helpers below. Tables are listed once, in tables.def. What knows
 * about one format belongs in its conf_*.c; files, counting and printing belong in main.c.
 * jansson is used by these tests only to read rows. Thread rule: one thread.
 */
#ifndef TESTS_CONFORMANCE_H
#define TESTS_CONFORMANCE_H

#include <jansson.h>
#include <stdbool.h>

#include "core/buf.h"
#include "core/str.h"

/* One row while it is judged. Equal until one of the conf_expect functions finds a difference. */
struct conf_row {
    const json_t *json;     /* the whole row; borrowed */
    struct buf *difference; /* text of all differences; empty = equal */
};

/* Runs one row of a table. */
typedef void conf_table_fn(struct conf_row *row);

/* Declares every table function of tables.def. */
#define CONF_TABLE(name, function) conf_table_fn function;
#define CONF_PART(name, file, function) conf_table_fn function;
#include "tables.def"
#undef CONF_TABLE
#undef CONF_PART

/* The string member `member`, or an empty view when it is absent; borrowed from the row. */
struct str conf_text(const struct conf_row *row, const char *member);

/* Whether the row has the member at all. */
bool conf_has(const struct conf_row *row, const char *member);

/* Appends the bytes of an input that is given as `member` (text), `member`_b64 (base64) or
 * `member`_b64_gz (base64 of zlib data). False, with a difference noted, when it is malformed. */
bool conf_input(struct conf_row *row, const char *member, struct buf *out);

/* Compares the row's member with `actual`, which is consumed; NULL stands for an absent member. */
void conf_expect(struct conf_row *row, const char *member, json_t *actual);

/* Same with a text. */
void conf_expect_text(struct conf_row *row, const char *member, struct str actual);

/* Notes that only one side refused: the row has an `error_member` and `refused` is false, or the
 * other way round. `reason` is our message. Returns whether both refused or both accepted. */
bool conf_expect_refusal(struct conf_row *row, const char *error_member, bool refused,
                         struct str reason);

/* Notes a difference in words. */
void conf_differ(struct conf_row *row, struct str text);

/* JSON string of `text` with each invalid UTF-8 byte as U+FFFD, as the reference prints it. */
json_t *conf_string(struct str text);

#endif
