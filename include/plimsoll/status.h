/* SPDX-License-Identifier: Apache-2.0
 *
 * status.h - the one list of status codes.
 *
 * A status tells the program what to do; a diagnostic (diag.h) tells a human where and why. Every
 * fallible function of the project returns a plim_status. Names and texts are generated from the
 * same list, so there is no second table. Thread rule: pure.
 */
#ifndef PLIMSOLL_STATUS_H
#define PLIMSOLL_STATUS_H

#include <plimsoll/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, exit code of the command line, text) */
#define PLIM_STATUS_LIST(X)                                                                        \
    X(OK, 0, "success")                                                                            \
    X(USAGE, 2, "wrong argument or configuration")                                                 \
    X(POLICY, 3, "a rule or program does not compile or verify")                                   \
    X(INPUT, 4, "an input cannot be read or parsed")                                               \
    X(NOT_FOUND, 4, "no such file or name")                                                        \
    X(IO, 4, "reading or writing failed")                                                          \
    X(LIMIT, 5, "a budget was exceeded")                                                           \
    X(STOPPED, 5, "stopped by the caller")                                                         \
    X(NOMEM, 70, "out of memory")                                                                  \
    X(INTERNAL, 70, "internal error")

typedef enum plim_status {
#define PLIM_STATUS_ENUM(name, code, text) PLIM_STATUS_##name,
    PLIM_STATUS_LIST(PLIM_STATUS_ENUM)
#undef PLIM_STATUS_ENUM
} plim_status;

/* Stable upper-case name ("NOMEM"); "UNKNOWN" for a value outside the list. Static text. Pure. */
PLIM_API const char *plim_status_name(plim_status status);

/* One-line English text for a status. Static text. Pure. */
PLIM_API const char *plim_status_text(plim_status status);

/* Exit code the command line uses for a status (design: outcomes and exit codes). Pure. */
PLIM_API int plim_status_exit_code(plim_status status);

#ifdef __cplusplus
}
#endif
#endif
