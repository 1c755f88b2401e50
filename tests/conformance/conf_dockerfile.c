/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_dockerfile.c - the tables dockerfile_parse, dockerfile_expand and dockerfile_expose.
 */
#include "conformance.h"

#include <string.h>

#include "core/arena.h"
#include "facts/dockerfile/df_expand.h"
#include "facts/dockerfile/df_expose.h"
#include "facts/dockerfile/df_parse.h"

/* ---- dockerfile_parse -------------------------------------------------------------------- */

/* The reference prints very long texts by their length only. */
enum { PRINTED_MAX = 4096 };

static json_t *text_or_length(struct str text)
{
    if (text.len <= PRINTED_MAX) {
        return conf_string(text);
    }
    return json_sprintf("<%d bytes>", (int)text.len);
}

static json_t *print_args(const struct df_instruction *instruction)
{
    json_t *args = json_array();
    for (uint32_t i = 0; i < instruction->arg_count; i++) {
        json_array_append_new(args, text_or_length(instruction->args[i].text));
    }
    bool triples = instruction->keyword != DF_ARG;
    for (uint32_t i = 0; i < instruction->pair_count; i++) {
        const struct df_pair *pair = &instruction->pairs[i];
        if (triples) {
            json_array_append_new(args, conf_string(pair->name.text));
            json_array_append_new(args, conf_string(pair->value.text));
            json_array_append_new(args, json_string(instruction->legacy ? "" : "="));
            continue;
        }
        struct buf text;
        buf_init(&text, NULL, 1 << 20);
        buf_append(&text, pair->name.text);
        buf_append(&text, pair->has_value ? STR("=") : STR(""));
        buf_append(&text, pair->value.text);
        json_array_append_new(args, conf_string(buf_view(&text)));
        buf_release(&text);
    }
    if (instruction->keyword == DF_UNKNOWN) {
        json_array_append_new(args, json_string(""));
    }
    return args;
}

static json_t *print_flags(const struct df_instruction *instruction)
{
    json_t *flags = json_array();
    for (uint32_t i = 0; i < instruction->flag_count; i++) {
        const struct df_flag *flag = &instruction->flags[i];
        struct buf text;
        buf_init(&text, NULL, 1 << 20);
        buf_append(&text, STR("--"));
        buf_append(&text, flag->name.text);
        buf_append(&text, flag->has_value ? STR("=") : STR(""));
        buf_append(&text, flag->value.text);
        json_array_append_new(flags, conf_string(buf_view(&text)));
        buf_release(&text);
    }
    return flags;
}

static json_t *print_heredocs(const struct df_instruction *instruction)
{
    json_t *heredocs = json_array();
    for (uint32_t i = 0; i < instruction->heredoc_count; i++) {
        const struct df_heredoc *heredoc = &instruction->heredocs[i];
        json_t *item = json_object();
        json_object_set_new(item, "name", conf_string(heredoc->name));
        json_object_set_new(item, "expand", json_boolean(heredoc->expand));
        json_object_set_new(item, "chomp", json_boolean(heredoc->chomp));
        json_object_set_new(item, "content", conf_string(heredoc->body.text));
        if (heredoc->fd != 0) {
            json_object_set_new(item, "fd", json_integer(heredoc->fd));
        }
        json_array_append_new(heredocs, item);
    }
    return heredocs;
}

static json_t *print_comments(const struct df_instruction *instruction)
{
    json_t *comments = json_array();
    const struct df_comment *comment = instruction->comments;
    for (uint32_t i = 0; i < instruction->comment_count; i++, comment = comment->next) {
        json_array_append_new(comments, conf_string(comment->doc));
    }
    return comments;
}

/* A node and what hangs below it; ONBUILD nests at most DF_ONBUILD_MAX_DEPTH deep. */
static json_t *print_node(const struct df_instruction *instruction, bool top)
{
    json_t *node = json_object();
    json_object_set_new(node, "cmd", conf_string(instruction->name.text));
    json_object_set_new(node, "args", print_args(instruction));
    json_object_set_new(node, "start", json_integer(top ? instruction->line->first_line : 0));
    json_object_set_new(node, "end", json_integer(top ? instruction->last_line : 0));
    if (instruction->json) {
        json_object_set_new(node, "json", json_true());
    }
    if (instruction->flag_count > 0) {
        json_object_set_new(node, "flags", print_flags(instruction));
    }
    if (top && instruction->heredoc_count > 0) {
        json_object_set_new(node, "heredocs", print_heredocs(instruction));
    }
    if (instruction->comment_count > 0) {
        json_object_set_new(node, "comments", print_comments(instruction));
    }
    if (instruction->sub != NULL) {
        json_object_set_new(node, "sub", print_node(instruction->sub, false));
    }
    return node;
}

