/* SPDX-License-Identifier: Apache-2.0
 *
 * ignore_read.c - see ignore_read.h; rules I3 of the reference description.
 *
 * Lines are counted first, so that one array and one text block are enough: a cleaned pattern is
 * never longer than its line, except that an empty one behind "!" stays empty and "." needs a byte.
 */
#include "facts/context/ignore_read.h"

#include "core/utf8.h"
#include "facts/pathname.h"

struct str ignore_trim(struct str text)
{
    size_t from = 0;
    size_t to = 0;
    bool leading = true;
    for (size_t at = 0; at < text.len;) {
        bool blank = utf8_is_space(utf8_next(text, &at));
        if (!blank) {
            leading = false;
            to = at;
        }
        from = leading ? at : from;
    }
    return str_slice(text, from, to > from ? to : from);
}

/* Cuts the next line off; the line end is taken but not returned. */
static struct str take_line(struct str *rest)
{
    size_t end = str_find_char(*rest, '\n', 0);
    struct str line = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->len);
    return line;
}

static size_t count_lines(struct str text)
{
    size_t lines = 1;
    for (size_t at = str_find_char(text, '\n', 0); at < text.len;
         at = str_find_char(text, '\n', at + 1)) {
        lines++;
    }
    return lines;
}

/* Writes the pattern of a non-blank line to `out`, which has line.len + 2 bytes. */
static struct str clean_pattern(char *out, struct str line)
{
    size_t len = 0;
    bool inverted = line.ptr[0] == '!';
    if (inverted) {
        out[len++] = '!';
        line = ignore_trim(str_slice(line, 1, line.len));
    }
    if (line.len > 0) {
        size_t cleaned = pathname_clean(out + len, line);
        if (cleaned > 1 && out[len] == '/') {
            memmove(out + len, out + len + 1, --cleaned);
        }
        len += cleaned;
    }
    return str_make(out, len);
}

plim_status ignore_read(struct ignore_lines *out, struct arena *arena, struct str file)
{
    size_t lines = count_lines(file);
    size_t room = lines < IGNORE_MAX_PATTERNS ? lines : IGNORE_MAX_PATTERNS;
    struct ignore_line *items = ARENA_ARRAY(arena, struct ignore_line, room);
    char *text = ARENA_ARRAY(arena, char, file.len + 2 * room);
    if (items == NULL || text == NULL) {
        return arena_status(arena);
    }
    struct ignore_lines result = {.items = items};
    plim_status status = PLIM_STATUS_OK;
    size_t mark = str_starts_with(file, STR("\xef\xbb\xbf")) ? 3 : 0;
    struct str rest = str_slice(file, mark, file.len);
    while (rest.len > 0 && status == PLIM_STATUS_OK) {
        struct str line = take_line(&rest);
        result.last_line++;
        if (line.len > IGNORE_MAX_LINE) {
            status = PLIM_STATUS_LIMIT;
            continue;
        }
        bool comment = line.len > 0 && line.ptr[0] == '#';
        line = ignore_trim(line);
        if (comment || line.len == 0) {
            continue;
        }
        if (result.count == room) {
            status = PLIM_STATUS_LIMIT;
            continue;
        }
        struct str pattern = clean_pattern(text, line);
        text += pattern.len;
        items[result.count++] = (struct ignore_line){.pattern = pattern, .line = result.last_line};
    }
    *out = result;
    return status;
}
