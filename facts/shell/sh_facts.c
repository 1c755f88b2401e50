/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_facts.c - see sh_facts.h. Rows of sh_command.h are copied field by field; nothing is decided
 * here. One place per argument word is shared by all lists that name the word. The rows of a text's
 * commands are all made before the first is filled, so their cells stay where they are.
 */
#include "facts/shell/sh_facts.h"

#include <string.h>

#include "facts/schema.h"

struct filler {
    struct sh_facts *shell;
    const struct sh_script *script;
    struct facts *facts;
    const struct sh_facts_job *job;
    struct arena *scratch;
    fact_row base;                    /* row of script command 0 */
    const struct sh_command *command; /* being filled */
    fact_row row;
    struct fact_cell *cells; /* of that row */
    uint32_t args;           /* where the list of its arguments begins, once there is one */
    uint32_t arg_count;
    fact_cause cause; /* "a variable decides it" for this command, 0: not made yet */
    size_t segment;   /* of the text, where the last place was */
};

plim_status sh_facts_init(struct sh_facts *shell, struct facts *facts,
                          const plim_allocator *allocator)
{
    *shell = (struct sh_facts){.facts = facts};
    return sh_recent_init(&shell->recent, allocator);
}

void sh_facts_release(struct sh_facts *shell)
{
    sh_recent_release(&shell->recent);
}

void sh_facts_clear(struct sh_facts *shell)
{
    memset(shell->letters, 0, sizeof shell->letters);
    memset(shell->labels, 0, sizeof shell->labels);
}

void sh_facts_begin_file(struct sh_facts *shell)
{
    shell->next_index = 0;
}

static fact_loc add_loc(struct filler *fill, const struct sh_origin *origin, uint32_t start,
                        uint32_t end)
{
    struct span span = {.source = fill->job->source};
    sh_origin_locate(origin, start, end, &span.start, &span.end, &fill->segment);
    return facts_add_loc(fill->facts, span);
}

static struct fact_cell make_cell(struct filler *fill, struct str text, fact_loc loc)
{
    return fact_cell_present(facts_intern(fill->facts, text), loc);
}

static struct fact_cell new_word_cell(struct filler *fill, const struct sh_word *word)
{
    return make_cell(fill, word->text,
                     add_loc(fill, fill->command->origin, word->start, word->end));
}

/* Text and place of a word of the command; arguments have theirs already. */
static struct fact_cell word_cell(struct filler *fill, const struct sh_word *word)
{
    const struct sh_command *command = fill->command;
    if (word >= command->args && word < command->args + fill->arg_count) {
        return fill->facts->lists.cells[fill->args + (size_t)(word - command->args)];
    }
    return new_word_cell(fill, word);
}

/* One cause per command is enough: its place is the command's. */
static fact_cause variable_cause(struct filler *fill)
{
    if (fill->cause == 0) {
        fill->cause = facts_add_cause(fill->facts, STR("a shell expansion decides it"),
                                      facts_row_loc(fill->facts, FACT_KIND_command, fill->row));
    }
    return fill->cause;
}

static void set_bool(struct filler *fill, unsigned field, uint32_t flag)
{
    fill->cells[field] = fact_cell_bool((fill->command->flags & flag) != 0);
}

/* What an option switches on is not known where a variable may hold that option. */
static void set_option_bool(struct filler *fill, unsigned field, uint32_t flag)
{
    uint32_t flags = fill->command->flags;
    if ((flags & flag) == 0 && (flags & SH_CMD_OPTIONS_CUT) != 0) {
        fill->cells[field] = fact_cell_unknown(variable_cause(fill), FACT_NO_LOC);
    } else {
        set_bool(fill, field, flag);
    }
}

static void set_row(struct filler *fill, unsigned field, fact_row row)
{
    if (row != FACT_NO_ROW) {
        fill->cells[field] = fact_cell_present(row, FACT_NO_LOC);
    }
}

static void set_command_row(struct filler *fill, unsigned field, uint32_t index)
{
    if (index != SH_NO_COMMAND) {
        fill->cells[field] = fact_cell_present(fill->base + index, FACT_NO_LOC);
    }
}

