/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_facts.c - see sh_facts.h. Rows of sh_command.h are copied field by field; nothing is decided
 * here. One place per argument word is shared by all lists that name the word.
 */
#include "facts/shell/sh_facts.h"

#include <string.h>

#include "facts/schema.h"

/* Cap of one text's tree; far above any build file, far below what would hurt. */
enum { TREE_BYTES = 256 << 20 };

struct filler {
    struct sh_facts *shell;
    struct facts *facts;
    const struct sh_facts_job *job;
    struct arena *scratch;
    fact_row base;                    /* row of script command 0 */
    const struct sh_command *command; /* being filled */
    fact_row row;
    struct fact_cell *args; /* text and place of each of command->args */
    fact_cause cause;       /* "a variable decides it" for this command, 0: not made yet */
};

plim_status sh_facts_init(struct sh_facts *shell, struct facts *facts,
                          const plim_allocator *allocator)
{
    *shell = (struct sh_facts){.facts = facts};
    arena_init(&shell->arena, allocator, TREE_BYTES);
    return sh_script_init(&shell->script, allocator);
}

void sh_facts_release(struct sh_facts *shell)
{
    sh_script_release(&shell->script);
    arena_release(&shell->arena);
}

void sh_facts_clear(struct sh_facts *shell)
{
    memset(shell->letters, 0, sizeof shell->letters);
}

void sh_facts_begin_file(struct sh_facts *shell)
{
    shell->next_index = 0;
}

static fact_loc add_loc(struct filler *fill, const struct sh_origin *origin, uint32_t start,
                        uint32_t end)
{
    struct span span = {.source = fill->job->source};
    sh_origin_locate(origin, start, end, &span.start, &span.end);
    return facts_add_loc(fill->facts, span);
}

static struct fact_cell make_cell(struct filler *fill, struct str text, fact_loc loc)
{
    return (struct fact_cell){
        .value = facts_intern(fill->facts, text), .loc = loc, .state = FACT_PRESENT};
}

/* Text and place of a word of the command; arguments have theirs already. */
static struct fact_cell word_cell(struct filler *fill, const struct sh_word *word)
{
    const struct sh_command *command = fill->command;
    if (fill->args != NULL && word >= command->args && word < command->args + command->arg_count) {
        return fill->args[word - command->args];
    }
    return make_cell(fill, word->text, add_loc(fill, command->origin, word->start, word->end));
}

static void set_cell(struct filler *fill, enum fact_kind kind, fact_row row, unsigned field,
                     struct fact_cell cell)
{
    facts_set_cell(fill->facts, kind, row, field, cell);
}

/* An empty list with room for `count` elements. */
static struct fact_items make_items(struct filler *fill, size_t count)
{
    struct fact_items items = {0};
    if (count > 0) {
        items.items = ARENA_ARRAY(fill->scratch, struct fact_cell, count);
        items.capacity = items.items != NULL ? count : 0;
    }
    return items;
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
    facts_set_bool(fill->facts, FACT_KIND_command, fill->row, field,
                   (fill->command->flags & flag) != 0, FACT_NO_LOC);
}

/* What an option switches on is not known where a variable may hold that option. */
static void set_option_bool(struct filler *fill, unsigned field, uint32_t flag)
{
    uint32_t flags = fill->command->flags;
    if ((flags & flag) == 0 && (flags & SH_CMD_OPTIONS_CUT) != 0) {
        facts_set_unknown(fill->facts, FACT_KIND_command, fill->row, field, variable_cause(fill),
                          FACT_NO_LOC);
    } else {
        set_bool(fill, field, flag);
    }
}

static void set_command_row(struct filler *fill, unsigned field, uint32_t index)
{
    if (index != SH_NO_COMMAND) {
        facts_set_row(fill->facts, FACT_KIND_command, fill->row, field, fill->base + index,
                      FACT_NO_LOC);
    }
}

