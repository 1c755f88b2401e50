/* SPDX-License-Identifier: Apache-2.0
 *
 * guess.c - the edit distance behind "did you mean": Damerau's restricted form.
 */
#include "core/guess.h"

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t guess_distance(struct str a, struct str b, size_t limit)
{
    size_t gap = a.len > b.len ? a.len - b.len : b.len - a.len;
    if (a.len > GUESS_MAX_NAME || b.len > GUESS_MAX_NAME || gap > limit) {
        return limit + 1;
    }
    size_t rows[3][GUESS_MAX_NAME + 1] = {{0}};
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t cost = a.ptr[i - 1] == b.ptr[j - 1] ? 0 : 1;
            now[j] = smaller(above[j - 1] + cost, smaller(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1]) {
                now[j] = smaller(now[j], two_above[j - 2] + 1);
            }
        }
    }
    return smaller(rows[a.len % 3][b.len], limit + 1);
}

struct guess guess_start(struct str name)
{
    /* A third of the letters may be wrong, else the guess is noise. */
    size_t limit = name.len < 3 ? 1 : smaller(name.len / 3 + 1, 3);
    return (struct guess){.name = name, .best = STR(""), .distance = limit + 1};
}

void guess_consider(struct guess *guess, struct str candidate)
{
    if (guess->distance == 0 || candidate.len == 0) {
        return;
    }
    size_t distance = guess_distance(guess->name, candidate, guess->distance - 1);
    if (distance < guess->distance && distance < candidate.len) {
        guess->distance = distance;
        guess->best = candidate;
    }
}
