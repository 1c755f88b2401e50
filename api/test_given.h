/* SPDX-License-Identifier: Apache-2.0
 *
 * test_given.h - what a test of a policy gives, to facts: Dockerfiles, compose projects, and files
 * beside them.
 *
 * Every given text can be read by every other by its name: a Dockerfile finds `.dockerignore`, a
 * compose file its env files, override file and Dockerfiles. Nothing else is read. Thread rule: one
 * thread per store.
 */
#ifndef API_TEST_GIVEN_H
#define API_TEST_GIVEN_H

#include "compiler/compile.h"
#include "core/diag.h"
#include "facts/store.h"

/* Fills an empty store, which stays open, with what the test gives. A kind that cannot be read is
 * reported to `failures` and makes `*failed` true. NOMEM, LIMIT. */
plim_status test_given_read(struct facts *facts, const struct ast_given *givens,
                            struct diag_list *failures, bool *failed) PLIM_MUST_CHECK;

#endif
