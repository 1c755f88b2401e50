/* SPDX-License-Identifier: Apache-2.0
 *
 * df_shell.c - the shell texts of RUN, CMD, ENTRYPOINT and HEALTHCHECK with the way back to the
 * file, handed to facts/shell.
 *
 *     RUN cat <<A && true        line, line feed, body, name: what the builder gives the shell
 *     body
 *     A
 *     RUN <<A                    the line is one heredoc: the body itself is the script
 */
#include "facts/dockerfile/df_writer.h"

#include <string.h>

#include "facts/dockerfile/df_heredoc.h"
#include "facts/dockerfile/df_json.h"
#include "facts/dockerfile/df_lex.h"

/* A text put together from pieces of the file. */
struct assembly {
    struct arena *arena;
    char *bytes;
    size_t length;
    struct sh_segment *segments;
    size_t segment_count;
    size_t segment_capacity;
};

static void add_segment(struct assembly *text, uint32_t source)
{
    if (text->segment_count == text->segment_capacity) {
        size_t capacity = text->segment_capacity > 0 ? text->segment_capacity * 2 : 16;
        struct sh_segment *grown = ARENA_ARRAY(text->arena, struct sh_segment, capacity);
        if (grown == NULL) {
            return;
        }
        if (text->segment_count > 0) {
            memcpy(grown, text->segments, text->segment_count * sizeof *grown);
        }
        text->segments = grown;
        text->segment_capacity = capacity;
    }
    text->segments[text->segment_count++] =
        (struct sh_segment){.joined = (uint32_t)text->length, .source = source};
}

/* Appends bytes that stand in the file from `source` on. The room was made before. */
static void add_piece(struct assembly *text, struct str piece, uint32_t source)
{
    if (piece.len > 0 && text->bytes != NULL) {
        add_segment(text, source);
        memcpy(text->bytes + text->length, piece.ptr, piece.len);
        text->length += piece.len;
    }
}

/* A part of a logical line as a text of its own. */
static struct sh_text line_part(struct df_writer *writer, const struct df_line *line,
                                struct df_word part)
{
    const struct sh_text *whole = &line->text;
    struct sh_text text = {.bytes = part.text, .base = part.start};
    if (whole->segment_count == 0 || part.text.len == 0) {
        return text;
    }
    uint32_t from = (uint32_t)(part.text.ptr - whole->bytes.ptr);
    uint32_t to = from + (uint32_t)part.text.len;
    struct sh_segment *segments =
        ARENA_ARRAY(writer->arena, struct sh_segment, whole->segment_count);
    if (segments == NULL) {
        return text;
    }
    segments[0] = (struct sh_segment){.joined = 0, .source = part.start};
    size_t count = 1;
    for (size_t i = 0; i < whole->segment_count; i++) {
        if (whole->segments[i].joined > from && whole->segments[i].joined < to) {
            segments[count++] = (struct sh_segment){.joined = whole->segments[i].joined - from,
                                                    .source = whole->segments[i].source};
        }
    }
    text.segments = segments;
    text.segment_count = count;
    return text;
}

/* Appends a heredoc's body, without leading tabs when they are to be removed. */
static void add_body(struct assembly *text, const struct df_heredoc *heredoc)
{
    struct str body = heredoc->body.text;
    if (!heredoc->chomp) {
        add_piece(text, body, heredoc->body.start);
        return;
    }
    for (size_t at = 0; at < body.len;) {
        size_t feed = str_find_char(body, '\n', at);
        size_t end = feed < body.len ? feed + 1 : feed;
        while (at < end && body.ptr[at] == '\t') {
            at++;
        }
        add_piece(text, str_slice(body, at, end), heredoc->body.start + (uint32_t)at);
        at = end;
    }
}

static struct sh_text finish(const struct assembly *text)
{
    return (struct sh_text){.bytes = str_make(text->bytes, text->length),
                            .segments = text->segments,
                            .segment_count = text->segment_count,
                            .base = text->segment_count > 0 ? text->segments[0].source : 0};
}

/* Room for the line, and body and name of every heredoc with line feeds. */
static bool make_room(struct assembly *text, const struct df_instruction *in, size_t line_length)
{
    size_t size = line_length + 1;
    for (uint32_t i = 0; i < in->heredoc_count; i++) {
        size += in->heredocs[i].body.text.len + in->heredocs[i].name.len + 2;
    }
    text->bytes = arena_alloc(text->arena, size);
    return text->bytes != NULL;
}

