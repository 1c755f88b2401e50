/* SPDX-License-Identifier: Apache-2.0
 *
 * diag_text.c - see diag_text.h. A source line is laid out in display columns once to find where
 * the span stands and how long the line is, then the part that fits the terminal is printed with
 * the same rules. Nothing untrusted is printed except through sanitize.h. Thread rule: one thread
 * per source_set.
 */
#include "core/diag_text.h"

#include <stdint.h>

#include "core/sanitize.h"

enum {
    DEFAULT_WIDTH = 100,
    SMALLEST_WINDOW = 20,
    TAB_STOP = 8,
    MAX_PATH_COLUMNS = 400,
    MAX_TEXT_COLUMNS = 1000,
    CLIP_BYTES = 4096, /* of a line on either side of the start of the mark */
};

/* One source line, the marked part of it, and the columns it takes. */
struct layout {
    struct str line;
    size_t mark_start; /* bytes from the start of the line */
    size_t mark_end;
    size_t first_column; /* display column where the mark starts, from 0 */
    size_t end_column;   /* behind the mark; more than first_column */
    size_t columns;      /* of the whole line */
};

/* Columns [from, to) of the line that are shown. */
struct window {
    size_t from;
    size_t to;
};

static const char *color_of(enum diag_severity severity)
{
    switch (severity) {
    case DIAG_ERROR:
        return "\033[1;31m";
    case DIAG_WARNING:
        return "\033[1;33m";
    case DIAG_NOTE:
        return "\033[1;36m";
    }
    return "";
}

static void append_color(struct buf *out, struct diag_style style, const char *code)
{
    if (style.color) {
        buf_append_cstr(out, code);
    }
}

/* The cell at `*at`, where column is already `column`; a tab is as wide as the way to its stop. */
static struct sanitize_cell next_cell(struct str line, size_t *at, size_t column,
                                      unsigned *combining)
{
    if (line.ptr[*at] != '\t') {
        return sanitize_next(line, at, combining);
    }
    (*at)++;
    *combining = 0;
    struct sanitize_cell cell = {.width = (unsigned)(TAB_STOP - column % TAB_STOP)};
    for (; cell.len < cell.width; cell.len++) {
        cell.bytes[cell.len] = ' ';
    }
    return cell;
}

/* Fills the columns of a layout whose line and marks are set. */
static void measure(struct layout *layout)
{
    struct str line = layout->line;
    size_t column = 0;
    size_t first = SIZE_MAX;
    size_t end = SIZE_MAX;
    unsigned combining = 0;
    for (size_t at = 0; at < line.len;) {
        size_t next = sanitize_plain_run(line, at);
        if (next > at) {
            if (first == SIZE_MAX && layout->mark_start < next) {
                first = column + (layout->mark_start > at ? layout->mark_start - at : 0);
            }
            if (end == SIZE_MAX && layout->mark_end < next) {
                end = column + (layout->mark_end > at ? layout->mark_end - at : 0);
            }
            column += next - at;
            at = next;
            combining = 0;
            continue;
        }
        first = first == SIZE_MAX && at >= layout->mark_start ? column : first;
        end = end == SIZE_MAX && at >= layout->mark_end ? column : end;
        column += next_cell(line, &at, column, &combining).width;
    }
    layout->columns = column;
    layout->first_column = first != SIZE_MAX ? first : column;
    layout->end_column = end != SIZE_MAX ? end : column;
    if (layout->end_column <= layout->first_column) {
        layout->end_column = layout->first_column + 1; /* an empty span still gets one marker */
    }
}

/* The whole line when it fits, else a part with the start of the mark in its first third. */
static struct window choose_window(const struct layout *layout, size_t room)
{
    if (layout->columns <= room) {
        return (struct window){.from = 0, .to = layout->columns};
    }
    size_t from = layout->first_column > room / 3 ? layout->first_column - room / 3 : 0;
    if (from + room > layout->columns && layout->first_column < layout->columns) {
        from = layout->columns - room;
    }
    return (struct window){.from = from, .to = from + room};
}

static const struct str dots = {.ptr = "...", .len = 3};

