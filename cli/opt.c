/* SPDX-License-Identifier: Apache-2.0
 *
 * opt.c - parsing by the table, and what to suggest for a word that is not in it.
 */
#include "cli/opt.h"

#include <string.h>

#include "cli/out.h"

#define ON(command) (1u << COMMAND_##command)
#define EVERYWHERE (~0u)

static const struct opt_command_info commands[COMMAND_COUNT] = {
#define COMMAND(id, name, arguments, least, most, doc) {name, arguments, least, most, doc},
#define OPTION(id, commands, name, letter, argument, kind, values, doc)
#include "cli/options.def"
#undef COMMAND
#undef OPTION
};

static const struct opt_info options_table[OPT_COUNT] = {
#define COMMAND(id, name, arguments, least, most, doc)
#define OPTION(id, commands, name, letter, argument, kind, values, doc)                            \
    {commands, name, letter, argument, OPT_##kind, values, doc},
#include "cli/options.def"
#undef COMMAND
#undef OPTION
};

/* A parse in progress. */
struct parse {
    struct options *out;
    int argc;
    char **argv;
    int at;
};

const struct opt_command_info *opt_command_info(enum opt_command command)
{
    return &commands[command];
}

const struct opt_info *opt_info(enum opt_id option)
{
    return &options_table[option];
}

bool opt_applies(enum opt_id option, enum opt_command command)
{
    return (options_table[option].commands & (1u << command)) != 0;
}

enum opt_command opt_find_command(const char *name)
{
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return (enum opt_command)i;
        }
    }
    return COMMAND_COUNT;
}

bool opt_is_word(const char *words, const char *text)
{
    size_t size = strlen(text);
    while (*words != '\0') {
        size_t length = strcspn(words, "|");
        if (length == size && memcmp(words, text, size) == 0) {
            return true;
        }
        words += length + (words[length] == '|');
    }
    return false;
}

/* Edits (insert, delete, replace, swap neighbours) from one word to another, for short words. */
static size_t edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 31 };
    size_t rows = strlen(a);
    size_t columns = strlen(b);
    if (rows > LONGEST || columns > LONGEST) {
        return LONGEST;
    }
    size_t cost[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= rows; i++) {
        for (size_t j = 0; j <= columns; j++) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            size_t best = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            best = cost[i - 1][j] + 1 < best ? cost[i - 1][j] + 1 : best;
            best = cost[i][j - 1] + 1 < best ? cost[i][j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                cost[i - 2][j - 2] + 1 < best) {
                best = cost[i - 2][j - 2] + 1;
            }
            cost[i][j] = best;
        }
    }
    return cost[rows][columns];
}

void opt_consider(const char *written, const char *word, size_t *limit, const char **best)
{
    size_t distance = edit_distance(written, word);
    if (distance < *limit && distance < strlen(word)) {
        *limit = distance;
        *best = word;
    }
}

const char *opt_suggest_command(const char *written)
{
    size_t limit = 3;
    const char *best = NULL;
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        opt_consider(written, commands[i].name, &limit, &best);
    }
    return best;
}

static const char *closest_word(struct options *out, const char *written, const char *words)
{
    size_t limit = 4;
    const char *best = NULL;
    while (*words != '\0') {
        size_t length = strcspn(words, "|");
        opt_consider(written, names_add_copy(&out->copies, words, length), &limit, &best);
        words += length + (words[length] == '|');
    }
    return best;
}

static bool bad_option(const struct parse *parse, const char *written)
{
    const char *command = commands[parse->out->command].name;
    size_t limit = 4;
    const char *best = NULL;
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        if (opt_applies((enum opt_id)i, parse->out->command)) {
            opt_consider(written, options_table[i].name, &limit, &best);
        }
    }
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        if (strcmp(options_table[i].name, written) == 0) {
            out_say("`--%s` is no option of `%s`; see plimsoll help %s", written, command, command);
            return false;
        }
    }
    if (best != NULL) {
        out_say("unknown option `--%s`; did you mean `--%s`?", written, best);
    } else {
        out_say("unknown option `--%s`; see plimsoll help %s", written, command);
    }
    return false;
}

static bool add_value(struct options *out, enum opt_id option, const char *value)
{
    const struct opt_info *info = &options_table[option];
    if (info->values[0] != '\0' && !opt_is_word(info->values, value)) {
        const char *best = closest_word(out, value, info->values);
        if (best != NULL) {
            out_say("--%s: `%s` is not allowed; did you mean `%s`?", info->name, value, best);
        } else {
            out_say("--%s: `%s` is not one of %s", info->name, value, info->values);
        }
        return false;
    }
    names_add(&out->values[option], value);
    return true;
}

