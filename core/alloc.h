/* SPDX-License-Identifier: Apache-2.0
 *
 * alloc.h - the only door to dynamic memory.
 *
 * Every other file allocates through a plim_allocator (or through an arena or buffer made from
 * one); the malloc family is banned elsewhere and `make check` looks for it. Sizes are checked for
 * overflow here. Fault-injection tests supply an allocator that fails on request.
 * Thread rule: as thread-safe as the allocator given; the default one is.
 */
#ifndef CORE_ALLOC_H
#define CORE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/alloc.h>
#include <plimsoll/version.h>

/* The C library's allocator behind the plim_allocator interface. Never NULL. */
const plim_allocator *alloc_default(void);

/* `allocator` itself, or the default one when it is NULL. */
const plim_allocator *alloc_or_default(const plim_allocator *allocator);

/* Zero-filled memory of `size` bytes (at least one), or NULL. Caller frees with alloc_free. */
void *alloc_zeroed(const plim_allocator *allocator, size_t size) PLIM_MUST_CHECK;

/* Grows or shrinks a block; NULL on failure, and then `ptr` is still valid. */
void *alloc_resize(const plim_allocator *allocator, void *ptr, size_t old_size,
                   size_t new_size) PLIM_MUST_CHECK;

/* Frees a block of `size` bytes; NULL is fine. */
void alloc_free(const plim_allocator *allocator, void *ptr, size_t size);

/* Makes room for at least `need` items in a growable array, doubling from 8. `*items` and
 * `*capacity` are changed only on success; false on overflow or out of memory. */
bool alloc_grow(const plim_allocator *allocator, void **items, size_t *capacity, size_t need,
                size_t item_size) PLIM_MUST_CHECK;

#endif