/* Prints the part of the cells that lies in columns [from, to). Wide cells that the border would
 * halve become spaces. */
static void append_columns(struct buf *out, struct str line, size_t from, size_t to)
{
    size_t column = 0;
    unsigned combining = 0;
    for (size_t at = 0; at < line.len && column < to;) {
        size_t end = sanitize_plain_run(line, at);
        if (end > at) {
            size_t start = column < from ? at + (from - column) : at;
            size_t stop = column + (end - at) > to ? at + (to - column) : end;
            buf_append(out, str_slice(line, start, stop));
            column += end - at;
            at = end;
            combining = 0;
            continue;
        }
        struct sanitize_cell cell = next_cell(line, &at, column, &combining);
        size_t next = column + cell.width;
        if (column >= from && next <= to) {
            buf_append(out, str_make(cell.bytes, cell.len));
        } else if (next > from) {
            size_t shown_end = next < to ? next : to;
            buf_append_repeated(out, ' ', shown_end - (column > from ? column : from));
        }
        column = next;
    }
}

/* Prints the window; a cut side shows dots in place of its outermost columns. */
static void append_window(struct buf *out, const struct layout *layout, struct window window)
{
    bool cut_left = window.from > 0;
    bool cut_right = window.to < layout->columns;
    buf_append(out, cut_left ? dots : STR(""));
    append_columns(out, layout->line, window.from + (cut_left ? dots.len : 0),
                   window.to - (cut_right ? dots.len : 0));
    buf_append(out, cut_right ? dots : STR(""));
}

/* Prints the line number in at least 5 columns and a bar; returns the columns taken. */
static size_t append_gutter(struct buf *out, uint32_t line, struct diag_style style)
{
    size_t count = 0;
    for (uint32_t rest = line; rest > 0; rest /= 10) {
        count++;
    }
    size_t width = count < 5 ? 5 : count;
    append_color(out, style, "\033[2m");
    buf_append_repeated(out, ' ', width - count);
    buf_append_u64(out, line);
    buf_append(out, STR(" |"));
    append_color(out, style, "\033[0m");
    return width + 2;
}

static void append_markers(struct buf *out, const struct layout *layout, struct window window,
                           char marker, const char *color, struct diag_style style)
{
    size_t first = layout->first_column;
    size_t end = layout->end_column;
    if (window.to < layout->columns && end > window.to) {
        end = window.to;
    }
    buf_append_repeated(out, ' ', first - window.from + 1);
    append_color(out, style, color);
    buf_append_repeated(out, marker, end > first ? end - first : 0);
}

/* Start of the first character at or after `at`. */
static size_t next_boundary(struct str line, size_t at)
{
    while (at < line.len && ((unsigned char)line.ptr[at] & 0xC0) == 0x80) {
        at++;
    }
    return at;
}

/* Keeps only the neighbourhood of the mark: laying out a line of megabytes for every finding on it
 * would be quadratic. */
static void clip_line(struct layout *layout)
{
    size_t from = layout->mark_start > CLIP_BYTES ? layout->mark_start - CLIP_BYTES : 0;
    size_t to = layout->line.len;
    if (to > CLIP_BYTES && layout->mark_start < to - CLIP_BYTES) {
        to = next_boundary(layout->line, layout->mark_start + CLIP_BYTES);
    }
    from = next_boundary(layout->line, from);
    layout->line = str_slice(layout->line, from, to);
    layout->mark_start -= from < layout->mark_start ? from : layout->mark_start;
    layout->mark_end -= from < layout->mark_end ? from : layout->mark_end;
}

/* `color` paints the marker line; "" for none. */
static void append_excerpt(struct buf *out, struct source_set *sources, struct span span,
                           char marker, struct str caret_text, const char *color,
                           struct diag_style style)
{
    if (source_get(sources, span.source) == NULL) {
        return;
    }
    uint32_t number = source_line_number(sources, span.source, span.start);
    uint32_t line_start = 0;
    struct layout layout = {.line = source_line(sources, span.source, number, &line_start)};
    layout.mark_start = span.start > line_start ? span.start - line_start : 0;
    layout.mark_end = span.end > line_start ? span.end - line_start : 0;
    clip_line(&layout);
    measure(&layout);

