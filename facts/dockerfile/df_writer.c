/* SPDX-License-Identifier: Apache-2.0
 *
 * df_writer.c - cells, images and shells. See df_writer.h.
 */
#include "facts/dockerfile/df_writer.h"

#include "facts/shared_rows.h"

fact_loc df_writer_loc(struct df_writer *writer, uint32_t start, uint32_t end)
{
    return facts_add_loc(writer->facts,
                         (struct span){.source = writer->source, .start = start, .end = end});
}

fact_loc df_writer_word_loc(struct df_writer *writer, struct df_word word)
{
    return df_writer_loc(writer, word.start, word.end);
}

void df_writer_set_unknown(struct df_writer *writer, enum fact_kind kind, fact_row row,
                           unsigned field, const struct df_value *value)
{
    fact_loc decided = value->cause_start < value->cause_end
                           ? df_writer_loc(writer, value->cause_start, value->cause_end)
                           : FACT_NO_LOC;
    fact_cause cause = facts_add_cause(writer->facts, value->cause, decided);
    facts_set_unknown(writer->facts, kind, row, field, cause,
                      df_writer_loc(writer, value->start, value->end));
}

void df_writer_set(struct df_writer *writer, enum fact_kind kind, fact_row row, unsigned field,
                   const struct df_value *value)
{
    switch (value->state) {
    case DF_VALUE_KNOWN:
        facts_set_str(writer->facts, kind, row, field, value->text,
                      df_writer_loc(writer, value->start, value->end));
        break;
    case DF_VALUE_UNKNOWN:
        df_writer_set_unknown(writer, kind, row, field, value);
        break;
    case DF_VALUE_ABSENT:
    default:
        break;
    }
}

void df_writer_set_word(struct df_writer *writer, enum fact_kind kind, fact_row row, unsigned field,
                        struct df_word word)
{
    facts_set_str(writer->facts, kind, row, field, word.text, df_writer_word_loc(writer, word));
}

void df_writer_set_id(struct df_writer *writer, enum fact_kind kind, fact_row row, unsigned field,
                      intern_id id, fact_loc loc)
{
    facts_set_cell(writer->facts, kind, row, field,
                   (struct fact_cell){.value = id, .loc = loc, .state = FACT_PRESENT});
}

intern_id df_writer_keyword(struct df_writer *writer, enum df_keyword keyword)
{
    intern_id *id = &writer->ids->keywords[keyword];
    if (*id == INTERN_EMPTY) {
        *id = facts_intern(writer->facts, df_keyword_name(keyword));
    }
    return *id;
}

struct df_value df_writer_arg(const struct df_writer *writer,
                              const struct df_instruction *instruction, uint32_t index)
{
    const struct df_result *result = &writer->model->results[instruction->slot];
    if (result->args != NULL && index < instruction->arg_count) {
        return result->args[index];
    }
    struct df_word word = {
        .text = STR(""), .start = instruction->name.start, .end = instruction->name.end};
    if (index < instruction->arg_count) {
        word = instruction->args[index];
    }
    return (struct df_value){
        .state = DF_VALUE_KNOWN, .text = word.text, .start = word.start, .end = word.end};
}

fact_row df_writer_stage_row(const struct df_writer *writer,
                             const struct df_instruction *instruction)
{
    const struct df_stage *stage = writer->model->results[instruction->slot].stage;
    return stage != NULL ? writer->stages[stage->index].stage : FACT_NO_ROW;
}

fact_row df_writer_image(struct df_writer *writer, const struct df_value *value, struct str written)
{
    return shared_rows_image(writer->facts, writer->text, value->text,
                             str_find_char(written, '$', 0) < written.len,
                             df_writer_loc(writer, value->start, value->end));
}

void df_writer_set_source(struct df_writer *writer, enum fact_kind kind, fact_row row,
                          unsigned text_field, unsigned stage_field, unsigned image_field,
                          const struct df_source *source)
{
    df_writer_set(writer, kind, row, text_field, &source->text);
    if (source->kind == DF_SOURCE_STAGE) {
        facts_set_row(writer->facts, kind, row, stage_field,
                      writer->stages[source->stage->index].stage,
                      df_writer_loc(writer, source->text.start, source->text.end));
    } else if (source->kind == DF_SOURCE_IMAGE && !str_eq(source->text.text, STR("scratch"))) {
        facts_set_row(writer->facts, kind, row, image_field,
                      df_writer_image(writer, &source->text, source->text.text),
                      df_writer_loc(writer, source->text.start, source->text.end));
    }
}

/* Whether the stage builds a Windows image, as far as the file tells. */
static bool is_windows(const struct df_writer *writer, const struct df_stage *stage)
{
    if (writer->file->escape == '`') {
        return true;
    }
    if (stage == NULL) {
        return false;
    }
    struct str base = stage->root->base.text;
    return str_starts_with(base, STR("mcr.microsoft.com/windows")) ||
           str_find(base, STR("nanoserver")) < base.len ||
           str_find(base, STR("windowsservercore")) < base.len;
}

void df_writer_shell(struct df_writer *writer, const struct df_instruction *shell,
                     const struct df_stage *stage, const struct str **words, size_t *count)
{
    static const struct str posix[] = {{"/bin/sh", 7}, {"-c", 2}};
    static const struct str windows[] = {{"cmd", 3}, {"/S", 2}, {"/C", 2}};
    if (shell != NULL) {
        struct str *own = ARENA_ARRAY(writer->arena, struct str, shell->arg_count);
        *words = own;
        *count = own != NULL ? shell->arg_count : 0;
        for (size_t i = 0; i < *count; i++) {
            own[i] = shell->args[i].text;
        }
    } else if (is_windows(writer, stage)) {
        *words = windows;
        *count = sizeof windows / sizeof windows[0];
    } else {
        *words = posix;
        *count = sizeof posix / sizeof posix[0];
    }
}

void df_writer_set_shell(struct df_writer *writer, enum fact_kind kind, fact_row row,
                         unsigned field, const struct df_instruction *shell,
                         const struct df_stage *stage)
{
    fact_loc loc =
        shell != NULL ? df_writer_loc(writer, shell->start, shell->line->end) : FACT_NO_LOC;
    /* Windows is decided per stage, so only lists of a SHELL or of a POSIX default are shared. */
    bool shared = shell != NULL || !is_windows(writer, stage);
    if (shared && writer->shell_list.state == FACT_PRESENT && writer->shell_of == shell) {
        writer->shell_list.loc = loc;
        facts_set_cell(writer->facts, kind, row, field, writer->shell_list);
        return;
    }
    struct fact_items items = {0};
    const struct str *words = NULL;
    size_t count = 0;
    df_writer_shell(writer, shell, stage, &words, &count);
    for (size_t i = 0; i < count; i++) {
        fact_items_add_str(&items, writer->arena, writer->facts, words[i], loc);
    }
    facts_set_list(writer->facts, kind, row, field, &items, loc);
    if (shared) {
        writer->shell_list = facts_get(writer->facts, kind, row, field);
        writer->shell_of = shell;
    }
}
