/* SPDX-License-Identifier: Apache-2.0
 *
 * reads.h - which fields of the facts a program asks for, so that builders can leave out the rest.
 *
 * Owns nothing. Thread rule: pure.
 */
#ifndef RUNTIME_READS_H
#define RUNTIME_READS_H

#include "facts/store.h"
#include "runtime/program.h"

/* Adds the fields that code of a verified program names, and for each kind it judges the first. */
void reads_add(struct fact_fields *fields, const struct program *program);

#endif
