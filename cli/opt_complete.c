/* SPDX-License-Identifier: Apache-2.0
 *
 * opt_complete.c - completion scripts for bash, zsh and fish, made from options.def. Separate from
 * opt_docs.c because each shell has a language of its own.
 */
#include "cli/opt_docs.h"

#include <string.h>

/* Words of "a|b|c" separated by blanks. */
static void add_words(struct bytes *out, const char *words)
{
    for (; *words != '\0'; words++) {
        bytes_add(out, *words == '|' ? " " : words, 1);
    }
}

static void add_command_names(struct bytes *out)
{
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        bytes_printf(out, "%s%s", i > 0 ? " " : "", opt_command_info((enum opt_command)i)->name);
    }
}

static void complete_bash(struct bytes *out)
{
    bytes_add_text(out, "# bash completion for plimsoll, made from its option table\n"
                        "_plimsoll() {\n"
                        "    local word=${COMP_WORDS[COMP_CWORD]} before= command=check\n"
                        "    [ \"$COMP_CWORD\" -gt 0 ] && before=${COMP_WORDS[COMP_CWORD-1]}\n"
                        "    case \" ");
    add_command_names(out);
    bytes_add_text(out, " \" in *\" ${COMP_WORDS[1]} \"*) command=${COMP_WORDS[1]} ;; esac\n"
                        "    case $before in\n");
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        const struct opt_info *info = opt_info((enum opt_id)i);
        if (info->values[0] != '\0') {
            bytes_printf(out, "    --%s) COMPREPLY=($(compgen -W '", info->name);
            add_words(out, info->values);
            bytes_add_text(out, "' -- \"$word\")); return ;;\n");
        }
    }
    bytes_add_text(out, "    esac\n    local words=\n    case $command in\n");
    for (unsigned c = 0; c < COMMAND_COUNT; c++) {
        bytes_printf(out, "    %s) words='", opt_command_info((enum opt_command)c)->name);
        for (unsigned i = 0; i < OPT_COUNT; i++) {
            if (opt_applies((enum opt_id)i, (enum opt_command)c)) {
                bytes_printf(out, "--%s ", opt_info((enum opt_id)i)->name);
            }
        }
        bytes_add_text(out, "' ;;\n");
    }
    bytes_add_text(out,
                   "    esac\n    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words=\"$words ");
    add_command_names(out);
    bytes_add_text(out, "\"\n    fi\n"
                        "    case $word in\n"
                        "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
                        "    *) COMPREPLY=($(compgen -W \"${words}\" -- \"$word\") "
                        "$(compgen -f -- \"$word\")) ;;\n"
                        "    esac\n}\n"
                        "complete -o filenames -F _plimsoll plimsoll\n");
}

/* A text inside single quotes of zsh or fish; brackets and colons mean something to _arguments. */
static void add_quoted(struct bytes *out, const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            bytes_add_text(out, "'\\''");
            continue;
        }
        if (strchr(special, *text) != NULL) {
            bytes_add_text(out, "\\");
        }
        bytes_add(out, text, 1);
    }
}

static void complete_zsh(struct bytes *out)
{
    bytes_add_text(out, "#compdef plimsoll\n"
                        "# zsh completion for plimsoll, made from its option table\n"
                        "_plimsoll() {\n"
                        "    local -a commands=(\n");
    for (unsigned c = 0; c < COMMAND_COUNT; c++) {
        const struct opt_command_info *info = opt_command_info((enum opt_command)c);
        bytes_printf(out, "        '%s:", info->name);
        add_quoted(out, info->doc, "");
        bytes_add_text(out, "'\n");
    }
    bytes_add_text(out, "    )\n    local command=check\n"
                        "    (( ${commands[(I)${words[2]}:*]} )) && command=${words[2]}\n"
                        "    if (( CURRENT == 2 )); then _describe command commands; fi\n"
                        "    case $command in\n");
    for (unsigned c = 0; c < COMMAND_COUNT; c++) {
        bytes_printf(out, "    %s) _arguments", opt_command_info((enum opt_command)c)->name);
        for (unsigned i = 0; i < OPT_COUNT; i++) {
            const struct opt_info *info = opt_info((enum opt_id)i);
            if (!opt_applies((enum opt_id)i, (enum opt_command)c)) {
                continue;
            }
            bytes_printf(out, " \\\n        '%s--%s[", info->kind >= OPT_MANY ? "*" : "",
                         info->name);
            add_quoted(out, info->doc, "[]:");
            bytes_add_text(out, "]");
            if (info->argument[0] != '\0') {
                bytes_add_text(out, ":");
                add_quoted(out, info->argument, "[]:");
                bytes_add_text(out, ":");
                if (info->values[0] != '\0') {
                    bytes_add_text(out, "(");
                    add_words(out, info->values);
                    bytes_add_text(out, ")");
                } else {
                    bytes_add_text(out, "_files");
                }
            }
            bytes_add_text(out, "'");
        }
        bytes_add_text(out, " '*:file:_files' ;;\n");
    }
    bytes_add_text(out, "    esac\n}\n_plimsoll \"$@\"\n");
}

static void complete_fish(struct bytes *out)
{
    bytes_add_text(out, "# fish completion for plimsoll, made from its option table\n");
    for (unsigned c = 0; c < COMMAND_COUNT; c++) {
        const struct opt_command_info *info = opt_command_info((enum opt_command)c);
        bytes_printf(out, "complete -c plimsoll -n __fish_use_subcommand -a %s -d '", info->name);
        add_quoted(out, info->doc, "");
        bytes_add_text(out, "'\n");
    }
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        const struct opt_info *info = opt_info((enum opt_id)i);
        bytes_add_text(out, "complete -c plimsoll -n '");
        if (opt_applies((enum opt_id)i, COMMAND_check)) {
            bytes_add_text(out, "__fish_use_subcommand; or ");
        }
        bytes_add_text(out, "__fish_seen_subcommand_from");
        for (unsigned c = 0; c < COMMAND_COUNT; c++) {
            if (opt_applies((enum opt_id)i, (enum opt_command)c)) {
                bytes_printf(out, " %s", opt_command_info((enum opt_command)c)->name);
            }
        }
        bytes_printf(out, "' -l %s", info->name);
        if (info->letter != 0) {
            bytes_printf(out, " -s %c", info->letter);
        }
        if (info->argument[0] != '\0') {
            bytes_add_text(out, info->values[0] != '\0' ? " -x -a '" : " -r");
            if (info->values[0] != '\0') {
                add_words(out, info->values);
                bytes_add_text(out, "'");
            }
        }
        bytes_add_text(out, " -d '");
        add_quoted(out, info->doc, "");
        bytes_add_text(out, "'\n");
    }
}

bool opt_docs_completion(struct bytes *out, const char *shell)
{
    if (strcmp(shell, "bash") == 0) {
        complete_bash(out);
    } else if (strcmp(shell, "zsh") == 0) {
        complete_zsh(out);
    } else if (strcmp(shell, "fish") == 0) {
        complete_fish(out);
    } else {
        return false;
    }
    return true;
}