/* "apt-get install": the same few again and again. */
static intern_id label_with(struct filler *fill, struct fact_cell name, struct fact_cell sub)
{
    intern_id ids[] = {(intern_id)name.value, (intern_id)sub.value};
    struct sh_facts_label *known =
        &fill->shell->labels[(ids[0] * 31U + ids[1]) %
                             (sizeof fill->shell->labels / sizeof fill->shell->labels[0])];
    if (known->label != INTERN_EMPTY && known->name == ids[0] && known->sub == ids[1]) {
        return known->label;
    }
    struct str first = intern_view(&fill->facts->strings, ids[0]);
    struct str second = intern_view(&fill->facts->strings, ids[1]);
    char *text = arena_alloc(fill->scratch, first.len + 1 + second.len);
    if (text == NULL) {
        return ids[0];
    }
    memcpy(text, first.ptr, first.len);
    text[first.len] = ' ';
    if (second.len > 0) {
        memcpy(text + first.len + 1, second.ptr, second.len);
    }
    intern_id label = facts_intern(fill->facts, str_make(text, first.len + 1 + second.len));
    *known = (struct sh_facts_label){.name = ids[0], .sub = ids[1], .label = label};
    return label;
}

static void set_names(struct filler *fill)
{
    const struct sh_command *command = fill->command;
    const struct sh_word *word = command->name_word;
    struct str path = word != NULL ? word->text : command->name;
    fact_loc loc = word != NULL ? add_loc(fill, command->origin, word->start, word->end)
                                : (fact_loc)FACT_NO_LOC;
    bool known = (command->flags & SH_CMD_NAME_UNKNOWN) == 0;
    struct fact_cell name = make_cell(fill, known ? command->name : path, loc);
    fill->cells[FIELD_command_name] = known ? name : fact_cell_unknown(variable_cause(fill), loc);
    bool same = path.len == command->name.len || !known;
    fill->cells[FIELD_command_path] = same ? name : make_cell(fill, path, loc);
    name.loc = FACT_NO_LOC;
    if (command->subcommands) {
        const struct sh_word *word_of = fill->script->operands[command->operand_first];
        struct fact_cell sub = word_cell(fill, word_of);
        fill->cells[FIELD_command_subcommand] = sub;
        name.value = label_with(fill, name, sub);
    }
    fill->cells[FIELD_command_label] = name;
}

static void set_words(struct filler *fill)
{
    const struct sh_command *command = fill->command;
    const struct sh_script *script = fill->script;
    struct fact_cell *list = &fill->cells[FIELD_command_arguments];
    struct fact_cell *items = facts_new_list(fill->facts, command->arg_count, list);
    fill->arg_count = 0;
    if (items != NULL) {
        for (uint32_t i = 0; i < command->arg_count; i++) {
            items[i] = new_word_cell(fill, &command->args[i]);
        }
        fill->args = fact_list_first(list->value);
        fill->arg_count = command->arg_count;
    }
    items =
        facts_new_list(fill->facts, command->operand_count, &fill->cells[FIELD_command_operands]);
    for (uint32_t i = 0; items != NULL && i < command->operand_count; i++) {
        items[i] = word_cell(fill, script->operands[command->operand_first + i]);
    }
}

/* Names of single-letter options are asked for all the time. */
static intern_id option_name(struct filler *fill, struct str name)
{
    if (name.len != 2 || name.ptr[0] != '-' || (unsigned char)name.ptr[1] >= 128) {
        return facts_intern(fill->facts, name);
    }
    intern_id *id = &fill->shell->letters[(unsigned char)name.ptr[1]];
    if (*id == INTERN_EMPTY) {
        *id = facts_intern(fill->facts, name);
    }
    return *id;
}

static void add_options(struct filler *fill)
{
    struct facts *facts = fill->facts;
    const struct sh_command *command = fill->command;
    struct fact_cell *items =
        facts_new_list(facts, command->option_count, &fill->cells[FIELD_command_options]);
    for (uint32_t i = 0; items != NULL && i < command->option_count; i++) {
        const struct sh_option *option = &fill->script->options[command->option_first + i];
        fact_loc loc = word_cell(fill, option->word).loc;
        fact_row row = facts_add_row(facts, FACT_KIND_option, loc);
        struct fact_cell *cells = facts_cells(facts, FACT_KIND_option, row);
        cells[FIELD_option_command] = fact_cell_present(fill->row, FACT_NO_LOC);
        cells[FIELD_option_name] = fact_cell_present(option_name(fill, option->name), FACT_NO_LOC);
        if (option->value_word != NULL) {
            struct fact_cell value = word_cell(fill, option->value_word);
            bool whole = option->value.len == option->value_word->text.len;
            cells[FIELD_option_value] = whole ? value : make_cell(fill, option->value, value.loc);
        }
        items[i] = fact_cell_present(row, loc);
    }
}