/* "apt-get install". */
static struct str label_with(struct filler *fill, struct str name, struct str sub)
{
    char *text = arena_alloc(fill->scratch, name.len + 1 + sub.len);
    if (text == NULL) {
        return name;
    }
    memcpy(text, name.ptr, name.len);
    text[name.len] = ' ';
    if (sub.len > 0) {
        memcpy(text + name.len + 1, sub.ptr, sub.len);
    }
    return str_make(text, name.len + 1 + sub.len);
}

static void set_names(struct filler *fill)
{
    const struct sh_command *command = fill->command;
    const enum fact_kind kind = FACT_KIND_command;
    const struct sh_word *word = command->name_word;
    struct str path = word != NULL ? word->text : command->name;
    fact_loc loc = word != NULL ? add_loc(fill, command->origin, word->start, word->end)
                                : (fact_loc)FACT_NO_LOC;
    bool known = (command->flags & SH_CMD_NAME_UNKNOWN) == 0;
    struct fact_cell name = make_cell(fill, known ? command->name : path, loc);
    if (known) {
        set_cell(fill, kind, fill->row, FIELD_command_name, name);
    } else {
        facts_set_unknown(fill->facts, kind, fill->row, FIELD_command_name, variable_cause(fill),
                          loc);
    }
    bool same = path.len == command->name.len || !known;
    set_cell(fill, kind, fill->row, FIELD_command_path, same ? name : make_cell(fill, path, loc));
    name.loc = FACT_NO_LOC;
    if (command->subcommands) {
        const struct sh_word *sub = fill->shell->script.operands[command->operand_first];
        set_cell(fill, kind, fill->row, FIELD_command_subcommand, word_cell(fill, sub));
        name =
            make_cell(fill, label_with(fill, known ? command->name : path, sub->text), FACT_NO_LOC);
    }
    set_cell(fill, kind, fill->row, FIELD_command_label, name);
}

static void set_words(struct filler *fill)
{
    const struct sh_command *command = fill->command;
    const struct sh_script *script = &fill->shell->script;
    struct fact_items arguments = make_items(fill, command->arg_count);
    struct fact_items operands = make_items(fill, command->operand_count);
    fill->args = NULL;
    if (arguments.capacity == command->arg_count && operands.capacity == command->operand_count) {
        for (; arguments.count < command->arg_count; arguments.count++) {
            arguments.items[arguments.count] = word_cell(fill, &command->args[arguments.count]);
        }
        fill->args = arguments.items;
        for (; operands.count < command->operand_count; operands.count++) {
            operands.items[operands.count] =
                word_cell(fill, script->operands[command->operand_first + operands.count]);
        }
    }
    facts_set_list(fill->facts, FACT_KIND_command, fill->row, FIELD_command_arguments, &arguments,
                   FACT_NO_LOC);
    facts_set_list(fill->facts, FACT_KIND_command, fill->row, FIELD_command_operands, &operands,
                   FACT_NO_LOC);
}

/* Names of single-letter options are asked for all the time. */
static struct fact_cell option_name(struct filler *fill, struct str name)
{
    if (name.len != 2 || name.ptr[0] != '-' || (unsigned char)name.ptr[1] >= 128) {
        return make_cell(fill, name, FACT_NO_LOC);
    }
    intern_id *id = &fill->shell->letters[(unsigned char)name.ptr[1]];
    if (*id == INTERN_EMPTY) {
        *id = facts_intern(fill->facts, name);
    }
    return (struct fact_cell){.value = *id, .state = FACT_PRESENT};
}

