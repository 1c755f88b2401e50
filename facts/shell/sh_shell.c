/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_shell.c - which shell reads a text: from a SHELL argument vector or a #! line. What the shell
 * then runs belongs to sh_command.c. Thread rule: pure.
 */
#include "facts/shell/sh_command.h"
#include "facts/shell/sh_options.h"

enum { MAX_SHEBANG_WORDS = 8 };

static struct str basename_of(struct str path)
{
    size_t at = path.len;
    while (at > 0 && path.ptr[at - 1] != '/' && path.ptr[at - 1] != '\\') {
        at--;
    }
    return str_slice(path, at, path.len);
}

static void read_long_option(struct sh_shell *shell, struct str name)
{
    shell->pipefail = shell->pipefail || str_eq(name, STR("pipefail"));
    shell->errexit = shell->errexit || str_eq(name, STR("errexit"));
    shell->xtrace = shell->xtrace || str_eq(name, STR("xtrace"));
}

struct sh_shell sh_shell_of(const struct str *argv, size_t count)
{
    struct sh_shell shell = {.dialect = SH_DIALECT_POSIX};
    size_t at = 0;
    while (at < count) {
        struct str name = basename_of(argv[at]);
        bool skip = str_eq(name, STR("env")) || str_eq(name, STR("busybox")) ||
                    (at > 0 && name.len > 0 && name.ptr[0] == '-');
        if (!skip) {
            break;
        }
        at++;
    }
    if (at < count) {
        struct str tool = sh_tool_canonical(basename_of(argv[at]));
        shell.dialect = str_eq(tool, STR("sh")) ? SH_DIALECT_POSIX : SH_DIALECT_OTHER;
    }
    for (at++; at < count; at++) {
        struct str word = argv[at];
        if (word.len < 2 || word.ptr[0] != '-') {
            break;
        }
        bool named = false;
        for (size_t i = 1; i < word.len && word.ptr[1] != '-'; i++) {
            shell.errexit = shell.errexit || word.ptr[i] == 'e';
            shell.xtrace = shell.xtrace || word.ptr[i] == 'x';
            named = named || word.ptr[i] == 'o';
        }
        if (named && at + 1 < count) {
            read_long_option(&shell, argv[++at]);
        }
    }
    return shell;
}

struct sh_shell sh_shell_of_script(struct str script, struct sh_shell fallback)
{
    if (!str_starts_with(script, STR("#!"))) {
        return fallback;
    }
    struct str line = str_slice(script, 2, str_find_char(script, '\n', 0));
    struct str words[MAX_SHEBANG_WORDS];
    size_t count = 0;
    for (size_t at = 0; at < line.len && count < MAX_SHEBANG_WORDS;) {
        size_t from = at;
        while (at < line.len && line.ptr[at] != ' ' && line.ptr[at] != '\t' &&
               line.ptr[at] != '\r') {
            at++;
        }
        if (at > from) {
            words[count++] = str_slice(line, from, at);
        }
        at++;
    }
    return count > 0 ? sh_shell_of(words, count) : fallback;
}