/* Stores a value; a LIST option takes several at a time. */
static bool store(struct options *out, enum opt_id option, const char *value)
{
    const struct opt_info *info = &options_table[option];
    if (info->kind == OPT_FLAG) {
        names_add(&out->values[option], "");
        return true;
    }
    if (value[0] == '\0') {
        out_say("--%s: the value is empty", info->name);
        return false;
    }
    if (info->kind != OPT_LIST) {
        return add_value(out, option, value);
    }
    while (*value != '\0') {
        size_t size = strcspn(value, ",");
        if (size > 0 && !add_value(out, option, names_add_copy(&out->copies, value, size))) {
            return false;
        }
        value += size + (value[size] == ',');
    }
    return true;
}

/* The text that stands behind an option which needs one. */
static bool next_argument(struct parse *parse, enum opt_id option, const char **value)
{
    if (parse->at + 1 >= parse->argc) {
        out_say("--%s needs a value: %s", options_table[option].name,
                options_table[option].argument);
        return false;
    }
    parse->at++;
    *value = parse->argv[parse->at];
    return true;
}

static bool parse_long(struct parse *parse, const char *text)
{
    size_t size = strcspn(text, "=");
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        const struct opt_info *info = &options_table[i];
        enum opt_id option = (enum opt_id)i;
        if (strncmp(info->name, text, size) != 0 || info->name[size] != '\0' ||
            !opt_applies(option, parse->out->command)) {
            continue;
        }
        const char *value = text[size] == '=' ? text + size + 1 : NULL;
        if (info->kind == OPT_FLAG && value != NULL) {
            out_say("--%s takes no value", info->name);
            return false;
        }
        if (info->kind != OPT_FLAG && value == NULL && !next_argument(parse, option, &value)) {
            return false;
        }
        return store(parse->out, option, value);
    }
    return bad_option(parse, names_add_copy(&parse->out->copies, text, size));
}

static bool parse_short(struct parse *parse, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned i = 0;
        while (i < OPT_COUNT && (options_table[i].letter != *text ||
                                 !opt_applies((enum opt_id)i, parse->out->command))) {
            i++;
        }
        if (i == OPT_COUNT) {
            const char *command = commands[parse->out->command].name;
            out_say("unknown option `-%.1s`; see plimsoll help %s", text, command);
            return false;
        }
        enum opt_id option = (enum opt_id)i;
        if (options_table[i].kind == OPT_FLAG) {
            names_add(&parse->out->values[option], "");
            continue;
        }
        const char *value = text + 1;
        if (*value == '=') {
            value++;
        } else if (*value == '\0' && !next_argument(parse, option, &value)) {
            return false;
        }
        return store(parse->out, option, value);
    }
    return true;
}

/* Chooses the command; `check` when the first word is none. True when it used a word up. */
static bool choose_command(struct options *out, const char *word)
{
    enum opt_command command = opt_find_command(word);
    out->command = command == COMMAND_COUNT ? COMMAND_check : command;
    return command != COMMAND_COUNT;
}

static bool check_argument_count(const struct options *options)
{
    const struct opt_command_info *info = &commands[options->command];
    size_t count = options->arguments.count;
    if (count < (size_t)info->least || (info->most >= 0 && count > (size_t)info->most)) {
        out_say("usage: plimsoll %s [OPTION...] %s", info->name, info->arguments);
        return false;
    }
    return true;
}

bool opt_parse(struct options *out, int argc, char **argv)
{
    *out = (struct options){.command = COMMAND_check};
    struct parse parse = {.out = out, .argc = argc, .argv = argv, .at = 1};
    if (argc > 1 && choose_command(out, argv[1])) {
        parse.at = 2;
    }
    bool ended = false;
    for (; parse.at < argc; parse.at++) {
        const char *text = argv[parse.at];
        bool good = true;
        if (!ended && strcmp(text, "--") == 0) {
            ended = true;
        } else if (!ended && text[0] == '-' && text[1] == '-') {
            good = parse_long(&parse, text + 2);
        } else if (!ended && text[0] == '-' && text[1] != '\0') {
            good = parse_short(&parse, text + 1);
        } else {
            names_add(&out->arguments, text);
        }
        if (!good) {
            return false;
        }
    }
    if (opt_given(out, OPT_help)) {
        out->arguments.count = 0;
        bool general = out->command == COMMAND_check && (argc < 2 || argv[1][0] == '-');
        if (!general) {
            names_add(&out->arguments, commands[out->command].name);
        }
        out->command = COMMAND_help;
    } else if (opt_given(out, OPT_version)) {
        out->arguments.count = 0;
        out->command = COMMAND_version;
    }
    return check_argument_count(out);
}

bool opt_given(const struct options *options, enum opt_id option)
{
    return options->values[option].count > 0;
}

const char *opt_value(const struct options *options, enum opt_id option, const char *otherwise)
{
    const struct names *values = &options->values[option];
    return values->count > 0 ? values->items[values->count - 1] : otherwise;
}

void opt_release(struct options *options)
{
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        names_release(&options->values[i]);
    }
    names_release(&options->arguments);
    names_release_copies(&options->copies);
}
