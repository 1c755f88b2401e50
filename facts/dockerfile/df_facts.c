/* SPDX-License-Identifier: Apache-2.0
 *
 * df_facts.c - drives parsing, evaluation and the writing of rows for one file; writes the row of
 * the file itself, its comments and problems. See df_facts.h.
 */
#include "facts/dockerfile/df_facts.h"

#include "core/alloc.h"
#include "facts/dockerfile/df_directive.h"
#include "facts/dockerfile/df_parse.h"
#include "facts/dockerfile/df_problem.h"
#include "facts/dockerfile/df_writer.h"

enum {
    TEXT_MAX = 16 << 20,  /* a label or description put together */
    ARENA_MAX = 512 << 20 /* tree, model and lists of one file */
};

plim_status df_facts_init(struct df_facts *reader, struct facts *facts,
                          const plim_allocator *allocator, const struct df_build_options *options)
{
    const plim_allocator *used = alloc_or_default(allocator);
    *reader = (struct df_facts){.facts = facts};
    if (options != NULL) {
        reader->options = *options;
    }
    arena_init(&reader->arena, used, ARENA_MAX);
    buf_init(&reader->text, used, TEXT_MAX);
    reader->ids = alloc_zeroed(used, sizeof *reader->ids);
    return reader->ids != NULL ? sh_facts_init(&reader->shell, facts, allocator)
                               : PLIM_STATUS_NOMEM;
}

void df_facts_clear(struct df_facts *reader)
{
    *reader->ids = (struct df_writer_ids){.comment = INTERN_EMPTY};
    sh_facts_clear(&reader->shell);
}

void df_facts_release(struct df_facts *reader)
{
    if (reader->ids != NULL) {
        alloc_free(reader->arena.allocator, reader->ids, sizeof *reader->ids);
        reader->ids = NULL;
    }
    sh_facts_release(&reader->shell);
    buf_release(&reader->text);
    arena_release(&reader->arena);
}

/* Whether a build would refuse the file because of a problem. */
static bool is_fatal(const struct df_model *model, const struct df_problem *problem)
{
    switch (problem->layer) {
    case DF_LAYER_DISPATCH:
        return problem->stage >= model->stage_count || model->stages[problem->stage].reachable;
    case DF_LAYER_ADVICE:
        return false;
    case DF_LAYER_PARSE:
    case DF_LAYER_INSTRUCTION:
    case DF_LAYER_STAGES:
    default:
        return true;
    }
}

static void write_problems(struct df_writer *writer)
{
    enum fact_kind kind = FACT_KIND_problem;
    struct facts *facts = writer->facts;
    struct fact_items items = {0};
    for (const struct df_problem *at = writer->file->problems; at != NULL; at = at->next) {
        fact_row row = facts_add_row(facts, kind, df_writer_loc(writer, at->start, at->end));
        facts_set_str(facts, kind, row, FIELD_problem_label, at->message, FACT_NO_LOC);
        facts_set_row(facts, kind, row, FIELD_problem_dockerfile, writer->dockerfile, FACT_NO_LOC);
        facts_set_str(facts, kind, row, FIELD_problem_code, str_from_cstr(diag_code(at->id)),
                      FACT_NO_LOC);
        facts_set_str(facts, kind, row, FIELD_problem_message, at->message, FACT_NO_LOC);
        facts_set_bool(facts, kind, row, FIELD_problem_fatal, is_fatal(writer->model, at),
                       FACT_NO_LOC);
        fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
        if (writer->diags != NULL) {
            struct span span = {.source = writer->source, .start = at->start, .end = at->end};
            (void)diag_report(writer->diags, at->id, span, "%.*s", STR_FMT(at->message));
        }
    }
    facts_set_list(facts, FACT_KIND_dockerfile, writer->dockerfile, FIELD_dockerfile_problems,
                   &items, FACT_NO_LOC);
}

