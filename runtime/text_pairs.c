/* SPDX-License-Identifier: Apache-2.0
 *
 * text_pairs.c - see text_pairs.h. A pair is named by 11 bits of its two folded bytes: five of the
 * first, six of the second.
 */
#include "runtime/text_pairs.h"

#include <string.h>

/* Letters of both cases get one number; some other bytes do, too, which is harmless. */
static unsigned pair_of(char first, char second)
{
    return ((unsigned char)first & 0x1Fu) << 6 |
           (((unsigned char)second & 0x1Fu) | ((unsigned char)second & 0x40u) >> 1);
}

void text_pairs_fill(struct text_pairs *pairs, struct str text)
{
    memset(pairs, 0, sizeof *pairs);
    for (size_t i = 1; i < text.len; i++) {
        unsigned pair = pair_of(text.ptr[i - 1], text.ptr[i]);
        pairs->bits[pair / 64] |= UINT64_C(1) << pair % 64;
    }
}

bool text_pairs_allow(const struct text_pairs *pairs, struct str literal)
{
    for (size_t i = 1; i < literal.len; i++) {
        unsigned pair = pair_of(literal.ptr[i - 1], literal.ptr[i]);
        if ((pairs->bits[pair / 64] >> pair % 64 & 1) == 0) {
            return false;
        }
    }
    return true;
}
