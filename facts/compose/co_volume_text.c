/* SPDX-License-Identifier: Apache-2.0
 *
 * co_volume_text.c - see co_volume_text.h. The rules are those of compose-go's format.ParseVolume:
 * any piece of one letter takes the colon behind it for that of a drive, texts of one or two bytes
 * are targets whatever they are, and colons inside ${...} part nothing.
 */
#include "facts/compose/co_volume_text.h"

#include "core/utf8.h"
#include "facts/tree/tree.h"

/* Whether text[start, at) is one letter, so that a colon at `at` belongs to a drive. */
static bool is_drive(struct str text, size_t start, size_t at)
{
    size_t next = start;
    return start < at && utf8_is_letter(utf8_next(text, &next)) && next == at;
}

bool co_is_host_path(struct str source)
{
    if (source.len == 0) {
        return false;
    }
    if (memchr("./~", source.ptr[0], 3) != NULL || str_starts_with(source, STR("\\\\"))) {
        return true;
    }
    size_t letter = 0;
    utf8_next(source, &letter);
    return letter < source.len && source.ptr[letter] == ':' && is_drive(source, 0, letter);
}

/* End of the piece that begins at `start`: a colon that parts or the end of the text. False when a
 * "${" is never closed. */
static bool find_piece_end(struct str text, size_t start, size_t *end)
{
    size_t depth = 0;
    size_t at = start;
    for (; at < text.len; at++) {
        char c = text.ptr[at];
        if (c == '$' && at + 1 < text.len && text.ptr[at + 1] == '{') {
            depth++;
        } else if (c == '}' && depth > 0) {
            depth--;
        } else if (c == ':' && depth == 0 && !is_drive(text, start, at)) {
            break;
        }
    }
    *end = at;
    return depth == 0;
}

static void read_option(struct co_volume_text *out, struct str option)
{
    static const char *const propagations[] = {"rprivate", "private", "rshared",
                                               "shared",   "rslave",  "slave"};
    if (str_eq(option, STR("ro")) || str_eq(option, STR("rw"))) {
        out->read_only = option.ptr[1] == 'o';
    } else if (str_eq(option, STR("nocopy"))) {
        out->nocopy = true;
    } else if (str_eq(option, STR("z")) || str_eq(option, STR("Z"))) {
        out->selinux = option;
    }
    for (size_t i = 0; i < sizeof propagations / sizeof propagations[0]; i++) {
        if (str_eq(option, str_from_cstr(propagations[i]))) {
            out->propagation = option;
        }
    }
}

static void read_options(struct co_volume_text *out, struct str text, size_t start, size_t end)
{
    struct str options = str_slice(text, 0, end);
    out->options_start = start;
    out->options_end = end;
    out->options_state = co_has_hole(str_slice(text, start, end)) ? CO_UNKNOWN : CO_KNOWN;
    for (size_t at = start; at <= end;) {
        size_t comma = str_find_char(options, ',', at);
        read_option(out, str_slice(options, at, comma));
        at = comma + 1;
    }
}

static struct co_volume_piece make_piece(struct str text, size_t start, size_t end)
{
    struct str piece = str_slice(text, start, end);
    return (struct co_volume_piece){
        .state = co_has_hole(piece) ? CO_UNKNOWN : CO_KNOWN,
        .text = piece,
        .start = start,
        .end = end,
    };
}

static void set_type(struct co_volume_text *out)
{
    const struct str source = out->source.text;
    out->type = co_is_host_path(source) ? CO_VOLUME_BIND : CO_VOLUME_VOLUME;
    bool open = out->source.state == CO_UNKNOWN && (source.len == 0 || source.ptr[0] == TREE_HOLE);
    out->type_state = open ? CO_UNKNOWN : CO_KNOWN;
}

/* A text that can be anything. */
static struct co_volume_text unknown(struct str text)
{
    return (struct co_volume_text){
        .type_state = CO_UNKNOWN,
        .source = {.state = CO_UNKNOWN, .text = STR(""), .end = text.len},
        .target = make_piece(text, 0, text.len),
        .options_state = CO_UNKNOWN,
        .options_end = text.len,
    };
}

static bool fail(struct co_fault *fault, struct str message, size_t start, size_t end)
{
    *fault = (struct co_fault){.message = message, .start = start, .end = end};
    return false;
}

/* Reads the pieces of a text of three bytes or more. */
static bool read_pieces(struct str text, struct co_volume_text *out, struct co_fault *fault)
{
    size_t start = 0;
    for (size_t count = 0;; count++) {
        size_t end = 0;
        if (!find_piece_end(text, start, &end)) {
            return true;
        }
        bool last = end == text.len;
        if (start == end) {
            return fail(fault, STR("there is nothing between two colons or before or behind one"),
                        start > 0 ? start - 1 : 0, last ? end : end + 1);
        }
        if (count == 2 && !last) {
            return fail(fault, STR("a volume has at most three parts: source, target, options"),
                        end, text.len);
        }
        if (count == 2) {
            read_options(out, text, start, end);
        } else if (count == 1 || last) {
            out->target = make_piece(text, start, end);
        } else {
            out->source = make_piece(text, start, end);
        }
        if (last) {
            return true;
        }
        start = end + 1;
    }
}

bool co_volume_text_parse(struct str text, struct co_volume_text *out, struct co_fault *fault)
{
    struct co_volume_text volume = {.type_state = CO_KNOWN};
    bool holes = co_has_hole(text);
    *fault = (struct co_fault){.start = 0};
    if (text.len == 0) {
        return fail(fault, STR("a volume cannot be empty"), 0, 0);
    }
    if (text.len <= 2 && !holes) {
        volume.target = make_piece(text, 0, text.len);
        *out = volume;
        return true;
    }
    if (!read_pieces(text, &volume, fault)) {
        if (!holes) {
            return false;
        }
        *fault = (struct co_fault){.start = 0};
        volume = unknown(text);
    } else if (volume.source.state == CO_ABSENT && holes) {
        /* The only piece, and it may hold colons itself. */
        volume = unknown(text);
    } else {
        set_type(&volume);
    }
    *out = volume;
    return true;
}
