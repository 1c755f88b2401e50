/* SPDX-License-Identifier: Apache-2.0
 *
 * alloc.h - the allocator a caller may supply.
 *
 * One function does allocate, grow and free; it is told the old size, so accounting is exact.
 * NULL in place of a plim_allocator means the C library's allocator.
 */
#ifndef PLIMSOLL_ALLOC_H
#define PLIMSOLL_ALLOC_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* resize(user, NULL, 0, n) allocates, resize(user, p, old, n) grows or shrinks,
 * resize(user, p, old, 0) frees and returns NULL. Returns NULL on failure and leaves p valid.
 * Thread rule: must be callable from every thread that uses a handle created with it. */
typedef struct plim_allocator {
    void *(*resize)(void *user, void *ptr, size_t old_size, size_t new_size);
    void *user;
} plim_allocator;

#ifdef __cplusplus
}
#endif
#endif
