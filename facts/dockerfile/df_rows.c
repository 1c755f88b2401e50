/* SPDX-License-Identifier: Apache-2.0
 *
 * df_rows.c - rows every instruction has: itself, its flags, heredocs, variables, labels, ports and
 * volumes. What narrows it is written by df_members.c.
 */
#include "facts/dockerfile/df_writer.h"

static void set_str(struct df_writer *writer, enum fact_kind kind, fact_row row, unsigned field,
                    struct str text)
{
    facts_set_str(writer->facts, kind, row, field, text, FACT_NO_LOC);
}

static void set_bool(struct df_writer *writer, enum fact_kind kind, fact_row row, unsigned field,
                     bool value)
{
    facts_set_bool(writer->facts, kind, row, field, value, FACT_NO_LOC);
}

/* ---- parts of the instruction ------------------------------------------------------------ */

static void write_flags(struct df_writer *writer, const struct df_instruction *in, fact_row row)
{
    struct fact_items items = {0};
    enum fact_kind kind = FACT_KIND_flag;
    for (uint32_t i = 0; i < in->flag_count; i++) {
        const struct df_flag *flag = &in->flags[i];
        uint32_t end = flag->has_value ? flag->value.end : flag->name.end;
        fact_row at =
            facts_add_row(writer->facts, kind, df_writer_loc(writer, flag->name.start, end));
        facts_set_row(writer->facts, kind, at, FIELD_flag_instruction, row, FACT_NO_LOC);
        set_str(writer, kind, at, FIELD_flag_name, flag->name.text);
        set_bool(writer, kind, at, FIELD_flag_known, flag->known);
        if (flag->has_value) {
            df_writer_set_word(writer, kind, at, FIELD_flag_value, flag->value);
        }
        fact_items_add_row(&items, writer->arena, at, FACT_NO_LOC);
    }
    facts_set_list(writer->facts, FACT_KIND_instruction, row, FIELD_instruction_flags, &items,
                   FACT_NO_LOC);
}

/* Program of a #! line: its last path component, the first operand behind env. */
static struct str interpreter_of(struct str body)
{
    if (!str_starts_with(body, STR("#!"))) {
        return STR("");
    }
    struct str line = str_trim(str_slice(body, 2, str_find_char(body, '\n', 0)));
    size_t end = str_find_char(line, ' ', 0);
    struct str program = str_slice(line, 0, end);
    struct str rest = str_trim(str_slice(line, end, line.len));
    if (str_ends_with(program, STR("/env")) && rest.len > 0) {
        if (str_starts_with(rest, STR("-S "))) {
            rest = str_trim(str_slice(rest, 3, rest.len));
        }
        program = str_slice(rest, 0, str_find_char(rest, ' ', 0));
    }
    for (size_t i = program.len; i-- > 0;) {
        if (program.ptr[i] == '/') {
            return str_slice(program, i + 1, program.len);
        }
    }
    return program;
}

static void write_heredocs(struct df_writer *writer, const struct df_instruction *in, fact_row row)
{
    struct fact_items items = {0};
    enum fact_kind kind = FACT_KIND_heredoc;
    uint32_t count = in->keyword != DF_ONBUILD ? in->heredoc_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct df_heredoc *heredoc = &in->heredocs[i];
        fact_row at = facts_add_row(writer->facts, kind, df_writer_word_loc(writer, heredoc->body));
        struct str interpreter = interpreter_of(heredoc->body.text);
        facts_set_row(writer->facts, kind, at, FIELD_heredoc_instruction, row, FACT_NO_LOC);
        set_str(writer, kind, at, FIELD_heredoc_name, heredoc->name);
        set_str(writer, kind, at, FIELD_heredoc_body, heredoc->body.text);
        set_bool(writer, kind, at, FIELD_heredoc_expands, heredoc->expand);
        if (interpreter.len > 0) {
            set_str(writer, kind, at, FIELD_heredoc_interpreter, interpreter);
        }
        fact_items_add_row(&items, writer->arena, at, FACT_NO_LOC);
    }
    facts_set_list(writer->facts, FACT_KIND_instruction, row, FIELD_instruction_heredocs, &items,
                   FACT_NO_LOC);
}

