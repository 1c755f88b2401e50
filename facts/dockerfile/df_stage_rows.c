/* SPDX-License-Identifier: Apache-2.0
 *
 * df_stage_rows.c - rows of stages: bases, lists, and the state at their end.
 */
#include "facts/dockerfile/df_writer.h"

/* Name of a stage in messages. */
static struct str stage_label(struct df_writer *writer, const struct df_stage *stage)
{
    buf_clear(writer->text);
    if (stage->name.len > 0) {
        buf_append_cstr(writer->text, "stage ");
        buf_append(writer->text, stage->name);
    } else if (stage->index == writer->model->final) {
        buf_append_cstr(writer->text, writer->model->stage_count > 1 ? "final stage" : "image");
    } else {
        buf_append_cstr(writer->text, "stage ");
        buf_append_u64(writer->text, stage->index);
    }
    return buf_view(writer->text);
}

static void write_identity(struct df_writer *writer, const struct df_stage *stage, fact_row row)
{
    enum fact_kind kind = FACT_KIND_stage;
    struct facts *facts = writer->facts;
    facts_set_str(facts, kind, row, FIELD_stage_label, stage_label(writer, stage), FACT_NO_LOC);
    facts_set_row(facts, kind, row, FIELD_stage_dockerfile, writer->dockerfile, FACT_NO_LOC);
    facts_set_int(facts, kind, row, FIELD_stage_index, stage->index, FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_stage_is_final, stage->index == writer->model->final,
                   FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_stage_reachable, stage->reachable, FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_stage_shipped, stage->shipped, FACT_NO_LOC);
    if (stage->name.len > 0) {
        fact_loc name = df_writer_word_loc(writer, stage->from->args[2]);
        facts_set_str(facts, kind, row, FIELD_stage_name, stage->name, name);
        facts_set_str(facts, kind, row, FIELD_stage_name_written, stage->name_written, name);
    }
    struct df_word base = stage->from->arg_count > 0 ? stage->from->args[0] : stage->from->name;
    base.text = stage->from->arg_count > 0 ? base.text : STR("");
    df_writer_set_word(writer, kind, row, FIELD_stage_base_text, base);
    const struct df_flag *platform = df_flag_find(stage->from, STR("platform"));
    if (platform != NULL) {
        df_writer_set_word(writer, kind, row, FIELD_stage_platform_text, platform->value);
        df_writer_set(writer, kind, row, FIELD_stage_platform, &stage->platform);
    }
}

/* The base as image, stage or unknown; the image at the end of the chain. */
static void write_base(struct df_writer *writer, const struct df_stage *stage, fact_row row)
{
    enum fact_kind kind = FACT_KIND_stage;
    struct facts *facts = writer->facts;
    struct df_stage_rows *rows = &writer->stages[stage->index];
    const struct df_stage *root = stage->root;
    fact_loc loc = df_writer_loc(writer, stage->base.start, stage->base.end);
    if (stage->base_kind == DF_BASE_IMAGE) {
        rows->image = df_writer_image(writer, &stage->base, stage->from->args[0].text);
        facts_set_row(facts, kind, row, FIELD_stage_base_image, rows->image, loc);
    } else if (stage->base_kind == DF_BASE_UNKNOWN) {
        df_writer_set_unknown(writer, kind, row, FIELD_stage_base_image, &stage->base);
    } else if (stage->base_kind == DF_BASE_STAGE) {
        facts_set_row(facts, kind, row, FIELD_stage_base_stage,
                      writer->stages[stage->base_stage->index].stage, loc);
    }
    if (root->base_kind == DF_BASE_UNKNOWN) {
        df_writer_set_unknown(writer, kind, row, FIELD_stage_root_image, &root->base);
        df_writer_set_unknown(writer, kind, row, FIELD_stage_from_scratch, &root->base);
        return;
    }
    facts_set_row(facts, kind, row, FIELD_stage_root_image, writer->stages[root->index].image,
                  df_writer_loc(writer, root->base.start, root->base.end));
    facts_set_bool(facts, kind, row, FIELD_stage_from_scratch, root->base_kind == DF_BASE_SCRATCH,
                   loc);
}

void df_stage_rows_begin(struct df_writer *writer)
{
    const struct df_model *model = writer->model;
    for (uint32_t i = 0; i < model->stage_count; i++) {
        const struct df_instruction *from = model->stages[i].from;
        writer->stages[i].image = FACT_NO_ROW;
        writer->stages[i].stage = facts_add_row(
            writer->facts, FACT_KIND_stage, df_writer_loc(writer, from->start, from->line->end));
    }
    for (uint32_t i = 0; i < model->stage_count; i++) {
        write_identity(writer, &model->stages[i], writer->stages[i].stage);
        write_base(writer, &model->stages[i], writer->stages[i].stage);
    }
}

void df_stage_rows_lists(struct df_writer *writer, uint32_t index)
{
    struct df_stage_lists *lists = &writer->lists;
    const struct {
        unsigned field;
        struct fact_items *items;
    } table[] = {
        {FIELD_stage_instructions, &lists->instructions},
        {FIELD_stage_runs, &lists->runs},
        {FIELD_stage_copies, &lists->copies},
        {FIELD_stage_adds, &lists->adds},
        {FIELD_stage_workdirs, &lists->workdirs},
        {FIELD_stage_users, &lists->users},
        {FIELD_stage_cmds, &lists->cmds},
        {FIELD_stage_entrypoints, &lists->entrypoints},
        {FIELD_stage_healthchecks, &lists->healthchecks},
        {FIELD_stage_commands, &lists->commands},
        {FIELD_stage_variables, &lists->variables},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        facts_set_list(writer->facts, FACT_KIND_stage, writer->stages[index].stage, table[i].field,
                       table[i].items, FACT_NO_LOC);
        table[i].items->count = 0;
    }
}