/* A row for NAME=value; `command` FACT_NO_ROW when it applies to none alone. */
static fact_row add_assignment(struct filler *fill, const struct sh_origin *origin,
                               const struct sh_word *word, fact_row command)
{
    struct facts *facts = fill->facts;
    const enum fact_kind kind = FACT_KIND_assignment;
    fact_loc loc = add_loc(fill, origin, word->start, word->end);
    fact_row row = facts_add_row(facts, kind, loc);
    size_t end = word->equals;
    end -= end > 0 && word->text.ptr[end - 1] == '+' ? 1 : 0;
    facts_set_row(facts, kind, row, FIELD_assignment_instruction, fill->job->instruction,
                  FACT_NO_LOC);
    if (command != FACT_NO_ROW) {
        facts_set_row(facts, kind, row, FIELD_assignment_command, command, FACT_NO_LOC);
    }
    facts_set_str(facts, kind, row, FIELD_assignment_name, str_slice(word->text, 0, end),
                  FACT_NO_LOC);
    if ((word->flags & (SH_WORD_DYNAMIC | SH_WORD_ARRAY)) != 0) {
        fact_cause cause = facts_add_cause(facts, STR("a shell expansion decides it"), loc);
        facts_set_unknown(facts, kind, row, FIELD_assignment_value, cause, FACT_NO_LOC);
    } else {
        facts_set_str(facts, kind, row, FIELD_assignment_value,
                      str_slice(word->text, (size_t)word->equals + 1, word->text.len), FACT_NO_LOC);
    }
    return row;
}

/* export X=1 and its kin set variables for what follows. */
static bool sets_variables(struct str name)
{
    static const struct str names[] = {
        {"export", 6}, {"declare", 7}, {"typeset", 7}, {"readonly", 8}, {"local", 5}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_eq(names[i], name)) {
            return true;
        }
    }
    return false;
}

static void add_assignments(struct filler *fill)
{
    const struct sh_command *command = fill->command;
    struct fact_items items = {0};
    for (uint32_t i = 0; i < command->assign_count; i++) {
        fact_row row = add_assignment(fill, command->origin, &command->assigns[i], fill->row);
        fact_items_add_row(&items, fill->scratch, row, FACT_NO_LOC);
    }
    facts_set_list(fill->facts, FACT_KIND_command, fill->row, FIELD_command_assignments, &items,
                   FACT_NO_LOC);
    bool exports = sets_variables(command->name);
    for (uint32_t i = 0; exports && i < command->arg_count; i++) {
        if ((command->args[i].flags & SH_WORD_ASSIGN) != 0) {
            (void)add_assignment(fill, command->origin, &command->args[i], FACT_NO_ROW);
        }
    }
}

static void add_redirects(struct filler *fill)
{
    static const char *const operators[] = {"<", ">", ">>", "<>", "<&", ">&", "&>", "<<", "<<<"};
    struct facts *facts = fill->facts;
    const enum fact_kind kind = FACT_KIND_redirect;
    struct fact_items items = {0};
    for (uint32_t i = 0; i < fill->command->redir_count; i++) {
        const struct sh_redir *redir = fill->command->redirs[i];
        fact_loc loc = add_loc(fill, fill->command->origin, redir->start, redir->end);
        fact_row row = facts_add_row(facts, kind, loc);
        facts_set_row(facts, kind, row, FIELD_redirect_command, fill->row, FACT_NO_LOC);
        facts_set_str(facts, kind, row, FIELD_redirect_operator,
                      str_from_cstr(operators[redir->kind]), FACT_NO_LOC);
        if (redir->fd_written) {
            facts_set_int(facts, kind, row, FIELD_redirect_fd, redir->fd, FACT_NO_LOC);
        }
        facts_set_str(facts, kind, row, FIELD_redirect_target, redir->target.text, FACT_NO_LOC);
        fact_items_add_row(&items, fill->scratch, row, FACT_NO_LOC);
    }
    facts_set_list(facts, FACT_KIND_command, fill->row, FIELD_command_redirects, &items,
                   FACT_NO_LOC);
}