static json_t *print_stage(const struct df_instruction *from)
{
    struct buf name;
    json_t *stage = json_object();
    buf_init(&name, NULL, 4096);
    for (size_t i = 0; from->arg_count == 3 && i < from->args[2].text.len; i++) {
        buf_append_char(&name, str_lower_char(from->args[2].text.ptr[i]));
    }
    const struct df_flag *platform = df_flag_find(from, STR("platform"));
    int commands = 0;
    for (const struct df_instruction *at = from->next; at != NULL && at->keyword != DF_FROM;
         at = at->next) {
        commands++;
    }
    json_object_set_new(stage, "base",
                        conf_string(from->arg_count > 0 ? from->args[0].text : STR("")));
    json_object_set_new(stage, "name", conf_string(buf_view(&name)));
    json_object_set_new(stage, "ncmds", json_integer(commands));
    json_object_set_new(stage, "platform",
                        conf_string(platform != NULL ? platform->value.text : STR("")));
    buf_release(&name);
    return stage;
}

static void compare_stages(struct conf_row *row, const struct df_file *file)
{
    json_t *stages = json_array();
    json_t *meta = json_array();
    for (const struct df_instruction *at = file->instructions; at != NULL; at = at->next) {
        if (at->keyword == DF_FROM) {
            json_array_append_new(stages, print_stage(at));
        } else if (at->keyword == DF_ARG && json_array_size(stages) == 0) {
            json_t *args = print_args(at);
            json_array_extend(meta, args);
            json_decref(args);
        }
    }
    if (json_array_size(meta) == 0 && !conf_has(row, "meta_args")) {
        json_decref(meta);
        meta = NULL;
    }
    if (json_array_size(stages) == 0 && !conf_has(row, "stages")) {
        json_decref(stages);
        stages = NULL;
    }
    conf_expect(row, "stages", stages);
    conf_expect(row, "meta_args", meta);
}

static void compare_nodes(struct conf_row *row, const struct df_file *file)
{
    json_t *nodes = json_array();
    for (const struct df_instruction *at = file->instructions; at != NULL; at = at->next) {
        json_array_append_new(nodes, print_node(at, true));
    }
    conf_expect(row, "nodes", nodes);
    char escape[] = {file->escape, '\0'};
    conf_expect(row, "escape", json_string(escape));
    conf_expect(row, "empty_continuation_warnings",
                file->empty_continuations > 0 ? json_integer(file->empty_continuations) : NULL);
}

/* The first line the reference names must be ours too, where it names the instruction's. */
static void compare_error_line(struct conf_row *row, const struct df_problem *problem)
{
    json_t *first = json_array_get(json_array_get(json_object_get(row->json, "error_lines"), 0), 0);
    if (json_integer_value(first) != (json_int_t)problem->line) {
        conf_differ(row, STR("error is on another line"));
    }
}

static void compare_file(struct conf_row *row, const struct df_file *file)
{
    const struct df_problem *parse = df_problem_first(file, DF_LAYER_PARSE);
    const struct df_problem *refused = df_problem_first(file, DF_LAYER_INSTRUCTION);
    if (!conf_expect_refusal(row, "parse_error", parse != NULL,
                             parse != NULL ? parse->message : STR("")) ||
        parse != NULL) {
        return;
    }
    compare_nodes(row, file);
    if (!conf_expect_refusal(row, "instruction_error", refused != NULL,
                             refused != NULL ? refused->message : STR(""))) {
        return;
    }
    if (refused != NULL) {
        compare_error_line(row, refused);
    } else {
        compare_stages(row, file);
    }
}

void conf_dockerfile_parse(struct conf_row *row)
{
    struct buf text;
    struct arena arena;
    struct df_file file;
    buf_init(&text, NULL, 1 << 20);
    arena_init(&arena, NULL, 0);
    if (conf_input(row, "dockerfile", &text)) {
        if (df_parse(&file, &arena, buf_view(&text)) == PLIM_STATUS_OK) {
            compare_file(row, &file);
        } else {
            conf_differ(row, STR("out of memory"));
        }
    }
    arena_release(&arena);
    buf_release(&text);
}

