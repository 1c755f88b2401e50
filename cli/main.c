/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - the program plimsoll: sane standard descriptors, parse options, run the command.
 */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/opt.h"

/* A file opened while a standard descriptor is closed would take its number, and messages would be
 * written into it. Closed ones are opened so that using them fails instead. */
static bool open_standard_descriptors(void)
{
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0) {
            continue;
        }
        int got = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
        if (got != descriptor) {
            return false;
        }
    }
    return true;
}

static int run(const struct options *options)
{
    static int (*const commands[COMMAND_COUNT])(const struct options *) = {
#define COMMAND(id, name, arguments, least, most, doc) [COMMAND_##id] = cmd_##id,
#define OPTION(id, commands, name, letter, argument, kind, values, doc)
#include "cli/options.def"
#undef COMMAND
#undef OPTION
    };
    return commands[options->command](options);
}

int main(int argc, char **argv)
{
    struct options options;
    if (!open_standard_descriptors()) {
        return plim_status_exit_code(PLIM_STATUS_IO);
    }
    /* A closed pipe is a failed write with a message and an exit code, not a silent death. */
    (void)signal(SIGPIPE, SIG_IGN);
    int code = opt_parse(&options, argc, argv) ? run(&options) : EXIT_USAGE;
    opt_release(&options);
    return code;
}
