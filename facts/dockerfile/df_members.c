/* SPDX-License-Identifier: Apache-2.0
 *
 * df_members.c - the rows that narrow an instruction: from, run, cmd, entrypoint, healthcheck,
 * user, workdir, onbuild. COPY and ADD are written by df_copy.c.
 */
#include "facts/dockerfile/df_writer.h"

#include "core/source.h"
#include "facts/dockerfile/df_path.h"
#include "facts/duration.h"
#include "facts/shared_rows.h"

/* Where a kind keeps what ties its row to an instruction. */
struct shared_fields {
    unsigned label;
    unsigned instruction;
    unsigned stage;
    unsigned index;
    unsigned back; /* in the instruction's row */
};

#define SHARED_FIELDS(kind)                                                                        \
    &(const struct shared_fields)                                                                  \
    {                                                                                              \
        .label = FIELD_##kind##_label, .instruction = FIELD_##kind##_instruction,                  \
        .stage = FIELD_##kind##_stage, .index = FIELD_##kind##_index,                              \
        .back = FIELD_instruction_##kind                                                           \
    }

/* New member row, tied to its instruction both ways. */
static fact_row add_member(struct df_writer *writer, const struct df_instruction *in,
                           enum fact_kind kind, unsigned field)
{
    struct facts *facts = writer->facts;
    struct df_slot_rows *slot = &writer->slots[in->slot];
    fact_loc loc = facts_row_loc(facts, FACT_KIND_instruction, slot->instruction);
    fact_row row = facts_add_row(facts, kind, loc);
    facts_set_row(facts, kind, row, 0, slot->instruction, FACT_NO_LOC);
    facts_set_row(facts, FACT_KIND_instruction, slot->instruction, field, row, FACT_NO_LOC);
    slot->member = row;
    return row;
}

/* New row of a kind that services make, too: tied to the instruction that makes it. */
static fact_row add_shared(struct df_writer *writer, const struct df_instruction *in,
                           enum fact_kind kind, const struct shared_fields *fields)
{
    struct facts *facts = writer->facts;
    struct df_slot_rows *slot = &writer->slots[in->slot];
    fact_row row =
        facts_add_row(facts, kind, facts_row_loc(facts, FACT_KIND_instruction, slot->instruction));
    df_writer_set_id(writer, kind, row, fields->label, df_writer_keyword(writer, in->keyword),
                     FACT_NO_LOC);
    facts_set_row(facts, kind, row, fields->instruction, slot->instruction, FACT_NO_LOC);
    facts_set_row(facts, kind, row, fields->stage, df_writer_stage_row(writer, in), FACT_NO_LOC);
    facts_set_int(facts, kind, row, fields->index, in->index, FACT_NO_LOC);
    facts_set_row(facts, FACT_KIND_instruction, slot->instruction, fields->back, row, FACT_NO_LOC);
    slot->member = row;
    return row;
}

static void add_to(struct df_writer *writer, struct fact_items *items, fact_row row)
{
    fact_items_add_row(items, writer->arena, row, FACT_NO_LOC);
}

static void set_flag_text(struct df_writer *writer, const struct df_instruction *in,
                          enum fact_kind kind, fact_row row, unsigned field, struct str name)
{
    const struct df_flag *flag = df_flag_find(in, name);
    if (flag != NULL && flag->has_value) {
        df_writer_set_word(writer, kind, row, field, flag->value);
    }
}

/* Exec-form words behind the first `skip` arguments. */
static void set_words(struct df_writer *writer, const struct df_instruction *in,
                      enum fact_kind kind, fact_row row, unsigned field, uint32_t skip)
{
    struct fact_items items = {0};
    for (uint32_t i = skip; in->json && i < in->arg_count; i++) {
        fact_items_add_str(&items, writer->arena, writer->facts, in->args[i].text,
                           df_writer_word_loc(writer, in->args[i]));
    }
    facts_set_list(writer->facts, kind, row, field, &items, FACT_NO_LOC);
}

/* ---- FROM -------------------------------------------------------------------------------- */

