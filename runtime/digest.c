/* SPDX-License-Identifier: Apache-2.0
 *
 * digest.c - the libsodium adapter; no other file of the runtime sees its types. The functions used
 * need no initialisation of the library. See digest.h.
 */
#include "runtime/digest.h"

#include <sodium.h>
#include <string.h>

_Static_assert(DIGEST_SHA256_BYTES == crypto_hash_sha256_BYTES, "size of SHA-256");
_Static_assert(DIGEST_SHORT_BYTES == crypto_shorthash_siphashx24_BYTES &&
                   DIGEST_SHORT_BYTES == crypto_shorthash_siphashx24_KEYBYTES,
               "a digest is the key of the next");

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
    /* Each part is hashed under the digest of those before it: no copy, and the borders count. */
    unsigned char key[crypto_shorthash_siphashx24_KEYBYTES] = "plimsoll-digest";
    for (size_t i = 0; i < count; i++) {
        unsigned char next[crypto_shorthash_siphashx24_BYTES];
        crypto_shorthash_siphashx24(next, (const unsigned char *)parts[i].ptr, parts[i].len, key);
        memcpy(key, next, sizeof key);
    }
    memcpy(out, key, DIGEST_SHORT_BYTES);
}

void digest_describe_library(struct buf *out)
{
    buf_append_cstr(out, "libsodium ");
    buf_append_cstr(out, sodium_version_string());
    buf_append_char(out, '\n');
}