/* A pair as one text; its pieces stand side by side in the line unless the form is the old one. */
static void add_pair_words(struct df_writer *writer, const struct df_instruction *in,
                           const struct df_pair *pair, struct fact_items *items)
{
    fact_loc loc =
        df_writer_loc(writer, pair->name.start, pair->has_value ? pair->value.end : pair->name.end);
    struct str text = pair->name.text;
    if (pair->has_value && !in->legacy) {
        text.len += 1 + pair->value.text.len;
    }
    fact_items_add_str(items, writer->arena, writer->facts, text, loc);
    if (pair->has_value && in->legacy) {
        fact_items_add_str(items, writer->arena, writer->facts, pair->value.text, loc);
    }
}

/* Arguments as split; one that is the whole `text` shares its id. */
static void write_arguments(struct df_writer *writer, const struct df_instruction *in, fact_row row,
                            intern_id text)
{
    struct fact_items items = {0};
    bool read = facts_reads(writer->facts, FACT_KIND_instruction, FIELD_instruction_arguments);
    for (uint32_t i = 0; read && i < in->arg_count; i++) {
        struct df_word word = in->args[i];
        bool whole = word.text.ptr == in->rest.text.ptr && word.text.len == in->rest.text.len;
        intern_id id = whole ? text : facts_intern(writer->facts, word.text);
        fact_items_add(&items, writer->arena,
                       (struct fact_cell){.value = id,
                                          .loc = df_writer_word_loc(writer, word),
                                          .state = FACT_PRESENT});
    }
    for (uint32_t i = 0; read && i < in->pair_count; i++) {
        add_pair_words(writer, in, &in->pairs[i], &items);
    }
    facts_set_list(writer->facts, FACT_KIND_instruction, row, FIELD_instruction_arguments, &items,
                   FACT_NO_LOC);
}

static void write_description(struct df_writer *writer, const struct df_instruction *in,
                              fact_row row)
{
    const struct df_comment *comment = in->comments;
    if (in->comment_count == 0) {
        return;
    }
    buf_clear(writer->text);
    uint32_t end = comment->end;
    for (uint32_t i = 0; i < in->comment_count; i++, comment = comment->next) {
        buf_append(writer->text, i > 0 ? STR("\n") : STR(""));
        buf_append(writer->text, comment->doc);
        end = comment->end;
    }
    facts_set_str(writer->facts, FACT_KIND_instruction, row, FIELD_instruction_description,
                  buf_view(writer->text), df_writer_loc(writer, in->comments->start, end));
}

static void write_undefined(struct df_writer *writer, const struct df_instruction *in, fact_row row)
{
    const struct df_result *result = &writer->model->results[in->slot];
    struct fact_items items = {0};
    for (uint32_t i = 0; i < result->undefined_count; i++) {
        fact_items_add_str(&items, writer->arena, writer->facts, result->undefined[i], FACT_NO_LOC);
    }
    facts_set_list(writer->facts, FACT_KIND_instruction, row, FIELD_instruction_undefined_variables,
                   &items, FACT_NO_LOC);
}

static bool has_forms(const struct df_instruction *in)
{
    return in->keyword == DF_RUN || in->keyword == DF_CMD || in->keyword == DF_ENTRYPOINT ||
           (in->keyword == DF_HEALTHCHECK && in->arg_count > 1);
}