static void write_comments(struct df_writer *writer)
{
    struct fact_items items = {0};
    if (!facts_reads_kind(writer->facts, FACT_KIND_comment) &&
        !facts_reads(writer->facts, FACT_KIND_dockerfile, FIELD_dockerfile_comments)) {
        facts_set_list(writer->facts, FACT_KIND_dockerfile, writer->dockerfile,
                       FIELD_dockerfile_comments, &items, FACT_NO_LOC);
        return;
    }
    if (writer->ids->comment == INTERN_EMPTY) {
        writer->ids->comment = facts_intern(writer->facts, STR("comment"));
    }
    enum fact_kind kind = FACT_KIND_comment;
    struct facts *facts = writer->facts;
    for (const struct df_comment *at = writer->file->comments; at != NULL; at = at->next) {
        fact_row row = facts_add_row(facts, kind, df_writer_loc(writer, at->start, at->end));
        df_writer_set_id(writer, kind, row, FIELD_comment_label, writer->ids->comment, FACT_NO_LOC);
        facts_set_row(facts, kind, row, FIELD_comment_dockerfile, writer->dockerfile, FACT_NO_LOC);
        facts_set_str(facts, kind, row, FIELD_comment_text, at->text, FACT_NO_LOC);
        fact_items_add_row(&items, writer->arena, row, FACT_NO_LOC);
    }
    facts_set_list(facts, FACT_KIND_dockerfile, writer->dockerfile, FIELD_dockerfile_comments,
                   &items, FACT_NO_LOC);
}

/* The syntax directive: its first word is an image, the rest a command line. */
static void write_syntax(struct df_writer *writer)
{
    struct df_word value;
    if (!df_directive_find(writer->file->text, STR("syntax"), &value)) {
        return;
    }
    value.text = str_slice(value.text, 0, str_find_char(value.text, ' ', 0));
    value.end = value.start + (uint32_t)value.text.len;
    struct df_value image = {
        .state = DF_VALUE_KNOWN, .text = value.text, .start = value.start, .end = value.end};
    df_writer_set(writer, FACT_KIND_dockerfile, writer->dockerfile, FIELD_dockerfile_syntax,
                  &image);
    facts_set_row(writer->facts, FACT_KIND_dockerfile, writer->dockerfile,
                  FIELD_dockerfile_syntax_image, df_writer_image(writer, &image, value.text),
                  df_writer_word_loc(writer, value));
}

static void write_file(struct df_writer *writer, struct str path)
{
    enum fact_kind kind = FACT_KIND_dockerfile;
    struct facts *facts = writer->facts;
    fact_row row = writer->dockerfile;
    char escape[] = {writer->file->escape};
    facts_set_str(facts, kind, row, FIELD_dockerfile_label, path, FACT_NO_LOC);
    facts_set_str(facts, kind, row, FIELD_dockerfile_path, path, FACT_NO_LOC);
    facts_set_str(facts, kind, row, FIELD_dockerfile_escape, str_make(escape, 1), FACT_NO_LOC);
    write_syntax(writer);
    write_comments(writer);
}

/* Lists of the file that refer to rows of stages and instructions. */
static void write_file_lists(struct df_writer *writer)
{
    enum fact_kind kind = FACT_KIND_dockerfile;
    struct facts *facts = writer->facts;
    struct fact_items stages = {0};
    struct fact_items instructions = {0};
    for (uint32_t i = 0; i < writer->model->stage_count; i++) {
        fact_items_add_row(&stages, writer->arena, writer->stages[i].stage, FACT_NO_LOC);
    }
    for (const struct df_instruction *at = writer->file->instructions; at != NULL; at = at->next) {
        fact_items_add_row(&instructions, writer->arena, writer->slots[at->slot].instruction,
                           FACT_NO_LOC);
    }
    const struct fact_items nobody = {0};
    facts_set_list(facts, kind, writer->dockerfile, FIELD_dockerfile_builds, &nobody, FACT_NO_LOC);
    facts_set_list(facts, kind, writer->dockerfile, FIELD_dockerfile_stages, &stages, FACT_NO_LOC);
    facts_set_list(facts, kind, writer->dockerfile, FIELD_dockerfile_instructions, &instructions,
                   FACT_NO_LOC);
    facts_set_list(facts, kind, writer->dockerfile, FIELD_dockerfile_global_args,
                   &writer->global_args, FACT_NO_LOC);
    if (writer->model->stage_count > 0) {
        facts_set_row(facts, kind, writer->dockerfile, FIELD_dockerfile_final_stage,
                      writer->stages[writer->model->final].stage, FACT_NO_LOC);
    }
}