static void write_from(struct df_writer *writer, const struct df_instruction *in)
{
    enum fact_kind kind = FACT_KIND_from;
    struct facts *facts = writer->facts;
    fact_row row = add_member(writer, in, kind, FIELD_instruction_from);
    const struct df_result *result = &writer->model->results[in->slot];
    const struct df_stage *stage = result->stage;
    struct fact_items undeclared = {0};
    bool has_base = in->arg_count > 0;
    struct df_word base = has_base ? in->args[0] : in->name;
    base.text = has_base ? base.text : STR("");
    df_writer_set_word(writer, kind, row, FIELD_from_base_text, base);
    if (stage != NULL && stage->from == in) {
        fact_row image = writer->stages[stage->index].image;
        facts_set_row(facts, kind, row, FIELD_from_image, image, FACT_NO_LOC);
        if (stage->base_kind == DF_BASE_UNKNOWN) {
            df_writer_set_unknown(writer, kind, row, FIELD_from_image, &stage->base);
        }
    }
    if (in->arg_count == 3) {
        df_writer_set_word(writer, kind, row, FIELD_from_as_written, in->args[1]);
    }
    for (uint32_t i = 0; i < result->undefined_count; i++) {
        fact_items_add_str(&undeclared, writer->arena, facts, result->undefined[i], FACT_NO_LOC);
    }
    facts_set_list(facts, kind, row, FIELD_from_undeclared, &undeclared, FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_from_default_valid,
                   stage == NULL || stage->from != in || stage->default_valid,
                   df_writer_word_loc(writer, base));
}

/* ---- RUN --------------------------------------------------------------------------------- */

static void write_mount(struct df_writer *writer, const struct df_mount *mount, fact_row run,
                        struct fact_items *items)
{
    static const uint8_t types[] = {MEMBER_mount_type_bind,  MEMBER_mount_type_cache,
                                    MEMBER_mount_type_tmpfs, MEMBER_mount_type_secret,
                                    MEMBER_mount_type_ssh,   MEMBER_mount_type_other};
    enum fact_kind kind = FACT_KIND_run_mount;
    struct facts *facts = writer->facts;
    fact_row row = facts_add_row(facts, kind, df_writer_loc(writer, mount->start, mount->end));
    facts_set_row(facts, kind, row, FIELD_run_mount_run, run, FACT_NO_LOC);
    facts_set_enum(facts, kind, row, FIELD_run_mount_type, types[mount->type], FACT_NO_LOC);
    df_writer_set(writer, kind, row, FIELD_run_mount_target, &mount->target);
    df_writer_set(writer, kind, row, FIELD_run_mount_source, &mount->source);
    df_writer_set(writer, kind, row, FIELD_run_mount_id, &mount->id);
    df_writer_set(writer, kind, row, FIELD_run_mount_env, &mount->env);
    df_writer_set_source(writer, kind, row, FIELD_run_mount_from, FIELD_run_mount_from_stage,
                         FIELD_run_mount_from_image, &mount->from);
    facts_set_bool(facts, kind, row, FIELD_run_mount_required, mount->required, FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_run_mount_read_only, mount->read_only, FACT_NO_LOC);
    add_to(writer, items, row);
}

static plim_status write_run(struct df_writer *writer, const struct df_instruction *in)
{
    enum fact_kind kind = FACT_KIND_run;
    struct facts *facts = writer->facts;
    const struct df_result *result = &writer->model->results[in->slot];
    fact_row row = add_member(writer, in, kind, FIELD_instruction_run);
    struct fact_items mounts = {0};
    struct fact_items commands = {0};
    struct sh_facts_result read = {0};
    for (uint32_t i = 0; i < result->mount_count; i++) {
        write_mount(writer, &result->mounts[i], row, &mounts);
    }
    facts_set_list(facts, kind, row, FIELD_run_mounts, &mounts, FACT_NO_LOC);
    set_flag_text(writer, in, kind, row, FIELD_run_network, STR("network"));
    set_flag_text(writer, in, kind, row, FIELD_run_security, STR("security"));
    const struct str *words = NULL;
    size_t count = 0;
    df_writer_shell(writer, result->shell, result->stage, &words, &count);
    df_writer_set_shell(writer, kind, row, FIELD_run_shell, result->shell, result->stage);
    plim_status status = df_shell_write(writer, in, &commands, &read);
    facts_set_list(facts, kind, row, FIELD_run_commands, &commands, FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_run_posix, read.posix, FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_run_parsed, read.posix && read.gap == SH_GAP_NONE,
                   FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_run_shell_pipefail, sh_shell_of(words, count).pipefail,
                   FACT_NO_LOC);
    for (size_t i = 0; i < commands.count; i++) {
        fact_items_add(&writer->lists.commands, writer->arena, commands.items[i]);
    }
    add_to(writer, &writer->lists.runs, row);
    return status;
}

/* ---- CMD, ENTRYPOINT, HEALTHCHECK -------------------------------------------------------- */

