/* SPDX-License-Identifier: Apache-2.0
 *
 * opt_docs.c - help, manual page and docs/cli.md. What is not in the table and holds for the whole
 * program (exit codes, environment, which files are searched) is text here, used by all three.
 */
#include "cli/opt_docs.h"

#include <stdio.h>
#include <string.h>

struct named_text {
    const char *name;
    const char *text;
};

static const struct named_text exit_codes[] = {
    {"0", "nothing at or over the threshold"},
    {"1", "findings at or over --fail-on; test: a test failed; fmt: a file would change"},
    {"2", "wrong usage"},
    {"3", "a rule or program does not compile or verify"},
    {"4", "an input cannot be read or parsed, output cannot be written, or nothing was checked"},
    {"5", "not evaluated: a budget ran out, or an undecided outcome counts as deny"},
    {"70", "internal error"},
};

static const struct named_text variables[] = {
    {"NO_COLOR", "no colours when --color is auto"},
    {"CLICOLOR_FORCE", "colours even when standard output is no terminal"},
};

static const struct named_text examples[] = {
    {"plimsoll check", "judge every Dockerfile below the current directory"},
    {"plimsoll check --output json=report.json .",
     "text for people, JSON for programs, in one run"},
    {"plimsoll check --trace user-root@Dockerfile:1", "why does this rule fire, or not?"},
    {"plimsoll check - < Dockerfile", "judge standard input"},
    {"plimsoll explain PL5001", "what a rule wants, and how to comply"},
    {"plimsoll test policies", "run the tests beside the rules"},
};

static const char *const search_text[] = {
    "Directories are searched for Dockerfile, Dockerfile.*, *.Dockerfile, *.dockerfile,",
    "Containerfile and Containerfile.*, and for compose files: compose.yaml, docker-compose.yml, "
    "...,",
    "of which those that Docker Compose would read in their directory form one project;",
    "hidden directories, too, but not .git, .hg, .svn, .bzr and node_modules. What",
    ".gitignore files below the given directory exclude is left out, unless",
    "--no-ignore is given. Templates (*.tmpl, *.j2, ...) are skipped with a note. Links to",
    "directories are not followed. Files named on the command line are always judged.",
    "When several exit codes apply, the one that says the check is not complete wins: 70, 5, 4, 1.",
};

enum { HELP_COLUMN = 32, HELP_WIDTH = 90 };

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* Appends `text` wrapped at words, later lines indented to HELP_COLUMN. */
static void add_wrapped(struct bytes *out, const char *text)
{
    size_t column = HELP_COLUMN;
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        bool first = column == HELP_COLUMN;
        if (!first && column + 1 + word > HELP_WIDTH) {
            bytes_printf(out, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        } else if (!first) {
            bytes_add_text(out, " ");
            column++;
        }
        bytes_add(out, text, word);
        column += word;
        text += word;
        text += strspn(text, " ");
    }
    bytes_add_text(out, "\n");
}

/* One row of a two-column list. */
static void add_row(struct bytes *out, const char *left, const char *right)
{
    size_t size = strlen(left);
    bytes_add_text(out, left);
    if (size + 2 > HELP_COLUMN) {
        bytes_printf(out, "\n%*s", HELP_COLUMN, "");
    } else {
        bytes_printf(out, "%*s", (int)(HELP_COLUMN - size), "");
    }
    add_wrapped(out, right);
}

static void option_left(struct bytes *left, const struct opt_info *info)
{
    left->size = 0;
    if (info->letter != 0) {
        bytes_printf(left, "  -%c, ", info->letter);
    } else {
        bytes_add_text(left, "      ");
    }
    bytes_printf(left, "--%s", info->name);
    if (info->argument[0] != '\0') {
        bytes_printf(left, " %s", info->argument);
    }
}

static void option_right(struct bytes *right, const struct opt_info *info)
{
    right->size = 0;
    bytes_add_text(right, info->doc);
    if (info->values[0] != '\0') {
        bytes_printf(right, ": %s", info->values);
    }
    if (info->kind == OPT_MANY) {
        bytes_add_text(right, "; repeatable");
    } else if (info->kind == OPT_LIST) {
        bytes_add_text(right, "; repeatable, commas separate");
    }
}

static void add_options(struct bytes *out, enum opt_command command)
{
    struct bytes left = {0};
    struct bytes right = {0};
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        if (opt_applies((enum opt_id)i, command)) {
            option_left(&left, opt_info((enum opt_id)i));
            option_right(&right, opt_info((enum opt_id)i));
            add_row(out, left.data, right.data);
        }
    }
    bytes_release(&left);
    bytes_release(&right);
}

static void add_table(struct bytes *out, const char *title, const struct named_text *rows,
                      size_t count)
{
    struct bytes left = {0};
    bytes_printf(out, "\n%s\n", title);
    for (size_t i = 0; i < count; i++) {
        left.size = 0;
        bytes_printf(&left, "  %s", rows[i].name);
        add_row(out, left.data, rows[i].text);
    }
    bytes_release(&left);
}

static void add_general_help(struct bytes *out)
{
    struct bytes left = {0};
    bytes_add_text(out, "plimsoll judges container files by rules.\n\n"
                        "usage: plimsoll [COMMAND] [OPTION...] [ARGUMENT...]\n\nCommands\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        const struct opt_command_info *info = opt_command_info((enum opt_command)i);
        left.size = 0;
        bytes_printf(&left, "  %s %s", info->name, info->arguments);
        add_row(out, left.data, info->doc);
    }
    bytes_release(&left);
    bytes_add_text(out, "\nOptions of check\n");
    add_options(out, COMMAND_check);
    add_table(out, "Examples", examples, COUNT(examples));
    add_table(out, "Exit codes", exit_codes, COUNT(exit_codes));
    bytes_add_text(out, "\nMore: plimsoll help COMMAND\n");
}

