/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_options.c - see sh_options.h. Look-ups are binary searches over static tables; names of
 * single-letter options come from one static text, so nothing is allocated per option.
 */
#include "facts/shell/sh_options.h"

#include <string.h>

#include "core/alloc.h"

static const struct sh_tool tools[] = {
#define TOOL(tool_name, tool_sub, tool_style, tool_shorts, tool_longs)                             \
    {.name = {"" tool_name "", sizeof(tool_name) - 1},                                             \
     .sub = {"" tool_sub "", sizeof(tool_sub) - 1},                                                \
     .shorts = {"" tool_shorts "", sizeof(tool_shorts) - 1},                                       \
     .longs = {"" tool_longs "", sizeof(tool_longs) - 1},                                          \
     .style = (tool_style)},
#include "facts/shell/sh_tools.def"
};

struct alias {
    struct str alias;
    struct str name;
};

static const struct alias aliases[] = {
#define SH_TOOL_ALIAS(alias_text, alias_name)                                                      \
    {{"" alias_text "", sizeof(alias_text) - 1}, {"" alias_name "", sizeof(alias_name) - 1}},
#include "facts/shell/sh_tools.def"
};

/* "-!" "-"" ... "-~": every printable single-letter option. */
static const char letter_names[] =
    "-!-\"-#-$-%-&-'-(-)-*-+-,---.-/-0-1-2-3-4-5-6-7-8-9-:-;-<-=->-?-@-A-B-C-D-E-F-G-H-I-J-K-L-M-N-"
    "O-P-Q-R-S-T-U-V-W-X-Y-Z-[-\\-]-^-_-`-a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u-v-w-x-y-z-{-|-}"
    "-~";

