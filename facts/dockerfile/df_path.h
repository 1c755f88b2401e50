/* SPDX-License-Identifier: Apache-2.0
 *
 * df_path.h - what the words of COPY, ADD, WORKDIR, STOPSIGNAL and --chmod denote.
 *
 * Pure questions about expanded texts. Thread rule: pure.
 */
#ifndef FACTS_DOCKERFILE_DF_PATH_H
#define FACTS_DOCKERFILE_DF_PATH_H

#include <stdbool.h>

#include "core/str.h"

enum df_path_kind { DF_PATH_LOCAL, DF_PATH_URL, DF_PATH_GIT };

/* A source of ADD: git repositories are git@host:path, ssh://, git://, and http(s) whose path ends
 * in .git; other http(s) is a download; everything else is a path of the context. */
enum df_path_kind df_path_classify(struct str source);

/* Whether it starts at the root or at a Windows drive. */
bool df_path_is_absolute(struct str path);

/* Whether it holds an unescaped * ? or [. */
bool df_path_has_wildcard(struct str path);

/* Whether the name is one of an archive that ADD unpacks: tar, plain or compressed. */
bool df_path_is_archive(struct str path);

/* Whether its .. would lead above where it starts; the builder stops them there. */
bool df_path_leaves_root(struct str path);

/* Whether it is a signal number other than 0 or a Linux signal name, with or without SIG. */
bool df_signal_is_valid(struct str text);

/* Whether it is an octal mode up to 07777 or a symbolic one. */
bool df_mode_is_valid(struct str text);

#endif
