/* SPDX-License-Identifier: Apache-2.0
 *
 * co_rows_run.c - what a service runs: entry point, command, health check, hooks.
 */
#include "facts/compose/co_rows.h"

#include "facts/shell/sh_facts.h"

/* ---- commands ---------------------------------------------------------------------------- */

/* A word of an argument vector as the shell reader wants it. Its place is the scalar; where the
 * text stands in the file as it is, places inside it are exact. */
static struct sh_word word_of(const struct co_writer *writer, const struct tree_node *node)
{
    struct str raw = co_raw(writer, node->span);
    size_t at = str_find(raw, node->text);
    struct sh_word word = {.text = node->text, .start = node->span.start, .end = node->span.end};
    if (at < raw.len && node->text.len > 0) {
        word.flags = SH_WORD_CONTIGUOUS;
        word.text_start = node->span.start + (uint32_t)at;
    }
    return word;
}

/* Whether the words can be read: known texts of one file. */
static bool are_readable(const struct tree_node *list, size_t skip)
{
    size_t count = tree_is(list, TREE_LIST) ? co_count(list) : 0;
    for (size_t i = skip; i < count; i++) {
        const struct tree_node *item = co_item(list, i);
        if (co_text(item).ptr == NULL || item->span.source == SOURCE_NONE ||
            item->span.source != co_item(list, skip)->span.source || tree_has_holes(item) ||
            item->span.start > item->span.end) {
            return false;
        }
    }
    return count > skip;
}

/* Adds the commands of an argument vector; `shell`: it is one text that /bin/sh reads. */
static plim_status add_commands(struct co_writer *writer, fact_row service,
                                const struct tree_node *list, size_t skip, bool shell,
                                struct fact_items *commands)
{
    if (!are_readable(list, skip)) {
        return PLIM_STATUS_OK;
    }
    size_t before = shell ? 2 : 0;
    size_t count = co_count(list) - skip;
    struct sh_word *words = ARENA_ARRAY(writer->arena, struct sh_word, count + before);
    if (words == NULL) {
        return arena_status(writer->arena);
    }
    for (size_t i = 0; i < count; i++) {
        words[before + i] = word_of(writer, co_item(list, skip + i));
    }
    if (shell) {
        words[0] = words[1] = words[before];
        words[0].text = STR("/bin/sh");
        words[1].text = STR("-c");
        words[0].flags = words[1].flags = 0;
    }
    source_id source = co_item(list, skip)->span.source;
    struct sh_text text = {.bytes = source_get(&writer->facts->sources, source)->text};
    /* One text that stands in the file as it is needs no argument vector around it. */
    bool plain = shell && count == 1 && (words[before].flags & SH_WORD_CONTIGUOUS) != 0;
    if (plain) {
        text = (struct sh_text){.bytes = words[before].text, .base = words[before].text_start};
    }
    static const struct str posix[] = {{"/bin/sh", 7}, {"-c", 2}};
    struct sh_facts_job job = {.source = source,
                               .instruction = FACT_NO_ROW,
                               .service = service,
                               .stage = FACT_NO_ROW,
                               .run = FACT_NO_ROW,
                               .text = &text,
                               .shell = sh_shell_of(posix, 2),
                               .exec = !plain,
                               .words = words,
                               .word_count = count + before};
    struct sh_facts_result ignored = {0};
    return sh_facts_add(&writer->reader->shell, &job, commands, writer->arena, &ignored);
}

/* Words of a list behind the first `skip`. */
static void set_words(struct co_writer *writer, struct co_cell cell, const struct tree_node *list,
                      size_t skip)
{
    struct fact_items items = {0};
    for (size_t i = skip; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
        co_add_text(writer, &items, co_item(list, i));
    }
    co_set_rows(writer, cell, &items);
}

/* ---- entrypoint, command ----------------------------------------------------------------- */

/* The fields that entrypoint and cmd have alike. */
struct start_fields {
    enum fact_kind kind;
    unsigned label;
    unsigned service;
    unsigned index;
    unsigned form;
    unsigned words;
    unsigned commands;
    unsigned malformed;
    unsigned own;   /* in the service */
    unsigned built; /* in the stage */
};

#define START_FIELDS(start)                                                                        \
    {                                                                                              \
        FACT_KIND_##start, FIELD_##start##_label, FIELD_##start##_service, FIELD_##start##_index,  \
            FIELD_##start##_form, FIELD_##start##_words, FIELD_##start##_commands,                 \
            FIELD_##start##_malformed, FIELD_service_##start, FIELD_stage_##start                  \
    }

static const struct start_fields entrypoint_fields = START_FIELDS(entrypoint);
static const struct start_fields cmd_fields = START_FIELDS(cmd);

