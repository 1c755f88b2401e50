/* SPDX-License-Identifier: Apache-2.0
 *
 * select.h - which rules run and with which parameters, from the texts of the public options.
 *
 * Several policies share one set of selectors and settings: each must fit at least one of them.
 * Memory: the caller's arena. Thread rule: pure apart from the arena.
 */
#ifndef API_SELECT_H
#define API_SELECT_H

#include <stdint.h>

#include <plimsoll/eval.h>

#include "core/arena.h"
#include "runtime/eval.h"
#include "runtime/program.h"

enum { SELECT_MAX_POLICIES = 64 };

/* Refuses, with a message: too many policies or a NULL one, a rule defined by two of them (POLICY),
 * a selector, section or parameter that fits none (USAGE). */
plim_status select_check(plim_policy *const *policies, size_t count,
                         const plim_eval_options *options, plim_error *error) PLIM_MUST_CHECK;

/* Flags per rule; `*out` is NULL when all are selected. NOMEM. */
plim_status select_rules(const uint8_t **out, const struct program *program,
                         const plim_eval_options *options, struct arena *arena) PLIM_MUST_CHECK;

/* Sets run->params to the settings whose parameter this program declares. USAGE, NOMEM. */
plim_status select_params(struct eval_options *run, const struct program *program,
                          const plim_eval_options *options, struct arena *arena,
                          plim_error *error) PLIM_MUST_CHECK;

#endif