/* ---- dockerfile_expand ------------------------------------------------------------------- */

struct environment {
    const json_t *values;
    json_t *unmatched; /* set of names */
};

static struct df_variable_value look_up(void *user, struct str name)
{
    struct environment *environment = user;
    const json_t *value = json_object_getn(environment->values, name.ptr, name.len);
    if (value == NULL) {
        json_object_setn_new(environment->unmatched, name.ptr, name.len, json_true());
        return (struct df_variable_value){.state = DF_VARIABLE_UNSET};
    }
    return (struct df_variable_value){
        .state = DF_VARIABLE_SET,
        .text = str_make(json_string_value(value), json_string_length(value))};
}

/* Rows of word mode list the names that are not set; order carries no meaning. */
static void compare_unmatched(struct conf_row *row, const json_t *unmatched)
{
    const json_t *expected = json_object_get(row->json, "unmatched");
    bool equal = json_array_size(expected) == json_object_size(unmatched);
    size_t i;
    json_t *name;
    json_array_foreach(expected, i, name)
    {
        equal = equal && json_object_get(unmatched, json_string_value(name)) != NULL;
    }
    if (!equal) {
        conf_differ(row, STR("other names are not set"));
    }
}

static void compare_expansion(struct conf_row *row, struct df_expander *expander)
{
    struct df_expansion out;
    struct df_expand_mode mode = {.quotes_literal =
                                      json_is_true(json_object_get(row->json, "quotes_literal"))};
    if (str_eq(conf_text(row, "mode"), STR("word"))) {
        df_expand_word(expander, &out, conf_text(row, "in"), mode);
        bool failed = out.error != DF_EXPAND_ERROR_NONE;
        if (conf_expect_refusal(row, "error", failed, df_expand_error_text(out.error)) && !failed) {
            conf_expect_text(row, "out", out.text);
        }
        return;
    }
    struct str *words = NULL;
    size_t count = 0;
    df_expand_words(expander, &out, &words, &count, conf_text(row, "in"), mode);
    bool failed = out.error != DF_EXPAND_ERROR_NONE;
    if (conf_expect_refusal(row, "error", failed, df_expand_error_text(out.error)) && !failed) {
        json_t *list = json_array();
        for (size_t i = 0; i < count; i++) {
            json_array_append_new(list, conf_string(words[i]));
        }
        conf_expect(row, "out", list);
    }
}

void conf_dockerfile_expand(struct conf_row *row)
{
    struct arena arena;
    struct df_expander expander;
    struct environment environment = {.values = json_object_get(row->json, "env"),
                                      .unmatched = json_object()};
    struct str escape = conf_text(row, "escape");
    arena_init(&arena, NULL, 0);
    df_expander_init(&expander, &arena, look_up, &environment, escape.len > 0 ? escape.ptr[0] : 0);
    compare_expansion(row, &expander);
    if (str_eq(conf_text(row, "mode"), STR("word"))) {
        compare_unmatched(row, environment.unmatched);
    }
    json_decref(environment.unmatched);
    df_expander_release(&expander);
    arena_release(&arena);
}

/* ---- dockerfile_expose ------------------------------------------------------------------- */

void conf_dockerfile_expose(struct conf_row *row)
{
    enum df_port_error error = DF_PORT_ERROR_NONE;
    json_t *out = json_array();
    size_t i;
    json_t *word;
    json_array_foreach(json_object_get(row->json, "in"), i, word)
    {
        struct df_port port;
        struct str text = str_make(json_string_value(word), json_string_length(word));
        enum df_port_error found = df_port_parse(&port, text);
        error = error == DF_PORT_ERROR_NONE ? found : error;
        for (unsigned n = port.first; found == DF_PORT_ERROR_NONE && n <= port.last; n++) {
            json_array_append_new(out,
                                  json_sprintf("%u/%s", n, df_protocol_name(port.protocol).ptr));
        }
    }
    bool failed = error != DF_PORT_ERROR_NONE;
    if (conf_expect_refusal(row, "error", failed, df_port_error_text(error)) && !failed) {
        conf_expect(row, "out", out);
    } else {
        json_decref(out);
    }
}
