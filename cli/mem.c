/* SPDX-License-Identifier: Apache-2.0
 *
 * mem.c - growable bytes and lists. The one place of the program that calls realloc and ends the
 * process for want of memory.
 */
#include "cli/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void end_without_memory(void)
{
    static const char text[] = "plimsoll: out of memory\n";
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) {
        _exit(70);
    }
    _exit(70);
}

void *mem_grow(void *items, size_t *capacity, size_t need, size_t item_size)
{
    if (need <= *capacity && items != NULL) {
        return items;
    }
    size_t room = *capacity < 16 ? 16 : *capacity * 2;
    if (room < need) {
        room = need;
    }
    if (room > SIZE_MAX / 2 / item_size) {
        end_without_memory();
    }
    void *grown = realloc(items, room * item_size);
    if (grown == NULL) {
        end_without_memory();
    }
    *capacity = room;
    return grown;
}

char *mem_copy(const char *data, size_t size)
{
    size_t capacity = 0;
    char *copy = mem_grow(NULL, &capacity, size + 1, 1);
    if (size > 0) {
        memcpy(copy, data, size);
    }
    copy[size] = '\0';
    return copy;
}

void mem_free(void *items)
{
    free(items);
}

void mem_prepare_for_many(void)
{
    const size_t large = 2u << 20;
    const size_t room = 32u << 20;
    /* Big blocks come from the heap, too, and the heap does not shrink when this one is freed. */
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 30);
    (void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
    char *block = malloc(room);
    if (block != NULL) {
        char *start = block + (large - (uintptr_t)block % large) % large;
        (void)madvise(start, room - large, MADV_HUGEPAGE);
    }
    free(block);
}

char *bytes_reserve(struct bytes *bytes, size_t more)
{
    if (more >= SIZE_MAX / 2 - bytes->size) {
        end_without_memory();
    }
    bytes->data = mem_grow(bytes->data, &bytes->capacity, bytes->size + more + 1, 1);
    return bytes->data + bytes->size;
}

void bytes_add(struct bytes *bytes, const char *data, size_t size)
{
    char *room = bytes_reserve(bytes, size);
    if (size > 0) {
        memcpy(room, data, size);
    }
    bytes->size += size;
    bytes->data[bytes->size] = '\0';
}

void bytes_add_text(struct bytes *bytes, const char *text)
{
    bytes_add(bytes, text, strlen(text));
}

void bytes_vprintf(struct bytes *bytes, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size > 0) {
        char *room = bytes_reserve(bytes, (size_t)size);
        size = vsnprintf(room, (size_t)size + 1, format, args);
        bytes->size += size > 0 ? (size_t)size : 0;
    }
}

void bytes_printf(struct bytes *bytes, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bytes_vprintf(bytes, format, args);
    va_end(args);
}

void bytes_release(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

void names_add(struct names *names, const char *name)
{
    names->items = mem_grow(names->items, &names->capacity, names->count + 1, sizeof *names->items);
    names->items[names->count] = name;
    names->count++;
}

const char *names_add_copy(struct names *names, const char *data, size_t size)
{
    char *copy = mem_copy(data, size);
    names_add(names, copy);
    return copy;
}

void names_release(struct names *names)
{
    free(names->items);
    *names = (struct names){0};
}

void names_release_copies(struct names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free((void *)(uintptr_t)names->items[i]);
    }
    names_release(names);
}