void opt_docs_help(struct bytes *out, enum opt_command command)
{
    if (command == COMMAND_COUNT) {
        add_general_help(out);
        return;
    }
    const struct opt_command_info *info = opt_command_info(command);
    bytes_printf(out, "plimsoll %s: %s\n\nusage: plimsoll %s [OPTION...] %s\n\nOptions\n",
                 info->name, info->doc, info->name, info->arguments);
    add_options(out, command);
    if (command == COMMAND_check || command == COMMAND_facts) {
        bytes_add_text(out, "\nFiles\n");
        for (size_t i = 0; i < COUNT(search_text); i++) {
            bytes_printf(out, "  %s\n", search_text[i]);
        }
    }
    add_table(out, "Exit codes", exit_codes, COUNT(exit_codes));
}

/* Text with the characters that roff would interpret escaped. */
static void add_roff(struct bytes *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == '\\') {
            bytes_add_text(out, *text == '-' ? "\\-" : "\\e");
        } else {
            bytes_add(out, text, 1);
        }
    }
}

static void add_roff_rows(struct bytes *out, const struct named_text *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bytes_add_text(out, ".TP\n.B ");
        add_roff(out, rows[i].name);
        bytes_add_text(out, "\n");
        add_roff(out, rows[i].text);
        bytes_add_text(out, "\n");
    }
}

static void add_roff_command(struct bytes *out, enum opt_command command)
{
    const struct opt_command_info *info = opt_command_info(command);
    struct bytes text = {0};
    bytes_add_text(out, ".SS ");
    bytes_printf(&text, "plimsoll %s [OPTION...] %s\n", info->name, info->arguments);
    add_roff(out, text.data);
    add_roff(out, info->doc);
    bytes_add_text(out, ".\n");
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        const struct opt_info *option = opt_info((enum opt_id)i);
        if (!opt_applies((enum opt_id)i, command) || i == OPT_help || i == OPT_version) {
            continue;
        }
        bytes_add_text(out, ".TP\n.B ");
        text.size = 0;
        option_left(&text, option);
        add_roff(out, text.data + strspn(text.data, " "));
        bytes_add_text(out, "\n");
        option_right(&text, option);
        add_roff(out, text.data);
        bytes_add_text(out, "\n");
    }
    bytes_release(&text);
}

void opt_docs_man(struct bytes *out)
{
    bytes_add_text(out, ".\\\" SPDX-License-Identifier: Apache-2.0\n"
                        ".TH PLIMSOLL 1 \"\" \"plimsoll\" \"User Commands\"\n"
                        ".SH NAME\nplimsoll \\- judge container files by rules\n"
                        ".SH SYNOPSIS\n.B plimsoll\n[COMMAND] [OPTION...] [ARGUMENT...]\n"
                        ".SH COMMANDS\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        add_roff_command(out, (enum opt_command)i);
    }
    bytes_add_text(out, ".SH FILES\n");
    for (size_t i = 0; i < COUNT(search_text); i++) {
        bytes_add_text(out, "\\&");
        add_roff(out, search_text[i]);
        bytes_add_text(out, "\n");
    }
    bytes_add_text(out, ".SH EXIT STATUS\n");
    add_roff_rows(out, exit_codes, COUNT(exit_codes));
    bytes_add_text(out, ".SH ENVIRONMENT\n");
    add_roff_rows(out, variables, COUNT(variables));
    bytes_add_text(out, ".SH EXAMPLES\n");
    add_roff_rows(out, examples, COUNT(examples));
}

/* Text for a cell of a Markdown table. */
static void add_cell(struct bytes *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|' || *text == '*' || *text == '<') {
            bytes_add_text(out, "\\");
        }
        bytes_add(out, text, 1);
    }
}

static void add_markdown_rows(struct bytes *out, const char *title, const struct named_text *rows,
                              size_t count)
{
    bytes_printf(out, "\n## %s\n\n| | |\n|---|---|\n", title);
    for (size_t i = 0; i < count; i++) {
        bytes_printf(out, "| `%s` | ", rows[i].name);
        add_cell(out, rows[i].text);
        bytes_add_text(out, " |\n");
    }
}

static void add_markdown_command(struct bytes *out, enum opt_command command)
{
    const struct opt_command_info *info = opt_command_info(command);
    struct bytes text = {0};
    bytes_printf(out, "\n## %s\n\n`plimsoll %s [OPTION...]%s%s`: %s.\n\n", info->name, info->name,
                 info->arguments[0] != '\0' ? " " : "", info->arguments, info->doc);
    bytes_add_text(out, "| option | |\n|---|---|\n");
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        if (!opt_applies((enum opt_id)i, command)) {
            continue;
        }
        text.size = 0;
        option_left(&text, opt_info((enum opt_id)i));
        bytes_printf(out, "| `%s` | ", text.data + strspn(text.data, " "));
        option_right(&text, opt_info((enum opt_id)i));
        add_cell(out, text.data);
        bytes_add_text(out, " |\n");
    }
    bytes_release(&text);
}

void opt_docs_markdown(struct bytes *out)
{
    bytes_add_text(out, "# Command line\n\nMade from `cli/options.def` by `make docs`.\n\n");
    for (size_t i = 0; i < COUNT(search_text); i++) {
        add_cell(out, search_text[i]);
        bytes_add_text(out, "\n");
    }
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        add_markdown_command(out, (enum opt_command)i);
    }
    add_markdown_rows(out, "Exit codes", exit_codes, COUNT(exit_codes));
    add_markdown_rows(out, "Environment", variables, COUNT(variables));
    add_markdown_rows(out, "Examples", examples, COUNT(examples));
}