    size_t gutter = append_gutter(out, number, style);
    size_t width = style.width > 0 ? style.width : DEFAULT_WIDTH;
    size_t room = width > gutter + 1 + SMALLEST_WINDOW ? width - gutter - 1 : SMALLEST_WINDOW;
    struct window window = choose_window(&layout, room);
    if (layout.line.len > 0) {
        buf_append_char(out, ' ');
        append_window(out, &layout, window);
    }
    buf_append_char(out, '\n');
    buf_append_repeated(out, ' ', gutter - 1);
    append_color(out, style, "\033[2m");
    buf_append_char(out, '|');
    append_color(out, style, "\033[0m");
    append_markers(out, &layout, window, marker, color, style);
    if (caret_text.len > 0) {
        buf_append_char(out, ' ');
        sanitize_append(out, caret_text, MAX_TEXT_COLUMNS);
    }
    append_color(out, style, color[0] != '\0' ? "\033[0m" : "");
    buf_append_char(out, '\n');
}

void diag_text_write_excerpt(struct buf *out, struct source_set *sources, struct span span,
                             char marker, struct str caret_text, struct diag_style style)
{
    append_excerpt(out, sources, span, marker, caret_text, "\033[1;32m", style);
}

/* "path:line:col: "; nothing for an unknown source. */
static void append_place(struct buf *out, struct source_set *sources, struct span span,
                         struct diag_style style)
{
    const struct source *source = source_get(sources, span.source);
    if (source == NULL) {
        return;
    }
    struct source_position position = source_locate(sources, span.source, span.start);
    append_color(out, style, "\033[1m");
    sanitize_append_line_start(out, source->name, MAX_PATH_COLUMNS);
    buf_append_char(out, ':');
    buf_append_u64(out, position.line);
    buf_append_char(out, ':');
    buf_append_u64(out, position.column);
    buf_append_char(out, ':');
    append_color(out, style, "\033[0m");
    buf_append_char(out, ' ');
}

static void append_label(struct buf *out, struct source_set *sources,
                         const struct diag_label *label, struct diag_style style)
{
    append_place(out, sources, label->span, style);
    append_color(out, style, color_of(DIAG_NOTE));
    buf_append(out, STR("note:"));
    append_color(out, style, "\033[0m");
    buf_append_char(out, ' ');
    sanitize_append(out, label->text, MAX_TEXT_COLUMNS);
    buf_append_char(out, '\n');
    append_excerpt(out, sources, label->span, '~', STR(""), color_of(DIAG_NOTE), style);
}

void diag_text_write(struct buf *out, struct source_set *sources, const struct diag *diag,
                     struct diag_style style)
{
    append_place(out, sources, diag->span, style);
    append_color(out, style, color_of(diag->severity));
    buf_append_cstr(out, diag_severity_name(diag->severity));
    buf_append_char(out, ' ');
    buf_append_cstr(out, diag_code(diag->id));
    buf_append_char(out, ':');
    append_color(out, style, "\033[0m");
    buf_append_char(out, ' ');
    sanitize_append(out, diag->message, MAX_TEXT_COLUMNS);
    buf_append_char(out, '\n');
    const struct source *source = source_get(sources, diag->span.source);
    if (source != NULL && source->text.len > 0) { /* an unreadable file has no line to show */
        append_excerpt(out, sources, diag->span, '^', diag->caret_text, color_of(diag->severity),
                       style);
    }
    for (const struct diag_note *note = diag->notes; note != NULL; note = note->next) {
        buf_append(out, STR("      = "));
        sanitize_append(out, note->text, MAX_TEXT_COLUMNS);
        buf_append_char(out, '\n');
    }
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        append_label(out, sources, label, style);
    }
}

void diag_text_write_list(struct buf *out, struct source_set *sources, const struct diag_list *list,
                          struct diag_style style)
{
    for (size_t i = 0; i < list->count; i++) {
        diag_text_write(out, sources, list->items[i], style);
    }
    if (list->dropped > 0) {
        buf_append_u64(out, list->dropped);
        buf_append(out, STR(" more not shown\n"));
    }
}