struct str sh_tool_canonical(struct str name)
{
    size_t low = 0;
    size_t high = sizeof aliases / sizeof aliases[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(name, aliases[middle].alias);
        if (order == 0) {
            return aliases[middle].name;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    static const struct str versioned[] = {{"python", 6}, {"pypy", 4}, {"pip", 3}};
    for (size_t i = 0; i < sizeof versioned / sizeof versioned[0]; i++) {
        if (!str_starts_with(name, versioned[i])) {
            continue;
        }
        size_t at = versioned[i].len;
        while (at < name.len && ((name.ptr[at] >= '0' && name.ptr[at] <= '9') ||
                                 name.ptr[at] == '.' || name.ptr[at] == '-')) {
            at++;
        }
        if (at == name.len) {
            return i == 1 ? versioned[0] : versioned[i];
        }
    }
    return name;
}

const struct sh_tool *sh_tool_at(size_t index)
{
    return index < sizeof tools / sizeof tools[0] ? &tools[index] : NULL;
}

const struct sh_tool *sh_tool_find(struct str name, struct str sub)
{
    struct str canonical = sh_tool_canonical(name);
    size_t low = 0;
    size_t high = sizeof tools / sizeof tools[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(canonical, tools[middle].name);
        if (order == 0) {
            order = str_compare(sub, tools[middle].sub);
        }
        if (order == 0) {
            return &tools[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

static bool takes_short(const struct sh_tool *tool, char letter)
{
    return tool != NULL && tool->shorts.len > 0 &&
           memchr(tool->shorts.ptr, letter, tool->shorts.len) != NULL;
}

static bool takes_long(const struct sh_tool *tool, struct str name)
{
    if (tool == NULL || name.len == 0) {
        return false;
    }
    struct str list = tool->longs;
    for (size_t at = str_find(list, name); at < list.len;) {
        size_t end = at + name.len;
        if ((at == 0 || list.ptr[at - 1] == ' ') && (end == list.len || list.ptr[end] == ' ')) {
            return true;
        }
        at = end + str_find(str_slice(list, end, list.len), name);
    }
    return false;
}

/* Reading position in the arguments. */
struct reader {
    struct sh_script *script;
    struct sh_command *command;
    const struct sh_tool *tool;
    uint32_t at;
};

static struct sh_option *add_option(struct reader *reader, struct str name,
                                    const struct sh_word *word)
{
    struct sh_script *script = reader->script;
    void *options = script->options;
    if (!alloc_grow(script->allocator, &options, &script->option_capacity, script->option_count + 1,
                    sizeof *script->options)) {
        script->status = PLIM_STATUS_NOMEM;
        return NULL;
    }
    script->options = options;
    struct sh_option *option = &script->options[script->option_count++];
    *option = (struct sh_option){.name = name, .word = word};
    return option;
}

static void add_operand(struct reader *reader, const struct sh_word *word)
{
    struct sh_script *script = reader->script;
    void *operands = script->operands;
    if (!alloc_grow(script->allocator, &operands, &script->operand_capacity,
                    script->operand_count + 1, sizeof(void *))) {
        script->status = PLIM_STATUS_NOMEM;
        return;
    }
    script->operands = operands;
    script->operands[script->operand_count++] = word;
}

/* The next argument as the value of the option just added. */
static void take_next(struct reader *reader, struct sh_option *option)
{
    if (reader->at < reader->command->arg_count) {
        const struct sh_word *word = &reader->command->args[reader->at++];
        if (option != NULL) {
            option->value = word->text;
            option->value_word = word;
        }
    }
}

static void set_value(struct sh_option *option, struct str value, const struct sh_word *word)
{
    if (option != NULL) {
        option->value = value;
        option->value_word = word;
    }
}

static bool all_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
    }
    return text.len > 0;
}

/* --name, --name=value, --name value. Also -name of tools that spell long options so. */
static void read_long(struct reader *reader, const struct sh_word *word, size_t dashes)
{
    size_t equals = str_find_char(word->text, '=', dashes);
    struct str name = str_slice(word->text, 0, equals);
    struct sh_option *option = add_option(reader, name, word);
    if (equals < word->text.len) {
        set_value(option, str_slice(word->text, equals + 1, word->text.len), word);
    } else if (takes_long(reader->tool, str_slice(name, dashes, name.len))) {
        take_next(reader, option);
    }
}

/* -abc, -ofile, -o file, -q=2, -j4; `from` is 1 behind a dash and 0 for tar's first word. */
static void read_cluster(struct reader *reader, const struct sh_word *word, size_t from)
{
    struct str text = word->text;
    bool pair = reader->tool != NULL && (reader->tool->style & SH_STYLE_PAIR) != 0 &&
                text.len == 3 && text.ptr[1] == 'n';
    if (pair || (from > 0 && text.len > from && text.ptr[from] == '$')) {
        reader->command->flags |= pair ? 0U : (uint32_t)SH_CMD_OPTIONS_CUT;
        add_option(reader, text, word);
        return;
    }
    for (size_t i = from; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        struct str rest = str_slice(text, i + 1, text.len);
        struct str name = c > ' ' && c < 0x7F ? str_make(letter_names + 2 * (c - '!'), 2) : text;
        struct sh_option *option = add_option(reader, name, word);
        if (takes_short(reader->tool, (char)c)) {
            if (rest.len == 0 || from == 0) {
                take_next(reader, option);
            } else {
                set_value(option, rest, word);
            }
            if (from > 0) {
                return;
            }
        } else if (rest.len > 0 && rest.ptr[0] == '=') {
            set_value(option, str_slice(rest, 1, rest.len), word);
            return;
        } else if (all_digits(rest)) {
            set_value(option, rest, word);
            return;
        } else if (c == '$') {
            return; /* the rest is an expansion */
        }
    }
}

/* An operand; the first one of some tools chooses the row for what follows. */
static void read_operand(struct reader *reader, const struct sh_word *word, size_t before)
{
    add_operand(reader, word);
    const struct sh_tool *tool = reader->tool;
    if (before == 0 && tool != NULL && (tool->style & SH_STYLE_SUB) != 0) {
        reader->command->subcommands = true;
        const struct sh_tool *sub = sh_tool_find(tool->name, word->text);
        reader->tool = sub != NULL ? sub : tool;
    }
}

static bool is_option(const struct sh_word *word)
{
    return word->text.len > 1 && word->text.ptr[0] == '-';
}

/* $OPTS or ${OPTS} without quotes where a subcommand is expected: options, most likely. */
static bool is_only_expansion(const struct sh_word *word)
{
    const struct sh_part *part = word->parts;
    return (word->flags & SH_WORD_UNQUOTED_EXPANSION) != 0 && part != NULL &&
           part->start == word->start && part->end == word->end;
}

/* One argument behind a dash. */
static void read_option(struct reader *reader, const struct sh_word *word)
{
    struct str rest = str_slice(word->text, 1, word->text.len);
    if (rest.ptr[0] == '-') {
        read_long(reader, word, 2);
    } else if (reader->tool != NULL && (reader->tool->style & SH_STYLE_LONG) != 0) {
        read_long(reader, word, 1);
    } else if (all_digits(rest)) {
        add_option(reader, word->text, word);
    } else {
        read_cluster(reader, word, 1);
    }
}

uint32_t sh_options_read(struct sh_script *script, struct sh_command *command,
                         const struct sh_tool *tool)
{
    struct reader reader = {.script = script, .command = command, .tool = tool};
    command->option_first = (uint32_t)script->option_count;
    command->operand_first = (uint32_t)script->operand_count;
    bool ended = false;
    while (reader.at < command->arg_count && script->status == PLIM_STATUS_OK) {
        const struct sh_word *word = &command->args[reader.at];
        size_t operands = script->operand_count - command->operand_first;
        unsigned style = reader.tool != NULL ? reader.tool->style : 0;
        if (ended || !is_option(word)) {
            if ((style & SH_STYLE_STOP) != 0 && (operands > 0 || (style & SH_STYLE_SUB) == 0)) {
                break;
            }
            reader.at++;
            if (operands == 0 && (style & SH_STYLE_SUB) != 0 && is_only_expansion(word)) {
                command->flags |= SH_CMD_OPTIONS_CUT;
                add_option(&reader, word->text, word);
            } else if (operands == 0 && (style & SH_STYLE_DASHLESS) != 0 && reader.at == 1) {
                read_cluster(&reader, word, 0);
            } else {
                read_operand(&reader, word, operands);
            }
            continue;
        }
        reader.at++;
        if (!str_eq(word->text, STR("--"))) {
            read_option(&reader, word);
        } else if ((style & SH_STYLE_STOP) != 0) {
            break;
        } else {
            ended = true;
        }
    }
    for (uint32_t i = reader.at; i < command->arg_count; i++) {
        add_operand(&reader, &command->args[i]); /* another command's words, or a program's */
    }
    command->option_count = (uint32_t)script->option_count - command->option_first;
    command->operand_count = (uint32_t)script->operand_count - command->operand_first;
    return reader.at;
}

const struct sh_option *sh_command_option(const struct sh_script *script,
                                          const struct sh_command *command, struct str name)
{
    for (uint32_t i = 0; i < command->option_count; i++) {
        const struct sh_option *option = &script->options[command->option_first + i];
        if (str_eq(option->name, name)) {
            return option;
        }
    }
    return NULL;
}

struct str sh_command_operand(const struct sh_script *script, const struct sh_command *command,
                              size_t index)
{
    return index < command->operand_count ? script->operands[command->operand_first + index]->text
                                          : STR("");
}
