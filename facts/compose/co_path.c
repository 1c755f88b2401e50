/* SPDX-License-Identifier: Apache-2.0
 *
 * co_path.c - see co_path.h. The text is written from its end, since parts know those above them.
 */
#include "facts/compose/co_path.h"

#include <stdio.h>
#include <string.h>

/* Longest part of one key. */
enum { KEY_SHOWN = 60 };

struct writer {
    char text[CO_PATH_MAX_TEXT];
    size_t start; /* what is written lies behind it */
};

/* False when there is no room. */
static bool put_before(struct writer *writer, struct str part)
{
    if (part.len > writer->start) {
        return false;
    }
    writer->start -= part.len;
    memcpy(writer->text + writer->start, part.ptr, part.len);
    return true;
}

/* Bytes of a long key that are shown: no character is cut in two. */
static size_t shown_length(struct str key)
{
    size_t length = KEY_SHOWN;
    while (length > 0 && ((unsigned char)key.ptr[length] & 0xc0) == 0x80) {
        length--;
    }
    return length;
}

static bool put_key(struct writer *writer, struct str key)
{
    if (key.len <= KEY_SHOWN) {
        return put_before(writer, key);
    }
    return put_before(writer, STR("...")) &&
           put_before(writer, str_slice(key, 0, shown_length(key)));
}

/* Puts "..." in the place of the first bytes, whole characters only. */
static void mark_cut(struct writer *writer)
{
    writer->start += 3;
    while (((unsigned char)writer->text[writer->start] & 0xc0) == 0x80) {
        writer->start++;
    }
    (void)put_before(writer, STR("..."));
}

struct str co_path_text(struct arena *arena, const struct co_path *path)
{
    if (path == NULL) {
        return STR("the file");
    }
    struct writer writer = {.start = CO_PATH_MAX_TEXT};
    bool room = true;
    for (const struct co_path *part = path; part != NULL && room; part = part->up) {
        if (part->key.ptr == NULL) {
            char index[32];
            int size = snprintf(index, sizeof index, "[%zu]", part->index);
            room = put_before(&writer, str_make(index, (size_t)size));
        } else {
            room =
                put_key(&writer, part->key) && (part->up == NULL || put_before(&writer, STR(".")));
        }
    }
    if (!room) {
        mark_cut(&writer);
    }
    return arena_copy_str(arena,
                          str_make(writer.text + writer.start, CO_PATH_MAX_TEXT - writer.start));
}