static plim_status write_cmd(struct df_writer *writer, const struct df_instruction *in)
{
    bool cmd = in->keyword == DF_CMD;
    enum fact_kind kind = cmd ? FACT_KIND_cmd : FACT_KIND_entrypoint;
    struct fact_items commands = {0};
    struct sh_facts_result read = {0};
    fact_row row =
        add_shared(writer, in, kind, cmd ? SHARED_FIELDS(cmd) : SHARED_FIELDS(entrypoint));
    facts_set_enum(writer->facts, kind, row, cmd ? FIELD_cmd_form : FIELD_entrypoint_form,
                   in->json ? MEMBER_form_exec : MEMBER_form_shell, FACT_NO_LOC);
    set_words(writer, in, kind, row, cmd ? FIELD_cmd_words : FIELD_entrypoint_words, 0);
    plim_status status = df_shell_write(writer, in, &commands, &read);
    facts_set_list(writer->facts, kind, row, cmd ? FIELD_cmd_commands : FIELD_entrypoint_commands,
                   &commands, FACT_NO_LOC);
    facts_set_bool(writer->facts, kind, row, cmd ? FIELD_cmd_malformed : FIELD_entrypoint_malformed,
                   in->malformed, FACT_NO_LOC);
    add_to(writer, cmd ? &writer->lists.cmds : &writer->lists.entrypoints, row);
    return status;
}

static void set_duration(struct df_writer *writer, const struct df_instruction *in, fact_row row,
                         unsigned field, struct str name)
{
    const struct df_flag *flag = df_flag_find(in, name);
    int64_t value = 0;
    if (flag != NULL && duration_parse(flag->value.text, &value) == DURATION_ERROR_NONE) {
        facts_set_int(writer->facts, FACT_KIND_healthcheck, row, field, value,
                      df_writer_word_loc(writer, flag->value));
    }
}

static plim_status write_healthcheck(struct df_writer *writer, const struct df_instruction *in)
{
    enum fact_kind kind = FACT_KIND_healthcheck;
    struct facts *facts = writer->facts;
    struct fact_items commands = {0};
    struct sh_facts_result read = {0};
    fact_row row = add_shared(writer, in, kind, SHARED_FIELDS(healthcheck));
    bool disabled = in->arg_count > 0 && str_eq_nocase(in->args[0].text, STR("NONE"));
    facts_set_bool(facts, kind, row, FIELD_healthcheck_disabled, disabled, FACT_NO_LOC);
    set_words(writer, in, kind, row, FIELD_healthcheck_words, 1);
    set_duration(writer, in, row, FIELD_healthcheck_interval, STR("interval"));
    set_duration(writer, in, row, FIELD_healthcheck_timeout, STR("timeout"));
    set_duration(writer, in, row, FIELD_healthcheck_start_period, STR("start-period"));
    set_duration(writer, in, row, FIELD_healthcheck_start_interval, STR("start-interval"));
    const struct df_flag *retries = df_flag_find(in, STR("retries"));
    unsigned long long count = 0;
    if (retries != NULL && str_to_u64(retries->value.text, &count) && count <= INT32_MAX) {
        facts_set_int(facts, kind, row, FIELD_healthcheck_retries, (int64_t)count,
                      df_writer_word_loc(writer, retries->value));
    }
    plim_status status = PLIM_STATUS_OK;
    if (!disabled && in->arg_count > 1) {
        facts_set_enum(facts, kind, row, FIELD_healthcheck_form,
                       in->json ? MEMBER_form_exec : MEMBER_form_shell, FACT_NO_LOC);
        status = df_shell_write(writer, in, &commands, &read);
    }
    facts_set_list(facts, kind, row, FIELD_healthcheck_commands, &commands, FACT_NO_LOC);
    add_to(writer, &writer->lists.healthchecks, row);
    return status;
}

/* ---- USER, WORKDIR, ONBUILD -------------------------------------------------------------- */

/* Fields that follow from user[:group]; of an unknown text only the part before the unknown piece
 * counts. */
static void write_identities(struct df_writer *writer, const struct df_value *spec, fact_row row)
{
    enum fact_kind kind = FACT_KIND_user;
    fact_loc loc = df_writer_loc(writer, spec->start, spec->end);
    bool known = spec->state == DF_VALUE_KNOWN;
    size_t colon = str_find_char(spec->text, ':', 0);
    struct str user = str_slice(spec->text, 0, colon);
    struct str group = str_slice(spec->text, colon + 1, spec->text.len);
    bool user_known = known || colon < spec->text.len;
    if (!user_known) {
        df_writer_set_unknown(writer, kind, row, FIELD_user_name, spec);
        df_writer_set_unknown(writer, kind, row, FIELD_user_uid, spec);
        df_writer_set_unknown(writer, kind, row, FIELD_user_is_root, spec);
    } else {
        shared_rows_user(writer->facts, row, user, loc);
    }
    if (!known) {
        df_writer_set_unknown(writer, kind, row, FIELD_user_group, spec);
        df_writer_set_unknown(writer, kind, row, FIELD_user_gid, spec);
    } else if (group.len > 0) {
        shared_rows_group(writer->facts, row, group, loc);
    }
}

