/* SPDX-License-Identifier: Apache-2.0
 *
 * df_parse.h - text of a Dockerfile to its tree.
 *
 * Never gives up: what the frontend would refuse becomes a problem and reading goes on with the
 * next instruction. Memory: everything in the arena, texts point into the input where possible.
 * Thread rule: one thread per arena.
 */
#ifndef FACTS_DOCKERFILE_DF_PARSE_H
#define FACTS_DOCKERFILE_DF_PARSE_H

#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/dockerfile/df_ast.h"

/* ONBUILD inside ONBUILD: refused by the frontend anyway, read to this depth. */
enum { DF_ONBUILD_MAX_DEPTH = 8 };

/* Parses `text`, which must outlive the tree. Problems of the PARSE and INSTRUCTION layers are in
 * out->problems. OK whatever the text holds; NOMEM, or LIMIT when the arena's cap or 4 GiB are
 * exceeded. */
plim_status df_parse(struct df_file *out, struct arena *arena, struct str text) PLIM_MUST_CHECK;

#endif
