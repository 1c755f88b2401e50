/* SPDX-License-Identifier: Apache-2.0
 *
 * ulimit.h - limits of resources as docker run writes them: nofile=1024:2048.
 *
 * Thread rule: pure.
 */
#ifndef FACTS_ULIMIT_H
#define FACTS_ULIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

/* The names that Docker knows. */
#define ULIMIT_NAME_LIST(X)                                                                        \
    X("core")                                                                                      \
    X("cpu")                                                                                       \
    X("data")                                                                                      \
    X("fsize")                                                                                     \
    X("locks")                                                                                     \
    X("memlock")                                                                                   \
    X("msgqueue")                                                                                  \
    X("nice")                                                                                      \
    X("nofile")                                                                                    \
    X("nproc")                                                                                     \
    X("rss")                                                                                       \
    X("rtprio")                                                                                    \
    X("rttime")                                                                                    \
    X("sigpending")                                                                                \
    X("stack")

/* Why a text is no limit. X(name, text) */
#define ULIMIT_ERROR_LIST(X)                                                                       \
    X(NONE, "")                                                                                    \
    X(FORM, "a limit is written name=soft or name=soft:hard")                                      \
    X(NAME, "no such limit")                                                                       \
    X(NUMBER, "a limit is a whole number, -1 for unlimited")                                       \
    X(ORDER, "the soft limit is above the hard one")

enum ulimit_error {
#define ULIMIT_ERROR_ENUM(name, text) ULIMIT_ERROR_##name,
    ULIMIT_ERROR_LIST(ULIMIT_ERROR_ENUM)
#undef ULIMIT_ERROR_ENUM
};

struct ulimit {
    struct str name; /* a view of the text */
    int64_t soft;    /* -1: unlimited */
    int64_t hard;
};

/* Whether Docker knows a limit of this name. */
bool ulimit_is_name(struct str name);

/* Parses `text`; `*out` is untouched unless the result is ULIMIT_ERROR_NONE. */
enum ulimit_error ulimit_parse(struct str text, struct ulimit *out);

/* Static text of an error. */
struct str ulimit_error_text(enum ulimit_error error);

#endif