/* ---- state ------------------------------------------------------------------------------- */

/* A member row that is in force, or why nobody knows. */
static void set_effective(struct df_writer *writer, const struct df_stage *stage, fact_row row,
                          unsigned field, const struct df_effective *effective)
{
    if (effective->state == DF_VALUE_KNOWN) {
        facts_set_row(writer->facts, FACT_KIND_stage, row, field,
                      writer->slots[effective->instruction->slot].member,
                      df_writer_loc(writer, effective->instruction->start,
                                    effective->instruction->line->end));
    } else if (effective->state == DF_VALUE_UNKNOWN) {
        const struct df_instruction *root = stage->root->from;
        fact_cause cause = facts_add_cause(writer->facts, STR("only the base image can tell"),
                                           df_writer_loc(writer, root->start, root->line->end));
        facts_set_unknown(writer->facts, FACT_KIND_stage, row, field, cause, FACT_NO_LOC);
    }
}

/* A list of the rows that entries were written as. */
static void set_entries(struct df_writer *writer, fact_row row, unsigned field,
                        const struct df_entries *entries)
{
    struct fact_items items = {0};
    for (uint32_t i = 0; i < entries->count; i++) {
        const struct df_entry *entry = &entries->items[i];
        fact_row first = writer->slots[entry->instruction->slot].items;
        if (first != FACT_NO_ROW) {
            fact_items_add_row(&items, writer->arena, first + entry->item, FACT_NO_LOC);
        }
    }
    facts_set_list(writer->facts, FACT_KIND_stage, row, field, &items, FACT_NO_LOC);
}

static void write_shell(struct df_writer *writer, const struct df_stage *stage, fact_row row)
{
    const struct df_instruction *shell =
        stage->shell.state == DF_VALUE_KNOWN ? stage->shell.instruction : NULL;
    fact_loc loc =
        shell != NULL ? df_writer_loc(writer, shell->start, shell->line->end) : FACT_NO_LOC;
    df_writer_set_shell(writer, FACT_KIND_stage, row, FIELD_stage_shell, shell, stage);
    facts_set_bool(writer->facts, FACT_KIND_stage, row, FIELD_stage_sets_shell, shell != NULL, loc);
}

static void write_state(struct df_writer *writer, const struct df_stage *stage, fact_row row)
{
    enum fact_kind kind = FACT_KIND_stage;
    struct facts *facts = writer->facts;
    set_effective(writer, stage, row, FIELD_stage_user, &stage->user);
    set_effective(writer, stage, row, FIELD_stage_cmd, &stage->cmd);
    set_effective(writer, stage, row, FIELD_stage_entrypoint, &stage->entrypoint);
    set_effective(writer, stage, row, FIELD_stage_healthcheck, &stage->healthcheck);
    facts_set_bool(facts, kind, row, FIELD_stage_sets_user, stage->sets_user, FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_stage_sets_workdir, stage->sets_workdir, FACT_NO_LOC);
    df_writer_set(writer, kind, row, FIELD_stage_workdir, &stage->workdir);
    df_writer_set(writer, kind, row, FIELD_stage_stop_signal, &stage->stop_signal);
    set_entries(writer, row, FIELD_stage_env, &stage->env);
    set_entries(writer, row, FIELD_stage_labels, &stage->labels);
    set_entries(writer, row, FIELD_stage_ports, &stage->ports);
    set_entries(writer, row, FIELD_stage_volumes, &stage->volumes);
    write_shell(writer, stage, row);
    const struct fact_items nobody = {0};
    facts_set_list(facts, kind, row, FIELD_stage_services, &nobody, FACT_NO_LOC);
}

/* Stages by what needs them. */
static void write_dependents(struct df_writer *writer)
{
    const struct df_model *model = writer->model;
    struct fact_items *lists = ARENA_ARRAY(writer->arena, struct fact_items, model->stage_count);
    if (lists == NULL) {
        return;
    }
    for (uint32_t i = 0; i < model->stage_count; i++) {
        const struct df_stage *stage = &model->stages[i];
        for (uint32_t n = 0; n < stage->need_count; n++) {
            struct fact_items *list = &lists[stage->needs[n]->index];
            fact_row row = writer->stages[i].stage;
            if (list->count == 0 || list->items[list->count - 1].value != row) {
                fact_items_add_row(list, writer->arena, row, FACT_NO_LOC);
            }
        }
    }
    for (uint32_t i = 0; i < model->stage_count; i++) {
        facts_set_list(writer->facts, FACT_KIND_stage, writer->stages[i].stage,
                       FIELD_stage_dependents, &lists[i], FACT_NO_LOC);
    }
}

void df_stage_rows_finish(struct df_writer *writer)
{
    const struct df_model *model = writer->model;
    if (model->stage_count == 0) {
        return;
    }
    for (uint32_t i = 0; i < model->stage_count; i++) {
        write_state(writer, &model->stages[i], writer->stages[i].stage);
    }
    write_dependents(writer);
}