/* The script of a RUN with heredocs. */
static struct sh_text heredoc_script(struct df_writer *writer, const struct df_instruction *in)
{
    struct assembly text = {.arena = writer->arena};
    struct sh_text line = line_part(writer, in->line, in->rest);
    struct df_heredoc alone;
    if (!make_room(&text, in, line.bytes.len)) {
        return line;
    }
    if (in->heredoc_count == 1 && df_heredoc_parse(writer->arena, in->rest.text, &alone)) {
        add_body(&text, &in->heredocs[0]);
        return finish(&text);
    }
    for (size_t i = 0; i < line.segment_count; i++) {
        size_t end = i + 1 < line.segment_count ? line.segments[i + 1].joined : line.bytes.len;
        add_piece(&text, str_slice(line.bytes, line.segments[i].joined, end),
                  line.segments[i].source);
    }
    if (line.segment_count == 0) {
        add_piece(&text, line.bytes, line.base);
    }
    for (uint32_t i = 0; i < in->heredoc_count; i++) {
        const struct df_heredoc *heredoc = &in->heredocs[i];
        uint32_t start = heredoc->body.start;
        add_piece(&text, STR("\n"), start > 0 ? start - 1 : 0);
        add_body(&text, heredoc);
        if (heredoc->terminated) {
            add_piece(&text, heredoc->name, heredoc->body.end);
        }
    }
    return finish(&text);
}

/* ---- exec forms -------------------------------------------------------------------------- */

struct exec_words {
    struct sh_word *words;
    const struct df_word *args; /* decoded texts */
    size_t count;
    size_t capacity;
    const char *base;
};

static void add_exec_word(void *user, struct str raw, bool escaped)
{
    struct exec_words *exec = user;
    if (exec->count == exec->capacity) {
        return;
    }
    uint32_t start = (uint32_t)(raw.ptr - exec->base);
    exec->words[exec->count] =
        (struct sh_word){.text = exec->args[exec->count].text,
                         .start = start,
                         .end = start + (uint32_t)raw.len,
                         .text_start = start,
                         .flags = escaped ? 0U : (uint32_t)SH_WORD_CONTIGUOUS};
    exec->count++;
}

/* The text behind the keyword and flags, for HEALTHCHECK behind CMD. */
static struct df_word command_part(const struct df_instruction *in)
{
    struct df_word part = in->rest;
    if (in->keyword != DF_HEALTHCHECK || in->arg_count == 0) {
        return part;
    }
    struct str behind = str_slice(part.text, in->args[0].text.len, part.text.len);
    part.text = df_trim(behind);
    uint32_t offset = (uint32_t)(part.text.ptr - in->line->text.bytes.ptr);
    part.start = part.text.len > 0 ? sh_text_locate(&in->line->text, offset) : part.end;
    return part;
}

plim_status df_shell_write(struct df_writer *writer, const struct df_instruction *instruction,
                           struct fact_items *commands, struct sh_facts_result *result)
{
    const struct df_instruction *in = instruction;
    const struct df_result *model = &writer->model->results[in->slot];
    const struct df_slot_rows *slot = &writer->slots[in->slot];
    struct df_word part = command_part(in);
    bool heredocs = in->heredoc_count > 0 && in->keyword == DF_RUN;
    struct sh_text text = heredocs ? heredoc_script(writer, in) : line_part(writer, in->line, part);
    const struct str *words = NULL;
    size_t count = 0;
    df_writer_shell(writer, model->shell, model->stage, &words, &count);
    struct sh_facts_job job = {.source = writer->source,
                               .service = FACT_NO_ROW,
                               .instruction = slot->instruction,
                               .stage = df_writer_stage_row(writer, in),
                               .run = in->keyword == DF_RUN ? slot->member : FACT_NO_ROW,
                               .text = &text,
                               .shell = sh_shell_of(words, count),
                               .exec = in->json};
    if (heredocs) {
        job.shell = sh_shell_of_script(text.bytes, job.shell);
    }
    uint32_t skip = in->keyword == DF_HEALTHCHECK ? 1 : 0;
    if (in->json && in->arg_count > skip) {
        struct exec_words exec = {
            .args = in->args + skip, .capacity = in->arg_count - skip, .base = text.bytes.ptr};
        exec.words = ARENA_ARRAY(writer->arena, struct sh_word, exec.capacity);
        if (exec.words == NULL) {
            return arena_status(writer->arena);
        }
        (void)df_json_scan(df_trim(text.bytes), add_exec_word, &exec);
        job.words = exec.words;
        job.word_count = exec.count;
    }
    plim_status status = sh_facts_add(writer->shell, &job, commands, writer->arena, result);
    if (status == PLIM_STATUS_OK && result->gap != SH_GAP_NONE && writer->diags != NULL) {
        (void)diag_report(writer->diags, DIAG_shell_unparsed, result->gap_span, "%s",
                          sh_gap_text(result->gap));
    }
    return status;
}