static plim_status write_start(struct co_writer *writer, struct co_service *service,
                               const struct start_fields *fields, const char *key,
                               const struct tree_node *list)
{
    struct facts *facts = writer->facts;
    struct fact_items commands = {0};
    fact_row row = co_add_row(writer, fields->kind, list);
    buf_clear(writer->text);
    buf_printf(writer->text, "%s of %.*s", key, STR_FMT(service->name));
    facts_set_str(facts, fields->kind, row, fields->label, buf_view(writer->text), FACT_NO_LOC);
    facts_set_row(facts, fields->kind, row, fields->service, service->row, FACT_NO_LOC);
    facts_set_int(facts, fields->kind, row, fields->index, 0, FACT_NO_LOC);
    facts_set_enum(facts, fields->kind, row, fields->form, MEMBER_form_exec, FACT_NO_LOC);
    facts_set_bool(facts, fields->kind, row, fields->malformed, false, FACT_NO_LOC);
    set_words(writer, (struct co_cell){fields->kind, row, fields->words}, list, 0);
    plim_status status = add_commands(writer, service->row, list, 0, false, &commands);
    facts_set_list(facts, fields->kind, row, fields->commands, &commands, FACT_NO_LOC);
    facts_set_row(facts, FACT_KIND_service, service->row, fields->own, row,
                  co_node_loc(writer, list));
    return status;
}

/* entrypoint: and command:; an entry point of the service drops the command of the image. */
static plim_status write_starts(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *entrypoint = co_get(service->node, "entrypoint");
    const struct tree_node *command = co_get(service->node, "command");
    plim_status status = PLIM_STATUS_OK;
    if (tree_is(entrypoint, TREE_LIST)) {
        status = write_start(writer, service, &entrypoint_fields, "entrypoint", entrypoint);
    } else {
        co_rows_inherit(writer, service, FIELD_service_entrypoint, FIELD_stage_entrypoint);
    }
    if (status == PLIM_STATUS_OK && tree_is(command, TREE_LIST)) {
        status = write_start(writer, service, &cmd_fields, "command", command);
    } else if (!tree_is(entrypoint, TREE_LIST)) {
        co_rows_inherit(writer, service, FIELD_service_cmd, FIELD_stage_cmd);
    }
    return status;
}

/* ---- healthcheck ------------------------------------------------------------------------- */

/* The check itself: of the service, else that of the stage with other times. */
static plim_status write_test(struct co_writer *writer, struct co_service *service, fact_row row,
                              const struct tree_node *test)
{
    struct fact_items commands = {0};
    struct facts *facts = writer->facts;
    enum fact_kind kind = FACT_KIND_healthcheck;
    struct str form =
        tree_is(test, TREE_LIST) && co_count(test) > 0 ? co_text(co_item(test, 0)) : STR("");
    bool shell = str_eq(form, STR("CMD-SHELL"));
    plim_status status = PLIM_STATUS_OK;
    if (shell || str_eq(form, STR("CMD"))) {
        facts_set_enum(facts, kind, row, FIELD_healthcheck_form,
                       shell ? MEMBER_form_shell : MEMBER_form_exec, co_node_loc(writer, test));
        status = add_commands(writer, service->row, test, 1, shell, &commands);
    }
    set_words(writer, CO_CELL(healthcheck, row, words), test, 1);
    facts_set_list(facts, kind, row, FIELD_healthcheck_commands, &commands, FACT_NO_LOC);
    struct fact_cell built =
        facts_get(facts, FACT_KIND_stage, service->stage, FIELD_stage_healthcheck);
    if (test == NULL && built.state == FACT_PRESENT) {
        static const unsigned copied[] = {FIELD_healthcheck_form, FIELD_healthcheck_words,
                                          FIELD_healthcheck_commands};
        for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++) {
            facts_set_cell(facts, kind, row, copied[i],
                           facts_get(facts, kind, (fact_row)built.value, copied[i]));
        }
    }
    return status;
}

static void write_disabled(struct co_writer *writer, fact_row row, const struct tree_node *node)
{
    const struct tree_node *disable = co_get(node, "disable");
    const struct tree_node *test = co_get(node, "test");
    bool none = tree_is(test, TREE_LIST) && co_count(test) > 0 &&
                str_eq(co_text(co_item(test, 0)), STR("NONE"));
    if (none) {
        co_set_flag(writer, CO_CELL(healthcheck, row, disabled), true, test);
    } else {
        co_set_bool(writer, CO_CELL(healthcheck, row, disabled), disable, false);
    }
}