static void write_user(struct df_writer *writer, const struct df_instruction *in)
{
    fact_row row = add_shared(writer, in, FACT_KIND_user, SHARED_FIELDS(user));
    struct df_value spec = df_writer_arg(writer, in, 0);
    df_writer_set(writer, FACT_KIND_user, row, FIELD_user_spec, &spec);
    write_identities(writer, &spec, row);
    buf_clear(writer->text);
    buf_append_cstr(writer->text, "USER on line ");
    buf_append_u64(writer->text, in->line->first_line);
    facts_set_str(writer->facts, FACT_KIND_user, row, FIELD_user_origin, buf_view(writer->text),
                  FACT_NO_LOC);
    add_to(writer, &writer->lists.users, row);
}

static void write_workdir(struct df_writer *writer, const struct df_instruction *in)
{
    enum fact_kind kind = FACT_KIND_workdir;
    struct facts *facts = writer->facts;
    const struct df_result *result = &writer->model->results[in->slot];
    fact_row row = add_member(writer, in, kind, FIELD_instruction_workdir);
    struct df_value path = df_writer_arg(writer, in, 0);
    struct df_value resolved = result->resolved.state != DF_VALUE_ABSENT ? result->resolved : path;
    df_writer_set(writer, kind, row, FIELD_workdir_path, &path);
    df_writer_set(writer, kind, row, FIELD_workdir_resolved, &resolved);
    if (path.state == DF_VALUE_KNOWN || df_path_is_absolute(path.text)) {
        facts_set_bool(facts, kind, row, FIELD_workdir_is_absolute, df_path_is_absolute(path.text),
                       df_writer_loc(writer, path.start, path.end));
    } else {
        df_writer_set_unknown(writer, kind, row, FIELD_workdir_is_absolute, &path);
    }
    facts_set_bool(facts, kind, row, FIELD_workdir_after_absolute, result->after_absolute,
                   FACT_NO_LOC);
    add_to(writer, &writer->lists.workdirs, row);
}

static void write_onbuild(struct df_writer *writer, const struct df_instruction *in)
{
    fact_row row = add_member(writer, in, FACT_KIND_onbuild, FIELD_instruction_onbuild);
    if (in->sub != NULL) {
        facts_set_row(writer->facts, FACT_KIND_onbuild, row, FIELD_onbuild_triggered,
                      writer->slots[in->sub->slot].instruction, FACT_NO_LOC);
    } else {
        facts_set_unknown(
            writer->facts, FACT_KIND_onbuild, row, FIELD_onbuild_triggered,
            facts_add_cause(writer->facts, STR("no instruction stands behind it"), FACT_NO_LOC),
            FACT_NO_LOC);
    }
}

plim_status df_members_write(struct df_writer *writer, const struct df_instruction *instruction)
{
    switch (instruction->keyword) {
    case DF_FROM:
        write_from(writer, instruction);
        break;
    case DF_RUN:
        return write_run(writer, instruction);
    case DF_COPY:
        add_to(writer, &writer->lists.copies,
               add_member(writer, instruction, FACT_KIND_copy, FIELD_instruction_copy));
        df_copy_write(writer, instruction);
        break;
    case DF_ADD:
        add_to(writer, &writer->lists.adds,
               add_member(writer, instruction, FACT_KIND_add, FIELD_instruction_add));
        df_copy_write(writer, instruction);
        break;
    case DF_CMD:
    case DF_ENTRYPOINT:
        return write_cmd(writer, instruction);
    case DF_HEALTHCHECK:
        return write_healthcheck(writer, instruction);
    case DF_USER:
        write_user(writer, instruction);
        break;
    case DF_WORKDIR:
        write_workdir(writer, instruction);
        break;
    case DF_ONBUILD:
        write_onbuild(writer, instruction);
        break;
    case DF_ENV:
    case DF_ARG:
    case DF_LABEL:
    case DF_EXPOSE:
    case DF_VOLUME:
    case DF_SHELL:
    case DF_STOPSIGNAL:
    case DF_MAINTAINER:
    case DF_UNKNOWN:
    case DF_KEYWORD_COUNT:
    default:
        break;
    }
    return PLIM_STATUS_OK;
}
