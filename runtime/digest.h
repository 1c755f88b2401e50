/* SPDX-License-Identifier: Apache-2.0
 *
 * digest.h - hashes: the one door to libsodium for the runtime.
 *
 * SHA-256 protects program images against accidents; the short digest names findings. Nothing here
 * is a signature. Thread rule: pure.
 */
#ifndef RUNTIME_DIGEST_H
#define RUNTIME_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"

enum { DIGEST_SHA256_BYTES = 32, DIGEST_SHORT_BYTES = 16 };

/* SHA-256 of the texts one behind the other. */
void digest_sha256(uint8_t out[DIGEST_SHA256_BYTES], const struct str *parts, size_t count);

/* 128-bit SipHash of the texts under a fixed key; ("ab","c") and ("a","bc") differ. Names things,
 * proves nothing: whoever writes the inputs could make two agree. */
void digest_short(uint8_t out[DIGEST_SHORT_BYTES], const struct str *parts, size_t count);

/* Appends name and version of the library in use and a line end. */
void digest_describe_library(struct buf *out);

#endif
