/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_show.h - rows of a shell script as short lines, for the tests of facts/shell.
 *
 *     name =assignments options | operands | before..after flags via:N <N >N ^N [manager action]
 * {pkg}
 *
 * Thread rule: pure.
 */
#ifndef TESTS_UNIT_SH_SHOW_H
#define TESTS_UNIT_SH_SHOW_H

#include "core/buf.h"
#include "facts/shell/sh_command.h"

/* Appends one line per command, one per assignment that stands alone, and the gap. */
void sh_show_script(struct buf *out, const struct sh_script *script);

/* Appends one package: {name @version source pin}. */
void sh_show_package(struct buf *out, const struct sh_package *package);

#endif
