/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_dump.h - a shell tree as stable S-expressions, for golden tests and debugging.
 *
 * One line: (list (simple "apt-get" "update") (and (simple ...))). Nothing reads this back.
 * Thread rule: pure.
 */
#ifndef FACTS_SHELL_SH_DUMP_H
#define FACTS_SHELL_SH_DUMP_H

#include "core/buf.h"
#include "facts/shell/sh_ast.h"

/* Appends the tree and, when there is a gap, " !gap-name". */
void sh_dump_tree(struct buf *out, const struct sh_tree *tree);

#endif
