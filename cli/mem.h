/* SPDX-License-Identifier: Apache-2.0
 *
 * mem.h - memory of the program: growable bytes and growable lists of texts.
 *
 * The library takes an allocator; the program may simply stop: out of memory ends it with a message
 * and exit code 70, so no caller checks. What is grown lives until the process ends unless it is
 * released. Thread rule: one thread.
 */
#ifndef CLI_MEM_H
#define CLI_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* Growable bytes; zero-initialise. `data` is NUL-terminated once anything was added. */
struct bytes {
    char *data;
    size_t size;
    size_t capacity;
};

/* Growable list of borrowed texts; zero-initialise. */
struct names {
    const char **items;
    size_t count;
    size_t capacity;
};

/* Room for `need` items of `item_size` bytes; the block may move. Ends the program on failure. */
void *mem_grow(void *items, size_t *capacity, size_t need, size_t item_size);

/* A copy, NUL added; freed with mem_free. */
char *mem_copy(const char *data, size_t size);

/* Frees what mem_grow gave; NULL is fine. */
void mem_free(void *items);

/* A run over many files touches tens of megabytes once: asks for large pages from here on, which
 * makes that cost a tenth less time. Only a wish; called once. */
void mem_prepare_for_many(void);

/* Append bytes, a text, formatted text. */
void bytes_add(struct bytes *bytes, const char *data, size_t size);
void bytes_add_text(struct bytes *bytes, const char *text);
void bytes_printf(struct bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void bytes_vprintf(struct bytes *bytes, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Room for at least `more` bytes behind the content. */
char *bytes_reserve(struct bytes *bytes, size_t more);

/* Frees the content. */
void bytes_release(struct bytes *bytes);

/* Appends a borrowed text. */
void names_add(struct names *names, const char *name);

/* Appends a copy and returns it: a list of copies only is freed by names_release_copies. */
const char *names_add_copy(struct names *names, const char *data, size_t size);

/* Frees the list, or the list and the copies in it. */
void names_release(struct names *names);
void names_release_copies(struct names *names);

#endif
