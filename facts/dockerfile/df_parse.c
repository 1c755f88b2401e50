/* SPDX-License-Identifier: Apache-2.0
 *
 * df_parse.c - drives the lexer and the splitters over a file. See df_parse.h.
 */
#include "facts/dockerfile/df_parse.h"

#include <string.h>

#include "facts/dockerfile/df_check.h"
#include "facts/dockerfile/df_directive.h"
#include "facts/dockerfile/df_heredoc.h"
#include "facts/dockerfile/df_lex.h"
#include "facts/dockerfile/df_problem.h"
#include "facts/dockerfile/df_split.h"

enum arguments {
    ARGUMENTS_WORDS,
    ARGUMENTS_LIST,
    ARGUMENTS_COMMAND,
    ARGUMENTS_TEXT,
    ARGUMENTS_PAIRS,
    ARGUMENTS_NAMES,
    ARGUMENTS_HEALTH,
    ARGUMENTS_SUB,
    ARGUMENTS_NONE
};

struct keyword_info {
    struct str name;
    uint8_t arguments;
};

static const struct keyword_info keywords[] = {
#define DF_KEYWORD(id, name, arguments, least, exact)                                              \
    {{"" name "", sizeof(name) - 1}, ARGUMENTS_##arguments},
#define DF_FLAG(keyword, name, type)
#include "facts/dockerfile/df_keywords.def"
#undef DF_KEYWORD
#undef DF_FLAG
};

struct parser {
    struct df_file *file;
    struct arena *arena;
    struct df_lexer lexer;
    struct df_splitter splitter;
    struct df_directives directives;
    struct df_comment **comments_tail;
    struct df_directive **directives_tail;
    struct df_instruction **instructions_tail;
    struct df_comment *docs; /* first doc comment of the next instruction */
    uint32_t doc_count;
};

enum df_keyword df_keyword_find(struct str name)
{
    for (int i = 0; i < DF_UNKNOWN; i++) {
        if (keywords[i].name.len == name.len && str_eq_nocase(keywords[i].name, name)) {
            return (enum df_keyword)i;
        }
    }
    return DF_UNKNOWN;
}

struct str df_keyword_name(enum df_keyword keyword)
{
    return keyword < DF_KEYWORD_COUNT ? keywords[keyword].name : STR("");
}

const struct df_flag *df_flag_find(const struct df_instruction *instruction, struct str name)
{
    for (uint32_t i = instruction->flag_count; i-- > 0;) {
        if (str_eq(instruction->flags[i].name.text, name)) {
            return &instruction->flags[i];
        }
    }
    return NULL;
}

static void parse_problem(struct parser *parser, struct df_instruction *instruction,
                          struct df_place place, struct str before, struct str quoted,
                          struct str after)
{
    if (instruction != NULL) {
        instruction->refused = true;
    }
    (void)df_problem_add(parser->file, parser->arena, DF_LAYER_PARSE, DIAG_df_parse, place, before,
                         quoted, after);
}

/* ---- comments and directives ------------------------------------------------------------- */

/* Notes a comment whose # is at `start`; returns it, NULL after a failure. */
static struct df_comment *add_comment(struct parser *parser, const struct df_physical *line,
                                      uint32_t start)
{
    struct df_comment *comment = ARENA_NEW(parser->arena, struct df_comment);
    if (comment == NULL) {
        return NULL;
    }
    struct str text = parser->file->text;
    comment->text = df_trim(str_slice(text, start + 1, line->end));
    comment->doc =
        start == line->start ? comment->text : df_trim(str_slice(text, line->start + 1, line->end));
    comment->start = start;
    comment->end = line->end;
    *parser->comments_tail = comment;
    parser->comments_tail = &comment->next;
    return comment;
}

static void comment_in_continuation(void *user, const struct df_physical *line, uint32_t start)
{
    (void)add_comment(user, line, start);
}

/* A comment between instructions: a directive, or a doc comment of what follows. */
static void read_comment(struct parser *parser, const struct df_physical *line, uint32_t start)
{
    struct df_comment *comment = add_comment(parser, line, start);
    struct df_directive directive;
    if (comment == NULL) {
        return;
    }
    switch (
        df_directives_read(&parser->directives, parser->file->text, start, line->end, &directive)) {
    case DF_DIRECTIVE_NONE:
        break;
    case DF_DIRECTIVE_REPEATED:
        parse_problem(parser, NULL, (struct df_place){start, line->end, line->number},
                      STR("only one "), directive.name.text, STR(" parser directive can be used"));
        comment->directive = true;
        return;
    case DF_DIRECTIVE_BAD_ESCAPE:
        parse_problem(parser, NULL, (struct df_place){start, line->end, line->number},
                      STR("invalid escape token '"), directive.value.text,
                      STR("' does not match ` or \\"));
        comment->directive = true;
        return;
    case DF_DIRECTIVE_OK:
    default: {
        struct df_directive *kept = ARENA_NEW(parser->arena, struct df_directive);
        if (kept != NULL) {
            *kept = directive;
            *parser->directives_tail = kept;
            parser->directives_tail = &kept->next;
        }
        comment->directive = true;
        parser->lexer.escape = parser->directives.escape;
        return;
    }
    }
    if (comment->doc.len == 0) {
        parser->docs = NULL;
        parser->doc_count = 0;
    } else {
        parser->docs = parser->docs != NULL ? parser->docs : comment;
        parser->doc_count++;
    }
}

/* ---- arguments --------------------------------------------------------------------------- */

static struct df_pair make_pair(const struct df_line *line, struct df_word word, size_t equals)
{
    struct df_pair pair = {.name = df_split_slice(line, str_slice(word.text, 0, equals)),
                           .has_value = equals < word.text.len};
    pair.value = df_split_slice(line, str_slice(word.text, equals + 1, word.text.len));
    return pair;
}

/* The form `ENV NAME any text`. */
static void parse_legacy_pair(struct parser *parser, struct df_instruction *out, struct str rest)
{
    size_t end = 0;
    while (end < rest.len && !df_is_blank(rest.ptr[end])) {
        end++;
    }
    size_t value = end;
    while (value < rest.len && df_is_blank(rest.ptr[value])) {
        value++;
    }
    out->legacy = true;
    if (value == end) {
        parse_problem(parser, out, df_place_line(out->line), df_keyword_name(out->keyword),
                      STR(" must have two arguments"), STR(""));
    }
    struct df_pair *pair = ARENA_NEW(parser->arena, struct df_pair);
    if (pair == NULL) {
        return;
    }
    pair->name = df_split_slice(out->line, str_slice(rest, 0, end));
    pair->value = df_split_slice(out->line, str_slice(rest, value, rest.len));
    pair->has_value = value > end;
    out->pairs = pair;
    out->pair_count = 1;
}

/* ENV and LABEL (`need_value`), and ARG: quoted words to pairs. */
static void parse_pairs(struct parser *parser, struct df_instruction *out, struct str rest,
                        bool need_value)
{
    df_split_quoted(&parser->splitter, rest, out);
    const struct df_word *words = out->args;
    uint32_t count = out->arg_count;
    out->args = NULL;
    out->arg_count = 0;
    if (count == 0) {
        return;
    }
    if (need_value && str_find_char(words[0].text, '=', 0) == words[0].text.len) {
        parse_legacy_pair(parser, out, rest);
        return;
    }
    struct df_pair *pairs = ARENA_ARRAY(parser->arena, struct df_pair, count);
    if (pairs == NULL) {
        return;
    }
    out->pairs = pairs;
    for (uint32_t i = 0; i < count; i++) {
        size_t equals = str_find_char(words[i].text, '=', 0);
        if (need_value && equals == words[i].text.len) {
            parse_problem(parser, out, df_place_word(out, words[i]),
                          STR("Syntax error - can't find = in \""), words[i].text,
                          STR("\". Must be of the form: name=value"));
            continue;
        }
        pairs[out->pair_count++] = make_pair(out->line, words[i], equals);
    }
}

/* A JSON array, or what `fallback` makes of the text. */
static void parse_json_or(struct parser *parser, struct df_instruction *out, struct str text,
                          bool split_blanks)
{
    switch (df_split_json(&parser->splitter, text, out)) {
    case DF_JSON_STRINGS:
        return;
    case DF_JSON_MIXED:
        parse_problem(parser, out, df_place_word(out, df_split_slice(out->line, text)),
                      STR("when using JSON array syntax, arrays must be comprised of strings only"),
                      STR(""), STR(""));
        break;
    case DF_JSON_NONE:
    default:
        break;
    }
    if (split_blanks) {
        df_split_blanks(&parser->splitter, text, out);
    } else {
        df_split_whole(&parser->splitter, text, out);
    }
}

/* HEALTHCHECK: a type word, then a command. The type is the first argument. */
static void parse_health(struct parser *parser, struct df_instruction *out, struct str rest)
{
    size_t end = 0;
    while (end < rest.len && df_space_length(rest, end) == 0) {
        end++;
    }
    if (end == 0) {
        return;
    }
    struct str command = df_trim(str_slice(rest, end, rest.len));
    df_split_whole(&parser->splitter, str_slice(rest, 0, end), out);
    struct df_word type = out->arg_count > 0 ? out->args[0] : (struct df_word){0};
    if (command.len == 0) {
        return;
    }
    if (df_split_json(&parser->splitter, command, out) == DF_JSON_MIXED) {
        parse_problem(parser, out, df_place_word(out, df_split_slice(out->line, command)),
                      STR("when using JSON array syntax, arrays must be comprised of strings only"),
                      STR(""), STR(""));
    }
    if (!out->json) {
        struct df_word *args = ARENA_ARRAY(parser->arena, struct df_word, 2);
        if (args != NULL) {
            args[0] = type;
            args[1] = df_split_slice(out->line, command);
            out->args = args;
            out->arg_count = 2;
        }
    }
}

static void parse_instruction_text(struct parser *parser, struct df_instruction *out,
                                   struct str text, unsigned depth);

/* ONBUILD: the rest is an instruction on the same line. */
static void parse_sub(struct parser *parser, struct df_instruction *out, struct str rest,
                      unsigned depth)
{
    if (rest.len == 0 || depth == DF_ONBUILD_MAX_DEPTH) {
        return;
    }
    struct df_instruction *sub = ARENA_NEW(parser->arena, struct df_instruction);
    if (sub == NULL) {
        return;
    }
    sub->line = out->line;
    sub->index = out->index;
    sub->slot = parser->file->slot_count++;
    struct df_word word = df_split_slice(out->line, rest);
    sub->start = word.start;
    sub->end = word.end;
    sub->last_line = out->last_line;
    parse_instruction_text(parser, sub, rest, depth + 1);
    out->sub = sub;
    out->refused = out->refused || sub->refused;
}

static void parse_arguments(struct parser *parser, struct df_instruction *out, struct str rest,
                            unsigned depth)
{
    switch ((enum arguments)keywords[out->keyword].arguments) {
    case ARGUMENTS_WORDS:
        df_split_blanks(&parser->splitter, rest, out);
        break;
    case ARGUMENTS_LIST:
        parse_json_or(parser, out, rest, true);
        break;
    case ARGUMENTS_COMMAND:
        parse_json_or(parser, out, rest, false);
        break;
    case ARGUMENTS_TEXT:
        df_split_whole(&parser->splitter, rest, out);
        break;
    case ARGUMENTS_PAIRS:
        parse_pairs(parser, out, rest, true);
        break;
    case ARGUMENTS_NAMES:
        parse_pairs(parser, out, rest, false);
        break;
    case ARGUMENTS_HEALTH:
        parse_health(parser, out, rest);
        break;
    case ARGUMENTS_SUB:
        parse_sub(parser, out, rest, depth);
        break;
    case ARGUMENTS_NONE:
    default:
        break;
    }
}

/* Splits name, flags and arguments of one instruction. */
static void parse_instruction_text(struct parser *parser, struct df_instruction *out,
                                   struct str text, unsigned depth)
{
    text = df_trim(text);
    size_t end = 0;
    while (end < text.len && !df_is_blank(text.ptr[end])) {
        end++;
    }
    size_t behind = end;
    while (behind < text.len && df_is_blank(text.ptr[behind])) {
        behind++;
    }
    out->name = df_split_slice(out->line, str_slice(text, 0, end));
    out->keyword = df_keyword_find(out->name.text);
    struct str rest = str_slice(text, behind, text.len);
    rest = df_trim(df_split_flags(&parser->splitter, rest, out));
    out->rest = df_split_slice(out->line, rest);
    parse_arguments(parser, out, rest, depth);
}

/* ---- heredocs ---------------------------------------------------------------------------- */

/* The instruction that may have heredocs: itself, or the one behind ONBUILD. */
static bool may_have_heredocs(const struct df_instruction *instruction)
{
    if (instruction->keyword == DF_ONBUILD && instruction->sub != NULL) {
        instruction = instruction->sub;
    }
    return (instruction->keyword == DF_RUN || instruction->keyword == DF_COPY ||
            instruction->keyword == DF_ADD) &&
           !instruction->json;
}

/* Reads lines up to the terminator. False at the end of the file. */
static bool read_heredoc_body(struct parser *parser, struct df_heredoc *heredoc,
                              struct df_instruction *out)
{
    struct df_physical line;
    struct str text = parser->file->text;
    uint32_t body_end = parser->lexer.at;
    heredoc->body = (struct df_word){.start = body_end};
    while (!heredoc->terminated && df_lexer_physical(&parser->lexer, &line)) {
        uint32_t start = line.start;
        while (heredoc->chomp && start < line.end && text.ptr[start] == '\t') {
            start++;
        }
        heredoc->terminated = str_eq(str_slice(text, start, line.end), heredoc->name);
        body_end = heredoc->terminated ? line.start : line.next;
        out->end = line.end;
        out->last_line = line.number;
        if (line.too_long) {
            parse_problem(parser, out, (struct df_place){line.start, line.end, line.number},
                          STR("dockerfile line greater than max allowed size of 65535"), STR(""),
                          STR(""));
        }
    }
    heredoc->body.end = body_end;
    heredoc->body.text = str_slice(text, heredoc->body.start, body_end);
    return heredoc->terminated;
}

static void read_heredocs(struct parser *parser, struct df_instruction *out)
{
    struct df_heredoc *heredocs = NULL;
    size_t count = 0;
    struct str line = out->line->text.bytes;
    if (!may_have_heredocs(out) || str_find(line, STR("<<")) == line.len) {
        return;
    }
    df_heredoc_find(parser->arena, line, &heredocs, &count);
    for (size_t i = 0; i < count; i++) {
        if (!read_heredoc_body(parser, &heredocs[i], out)) {
            parse_problem(parser, out, df_place_line(out->line), STR("unterminated heredoc "),
                          heredocs[i].name, STR(""));
            count = i + 1;
        }
    }
    out->heredocs = heredocs;
    out->heredoc_count = (uint32_t)count;
    if (out->sub != NULL) {
        out->sub->heredocs = heredocs;
        out->sub->heredoc_count = (uint32_t)count;
    }
}

/* ---- the file ---------------------------------------------------------------------------- */

static void read_instruction(struct parser *parser, const struct df_physical *first, uint32_t start)
{
    struct df_instruction *out = ARENA_NEW(parser->arena, struct df_instruction);
    struct df_line *line = ARENA_NEW(parser->arena, struct df_line);
    bool too_long = false;
    if (out == NULL || line == NULL) {
        return;
    }
    parser->directives.done = true;
    df_lexer_logical(&parser->lexer, line, first, start, &too_long, comment_in_continuation,
                     parser);
    if (line->empty_line != UINT32_MAX) {
        parser->file->empty_continuations++;
    }
    out->line = line;
    out->start = line->start;
    out->end = line->end;
    out->last_line = line->last_line;
    out->index = parser->file->instruction_count++;
    out->slot = parser->file->slot_count++;
    out->comments = parser->docs;
    out->comment_count = parser->doc_count;
    parser->docs = NULL;
    parser->doc_count = 0;
    parser->splitter.line = line;
    parser->splitter.escape = parser->lexer.escape;
    if (too_long) {
        parse_problem(parser, out, df_place_line(line),
                      STR("dockerfile line greater than max allowed size of 65535"), STR(""),
                      STR(""));
    }
    parse_instruction_text(parser, out, line->text.bytes, 0);
    read_heredocs(parser, out);
    *parser->instructions_tail = out;
    parser->instructions_tail = &out->next;
}

static void read_file(struct parser *parser)
{
    struct df_physical line;
    struct str text = parser->file->text;
    while (arena_status(parser->arena) == PLIM_STATUS_OK &&
           df_lexer_physical(&parser->lexer, &line)) {
        uint32_t start = df_lexer_skip_space(text, line.start, line.end);
        if (start == line.end) {
            parser->directives.done = true;
        } else if (text.ptr[start] == '#') {
            if (line.too_long) {
                parse_problem(parser, NULL, (struct df_place){start, line.end, line.number},
                              STR("dockerfile line greater than max allowed size of 65535"),
                              STR(""), STR(""));
            }
            read_comment(parser, &line, start);
        } else {
            read_instruction(parser, &line, start);
        }
    }
    if (parser->file->instructions == NULL) {
        uint32_t end = (uint32_t)text.len;
        uint32_t number = parser->lexer.line > 0 ? parser->lexer.line : 1;
        parse_problem(parser, NULL, (struct df_place){0, end > 0 ? 1 : 0, number},
                      STR("file with no instructions"), STR(""), STR(""));
    }
}

plim_status df_parse(struct df_file *out, struct arena *arena, struct str text)
{
    *out = (struct df_file){.text = text, .escape = '\\'};
    out->problems_tail = &out->problems;
    if (text.len >= UINT32_MAX) {
        return PLIM_STATUS_LIMIT;
    }
    struct parser parser = {.file = out,
                            .arena = arena,
                            .splitter = {.arena = arena, .escape = '\\'},
                            .directives = {.escape = '\\'},
                            .comments_tail = &out->comments,
                            .directives_tail = &out->directives,
                            .instructions_tail = &out->instructions};
    df_lexer_init(&parser.lexer, arena, text);
    read_file(&parser);
    df_check_file(out, arena);
    out->escape = parser.lexer.escape;
    out->line_count = parser.lexer.line;
    df_lexer_release(&parser.lexer);
    return arena_status(arena);
}
