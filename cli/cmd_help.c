/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_help.c - `plimsoll help`, `completions` and `version`: what the program says about itself.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/mem.h"
#include "cli/opt_docs.h"
#include "cli/out.h"

static int print(struct bytes *out)
{
    int code = out_stdout(out->data, out->size);
    bytes_release(out);
    return code;
}

int cmd_help(const struct options *options)
{
    const char *format = opt_value(options, OPT_format, "text");
    struct bytes out = {0};
    if (strcmp(format, "man") == 0) {
        opt_docs_man(&out);
        return print(&out);
    }
    if (strcmp(format, "markdown") == 0) {
        opt_docs_markdown(&out);
        return print(&out);
    }
    enum opt_command command = COMMAND_COUNT;
    if (options->arguments.count > 0) {
        const char *name = options->arguments.items[0];
        command = opt_find_command(name);
        if (command == COMMAND_COUNT) {
            const char *meant = opt_suggest_command(name);
            if (meant != NULL) {
                out_say("no command `%s`; did you mean `%s`?", name, meant);
            } else {
                out_say("no command `%s`; see plimsoll help", name);
            }
            return EXIT_USAGE;
        }
    }
    opt_docs_help(&out, command);
    return print(&out);
}

int cmd_completions(const struct options *options)
{
    struct bytes out = {0};
    if (!opt_docs_completion(&out, options->arguments.items[0])) {
        out_say("no completions for `%s`; there are bash, zsh and fish",
                options->arguments.items[0]);
        return EXIT_USAGE;
    }
    return print(&out);
}

int cmd_version(const struct options *options)
{
    struct bytes out = {0};
    plim_text details = PLIM_TEXT_INIT;
    bytes_printf(&out, "plimsoll %s\n", plim_version());
    if (opt_given(options, OPT_verbose)) {
        plim_status status = plim_version_details(&details);
        if (status != PLIM_STATUS_OK) {
            bytes_release(&out);
            return out_fail(status, NULL);
        }
        bytes_add(&out, details.data, details.size);
        plim_text_release(&details);
    }
    return print(&out);
}