static fact_row add_package(struct filler *fill, const struct sh_package *package,
                            struct fact_cell text)
{
    struct facts *facts = fill->facts;
    fact_row row = facts_add_row(facts, FACT_KIND_package, text.loc);
    struct fact_cell *cells = facts_cells(facts, FACT_KIND_package, row);
    text.loc = FACT_NO_LOC;
    bool whole = package->name.len == package->word->text.len;
    struct fact_cell name = whole ? text : make_cell(fill, package->name, FACT_NO_LOC);
    cells[FIELD_package_label] = name;
    cells[FIELD_package_name] = name;
    cells[FIELD_package_text] = text;
    cells[FIELD_package_command] = fact_cell_present(fill->row, FACT_NO_LOC);
    if (package->version.len > 0) {
        cells[FIELD_package_version] = make_cell(fill, package->version, FACT_NO_LOC);
    }
    cells[FIELD_package_pinned] = package->pin == SH_PIN_UNKNOWN
                                      ? fact_cell_unknown(variable_cause(fill), FACT_NO_LOC)
                                      : fact_cell_bool(package->pin == SH_PIN_YES);
    cells[FIELD_package_source] = fact_cell_present(package->source, FACT_NO_LOC);
    return row;
}

/* Programs the command is run through, outermost first. */
static void set_wrappers(struct filler *fill)
{
    const struct sh_script *script = fill->script;
    uint32_t row = fill->command->wrapper;
    size_t count = 0;
    for (uint32_t i = row; i != SH_NO_COMMAND; i = script->commands[i].wrapper) {
        count++;
    }
    struct fact_cell *items =
        facts_new_list(fill->facts, count, &fill->cells[FIELD_command_wrappers]);
    for (size_t i = count; items != NULL && i > 0; i--) {
        const struct sh_command *wrapper = &script->commands[row];
        fact_loc loc = facts_row_loc(fill->facts, FACT_KIND_command, fill->base + row);
        items[i - 1] = make_cell(fill, wrapper->name, loc);
        row = wrapper->wrapper;
    }
}

static void set_package_view(struct filler *fill)
{
    const struct sh_command *command = fill->command;
    struct fact_cell *cells = fill->cells;
    if (command->manager >= 0) {
        cells[FIELD_command_manager] = fact_cell_present((uint8_t)command->manager, FACT_NO_LOC);
        cells[FIELD_command_action] = fact_cell_present((uint8_t)command->action, FACT_NO_LOC);
    }
    struct fact_cell *items =
        facts_new_list(fill->facts, command->package_count, &cells[FIELD_command_packages]);
    for (uint32_t i = 0; items != NULL && i < command->package_count; i++) {
        const struct sh_package *package = &fill->script->packages[command->package_first + i];
        struct fact_cell text = word_cell(fill, package->word);
        items[i] = fact_cell_present(add_package(fill, package, text), text.loc);
    }
    set_option_bool(fill, FIELD_command_assume_yes, SH_CMD_ASSUME_YES);
    set_option_bool(fill, FIELD_command_no_recommends, SH_CMD_NO_RECOMMENDS);
    set_option_bool(fill, FIELD_command_no_cache, SH_CMD_NO_CACHE);
    set_option_bool(fill, FIELD_command_unverified, SH_CMD_UNVERIFIED);
}

