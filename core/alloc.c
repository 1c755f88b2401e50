/* SPDX-License-Identifier: Apache-2.0
 *
 * alloc.c - the default allocator and overflow-checked growth. The one file that may call the
 * malloc family.
 */
#include "core/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *default_resize(void *user, void *ptr, size_t old_size, size_t new_size)
{
    (void)user;
    (void)old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

static const plim_allocator default_allocator = {.resize = default_resize, .user = NULL};

const plim_allocator *alloc_default(void)
{
    return &default_allocator;
}

const plim_allocator *alloc_or_default(const plim_allocator *allocator)
{
    return allocator != NULL ? allocator : &default_allocator;
}

void *alloc_zeroed(const plim_allocator *allocator, size_t size)
{
    size_t bytes = size > 0 ? size : 1;
    void *ptr = allocator->resize(allocator->user, NULL, 0, bytes);
    if (ptr != NULL) {
        memset(ptr, 0, bytes);
    }
    return ptr;
}

void *alloc_resize(const plim_allocator *allocator, void *ptr, size_t old_size, size_t new_size)
{
    return allocator->resize(allocator->user, ptr, old_size, new_size > 0 ? new_size : 1);
}

void alloc_free(const plim_allocator *allocator, void *ptr, size_t size)
{
    if (ptr != NULL) {
        allocator->resize(allocator->user, ptr, size, 0);
    }
}

bool alloc_grow(const plim_allocator *allocator, void **items, size_t *capacity, size_t need,
                size_t item_size)
{
    if (need <= *capacity) {
        return true;
    }
    size_t wanted = *capacity > 0 ? *capacity : 8;
    while (wanted < need) {
        if (wanted > SIZE_MAX / 2) {
            return false;
        }
        wanted *= 2;
    }
    if (wanted > SIZE_MAX / item_size) {
        return false;
    }
    void *grown = alloc_resize(allocator, *items, *capacity * item_size, wanted * item_size);
    if (grown == NULL) {
        return false;
    }
    *items = grown;
    *capacity = wanted;
    return true;
}