static void add_options(struct filler *fill)
{
    struct facts *facts = fill->facts;
    const struct sh_command *command = fill->command;
    struct fact_items items = make_items(fill, command->option_count);
    for (uint32_t i = 0; i < command->option_count; i++) {
        const struct sh_option *option = &fill->shell->script.options[command->option_first + i];
        fact_row row = facts_add_row(facts, FACT_KIND_option, word_cell(fill, option->word).loc);
        facts_set_row(facts, FACT_KIND_option, row, FIELD_option_command, fill->row, FACT_NO_LOC);
        set_cell(fill, FACT_KIND_option, row, FIELD_option_name, option_name(fill, option->name));
        if (option->value_word != NULL) {
            struct fact_cell value = word_cell(fill, option->value_word);
            bool whole = option->value.len == option->value_word->text.len;
            set_cell(fill, FACT_KIND_option, row, FIELD_option_value,
                     whole ? value : make_cell(fill, option->value, value.loc));
        }
        fact_items_add_row(&items, fill->scratch, row, FACT_NO_LOC);
    }
    facts_set_list(facts, FACT_KIND_command, fill->row, FIELD_command_options, &items, FACT_NO_LOC);
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

static void add_package(struct filler *fill, const struct sh_package *package,
                        struct fact_items *items)
{
    struct facts *facts = fill->facts;
    const enum fact_kind kind = FACT_KIND_package;
    struct fact_cell text = word_cell(fill, package->word);
    fact_row row = facts_add_row(facts, kind, text.loc);
    text.loc = FACT_NO_LOC;
    bool whole = package->name.len == package->word->text.len;
    struct fact_cell name = whole ? text : make_cell(fill, package->name, FACT_NO_LOC);
    set_cell(fill, kind, row, FIELD_package_label, name);
    set_cell(fill, kind, row, FIELD_package_name, name);
    set_cell(fill, kind, row, FIELD_package_text, text);
    facts_set_row(facts, kind, row, FIELD_package_command, fill->row, FACT_NO_LOC);
    if (package->version.len > 0) {
        set_cell(fill, kind, row, FIELD_package_version,
                 make_cell(fill, package->version, FACT_NO_LOC));
    }
    if (package->pin == SH_PIN_UNKNOWN) {
        facts_set_unknown(facts, kind, row, FIELD_package_pinned, variable_cause(fill),
                          FACT_NO_LOC);
    } else {
        facts_set_bool(facts, kind, row, FIELD_package_pinned, package->pin == SH_PIN_YES,
                       FACT_NO_LOC);
    }
    facts_set_enum(facts, kind, row, FIELD_package_source, package->source, FACT_NO_LOC);
    fact_items_add_row(items, fill->scratch, row, FACT_NO_LOC);
}

/* Programs the command is run through, outermost first. */
static void set_wrappers(struct filler *fill)
{
    const struct sh_script *script = &fill->shell->script;
    uint32_t row = fill->command->wrapper;
    size_t count = 0;
    for (uint32_t i = row; i != SH_NO_COMMAND; i = script->commands[i].wrapper) {
        count++;
    }
    struct fact_cell *cells =
        count > 0 ? ARENA_ARRAY(fill->scratch, struct fact_cell, count) : NULL;
    struct fact_items items = {.items = cells, .count = cells != NULL ? count : 0};
    for (size_t i = items.count; i > 0; i--) {
        const struct sh_command *wrapper = &script->commands[row];
        cells[i - 1] = (struct fact_cell){
            .value = facts_intern(fill->facts, wrapper->name),
            .loc = facts_row_loc(fill->facts, FACT_KIND_command, fill->base + row),
            .state = FACT_PRESENT};
        row = wrapper->wrapper;
    }
    facts_set_list(fill->facts, FACT_KIND_command, fill->row, FIELD_command_wrappers, &items,
                   FACT_NO_LOC);
}

static void set_package_view(struct filler *fill)
{
    struct facts *facts = fill->facts;
    const struct sh_command *command = fill->command;
    const enum fact_kind kind = FACT_KIND_command;
    if (command->manager >= 0) {
        facts_set_enum(facts, kind, fill->row, FIELD_command_manager, (unsigned)command->manager,
                       FACT_NO_LOC);
        facts_set_enum(facts, kind, fill->row, FIELD_command_action, (unsigned)command->action,
                       FACT_NO_LOC);
    }
    struct fact_items items = {0};
    for (uint32_t i = 0; i < command->package_count; i++) {
        add_package(fill, &fill->shell->script.packages[command->package_first + i], &items);
    }
    facts_set_list(facts, kind, fill->row, FIELD_command_packages, &items, FACT_NO_LOC);
    set_option_bool(fill, FIELD_command_assume_yes, SH_CMD_ASSUME_YES);
    set_option_bool(fill, FIELD_command_no_recommends, SH_CMD_NO_RECOMMENDS);
    set_option_bool(fill, FIELD_command_no_cache, SH_CMD_NO_CACHE);
    set_option_bool(fill, FIELD_command_unverified, SH_CMD_UNVERIFIED);
}

/* Where the command stands and how it is joined. */
static void set_position(struct filler *fill)
{
    struct facts *facts = fill->facts;
    const struct sh_command *command = fill->command;
    const struct sh_facts_job *job = fill->job;
    const enum fact_kind kind = FACT_KIND_command;
    facts_set_row(facts, kind, fill->row, FIELD_command_instruction, job->instruction, FACT_NO_LOC);
    facts_set_row(facts, kind, fill->row, FIELD_command_service, job->service, FACT_NO_LOC);
    facts_set_row(facts, kind, fill->row, FIELD_command_stage, job->stage, FACT_NO_LOC);
    facts_set_row(facts, kind, fill->row, FIELD_command_run, job->run, FACT_NO_LOC);
    facts_set_int(facts, kind, fill->row, FIELD_command_index, fill->shell->next_index++,
                  FACT_NO_LOC);
    set_command_row(fill, FIELD_command_pipe_from, command->pipe_from);
    set_command_row(fill, FIELD_command_pipe_to, command->pipe_to);
    set_command_row(fill, FIELD_command_feeds, command->feeds);
    facts_set_enum(facts, kind, fill->row, FIELD_command_before, command->before, FACT_NO_LOC);
    facts_set_enum(facts, kind, fill->row, FIELD_command_after, command->after, FACT_NO_LOC);
    set_bool(fill, FIELD_command_negated, SH_CMD_NEGATED);
    set_bool(fill, FIELD_command_subshell, SH_CMD_SUBSHELL);
    set_bool(fill, FIELD_command_conditional, SH_CMD_CONDITIONAL);
    set_bool(fill, FIELD_command_in_condition, SH_CMD_CONDITION);
    set_bool(fill, FIELD_command_substitution, SH_CMD_SUBSTITUTION);
    set_bool(fill, FIELD_command_pipefail, SH_CMD_PIPEFAIL);
    set_bool(fill, FIELD_command_errexit, SH_CMD_ERREXIT);
    facts_set_str(facts, kind, fill->row, FIELD_command_text,
                  str_slice(command->origin->bytes, command->start, command->end), FACT_NO_LOC);
}

static void fill_command(struct filler *fill, uint32_t index)
{
    fill->command = &fill->shell->script.commands[index];
    fill->row = fill->base + index;
    fill->cause = 0;
    fill->args = NULL;
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
    const struct sh_script *script = &fill->shell->script;
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
    arena_clear(&shell->arena);
    plim_status status = job->exec
                             ? sh_script_read_exec(&shell->script, &shell->arena, job->text,
                                                   job->words, job->word_count)
                             : sh_script_read(&shell->script, &shell->arena, job->text, job->shell);
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
    struct filler fill = {
        .shell = shell, .facts = shell->facts, .job = job, .scratch = scratch, .base = FACT_NO_ROW};
    status = add_rows(&fill, commands);
    if (status == PLIM_STATUS_OK) {
        *result =
            (struct sh_facts_result){.posix = job->exec || job->shell.dialect == SH_DIALECT_POSIX,
                                     .gap = shell->script.gap,
                                     .gap_span = {.source = job->source,
                                                  .start = shell->script.gap_start,
                                                  .end = shell->script.gap_end}};
    }
    return status;
}
