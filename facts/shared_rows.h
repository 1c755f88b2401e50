/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_rows.h - rows that Dockerfiles and compose files make alike: users and image references.
 *
 * What only one reader makes belongs to that reader. Memory: all in the store. Thread rule: as the
 * store while it is built.
 */
#ifndef FACTS_SHARED_ROWS_H
#define FACTS_SHARED_ROWS_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/str.h"
#include "facts/store.h"

/* Sets what follows from the group of a user row: name and number. */
void shared_rows_group(struct facts *facts, fact_row user, struct str group, fact_loc loc);

/* Sets what follows from the user part (before any `:`) of a user row: name, number, is-root. */
void shared_rows_user(struct facts *facts, fact_row user, struct str name, fact_loc loc);

/* New image-ref row of a known text; `scratch` is overwritten. `from_variable`: the text as written
 * holds a variable. A text that is no reference has unknown parts. */
fact_row shared_rows_image(struct facts *facts, struct buf *scratch, struct str text,
                           bool from_variable, fact_loc loc);

#endif