static plim_status write_instructions(struct df_writer *writer)
{
    const struct df_stage *stage = NULL;
    for (const struct df_instruction *at = writer->file->instructions; at != NULL; at = at->next) {
        const struct df_stage *next = writer->model->results[at->slot].stage;
        if (next != stage && stage != NULL) {
            df_stage_rows_lists(writer, stage->index);
        }
        stage = next;
        plim_status status = df_rows_instruction(writer, at);
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    if (stage != NULL) {
        df_stage_rows_lists(writer, stage->index);
    }
    return PLIM_STATUS_OK;
}

static plim_status write_all(struct df_writer *writer, struct str path)
{
    const struct df_model *model = writer->model;
    writer->slots = ARENA_ARRAY(writer->arena, struct df_slot_rows, writer->file->slot_count + 1);
    writer->stages = ARENA_ARRAY(writer->arena, struct df_stage_rows, model->stage_count + 1);
    if (writer->slots == NULL || writer->stages == NULL) {
        return arena_status(writer->arena);
    }
    write_file(writer, path);
    df_stage_rows_begin(writer);
    plim_status status = write_instructions(writer);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    df_stage_rows_finish(writer);
    write_file_lists(writer);
    write_problems(writer);
    return arena_status(writer->arena);
}

/* Whether anything of the file makes sense. */
static bool is_usable(const struct df_file *file)
{
    const struct df_instruction *at = file->instructions;
    while (at != NULL && at->keyword == DF_UNKNOWN) {
        at = at->next;
    }
    return at != NULL;
}

plim_status df_facts_add(struct df_facts *reader, source_id source, struct diag_list *diags,
                         fact_row *row)
{
    struct df_file file;
    struct df_model model;
    struct facts *facts = reader->facts;
    const struct source *input = source_get(&facts->sources, source);
    if (input == NULL || input->text.len >= UINT32_MAX) {
        return input == NULL ? PLIM_STATUS_INTERNAL : PLIM_STATUS_LIMIT;
    }
    struct str path = input->name;
    arena_clear(&reader->arena);
    buf_clear(&reader->text);
    sh_facts_begin_file(&reader->shell);
    plim_status status = df_parse(&file, &reader->arena, input->text);
    if (status == PLIM_STATUS_OK) {
        status = df_model_build(&model, &reader->arena, &file, &reader->options);
    }
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    struct df_writer writer = {.facts = facts,
                               .arena = &reader->arena,
                               .text = &reader->text,
                               .shell = &reader->shell,
                               .diags = diags,
                               .ids = reader->ids,
                               .model = &model,
                               .file = &file,
                               .source = source};
    uint32_t end = (uint32_t)str_find_char(file.text, '\n', 0);
    writer.dockerfile = facts_add_row(facts, FACT_KIND_dockerfile, df_writer_loc(&writer, 0, end));
    status = write_all(&writer, path);
    if (status == PLIM_STATUS_OK) {
        status = buf_status(&reader->text);
    }
    if (status == PLIM_STATUS_OK) {
        status = facts_status(facts);
    }
    *row = writer.dockerfile;
    return status == PLIM_STATUS_OK && !is_usable(&file) ? PLIM_STATUS_INPUT : status;
}
