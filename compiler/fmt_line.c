/* SPDX-License-Identifier: Apache-2.0
 *
 * fmt_line.c - see fmt_line.h. Places are filled greedily, those with the fewest open brackets
 * first; a part that is still too long is broken at the next level. So every resulting line either
 * fits or has no place left, which makes a second run change nothing.
 */
#include "compiler/fmt_line.h"

#include "core/alloc.h"

void fmt_line_init(struct fmt_line *line, struct buf *out)
{
    *line = (struct fmt_line){.out = out, .start = out->len};
}

void fmt_line_release(struct fmt_line *line)
{
    alloc_free(line->out->allocator, line->breaks, line->capacity * sizeof *line->breaks);
    line->breaks = NULL;
}

void fmt_line_may_break(struct fmt_line *line, unsigned columns, unsigned depth)
{
    void *breaks = line->breaks;
    if (!alloc_grow(line->out->allocator, &breaks, &line->capacity, line->count + 1,
                    sizeof *line->breaks)) {
        line->out->status = PLIM_STATUS_NOMEM;
        return;
    }
    line->breaks = breaks;
    line->breaks[line->count++] =
        (struct fmt_break){.offset = line->out->len, .columns = columns, .depth = depth};
}

/* Columns of a text: code points, which is right for what policies hold outside strings. */
static size_t width(struct str text)
{
    size_t columns = 0;
    for (size_t i = 0; i < text.len; i++) {
        columns += (size_t)(((unsigned char)text.ptr[i] & 0xC0) != 0x80);
    }
    return columns;
}

/* Rewrites one line into `out`. */
struct layout {
    struct buf *out;
    struct str text;                /* the line as it was written */
    const struct fmt_break *breaks; /* offsets relative to the text */
    size_t count;
};

static void put_line_end(struct layout *layout, unsigned columns)
{
    while (layout->out->len > 0 && layout->out->data[layout->out->len - 1] == ' ') {
        layout->out->len--;
    }
    buf_append_char(layout->out, '\n');
    for (unsigned i = 0; i < columns; i++) {
        buf_append_char(layout->out, ' ');
    }
}

/* Depth of the outermost place within (from, to); false when there is none. */
static bool outermost(const struct layout *layout, size_t from, size_t to, unsigned *depth)
{
    bool found = false;
    for (size_t i = 0; i < layout->count; i++) {
        const struct fmt_break *at = &layout->breaks[i];
        if (at->offset > from && at->offset < to && (!found || at->depth < *depth)) {
            *depth = at->depth;
            found = true;
        }
    }
    return found;
}

/* Writes text[from, to), which begins at column `column`. Each level of recursion goes to deeper
 * brackets, of which there are at most PARSE_MAX_DEPTH. */
static void put_part(struct layout *layout, size_t from, size_t to, size_t column)
{
    unsigned depth = 0;
    struct str part = str_slice(layout->text, from, to);
    if (column + width(str_trim(part)) <= FMT_LINE_COLUMNS ||
        !outermost(layout, from, to, &depth)) {
        buf_append(layout->out, part);
        return;
    }
    size_t line = from;  /* what is not written yet */
    size_t piece = from; /* its last piece, which may or may not fit */
    unsigned indent = 0; /* of that piece, if it begins a line */
    for (size_t i = 0; i <= layout->count; i++) {
        bool last = i == layout->count;
        const struct fmt_break *at = last ? NULL : &layout->breaks[i];
        if (!last && (at->offset <= from || at->offset >= to || at->depth != depth)) {
            continue;
        }
        size_t end = last ? to : at->offset;
        size_t columns = column + width(str_trim(str_slice(layout->text, line, end)));
        if (columns > FMT_LINE_COLUMNS && piece > line) {
            put_part(layout, line, piece, column);
            put_line_end(layout, indent);
            line = piece;
            column = indent;
        }
        piece = end;
        indent = last ? 0 : at->columns;
    }
    put_part(layout, line, to, column);
}

/* Lays the line out again at the place of the old one. */
static void break_line(struct fmt_line *line)
{
    struct buf *out = line->out;
    struct buf copy;
    buf_init(&copy, out->allocator, out->max);
    buf_append(&copy, str_slice(buf_view(out), line->start, out->len));
    for (size_t i = 0; i < line->count; i++) {
        line->breaks[i].offset -= line->start;
    }
    if (buf_status(&copy) == PLIM_STATUS_OK) {
        struct layout layout = {
            .out = out, .text = buf_view(&copy), .breaks = line->breaks, .count = line->count};
        out->len = line->start;
        put_part(&layout, 0, copy.len, 0);
    } else {
        out->status = buf_status(&copy);
    }
    buf_release(&copy);
}

void fmt_line_end(struct fmt_line *line)
{
    if (buf_status(line->out) == PLIM_STATUS_OK) {
        struct str text = str_slice(buf_view(line->out), line->start, line->out->len);
        bool single = str_find_char(text, '\n', 0) == text.len; /* no block string within */
        if (line->count > 0 && single && width(text) > FMT_LINE_COLUMNS) {
            break_line(line);
        }
    }
    line->count = 0;
    line->start = line->out->len;
}