static fact_row write_instruction(struct df_writer *writer, const struct df_instruction *in,
                                  bool trigger)
{
    struct facts *facts = writer->facts;
    enum fact_kind kind = FACT_KIND_instruction;
    bool known = in->keyword != DF_UNKNOWN;
    intern_id keyword =
        known ? df_writer_keyword(writer, in->keyword) : facts_intern(facts, in->name.text);
    intern_id written = str_eq(in->name.text, df_keyword_name(in->keyword))
                            ? keyword
                            : facts_intern(facts, in->name.text);
    intern_id text = facts_intern(facts, in->rest.text);
    fact_row row = facts_add_row(facts, kind, df_writer_loc(writer, in->start, in->line->end));
    df_writer_set_id(writer, kind, row, FIELD_instruction_label, keyword, FACT_NO_LOC);
    facts_set_row(facts, kind, row, FIELD_instruction_dockerfile, writer->dockerfile, FACT_NO_LOC);
    facts_set_row(facts, kind, row, FIELD_instruction_stage, df_writer_stage_row(writer, in),
                  FACT_NO_LOC);
    facts_set_int(facts, kind, row, FIELD_instruction_index, in->index, FACT_NO_LOC);
    fact_loc name = df_writer_word_loc(writer, in->name);
    df_writer_set_id(writer, kind, row, FIELD_instruction_keyword, keyword, name);
    df_writer_set_id(writer, kind, row, FIELD_instruction_written, written, name);
    facts_set_bool(facts, kind, row, FIELD_instruction_known, known, name);
    df_writer_set_id(writer, kind, row, FIELD_instruction_text, text,
                     df_writer_word_loc(writer, in->rest));
    if (has_forms(in)) {
        facts_set_enum(facts, kind, row, FIELD_instruction_form,
                       in->json ? MEMBER_form_exec : MEMBER_form_shell, FACT_NO_LOC);
    }
    set_bool(writer, kind, row, FIELD_instruction_trigger, trigger);
    uint32_t empty = in->line->empty_line;
    facts_set_bool(facts, kind, row, FIELD_instruction_empty_continuation, empty != UINT32_MAX,
                   empty != UINT32_MAX ? df_writer_loc(writer, empty, empty) : FACT_NO_LOC);
    write_arguments(writer, in, row, text);
    write_flags(writer, in, row);
    write_heredocs(writer, in, row);
    write_description(writer, in, row);
    return row;
}

/* ---- pairs, ports, volumes --------------------------------------------------------------- */

/* Whether a value is nothing but references, none of them with a literal default. */
static bool is_only_reference(struct str text)
{
    text = str_trim(text);
    if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"') {
        text = str_slice(text, 1, text.len - 1);
    }
    size_t at = 0;
    while (at < text.len) {
        if (text.ptr[at] != '$') {
            return false;
        }
        struct df_names names = {.text = str_slice(text, at, text.len), .escape = '\\'};
        struct str name;
        char form = '\0';
        if (!df_names_next(&names, &name, &form) || (form != '\0' && form != '?')) {
            return false;
        }
        at += names.at;
        if (name.ptr[-1] == '{') {
            at = str_find_char(text, '}', at) + 1;
        }
    }
    return text.len > 0;
}

static void write_references(struct df_writer *writer, const struct df_pair *pair, fact_row row)
{
    struct fact_items items = {0};
    struct df_names names = {.text = pair->value.text, .escape = writer->file->escape};
    struct str name;
    char form = '\0';
    bool read = facts_reads(writer->facts, FACT_KIND_variable, FIELD_variable_references);
    while (read && df_names_next(&names, &name, &form)) {
        fact_items_add_str(&items, writer->arena, writer->facts, name,
                           df_writer_word_loc(writer, pair->value));
    }
    facts_set_list(writer->facts, FACT_KIND_variable, row, FIELD_variable_references, &items,
                   FACT_NO_LOC);
}

/* The expanded value; one that expansion left alone shares the cell of the text. */
static void write_value(struct df_writer *writer, const struct df_result *result,
                        const struct df_pair *pair, uint32_t i, fact_row row)
{
    enum fact_kind kind = FACT_KIND_variable;
    if (result->values == NULL) {
        return;
    }
    const struct df_value *value = &result->values[i];
    if (pair->has_value && value->state == DF_VALUE_KNOWN &&
        value->text.ptr == pair->value.text.ptr && value->text.len == pair->value.text.len) {
        facts_set_cell(writer->facts, kind, row, FIELD_variable_value,
                       facts_get(writer->facts, kind, row, FIELD_variable_text));
    } else {
        df_writer_set(writer, kind, row, FIELD_variable_value, value);
    }
}