/* Where the command stands and how it is joined. */
static void set_position(struct filler *fill)
{
    const struct sh_command *command = fill->command;
    const struct sh_facts_job *job = fill->job;
    struct fact_cell *cells = fill->cells;
    set_row(fill, FIELD_command_instruction, job->instruction);
    set_row(fill, FIELD_command_service, job->service);
    set_row(fill, FIELD_command_stage, job->stage);
    set_row(fill, FIELD_command_run, job->run);
    cells[FIELD_command_index] =
        fact_cell_present((uint64_t)fill->shell->next_index++, FACT_NO_LOC);
    set_command_row(fill, FIELD_command_pipe_from, command->pipe_from);
    set_command_row(fill, FIELD_command_pipe_to, command->pipe_to);
    set_command_row(fill, FIELD_command_feeds, command->feeds);
    cells[FIELD_command_before] = fact_cell_present(command->before, FACT_NO_LOC);
    cells[FIELD_command_after] = fact_cell_present(command->after, FACT_NO_LOC);
    set_bool(fill, FIELD_command_negated, SH_CMD_NEGATED);
    set_bool(fill, FIELD_command_subshell, SH_CMD_SUBSHELL);
    set_bool(fill, FIELD_command_conditional, SH_CMD_CONDITIONAL);
    set_bool(fill, FIELD_command_in_condition, SH_CMD_CONDITION);
    set_bool(fill, FIELD_command_substitution, SH_CMD_SUBSTITUTION);
    set_bool(fill, FIELD_command_pipefail, SH_CMD_PIPEFAIL);
    set_bool(fill, FIELD_command_errexit, SH_CMD_ERREXIT);
    cells[FIELD_command_text] = make_cell(
        fill, str_slice(command->origin->bytes, command->start, command->end), FACT_NO_LOC);
}

static void fill_command(struct filler *fill, uint32_t index)
{
    fill->command = &fill->script->commands[index];
    fill->row = fill->base + index;
    fill->cells = facts_cells(fill->facts, FACT_KIND_command, fill->row);
    fill->cause = 0;
    set_words(fill);
    set_names(fill);
    set_position(fill);
    add_options(fill);
    add_assignments(fill);
    add_redirects(fill);
    set_wrappers(fill);
    set_package_view(fill);
}

static plim_status add_rows(struct filler *fill, struct fact_items *commands)
{
    const struct sh_script *script = fill->script;
    for (uint32_t i = 0; i < script->command_count; i++) {
        const struct sh_command *command = &script->commands[i];
        fact_row row = facts_add_row(fill->facts, FACT_KIND_command,
                                     add_loc(fill, command->origin, command->start, command->end));
        fill->base = i == 0 ? row : fill->base;
        fact_items_add_row(commands, fill->scratch, row, FACT_NO_LOC);
    }
    if (facts_status(fill->facts) != PLIM_STATUS_OK) {
        return facts_status(fill->facts);
    }
    for (uint32_t i = 0; i < script->command_count; i++) {
        fill_command(fill, i);
    }
    for (size_t i = 0; i < script->assignment_count; i++) {
        const struct sh_assignment *assignment = &script->assignments[i];
        (void)add_assignment(fill, assignment->origin, assignment->word, FACT_NO_ROW);
    }
    if (facts_status(fill->facts) != PLIM_STATUS_OK) {
        return facts_status(fill->facts);
    }
    return arena_status(fill->scratch);
}

plim_status sh_facts_add(struct sh_facts *shell, const struct sh_facts_job *job,
                         struct fact_items *commands, struct arena *scratch,
                         struct sh_facts_result *result)
{
    const struct sh_script *script = NULL;
    plim_status status = job->exec ? sh_recent_read_exec(&shell->recent, &script, job->text,
                                                         job->words, job->word_count)
                                   : sh_recent_read(&shell->recent, &script, job->text, job->shell);
    if (status == PLIM_STATUS_LIMIT) {
        /* Not even a tree fits: no command is known, and the caller says so. */
        *result = (struct sh_facts_result){.posix = true, .gap = SH_GAP_TOO_LARGE};
        result->gap_span = (struct span){.source = job->source,
                                         .start = sh_text_locate(job->text, 0),
                                         .end = sh_text_locate(job->text, 0)};
        return PLIM_STATUS_OK;
    }
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    struct filler fill = {.shell = shell,
                          .script = script,
                          .facts = shell->facts,
                          .job = job,
                          .scratch = scratch,
                          .base = FACT_NO_ROW};
    status = add_rows(&fill, commands);
    if (status == PLIM_STATUS_OK) {
        *result = (struct sh_facts_result){
            .posix = job->exec || job->shell.dialect == SH_DIALECT_POSIX,
            .gap = script->gap,
            .gap_span = {
                .source = job->source, .start = script->gap_start, .end = script->gap_end}};
    }
    return status;
}
