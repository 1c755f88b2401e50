/* SPDX-License-Identifier: Apache-2.0
 *
 * error.h - the object a caller passes to learn why a call failed. Never thread-local state.
 */
#ifndef PLIMSOLL_ERROR_H
#define PLIMSOLL_ERROR_H

#include <plimsoll/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Filled on failure, untouched on success. Owns nothing: the message is one line of UTF-8, cut to
 * fit, safe for terminals. Every call that takes one accepts NULL. */
typedef struct plim_error {
    plim_status status;
    char message[256];
} plim_error;

#define PLIM_ERROR_INIT                                                                            \
    {                                                                                              \
        PLIM_STATUS_OK,                                                                            \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

#ifdef __cplusplus
}
#endif
#endif
