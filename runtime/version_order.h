/* SPDX-License-Identifier: Apache-2.0
 *
 * version_order.h - the order of version texts.
 *
 * Runs of digits compare as numbers of any length, other runs as text; separators . - _ + only
 * part them; a leading v is ignored; a missing part equals 0; a part that begins with a letter
 * (alpha, rc) is older than none. So 1.2 == 1.2.0, 1.10 > 1.9, 1.0-rc1 < 1.0. Thread rule: pure.
 */
#ifndef RUNTIME_VERSION_ORDER_H
#define RUNTIME_VERSION_ORDER_H

#include "core/str.h"

/* <0, 0, >0 as `a` is older than, equal to, newer than `b`. */
int version_order(struct str a, struct str b);

#endif