static fact_row write_variable(struct df_writer *writer, const struct df_instruction *in,
                               uint32_t i)
{
    enum fact_kind kind = FACT_KIND_variable;
    struct facts *facts = writer->facts;
    const struct df_pair *pair = &in->pairs[i];
    const struct df_result *result = &writer->model->results[in->slot];
    fact_row stage = df_writer_stage_row(writer, in);
    fact_row row = facts_add_row(facts, kind,
                                 df_writer_loc(writer, pair->name.start,
                                               pair->has_value ? pair->value.end : pair->name.end));
    unsigned origin = in->keyword == DF_ENV  ? MEMBER_variable_origin_env
                      : stage == FACT_NO_ROW ? MEMBER_variable_origin_global_arg
                                             : MEMBER_variable_origin_arg;
    struct df_value name = {.state = DF_VALUE_KNOWN,
                            .text = pair->name.text,
                            .start = pair->name.start,
                            .end = pair->name.end};
    if (result->names != NULL) {
        name = result->names[i];
    }
    intern_id label = facts_intern(facts, pair->name.text);
    df_writer_set_id(writer, kind, row, FIELD_variable_label, label, FACT_NO_LOC);
    facts_set_row(facts, kind, row, FIELD_variable_instruction, writer->slots[in->slot].instruction,
                  FACT_NO_LOC);
    facts_set_row(facts, kind, row, FIELD_variable_stage, stage, FACT_NO_LOC);
    if (name.state == DF_VALUE_KNOWN && name.text.ptr == pair->name.text.ptr) {
        df_writer_set_id(writer, kind, row, FIELD_variable_name, label, FACT_NO_LOC);
    } else {
        df_writer_set(writer, kind, row, FIELD_variable_name, &name);
    }
    if (pair->has_value) {
        df_writer_set_word(writer, kind, row, FIELD_variable_text, pair->value);
    }
    write_value(writer, result, pair, i, row);
    facts_set_enum(facts, kind, row, FIELD_variable_origin, origin, FACT_NO_LOC);
    write_references(writer, pair, row);
    const struct fact_items none = {0};
    facts_set_list(facts, kind, row, FIELD_variable_unset, &none, FACT_NO_LOC);
    set_bool(writer, kind, row, FIELD_variable_only_reference, is_only_reference(pair->value.text));
    set_bool(writer, kind, row, FIELD_variable_legacy_form, in->legacy);
    set_bool(writer, kind, row, FIELD_variable_self_reference,
             result->self_reference != NULL && result->self_reference[i]);
    return row;
}

static fact_row write_label(struct df_writer *writer, const struct df_instruction *in, uint32_t i)
{
    enum fact_kind kind = FACT_KIND_label;
    const struct df_pair *pair = &in->pairs[i];
    const struct df_result *result = &writer->model->results[in->slot];
    fact_row row = facts_add_row(writer->facts, kind,
                                 df_writer_loc(writer, pair->name.start, pair->value.end));
    facts_set_row(writer->facts, kind, row, FIELD_label_instruction,
                  writer->slots[in->slot].instruction, FACT_NO_LOC);
    set_bool(writer, kind, row, FIELD_label_legacy_form, in->legacy);
    if (result->names != NULL && result->values != NULL) {
        df_writer_set(writer, kind, row, FIELD_label_key, &result->names[i]);
        df_writer_set(writer, kind, row, FIELD_label_value, &result->values[i]);
    } else {
        df_writer_set_word(writer, kind, row, FIELD_label_key, pair->name);
        df_writer_set_word(writer, kind, row, FIELD_label_value, pair->value);
    }
    return row;
}

static fact_row write_port(struct df_writer *writer, const struct df_instruction *in, uint32_t i)
{
    static const uint8_t protocols[] = {MEMBER_protocol_tcp, MEMBER_protocol_udp,
                                        MEMBER_protocol_sctp};
    enum fact_kind kind = FACT_KIND_port;
    struct facts *facts = writer->facts;
    const struct df_exposed *port = &writer->model->results[in->slot].ports[i];
    fact_row row =
        facts_add_row(facts, kind, df_writer_loc(writer, port->text.start, port->text.end));
    facts_set_row(facts, kind, row, FIELD_port_instruction, writer->slots[in->slot].instruction,
                  FACT_NO_LOC);
    df_writer_set(writer, kind, row, FIELD_port_text, &port->text);
    if (port->text.state != DF_VALUE_KNOWN) {
        df_writer_set_unknown(writer, kind, row, FIELD_port_valid, &port->text);
        df_writer_set_unknown(writer, kind, row, FIELD_port_first, &port->text);
        df_writer_set_unknown(writer, kind, row, FIELD_port_last, &port->text);
        df_writer_set_unknown(writer, kind, row, FIELD_port_protocol, &port->text);
        df_writer_set_unknown(writer, kind, row, FIELD_port_maps_host, &port->text);
        return row;
    }
    bool valid = port->error == DF_PORT_ERROR_NONE;
    set_bool(writer, kind, row, FIELD_port_valid, valid);
    set_bool(writer, kind, row, FIELD_port_maps_host, port->port.maps_host);
    if (port->port.protocol_text.len > 0) {
        set_str(writer, kind, row, FIELD_port_protocol_text, port->port.protocol_text);
    }
    if (valid) {
        facts_set_int(facts, kind, row, FIELD_port_first, port->port.first, FACT_NO_LOC);
        facts_set_int(facts, kind, row, FIELD_port_last, port->port.last, FACT_NO_LOC);
        facts_set_enum(facts, kind, row, FIELD_port_protocol, protocols[port->port.protocol],
                       FACT_NO_LOC);
    }
    return row;
}

