/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_packages.h - what a command asks of a package manager.
 *
 * Fills manager, action, packages and the package flags of one row from its options and operands.
 * Managers and verbs stand in sh_managers.def. Thread rule: as the script.
 */
#ifndef FACTS_SHELL_SH_PACKAGES_H
#define FACTS_SHELL_SH_PACKAGES_H

#include "facts/shell/sh_command.h"

/* The manager a program is (MEMBER_package_manager_...), or -1. Pure. */
int sh_packages_manager(struct str name);

/* `command` must not be a row of script->commands that can still move: it is written after
 * script->packages has grown. */
void sh_packages_read(struct sh_script *script, struct sh_command *command,
                      const struct sh_program *program);

/* One package word as `manager` (MEMBER_package_manager_...) reads it: name, version, source and
 * pin; `word` is left alone. Pure. */
struct sh_package sh_package_parse(int manager, const struct sh_word *word);

#endif
