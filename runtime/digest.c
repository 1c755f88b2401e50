/* SPDX-License-Identifier: Apache-2.0
 *
 * digest.c - the libsodium adapter; no other file of the runtime sees its types. The functions used
 * need no initialisation of the library. See digest.h.
 */
#include "runtime/digest.h"

#include <sodium.h>

_Static_assert(DIGEST_SHA256_BYTES == crypto_hash_sha256_BYTES, "size of SHA-256");

void digest_sha256(uint8_t out[DIGEST_SHA256_BYTES], const struct str *parts, size_t count)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < count; i++) {
        crypto_hash_sha256_update(&state, (const unsigned char *)parts[i].ptr, parts[i].len);
    }
    crypto_hash_sha256_final(&state, out);
}

void digest_short(uint8_t out[DIGEST_SHORT_BYTES], const struct str *parts, size_t count)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, DIGEST_SHORT_BYTES);
    for (size_t i = 0; i < count; i++) {
        unsigned char length[8];
        for (size_t byte = 0; byte < sizeof length; byte++) {
            length[byte] = (unsigned char)((uint64_t)parts[i].len >> (8 * byte));
        }
        crypto_generichash_update(&state, length, sizeof length);
        crypto_generichash_update(&state, (const unsigned char *)parts[i].ptr, parts[i].len);
    }
    crypto_generichash_final(&state, out, DIGEST_SHORT_BYTES);
}

void digest_describe_library(struct buf *out)
{
    buf_append_cstr(out, "libsodium ");
    buf_append_cstr(out, sodium_version_string());
    buf_append_char(out, '\n');
}
