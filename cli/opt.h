/* SPDX-License-Identifier: Apache-2.0
 *
 * opt.h - the command line, parsed by the table options.def.
 *
 * Long options may be given as --name VALUE or --name=VALUE, short ones as -o VALUE or -oVALUE;
 * switches may be joined (-qv); `--` ends options. Texts are borrowed from argv or live as long as
 * the options. Thread rule: one thread; immutable once parsed.
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/mem.h"

enum opt_command {
#define COMMAND(id, name, arguments, least, most, doc) COMMAND_##id,
#define OPTION(id, commands, name, letter, argument, kind, values, doc)
#include "cli/options.def"
#undef COMMAND
#undef OPTION
    COMMAND_COUNT
};

enum opt_id {
#define COMMAND(id, name, arguments, least, most, doc)
#define OPTION(id, commands, name, letter, argument, kind, values, doc) OPT_##id,
#include "cli/options.def"
#undef COMMAND
#undef OPTION
    OPT_COUNT
};

enum opt_kind { OPT_FLAG, OPT_ONE, OPT_MANY, OPT_LIST };

struct opt_command_info {
    const char *name;
    const char *arguments;
    int least;
    int most;
    const char *doc;
};

struct opt_info {
    unsigned commands; /* bit per enum opt_command */
    const char *name;
    char letter;
    const char *argument;
    enum opt_kind kind;
    const char *values;
    const char *doc;
};

struct options {
    enum opt_command command;
    struct names values[OPT_COUNT]; /* in order; a switch counts its uses as "" */
    struct names arguments;
    struct names copies; /* texts that were cut out of an argument */
};

/* Rows of the table; the index must be in range. */
const struct opt_command_info *opt_command_info(enum opt_command command);
const struct opt_info *opt_info(enum opt_id option);

/* Whether an option belongs to a command. */
bool opt_applies(enum opt_id option, enum opt_command command);

/* The command with this name; COMMAND_COUNT when there is none. */
enum opt_command opt_find_command(const char *name);

/* Parses argv. False, after a message on standard error, when it is wrong usage. --help and
 * --version come back as their commands. */
bool opt_parse(struct options *out, int argc, char **argv);

/* Frees what parsing made. */
void opt_release(struct options *options);

/* Whether a switch was given. */
bool opt_given(const struct options *options, enum opt_id option);

/* The last value of an option, or `otherwise`. */
const char *opt_value(const struct options *options, enum opt_id option, const char *otherwise);

/* The command a word that is neither a command nor a file was probably meant to be, or NULL. */
const char *opt_suggest_command(const char *written);

/* Makes `*best` the word when it is nearer to what was written than `*limit` edits, the distance of
 * the best one so far; start with the number of edits that is too many. */
void opt_consider(const char *written, const char *word, size_t *limit, const char **best);

/* Whether `text` is one of the words of "a|b|c". */
bool opt_is_word(const char *words, const char *text);

#endif
