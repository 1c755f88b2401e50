/* SPDX-License-Identifier: Apache-2.0
 *
 * df_lex.c - line splitting and joining. The hot path is one memchr per physical line; only lines
 * that continue are copied. See df_lex.h.
 */
#include "facts/dockerfile/df_lex.h"

#include <string.h>

#include "core/utf8.h"

/* A logical line may be as long as the file; this only bounds the scratch buffer's type. */
static const size_t joined_max = UINT32_MAX;

void df_lexer_init(struct df_lexer *lexer, struct arena *arena, struct str text)
{
    *lexer = (struct df_lexer){.text = text, .arena = arena, .escape = '\\'};
    lexer->at = str_starts_with(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    buf_init(&lexer->joined, arena->allocator, joined_max);
}

void df_lexer_release(struct df_lexer *lexer)
{
    buf_release(&lexer->joined);
}

bool df_lexer_physical(struct df_lexer *lexer, struct df_physical *out)
{
    const char *bytes = lexer->text.ptr;
    size_t from = lexer->at;
    if (from >= lexer->text.len) {
        return false;
    }
    const char *feed = memchr(bytes + from, '\n', lexer->text.len - from);
    size_t end = feed != NULL ? (size_t)(feed - bytes) : lexer->text.len;
    size_t next = feed != NULL ? end + 1 : end;
    bool too_long = end - from > DF_LINE_MAX;
    while (end > from && bytes[end - 1] == '\r') {
        end--;
    }
    *out = (struct df_physical){.start = (uint32_t)from,
                                .end = (uint32_t)end,
                                .next = (uint32_t)next,
                                .number = ++lexer->line,
                                .too_long = too_long};
    lexer->at = (uint32_t)next;
    return true;
}

size_t df_space_length_wide(struct str text, size_t at)
{
    size_t next = at;
    uint32_t code = utf8_next(text, &next);
    return code != UTF8_INVALID && utf8_is_space(code) ? next - at : 0;
}

struct str df_trim(struct str text)
{
    size_t from = 0;
    while (from < text.len) {
        size_t length = df_space_length(text, from);
        if (length == 0) {
            break;
        }
        from += length;
    }
    size_t to = text.len;
    while (to > from) {
        size_t last = to - 1;
        if ((unsigned char)text.ptr[last] < 0x80) {
            if (df_space_length(text, last) == 0) {
                break;
            }
            to = last;
            continue;
        }
        while (last > from && ((unsigned char)text.ptr[last] & 0xC0) == 0x80 && to - last < 4) {
            last--;
        }
        if (df_space_length(str_slice(text, 0, to), last) != to - last) {
            break;
        }
        to = last;
    }
    return str_slice(text, from, to);
}

uint32_t df_lexer_skip_space(struct str text, uint32_t from, uint32_t to)
{
    struct str line = str_slice(text, 0, to);
    while (from < to && (text.ptr[from] == ' ' || text.ptr[from] == '\t')) {
        from++;
    }
    while (from < to) {
        size_t length = df_space_length(line, from);
        if (length == 0) {
            break;
        }
        from += (uint32_t)length;
    }
    return from;
}

/* Whether the line goes on behind its end: one escape character, not doubled, then only spaces and
 * tabs. `*cut` receives the offset of the escape character. */
static bool line_continues(const struct df_lexer *lexer, uint32_t start, uint32_t end,
                           uint32_t *cut)
{
    const char *bytes = lexer->text.ptr;
    uint32_t at = end;
    while (at > start && (bytes[at - 1] == ' ' || bytes[at - 1] == '\t')) {
        at--;
    }
    if (at == start || bytes[at - 1] != lexer->escape ||
        (at - 1 > start && bytes[at - 2] == lexer->escape)) {
        return false;
    }
    *cut = at - 1;
    return true;
}

/* Appends a piece of the file to the line that is being joined. */
static void join_piece(struct df_lexer *lexer, uint32_t start, uint32_t end)
{
    if (start == end) {
        return;
    }
    if (lexer->segment_count == lexer->segment_capacity) {
        size_t capacity = lexer->segment_capacity > 0 ? lexer->segment_capacity * 2 : 16;
        struct sh_segment *grown = ARENA_ARRAY(lexer->arena, struct sh_segment, capacity);
        if (grown == NULL) {
            return;
        }
        if (lexer->segment_count > 0) {
            memcpy(grown, lexer->segments, lexer->segment_count * sizeof *grown);
        }
        lexer->segments = grown;
        lexer->segment_capacity = capacity;
    }
    lexer->segments[lexer->segment_count++] =
        (struct sh_segment){.joined = (uint32_t)lexer->joined.len, .source = start};
    buf_append(&lexer->joined, str_slice(lexer->text, start, end));
}

/* Moves the joined text and its segments to the arena. */
static void finish_joined(struct df_lexer *lexer, struct df_line *out)
{
    (void)arena_fail(lexer->arena, buf_status(&lexer->joined));
    struct sh_segment *segments = NULL;
    if (lexer->segment_count > 0) {
        segments = ARENA_ARRAY(lexer->arena, struct sh_segment, lexer->segment_count);
    }
    if (segments == NULL) {
        out->text = (struct sh_text){.bytes = STR(""), .base = out->start};
        return;
    }
    memcpy(segments, lexer->segments, lexer->segment_count * sizeof *segments);
    out->text = (struct sh_text){.bytes = arena_copy_str(lexer->arena, buf_view(&lexer->joined)),
                                 .segments = segments,
                                 .segment_count = lexer->segment_count,
                                 .base = segments[0].source};
}

void df_lexer_logical(struct df_lexer *lexer, struct df_line *out, const struct df_physical *first,
                      uint32_t start, bool *too_long, df_comment_fn *comment, void *user)
{
    *out = (struct df_line){.start = start,
                            .end = first->end,
                            .first_line = first->number,
                            .last_line = first->number,
                            .empty_line = UINT32_MAX};
    *too_long = first->too_long;
    uint32_t cut = 0;
    if (!line_continues(lexer, start, first->end, &cut)) {
        out->text =
            (struct sh_text){.bytes = str_slice(lexer->text, start, first->end), .base = start};
        return;
    }
    buf_clear(&lexer->joined);
    lexer->segment_count = 0;
    join_piece(lexer, start, cut);
    struct df_physical line;
    bool more = true;
    while (more && df_lexer_physical(lexer, &line)) {
        *too_long = *too_long || line.too_long;
        out->last_line = line.number;
        uint32_t begin = df_lexer_skip_space(lexer->text, line.start, line.end);
        if (begin == line.end) {
            out->empty_line = out->empty_line == UINT32_MAX ? line.start : out->empty_line;
            continue;
        }
        out->end = line.end;
        if (lexer->text.ptr[begin] == '#') {
            comment(user, &line, begin);
            continue;
        }
        more = line_continues(lexer, line.start, line.end, &cut);
        join_piece(lexer, line.start, more ? cut : line.end);
    }
    finish_joined(lexer, out);
}
