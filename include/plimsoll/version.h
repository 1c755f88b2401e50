/* SPDX-License-Identifier: Apache-2.0
 *
 * version.h - version numbers of the library and the symbol-visibility macro.
 *
 * Nothing else belongs here: this header is included by every other public header.
 */
#ifndef PLIMSOLL_VERSION_H
#define PLIMSOLL_VERSION_H

#define PLIM_VERSION_MAJOR 0
#define PLIM_VERSION_MINOR 1
#define PLIM_VERSION_PATCH 0
#define PLIM_VERSION "0.1.0"

#if defined(__GNUC__)
#define PLIM_API __attribute__((visibility("default")))
#define PLIM_MUST_CHECK __attribute__((warn_unused_result))
#else
#define PLIM_API
#define PLIM_MUST_CHECK
#endif

#endif