static plim_status write_healthcheck(struct co_writer *writer, struct co_service *service)
{
    const struct tree_node *node = co_get(service->node, "healthcheck");
    if (!tree_is(node, TREE_MAP)) {
        co_rows_inherit(writer, service, FIELD_service_healthcheck, FIELD_stage_healthcheck);
        return PLIM_STATUS_OK;
    }
    struct facts *facts = writer->facts;
    fact_row row = co_add_row(writer, FACT_KIND_healthcheck, node);
    buf_clear(writer->text);
    buf_printf(writer->text, "healthcheck of %.*s", STR_FMT(service->name));
    co_set_text(writer, CO_CELL(healthcheck, row, label), buf_view(writer->text), NULL);
    facts_set_row(facts, FACT_KIND_healthcheck, row, FIELD_healthcheck_service, service->row,
                  FACT_NO_LOC);
    facts_set_int(facts, FACT_KIND_healthcheck, row, FIELD_healthcheck_index, 0, FACT_NO_LOC);
    write_disabled(writer, row, node);
    co_set_duration(writer, CO_CELL(healthcheck, row, interval), co_get(node, "interval"));
    co_set_duration(writer, CO_CELL(healthcheck, row, timeout), co_get(node, "timeout"));
    co_set_duration(writer, CO_CELL(healthcheck, row, start_period), co_get(node, "start_period"));
    co_set_duration(writer, CO_CELL(healthcheck, row, start_interval),
                    co_get(node, "start_interval"));
    co_set_int(writer, CO_CELL(healthcheck, row, retries), co_get(node, "retries"));
    facts_set_row(facts, FACT_KIND_service, service->row, FIELD_service_healthcheck, row,
                  co_node_loc(writer, node));
    return write_test(writer, service, row, co_get(node, "test"));
}

/* ---- hooks ------------------------------------------------------------------------------- */

static plim_status write_hook(struct co_writer *writer, struct co_service *service,
                              const struct tree_node *node, unsigned time, const char *key,
                              struct fact_items *items)
{
    struct facts *facts = writer->facts;
    struct fact_items commands = {0};
    struct fact_items variables = {0};
    const struct tree_node *command = co_get(node, "command");
    const struct tree_node *user = co_get(node, "user");
    fact_row row = co_add_row(writer, FACT_KIND_hook, node);
    buf_clear(writer->text);
    buf_printf(writer->text, "%s of %.*s", key, STR_FMT(service->name));
    struct str label = arena_copy_str(writer->arena, buf_view(writer->text));
    co_set_text(writer, CO_CELL(hook, row, label), label, NULL);
    facts_set_row(facts, FACT_KIND_hook, row, FIELD_hook_service, service->row, FACT_NO_LOC);
    facts_set_enum(facts, FACT_KIND_hook, row, FIELD_hook_time, time, FACT_NO_LOC);
    co_set_list(writer, CO_CELL(hook, row, words), command);
    plim_status status = PLIM_STATUS_OK;
    if (tree_is(command, TREE_LIST)) {
        status = add_commands(writer, service->row, command, 0, false, &commands);
    }
    co_set_rows(writer, CO_CELL(hook, row, commands), &commands);
    if (user != NULL) {
        facts_set_row(facts, FACT_KIND_hook, row, FIELD_hook_user,
                      co_rows_user(writer, service->row, label, user), co_node_loc(writer, user));
    }
    co_set_bool(writer, CO_CELL(hook, row, privileged), co_get(node, "privileged"), false);
    co_set_str(writer, CO_CELL(hook, row, workdir), co_get(node, "working_dir"));
    co_rows_variables(writer, &variables, service->row, co_get(node, "environment"),
                      MEMBER_variable_origin_environment);
    co_set_rows(writer, CO_CELL(hook, row, environment), &variables);
    fact_items_add_row(items, writer->arena, row, FACT_NO_LOC);
    return status;
}

static plim_status write_hooks(struct co_writer *writer, struct co_service *service)
{
    static const struct {
        const char *key;
        unsigned time;
    } kinds[] = {{"pre_start", MEMBER_hook_time_pre_start},
                 {"post_start", MEMBER_hook_time_post_start},
                 {"pre_stop", MEMBER_hook_time_pre_stop}};
    struct fact_items items = {0};
    plim_status status = PLIM_STATUS_OK;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const struct tree_node *list = co_get(service->node, kinds[k].key);
        for (size_t i = 0; tree_is(list, TREE_LIST) && i < co_count(list); i++) {
            if (status == PLIM_STATUS_OK && tree_is(co_item(list, i), TREE_MAP)) {
                status = write_hook(writer, service, co_item(list, i), kinds[k].time, kinds[k].key,
                                    &items);
            }
        }
    }
    co_set_rows(writer, CO_CELL(service, service->row, hooks), &items);
    return status;
}

plim_status co_rows_run(struct co_writer *writer, struct co_service *service)
{
    plim_status status = write_starts(writer, service);
    if (status == PLIM_STATUS_OK) {
        status = write_healthcheck(writer, service);
    }
    return status == PLIM_STATUS_OK ? write_hooks(writer, service) : status;
}
