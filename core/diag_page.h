/* SPDX-License-Identifier: Apache-2.0
 *
 * diag_page.h - the embedded pages of docs/diagnostics/, for `plimsoll explain E0201`.
 *
 * The Makefile turns the pages into a table (tests/tools/embed_pages.sh); `make check` makes sure
 * that every diagnostic has one. Kept apart from diag.h so that only who explains carries the text.
 * Thread rule: pure.
 */
#ifndef CORE_DIAG_PAGE_H
#define CORE_DIAG_PAGE_H

#include <stdbool.h>

#include "core/str.h"

/* Markdown page of a code such as "E0201", ignoring case; false when there is none. Static text. */
bool diag_page_find(struct str code, struct str *out);

#endif
