/* SPDX-License-Identifier: Apache-2.0
 *
 * df_writer.h - what the files that write rows of one Dockerfile share.
 *
 * The rows of all stages are made first, then those of the instructions in order, then the stages'
 * state, which refers to them. Nothing outside facts/dockerfile includes this. Thread rule: one
 * thread.
 */
#ifndef FACTS_DOCKERFILE_DF_WRITER_H
#define FACTS_DOCKERFILE_DF_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/diag.h"
#include "core/str.h"
#include "facts/dockerfile/df_model.h"
#include "facts/shell/sh_facts.h"
#include "facts/store.h"

/* Rows made for one instruction. */
struct df_slot_rows {
    fact_row instruction;
    fact_row member; /* run, copy, ...; FACT_NO_ROW for kinds without one */
    fact_row items;  /* first of the rows of its pairs, ports or volumes; they follow each other */
};

struct df_stage_rows {
    fact_row stage;
    fact_row image; /* image-ref of its base, or FACT_NO_ROW */
};

/* Lists of the stage that is being written. */
struct df_stage_lists {
    struct fact_items instructions;
    struct fact_items runs;
    struct fact_items copies;
    struct fact_items adds;
    struct fact_items workdirs;
    struct fact_items users;
    struct fact_items cmds;
    struct fact_items entrypoints;
    struct fact_items healthchecks;
    struct fact_items commands;
    struct fact_items variables;
};

struct df_writer_ids;

struct df_writer {
    struct facts *facts;
    struct arena *arena;
    struct buf *text;
    struct sh_facts *shell;
    struct diag_list *diags; /* may be NULL */
    const struct df_model *model;
    const struct df_file *file;
    source_id source;
    fact_row dockerfile;
    struct df_slot_rows *slots;   /* by slot */
    struct df_stage_rows *stages; /* by stage index */
    struct df_stage_lists lists;
    struct fact_items global_args;
    struct df_writer_ids *ids;
    /* The list made last by df_writer_set_shell, and what it was made for. */
    const struct df_instruction *shell_of;
    struct fact_cell shell_list;
};

/* Ids of texts that stand in most files; asked for once per run. 0: not asked for yet. */
struct df_writer_ids {
    intern_id keywords[DF_KEYWORD_COUNT];
    intern_id comment;
};

/* ---- df_writer.c: cells ------------------------------------------------------------------ */

/* Place of a range of the file. */
fact_loc df_writer_loc(struct df_writer *writer, uint32_t start, uint32_t end);
fact_loc df_writer_word_loc(struct df_writer *writer, struct df_word word);

/* Sets a cell to a value: known, unknown with its cause, or left absent. */
void df_writer_set(struct df_writer *writer, enum fact_kind kind, fact_row row, unsigned field,
                   const struct df_value *value);

/* Sets a cell to unknown for the reason the value is. */
void df_writer_set_unknown(struct df_writer *writer, enum fact_kind kind, fact_row row,
                           unsigned field, const struct df_value *value);

/* Sets a cell to a text of the file. */
void df_writer_set_word(struct df_writer *writer, enum fact_kind kind, fact_row row, unsigned field,
                        struct df_word word);

/* Sets a cell to a text whose id is known. */
void df_writer_set_id(struct df_writer *writer, enum fact_kind kind, fact_row row, unsigned field,
                      intern_id id, fact_loc loc);

/* Id of an instruction's keyword in upper case. */
intern_id df_writer_keyword(struct df_writer *writer, enum df_keyword keyword);

/* Sets a list field to the words of a shell. */
void df_writer_set_shell(struct df_writer *writer, enum fact_kind kind, fact_row row,
                         unsigned field, const struct df_instruction *shell,
                         const struct df_stage *stage);

/* The value of an argument; as written where nothing was expanded. */
struct df_value df_writer_arg(const struct df_writer *writer,
                              const struct df_instruction *instruction, uint32_t index);

/* Row of the stage an instruction belongs to, or FACT_NO_ROW. */
fact_row df_writer_stage_row(const struct df_writer *writer,
                             const struct df_instruction *instruction);

/* New image-ref row for a known text; `written` is the text before expansion. */
fact_row df_writer_image(struct df_writer *writer, const struct df_value *value,
                         struct str written);

/* Sets the fields that name a stage or an image behind --from=. */
void df_writer_set_source(struct df_writer *writer, enum fact_kind kind, fact_row row,
                          unsigned text_field, unsigned stage_field, unsigned image_field,
                          const struct df_source *source);

/* SHELL words in force for an instruction (the default when none is), as views in the arena. */
void df_writer_shell(struct df_writer *writer, const struct df_instruction *shell,
                     const struct df_stage *stage, const struct str **words, size_t *count);

/* ---- df_rows.c, df_members.c, df_copy.c, df_shell.c, df_stage_rows.c --------------------- */

/* Writes the rows of one instruction, those behind ONBUILD included, and gathers them for the
 * lists of the stage. NOMEM or LIMIT. */
plim_status df_rows_instruction(struct df_writer *writer,
                                const struct df_instruction *instruction) PLIM_MUST_CHECK;

/* Writes the row that narrows an instruction, if its kind has one. NOMEM or LIMIT. */
plim_status df_members_write(struct df_writer *writer,
                             const struct df_instruction *instruction) PLIM_MUST_CHECK;

/* Fills the member row of a COPY or ADD, and its copied-file rows. */
void df_copy_write(struct df_writer *writer, const struct df_instruction *instruction);

/* Adds the commands of RUN, CMD, ENTRYPOINT or HEALTHCHECK to `commands`. NOMEM or LIMIT. */
plim_status df_shell_write(struct df_writer *writer, const struct df_instruction *instruction,
                           struct fact_items *commands,
                           struct sh_facts_result *result) PLIM_MUST_CHECK;

/* Makes the rows of all stages, and their base images. */
void df_stage_rows_begin(struct df_writer *writer);

/* Stores the lists gathered for a stage and empties them. */
void df_stage_rows_lists(struct df_writer *writer, uint32_t index);

/* Fills the effective state of all stages. */
void df_stage_rows_finish(struct df_writer *writer);

#endif
