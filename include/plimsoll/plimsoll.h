/* SPDX-License-Identifier: Apache-2.0
 *
 * plimsoll.h - the whole public interface in one include. See docs/embedding.md for an example.
 */
#ifndef PLIMSOLL_H
#define PLIMSOLL_H

#include <plimsoll/alloc.h>
#include <plimsoll/budget.h>
#include <plimsoll/diag.h>
#include <plimsoll/error.h>
#include <plimsoll/eval.h>
#include <plimsoll/input.h>
#include <plimsoll/policy.h>
#include <plimsoll/report.h>
#include <plimsoll/status.h>
#include <plimsoll/test.h>
#include <plimsoll/text.h>
#include <plimsoll/version.h>

#endif
