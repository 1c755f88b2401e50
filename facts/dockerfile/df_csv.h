/* SPDX-License-Identifier: Apache-2.0
 *
 * df_csv.h - one CSV record (RFC 4180 quotes), as flag values of RUN use it.
 *
 * Thread rule: pure, apart from the arena.
 */
#ifndef FACTS_DOCKERFILE_DF_CSV_H
#define FACTS_DOCKERFILE_DF_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/str.h"

/* A walk over the fields of one record. Set `text` and `arena`, zero the rest. */
struct df_csv {
    struct str text;
    struct arena *arena;
    size_t at;
    bool done;
    bool bad; /* a quote stands where none may, or is not closed; no field follows */
};

/* The next field; false at the end or when the record is malformed (`csv->bad`). A field without
 * doubled quotes is a view of the text; others live in the arena. */
bool df_csv_next(struct df_csv *csv, struct str *field);

#endif