static fact_row write_volume(struct df_writer *writer, const struct df_instruction *in, uint32_t i)
{
    enum fact_kind kind = FACT_KIND_volume_path;
    struct df_value path = df_writer_arg(writer, in, i);
    fact_row row = facts_add_row(writer->facts, kind, df_writer_word_loc(writer, in->args[i]));
    facts_set_row(writer->facts, kind, row, FIELD_volume_path_instruction,
                  writer->slots[in->slot].instruction, FACT_NO_LOC);
    df_writer_set(writer, kind, row, FIELD_volume_path_path, &path);
    return row;
}

typedef fact_row item_writer(struct df_writer *writer, const struct df_instruction *in, uint32_t i);

/* Writes the item rows of an instruction; variables are gathered for their lists. */
static void write_items(struct df_writer *writer, const struct df_instruction *in)
{
    struct df_slot_rows *slot = &writer->slots[in->slot];
    struct fact_items *list = NULL;
    item_writer *write = NULL;
    uint32_t count = in->pair_count;
    if (in->keyword == DF_ENV || in->keyword == DF_ARG) {
        write = write_variable;
        list = df_writer_stage_row(writer, in) == FACT_NO_ROW ? &writer->global_args
                                                              : &writer->lists.variables;
    } else if (in->keyword == DF_LABEL) {
        write = write_label;
    } else if (in->keyword == DF_EXPOSE) {
        write = write_port;
        count = writer->model->results[in->slot].port_count;
    } else if (in->keyword == DF_VOLUME) {
        write = write_volume;
        count = in->arg_count;
    }
    for (uint32_t i = 0; write != NULL && i < count; i++) {
        fact_row row = write(writer, in, i);
        slot->items = i == 0 ? row : slot->items;
        if (list != NULL) {
            fact_items_add_row(list, writer->arena, row, FACT_NO_LOC);
        }
    }
}

static plim_status write_one(struct df_writer *writer, const struct df_instruction *in,
                             bool trigger)
{
    struct df_slot_rows *slot = &writer->slots[in->slot];
    *slot = (struct df_slot_rows){
        .instruction = FACT_NO_ROW, .member = FACT_NO_ROW, .items = FACT_NO_ROW};
    slot->instruction = write_instruction(writer, in, trigger);
    write_undefined(writer, in, slot->instruction);
    if (trigger) {
        struct df_stage_lists kept = writer->lists;
        write_items(writer, in);
        writer->lists = kept; /* what a trigger sets belongs to the stages built from this one */
    } else {
        write_items(writer, in);
    }
    return df_members_write(writer, in);
}

plim_status df_rows_instruction(struct df_writer *writer, const struct df_instruction *instruction)
{
    if (instruction->sub != NULL && instruction->keyword == DF_ONBUILD) {
        struct df_stage_lists kept = writer->lists;
        plim_status status = write_one(writer, instruction->sub, true);
        writer->lists = kept;
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    plim_status status = write_one(writer, instruction, false);
    if (df_writer_stage_row(writer, instruction) != FACT_NO_ROW) {
        fact_items_add_row(&writer->lists.instructions, writer->arena,
                           writer->slots[instruction->slot].instruction, FACT_NO_LOC);
    }
    return status;
}
